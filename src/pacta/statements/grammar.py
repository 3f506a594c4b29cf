"""Questions to a dependency parse: subject, object, agent, extent of a phrase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pacta.annotations import syntax as sx
from pacta.annotations.words import Token
from pacta.model import Span

_NOBODY = frozenset({"nobody", "none", "nothing"})
FIRST_PERSON = frozenset({"i", "we"})
DUTY = frozenset({"must", "shall", "should"})
RELATIVE = frozenset({"who", "which", "that", "whom"})
_WHILE = frozenset({"after", "before", "while", "by", "in", "on", "upon", "since"})  # its clause has the same subject
_CHAIN = frozenset({"xcomp", "acomp", "advcl", "conj", "pcomp", "ccomp", "acl", "relcl", "dep"})


def child(token: Token, *deps: str) -> Token | None:
    """Return the first child in one of the relations `deps`."""
    return next((c for c in token.children if c.dep_ in deps), None)


def children(token: Token, *deps: str) -> list[Token]:
    return [c for c in token.children if c.dep_ in deps]


def is_verb(token: Token) -> bool:
    return token.pos_ in ("VERB", "AUX") or token.tag_.startswith("VB")


def is_passive(token: Token) -> bool:
    """Tell whether the verb stands in the passive: with an auxiliary, or a bare participle after its noun."""
    if any(c.dep_ in ("auxpass", "nsubjpass") for c in token.children):
        return True
    if any(c.dep_ == "conj" and c.tag_ == "VBD" for c in token.children):
        return False  # "The envoy, N N, called it unwise and said …", taken for a phrase about the envoy
    return token.dep_ == "acl" and token.tag_ == "VBN"


def is_negated(token: Token) -> bool:
    return any(c.dep_ == "neg" or c.lower_ in ("never", "neither") for c in token.children)


def is_undone(verb: Token) -> bool:
    """Tell whether a deed is told as not done: negated, "has yet to leave", "no soldier left", "not a single one"."""
    if is_negated(verb) or _is_yet_to(verb):
        return True
    who = child(verb, "nsubj", "nsubjpass")
    return who is not None and (who.lower_ in _NOBODY or any(_is_no(c) for c in who.children))


def _is_yet_to(verb: Token) -> bool:
    to = any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)
    near = (*verb.children, *(verb.head.children if verb.dep_ in ("xcomp", "ccomp") else ()))
    have = verb.head.lemma_ == "have" or any(c.dep_ == "aux" and c.lemma_ == "have" for c in verb.children)
    return to and have and any(c.lower_ == "yet" and c.i < verb.i for c in near)


def _is_no(word: Token) -> bool:
    """Tell whether a word before a noun makes it none: "no", "not a", "not one"."""
    return (word.dep_ == "det" and word.lower_ in ("no", "neither")) or word.dep_ == "neg"


def is_none(noun: Token) -> bool:
    """Tell whether a noun is said to be none: "no party", "not a line"."""
    return any(_is_no(c) for c in noun.children)


def is_inverted(verb: Token, who: Token) -> bool:
    """Tell whether a helping verb stands before the subject, as in a question: "did they reject it?"."""
    return any(c.dep_ == "aux" and c.i < who.i < verb.i for c in verb.children)


def agent(token: Token) -> Token | None:
    """Return the noun after "by" of a passive verb or a noun of action."""
    for by in token.children:
        if by.dep_ in ("agent", "prep") and by.lower_ == "by":
            return child(by, "pobj")
    return None


def doer(verb: Token) -> Token | None:
    """Return who does what a verb tells: the noun after "by" of a passive, else the subject."""
    return (agent(verb) if is_passive(verb) else None) or child(verb, "nsubj", "nsubjpass")


def subject(token: Token, *, depth: int = 6) -> tuple[Token, Token] | None:
    """Return (subject, predicate that carries it), walking up control and coordination; None where there is none.

    "was quick to deny": the subject of "was" for "deny". A relative pronoun gives its antecedent.
    """
    at = token
    for _ in range(depth):
        cue = misattached(at)
        if cue is not None:
            at = cue
        found = child(at, "nsubj", "nsubjpass") or child(at, "csubj")
        if found is None and at.tag_ in ("VB", "VBZ", "VBP", "VBD"):
            found = child(at, "expl") if child(at, "attr", "acomp") is None else None
        if found is not None and found.dep_ != "expl":
            if found.lower_ in RELATIVE and at.dep_ in ("relcl", "ccomp", "acl") and at.head != at:
                return at.head, at
            return found, at
        if at.dep_ == "acl" and at.head.pos_ in ("NOUN", "PROPN") and at.tag_ in ("VBG", "VBN", "VBD"):
            return at.head, at
        quoted = child(at.head.head, "dobj", "nsubjpass") if at.dep_ == "pcomp" and at.head.lower_ == "as" else None
        if quoted is not None and at.tag_ == "VBG" and is_verb(at.head.head):  # "quoted X as saying that"
            return quoted, at
        if at.dep_ == "pcomp" and at.head.lower_ in _WHILE and is_verb(at.head.head):
            at = at.head.head  # "left after claiming that"
            continue
        if at.dep_ not in _CHAIN or at.head == at or not (is_verb(at.head) or at.head.pos_ in ("ADJ", "NOUN", "ADP")):
            return None
        at = at.head
    return None


def goes_on(verb: Token) -> Token | None:
    """Return the verb of speech that a participle goes on, hung on what it tells: "N says they will stay, arguing"."""
    above = verb.head.head if verb.dep_ == "advcl" and verb.tag_ == "VBG" and verb.head.dep_ == "ccomp" else None
    return above if above is not None and above.i < verb.head.i and is_verb(above) and _comma_before(verb) else None


def misattached(verb: Token) -> Token | None:
    """Return the verb that `verb` is really coordinated with, where the parser hung it on that verb's clause.

    "X confirmed that they had been freed and pledged to …": same tense as "confirmed", other than "had been freed".
    """
    clause = verb.head
    if verb.dep_ != "conj" or verb.i < clause.i or child(verb, "nsubj", "nsubjpass") is not None:
        return None
    told = clause.tag_ == verb.tag_ and clause.lemma_ != "be"  # a deed told in that tense, no state
    what = child(verb, "ccomp")
    misread = verb.tag_ == "VBN" and is_passive(clause) and what is not None and child(what, "mark") is not None
    if misread:  # "denied that it was mined and alleged that …": no mine is alleged that
        return next((t for t in _above(clause) if t.tag_ == "VBD" and child(t, "nsubj") is not None), None)
    if verb.tag_ not in ("VBD", "VBZ", "VBP") or told:
        return None
    at = clause
    while at.dep_ in ("ccomp", "pcomp", "xcomp", "prep") and at.head != at:
        at = at.head
        if at.lemma_ == "be" and at.dep_ == "ccomp":
            continue
        helper = child(at, "aux") if at.tag_ == "VB" else None  # "does not deny that …, but insists"
        tense = at.tag_ if helper is None else helper.tag_
        if is_verb(at) and tense == verb.tag_ and at.i < clause.i and child(at, "nsubj") is not None:
            return at
    return None


def _above(token: Token) -> Iterator[Token]:
    while token.dep_ in ("ccomp", "pcomp", "xcomp", "prep") and token.head is not token:
        token = token.head
        yield token


def subtree(token: Token, *, without: frozenset[int] = frozenset()) -> list[Token]:
    """Return the tokens under `token` in order, leaving out the branches at the indices `without`."""
    out: list[Token] = []
    stack = [token]
    while stack:
        at = stack.pop()
        if at.i in without and at != token:
            continue
        out.append(at)
        stack.extend(c for c in at.children if c.dep_ != "conj" or misattached(c) is None)
    return sorted(out, key=lambda t: t.i)


def noun_phrase(token: Token) -> list[Token]:
    """Return the phrase of a noun without relative clauses after a comma, appositions and coordinated clauses."""
    without = {c.i for c in token.children if c.dep_ in ("relcl", "acl", "appos") and _comma_before(c)}
    without |= {c.i for c in token.children if c.dep_ in ("cc", "conj") and is_verb(c)}
    without |= {c.i for c in token.children if c.dep_ in ("punct",) and c.text in ",;:"}
    without |= {c.i for c in token.children if c.dep_ in ("advcl", "parataxis", "ccomp")}
    return strip_punctuation(subtree(token, without=frozenset(without)))


def full_phrase(token: Token) -> list[Token]:
    """Return the whole phrase of a noun with its appositions and relative clauses, cut at a gap."""
    without = frozenset(c.i for c in token.children if c.dep_ in ("conj", "cc") and is_verb(c))
    tokens = subtree(token, without=without)
    runs = list(contiguous(strip_punctuation(tokens)))
    return strip_punctuation(next((r for r in runs if token in r), [token]))


def in_clause(token: Token, top: Token) -> bool:
    """Tell whether a word stands in a clause about `top`: "the television which named N"."""
    while token != top and token.head != token:
        if token.dep_ in ("relcl", "acl"):
            return True
        token = token.head
    return False


def is_agent(noun: Token) -> bool:
    """Tell whether a noun, or what it stands beside, does what a passive tells: "was raised by the envoy, N N"."""
    while noun.dep_ in ("appos", "compound", "conj") or (noun.dep_ == "pobj" and noun.head.dep_ == "prep"):
        noun = noun.head if noun.dep_ != "pobj" else noun.head.head
    return noun.dep_ == "pobj" and noun.head.dep_ == "agent"


def in_reported(token: Token) -> bool:
    """Tell whether a word stands in what a clause above it tells as said, known or meant: "it said that N had left"."""
    while token.head != token:
        if token.dep_ == "ccomp" and is_verb(token.head):
            return True
        token = token.head
    return False


def _comma_before(token: Token) -> bool:
    first = min(t.i for t in token.subtree)
    return first > 0 and token.doc[first - 1].text in (",", "-", "\u2013", "\u2014", "(")


def strip_punctuation(tokens: Sequence[Token]) -> list[Token]:
    """Return `tokens` without punctuation and conjunctions at their ends."""
    out = list(tokens)
    while out and (out[-1].is_punct or out[-1].dep_ == "cc"):
        out.pop()
    while out and out[0].is_punct:
        out.pop(0)
    return out


def contiguous(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Split `tokens` (in order) into runs without gaps, a gap of punctuation alone being none."""
    run: list[Token] = []
    for token in tokens:
        if run and token.i != run[-1].i + 1:
            between = token.doc[run[-1].i + 1 : token.i]
            if not all(t.is_punct for t in between):
                yield run
                run = []
        run.append(token)
    if run:
        yield run


def span(text: str, tokens: Sequence[Token]) -> Span:
    """Return the hull of `tokens` in the text."""
    return sx.span_of(text, tokens)
