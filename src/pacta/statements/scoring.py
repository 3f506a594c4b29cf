"""The learned scorer: which readings of a sentence are ascriptions. Optional: without its file the rules stand alone.

The file (seeds/models/attribution.npz) holds the trees of a gradient boosting classifier and how often each cue was one;
plain numpy runs it. seeds/models/MODEL.md says what it was trained on, benchmarks/train_attribution.py makes it again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.tokens import Span as DocSpan

from pacta import resources
from pacta.annotations.annotated import Annotated
from pacta.errors import KnowledgeError
from pacta.lexicon import Entry
from pacta.model import Span
from pacta.statements.candidates import Candidate, propose
from pacta.statements.contents import Content
from pacta.statements.cues import Cue
from pacta.statements.features import of_content, of_cue
from pacta.statements.manner import mode_of
from pacta.statements.said import Said
from pacta.statements.sources import Source

Floats = npt.NDArray[np.float32]
Maker = Callable[[Cue, Source, Content], Said | None]
PRIOR = 0.08  # how often a word that may be a cue is one, where nothing is known of it
TABLES = ("cues", "frames", "sources")
_FRAME_OF = {"ccomp": "clause", "xcomp": "infinitive", "dobj": "object", "prep": "preposition"}


@dataclass(frozen=True)
class Rates:
    """How often something was right: name -> (right, seen)."""

    cues: Mapping[str, tuple[float, float]]
    frames: Mapping[str, tuple[float, float]]
    sources: Mapping[str, tuple[float, float]]

    def of(self, key: str, origins: Iterable[str], source: str | None) -> dict[str, float]:
        """Return the smoothed rates of a reading: of its cue, of the cue with each way to the content, of its source."""
        right, seen = self.cues.get(key, (0.0, 0.0))
        known = [self.frames.get(f"{key}|{origin}") for origin in origins]
        frames = [_smooth(*counts, PRIOR, 2) for counts in known if counts is not None]
        spoke, met = self.sources.get(source or "", (0.0, 0.0))
        return {
            "cue rate": _smooth(right, seen, PRIOR, 3),
            "cue seen": math.log1p(seen),
            "best frame rate": max(frames, default=PRIOR),
            "least frame rate": min(frames, default=PRIOR),
            "source rate": _smooth(spoke, met, 2 * PRIOR, 5),
        }


def _smooth(right: float, seen: float, prior: float, weight: float) -> float:
    return (right + weight * prior) / (seen + weight)


def noun_of(source: Source) -> str | None:
    """Return the lemma of a source that is no name: whose name it is must not tell whether he spoke."""
    return None if source.head.pos_ == "PROPN" else source.head.lemma_.lower()


@dataclass(frozen=True)
class Trees:
    """Boosted trees as flat arrays: at node i go to `left` where feature <= threshold, else to `right`; leaf: value."""

    feature: npt.NDArray[np.int16]
    threshold: Floats
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: Floats
    roots: npt.NDArray[np.int32]
    base: float

    def probability(self, rows: Floats) -> Floats:
        """Return the probability of each row (rows × features)."""
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots))).copy()
        each = np.arange(len(rows))[:, None]
        while True:
            feature = self.feature[at]
            inner = feature >= 0
            if not inner.any():
                break
            down = np.where(rows[each, feature] <= self.threshold[at], self.left[at], self.right[at])
            at = np.where(inner, down, at)
        total = self.value[at].sum(axis=1) + self.base
        return np.asarray(1 / (1 + np.exp(-total)), dtype=np.float32)


@dataclass(frozen=True)
class Scorer:
    """The model: which words it knows as cues, what it computes with, and from which probability on it speaks."""

    names: tuple[str, ...]
    rates: Rates
    trees: Trees
    known: frozenset[str]
    add: float  # least probability of a reading that no rule found
    drop: float  # a reading of the rules below this is dropped
    recut: float  # from here on the best reading replaces the content that the rules found

    def probabilities(
        self, page: Annotated, sentence: DocSpan, said: Sequence[Said], readings: Sequence[Candidate]
    ) -> Floats:
        """Return the probability of each reading of one cue."""
        shared = of_cue(page, readings[0], sentence, said)
        rows = []
        for reading in readings:
            rates = self.rates.of(reading.key, reading.origins, noun_of(reading.source))
            values = shared | of_content(page, reading, sentence, said, readings) | rates
            rows.append([values[name] for name in self.names])
        return self.trees.probability(np.asarray(rows, dtype=np.float32))


def load(path: Path) -> Scorer:
    """Read a model file. Raises: KnowledgeError where it is not one of ours."""
    try:
        with np.load(path, allow_pickle=False) as file:
            told: dict[str, Any] = json.loads(str(file["about"]))
            arrays = {name: file[name] for name in ("feature", "threshold", "left", "right", "value", "roots")}
            tables = {
                name: {
                    str(key): (float(right), float(seen))
                    for key, (right, seen) in zip(file[name], file[f"{name}_counts"], strict=True)
                }
                for name in TABLES
            }
    except (OSError, ValueError, KeyError) as error:
        remedy = "make it again with benchmarks/train_attribution.py, or remove it: the rules do without"
        raise KnowledgeError(f"this is no model of attributions: {error}", str(path), remedy) from error
    trees = Trees(**arrays, base=told["base"])
    known = frozenset(told["known"])
    return Scorer(tuple(told["names"]), Rates(**tables), trees, known, told["add"], told["drop"], told["recut"])


@lru_cache(maxsize=1)
def model() -> Scorer | None:
    """Return the model among the seeds, or None where there is none."""
    path = resources.path("seeds") / "models" / "attribution.npz"
    return load(path) if path.is_file() else None


def weigh(page: Annotated, sentence: DocSpan, span: Span, found: list[Said], make: Maker) -> list[Said]:
    """Return what the rules found in a sentence, weighed by the model: some dropped, some recut, some added.

    `make` turns a cue, a source and a content into an ascription. Without a model `found` comes back as it is.
    """
    scorer = model()
    return found if scorer is None else weighed(scorer, page, sentence, span, found, make)


def weighed(
    scorer: Scorer, page: Annotated, sentence: DocSpan, span: Span, found: list[Said], make: Maker
) -> list[Said]:
    """Return `found` as `scorer` has it."""
    out = list(found)
    for readings in propose(page, sentence, span, scorer.known):
        head = readings[0].cue.head
        said = [s for s in found if s.cue_head is not None and s.cue_head.i == head.i]
        if any(s.mode == "direct" for s in said):
            continue
        chances = scorer.probabilities(page, sentence, said, readings)
        best = int(chances.argmax())
        chance = float(chances[best])
        if said:
            out = [s for s in out if s not in said]
            out += [_recut(page, s, readings[best], chance, scorer) for s in said if chance >= scorer.drop]
        elif chance >= scorer.add:
            new = make(_named(page, readings[best].cue), readings[best].source, _content(readings[best]))
            out += [replace(new, confidence=round(chance, 3))] if new is not None else []
    return out


def _recut(page: Annotated, said: Said, reading: Candidate, chance: float, scorer: Scorer) -> Said:
    confidence = round(chance, 3)
    if chance < scorer.recut:
        return replace(said, confidence=confidence)
    return replace(
        said,
        content=reading.spans,
        tokens=reading.tokens,
        root=said.root if said.root in reading.tokens else reading.root,
        mode=mode_of(page, said.frame, reading.spans),
        confidence=confidence,
    )


def _content(reading: Candidate) -> Content:
    kinds = sorted(o.partition(":")[0] for o in reading.origins)
    frame = next((_FRAME_OF[k] for k in kinds if k in _FRAME_OF), "clause")
    return Content((reading.tokens,), reading.root, frame)


def _named(page: Annotated, cue: Cue) -> Cue:
    """Give a cue the entry that the lexicon has for its lemma, if any: its force and its narrator's distance."""
    entries: tuple[Entry, ...] = page.lexicon.of("ReportingCue", cue.head.lemma_.lower(), cue.pos)
    return replace(cue, entry=entries[0]) if entries else cue
