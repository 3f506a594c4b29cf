"""Datelines: the place, day and agency before the first sentence of a report, which are no part of that sentence.

    LYRA (Agency) - The army said ...          PORT LYRA, Borduria, Nov. 3 (Agency) — The army said ...
    LYRA, SEPTEMBER 13, AGENCY. The army ...   LYRA: The army said ...          (Lyra) - The army said ...
    14:05 GMT The army ...                     9:30 a.m. - The army ...

The parts come in this order: place, wider place, day, agency, a sign, the sentence. A place alone is no dateline (it
could be a speaker): a day or an agency must stand with it, or it is set in capitals and known as a place, or a dash
parts it from what is plainly a whole sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pacta.annotations.date_rules import MONTH, WEEKDAY, YEAR
from pacta.model import Span

LONGEST = 160  # characters that a dateline may have
_WORD = r"(?:(?:St|Mt|Ft)\.|[^\W\d_](?:[\w'’-]|\.(?=\w)){0,30}+)"
_PLACE = re.compile(rf"\(?(?P<place>{_WORD}(?:[ /]{_WORD}){{0,4}}+)\)?")
_REGION = re.compile(rf",\s+(?!(?:{MONTH}|{WEEKDAY})(?!\w))(?P<region>{_WORD}(?: {_WORD}){{0,3}}?)(?=\s*[,.(/\[–—-])")
_DATE = re.compile(
    rf"[,.]?\s*(?:\(\s*)?(?:{WEEKDAY},?\s+)?"
    rf"(?:(?P<m1>{MONTH})\s+(?P<d1>\d{{1,2}})(?!\w)|(?P<d2>\d{{1,2}})\s+(?P<m2>{MONTH}))(?:,?\s+(?P<year>{YEAR}))?"
)
_AGENCY = re.compile(r"[,.]?\s*(?:\([^()\n]{2,40}\)|/[^/\n]{2,40}/|\[[^\[\]\n]{2,40}\])")
_BARE_AGENCY = re.compile(rf",\s+{_WORD}(?: {_WORD}){{0,2}}(?=\s*(?:\.\s|[-–—]))")
_SIGN = re.compile(r"\s*(?P<sign>[-–—]{1,3}|:|\.)?\s*")
_HOUR = re.compile(r"\(?\d{1,2}[:.]\d\d(?:\s?(?:[ap]\.?m\.?|[A-Z]{2,4}))?\)?\s*[-–—:]{1,2}\s+")
_CLOCK = re.compile(r"[\[(]?\d{1,2}:\d\d(?:\s?(?:[ap]\.?m\.?|UTC|[A-Z]{1,3}T)(?!\w))?[\])]?\s+")
_LETTER = re.compile(r"[^\W\d_]")
_SMALL = frozenset({"al", "de", "del", "di", "el", "la", "le", "los", "of", "on", "the", "upon"})  # within
_NOT_PLACES = re.compile(rf"(?:{MONTH}|{WEEKDAY})(?!\w)")
_FIRST_PERSON = re.compile(r"[\"“‘'(]*(?:I|We|Our|My|You|Your)\b", re.IGNORECASE)
_SECOND_DASH = re.compile(r"[^.!?\n]*?\s[-–—]{1,3}\s")
_CAPITALS = 4  # letters of a place in capitals


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline in `span`, with the sign and white space behind it; month and day as written, "" where none is.

    `place`: "" where the hour alone is told, as above the entries of a running report.
    """

    span: Span
    place: str
    month: str = ""
    day: str = ""
    year: str = ""


def dateline(text: str, start: int, end: int, is_place: Callable[[str], bool]) -> Dateline | None:
    """Return the dateline that opens `text[start:end]`, None where none does; `is_place` knows names of places."""
    head = text[start : min(end, start + LONGEST)]
    hour = _HOUR.match(head) or _CLOCK.match(head)
    if hour is not None:
        told = _opens(head[hour.end() :]) and not _NOT_PLACES.match(head, hour.end())
        return Dateline((start, start + hour.end()), "") if told else None
    match = _PLACE.match(head)
    if match is None or not _names(match["place"]):
        return None
    place, bracketed = match["place"], head.startswith("(")
    if bracketed and not match[0].endswith(")"):
        return None
    at = match.end()
    region = _REGION.match(head, at)
    if region is not None and _names(region["region"]):
        at = region.end()
    else:
        region = None
    day = _DATE.match(head, at)
    at = day.end() if day is not None else at
    agency = _AGENCY.match(head, at) or (_BARE_AGENCY.match(head, at) if day is not None else None)
    if agency is not None and _LETTER.search(agency[0]):
        at = agency.end()
    else:
        agency = None
    sign = _SIGN.match(head, at)
    if sign is None or not _opens(head[sign.end() :]):
        return None
    dated = day is not None or agency is not None
    capitals = place.isupper() and len(place) >= _CAPITALS
    known = capitals and is_place(place)
    mark = (sign["sign"] or "")[:1]
    if mark == "":
        holds = day is not None and agency is not None and agency[0][-1] in "/)]"
    elif mark == ":":
        holds = known or (dated and is_place(place))
    elif mark == ".":
        holds = day is not None or known or (agency is not None and agency[0][-1] in "/]")
    else:
        wide = region is not None or len(place) > _CAPITALS
        holds = dated or bracketed or known or (wide and (capitals or _is_told(text, start + sign.end(), end)))
    if not holds:
        return None
    span = (start, start + sign.end())
    if day is None:
        return Dateline(span, place)
    return Dateline(span, place, day["m1"] or day["m2"], day["d1"] or day["d2"], day["year"] or "")


def stands_alone(line: str) -> bool:
    """Tell whether a line is nothing but a dateline of one place: "LYRA, 3 August", "Lyra, Aug. 3 (Agency)"."""
    match = _PLACE.match(line) if len(line) <= LONGEST else None
    if match is None or not _names(match["place"]) or "/" in match["place"]:
        return False
    region = _REGION.match(line, match.end())
    day = _DATE.match(line, region.end() if region is not None else match.end())
    if day is None:
        return False
    agency = _AGENCY.match(line, day.end())
    return not line[agency.end() if agency is not None else day.end() :].strip(" .,:-–—")


def _is_told(text: str, start: int, end: int) -> bool:
    """Tell whether a whole sentence of a narrator begins at `start`: neither a headline nor somebody's "We ..."."""
    paired = _SECOND_DASH.match(text, start, end)  # "X — the ally of Y — said"
    return text[end - 1] in '.!?"”’' and paired is None and not _FIRST_PERSON.match(text, start)


def _names(words: str) -> bool:
    """Tell whether every word begins with a capital but small words inside, and none is of the calendar."""
    parts = re.split(r"[ /]", words)
    capital = all(p[0].isupper() or (i and p in _SMALL) for i, p in enumerate(parts) if p)
    return capital and not any(_NOT_PLACES.match(p) for p in parts)


def _opens(rest: str) -> bool:
    """Tell whether a sentence begins here."""
    first = rest.lstrip("\"'“”‘’„«([")[:1]
    return first.isupper() or first.isdigit()
