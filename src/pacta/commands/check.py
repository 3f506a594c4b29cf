"""pacta check: hygiene of ontology, shapes, queries and seeds; with --store, whether a store is sound."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from pacta.commands.options import base_option, choose, common, format_option, given_store, output_option
from pacta.commands.output import write
from pacta.commands.talk import listen, progress
from pacta.errors import UsageError_
from pacta.hygiene import SEVERITIES, Finding, rules, run_checks
from pacta.store import open_store

FORMATS = ("text", "json")


@click.command("check", short_help="Hygiene of ontology, shapes, queries and seeds.")
@click.argument("paths", metavar="[FILE...]", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--store", "store_path", type=click.Path(path_type=Path), metavar="DIR",
              help="Verify this store instead: files, records, references, what was derived.")  # fmt: skip
@click.option("--shards", metavar="FOLDER", help="Compare the store with the shards it was loaded from; a path or URL.")
@click.option(
    "--fail-on", type=click.Choice(SEVERITIES, case_sensitive=False), default="ERROR", show_default=True,
    help="The least severity that makes the answer no (exit code 1).",
)  # fmt: skip
@format_option(*FORMATS)
@output_option
@base_option
@common
def command(
    paths: tuple[Path, ...],
    store_path: Path | None,
    shards: str | None,
    fail_on: str,
    format_name: str | None,
    output: Path | None,
    base: str,
) -> None:
    """Look for faults in the knowledge: terms without label or definition, names of two actors, dangling references.

    With FILE, findings in those files and folders alone.

    With --store, verify a store: its format, every index, each record against its run and its text, references between
    graphs, and the derived graph against what the rules conclude now. Shapes are for pacta validate --store.
    """
    listen()
    chosen = choose(format_name, output, among=FORMATS, default="text")
    if store_path is not None:
        if paths:
            raise UsageError_("--store and files are two things to check", remedy="check one after the other")
        click.get_current_context().exit(_check_store(store_path, shards, fail_on, chosen.name, output, base))
    if shards:
        raise UsageError_("--shards needs a store to compare with", remedy="give --store DIR")
    findings = run_checks(list(paths) or None)
    if chosen.name == "json":
        write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2) + "\n", output)
    else:
        write("".join(f"{line}\n" for line in (*findings, _summary(findings))), output)
    worst = SEVERITIES[: SEVERITIES.index(fail_on.upper()) + 1]
    click.get_current_context().exit(1 if any(finding.severity in worst for finding in findings) else 0)


def _check_store(path: Path, shards: str | None, fail_on: str, format_name: str, output: Path | None, base: str) -> int:
    """Verify a store and write the findings; return the exit code."""
    from pacta import shard_loading, soundness
    from pacta.shards import Folder

    with open_store(given_store(path), read_only=True) as store, progress(0, noun="graph") as bar:
        folder = Folder(shards) if shards else None
        if folder is not None:
            shard_loading.check(folder)
        found = list(soundness.findings(store, base=base, shards=folder, step=bar.count))
    if format_name == "json":
        write(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2) + "\n", output)
    else:
        counts = Counter(finding.severity for finding in found)
        told = ", ".join(f"{counts[severity]} {severity}" for severity in SEVERITIES if counts[severity])
        write("".join(f"{line}\n" for line in (*found, f"{path}: {told or 'nothing found'}")), output)
    return 1 if soundness.worst(found, fail_on.upper()) else 0


def _summary(findings: list[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    found = ", ".join(f"{counts[severity]} {severity}" for severity in SEVERITIES if counts[severity])
    return f"{len(rules())} rules: {found or 'nothing found'}"
