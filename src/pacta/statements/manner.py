"""How something is told: speech mode, the narrator's distance, as part of a communique."""

from __future__ import annotations

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.model import Span
from pacta.statements.cues import Cue
from pacta.statements.grammar import child
from pacta.statements.sources import Source


def mode_of(page: Annotated, frame: str, spans: tuple[Span, ...]) -> str:
    if frame == "evidence":
        return "shown-evidence"
    share = page.quoted_share(spans)
    return "direct" if share > 0.9 else "mixed" if share > 0 else "indirect"


def stance_of(page: Annotated, cue: Cue, tokens: list[Token], frame: str) -> str | None:
    """Return the narrator's distance that words near the cue or, outside quotes, in the content express."""
    near = [c for c in cue.head.children if c.dep_ == "advmod"]
    inside = [t for t in tokens if page.quoted(sx.start(t)) is None]
    for token in [*near, *inside]:
        for lemma, entry in page.lexicon.starting("NarratorMarker", token.lower_):
            words = token.doc[token.i : token.i + len(lemma)]
            if (
                entry.pos != "verb"
                and [t.lower_ for t in words] == list(lemma)
                and (token in near or frame == "evidence" or token.dep_ == "advmod")
            ):
                return entry.stance
    return None


def words_before(cue: Cue, tokens: list[Token]) -> list[Token]:
    """Return the words between the cue and its content ("photographs purportedly showing")."""
    first = tokens[0]
    return list(first.doc[cue.head.i + 1 : first.i]) if first.doc is cue.head.doc and cue.head.i < first.i else []


def in_communique(page: Annotated, cue: Cue, source: Source) -> bool:
    nouns = page.lexicon.lemmas("CommuniqueNoun")
    phrases = [p for p in cue.head.children if p.dep_ == "prep" and p.lower_ in ("in", "on", "via", "through")]
    if any((n := child(p, "pobj")) is not None and n.lemma_.lower() in nouns for p in phrases):
        return True
    return any(t.lemma_.lower() in nouns and t.pos_ in ("NOUN", "PROPN") for t in source.tokens)
