"""Linked data: every resource of the data, of the ontology and of the lexicon at its own address, in five formats."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import quote

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pacta.exports import graph_to
from pacta.formats import Format
from pacta.pages import views
from pacta.pages.descriptions import Description, describe, is_described
from pacta.pages.negotiation import offers
from pacta.pages.responses import Problem, content_type, link_header, negotiated, site_of
from pacta.pages.site import Site, sound
from pacta.vocabulary import RDF, P

OFFERS = offers("html", "turtle", "jsonld", "ntriples", "rdfxml")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_TYPE = NamedNode(RDF + "type")
_KEY = re.compile(r"\b[0-9a-f]{12}\b")
_BY_SUFFIX = {suffix: row for row in OFFERS for suffix in row.suffixes[:1]}


Describe = Callable[[Site, str, int], Description]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A resource that is asked for: its IRI, the path of it without a suffix, the format where the suffix says it, and
    whether the path takes suffixes at all.
    """

    iri: str
    path: str
    format: Format | None
    suffixes: bool = True

    def at(self, format: Format) -> str:  # noqa: A002
        """Return the path of this resource in a format."""
        return self.path + format.suffix if self.suffixes else self.path


async def data(request: Request) -> Response:
    """Answer /id/…: the resource of the data with this path."""
    site = site_of(request)
    raw = request.scope.get("raw_path", b"").decode("ascii", "replace").partition("/id/")[2]
    wanted = await site.call(_wanted, site, request.path_params["path"], raw)
    return await answer(request, wanted)


async def answer(
    request: Request, wanted: Wanted, *, described: Describe = describe, view: str | None = None
) -> Response:
    """Answer with a resource in the format of the suffix, or the one that Accept wants.

    `described` makes the RDF, `view` ("module:function") the HTML, which else goes by the class of the resource.
    """
    site = site_of(request)
    links = alternates(wanted.path) if wanted.suffixes else []
    chosen = wanted.format or negotiated(request, OFFERS, [(href, each.media_type) for href, each in links])
    page = page_of(request)
    header = [
        (wanted.path, {"rel": "canonical"}),
        (site.absolute(wanted.iri), {"rel": "describes"}),
        *((href, {"rel": "alternate", "type": each.media_type}) for href, each in links if each != chosen),
        (LICENCE, {"rel": "license"}),
    ]
    headers = {"Content-Location": wanted.at(chosen)}
    if chosen.name == "html":
        name = view or site.view_of(wanted.iri) or "views.resource:view"
        response = await views.load_view(name)(request, wanted.iri)
        for name, value in {**headers, "Link": link_header(header)}.items():
            response.headers.setdefault(name, value)
        return response
    found = await site.call(described, site, wanted.iri, page)
    if page > 1 and not (found.incoming or found.statements):
        raise Problem(
            404, "there is no such page of this resource", where="page", links=[(wanted.path, "The first page")]
        )
    header += [(next_page(wanted.at(chosen), page + step), {"rel": rel}) for step, rel in _turns(found, page)]
    body = await site.call(graph_to, found.quads, chosen.name, base=site.settings.base)
    headers |= {"Link": link_header(header), "Content-Type": content_type(chosen)}
    return Response(body, headers=headers)


def alternates(path: str) -> list[tuple[str, Format]]:
    """Return the address of each format of a resource."""
    return [(path + each.suffix, each) for each in OFFERS]


def next_page(path: str, page: int) -> str:
    """Return the address of a page of a description."""
    return f"{path}{'&' if '?' in path else '?'}page={page}"


def page_of(request: Request) -> int:
    """Return which page of what points at a resource is asked for, from 1."""
    text = request.query_params.get("page", "1")
    if not text.isdecimal() or not 1 <= len(text) <= 6 or int(text) < 1:
        raise Problem(400, "a page is a whole number from 1", where="page", remedy="leave it out for the first page")
    return int(text)


def split_suffix(path: str) -> tuple[str, Format | None]:
    """Return a path without the suffix of a format, and the format.

    >>> split_suffix("actor/osce.ttl")[0]
    'actor/osce'
    """
    stem, dot, name = path.rpartition(".")
    found = _BY_SUFFIX.get(dot + name)
    return (stem, found) if found and stem else (path, None)


