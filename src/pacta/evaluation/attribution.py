"""Scores attributions against brat stand-off gold: folders `SPLIT/text` (NAME.txt) and `SPLIT/attributions`.

The latter holds NAME_ANNOTATOR.ann; of several annotators the first by name counts.
All on words, punctuation and quotation marks aside, matched one to one within an article:

- content: at least half of the words in common (Jaccard index); content=: the same words; content-words: single words
- cue: the same syntactic head; source: half of the words in common, and the content touches or the cue is the same
- who+what: content and source both; triple: these and the cue
- direct, indirect, mixed: content, by how much of the gold content stands in quotation marks (recall only)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from spacy.language import Language

from pacta.errors import UnreadableFile
from pacta.evaluation.measures import Score, Tally, jaccard, pair, total
from pacta.model import Document, Metadata, Record, Span
from pacta.pipeline import Converter

Spans = tuple[Span, ...]
KINDS = ("direct", "indirect", "mixed")
_TOKEN = re.compile(r"\w+(?:['\u2019]\w+)*|[^\w\s]")
_PART = re.compile(r"^(T\d+)\t\w+ (\d+ \d+(?:;\d+ \d+)*)")
_ROLE = re.compile(r"(Source|Cue|Content)\d*:(T\d+)")
_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Triple:
    """One attribution as spans: who, with which cue, what. `source` and `cue` may be empty."""

    source: Spans
    cue: Spans
    content: Spans


@dataclass(frozen=True)
class Article:
    """One article of the corpus with its gold."""

    name: str
    text: str
    gold: tuple[Triple, ...]

    def document(self) -> Document:
        """Return it as a document; a day in its name is taken for the day of publication."""
        day = _DAY.search(self.name)
        metadata = Metadata(published=day[0] if day else None)
        return Document(self.name, self.name, len(self.text.encode()), self.text, metadata, self.name)


def load(folder: Path, split: str, limit: int | None = None) -> list[Article]:
    """Return the articles of a split in order of name, the first `limit` of them.

    Raises: UnreadableFile where there are none.
    """
    first: dict[str, Path] = {}
    for path in sorted((folder / split / "attributions").glob("*.ann")):
        first.setdefault(path.stem.rpartition("_")[0], path)
    if not first:
        raise UnreadableFile(
            "there are no attributions here",
            str(folder / split),
            "name a folder with SPLIT/text and SPLIT/attributions",
        )
    articles = []
    for name, path in sorted(first.items())[:limit]:
        with (folder / split / "text" / f"{name}.txt").open(encoding="utf-8", newline="") as file:
            articles.append(Article(name, file.read(), tuple(parse_gold(path.read_text(encoding="utf-8")))))
    return articles


def parse_gold(standoff: str) -> Iterator[Triple]:
    """Yield the attributions of a brat stand-off text: its events with content, of the parts that stand above them."""
    parts: dict[str, Spans] = {}
    for line in standoff.split("\n"):
        match = _PART.match(line)
        if match:
            bounds = (each.split() for each in match[2].split(";"))
            parts[match[1]] = tuple((int(a), int(b)) for a, b in bounds)
        if not re.match(r"E\d+\t", line):
            continue
        roles: dict[str, list[Span]] = {"Source": [], "Cue": [], "Content": []}
        for role, part in _ROLE.findall(line):
            roles[role].extend(parts.get(part, ()))
        if roles["Content"]:
            yield Triple(*(tuple(sorted(roles[r])) for r in ("Source", "Cue", "Content")))


def attributions_of(record: Record) -> tuple[Triple, ...]:
    """Return what a record ascribes: all that one cue gives one source is one attribution, narration is none."""
    joined: dict[Any, list[Span]] = {}
    for each in record.attributions:
        if each.speech_mode != "narration":
            own = () if each.cue else each.content
            joined.setdefault((each.source, each.cue, own), []).extend(each.content)
    return tuple(Triple(s, c, tuple(sorted(set(content)))) for (s, c, _), content in joined.items())


# --- measuring --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Measured:
    """An attribution as word sets; `head`: where the head of the cue begins; `kind` of speech."""

    source: frozenset[int]
    content: frozenset[int]
    head: int | None
    kind: str


class Ruler:
    """Turns spans of one text into what is compared. `heads`: (begin, end, begin of its head) of each token."""

    def __init__(self, text: str, heads: Callable[[], Sequence[tuple[int, int, int]]]) -> None:
        self.text = text
        self._heads = heads
        self._words = [m.span() for m in _TOKEN.finditer(text) if text[m.start()].isalnum() or text[m.start()] == "_"]

    def measure(self, triples: Iterable[Triple]) -> list[Measured]:
        """Return the attributions that have a word of content."""
        found = []
        for triple in triples:
            content = self.words(triple.content)
            if content:
                head = self.head(triple.cue) if triple.cue else None
                found.append(Measured(self.words(triple.source), content, head, self.kind(content)))
        return found

    def words(self, spans: Spans) -> frozenset[int]:
        """Return the numbers of the words that `spans` touch."""
        return frozenset(i for i, (s, e) in enumerate(self._words) if any(a < e and s < b for a, b in spans))

    def head(self, spans: Spans) -> int | None:
        """Return where the first token of `spans` begins whose own head lies outside them."""
        inside = [row for row in self._parsed if any(row[0] < b and row[1] > a for a, b in spans)]
        begins = {s for s, _, _ in inside}
        tops = [s for s, _, above in inside if above not in begins or above == s]
        return tops[0] if tops else inside[0][0] if inside else None

    def kind(self, content: frozenset[int]) -> str:
        quoted = sum(self._words[i][0] in self._quoted for i in content) / len(content)
        return "direct" if quoted > 0.9 else "indirect" if quoted < 0.1 else "mixed"

    @cached_property
    def _parsed(self) -> Sequence[tuple[int, int, int]]:
        return self._heads()

    @cached_property
    def _quoted(self) -> frozenset[int]:
        """Offsets inside double quotation marks; a blank line closes them."""
        inside, open_ = set(), False
        for i, sign in enumerate(self.text):
            if sign == "\u201c" or (sign == '"' and not open_):
                open_ = True
            elif sign in '\u201d"' or self.text.startswith("\n\n", i):
                open_ = False
            elif open_:
                inside.add(i)
        return frozenset(inside)


def parser_heads(text: str, nlp: Language) -> list[tuple[int, int, int]]:
    """Return (begin, end, begin of its head) of each token of a raw text, as the syntactic parser sees it."""
    with nlp.select_pipes(enable=[p for p in ("tok2vec", "transformer", "parser") if p in nlp.pipe_names]):
        return [(t.idx, t.idx + len(t), t.head.idx) for t in nlp(text) if not t.is_space]


def _content(p: Measured, g: Measured) -> bool:
    return jaccard(p.content, g.content) >= 0.5


def _cue(p: Measured, g: Measured) -> bool:
    return p.head is not None and p.head == g.head


def _both(p: Measured, g: Measured) -> bool:
    return _content(p, g) and jaccard(p.source, g.source) >= 0.5


def _source(p: Measured, g: Measured) -> bool:
    return jaccard(p.source, g.source) >= 0.5 and (bool(p.content & g.content) or _cue(p, g))


def score_article(found: list[Measured], gold: list[Measured]) -> dict[str, Tally]:
    """Return the tally of each measure for one article."""

    def tally(fits: Callable[[Measured, Measured], bool], has: Callable[[Measured], bool] = lambda _: True) -> Tally:
        p, g = [x for x in found if has(x)], [x for x in gold if has(x)]
        return Tally(len(pair(p, g, fits)), len(p), len(g))

    matched = pair(found, gold, _content)
    said: frozenset[int] = frozenset().union(*(x.content for x in found))
    meant: frozenset[int] = frozenset().union(*(x.content for x in gold))
    out = {
        "content": Tally(len(matched), len(found), len(gold)),
        "content=": tally(lambda p, g: p.content == g.content),
        "content-words": Tally(len(said & meant), len(said), len(meant)),
        "cue": tally(_cue, lambda x: x.head is not None),
        "source": tally(_source, lambda x: bool(x.source)),
        "who+what": tally(_both),
        "triple": tally(lambda p, g: _both(p, g) and _cue(p, g)),
    }
    for kind in KINDS:
        of_kind = sum(x.kind == kind for x in gold)
        out[kind] = Tally(sum(gold[j].kind == kind for j in matched), of_kind, of_kind)
    return out


def score(converter: Converter, folder: Path, split: str, limit: int | None = None) -> Score:
    """Convert the articles of a split and score what the converter ascribes; an article that fails counts as empty.

    The corpus is named after the split, and after what the converter was asked to do beyond the rules.
    """
    articles = load(folder, split, limit)
    results = converter.records(each.document() for each in articles)
    parts, failed = [], []
    for article, result in zip(articles, results, strict=True):
        found: tuple[Triple, ...] = ()
        if isinstance(result, Record):
            found = attributions_of(result)
        else:
            failed.append(f"{article.name}: {result[1]}")
        text = article.text
        ruler = Ruler(text, lambda text=text: parser_heads(text, converter.nlp))  # type: ignore[misc]
        parts.append(score_article(ruler.measure(found), ruler.measure(article.gold)))
    asked = [split, *(["encoder"] if converter.encoder is not None else [])]
    asked += [f"confidence {converter.min_confidence:g}"] if converter.min_confidence else []
    name = f"attribution ({', '.join(asked)})"
    return Score(name, len(articles), total(parts), frozenset(KINDS), failed=tuple(failed))
