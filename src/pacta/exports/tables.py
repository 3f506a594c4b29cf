"""Rows for people: a Markdown table, and a table for the terminal that turns into records where it is too wide."""

from __future__ import annotations

import io
from collections.abc import Mapping
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pacta.exports.delimited import plain
from pacta.exports.turtle import compact
from pacta.store import Results, Term
from pacta.vocabulary import ID_BASE, XSD

WIDTH = 100  # columns, where the terminal does not tell
_NARROWEST = 12  # columns a cell needs to be read
_QUOTED = {XSD + "string"}


def readable(term: Term | None, base: str = ID_BASE, labels: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a term as a person reads it: IRIs short, behind their label where there is one, literals bare."""
    if not isinstance(term, NamedNode):
        return plain(term)
    short, label = compact(term.value, base), labels.get(term.value)
    return f"{label} ({short})" if label else short


def markdown(results: Results) -> bytes:
    """Return rows as a Markdown table."""
    rows = [[_escaped(readable(term)) for term in row] for row in results.rows]
    lines = [_line(list(results.variables)), _line(["---"] * len(results.variables)), *map(_line, rows)]
    return ("\n".join(lines) + "\n").encode()


def terminal(results: Results, width: int = WIDTH, labels: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """Return rows as a table `width` columns wide; where the columns do not fit, as one record below the other.

    `labels`: IRI -> label, shown with the IRI.
    """
    rows = [[" ".join(readable(term, labels=labels).split()) for term in row] for row in results.rows]
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, force_terminal=False, markup=False, highlight=False)
    if _needed(results.variables, rows) > width:
        _records(console, results.variables, rows)
    else:
        console.print(_table(results, rows))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines()).encode()


def _table(results: Results, rows: list[list[str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(results.variables):
        numbers = bool(rows) and all(_is_number(row[place]) for row in results.rows)
        table.add_column(Text(name), justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _records(console: Console, names: tuple[str, ...], rows: list[list[str]]) -> None:
    for number, row in enumerate(rows, 1):
        grid = Table.grid(padding=(0, 2))
        grid.add_column(overflow="fold")
        grid.add_column(overflow="fold")
        for name, text in zip(names, row, strict=True):
            grid.add_row(Text(name), Text(text))
        console.print(Text(f"{'' if number == 1 else chr(10)}── {number} of {len(rows)} ──"))
        console.print(grid)


def _needed(names: tuple[str, ...], rows: list[list[str]]) -> int:
    """Return the width below which a table would fold its cells into slivers."""
    total = 0
    for place, name in enumerate(names):
        longest_word = max((len(word) for row in rows for word in row[place].split()), default=0)
        longest = max((len(row[place]) for row in rows), default=0)
        total += max(len(name), longest_word, min(longest, _NARROWEST)) + 2
    return total


def _is_number(term: Term | None) -> bool:
    return isinstance(term, Literal) and term.language is None and term.datatype.value not in _QUOTED


def _escaped(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split())


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
