"""Graphs to validate: `Context`, what is known beside the data; `Facts`, both indexed; `View`, `Facts` for pySHACL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set
from functools import cached_property
from itertools import chain
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.query import Result as Rows

from pacta.store import EmbeddedStore
from pacta.vocabulary import PACTA, RDF, RDFS, SKOS, XSD

Term = ox.NamedNode | ox.BlankNode | ox.Literal
TYPE = ox.NamedNode(f"{RDF}type")
SUB_CLASS_OF = ox.NamedNode(f"{RDFS}subClassOf")
# What shapes ask about things that the data only refers to.
ASKED = frozenset(
    {TYPE, SUB_CLASS_OF, *(ox.NamedNode(i) for i in (f"{SKOS}inScheme", f"{PACTA}organOf", f"{PACTA}clauseOf"))}
    | {ox.NamedNode(f"{PACTA}interprets")}
)


_NONE: dict[Any, Any] = {}


class Context:
    """What is known beside the graph that is validated: by IRI, the few statements that shapes ask for.

    Make one of the reference data once (`Validator.context`) and give it to each `validate_record`.
    """

    def __init__(self, quads: Iterable[ox.Quad] = (), *, beside: Context | None = None) -> None:
        self._facts: dict[Any, dict[ox.Triple, None]] = {} if beside is None else dict(beside._facts)
        self.above: dict[Any, frozenset[Any]] = {}  # classes with their super-classes, as far as they were asked for
        own: dict[Any, dict[ox.Triple, None]] = {}
        for quad in quads:
            if quad.predicate in ASKED and isinstance(quad.subject, ox.NamedNode):
                own.setdefault(quad.subject, {})[quad.triple] = None
        for subject, triples in own.items():
            self._facts[subject] = self._facts.get(subject, {}) | triples

    def of(self, terms: Iterable[Any]) -> dict[ox.Triple, None]:
        """Return what is known of `terms` and of all that they lead to: their classes, owners and schemes."""
        facts = self._facts
        found: dict[ox.Triple, None] = {}
        seen = {term for term in terms if term in facts}
        waiting = list(seen)
        while waiting:
            for triple in facts[waiting.pop()]:
                found[triple] = None
                for term in (triple.predicate, triple.object):
                    if term in facts and term not in seen:
                        seen.add(term)
                        waiting.append(term)
        return found


def known_of(store: EmbeddedStore, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield what a store knows of all that `quads` speak of and that it leads to, as far as shapes ask for it."""
    seen: set[Any] = set()
    waiting = [term for quad in quads for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode)]
    while waiting:
        term = waiting.pop()
        if term in seen:
            continue
        seen.add(term)
        for quad in store.match(term):
            if quad.predicate in ASKED:
                yield quad
                if isinstance(quad.object, ox.NamedNode):
                    waiting.append(quad.object)


