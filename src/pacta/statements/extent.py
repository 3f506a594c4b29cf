"""How far a content reaches: the words of a clause or phrase without those of the cue and its source."""

from __future__ import annotations

from dataclasses import dataclass

from pacta.annotations.words import Token
from pacta.statements.cues import Cue
from pacta.statements.grammar import child, contiguous, is_verb, strip_punctuation


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a cue. `runs`: stretches of tokens; `root`: the token it hangs on; `target`: who is charged."""

    runs: tuple[tuple[Token, ...], ...]
    root: Token
    frame: str
    target: Token | None = None

    @property
    def tokens(self) -> list[Token]:
        return [t for run in self.runs for t in run]


def is_what(clause: Token) -> bool:
    return any(c.lower_ == "what" and c.i < clause.i and c.dep_ == "dobj" for c in clause.children) and is_verb(clause)


def has_to(token: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in token.children)


def is_complement(clause: Token) -> bool:
    """Tell a complement ("the claim that it left") from a relative clause ("the claim that it made")."""
    mark = child(clause, "mark")
    return (mark is not None and mark.lower_ == "that") or has_to(clause)


def own_words(cue: Cue, source: Token | None) -> set[int]:
    own = {t.i for t in cue.tokens}
    if source is not None:
        # "the man, who said that …": the relative clause is not the source's, it tells what he said
        relative = next((c for c in source.children if c.dep_ in ("relcl", "acl") and cue.head in c.subtree), None)
        own |= {t.i for t in source.subtree} - ({t.i for t in relative.subtree} if relative is not None else set())
    return own


def with_tail(verb: Token, tokens: list[Token]) -> list[Token]:
    """Add what follows within the verb phrase without a comma: phrases the parser hung on the cue."""
    if not tokens:
        return tokens
    last = max(t.i for t in tokens)
    extra: list[Token] = []
    for branch in sorted((c for c in verb.children if c.i > last), key=lambda c: c.i):
        if branch.dep_ not in ("prep", "npadvmod", "advmod", "agent", "dobj", "advcl", "xcomp", "relcl", "acl"):
            break
        if verb.doc[branch.left_edge.i - 1].text in (",", ";", ":", "-", "\u2013", "\u2014"):
            break
        extra.extend(branch.subtree)
    return sorted({*tokens, *extra}, key=lambda t: t.i)


def content_of(tokens: list[Token], root: Token | None, frame: str, target: Token | None = None) -> Content | None:
    if root is None:
        return None
    kept = strip_punctuation(tokens)
    while len(kept) > 1 and _opens(kept[0]):
        kept = strip_punctuation(kept[1:])
    runs = tuple(tuple(r) for run in contiguous(kept) if (r := strip_punctuation(run)))
    return Content(runs, root, frame, target) if runs else None


def _opens(token: Token) -> bool:
    """Tell the word that only opens a clause ("that", "as") from the first word of what it tells."""
    if token.lower_ == "that":
        return token.dep_ == "mark" or (token.dep_ != "det" and token.tag_ in ("IN", "WDT"))
    return token.dep_ == "mark" and token.lower_ == "as"
