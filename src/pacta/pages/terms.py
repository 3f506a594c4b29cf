"""The ontology as its pages show it: modules, terms with what uses them, and what each class holds by its shapes.

Read from the Turtle alone: a term that somebody adds is on its page, in tables and diagram, with no word here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from pacta.pages.knowledge import GRAPH
from pacta.vocabulary import DCTERMS, OWL, PACTA, RDF, RDFS, SHACL, SKOS

KINDS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "datatype property",
    OWL + "AnnotationProperty": "annotation property",
}
TRAITS = {
    OWL + "IrreflexiveProperty": "irreflexive",
    OWL + "AsymmetricProperty": "asymmetric",
    OWL + "SymmetricProperty": "symmetric",
    OWL + "TransitiveProperty": "transitive",
}
_TERM = re.compile(r"\bpacta:([A-Za-z][A-Za-z0-9]*)")
_SCHEME_SHAPE = re.compile(r"[#/]concept-of-([a-z-]+)$")
_NUMBERS = {1: "one"}
_TEXTS = tuple(SHACL + name for name in ("select", "construct", "ask"))
_HEADER = "ontology/pacta.ttl"


@dataclass(frozen=True, slots=True)
class Slot:
    """What a class holds at one property, by its shapes: `targets` are IRIs of classes, datatypes or schemes, `least`
    and `most` how many values there are; None for no bound.
    """

    cls: str
    path: str
    targets: tuple[str, ...]
    least: int
    most: int | None

    @property
    def count(self) -> str:
        """How many in words.

        >>> Slot("", "", (), 1, 1).count, Slot("", "", (), 0, None).count, Slot("", "", (), 2, None).count
        ('exactly one', 'any number', 'at least 2')
        """
        least, most = (_NUMBERS.get(n, str(n)) for n in (self.least, self.most or 0))
        if self.most is None:
            return f"at least {least}" if self.least else "any number"
        if self.least == self.most:
            return f"exactly {least}"
        return f"{least} to {most}" if self.least else f"at most {most}"


@dataclass(slots=True)
class Term:
    """A class or property and all that its page shows; what is not there is empty."""

    iri: str
    kind: str
    label: str
    module: str
    definition: str = ""
    example: str = ""
    comment: str = ""
    traits: list[str] = field(default_factory=list)
    supers: list[str] = field(default_factory=list)
    subs: list[str] = field(default_factory=list)
    disjoint: list[str] = field(default_factory=list)
    domain: list[str] = field(default_factory=list)
    range: list[str] = field(default_factory=list)
    holds: list[Slot] = field(default_factory=list)  # of a class
    held: list[Slot] = field(default_factory=list)  # of a property
    targeted: list[Slot] = field(default_factory=list)  # of a class: the slots that lead to it
    domain_of: list[str] = field(default_factory=list)
    range_of: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    alignments: list[tuple[str, str, str, str]] = field(default_factory=list)  # subject, predicate, object, file's IRI

    @property
    def name(self) -> str:
        return self.iri.rpartition("#")[2]


@dataclass(frozen=True, slots=True)
class Module:
    """A file of the ontology: its IRI, the graph it was read into, title, description and terms in their order."""

    iri: str
    graph: str
    title: str
    description: str
    terms: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Model:
    """The whole ontology. `terms` by IRI; `modules` in the order in which the header imports them."""

    modules: tuple[Module, ...]
    terms: dict[str, Term]
    alignments: tuple[tuple[str, str], ...]  # IRI and title of each file of alignments


def read(store: Store) -> Model:
    """Return the model that is in a store of knowledge."""
    look = Look(store)
    terms = {iri: _term(look, iri, kind, graph) for iri, kind, graph in _declared(look)}
    _relate(look, terms)
    _slots(look, terms)
    _uses(look, terms)
    _align(look, terms)
    for term in terms.values():
        for name in ("subs", "domain_of", "range_of", "questions", "rules", "shapes", "disjoint"):
            setattr(term, name, sorted(set(getattr(term, name))))
    ends = [iri for iri, graph in look.of_type(OWL + "Ontology") if "/alignments/" in graph]
    return Model(tuple(_modules(look, terms)), terms, tuple((iri, look.text(iri, DCTERMS + "title")) for iri in ends))


class Look:
    """Short ways to ask a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def values(self, subject: NamedNode | BlankNode | str, predicate: str) -> list[NamedNode | BlankNode | Literal]:
        """Return the objects, sorted."""
        node = NamedNode(subject) if isinstance(subject, str) else subject
        found = {q.object for q in self.store.quads_for_pattern(node, NamedNode(predicate), None, None)}
        return sorted((each for each in found if isinstance(each, NamedNode | BlankNode | Literal)), key=str)

    def iris(self, subject: NamedNode | BlankNode | str, predicate: str) -> list[str]:
        return [each.value for each in self.values(subject, predicate) if isinstance(each, NamedNode)]

    def text(self, subject: NamedNode | BlankNode | str, predicate: str) -> str:
        return next((each.value for each in self.values(subject, predicate) if isinstance(each, Literal)), "")

    def pairs(self, predicate: str) -> Iterator[tuple[NamedNode | BlankNode, NamedNode | BlankNode | Literal, str]]:
        """Yield subject, object and graph of a predicate."""
        for quad in self.store.quads_for_pattern(None, NamedNode(predicate), None, None):
            subject, value, graph = quad.subject, quad.object, quad.graph_name
            if not isinstance(subject, Triple) and not isinstance(value, Triple) and isinstance(graph, NamedNode):
                yield subject, value, graph.value

    def of_type(self, cls: str) -> list[tuple[str, str]]:
        """Return the IRIs of the things of a class, each with the graph that says so, sorted."""
        found = self.store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(cls), None)
        return sorted(
            (quad.subject.value, quad.graph_name.value)
            for quad in found
            if isinstance(quad.subject, NamedNode) and isinstance(quad.graph_name, NamedNode)
        )

    def items(self, head: NamedNode | BlankNode) -> Iterator[NamedNode | BlankNode]:
        """Yield the members of an RDF list."""
        while head != NamedNode(RDF + "nil"):
            first, rest = self.values(head, RDF + "first"), self.values(head, RDF + "rest")
            if not first or not rest or isinstance(rest[0], Literal):
                return
            if not isinstance(first[0], Literal):
                yield first[0]
            head = rest[0]


