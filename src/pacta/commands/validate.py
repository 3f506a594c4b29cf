"""pacta validate: a SHACL report on RDF files, or on everything in a store."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click
from pyoxigraph import Quad, parse

from pacta import integrity, reference
from pacta.commands.options import (
    STDIN,
    base_option,
    choose,
    common,
    format_option,
    given_store,
    output_option,
    path_argument,
    store_option,
)
from pacta.commands.output import write
from pacta.commands.talk import complain, listen, say
from pacta.editorial import PROFILE
from pacta.errors import PactaError, UsageError_, ValidationError_
from pacta.iris import Iris
from pacta.nesting import refuse_deep
from pacta.store import EmbeddedStore, open_store
from pacta.validation import PROFILES, Report, Validator, known_of, read

FORMATS = ("text", "json", "turtle")
SEVERITIES = ("Violation", "Warning", "Info")


@click.command("validate", short_help="SHACL report on RDF files or a store.")
@click.argument("paths", metavar="[FILE...]", nargs=-1, type=path_argument)
@store_option()
@click.option(
    "--profile", type=click.Choice(list(PROFILES)), help="Which shapes hold for files (default: told from the data)."
)
@click.option(
    "--severity", type=click.Choice(SEVERITIES, case_sensitive=False), default="Warning", show_default=True,
    help="Report results of this severity and worse; the answer is no where there is a violation, whatever is shown.",
)  # fmt: skip
@format_option(*FORMATS)
@output_option
@base_option
@common
def command(
    paths: tuple[Path, ...],
    store_path: Path | None,
    profile: str | None,
    severity: str,
    format_name: str | None,
    output: Path | None,
    base: str,
) -> None:
    """Validate RDF files (or - for TriG or Turtle on standard input), or with --store alone each graph of the store
    and what must hold between them.

    Exit code 0: nothing is a violation; 1: something is.
    """
    listen()
    chosen = choose(format_name, output, among=FORMATS, default="text")
    validator = Validator()
    failed = 0
    reports: list[Report] = []
    if paths:
        known = reference.load(base).graphs
        context = validator.context(quad for quads in known.values() for quad in quads)
        for path in paths:
            try:
                reports.append(validator.validate_graph(_quads(path), context, profile=profile))
            except PactaError as error:
                failed += 1
                complain(error)
            else:
                say(f"{path}: {reports[-1].to_text().partition(chr(10))[0]}")
    elif store_path is None:
        raise UsageError_("nothing to validate", remedy="name RDF files, or give --store DIR")
    else:
        with open_store(given_store(store_path), read_only=True) as store:
            reports.extend(_of_store(store, validator, Iris(base)))
    if reports:
        shown = merged(reports, severity)
        write({"text": shown.to_text, "json": shown.to_json, "turtle": shown.to_turtle}[chosen.name](), output)
    conforms = all(report.conforms for report in reports)
    code = 2 if failed and not reports else 0 if conforms and not failed else 1
    click.get_current_context().exit(code)


def merged(reports: list[Report], severity: str) -> Report:
    """Return several reports as one, with the results of that severity and worse."""
    wanted = SEVERITIES[: SEVERITIES.index(severity) + 1]
    results = {result for report in reports for result in report.results if result.severity in wanted}
    return Report(tuple(sorted(results, key=lambda result: result.key)))


def _quads(path: Path) -> Iterator[Quad]:
    if path != STDIN:
        yield from read(path)
        return
    from pyoxigraph import RdfFormat

    raw = sys.stdin.buffer.read()
    refuse_deep(raw, "trig", "standard input")
    try:
        yield from parse(raw, format=RdfFormat.TRIG)
    except (SyntaxError, ValueError) as error:
        raise ValidationError_(f"this is no TriG: {error}", "standard input", "give TriG or Turtle") from error


def _of_store(store: EmbeddedStore, validator: Validator, iris: Iris) -> Iterator[Report]:
    """Validate each record with its text as one graph, and each other graph, against all that is not a record.

    What the derived graph and editors refer to is looked up; what must hold between graphs is asked of the whole store.
    """
    records, texts = f"{iris.base}graph/record/", f"{iris.base}graph/text/"
    names = store.graph_names()
    shared = [name for name in names if not name.startswith((records, texts))]
    context = validator.context(quad for name in shared for quad in store.quads(name))
    of_document = sorted(set(names) - set(shared), key=lambda name: (_key(name), name))
    runs = list(store.quads(iris.provenance_graph()))
    for _, group in groupby(of_document, key=_key):
        quads = [quad for name in group for quad in store.quads(name)]
        yield validator.validate_record([*quads, *runs], context)
    for name in shared:
        if name == iris.provenance_graph():
            continue
        edited = name.startswith(iris.editorial_graph("")[:-1])
        if name == iris.derived_graph() or edited:
            around = validator.context(known_of(store, store.quads(name)))
            yield validator.validate_graph(store.quads(name), around, profile=PROFILE if edited else None)
        else:
            yield validator.validate_graph(store.quads(name), context)
    yield integrity.report(store, base=iris.base)


def _key(name: str) -> str:
    """Return the document key of a record or text graph."""
    return name.rsplit("/", 1)[-1].partition("-v")[0]
