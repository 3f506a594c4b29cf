"""What can be read of a damaged store: each graph by its own index, and by another one where that is broken.

The engine keeps each quad in several indexes, in files of their own, so that what a bad block takes from one can
mostly be had from another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad

from pacta.errors import StoreError
from pacta.store.embedded import EmbeddedStore


@dataclass(slots=True)
class Salvage:
    """The quads that could be read, and by graph (None: which graphs there are) what is wrong with it.

    `made_good` counts the quads of a faulty graph that another index gave.
    """

    quads: set[Quad] = field(default_factory=set)
    faults: dict[str | None, str] = field(default_factory=dict)
    made_good: dict[str, int] = field(default_factory=dict)


def salvage(store: EmbeddedStore, graph: str | None = None) -> Salvage:
    """Read a store, or one of its graphs, as far as that goes."""
    found = Salvage()
    broken: list[NamedNode] = []
    for name in [graph] if graph else _names(store, found):
        for item in store.readable(None, NamedNode(name)):
            if isinstance(item, StoreError):
                found.faults.setdefault(name, item.what)
            else:
                found.quads.add(item)
        if name in found.faults:
            broken.append(NamedNode(name))
    predicates = {quad.predicate for quad in (found.quads if not graph else store.readable()) if isinstance(quad, Quad)}
    for node in broken:
        before = len(found.quads)
        for predicate in sorted(predicates, key=str):
            found.quads.update(item for item in store.readable(predicate, node) if isinstance(item, Quad))
        found.made_good[node.value] = len(found.quads) - before
    return found


def _names(store: EmbeddedStore, found: Salvage) -> Iterator[str]:
    """Yield the graphs of a store; where their list is broken, those that its quads name."""
    try:
        yield from store.graph_names()
    except StoreError as error:
        found.faults[None] = error.what
        quads = (item for item in store.readable() if isinstance(item, Quad))
        yield from sorted({q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode)})
