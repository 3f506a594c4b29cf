"""pacta check: hygiene of ontology, shapes, queries and seeds."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from pacta.commands.options import choose, common, format_option, output_option
from pacta.commands.output import write
from pacta.commands.talk import listen
from pacta.hygiene import SEVERITIES, Finding, rules, run_checks

FORMATS = ("text", "json")


@click.command("check", short_help="Hygiene of ontology, shapes, queries and seeds.")
@click.argument("paths", metavar="[FILE...]", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--fail-on", type=click.Choice(SEVERITIES, case_sensitive=False), default="ERROR", show_default=True,
    help="The least severity that makes the answer no (exit code 1).",
)  # fmt: skip
@format_option(*FORMATS)
@output_option
@common
def command(paths: tuple[Path, ...], fail_on: str, format_name: str | None, output: Path | None) -> None:
    """Look for faults in the knowledge: terms without label or definition, names of two actors, dangling references.

    With FILE, findings in those files and folders alone.
    """
    listen()
    chosen = choose(format_name, output, among=FORMATS, default="text")
    findings = run_checks(list(paths) or None)
    if chosen.name == "json":
        write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2) + "\n", output)
    else:
        write("".join(f"{line}\n" for line in (*findings, _summary(findings))), output)
    worst = SEVERITIES[: SEVERITIES.index(fail_on.upper()) + 1]
    click.get_current_context().exit(1 if any(finding.severity in worst for finding in findings) else 0)


def _summary(findings: list[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    found = ", ".join(f"{counts[severity]} {severity}" for severity in SEVERITIES if counts[severity])
    return f"{len(rules())} rules: {found or 'nothing found'}"
