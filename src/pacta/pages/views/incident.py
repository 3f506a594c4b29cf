"""An incident: its accounts side by side, who alleges, confirms and denies it, when and where each account puts it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from pacta.pages.cards import Card, card_of
from pacta.pages.lookup import Lookup
from pacta.pages.naming import incident_kinds, incident_name
from pacta.pages.rendering import bearing, local, render
from pacta.pages.responses import site_of
from pacta.pages.site import Site
from pacta.pages.times import Extent, extent
from pacta.vocabulary import SKOS, P

MOST = 200  # accounts of one incident that are read
SHOWN = 60  # statements shown


@dataclass(frozen=True, slots=True)
class Account:
    """One account: what kind of deed, whose, at whose cost, when, where, with how many killed or hurt, and who tells it
    so. `roles` are (role, participants).
    """

    account: str
    kind: str
    gloss: str
    roles: tuple[tuple[str, tuple[str, ...]], ...]
    when: Extent | None
    when_words: str
    where: str
    where_words: str
    where_quote: str
    casualties: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """All that one principal says of the incident: what it does with it in a word, and its accounts."""

    principal: str
    does: tuple[str, ...]
    accounts: tuple[Account, ...]
    denials: tuple[Card, ...]


async def view(request: Request, iri: str) -> Response:
    """Return the page of an incident."""
    return await site_of(request).call(_page, request, iri)


def _page(request: Request, iri: str) -> Response:
    site = site_of(request)
    look = Lookup(site.snapshot.store)
    accounts = look.into(P.accountOf, iri, MOST)
    affirming: defaultdict[str, list[Account]] = defaultdict(list)
    denying: defaultdict[str, list[Card]] = defaultdict(list)
    does: defaultdict[str, set[str]] = defaultdict(set)
    shown = 0
    for account in accounts:
        cards = [card for each in look.into(P.affirms, account, SHOWN) if (card := card_of(look, each))]
        by_principal: defaultdict[str, list[Card]] = defaultdict(list)
        for card in cards[: max(0, SHOWN - shown)]:
            by_principal[card.principal or card.speaker].append(card)
            does[card.principal or card.speaker].add(_does(card.force))
        shown += len(cards)
        for principal, its in by_principal.items():
            affirming[principal].append(_account(site, look, account, its))
        for each in look.into(P.rejects, account, SHOWN):
            if card := card_of(look, each):
                denying[card.principal or card.speaker].append(card)
                does[card.principal or card.speaker].add("denies")
    status = look.one(iri, P.status)
    title = incident_name(site, iri)
    return render(
        request,
        "incident.html",
        iri=iri,
        title=title,
        crumbs=[("Start", "/"), ("Incidents", "/search?kind=incident"), (title, "")],
        kinds=incident_kinds(look, accounts),
        status=status,
        meaning=Lookup(site.knowledge).one(status, SKOS + "definition") if status else "",
        accounts=len(accounts),
        left_out=max(0, shown - SHOWN),
        alleging=sorted(p for p, done in does.items() if "alleges" in done),
        confirming=sorted(p for p, done in does.items() if "confirms" in done),
        refusing=sorted(denying),
        sides=[
            Side(p, tuple(sorted(does[p])), tuple(affirming[p]), tuple(denying[p]))
            for p in sorted(does, key=lambda p: ("denies" in does[p], site.label(p)))
        ],
        evaluations=look.into(P.evaluates, iri, 20),
    )


def _does(force: str) -> str:
    if bearing(force) == "rejects":
        return "denies"
    return "confirms" if local(force) == "confirms" else "alleges"


def _account(site: Site, look: Lookup, account: str, cards: list[Card]) -> Account:
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for participation in look.all(account, P.participation):
        roles[look.one(participation, P.role)].update(look.all(participation, P.participant))
    time, where = look.one(account, P.occurredDuring), look.one(account, P.occurredAt)
    place, words = _place(site, look, where)
    return Account(
        account,
        look.one(account, P.incidentKind),
        look.one(account, P.gloss),
        tuple((role, tuple(sorted(who))) for role, who in sorted(roles.items())),
        _when(look, time) if time else None,
        _words_of(look, time),
        place,
        words,
        _words_of(look, where),
        look.one(account, P.casualties),
        tuple(cards),
    )


def _when(look: Lookup, time: str) -> Extent:
    return extent(look.one(time, P.notBefore), look.one(time, P.notAfter), look.one(time, P.granularity))


def _words_of(look: Lookup, thing: str) -> str:
    """Return the words of the document that a time or a location was read from."""
    span = look.one(thing, P.anchorSpan) if thing else ""
    return look.one(span, P.quote) if span else ""


def _place(site: Site, look: Lookup, where: str) -> tuple[str, str]:
    """Return the place that a location is told by, and its distance and bearing from there in words."""
    anchor = look.one(where, P.anchorPlace) if where else ""
    if not anchor:
        return where, ""
    distance, bearing_ = look.one(where, P.distanceKm), look.one(where, P.bearing)
    about = "about " if look.one(where, P.approximate) == "true" else ""
    words = f"{about}{distance} km " if distance else ""
    words += f"{site.label(bearing_)} of" if bearing_ else "from" if distance else "near"
    return anchor, words
