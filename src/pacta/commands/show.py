"""pacta show: one resource, what points at it, and the quotes that carry it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from pacta.commands.names import whole_iri
from pacta.commands.options import base_option, choose, common, format_option, given_store, output_option, store_option
from pacta.commands.output import write
from pacta.commands.talk import listen
from pacta.errors import StoreError
from pacta.exports import graph_to
from pacta.exports.turtle import compact
from pacta.store import EmbeddedStore, Row, Term, open_store
from pacta.vocabulary import FORCES, PACTA, RDFS, SKOS

FORMATS = ("text", "json", "turtle")
SHOWN = 50  # rows of one property that the text shows

_OUTGOING = "SELECT DISTINCT ?p ?x WHERE { <%s> ?p ?x } ORDER BY ?p ?x"
_INCOMING = "SELECT DISTINCT ?p ?x WHERE { ?x ?p <%s> } ORDER BY ?p ?x"
_LABELS = f"""SELECT ?x ?label WHERE {{
  VALUES ?x {{ %s }}
  VALUES ?property {{ <{RDFS}label> <{SKOS}prefLabel> <{PACTA}gloss> }}
  ?x ?property ?label
}} ORDER BY ?x ?label"""
# From whatever it is to the statements about it: itself, its propositions, accounts of an incident, readings of and
# links to a clause, sides of a dispute, what an actor said.
_EVIDENCE = f"""PREFIX pacta: <{PACTA}>
PREFIX rdfs: <{RDFS}>
SELECT ?statement ?speaker ?stance ?quote ?document ?title (MIN(?at) AS ?start) WHERE {{
  VALUES ?stance {{ %(stances)s }}
  VALUES ?it {{ <%(iri)s> }}
  {{ VALUES ?statement {{ <%(iri)s> }} }}
  UNION {{ ?statement ?stance ?it }}
  UNION {{ ?statement pacta:speaker ?it }}
  UNION {{ ?proposition pacta:accountOf|pacta:interprets|pacta:evaluates|pacta:againstProvision ?it .
           ?statement ?stance ?proposition }}
  UNION {{ ?link pacta:linksTo ?it ; pacta:linksFrom ?proposition . ?statement ?stance ?proposition }}
  UNION {{ ?it pacta:side/pacta:viaStatement|pacta:viaStatement|pacta:attributes ?statement }}
  ?statement ?stance ?content ; pacta:speaker ?who .
  ?attribution pacta:attributes ?statement ; pacta:contentQuote ?quote ; pacta:inDocument ?document .
  OPTIONAL {{ ?attribution pacta:contentSpan/pacta:charStart ?at }}
  OPTIONAL {{ ?document <http://purl.org/dc/terms/title> ?title }}
  OPTIONAL {{ ?who rdfs:label ?label }}
  BIND(COALESCE(STR(?label), STR(?who)) AS ?speaker)
}} GROUP BY ?statement ?speaker ?stance ?quote ?document ?title ORDER BY ?document ?start ?statement ?quote"""
_MENTIONS = f"""PREFIX pacta: <{PACTA}>
SELECT ?quote (COUNT(?span) AS ?times) WHERE {{
  {{ ?span pacta:denotes <%s> ; pacta:quote ?quote }} UNION {{ BIND(<%s> AS ?span) ?span pacta:quote ?quote }}
}} GROUP BY ?quote ORDER BY DESC(?times) ?quote"""
_STANCES = tuple(sorted(FORCES))


@dataclass(frozen=True, slots=True)
class Found:
    """What a store says of one resource. Rows are (property, other end); `labels` goes by IRI."""

    node: NamedNode
    labels: dict[str, str]
    outgoing: tuple[Row, ...]
    incoming: tuple[Row, ...]
    evidence: list[dict[str, Term | None]]
    mentions: tuple[Row, ...]

    def quads(self) -> list[Quad]:
        """Return the rows as quads of the default graph."""
        quads = [Quad(self.node, p, x) for p, x in self.outgoing if isinstance(p, NamedNode) and x is not None]
        ends = [(p, x) for p, x in self.incoming if isinstance(p, NamedNode)]
        return quads + [Quad(x, p, self.node) for p, x in ends if isinstance(x, NamedNode | BlankNode)]


@click.command("show", short_help="One resource with its evidence.")
@click.argument("iri", metavar="IRI")
@store_option()
@format_option(*FORMATS)
@output_option
@base_option
@common
def command(iri: str, store_path: Path | None, format_name: str | None, output: Path | None, base: str) -> None:
    """Print one resource: what the store says of it, what points at it, and the quotes that carry it.

    IRI is whole (https://…), prefixed (id:actor/osce, pacta:Statement) or local (actor/osce).
    """
    listen()
    chosen = choose(format_name, output, among=FORMATS, default="text")
    with open_store(given_store(store_path), read_only=True) as store:
        found = look_up(store, whole_iri(iri, base))
    if chosen.name == "json":
        write(json.dumps(_plain(found), ensure_ascii=False, indent=2) + "\n", output)
    elif chosen.name == "turtle":
        write(graph_to(found.quads(), "turtle", base=base), output)
    else:
        write("\n".join(_lines(found, base)) + "\n", output)


def look_up(store: EmbeddedStore, iri: str) -> Found:
    """Return what the store says of `iri`; raise StoreError where it says nothing."""
    node = NamedNode(iri)
    outgoing = store.query(_OUTGOING % iri).rows
    incoming = store.query(_INCOMING % iri).rows
    if not outgoing and not incoming:
        raise StoreError("the store says nothing of this resource", iri, "check the IRI; the questions find resources")
    named = {term for row in (*outgoing, *incoming) for term in row if isinstance(term, NamedNode)} | {node}
    return Found(
        node=node,
        labels=_labels(store, named),
        outgoing=outgoing,
        incoming=incoming,
        evidence=store.query(_EVIDENCE % {"iri": iri, "stances": " ".join(map(_bracketed, _STANCES))}).dicts(),
        mentions=store.query(_MENTIONS % (iri, iri)).rows,
    )


def _labels(store: EmbeddedStore, nodes: Iterable[NamedNode]) -> dict[str, str]:
    """Return one label for each node that has any; English ones win."""
    labels: dict[str, str] = {}
    for x, label in store.query(_LABELS % " ".join(sorted(map(str, nodes)))).rows:
        if isinstance(label, Literal) and (_value(x) not in labels or (label.language or "").startswith("en")):
            labels[_value(x)] = label.value
    return labels


def _bracketed(iri: str) -> str:
    return f"<{iri}>"


def _value(term: Term | None) -> str:
    """Return the text of a term that is no triple."""
    return "" if term is None or isinstance(term, Triple) else term.value


def _plain(found: Found) -> dict[str, Any]:
    """Return what JSON can hold."""

    def pairs(rows: Iterable[Row]) -> list[dict[str, str | None]]:
        return [{"property": _value(p), "value": _value(x), "label": found.labels.get(_value(x))} for p, x in rows]

    columns = ("statement", "speaker", "stance", "quote", "document", "title")
    return {
        "iri": found.node.value,
        "label": found.labels.get(found.node.value),
        "outgoing": pairs(found.outgoing),
        "incoming": pairs(found.incoming),
        "evidence": [{name: _value(row[name]) or None for name in columns} for row in found.evidence],
        "mentions": [{"quote": _value(quote), "times": int(_value(times))} for quote, times in found.mentions],
    }


def _lines(found: Found, base: str) -> Iterator[str]:
    def name(term: Term | None) -> str:
        if not isinstance(term, NamedNode):
            return f"“{_value(term)}”" if isinstance(term, Literal) else str(term)
        label = found.labels.get(term.value)
        return compact(term.value, base) + (f"  ({label})" if label else "")

    yield name(found.node)
    for title, arrow, rows in (("says", "→", found.outgoing), ("is pointed at by", "←", found.incoming)):
        if rows:
            yield f"\n{title}"
        for prop, group in groupby(rows, key=lambda row: row[0]):
            ends, label = [row[1] for row in group], compact(_value(prop), base)
            yield from (f"  {arrow} {label}  {name(end)}" for end in ends[:SHOWN])
            if len(ends) > SHOWN:
                yield f"  {arrow} {label}  and {len(ends) - SHOWN} more (-f json shows all)"
    if found.evidence:
        yield "\nevidence"
    for row in found.evidence:
        stance = _value(row["stance"]).removeprefix(PACTA)
        yield f"  {_value(row['speaker'])} {stance}: “{_value(row['quote'])}”"
        yield f"      {compact(_value(row['statement']), base)}  {_value(row['title'])}".rstrip()
    if found.mentions:
        yield "\nnamed in the documents"
    yield from (f"  “{_value(quote)}” × {_value(times)}" for quote, times in found.mentions)
