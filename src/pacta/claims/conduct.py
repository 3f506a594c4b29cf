"""Charges of breach and claims of compliance: "violates the agreement", "in breach of", "abides by the deal"."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.claims import participants
from pacta.claims.agreements import AgreementRef
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import child, is_negated, is_verb, subject, subtree

_OPPOSITE = {"breach": "compliance", "compliance": "breach"}


@dataclass(frozen=True, slots=True)
class Conduct:
    """A charge: the conduct (breach, compliance), the agreement, who is charged or praised, the word that says it."""

    trigger: Token
    conduct: str
    ref: AgreementRef
    actor: str | None


def find_conduct(
    page: Annotated,
    resolver: Resolver,
    tokens: list[Token],
    refs: tuple[AgreementRef, ...],
    charged: Token | None,
) -> Conduct | None:
    """Return the charge a content makes against an agreement mentioned in reach of its words, or None."""
    for token in tokens:
        for lemma, entry in page.lexicon.starting("ConductCue", token.lemma_.lower()):
            if not _fits(token, lemma):
                continue
            if entry.pos in ("verb", "noun") and (entry.pos == "verb") != is_verb(token):
                continue
            words = token.doc[token.i : token.i + len(lemma)]
            ref = _ref_in_reach(words[-1] if entry.pos == "phrase" else token, refs)
            if ref is None:
                continue
            conduct = (entry.value or "").rpartition("/")[2]
            if is_verb(token) and is_negated(token):
                conduct = _OPPOSITE.get(conduct, conduct)
            actor = participants.perpetrator(page, resolver, token, charged, tokens)
            if actor is None and entry.pos == "phrase":
                actor = _bearer_of_phrase(page, resolver, token)
            return Conduct(token, conduct, ref, resolver.principal(actor))
    return None


def _bearer_of_phrase(page: Annotated, resolver: Resolver, token: Token) -> str | None:
    """Return the subject of the clause that a phrase belongs to: "X was in breach of"."""
    while not is_verb(token) and token.head != token:
        token = token.head
    found = subject(token)
    return participants.actor_in(page, resolver, found[0]) if found is not None else None


def _fits(token: Token, lemma: tuple[str, ...]) -> bool:
    if len(lemma) == 1:
        return True
    after = token.doc[token.i : token.i + len(lemma)]
    if len(after) == len(lemma) and all(w in (t.lower_, t.lemma_.lower()) for w, t in zip(lemma, after, strict=True)):
        return True
    return is_verb(token) and all(any(c.lower_ == w for c in token.children if c.i > token.i) for w in lemma[1:])


def _ref_in_reach(token: Token, refs: tuple[AgreementRef, ...]) -> AgreementRef | None:
    """Return the first agreement mention among the words that depend on `token`, or that follow in its clause."""
    patient = child(token, "nsubjpass")
    below = [sx.start(t) for t in subtree(token) if t.i >= token.i]
    below += [sx.start(t) for t in subtree(patient)] if patient is not None else []
    for ref in refs:
        if any(ref.span[0] <= at < ref.span[1] for at in below):
            return ref
    if not below:
        return None
    after = [r for r in refs if 0 <= r.span[0] - sx.end(token) <= 40 and r.span[0] < sx.end(token.sent[-1])]
    return after[0] if after else None
