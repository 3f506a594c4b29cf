"""Words for what has no label of its own: incidents, statements, propositions, clauses with their agreement."""

from __future__ import annotations

from collections import Counter

from pacta.pages.lookup import Lookup
from pacta.pages.rendering import local, shortened
from pacta.pages.site import Site
from pacta.pages.times import day
from pacta.vocabulary import DCTERMS, FORCES, P

ACCOUNTS = 50  # accounts of one incident that are looked at for its name


def incident_kinds(look: Lookup, accounts: list[str]) -> list[str]:
    """Return the kinds that accounts give an incident, the most frequent first."""
    kinds = Counter(kind for account in accounts for kind in look.all(account, P.incidentKind))
    return [kind for kind, _ in sorted(kinds.items(), key=lambda row: (-row[1], row[0]))]


def incident_name(site: Site, incident: str) -> str:
    """Return what an incident is called: its kind, and whose deed at whose cost it is said to be."""
    look = Lookup(site.snapshot.store)
    accounts = look.into(P.accountOf, incident, ACCOUNTS)
    if not accounts:
        return site.label(incident)
    kinds = incident_kinds(look, accounts)
    name = site.label(kinds[0]).capitalize() if kinds else "Incident"
    glosses = sorted((look.one(account, P.gloss) for account in accounts), key=lambda words: (-len(words), words))
    return f"{name}: {shortened(glosses[0], 90)}" if glosses[0] else name


def provision_name(site: Site, provision: str) -> str:
    """Return a clause with the agreement that it belongs to, or an agreement, by its label."""
    look = Lookup(site.snapshot.store)
    above = look.path([provision], P.clauseOf)
    name = site.label(provision)
    return f"{name}, {site.label(above[-1])}" if above else name


def statement_name(site: Site, statement: str) -> str:
    """Return who does what with which words."""
    look = Lookup(site.snapshot.store)
    for force in FORCES:
        if proposition := look.one(statement, force):
            who = site.label(look.one(statement, P.speaker) or "somebody")
            return f"{who} {local(force)}: {shortened(look.one(proposition, P.gloss), 80)}"
    return site.label(statement)


def document_name(site: Site, document: str) -> str:
    """Return the title of a document, or its first words, or whose it is and of which day."""
    look = Lookup(site.snapshot.store)
    if title := look.one(document, DCTERMS + "title"):
        return title
    for capture in look.into(P.captureOf, document):
        if words := look.one(capture, P.fullText)[:1_000].strip():
            return f"“{shortened(words.splitlines()[0], 70)}”"
    outlet, published = look.one(document, P.outlet), look.one(document, P.published)
    known = [*([site.label(outlet)] if outlet else []), *([day(published)] if published else [])]
    return f"Document of {', '.join(known)}" if known else site.label(document)


def dispute_name(site: Site, dispute: str) -> str:
    """Return what a dispute is over."""
    over = Lookup(site.snapshot.store).one(dispute, P.disputeOver)
    return f"Dispute over {provision_name(site, over)}" if over else site.label(dispute)


def side_name(site: Site, side: str) -> str:
    """Return whose side of a dispute it is."""
    holder = Lookup(site.snapshot.store).one(side, P.holder)
    return f"Side of {site.label(holder)}" if holder else site.label(side)


NAMES = {
    P.Document: document_name,
    P.Dispute: dispute_name,
    P.DisputeSide: side_name,
    P.Incident: incident_name,
    P.Clause: provision_name,
    P.Statement: statement_name,
}


def name_of(site: Site, iri: str) -> str:
    """Return the name of any resource in words."""
    for kind in site.types(iri):
        if kind in NAMES:
            return NAMES[kind](site, iri)
    return Lookup(site.snapshot.store).one(iri, P.gloss) or site.label(iri)
