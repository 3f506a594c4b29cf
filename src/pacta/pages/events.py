"""What happened when, by somebody's word: statements and accounts of incidents on lines of time, read once a snapshot.

    statements(site).within(midnight(date(2021, 8, 1)), midnight(date(2021, 9, 1)))

A time is an outer bound with a granularity. A statement without a time of saying stands at the day of its first report,
and says so; an account without a time is counted, not placed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from heapq import merge
from itertools import islice
from typing import NamedTuple, overload

from pacta.pages.rendering import local
from pacta.pages.site import Site
from pacta.pages.walk import grouped, joined, objects
from pacta.vocabulary import P

STATEMENT, INCIDENT = "statement", "incident"
DAY = 86_400.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Bounds = tuple[float, float, str]  # start and end in seconds, and the granularity


class Event(NamedTuple):
    """A statement, or an account of an incident; events sort by their start.

    `start` and `end` are seconds since 1970, `end` not included. `who` is the speaker, or the incident of the account;
    `reported` tells that the time is that of the report; `kind` and `status` are those of an incident.
    """

    start: float
    end: float
    sort: str
    iri: str
    who: str
    grain: str
    reported: bool = False
    kind: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Events sorted by start, with their starts and ends. `unplaced` is how many have no time, `longest` in seconds."""

    events: list[Event]
    spans: list[tuple[float, float]]
    unplaced: int = 0
    longest: float = 0.0

    @classmethod
    def of(cls, events: Iterable[Event], unplaced: int = 0) -> Line:
        """Return a line of events in any order."""
        ordered = sorted(events)
        longest = max((event.end - event.start for event in ordered), default=0.0)
        return cls(ordered, [(event.start, event.end) for event in ordered], unplaced, longest)

    def within(self, start: float, end: float) -> Line:
        """Return the events that may fall into the stretch from `start` to `end` (seconds), `end` not included."""
        low, first, high = (bisect_left(self.spans, (place,)) for place in (start - self.longest, start, end))
        reaching = [at for at in range(low, first) if self.spans[at][1] > start]
        events = [self.events[at] for at in reaching] + self.events[first:high]
        spans = [self.spans[at] for at in reaching] + self.spans[first:high]
        return Line(events, spans, self.unplaced, self.longest)

    def by_month(self) -> dict[tuple[int, int], int]:
        """Return how many events begin in each month that has any."""
        counts: dict[tuple[int, int], int] = {}
        at = 0
        while at < len(self.spans):
            day = day_of(self.spans[at][0])
            after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
            until = bisect_left(self.spans, (midnight(after),))
            counts[day.year, day.month] = until - at
            at = until
        return counts


@dataclass(frozen=True, slots=True)
class Together(Sequence[Event]):
    """Several lines read as one list, by start; only as far as it is read."""

    lines: Sequence[Line]

    def __len__(self) -> int:
        return sum(len(line.events) for line in self.lines)

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> list[Event]: ...
    def __getitem__(self, place: int | slice) -> Event | list[Event]:
        whole = merge(*(line.events for line in self.lines))
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            return list(islice(whole, start, stop, step))
        return next(islice(whole, place, None))


def statements(site: Site) -> Line:
    """Return all statements; read once on each snapshot."""
    return site.cached("statement line", lambda: _statements(site))


def statements_of(site: Site, principal: str) -> Line:
    """Return the statements of a principal and its organs; of one that says nothing, an empty line."""
    by_principal = site.cached("statements by principal", lambda: _by_principal(site))
    return (
        site.cached(("line", principal), lambda: Line.of(by_principal[principal]))
        if principal in by_principal
        else Line.of(())
    )


def accounts(site: Site) -> Line:
    """Return all accounts of incidents that give a time; read once on each snapshot."""
    return site.cached("account line", lambda: _accounts(site))


def speakers(site: Site, most: int) -> list[str]:
    """Return the principals that say most, with their organs."""
    by_principal = site.cached("statements by principal", lambda: _by_principal(site))
    order = site.cached(
        "principals by weight", lambda: sorted(by_principal, key=lambda one: (-len(by_principal[one]), one))
    )
    return order[:most]


