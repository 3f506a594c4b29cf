"""Actors, places and agreements of seeds/ as values that matchers and linkers can use.

The Turtle stays the source: `Reference.graphs` holds its quads for the store, the rest is an index over them.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from pacta import resources
from pacta.agreements.numbers import counted
from pacta.errors import KnowledgeError
from pacta.nesting import refuse_deep
from pacta.vocabulary import ID_BASE, PACTA, RDF, RDFS, SKOS, VOCAB

_LABEL = RDFS + "label"
ACTOR_TYPES = (
    "State",
    "DeFactoEntity",
    "Organ",
    "ArmedFormation",
    "InternationalOrganization",
    "MediaOutlet",
    "Person",
    "Actor",
)
_TYPES = (*ACTOR_TYPES, "Place", "Agreement")


@dataclass(frozen=True, slots=True)
class Name:
    form: str
    kind: str  # official, short, adjective, demonym, metonym, abbreviation, description
    language: str


@dataclass(frozen=True, slots=True)
class Entity:
    """An actor, place or agreement: what the matchers need of it."""

    iri: str
    type: str
    label: str
    names: tuple[Name, ...] = ()
    organ_of: str | None = None
    function: str | None = None
    time_zone: str | None = None

    @property
    def is_actor(self) -> bool:
        return self.type in ACTOR_TYPES

    @property
    def is_person(self) -> bool:
        return self.type == "Person"


@dataclass(frozen=True, slots=True)
class ClauseFacts:
    """A clause as the linker weighs it: topics, and who must do what under the plain reading."""

    iri: str
    number: str
    summary: str
    topics: frozenset[str]
    duties: tuple[tuple[str | None, frozenset[str], str | None], ...]  # bearer, topics, place
    above: str = ""  # the agreement or clause that it is a part of
    names: tuple[str, ...] = ()  # what people call the matter that it alone settles ("the N corridor"), case-folded


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    iri: str
    label: str
    parties: tuple[str, ...]
    mediators: tuple[str, ...]
    signed: tuple[datetime, datetime] | None
    clauses: tuple[ClauseFacts, ...]

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(t for clause in self.clauses for t in clause.topics)


@dataclass(frozen=True)
class Reference:
    """The stock of actors, places and agreements, indexed."""

    entities: dict[str, Entity]
    agreements: dict[str, AgreementFacts]
    functions: dict[tuple[str, ...], str]  # label words -> notation of the organ function
    function_iris: dict[str, str]
    narrower: dict[str, str]  # concept -> broader concept
    graphs: dict[str, tuple[Quad, ...]] = field(repr=False)
    base: str = ID_BASE

    def principal(self, actor: str | None) -> str | None:
        """Return the top of the organOf chain above `actor`, itself where there is none."""
        seen = set()
        while actor is not None and actor not in seen:
            seen.add(actor)
            entity = self.entities.get(actor)
            if entity is None or entity.organ_of is None:
                break
            actor = entity.organ_of
        return actor

    @cached_property
    def _organs(self) -> dict[tuple[str, str], str]:
        table: dict[tuple[str, str], str] = {}
        for entity in sorted(self.entities.values(), key=lambda e: e.iri):
            if entity.organ_of and entity.function and not entity.is_person:
                top = self.principal(entity.iri) or entity.organ_of
                table.setdefault((top, entity.function), entity.iri)
        return table

    def organ(self, state: str, function: str) -> str:
        """Return the IRI of the organ of `state` with that function, composed where the stock holds none."""
        return self._organs.get((state, function)) or f"{state}-{function}"

    def function_name(self, notation: str) -> str:
        """Return the local name of the organ function with that notation."""
        return self.function_iris[notation].rpartition("/")[2]

    @cached_property
    def _notations(self) -> dict[str, str]:
        return {iri.rpartition("/")[2]: notation for notation, iri in self.function_iris.items()}

    def function_notation(self, name: str | None) -> str | None:
        """Return the notation of an organ function by its local name."""
        return self._notations.get(name) if name is not None else None

    @cached_property
    def function_heads(self) -> frozenset[str]:
        """Last words of the labels of organ functions ("ministry", "army")."""
        return frozenset(label[-1] for label in self.functions)

    @cached_property
    def names(self) -> dict[tuple[str, ...], tuple[tuple[str, Name], ...]]:
        """Case-folded words of every English name -> (entity, name) pairs."""
        table: dict[tuple[str, ...], list[tuple[str, Name]]] = defaultdict(list)
        for entity in self.entities.values():
            for name in entity.names:
                if name.language.startswith("en") or name.language == "":
                    table[tuple(w.casefold() for w in words_of(name.form))].append((entity.iri, name))
        return {key: tuple(sorted(set(pairs), key=lambda p: (p[0], p[1].kind))) for key, pairs in table.items() if key}

    @cached_property
    def name_starts(self) -> dict[str, int]:
        """First word of a name -> words in the longest name that begins with it."""
        return _longest(self.names)

    @cached_property
    def function_starts(self) -> dict[str, int]:
        """First word of a function label -> words in the longest label that begins with it."""
        return _longest(self.functions)

    @cached_property
    def name_words(self) -> frozenset[str]:
        """Words, and hyphenated forms, that occur in some proper name with a capital."""
        words: set[str] = set()
        for entity in self.entities.values():
            for name in entity.names:
                if name.kind != "description" and name.language.startswith("en"):
                    words.update(w for w in re.findall(r"[^\W\d_]+", name.form) if w[0].isupper())
                    words.update(w for w in name.form.split() if "-" in w)
        return frozenset(words)

    @cached_property
    def ambiguous_in_headline(self) -> frozenset[str]:
        """Name words that are ordinary words too: those of function labels ("Defence", "Army")."""
        return frozenset(word.capitalize() for label in self.functions for word in label)

    def is_name(self, word: str) -> bool:
        """Tell whether a capitalised word of a headline, or a hyphenated form, belongs to a name."""
        return word in self.name_words and word not in self.ambiguous_in_headline

    def is_place(self, name: str) -> bool:
        """Tell whether a name, in whatever case, is one of a place."""
        pairs = self.names.get(tuple(word.casefold() for word in words_of(name)), ())
        return any(self.entities[iri].type == "Place" for iri, _ in pairs)

    @cached_property
    def hash(self) -> str:
        """sha256 over the reference quads, for the run record."""
        digest = hashlib.sha256()
        for graph in sorted(self.graphs):
            for line in sorted(str(q) for q in self.graphs[graph]):
                digest.update(line.encode())
        return digest.hexdigest()

    def broader(self, concept: str) -> Iterator[str]:
        """Yield `concept` and what is above it in its scheme."""
        seen = set()
        at: str | None = concept
        while at is not None and at not in seen:
            yield at
            seen.add(at)
            at = self.narrower.get(at)


WORD = re.compile(r"\w+|[^\w\s]")
STRAIGHT = str.maketrans({"\u2019": "'", "\u2018": "'"})
QUOTES = frozenset('"\u201c\u201d\u201e\u00ab\u00bb')


def words_of(text: str) -> list[str]:
    """Split into the words that name matching compares: no quotation marks, straight apostrophes."""
    return [w for w in WORD.findall(text.translate(STRAIGHT)) if w not in QUOTES]


def _longest(keys: Iterable[tuple[str, ...]]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for key in keys:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return longest


def load(base: str = ID_BASE, seeds: Path | None = None) -> Reference:
    """Read seeds/actors, seeds/places and seeds/agreements.

    Raises: KnowledgeError naming the file and line of bad Turtle.
    """
    root = seeds or resources.path("seeds")
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for folder in ("actors", "places", "agreements"):
        files = sorted((root / folder).glob("*.ttl"))
        if not files:
            raise KnowledgeError(f"no Turtle files in {root / folder}", None, "restore the folder or set PACTA_HOME")
        for file in files:
            graph = f"{base}graph/agreement/{file.stem}" if folder == "agreements" else f"{base}graph/reference"
            graphs[graph].extend(_read(file, base, graph))
    return _index(graphs, base)


def _read(file: Path, base: str, graph: str) -> Iterator[Quad]:
    name = NamedNode(graph)
    refuse_deep(file, "turtle", str(file))
    try:
        for quad in parse(path=str(file), format=RdfFormat.TURTLE):
            yield Quad(_rebase(quad.subject, base), quad.predicate, _rebase(quad.object, base), name)
    except (SyntaxError, ValueError) as error:
        raise KnowledgeError(f"cannot read Turtle: {error}", str(file), "mend the line the message names") from error


def _rebase(term: Any, base: str) -> Any:
    """Move data IRIs of the seeds under the configured base."""
    if base != ID_BASE and isinstance(term, NamedNode) and term.value.startswith(ID_BASE):
        return NamedNode(base + term.value[len(ID_BASE) :])
    return term


class _Facts:
    """Subject -> property -> objects, over plain strings; literals keep value and language."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.table: dict[str, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        self._inverse: dict[tuple[str, str], list[str]] = defaultdict(list)
        for quad in quads:
            if not isinstance(quad.subject, NamedNode):
                continue  # the seeds hold no blank nodes: their own test sees to that
            self.table[quad.subject.value][quad.predicate.value].append(quad.object)
            if isinstance(quad.object, NamedNode):
                self._inverse[quad.predicate.value, quad.object.value].append(quad.subject.value)

    def subjects(self, prop: str, value: str) -> list[str]:
        return sorted(set(self._inverse.get((prop, value), ())))

    def all(self, subject: str, prop: str) -> list[str]:
        return sorted(o.value for o in self.table[subject][prop] if isinstance(o, NamedNode | Literal))

    def one(self, subject: str, prop: str) -> str | None:
        values = self.all(subject, prop)
        return values[0] if values else None

    def literals(self, subject: str, prop: str) -> list[Literal]:
        return sorted((o for o in self.table[subject][prop] if isinstance(o, Literal)), key=str)


