"""What can be read of a damaged store: each graph by its own index, and by another one where that is broken.

The engine keeps each quad in several indexes, in files of their own, so that what a bad block takes from one can
mostly be had from another.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from pacta.errors import StoreError
from pacta.store.embedded import EmbeddedStore


class Salvage:
    """What can be read of a store, or of one of its graphs, graph by graph; no more than a broken graph is in memory.

    `names` are the graphs. By graph (None: which graphs there are), `faults` tells what is wrong with those read so
    far, and `made_good` how many quads another index gave. `count` is how many quads were read.
    """

    def __init__(self, store: EmbeddedStore, graph: str | None = None) -> None:
        self._store = store
        self._used: frozenset[NamedNode] | None = None
        self.faults: dict[str | None, str] = {}
        self.made_good: dict[str, int] = {}
        self.count = 0
        self.names = (graph,) if graph else self._graphs()

    def quads(self, name: str | None) -> Iterator[Quad]:
        """Yield what can be read of a graph, each quad once; a broken index gives what it can, then the others do."""
        if name is None:
            raise ValueError("which graph is to be read?")
        node = NamedNode(name)
        read = 0
        for item in self._store.readable(None, node):
            if isinstance(item, StoreError):
                self.faults.setdefault(name, item.what)
            else:
                read += 1
                yield item
        if name in self.faults:
            there = {item for item in self._store.readable(None, node) if isinstance(item, Quad)}
            before = len(there)
            for predicate in sorted(self._predicates(), key=str):
                for item in self._store.readable(predicate, node):
                    if isinstance(item, Quad) and item not in there:
                        there.add(item)
                        yield item
            self.made_good[name] = len(there) - before
            read = len(there)
        self.count += read

    def _graphs(self) -> tuple[str, ...]:
        """Return the graphs of a store; where their list is broken, those that its quads name."""
        try:
            return self._store.graph_names()
        except StoreError as error:
            self.faults[None] = error.what
            quads = (item for item in self._store.readable() if isinstance(item, Quad))
            return tuple(sorted({q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode)}))

    def _predicates(self) -> frozenset[NamedNode]:
        """Return the predicates in use, as far as one index or the other tells."""
        if self._used is None:
            ways = (None, *map(NamedNode, self.names))
            self._used = frozenset(
                item.predicate for way in ways for item in self._store.readable(None, way) if isinstance(item, Quad)
            )
        return self._used
