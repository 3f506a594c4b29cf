"""pacta convert: documents → RDF on standard output, no store."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import click
from pyoxigraph import Quad

from pacta.commands.options import choose, common, format_option, output_option, path_argument
from pacta.commands.output import write, write_parts
from pacta.commands.reading import Conversion, Reading, bytes_in, reading_options
from pacta.commands.talk import listen, progress
from pacta.errors import UsageError_
from pacta.exports import graph_to, streamed
from pacta.exports.spool import Spool
from pacta.formats import of_kind
from pacta.workers import settle

HELD = 200_000  # quads that wait in memory to be sorted; more wait on disk
FORMATS = tuple(row.name for row in of_kind("graph", "dataset"))


@click.command("convert", short_help="Documents into RDF, without a store.")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=path_argument)
@click.option("--with-text", is_flag=True, help="Include the full text of the documents.")
@format_option(*FORMATS)
@output_option
@reading_options
@common
def command(
    paths: tuple[Path, ...], with_text: bool, format_name: str | None, output: Path | None, reading: Reading
) -> None:
    """Convert documents (files, folders, or - for standard input) and print their records as RDF."""
    listen()
    chosen = choose(format_name, output, among=FORMATS, default="turtle")
    conversion = Conversion(reading)
    quads: list[Quad] = []
    with Spool() as spool:
        with progress(bytes_in(paths)) as bar:
            conversion.converter.heard = bar.within
            settle()
            for record in conversion.records(paths):
                _hold(conversion.converter.stream(record), quads, spool)
                bar.advance(record.document.byte_length)
        if conversion.done:
            _hold(iter(conversion.run_quads()), quads, spool)
            if not spool.names():
                write(graph_to(quads, chosen.name, include_text=with_text, base=reading.base), output)
            else:
                names = spool.names()
                write_parts(
                    streamed.parts(names, spool.quads, chosen.name, include_text=with_text, base=reading.base), output
                )
    click.get_current_context().exit(conversion.exit_code)


def _hold(more: Iterator[Quad], quads: list[Quad], spool: Spool) -> None:
    """Let quads wait in memory, or all of them on disk as soon as they are too many."""
    if not spool.names():
        quads += islice(more, HELD + 1 - len(quads))
        if len(quads) <= HELD:
            return
    try:
        spool.add(chain(quads, more))
    except OSError as error:
        what = f"cannot write temporary files: {(error.strerror or str(error)).lower()}"
        raise UsageError_(what, tempfile.gettempdir(), "make room, or name another folder in TMPDIR") from error
    quads.clear()