def _index(graphs: dict[str, list[Quad]], base: str) -> Reference:
    facts = _Facts(quad for quads in graphs.values() for quad in quads)
    functions, function_iris, narrower, notations = _concepts()
    entities: dict[str, Entity] = {}
    for subject in sorted(facts.table):
        types = {t.removeprefix(PACTA) for t in facts.all(subject, RDF + "type")}
        kind = next((t for t in _TYPES if t in types), None)
        if kind is not None:
            entities[subject] = _entity(subject, kind, facts, notations)
    agreements = {iri: _agreement(iri, facts) for iri, e in entities.items() if e.type == "Agreement"}
    return Reference(
        entities, agreements, functions, function_iris, narrower, {g: tuple(q) for g, q in graphs.items()}, base
    )


def _entity(subject: str, kind: str, facts: _Facts, notations: dict[str, str]) -> Entity:
    names: list[Name] = []
    for node in facts.all(subject, PACTA + "name"):
        name_kind = (facts.one(node, PACTA + "nameKind") or "").rpartition("/")[2]
        names.extend(Name(f.value, name_kind, f.language or "") for f in facts.literals(node, PACTA + "nameForm"))
    labels = facts.literals(subject, _LABEL)
    label = next((x.value for x in labels if x.language == "en"), labels[0].value if labels else subject)
    function = facts.one(subject, PACTA + "organFunction")
    return Entity(
        subject,
        kind,
        label,
        tuple(sorted(set(names), key=lambda n: (n.language, n.form, n.kind))),
        facts.one(subject, PACTA + "organOf"),
        notations.get(function) if function else None,
        facts.one(subject, PACTA + "timeZone"),
    )


