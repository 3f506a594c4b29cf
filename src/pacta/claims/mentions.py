"""The mentions of agreements as a record tells them: with the stance of the statement around, and the clause meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pacta.claims.agreements import AgreementRef, local_clause
from pacta.model import AgreementMention, Proposition, Statement, hull
from pacta.statements.said import Said

if TYPE_CHECKING:
    from pacta.claims.assembly import Assembly

REJECTING = frozenset({"denies", "dismisses"})


def mention_agreements(assembly: Assembly) -> list[AgreementMention]:
    """Give each mention the stance of the innermost statement around it, and the clause its reading links to."""
    found: list[AgreementMention] = []
    by_id = {s.id: s for s in assembly.statements}
    for ref in assembly.refs:
        around = [
            (hull(said.content)[1] - hull(said.content)[0], identity)
            for identity, said in _near(assembly, ref.span[0])
            if any(a <= ref.span[0] and ref.span[1] <= b for a, b in said.content)
        ]
        statement = by_id[min(around)[1]] if around else None
        number, method, confidence = ref.number, ref.method, ref.confidence
        if statement is not None and number is None:
            linked = _linked_clause(assembly, assembly.propositions[statement.proposition], ref)
            if linked is not None:
                number, method, confidence = linked
        found.append(
            AgreementMention(
                ref.span,
                ref.agreement,
                ref.label,
                number,
                _stance(assembly, statement) if statement is not None else None,
                statement.speaker if statement is not None else None,
                method,
                confidence,
                _clause_of(assembly, ref, number),
            )
        )
    return found


def _clause_of(assembly: Assembly, ref: AgreementRef, number: str | None) -> str | None:
    """Return the IRI of a numbered part: of the stock where it holds it, of this record for a local agreement."""
    if number is None:
        return None
    facts = assembly.page.reference.agreements.get(ref.agreement)
    if facts is None:
        return local_clause(assembly.page, assembly.resolver, ref.agreement, ref.label, number)
    return next((c.iri for c in facts.clauses if c.number == number), None)


def _near(assembly: Assembly, offset: int) -> list[tuple[str, Said]]:
    """Return the ascriptions of the sentence at `offset` and of the one before, which may run on."""
    index = assembly.page.sentence_index(offset)
    return [pair for i in (index - 1, index) for pair in assembly.by_sentence.get(i, ())]


def _linked_clause(assembly: Assembly, proposition: Proposition, ref: AgreementRef) -> tuple[str, str, float] | None:
    facts = assembly.page.reference.agreements.get(ref.agreement)
    for link in proposition.links:
        for clause in facts.clauses if facts is not None else ():
            if clause.iri == link.target:
                return clause.number, link.method, link.confidence
    return None


def _stance(assembly: Assembly, statement: Statement) -> str:
    proposition = assembly.propositions[statement.proposition]
    if proposition.kind == "interpretation":
        return "disputes" if statement.force in REJECTING else "interprets"
    if proposition.kind == "evaluation":
        return {"breach": "violates", "compliance": "complies"}.get(proposition.conduct or "", "invokes")
    return "demands" if statement.force == "demands" else "invokes"
