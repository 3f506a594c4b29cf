"""The general view of a resource: a table of its properties, what points at it, and the words that are evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pacta.exports.turtle import natural
from pacta.pages.descriptions import Description, describe
from pacta.pages.lookup import Lookup
from pacta.pages.naming import name_of
from pacta.pages.rendering import render
from pacta.pages.resources import alternates, next_page, page_of
from pacta.pages.responses import Problem, site_of
from pacta.pages.site import Site
from pacta.vocabulary import DCTERMS, FORCES, RDF, RDFS, P

_FIRST = (RDF + "type", RDFS + "label")
_LONG = 300  # characters of a literal that stands as a block


@dataclass(frozen=True, slots=True)
class Value:
    """One end of a property: an IRI, or the text of a literal with its language or datatype."""

    text: str
    iri: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Words in which a statement is attributed, as the macro `said` shows them."""

    statement: str
    speaker: str
    force: str
    quote: str
    document: str
    title: str
    published: str


async def instead(request: Request, iri: str, prop: str, *, anchor: str = "") -> Response:
    """Send the reader to what a property of the resource names; without one, show the resource."""
    site = site_of(request)
    found = Lookup(site.snapshot.store).one(iri, prop)
    if not found:
        return await view(request, iri)
    return RedirectResponse(site.href(found) + (f"#{anchor}" if anchor else ""), 303)


async def view(request: Request, iri: str) -> Response:
    """Show any resource."""
    site = site_of(request)
    page = page_of(request)
    found = await site.call(describe, site, iri, page)
    if page > 1 and not (found.incoming or found.statements):
        raise Problem(
            404, "there is no such page of this resource", where="page", links=[(site.href(iri), "First page")]
        )
    path = ""
    if request.url.path == "/describe":
        path = f"/describe?iri={site.quoted(iri)}{'&view=table' if 'view' in request.query_params else ''}"
    return render(request, "resource.html", **await site.call(context, site, found, page, path))


def context(site: Site, found: Description, page: int, path: str = "") -> dict[str, Any]:
    """Return what the template of a resource needs; `path` is its address without a suffix or a page."""
    iri = found.iri
    path = path or site.href(iri)
    return {
        "title": name_of(site, iri),
        "kinds": site.types(iri),
        "iri": iri,
        "canonical": site.url(iri),
        "properties": _grouped((q.predicate, q.object) for q in found.outgoing if q.subject == NamedNode(iri)),
        "nested": _nested(found.outgoing, iri),
        "incoming": _grouped((q.predicate, q.subject) for q in found.incoming),
        "said": said(site, found),
        "is_capture": P.Capture in site.types(iri),
        "next": next_page(path, page + 1) if found.more else "",
        "previous": next_page(path, page - 1) if page > 1 else "",
        "page": page,
        "alternates": [
            {"name": each.name, "media_type": each.media_type, "href": href} for href, each in alternates(path)[1:]
        ]
        if "?" not in path
        else [],
    }


def said(site: Site, found: Description) -> list[Said]:
    """Return the words of each statement of a description, in the order of the documents."""
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in (*found.evidence, *found.outgoing):
        if isinstance(quad.subject, NamedNode):
            facts[quad.subject.value][quad.predicate.value].append(_text(quad.object))
    rows = {}
    for attribution, told in facts.items():
        for statement in told.get(P.attributes, []):
            speaker, force = facts[statement].get(P.speaker), _force(facts[statement])
            for document in told.get(P.inDocument, []) if speaker and force else []:
                about, quote = facts[document], min(told.get(P.contentQuote, [""]))
                title = min(about.get(DCTERMS + "title", [""])) or site.label(document)
                row = Said(
                    statement, min(speaker or [""]), force, quote, document, title, min(about.get(P.published, [""]))
                )
                rows[attribution, document] = row
    return [row for _, row in sorted(rows.items(), key=lambda item: (item[1].published, natural(item[0][0])))]


def _force(facts: dict[str, list[str]]) -> str:
    return next((force for force in FORCES if force in facts), "")


def _grouped(pairs: Iterable[tuple[object, object]]) -> list[tuple[str, list[Value]]]:
    groups: dict[str, set[Value]] = defaultdict(set)
    for predicate, end in pairs:
        groups[_text(predicate)].add(_value(end))
    rows = [(p, sorted(values, key=lambda v: natural(v.iri or v.text))) for p, values in groups.items()]
    return sorted(rows, key=lambda row: (_FIRST.index(row[0]) if row[0] in _FIRST else len(_FIRST), row[0]))


def _nested(quads: Iterable[Quad], iri: str) -> list[tuple[str, list[tuple[str, list[Value]]]]]:
    """Return the blank nodes of a description, each with its properties."""
    found: dict[str, list[tuple[object, object]]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.subject, BlankNode):
            found[str(quad.subject)].append((quad.predicate, quad.object))
    return [(name, _grouped(pairs)) for name, pairs in sorted(found.items(), key=lambda item: natural(item[0]))]


def _value(term: object) -> Value:
    if isinstance(term, NamedNode):
        return Value(term.value, iri=term.value)
    if isinstance(term, Literal):
        datatype = term.datatype.value.rpartition("#")[2]
        return Value(term.value, note=term.language or ("" if datatype == "string" else datatype))
    return Value(str(term))


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
