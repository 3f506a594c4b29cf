"""pacta annotate: what was recognised in a document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from pacta.commands.marked import as_html, as_text
from pacta.commands.options import STDIN, choose, common, format_option, output_option, path_argument
from pacta.commands.output import is_terminal, write
from pacta.commands.reading import Conversion, Reading, reading_options
from pacta.commands.talk import listen
from pacta.errors import UsageError_

FORMATS = ("text", "json", "jsonl", "html")


@click.command("annotate", short_help="What was recognised in a document.")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=path_argument)
@format_option(*FORMATS)
@output_option
@reading_options
@common
def command(paths: tuple[Path, ...], format_name: str | None, output: Path | None, reading: Reading) -> None:
    """Print who says what in a document, with the spans that carry it.

    text marks the spans in the text; json is one object for one document; jsonl is one object a line for each document,
    in order; html is a page that stands alone. Offsets count code points from 0, the end is exclusive.
    """
    listen()
    chosen = choose(format_name, output, among=FORMATS, default="text").name
    conversion = Conversion(reading)
    annotations = (conversion.converter.annotation(record) for record in conversion.records(paths))
    if chosen == "jsonl" and output in (None, STDIN):
        for each in annotations:  # one line as soon as it is there
            write(_line(each), None)
    else:
        data = _written(annotations, chosen, colour=output is None and is_terminal())
        if conversion.done:
            write(data, output)
    click.get_current_context().exit(conversion.exit_code)


def _written(annotations: Iterator[dict[str, Any]], name: str, *, colour: bool) -> str:
    if name == "json":
        return _only(annotations)
    if name == "html":
        return as_html(annotations)
    if name == "jsonl":
        return "".join(map(_line, annotations))
    return "\n".join(as_text(each, colour=colour) for each in annotations)


def _only(annotations: Iterable[dict[str, Any]]) -> str:
    found = list(annotations)
    if len(found) > 1:
        raise UsageError_(f"json holds one document, here are {len(found)}", remedy="take -f jsonl: one object a line")
    return "".join(json.dumps(each, ensure_ascii=False, indent=2) + "\n" for each in found)


def _line(each: dict[str, Any]) -> str:
    return json.dumps(each, ensure_ascii=False) + "\n"
