"""The timeline: statements and accounts of incidents in a stretch of time, as a chart and as a list."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pacta.pages.events import (
    INCIDENT,
    STATEMENT,
    Event,
    Line,
    Together,
    accounts,
    day_of,
    midnight,
    moment_of,
    speakers,
    statements,
    statements_of,
)
from pacta.pages.evidence import plain
from pacta.pages.lookup import Lookup
from pacta.pages.positions import of_agreement
from pacta.pages.rendering import local, plain_rows, render, with_query
from pacta.pages.responses import Problem
from pacta.pages.site import Site
from pacta.pages.svg import Lane, Mark, lanes, months
from pacta.pages.times import MONTHS, Extent, extent
from pacta.pages.views.agreements import said
from pacta.pages.views.downloads import downloads
from pacta.pages.views.paging import stretch
from pacta.vocabulary import FORCES, P

PAGE = 40
SPEAKERS = 60
WORDED = 150  # statements of a chart whose force is told with each
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_SORTS = {"statements": STATEMENT, "incidents": INCIDENT}


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of time: `first` and `last` day, both included."""

    first: date
    last: date

    @property
    def start(self) -> float:
        return midnight(self.first)

    @property
    def end(self) -> float:
        return midnight(self.last + timedelta(days=1))


async def page(request: Request) -> Response:
    """Return the timeline; `from` and `to` bound it, `show`, `actor` and `agreement` choose what is on it."""
    site: Site = request.app.state.site
    return await site.call(_page, request, site)


def _page(request: Request, site: Site) -> Response:
    asked = {name: value.strip() for name, value in request.query_params.items() if name != "page" and value.strip()}
    agreement = site.iris.agreement(asked["agreement"]) if asked.get("agreement") else ""
    who = site.iris.base + asked["actor"] if asked.get("actor") else ""
    sort = STATEMENT if agreement or who else _SORTS.get(asked.get("show", ""), "")
    lines = _lines(site, sort, who, agreement)
    by_month = _by_month(lines)
    view = _range(asked, by_month)
    here = {each: line.within(view.start, view.end) for each, line in lines.items()}
    events = Together(list(here.values()))

    def link(start: float, end: float) -> str:
        last = max(day_of(start), day_of(end - 1))
        return with_query("/timeline", asked | {"from": day_of(start).isoformat(), "to": last.isoformat()})

    pager = stretch(request, events, PAGE, "entries", "#list")
    return render(
        request,
        "timeline.html",
        title="Timeline",
        canonical=site.settings.url.rstrip("/") + with_query("/timeline", asked),
        section="/timeline",
        asked=asked,
        range=view,
        whole=not (asked.get("from") or asked.get("to")),
        overview=months(by_month, link, (view.start, view.end), title="Statements and accounts by month"),
        chart=lanes(_lanes(site, here, link), view.start, view.end, title=_title(view)) if events else "",
        facets=_facets(by_month, asked, view),
        speakers=_speakers(site, speakers(site, SPEAKERS), who),
        entries=_entries(site, pager.items),
        pager=pager,
        counts={each: len(line.events) for each, line in here.items()},
        unplaced=sum(line.unplaced for line in here.values()),
        downloads=_downloads(here, who, view),
        agreement=agreement,
        reset=with_query("/timeline", {k: v for k, v in asked.items() if k not in ("from", "to")}),
    )


def _downloads(here: dict[str, Line], who: str, view: Range) -> list[tuple[str, str]]:
    """Return the answers that hold what is in view, and what the chart leaves out of them."""
    day, after = view.first.isoformat(), (view.last + timedelta(days=1)).isoformat()
    found = []
    if STATEMENT in here:
        found += downloads("statements", "statements/by-actor", actor=who, **{"from": day, "to": after})
    if INCIDENT in here:
        found += downloads("accounts", "incidents/in-time-and-place", **{"from": day, "to": after})
    return found


def _lines(site: Site, sort: str, who: str, agreement: str) -> dict[str, Line]:
    """Return the events to show by sort: by one principal, about one agreement, or all."""
    if agreement:
        chosen = set(of_agreement(site, agreement).chosen(None, who or None, None))
        return {STATEMENT: Line.of(event for event in statements(site).events if event.iri in chosen)}
    if who:
        return {STATEMENT: statements_of(site, who)}
    lines = {STATEMENT: statements, INCIDENT: accounts}
    return {each: line(site) for each, line in lines.items() if sort in ("", each)}


