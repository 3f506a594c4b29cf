"""Positions on an agreement: who reads, charges, denies, says it is kept, clause by clause, counted once a snapshot.

    matrix = of_agreement(site, "https://w3id.org/pacta/id/agreement/…")
    matrix.cell(clause, actor)[0].sign.words        # "reads"

A position is what a principal does to a provision by its statements; outlets' own voice is none. Statements and the
documents that report them are counted apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from pacta.agreements.numbers import counted
from pacta.pages.rendering import local, plain_rows, text_of
from pacta.pages.site import Site
from pacta.vocabulary import FORCES, P, concept

WHOLE = "whole"  # in addresses: the agreement as a whole, where no clause is known


@dataclass(frozen=True, slots=True)
class Sign:
    """What a principal does to a provision: `words` follow the name of the principal, `meaning` explains them."""

    name: str
    words: str
    meaning: str


SIGNS = {
    sign.name: sign
    for sign in (
        Sign("reads", "reads", "says what it means or whom it obliges"),
        Sign("charges", "charges", "charges somebody with breaking it"),
        Sign("denies", "denies", "denies a reading or a charge of somebody else"),
        Sign("complies", "says kept", "says that it is kept"),
        Sign("demands", "demands", "demands that it be kept"),
        Sign("pledges", "pledges", "pledges to keep it"),
        Sign("suspends", "says suspended", "says that somebody stopped applying it for a time"),
        Sign("withdraws", "says left", "says that somebody left it for good"),
        Sign("judges", "judges", "praises or blames somebody over it"),
    )
}
_NARRATION = concept("speech-mode", "narration")
_BY_CONDUCT = {
    "breach": "charges",
    "compliance": "complies",
    "suspension": "suspends",
    "withdrawal": "withdraws",
}


@dataclass(frozen=True, slots=True)
class Position:
    """One sign of one principal on one provision: `statements` newest first, `reports` the documents they stand in."""

    sign: Sign
    statements: tuple[str, ...]
    reports: int


@dataclass(frozen=True, slots=True)
class Row:
    """A clause, or the agreement as a whole (`number` is ""). `key` stands for it in addresses."""

    provision: str
    number: str
    summary: str
    key: str
    depth: int = 0
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """Provisions against principals. `holders` are sorted: parties first, then by number of statements."""

    agreement: str
    parties: tuple[str, ...]
    rows: tuple[Row, ...]
    holders: tuple[str, ...]
    cells: dict[tuple[str, str], tuple[Position, ...]]
    opponents: dict[tuple[str, str], tuple[str, ...]]
    statements: int
    reports: int
    dates: dict[str, str] = field(default_factory=dict)  # statement → day of its newest report

    def cell(self, provision: str, holder: str) -> tuple[Position, ...]:
        """Return the positions of a principal on a provision, in the order of SIGNS."""
        return self.cells.get((provision, holder), ())

    def disputed_with(self, provision: str, holder: str) -> tuple[str, ...]:
        """Return the principals that a principal disputes a provision with."""
        return self.opponents.get((provision, holder), ())

    def row(self, key: str) -> Row | None:
        """Return the row that stands for `key` in addresses."""
        return next((row for row in self.rows if row.key == key), None)

    def taken(self, provision: str) -> bool:
        """Tell whether anybody takes a position on a provision."""
        return any(at == provision for at, _ in self.cells)

    def of_provision(self, provision: str) -> dict[str, tuple[Position, ...]]:
        """Return the positions on a provision by principal."""
        return {holder: found for holder in self.holders if (found := self.cell(provision, holder))}

    def chosen(self, provision: str | None, holder: str | None, sign: str | None) -> tuple[str, ...]:
        """Return the statements of a row, column or cell, newest first, each once; None means all."""
        found = {
            statement
            for (at, by), positions in self.cells.items()
            if provision in (None, at) and holder in (None, by)
            for position in positions
            if sign in (None, position.sign.name)
            for statement in position.statements
        }
        return tuple(sorted(sorted(found), key=lambda one: self.dates.get(one, ""), reverse=True))


def of_agreement(site: Site, agreement: str) -> Matrix:
    """Return the positions on an agreement, computed once on each snapshot."""
    return site.cached(("positions", agreement), lambda: _matrix(site, agreement))


def sign_of(force: str, conduct: str, *, rejects: bool) -> Sign:
    """Return the sign of a force (a name) towards a reading, or towards a judgement on `conduct` (a name, or "")."""
    if rejects:
        return SIGNS["denies"]
    if not conduct:
        return SIGNS["reads"]
    if force in ("demands", "pledges") and conduct == "compliance":
        return SIGNS[force]
    return SIGNS[_BY_CONDUCT.get(conduct, "judges")]


def _matrix(site: Site, agreement: str) -> Matrix:
    statements: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    reports: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    dates: dict[str, str] = {}
    weight: dict[str, set[str]] = defaultdict(set)
    documents = set()
    clauses = plain_rows(site.rows("clauses-of", {"agreement": agreement}))
    for provision, holder, sign, statement, document, published in _taken(site, agreement, clauses):
        key = provision, holder, sign.name
        statements[key].add(statement)
        reports[key].add(document)
        documents.add(document)
        weight[holder].add(statement)
        dates[statement] = max(published, dates.get(statement, ""))
    cells: dict[tuple[str, str], list[Position]] = defaultdict(list)
    for name, sign in SIGNS.items():
        for provision, holder, found in sorted(key for key in statements if key[2] == name):
            newest = sorted(sorted(statements[provision, holder, found]), key=lambda one: dates[one], reverse=True)
            cells[provision, holder].append(Position(sign, tuple(newest), len(reports[provision, holder, found])))
    opponents: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in plain_rows(site.rows("opponents", {"agreement": agreement})):
        opponents[row["provision"], row["holder"]].append(row["other"])
        weight.setdefault(row["holder"], set())
    parties = tuple(row["party"] for row in plain_rows(site.rows("parties", {"agreement": agreement})))
    order = sorted(
        weight, key=lambda one: (parties.index(one) if one in parties else len(parties), -len(weight[one]), one)
    )
    return Matrix(
        agreement,
        parties,
        _rows(agreement, clauses, {provision for provision, _ in opponents}),
        tuple(order),
        {key: tuple(found) for key, found in cells.items()},
        {key: tuple(sorted(found, key=site.label)) for key, found in opponents.items()},
        len({one for found in weight.values() for one in found}),
        len(documents),
        dates,
    )


def _taken(site: Site, agreement: str, clauses: list[dict[str, str]]) -> Iterator[tuple[str, str, Sign, str, str, str]]:
    """Yield provision, principal, sign, statement, document and its day for each position that a document attributes.

    The provision is the clause that a proposition concerns, or the agreement where no clause is known. Looked up from
    clause to proposition to statement, which is several times faster than the same join as a query.
    """
    look = _Look(site)
    for provision, proposition in _propositions(look, agreement, sorted({row["clause"] for row in clauses})):
        conduct = local(look.first(proposition, P.conduct))
        for position in (P.affirms, P.rejects):
            for statement in look.subjects(position, proposition):
                forces = {local(each) for each in look.between(statement, proposition) if each in FORCES}
                holder = look.principal(look.first(statement, P.speaker))
                if not forces or not holder:
                    continue
                sign = sign_of(min(forces), conduct, rejects=position == P.rejects)
                for attribution in look.subjects(P.attributes, statement):
                    if look.first(attribution, P.speechMode) != _NARRATION:
                        document = look.printed_first(look.first(attribution, P.inDocument), P.reprintOf)
                        said = look.printed_first(statement, P.copyOf)
                        yield provision, holder, sign, said, document, look.published(document)


def _propositions(look: _Look, agreement: str, clauses: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the provision and the proposition of all that is said about an agreement or its clauses."""
    for clause in clauses:
        for proposition in look.subjects(P.concernsClause, clause):
            yield clause, proposition
    found = {
        proposition
        for provision in (agreement, *clauses)
        for link in (P.interprets, P.againstProvision)
        for proposition in look.subjects(link, provision)
    }
    for proposition in sorted(found):
        if not look.first(proposition, P.concernsClause):
            yield agreement, proposition


