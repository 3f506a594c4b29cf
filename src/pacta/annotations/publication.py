"""Publication date: inferred from the text of a document that came without one; a cautious heuristic.

In this order, and never from the clock:

1. A stamp: a full date with a clock time behind it ("28 March 2022 19:36"), or a full date alone on a line, after
   "Published", "Updated" or nothing.
2. A dateline that opens a line of the text's head: "PORT LYRA, September 13. /Agency/". Where its year is not
   written, a full date of the text must lie at most a month before it.
3. The latest full date together with the weekdays that the text speaks of, taken as one news week: its own weekday
   must be among them, and either stand beside it ("Wednesday, August 11, 2021") or tell of the same thing (its
   sentence and that of the full date share several words). The publication is the last day of the shortest run of
   days that holds all these weekdays, on or after the full date.

Whatever comes out must not lie before any full date or year of the text that is not spoken of as future: a date from
a caption or from history never wins over a later one. Without such an anchor the answer is None.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from pacta.annotations.date_rules import MONTH, WEEKDAY, YEAR, full_dates
from pacta.annotations.datelines import Dateline, dateline
from pacta.annotations.time_hits import Context, looks_forward
from pacta.annotations.time_words import MONTHS, NO_DAY_AFTER, NO_DAY_BEFORE, WEEKDAYS
from pacta.model import Span

HEAD_LINES = 12
MONTH_OF_DAYS = timedelta(days=31)
SHARED_WORDS = 3  # that two sentences must share to tell of the same thing
MOST = 50  # sentences compared with each other
STEM = 6  # letters by which words are compared
_CLOCK_BEHIND = re.compile(r"\s*+(?:,|\||-|–|—|T)?\s*+\(?\d{1,2}:\d\d\b")
_LABEL = re.compile(r"(?:(?:first\s+)?(?:published|posted|updated|issued|date)(?:\s+on)?\s*:?\s*)?", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|by|before|expires?\s+(?:on|in)|through)\s+(?:the\s+)?$", re.IGNORECASE)
_IN_YEAR = re.compile(
    rf"\b(?:[Ii]n|[Ss]ince|[Dd]uring)\s+(?:{MONTH}\s+)?(?P<year>{YEAR})|\b{MONTH}\s+(?P<year2>{YEAR})"
)
_WEEKDAY = re.compile(
    rf"\b(?:(?P<which>[Ll]ast|[Nn]ext|[Ee]very|[Ee]ach|[Tt]his)\s+)?(?P<day>{WEEKDAY})(?!\w)(?!-[a-z])"
)
_LAST_WORD = re.compile(r"(\w+)\s+$")
_NEXT_WORD = re.compile(r"\s+(\w+)")
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?!\s+[A-Z“\"])[^.!?\n]*)*[.!?]?")


def infer_publication(text: str) -> date | None:
    """Return the day on which the text was most probably published; None where nothing anchors it."""
    sentences = [match.span() for match in _SENTENCE.finditer(text)]
    context = Context(text, date.max, sentences)
    dates = [(span, found) for span, found in full_dates(text) if not _future(context, span)]
    floor = max([found for _, found in dates] + [date(year, 1, 1) for year in _years(context)], default=None)
    for candidate in (_stamp(text, dates), _dateline(text, [found for _, found in dates]), _news_week(context, dates)):
        if candidate is not None and (floor is None or candidate >= floor):
            return candidate
    return None


def _future(context: Context, span: Span) -> bool:
    return bool(_UNTIL.search(context.before(span[0]))) or looks_forward(context, span)


def _years(context: Context) -> list[int]:
    return [
        int(match["year"] or match["year2"])
        for match in _IN_YEAR.finditer(context.text)
        if not _future(context, match.span())
    ]


def _stamp(text: str, dates: list[tuple[Span, date]]) -> date | None:
    for (start, end), found in dates:
        line_start = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end)
        rest = text[end : line_end if line_end >= 0 else len(text)]
        alone = _LABEL.fullmatch(text[line_start:start].strip(" |•·")) is not None
        if _CLOCK_BEHIND.match(rest) or (alone and not rest.strip(" .|•·")):
            return found
    return None


def _dateline(text: str, dates: list[date]) -> date | None:
    found = _first_dateline(text)
    if found is None:
        return None
    month, day = MONTHS[found.month.rstrip(".").title()], int(found.day)
    known = [each.year for each in dates]
    for year in [int(found.year)] if found.year else sorted({*known, *(y + 1 for y in known)}):
        try:
            told = date(year, month, day)
        except ValueError:
            continue
        if found.year or any(timedelta(0) <= told - other <= MONTH_OF_DAYS for other in dates):
            return told
    return None


def _first_dateline(text: str) -> Dateline | None:
    at = 0
    for line in text.split("\n")[:HEAD_LINES]:
        found = dateline(text, at, at + len(line), lambda _: False)
        if found is not None and found.month:
            return found
        at += len(line) + 1
    return None


def _news_week(context: Context, dates: list[tuple[Span, date]]) -> date | None:
    if not dates:
        return None
    text, latest = context.text, max(found for _, found in dates)
    weekdays = _weekdays(context)
    same = [offset for number, offset in weekdays if number == latest.weekday()]
    places = [span for span, found in dates if found == latest]
    beside = any(re.match(WEEKDAY, text[slice(*span)]) for span in places)
    dated = [_words(context, start) for start, _ in places[:MOST]]
    named = [_words(context, offset) for offset in same[:MOST]]
    if not same or not (beside or any(len(one & other) >= SHARED_WORDS for one in dated for other in named)):
        return None
    numbers = {number for number, _ in weekdays}
    runs = [(max((last - day) % 7 for day in numbers), (last - latest.weekday()) % 7) for last in numbers]
    return latest + timedelta(days=min(runs)[1])


def _words(context: Context, offset: int) -> set[str]:
    """Return the beginnings of the longer words of the sentence at `offset`, without names of days and months."""
    words = re.findall(r"[^\W\d_]{5,}", context.text[slice(*context.sentence(offset))])
    return {word[:STEM].lower() for word in words if word not in MONTHS and word not in WEEKDAYS}


def _weekdays(context: Context) -> list[tuple[int, int]]:
    """Return the weekdays that the text speaks of as just past, each with its offset."""
    text, found = context.text, []
    for match in _WEEKDAY.finditer(text):
        before, after = _LAST_WORD.search(context.before(match.start())), _NEXT_WORD.match(text, match.end())
        name = (before and before[1] in NO_DAY_AFTER) or (after and after[1] in NO_DAY_BEFORE)
        if not name and (match["which"] or "").lower() in ("", "this") and not _future(context, match.span()):
            found.append((WEEKDAYS[match["day"]], match.start()))
    return found
