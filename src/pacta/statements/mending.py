"""Repairs of the parse: what the parser gets wrong again and again in sentences that report, put right in place.

- "said it would stay and called on N to leave": who said it called on N, not the clause told
- "the road was safe, N said, and had been open": the second half belongs to what was said, not to the saying
- "said the people camped near N were guards": the people are the subject of "were"
- "ministry spokesman N N said": one subject, not two
- "was raised by the commander, N N": N N is the commander
- "Why the noise, now that both announced it?": who announced is behind "now that"
- "Not so, replied the ministry: …": who replied is behind the verb
"""

from __future__ import annotations

from pacta.annotations.words import Sentence, Token
from pacta.lexicon import Lexicon
from pacta.statements.grammar import agent, child, children, is_passive, is_verb
from pacta.statements.phrases import names_person

_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_OWN = frozenset({"accuses", "condemns", "demands", "denies", "dismisses"})  # what is done by saying so
_INSIDE = frozenset({"ccomp", "xcomp", "advcl", "acl", "relcl", "pcomp", "prep", "conj", "attr", "dobj", "pobj"})
_THIRD = frozenset({"he", "she", "it", "they"})
_STEPS = 6


def mend(sentence: Sentence, lexicon: Lexicon) -> None:
    """Put right the heads of the verbs of a sentence; a sentence that was mended stays as it is."""
    for token in sentence:
        if token.dep_ == "conj" and (token.tag_ in _FINITE or token.tag_ == "VBN"):
            who = child(token, "nsubj", "nsubjpass")
            own = who is not None and (who.lower_ not in _THIRD or not _parted(token))
            if not own and not _join_saying(token, lexicon) and who is None:
                _join_told(token, lexicon)
        elif token.dep_ == "ccomp" and token.tag_ in _FINITE and token.i < token.head.i:
            _turn_about(token, lexicon)
        elif token.dep_ == "nsubj" and token.pos_ == "PROPN":
            _join_office(token, lexicon)
        elif token.dep_ == "dobj" and token.pos_ == "PROPN" and is_passive(token.head):
            _name_agent(token)
        elif token.dep_ == "mark" and is_verb(token.head):
            _part_subjects(token)
        elif token.dep_ == "ccomp" and token.tag_ in _FINITE and token.i > token.head.i:
            _give_subject(token)


def _parted(verb: Token) -> bool:
    """Tell whether ", and" stands before a verb with its subject: ", and he called on N"."""
    link = next((c for c in children(verb.head, "cc") if c.i == verb.left_edge.i - 1), None)
    return link is not None and link.i > 0 and link.doc[link.i - 1].text == ","


def _join_saying(verb: Token, lexicon: Lexicon) -> bool:
    """Hang a verb of speech beside the one that told the clause it hangs in."""
    if verb.tag_ not in _FINITE:
        return False
    clause = at = verb.head
    for _ in range(_STEPS):
        if at.head is at or at.dep_ not in _INSIDE:
            return False
        told, at = at, at.head
        if told.dep_ == "ccomp" and is_verb(at) and at.i < told.i and at.tag_ == verb.tag_:
            break
    else:
        return False
    if child(at, "nsubj") is None or not lexicon.of("ReportingCue", at.lemma_.lower(), "verb"):
        return False
    who = child(told, "nsubj", "nsubjpass", "expl")
    loose = child(verb, "nsubj") is not None or clause.tag_ == "VB"
    loose = loose or (who is not None and (who.pos_ == "PRON" or who.dep_ == "expl"))
    entries = lexicon.starting("ReportingCue", verb.lemma_.lower())
    if not loose or not any(e.pos == "verb" and e.force in _OWN for _, e in entries):
        return False
    _move(verb, at)
    return True


def _join_told(verb: Token, lexicon: Lexicon) -> bool:
    """Hang the second half of a clause around "N said" beside its first."""
    saying = verb.head
    first = saying.head if saying.dep_ == "parataxis" else child(saying, "ccomp")
    helped = any(c.dep_ in ("aux", "auxpass") for c in verb.children)
    if first is None or first is saying or first.i > saying.i or not helped or not is_verb(first):
        return False
    link = next((c for c in children(saying, "cc") if saying.i < c.i < verb.i), None)
    if link is None or link.i == 0 or link.doc[link.i - 1].text != "," or link.i - 1 > saying.i + 4:
        return False
    if not lexicon.of("ReportingCue", saying.lemma_.lower(), "verb"):
        return False
    _move(verb, first)
    return True


def _give_subject(verb: Token) -> None:
    """Give a verb the noun right before it that the parser took for the subject of a participle: "those held were"."""
    if child(verb, "nsubj", "nsubjpass", "expl", "mark") is not None:
        return
    before = next((c for c in children(verb.head, "ccomp") if verb.head.i < c.i < verb.i), None)
    noun = child(before, "nsubj") if before is not None and before.tag_ in ("VBD", "VBN") else None
    if before is None or noun is None or before.right_edge.i != verb.i - 1 or noun.right_edge.i != before.i - 1:
        return
    _move(noun, verb)
    _move(before, noun)
    before.dep_ = "acl"


def _turn_about(verb: Token, lexicon: Lexicon) -> None:
    """Give a verb of speech before a colon the noun between them that the parser took for its object."""
    behind = child(verb, "dobj")
    before = child(verb, "nsubj", "nsubjpass", "mark")
    apart = before is not None and before.dep_ == "nsubj" and before.nbor(1).text == "," and before.i == verb.i - 2
    if behind is None or behind.i < verb.i or (before is not None and not apart):
        return
    sign = behind.right_edge.nbor(1) if behind.right_edge.i + 1 < len(behind.doc) else None
    if sign is None or sign.text != ":" or not lexicon.of("ReportingCue", verb.lemma_.lower(), "verb"):
        return
    behind.dep_, verb.dep_ = "nsubj", "parataxis"
    if before is not None:  # "Nonsense, replied the ministry: …"
        before.dep_ = "dep"


def _name_agent(name: Token) -> None:
    """Hang a name beside the noun after "by" that it names: "was raised by the commander of the force, N N"."""
    noun = agent(name.head)
    before = name.left_edge.nbor(-1) if name.left_edge.i > 1 else None
    if noun is not None and before is not None and before.text == "," and noun.right_edge.i == before.i - 1:
        _move(name, noun)
        name.dep_ = "appos"


def _part_subjects(mark: Token) -> None:
    """Leave a verb the subject behind its conjunction, where it was given one before: "Why this, now that N said"."""
    first, *more = children(mark.head, "nsubj") or [mark]
    if more and first.i < mark.i < more[0].i:
        first.dep_ = "dep"


def _join_office(name: Token, lexicon: Lexicon) -> None:
    """Join a name with the office before it that the parser took for another subject: "ministry spokesman N N said"."""
    office = next((c for c in children(name.head, "nsubj") if c.right_edge.i == name.left_edge.i - 1), None)
    if office is None or not names_person(lexicon, office) or child(office, "det", "poss") is not None:
        return
    _move(office, name)
    office.dep_ = "compound"


def _move(token: Token, head: Token) -> None:
    """Hang a word, with the conjunction before it, on another head."""
    link = next((c for c in reversed(token.head.children) if c.dep_ == "cc" and c.i < token.i), None)
    for moved in (token, link) if token.dep_ == "conj" else (token,):
        if moved is None:
            continue
        for end in (moved.head, head):
            for each in (end, *end.ancestors):
                each.forget()
        moved.head.children.remove(moved)
        moved.head = head
        head.children.append(moved)
        head.children.sort(key=lambda t: t.i)
