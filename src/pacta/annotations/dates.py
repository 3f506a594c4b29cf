"""Dates: time expressions of a text as outer bounds with offsets, a granularity and their exact span.

How the bounds come about:

- A weekday is the latest such day up to the day of writing (that day itself included), or the next one where its
  clause looks forward ("will", "is due to", "by Friday"); "last" and "next" leave the day of writing out.
- A month and day without a year take the year that the text gives the same day elsewhere, then the year that the
  sentence names, then the nearest year in the direction of the clause.
- A part of a day ("early in the morning", "at 06:15") stands on the day beside it, else on the nearest day of its
  sentence, else on the day of writing; "overnight" is the night that ends in the morning of that day.
- "since" ends with the day of writing, "by" and "until" begin with it; "after" and "before" are open likewise.
- Weeks begin on Monday. Bounds of parts of a day are in `time_words`. What cannot be resolved is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta, tzinfo
from itertools import pairwise

from pacta.annotations.clock_rules import DayPart, day_parts, part_bounds
from pacta.annotations.date_rules import counted, date_hits, full_dates
from pacta.annotations.numbers import NUMBER, number_value
from pacta.annotations.publication import infer_publication
from pacta.annotations.time_hits import DAY, Context, Hit, midnight, of_day
from pacta.annotations.time_words import NIGHT, PARTS_OF_DAY
from pacta.model import Span, TimeMention

__all__ = ["find_times", "infer_publication"]

_BESIDE = re.compile(r"T|\s*,?\s*(?:(?:in|at|on|of|around|about|by|the)\s+)*", re.IGNORECASE)
_INTO = re.compile(r"\s+(?:going\s+)?(?:in)?to\s+", re.IGNORECASE)
_ON = re.compile(r"\s+(?:on\s+)?", re.IGNORECASE)
_QUALIFIED = re.compile(r"\b(?P<q>early|late)\s+(?:on\s+)?$", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\bthe\s+$", re.IGNORECASE)

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
    days = _longest([*days, *_counted(context, days)])
    hits = _longest([*days, *_day_parts(context, days, zone)])
    hits = _longest([*hits, *_ranges(context, days), *_ranges(context, hits)])
    opened = (_opened(context, hit) for hit in hits)
    return tuple(_mention(hit, zone) for hit in opened if hit is not None and hit.begin < hit.end)


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return the longest of hits that overlap, in order; of equally long ones the first that was found."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: h.span[0] - h.span[1]):
        if all(hit.span[1] <= other.span[0] or other.span[1] <= hit.span[0] for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.span)


def _mention(hit: Hit, zone: tzinfo) -> TimeMention:
    return TimeMention(hit.span, hit.begin.replace(tzinfo=zone), hit.end.replace(tzinfo=zone), hit.granularity)


# --- which day a part of a day stands on ------------------------------------------------------------------------------
def _anchors(context: Context, days: list[Hit], span: Span) -> list[Hit]:
    """Return the days that the sentence of `span` names, without names of other things ("the 9 May parade")."""
    start, end = context.sentence(span[0])
    text = context.text
    return [
        hit
        for hit in days
        if hit.day
        and start <= hit.span[0] < end
        and not (_ATTRIBUTE.search(text[: hit.span[0]]) and re.match(r"\s+[a-z]", text[hit.span[1] :]))
    ]


def _day_before(context: Context, days: list[Hit], span: Span) -> date | None:
    """Return the day named last before `span`, in its sentence or the one before."""
    start, _ = context.sentence(span[0])
    earlier = max((s for s, e in context.sentences if e <= start), default=start)
    named = [hit.day for hit in days if hit.day and earlier <= hit.span[0] and hit.span[1] <= span[0]]
    return named[-1] if named else None


def _day_parts(context: Context, days: list[Hit], zone: tzinfo) -> Iterator[Hit]:
    for hit in days:
        qualified = _QUALIFIED.search(context.text[: hit.span[0]]) if hit.day else None
        if qualified and hit.day:
            low, high = (midnight(hit.day) + offset for offset in PARTS_OF_DAY[qualified["q"].lower()])
            yield Hit((qualified.start(), hit.span[1]), low, high, "part-of-day")
    for part in day_parts(context.text):
        beside = [hit for hit in days if hit.day and _gap(context, part, hit) is not None]
        yield from (_beside(context, part, hit, zone) for hit in beside)
        day = None if beside or part.anchor == "beside" else _day_of(context, days, part)
        if day is not None:
            yield Hit(part.span, *part.on(day, zone), part.granularity)


def _gap(context: Context, part: DayPart, hit: Hit) -> str | None:
    """Return the words between a part of a day and a day that stands beside it; None where it does not."""
    first, second = sorted((part.span, hit.span))
    gap = context.text[first[1] : second[0]]
    overnight_into = part.name == "overnight" and first == part.span and _INTO.fullmatch(gap)
    pattern = _ON if part.name == "overnight" else _BESIDE
    return gap if first[1] <= second[0] and (overnight_into or pattern.fullmatch(gap)) else None


def _beside(context: Context, part: DayPart, hit: Hit, zone: tzinfo) -> Hit:
    assert hit.day is not None
    span = min(part.span[0], hit.span[0]), max(part.span[1], hit.span[1])
    if part.name == "overnight":
        gap = _gap(context, part, hit) or ""
        low, high = part.on(hit.day, zone)
        return Hit(span, low, high if _INTO.fullmatch(gap) else high + DAY, "night")
    qualified = _QUALIFIED.search(context.text[: span[0]])
    if qualified and part.name:
        first, last = part_bounds(part.name, qualified["q"])
        early = replace(part, low=first, high=last)
        return Hit((qualified.start(), span[1]), *replace(early, shift=0).on(hit.day, zone), part.granularity)
    return Hit(span, *replace(part, shift=0).on(hit.day, zone), part.granularity)


def _day_of(context: Context, days: list[Hit], part: DayPart) -> date | None:
    if part.anchor == "own":
        return context.reference
    if part.anchor == "before":
        return _day_before(context, days, part.span)
    near = _anchors(context, days, part.span)
    if near:
        return min(near, key=lambda hit: max(part.span[0] - hit.span[1], hit.span[0] - part.span[1])).day
    return None if part.anchor == "sentence" else context.reference


def _counted(context: Context, days: list[Hit]) -> Iterator[Hit]:
    """Yield what is counted from a day named before ("two days later"), or back from the day of writing."""
    for match in _COUNTED.finditer(context.text):
        span, named = match.span(), _day_before(context, days, match.span())
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
        night = _NIGHT.search(context.text[: hit.span[0]])
        if night and hit.granularity == "days" and hit.end - hit.begin == 2 * DAY:
            yield Hit((night.start(), hit.span[1]), hit.begin + NIGHT[0], hit.begin + NIGHT[1], "night")
    for first, second in pairwise(hits):
        link = _LINK.fullmatch(context.text[first.span[1] : second.span[0]])
        before = context.text[: first.span[0]]
        opening, night = _OPENING.search(before), _NIGHT.search(before)
        between = bool(opening and opening["between"])
        if not link or (link["and"] and not between) or (link["to"] and not (opening or night)):
            continue
        joined = _joined(first, second)
        if joined is None:
            continue
        if night and joined.end - joined.begin == 2 * DAY:
            joined = Hit(joined.span, joined.begin + NIGHT[0], joined.begin + NIGHT[1], "night")
        start = min(m.start() for m in (opening, night) if m) if opening or night else first.span[0]
        yield replace(joined, span=(start, second.span[1]))


def _joined(first: Hit, second: Hit) -> Hit | None:
    """Return the stretch from `first` to `second`, each moved by weeks or years where its name comes round again."""
    if first.begin >= second.begin and second.period and not first.period:
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
    opening = _OPEN.search(context.text[: hit.span[0]])
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
    span = opening.start("word"), hit.span[1]
    granularity = "days" if hit.granularity == "day" or (fine and end - begin > DAY) else hit.granularity
    return Hit(span, begin, end, granularity)
