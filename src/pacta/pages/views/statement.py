"""A statement: its words, who says them, where and how it is reported, what it answers and who answers it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from pacta.pages.cards import Card, Place, card_of, cards_of, marks_of
from pacta.pages.evidence import marked, plain
from pacta.pages.lookup import Lookup
from pacta.pages.naming import document_name
from pacta.pages.rendering import bearing, local, render, shortened
from pacta.pages.responses import site_of
from pacta.pages.site import Site
from pacta.pages.views.resource import instead
from pacta.vocabulary import DCTERMS, P

AROUND = 420  # code points of the text shown on either side of the evidence
SHOWN = 20  # replies and the like


@dataclass(frozen=True, slots=True)
class Passage:
    """One place that reports the statement, with the words around it where the text is stored."""

    place: Place
    text: Markup | None
    before: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """A provision that the statement is linked to: how, and how sure."""

    provision: str
    method: str
    confidence: str


async def view(request: Request, iri: str) -> Response:
    """Return the page of a statement."""
    return await site_of(request).call(_page, request, iri)


async def attribution(request: Request, iri: str) -> Response:
    """Send the reader of an attribution to the statement that it ascribes."""
    return await instead(request, iri, P.attributes, anchor=local(iri))


def _page(request: Request, iri: str) -> Response:
    site = site_of(request)
    look = Lookup(site.snapshot.store)
    card = card_of(look, iri, spans=True)
    if card is None:
        return render(request, "statement-bare.html", title=site.label(iri), iri=iri)
    who = site.label(card.speaker)
    communique = look.one(iri, P.partOfCommunique)
    return render(
        request,
        "statement.html",
        iri=iri,
        title=f"{who} {local(card.force)}: {shortened(card.quote, 70)}",
        description=f"{who} {local(card.force)}: {shortened(card.quote, 150)}",
        crumbs=_crumbs(site, card),
        card=card,
        passages=[_passage(look, place, f"{who} {local(card.force)}") for place in card.places],
        mentioned=_kind(look, card.proposition),
        concerns=linked_to(look, card.proposition),
        about=[each for each in _of(look, card.proposition, P.about) if each != card.speaker],
        incidents=_of(look, card.proposition, P.accountOf, P.evaluates),
        addressees=look.all(iri, P.addressee),
        said_during=_time(look, look.one(iri, P.saidDuring)),
        communique=communique,
        answers=cards_of(look, look.all(iri, P.respondsTo)[:SHOWN]),
        answered_by=cards_of(look, look.into(P.respondsTo, iri, SHOWN)),
        relays=cards_of(look, look.path([iri], P.relays, SHOWN)),
        relayed_by=cards_of(look, look.path_into([iri], P.relays, SHOWN)),
        against=_against(look, iri, card),
    )


def _of(look: Lookup, proposition: str, *properties: str) -> list[str]:
    return look.all(proposition, *properties) if proposition else []


def _crumbs(site: Site, card: Card) -> list[tuple[str, str]]:
    trail = [("Start", "/")]
    if card.document:
        trail.append((plain(document_name(site, card.document)), site.href(card.document)))
    return [*trail, ("Statement", "")]


def _passage(look: Lookup, place: Place, label: str) -> Passage:
    """Return a place with its words in the text, from the paragraphs around them."""
    text = text_of_document(look, place.document)
    if not text or not place.spans:
        return Passage(place, None)
    first, last = min(span.start for span in place.spans), max(span.end for span in place.spans)
    start, end = _start(text, first), _end(text, last)
    language = look.one(place.document, DCTERMS + "language")
    html = marked(text, marks_of(place, 1, label), start, end, language)
    return Passage(place, html, start > 0, end < len(text.rstrip()))


def text_of_document(look: Lookup, document: str) -> str:
    """Return the full text of a document where the store has it, else ""."""
    for capture in look.into(P.captureOf, document):
        if text := look.one(capture, P.fullText):
            return text
    return ""


def _start(text: str, first: int) -> int:
    near = text.rfind("\n\n", 0, first)
    if first - near <= AROUND:
        return near + 2 if near >= 0 else 0
    blank = text.find(" ", max(0, first - AROUND), first)
    return blank + 1 if blank >= 0 else max(0, first - AROUND)


def _end(text: str, last: int) -> int:
    near = text.find("\n\n", last)
    near = len(text) if near < 0 else near
    if near - last <= AROUND:
        return near
    blank = text.rfind(" ", last, last + AROUND)
    return blank if blank > 0 else last + AROUND


def _kind(look: Lookup, proposition: str) -> str:
    """Return the class of a proposition, the most special one."""
    kinds = [each for each in look.types(proposition) if each != P.Proposition] if proposition else []
    return kinds[0] if kinds else ""


def linked_to(look: Lookup, proposition: str) -> list[Linked]:
    """Return the provisions that a proposition concerns, by its own word or by links; a clause stands for its whole."""
    if not proposition:
        return []
    found = {
        look.one(link, P.linksTo): Linked(
            look.one(link, P.linksTo), look.one(link, P.linkMethod), look.one(link, P.confidence)
        )
        for link in look.into(P.linksFrom, proposition)
    }
    for provision in look.all(proposition, P.concernsClause, P.interprets, P.againstProvision):
        found.setdefault(provision, Linked(provision, "", ""))
    whole = {above for each in found if each for above in look.path([each], P.clauseOf)}
    return [found[each] for each in sorted(found) if each and each not in whole]


def _time(look: Lookup, time: str) -> tuple[str, str, str] | None:
    if not time:
        return None
    return look.one(time, P.notBefore), look.one(time, P.notAfter), look.one(time, P.granularity)


def _against(look: Lookup, iri: str, card: Card) -> list[Card]:
    """Return who takes the other side of the same proposition, or of one that cannot hold beside it."""
    if not card.proposition:
        return []
    opposite = P.affirms if bearing(card.force) == "rejects" else P.rejects
    found = look.into(opposite, card.proposition, SHOWN)
    if opposite == P.rejects:
        for other in look.all(card.proposition, P.incompatibleWith)[:SHOWN]:
            found += look.into(P.affirms, other, SHOWN)
    known = {iri, *look.all(iri, P.respondsTo), *look.into(P.respondsTo, iri, SHOWN)}
    return cards_of(look, [each for each in dict.fromkeys(found) if each not in known][:SHOWN])
