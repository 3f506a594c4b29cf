"""A position: what stance one statement takes to which provision, and whose conduct it is about."""

from __future__ import annotations

from dataclasses import dataclass

from pacta.model import Span

# The closed vocabulary of stances: the concepts of the scheme provision-stance, which a test compares.
WHOLE = frozenset({"suspends", "withdraws"})  # one leaves an agreement, not a clause
STANCES = WHOLE | {"interprets", "invokes", "violates", "complies", "denies-violation", "disputes", "demands"}


@dataclass(frozen=True, slots=True)
class Position:
    """One statement's position to a provision. `clauses`: (IRI, number) of the parts meant, none for the whole.

    `stance`: None for a mere mention. `about`: principal whose conduct or reading it is about. `implicit`: the content
    names neither the agreement nor a part of it.
    """

    statement: str | None
    by: str | None
    agreement: str
    label: str
    clauses: tuple[tuple[str, str], ...]
    stance: str | None
    about: str | None
    span: Span
    method: str
    confidence: float
    implicit: bool = False
