"""Clauses that stand side by side in one content, each with its own stance: "kept the accord and that it binds N"."""

from __future__ import annotations

from dataclasses import replace

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.claims.agreement_ref import AgreementRef
from pacta.claims.conduct import find_conduct
from pacta.claims.readings import find_reading
from pacta.model import Proposition
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import child, is_verb, subject
from pacta.statements.said import Said

_BESIDE = frozenset({"while", "whereas"})  # marks of a clause that says something of its own


def clause_of(said: Said, word: Token) -> Said | None:
    """Return the ascription of that clause alone in which a word stands, None where the content is one clause.

    A clause without a subject has the words of the one before it with it.
    """
    inside = {(id(t.doc), t.i) for t in said.tokens}
    tops = {(id(t.doc), t.i): t for t in said.tokens if is_verb(t) and _is_top(t, inside)}
    if len(tops) < 2:
        return None

    def top_of(token: Token) -> Token | None:
        while (id(token.doc), token.i) not in tops:
            if token.head == token or (id(token.doc), token.head.i) not in inside:
                return None
            token = token.head
        return token

    at = top_of(word)
    if at is None:
        return None
    own = [t for t in said.tokens if top_of(t) == at]
    found = subject(at) if child(at, "nsubj", "nsubjpass") is None else None
    lent = [t for t in said.tokens if found is not None and t not in own and t in list(found[0].subtree)]
    span = (sx.start(own[0]), sx.end(own[-1]))
    return replace(said, content=(span,), root=at, tokens=tuple(sorted((*lent, *own), key=sx.start)))


def judged(
    page: Annotated,
    resolver: Resolver,
    words: list[Token],
    refs: tuple[AgreementRef, ...],
    target: Token | None,
    proposition: Proposition,
) -> Proposition:
    """Return a proposition as one clause of its content has it; `words`, `refs`: of the clause, one agreement."""
    conduct = find_conduct(page, resolver, words, refs, target)
    reading = find_reading(page, resolver, words, refs)
    if reading is not None and (conduct is None or conduct.conduct != "breach"):
        agreement = reading.ref.agreement
        return replace(proposition, kind="interpretation", interprets=agreement, obligations=reading.obligations)
    if conduct is not None:
        about = (conduct.actor,) if conduct.actor is not None else ()
        against = conduct.ref.agreement
        return replace(proposition, kind="evaluation", conduct=conduct.conduct, against=against, about=about)
    told = proposition.kind in ("evaluation", "interpretation")
    return replace(proposition, kind="state-of-affairs", about=()) if told else proposition


def _is_top(verb: Token, inside: set[tuple[int, int]]) -> bool:
    """Tell whether a verb heads a clause of the content: the first, one coordinated with it, or one beside it."""
    if verb.head == verb or (id(verb.doc), verb.head.i) not in inside:
        return True
    beside = verb.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ in _BESIDE for c in verb.children)
    if not (beside or verb.dep_ == "conj") or not is_verb(verb.head):
        return False
    return _is_top(verb.head, inside)