def _by_month(lines: dict[str, Line]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return how many statements and how many accounts begin in each month."""
    said_, told = (lines[each].by_month() if each in lines else {} for each in (STATEMENT, INCIDENT))
    return {month: (said_.get(month, 0), told.get(month, 0)) for month in sorted({*said_, *told})}


def _range(asked: dict[str, str], by_month: dict[tuple[int, int], tuple[int, int]]) -> Range:
    first = _bound(asked, "from", last=False)
    last = _bound(asked, "to", last=True)
    months_ = sorted(by_month)
    if first is None:
        first = date(*months_[0], 1) if months_ else date(datetime.now(UTC).year, 1, 1)
        if last is not None and first > last:
            first = date(last.year, 1, 1)
    if last is None:
        last = _month_end(*months_[-1]) if months_ else date(first.year, 12, 31)
        if first > last:
            last = date(first.year, 12, 31)
    if first > last:
        raise Problem(
            400, "the stretch ends before it begins", where="from, to", remedy="give the earlier day first",
            links=[("/timeline", "The whole timeline")],
        )  # fmt: skip
    return Range(first, last)


def _bound(asked: dict[str, str], name: str, *, last: bool) -> date | None:
    """Return the day that a year, a month or a day in the address stands for: its first, or its last."""
    if not asked.get(name):
        return None
    found = _DATE.fullmatch(asked[name])
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        if day and month:
            return date(year, month, day)
        if month:
            return _month_end(year, month) if last else date(year, month, 1)
        return date(year, 12, 31) if last else date(year, 1, 1)
    except ValueError:
        raise Problem(
            400, f"{asked[name][:40]!r} is no day", where=name, remedy="write 2021, 2021-08 or 2021-08-13",
            links=[("/timeline", "The whole timeline")],
        ) from None  # fmt: skip


def _month_end(year: int, month: int) -> date:
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)


def _title(shown: Range) -> str:
    words = extent(shown.first.isoformat(), (shown.last + timedelta(days=1)).isoformat(), "days").words
    return f"Statements and accounts of incidents, {words}"


def _facets(
    by_month: dict[tuple[int, int], tuple[int, int]], asked: dict[str, str], shown: Range
) -> list[dict[str, Any]]:
    """Return the years, and the months of the years in view, with their numbers and addresses."""
    rest = {name: value for name, value in asked.items() if name not in ("from", "to")}
    years: dict[int, int] = defaultdict(int)
    for (year, _), (said_, told) in by_month.items():
        years[year] += said_ + told
    facets = []
    open_years = {year for year in years if shown.first.year <= year <= shown.last.year}
    for year, number in sorted(years.items()):
        inside = []
        if year in open_years and len(open_years) <= 2:
            for month in range(1, 13):
                if sum(by_month.get((year, month), ())):
                    key = f"{year}-{month:02d}"
                    inside.append(
                        {
                            "name": MONTHS[month - 1],
                            "number": sum(by_month[year, month]),
                            "href": with_query("/timeline", rest | {"from": key, "to": key}),
                            "current": (shown.first, shown.last) == (date(year, month, 1), _month_end(year, month)),
                        }
                    )
        facets.append(
            {
                "name": str(year),
                "number": number,
                "href": with_query("/timeline", rest | {"from": str(year), "to": str(year)}),
                "current": (shown.first, shown.last) == (date(year, 1, 1), date(year, 12, 31)),
                "months": inside,
            }
        )
    return facets


def _lanes(site: Site, lines: dict[str, Line], link: Callable[[float, float], str]) -> list[Lane]:
    names = {INCIDENT: ("Incidents, by the accounts of them", "account"), STATEMENT: ("Statements", "statement")}
    found = []
    for sort, (name, noun) in names.items():
        if sort in lines and lines[sort].events:
            events = lines[sort].events
            marker = _marker(site, events, worded=len(events) <= WORDED)
            found.append(Lane(name, lines[sort].spans, marker, link, noun, sort))
    return found


def _marker(site: Site, events: Sequence[Event], *, worded: bool) -> Callable[[int], Mark]:
    return lambda place: _mark(site, events[place], worded=worded)


def _mark(site: Site, event: Event, *, worded: bool) -> Mark:
    when = _when(site, event)
    told = when.words + (f" ({when.precision})" if when.precision else "")
    if event.sort == INCIDENT:
        status = f", {site.label(event.status)}" if event.status else ""
        words = f"{site.label(event.kind) if event.kind else 'incident'}{status}: {told}"
        return Mark(f"incident {local(event.status)}".strip(), site.href(event.who), words)
    force = _force(site, event.iri) if worded else "says"
    reported = " (day of the report)" if event.reported else ""
    kind = "statement reported" if event.reported else "statement"
    return Mark(kind, site.href(event.iri), f"{plain(site.label(event.who))} {force}: {told}{reported}")


def _force(site: Site, statement: str) -> str:
    look = Lookup(site.snapshot.store)
    return next((local(force) for force in FORCES if look.one(statement, force)), "says")


def _when(site: Site, event: Event) -> Extent:
    """Return the time in words, in the offset that the data give it: in UTC its days would be others."""
    look = Lookup(site.snapshot.store)
    time = "" if event.reported else look.one(event.iri, P.saidDuring, P.occurredDuring)
    if time:
        return extent(look.one(time, P.notBefore), look.one(time, P.notAfter), look.one(time, P.granularity))
    return extent(moment_of(event.start).isoformat(), moment_of(event.end).isoformat(), event.grain)


def _speakers(site: Site, iris: list[str], chosen: str) -> list[tuple[str, str]]:
    """Return (part of the address, label) of the principals to choose from."""
    if chosen and chosen not in iris:
        iris = [*iris, chosen]
    named = ((iri.removeprefix(site.iris.base), site.label(iri)) for iri in iris)
    return sorted(named, key=lambda one: one[1].casefold())


def _entries(site: Site, events: Sequence[Event]) -> list[dict[str, Any]]:
    """Return the list beside the chart: each event with its words."""
    statements = {row["statement"]: row for row in said(site, [e.iri for e in events if e.sort == STATEMENT])}
    told = [event.iri for event in events if event.sort == INCIDENT]
    glosses = {row["account"]: row for row in plain_rows(site.rows("accounts", {"account": told}))} if told else {}
    return [
        {
            "event": event,
            "when": _when(site, event),
            "statement": statements.get(event.iri),
            "account": glosses.get(event.iri),
            "month": f"{MONTHS[moment_of(event.start).month - 1]} {moment_of(event.start).year}",
        }
        for event in events
    ]
