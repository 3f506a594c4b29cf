"""Dates: time expressions of a text as outer bounds with offsets, a granularity and their exact span.

How the bounds come about:

- A weekday is the latest such day up to the day of writing (that day itself included), or the next one where its
  clause looks forward ("will", "is due to", "by Friday"); "last" and "next" leave the day of writing out.
- A month and day without a year take the year that the text gives the same day elsewhere, then the year that the
  sentence names, then the nearest year in the direction of the clause; a day at most a week off is ahead.
- A part of a day ("early in the morning", "at 06:15") stands on the day beside it, else on the nearest day of its
  sentence, else on the day of writing; "overnight" is the night that ends in the morning of that day.
- "yesterday", "today" and "this morning" inside a quotation count from the day on which its sentence says it was said.
- "since" ends with the day of writing, "by" and "until" begin with it; "after" and "before" are open likewise.
- Weeks begin on Monday. Bounds of parts of a day are in `time_words`. What cannot be resolved is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise

from pacta.annotations.clock_rules import DayPart, day_parts, part_bounds
from pacta.annotations.date_rules import counted, date_hits, full_dates
from pacta.annotations.numbers import NUMBER, number_value
from pacta.annotations.publication import infer_publication
from pacta.annotations.time_hits import CLAUSE, DAY, WINDOW, Context, Hit, midnight, of_day
from pacta.annotations.time_words import NIGHT, PARTS_OF_DAY
from pacta.model import Span, TimeMention

__all__ = ["find_times", "infer_publication"]

_BESIDE = re.compile(r"T|\s*,?\s*(?:(?:in|at|on|of|around|about|by|the)\s+)*", re.IGNORECASE)
_INTO = re.compile(r"\s+(?:going\s+)?(?:in)?to\s+", re.IGNORECASE)
_ON = re.compile(r"\s+(?:on\s+)?", re.IGNORECASE)
_QUALIFIED = re.compile(r"\b(?P<q>early|late)\s+(?:on\s+)?$", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_NOUN = re.compile(r"\s+[a-z]")
_DEICTIC = re.compile(r"yesterday|today|tomorrow", re.IGNORECASE)

_LINK = re.compile(r"(?P<and>\s+and\s+)|(?P<to>\s+(?:to|until|till|through)\s+(?:the\s+)?)|\s*[-–—]\s*")
_OPENING = re.compile(r"\b(?:(?P<between>between)|from|starting|beginning)\s+(?:the\s+)?$", re.IGNORECASE)
_NIGHT = re.compile(r"\b(?:the\s+night|overnight)\s+(?:of\s+|on\s+|from\s+|between\s+)?(?:the\s+)?$", re.IGNORECASE)
_OPEN = re.compile(r"\b(?P<word>since|by|until|till|before|after)\s+(?:the\s+)?$", re.IGNORECASE)

_NO_THING = r"(?!\s+(?:the|a|an|this|that|his|her|its|their|our|my|your|these|those)\b)(?!\s+[A-Z])"
_COUNTED = re.compile(
    rf"\b(?P<n>(?i:{NUMBER}))\s+(?P<unit>day|week|month|year)s?\s+"
    rf"(?:(?P<back>earlier|previously|before)|(?P<on>later|after))\b{_NO_THING}"
    rf"|\b[Tt]he\s+(?P<back1>day\s+before|(?:previous|preceding)\s+day)\b{_NO_THING}"
    rf"|\b[Tt]he\s+(?P<on1>day\s+after|(?:next|following)\s+day)\b{_NO_THING}"
    r"|\b(?:[Tt]he\s+same|[Tt]hat)\s+(?P<same>day)\b"
)
_ORDER = ("instant", "hour", "part-of-day", "night", "day", "days", "week", "month", "season", "year")


def find_times(text: str, *, reference: date, zone: tzinfo, sentences: Sequence[Span]) -> tuple[TimeMention, ...]:
    """Return the time expressions of `text` in order of their spans, which do not overlap.

    `reference`: the day of writing; `zone`: where local times are local; `sentences`: spans of the sentences.
    """
    context = Context(text, reference, sentences, tuple(full_dates(text)))
    days = _longest(date_hits(context))
    days = _longest([*days, *_counted(context, _Days(context, days))])
    days = _in_speech(context, _Days(context, days))
    hits = _longest([*days, *_day_parts(context, _Days(context, days), zone)])
    hits = _longest([*hits, *_ranges(context, days), *_ranges(context, hits)])
    opened = (_opened(context, hit) for hit in hits)
    return tuple(_mention(hit, zone) for hit in opened if hit is not None and hit.begin < hit.end)


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return the longest of hits that overlap, in order; of equally long ones the first that was found."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: h.span[0] - h.span[1]):
        at = bisect_right(kept, hit.span[0], key=lambda h: h.span[0])
        free_before = at == 0 or kept[at - 1].span[1] <= hit.span[0]
        if free_before and (at == len(kept) or hit.span[1] <= kept[at].span[0]):
            kept.insert(at, hit)
    return kept


def _mention(hit: Hit, zone: tzinfo) -> TimeMention:
    return TimeMention(hit.span, _zoned(hit.begin, zone), _zoned(hit.end, zone), hit.granularity)


def _zoned(moment: datetime, zone: tzinfo) -> datetime:
    """Return `moment` in `zone`; an offset with seconds, as clocks had before standard time, loses them."""
    local = moment.replace(tzinfo=zone)
    offset = local.utcoffset() or timedelta()
    if offset.total_seconds() % 60 == 0:
        return local
    return moment.replace(tzinfo=timezone(timedelta(minutes=offset // timedelta(minutes=1))))


# --- which day a part of a day stands on ------------------------------------------------------------------------------
class _Days:
    """The single days that a text names, found by place."""

    def __init__(self, context: Context, hits: list[Hit]) -> None:
        self.hits = hits
        self._context = context
        self._in_quotes: dict[int, bool] = {}
        self._days = [(hit, hit.day) for hit in hits if hit.day is not None]

    def between(self, start: int, end: int) -> list[tuple[Hit, date]]:
        """Return the days named from `start` to before `end`, in order."""
        first, last = (bisect_left(self._days, offset, key=lambda item: item[0].span[0]) for offset in (start, end))
        return self._days[first:last]

    def near(self, span: Span) -> list[tuple[Hit, date]]:
        """Return the days of the sentence of `span`, nearest first, without parts of names ("the 9 May parade")."""
        text, context = self._context.text, self._context
        start, end = context.sentence(span[0])
        named = [
            (hit, day)
            for hit, day in self.between(max(start, span[0] - 2 * CLAUSE), min(end, span[1] + 2 * CLAUSE))
            if not (_ATTRIBUTE.search(context.before(hit.span[0])) and _NOUN.match(text, hit.span[1]))
        ]
        return sorted(named, key=lambda item: max(span[0] - item[0].span[1], item[0].span[0] - span[1]))

    def last_before(self, span: Span) -> date | None:
        """Return the day named last before `span`, in its sentence or the one before."""
        sentences = self._context.sentences
        start, _ = self._context.sentence(span[0])
        at = bisect_left(sentences, start, key=lambda sentence: sentence[0])
        named = self.between(sentences[at - 1][0] if at else start, span[0])
        return named[-1][1] if named else None

    def of_speech(self, span: Span) -> date:
        """Return the day that "today" means at `span`: inside a quotation the day on which it was said."""
        if self._quoted(span[0]):
            said = [day for hit, day in self.near(span) if not self._quoted(hit.span[0])]
            if said:
                return said[0]
        return self._context.reference

    def _quoted(self, offset: int) -> bool:
        if offset not in self._in_quotes:
            line = self._context.text.rfind("\n", 0, offset) + 1
            before = self._context.text[line:offset]
            self._in_quotes[offset] = before.count("“") > before.count("”") or before.count('"') % 2 == 1
        return self._in_quotes[offset]


def _in_speech(context: Context, days: _Days) -> list[Hit]:
    """Return all hits, "yesterday", "today" and "tomorrow" moved to the day on which they were said."""

    def moved(hit: Hit) -> Hit:
        if hit.day is None or not _DEICTIC.fullmatch(context.text, *hit.span):
            return hit
        return of_day(hit.span, days.of_speech(hit.span) + (hit.day - context.reference))

    return [moved(hit) for hit in days.hits]


def _day_parts(context: Context, days: _Days, zone: tzinfo) -> Iterator[Hit]:
    for hit, day in days.between(0, len(context.text)):
        qualified = _QUALIFIED.search(context.before(hit.span[0]))
        if qualified:
            low, high = (midnight(day) + offset for offset in PARTS_OF_DAY[qualified["q"].lower()])
            yield Hit((hit.span[0] - len(qualified[0]), hit.span[1]), low, high, "part-of-day")
    for part in day_parts(context.text):
        around = days.between(part.span[0] - WINDOW, part.span[1] + WINDOW)
        beside = [joint for found, day in around if (joint := _beside(context, part, found, day, zone)) is not None]
        yield from beside
        day_of_part = None if beside or part.anchor == "beside" else _day_of(days, part, context.reference)
        if day_of_part is not None:
            yield Hit(part.span, *part.on(day_of_part, zone), part.granularity)


def _day_of(days: _Days, part: DayPart, reference: date) -> date | None:
    if part.anchor == "own":
        return days.of_speech(part.span)
    if part.anchor == "before":
        return days.last_before(part.span)
    near = days.near(part.span)
    if near:
        return near[0][1]
    return None if part.anchor == "sentence" else reference


def _beside(context: Context, part: DayPart, hit: Hit, day: date, zone: tzinfo) -> Hit | None:
    """Return a part of a day together with the day beside it; None where that one does not stand beside it."""
    first, second = sorted((part.span, hit.span))
    gap, span = context.text[first[1] : second[0]], (first[0], max(first[1], second[1]))
    if first[1] > second[0] or not context.holds_together(span):
        return None
    if part.name == "overnight":
        into = first == part.span and _INTO.fullmatch(gap)
        if not into and not _ON.fullmatch(gap):
            return None
        low, high = part.on(day, zone)
        return Hit(span, low, high if into else high + DAY, "night")
    if not _BESIDE.fullmatch(gap):
        return None
    stands = replace(part, shift=0)
    qualified = _QUALIFIED.search(context.before(span[0]))
    if qualified and part.name:
        low_offset, high_offset = part_bounds(part.name, qualified["q"])
        stands = replace(stands, low=low_offset, high=high_offset)
        span = span[0] - len(qualified[0]), span[1]
    return Hit(span, *stands.on(day, zone), part.granularity)


def _counted(context: Context, days: _Days) -> Iterator[Hit]:
    """Yield what is counted from a day named before ("two days later"), or back from the day of writing."""
    for match in _COUNTED.finditer(context.text):
        span, named = match.span(), days.last_before(match.span())
        back = bool(match["back"] or match["back1"])
        start = named or (context.reference if back else None)
        if start is None:
            continue
        if match["same"]:
            yield of_day(span, start)
        elif match["n"]:
            hit = counted(span, number_value(match["n"]), match["unit"], -1 if back else 1, start)
            if hit is not None:
                yield hit
        else:
            yield of_day(span, start + timedelta(days=-1 if back else 1))


# --- from … to …, since …, by … ---------------------------------------------------------------------------------------
def _ranges(context: Context, hits: list[Hit]) -> Iterator[Hit]:
    for hit in hits:  # "the night of 12-13 September"
        night = _NIGHT.search(context.before(hit.span[0]))
        if night and hit.granularity == "days" and hit.end - hit.begin == 2 * DAY:
            yield Hit((hit.span[0] - len(night[0]), hit.span[1]), hit.begin + NIGHT[0], hit.begin + NIGHT[1], "night")
    for first, second in pairwise(hits):
        link = _LINK.fullmatch(context.text[first.span[1] : second.span[0]])
        before = context.before(first.span[0])
        opening, night = _OPENING.search(before), _NIGHT.search(before)
        between = bool(opening and opening["between"])
        if not link or (link["and"] and not between) or (link["to"] and not (opening or night)):
            continue
        joined = _joined(first, second)
        if joined is None:
            continue
        if night and joined.end - joined.begin == 2 * DAY:
            joined = Hit(joined.span, joined.begin + NIGHT[0], joined.begin + NIGHT[1], "night")
        opened = max((len(match[0]) for match in (opening, night) if match), default=0)
        span = first.span[0] - opened, second.span[1]
        if context.holds_together(span):
            yield replace(joined, span=span)


def _joined(first: Hit, second: Hit) -> Hit | None:
    """Return the stretch from `first` to `second`, each moved by weeks or years where its name comes round again."""
    if second.period and not first.period:
        second = second.moved(second.period, _steps(second, first.begin, 1))
    elif first.period:
        step = _steps(first, second.begin, -1)
        first = first.moved(first.period, step)
    if first.begin >= second.end and second.granularity in ("instant", "hour") and second.end + DAY > first.begin:
        second = replace(second, begin=second.begin + DAY, end=second.end + DAY)
    if first.begin >= second.end:
        return None
    coarse = max(first.granularity, second.granularity, key=_ORDER.index)
    granularity = {"instant": "hour", "hour": "hour", "night": "days", "day": "days", "part-of-day": "days"}
    return Hit((first.span[0], second.span[1]), first.begin, second.end, granularity.get(coarse, coarse))


def _steps(hit: Hit, limit: object, direction: int) -> int:
    """Return by how many periods `hit` must move to begin last before (-1) or first after (1) `limit`."""
    for steps in range(-20, 21) if direction > 0 else range(20, -21, -1):
        moved = hit.moved(hit.period, steps)
        if (moved.begin > limit) if direction > 0 else (moved.begin < limit):  # type: ignore[operator]
            return steps
    return 0


def _opened(context: Context, hit: Hit) -> Hit | None:
    """Widen what follows "since", "by", "until", "before", "after"; None where one bound stays open."""
    opening = _OPEN.search(context.before(hit.span[0]))
    if not opening:
        return hit
    word, today = opening["word"].lower(), midnight(context.reference)
    fine = hit.end - hit.begin < DAY
    day = hit.begin.replace(hour=0, minute=0, second=0)
    begin, end = hit.begin, hit.end
    if word == "since" or (word == "after" and not fine):
        end = max(today + DAY, hit.end)
    elif word == "after":
        end = max(day + DAY, hit.end)
    elif fine:
        begin, end = day, hit.end
    elif word == "before":
        if context.text[hit.span[1] : hit.span[1] + 1] in ("'", "’"):
            return hit
        begin, end = today, hit.begin
    elif hit.end <= today:
        return hit
    else:
        begin = min(today, hit.begin)
    if begin >= end:
        return None
    span = hit.span[0] - len(opening[0]), hit.span[1]
    granularity = "days" if hit.granularity == "day" or (fine and end - begin > DAY) else hit.granularity
    return Hit(span, begin, end, granularity)
