"""Frozen values that the stages of the pipeline hand to each other.

Offsets are code points into the clean text, 0-based, end exclusive (Web Annotation); a `Span` is one such pair.
Concepts and resources are named by full IRI strings; nothing here knows RDF libraries, files or spaCy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

Span = tuple[int, int]


# --- source -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document beside its text. `published` is an ISO 8601 date or dateTime with offset."""

    id: str | None = None
    url: str | None = None
    published: str | None = None
    outlet: str | None = None
    title: str | None = None
    language: str = "en"
    agreement_text: str | None = None  # where it is the text of an agreement: what is known of that, as JSON


@dataclass(frozen=True, slots=True)
class Document:
    """One published work as retrieved.

    `key`: 12 hex digits that name the document and its capture (sha256 over the bytes and any metadata given outside
    of them); `sha256`, `byte_length`: of the bytes as retrieved; `text`: the decoded text all offsets refer to;
    `source_name`: where it came from, for messages ("reports.jsonl:12").
    """

    key: str
    sha256: str
    byte_length: int
    text: str
    metadata: Metadata
    source_name: str
    text_sha256: str = ""
    pages: tuple[int, ...] = ()  # offsets at which the printed pages begin, where the document has pages


# --- annotations ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Mention:
    """A span that refers to an entity. `kind`: name, metonym, nominal or anaphor; `entity`: IRI; `type`: class name."""

    span: Span
    entity: str
    type: str
    kind: str = "name"
    label: str = ""


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time expression resolved to outer bounds (both with a UTC offset; `not_after` exclusive end)."""

    span: Span
    not_before: datetime
    not_after: datetime
    granularity: str  # local name in the scheme granularity: instant hour part-of-day night day days week month ...


@dataclass(frozen=True, slots=True)
class LocationMention:
    """A place known by distance and bearing from another ("about 40 kilometers southwest of X")."""

    span: Span
    anchor: Mention
    distance_km: float | None
    bearing: str | None  # local name in the scheme bearing: "south-west"
    approximate: bool


# --- actors and places that the stock does not hold -------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LocalEntity:
    """An actor, place or agreement described by this record itself because the reference data does not hold it."""

    iri: str
    type: str  # Actor, State, Organ, ArmedFormation, Person, MediaOutlet, Place, Agreement ...
    label: str
    organ_of: str | None = None
    organ_function: str | None = None  # local name in the scheme organ-function
    parties: tuple[str, ...] = ()
    part_of: str | None = None  # of a clause: IRI of its agreement
    number: str | None = None  # of a clause
    span: Span | None = None


# --- content ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Participation:
    actor: str
    role: str  # perpetrator, target, victim ...


@dataclass(frozen=True, slots=True)
class Obligation:
    """What a reading says somebody must do. `requires`: IRIs of provision topics; `scope`: IRI of a place."""

    bearer: str | None
    requires: tuple[str, ...]
    scope: str | None = None
    scope_text: str | None = None
    counterparty: str | None = None
    deadline: TimeMention | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An act of linking, apart from what the text says: this proposition to that clause, agreement or incident."""

    target: str
    method: str  # local name in the scheme link-method
    confidence: float


@dataclass(frozen=True, slots=True)
class Proposition:
    """What a statement takes a stance on.

    `kind`: incident, interpretation, evaluation, undertaking, affiliation or state-of-affairs; `span`: hull of the
    content it was first read from (names it); `gloss`: short plain words. The other fields hold for the kinds that
    the ontology gives them to, and are empty elsewhere.
    """

    id: str
    kind: str
    span: Span
    gloss: str
    incident: str | None = None  # id of the incident this is an account of, or that an evaluation is about
    incident_kind: str | None = None
    time: TimeMention | None = None
    place: str | None = None
    location: LocationMention | None = None
    participations: tuple[Participation, ...] = ()
    casualties: int | None = None
    conduct: str | None = None  # breach, compliance, blame, praise
    against: str | None = None  # IRI of the agreement or clause
    interprets: str | None = None  # IRI of the agreement or clause
    about: tuple[str, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """Identity that groups accounts; it has no facts of its own. `id`: local name, from the first account's offset."""

    id: str


# --- discourse --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Attribution:
    """A place in the document where the narrator ascribes content to a source. Spans may be broken: several each."""

    statement: str  # id of the statement it attributes
    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    speech_mode: str = "indirect"
    narrator_stance: str = "neutral"
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Statement:
    """Communicative act of one speaker, one force, one proposition. `id` is K-less: "a-b-FORCE[-suffix]"."""

    id: str
    speaker: str
    force: str
    proposition: str
    addressee: str | None = None
    said_during: TimeMention | None = None
    responds_to: str | None = None
    relays: str | None = None
    communique: int | None = None


@dataclass(frozen=True, slots=True)
class Communique:
    """A statement or press release as a work: groups what one speaker said in it."""

    number: int
    speaker: str


@dataclass(frozen=True, slots=True)
class AgreementMention:
    """A reference to an agreement or a part of it, with the stance of the statement around it.

    `stance`: local name in the scheme provision-stance, None for a mere mention; `about`: IRI of the principal whose
    conduct or reading it is about; `implicit`: the words at `span` are about the part, but do not name the agreement.
    """

    span: Span
    agreement: str
    label: str
    clause_number: str | None
    stance: str | None
    by: str | None
    method: str
    confidence: float
    clause: str | None = None  # IRI of the part, where the stock or this record describes it
    about: str | None = None
    statement: str | None = None  # id of the statement that takes the stance
    implicit: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Converter version, parser and knowledge that made a record; no clock, so that the same input gives the same."""

    version: str
    parser_model: str
    knowledge_hash: str


@dataclass(frozen=True, slots=True)
class Record:
    """All that one run read from one document."""

    document: Document
    run: Run
    published: str | None
    published_inferred: bool
    title: str | None
    outlet: str | None  # IRI of the outlet
    mentions: tuple[Mention, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    statements: tuple[Statement, ...] = ()
    propositions: tuple[Proposition, ...] = ()
    incidents: tuple[Incident, ...] = ()
    communiques: tuple[Communique, ...] = ()
    agreement_mentions: tuple[AgreementMention, ...] = ()
    entities: tuple[LocalEntity, ...] = ()
    warnings: tuple[str, ...] = field(default=())


def hull(spans: tuple[Span, ...]) -> Span:
    """Return the smallest span that holds all `spans` (at least one)."""
    return min(s for s, _ in spans), max(e for _, e in spans)