class _Look:
    """Look-ups on one snapshot that remember what comes again and again: principals of speakers, days of documents."""

    def __init__(self, site: Site) -> None:
        self._store = site.snapshot.store
        self._principals: dict[str, str] = {}
        self._published: dict[str, str] = {}

    def first(self, subject: str, property: str) -> str:  # noqa: A002
        """Return the first object in the order of the alphabet, "" where there is none."""
        found = self._store.quads_for_pattern(NamedNode(subject), NamedNode(property), None, None)
        return min((text_of(quad.object) for quad in found), default="")

    def printed_first(self, thing: str, property: str) -> str:  # noqa: A002
        """Return what a reprint, or something in it, is a copy of; the thing itself where it is none."""
        return (thing and self.first(thing, property)) or thing

    def subjects(self, property: str, value: str) -> set[str]:  # noqa: A002
        """Return what points at a resource."""
        found = self._store.quads_for_pattern(None, NamedNode(property), NamedNode(value), None)
        return {text_of(quad.subject) for quad in found}

    def between(self, subject: str, value: str) -> set[str]:
        """Return the properties that lead from one resource to another."""
        found = self._store.quads_for_pattern(NamedNode(subject), None, NamedNode(value), None)
        return {quad.predicate.value for quad in found}

    def principal(self, actor: str) -> str:
        if actor and actor not in self._principals:
            self._principals[actor] = self.first(actor, P.principal)
        return self._principals.get(actor, "")

    def published(self, document: str) -> str:
        if document and document not in self._published:
            self._published[document] = self.first(document, P.published)
        return self._published.get(document, "")


def _rows(agreement: str, clauses: list[dict[str, str]], disputed: set[str]) -> tuple[Row, ...]:
    """Return the agreement as a whole and its clauses, each clause before those within it."""
    children: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in clauses:
        children[row["above"]].append(row)
    rows = [Row(agreement, "", "", WHOLE, disputed=agreement in disputed)]

    def add(above: str, depth: int) -> None:
        seen = set()
        for row in sorted(children.pop(above, ()), key=lambda one: (counted(one["number"]), one["clause"])):
            if row["clause"] in seen:
                continue
            seen.add(row["clause"])
            key = row["clause"].removeprefix(agreement).removeprefix("/clause/")
            rows.append(Row(row["clause"], row["number"], row["summary"], key, depth, row["clause"] in disputed))
            add(row["clause"], depth + 1)

    add(agreement, 0)
    return tuple(rows)
