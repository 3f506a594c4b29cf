"""The SPARQL 1.1 Graph Store HTTP Protocol for reading, at /rdf-graph-store: one graph, or all as one.

`?graph=IRI` and `?default` name the graph; so does the path, as the local part of an IRI of the data:
/rdf-graph-store/graph/derived. Requests that write get 405.
"""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl, quote, urlencode

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from pacta.pages.endpoint import protocol
from pacta.pages.responses import Problem, negotiated, site_of

PATH = "/rdf-graph-store"


async def page(request: Request) -> Response:
    """Return a graph, cut short where it is longer than an answer may be."""
    fields = parse_qsl(request.url.query, keep_blank_values=True)
    graph = _graph(request, fields)
    offset = next((value for name, value in fields if name == "offset"), "0")
    if not (offset.isascii() and offset.isdecimal() and len(offset) < 12):
        raise Problem(400, "the offset is no number", remedy="take the next link of the answer before")
    chosen = negotiated(request, protocol.OFFERS["graph"])
    settings = site_of(request).settings
    named = "default=" if graph is None else urlencode({"graph": graph})
    job = {
        "graph": graph,
        "offset": int(offset),
        "formats": {"graph": chosen.name},
        "next": f"{settings.url.rstrip('/')}{PATH}?{quote(named, safe='=%&')}&offset={{offset}}",
    }
    answer = await protocol.run(request, job)
    mark = hashlib.sha256(repr((answer.snapshot.id, job)).encode()).hexdigest()[:32]
    return protocol.respond(request, answer, f'"g-{mark}"')


def _graph(request: Request, fields: protocol.Fields) -> str | None:
    """Return the IRI of the graph that is meant, None for the default graph."""
    local = request.path_params.get("path", "").strip("/")
    given = [value for name, value in fields if name == "graph"]
    ways = bool(local) + len(given) + any(name == "default" for name, _ in fields)
    if ways != 1:
        raise Problem(400, "one graph must be named", remedy="give ?graph=IRI or ?default")
    if not local and not given:
        return None
    graph = given[0] if given else site_of(request).settings.base + local
    try:
        return NamedNode(graph).value
    except ValueError:
        raise Problem(400, "the graph's name is no IRI", remedy="give the whole IRI of a graph") from None
