"""An actor: its names and who uses them, its organs, what it said with them, charges made and met, its readings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Literal
from starlette.requests import Request
from starlette.responses import Response

from pacta.pages.cards import Card, cards_of
from pacta.pages.lookup import Lookup
from pacta.pages.rendering import count, render
from pacta.pages.responses import site_of
from pacta.pages.site import Site
from pacta.pages.views.paging import stretch
from pacta.pages.voices import voices_of
from pacta.vocabulary import RDFS, SKOS, P

SAID = 12  # statements at once
READ = 6  # readings shown
PARTNERS = 8  # accusers or accused shown
PER_PARTNER = 3  # statements of each that are linked
NAMES = 400  # names of one actor
OPEN = 8  # forms of a name shown before the rest is folded


@dataclass(frozen=True, slots=True)
class Called:
    """One form of a name: its language, what kinds of name it is and who uses it."""

    form: str
    language: str
    kinds: tuple[str, ...]
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Charges:
    """What lies between an actor and one other: how many statements, and the newest of them."""

    other: str
    number: int
    cards: tuple[Card, ...]


async def view(request: Request, iri: str) -> Response:
    """Return the page of an actor."""
    return await site_of(request).call(_page, request, iri)


def _page(request: Request, iri: str) -> Response:
    site = site_of(request)
    look = Lookup(site.snapshot.store)
    voices = voices_of(site, iri)
    said = stretch(request, voices.said, SAID, "statements", "#said")
    title = site.label(iri)
    kinds = [each for each in look.types(iri) if each != P.Actor]
    principal = look.one(iri, P.principal)
    return render(
        request,
        "actor.html",
        iri=iri,
        title=title,
        description=f"{title}: {count(said.total, 'statement')}",
        crumbs=[("Start", "/"), ("Actors", "/search?kind=actor"), *_above(site, look, iri), (title, "")],
        kinds=kinds,
        comment=look.one(iri, RDFS + "comment"),
        function=look.one(iri, P.organFunction),
        above=look.all(iri, P.organOf),
        principal=principal if principal != iri else "",
        capital=look.one(iri, P.capital),
        matches=look.all(iri, SKOS + "exactMatch", SKOS + "closeMatch"),
        names=_names(site, look, iri),
        open=OPEN,
        organs=[(organ, voices.number[organ]) for organ in voices.organs],
        said=said,
        cards=cards_of(look, said.items),
        charges=_charges(look, voices.charges),
        charged=_charges(look, voices.charged),
        readings=cards_of(look, voices.readings[:READ]),
        reads=len(voices.readings),
        partial=voices.partial,
        disputes=look.all(iri, P.disputes),
    )


def _above(site: Site, look: Lookup, iri: str) -> list[tuple[str, str]]:
    return [(site.label(each), site.href(each)) for each in reversed(look.path([iri], P.organOf, 5))]


def _charges(look: Lookup, by_other: dict[str, list[str]]) -> list[Charges]:
    most = sorted(by_other.items(), key=lambda row: (-len(row[1]), row[0]))[:PARTNERS]
    return [
        Charges(other, len(statements), tuple(cards_of(look, statements[:PER_PARTNER]))) for other, statements in most
    ]


def _names(site: Site, look: Lookup, iri: str) -> list[Called]:
    """Return the forms of an actor's names, the ones that somebody in particular uses after those of everybody."""
    kinds: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    users: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for name in look.all(iri, P.name, limit=NAMES):
        for term in look.terms(name, P.nameForm):
            if isinstance(term, Literal):
                key = (term.value, term.language or "")
                kinds[key].update(look.all(name, P.nameKind))
                users[key].update(look.all(name, P.usedBy))
    rows = [Called(form, tag, tuple(sorted(kinds[form, tag])), tuple(sorted(users[form, tag]))) for form, tag in kinds]
    return sorted(rows, key=lambda row: (bool(row.users), row.language != "en", row.language, row.form))