def principals(site: Site) -> dict[str, str]:
    """Return the principal of each actor that has one."""
    return site.cached("principals", lambda: objects(site, P.principal))


@lru_cache(maxsize=20_000)
def seconds(moment: str) -> float | None:
    """Return an ISO 8601 moment or day in seconds since 1970; a day is its midnight in UTC; None where it is neither.

    >>> seconds("1970-01-02"), seconds("soon")
    (86400.0, None)
    """
    try:
        value = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()


def moment_of(stamp: float) -> datetime:
    """Return a moment given in seconds since 1970, also one long before, in UTC."""
    return _EPOCH + timedelta(seconds=stamp)


def day_of(stamp: float) -> date:
    """Return the day in UTC of a moment in seconds since 1970."""
    return moment_of(stamp).date()


def midnight(day: date) -> float:
    """Return the beginning of a day in UTC in seconds since 1970."""
    return datetime.combine(day, time(), UTC).timestamp()


# --- walks ------------------------------------------------------------------------------------------------------------
def _statements(site: Site) -> Line:
    """Return every statement with its speaker, at the time of saying or at the day of its first report.

    What reprints repeat is left out, here and among accounts.
    """
    told = _times_of_saying(site)
    copies = objects(site, P.copyOf)
    published = objects(site, P.published)
    days: dict[str, str] = {}
    for statement, document in joined(site, P.attributes, P.inDocument):
        day = published.get(document, "")
        days[statement] = min(days.get(statement, "") or day, day or days.get(statement, ""))
    events = []
    unplaced = 0
    for statement, speaker in objects(site, P.speaker).items():
        if statement in copies:
            continue
        if (bounds := told.get(statement)) is not None:
            events.append(Event(bounds[0], bounds[1], STATEMENT, statement, speaker, bounds[2]))
        elif (start := seconds(days.get(statement, ""))) is not None:
            events.append(Event(start, start + DAY, STATEMENT, statement, speaker, "day", True))
        else:
            unplaced += 1
    return Line.of(events, unplaced)


def _times_of_saying(site: Site) -> dict[str, Bounds]:
    def walk() -> dict[str, Bounds]:
        known = _bounds(site)
        return {one: known[when] for one, when in objects(site, P.saidDuring).items() if when in known}

    return site.cached("times of saying", walk)


def _bounds(site: Site) -> dict[str, Bounds]:
    """Return the bounds of every extent of time that has both."""

    def walk() -> dict[str, Bounds]:
        ends, grains = objects(site, P.notAfter), objects(site, P.granularity)
        found = {}
        for extent, begin in objects(site, P.notBefore).items():
            start, end = seconds(begin), seconds(ends.get(extent, ""))
            if start is not None and end is not None:
                found[extent] = (start, max(end, start + 60), local(grains.get(extent, "")))
        return found

    return site.cached("bounds", walk)


def _accounts(site: Site) -> Line:
    known, kinds, statuses = _bounds(site), objects(site, P.incidentKind), objects(site, P.status)
    when, copies = objects(site, P.occurredDuring), objects(site, P.copyOf)
    events, unplaced = [], 0
    for account, incidents in grouped(site, P.accountOf).items():
        if account in copies:
            continue
        bounds = known.get(when.get(account, ""))
        if bounds is None:
            unplaced += 1
            continue
        for incident in incidents:
            if incident in copies:
                continue
            events.append(
                Event(
                    bounds[0], bounds[1], INCIDENT, account, incident, bounds[2],
                    kind=kinds.get(account, ""), status=statuses.get(incident, ""),
                )
            )  # fmt: skip
    return Line.of(events, unplaced)


def _by_principal(site: Site) -> dict[str, list[Event]]:
    """Return the statements that have a time, by the principal of their speaker."""
    known = principals(site)
    found: dict[str, list[Event]] = {}
    for event in statements(site).events:
        found.setdefault(known.get(event.who, event.who), []).append(event)
    return found
