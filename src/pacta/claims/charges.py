"""Charges within a content: a breach, a hostile deed of another side, what it owes and did not do."""

from __future__ import annotations

from pacta.annotations import syntax as sx
from pacta.annotations.words import Token
from pacta.claims import participants, replies
from pacta.claims.blame import blames, is_failure, is_they
from pacta.claims.content import PARTIES, Content
from pacta.claims.incidents import trigger_entry
from pacta.model import Proposition, Span
from pacta.statements.grammar import (
    FIRST_PERSON,
    agent,
    child,
    children,
    is_negated,
    is_passive,
    is_undone,
    is_verb,
    subject,
)
from pacta.vocabulary import concept

_OWED = ("retreat", "aid")  # kinds of deed that one side expects of the other
_HOSTILE = ("assault", "coercion", "threat")  # kinds of deed that one side reproaches the other with
_MOVES = ("mobilization",)  # kinds of deed that are held against a side by the other alone
_FACING = frozenset({"other", "opposite", "opposing"})
_BECAUSE = frozenset({"because", "due", "thanks", "owing"})
_MEMORY = 60  # statements back in which one side may have charged the other


def charges(content: Content, proposition: Proposition) -> bool:
    """Tell whether the content charges another side: a breach, a hostile deed, or a word of blame about it."""
    if proposition.kind == "evaluation" and proposition.conduct == "breach" and not _confesses(content):
        return True
    if blamed(content) is not None or _hostile_deed(content):
        return True
    if any(blames(content, t) and not _gives_reason(content, t) for t in content.tokens):
        return True
    return _turned_against(content) or _failed_under(content) or _through(content) or _it_is_they(content)


def _gives_reason(content: Content, token: Token) -> bool:
    """Tell whether a word stands in the reason for what one's own side did: "we left because they failed to pay"."""
    at = token
    while at.head is not at and content.has(at.head):
        mark = child(at, "mark") if at.dep_ == "advcl" else None
        if mark is not None and mark.lower_ in _BECAUSE and not is_negated(at.head):
            found = subject(at.head)
            return found is not None and content.is_own(found[0])
        at = at.head
    return False


def blamed(content: Content) -> tuple[Token, str | None] | None:
    """Return the word beside the cue that blames for what is told, and whom: "…, the army said, blaming N"."""
    cue = content.said.cue_head
    for verb in children(cue, "advcl", "xcomp", "conj") if cue is not None else ():
        accuses = any(
            e.force == "accuses" for e in content.page.lexicon.of("ReportingCue", verb.lemma_.lower(), "verb")
        )
        noun = child(verb, "dobj")
        if (
            accuses
            and verb.tag_ == "VBG"
            and content.is_other(noun)
            and not any(c.dep_ == "prep" for c in verb.children)
        ):
            return verb, participants.actor_in(content.page, content.resolver, noun) if noun is not None else None
    return None


def _it_is_they(content: Content) -> bool:
    """Tell whether a cleft lays a deed at another side's door: "it is N that has been building an airstrip"."""
    if content.own is None or not content.is_party():
        return False
    for verb in content.clauses():
        it, who = child(verb, "nsubj", "expl"), child(verb, "attr")
        if verb.lemma_ != "be" or is_negated(verb) or it is None or it.lower_ != "it" or who is None:
            continue
        told = [*children(verb, "advcl", "ccomp", "relcl", "acl"), *children(who, "relcl", "acl")]
        deeds = (t for t in told if child(t, "dobj", "prep", "xcomp") is not None)
        acts = any(not is_passive(t) and not is_negated(t) for t in deeds)
        side = content.side(who)
        facing = side is None and any(c.lower_ in _FACING for c in who.children)  # "it was the other side that"
        party = facing or (content.is_other(who) and content.resolver.entity(side or "").type in PARTIES)
        if acts and (party or is_they(content, who)):
            return True
    return False


def _confesses(content: Content) -> bool:
    """Tell whether the content speaks of one's own conduct in so many words: "we broke the truce"."""
    own = (found[0] for verb in content.clauses() if (found := subject(verb)) is not None)
    return any(noun.pos_ != "PRON" or noun.lower_ in FIRST_PERSON for noun in own if content.is_own(noun))


