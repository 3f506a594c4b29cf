"""The description of a resource: what is said of it, what points at it (bounded), and the evidence for it.

Everything is found by the indexes of the store, a few microseconds a step, however much the store holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from pacta.pages.site import Site
from pacta.vocabulary import DCTERMS, FORCES, RDF, P

MOST_SAID = 2_000  # triples of one subject
MOST_STATEMENTS = 25  # of one page of evidence

_FORCES = tuple(sorted(FORCES))
_STANCE = tuple(f"^{force}" for force in _FORCES)
_STANCES = frozenset(map(NamedNode, _FORCES))
# How to walk from a resource to the statements about it. A step is a predicate, from subject to object; ^ turns it.
# A tuple within a path stands for any of its steps.
_PATHS: tuple[tuple[str | tuple[str, ...], ...], ...] = (
    (P.attributes,),
    (P.viaStatement,),
    (P.side, P.viaStatement),
    (_STANCE,),
    (P.underReading, _STANCE),
    (P.linksFrom, _STANCE),
    (f"^{P.accountOf}", _STANCE),
    (f"^{P.evaluates}", _STANCE),
    ((f"^{P.interprets}", f"^{P.againstProvision}"), _STANCE),
    (f"^{P.concernsClause}", _STANCE),
    (f"^{P.linksTo}", P.linksFrom, _STANCE),
    ((f"^{P.participation}", f"^{P.occurredDuring}", f"^{P.occurredAt}"), _STANCE),
    (f"^{P.saidDuring}",),
    (f"^{P.partOfCommunique}",),
    ((f"^{P.contentSpan}", f"^{P.cueSpan}", f"^{P.sourceSpan}"), P.attributes),
    (f"^{P.inDocument}", P.attributes),
    (P.captureOf, f"^{P.inDocument}", P.attributes),
    (f"^{P.speaker}",),
    (f"^{P.participant}", f"^{P.participation}", _STANCE),
)
_NAMED_GRAPH = "http://www.w3.org/ns/sparql-service-description#NamedGraph"
_DUMP = "http://rdfs.org/ns/void#dataDump"
_SPANS = (P.sourceSpan, P.cueSpan, P.contentSpan)
_OF_DOCUMENT = frozenset({DCTERMS + "title", DCTERMS + "source", P.published, P.publishedInferred, P.outlet})


@dataclass(frozen=True, slots=True)
class Description:
    """Quads about one resource, without those that carry a full text. `more` tells that there is a next page of what
    points at it; `statements` are the IRIs of those whose evidence is in `evidence`, at most MOST_STATEMENTS a page.
    """

    iri: str
    outgoing: tuple[Quad, ...]
    incoming: tuple[Quad, ...]
    evidence: tuple[Quad, ...]
    statements: tuple[str, ...]
    more: bool

    @property
    def quads(self) -> tuple[Quad, ...]:
        """All of it as triples of the default graph, each once, in a fixed order."""
        triples = {quad.triple for quad in chain(self.outgoing, self.incoming, self.evidence)}
        return tuple(sorted((Quad(t.subject, t.predicate, t.object) for t in triples), key=str))


def is_described(site: Site, iri: str) -> bool:
    """Tell whether the data or the ontology say anything of a resource."""
    node = NamedNode(iri)
    if site.is_data(iri) and site.snapshot.store.contains_named_graph(node):
        return True
    patterns = ((node, None), (None, node))
    return any(
        next(store.quads_for_pattern(subject, None, value, None), None) is not None
        for store in stores_of(site, iri)
        for subject, value in patterns
    )


def describe(site: Site, iri: str, page: int = 1) -> Description:
    """Return the description of a resource; `page` counts from 1 and turns what points at it and the evidence."""
    node, size = NamedNode(iri), site.settings.page_rows
    stores = stores_of(site, iri)
    outgoing = [quad for store in stores for quad in said_of(store, node)] + _as_graph(site, node)
    start = (page - 1) * size
    pointing = chain.from_iterable(store.quads_for_pattern(None, None, node, None) for store in stores)
    incoming = list(islice(pointing, start, start + size + 1))
    store = site.snapshot.store
    statements = list(islice(statements_about(store, node), (page - 1) * MOST_STATEMENTS, page * MOST_STATEMENTS + 1))
    more = len(incoming) > size or len(statements) > MOST_STATEMENTS
    shown = statements[:MOST_STATEMENTS]
    return Description(
        iri,
        tuple(outgoing),
        tuple(incoming[:size]),
        tuple(chain.from_iterable(evidence_of(store, each) for each in shown)),
        tuple(each.value for each in shown),
        more,
    )


def stores_of(site: Site, iri: str) -> tuple[Store, ...]:
    """Return where a resource is described: data in the snapshot, terms in the ontology and wherever data use them."""
    return (site.snapshot.store,) if site.is_data(iri) else (site.knowledge, site.snapshot.store)


def _as_graph(site: Site, node: NamedNode) -> list[Quad]:
    """Return what is to be said of a named graph: that it is one, and where it can be had whole."""
    if not site.is_data(node.value) or not site.snapshot.store.contains_named_graph(node):
        return []
    found = [Quad(node, NamedNode(RDF + "type"), NamedNode(_NAMED_GRAPH))]
    if not node.value.startswith(f"{site.settings.base}graph/text/"):
        dump = f"{site.settings.url}/data/{site.href(node.value).removeprefix('/id/')}.nq.gz"
        found.append(Quad(node, NamedNode(_DUMP), NamedNode(dump)))
    return found


def said_of(store: Store, node: NamedNode | BlankNode) -> Iterator[Quad]:
    """Yield the quads with a resource as their subject, and those of the blank nodes that hang on it."""
    row: list[NamedNode | BlankNode] = [node]
    seen = set(row)
    while row:
        for quad in islice(store.quads_for_pattern(row.pop(), None, None, None), MOST_SAID):
            if quad.predicate.value != P.fullText:
                yield quad
            if isinstance(quad.object, BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                row.append(quad.object)


def statements_about(store: Store, node: NamedNode) -> Iterator[NamedNode]:
    """Yield the statements that are the evidence for a resource, each once: itself, or what the paths lead to."""
    seen: set[NamedNode] = set()
    own = (node,) if next(store.quads_for_pattern(node, NamedNode(P.speaker), None, None), None) else ()
    for each in chain(own, *(_walk(store, node, path) for path in _PATHS)):
        if each not in seen:
            seen.add(each)
            yield each


def evidence_of(store: Store, statement: NamedNode) -> Iterator[Quad]:
    """Yield a statement, where it is attributed, in which words, and in which document."""
    yield from said_of(store, statement)
    for attribution in _ends(store, statement, f"^{P.attributes}"):
        for quad in said_of(store, attribution):
            yield quad
            if quad.predicate.value in _SPANS and isinstance(quad.object, NamedNode):
                yield from said_of(store, quad.object)
            elif quad.predicate.value == P.inDocument and isinstance(quad.object, NamedNode):
                yield from (q for q in said_of(store, quad.object) if q.predicate.value in _OF_DOCUMENT)


def _walk(
    store: Store, node: NamedNode, path: tuple[str | tuple[str, ...], ...], *, inner: bool = False
) -> Iterator[NamedNode]:
    if not path:
        yield node
        return
    first, rest = path[0], path[1:]
    if first is _STANCE and inner:  # few things point at a proposition: one look instead of one for each force
        for quad in store.quads_for_pattern(None, None, node, None):
            if quad.predicate in _STANCES and isinstance(quad.subject, NamedNode):
                yield from _walk(store, quad.subject, rest, inner=True)
        return
    for step in (first,) if isinstance(first, str) else first:
        for end in _ends(store, node, step):
            yield from _walk(store, end, rest, inner=True)


def _ends(store: Store, node: NamedNode, step: str) -> Iterable[NamedNode]:
    """Yield what a step leads to; the same end may come twice, from two graphs."""
    if step.startswith("^"):
        found = store.quads_for_pattern(None, NamedNode(step[1:]), node, None)
        yield from (quad.subject for quad in found if isinstance(quad.subject, NamedNode))
    else:
        found = store.quads_for_pattern(node, NamedNode(step), None, None)
        yield from (quad.object for quad in found if isinstance(quad.object, NamedNode))
