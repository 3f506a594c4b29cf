"""Charges within a content: a breach, a hostile deed of another side, what it owes and did not do, words of blame."""

from __future__ import annotations

from pacta.annotations import syntax as sx
from pacta.annotations.words import Token
from pacta.claims import participants, replies
from pacta.claims.content import Content
from pacta.claims.incidents import trigger_entry
from pacta.lexicon import Entry
from pacta.model import Proposition, Span
from pacta.statements.grammar import FIRST_PERSON, agent, child, children, is_negated, is_passive, is_verb, subject
from pacta.vocabulary import concept

_OWED = ("retreat", "aid")  # kinds of deed that one side expects of the other
_HOSTILE = ("assault", "coercion", "threat")  # kinds of deed that one side reproaches the other with
_MOVES = ("mobilization",)  # kinds of deed that are held against a side by the other alone
_PARTIES = frozenset({"State", "DeFactoEntity", "ArmedFormation"})  # who can be a side; monitors and outlets are none
_LIE = frozenset({"lie", "rest", "fall", "be"})
_MEMORY = 60  # statements back in which one side may have charged the other


def charges(content: Content, proposition: Proposition) -> bool:
    """Tell whether the content charges another side: a breach, a hostile deed, or a word of blame about it."""
    if proposition.kind == "evaluation" and proposition.conduct == "breach" and not _confesses(content):
        return True
    if blamed(content) is not None or _hostile_deed(content) or any(_blames(content, t) for t in content.tokens):
        return True
    return _turned_against(content) or _failed_under(content) or _it_is_they(content)


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
    if content.own is None or not _is_party(content):
        return False
    for verb in content.clauses():
        it, who = child(verb, "nsubj", "expl"), child(verb, "attr")
        if verb.lemma_ != "be" or is_negated(verb) or it is None or it.lower_ != "it" or who is None:
            continue
        told = [*children(verb, "advcl", "ccomp", "relcl", "acl"), *children(who, "relcl", "acl")]
        acts = any(child(t, "dobj", "prep") is not None and not is_passive(t) and not is_negated(t) for t in told)
        party = content.is_other(who) and content.resolver.entity(content.side(who) or "").type in _PARTIES
        if acts and (party or _is_they(content, who)):
            return True
    return False


def _is_party(content: Content) -> bool:
    """Tell whether a side speaks: by what it is, or because it says "our" of forces, ground or people of its own."""
    if content.own is not None and content.resolver.entity(content.own).type in _PARTIES:
        return True
    return content.said.mode == "direct" and any(
        t.lower_ == "our" and t.dep_ == "poss" and t.head.dep_ in ("nsubj", "nsubjpass", "dobj") for t in content.tokens
    )


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
    if content.own is None or not _is_party(content) or said.relayed is not None:
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
        omitted = bool(owed & above) and is_verb(token) and is_negated(token) and not _is_modal(token)
        moved = bool(above & moves)
        if entry is None or not (hostile & above or omitted or moved):
            continue
        doer = participants.perpetrator(content.page, resolver, token, None, content.tokens)
        if doer is None and hostile & above:
            doer = participants.origin(content.page, resolver, token)
        by = resolver.principal(doer)
        if by == content.own:
            return False  # both fought
        if by is None:
            charged = charged or (
                bool(hostile & above) and (_done_to_us(content, token) or _by_their_own(content, token))
            )
            continue
        if resolver.label(by).lower().startswith("both "):
            continue
        if omitted:
            charged = True
        if is_negated(token):
            continue
        hit = resolver.principal(participants.target(content.page, resolver, token, entry.objects))
        if moved:
            charged = charged or hit == content.own or _goes_on(token) or _at_odds(content, by)
            continue
        charged = charged or hit in (None, by, content.own) or _at_odds(content, by)
    return charged


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


def _blames(content: Content, token: Token) -> bool:
    """Tell whether `token` is a word of blame or breach about another side."""
    for lemma, entry in content.page.lexicon.starting("ConductCue", token.lemma_.lower()):
        conduct = entry.concept
        if len(lemma) > 1 and not _follows(token, lemma):
            continue
        if conduct == "breach" and entry.pos == "verb" and not _has_duty(content, token):
            continue
        if conduct == "compliance":
            owing = is_verb(token) and is_negated(token) and _has_duty(content, token)
            if owing and content.is_other(_bearer(content, token, entry)):
                return True
            continue
        if conduct not in ("breach", "blame") or not _pos_fits(token, entry):
            continue
        verb = token if is_verb(token) else token.head
        if is_negated(verb):
            continue
        bearer = _bearer(content, token, entry)
        if content.is_other(bearer) or _is_they(content, bearer):
            return True
        indirect = content.side(bearer) is None or subject(token) is None
        if indirect and (_suffers(content, token) or _points_back(content, token)):
            return True
    return False


def _is_they(content: Content, bearer: Token | None) -> bool:
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
    nouns = children(verb, "dobj", "nsubjpass") + [
        n for p in children(verb, "prep", "prt") for n in children(p, "pobj")
    ]
    verbs = children(verb, "xcomp")
    nouns += [n for v in verbs for n in children(v, "dobj")]
    nouns += [n for v in verbs for p in children(v, "prep") for n in children(p, "pobj")]
    known = lexicon.lemmas("AgreementNoun")
    if _is_party(content) and any(_rights(content, n) for n in children(verb, "dobj", "nsubjpass")):
        return True
    return any(
        n.lemma_.lower() in known
        or any(e.pos == "noun" for e in lexicon.of("ReadingCue", n.lemma_.lower()))
        or any(e.force == "pledges" for e in lexicon.of("ReportingCue", n.lemma_.lower(), "noun"))
        for n in nouns
    )


def _rights(content: Content, noun: Token) -> bool:
    """Tell whether a noun means what is the speaker's own: "our airspace", "its sovereignty"."""
    owner = child(noun, "poss")
    return owner is not None and (owner.lower_ in ("our", "its", "their") or content.is_own(owner))


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
    for part in children(noun, "poss", "amod", "compound", "nmod"):
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


def _within(noun: Token, spans: list[Span]) -> bool:
    return any(a <= sx.start(noun) < b for a, b in spans)
