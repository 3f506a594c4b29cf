"""Which quads belong into a dump: of the whole store, of one graph, a document, an agreement, an actor.

Each is an iterator over the indexes, in no order, with doubles; full texts are never among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from pyoxigraph import NamedNode, Quad, Store

from pacta.iris import Iris
from pacta.pages.descriptions import said_of, statements_about
from pacta.vocabulary import PROV, RDF, P

_KEY = re.compile(r"/[0-9a-f]{12}(?![0-9a-z])")  # of a node that belongs to one record
_BACK = (P.attributes, P.underReading, P.linksFrom)  # what points at a statement or a proposition and belongs to it
_OF_ACTOR = (P.speaker, P.issuedBy)
_ABOUT_ACTOR = (P.about, P.participant, P.holder)


def graph_names(store: Store, iris: Iris) -> list[str]:
    """Return the names of all graphs but those of full texts, in the order of sorted N-Quads."""
    texts = f"{iris.base}graph/text/"
    names = (g for g in store.named_graphs() if isinstance(g, NamedNode) and not g.value.startswith(texts))
    return [name.value for name in sorted(names, key=str)]


def of_graph(store: Store, name: str) -> Iterator[Quad]:
    """Yield the quads of a graph, without full texts."""
    for quad in store.quads_for_pattern(None, None, None, NamedNode(name)):
        if quad.predicate.value != P.fullText:
            yield quad


def of_document(store: Store, iris: Iris, iri: str) -> Iterator[Quad]:
    """Yield the records of a document, the runs that made them, and what is derived about them."""
    captures = subjects(store, P.captureOf, iri)
    records = sorted(
        {r for capture in captures for r in subjects(store, PROV + "wasDerivedFrom", capture.value)}, key=str
    )
    derived = NamedNode(iris.derived_graph())
    for record in records:
        own = set()
        for quad in of_graph(store, record.value):
            own.add(quad.subject)
            yield quad
            if quad.predicate.value == PROV + "wasGeneratedBy" and isinstance(quad.object, NamedNode):
                yield from said_of(store, quad.object)
        for node in own:
            yield from store.quads_for_pattern(node, None, None, derived)


def of_agreement(store: Store, iris: Iris, iri: str) -> Iterator[Quad]:
    """Yield an agreement's own graph, the statements about it and its clauses, and the disputes over them."""
    yield from of_graph(store, iris.agreement_graph(iri.rpartition("/")[2]))
    provisions = _below(store, NamedNode(iri))
    for node in provisions:
        yield from said_of(store, node)
        for dispute in subjects(store, P.disputeOver, node.value):
            yield from _dispute(store, dispute)
    yield from _statements(store, chain.from_iterable(statements_about(store, node) for node in provisions))


def of_actor(store: Store, iris: Iris, iri: str) -> Iterator[Quad]:
    """Yield an actor with its names and organs, what it and they said, and what others said about it."""
    own = _organs(store, NamedNode(iri))
    for actor in own:
        yield from said_of(store, actor)
        for quad in store.quads_for_pattern(actor, NamedNode(P.name), None, None):
            if isinstance(quad.object, NamedNode):
                yield from said_of(store, quad.object)
    said = (each for actor in own for step in _OF_ACTOR for each in subjects(store, step, actor.value))
    about = (each for step in _ABOUT_ACTOR for each in subjects(store, step, iri))
    yield from _statements(store, chain(said, (s for node in about for s in statements_about(store, node))))
    for side in subjects(store, P.holder, iri):
        for dispute in subjects(store, P.side, side.value):
            yield from _dispute(store, dispute)


OF: dict[str, Callable[[Store, Iris, str], Iterator[Quad]]] = {
    "document": of_document,
    "agreement": of_agreement,
    "actor": of_actor,
}


def subjects(store: Store, predicate: str, value: str) -> list[NamedNode]:
    """Return what points at a resource by a predicate, sorted."""
    found = {q.subject for q in store.quads_for_pattern(None, NamedNode(predicate), NamedNode(value), None)}
    return sorted((each for each in found if isinstance(each, NamedNode)), key=str)


def is_a(store: Store, iri: str, classes: Iterable[str]) -> bool:
    """Tell whether a resource is of one of these classes."""
    types = {q.object for q in store.quads_for_pattern(NamedNode(iri), NamedNode(RDF + "type"), None, None)}
    return any(NamedNode(each) in types for each in classes)


def _statements(store: Store, statements: Iterable[NamedNode]) -> Iterator[Quad]:
    """Yield statements with all that belongs to them: attributions, spans, propositions, links, times, places."""
    seen: set[NamedNode] = set()
    row = list(dict.fromkeys(statements))
    while row:
        node = row.pop()
        if node in seen:
            continue
        seen.add(node)
        for quad in said_of(store, node):
            yield quad
            if isinstance(quad.object, NamedNode) and _KEY.search(quad.object.value) and quad.object not in seen:
                row.append(quad.object)
        row.extend(each for step in _BACK for each in subjects(store, step, node.value) if each not in seen)


def _dispute(store: Store, dispute: NamedNode) -> Iterator[Quad]:
    for quad in said_of(store, dispute):
        yield quad
        if quad.predicate.value == P.side and isinstance(quad.object, NamedNode):
            yield from said_of(store, quad.object)


def _below(store: Store, node: NamedNode) -> list[NamedNode]:
    return _closed(store, node, P.clauseOf)


def _organs(store: Store, node: NamedNode) -> list[NamedNode]:
    return _closed(store, node, P.organOf)


def _closed(store: Store, node: NamedNode, predicate: str) -> list[NamedNode]:
    """Return a resource and all that points at it by a predicate, directly or through others."""
    found, row = {node: None}, [node]
    while row:
        for each in subjects(store, predicate, row.pop().value):
            if each not in found:
                found[each] = None
                row.append(each)
    return list(found)
