"""Reporting cues in a parsed sentence: verbs, nouns and phrases of the lexicon, with the words that belong to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pacta.annotations.words import Token
from pacta.lexicon import Entry, Lexicon
from pacta.statements.grammar import child, is_negated, is_verb, subject

_AUXILIARIES = frozenset({"aux", "auxpass", "neg"})
_OURS = frozenset({"my", "our"})
_DOUBT = frozenset({"might", "may", "could", "should", "must"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue: its lexicon entry, the token the syntax hangs on, all its words, and the part of speech it was read as."""

    entry: Entry
    head: Token
    tokens: tuple[Token, ...]
    pos: str


def find_cues(tokens: list[Token], lexicon: Lexicon) -> list[tuple[Cue, ...]]:
    """Return the cues among the tokens of one sentence in order.

    Each is a tuple of alternatives on one token: "call for" and "call X Y" share a verb, the syntax decides.
    """
    found: dict[int, tuple[Cue, ...]] = {}
    for token in tokens:
        for cues in (_verb_cues(token, lexicon), _phrase_cues(token, lexicon), _noun_cues(token, lexicon)):
            if cues:
                found.setdefault(token.i, cues)
    inside = {t.i for cues in found.values() if cues[0].pos == "phrase" for t in cues[0].tokens}
    return [cues for i, cues in sorted(found.items()) if cues[0].pos == "phrase" or i not in inside]


def _verb_cues(token: Token, lexicon: Lexicon) -> tuple[Cue, ...]:
    if not is_verb(token) or token.dep_ in _AUXILIARIES:
        return ()
    cues: list[Cue] = []
    for lemma, entry in lexicon.starting("ReportingCue", token.lemma_.lower()):
        rest = _particles(token, lemma[1:]) if entry.pos == "verb" else None
        if rest is not None:
            # a preposition that the frame names stands before the content, not in the cue
            rest = [t for t in rest if t.lower_ not in entry.prepositions]
            cues.append(Cue(entry, token, tuple(sorted({*_verb_words(token), *rest}, key=lambda t: t.i)), "verb"))
    return () if cues and _blocked(token, lexicon) else tuple(cues)


def _particles(token: Token, rest: tuple[str, ...]) -> list[Token] | None:
    """Find the further words of a lemma: children of the verb, or the words right after it."""
    found: list[Token] = []
    at = token
    for word in rest:
        after = at.doc[at.i + 1] if at.i + 1 < len(at.doc) else None
        fitting = [c for c in at.children if c.i > at.i and word in (c.lemma_.lower(), c.lower_)]
        fitting += [c for c in token.children if c.i > at.i and word in (c.lemma_.lower(), c.lower_)]
        if fitting:
            at = fitting[0]
        elif after is not None and word in (after.lemma_.lower(), after.lower_):
            at = after
        else:
            return None
        found.append(at)
    return found


def _blocked(token: Token, lexicon: Lexicon) -> bool:
    """Tell whether the verb reports nothing: negated, in doubt, or under "refuse to"."""
    if is_negated(token) or any(c.dep_ == "aux" and c.lower_ in _DOUBT for c in token.children):
        return True
    if _promised(token, lexicon):
        return True
    if token.dep_ == "conj" and is_negated(token.head) and any(c.lower_ == "nor" for c in token.head.children):
        return True  # "neither confirmed nor denied"
    at = token
    while at.dep_ in ("xcomp", "ccomp", "pcomp", "prep", "acl") and at.head != at and child(at, "nsubj") is None:
        at = at.head
        if at != token and any(e.blocks for _, e in lexicon.starting("CueModifier", at.lemma_.lower())):
            return True
        if is_verb(at) and is_negated(at) and at.lemma_ != token.lemma_:
            return True
    return False


def _promised(token: Token, lexicon: Lexicon) -> bool:
    """Tell whether the verb is what somebody pledges, asks or is asked to do: no statement has been made yet."""
    if token.dep_ not in ("xcomp", "ccomp") or not any(c.dep_ == "aux" and c.lower_ == "to" for c in token.children):
        return False
    above = token.head
    return (
        is_verb(above)
        and child(token, "nsubj") is None
        and any(
            entry.pos == "verb" and {"infinitive", "object-infinitive"} & entry.frames
            for _, entry in lexicon.starting("ReportingCue", above.lemma_.lower())
        )
    )


def _verb_words(token: Token) -> Iterator[Token]:
    """Yield the verb, its auxiliaries, and the light predicate above it ("was quick to deny")."""
    yield token
    yield from (c for c in token.children if c.dep_ in ("aux", "auxpass") and c.i < token.i)
    found = subject(token)
    if found is None or found[1] == token or token.dep_ != "xcomp":
        return
    top = found[1]
    if top.dep_ == "conj" or top.i > token.i or not all(t.dep_ == "xcomp" for t in _path(token, top)):
        return
    yield from top.doc[top.i : token.i]
    yield from (c for c in top.children if c.dep_ in ("aux", "auxpass") and c.i < top.i)


def _path(token: Token, top: Token) -> Iterator[Token]:
    at = token
    while at != top and at.head != at:
        if at.pos_ != "ADJ":
            yield at
        at = at.head


def _phrase_cues(token: Token, lexicon: Lexicon) -> tuple[Cue, ...]:
    doc = token.doc
    for lemma, entry in lexicon.starting("ReportingCue", token.lower_):
        if entry.pos != "phrase":
            continue
        words = doc[token.i : token.i + len(lemma)]
        if len(words) == len(lemma) and all(
            w in (t.lower_, t.lemma_.lower()) for w, t in zip(lemma, words, strict=True)
        ):
            return (Cue(entry, words[len(lemma) - 1], tuple(words), "phrase"),)
    return _possessed(token, lexicon)


def _possessed(token: Token, lexicon: Lexicon) -> tuple[Cue, ...]:
    """Return the cue of "in N's view", as the lexicon has it with "of": "in the view of"."""
    noun = child(token, "pobj") if token.dep_ == "prep" else None
    owner = child(noun, "poss") if noun is not None else None
    if noun is None or owner is None or owner.lower_ in _OURS:
        return ()
    phrase = (token.lower_, "the", noun.lower_, "of")
    entries = [e for lemma, e in lexicon.starting("ReportingCue", phrase[0]) if (lemma, e.pos) == (phrase, "phrase")]
    own = {t.i for t in owner.subtree} - {t.i for t in owner.children if t.dep_ == "case"}
    words = tuple(t for t in token.doc[token.i : noun.i + 1] if t.i not in own)
    return tuple(Cue(e, noun, words, "phrase") for e in entries[:1])


def _noun_cues(token: Token, lexicon: Lexicon) -> tuple[Cue, ...]:
    if token.pos_ not in ("NOUN", "PROPN"):
        return ()
    return tuple(Cue(e, token, (token,), "noun") for e in lexicon.of("ReportingCue", token.lemma_.lower(), "noun"))
