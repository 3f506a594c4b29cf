"""Text as the encoder reads it: paragraphs in word pieces, each with offsets, capitals and quotation marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pacta.model import Span

PAD, UNKNOWN, BEGIN, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
LONGEST = 250  # pieces of a paragraph that are read at once; a longer one is cut after a sentence
KINDS = 6  # capitals (none, first, all) × outside or inside quotation marks
_LONGEST_WORD = 100  # letters; a longer one is unknown
_REMEMBERED = 50_000  # words whose pieces are kept at hand
_RUN = re.compile(r"[!-/:-@\[-`{-~]|[^\s!-/:-@\[-`{-~]+")  # a sign of ASCII, or what stands between such and spaces
_WORD = re.compile(r"\w")
OPENING = '\u201c"'  # marks that open a quotation; the second closes one too
_STOPS = frozenset(".!?\u201d")


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph or a part of one. Per piece, the marks at both ends included: its id, its kind, its offsets in the
    document, and whether a word begins with it."""

    ids: tuple[int, ...]
    kinds: tuple[int, ...]
    spans: tuple[Span, ...]
    first: tuple[bool, ...]

    def at(self, offset: int) -> int | None:
        """Return the number of the piece that begins the word at a text offset, None where there is none."""
        for i, (a, b) in enumerate(self.spans):
            if a <= offset < b:
                while not self.first[i]:
                    i -= 1
                return i
        return None


class Pieces:
    """Cuts text into lower-case word pieces as BERT's vocabularies want it. A piece's id is its place among them."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.vocabulary = tuple(vocabulary)
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self.begin, self.end, self._unknown = (self._ids[mark] for mark in (BEGIN, END, UNKNOWN))
        self._known: dict[str, tuple[tuple[int, int], ...]] = {}

    def of(self, text: str) -> Iterator[tuple[list[int], list[Span]]]:
        """Yield, for each word or sign of a text, the ids and the spans of its pieces."""
        for form, places in _words(text):
            ids, spans = [], []
            at = 0
            for number, length in self._cut(form):
                ids.append(number)
                spans.append((places[at], places[at + length - 1] + 1))
                at += length
            yield ids, spans

    def _cut(self, form: str) -> tuple[tuple[int, int], ...]:
        """Return id and length of each piece of a word: always the longest that fits."""
        known = self._known.get(form)
        if known is not None:
            return known
        pieces: list[tuple[int, int]] = []
        at = 0
        while at < len(form):
            lead = "##" if at else ""
            stop = min(len(form), at + _LONGEST_WORD)
            while stop > at and lead + form[at:stop] not in self._ids:
                stop -= 1
            if stop == at or len(form) > _LONGEST_WORD:
                pieces = [(self._unknown, len(form))]
                break
            pieces.append((self._ids[lead + form[at:stop]], stop - at))
            at = stop
        if len(self._known) < _REMEMBERED:
            self._known[form] = tuple(pieces)
        return tuple(pieces)


def _words(text: str) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the words and signs of a text without capitals and accents, with the place of each of their letters."""
    for run in _RUN.finditer(text):
        if run[0].isascii() and run[0].isprintable():
            yield run[0].lower(), range(*run.span())
        else:
            yield from _spelled(run[0], run.start())


def _spelled(run: str, start: int) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the words and signs of letters without a space, some of them beyond ASCII."""
    form: str = ""
    places: list[int] = []
    for place, sign in enumerate(run, start):
        kind = unicodedata.category(sign)
        if kind in ("Cc", "Cf", "Co", "Cn") or sign == "\ufffd":
            continue
        plain = "".join(c for c in unicodedata.normalize("NFD", sign.lower()) if unicodedata.category(c) != "Mn")
        if kind[0] == "P" or _is_ideograph(sign):
            if form:
                yield form, places
            form, places = "", []
            yield plain, [place] * len(plain)
        else:
            form, places = form + plain, places + [place] * len(plain)
    if form:
        yield form, places


def _is_ideograph(sign: str) -> bool:
    return sign >= "\u3400" and unicodedata.name(sign, "").startswith("CJK")


def units(text: str, paragraphs: Iterable[Span], pieces: Pieces) -> Iterator[Unit]:
    """Yield the units of the paragraphs of a text in order."""
    for start, stop in paragraphs:
        block = text[start:stop]
        inside = _quoted(block)
        ids: list[int] = []
        kinds: list[int] = []
        spans: list[Span] = []
        first: list[bool] = []
        for own_ids, own in pieces.of(block):
            capitals = _capitals(block[own[0][0] : own[-1][1]])
            ids += own_ids
            spans += own
            kinds += [2 * capitals + inside[a] for a, _ in own]
            first += [i == 0 for i in range(len(own))]
        for a, b in _cuts(block, spans, first):
            placed = [(start + x, start + y) for x, y in spans[a:b]]
            edge = (start, start)
            yield Unit(
                (pieces.begin, *ids[a:b], pieces.end),
                (0, *kinds[a:b], 0),
                (edge, *placed, edge),
                (False, *first[a:b], False),
            )


def _capitals(form: str) -> int:
    """Return 0 for a word without a capital at its beginning, 1 with one, 2 in capitals throughout."""
    return 0 if not form[:1].isupper() else 2 if len(form) > 1 and form.isupper() else 1


def _quoted(block: str) -> list[bool]:
    inside, open_ = [], False
    for sign in block:
        if sign in OPENING and not (open_ and sign == '"'):
            open_ = True
        elif sign in '\u201d"':
            open_ = False
        inside.append(open_)
    return inside


def _cuts(block: str, offsets: Sequence[Span], first: Sequence[bool]) -> Iterator[Span]:
    """Yield the ranges of pieces that are read at once, cut after a full stop where they must be."""
    at, count = 0, len(offsets)
    while at < count:
        stop = min(at + LONGEST, count)
        if stop < count:
            ends = [i + 1 for i in range(at + LONGEST // 3, stop - 1) if block[offsets[i][1] - 1] in _STOPS]
            starts = [i for i in range(at + 1, stop) if first[i]]
            stop = ends[-1] if ends else starts[-1] if starts else stop
        yield at, stop
        at = stop


def word_runs(text: str, unit: Unit, chosen: Sequence[bool]) -> tuple[Span, ...]:
    """Return the spans of the chosen words, those with nothing but signs and spaces between them as one.

    `chosen`: per piece; a word is what its first piece is.
    """
    runs: list[tuple[int, int]] = []
    taken = False
    for i in range(1, len(unit.ids) - 1):
        a, b = unit.spans[i]
        if unit.first[i]:
            taken = chosen[i]
        if not taken:
            continue
        if runs and not _WORD.search(text, runs[-1][1], a):
            runs[-1] = (runs[-1][0], b)
        else:
            runs.append((a, b))
    return tuple((a, b) for a, b in runs if _WORD.search(text, a, b))
