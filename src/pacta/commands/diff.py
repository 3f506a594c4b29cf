"""pacta diff: what changed between two texts of an agreement, provision by provision and word by word."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from pacta.agreement_texts.files import open_text
from pacta.agreements.alignment import Pair, align, as_dict
from pacta.commands.options import choose, common, format_option, output_option
from pacta.commands.output import write
from pacta.commands.talk import listen, say

FORMATS = ("text", "json")
_CONTEXT = 6  # words kept on either side of a change


@click.command("diff", short_help="What changed between two texts of an agreement.")
@click.argument("old", metavar="OLD", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("new", metavar="NEW", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--ignore-case", is_flag=True, help="Take capital and small letters for the same.")
@click.option("--all", "everything", is_flag=True, help="Show provisions that are the same, too.")
@format_option(*FORMATS)
@output_option
@common
def command(
    old: Path, new: Path, ignore_case: bool, everything: bool, format_name: str | None, output: Path | None
) -> None:
    """Compare two texts of an agreement (text, Markdown, HTML or Akoma Ntoso), clause by clause.

    [-words-] stand in OLD alone, {+words+} in NEW alone. Exit code 0 where no word differs, 1 where some do.
    """
    listen()
    chosen = choose(format_name, output, among=FORMATS, default="text")
    first, second = open_text(old), open_text(new)
    pairs = align(first.value, second.value, same_language=first.language == second.language, case=not ignore_case)
    shown = [pair for pair in pairs if everything or pair.status != "same"]
    if chosen.name == "json":
        found = {"old": str(old), "new": str(new), "oldTitle": first.value.title, "newTitle": second.value.title}
        counts = dict(sorted(Counter(pair.status for pair in pairs).items()))
        document = {**found, "counts": counts, "provisions": [as_dict(pair) for pair in shown]}
        write(json.dumps(document, ensure_ascii=False, indent=2) + "\n", output)
    else:
        write("".join(f"{text_of(pair)}\n" for pair in shown), output)
    counted = Counter(pair.status for pair in pairs)
    say(f"{len(pairs)} provisions: {', '.join(f'{n} {status}' for status, n in sorted(counted.items()))}")
    click.get_current_context().exit(1 if any(pair.differs for pair in pairs) else 0)


def text_of(pair: Pair) -> str:
    """Return a pair as text: its number and status, and below them the words that differ with some around them."""
    numbers = [p.normal for p in (pair.old, pair.new) if p is not None]
    head = f"{' → '.join(dict.fromkeys(numbers))}: {pair.status}"
    parts: list[str] = []
    for i, change in enumerate(pair.changes):
        if change.op == "equal":
            parts.append(_shortened(change.new, first=i == 0, last=i == len(pair.changes) - 1))
            continue
        parts.extend(
            part for part in (f"[-{change.old}-]" * bool(change.old), f"{{+{change.new}+}}" * bool(change.new)) if part
        )
    return f"{head}\n    {' '.join(parts)}" if any(c.op != "equal" for c in pair.changes) else head


def _shortened(words: str, *, first: bool, last: bool) -> str:
    kept = words.split()
    if first and len(kept) > _CONTEXT:
        return " ".join(["…", *kept[-_CONTEXT:]])
    if last and len(kept) > _CONTEXT:
        return " ".join([*kept[:_CONTEXT], "…"])
    if len(kept) > 2 * _CONTEXT + 2:
        return " ".join([*kept[:_CONTEXT], "…", *kept[-_CONTEXT:]])
    return words
