"""Which provision topics words touch, by the triggers of the lexicon."""

from __future__ import annotations

from collections.abc import Sequence

from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.statements.grammar import children, is_verb


def topics_of(page: Annotated, tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the provision topics that words among `tokens` trigger, in order of their first word.

    What is moved tells more than that it is: "withdraw heavy weapons" is about the weapons.
    """
    found: dict[str, None] = {}
    lemmas = {t.lemma_.lower() for t in tokens}
    for token in tokens:
        for lemma, entry in page.lexicon.starting("TopicTrigger", token.lemma_.lower()):
            after = [t.lemma_.lower() for t in token.doc[token.i : token.i + len(lemma)]]
            if entry.requires and not entry.requires & lemmas:
                continue
            if entry.objects and not entry.objects & {c.lemma_.lower() for c in token.subtree if c != token}:
                continue
            if not (entry.objects or entry.requires) and len(lemma) == 1 and _is_told_by_patient(page, token):
                continue
            if entry.value and after == list(lemma) and _pos(entry.pos, token, len(lemma)):
                found.setdefault(entry.value)
                break
    return tuple(found)


def _is_told_by_patient(page: Annotated, word: Token) -> bool:
    """Tell whether what a word acts upon is a matter of several words by itself: "heavy weapons", "security zone"."""
    nouns = children(word, "dobj", "nsubjpass") if is_verb(word) else children(word, "compound")
    nouns += [n for p in children(word, "prep") if p.lower_ == "of" for n in children(p, "pobj")]
    for noun in nouns:
        first = noun.i - 1 if noun.i else 0
        for lemma, entry in page.lexicon.starting("TopicTrigger", noun.doc[first].lemma_.lower()):
            after = tuple(t.lemma_.lower() for t in noun.doc[first : first + len(lemma)])
            if len(lemma) > 1 and first + len(lemma) > noun.i and after == lemma and entry.value:
                return True
    return False


def _pos(pos: str, token: Token, size: int) -> bool:
    """Tell whether words from `token` on are of a part of speech: "heavy weapons" is a noun by its last word."""
    last = token.doc[token.i + size - 1]
    noun = any(t.pos_ in ("NOUN", "PROPN") or t.tag_ == "VBG" for t in (token, last))
    return {"verb": is_verb(token), "noun": noun}.get(pos, True)
