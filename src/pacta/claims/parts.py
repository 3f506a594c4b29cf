"""Numbered parts of agreements as texts name them: "Article 4", "the 4th and 6th paragraphs", "point nine"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pacta.agreements.numbers import roman
from pacta.model import Span

_SMALL = r"(?:sub-?)?paragraphs?|paras?\.?|points?|(?:sub-?)?clauses?|items?|provisions?|sentences?"
UNIT = rf"articles?|arts?\.|sections?|chapters?|{_SMALL}"
_WEAK = r"parts?|phases?|stages?|commitments?|principles?|measures?|rules?"  # where the agreement stands right behind
_ANNEX = r"annex(?:ure)?|appendix|schedule|addendum"
_HIGH = r"chapters?"  # a rank above the articles, which are numbered anew: Chapter 2 is not Article 2
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_SPELLED = {word: str(i + 1) for i, word in enumerate(_WORDS)}
_RANKS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"]
_ORDINALS = {word: str(i + 1) for i, word in enumerate([*_RANKS, "twelfth"])}
_DIGITS = r"\d{1,3}(?:st|nd|rd|th)?(?:\s?\(\w{1,3}\)|\.\d{1,3})*"
# "in the article I read" names no part
_ROMAN = r"(?-i:[IVXLC]{2,7}|[VX]|I(?=\s+(?:of|and|to)\b|[,.;:)]|\(\d))(?:\s?\(\w{1,3}\))*"
_LETTER = r"(?-i:[B-HJ-UWYZ])(?=\W|$)|\([a-z]{1,2}\)(?=\W|$)"  # "section B", "paragraph (c)"
_NUMBER = rf"(?:{_DIGITS}|{_ROMAN}|{_LETTER}|{'|'.join(_WORDS)})(?!\w|-[A-Za-z])"
_AND = r"\s*(?:,|and|or|nor|as well as|&)\s*(?:and\s+|neither\s+)?(?:the\s+)?"
_LIST = rf"{_NUMBER}(?:(?:{_AND}|\s*(?:-|\u2013|to|through)\s*){_NUMBER}){{0,20}}+"
# before the unit a number must be an ordinal: "the 4th and 6th points", but "50 points" is a count
_ORDINAL = rf"(?:\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})\b"
_ORDINAL_LIST = rf"{_ORDINAL}(?:(?:{_AND}|\s+(?:to|through)\s+(?:the\s+)?){_ORDINAL}){{0,20}}+"
_ASIDE = r"(?:very\s+|own\s+|now\s+|so-called\s+)*(?:[a-z]{4,}(?:ed|al|ous|ing|ar)\s+)?"  # "in its very first point"
# without an article only at the head of a sentence ("Ninth paragraph included") or bound ("the eighth-point duties")
_HEAD_ORDINAL = rf"(?-i:{'|'.join(rank.capitalize() for rank in _ORDINALS)})(?=\s+(?:{UNIT})\s+[a-z])"
_BOUND = rf"(?P<bound>{_ORDINAL})-(?P<unit4>article|paragraph|point|clause|provision)(?=\s+\w)"
_COUNT = rf"first\s+(?P<count>\d{{1,2}}|{'|'.join(_WORDS[1:])})"  # "the first six points"
_PART = re.compile(
    rf"(?:\b(?P<unit>{UNIT}|{_WEAK})\s+(?P<after>{_LIST})"
    rf"|(?:\b(?:the|its|their|this|that)\s+|(?<=\w['\u2019]s\s)|(?<=s['\u2019]\s)){_ASIDE}(?P<before>{_ORDINAL_LIST})"
    rf"\s+(?P<unit2>{UNIT}|{_WEAK})"
    rf"|\b(?P<head>{_HEAD_ORDINAL})\s+(?P<unit5>{UNIT})"
    rf"|\b{_BOUND}"
    rf"|\b(?:the|its|their)\s+{_COUNT}\s+(?P<unit3>{UNIT}|{_WEAK})"
    rf"|\b(?P<annex>{_ANNEX})\s+(?P<which>(?:\d{{1,2}}|(?-i:[A-Z]|[IVX]{{1,5}}))(?:-[A-Z])?)\b)(?=\W|$)",
    re.IGNORECASE,
)
_UNITS = ("unit", "unit2", "unit3", "unit4", "unit5")
_BARE = re.compile(rf"{UNIT}", re.IGNORECASE)
_NUMBERED = r"\s+(?:\d|(?-i:[A-Z])\b|(?-i:[IVX]{2,5})\b)"
_WITHIN = re.compile(
    rf"\s+(?:of|in|to|under)\s+(?:the\s+|its\s+)?(?P<annex>(?:\w+\s+)?annex\b(?!{_NUMBERED}))?", re.IGNORECASE
)
_THEN = re.compile(r"\s*,\s*|\s+", re.IGNORECASE)
_RANGE = frozenset({"-", "\u2013", "to", "through"})
_LONGEST_RANGE = 50


@dataclass(frozen=True, slots=True)
class Part:
    """One place that names numbered parts: "Articles 3-5" has the numbers 3, 4 and 5.

    `weak`: what the unit names may be something else than a part: "the second stage" is one of an accord only; `unit`:
    its word in the singular.
    """

    span: Span
    numbers: tuple[str, ...]
    weak: bool = False
    unit: str = ""


def find_parts(text: str, start: int = 0, stop: int | None = None) -> Iterator[Part]:
    """Yield the places between two offsets that name numbered parts, in order."""
    at, end = start, len(text) if stop is None else stop
    while (match := _PART.search(text, at, end)) is not None:
        part = _nested(text, match, end)
        at = part.span[1]
        yield part


def _nested(text: str, match: re.Match[str], end: int) -> Part:
    """Return the part that a match names, with the one that it stands in: "paragraph 2 of Article 5" is 5(2)."""
    unit, own = _unit(match), _of(match)
    small = re.fullmatch(_SMALL, unit, re.IGNORECASE) is not None
    section = re.fullmatch("sections?", unit, re.IGNORECASE) is not None  # of an article, or above the articles
    weak = re.fullmatch(_WEAK, unit, re.IGNORECASE) is not None
    whole = Part(match.span(), own, weak, unit.lower().rstrip("s"))
    within = _WITHIN.match(text, match.end(), end) if small or section else None
    if within is not None and within["annex"]:
        return Part((match.start(), within.end()), tuple(f"annex/{number}" for number in own))
    above = _PART.match(text, within.end(), end) if within is not None else None
    higher = above is not None and not re.fullmatch(rf"{_SMALL}|sections?", _unit(above), re.IGNORECASE)
    if above is not None and higher and len(_of(above)) == 1 and not (section and above["annex"]):
        return Part((match.start(), above.end()), tuple(_below(_of(above)[0], number) for number in own))
    then = _THEN.match(text, match.end(), end) if not small and len(own) == 1 else None
    below = _PART.match(text, then.end(), end) if then is not None else None
    if below is not None and re.fullmatch(_SMALL, below["unit"] or "", re.IGNORECASE):
        return Part((match.start(), below.end()), tuple(_below(own[0], number) for number in _of(below)))
    return whole


def _unit(match: re.Match[str]) -> str:
    return next((found for name in _UNITS if (found := match[name])), "")


def _below(above: str, number: str) -> str:
    return f"{above}({number})" if above[0].isdigit() else f"{above}/{number}"


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
    if match["count"]:
        last = min(int(_plain(match["count"])), _LONGEST_RANGE)
        return tuple(str(n) for n in range(1, last + 1))
    found = numbers(match["after"] or match["before"] or match["head"] or match["bound"])
    high = re.fullmatch(_HIGH, _unit(match), re.IGNORECASE) is not None
    return tuple(f"Chapter {number}" if high else number for number in found)


def numbers(text: str) -> list[str]:
    """Expand "4th, 6th and 9th", "3-5", "6(2)", "three" into clause numbers in Arabic digits.

    >>> numbers("3-5 and 9th")
    ['3', '4', '5', '9']
    """
    out: list[str] = []
    found = re.findall(rf"{_NUMBER}|\b(?-i:I)\b|{'|'.join(_ORDINALS)}|-|\u2013|\bto\b|\bthrough\b", text, re.IGNORECASE)
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
    if part.startswith("("):
        return part.strip("()").lower()
    numeral = re.match(r"[IVXLC]+(?=$|\s?\()", part)
    if numeral is not None and (value := roman(numeral[0].lower())) is not None:
        return f"{value}{part[numeral.end() :]}".replace(" ", "")
    return re.sub(r"(?<=\d)(?:st|nd|rd|th)", "", part).replace(" ", "")
