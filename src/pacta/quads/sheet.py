"""Sheet: where the writers put a document's quads; it knows the document, its IRIs and how a value becomes a term.

Numbers and times are written in the form that the embedded store gives back, so that the bytes stay the same through
any number of loads and dumps.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad

from pacta.iris import Iris
from pacta.model import LocationMention, Span, TimeMention
from pacta.vocabulary import RDF, RDFS, XSD, concept, term

RDF_TYPE = NamedNode(RDF + "type")
RDFS_LABEL = NamedNode(RDFS + "label")

LABEL_LANGUAGE = "en"
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")

Term = NamedNode | Literal
Row = tuple[NamedNode, NamedNode, Term, NamedNode]  # a quad, taken apart


def node(iri: str) -> NamedNode:
    """Return the IRI as a term; a string that is no IRI raises ValueError."""
    return NamedNode(iri)


@lru_cache(maxsize=1024)
def pacta(name: str) -> NamedNode:
    """Return the term `name` of the ontology."""
    return NamedNode(term(name))


def in_scheme(scheme: str, name: str) -> NamedNode:
    """Return the concept `name` of a vocabulary; a full IRI stands as it is."""
    return NamedNode(name if ":" in name else concept(scheme, name))


def typed(lexical: str, datatype: str) -> Literal:
    return Literal(lexical, datatype=NamedNode(XSD + datatype))


def decimal(value: float) -> Literal:
    """Return an xsd:decimal of at most six places, without trailing zeros."""
    return typed(f"{Decimal(str(round(value, 6))).normalize():f}", "decimal")


def moment(value: date | datetime | str) -> Literal:
    """Return an xsd:dateTime for a moment (with its offset) and an xsd:date for a day, given as value or ISO text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if not isinstance(value, datetime):
        return typed(value.isoformat(), "date")
    if value.tzinfo is None:
        raise ValueError(f"{value.isoformat()} has no UTC offset")
    return typed(value.isoformat().removesuffix("+00:00") + ("Z" if not value.utcoffset() else ""), "dateTime")


