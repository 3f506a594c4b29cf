"""Positions to an agreement as a whole that a content judges without naming it: "has met all its commitments"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pacta.annotations import syntax as sx
from pacta.annotations.words import Token
from pacta.claims.conduct import bare_conduct
from pacta.claims.position import Position
from pacta.model import Span, Statement, hull
from pacta.statements.grammar import is_verb, subject
from pacta.statements.said import Said
from pacta.vocabulary import REJECTING

if TYPE_CHECKING:
    from pacta.claims.assembly import Assembly

_STANCE = {"breach": "violates", "compliance": "complies"}
_SURE = 0.55


def judged_unnamed(
    assembly: Assembly, words: Callable[[Said], list[Token]], found: Iterable[Position]
) -> Iterator[Position]:
    """Yield the positions of statements that judge how the one agreement under discussion is kept, and name none.

    The side judged must be a party of exactly one agreement of the stock that the document mentions, or that must be
    the only one mentioned. `words`: those of a content that count; `found`: the positions known, whose statements have
    had their say.
    """
    resolver = assembly.resolver
    stock = assembly.page.reference.agreements
    named = {r.agreement: r.label for r in assembly.refs}
    discussed = [(iri, named[iri], stock[iri].parties if iri in stock else ()) for iri in sorted(named)]
    discussed = discussed if len(named) == 1 else [told for told in discussed if told[0] in stock]
    if not discussed:
        return
    taken = {p.statement for p in found}
    by_id = {s.id: s for s in assembly.statements}
    for identity, said in assembly.said.items():
        statement = by_id.get(identity)
        if statement is None or identity in taken or said.mode == "narration" or statement.force in REJECTING:
            continue
        if assembly.refs_in(said.content):
            continue
        tokens = words(said)
        judged = list(bare_conduct(assembly.page, resolver, tokens))
        for trigger, conduct, told in judged:
            actor = told or _about(assembly, statement)
            side = resolver.principal(actor) if actor is not None else None
            over = _only(discussed, resolver.principal, side)
            if side is None or over is None:
                continue
            agreement, label = over
            _judge(assembly, statement, conduct, agreement, side)
            span = _span(trigger, tokens) if len(judged) > 1 else hull(said.content)
            stance = _STANCE[conduct]
            if stance == "complies" and side != resolver.principal(statement.speaker):
                continue  # praise of another side is no position of its own
            yield Position(
                identity, statement.speaker, agreement, label, (), stance, side, span, "whole-agreement", _SURE,
                implicit=True,
            )  # fmt: skip


def _about(assembly: Assembly, statement: Statement) -> str | None:
    """Return the one actor that a proposition is about, None where it is about several or nobody."""
    about = assembly.propositions[statement.proposition].about
    return about[0] if len(about) == 1 else None


def _only(
    discussed: list[tuple[str, str, tuple[str, ...]]], principal: Callable[[str | None], str | None], side: str | None
) -> tuple[str, str] | None:
    """Return (IRI, label) of the only agreement among those discussed that a side is, or may be, a party of."""
    fitting = [(iri, label) for iri, label, parties in discussed if not parties or side in map(principal, parties)]
    return fitting[0] if len(fitting) == 1 else None


def _judge(assembly: Assembly, statement: Statement, conduct: str, agreement: str, side: str) -> None:
    """Write what is judged into the proposition; of a charge and a claim of compliance in one content the charge."""
    held = assembly.propositions[statement.proposition]
    charged = held.kind == "evaluation" and (held.conduct == "breach" or held.against not in (None, agreement))
    if held.kind in ("state-of-affairs", "evaluation") and not charged:
        judged = replace(held, kind="evaluation", conduct=conduct, against=agreement, about=(side,))
        assembly.propositions[held.id] = judged


def _span(trigger: Token, tokens: list[Token]) -> Span:
    """Return where the clause of a judging word stands in a content."""
    top = trigger
    while not is_verb(top) and top.head != top:
        top = top.head
    inside = {(id(t.doc), t.i) for t in tokens}
    beside = {t.i for c in top.children if c.dep_ in ("advcl", "conj") and subject(c) is not None for t in c.subtree}
    own = [t for t in top.subtree if (id(t.doc), t.i) in inside and t.i not in beside and not t.is_punct] or [trigger]
    return sx.start(own[0]), sx.end(own[-1])