class Facts:
    """Data and what its context knows of it, in dictionaries; read only, and with few containers to collect.

    `own` and `own_typed`: the subjects of the data, and those that it gives a class. What only the context speaks of is
    in neither.
    """

    def __init__(self, quads: Iterable[Iterable[Any]], context: Context) -> None:
        self._about: dict[Any, dict[Any, Any]] = {}  # subject → predicate → the object, or a dictionary of objects
        self._with: dict[Any, list[Any]] = {}  # predicate → subjects
        self._into: dict[Any, dict[Any, list[Any]]] = {}
        self._last: Any = None
        self._of_last: dict[Any, Any] = _NONE
        self._add(quads)
        self.own: frozenset[Any] = frozenset(self._about)
        self.own_typed: frozenset[Any] = frozenset(s for s, about in self._about.items() if TYPE in about)
        # the super-classes of a class are the same for all graphs that say nothing on classes themselves
        predicates = {predicate for about in self._about.values() for predicate in about}
        self._above = {} if SUB_CLASS_OF in predicates else context.above
        known = context.of(chain(self.own, predicates, (obj for _, _, obj in self._triples())))
        self._add((triple.subject, triple.predicate, triple.object, None) for triple in known)
        for subject, about in self._about.items():
            for predicate in about:
                subjects = self._with.get(predicate)
                if subjects is None:
                    self._with[predicate] = [subject]
                else:
                    subjects.append(subject)

    def _add(self, quads: Iterable[Iterable[Any]]) -> None:
        """Put in each triple once. Quads, or their four terms, of one subject mostly stand together."""
        last, about = None, _NONE
        one: dict[Any, Any] = {}  # each access to a quad makes its terms anew: what repeats is kept once
        for subject, predicate, obj, _ in quads:
            predicate = one.setdefault(predicate, predicate)
            if isinstance(obj, ox.NamedNode):
                obj = one.setdefault(obj, obj)
            if subject != last:
                about, last = self._about.setdefault(subject, {}), subject
            held = about.get(predicate)
            if held is None:
                about[predicate] = obj
            elif isinstance(held, dict):
                if obj in held:
                    continue
                held[obj] = None
            elif held == obj:
                continue
            else:
                about[predicate] = {held: None, obj: None}

    def _triples(self) -> Iterator[tuple[Any, Any, Any]]:
        for subject, about in self._about.items():
            for predicate, held in about.items():
                for obj in held if isinstance(held, dict) else (held,):
                    yield subject, predicate, obj

    @property
    def used(self) -> Set[Any]:
        """The predicates in use."""
        return self._with.keys()

    @cached_property
    def has_blank(self) -> bool:
        """Whether the object of a triple is a blank node."""
        return any(isinstance(obj, ox.BlankNode) for _, _, obj in self._triples())

    def __contains__(self, predicate: Any) -> bool:
        """Tell whether a predicate is used."""
        return predicate in self._with

    def __iter__(self) -> Iterator[Any]:
        """Give the subjects."""
        return iter(self._about)

    def predicates(self, subject: Any) -> Set[Any]:
        """Return the predicates of a subject."""
        return self._about.get(subject, _NONE).keys()

    def objects(self, subject: Any, predicate: Any) -> Collection[Any]:
        """Return what stands behind a subject and a predicate."""
        if subject is not self._last:  # shapes ask about all properties of a subject in a row
            self._last, self._of_last = subject, self._about.get(subject, _NONE)
        held = self._of_last.get(predicate)
        if held is None:
            return ()
        return held if isinstance(held, dict) else (held,)

    def pairs(self, predicate: Any) -> Iterator[tuple[Any, Any]]:
        """Give the subjects and objects of a predicate."""
        for subject in self._with.get(predicate, ()):
            for obj in self.objects(subject, predicate):
                yield subject, obj

    def subjects(self, predicate: Any, obj: Any) -> list[Any]:
        """Return what stands before a predicate and an object."""
        into = self._into.get(predicate)
        if into is None:
            into = self._into[predicate] = {}
            for subject, value in self.pairs(predicate):
                into.setdefault(value, []).append(subject)
        return into.get(obj, [])

    def above(self, kind: Any) -> frozenset[Any]:
        """Return a class and all its super-classes."""
        if kind not in self._above:
            found, waiting = {kind}, [kind]
            while waiting:
                new = [term for term in self.objects(waiting.pop(), SUB_CLASS_OF) if term not in found]
                found.update(new)
                waiting += new
            self._above[kind] = frozenset(found)
        return self._above[kind]

    def is_a(self, node: Any, kind: Any) -> bool:
        """Tell whether a node has a class, or one below it."""
        return any(given == kind or kind in self.above(given) for given in self.objects(node, TYPE))

    @cached_property
    def instances(self) -> dict[Any, dict[Any, None]]:
        """The nodes of the data by class, with the super-classes of what is stated."""
        found: dict[Any, dict[Any, None]] = {}
        for node, given in self.pairs(TYPE):
            if node in self.own_typed:
                for kind in self.above(given):
                    found.setdefault(kind, {})[node] = None
        return found

    @cached_property
    def view(self) -> View:
        """The same as rdflib's graph."""
        return View(self)

    @cached_property
    def _store(self) -> ox.Store:
        store = ox.Store()
        store.extend(ox.Quad(*triple) for triple in self._triples())
        return store

    def query(self, text: str, this: dict[Any, Any]) -> Any:
        """Answer a SPARQL query about all of it as one graph, with variables that have a value beforehand."""
        return self._store.query(text, substitutions=this, use_default_graph_as_union=True, named_graphs=[])

    def finds(self, text: str, this: dict[Any, Any]) -> bool:
        """Tell whether such a query has a row."""
        return next(iter(self.query(text, this)), None) is not None


class View(rdflib.Graph):
    """`Facts` as a read-only graph in rdflib's terms; a term is turned into rdflib's when it is asked for."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(bind_namespaces="none")
        self.facts = facts
        self._theirs: dict[Any, Any] = {}

    def term(self, term: Any) -> Any:
        """Return a term of the facts as rdflib's."""
        found = self._theirs.get(term)
        if found is None:
            found = self._theirs[term] = to_rdflib(term)
        return found

    def triples(self, triple: Any) -> Iterator[Any]:  # type: ignore[override]
        s, p, o = triple
        for subject in self.facts if s is None else (to_oxigraph(s),):
            for predicate in self.facts.predicates(subject) if p is None else (to_oxigraph(p),):
                for obj in self.facts.objects(subject, predicate):
                    value = self.term(obj)
                    if o is None or o == value:
                        yield self.term(subject), self.term(predicate), value

    def objects(self, subject: Any = None, predicate: Any = None, unique: bool = False) -> Any:
        if subject is None or predicate is None:
            return super().objects(subject, predicate, unique)
        return map(self.term, self.facts.objects(to_oxigraph(subject), to_oxigraph(predicate)))

    def subjects(self, predicate: Any = None, object: Any = None, unique: bool = False) -> Any:  # noqa: A002
        if predicate is None or object is None:
            return super().subjects(predicate, object, unique)
        return map(self.term, self.facts.subjects(to_oxigraph(predicate), to_oxigraph(object)))

    @cached_property
    def _copy(self) -> rdflib.Graph:
        copy = rdflib.Graph()
        for triple in self.triples((None, None, None)):
            copy.add(triple)
        return copy

    def query(self, query_object: Any, **options: Any) -> Rows:  # type: ignore[override]
        """Answer a SPARQL SELECT, with `initBindings` put in beforehand, in rdflib's terms."""
        bound = {ox.Variable(str(k)): to_oxigraph(v) for k, v in (options.get("initBindings") or {}).items()}
        try:
            solutions: Any = self.facts.query(query_object, bound)
        except RuntimeError:  # Oxigraph gives a value only to a variable that is selected: ASK is for rdflib
            return self._copy.query(query_object, **options)
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


def to_oxigraph(term: Any) -> Any:
    """Return an rdflib term as Oxigraph's."""
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)
