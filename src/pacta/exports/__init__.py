"""Results and graphs → bytes, one table of writers for each; the same input gives the same bytes.

    results_to(results, "csv")                     # rows of a question
    graph_to(store.quads(), "turtle")              # a graph or a dataset

A new export is one function and one row in a table below, and one row in formats.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from pacta.errors import UsageError_
from pacta.exports.delimited import comma_separated, tab_separated
from pacta.exports.rdf import Writer, quads_as, triples_as
from pacta.exports.sparql import objects, sparql_json, sparql_xml
from pacta.exports.tables import WIDTH, markdown, terminal
from pacta.exports.turtle import trig, turtle
from pacta.formats import by_name, of_kind
from pacta.store import Results
from pacta.vocabulary import ID_BASE, PACTA, XSD

__all__ = ["GRAPH_WRITERS", "RESULT_WRITERS", "graph_to", "results_to", "without_text"]

RESULT_WRITERS: dict[str, Callable[[Results], bytes]] = {
    "csv": comma_separated,
    "tsv": tab_separated,
    "json": objects,
    "sparql-json": sparql_json,
    "xml": sparql_xml,
    "markdown": markdown,
    "table": terminal,
}

GRAPH_WRITERS: dict[str, Writer] = {
    "turtle": turtle,
    "trig": trig,
    "ntriples": triples_as(RdfFormat.N_TRIPLES),
    "nquads": quads_as(RdfFormat.N_QUADS),
    "jsonld": quads_as(RdfFormat.JSON_LD, prefixes=True),
    "rdfxml": triples_as(RdfFormat.RDF_XML, prefixes=True),
}

_STANDARD = ("sparql-json", "xml", "json")  # these have their own way to say true or false
_FULL_TEXT = PACTA + "fullText"


def results_to(
    results: Results,
    format_name: str,
    *,
    width: int = WIDTH,
    base: str = ID_BASE,
    labels: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Return the answer to any query in a format of formats.py; `width` and `labels` (by IRI) are for a table.

    Rows do not fit a graph format (UsageError_); triples fit both, as rows of subject, predicate and object.
    """
    if results.triples is not None:
        chosen = by_name(format_name, among=of_kind("graph", "dataset", "results"))
        if chosen.name in GRAPH_WRITERS:
            return graph_to(results.quads(), chosen.name, base=base)
        spo = ("subject", "predicate", "object")
        results = Results(spo, tuple((t.subject, t.predicate, t.object) for t in sorted(results.triples, key=str)))
    chosen = by_name(format_name, among=of_kind("results"))
    if results.boolean is not None and chosen.name not in _STANDARD:
        answer = Literal("true" if results.boolean else "false", datatype=NamedNode(XSD + "boolean"))
        results = Results(("answer",), ((answer,),))
    if chosen.name == "table":
        return terminal(results, width, labels)
    return RESULT_WRITERS[chosen.name](results)


def graph_to(quads: Iterable[Quad], format_name: str, *, include_text: bool = False, base: str = ID_BASE) -> bytes:
    """Return quads in a graph format (graph names are dropped) or a dataset format of formats.py, sorted.

    The full text of documents is left out unless asked for. IRIs below `base` are written short where a format can.
    """
    chosen = by_name(format_name, among=of_kind("graph", "dataset"))
    if chosen.name not in GRAPH_WRITERS:
        raise UsageError_(f"nothing writes {chosen.name}")
    return GRAPH_WRITERS[chosen.name](quads if include_text else without_text(quads, base=base), base)


def without_text(quads: Iterable[Quad], *, base: str = ID_BASE) -> Iterator[Quad]:
    """Yield the quads that do not carry the full text of a document."""
    graphs = f"{base}graph/text/"
    for quad in quads:
        in_text_graph = isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(graphs)
        if not in_text_graph and quad.predicate.value != _FULL_TEXT:
            yield quad
