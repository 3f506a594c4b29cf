"""pacta convert: documents → RDF on standard output, no store."""

from __future__ import annotations

from pathlib import Path

import click
from pyoxigraph import Quad

from pacta.commands.options import choose, common, format_option, output_option, path_argument
from pacta.commands.output import write
from pacta.commands.reading import Conversion, Reading, bytes_in, reading_options
from pacta.commands.talk import listen, progress
from pacta.exports import graph_to
from pacta.formats import of_kind

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
    with progress(bytes_in(paths)) as bar:
        for record in conversion.records(paths):
            quads.extend(conversion.converter.quads(record))
            bar.advance(record.document.byte_length)
    if conversion.done:
        quads.extend(conversion.run_quads())
        write(graph_to(quads, chosen.name, include_text=with_text, base=reading.base), output)
    click.get_current_context().exit(conversion.exit_code)
