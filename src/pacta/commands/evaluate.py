"""pacta evaluate: scores of the conversion against gold."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pacta.commands.options import choose, common, format_option, learned_options, output_option
from pacta.commands.output import write
from pacta.commands.talk import listen, say
from pacta.errors import UsageError_

if TYPE_CHECKING:
    from pacta.evaluation.measures import Score

FORMATS = ("table", "json")
_folder = click.Path(path_type=Path, exists=True, file_okay=False)
_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("evaluate", short_help="Scores against gold.")
@click.option(
    "--polnear", type=_folder, metavar="DIR", help="Attributions: SPLIT/text/*.txt, SPLIT/attributions/*.ann."
)
@click.option("--split", default="dev", show_default=True, help="Which split of --polnear.")
@click.option("--reports", "reports_", type=_folder, metavar="DIR", help="Reports: reports.jsonl and gold.jsonl.")
@click.option("--plover", type=_file, metavar="FILE", help="Events: a TSV file with columns sentence and gold_root.")
@click.option(
    "--own",
    type=click.Path(path_type=Path, exists=True),
    metavar="PATH",
    help="Short texts with expected statements: a .jsonl file or a folder of them.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The first N articles and events alone.")
@click.option(
    "--model",
    metavar="NAME",
    envvar="PACTA_MODEL",
    show_envvar=True,
    help="spaCy pipeline to parse with (default: the small English one).",
)
@learned_options[0]
@learned_options[1]
@format_option(*FORMATS)
@output_option
@common
def command(
    polnear: Path | None,
    split: str,
    reports_: Path | None,
    plover: Path | None,
    own: Path | None,
    limit: int | None,
    model: str | None,
    encoder: bool,
    min_confidence: float,
    format_name: str | None,
    output: Path | None,
) -> None:
    """Convert texts with known answers and print how much of them was found, and each statement in the wrong mouth.

    With --encoder or --min-confidence, --polnear is scored without them too, to compare.

    Exit code 1: a text could not be converted.
    """
    # the parser is loaded by those who convert, not by `pacta --help`
    from pacta.evaluation import attribution, kinds, reports, sentences
    from pacta.evaluation.table import as_table
    from pacta.pipeline import default_converter

    listen()
    chosen = choose(format_name, output, among=FORMATS, default="table")
    asked: list[Callable[[], Score]] = []
    if not (polnear or reports_ or plover or own):
        raise UsageError_("nothing to score against", remedy="name gold with --own, --reports, --polnear or --plover")
    converter = default_converter(model, encoder=encoder, min_confidence=min_confidence)
    if polnear is not None:
        if encoder or min_confidence:
            asked.append(partial(attribution.score, default_converter(model), polnear, split, limit))
        asked.append(partial(attribution.score, converter, polnear, split, limit))
    if reports_ is not None:
        asked.append(partial(reports.score, converter, reports_))
    if plover is not None:
        asked.append(partial(kinds.score, converter, plover, limit))
        if kinds.can_score_learned(plover):
            asked.append(partial(kinds.score_learned, converter, plover, limit))
    if own is not None:
        asked.append(partial(sentences.score, converter, own))
    scores = []
    for each in asked:
        scores.append(each())
        say(f"{scores[-1].corpus}: {scores[-1].documents} texts scored")
    if chosen.name == "json":
        write(json.dumps([each.as_json() for each in scores], ensure_ascii=False, indent=2) + "\n", output)
    else:
        write(as_table(scores), output)
    click.get_current_context().exit(1 if any(each.failed for each in scores) else 0)