def _agreement(iri: str, facts: _Facts) -> AgreementFacts:
    clauses = sorted(_clauses(iri, facts, {iri}), key=lambda c: (counted(c.number), c.iri))
    extent = facts.one(iri, PACTA + "signedDuring")
    bounds = [facts.one(extent, PACTA + p) for p in ("notBefore", "notAfter")] if extent else [None, None]
    signed = None
    if bounds[0] and bounds[1]:
        signed = (datetime.fromisoformat(bounds[0]), datetime.fromisoformat(bounds[1]))
    return AgreementFacts(
        iri,
        facts.one(iri, _LABEL) or iri,
        tuple(facts.all(iri, PACTA + "party")),
        tuple(facts.all(iri, PACTA + "mediator")),
        signed,
        tuple(clauses),
    )


def _clauses(above: str, facts: _Facts, seen: set[str]) -> Iterator[ClauseFacts]:
    """Yield the clauses of an agreement or clause and all below them; a circle is walked once."""
    for iri in facts.subjects(PACTA + "clauseOf", above):
        if iri not in seen:
            seen.add(iri)
            yield _clause(iri, above, facts)
            yield from _clauses(iri, facts, seen)


def _clause(iri: str, above: str, facts: _Facts) -> ClauseFacts:
    duties: list[tuple[str | None, frozenset[str], str | None]] = []
    for reading in facts.subjects(PACTA + "interprets", iri):
        for duty in facts.subjects(PACTA + "underReading", reading):
            topics = frozenset(facts.all(duty, PACTA + "requires"))
            scope = facts.one(duty, PACTA + "territorialScope")
            bearers: list[str | None] = [*facts.all(duty, PACTA + "bearer")]
            duties.extend((bearer, topics, scope) for bearer in bearers or [None])
    return ClauseFacts(
        iri,
        facts.one(iri, PACTA + "clauseNumber") or "",
        facts.one(iri, PACTA + "summary") or "",
        frozenset(facts.all(iri, PACTA + "provisionTopic")),
        tuple(duties),
        above,
        tuple(x.value.casefold() for x in facts.literals(iri, SKOS + "altLabel") if x.language == "en"),
    )


def _concepts() -> tuple[dict[tuple[str, ...], str], dict[str, str], dict[str, str], dict[str, str]]:
    """Read the vocabularies: function labels, function IRIs by notation, broader, notation by IRI."""
    quads: list[Quad] = []
    for file in resources.files("ontology", "vocabularies/*.ttl"):
        quads.extend(_read(file, ID_BASE, "urn:x"))
    facts = _Facts(quads)
    functions: dict[tuple[str, ...], str] = {}
    iris: dict[str, str] = {}
    for concept in sorted(facts.table):
        if not concept.startswith(VOCAB + "organ-function/"):
            continue
        notation = facts.one(concept, SKOS + "notation")
        if notation is None:
            raise KnowledgeError(f"organ function without skos:notation: {concept}", None, "give it a short notation")
        iris[notation] = concept
        for prop in ("prefLabel", "altLabel", "hiddenLabel"):
            for literal in facts.literals(concept, SKOS + prop):
                functions.setdefault(tuple(w.casefold() for w in words_of(literal.value)), notation)
    narrower = {s: b for s in sorted(facts.table) if (b := facts.one(s, SKOS + "broader"))}
    notations = {iri: notation for notation, iri in iris.items()}
    return functions, iris, narrower, notations
