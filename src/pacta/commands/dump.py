"""pacta dump: the store, or one of its graphs, as RDF."""

from __future__ import annotations

from pathlib import Path

import click

from pacta.commands.convert import FORMATS
from pacta.commands.names import whole_iri
from pacta.commands.options import base_option, choose, common, format_option, given_store, output_option, store_option
from pacta.commands.output import write
from pacta.commands.talk import listen
from pacta.errors import StoreError
from pacta.exports import graph_to
from pacta.store import open_store


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

    Turtle and N-Triples hold all graphs in one; TriG, N-Quads and JSON-LD keep them apart.
    """
    listen()
    chosen = choose(format_name, output, among=FORMATS, default="trig")
    with open_store(given_store(store_path), read_only=True) as store:
        name = whole_iri(graph, base) if graph else None
        quads = list(store.quads(name))
    if name and not quads:
        raise StoreError("the store has no such graph", name, "check the IRI")
    write(graph_to(quads, chosen.name, include_text=with_text, base=base), output)
