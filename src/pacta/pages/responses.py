"""What the server says: RDF in the format that was asked for, and faults in one shape, as JSON (RFC 9457) and HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from pacta.errors import BadParameter, PactaError, QueryError, StoreError, UnknownParameter, UnknownQuery
from pacta.formats import Format
from pacta.pages.negotiation import best, offers

if TYPE_CHECKING:
    from pacta.pages.site import Site

PROBLEM = "application/problem+json"
_READABLE = offers("json", "html")
_STATUS: tuple[tuple[type[PactaError], int], ...] = (
    (UnknownQuery, 404),
    (UnknownParameter, 400),
    (BadParameter, 400),
    (QueryError, 400),
    (StoreError, 503),
)


class Problem(Exception):
    """A request that cannot be met. Raise it anywhere: the visitor gets status, `what`, `where` and `remedy`.

    `links` are (path, words) to go on with; `headers` go with the response; `more` are further members of the JSON.
    """

    def __init__(
        self,
        status: int,
        what: str,
        *,
        where: str | None = None,
        remedy: str | None = None,
        links: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(what)
        self.status, self.what, self.where, self.remedy = status, what, where, remedy
        self.links, self.headers, self.more = tuple(links), dict(headers or {}), dict(more or {})

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase


def site_of(request: Request) -> Site:
    """Return the Site that a request is for."""
    site: Site = request.app.state.site
    return site


def problem_of(error: PactaError) -> Problem:
    """Return an error of the program as a Problem; where it lies on this machine is not told."""
    for kind, status in _STATUS:
        if isinstance(error, kind):
            if status == 503:
                return Problem(
                    503, "the store cannot be read now", remedy="try again soon", headers={"Retry-After": "30"}
                )
            where = error.where if error.where and not error.where.startswith("/") else None
            return Problem(status, error.what, where=where, remedy=error.remedy)
    return Problem(500, "something went wrong on this server", remedy="try again, and tell its keeper if it stays so")


def problem_response(request: Request, problem: Problem) -> Response:
    """Return a fault as HTML where the visitor reads that, as JSON for everybody else."""
    chosen = best(request.headers.get("accept"), _READABLE)
    if chosen is not None and chosen.name == "html":
        from pacta.pages.rendering import render  # the templates are not loaded before they are needed

        return render(
            request,
            "error.html",
            status_code=problem.status,
            headers=problem.headers,
            title=problem.title,
            problem=problem,
        )
    body = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.what,
        "where": problem.where,
        "remedy": problem.remedy,
        "instance": request.url.path,
        "links": [{"href": href, "title": title} for href, title in problem.links] or None,
        **problem.more,
    }
    told = {name: value for name, value in body.items() if value is not None}
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    return Response(text.encode("utf-8", "replace"), problem.status, headers=problem.headers, media_type=PROBLEM)


def content_type(format: Format) -> str:  # noqa: A002
    """Return the Content-Type of a format; what is text says that it is UTF-8."""
    return f"{format.media_type}; charset=utf-8" if format.media_type.startswith("text/") else format.media_type


def link_header(links: Sequence[tuple[str, Mapping[str, str]]]) -> str:
    """Return a Link header from targets and their attributes."""
    return ", ".join(
        f"<{target}>" + "".join(f'; {name}="{value}"' for name, value in attributes.items())
        for target, attributes in links
    )


def negotiated(request: Request, on_offer: Sequence[Format], links: Sequence[tuple[str, str]] = ()) -> Format:
    """Return the format to send, or raise the Problem 406 that lists what there is; `links` lead to each format."""
    chosen = best(request.headers.get("accept"), on_offer)
    if chosen is None:
        kinds = [each.media_type for each in on_offer]
        raise Problem(
            406,
            f"this is to be had as {', '.join(kinds)}",
            remedy="ask for one of these in Accept, or add a suffix to the path",
            links=links,
            more={"available": kinds},
        )
    return chosen
