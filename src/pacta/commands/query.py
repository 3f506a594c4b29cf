"""pacta query: run a question on a store or an endpoint; without a name, list the questions."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from pacta import queries
from pacta.commands.names import whole_iri
from pacta.commands.options import (
    STDIN,
    base_option,
    choose,
    common,
    format_option,
    given_store,
    output_option,
    store_option,
)
from pacta.commands.output import is_terminal, write
from pacta.commands.talk import listen, say
from pacta.errors import BadParameter, PactaError, QueryError, StoreError, UnreadableFile, UsageError_
from pacta.exports import results_to
from pacta.exports.tables import WIDTH
from pacta.formats import of_kind
from pacta.queries import Query
from pacta.store import Queryable, RemoteStore, open_store

FORMATS = tuple(row.name for row in of_kind("results", "graph", "dataset"))
LISTINGS = ("text", "json")


@click.command("query", short_help="Run a question; without a name, list them.")
@click.argument("name", metavar="[NAME | FILE | -]", required=False)
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAME=VALUE",
              help="A parameter of the question; the same one again means any of the values.")  # fmt: skip
@store_option()
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL 1.1 endpoint in the place of a store.")
@format_option("table", *(name for name in FORMATS if name != "table"))
@output_option
@base_option
@common
def command(
    name: str | None,
    given: tuple[str, ...],
    store_path: Path | None,
    endpoint: str | None,
    format_name: str | None,
    output: Path | None,
    base: str,
) -> None:
    """Ask a question of queries/ by its NAME (TOPIC/NAME), a query FILE of your own, or - for standard input.

    Answers are a table on a terminal, csv elsewhere, turtle where the query makes a graph; -f and the suffix of -o
    choose otherwise. Without a name, all questions are listed with their parameters (-f json for programs).
    """
    listen()
    if name is None:
        _list(format_name, output)
        return
    chosen = choose(format_name, output, among=FORMATS, default="table" if is_terminal() else "csv").name
    question = _question(name)
    text = question.bind(_values(question, given, base))
    with _opened(store_path, endpoint) as store:
        results = store.query(text)
        cut = not endpoint and queries.may_be_cut(store, text)
        labels = queries.labels_in(store, results) if chosen == "table" and results.triples is None else {}
    if results.triples is not None and not format_name and not (output and output.suffix):
        chosen = "turtle"
    width = shutil.get_terminal_size((WIDTH, 24)).columns
    write(results_to(results, chosen, width=width, base=base, labels=labels), output)
    if results.boolean is None and not len(results):
        say("no rows")
    if cut:
        say(f"rows may be missing: the store is so large that a part of the question may find more than "
            f"{queries.INNER_LIMIT:,} rows, which is all that is looked at; give more parameters")  # fmt: skip


def _list(format_name: str | None, output: Path | None) -> None:
    chosen = choose(format_name, output, among=LISTINGS, default="text").name
    known = list(queries.catalogue().values())
    if chosen == "json":
        write(json.dumps([_described(query) for query in known], ensure_ascii=False, indent=2) + "\n", output)
        return
    lines = []
    for query in known:
        lines.append(f"{query.name}\n    {query.title}\n")
        if query.parameters:
            lines.append(f"    -p {', '.join(parameter.name for parameter in query.parameters)}\n")
    write("".join(lines), output)


def _described(query: Query) -> dict[str, object]:
    return {
        "name": query.name,
        "iri": query.iri,
        "title": query.title,
        "description": query.description,
        "question": query.number,
        "tags": list(query.tags),
        "parameters": [
            {"name": p.name, "type": p.type, "description": p.description, "default": p.default, "choices": p.choices}
            for p in query.parameters
        ],
    }


def _question(name: str) -> Query:
    """Return the question of the catalogue, of a file, or of standard input."""
    path = Path(name)
    if path == STDIN:
        return _own(sys.stdin.buffer.read(), "standard input")
    if name not in queries.catalogue() and (path.suffix in (".rq", ".sparql") or path.is_file()):
        try:
            return _own(path.read_bytes(), name)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UnreadableFile(f"cannot read: {reason}", name, "check the path") from error
    return queries.get(name)


def _own(raw: bytes, where: str) -> Query:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QueryError(f"the query is not UTF-8 (byte offset {error.start})", where, "re-encode it") from None
    if not text.strip():
        raise QueryError("the query is empty", where, "write SPARQL into it")
    return queries.from_text(text, where)


def _values(question: Query, given: tuple[str, ...], base: str) -> dict[str, list[str]]:
    """Return the values of each parameter that -p names; IRIs may be short."""
    values: dict[str, list[str]] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise BadParameter(f"{each!r} is no parameter with its value", question.name, "write -p name=value")
        if question.parameter(name).type == "iri":
            try:
                value = whole_iri(value, base)
            except PactaError as error:
                raise BadParameter(f"{name}: {error.what}", value, error.remedy) from None
        values.setdefault(name, []).append(value)
    return values


@contextmanager
def _opened(store_path: Path | None, endpoint: str | None) -> Iterator[Queryable]:
    """Open what is asked: the endpoint, or the store. --endpoint wins over PACTA_STORE, not over --store."""
    if endpoint:
        source = click.get_current_context().get_parameter_source("store_path")
        if source is click.core.ParameterSource.COMMANDLINE:
            raise UsageError_("--store and --endpoint name two places", remedy="give --store or --endpoint")
        with RemoteStore(endpoint) as remote:
            yield remote
        return
    if store_path is None:
        remedy = "give --store DIR, set PACTA_STORE, or give --endpoint URL; pacta build SRC --store DIR makes a store"
        raise StoreError("there is no store to ask", remedy=remedy)
    with open_store(given_store(store_path), read_only=True) as store:
        yield store