def _declared(look: Look) -> Iterator[tuple[str, str, str]]:
    for cls, kind in KINDS.items():
        for iri, graph in look.of_type(cls):
            if iri.startswith(PACTA) and graph.startswith(f"{GRAPH}ontology/") and graph.count("/") == 1:
                yield iri, kind, graph


def _term(look: Look, iri: str, kind: str, graph: str) -> Term:
    types = look.iris(iri, RDF + "type")
    modules = look.iris(iri, RDFS + "isDefinedBy")
    return Term(
        iri,
        kind,
        look.text(iri, RDFS + "label") or iri.rpartition("#")[2],
        modules[0] if modules else "",
        look.text(iri, SKOS + "definition"),
        look.text(iri, SKOS + "example"),
        look.text(iri, RDFS + "comment") or look.text(iri, SKOS + "scopeNote"),
        [TRAITS[each] for each in types if each in TRAITS],
        domain=look.iris(iri, RDFS + "domain"),
        range=look.iris(iri, RDFS + "range"),
    )


def _relate(look: Look, terms: dict[str, Term]) -> None:
    for predicate in ("subClassOf", "subPropertyOf"):
        for subject, value, graph in look.pairs(RDFS + predicate):
            if isinstance(value, NamedNode) and "/alignments/" not in graph:
                if subject.value in terms:
                    terms[subject.value].supers.append(value.value)
                if value.value in terms:
                    terms[value.value].subs.append(subject.value)
    for predicate in ("disjointWith", "propertyDisjointWith"):
        for subject, value, graph in look.pairs(OWL + predicate):
            if "/alignments/" not in graph:
                for one, other in ((subject, value), (value, subject)):
                    if one.value in terms and isinstance(other, NamedNode):
                        terms[one.value].disjoint.append(other.value)
    for term in terms.values():
        for cls in term.domain:
            if cls in terms:
                terms[cls].domain_of.append(term.iri)
        for cls in term.range:
            if cls in terms:
                terms[cls].range_of.append(term.iri)


