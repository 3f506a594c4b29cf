"""pacta dump: the store, or one of its graphs, as RDF."""

from __future__ import annotations

from pathlib import Path

import click
from pyoxigraph import Quad

from pacta.commands.convert import FORMATS
from pacta.commands.names import whole_iri
from pacta.commands.options import base_option, choose, common, format_option, given_store, output_option, store_option
from pacta.commands.output import write
from pacta.commands.talk import complain, listen, say
from pacta.errors import DamagedStore, StoreError
from pacta.exports import graph_to
from pacta.store import EmbeddedStore, open_store
from pacta.store.salvage import salvage


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

    Turtle and N-Triples hold all graphs in one; TriG, N-Quads and JSON-LD keep them apart. Of a damaged store, what can
    be read is written, what cannot is named, and the exit code is 1.
    """
    listen()
    chosen = choose(format_name, output, among=FORMATS, default="trig")
    faulty = False
    with open_store(given_store(store_path), read_only=True) as store:
        name = whole_iri(graph, base) if graph else None
        try:
            quads = list(store.quads(name))
        except DamagedStore as error:
            complain(error)
            quads, faulty = _what_is_left(store, name), True
    if name and not quads and not faulty:
        raise StoreError("the store has no such graph", name, "check the IRI")
    write(graph_to(quads, chosen.name, include_text=with_text, base=base), output)
    click.get_current_context().exit(1 if faulty else 0)


def _what_is_left(store: EmbeddedStore, graph: str | None) -> list[Quad]:
    """Read what can be read of a damaged store, and say of which graphs something may be lost."""
    found = salvage(store, graph)
    for name, what in sorted(found.faults.items(), key=str):
        more = found.made_good.get(name or "", 0)
        noun = "quad" if more == 1 else "quads"
        complain(f"{name or 'the list of graphs'}: {what}", f"{more:,} {noun} came from another index; build it again")
    say(f"{len(found.quads):,} quads could be read, {len(found.faults)} graphs may lack some")
    return list(found.quads)
