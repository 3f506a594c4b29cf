"""Which view shows which class, and which page answers at which path. A view's module is loaded when it is needed.

A view is `async def view(request, iri) -> Response`, a page `async def page(request) -> Response`; the Site is
`request.app.state.site`. Rows name them as "module:function" below pacta.pages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from pacta.vocabulary import P

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    View = Callable[[Request, str], Awaitable[Response]]
    Page = Callable[[Request], Awaitable[Response]]

# The HTML of a resource: by its class, or the nearest class above. A class without a row gets the general table.
VIEWS: dict[str, str] = {
    P.Agreement: "views.agreements:view",
    P.Statement: "views.statement:view",
    P.Attribution: "views.statement:attribution",
    P.Document: "views.document:view",
    P.Capture: "views.document:capture",
    P.Actor: "views.actor:view",
    P.Incident: "views.incident:view",
    P.Proposition: "views.proposition:view",
    P.Clause: "views.clause:view",
    P.Place: "views.place:view",
}

# The question pages at /query/TOPIC/NAME as HTML; the IRI is that of the question.
QUESTION_VIEW: str | None = "views.questions:view"

# Pages with a path of their own. They answer GET and HEAD; what they return is given validators, compressed and cached.
ROUTES: tuple[tuple[str, str], ...] = (
    ("/", "views.start:page"),
    ("/search", "views.search:page"),
    ("/agreements", "views.agreements:page"),
    ("/agreements/{id}/disputes", "views.agreements:disputes"),
    ("/timeline", "views.timeline:page"),
    ("/map", "views.map:page"),
    ("/questions", "views.questions:page"),
    ("/about", "views.about:page"),
)


def load(name: str) -> Page:
    """Return the page "module:function" below pacta.pages, as in "views.start:page"."""
    module, _, function = name.partition(":")
    return cast("Page", getattr(import_module(f"pacta.pages.{module}"), function))


def load_view(name: str) -> View:
    """Return the view "module:function" below pacta.pages, as in "views.actor:view"."""
    return cast("View", load(name))
