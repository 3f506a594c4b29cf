"""Words of blame and breach within a content, and whom they fall on: "flouts the accord", "the blame lies with"."""

from __future__ import annotations

from pacta.annotations.words import Token
from pacta.claims.conduct import LEAVING
from pacta.claims.content import Content
from pacta.claims.parts import is_unit
from pacta.lexicon import Entry
from pacta.statements.grammar import (
    RELATIVE,
    agent,
    child,
    children,
    is_negated,
    is_passive,
    is_undone,
    is_verb,
    subject,
)

_THEIRS = frozenset({"its", "their", "his", "her"})
_ONES = frozenset({"those", "one", "ones", "party", "side"})
_LIE = frozenset({"lie", "rest", "fall", "be"})


def blames(content: Content, token: Token) -> bool:
    """Tell whether `token` is a word of blame or breach about another side."""
    for lemma, entry in content.page.lexicon.starting("ConductCue", token.lemma_.lower()):
        conduct = entry.concept
        if len(lemma) > 1 and not _follows(token, lemma):
            continue
        if entry.objects and not entry.objects & {n.lemma_.lower() for n in _objects(token)}:
            continue
        preps = {p.lower_ for p in children(token, "prep")}
        if is_verb(token) and entry.prepositions and preps and not preps & entry.prepositions:
            continue  # "lies about it", not "lies within the border"
        bound = _has_duty(content, token) or _has_right(content, token)
        if conduct == "breach" and entry.pos == "verb" and not bound:
            continue
        if conduct in LEAVING:
            left = entry.pos == "verb" and is_verb(token) and not is_undone(token) and _has_duty(content, token)
            if left and content.is_party() and content.is_other(_bearer(content, token, entry)):
                return True
            continue
        if conduct == "compliance":
            owing = is_verb(token) and is_undone(token) and bound
            if owing and content.is_other(_bearer(content, token, entry)):
                return True
            continue
        if conduct not in ("breach", "blame") or not _pos_fits(_head_of(token, lemma, entry), entry):
            continue
        if _is_denied(token):
            continue
        bearer = _who_that_is(_bearer(content, token, entry))
        if content.is_other(bearer) or is_they(content, bearer):
            return True
        indirect = content.side(bearer) is None or subject(token) is None
        if indirect and (_suffers(content, token) or _points_back(content, token)):
            return True
    return False


def _head_of(token: Token, lemma: tuple[str, ...], entry: Entry) -> Token:
    """Return the word of an entry that tells its part of speech: of a noun of several words the last."""
    return token.doc[token.i + len(lemma) - 1] if entry.pos == "noun" else token


def is_failure(content: Content, verb: Token) -> bool:
    """Tell whether a word says that something came to nothing: what one blames another for not doing."""
    entries = content.page.lexicon.of("ConductCue", verb.lemma_.lower())
    return any(e.concept in ("breach", "blame") and e.pos == "verb" for e in entries) and is_verb(verb)


def _is_denied(token: Token) -> bool:
    """Tell whether a word of blame stands under a negation: "did not stall", "is not the one that stalls"."""
    verb = token if is_verb(token) else token.head
    if is_negated(verb):
        return True
    noun = verb.head
    return verb.dep_ in ("acl", "relcl") and noun.dep_ == "attr" and is_negated(noun.head)


def is_they(content: Content, bearer: Token | None) -> bool:
    """Tell whether a quoted speaker, who would say "we" of their own, blames "them"."""
    return content.said.mode == "direct" and bearer is not None and bearer.lower_ in ("they", "you")


def _suffers(content: Content, token: Token) -> bool:
    """Tell whether one's own side stands among the objects of a word of blame: "meddling in our affairs"."""
    nouns = children(token, "dobj") + [n for p in children(token, "prep") for n in children(p, "pobj")]
    return any(content.is_own(n) for n in nouns)


def _follows(token: Token, lemma: tuple[str, ...]) -> bool:
    after = token.doc[token.i : token.i + len(lemma)]
    return len(after) == len(lemma) and all(
        w in (t.lower_, t.lemma_.lower()) for w, t in zip(lemma, after, strict=True)
    )


def _pos_fits(token: Token, entry: Entry) -> bool:
    kinds = {"verb": ("VERB", "AUX"), "noun": ("NOUN", "PROPN"), "adjective": ("ADJ",), "adverb": ("ADV",)}
    return entry.pos == "phrase" or token.pos_ in kinds[entry.pos] or (entry.pos == "verb" and is_verb(token))