def _slots(look: Look, terms: dict[str, Term]) -> None:
    """Collect what shapes say of the values of each property of each class; several shapes of one property add up."""
    found: dict[tuple[str, str], list[NamedNode | BlankNode]] = defaultdict(list)
    for shape, target, _ in look.pairs(SHACL + "targetClass"):
        for part in look.values(shape, SHACL + "property"):
            for path in look.iris(part, SHACL + "path") if not isinstance(part, Literal) else ():
                if not isinstance(part, Literal) and target.value in terms:
                    found[target.value, path].append(part)
    for (cls, path), parts in sorted(found.items(), key=lambda item: item[0]):
        least = max((_number(look, part, "minCount") or 0 for part in parts), default=0)
        bounds = [n for part in parts if (n := _number(look, part, "maxCount")) is not None]
        most = min(bounds) if bounds else None
        if most == 0 or path == RDF + "type":
            continue
        targets = sorted({each for part in parts for each in _targets(look, part)})
        if not targets and path in terms:
            targets = terms[path].range
        slot = Slot(cls, path, tuple(targets), least, most)
        terms[cls].holds.append(slot)
        if path in terms:
            terms[path].held.append(slot)
        for each in targets:
            if each in terms:
                terms[each].targeted.append(slot)


def _number(look: Look, part: NamedNode | BlankNode, name: str) -> int | None:
    text = look.text(part, SHACL + name)
    return int(text) if text.isdecimal() else None


def _targets(look: Look, part: NamedNode | BlankNode) -> Iterator[str]:
    yield from look.iris(part, SHACL + "class")
    yield from look.iris(part, SHACL + "datatype")
    for node in look.iris(part, SHACL + "node"):
        if match := _SCHEME_SHAPE.search(node):
            yield f"{PACTA.removesuffix('ontology#')}vocab/{match[1]}"
    for head in look.values(part, SHACL + "or"):
        if not isinstance(head, Literal):
            for choice in look.items(head):
                yield from _targets(look, choice)


def _uses(look: Look, terms: dict[str, Term]) -> None:
    for predicate in _TEXTS:
        for subject, value, graph in look.pairs(predicate):
            place = graph.removeprefix(GRAPH)
            if not isinstance(subject, NamedNode) or not isinstance(value, Literal):
                continue
            for name in set(_TERM.findall(value.value)):
                if term := terms.get(PACTA + name):
                    kind = "questions" if place.startswith("queries/") else "rules" if "/rules/" in place else "shapes"
                    getattr(term, kind).append(subject.value)
    for predicate in ("targetClass", "path", "class", "targetSubjectsOf", "targetObjectsOf"):
        for subject, value, _ in look.pairs(SHACL + predicate):
            if isinstance(subject, NamedNode) and value.value in terms:
                terms[value.value].shapes.append(subject.value)


def _align(look: Look, terms: dict[str, Term]) -> None:
    homes = {graph: iri for iri, graph in look.of_type(OWL + "Ontology")}
    for graph, home in sorted(homes.items()):
        if "/alignments/" in graph:
            rows = look.store.quads_for_pattern(None, None, None, NamedNode(graph))
            for quad in sorted(rows, key=str):
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                    row = (quad.subject.value, quad.predicate.value, quad.object.value, home)
                    for end in {row[0], row[2]} & terms.keys():
                        terms[end].alignments.append(row)


def _modules(look: Look, terms: dict[str, Term]) -> Iterator[Module]:
    header = NamedNode(GRAPH + _HEADER)
    found = look.store.quads_for_pattern(None, NamedNode(OWL + "imports"), None, header)
    imports = [quad.object.value for quad in found if isinstance(quad.object, NamedNode)]
    homes = dict(look.of_type(OWL + "Ontology"))
    places = {name: number for number, name in enumerate(ORDER)}
    for iri in sorted(imports, key=lambda each: (places.get(each.rpartition("/")[2], len(places)), each)):
        own = sorted((t.kind != "class", t.name.lower(), t.iri) for t in terms.values() if t.module == iri)
        yield Module(
            iri, homes.get(iri, ""), look.text(iri, DCTERMS + "title"), look.text(iri, DCTERMS + "description"),
            tuple(each[2] for each in own),
        )  # fmt: skip


# The layers in the order in which a document becomes a dispute; a module that is not named comes after them.
ORDER = ("source", "discourse", "content", "agreements", "actors", "derived", "lexicon")


def titled(look: Look, iris: Iterable[str]) -> list[tuple[str, str]]:
    """Return IRIs with their labels or messages."""
    names = (RDFS + "label", SHACL + "name", SHACL + "message")
    return [(iri, next((t for name in names if (t := look.text(iri, name))), iri)) for iri in iris]
