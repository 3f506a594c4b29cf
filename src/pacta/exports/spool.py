"""Quads that wait on disk, graph by graph, until the last of them is there: for `streamed.parts`.

with Spool() as spool:
    spool.add(quads)
    for part in parts(spool.names(), spool.quads, "turtle"):
        file.write(part)
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import chain, groupby, islice
from types import TracebackType

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, RdfFormat

_LINES = 10_000  # written or parsed at once


class Spool(AbstractContextManager["Spool"]):
    """Quads of named graphs in a temporary file without a name; what is in memory is where each graph lies."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._places: dict[str, list[tuple[int, int]]] = {}

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, quads: Iterable[Quad]) -> None:
        """Write quads to the file. Raises: OSError where there is no room."""
        for graph, group in groupby(quads, key=lambda quad: quad.graph_name):
            if not isinstance(graph, NamedNode):
                raise ValueError(f"a quad outside of named graphs, among {graph}")
            lines = (f"{quad} .\n" for quad in group)
            while some := "".join(islice(lines, _LINES)).encode():
                self._places.setdefault(graph.value, []).append((self._file.tell(), len(some)))
                self._file.write(some)

    def names(self) -> tuple[str, ...]:
        """Return the IRIs of the graphs, in the order in which they came."""
        return tuple(self._places)

    def quads(self, name: str | None) -> Iterator[Quad]:
        """Yield the quads of a graph, or of all, as often as they were added. Nothing is added while they are read."""
        places = chain.from_iterable(self._places.values()) if name is None else self._places.get(name, ())
        for at, length in places:
            self._file.seek(at)
            yield from ox.parse(self._file.read(length), format=RdfFormat.N_QUADS)
