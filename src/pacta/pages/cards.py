"""Cards: what one statement comes to on a page, gathered by look-ups, with its places in documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pacta.literals import whole_number
from pacta.pages.evidence import Mark
from pacta.pages.lookup import Lookup
from pacta.vocabulary import DCTERMS, FORCES, P

_FORCES = frozenset(FORCES)
PARTS = (("source", P.sourceSpan), ("cue", P.cueSpan), ("content", P.contentSpan))


@dataclass(frozen=True, slots=True)
class Span:
    """One interval of a capture with its words; `part` is source, cue or content."""

    part: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place in one document that ascribes a statement: an attribution, with its spans in order."""

    attribution: str
    document: str
    title: str
    outlet: str
    published: str
    inferred: bool
    url: str
    quote: str
    mode: str
    stance: str
    confidence: str
    spans: tuple[Span, ...] = ()

    @property
    def start(self) -> int:
        """Where its words begin."""
        return min((span.start for span in self.spans if span.part == "content"), default=0)


@dataclass(frozen=True, slots=True)
class Card:
    """One statement: who (`speaker`, and the `principal` it speaks for), with which `force`, about which `proposition`
    in words (`gloss`), and all `places` that report it, the earliest first.
    """

    statement: str
    speaker: str
    principal: str
    force: str
    proposition: str
    gloss: str
    places: tuple[Place, ...]
    copies: int = 0  # reprints that carry it too, none of which confirms it
    first: str = ""  # the same statement in the text printed first, where this one stands in a reprint

    @property
    def quote(self) -> str:
        return self.places[0].quote if self.places else self.gloss

    @property
    def document(self) -> str:
        return self.places[0].document if self.places else ""

    @property
    def title(self) -> str:
        return self.places[0].title if self.places else ""

    @property
    def published(self) -> str:
        return self.places[0].published if self.places else ""

    @property
    def documents(self) -> int:
        """How many documents report it."""
        return len({place.document for place in self.places})


def card_of(look: Lookup, statement: str, *, spans: bool = False) -> Card | None:
    """Return the card of a statement, with the spans of its places where they are wanted; None for anything else."""
    speaker = look.one(statement, P.speaker)
    if not speaker:
        return None
    force, proposition = look.which(statement, _FORCES)
    places = [place_of(look, attribution, spans=spans) for attribution in look.into(P.attributes, statement)]
    places.sort(key=lambda place: (place.published or "9", place.document, place.start, place.attribution))
    return Card(
        statement,
        speaker,
        look.one(speaker, P.principal),
        force or P.takesStanceOn,
        proposition,
        look.one(proposition, P.gloss) if proposition else "",
        tuple(places),
        whole_number(look.one(statement, P.copyCount)) or 0,
        look.one(statement, P.copyOf),
    )


def cards_of(look: Lookup, statements: Iterable[str]) -> list[Card]:
    """Return the cards of statements in the given order."""
    return [card for statement in statements if (card := card_of(look, statement))]


def place_of(look: Lookup, attribution: str, *, spans: bool = False) -> Place:
    """Return a place by its attribution."""
    document = look.one(attribution, P.inDocument)
    found = [
        Span(
            part,
            whole_number(look.one(span, P.charStart)) or 0,
            whole_number(look.one(span, P.charEnd)) or 0,
            look.one(span, P.quote),
        )
        for part, property_ in (PARTS if spans else ())
        for span in look.all(attribution, property_)
    ]
    return Place(
        attribution=attribution,
        document=document,
        title=look.one(document, DCTERMS + "title") if document else "",
        outlet=look.one(document, P.outlet) if document else "",
        published=look.one(document, P.published) if document else "",
        inferred=bool(document) and look.one(document, P.publishedInferred) == "true",
        url=look.one(document, DCTERMS + "source") if document else "",
        quote=look.one(attribution, P.contentQuote),
        mode=look.one(attribution, P.speechMode),
        stance=look.one(attribution, P.narratorStance),
        confidence=look.one(attribution, P.confidence),
        spans=tuple(sorted(found, key=lambda span: (span.start, span.end, span.part))),
    )


def marks_of(place: Place, number: int, label: str) -> list[Mark]:
    """Return the marks of a place for the text of its document."""
    return [Mark(span.start, span.end, span.part, number, label) for span in place.spans]
