"""Who a cue ascribes its content to: the noun phrase, before anybody asks which actor that is."""

from __future__ import annotations

from dataclasses import dataclass

from pacta.annotations.words import Token
from pacta.lexicon import Lexicon
from pacta.statements.cues import Cue
from pacta.statements.extent import is_complement
from pacta.statements.grammar import (
    RELATIVE,
    agent,
    child,
    children,
    full_phrase,
    goes_on,
    is_negated,
    is_none,
    is_passive,
    is_verb,
    strip_punctuation,
    subject,
)
from pacta.statements.phrases import names_person
from pacta.vocabulary import REJECTING


@dataclass(frozen=True, slots=True)
class Source:
    """The source phrase. `head`: its head noun or pronoun; `relayed`: (cue, head) of whom the source itself cites."""

    head: Token
    tokens: tuple[Token, ...]
    relayed: tuple[tuple[Token, ...], Token] | None = None


def find_source(cue: Cue, lexicon: Lexicon, beside: Token | None = None) -> Source | None:
    """Return the source of `cue`, or None where the words name none. `beside`: its head where quotation marks tell."""
    head = beside or {"verb": _of_verb, "noun": _of_noun, "phrase": _of_phrase}[cue.pos](cue, lexicon)
    if head is None or head.lower_ in ("there", "what", "which", "that", "this", "these", "those", "who"):
        return None
    if head.lower_ in ("it",) and _expletive(cue, head):
        return None
    if is_none(head) and cue.head.dep_ == "acl" and not names_person(lexicon, head):  # "no line saying that …"
        return None
    relative = _taken_up_by(head, cue)
    return Source(head, (relative,) if relative is not None else tuple(_phrase(head, cue)), _relayed(cue, lexicon))


def _taken_up_by(head: Token, cue: Cue) -> Token | None:
    """Return the relative pronoun that is the subject in the source's place: "N, who said that …"."""
    found = subject(cue.head) if cue.pos == "verb" else None
    pronoun = child(found[1], "nsubj", "nsubjpass") if found is not None and found[0] == head else None
    return pronoun if pronoun is not None and pronoun != head and pronoun.lower_ in RELATIVE else None


def _of_verb(cue: Cue, lexicon: Lexicon) -> Token | None:
    verb = cue.head
    asked = verb.tag_ == "VBN" and verb.dep_ == "advcl" and child(verb, "aux", "nsubj") is None  # "Asked whether …, he"
    if asked or (is_passive(verb) and child(verb, "nsubj") is None):
        return agent(verb) or _seat(cue)
    above = goes_on(verb)
    found = subject(above) if above is not None else None
    if found is None or found[0].lemma_.lower() in lexicon.lemmas("EvidenceNoun"):  # "footage shows they fled, proving"
        found = subject(verb)
    if found is None:
        return None
    noun, predicate = found
    noun = _after_address(noun, verb, lexicon) or noun
    if noun.dep_ == "nsubjpass" and predicate != verb and is_passive(predicate) and verb.dep_ == "conj":
        return None
    return _issuer(noun, lexicon) or noun


def _seat(cue: Cue) -> Token | None:
    """Return the place where something is denied, for those who sit there: "the raid was denied in N"."""
    if cue.entry.force not in REJECTING:
        return None
    nouns = (child(p, "pobj") for p in children(cue.head, "prep") if p.lower_ == "in")
    return next((n for n in nouns if n is not None and n.pos_ == "PROPN"), None)


def _after_address(noun: Token, verb: Token, lexicon: Lexicon) -> Token | None:
    """Return who speaks where the parser takes who is spoken to for the subject: "Minister, the rebels say …"."""
    named = child(noun, "appos") or next((t for t in children(verb, "nsubj") if t.i > noun.i), None)
    if named is None or not names_person(lexicon, noun) or child(noun, "det", "poss") is not None:
        return None
    bare = noun.doc[noun.left_edge.i - 1].text == ":" if noun.left_edge.i > 0 else True
    closed = verb.i > 0 and noun.doc[verb.i - 1].is_punct  # "Minister N N, her deputy, said"
    return named if bare and not closed and named.right_edge.i == verb.i - 1 else None


def _issuer(noun: Token, lexicon: Lexicon) -> Token | None:
    """Return who made the photograph that shows or the statement that says: "a photograph released by X shows"."""
    lemma = noun.lemma_.lower()
    if lemma not in lexicon.lemmas("EvidenceNoun") and lemma not in lexicon.lemmas("CommuniqueNoun"):
        return None
    for clause in children(noun, "acl", "relcl"):
        by = agent(clause)
        if by is not None:
            return by
    owner = child(noun, "poss") or agent(noun)
    if owner is not None:
        return owner
    for prep in children(noun, "prep"):
        if prep.lower_ in ("by", "from", "of"):
            maker = child(prep, "pobj")
            if maker is not None:
                return maker
    return None


