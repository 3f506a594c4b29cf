"""Graphs to validate: `Context`, what is known beside the data, and `Index`, both as pySHACL reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.query import Result as Rows

from pacta.vocabulary import PACTA, RDF, RDFS, SKOS, XSD

Term = ox.NamedNode | ox.BlankNode | ox.Literal
# What shapes ask about things that the data only refers to.
ASKED = frozenset(
    {f"{RDF}type", f"{RDFS}subClassOf", f"{SKOS}inScheme", f"{PACTA}organOf", f"{PACTA}clauseOf", f"{PACTA}interprets"}
)


class Context:
    """What is known beside the graph that is validated: by IRI, the few statements that shapes ask for.

    Make one of the reference data once (`Validator.context`) and give it to each `validate_record`.
    """

    def __init__(self, quads: Iterable[ox.Quad] = (), *, beside: Context | None = None) -> None:
        self._facts: dict[str, dict[ox.Triple, None]] = {}
        self._beside = beside
        for quad in quads:
            if quad.predicate.value in ASKED and isinstance(quad.subject, ox.NamedNode):
                self._facts.setdefault(quad.subject.value, {})[quad.triple] = None

    def of(self, iris: Iterable[str]) -> list[ox.Triple]:
        """Return what is known of `iris` and of all that they lead to: their classes, owners and schemes."""
        found: list[ox.Triple] = []
        waiting, seen = list(iris), set()
        while waiting:
            iri = waiting.pop()
            if iri in seen:
                continue
            seen.add(iri)
            for triple in self._of(iri):
                found.append(triple)
                waiting.append(triple.predicate.value)
                if isinstance(triple.object, ox.NamedNode):
                    waiting.append(triple.object.value)
        return found

    def _of(self, iri: str) -> Iterator[ox.Triple]:
        yield from self._facts.get(iri, ())
        if self._beside is not None:
            yield from self._beside._of(iri)


class Index(rdflib.Graph):
    """A read-only graph of data and context: dictionaries for lookups, Oxigraph for SPARQL."""

    def __init__(self, data: Sequence[ox.Triple], context: Sequence[ox.Triple]) -> None:
        super().__init__(bind_namespaces="none")
        self._out: dict[Any, dict[Any, list[Any]]] = {}
        self._in: dict[Any, dict[Any, list[Any]]] = {}
        self._sources = (data, context)
        terms: dict[Any, Any] = {}
        for triple in dict.fromkeys((*data, *context)):
            for term in triple:
                if term not in terms:
                    terms[term] = to_rdflib(term)
            s, p, o = terms[triple.subject], terms[triple.predicate], terms[triple.object]
            self._out.setdefault(s, {}).setdefault(p, []).append(o)
            self._in.setdefault(p, {}).setdefault(o, []).append(s)
        self.own = {terms[triple.subject] for triple in data}
        self.own_typed = {terms[triple.subject] for triple in data if triple.predicate.value == f"{RDF}type"}

    def triples(self, triple: Any) -> Iterator[Any]:  # type: ignore[override]
        s, p, o = triple
        for subject in (s,) if s is not None else tuple(self._out):
            for predicate, objects in self._out.get(subject, {}).items():
                if p is None or predicate == p:
                    yield from ((subject, predicate, obj) for obj in objects if o is None or obj == o)

    def objects(self, subject: Any = None, predicate: Any = None, unique: bool = False) -> Any:
        if subject is None or predicate is None:
            return super().objects(subject, predicate, unique)
        return iter(self._out.get(subject, {}).get(predicate, ()))

    def subjects(self, predicate: Any = None, object: Any = None, unique: bool = False) -> Any:  # noqa: A002
        if predicate is None or object is None:
            return super().subjects(predicate, object, unique)
        return iter(self._in.get(predicate, {}).get(object, ()))

    def subject_objects(self, predicate: Any = None, unique: bool = False) -> Any:
        return ((s, o) for o, subjects in self._in.get(predicate, {}).items() for s in subjects)

    @cached_property
    def _queried(self) -> ox.Store:
        """The same triples in Oxigraph."""
        store = ox.Store()
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for triples in self._sources for t in triples)
        return store

    def query(self, query_object: Any, **options: Any) -> Rows:  # type: ignore[override]
        """Answer a SPARQL SELECT, with `initBindings` put in beforehand, in rdflib's terms."""
        bound: dict[Any, Any] = {
            ox.Variable(str(k)): to_oxigraph(v) for k, v in (options.get("initBindings") or {}).items()
        }
        solutions: Any = self._queried.query(query_object, substitutions=bound)
        variables = [rdflib.Variable(variable.value) for variable in solutions.variables]
        rows = Rows("SELECT")
        rows.vars = variables
        rows.bindings = [
            {variable: to_rdflib(term) for variable, term in zip(variables, solution, strict=True) if term is not None}
            for solution in solutions
        ]
        return rows


def to_rdflib(term: Any) -> Any:
    """Return an Oxigraph term as rdflib's; a literal keeps its lexical form."""
    if isinstance(term, ox.NamedNode):
        return str.__new__(rdflib.URIRef, term.value)  # Oxigraph has checked it; rdflib would, at some cost, once more
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == f"{XSD}string":
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)


def to_oxigraph(term: Any) -> Term:
    """Return an rdflib term as Oxigraph's."""
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)
