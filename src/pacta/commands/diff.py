"""pacta diff: what changed between two texts of an agreement, or between two graphs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pacta.commands.names import whole_iri
from pacta.commands.options import base_option, choose, common, format_option, given_store, output_option, store_option
from pacta.commands.output import write
from pacta.commands.talk import listen, say
from pacta.errors import UnreadableFile, UsageError_

if TYPE_CHECKING:
    from pacta.agreements.differences import ClauseDifference

TEXTS = ("text", "json", "html")
GRAPHS = ("text", "json", "turtle")


@click.command("diff", short_help="What changed between two texts of an agreement, or two graphs.")
@click.argument("first", metavar="OLD")
@click.argument("second", metavar="NEW")
@click.option("--ignore-case", is_flag=True, help="Texts: take capital and small letters for the same.")
@click.option("--all", "everything", is_flag=True, help="Texts: show clauses that are the same, too.")
@store_option()
@format_option("text", "json", "html", "turtle")
@output_option
@base_option
@common
def command(
    first: str,
    second: str,
    ignore_case: bool,
    everything: bool,
    store_path: Path | None,
    format_name: str | None,
    output: Path | None,
    base: str,
) -> None:
    """Compare two texts of an agreement clause by clause, or two RDF files, folders of such or stores by resource.

    With --store, OLD and NEW may also be two texts in the store, such as agreement/CODE/text/PUBLISHER-LANGUAGE.

    What the inputs are decides. Texts (text, Markdown, HTML, Akoma Ntoso): [-words-] stand in OLD alone, {+words+} in
    NEW alone; formats text, json, html. Graphs: + a new resource, - one that is gone, ~ one that changed, by class;
    formats text, json, and turtle for a patch in the changeset vocabulary. Exit code 0 where nothing differs, else 1.
    """
    listen()
    old, new = Path(first), Path(second)
    if not old.exists() and not new.exists() and "/text/" in first and "/text/" in second:
        found = _stored(first, second, given_store(store_path), base, case=not ignore_case)
        differs = _write_clauses(found, (first, second), format_name, output, everything=everything)
        click.get_current_context().exit(1 if differs else 0)
    graphs = [_is_graph(path) for path in (old, new)]
    if graphs[0] != graphs[1]:
        what = "one of the two is RDF and the other a text"
        raise UsageError_(what, f"{old}, {new}", "compare a graph with a graph, a text with a text")
    if graphs[0] and (ignore_case or everything):
        raise UsageError_("--ignore-case and --all are for texts", f"{old}, {new}", "leave them out")
    differs = (
        _graphs(old, new, format_name, output, base)
        if graphs[0]
        else _texts(old, new, format_name, output, case=not ignore_case, everything=everything)
    )
    click.get_current_context().exit(1 if differs else 0)


def _is_graph(path: Path) -> bool:
    from pacta.changes import is_rdf

    if not path.exists():
        raise UnreadableFile("there is no such file", str(path), "check the path")
    return is_rdf(path)


def _texts(old: Path, new: Path, format_name: str | None, output: Path | None, *, case: bool, everything: bool) -> bool:
    from pacta.agreement_texts.files import open_text
    from pacta.agreements.differences import differences

    first, second = open_text(old), open_text(new)
    found = differences(first.value, second.value, same_language=first.language == second.language, case=case)
    titles = (first.title or first.value.title, second.title or second.value.title)
    return _write_clauses(found, (str(old), str(new)), format_name, output, titles=titles, everything=everything)


def _stored(old: str, new: str, folder: Path, base: str, *, case: bool) -> tuple[ClauseDifference, ...]:
    """Return how two texts of one agreement in a store differ, clause by clause."""
    from pacta import queries
    from pacta.agreements.differences import differences_of, wordings
    from pacta.store import open_store

    texts = [whole_iri(each, base) for each in (old, new)]
    with open_store(folder, read_only=True) as store:
        answer = queries.run(store, "agreements/wording-variants", {"agreement": texts[0].partition("/text/")[0]})
    rows = [
        {name: getattr(term, "value", None) for name, term in zip(answer.variables, row, strict=True)}
        for row in answer.rows
    ]
    known = {row["text"] for row in rows}
    for text in texts:
        if text not in known:
            what = f"the store holds no text {text}, or none of the same agreement"
            raise UsageError_(what, str(folder), "pacta query agreements/wording-variants lists the texts")
    numbers = {row["clause"] or "": row["clauseNumber"] or "" for row in rows}
    return differences_of(wordings(rows), numbers, *texts, case=case)


def _write_clauses(
    found: Sequence[ClauseDifference],
    names: tuple[str, str],
    format_name: str | None,
    output: Path | None,
    *,
    everything: bool,
    titles: tuple[str | None, str | None] = (None, None),
) -> bool:
    """Write the clauses that differ and say how many; return whether any does."""
    from pacta.agreements.differences import as_dict
    from pacta.commands.differing import clause_as_text, clauses_as_page

    chosen = choose(format_name, output, among=TEXTS, default="text")
    shown = [difference for difference in found if everything or difference.status != "same"]
    counts = dict(sorted(Counter(difference.status for difference in found).items()))
    if chosen.name == "json":
        known = {"old": names[0], "new": names[1], "oldTitle": titles[0], "newTitle": titles[1], "counts": counts}
        document = {**known, "clauses": [as_dict(difference) for difference in shown]}
        write(json.dumps(document, ensure_ascii=False, indent=2) + "\n", output)
    elif chosen.name == "html":
        called = [title or Path(name).name for title, name in zip(titles, names, strict=True)]
        if called[0] == called[1]:
            called = [f"{title} ({Path(name).name})" for title, name in zip(called, names, strict=True)]
        write(clauses_as_page(shown, *called), output)
    else:
        write("".join(f"{clause_as_text(difference)}\n" for difference in shown), output)
    say(f"{len(found)} provisions: {', '.join(f'{n} {status}' for status, n in counts.items())}")
    return any(difference.differs for difference in found)


def _graphs(old: Path, new: Path, format_name: str | None, output: Path | None, base: str) -> bool:
    from pacta.changes import as_changesets, changes_between, read_graph
    from pacta.commands.differing import changes_as_dict, changes_as_text
    from pacta.exports import graph_to

    chosen = choose(format_name, output, among=GRAPHS, default="text")
    changes = changes_between(read_graph(old), read_graph(new))
    if chosen.name == "json":
        document = {"old": str(old), "new": str(new), **changes_as_dict(changes)}
        write(json.dumps(document, ensure_ascii=False, indent=2) + "\n", output)
    elif chosen.name == "turtle":
        write(graph_to(as_changesets(changes, base), "turtle", include_text=True, base=base), output)
    else:
        write(changes_as_text(changes, base), output)
    say(", ".join(f"{number} {kind}" for kind, number in changes.counts.items()))
    return bool(changes)
