"""Rows of an answer as cells of a page: names and links for IRIs, words with their language, numbers, days."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from pacta.exports.turtle import compact
from pacta.pages.naming import name_of
from pacta.pages.rendering import shortened
from pacta.pages.site import Site
from pacta.pages.times import day
from pacta.store import Term
from pacta.vocabulary import XSD

LONG = 300  # characters of one cell
_NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")}
_DAYS = {XSD + "date"}
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` is iri, text, number, day or empty; `href` is "" for all but IRIs; `whole` is the term unshortened."""

    kind: str
    text: str
    href: str = ""
    language: str = ""
    whole: str = ""


EMPTY = Cell("empty", "")


def headings(variables: Sequence[str]) -> list[str]:
    """Return names of columns as words.

    >>> headings(["clauseNumber", "quote"])
    ['Clause number', 'Quote']
    """
    return [_WORDS.sub(" ", name).replace("_", " ").lower().capitalize() for name in variables]


def rows_of(site: Site, rows: Sequence[Sequence[Term | None]]) -> list[list[Cell]]:
    """Return the cells of rows."""
    names: dict[str, str] = {}
    return [[cell(site, term, names) for term in row] for row in rows]


def cell(site: Site, term: Term | None, names: dict[str, str]) -> Cell:
    """Return one cell; `names` keeps the names of IRIs from one cell to the next."""
    if isinstance(term, NamedNode):
        iri = term.value
        if iri not in names:
            names[iri] = _name(site, iri)
        href = site.href(iri)
        return Cell("iri", names[iri], href if href.startswith(("/", "http://", "https://")) else "", whole=iri)
    if isinstance(term, Literal):
        datatype = term.datatype.value
        if datatype in _NUMBERS:
            return Cell("number", term.value, whole=str(term))
        if datatype in _DAYS:
            return Cell("day", day(term.value), whole=term.value)
        return Cell("text", shortened(term.value, LONG), language=term.language or "", whole=str(term))
    if isinstance(term, BlankNode):
        return Cell("text", str(term))
    return EMPTY if term is None else Cell("text", shortened(str(term), LONG))


def of_json(bindings: Sequence[Mapping[str, Mapping[str, Any]]], variables: Sequence[str]) -> list[list[Term | None]]:
    """Return the rows of SPARQL results in JSON as terms."""
    return [[_term(row.get(name)) for name in variables] for row in bindings]


def _name(site: Site, iri: str) -> str:
    own = site.own_label(iri)
    if own is not None or not site.is_data(iri):
        return own or compact(iri, site.settings.base)
    return name_of(site, iri)


def _term(value: Mapping[str, Any] | None) -> Term | None:
    if value is None:
        return None
    text = str(value.get("value", ""))
    if value.get("type") == "uri":
        return NamedNode(text)
    if value.get("type") == "bnode":
        return BlankNode(text)
    if language := value.get("xml:lang"):
        return Literal(text, language=str(language))
    return Literal(text, datatype=NamedNode(str(value["datatype"]))) if value.get("datatype") else Literal(text)
