"""pacta load: RDF files into a store."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from pyoxigraph import Quad

from pacta import editorial as editorial_data
from pacta import rules
from pacta.commands.names import whole_iri
from pacta.commands.options import STDIN, base_option, common, path_argument, store_option
from pacta.commands.talk import complain, listen, progress, say
from pacta.errors import PactaError, UnreadableFile, UsageError_
from pacta.formats import Format, by_name, by_suffix, of_kind
from pacta.iris import Iris, slug
from pacta.store import EmbeddedStore, open_store

FORMATS = of_kind("graph", "dataset")


@click.command("load", short_help="RDF files into a store.")
@click.argument("paths", metavar="FILE...", nargs=-1, type=path_argument)
@store_option()
@click.option("--shards", metavar="FOLDER", help="The records that pacta build --shards wrote there; a path or URL.")
@click.option("--graph-store", "address", metavar="URL",
              help="Into this service of the Graph Store Protocol, not into a store.")  # fmt: skip
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
    store_path: Path | None,
    shards: str | None,
    address: str | None,
    editorial: str | None,
    graph: str | None,
    replace: bool,
    format_name: str | None,
    base: str,
) -> None:
    """Load RDF files (or - for standard input) into the store, and derive again.

    Graphs that a file names are kept. Triples without a graph go where --editorial or --graph says, else into a graph
    named after the file. A faulty file is reported and leaves nothing behind; the others land.

    What goes into an editorial graph is validated first, names no other graph, wins over the converter's own links, and
    stays through every build.

    --shards loads what pacta build --shards wrote; with --graph-store, graph by graph into any SPARQL 1.1 endpoint.
    """
    listen()
    if bool(paths) == bool(shards):
        raise UsageError_("there is nothing to load", remedy="give RDF files, or --shards FOLDER")
    if address and not shards:
        raise UsageError_("--graph-store takes shards", remedy="give --shards FOLDER, made by pacta build --shards")
    if store_path is None and address is None:
        raise UsageError_("there is no store", remedy="give --store DIR, or set PACTA_STORE")
    if shards:
        click.get_current_context().exit(_load_shards(shards, store_path, address, base))
    assert store_path is not None
    iris = Iris(base)
    if editorial and graph:
        raise UsageError_("--editorial and --graph name two graphs", remedy="give one of them")
    target = iris.editorial_graph(editorial) if editorial else graph and whole_iri(graph, base)
    if replace and not target:
        raise UsageError_("--replace needs a graph to empty", remedy="give --editorial NAME or --graph IRI")
    failed = 0
    with open_store(store_path) as store:
        if replace and target and not editorial:
            store.remove_graph(target)
        kept = [] if replace or not editorial or not target else list(store.quads(target))
        for path in paths:
            try:
                stem = "standard-input" if path == STDIN else slug(path.stem)
                if editorial and target:
                    kept = _load_editorial(store, path, format_name, target, kept)
                else:
                    _load(store, path, format_name, target or f"{iris.base}graph/loaded/{stem}")
            except PactaError as error:
                failed += 1
                complain(error)
        if failed < len(paths):
            rules.derive(store, base=base)
    click.get_current_context().exit(0 if not failed else 2 if failed == len(paths) else 1)


def _load_shards(folder: str, store_path: Path | None, address: str | None, base: str) -> int:
    """Bring the records of shards into a store or an endpoint; return the exit code."""
    from pacta.shard_loading import check, load_into, put_into
    from pacta.shards import Folder
    from pacta.store.graph_store import GraphStore

    source = Folder(folder)
    check(source)  # before a store is made
    with progress(0) as bar:
        if address is not None:
            report = put_into(GraphStore(address), source, base=base, progress=bar.count)
        else:
            with open_store(store_path) as store:
                report = load_into(store, source, base=base, progress=bar.count)
    for entry in (*report.refused, *report.failed):
        complain(f"{entry.source_name} is not among them: {entry.reason}")
    for error in report.damaged:
        complain(error)
    left = len(report.refused) + len(report.failed)
    counts = f"{report.added} records added, {report.there} there already, {left} left out"
    say(f"{address or store_path}: {counts}{f', {len(report.damaged)} shards damaged' if report.damaged else ''}")
    if report.damaged and not (report.added or report.there):
        return 2
    return 1 if left or report.damaged else 0


def _load(store: EmbeddedStore, path: Path, format_name: str | None, graph: str) -> None:
    added = store.load(_source(path), _format_of(path, format_name).name, graph)
    say(f"{path}: {added} quads are new")


def _load_editorial(
    store: EmbeddedStore, path: Path, format_name: str | None, graph: str, kept: list[Quad]
) -> list[Quad]:
    """Make `kept` and the triples of a file all of an editorial graph, and return them; the file has to conform."""
    given = editorial_data.read_triples(_source(path), _format_of(path, format_name), graph)
    whole = sorted({*kept, *given}, key=str)
    editorial_data.check(store, whole, str(path))
    store.replace_graph(graph, whole)
    say(f"{path}: {len(whole) - len(kept)} quads are new")
    return whole


def _source(path: Path) -> Path | bytes:
    if path != STDIN and not path.is_file():
        raise UnreadableFile("there is no such file", str(path), "check the path")
    return sys.stdin.buffer.read() if path == STDIN else path


def _format_of(path: Path, name: str | None) -> Format:
    """Return the RDF format that -f names or the suffix stands for."""
    found = by_name(name, among=FORMATS) if name else by_suffix(path)
    if found is None or found not in FORMATS:
        names = ", ".join(row.name for row in FORMATS)
        raise UsageError_("the suffix stands for no RDF format", str(path), f"give -f with one of {names}")
    return found
