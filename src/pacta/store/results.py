"""Results of a query, the same whether the embedded store or a remote endpoint answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

Term = NamedNode | BlankNode | Literal | Triple
Row = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """Rows of a SELECT (`variables`, `rows`; an unbound cell is None), the `boolean` of an ASK, or the `triples` of a
    CONSTRUCT or DESCRIBE. Exactly one of the three is there: `boolean` and `triples` are None for rows.
    """

    variables: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    boolean: bool | None = None
    triples: tuple[Triple, ...] | None = None

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows) if self.triples is None else len(self.triples)

    def dicts(self) -> list[dict[str, Term | None]]:
        """Return each row as a mapping from column to term."""
        return [dict(zip(self.variables, row, strict=True)) for row in self.rows]

    def column(self, name: str) -> tuple[Term | None, ...]:
        """Return the cells of one column."""
        place = self.variables.index(name)
        return tuple(row[place] for row in self.rows)

    def quads(self) -> tuple[Quad, ...]:
        """Return the triples as quads of the default graph, ready for an export."""
        return tuple(Quad(t.subject, t.predicate, t.object) for t in self.triples or ())
