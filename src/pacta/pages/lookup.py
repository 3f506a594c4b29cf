"""Look-ups by subject and property, or by property and object: some microseconds each, on a store of any size.

    look = Lookup(site.snapshot.store)
    look.one(statement, P.speaker)            # an IRI, "" where there is none
    look.into(P.respondsTo, statement)        # what points at it

Pages that gather little from many places use this; what needs a join over many resources is a query.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from pacta.store import Term
from pacta.vocabulary import RDF

MANY = 1_000  # what one look-up returns at most
KEPT = 5_000  # subjects that one Lookup remembers


class Lookup:
    """Reads one snapshot, for one page. Answers are distinct and sorted; literals come as their lexical form."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._known: dict[str, dict[str, list[Term]]] = {}  # subject → property → objects

    def terms(self, subject: str, property: str, limit: int = MANY) -> list[Term]:  # noqa: A002
        """Return the objects of a property."""
        return self._about(subject).get(property, [])[:limit]

    def _about(self, subject: str) -> dict[str, list[Term]]:
        """Return all that is said of a subject: one walk, whatever of it is asked for next."""
        known = self._known.get(subject)
        if known is None:
            if len(self._known) > KEPT:
                self._known.clear()
            found: dict[str, set[Term]] = {}
            for quad in self.store.quads_for_pattern(NamedNode(subject), None, None, None):
                found.setdefault(quad.predicate.value, set()).add(quad.object)
            known = {name: sorted(each, key=str) if len(each) > 1 else list(each) for name, each in found.items()}
            self._known[subject] = known
        return known

    def all(self, subject: str, *properties: str, limit: int = MANY) -> list[str]:
        """Return the objects of one property after another as text."""
        return [_text(term) for each in properties for term in self.terms(subject, each, limit)]

    def one(self, subject: str, *properties: str) -> str:
        """Return the first object of the first of the properties that has any, English words before others."""
        for each in properties:
            terms = self.terms(subject, each)
            for term in terms:
                if isinstance(term, Literal) and (term.language or "").startswith("en"):
                    return term.value
            if terms:
                return _text(terms[0])
        return ""

    def which(self, subject: str, properties: Collection[str]) -> tuple[str, str]:
        """Return which of some properties a subject has, and its first object; two empty texts where it has none."""
        for name, terms in self._about(subject).items():
            if name in properties:
                return name, _text(terms[0])
        return "", ""

    def into(self, property: str, object: str, limit: int = MANY) -> list[str]:  # noqa: A002
        """Return the subjects that have a resource as their object."""
        found = self.store.quads_for_pattern(None, NamedNode(property), NamedNode(object), None)
        return sorted({_text(quad.subject) for quad in islice(found, limit)})

    def types(self, subject: str) -> list[str]:
        """Return the classes of a resource."""
        return self.all(subject, RDF + "type")

    def path(self, subjects: Iterable[str], property: str, limit: int = MANY) -> list[str]:  # noqa: A002
        """Return all that a property leads to from some resources, again and again, without these; stops at `limit`."""
        given = list(subjects)
        seen, row = set(given), given
        found: list[str] = []
        while row and len(found) < limit:
            row = [each for subject in row for each in self.all(subject, property) if each not in seen]
            row = sorted(set(row))
            seen.update(row)
            found += row
        return found[:limit]

    def path_into(self, objects: Iterable[str], property: str, limit: int = MANY) -> list[str]:  # noqa: A002
        """Return all that leads to some resources by a property, again and again, without these; stops at `limit`."""
        given = list(objects)
        seen, row = set(given), given
        found: list[str] = []
        while row and len(found) < limit:
            row = sorted({each for one in row for each in self.into(property, one) if each not in seen})
            seen.update(row)
            found += row
        return found[:limit]


def _text(term: Term | BlankNode) -> str:
    return "" if isinstance(term, Triple) else term.value