class Sheet:
    """Collect the quads of one document, each once."""

    def __init__(
        self,
        *,
        iris: Iris,
        key: str,
        text: str,
        language: str,
        graph: str,
        run: str,
        pages: tuple[int, ...] = (),
    ) -> None:
        self.iris = iris
        self.key = key
        self.language = language if _LANGUAGE_TAG.fullmatch(language) else "und"
        self.record = node(graph)
        self.run = node(run)
        self._text = text
        self._pages = pages
        # by subject, what is said of it: a third of the memory of quads
        self._said: dict[NamedNode, set[tuple[NamedNode, Term, NamedNode]]] = {}
        self._known: dict[Term, Term] = {}  # IRIs that repeat are kept once
        self._numbers: Counter[str] = Counter()
        self._times: dict[Span, TimeMention] = {}
        self._spans: set[Span] = set()  # those described

    def add(self, subject: NamedNode, predicate: NamedNode, *values: Term | None) -> None:
        """State `subject predicate value` in the record graph for each value that there is."""
        said, once = self._said.get(subject), self._known.setdefault
        if said is None:
            said = self._said[once(subject, subject)] = set()  # type: ignore[index]
        for value in values:
            if value is not None:
                said.add((predicate, once(value, value), self.record))

    def add_in(self, graph: str, subject: NamedNode, predicate: NamedNode, value: Term) -> None:
        self._said.setdefault(subject, set()).add((predicate, value, self._once(node(graph))))

    def _once(self, iri: NamedNode) -> NamedNode:
        return self._known.setdefault(iri, iri)  # type: ignore[return-value]

    def describe(self, subject: NamedNode, type_name: str, *, in_record: bool = False) -> None:
        """State the class of `subject` and, where asked, the record it belongs to."""
        self.add(subject, RDF_TYPE, pacta(type_name))
        if in_record:
            self.add(subject, pacta("inRecord"), self.record)

    def words(self, text: str | None) -> Literal | None:
        """Return words of the document as a literal in its language."""
        return None if text is None else Literal(text, language=self.language)

    def number(self, series: str) -> int:
        """Return 0, 1, 2 … for the first, second, third … call with one `series`."""
        self._numbers[series] += 1
        return self._numbers[series] - 1

    def quote(self, span: Span) -> str:
        """Return the exact words of a span; one that is empty or leaves the text raises ValueError."""
        start, end = span
        if not 0 <= start < end <= len(self._text):
            raise ValueError(
                f"span {start},{end} of document {self.key} is empty or leaves its {len(self._text)} characters"
            )
        return self._text[start:end]

    def span(self, span: Span) -> NamedNode:
        """Describe a text span and return it."""
        subject = node(self.iris.span(self.key, *span))
        if span in self._spans:
            return subject
        self._spans.add(span)
        self.describe(subject, "TextSpan")
        self.add(subject, pacta("ofCapture"), node(self.iris.capture(self.key)))
        self.add(subject, pacta("charStart"), typed(str(span[0]), "integer"))
        self.add(subject, pacta("charEnd"), typed(str(span[1]), "integer"))
        self.add(subject, pacta("quote"), self.words(self.quote(span)))
        if self._pages:
            self.add(subject, pacta("pageNumber"), typed(str(bisect_right(self._pages, span[0])), "integer"))
        return subject

    def time(self, mention: TimeMention | None) -> NamedNode | None:
        """Return the time extent of an expression, one for each span; `quads` describes it with its widest bounds."""
        if mention is None:
            return None
        known = self._times.setdefault(mention.span, mention)
        if known != mention:
            start, end = min(known.not_before, mention.not_before), max(known.not_after, mention.not_after)
            wider = mention if (start, end) == (mention.not_before, mention.not_after) else known
            self._times[mention.span] = TimeMention(mention.span, start, end, wider.granularity)
        return node(self.iris.time(self.key, *mention.span))

    def location(self, mention: LocationMention | None) -> NamedNode | None:
        """Describe a place known by distance and bearing and return it."""
        if mention is None:
            return None
        subject = node(self.iris.location(self.key, *mention.span))
        self.describe(subject, "RelativeLocation")
        self.add(subject, pacta("anchorPlace"), node(mention.anchor.entity))
        if mention.distance_km is not None:
            self.add(subject, pacta("distanceKm"), decimal(mention.distance_km))
        if mention.bearing is not None:
            self.add(subject, pacta("bearing"), in_scheme("bearing", mention.bearing))
        self.add(subject, pacta("approximate"), Literal(mention.approximate))
        self.add(subject, pacta("anchorSpan"), self.span(mention.span))
        return subject

    def quads(self) -> list[Quad]:
        """Return all quads, sorted by their N-Quads text."""
        return list(self.in_order())

    def in_order(self) -> Iterator[Quad]:
        """Yield all quads, sorted by their N-Quads text; only those of one subject are made at a time."""
        return (Quad(*row) for row, _ in self.rows())

    def rows(self) -> Iterator[tuple[Row, str]]:
        """Yield subject, predicate, object and graph of all quads with their N-Quads text, sorted by that.

        To make a quad of them and to ask it for its terms costs four times as much.
        """
        for span, mention in sorted(self._times.items()):
            subject = node(self.iris.time(self.key, *span))
            self.describe(subject, "TimeExtent")
            self.add(subject, pacta("notBefore"), moment(mention.not_before))
            self.add(subject, pacta("notAfter"), moment(mention.not_after))
            self.add(subject, pacta("granularity"), in_scheme("granularity", mention.granularity))
            self.add(subject, pacta("anchorSpan"), self.span(span))
        texts: dict[NamedNode, str] = {}  # of predicates and graphs
        for name, subject in sorted((str(subject), subject) for subject in self._said):
            found = []  # no subject's text begins with that of another
            for predicate, value, graph in self._said.pop(subject):
                for iri in (predicate, graph):
                    if iri not in texts:
                        texts[iri] = str(iri)
                text = f"{name} {texts[predicate]} {value!s} {texts[graph]}"
                found.append((text, (subject, predicate, value, graph)))
            found.sort(key=_text)
            for text, row in found:
                yield row, text


def _text(written: tuple[str, Row]) -> str:
    return written[0]