async def lookup(request: Request) -> Response:
    """Answer /describe?iri=…: any resource by its IRI, also one with a fragment or from elsewhere.

    With `view=table` the page is the general one, where the class of the resource has a page of its own.
    """
    site = site_of(request)
    text = request.query_params.get("iri", "")
    iri = sound(text) if ":" in text else sound(site.settings.base + text) if text else None
    if iri is None:
        raise Problem(
            400, "this is no IRI", where="iri", remedy="write /describe?iri= and a whole IRI, percent-encoded"
        )
    if not await site.call(is_described, site, iri):
        raise not_found(site, iri.removeprefix(site.settings.base))
    path = site.href(iri)
    general = request.query_params.get("view") == "table"
    if path.startswith("/") and "#" not in path and not general:
        return RedirectResponse(path, 303)
    where = f"/describe?iri={site.quoted(iri)}{'&view=table' if general else ''}"
    return await answer(
        request, Wanted(iri, where, None, suffixes=False), view="views.resource:view" if general else None
    )


def _wanted(site: Site, path: str, raw: str) -> Wanted:
    """Return what a path below /id/ asks for: the path as a visitor reads it, or else as it was sent."""
    for text in dict.fromkeys((path, raw)):
        stem, chosen = split_suffix(text)
        if chosen and (whole := site.iri(text)) and is_described(site, whole):
            return Wanted(whole, site.href(whole), None)  # the IRI itself ends like a suffix
        if (iri := site.iri(stem)) and is_described(site, iri):
            return Wanted(iri, site.href(iri), chosen)
    raise not_found(site, split_suffix(path)[0])


def not_found(site: Site, local: str) -> Problem:
    """Return the 404 for a resource that nothing is said of, with the ones it may have been meant for."""
    links = [(site.href(iri), site.label(iri)) for iri in _nearest(site, local)]
    words = " ".join(re.findall(r"[^\W_]+", local.rpartition("/")[2]))[:80]
    links.append((f"/search?q={quote(words)}" if words else "/search", "Search"))
    hint = "did you mean one of these? Or look for it by its name" if len(links) > 1 else "look for it by its name"
    return Problem(404, "nothing is said of this resource", remedy=hint, links=links)


def _nearest(site: Site, local: str) -> list[str]:
    """Return up to five IRIs that a path may have been meant for: its document, similar names, what it is a part of."""
    if len(local) > 200:
        return []
    iris = site.iris
    if key := _KEY.search(local):
        return [iri for iri in (iris.document(key[0]),) if is_described(site, iri)]
    names = site.cached("names", lambda: _names(site))
    kind, slash, tail = local.rpartition("/")
    tails = [name.removeprefix(kind + slash) for name in names if name.startswith(kind + slash)]
    near = [each for each in tails if "/" not in each]
    found = [f"{site.settings.base}{kind}{slash}{each}" for each in get_close_matches(tail.lower(), near, 5, 0.7)]
    while "/" in kind and not found:  # what it would be a part of
        whole = sound(site.settings.base + kind)
        found = [whole] if whole and is_described(site, whole) else []
        kind = kind.rpartition("/")[0]
    return found


def _names(site: Site) -> list[str]:
    """Return the local names of actors, places and agreements in the reference data, which are bounded in number."""
    base, store = site.settings.base, site.snapshot.store
    graphs = [NamedNode(site.iris.reference_graph())]
    classes = [P.Agreement, P.Clause]
    found = {q.subject for q in store.quads_for_pattern(None, _TYPE, None, graphs[0])}
    found |= {q.subject for each in classes for q in store.quads_for_pattern(None, _TYPE, NamedNode(each), None)}
    locals_ = (node.value.removeprefix(base) for node in found if isinstance(node, NamedNode))
    return sorted(name for name in locals_ if not name.startswith(("name/", "time/")))


def _turns(found: Description, page: int) -> list[tuple[int, str]]:
    return [*([(1, "next")] if found.more else []), *([(-1, "prev")] if page > 1 else [])]
