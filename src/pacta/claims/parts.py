"""Numbered parts of agreements as texts name them: "Article 4", "the 4th and 6th paragraphs", "point nine"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pacta.model import Span

UNIT = r"articles?|arts?\.|clauses?|sub-?clauses?|points?|paragraphs?|paras?\.?|provisions?|sections?|items?|chapters?"
_ANNEX = r"annex|appendix|schedule|addendum"
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_SPELLED = {word: str(i + 1) for i, word in enumerate(_WORDS)}
_RANKS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"]
_ORDINALS = {word: str(i + 1) for i, word in enumerate([*_RANKS, "twelfth"])}
_DIGITS = r"\d{1,3}(?:st|nd|rd|th)?(?:\s?\(\w{1,3}\)|\.\d{1,3})*"
_ROMAN = r"(?-i:[IVX]{2,6}|[VX]|I(?=\s+(?:of|and|to)\b|[,.;:)]))"  # "in the article I read" names no part
_NUMBER = rf"(?:{_DIGITS}|{_ROMAN}|{'|'.join(_WORDS)})(?!\w|-[A-Za-z])"
_AND = r"\s*(?:,|and|or|nor|as well as|&)\s*(?:and\s+|neither\s+)?(?:the\s+)?"
_LIST = rf"{_NUMBER}(?:(?:{_AND}|\s*(?:-|\u2013|to|through)\s*){_NUMBER}){{0,20}}+"
# before the unit a number must be an ordinal: "the 4th and 6th points", but "50 points" is a count
_ORDINAL = rf"(?:\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})\b"
_ORDINAL_LIST = rf"{_ORDINAL}(?:{_AND}{_ORDINAL}){{0,20}}+"
_PART = re.compile(
    rf"\b(?:(?P<unit>{UNIT})\s+(?P<after>{_LIST})"
    rf"|(?:the|its|their)\s+(?P<before>{_ORDINAL_LIST})\s+(?P<unit2>{UNIT})"
    rf"|(?P<annex>{_ANNEX})\s+(?P<which>(?:\d{{1,2}}|(?-i:[A-Z]|[IVX]{{1,5}}))(?:-[A-Z])?)\b)(?=\W|$)",
    re.IGNORECASE,
)
_BARE = re.compile(rf"{UNIT}", re.IGNORECASE)
_RANGE = frozenset({"-", "\u2013", "to", "through"})
_LONGEST_RANGE = 50


@dataclass(frozen=True, slots=True)
class Part:
    """One place that names numbered parts: "Articles 3-5" has the numbers 3, 4 and 5."""

    span: Span
    numbers: tuple[str, ...]


def find_parts(text: str, start: int = 0, stop: int | None = None) -> Iterator[Part]:
    """Yield the places between two offsets that name numbered parts, in order."""
    for match in _PART.finditer(text, start, len(text) if stop is None else stop):
        yield Part(match.span(), _of(match))


def part_at(text: str, offset: int) -> Part | None:
    """Return the naming of parts that begins at `offset`."""
    match = _PART.match(text, offset)
    return Part(match.span(), _of(match)) if match is not None else None


def is_unit(word: str) -> bool:
    """Tell whether a word is the name of a kind of part ("article", "point"), without a number."""
    return _BARE.fullmatch(word) is not None


def _of(match: re.Match[str]) -> tuple[str, ...]:
    if match["annex"]:
        return (f"{match['annex'].capitalize()} {match['which']}",)
    return tuple(numbers(match["after"] or match["before"]))


def numbers(text: str) -> list[str]:
    """Expand "4th, 6th and 9th", "3-5", "6(2)", "three" into clause numbers in Arabic digits.

    >>> numbers("3-5 and 9th")
    ['3', '4', '5', '9']
    """
    out: list[str] = []
    found = re.findall(rf"{_NUMBER}|{'|'.join(_ORDINALS)}|-|\u2013|\bto\b|\bthrough\b", text, re.IGNORECASE)
    for i, part in enumerate(found):
        if part.lower() in _RANGE:
            continue
        plain = _plain(part)
        last = out[-1] if out else ""
        if i >= 2 and found[i - 1].lower() in _RANGE and plain.isdigit() and last.isdigit():
            out.extend(str(n) for n in range(int(last) + 1, min(int(plain), int(last) + _LONGEST_RANGE)))
        out.append(plain)
    return out


def _plain(part: str) -> str:
    word = part.lower()
    if word in _SPELLED or word in _ORDINALS:
        return _SPELLED.get(word) or _ORDINALS[word]
    if re.fullmatch(r"[IVX]+", part):
        return str(_roman(part))
    return re.sub(r"(?<=\d)(?:st|nd|rd|th)", "", part).replace(" ", "")


def _roman(numeral: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))
