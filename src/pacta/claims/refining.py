"""What positions tell of each other: one charge told twice, and which side a reading speaks against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pacta.claims.links import is_said_whole
from pacta.claims.position import WHOLE, Position
from pacta.claims.standing import Standing
from pacta.vocabulary import REJECTING

if TYPE_CHECKING:
    from pacta.claims.assembly import Assembly

_SAME_CHARGE = frozenset({"violates", "suspends", "withdraws"})
_ANSWERS = frozenset({"denies-violation", "disputes"})
_READING = frozenset({"interprets", "invokes"})
_COUNTERING = frozenset({"interprets", "disputes"})
_ANSWERED = frozenset({"interprets", "invokes", "violates", "demands"})
_CHARGED = frozenset({"violates", "interprets"})
_NEXT = 3  # statements between a reading of a part and another side's that takes it up without naming it
_MEMORY = 40  # positions before and after that a reading may speak against
_Clauses = tuple[tuple[str, str], ...]


class Refiner:
    """Goes over the positions of one document."""

    def __init__(self, assembly: Assembly, standing: Standing) -> None:
        self.assembly, self.resolver, self.standing = assembly, assembly.resolver, standing
        self._by_id = {s.id: s for s in assembly.statements}
        self._order = {s.id: n for n, s in enumerate(assembly.statements)}

    def refined(self, found: list[Position]) -> Iterator[Position]:
        """Yield the positions; a charge against the whole takes the clause that the same charge names elsewhere.

        So does "the agreement" right after its speaker spoke of one clause.
        """
        ordered = self._resting(sorted(found, key=lambda p: (p.span, p.statement or "")))
        charges = self._charges(ordered)
        spoken: dict[tuple[str, str | None], tuple[set[_Clauses], float, str | None]] = {}
        for n, position in enumerate(ordered):
            position = self._answering(position, ordered)
            key = (position.agreement, self.resolver.principal(position.by))
            if position.clauses:
                parts = spoken[key][0] if key in spoken else set()
                spoken[key] = (parts | {position.clauses}, position.confidence, position.statement)
            elif position.method == "anaphora" and position.stance not in (None, *WHOLE) and key in spoken:
                clauses, sure, before = spoken[key]
                apart = position.statement != before or position.stance == "interprets"
                if len(clauses) == 1 and apart and not is_said_whole(self.assembly.page, position.span):
                    weaker = round(0.8 * min(position.confidence, sure), 2)
                    position = replace(position, clauses=next(iter(clauses)), confidence=weaker)
            position = self._countering(position, ordered[max(n - _MEMORY, 0) : n + _MEMORY])
            position = self._countered(position, ordered[n : n + _MEMORY])
            position = self._met(position, ordered[n : n + _MEMORY])
            if position.stance == "interprets" and position.about is None:
                near = ordered[max(n - _MEMORY, 0) : n + _MEMORY]
                position = replace(position, about=self._opposite(position, near))
            yield self._same_charge(position, charges)

    def _resting(self, ordered: list[Position]) -> list[Position]:
        """Let an agreement that a side only rests on be no position where that side rests on a part of it."""
        parts = {(p.agreement, self.resolver.principal(p.by)) for p in ordered if p.clauses and p.stance is not None}
        return [
            replace(p, stance=None, about=None)
            if p.stance == "invokes" and not p.clauses and (p.agreement, self.resolver.principal(p.by)) in parts
            else p
            for p in ordered
        ]

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

    def _countering(self, position: Position, ordered: list[Position]) -> Position:
        """Give a reading that denies something the one part that another side reads right beside it.

        What is linked by its matter alone gives way to a number that the other side names.
        """
        said = self.assembly.said.get(position.statement or "")
        if said is None or position.method == "explicit-number" or position.stance not in _COUNTERING:
            return position
        if not self.standing.is_contrast(said):
            return position
        other = self._beside(position, ordered)
        if other is None or len(other.clauses) != 1 or other.clauses == position.clauses:
            return position
        if position.clauses and other.method != "explicit-number":
            return position
        sure = round(0.8 * min(position.confidence, other.confidence), 2)
        about = self.resolver.principal(other.by)
        return replace(position, clauses=other.clauses, method=other.method, confidence=sure, about=about)

    def _countered(self, position: Position, after: list[Position]) -> Position:
        """Give a reading of no part the one numbered part that another side holds against it in the next words."""
        if position.stance != "interprets" or position.clauses or position.statement is None:
            return position
        at, mine = self._order[position.statement], self.resolver.principal(position.by)
        for other in after:
            said = self.assembly.said.get(other.statement or "")
            if said is None or not 0 < self._order[other.statement or ""] - at <= _NEXT or said.mode == "narration":
                continue
            another = other.agreement == position.agreement and self.resolver.principal(other.by) not in (mine, None)
            if not another or other.stance not in _COUNTERING:
                continue
            if other.method != "explicit-number" or len(other.clauses) != 1 or not self.standing.is_contrast(said):
                return position
            sure = round(0.7 * min(position.confidence, other.confidence), 2)
            return replace(position, clauses=other.clauses, method=other.method, confidence=sure)
        return position

    def _beside(self, position: Position, ordered: list[Position]) -> Position | None:
        """Return the position of another side on the same agreement a sentence or two before, else right after."""
        at, mine = self._order[position.statement or ""], self.resolver.principal(position.by)
        near: list[tuple[int, Position]] = []
        for other in ordered:
            place = self._order.get(other.statement or "")
            if place is None or other.agreement != position.agreement or not -1 <= at - place <= _NEXT:
                continue
            if self.assembly.said[other.statement or ""].mode == "narration" or place == at:
                continue
            if other.stance in _ANSWERED and self.resolver.principal(other.by) not in (mine, None):
                near.append((at - place if place < at else _NEXT + 1, other))
        return min(near, key=lambda n: n[0])[1] if near else None

    def _met(self, position: Position, after: list[Position]) -> Position:
        """Give a charge that names nobody the side that denies it in the next words."""
        if position.stance != "violates" or position.about is not None or position.statement is None:
            return position
        at = self._order[position.statement]
        for statement in self.assembly.statements[at + 1 : at + 1 + _NEXT]:
            side = self.resolver.principal(statement.speaker)
            if statement.force in REJECTING and side not in (None, self.resolver.principal(position.by)):
                return replace(position, about=side)
        for other in after:
            side = self.resolver.principal(other.by)
            near = other.statement is not None and 0 < self._order[other.statement] - at <= _NEXT
            answers = other.stance in (*_READING, *_ANSWERS, "violates", "complies")
            another = side not in (None, self.resolver.principal(position.by))
            if near and answers and another and other.agreement == position.agreement:
                return replace(position, about=side)
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
            left = other.stance in WHOLE and other.about == side and other.span < position.span and not position.clauses
            reads = contrast and other.stance in _READING and not (other.clauses and position.clauses and not same)
            if (aimed and (same or not other.clauses)) or reads or left:
                return side
        return None