def _of_noun(cue: Cue, lexicon: Lexicon) -> Token | None:
    """The claim of X, X's claim, the X claim (an adjective that names a state), a claim by X."""
    noun = cue.head
    owner = child(noun, "poss") or agent(noun)
    if owner is not None:
        return owner
    clause = child(noun, "acl", "ccomp")
    told = clause is not None and is_complement(clause)  # "the claims of X that …"
    for prep in children(noun, "prep"):
        if prep.lower_ in ("by", "from") or (told and prep.lower_ == "of"):
            return child(prep, "pobj")
    if noun.dep_ == "dobj" and is_verb(noun.head) and not is_negated(noun.head):  # X made the claim that
        found = subject(noun.head)
        words = {t.lower_ for t in noun.head.children}
        speaks = [
            e
            for lemma, e in lexicon.starting("ReportingCue", noun.head.lemma_.lower())
            if e.pos == "verb" and words.issuperset(lemma[1:])
        ]
        if found is not None and not any(e.frames - {"evidence", "relay", "clause"} for e in speaks):
            return found[0]
    return next((c for c in noun.children if c.dep_ in ("amod", "compound", "nmod") and c.text[:1].isupper()), None)


def _of_phrase(cue: Cue, lexicon: Lexicon) -> Token | None:
    last = cue.head
    if last.dep_ == "pobj":  # "in the view of N" as "in N's view"
        return child(last, "poss")
    noun = child(last, "pobj", "pcomp", "dobj")
    if noun is None and last.i + 1 < len(last.doc):
        after = last.doc[last.i + 1]
        while after.head.i > after.i and after.pos_ != "VERB":
            after = after.head
        noun = after if after.pos_ in ("NOUN", "PROPN", "PRON") else None
    if noun is None:
        return None
    return _issuer(noun, lexicon) or noun


def _phrase(head: Token, cue: Cue) -> list[Token]:
    inside = {t.i for t in cue.tokens}
    relative = next((c for c in head.children if c.dep_ in ("relcl", "acl") and cue.head in c.subtree), None)
    stop = relative.left_edge.i if relative is not None else len(head.doc)
    if is_passive(cue.head):  # "accused by X of V-ing": the parser hangs the charge on X
        stop = min([stop, *(p.left_edge.i for p in _of_charge(head, cue))])
    tokens = strip_punctuation([t for t in full_phrase(head) if t.i not in inside and t.i < stop])
    if cue.head.i > head.i and cue.head != head.head:  # "in N's view" has its source within
        tokens = [t for t in tokens if t.i < min(inside)] or [head]
    if tokens and tokens[-1].lower_ in ("'s", "'") and head.dep_ == "poss":
        tokens = tokens[:-1]
    return tokens or [head]


def _of_charge(noun: Token, cue: Cue) -> list[Token]:
    return [p for p in children(noun, "prep") if p.lower_ in cue.entry.prepositions and child(p, "pcomp") is not None]


def noun_beside(cue: Cue, *, before: bool) -> Token | None:
    """Return the noun right before or right after a cue, whatever the parser made of it: "…,” said the colonel"."""
    verb, doc = cue.head, cue.head.doc
    if before:
        at = cue.tokens[0].i - 1
        return doc[at] if at >= 0 and doc[at].pos_ in ("NOUN", "PROPN", "PRON") else None
    at = cue.tokens[-1].i + 1
    while at < len(doc) and doc[at].pos_ in ("DET", "ADJ", "NUM") and doc[at].is_sent_start is not True:
        at += 1
    if at >= len(doc) or doc[at].pos_ not in ("NOUN", "PROPN", "PRON") or doc[at].sent != verb.sent:
        return None
    for _ in range(12):
        step = 2 if at + 2 < len(doc) and doc[at + 1].lower_ in ("'s", "'") else 1
        after = doc[at + step] if at + step < len(doc) else None
        if after is None or after.pos_ not in ("NOUN", "PROPN", "ADJ") or after.is_sent_start:
            break
        if step == 1 and doc[at].dep_ not in ("compound", "nmod", "poss", "amod"):
            break
        at += step
    return doc[at]


def _expletive(cue: Cue, head: Token) -> bool:
    """Tell "it was reported that" from "it reported that"."""
    return is_passive(cue.head) and head.dep_ in ("nsubjpass", "expl")


def _relayed(cue: Cue, lexicon: Lexicon) -> tuple[tuple[Token, ...], Token] | None:
    """Find "citing X" beside the cue, in its clause or on its communique."""
    if cue.pos != "verb":
        return None
    for token in cue.head.sent:
        if token.tag_ != "VBG" or token.dep_ == "ccomp":
            continue
        relays = [e for w in (token.lemma_.lower(), token.lower_) for e in lexicon.of("ReportingCue", w)]
        if not any("relay" in e.frames for e in relays):
            continue
        beside = token.head if token.dep_ == "amod" and token.head.i > token.i else None  # "citing guards" misread
        cited = child(token, "dobj") or beside
        told = child(token.head, "ccomp") if cited is not None and cited.pos_ == "PRON" else None
        cited = (child(told, "nsubj") if told is not None else None) or cited  # "they left, N wrote, citing them"
        if cited is not None and cue.head.i not in {t.i for t in token.subtree}:
            return (token,), _issuer(cited, lexicon) or cited
    return None
