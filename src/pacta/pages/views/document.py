"""A document: its text with the evidence marked, its statements beside it, replies and relays, and how it was read."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from pacta.literals import whole_number
from pacta.pages.cards import Card, Place, card_of, marks_of, place_of
from pacta.pages.evidence import Mark, marked, pages_of
from pacta.pages.lookup import Lookup
from pacta.pages.naming import document_name
from pacta.pages.rendering import count, local, render, web_address
from pacta.pages.responses import site_of
from pacta.pages.site import Site
from pacta.pages.views.paging import Pager, page_number, stretch
from pacta.pages.views.resource import instead
from pacta.pages.views.statement import text_of_document
from pacta.vocabulary import DCTERMS, PROV, P

LIST = 40  # statements at once where there is no text to page through
MOST = 5_000  # attributions of one document that are read
REPRINTS = 20  # that are named


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of the document: its number on the page, its card, the place in this document, what it answers and
    passes on (statement, its number here or 0, who says it).
    """

    number: int
    card: Card
    place: Place
    answers: tuple[tuple[str, int, str], ...]
    relays: tuple[tuple[str, int, str], ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """How a capture of the document was read."""

    capture: str
    record: str
    version: str
    model: str
    knowledge: str
    sha256: str
    characters: str
    bytes: str


async def view(request: Request, iri: str) -> Response:
    """Return the page of a document."""
    return await site_of(request).call(_page, request, iri)


async def capture(request: Request, iri: str) -> Response:
    """Send the reader of a capture to the document that it is of."""
    return await instead(request, iri, P.captureOf)


def _page(request: Request, iri: str) -> Response:
    site = site_of(request)
    look = Lookup(site.snapshot.store)
    text = text_of_document(look, iri)
    places = _places(look, iri)
    numbers = _numbers(look, places)
    entries = _entries(site, look, places, numbers, request.query_params.get("statement", ""))
    title = document_name(site, iri)
    html: Markup | None = None
    pager: Pager[tuple[int, int]] | Pager[Entry]
    if text:
        part = pager = _text_pager(request, text, entries)
        start, end = part.items[0]
        marks = _marks(site, places, numbers, {entry.card.statement: entry.card for entry in entries})
        html = marked(text, marks, start, end, look.one(iri, DCTERMS + "language"))
        shown = [entry for entry in entries if start <= entry.place.start < end or pager.total == 1]
    else:
        listed = pager = stretch(request, entries, LIST, "statements", "#statements")
        shown = list(listed.items)
    return render(
        request,
        "document.html",
        iri=iri,
        title=title,
        description=f"{title}: {count(len(entries), 'statement')}",
        crumbs=[("Start", "/"), ("Documents", "/search?kind=document"), (title, "")],
        outlet=look.one(iri, P.outlet),
        published=look.one(iri, P.published),
        inferred=look.one(iri, P.publishedInferred) == "true",
        language=look.one(iri, DCTERMS + "language"),
        original=web_address(look.one(iri, DCTERMS + "source")),
        text=html,
        pager=pager,
        entries=shown,
        total=len(entries),
        readings=[_reading(look, each) for each in look.into(P.captureOf, iri)],
        confidence=_range([entry.place.confidence for entry in entries]),
        reprint_of=look.one(iri, P.reprintOf),
        similarity=look.one(iri, P.similarity),
        copies=whole_number(look.one(iri, P.copyCount)) or 0,
        reprints=[
            (each, look.one(each, P.outlet), look.one(each, P.published))
            for each in look.into(P.reprintOf, iri, REPRINTS)
        ],
    )


def _places(look: Lookup, document: str) -> list[tuple[str, Place]]:
    """Return (statement, place) of all attributions in a document, in the order of the text."""
    found = [
        (look.one(attribution, P.attributes), place_of(look, attribution, spans=True))
        for attribution in look.into(P.inDocument, document, MOST)
    ]
    return sorted(((s, p) for s, p in found if s), key=lambda row: (row[1].start, row[1].attribution))


def _numbers(look: Lookup, places: list[tuple[str, Place]]) -> dict[str, int]:
    """Return the number of each statement on the page, from 1 in the order of the text."""
    return {statement: number for number, statement in enumerate(dict.fromkeys(s for s, _ in places), 1)}


def _entries(
    site: Site, look: Lookup, places: list[tuple[str, Place]], numbers: dict[str, int], chosen: str
) -> list[Entry]:
    entries = []
    here: dict[str, Place] = {}
    for statement, place in places:
        here.setdefault(statement, place)
    for statement, number in numbers.items():
        if card := card_of(look, statement):
            answers, relays = (
                tuple(
                    (other, numbers.get(other, 0), site.label(look.one(other, P.speaker) or other))
                    for other in look.all(statement, how)[:20]
                )
                for how in (P.respondsTo, P.relays)
            )
            entries.append(Entry(number, card, here[statement], answers, relays, local(statement) == chosen))
    return entries


def _marks(site: Site, places: list[tuple[str, Place]], numbers: dict[str, int], cards: dict[str, Card]) -> list[Mark]:
    marks: list[Mark] = []
    for statement, place in places:
        card = cards.get(statement)
        label = f"{site.label(card.speaker)} {local(card.force)}" if card else ""
        marks += marks_of(place, numbers[statement], label)
    return marks


def _text_pager(request: Request, text: str, entries: list[Entry]) -> Pager[tuple[int, int]]:
    """Return the stretch of a long text that is asked for, or the one that holds the chosen statement."""
    stretches = pages_of(text)
    chosen = next((entry.place.start for entry in entries if entry.chosen), None)
    if chosen is not None and "page" not in request.query_params:
        number = next((n for n, (start, end) in enumerate(stretches, 1) if start <= chosen < end), 1)
    else:
        number = min(page_number(request.query_params), len(stretches))
    pager = stretch(request, stretches, 1, "parts", "#text")
    if number == pager.first:
        return pager
    before = f"{request.url.path}?page={number - 1}#text" if number > 1 else ""
    after = f"{request.url.path}?page={number + 1}#text" if number < len(stretches) else ""
    return Pager(stretches[number - 1 : number], number, number, len(stretches), before, after, "parts")


def _reading(look: Lookup, capture_: str) -> Reading:
    record = next((each for each in look.into(PROV + "wasDerivedFrom", capture_)), "")
    run = look.one(record, PROV + "wasGeneratedBy") if record else ""
    version, model, knowledge = (
        look.one(run, each) if run else "" for each in (P.converterVersion, P.parserModel, P.knowledgeHash)
    )
    return Reading(
        capture_,
        record,
        version,
        model,
        knowledge,
        look.one(capture_, P.sha256),
        look.one(capture_, P.charLength),
        look.one(capture_, P.byteLength),
    )


def _range(values: list[str]) -> str:
    """Return the span of confidences in words, "" where there are none."""
    given = sorted((float(value), value) for value in values if value)
    if not given:
        return ""
    low, high = given[0][1], given[-1][1]
    return low if low == high else f"{low} to {high}"
