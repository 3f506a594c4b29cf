"""What a dump holds and its bytes; and the program that makes the largest ones in a process of its own.

    python -m pacta.pages.dumping < ORDER.json > DUMP

A walk over the whole store would hold up every visitor for its minute, so the server leaves it to a process of low
priority. It writes the dump to standard output, and the sums of the graphs to a file that the order names.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from pacta.exports import graph_to
from pacta.formats import Format, by_name
from pacta.iris import Iris
from pacta.pages.selection import OF, graph_names, of_graph
from pacta.sorting import in_order
from pacta.vocabulary import DCTERMS, PACTA, PROV, RDF

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
RIGHTS = "The graph is under CC BY 4.0. The words that it quotes belong to their authors and publishers."
WHOLE = ("nquads", "trig")  # what the whole dataset comes as: graph by graph, so that it can be streamed
SUBJECTS = 1_000  # in one block of Turtle
CHUNK = 65_536

Sums = dict[str, tuple[str, int]]  # name of a graph → sha256 of its sorted N-Quads, number of quads


@dataclass(frozen=True, slots=True)
class Dump:
    """One dump: its path below /data/ without suffixes, its IRI ("" for the whole), format, packed or not."""

    path: str
    kind: str
    iri: str
    format: Format
    packed: bool
    title: str = "the whole dataset"

    @property
    def name(self) -> str:
        """The path with its suffixes."""
        return f"{self.path}{self.format.suffix}{'.gz' if self.packed else ''}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a dump is taken from: a store, its IRIs, and the address of the server, without a slash at the end."""

    store: Store
    iris: Iris
    url: str


def about(source: Source, dump: Dump) -> list[Quad]:
    """Return what a dump says of itself: licence, rights, and the dataset that it was taken from."""
    name = f"{source.url}/data/{dump.path}"
    node, graph = NamedNode(name), NamedNode(f"{name}#about")
    whole = f"{source.url}/data#dataset"
    facts: list[tuple[str, NamedNode | Literal]] = [
        (RDF + "type", NamedNode("http://rdfs.org/ns/void#Dataset")),
        (
            DCTERMS + "title",
            Literal(f"Pacta: {dump.title}", language="en"),
        ),
        (DCTERMS + "license", NamedNode(LICENCE)),
        (DCTERMS + "rights", Literal(RIGHTS, language="en")),
        (PROV + "wasDerivedFrom", NamedNode(whole)),
        (DCTERMS + "conformsTo", NamedNode(PACTA.rstrip("#"))),
    ]
    if dump.iri:
        facts.append((DCTERMS + "subject", NamedNode(dump.iri)))
    return [Quad(node, NamedNode(predicate), value, graph) for predicate, value in facts]


# --- bytes ------------------------------------------------------------------------------------------------------------
def chunks(source: Source, dump: Dump, sums: Sums | None = None) -> Iterator[bytes]:
    """Yield the bytes of a dump before packing; of the whole dataset graph by graph, whose sums go into `sums`."""
    store, base = source.store, source.iris.base
    yield from _written(_flat(about(source, dump), dump.format), dump.format, base)
    if dump.iri:
        quads = of_graph(store, dump.iri) if dump.kind == "graph" else OF[dump.kind](store, source.iris, dump.iri)
        yield from _written(_flat(quads, dump.format), dump.format, base)
        return
    for name in graph_names(store, source.iris):
        counted = _Counted(lines_of(of_graph(store, name)))
        yield from _written(counted, dump.format, base)
        if sums is not None:
            sums[name] = counted.sum


def sums_of(source: Source) -> Sums:
    """Return the sums of all graphs but those of full texts."""
    found: Sums = {}
    for name in graph_names(source.store, source.iris):
        counted = _Counted(lines_of(of_graph(source.store, name)))
        for _ in counted:
            pass
        found[name] = counted.sum
    return found


def lines_of(quads: Iterable[Quad]) -> Iterator[str]:
    """Yield quads as sorted lines of N-Quads without line breaks, each once."""
    return in_order(f"{quad} ." for quad in quads)


class _Counted:
    """Lines that are counted and summed as they go by."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self._whole, self._number = lines, hashlib.sha256(), 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._whole.update(f"{line}\n".encode())
            self._number += 1
            yield line

    @property
    def sum(self) -> tuple[str, int]:
        return self._whole.hexdigest(), self._number


def _flat(quads: Iterable[Quad], format: Format) -> Iterator[str]:  # noqa: A002
    """Yield sorted lines: triples for a format of graphs, quads for one of datasets."""
    if format.kind == "graph":
        return lines_of(Quad(q.subject, q.predicate, q.object) for q in quads)
    return lines_of(quads)


def _written(lines: Iterable[str], format: Format, base: str) -> Iterator[bytes]:  # noqa: A002
    """Yield sorted lines in a format. Blocks of Turtle each have their own head, which is allowed, and read alike."""
    if format.name in ("nquads", "ntriples"):
        rest = iter(lines)
        while part := list(islice(rest, 2_000)):
            yield ("\n".join(part) + "\n").encode()
        return
    for block in _blocks(lines):
        quads = list(ox.parse("\n".join(block), format=RdfFormat.N_QUADS))
        yield graph_to(quads, format.name, base=base) + b"\n"


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield lines in blocks of whole subjects."""
    block: list[str] = []
    subject, subjects = "", 0
    for line in lines:
        own = line.partition(" ")[0]
        if own != subject:
            subject, subjects = own, subjects + 1
            if subjects > SUBJECTS:
                yield block
                block, subjects = [], 1
        block.append(line)
    if block:
        yield block


def packed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield bytes as one gzip stream without name or time in it: the same bytes pack alike."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0) as file:
        for part in parts:
            file.write(part)
            if out.tell() > CHUNK:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
    yield out.getvalue()


# --- a process of its own ---------------------------------------------------------------------------------------------
def order(source: Source, path: Path, dump: Dump | None, sums: Path) -> str:
    """Return what `main` reads: the folder of a snapshot, the dump to make (None: only the sums), the file for sums."""
    told: dict[str, Any] = {"store": str(path), "base": source.iris.base, "url": source.url, "sums": str(sums)}
    if dump is not None:
        told["dump"] = {"path": dump.path, "kind": dump.kind, "format": dump.format.name, "packed": dump.packed}
    return json.dumps(told)


def main() -> None:
    """Make what the order on standard input says."""
    if hasattr(os, "nice"):
        os.nice(10)
    told = json.load(sys.stdin)
    source = Source(Store.read_only(told["store"]), Iris(told["base"]), told["url"])
    sums: Sums = {}
    if "dump" in told:
        asked = told["dump"]
        dump = Dump(asked["path"], asked["kind"], "", by_name(asked["format"]), asked["packed"])
        parts = chunks(source, dump, sums)
        for part in packed(parts) if dump.packed else parts:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
    else:
        sums = sums_of(source)
    Path(told["sums"]).write_text(json.dumps(sums), encoding="utf-8")


if __name__ == "__main__":
    main()
