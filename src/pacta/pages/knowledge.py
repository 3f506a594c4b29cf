"""Ontology, vocabularies, shapes, rules, questions and lexicon as one store in memory, read when first asked for.

Every file is a named graph of its own, so that a page can say where a term is written down. Rules and questions are no
Turtle; they are described here in the terms of SHACL and DCMI.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store

from pacta import queries
from pacta.resources import files, path
from pacta.rules import rules
from pacta.vocabulary import DCTERMS, RDF, RDFS, SHACL, SKOS, P

GRAPH = "urn:pacta:"  # what the names of graphs begin with
_SOURCES = (("ontology", "**/*.ttl"), ("shapes", "*.ttl"), ("seeds", "lexicon/*.ttl"))

# What a thing is called, best first.
LABELS = tuple(
    NamedNode(iri)
    for iri in (RDFS + "label", SKOS + "prefLabel", DCTERMS + "title", P.gloss, P.nameForm, SHACL + "name", P.quote)
)

LONGEST = 200  # characters of a label; a quote or a gloss may be longer


def load() -> Store:
    """Return a new store with all of it; the graph of a file is named `urn:pacta:` and its path below its root."""
    store = Store()
    for kind, pattern in _SOURCES:
        for file in files(kind, pattern):
            store.extend(_read(file, _place(kind, file)))
    store.extend(_rules())
    store.extend(_questions())
    return store


def file_of(graph: str) -> str:
    """Return the path of the file that a graph was read from, as in `ontology/source.ttl`."""
    return graph.removeprefix(GRAPH)


def _read(file: Path, place: str) -> Iterator[Quad]:
    """Yield the triples of a file in its graph; blank nodes are named in their order, the same at each start."""
    graph, stem = NamedNode(GRAPH + place), re.sub(r"[^A-Za-z0-9]", "-", place)
    blanks: dict[BlankNode, BlankNode] = {}
    for triple in ox.parse(path=str(file), format=RdfFormat.TURTLE):
        ends = [
            blanks.setdefault(end, BlankNode(f"{stem}-{len(blanks)}")) if isinstance(end, BlankNode) else end
            for end in (triple.subject, triple.object)
        ]
        yield Quad(ends[0], triple.predicate, ends[1], graph)


def _place(kind: str, file: Path) -> str:
    return f"{kind}/{file.relative_to(path(kind)).as_posix()}"


def _rules() -> Iterator[Quad]:
    for rule in rules():
        facts: list[tuple[str, NamedNode | Literal]] = [
            (RDF + "type", NamedNode(SHACL + "SPARQLConstructExecutable")),
            (RDFS + "label", Literal(rule.title, language="en")),
            (DCTERMS + "description", Literal(rule.description, language="en")),
            (DCTERMS + "identifier", Literal(rule.name)),
            (SHACL + "construct", Literal(rule.text)),
        ]
        yield from _about(rule.iri, facts, f"ontology/rules/{rule.name}.rq")


def _questions() -> Iterator[Quad]:
    for query in queries.catalogue().values():
        facts: list[tuple[str, NamedNode | Literal]] = [
            (RDF + "type", NamedNode(SHACL + "SPARQLSelectExecutable")),
            (RDFS + "label", Literal(query.title, language="en")),
            (DCTERMS + "description", Literal(query.description, language="en")),
            (DCTERMS + "identifier", Literal(query.name)),
            (SHACL + "select", Literal(query.text)),
        ]
        facts += [(DCTERMS + "subject", Literal(tag)) for tag in query.tags]
        yield from _about(query.iri, facts, f"queries/{query.name}.rq")


def _about(iri: str, facts: Iterable[tuple[str, NamedNode | Literal]], place: str) -> Iterator[Quad]:
    graph = NamedNode(GRAPH + place)
    for predicate, value in facts:
        yield Quad(NamedNode(iri), NamedNode(predicate), value, graph)


def label_of(store: Store, iri: str) -> str | None:
    """Return the English label of a resource, or any other, or None. Works on any store by its index of subjects."""
    node = NamedNode(iri)
    for predicate in LABELS:
        found = sorted(
            (not (value.language or "").startswith("en"), value.value)
            for quad in store.quads_for_pattern(node, predicate, None, None)
            if isinstance(value := quad.object, Literal)
        )
        if found:
            words = found[0][1]
            return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()} …"
    return None
