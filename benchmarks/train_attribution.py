"""Train the scorer of attributions on a corpus and write seeds/models/attribution.npz.

    pip install scikit-learn
    python benchmarks/train_attribution.py CORPUS [--split train] [--limit N] [-o FILE]

CORPUS holds SPLIT/text/NAME.txt and SPLIT/attributions/NAME_ANNOTATOR.ann (brat stand-off: events with Source, Cue and
Content). Nothing of its texts goes into the file but single lemmas, seen several times, with counts. Same corpus, same
knowledge, same versions: same file.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.claims.agreements import find_agreements
from pacta.evaluation.attribution import Article, Ruler, Spans, load
from pacta.evaluation.measures import jaccard
from pacta.model import Document
from pacta.pipeline import Converter
from pacta.resources import path
from pacta.statements import confidence, extraction, scoring
from pacta.statements.candidates import propose
from pacta.statements.coreference import Resolver
from pacta.statements.extraction import extract
from pacta.statements.features import of_content, of_cue
from pacta.statements.said import Said
from pacta.statements.scoring import Rates

HELD_OUT = 3  # every third article tells how sure to be
FOLDS = 5  # counts of a fold come from the others, so that the trees do not trust them too much
THRESHOLDS = {"add": 0.37, "drop": 0.2}
TREES = {"max_iter": 80, "learning_rate": 0.12, "max_leaf_nodes": 24, "min_samples_leaf": 40, "l2_regularization": 1.0}
Counts = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Row:
    """One reading: which cue of the article, what it was known by, its features, whether cue and reading are gold's."""

    cue: tuple[int, int]
    key: str
    source: str | None
    origins: tuple[str, ...]
    features: np.ndarray
    is_cue: bool
    is_right: bool


class Everything:
    """Holds every key."""

    def __contains__(self, key: object) -> bool:
        return True


class Collector(Converter):
    """Reads articles as the converter does, without the scorer, and keeps every reading with the gold's verdict."""

    def __init__(self) -> None:
        super().__init__()
        self.names: tuple[str, ...] = ()

    def rows(self, articles: Iterable[Article]) -> Iterator[list[Row]]:
        """Yield the rows of each article."""
        for article in articles:
            document = article.document()
            (parse,) = self._parse([document])
            yield list(self._of_article(article, document, parse))

    def judged(self, articles: Iterable[Article], scorer: scoring.Scorer) -> Iterator[tuple[list[float], bool]]:
        """Yield, for each ascription that `scorer` weighs, the figures of its confidence and whether it is right."""
        told = lambda: scorer  # noqa: E731
        scoring.model = extraction.model = told  # type: ignore[assignment]
        for article in articles:
            document = article.document()
            (parse,) = self._parse([document])
            page, found, ruler, gold = self._found(article, document, parse)
            wanted = [(who, what) for who, _, what in gold]
            for group in confidence.groups(found):
                source, content = ruler.words(group[0].source), ruler.words(tuple(s for x in group for s in x.content))
                if group[0].cue_head is not None and content:
                    further = sum(s.frame == "continued" for s in group[1:])
                    right = any(jaccard(content, w) >= 0.5 and jaccard(source, s) >= 0.5 for s, w in wanted)
                    yield confidence.figures(page, group[0], further), right

    def _found(
        self, article: Article, document: Document, parse: sx.Syntax
    ) -> tuple[Annotated, list[Said], Ruler, list[tuple[frozenset[int], Spans, frozenset[int]]]]:
        """Return the article as it is read, what is found in it, a ruler and the gold as words, cue and words."""
        page, _, _ = self._annotate(document, parse)
        resolver = Resolver(page)
        resolver.outlet = self._outlet(document, resolver)
        texts = frozenset(o for r in find_agreements(page, resolver) for o in range(*r.span))
        ruler = Ruler(article.text, lambda: [])
        gold = [(ruler.words(g.source), g.cue, ruler.words(g.content)) for g in article.gold]
        return page, extract(page, resolver, texts), ruler, gold

    def _of_article(self, article: Article, document: Document, parse: sx.Syntax) -> Iterator[Row]:
        page, found, ruler, gold = self._found(article, document, parse)
        found = [s for s in found if s.cue_head is not None and s.frame != "continued"]
        for number, (_, sentence, _) in enumerate(page.sentences):
            here = [s for s in found if s.sentence == number]
            for readings in propose(page, sentence, Everything()):
                head = readings[0].cue.head
                said = [s for s in here if s.cue_head is not None and s.cue_head.i == head.i]
                a, b = sx.start(head), sx.end(head)
                near = [(who, what) for who, cue, what in gold if any(x < b and a < y for x, y in cue)]
                shared = of_cue(page, readings[0], sentence, said)
                for reading in readings:
                    content = ruler.words(reading.spans)
                    source = ruler.words((sx.span_of(article.text, list(reading.source.tokens)),))
                    right = any(jaccard(content, w) >= 0.5 and jaccard(source, s) >= 0.5 for s, w in near)
                    values = shared | of_content(page, reading, sentence, said, readings)
                    self.names = self.names or tuple(values)
                    features = np.fromiter(values.values(), dtype=np.float32, count=len(values))
                    origins = tuple(sorted(reading.origins))
                    noun = scoring.noun_of(reading.source)
                    yield Row((number, head.i), reading.key, noun, origins, features, bool(near), right)


