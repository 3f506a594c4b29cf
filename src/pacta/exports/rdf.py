"""RDF for machines, written by pyoxigraph from sorted quads: N-Triples, N-Quads, JSON-LD, RDF/XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import IO

import pyoxigraph as ox
from pyoxigraph import Literal, Quad, RdfFormat

from pacta.errors import UsageError_
from pacta.vocabulary import PREFIXES

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Writer = Callable[[Iterable[Quad], str], bytes]


def triples_as(kind: RdfFormat, *, prefixes: bool = False) -> Writer:
    """Return a writer of the triples of quads, whatever graphs they are in."""

    def write(quads: Iterable[Quad], base: str) -> bytes:
        triples = {quad.triple for quad in quads}
        if kind == RdfFormat.RDF_XML:
            triples = {for_xml(triple) for triple in triples}
        return _written(sorted(triples, key=str), kind, prefixes)

    return write


def quads_as(kind: RdfFormat, *, prefixes: bool = False) -> Writer:
    """Return a writer of quads in their graphs."""

    def write(quads: Iterable[Quad], base: str) -> bytes:
        return _written(sorted(set(quads), key=_graph_first), kind, prefixes)

    return write


def for_xml(triple: ox.Triple) -> ox.Triple:
    """Return a triple without the characters that XML 1.0 cannot hold: U+FFFD stands for them."""
    value = triple.object
    if not isinstance(value, Literal) or not _NO_XML.search(value.value):
        return triple
    plain = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", value.value)
    tagged = Literal(plain, language=value.language) if value.language else Literal(plain, datatype=value.datatype)
    return ox.Triple(triple.subject, triple.predicate, tagged)


def written_to(file: IO[bytes], rows: Iterable[ox.Quad] | Iterable[ox.Triple], kind: RdfFormat) -> None:
    """Write sorted rows to a file, one by one."""
    try:
        ox.serialize(rows, output=file, format=kind, prefixes=PREFIXES)
    except (ValueError, RuntimeError) as error:
        raise UsageError_(f"this graph cannot be written so: {error}", kind.name, "take turtle or nquads") from error


def _graph_first(quad: Quad) -> tuple[str, str]:
    return str(quad.graph_name), str(quad)


def _written(rows: Iterable[ox.Quad] | Iterable[ox.Triple], kind: RdfFormat, prefixes: bool) -> bytes:
    try:
        return ox.serialize(rows, format=kind, prefixes=PREFIXES if prefixes else None) or b""
    except (ValueError, OSError, RuntimeError) as error:
        raise UsageError_(f"this graph cannot be written so: {error}", kind.name, "take turtle or nquads") from error