def _has_duty(content: Content, verb: Token) -> bool:
    """Tell whether a verb of keeping or breaking has a duty as its object: an agreement, an obligation, a promise."""
    lexicon = content.page.lexicon
    nouns = [n for v in (verb, *children(verb, "xcomp")) for n in _objects(v)]
    known = lexicon.lemmas("AgreementNoun")
    return any(
        n.lemma_.lower() in known
        or is_unit(n.lower_)
        or any(e.pos == "noun" for e in lexicon.of("ReadingCue", n.lemma_.lower()))
        or any(e.force == "pledges" for e in lexicon.of("ReportingCue", n.lemma_.lower(), "noun"))
        for n in nouns
    )


def _objects(verb: Token) -> list[Token]:
    """Return what a verb is done to or with: its objects, the patient of a passive, the nouns of its prepositions."""
    nouns = [n for p in children(verb, "prep", "prt") for n in children(p, "pobj")]
    nouns += children(verb, "dobj", "nsubjpass")
    clause = verb if verb.dep_ == "relcl" else verb.head
    return [clause.head if n.lower_ in RELATIVE and clause.dep_ == "relcl" else n for n in nouns]


def _has_right(content: Content, verb: Token) -> bool:
    """Tell whether a verb has what is the speaker's own as its object: "our airspace", "its sovereignty"."""
    owners = (child(noun, "poss") for noun in children(verb, "dobj", "nsubjpass")) if content.is_party() else ()
    return any(o is not None and (o.lower_ in ("our", "its", "their") or content.is_own(o)) for o in owners)


def _bearer(content: Content, token: Token, entry: Entry) -> Token | None:
    """Return the noun that bears the blame: the doer, the owner, or who it "lies with"."""
    if is_verb(token) and entry.pos == "verb":
        if is_passive(token):
            return agent(token)
        return _doer(token)
    if entry.pos == "noun":
        return _owner(content, token, entry.prepositions)
    at = token
    if token.pos_ == "ADJ" and token.dep_ == "amod":
        return token.head if content.side(token.head) is not None else _owner(content, token.head, frozenset())
    while not is_verb(at) and at.head != at:
        at = at.head
    if is_passive(at):
        return agent(at)
    found = subject(at)
    return found[0] if found is not None else None


def _who_that_is(noun: Token | None) -> Token | None:
    """Return who "those" or "the ones" are said to be: "those who broke it are the N"."""
    if noun is None or noun.lower_ not in _ONES or noun.dep_ != "nsubj" or noun.head.lemma_ != "be":
        return noun
    return child(noun.head, "attr") or noun


def _doer(verb: Token) -> Token | None:
    """Return the subject of a verb, or of the clause that it is a part of: "their acts are aimed at disrupting"."""
    found = subject(verb)
    at = verb
    while found is None and at.head != at:
        at = at.head
        found = subject(at) if is_verb(at) else None
    return found[0] if found is not None else None


def _owner(content: Content, noun: Token, prepositions: frozenset[str]) -> Token | None:
    """Return who stands behind a noun of blame: "lies with X", "by X", "X's", the subject of its verb."""
    if "against" in prepositions:
        return next((child(p, "pobj") for p in children(noun, "prep") if p.lower_ == "against"), None)
    verb = noun
    while not is_verb(verb) and verb.head != verb and content.has(verb.head):
        verb = verb.head
    if noun.dep_ in ("nsubj", "nsubjpass") and verb.lemma_.lower() in _LIE:
        for prep in children(verb, "prep"):
            if prep.lower_ in ("with", "on", "upon"):
                return child(prep, "pobj")
    for prep in children(noun, "prep", "agent"):
        if prep.lower_ in ("by", "from", "of") and content.side(child(prep, "pobj")) is not None:
            return child(prep, "pobj")
    above = noun.head.head if noun.dep_ == "pobj" and noun.head.lower_ == "of" else noun  # "an act of terror by N"
    by = agent(above) if above != noun and not is_verb(above) else None
    if by is not None:
        return by
    for part in children(noun, "poss", "amod", "compound", "nmod"):
        if part.pos_ == "PRON" and part.lower_ in _THEIRS and noun.dep_ in ("dobj", "pobj") and is_verb(verb):
            found = subject(verb)  # "N goes on with its raids": the doer's
            if found is not None:
                return found[0]
        if content.side(part) is not None:
            return part
    if is_verb(verb):
        found = subject(verb)
        if found is not None and found[0] != noun:
            return found[0]
    return None


def _points_back(content: Content, token: Token) -> bool:
    """Tell whether the bearer of a word of blame is the deed that the same speaker has just charged: "this blocked"."""
    if not is_verb(token) or token.pos_ == "AUX":
        return False
    noun = child(token, "nsubj")
    if noun is None or noun.lower_ not in ("this", "that", "these", "those", "it", "which"):
        return False
    before = [s for s in content.assembly.statements[-3:] if s.speaker == content.said.speaker]
    return bool(before) and before[-1].force in ("accuses", "condemns")
