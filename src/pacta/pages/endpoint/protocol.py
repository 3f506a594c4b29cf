"""The SPARQL 1.1 Protocol at /sparql: queries by GET, by POST as a form, and by POST as they are; nothing that writes.

An answer is spooled whole, or up to its cap, before its status is sent: what begins with 200 is never broken off.
`offset` is our own parameter: the rows (or triples) to pass over, as the next link of a truncated answer has it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Coroutine
from dataclasses import dataclass
from email.message import Message as Header
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from pacta.formats import Format, by_name
from pacta.pages import views
from pacta.pages.endpoint import service_description
from pacta.pages.endpoint.pool import QueryPool
from pacta.pages.endpoint.process import IN_MEMORY, Answer
from pacta.pages.endpoint.spool import SpooledResponse
from pacta.pages.negotiation import best, listed, offers
from pacta.pages.responses import Problem, content_type, link_header, site_of

T = TypeVar("T")
Fields = list[tuple[str, str]]

PATH = "/sparql"
PAGE = "views.sparql:page"  # what a browser gets
MAX_FIELDS = 2_000  # of one request; graphs may be named one by one

# What is on offer for each kind of answer, the default first.
OFFERS: dict[str, tuple[Format, ...]] = {
    "rows": offers("sparql-json", "xml", "csv", "tsv", "json"),
    "boolean": offers("sparql-json", "xml", "json", "csv", "tsv"),
    "graph": offers("turtle", "ntriples", "jsonld", "rdfxml"),
}
_ALSO = {  # other media types under which clients ask for these formats
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
    "application/x-turtle": "text/turtle",
    "text/plain": "application/n-triples",
}
_SHORT = {  # what the parameter `format` may say beside the names of formats.py
    "rows": {"json": "sparql-json", "text/csv": "csv"},
    "boolean": {"json": "sparql-json"},
    "graph": {"json": "jsonld", "xml": "rdfxml", "rdf+xml": "rdfxml", "json-ld": "jsonld", "n3": "turtle"},
}
_STATUS = {
    "syntax": 400,
    "depth": 400,
    "update": 403,
    "service": 403,
    "bytes": 422,
    "memory": 422,
    "format": 406,
    "missing": 404,
    "engine": 422,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it came: its text, the graphs of its dataset, and how many rows to pass over."""

    query: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    offset: int = 0
    format: str | None = None

    def fields(self) -> Fields:
        """Return it as the fields of a request, without the offset."""
        given = [("query", self.query)]
        given += [("default-graph-uri", each) for each in self.default]
        given += [("named-graph-uri", each) for each in self.named]
        return [*given, ("format", self.format)] if self.format else given


async def page(request: Request) -> Response:
    """Answer a query, or describe the endpoint where there is none; browsers get the page with the editor."""
    fields = await _fields(request)
    names = {name for name, _ in fields}
    if "update" in names:
        raise Problem(403, "this endpoint is read-only", remedy="send a query with SELECT, ASK, CONSTRUCT or DESCRIBE")
    if request.method == "GET" and "format" not in names and (shown := _for_browsers(request)) is not None:
        return await shown(request)
    if "query" not in names:
        if request.method == "GET":
            return service_description.page(request)
        raise Problem(400, "there is no query", remedy="send it in the field `query`, or as application/sparql-query")
    return await answered(request, _asked(fields))


async def answered(request: Request, asked: Asked) -> Response:
    """Run a query and return its answer in the format that the request wants."""
    formats = {kind: _wanted(request, kind, asked.format) for kind in OFFERS}
    etag = _etag(request, asked, formats)
    known = {each.removeprefix("W/") for each in listed(request.headers.get("if-none-match", ""))}
    if request.method == "GET" and etag in known:
        return Response(status_code=304, headers={"ETag": etag, "Vary": "Accept, Accept-Encoding"})
    answer = await evaluated(request, asked, formats)
    return respond(request, answer, etag)


async def evaluated(request: Request, asked: Asked, formats: dict[str, str | None]) -> Answer:
    """Run a query in the pool; whoever gets the answer closes its body."""
    settings = site_of(request).settings
    limits = pool_of(request).limits
    if len(asked.query.encode("utf-8", "replace")) > limits.max_query:
        raise Problem(413, f"the query is longer than {limits.max_query} bytes", remedy="send less at once")
    return await run(
        request,
        {
            "query": asked.query,
            "default": list(asked.default),
            "named": list(asked.named),
            "base": settings.base,
            "offset": asked.offset,
            "formats": formats,
            "next": _next(request, asked),
        },
    )


async def run(request: Request, job: dict[str, Any]) -> Answer:
    """Run a job in the pool while its client is there; a job that was not done raises the Problem to tell."""
    pool = pool_of(request)
    whole = {
        "data": site_of(request).settings.base,
        "max_rows": pool.limits.max_rows,
        "max_bytes": pool.limits.max_bytes,
        **job,
    }
    client = request.client.host if request.client else ""
    answer = await _while_there(request, pool.run(whole, client=client))
    if "fault" in answer.meta:
        answer.body.close()
        raise _problem(answer.meta)
    return answer


def respond(request: Request, answer: Answer, etag: str) -> Response:
    """Return an answer as a response: a small one whole, a large one from its spool."""
    meta = answer.meta
    chosen = by_name(meta["format"])
    headers = {"Content-Type": content_type(chosen)}
    if meta["cut"]:
        headers["X-Truncated"] = f"{meta['cut']}; count={meta['count']}"
        headers["Link"] = link_header([(meta["next"], {"rel": "next"})])
        headers["Access-Control-Expose-Headers"] = "ETag, Link, Last-Modified, Retry-After, X-Truncated"
    if answer.snapshot.id != site_of(request).snapshot.id:
        headers["Cache-Control"] = "no-store"  # a newer state has come meanwhile
    if answer.size <= IN_MEMORY:
        with answer.body:
            return Response(answer.body.read(), headers=headers)
    seconds = pool_of(request).limits.send_seconds
    headers |= {"ETag": etag, "Vary": "Accept, Accept-Encoding"}
    return SpooledResponse(request, answer, headers=headers, seconds=seconds)


