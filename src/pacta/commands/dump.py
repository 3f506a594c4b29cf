"""pacta dump: the store, or one of its graphs, as RDF."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import click

from pacta.commands.convert import FORMATS
from pacta.commands.names import whole_iri
from pacta.commands.options import base_option, choose, common, format_option, given_store, output_option, store_option
from pacta.commands.output import write_parts
from pacta.commands.talk import complain, listen, say
from pacta.errors import DamagedStore, StoreError, UsageError_
from pacta.exports import streamed
from pacta.store import open_store
from pacta.store.salvage import Salvage


@click.command("dump", short_help="The store as RDF.")
@store_option()
@click.option("--graph", metavar="IRI", help="Only this graph; short forms such as graph/derived are understood.")
@click.option("--with-text", is_flag=True, help="Include the full text of the documents.")
@format_option("trig", *(name for name in FORMATS if name != "trig"))
@output_option
@base_option
@common
def command(
    store_path: Path | None, graph: str | None, with_text: bool, format_name: str | None, output: Path | None, base: str
) -> None:
    """Write what the store holds, sorted: the same store gives the same bytes.

    Turtle and N-Triples hold all graphs in one; TriG, N-Quads and JSON-LD keep them apart. Memory is bounded:
    what is more is sorted in temporary files. Of a damaged store, what can
    be read is written, what cannot is named, and the exit code is 1.
    """
    listen()
    chosen = choose(format_name, output, among=FORMATS, default="trig")
    faulty = False
    with open_store(given_store(store_path), read_only=True) as store:
        name = whole_iri(graph, base) if graph else None
        try:
            if name and next(store.quads(name), None) is None:
                raise StoreError("the store has no such graph", name, "check the IRI")
            names = (name,) if name else store.graph_names()
            file = _sorted(names, store.quads, chosen.name, with_text=with_text, base=base)
        except DamagedStore as error:
            complain(error)
            left, faulty = Salvage(store, name), True
            file = _sorted(left.names, left.quads, chosen.name, with_text=with_text, base=base)
            _tell(left)
        with file:
            write_parts(iter(lambda: file.read(streamed.CHUNK), b""), output)
    click.get_current_context().exit(1 if faulty else 0)


def _sorted(names: Iterable[str], read: streamed.Read, format_name: str, *, with_text: bool, base: str) -> IO[bytes]:
    """Return a dump in a file without a name, so that not a byte of it is out before all of the store was read."""
    with ExitStack() as files:
        try:
            file = files.enter_context(tempfile.TemporaryFile())
            for part in streamed.parts(names, read, format_name, include_text=with_text, base=base):
                file.write(part)
            file.seek(0)
        except OSError as error:
            what = f"cannot write temporary files: {(error.strerror or str(error)).lower()}"
            raise UsageError_(what, tempfile.gettempdir(), "make room, or name another folder in TMPDIR") from error
        files.pop_all()  # closed by who reads it
    return file


def _tell(found: Salvage) -> None:
    """Say of which graphs of a damaged store something may be lost."""
    for name, what in sorted(found.faults.items(), key=str):
        more = found.made_good.get(name or "", 0)
        noun = "quad" if more == 1 else "quads"
        complain(f"{name or 'the list of graphs'}: {what}", f"{more:,} {noun} came from another index; build it again")
    say(f"{found.count:,} quads could be read, {len(found.faults)} graphs may lack some")