# --- counting ---------------------------------------------------------------------------------------------------------
def count(articles: Iterable[list[Row]]) -> tuple[Counts, Counts, Counts]:
    """Return how often each cue, each cue with a way to its content, and each source was right, and was seen."""
    cues: Counts = {}
    frames: Counts = {}
    sources: Counts = {}

    def add(table: Counts, key: str, right: bool) -> None:
        a, n = table.get(key, (0.0, 0.0))
        table[key] = (a + right, n + 1)

    for rows in articles:
        seen: set[tuple[int, int]] = set()
        for row in rows:
            if row.cue not in seen:
                seen.add(row.cue)
                add(cues, row.key, row.is_cue)
                if row.source is not None:
                    add(sources, row.source, row.is_cue)
            for origin in row.origins:
                add(frames, f"{row.key}|{origin}", row.is_right)
    return cues, frames, sources


def without(full: Counts, part: Counts) -> Counts:
    return {k: (a - part.get(k, (0, 0))[0], n - part.get(k, (0, 0))[1]) for k, (a, n) in full.items()}


def worth_knowing(cues: Counts, lexicon: frozenset[str]) -> frozenset[str]:
    """Return the keys that are looked at: a cue twice and not too seldom, or once and in the lexicon."""
    told = {k for k, (a, n) in cues.items() if a >= 1 and k.split()[0].removeprefix("n:") in lexicon}
    return frozenset(told | {k for k, (a, n) in cues.items() if a >= 2 and a / n >= 0.04})


# --- fitting ----------------------------------------------------------------------------------------------------------
def matrix(rows: list[Row], rates: Rates) -> np.ndarray:
    extra = [list(rates.of(r.key, r.origins, r.source).values()) for r in rows]
    return np.hstack([np.stack([r.features for r in rows]), np.asarray(extra, dtype=np.float32)])


