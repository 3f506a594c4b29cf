"""pacta build: documents → validated quads → store → derived graph."""

from __future__ import annotations

from pathlib import Path

import click

from pacta.building import BuildReport, build
from pacta.commands import INTERRUPTED
from pacta.commands.options import STDIN, common, path_argument, store_option
from pacta.commands.reading import Reading, reading_options, sources
from pacta.commands.talk import complain, listen, progress, say
from pacta.store import open_store
from pacta.validation import Validator


@click.command("build", short_help="Documents into a store, validated, with disputes derived.")
@click.argument("paths", metavar="SRC...", nargs=-1, required=True, type=path_argument)
@store_option(required=True)
@reading_options
@common
def command(paths: tuple[Path, ...], store_path: Path, reading: Reading) -> None:
    """Convert documents, validate them, and bring them into the store.

    SRC is a text or a page (.txt, .md, .html, with metadata in a sidecar NAME.json), PDF, Word (.docx), an e-mail
    (.eml), a web archive (.warc), a feed (.rss, .atom), JSON Lines (.jsonl), an agreement in Akoma Ntoso (.akn), any of
    them compressed (.gz, .zst), a folder of such files, or - for standard input. Other agreement texts are told by
    "kind": "agreement" in the sidecar, or by --kind agreement. Texts in other languages than English are set aside.

    A record that its shapes refuse goes to DIR/quarantine with a report; a document that cannot be read is reported;
    all others land. Documents that are in the store already are skipped, so a build can be repeated.
    """
    listen()
    converter = reading.converter()
    with open_store(store_path) as store, progress(_bytes_in(paths)) as bar:
        report = build(
            sources(paths),
            store,
            converter=converter,
            validator=Validator(),
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


def _bytes_in(paths: tuple[Path, ...]) -> int:
    """Return about how much there is to read; 0 where that is not known."""
    if STDIN in paths:
        return 0
    files = (file for path in paths for file in (path.rglob("*") if path.is_dir() else (path,)))
    return sum(file.stat().st_size for file in files if file.is_file() and file.suffix != ".json")
