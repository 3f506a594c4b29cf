"""A place: its names and who uses them, where it lies, and what is said to have happened there."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pacta.pages.events import accounts
from pacta.pages.places import Spot, accounts_at, coordinates
from pacta.pages.rendering import local, plain_rows, render
from pacta.pages.site import Site
from pacta.pages.times import extent
from pacta.pages.views.agreements import names_of
from pacta.pages.views.downloads import downloads
from pacta.pages.views.map import words
from pacta.pages.views.paging import stretch

PAGE = 40


async def view(request: Request, iri: str) -> Response:
    """Return the page of a place."""
    site: Site = request.app.state.site
    return await site.call(_place, request, site, iri)


def _place(request: Request, site: Site, iri: str) -> Response:
    point = coordinates(site, [iri]).get(iri)
    around = plain_rows(site.rows("places-within", {"place": iri}))
    told = accounts_at(site).get(iri, ())
    starts = site.cached("starts of accounts", lambda: {event.iri: event.start for event in accounts(site).events})
    ordered = sorted(told, key=lambda account: (-starts.get(account, float("-inf")), account))
    pager = stretch(request, ordered, PAGE, "accounts", "#accounts")
    rows: dict[str, dict[str, Any]] = {}
    for row in plain_rows(site.rows("accounts-told", {"account": list(pager.items)})) if pager.items else ():
        if iri not in (row["where"], row["anchor"]):
            continue
        distance = float(row["distance"]) if row["distance"] else None
        spot = Spot(iri, distance, row["bearing"], row["approximate"] in ("true", "1"), None, (), 0, 0, ())
        when = extent(row["from"] or None, row["to"] or None, local(row["granularity"]))
        rows.setdefault(row["account"], {**row, "when": when, "where": words(site, spot) if spot.relative else ""})
    return render(
        request,
        "place.html",
        title=site.label(iri),
        iri=iri,
        section="/map",
        crumbs=[("Map", "/map"), (site.label(iri), "")],
        place=iri,
        point=point,
        outer=_each(around, "outer"),
        inner=_each(around, "inner"),
        capital_of=_each(around, "capitalOf"),
        names=names_of(site, iri),
        downloads=[
            *downloads("names", "names/names-in-use", thing=iri),
            *downloads("accounts", "incidents/in-time-and-place", area=iri),
        ],
        pager=pager,
        rows=[rows[account] for account in pager.items if account in rows],
    )


def _each(rows: list[dict[str, str]], name: str) -> list[str]:
    return list(dict.fromkeys(row[name] for row in rows if row[name]))
