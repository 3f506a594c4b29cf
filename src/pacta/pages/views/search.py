"""Search: actors by any name, agreements, clauses, places, incidents, statements, documents; and lists of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from pacta.pages.cards import Card, card_of
from pacta.pages.lookup import Lookup
from pacta.pages.rendering import local, render, shortened, with_query
from pacta.pages.responses import site_of
from pacta.pages.search_index import KINDS, MOST, Hit, folded, index_for, is_complete, listed, newest_documents, search
from pacta.pages.site import Site
from pacta.pages.views.paging import Pager, stretch
from pacta.vocabulary import DCTERMS, P

EACH = 5  # of one kind where all kinds are shown
PAGE = 25
LONGEST = 200  # characters of a query


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the answer: what it is called, by which other name it was found, and a few words about it."""

    iri: str
    name: str
    alias: str
    words: str
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; `total` is how many, `more` where there are still more."""

    kind: str
    heading: str
    total: int
    more: bool
    found: Sequence[Found]
    all_at: str


async def page(request: Request) -> Response:
    """Return the page of answers to `q`, of one `kind` or of all; without `q` a list of the kind."""
    return await site_of(request).call(_page, request)


def _page(request: Request) -> Response:
    site = site_of(request)
    look = Lookup(site.snapshot.store)
    query = " ".join(request.query_params.get("q", "").split())[:LONGEST]
    kind = request.query_params.get("kind", "")
    kind = kind if kind in KINDS else ""
    groups: list[Group] = []
    pager: Pager[Hit] | None = None
    counts: dict[str, str] = {}
    if kind and not query:
        rows = newest_documents(site) if kind == "document" else listed(site, kind)
        pager = stretch(request, [Hit(iri, "") for iri in rows], PAGE, KINDS[kind][1])
        groups = [_group(site, look, kind, pager.items, pager.total, False, query)]
    elif query:
        answers = search(site, query)
        counts = {each: f"{MOST:,}+" if hits.more else f"{len(hits.hits):,}" for each, hits in answers.items()}
        if kind:
            pager = stretch(request, answers[kind].hits, PAGE, KINDS[kind][1])
            groups = [_group(site, look, kind, pager.items, pager.total, answers[kind].more, query)]
        else:
            groups = [
                _group(site, look, each, hits.hits[:EACH], len(hits.hits), hits.more, query)
                for each, hits in answers.items()
                if hits.hits
            ]
    asked = [kind] if kind else list(KINDS) if query else []
    complete = (kind == "document" and not query) or is_complete(site, asked)
    heading = KINDS[kind][1].capitalize() if kind and not query else f"Search: {query}" if query else "Search"
    nothing = query and not any(group.found for group in groups)
    return render(
        request,
        "search.html",
        headers={} if complete else {"Cache-Control": "no-store"},  # the next answer will have more
        title=heading,
        crumbs=[("Start", "/"), (heading, "")],
        query=query,
        kind=kind,
        kinds=KINDS,
        counts=counts,
        groups=groups,
        pager=pager,
        complete=complete,
        suggestions=index_for(site, "actor").like(query) if nothing else [],
    )


def _group(site: Site, look: Lookup, kind: str, hits: Sequence[Hit], total: int, more: bool, query: str) -> Group:
    found = [_found(site, look, kind, hit) for hit in hits]
    at = with_query("/search", q=query, kind=kind)
    return Group(kind, KINDS[kind][1].capitalize(), total, more, found, at)


def _found(site: Site, look: Lookup, kind: str, hit: Hit) -> Found:
    from pacta.pages.naming import name_of

    name = name_of(site, hit.iri)
    alias = hit.name if kind in ("actor", "agreement", "place") and folded(hit.name) != folded(name) else ""
    card = card_of(look, hit.iri) if kind == "statement" else None
    return Found(hit.iri, name, alias, _words(site, look, kind, hit.iri), card)


def _words(site: Site, look: Lookup, kind: str, iri: str) -> str:
    """Return a few words about a resource."""
    if kind == "actor":
        kinds = [site.label(each) for each in look.types(iri) if each != P.Actor]
        above = [site.label(each) for each in look.all(iri, P.organOf)]
        return " · ".join([*kinds, *(f"of {each}" for each in above)])
    if kind == "clause":
        return shortened(look.one(iri, P.summary), 180)
    if kind == "agreement":
        return ", ".join(site.label(each) for each in look.all(iri, P.party))
    if kind == "incident":
        status = look.one(iri, P.status)
        return local(status) if status else ""
    if kind == "document":
        outlet = look.one(iri, P.outlet)
        return " · ".join(each for each in (site.label(outlet) if outlet else "", look.one(iri, P.published)) if each)
    if kind == "place":
        return ", ".join(site.label(each) for each in look.all(iri, P.within))
    return look.one(iri, DCTERMS + "title")
