"""Reprints: which documents are copies of one text, and what in them was said before in the same words.

    find(store)                      # all that can be concluded, as triples for the derived graph
    update(store, before, old)       # the same triples, where `before` changed since `old` was concluded

A record holds a sketch of its own text and nothing about other documents. From the sketches of all records follow the
families, from the records of a family which statements, contents, incidents and entities are the same. The first
printing is the one that was published first, by its IRI where days are equal or unknown: neither the order of
conversion nor the number of processes can change it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from pyoxigraph import Literal, NamedNode, Quad, Triple

from pacta.quads.sheet import decimal, typed
from pacta.reprints import copies
from pacta.reprints.grouping import families
from pacta.sketches import values_of
from pacta.store import EmbeddedStore
from pacta.vocabulary import P

__all__ = ["CONCLUDED", "LOOKED_AT", "find", "update"]

(_REPRINT_OF, _SIMILARITY, _COPIES) = map(NamedNode, (P.reprintOf, P.similarity, P.copyCount))
_MIN_HASH, _SHINGLES, _CAPTURE_OF, _PUBLISHED = map(NamedNode, (P.minHash, P.shingleCount, P.captureOf, P.published))
CONCLUDED = frozenset((_REPRINT_OF, _SIMILARITY, _COPIES, copies.COPY_OF))
LOOKED_AT = copies.LOOKED_AT | {_MIN_HASH, _SHINGLES, _CAPTURE_OF, _PUBLISHED}
_COUNTED = frozenset((P.Statement, P.Incident))


@dataclass(frozen=True, slots=True)
class _Printing:
    """A document with a sketch, the name of its record, and how much it has in common with the first printing."""

    document: NamedNode
    record: str
    similarity: float = 1.0


_Family = tuple[_Printing, ...]


def find(store: EmbeddedStore) -> set[Triple]:
    """Return what is to be concluded about reprints among all documents of a store."""
    return {triple for family in _families(_printings(store)) for triple in _concluded(store, family)}


def update(store: EmbeddedStore, before: Mapping[str, Iterable[Quad]], old: set[Triple]) -> set[Triple]:
    """Return what `find` would, given what it found before some graphs were written to.

    `before`: what each of these graphs held then. Families that none of them is in, or was, are not read again.
    """
    was = {name: _of_interest(quads) for name, quads in before.items()}
    is_ = {name: _of_interest(store.quads(name)) for name in was}
    changed = {name for name in was if was[name] != is_[name]}
    touched = {d for name in changed for quads in (was[name], is_[name]) for d in _sketched(quads)}
    if not touched:
        return old
    printings = _printings(store)
    records = {p.document: p.record for p, *_ in printings}
    earlier: dict[NamedNode, set[NamedNode]] = {}
    for triple in old:
        if triple.predicate == _REPRINT_OF:
            earlier.setdefault(triple.object, {triple.object}).add(triple.subject)  # type: ignore[arg-type]
    kept: set[NamedNode] = set()
    fresh: set[Triple] = set()
    for family in _families(printings):
        documents = {printing.document for printing in family}
        if earlier.get(family[0].document) == documents and not documents & touched:
            kept |= documents
        else:
            fresh.update(_concluded(store, family))
    stale = {document for documents in earlier.values() for document in documents} - kept
    gone = {q.subject for name in changed for q in was[name]}
    for document in stale & set(records):
        gone.update(q.subject for q in store.quads(records[document]))
    return {triple for triple in old if triple.subject not in gone} | fresh


def _of_interest(quads: Iterable[Quad]) -> frozenset[Quad]:
    return frozenset(q for q in quads if q.predicate in LOOKED_AT)


def _sketched(quads: Iterable[Quad]) -> Iterator[NamedNode]:
    """Yield the documents of record graphs that have a sketch."""
    by = {q.predicate: q.object for q in quads if q.predicate in (_MIN_HASH, _CAPTURE_OF)}
    if len(by) > 1:
        yield by[_CAPTURE_OF]  # type: ignore[misc]


def _printings(store: EmbeddedStore) -> list[tuple[_Printing, np.ndarray, int, float]]:
    """Return all documents with a sketch, first published first: with the sketch, its size and the day."""
    sizes = {q.subject: q.object.value for q in store.match(None, _SHINGLES)}  # type: ignore[union-attr]
    documents = {q.subject: q.object for q in store.match(None, _CAPTURE_OF)}
    days = {q.subject: _day(q.object) for q in store.match(None, _PUBLISHED)}
    found: dict[NamedNode, tuple[_Printing, np.ndarray, int, float]] = {}
    for quad in sorted(store.match(None, _MIN_HASH), key=lambda q: (q.subject.value, q.graph_name.value)):  # type: ignore[union-attr]
        values, document = values_of(quad.object.value), documents.get(quad.subject)  # type: ignore[union-attr]
        size = sizes.get(quad.subject, "")
        if values is not None and isinstance(document, NamedNode) and size.isdigit() and int(size):
            printing = _Printing(document, quad.graph_name.value)  # type: ignore[union-attr]
            found.setdefault(document, (printing, values, int(size), days.get(document, math.nan)))
    return sorted(found.values(), key=lambda f: (math.inf if math.isnan(f[3]) else f[3], f[0].document.value))


def _day(published: object) -> float:
    """Return a date or a time as days since 1970, NaN where it is neither; a date is its midnight in UTC."""
    try:
        moment = datetime.fromisoformat(published.value if isinstance(published, Literal) else "")
    except ValueError:
        return math.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() / 86400


def _families(printings: list[tuple[_Printing, np.ndarray, int, float]]) -> Iterator[_Family]:
    if len(printings) < 2:
        return
    values = np.stack([values for _, values, _, _ in printings])
    sizes = np.array([size for _, _, size, _ in printings])
    days = np.array([day for _, _, _, day in printings])
    for family in families(values, sizes, days):
        later = (_Printing(printings[n][0].document, printings[n][0].record, alike) for n, alike in family.later)
        yield (printings[family.first][0], *later)


def _concluded(store: EmbeddedStore, family: _Family) -> Iterator[Triple]:
    """Yield what follows from one family: the documents, what they have in common, and how often it was printed."""
    first, *later = family
    for printing in later:
        yield Triple(printing.document, _REPRINT_OF, first.document)
        yield Triple(printing.document, _SIMILARITY, decimal(round(printing.similarity, 2)))
    yield Triple(first.document, _COPIES, typed(str(len(later)), "integer"))
    pages = [copies.page(tuple(store.quads(printing.record))) for printing in family]
    where = {t: number for number, page in enumerate(pages) for t, kind in page.kinds.items() if kind in _COUNTED}
    carried: dict[NamedNode, set[int]] = {}
    for triple in copies.copied(pages):
        yield triple
        if triple.subject in where:
            carried.setdefault(triple.object, set()).add(where[triple.subject])  # type: ignore[arg-type, index]
    for thing, numbers in carried.items():
        yield Triple(thing, _COPIES, typed(str(len(numbers)), "integer"))
