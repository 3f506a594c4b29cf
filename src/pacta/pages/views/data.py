"""The data page: everything to take along, releases, licence, what the store holds, and the quality report."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from pacta.pages.quality import SHOWN, findings, statistics
from pacta.pages.rendering import render
from pacta.pages.site import Site
from pacta.pages.views.agreements import listed

MOST = 8  # agreements with a dump of their own on the page
_DUMPS = (
    ("N-Quads, packed", "/data/all.nq.gz"),
    ("N-Quads", "/data/all.nq"),
    ("TriG, packed", "/data/all.trig.gz"),
    ("TriG", "/data/all.trig"),
)
_ABOUT = (("Turtle", "/data.ttl"), ("JSON-LD", "/data.jsonld"), ("VoID", "/.well-known/void"))


async def page(request: Request) -> Response:
    """Return the data page."""
    site: Site = request.app.state.site
    return await site.call(_page, request, site)


def _page(request: Request, site: Site) -> Response:
    counted = statistics(site)
    return render(
        request,
        "data.html",
        title="Data",
        section="/data",
        dumps=_DUMPS,
        about=_ABOUT,
        agreements=[
            (row.agreement, "/data/" + row.agreement.removeprefix(site.settings.base))
            for row in listed(site)[:MOST]
            if site.is_data(row.agreement)
        ],
        counts=[(cls, counted.classes[cls]) for cls in SHOWN if counted.classes.get(cls)],
        others=[(cls, n) for cls, n in counted.classes.items() if cls not in SHOWN],
        statistics=counted,
        findings=findings(site),
        snapshot=site.snapshot.id,
        modified=site.snapshot.modified.isoformat(),
        address=site.settings.url.rstrip("/"),
    )
