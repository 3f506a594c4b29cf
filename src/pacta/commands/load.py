"""pacta load: RDF files into a store."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pacta import rules
from pacta.commands.names import whole_iri
from pacta.commands.options import STDIN, base_option, common, path_argument, store_option
from pacta.commands.talk import complain, listen, say
from pacta.errors import PactaError, UnreadableFile, UsageError_
from pacta.formats import Format, by_name, by_suffix, of_kind
from pacta.iris import Iris, slug
from pacta.store import EmbeddedStore, open_store

FORMATS = of_kind("graph", "dataset")


@click.command("load", short_help="RDF files into a store.")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=path_argument)
@store_option(required=True)
@click.option(
    "--editorial", metavar="NAME", help="Into the editorial graph of NAME: links and corrections by a person."
)
@click.option("--graph", metavar="IRI", help="Into this graph.")
@click.option("--replace", is_flag=True, help="Empty the graph that --editorial or --graph names first.")
@click.option("-f", "--format", "format_name", metavar="FORMAT", help="Input format (default: by the suffix).")
@base_option
@common
def command(
    paths: tuple[Path, ...],
    store_path: Path,
    editorial: str | None,
    graph: str | None,
    replace: bool,
    format_name: str | None,
    base: str,
) -> None:
    """Load RDF files (or - for standard input) into the store, and derive again.

    Graphs that a file names are kept. Triples without a graph go where --editorial or --graph says, else into a graph
    named after the file. A faulty file is reported and leaves nothing behind; the others land.
    """
    listen()
    iris = Iris(base)
    if editorial and graph:
        raise UsageError_("--editorial and --graph name two graphs", remedy="give one of them")
    target = iris.editorial_graph(editorial) if editorial else graph and whole_iri(graph, base)
    if replace and not target:
        raise UsageError_("--replace needs a graph to empty", remedy="give --editorial NAME or --graph IRI")
    failed = 0
    with open_store(store_path) as store:
        if replace and target:
            store.remove_graph(target)
        for path in paths:
            try:
                stem = "standard-input" if path == STDIN else slug(path.stem)
                _load(store, path, format_name, target or f"{iris.base}graph/loaded/{stem}")
            except PactaError as error:
                failed += 1
                complain(error)
        if failed < len(paths):
            rules.derive(store, base=base)
    click.get_current_context().exit(0 if not failed else 2 if failed == len(paths) else 1)


def _load(store: EmbeddedStore, path: Path, format_name: str | None, graph: str) -> None:
    if path != STDIN and not path.is_file():
        raise UnreadableFile("there is no such file", str(path), "check the path")
    source = sys.stdin.buffer.read() if path == STDIN else path
    added = store.load(source, _format_of(path, format_name).name, graph)
    say(f"{path}: {added} quads are new")


def _format_of(path: Path, name: str | None) -> Format:
    """Return the RDF format that -f names or the suffix stands for."""
    found = by_name(name, among=FORMATS) if name else by_suffix(path)
    if found is None or found not in FORMATS:
        names = ", ".join(row.name for row in FORMATS)
        raise UsageError_("the suffix stands for no RDF format", str(path), f"give -f with one of {names}")
    return found
