"""The first page: what is in here, three questions to begin with, a search over everything, the newest documents."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from pacta.pages.cards import Card, cards_of
from pacta.pages.lookup import Lookup
from pacta.pages.naming import document_name, incident_name, provision_name
from pacta.pages.rendering import render, text_of
from pacta.pages.responses import site_of
from pacta.pages.search_index import newest_documents
from pacta.pages.site import Site
from pacta.vocabulary import RDF, P, concept

SHOWN = 3  # examples under each question
NEWEST = 8
LOOKED_AT = 200  # resources from which examples are chosen

# What is counted: the class or the property whose subjects are counted, the words, and where a list of them is.
COUNTED = (
    (f"?one a <{P.Document}>", "document", "documents", "/search?kind=document"),
    (f"?one a <{P.Statement}>", "statement", "statements", "/timeline"),
    (f"?one a <{P.Incident}>", "incident", "incidents", "/search?kind=incident"),
    (f"?one a <{P.Agreement}>", "agreement", "agreements", "/agreements"),
    (f"?one a <{P.Clause}>", "clause", "clauses", "/search?kind=clause"),
    (f"?one a <{P.Dispute}>", "dispute", "disputes", "/query/disputes/who-disputes-which-clause"),
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of something."""

    number: int
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """A provision in dispute, who stands against whom over it, and in how many disputes."""

    provision: str
    name: str
    holders: tuple[str, ...]
    disputes: int


@dataclass(frozen=True, slots=True)
class Report:
    """A document in the list of the newest."""

    document: str
    title: str
    outlet: str
    published: str
    inferred: bool
    statements: int


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page shows, the same for every visitor of one snapshot."""

    counts: tuple[Count, ...]
    disputed: tuple[Disputed, ...]
    contested: tuple[tuple[str, str, int], ...]
    readings: tuple[Card, ...]
    newest: tuple[Report, ...]


async def page(request: Request) -> Response:
    """Return the first page."""
    return await site_of(request).call(_page, request)


def _page(request: Request) -> Response:
    site = site_of(request)
    overview = site.cached("start", lambda: _overview(site))
    description = "Who said what, who denies it, and which clause of which agreement is at stake."
    return render(
        request, "start.html", title="Who said what, who denies it", description=description, overview=overview
    )


def _overview(site: Site) -> Overview:
    look = Lookup(site.snapshot.store)
    return Overview(
        tuple(_count(site, *row) for row in COUNTED),
        _disputed(site, look),
        _contested(site, look),
        _readings(look),
        _newest(site, look),
    )


def _count(site: Site, pattern: str, one: str, many: str, href: str) -> Count:
    rows = site.ask(f"SELECT (COUNT(DISTINCT ?one) AS ?number) WHERE {{ {pattern} }}").rows
    number = int(text_of(rows[0][0]))
    return Count(number, one if number == 1 else many, href)


def _disputed(site: Site, look: Lookup) -> tuple[Disputed, ...]:
    """Return the provisions that most disputes are about."""
    rows = site.ask(f"SELECT ?one ?two WHERE {{ ?one <{P.disputeOver}> ?two }}").rows
    disputes: defaultdict[str, list[str]] = defaultdict(list)
    for dispute, over in sorted({(text_of(one), text_of(two)) for one, two in rows}):
        disputes[over].append(dispute)
    most = sorted(disputes, key=lambda each: (-len(disputes[each]), each))[:SHOWN]
    found = []
    for over in most:
        sides = [side for dispute in disputes[over][:LOOKED_AT] for side in look.all(dispute, P.side)]
        holders = Counter(holder for side in sides for holder in look.all(side, P.holder))
        names = sorted(holders, key=lambda each: (-holders[each], site.label(each)))
        found.append(Disputed(over, provision_name(site, over), tuple(names), len(disputes[over])))
    return tuple(found)


def _contested(site: Site, look: Lookup) -> tuple[tuple[str, str, int], ...]:
    """Return contested incidents with many accounts: incident, name, number of accounts."""
    contested = look.into(P.status, concept("incident-status", "contested"), LOOKED_AT)
    accounts = {
        incident: sum(not look.one(account, P.copyOf) for account in look.into(P.accountOf, incident))
        for incident in contested
        if not look.one(incident, P.copyOf)
    }
    most = sorted(accounts.items(), key=lambda row: (-row[1], row[0]))[:SHOWN]
    return tuple((incident, incident_name(site, incident), number) for incident, number in most)


def _readings(look: Lookup) -> tuple[Card, ...]:
    """Return statements that read a clause, the newest among some."""
    readings = look.into(RDF + "type", P.Interpretation, LOOKED_AT)
    statements = [each for reading in readings for each in look.into(P.affirms, reading)]
    cards = sorted(cards_of(look, statements), key=lambda card: card.statement)
    return tuple(sorted(cards, key=lambda card: card.published, reverse=True)[:SHOWN])


def _newest(site: Site, look: Lookup) -> tuple[Report, ...]:
    return tuple(
        Report(
            each,
            document_name(site, each),
            look.one(each, P.outlet),
            look.one(each, P.published),
            look.one(each, P.publishedInferred) == "true",
            len({look.one(attribution, P.attributes) for attribution in look.into(P.inDocument, each)}),
        )
        for each in newest_documents(site)[:NEWEST]
    )
