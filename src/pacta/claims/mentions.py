"""The mentions of agreements as a record tells them: who takes which stance, about whom, to which part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pacta.claims.positions import find_positions
from pacta.model import AgreementMention

if TYPE_CHECKING:
    from pacta.claims.assembly import Assembly


def mention_agreements(assembly: Assembly) -> list[AgreementMention]:
    """Return a mention for each part that a position is to, or one for the whole agreement."""
    found: dict[tuple[object, ...], AgreementMention] = {}
    for position in find_positions(assembly):
        for iri, number in position.clauses or ((None, None),):
            mention = AgreementMention(
                position.span,
                position.agreement,
                position.label,
                number,
                position.stance,
                position.by,
                position.method,
                position.confidence,
                iri or None,
                about=position.about,
                statement=position.statement,
                implicit=position.implicit,
            )
            found.setdefault((mention.span, mention.agreement, number, mention.statement), mention)
    return list(found.values())
