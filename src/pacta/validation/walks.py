"""Queries of shapes that a walk through the facts answers sooner than the engine: whether one surely has no row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import pyoxigraph as ox

from pacta.literals import whole_number
from pacta.validation.graphs import TYPE, Facts
from pacta.vocabulary import FORCES, PACTA, PROV, XSD

_INTEGER = ox.NamedNode(XSD + "integer")
_DERIVED_FROM = ox.NamedNode(f"{PROV}wasDerivedFrom")
_TEXT, _OF, _START, _END, _QUOTE, _LENGTH, _IN_RECORD = (
    ox.NamedNode(PACTA + name)
    for name in ("fullText", "ofCapture", "charStart", "charEnd", "quote", "charLength", "inRecord")
)
_FORCES = frozenset(ox.NamedNode(iri) for iri in FORCES)


def whole(value: Any) -> int | None:
    """Return a literal as a number where it is a plain xsd:integer, and None for everything else."""
    return whole_number(value) if isinstance(value, ox.Literal) and value.datatype == _INTEGER else None


def body_of(query: str) -> str:
    """Return a query without its prefixes and with its blanks made even."""
    return " ".join(query[max(query.find("SELECT"), 0) :].split())


def _verbatim(facts: Facts, record: Any) -> bool:
    """Tell whether each quote surely is in its place. SUBSTR would walk the text anew for each."""
    for capture in facts.objects(record, _DERIVED_FROM):
        texts = [text.value if isinstance(text, ox.Literal) else None for text in facts.objects(capture, _TEXT)]
        for span, start, end in _spans(facts, capture) if texts else ():
            for quote in facts.objects(span, _QUOTE):
                if start is None or end is None or end < start or not isinstance(quote, ox.Literal):
                    return False
                if any(text is None or text[start:end] != quote.value for text in texts):
                    return False
    return True


def _spans(facts: Facts, capture: Any) -> Iterator[tuple[Any, int | None, int | None]]:
    """Yield the spans of a capture, with where they begin and end; None where that is no plain number."""
    for span in facts.subjects(_OF, capture):
        for first, last in product(facts.objects(span, _START), facts.objects(span, _END)):
            yield span, whole(first), whole(last)


def _named_by_place(facts: Facts, record: Any) -> bool:
    return all(
        start is not None
        and end is not None
        and isinstance(capture, ox.NamedNode)
        and span.value == f"{capture.value}#char={start},{end}"
        and not isinstance(span, ox.BlankNode)
        for capture in facts.objects(record, _DERIVED_FROM)
        for span, start, end in _spans(facts, capture)
    )


def _as_long(facts: Facts, record: Any) -> bool:
    return all(
        start is not None and end is not None and isinstance(quote, ox.Literal) and len(quote.value) == end - start
        for capture in facts.objects(record, _DERIVED_FROM)
        for span, start, end in _spans(facts, capture)
        for quote in facts.objects(span, _QUOTE)
    )


def _within(facts: Facts, record: Any) -> bool:
    for capture in facts.objects(record, _DERIVED_FROM):
        for length in map(whole, facts.objects(capture, _LENGTH)):
            for span in facts.subjects(_OF, capture):
                for end in map(whole, facts.objects(span, _END)):
                    if end is None or length is None or end > length:
                        return False
    return True


def _of_one_force(facts: Facts, record: Any) -> bool:
    return all(len(_FORCES & facts.predicates(value)) < 2 for value in facts.subjects(_IN_RECORD, record))


def _properties_are_known(facts: Facts, _: Any) -> bool:
    return all(TYPE in facts.predicates(name) for name in facts.used if name.value.startswith(PACTA))


def _classes_are_known(facts: Facts, _: Any) -> bool:
    kinds = {kind for _, kind in facts.pairs(TYPE)}
    return all(
        isinstance(kind, ox.NamedNode) and (not kind.value.startswith(PACTA) or TYPE in facts.predicates(kind))
        for kind in kinds
    )


# By the body of a query: whether it surely has no row. A query that is written anew is put to the engine again.
_ONE_OF = ", ".join(f"pacta:{iri.removeprefix(PACTA)}" for iri in FORCES).replace(",", " ,")
BY_HAND: Mapping[str, Callable[[Facts, Any], bool]] = {
    body_of(text): nothing
    for text, nothing in (
        (
            """
            SELECT DISTINCT $this ?value WHERE {
              $this prov:wasDerivedFrom ?capture .
              ?capture pacta:fullText ?text .
              ?value pacta:ofCapture ?capture ; pacta:charStart ?start ; pacta:charEnd ?end ; pacta:quote ?quote .
              FILTER ( STR(?quote) != SUBSTR(STR(?text), ?start + 1, ?end - ?start) )
            }
            """,
            _verbatim,
        ),
        (
            """
            SELECT DISTINCT $this ?value WHERE {
              $this prov:wasDerivedFrom ?capture .
              ?value pacta:ofCapture ?capture ; pacta:charStart ?start ; pacta:charEnd ?end .
              FILTER ( STR(?value) != CONCAT(STR(?capture), "#char=", STR(?start), ",", STR(?end)) )
            }
            """,
            _named_by_place,
        ),
        (
            """
            SELECT DISTINCT $this ?value WHERE {
              $this prov:wasDerivedFrom ?capture .
              ?value pacta:ofCapture ?capture ; pacta:charStart ?start ; pacta:charEnd ?end ; pacta:quote ?quote .
              FILTER ( STRLEN(STR(?quote)) != ?end - ?start )
            }
            """,
            _as_long,
        ),
        (
            """
            SELECT DISTINCT $this ?value WHERE {
              $this prov:wasDerivedFrom ?capture .
              ?capture pacta:charLength ?length .
              ?value pacta:ofCapture ?capture ; pacta:charEnd ?end .
              FILTER ( ?end > ?length )
            }
            """,
            _within,
        ),
        (
            f"""
            SELECT DISTINCT $this ?value WHERE {{
              ?value pacta:inRecord $this ; ?force ?one ; ?second ?two .
              FILTER ( ?force IN ( {_ONE_OF} ) )
              FILTER ( ?second IN ( {_ONE_OF} ) )
              FILTER ( STR(?force) < STR(?second) )
            }}
            """,
            _of_one_force,
        ),
        (
            """
            SELECT DISTINCT $this ?value WHERE {
              { SELECT $this ?value (COUNT(*) AS ?uses) WHERE { ?subject ?value ?object } GROUP BY $this ?value }
              FILTER ( STRSTARTS(STR(?value), STR(pacta:)) )
              FILTER NOT EXISTS { ?value a ?kind }
            }
            """,
            _properties_are_known,
        ),
        (
            """
            SELECT DISTINCT $this ?value WHERE {
              ?subject a ?value .
              FILTER ( STRSTARTS(STR(?value), STR(pacta:)) )
              FILTER NOT EXISTS { ?value a ?kind }
            }
            """,
            _classes_are_known,
        ),
        (
            "SELECT DISTINCT $this ?value WHERE { ?subject ?value ?object . FILTER ( isBlank(?object) ) }",
            lambda facts, _: not facts.has_blank,
        ),
    )
}