def _hostile_deed(content: Content) -> bool:
    """Tell whether another side is said to have done a hostile deed, or not to have done what it owes.

    A deed told as an engagement of one's own forces is a report of fighting. Who is no side, relays a witness, or
    tells what a third did to a fourth, bears witness and charges nobody.
    """
    resolver, said = content.resolver, content.said
    if content.own is None or not content.is_party() or said.relayed is not None:
        return False
    if any(_beaten_back(content, t) for t in content.tokens if is_verb(t)):
        return False
    reference = content.page.reference
    kinds = ({concept("incident-kind", name) for name in names} for names in (_HOSTILE, _OWED, _MOVES))
    hostile, owed, moves = kinds
    charged = False
    for token in content.tokens:
        entry = trigger_entry(content.page, token, content.tokens)
        if entry is None and _moves_arms(content, token):
            charged = True
        above = set(reference.broader(entry.value)) if entry is not None and entry.value else set()
        omitted = bool(owed & above) and is_verb(token) and is_undone(token) and not _is_modal(token)
        moved = bool(above & moves)
        if entry is None or not (hostile & above or omitted or moved) or _is_ended(content, token, owed):
            continue
        who = subject(token) if is_verb(token) else subject(token.head)
        if who is not None and resolver.both(who[0]) is not None:
            continue
        doer = participants.perpetrator(content.page, resolver, token, None, content.tokens)
        if (doer is None and hostile & above) or _is_under(token):
            doer = participants.origin(content.page, resolver, token)
        if doer is None and is_passive(token):  # "was kept from reaching the well by N"
            below = (agent(v) for c in children(token, "prep", "xcomp") for v in (c, *children(c, "pcomp")))
            by_whom = next((n for n in below if n is not None), None)
            doer = participants.actor_in(content.page, resolver, by_whom) if by_whom is not None else None
        by = resolver.principal(doer)
        by = by if by is not None or not hostile & above else _of_what_is_called(content, token)
        if by == content.own:
            return False  # both fought
        if by is None:
            charged = charged or (
                bool(hostile & above) and (_done_to_us(content, token) or _by_their_own(content, token))
            )
            charged = charged or (omitted and is_passive(token) and not content.is_own(child(token, "nsubjpass")))
            continue
        if omitted:
            charged = True
        if is_negated(token):
            continue
        hit = resolver.principal(participants.target(content.page, resolver, token, entry.objects))
        if moved:
            ours = hit == content.own or _on_own_ground(content, token)
            charged = charged or ours or _goes_on(token) or _at_odds(content, by)
            continue
        charged = charged or hit in (None, by, content.own) or _at_odds(content, by)
    return charged


def _is_ended(content: Content, noun: Token, owed: set[str]) -> bool:
    """Tell whether a deed is what a verb ends or holds back: "hold their fire", "stopped the shelling"."""
    verb = noun.head
    entry = trigger_entry(content.page, verb, content.tokens) if noun.dep_ == "dobj" and is_verb(verb) else None
    above = content.page.reference.broader(entry.value) if entry is not None and entry.value else ()
    return bool(owed & set(above)) and not is_negated(verb)


def _is_modal(verb: Token) -> bool:
    return any(c.dep_ == "aux" and c.tag_ == "MD" for c in verb.children)


def _moves_arms(content: Content, verb: Token) -> bool:
    """Tell whether another side is said to be at work with arms, against one's own or where the two are at odds."""
    arms, found = child(verb, "dobj"), subject(verb) if is_verb(verb) else None
    if arms is None or found is None or is_passive(verb) or is_negated(verb):
        return False
    if not content.page.lexicon.of("WeaponNoun", arms.lemma_.lower()):
        return False
    by = content.resolver.principal(participants.actor_in(content.page, content.resolver, found[0]))
    if by in (None, content.own):
        return False
    return _goes_on(verb) or _at_odds(content, by)


def _is_under(noun: Token) -> bool:
    """Tell whether a deed is what somebody came under, so that the subject is no doer: "came under fire from N"."""
    return noun.dep_ == "pobj" and noun.head.lower_ == "under"


def _on_own_ground(content: Content, verb: Token) -> bool:
    """Tell whether a deed is placed on what is one's own: "dug trenches on our land", "in a Bordurian village"."""
    nouns = (n for p in children(verb, "prep") for n in children(p, "pobj"))
    held = (c for n in nouns for c in children(n, "poss", "amod", "compound"))
    return any(content.is_own(c) for c in held if c.lower_ != "their")  # which may be theirs who did it


