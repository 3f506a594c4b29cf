"""A whole store in any format with bounded memory: the bytes that `graph_to` gives, part by part.

    for part in parts(store.graph_names(), store.quads, "trig"): file.write(part)

What is in memory at once is MOST lines of pacta.sorting, and one resource; the rest is sorted in parts on disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from typing import IO

import pyoxigraph as ox
from pyoxigraph import Quad, RdfFormat

from pacta.exports import without_text
from pacta.exports.rdf import for_xml, written_to
from pacta.exports.turtle import Names, block, natural
from pacta.sorting import in_order
from pacta.vocabulary import ID_BASE

CHUNK = 1 << 20  # bytes handed on at once
LINES = 10_000  # parsed at once

Read = Callable[[str | None], Iterable[Quad]]


def parts(
    names: Iterable[str], read: Read, format_name: str, *, include_text: bool = False, base: str = ID_BASE
) -> Iterator[bytes]:
    """Yield the bytes of the graphs `names`, each as `read` gives its quads, in a format that `graph_to` knows."""

    def quads(name: str) -> Iterator[Quad]:
        return iter(read(name)) if include_text else without_text(read(name), base=base)

    every = sorted(names, key=lambda name: f"<{name}>")
    if format_name == "trig":
        yield from _headed(base, lambda short: _graphs(every, quads, short))
    elif format_name == "turtle":
        found = (triple_line(q) for name in every for q in quads(name))
        yield from _headed(base, lambda short: _spaced(_subjects(found, short, "")))
    elif format_name in ("ntriples", "rdfxml"):
        mapped = for_xml if format_name == "rdfxml" else (lambda triple: triple)
        lines = in_order(f"{mapped(q.triple)} ." for name in every for q in quads(name))
        yield from _lines(lines) if format_name == "ntriples" else _serialized(lines, RdfFormat.RDF_XML)
    else:
        lines = (line for name in every for line in in_order(f"{q} ." for q in quads(name)))
        yield from _lines(lines) if format_name == "nquads" else _serialized(lines, RdfFormat.JSON_LD)


def triple_line(quad: Quad) -> str:
    """Return what a quad says as a line of N-Triples, without its end."""
    return f"{quad.triple} ."


# --- lines ------------------------------------------------------------------------------------------------------------
def _lines(lines: Iterator[str]) -> Iterator[bytes]:
    while some := list(islice(lines, LINES)):
        yield ("\n".join(some) + "\n").encode()


def _parsed(lines: Iterator[str]) -> Iterator[Quad]:
    while some := list(islice(lines, LINES)):
        yield from ox.parse("\n".join(some), format=RdfFormat.N_QUADS)


def _serialized(lines: Iterator[str], kind: RdfFormat) -> Iterator[bytes]:
    quads = _parsed(lines)
    with tempfile.TemporaryFile() as file:
        written_to(file, quads if kind == RdfFormat.JSON_LD else (q.triple for q in quads), kind)
        yield from _back(file)


def _back(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while some := file.read(CHUNK):
        yield some


# --- Turtle and TriG --------------------------------------------------------------------------------------------------
def _headed(base: str, body: Callable[[Names], Iterator[str]]) -> Iterator[bytes]:
    """Yield the prefixes that a body needs, which is known once it is written, and the body."""
    short = Names(base)
    with tempfile.TemporaryFile() as file:
        for text in body(short):
            file.write(text.encode())
        yield short.head().encode()
        yield from _back(file)


def _graphs(every: Iterable[str], quads: Callable[[str], Iterator[Quad]], short: Names) -> Iterator[str]:
    before = ""
    for name in sorted(every, key=lambda name: natural(f"<{name}>")):
        blocks = _spaced(_subjects(map(triple_line, quads(name)), short, "    "))
        first = next(blocks, None)
        if first is None:
            continue
        yield f"{before}{short.short(name)} {{\n{first}"
        yield from blocks
        yield "}\n"
        before = "\n"


def _subjects(lines: Iterable[str], short: Names, indent: str) -> Iterator[str]:
    """Yield one block a subject."""
    ordered = in_order(lines, key=_subject)
    for _, group in groupby(_parsed(ordered), key=lambda quad: quad.subject):
        yield block([quad.triple for quad in group], short, indent)


def _subject(line: str) -> tuple[tuple[list[str | int], str], str]:
    return natural(line.partition(" ")[0]), line


def _spaced(blocks: Iterator[str]) -> Iterator[str]:
    before = ""
    for text in blocks:
        yield f"{before}{text}"
        before = "\n"
