"""Dates and time extents in words that say how precisely they are known.

>>> extent("2021-08-11T00:00:00+04:00", "2021-08-12T00:00:00+04:00", "day").words
'11 August 2021'
>>> extent("2021-08-11T18:00:00+04:00", "2021-08-12T06:00:00+04:00", "night").words
'night of 11–12 August 2021'
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_PRECISION = {
    "instant": "to the minute",
    "hour": "to the hour",
    "part-of-day": "to a part of the day",
    "night": "to the night",
    "day": "to the day",
    "days": "to a few days",
    "week": "to the week",
    "month": "to the month",
    "season": "to the season",
    "year": "to the year",
    "decade": "to the decade",
    "unknown": "not said how precisely",
}
_WITH_CLOCK = {"instant", "hour", "part-of-day"}


@dataclass(frozen=True, slots=True)
class Extent:
    """One time in words. `words` is the outer bounds, `precision` how precisely the text states them ("" where it does
    not say), `start` and `end` the bounds as ISO 8601 for a machine, either "".
    """

    words: str
    precision: str
    start: str = ""
    end: str = ""


def day(value: str | None) -> str:
    """Return a date or the day of a moment in words; what is no date comes back as it is.

    >>> day("2021-08-13")
    '13 August 2021'
    """
    moment = _moment(value)
    return _day(moment.date()) if moment else value or ""


def extent(not_before: str | None, not_after: str | None, granularity: str | None = None) -> Extent:
    """Return the extent between two ISO 8601 moments, the second one exclusive; either may be missing.

    `granularity` is the last part of the concept's IRI ("day", "night", …).
    """
    grain = (granularity or "").rstrip("/").rsplit("/", 1)[-1]
    start, end = _moment(not_before), _moment(not_after)
    return Extent(_words(start, end, grain), _PRECISION.get(grain, ""), not_before or "", not_after or "")


def _words(start: datetime | None, end: datetime | None, grain: str) -> str:
    if start is None and end is None:
        return "time not given"
    if start is None or end is None:
        known, word = (end, "until") if start is None else (start, "from")
        assert known is not None
        return f"{word} {_day(_last_day(known, known) if start is None else known.date())}"
    if grain in _WITH_CLOCK:
        return _clocked(start, end)
    first, last = start.date(), _last_day(start, end)
    if grain == "night" and (end.date() - first).days == 1:
        return f"night of {_days(first, end.date())}"
    return _days(first, last)


def _clocked(start: datetime, end: datetime) -> str:
    zone = _zone(start)
    if end - start < timedelta(minutes=2):
        return f"{_day(start.date())}, {start:%H:%M} {zone}"
    if end.date() == start.date() or (end == _midnight(end) and _last_day(start, end) == start.date()):
        return f"{_day(start.date())}, {start:%H:%M}–{'24:00' if end == _midnight(end) else f'{end:%H:%M}'} {zone}"
    return f"{_day(start.date())}, {start:%H:%M} – {_day(end.date())}, {end:%H:%M} {zone}"


def _days(first: date, last: date) -> str:
    after = last + timedelta(days=1)
    if first == last:
        return _day(first)
    if first.day == 1 and after.day == 1:
        return _months(first, last)
    if first.year != last.year:
        return f"{_day(first)} – {_day(last)}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]} – {_day(last)}"
    return f"{first.day}–{_day(last)}"


def _months(first: date, last: date) -> str:
    """Return whole months, or whole years, in words."""
    if first.month == 1 and last.month == 12:
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{MONTHS[first.month - 1]} {first.year}"
    begun = MONTHS[first.month - 1] if first.year == last.year else f"{MONTHS[first.month - 1]} {first.year}"
    return f"{begun} – {MONTHS[last.month - 1]} {last.year}"


def _day(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def _zone(moment: datetime) -> str:
    offset = moment.strftime("%z")
    if not offset:
        return ""
    return "UTC" if offset == "+0000" else f"(UTC{offset[:3]}:{offset[3:5]})"


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _last_day(start: datetime, end: datetime) -> date:
    """Return the last day that an exclusive end leaves in."""
    return (end - timedelta(days=1)).date() if end == _midnight(end) and end >= start else end.date()


def _moment(value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None
