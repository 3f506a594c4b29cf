"""Whether a content says that an agreement stands or does not: "null and void", "no longer in force", "binding".

A word of the lexicon says it of the agreement that it is predicated of: an adjective or phrase that takes an agreement
out of force is a `ConductCue` of withdrawal, one that keeps it there a `ReadingCue`. A negation turns either round.
"""

from __future__ import annotations

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.claims.agreement_ref import AgreementRef
from pacta.statements.grammar import child, children, is_negated, is_verb

_ADJECTIVES = ("adjective", "phrase")
_SMALL = frozenset(
    {"acomp", "advmod", "amod", "attr", "ccomp", "conj", "det", "dobj", "oprd", "pcomp", "pobj", "prep", "xcomp"}
)
_CLIMB = 5  # words from a predicate up to its verb


def validity(page: Annotated, tokens: list[Token], ref: AgreementRef) -> tuple[Token, bool] | None:
    """Return the verb that predicates something of the force of `ref`, and whether it is said to stand."""
    for token in tokens:
        stands = _says(page, token)
        if stands is None:
            continue
        chain = _up(token)
        verb = chain[-1]
        if any(_means(t, ref) for t in _subjects(chain)):
            negated = sum(_is_undone(t) for t in chain) + any(_is_undone(c) for c in _reflexive(verb))
            return verb, stands != bool(negated % 2)
    return None


def _says(page: Annotated, token: Token) -> bool | None:
    """Return whether a word, or the phrase it opens, puts an agreement in force (True) or out of it (False)."""
    for kind, stands in (("ConductCue", False), ("ReadingCue", True)):
        for lemma, entry in page.lexicon.starting(kind, token.lower_):
            after = tuple(t.lower_ for t in token.doc[token.i : token.i + len(lemma)])
            leaves = (entry.value or "").endswith("/withdrawal")
            led_on = len(lemma) == 1 and child(token, "pobj", "pcomp") is not None  # "over the lake"
            fits = entry.pos in _ADJECTIVES and after == lemma and not led_on
            if fits and (leaves or "object-as" in entry.frames):
                return stands
    return None


def _up(word: Token) -> list[Token]:
    """Return a predicate and what stands over it, up to its verb: "void" under "null" under "was"."""
    chain = [word]
    for _ in range(_CLIMB):
        at = chain[-1]
        if (is_verb(at) and at != word) or at.dep_ not in _SMALL or at.head == at:
            break
        chain.append(at.head)
    return chain


def _subjects(chain: list[Token]) -> list[Token]:
    """Return the nouns that may be what a predicate is said of: its subject, or the object beside it."""
    verb, word = chain[-1], chain[0]
    found = [c for t in chain for c in children(t, "nsubj", "nsubjpass")]
    if verb != word:
        found += children(verb, "dobj")
    beside = [c for t in chain for c in children(t, "compound") if c.i < t.i]  # "declared the accord void" as one noun
    return [*found, *beside]


def _means(noun: Token, ref: AgreementRef) -> bool:
    """Tell whether a noun is the agreement, or what is in it: "the provisions of the accord"."""
    of = (child(p, "pobj") for p in children(noun, "prep") if p.lower_ == "of")
    return any(t is not None and ref.span[0] <= sx.start(t) < ref.span[1] for t in (noun, *of))


def _is_undone(token: Token) -> bool:
    """Tell whether a word is negated: also by "no longer" and "no more", and by "no" before a noun."""
    return is_negated(token) or any(
        (c.dep_ == "advmod" and is_negated(c)) or (c.dep_ == "det" and c.lower_ == "no") for c in token.children
    )


def _reflexive(verb: Token) -> list[Token]:
    """Return the verb of thinking over a clause: "does not consider that the accord is binding"."""
    over = verb.head if verb.dep_ == "ccomp" and verb.head != verb else None
    return [over] if over is not None and over.tag_ in ("VB", "VBP", "VBZ") and _is_undone(over) else []
