"""The map: where incidents are said to have happened. The table is the page; a script draws it where it may."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pacta.pages.places import Spot, names_by_user, spots
from pacta.pages.rendering import count, local, render
from pacta.pages.site import Site
from pacta.pages.views.downloads import downloads

MOST = 300  # places and areas on one map
NAMES = 4  # of one place that a tip on the map shows


async def page(request: Request) -> Response:
    """Return the map; `status` chooses the incidents that count."""
    site: Site = request.app.state.site
    return await site.call(_page, request, site)


def _page(request: Request, site: Site) -> Response:
    asked = request.query_params.get("status", "")
    everything = spots(site)
    statuses = sorted({status for spot in everything for status, _ in spot.statuses}, key=site.label)
    chosen = [spot for spot in everything if not asked or any(local(status) == asked for status, _ in spot.statuses)]
    shown = chosen[:MOST]
    names = names_by_user(site, sorted({spot.place for spot in shown}))
    rows = [_row(site, spot, names.get(spot.place, []), asked) for spot in shown]
    return render(
        request,
        "map.html",
        title="Map",
        section="/map",
        rows=rows,
        statuses=[(local(status), site.label(status)) for status in statuses],
        asked=asked,
        left_out=len(chosen) - len(shown),
        downloads=downloads("accounts", "incidents/in-time-and-place"),
    )


def _row(site: Site, spot: Spot, names: list[tuple[str, str, list[str]]], asked: str) -> dict[str, Any]:
    number = sum(n for status, n in spot.statuses if local(status) == asked) if asked else spot.incidents
    where = words(site, spot)
    return {
        "spot": spot,
        "point": spot.point,
        "where": where,
        "names": names,
        "number": number,
        "statuses": [(status, n) for status, n in spot.statuses if not asked or local(status) == asked],
        "points": " ".join(f"{lat:.3f},{lon:.3f}" for lat, lon in spot.area),
        "tip": f"{where}: {count(number, 'incident')}",
        "called": "; ".join(
            f"{form} ({', '.join(site.label(user) for user in users)})" for form, _, users in names[:NAMES] if users
        ),
    }


def words(site: Site, spot: Spot) -> str:
    """Return where a spot is, in words."""
    place = site.label(spot.place)
    if not spot.relative:
        return place
    about = "about " if spot.approximate and spot.distance is not None else ""
    far = f"{about}{spot.distance:g} km " if spot.distance is not None else ""
    return f"{far}{site.label(spot.bearing) + ' of ' if spot.bearing else 'from '}{place}"
