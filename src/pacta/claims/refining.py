"""What positions tell of each other: one charge told twice, and which side a reading speaks against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pacta.claims.position import WHOLE, Position
from pacta.claims.standing import Standing

if TYPE_CHECKING:
    from pacta.claims.assembly import Assembly

_SAME_CHARGE = frozenset({"violates", "suspends", "withdraws"})
_ANSWERS = frozenset({"denies-violation", "disputes"})
_READING = frozenset({"interprets", "invokes"})
_CHARGED = frozenset({"violates", "interprets"})
_MEMORY = 40  # positions before and after that a reading may speak against
_Clauses = tuple[tuple[str, str], ...]


class Refiner:
    """Goes over the positions of one document."""

    def __init__(self, assembly: Assembly, standing: Standing) -> None:
        self.assembly, self.resolver, self.standing = assembly, assembly.resolver, standing
        self._by_id = {s.id: s for s in assembly.statements}

    def refined(self, found: list[Position]) -> Iterator[Position]:
        """Yield the positions; a charge against the whole takes the clause that the same charge names elsewhere.

        So does "the agreement" right after its speaker spoke of one clause.
        """
        ordered = sorted(found, key=lambda p: (p.span, p.statement or ""))
        charges = self._charges(ordered)
        spoken: dict[tuple[str, str | None], tuple[set[_Clauses], float]] = {}
        for n, position in enumerate(ordered):
            position = self._answering(position, ordered)
            key = (position.agreement, self.resolver.principal(position.by))
            if position.clauses:
                spoken[key] = (spoken.get(key, (set(), 0.0))[0] | {position.clauses}, position.confidence)
            elif position.method == "anaphora" and position.stance not in (None, *WHOLE) and key in spoken:
                clauses, sure = spoken[key]
                if len(clauses) == 1:
                    weaker = round(0.8 * min(position.confidence, sure), 2)
                    position = replace(position, clauses=next(iter(clauses)), confidence=weaker)
            if position.stance == "interprets" and position.about is None:
                near = ordered[max(n - _MEMORY, 0) : n + _MEMORY]
                position = replace(position, about=self._opposite(position, near))
            yield self._same_charge(position, charges)

    def _answering(self, position: Position, found: list[Position]) -> Position:
        """Give a denial that names no part the part of the charge that it answers."""
        if position.stance not in _ANSWERS or position.clauses or position.statement is None:
            return position
        answered = self._by_id[position.statement].responds_to
        for charge in found:
            told = charge.statement == answered and answered is not None and charge.agreement == position.agreement
            if told and charge.clauses and charge.stance in _CHARGED:
                sure = round(0.9 * min(position.confidence, charge.confidence), 2)
                return replace(position, clauses=charge.clauses, method=charge.method, confidence=sure)
        return position

    def _charges(self, found: list[Position]) -> dict[tuple[object, ...], list[tuple[str | None, _Clauses, float]]]:
        """Return the charges that name clauses, by agreement, stance and who charges: about whom, which, how sure."""
        table: dict[tuple[object, ...], list[tuple[str | None, _Clauses, float]]] = {}
        for p in found:
            if p.stance in _SAME_CHARGE and p.clauses:
                told = table.setdefault((p.agreement, p.stance, self.resolver.principal(p.by)), [])
                if len(told) < _MEMORY:
                    told.append((p.about, p.clauses, p.confidence))
        return table

    def _same_charge(
        self, position: Position, charges: dict[tuple[object, ...], list[tuple[str | None, _Clauses, float]]]
    ) -> Position:
        stance = "violates" if position.stance == "demands" else position.stance  # "do it", after the charge
        if stance not in _SAME_CHARGE or position.clauses:
            return position
        told = charges.get((position.agreement, stance, self.resolver.principal(position.by)), [])
        same = [c for c in told if c[0] == position.about or None in (c[0], position.about)]
        clauses = {clause for _, parts, _ in same for clause in parts}
        if len(clauses) != 1:
            return position
        sure = round(0.9 * min(position.confidence, max(c for _, _, c in same)), 2)
        return replace(position, clauses=tuple(clauses), method="same-charge", confidence=sure)

    def _opposite(self, position: Position, near: list[Position]) -> str | None:
        """Return the side that a reading without an addressee speaks against.

        That is who charged the reader over the same part before, or, where the reading draws a contrast, who reads it
        too.
        """
        said = self.assembly.said.get(position.statement or "")
        if said is None:
            return None
        mine, contrast = self.resolver.principal(position.by), self.standing.is_contrast(said)
        for other in near:
            told = self.assembly.said.get(other.statement or "")
            side = self.resolver.principal(other.by)
            if (
                other.agreement != position.agreement
                or side in (mine, None)
                or told is None
                or told.mode == "narration"
            ):
                continue
            same = other.clauses == position.clauses
            beside = same and position.clauses and "explicit-number" in (position.method, other.method)
            if beside and other.stance in _READING and other.span < position.span:
                return side  # two sides read one numbered part, each in its own words
            aimed = other.stance == "violates" and other.about == mine and other.span < position.span
            reads = contrast and other.stance == "interprets" and not (other.clauses and position.clauses and not same)
            if (aimed and (same or not other.clauses)) or reads:
                return side
        return None
