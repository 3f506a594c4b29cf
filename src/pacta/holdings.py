"""What a store holds of records, for whoever brings more: those of one run, and those of each document; the ground."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode, Quad

from pacta.iris import Iris
from pacta.model import Run
from pacta.store import EmbeddedStore
from pacta.vocabulary import PROV

_GENERATED = NamedNode(f"{PROV}wasGeneratedBy")


def records_of_run(store: EmbeddedStore, run: Run, iris: Iris) -> set[str]:
    """Return the IRIs of the records that are there from this run."""
    made = NamedNode(iris.run(run.version, run.parser_model, run.knowledge_hash))
    found = (quad.subject for quad in store.match(None, _GENERATED, made))
    return {subject.value for subject in found if isinstance(subject, NamedNode)}


def records_by_document(store: EmbeddedStore, iris: Iris) -> Mapping[str, set[str]]:
    """Return the record graphs that are there by the key of their document, whatever run made them."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in store.graph_names():
        if (key := record_key(name, iris)) is not None:
            found[key].add(name)
    return found


def record_key(graph: str, iris: Iris) -> str | None:
    """Return the key of the document whose record a graph is; None for any other graph."""
    stem = f"{iris.base}graph/record/"
    return graph.removeprefix(stem).partition("-v")[0] if graph.startswith(stem) else None


def put_ground(
    store: EmbeddedStore, graphs: Mapping[str, Iterable[Quad]], provenance: Iterable[Quad], iris: Iris
) -> None:
    """Make the graphs of reference data what they are by now, and add a run to those that the store knows of."""
    name = iris.provenance_graph()
    store.replace_graph(name, [*provenance, *store.quads(name)])  # records of earlier runs may be there still
    for graph, quads in graphs.items():
        store.replace_graph(graph, quads)