def _of_what_is_called(content: Content, noun: Token) -> str | None:
    """Return whose that is which a noun of a deed is said of: "N's presence there is an occupation"."""
    verb = noun.head if noun.dep_ in ("attr", "oprd") else None
    found = subject(verb) if verb is not None and not is_negated(verb) else None
    return content.side(found[0]) if found is not None else None


def _goes_on(verb: Token) -> bool:
    """Tell whether a deed is told as going on: "has been moving", "is bringing"."""
    return verb.tag_ == "VBG" and any(c.dep_ == "aux" for c in verb.children)


def _done_to_us(content: Content, verb: Token) -> bool:
    """Tell whether "they" did it to one's own: "they killed our children"."""
    doer, patient = child(verb, "nsubj"), child(verb, "dobj")
    return doer is not None and not content.is_own(doer) and content.is_own(patient)


def _by_their_own(content: Content, verb: Token) -> bool:
    """Tell whether an organ without a name did it, which is another's where one's own would be "ours": "the army"."""
    found = subject(verb) if is_verb(verb) and not is_passive(verb) else None
    noun = found[0] if found is not None else None
    owner = child(noun, "poss") if noun is not None else None
    hit = content.page.names.covering(sx.start(owner or noun)) if noun is not None else None
    force = content.own is not None and content.resolver.entity(content.own).type == "ArmedFormation"
    return force and hit is not None and hit.kind == "function"


def _beaten_back(content: Content, verb: Token) -> bool:
    """Tell whether one's own forces did the deed to another side: "they were repelled by its troops"."""
    by = agent(verb) if is_passive(verb) else None
    found = subject(verb)
    if by is None or found is None or not content.is_other(found[0]):
        return False
    return content.is_own(by) or any(c.dep_ == "poss" and c.pos_ == "PRON" for c in by.children)


def _at_odds(content: Content, other: str) -> bool:
    """Tell whether one of the two has charged or rejected the other in this document already."""
    principal = content.resolver.principal
    for statement in content.assembly.statements[-_MEMORY:]:
        if statement.force not in ("accuses", "condemns", "denies", "dismisses"):
            continue
        speaker = principal(statement.speaker)
        about = {principal(a) for a in replies.concerned(content.assembly, statement)}
        if (speaker == content.own and other in about) or (speaker == other and content.own in about):
            return True
    return False


def _turned_against(content: Content) -> bool:
    """Tell whether another side's act or word is said to go against one's own: "made claims against us"."""
    for prep in content.tokens:
        if prep.lower_ != "against" or not content.is_own(child(prep, "pobj")):
            continue
        at = prep
        while at.head != at and content.has(at.head):
            at = at.head
            found = subject(at) if is_verb(at) and not is_passive(at) else None
            if found is not None and content.is_other(found[0]):
                return True
    return False


def _failed_under(content: Content) -> bool:
    """Tell whether an agreement is said to have come to nothing at another side's hands: "no progress under N"."""
    refs = content.assembly.refs_in(content.said.content)
    if not refs or not content.is_negative():
        return False
    named = [r.span for r in refs]
    preps = (t for t in content.tokens if t.dep_ == "prep" and t.lower_ in ("under", "because", "through"))
    nouns = [noun for prep in preps for noun in children(prep, "pobj")]
    return any(content.is_other(noun) for noun in nouns if not _within(noun, named))


def _through(content: Content) -> bool:
    """Tell whether what has come to nothing is laid at another side's door: "the talks stalled because of N"."""
    if not content.is_party():
        return False
    for cause in content.tokens:
        after = cause.doc[cause.i + 1 : cause.i + 2]
        if cause.lower_ not in _BECAUSE or not after or after[0].lower_ not in ("of", "to"):
            continue
        nouns = (n for prep in (cause, after[0]) for n in children(prep, "pobj"))
        if not any(n.pos_ == "PROPN" and content.is_other(n) for n in nouns):
            continue
        if content.is_negative() or any(is_failure(content, t) for t in content.tokens if t.i < cause.i):
            return True
    return False


def _within(noun: Token, spans: list[Span]) -> bool:
    return any(a <= sx.start(noun) < b for a, b in spans)