def pool_of(request: Request) -> QueryPool:
    """Return the pool of the application that a request is for."""
    pool: QueryPool = request.app.state.pool
    return pool


# --- the request ------------------------------------------------------------------------------------------------------
async def _fields(request: Request) -> Fields:
    """Return the fields of the address and, for POST, those of the body."""
    fields = _parsed(request.scope.get("query_string", b""))
    if request.method != "POST":
        return fields
    kind = Header()
    kind["Content-Type"] = request.headers.get("content-type", "")
    media_type = kind.get_content_type() if request.headers.get("content-type") else ""
    charset = str(kind.get_param("charset") or "utf-8").lower()
    if media_type == "application/sparql-update":
        raise Problem(403, "this endpoint is read-only", remedy="send a query as application/sparql-query")
    if media_type not in ("application/x-www-form-urlencoded", "application/sparql-query"):
        raise Problem(
            415,
            f"a query cannot be sent as {media_type or 'a body without a type'}",
            remedy="send application/sparql-query, or a form with the field `query`",
            headers={"Accept": "application/sparql-query, application/x-www-form-urlencoded"},
        )
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Problem(415, f"a query cannot be sent in {charset}", remedy="send UTF-8")
    body = await request.body()
    if media_type == "application/x-www-form-urlencoded":
        return fields + _parsed(body)
    return [*fields, ("query", _utf8(body))]


def _parsed(raw: bytes) -> Fields:
    try:
        text = raw.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except (UnicodeDecodeError, ValueError):
        remedy = f"escape them as UTF-8, and send at most {MAX_FIELDS}"
        raise Problem(400, "the fields of the request cannot be read", remedy=remedy) from None


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(400, f"the query is not UTF-8 (byte {error.start})", remedy="re-encode it") from None


def _asked(fields: Fields) -> Asked:
    queries = [value for name, value in fields if name == "query"]
    if len(queries) > 1:
        raise Problem(400, "there are several queries", remedy="send one at a time")
    if not queries[0].strip():
        raise Problem(400, "the query is empty", remedy="write SPARQL into it")
    offset = next((value for name, value in fields if name == "offset"), "0")
    if not (offset.isascii() and offset.isdecimal() and len(offset) < 12):
        raise Problem(400, "the offset is no number", remedy="take the next link of the answer before")
    return Asked(
        queries[0],
        _graphs(fields, "default-graph-uri"),
        _graphs(fields, "named-graph-uri"),
        int(offset),
        next((value for name, value in fields if name == "format" and value), None),
    )


def _graphs(fields: Fields, name: str) -> tuple[str, ...]:
    graphs = tuple(value for each, value in fields if each == name)
    for graph in graphs:
        try:
            NamedNode(graph)
        except ValueError:
            raise Problem(400, f"{name} is no IRI", remedy="give the whole IRI of a graph") from None
    return graphs


# --- the answer -------------------------------------------------------------------------------------------------------
def _for_browsers(request: Request) -> views.Page | None:
    """Return the page with the editor where the visitor would rather read HTML than anything else."""
    every = (*offers("html"), *(each for formats in OFFERS.values() for each in formats))
    accept = request.headers.get("accept")
    chosen = best(accept, every) if accept else None
    if chosen is None or chosen.name != "html" or "text/html" not in (accept or ""):
        return None
    try:
        return views.load(PAGE)
    except ModuleNotFoundError:
        return None


def _wanted(request: Request, kind: str, given: str | None) -> str | None:
    """Return the format for one kind of answer: by the field `format`, else by Accept; None where nothing fits."""
    on_offer = OFFERS[kind]
    if given:
        name = _SHORT[kind].get(given.lower(), given.lower())
        for each in on_offer:
            if name in (each.name, *each.aliases, each.media_type):
                return each.name
    accept = request.headers.get("accept", "")
    for other, ours in _ALSO.items():
        accept = accept.replace(other, ours)
    chosen = best(accept, on_offer)
    return chosen.name if chosen else None


def _etag(request: Request, asked: Asked, formats: dict[str, str | None]) -> str:
    marks = (site_of(request).snapshot.id, repr(asked), repr(formats), request.headers.get("accept-encoding", ""))
    return f'"q-{hashlib.sha256(repr(marks).encode()).hexdigest()[:32]}"'


def _next(request: Request, asked: Asked) -> str:
    """Return the address of the rest, with {offset} in it; the query too where it fits into an address."""
    settings = site_of(request).settings
    address = f"{settings.url.rstrip('/')}{PATH}?"
    whole = urlencode(asked.fields()).replace("{", "%7B").replace("}", "%7D")
    short = len(whole) + len(address) + 30 <= settings.max_url
    return f"{address}{whole}&offset={{offset}}" if short else f"{address}offset={{offset}}"


async def _while_there(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Await `work`, and cancel it when the client goes away."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Problem(408, "the client went away")
        return task.result()
    finally:
        task.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _problem(meta: dict[str, Any]) -> Problem:
    kind = meta["fault"]
    if kind == "unacceptable":
        kinds = [each.media_type for each in OFFERS[meta["what"]]]
        remedy = "ask for one of these in Accept, or with the field `format`"
        return Problem(406, f"this answer is to be had as {', '.join(kinds)}", remedy=remedy, more={"available": kinds})
    return Problem(_STATUS[kind], meta["what"], where=meta.get("where"), remedy=meta.get("remedy"))