def fit_confidence(rows: list[tuple[list[float], bool]]) -> list[float]:
    """Return the weights of a logistic regression, the constant last."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=2000).fit(np.asarray([f for f, _ in rows]), [right for _, right in rows])
    return [round(float(w), 4) for w in (*model.coef_[0], model.intercept_[0])]


def fit(
    articles: list[list[Row]], names: tuple[str, ...], lexicon: frozenset[str], sure: Sequence[float] = ()
) -> dict[str, Any]:
    """Return the arrays of the model file. `sure`: the weights of the confidence, none where it is not fitted yet."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    full = count(articles)
    known = worth_knowing(full[0], lexicon)
    kept = [[r for r in rows if r.key in known] for rows in articles]
    xs, ys = [], []
    for fold in range(FOLDS):
        part = count(kept[fold::FOLDS])
        rates = Rates(*(without(f, p) for f, p in zip(full, part, strict=True)))
        for rows in kept[fold::FOLDS]:
            if rows:
                xs.append(matrix(rows, rates))
                ys.append([r.is_right for r in rows])
    model = HistGradientBoostingClassifier(**TREES, random_state=0, early_stopping=False, max_bins=64)
    model.fit(np.vstack(xs), np.concatenate(ys))
    arrays = trees_of(model)
    tables = {
        "cues": {k: v for k, v in full[0].items() if k in known},
        "frames": {k: v for k, v in full[1].items() if k.rpartition("|")[0] in known and v[1] >= 3},
        "sources": {k: v for k, v in full[2].items() if v[1] >= 5},
    }
    for name, table in tables.items():
        keys = sorted(table)
        arrays[name] = np.asarray(keys)
        arrays[f"{name}_counts"] = np.asarray([table[k] for k in keys], dtype=np.int32)
    rate_names = Rates({}, {}, {}).of("", (), None)
    about = {"names": [*names, *rate_names], "base": float(model._baseline_prediction.ravel()[0]), **THRESHOLDS}
    about["sure"] = list(sure)
    arrays["about"] = np.asarray(json.dumps(about | {"known": sorted(known)}))
    return arrays


def trees_of(model: Any) -> dict[str, Any]:
    """Return the trees of a scikit-learn histogram gradient boosting classifier as flat arrays."""
    columns: dict[str, list[Any]] = {k: [] for k in ("feature", "threshold", "left", "right", "value", "roots")}
    for (tree,) in model._predictors:
        at = len(columns["feature"])
        columns["roots"].append(at)
        for node in tree.nodes:
            leaf = bool(node["is_leaf"])
            columns["feature"].append(-1 if leaf else node["feature_idx"])
            columns["threshold"].append(0.0 if leaf else node["num_threshold"])
            columns["left"].append(0 if leaf else at + node["left"])
            columns["right"].append(0 if leaf else at + node["right"])
            columns["value"].append(node["value"] if leaf else 0.0)
    kinds = {"feature": np.int16, "threshold": np.float32, "value": np.float32}
    return {name: np.asarray(values, dtype=kinds.get(name, np.int32)) for name, values in columns.items()}


def write(arrays: dict[str, Any], file: Path) -> None:
    """Write the arrays as .npz, with one fixed date inside so that the bytes depend on the arrays alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in sorted(arrays.items()):
            data = io.BytesIO()
            np.lib.format.write_array(data, np.asarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), data.getvalue(), zipfile.ZIP_DEFLATED)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("corpus", type=Path)
    options.add_argument("--split", default="train")
    options.add_argument("--limit", type=int, help="the first N articles alone, to try it")
    options.add_argument("-o", "--output", type=Path, default=path("seeds") / "models" / "attribution.npz")
    given = options.parse_args()
    scoring.model = lambda: None  # type: ignore[assignment]  # the rules alone, whatever model is there
    articles = load(given.corpus, given.split, given.limit)
    collector = Collector()
    rows = []
    for number, found in enumerate(collector.rows(articles), 1):
        rows.append(found)
        print(f"\r{number} of {len(articles)} articles read", end="", file=sys.stderr)
    print(f"\n{sum(map(len, rows))} readings", file=sys.stderr)
    cues = frozenset(words[0] for e in collector.lexicon.kinds("ReportingCue") for words in e.lemmas)
    write(fit([each for i, each in enumerate(rows) if i % HELD_OUT], collector.names, cues), given.output)
    sure = fit_confidence(list(collector.judged(articles[::HELD_OUT], scoring.load(given.output))))
    write(fit(rows, collector.names, cues, sure), given.output)


if __name__ == "__main__":
    main()
