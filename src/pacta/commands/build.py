"""pacta build: documents → validated quads → store → derived graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from pacta.commands import INTERRUPTED
from pacta.commands.options import common, path_argument, store_option
from pacta.commands.reading import Reading, bytes_in, reading_options, sources
from pacta.commands.talk import complain, listen, progress, say
from pacta.errors import UsageError_
from pacta.model import Document
from pacta.store import open_store
from pacta.validation import Validator
from pacta.workers import settle

if TYPE_CHECKING:
    from pacta.building import BuildReport


@click.command("build", short_help="Documents into a store, validated, with disputes derived.")
@click.argument("paths", metavar="SRC...", nargs=-1, required=True, type=path_argument)
@store_option()
@click.option("--shards", metavar="FOLDER",
              help="Write validated records as files there, not into a store; a path or URL.")  # fmt: skip
@click.option("--engine", metavar="ENGINE", default="local", show_default=True,
              help="Who converts for --shards: local, or dask://HOST:PORT, a running scheduler.")  # fmt: skip
@reading_options
@common
def command(
    paths: tuple[Path, ...], store_path: Path | None, shards: str | None, engine: str, reading: Reading
) -> None:
    """Convert documents, validate them, and bring them into the store.

    SRC is a text or a page (.txt, .md, .html, with metadata in a sidecar NAME.json), PDF, Word (.docx), an e-mail
    (.eml), a web archive (.warc), a feed (.rss, .atom), JSON Lines (.jsonl), an agreement in Akoma Ntoso (.akn), any of
    them compressed (.gz, .zst), a folder of such files, or - for standard input. Other agreement texts are told by
    "kind": "agreement" in the sidecar, or by --kind agreement. Texts in other languages than English are set aside.

    A record that its shapes refuse goes to DIR/quarantine with a report; a document that cannot be read is reported;
    all others land. Documents that are in the store already are skipped, so a build can be repeated.

    With --shards the records become files named by their content, on as many machines as --engine reaches; pacta load
    brings them into a store or an endpoint.
    """
    from pacta.building import build  # not on top: help needs no parser

    listen()
    if shards is not None:
        if click.get_current_context().get_parameter_source("store_path") == ParameterSource.COMMANDLINE:
            raise UsageError_("--shards and --store are two places", remedy="build shards, then pacta load --shards")
        click.get_current_context().exit(_into_shards(paths, shards, engine, reading))
    if engine != "local":
        raise UsageError_(f"the engine {engine} writes shards", remedy="give --shards FOLDER, then pacta load it")
    if store_path is None:
        raise click.UsageError("Missing option '--store' (or PACTA_STORE in the environment), or '--shards'.")
    converter, validator = reading.converter(), Validator()
    validator.shapes("record")
    settle()
    with open_store(store_path) as store, progress(bytes_in(paths)) as bar:
        converter.heard = bar.within
        report = build(
            sources(paths),
            store,
            converter=converter,
            validator=validator,
            quarantine=store_path / "quarantine",
            metadata=reading.metadata,
            format_name=reading.format_name,
            limit=reading.limit,
            jobs=reading.jobs,
            progress=bar.advance,
            on_error=complain,
        )
    _summarise(report, store_path)
    click.get_current_context().exit(_exit_code(report))


def _into_shards(paths: tuple[Path, ...], folder: str, engine: str, reading: Reading) -> int:
    """Convert into a folder of shards; return the exit code."""
    from pacta import engines
    from pacta.shards import ACCEPTED, FAILED, REFUSED
    from pacta.stage import stage_of

    scheme, _, address = engine.partition("://")
    if engine != "local" and (scheme != "dask" or not address):
        raise UsageError_(f"there is no engine {engine!r}", remedy="take local or dask://HOST:PORT")
    if engine != "local" and (reading.encoder or reading.min_confidence):
        raise UsageError_("--encoder and --min-confidence work on this machine alone", remedy="take --engine local")
    stage = stage_of(reading.model, reading.base, reading.encoder, reading.min_confidence)
    counts: Counter[str] = Counter()

    def readable() -> Iterator[Document]:
        for item in reading.documents(paths):
            if isinstance(item, Document):
                counts["read"] += 1
                yield item
            else:
                counts["unreadable"] += 1
                complain(item)

    documents = engines.fresh(readable(), folder, stage)
    with progress(0) as bar:
        if engine == "local":
            written = engines.local(documents, folder, stage, jobs=reading.jobs)
        else:
            from pacta.engines.dask import run

            written = run(documents, address, folder, model=reading.model, base=reading.base)
        for manifest in written:
            for entry in manifest.entries:
                counts[entry.status] += 1
                bar.advance(0)
                if entry.status != ACCEPTED:
                    complain(f"{entry.source_name}: {entry.reason}")
    there = counts["read"] - counts[ACCEPTED] - counts[REFUSED] - counts[FAILED]
    bad = counts[FAILED] + counts["unreadable"]
    say(f"{folder}: {counts[ACCEPTED]} added, {there} there already, {counts[REFUSED]} refused, {bad} failed")
    if not (bad or counts[REFUSED]):
        return 0
    return 1 if counts[ACCEPTED] or counts[REFUSED] or there else 2


def _summarise(report: BuildReport, store_path: Path) -> None:
    for each in report.quarantined:
        violations = "1 violation" if each.violations == 1 else f"{each.violations} violations"
        complain(f"{each.source_name} is in quarantine with {violations}", f"read {each.report}")
    counts = (
        f"{len(report.added)} added",
        f"{len(report.skipped)} there already",
        f"{len(report.quarantined)} in quarantine",
        f"{len(report.failed)} failed",
        *([f"{len(report.set_aside)} in another language"] if report.set_aside else ()),
    )
    say(f"{store_path}: {', '.join(counts)}; disputes: {report.disputes}")
    if report.interrupted:
        complain("interrupted; what landed is whole", "run the same command again to go on")


def _exit_code(report: BuildReport) -> int:
    if report.interrupted:
        return INTERRUPTED
    if not (report.failed or report.quarantined):
        return 0 if report.added or report.skipped or not report.set_aside else 1
    return 1 if report.added or report.skipped or report.quarantined else 2
