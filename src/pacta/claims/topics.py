"""Which provision topics words touch, by the triggers of the lexicon."""

from __future__ import annotations

from collections.abc import Sequence

from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.statements.grammar import is_verb


def topics_of(page: Annotated, tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the provision topics that words among `tokens` trigger, in order of their first word."""
    found: dict[str, None] = {}
    lemmas = {t.lemma_.lower() for t in tokens}
    for token in tokens:
        for lemma, entry in page.lexicon.starting("TopicTrigger", token.lemma_.lower()):
            after = [t.lemma_.lower() for t in token.doc[token.i : token.i + len(lemma)]]
            if entry.requires and not entry.requires & lemmas:
                continue
            if entry.objects and not entry.objects & {c.lemma_.lower() for c in token.subtree if c != token}:
                continue
            if entry.value and after == list(lemma) and _pos(entry.pos, token):
                found.setdefault(entry.value)
                break
    return tuple(found)


def _pos(pos: str, token: Token) -> bool:
    return {"verb": is_verb(token), "noun": token.pos_ in ("NOUN", "PROPN") or token.tag_ == "VBG"}.get(pos, True)
