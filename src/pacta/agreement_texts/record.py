"""Agreement records: an agreement text → its structure, agreement, parties and obligations under one reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pacta.agreement_texts.duties import Duties, Duty
from pacta.agreement_texts.given import given_of, structure_of
from pacta.agreements.values import AgreementTextValue, Provision
from pacta.annotations.names import find_names
from pacta.annotations.syntax import Syntax
from pacta.errors import BadMetadata
from pacta.iris import Iris
from pacta.lexicon import Lexicon, known_concepts
from pacta.model import Document, LocalEntity, Record, Run
from pacta.reference import Reference
from pacta.vocabulary import VOCAB, concept

UNNAMED = "unnamed publisher"


@dataclass(frozen=True, slots=True)
class AgreementFactsGiven:
    """What is known of an agreement text beside its words. IRIs of `agreement`, `publisher` and `parties`."""

    agreement: str
    title: str
    parties: tuple[str, ...]
    mediators: tuple[str, ...]
    publisher: str
    signed: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    legal_value: str | None = None
    translation_of: str | None = None
    is_known: bool = False  # the stock describes the agreement
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class AgreementRecord(Record):
    """A record of an agreement text. `clauses`: number → IRI; `duties`: number → what it obliges."""

    facts: AgreementFactsGiven | None = None
    value: AgreementTextValue | None = None
    text_iri: str = ""
    clauses: tuple[tuple[str, str], ...] = ()
    topics: tuple[tuple[str, tuple[str, ...]], ...] = ()
    duties: tuple[tuple[str, tuple[Duty, ...]], ...] = ()
    known: frozenset[str] = field(default=frozenset())  # clauses and texts that the stock describes


def is_agreement_text(document: Document) -> bool:
    """Tell whether a document was given as the text of an agreement."""
    return document.metadata.agreement_text is not None


def agreement_record(
    document: Document, parse: Syntax, *, lexicon: Lexicon, reference: Reference, iris: Iris, run: Run
) -> AgreementRecord:
    """Read the text of an agreement. Raises BadMetadata where its sidecar names what is not known."""
    given = given_of(document)
    value = structure_of(document)
    entities = _Entities(document.key, iris, reference)
    facts = _facts(document, given, value, entities, iris, reference)
    clauses = {
        p.normal: iris.clause(facts.agreement, p.normal.replace("/", ".")) for p in value.walk() if p.kind != "closing"
    }
    known = _known(facts.agreement, reference)
    text_iri = _text_iri(document, facts, known, iris)
    named = {entity.label: iri for iri, entity in entities.local.items() if entity.label != UNNAMED}
    reader = Duties(document, parse, lexicon, reference, facts.parties, facts.signed, entities.described, named)
    provisions = [p for p in value.walk() if p.kind not in ("closing", "preamble")]
    if document.metadata.language.split("-")[0].lower() == "en":
        duties = {p.normal: reader.of(p.own) for p in provisions}
        topics = {p.normal: reader.topics(p.own) for p in value.walk()}
    else:
        duties, topics = {}, {}
    return AgreementRecord(
        document,
        run,
        document.metadata.published,
        False,
        document.metadata.title or value.title,
        facts.publisher,
        entities=entities.used(facts, [d for each in duties.values() for d in each]),
        facts=facts,
        value=value,
        text_iri=text_iri,
        clauses=tuple(clauses.items()),
        topics=tuple((n, t) for n, t in topics.items() if t),
        duties=tuple((n, d) for n, d in duties.items() if d),
        known=known,
    )


def _text_iri(document: Document, facts: AgreementFactsGiven, known: frozenset[str], iris: Iris) -> str:
    """Return the IRI of the text: the stock's where it describes one by this publisher in this language and nothing
    says that this is another edition; otherwise one of the edition, which without a name is that of these bytes."""
    publisher = facts.publisher.removeprefix(f"{iris.base}actor/")
    plain = iris.agreement_text(facts.agreement, publisher, document.metadata.language)
    if plain in known and facts.edition is None:
        return plain
    return iris.agreement_text(facts.agreement, publisher, document.metadata.language, facts.edition or document.key)


def _known(agreement: str, reference: Reference) -> frozenset[str]:
    """Return the IRIs below an agreement that the stock describes."""
    below = f"{agreement}/"
    found: set[str] = set()
    for quads in reference.graphs.values():
        found.update(s for q in quads if (s := str(getattr(q.subject, "value", ""))).startswith(below))
    return frozenset(found)


def _facts(
    document: Document,
    given: dict[str, Any],
    value: AgreementTextValue,
    entities: _Entities,
    iris: Iris,
    reference: Reference,
) -> AgreementFactsGiven:
    title = document.metadata.title or value.title or document.source_name.rpartition("/")[2]
    agreement = given.get("agreement")
    parties = tuple(entities.actor(name) for name in given.get("parties", ()))
    if agreement is None:
        iri = _of_its_own(document, title, parties, given.get("signed"), iris, reference)
    else:
        iri = agreement if "://" in agreement else iris.agreement(agreement)
    is_known = iri in reference.agreements
    if is_known and not parties:
        parties = reference.agreements[iri].parties
    legal_value = given.get("legalValue")
    if legal_value is not None and concept("legal-value", legal_value) not in known_concepts():
        told = (c.removeprefix(VOCAB).partition("/") for c in known_concepts())
        names = sorted(name for scheme, _, name in told if scheme == "legal-value" and name)
        remedy = f"take one of: {', '.join(names)}"
        raise BadMetadata(f"{legal_value!r} is no legal value", document.source_name, remedy)
    days = {name: date.fromisoformat(given[name]) for name in ("signed", "validFrom", "validUntil") if name in given}
    signed = days.get("signed")
    if signed is None and is_known and (bounds := reference.agreements[iri].signed):
        signed = bounds[0].date()
    return AgreementFactsGiven(
        iri,
        title,
        parties,
        tuple(entities.actor(name) for name in given.get("mediators", ())),
        entities.actor(given.get("publisher") or document.metadata.outlet or UNNAMED),
        signed,
        days.get("validFrom"),
        days.get("validUntil"),
        legal_value,
        given.get("translationOf"),
        is_known,
        given.get("edition"),
    )


def _of_its_own(
    document: Document, title: str, parties: tuple[str, ...], signed: str | None, iris: Iris, reference: Reference
) -> str:
    """Return the IRI of an agreement that the stock does not have and whose code is not given.

    Texts with the same title, parties of the stock and month of signing are of one agreement, so that their clauses
    can be compared; else a text is of an agreement of its own.
    """
    if signed is None or not parties or not all(party in reference.entities for party in parties):
        return iris.local_agreement(document.key, title)
    codes = sorted(party.rpartition("/")[2] for party in parties)
    return iris.local_agreement("-".join([*codes, str(signed)[: len("2019-03")]]), title)


class _Entities:
    """Actors that the sidecar names: of the stock by code or name, else described by the record."""

    def __init__(self, key: str, iris: Iris, reference: Reference) -> None:
        self.key, self.iris, self.reference = key, iris, reference
        self.local: dict[str, LocalEntity] = {}

    def actor(self, name: str) -> str:
        """Return the IRI of an actor given by IRI, code or name."""
        for iri in (name,) if "://" in name else (self.iris.actor(name), self.iris.actor(name.lower())):
            entity = self.reference.entities.get(iri)
            if entity is not None and entity.is_actor:
                return iri
        if "://" not in name:
            for hit in find_names(name, self.reference).hits:
                for iri in hit.candidates:
                    entity = self.reference.entities.get(iri)
                    if entity is not None and entity.is_actor and hit.span == (0, len(name)):
                        return iri
        return self.described(name)

    def described(self, label: str) -> str:
        """Return the IRI of an actor that this record describes."""
        words = " ".join(label.split())
        iri = words if "://" in words else self.iris.local_actor(self.key, words)
        self.local.setdefault(iri, LocalEntity(iri, "Actor", words.rpartition("/")[2] if "://" in words else words))
        return iri

    def used(self, facts: AgreementFactsGiven, duties: Iterable[Duty]) -> tuple[LocalEntity, ...]:
        """Return what the record must describe: its agreement where the stock does not, and actors it refers to."""
        wanted = {facts.publisher, *facts.parties, *facts.mediators} | {b for d in duties for b in d.bearers}
        actors = [entity for iri, entity in sorted(self.local.items()) if iri in wanted]
        if facts.is_known:
            return tuple(actors)
        return (LocalEntity(facts.agreement, "Agreement", facts.title, parties=facts.parties), *actors)


def provisions_of(record: AgreementRecord) -> list[tuple[Provision, Provision | None]]:
    """Return each provision that is a clause, with the one it stands in, in the order of the text."""
    found: list[tuple[Provision, Provision | None]] = []

    def add(provision: Provision, parent: Provision | None) -> None:
        if provision.kind != "closing":
            found.append((provision, parent))
            for child in provision.children:
                add(child, provision)

    for section in record.value.sections if record.value is not None else ():
        add(section, None)
    return found
