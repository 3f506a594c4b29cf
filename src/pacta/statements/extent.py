"""How far a content reaches: the words of a clause or phrase without those of the cue and its source."""

from __future__ import annotations

from dataclasses import dataclass

from pacta.annotations.words import Token
from pacta.lexicon import Lexicon
from pacta.statements.cues import Cue
from pacta.statements.grammar import child, children, contiguous, is_verb, strip_punctuation, subtree


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


def told_of(cue: Cue) -> Content | None:
    """Return what is said of a subject in the passive: "X was said by residents to have left"."""
    about = child(cue.head, "nsubjpass")
    clause = next((c for c in children(cue.head, "xcomp") if c.i > cue.head.i and has_to(c)), None)
    if about is None or clause is None:
        return None
    return content_of([*subtree(about), *subtree(clause)], clause, "clause")


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


def without_aside(tokens: list[Token]) -> list[Token]:
    """Leave out what the narrator adds at the end of what was said, behind a comma.

    ", a step which …", ", as both sides traded blame", ", in what it called …"
    """
    last = max((t.i for t in tokens if not t.is_punct), default=-1)
    for at, token in enumerate(tokens):
        if token.text == "," and 2 < at < len(tokens) - 3 and tokens[at + 1].i == token.i + 1:
            first = tokens[at + 1]
            branch = first
            while branch.head.i > token.i and branch.head is not branch:
                branch = branch.head
            if branch.right_edge.i >= last and branch.head is not branch and _is_aside(branch, first):
                return tokens[:at]
    return tokens


def without_medium(tokens: list[Token], root: Token, lexicon: Lexicon) -> list[Token]:
    """Leave out at the end in what text something is said: "rejected the charge in a joint note"."""
    for at, prep in enumerate(tokens):
        noun = child(prep, "pobj") if prep.lower_ == "in" and prep.dep_ == "prep" and prep.i > root.i else None
        if noun is None or noun.right_edge.i < tokens[-1].i:
            continue
        bare = child(noun, "det")
        text = noun.lemma_.lower() in lexicon.lemmas("CommuniqueNoun")
        if text and bare is not None and bare.lower_ in ("a", "an"):
            return tokens[:at]
    return tokens


def _is_aside(branch: Token, first: Token) -> bool:
    """Tell whether a branch that begins with `first` is the narrator's own."""
    if branch.dep_ == "npadvmod":
        return first.dep_ == "det" and branch.head.i < first.i and is_verb(branch.head)
    if branch.dep_ == "prep":
        return first is branch and branch.nbor().lower_ == "what"
    if branch.dep_ != "advcl" or first.lower_ != "as" or first.dep_ != "mark":
        return False
    who = child(branch, "nsubj", "nsubjpass")  # "as both sides traded blame", but "as the accord demands"
    told = branch.tag_ in ("VBD", "VBN", "VBG") and any(c.i > branch.i for c in branch.children)
    return told and who is not None and who.pos_ != "PRON"


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


def shown(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    """Return what evidence shows: "release photographs that show Y", "a photograph (released by X) shows Y"."""
    verb = cue.head
    held = child(verb, "dobj")
    if held is None or held.i < verb.i:
        clause = child(verb, "ccomp")
        held = clause if clause is not None and clause.i > verb.i else None
    if held is None:
        return None
    nouns = lexicon.lemmas("EvidenceNoun")
    medium = child(verb, "nsubj")
    if medium is not None and medium.lemma_.lower() in nouns:
        return content_of(with_tail(verb, subtree(held)), held, "evidence")
    if held.lemma_.lower() not in nouns:
        return None
    # what the pictures show, where the words tell it
    clause = next((c for c in children(held, "acl", "relcl") if c.i > held.i and is_verb(c)), None)
    seen = child(clause, "dobj", "ccomp", "attr") if clause is not None else None
    for prep in children(held, "prep"):
        if seen is None and prep.lower_ == "of":
            seen = child(prep, "pobj", "pcomp")
    top = seen if seen is not None else held
    carrier = clause if clause is not None and seen is not None and seen.head == clause else verb
    return content_of(with_tail(carrier, subtree(top)), top, "evidence")
