"""What lines hold inside: lists within a sentence ("shall: (a) open it; and (b) clear it") and wording only quoted."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pacta.agreements.lines import Line
from pacta.agreements.markers import UNITS
from pacta.agreements.numbers import Reading, readings

_MARK = re.compile(r"(?<!\S)\((?P<number>\d{1,2}|[a-z]{1,5})\)(?=\s)")
_BEFORE = re.compile(r"(?P<word>[^\W\d_]+\.?|\d+|§)\s*$")
_APART = re.compile(r"(?:[;,:.]|\b(?:and|or|et|ou|y|und|oder))\s*$", re.IGNORECASE)
_OPENING = re.compile(r"[\"\u201c\u00ab\u201e]")
_CLOSING = re.compile(r"[\"\u201d\u00bb\u201c][.;,]?$")
_LONGEST = 80  # lines that one quoted wording may have


@dataclass
class _Chain:
    """Numbers that follow each other; `last`: how the latest is read."""

    last: Reading
    marks: list[tuple[int, int]] = field(default_factory=list)


def lists_in(lines: Sequence[Line], first: int, quoted: Container[int]) -> Mapping[int, tuple[int, ...]]:
    """Return for each line (by index) the offsets of the bracketed numbers in it that make a list of two or more.

    Lines that are `quoted` have none. A list stays within one paragraph, and words stand between its numbers:
    "paragraphs (a) and (b)" is none.
    """
    found: dict[int, list[int]] = {}
    start = first
    while start < len(lines):
        stop = start + 1
        while stop < len(lines) and not lines[stop].blank:
            stop += 1
        for i, offset in _chained(lines, start, stop):
            if i not in quoted:
                found.setdefault(i, []).append(offset)
        start = stop
    return {i: tuple(sorted(offsets)) for i, offsets in found.items()}


def _chained(lines: Sequence[Line], start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield (line, offset) of the numbers of each list in one paragraph."""
    done: list[_Chain] = []
    chains: list[_Chain] = []
    before = ""  # what stands between the number before and this one
    for i in range(start, stop):
        at = 0
        for match in _MARK.finditer(lines[i].text):
            before += " " + lines[i].text[at : match.start()]
            at = match.end()
            _take((i, lines[i].start + match.start()), readings(match["number"]), before, chains, done)
            before = ""
        before += " " + lines[i].text[at:]
    for chain in (*done, *chains):
        if len(chain.marks) > 1:
            yield from chain.marks


def _take(
    mark: tuple[int, int], ways: Sequence[Reading], before: str, chains: list[_Chain], done: list[_Chain]
) -> None:
    """Put a number into the chain it goes on with, or begin one with a first number."""
    for depth in range(len(chains) - 1, -1, -1):
        for reading in ways:
            if reading.follows(chains[depth].last) and _is_apart(before):
                done += chains[depth + 1 :]
                del chains[depth + 1 :]
                chains[depth].last = reading
                chains[depth].marks.append(mark)
                return
    begun = next((r for r in ways if r.is_first), None)
    if begun is not None and not _is_cited(before):
        chains.append(_Chain(begun, [mark]))


def _is_apart(before: str) -> bool:
    """Tell whether the words between two numbers make an item: one and a semicolon, or two and a comma or "and"."""
    apart = _APART.search(before)
    if apart is None:
        return False
    semicolon = re.search(r"[;:.]\s*(?:and|or|et|ou|y|und|oder)?\s*$", before, re.IGNORECASE)
    words = [w for w in re.findall(r"\w+", before) if w.lower() not in ("and", "or")]
    return len(words) >= (1 if semicolon else 2)


def _is_cited(before: str) -> bool:
    """Tell whether a number only cites: "paragraph (a)", "Article 5 (1)"."""
    match = _BEFORE.search(before)
    word = match["word"].lower() if match is not None else ""
    return word.isdigit() or word in UNITS or word.removesuffix("s") in UNITS or word == "subparagraph"


def quoted_lines(lines: Sequence[Line], first: int) -> Container[int]:
    """Return the indices of lines inside a quoted wording: what an amendment puts in the place of another text.

    It begins behind a colon with a quote mark at the start of a line, and ends with one at the end of a later line.
    """
    inside: set[int] = set()
    for i in range(max(first, 1), len(lines)):
        opens = i not in inside and _OPENING.match(lines[i].text) and lines[i - 1].text.endswith(":")
        if not opens or _CLOSING.search(lines[i].text[1:]):
            continue
        end = next((k for k in range(i + 1, min(i + _LONGEST, len(lines))) if _CLOSING.search(lines[k].text)), None)
        if end is not None:
            inside.update(range(i, end + 1))
    return frozenset(inside)
