"""Editorial data: a person's links and corrections, checked against the store they are for, then put beside its data.

An editor's Turtle says which clause a proposition concerns (pacta:Link with the method "editorial"), which readings
cannot hold together (pacta:incompatibleWith), or adds readings and obligations. It lies in a graph of its own, which no
build touches; the rules take an editor's word over the converter's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, parse

from pacta.errors import InputError, ValidationError_
from pacta.formats import Format
from pacta.nesting import refuse_deep
from pacta.store import EmbeddedStore
from pacta.validation import Validator
from pacta.vocabulary import PACTA, RDF

PROFILE = "record"  # an editor writes what a record holds, and never what the rules derive
_TYPE = NamedNode(RDF + "type")
_AT_ONCE = 200  # resources asked for in one query
_ABOUT = "SELECT ?s ?p ?o WHERE { VALUES ?s { %s } ?s ?p ?o }"
_FORMS = {
    "turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "rdfxml": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS, "jsonld": RdfFormat.JSON_LD,
}  # fmt: skip


def read_triples(source: Path | bytes, form: Format, graph: str) -> list[Quad]:
    """Return the triples of a file as quads of `graph`, sorted. Raises InputError where it names another graph.

    Raises: InputError for a file that is not RDF, that holds blank nodes, or that names a graph other than `graph`.
    """
    where = str(source) if isinstance(source, Path) else "standard input"
    raw = source.read_bytes() if isinstance(source, Path) else source
    refuse_deep(raw, form.name, where)
    target = NamedNode(graph)
    found: set[Quad] = set()
    try:
        for quad in parse(raw, format=_FORMS[form.name]):
            if not isinstance(quad.graph_name, DefaultGraph) and quad.graph_name != target:
                what = f"an editor's file writes into its own graph only, and this one names {quad.graph_name}"
                raise InputError(what, where, "give Turtle, or TriG without names of graphs")
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                raise InputError("a resource has no IRI", where, "give each link and reading an IRI of its own")
            found.add(Quad(quad.subject, quad.predicate, quad.object, target))
    except SyntaxError as error:
        place = f"{where}:{error.lineno}" if error.lineno else where
        raise InputError(f"this is not {form.name}: {error.msg}", place, "mend the file, or name its format") from error
    except ValueError as error:
        raise InputError(f"this is not {form.name}: {error}", where, "mend the file, or name its format") from error
    return sorted(found, key=str)


def check(store: EmbeddedStore, quads: Iterable[Quad], where: str) -> None:
    """Raise ValidationError_ that lists what the shapes refuse in an editor's quads, beside what the store says.

    Raises InputError where nothing says what a resource of the file is.
    """
    given = list(quads)
    known = list(_about(store, given))
    typed = {quad.subject for quad in (*given, *known) if quad.predicate == _TYPE}
    ours = (quad.subject for quad in given if quad.predicate.value.startswith(PACTA))
    unknown = sorted({str(subject) for subject in ours if subject not in typed})
    if unknown:  # no shape would look at it, and no rule would see it
        remedy = "say what it is, for instance a pacta:Link, or mend its IRI"
        raise InputError(f"neither the file nor the store says what {unknown[0]} is", where, remedy)
    validator = Validator()
    report = validator.validate_graph(given, validator.context(known), profile=PROFILE)
    if not report.conforms:
        faults = [result for result in report.results if result.severity == "Violation"]
        told = "; ".join(f"{result.focus}: {result.message}" for result in faults[:5])
        more = f" (and {len(faults) - 5} more)" if len(faults) > 5 else ""
        remedy = "mend the file; what it points at has to be in the store, or described in it"
        raise ValidationError_(f"the shapes refuse it: {told}{more}", where, remedy)


def _about(store: EmbeddedStore, quads: list[Quad]) -> Iterator[Quad]:
    """Yield what the store says of the resources that quads mention, and of those that these point at in turn."""
    own = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
    wanted = own | {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}
    for _ in range(2):
        further: set[str] = set()
        names = sorted(wanted)
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            for subject, predicate, thing in store.query(_ABOUT % " ".join(f"<{iri}>" for iri in some)).rows:
                if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and thing is not None:
                    yield Quad(subject, predicate, thing)
                    if isinstance(thing, NamedNode):
                        further.add(thing.value)
        own |= wanted
        wanted = further - own
