"""RDF for machines, written by pyoxigraph from sorted quads: N-Triples, N-Quads, JSON-LD, RDF/XML."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyoxigraph as ox
from pyoxigraph import Quad, RdfFormat

from pacta.errors import UsageError_
from pacta.vocabulary import PREFIXES

Writer = Callable[[Iterable[Quad], str], bytes]


def triples_as(kind: RdfFormat, *, prefixes: bool = False) -> Writer:
    """Return a writer of the triples of quads, whatever graphs they are in."""

    def write(quads: Iterable[Quad], base: str) -> bytes:
        return _written(sorted({quad.triple for quad in quads}, key=str), kind, prefixes)

    return write


def quads_as(kind: RdfFormat, *, prefixes: bool = False) -> Writer:
    """Return a writer of quads in their graphs."""

    def write(quads: Iterable[Quad], base: str) -> bytes:
        return _written(sorted(set(quads), key=_graph_first), kind, prefixes)

    return write


def _graph_first(quad: Quad) -> tuple[str, str]:
    return str(quad.graph_name), str(quad)


def _written(rows: Iterable[ox.Quad] | Iterable[ox.Triple], kind: RdfFormat, prefixes: bool) -> bytes:
    try:
        return ox.serialize(rows, format=kind, prefixes=PREFIXES if prefixes else None) or b""
    except (ValueError, OSError, RuntimeError) as error:
        raise UsageError_(f"this graph cannot be written so: {error}", kind.name, "take turtle or nquads") from error
