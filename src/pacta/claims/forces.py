"""The force that a content gives its statement where the cue leaves it open: charge, denial, pledge, demand, refusal.

"X said that Y had shelled its post" charges Y; "X said it had shelled nobody" answers the charge. A cue that has a
force of its own keeps it: only what is plainly asserted is looked at here. Parties are compared by principal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pacta.annotations import syntax as sx
from pacta.annotations.words import Token
from pacta.claims import replies
from pacta.claims.charges import blamed, charges
from pacta.claims.content import Content
from pacta.claims.denials import answered, called_false, contradicts, denies_asked, goes_on
from pacta.model import Participation, Proposition, Statement
from pacta.statements.grammar import FIRST_PERSON, child, children, is_negated, is_passive, noun_phrase, subject
from pacta.statements.said import Said
from pacta.vocabulary import REJECTING

if TYPE_CHECKING:
    from pacta.claims.assembly import Assembly

_OUGHT = frozenset({"must", "should", "ought", "shall"})
_INTENT = frozenset({"will", "shall", "'ll", "\u2019ll", "wo"})
_PREDICATES = frozenset({"acomp", "oprd", "xcomp", "attr"})


def sharpened(assembly: Assembly, said: Said, proposition: Proposition) -> tuple[str, Proposition, Statement | None]:
    """Return force, proposition and answered statement of what is plainly asserted."""
    if said.force != "asserts" or said.mode in ("narration", "shown-evidence") or proposition.kind == "interpretation":
        return said.force, proposition, None
    with assembly.resolver.aside():
        content = Content(assembly, said)
        force, target = _force(content, proposition)
        if force == "denies" and target is None and (noun := called_false(content)) is not None:
            return force, _narrowed(assembly, noun), None
        again = goes_on(content) if force == "asserts" else None
        if again is not None:
            met = next((s for s in assembly.statements if s.id == again.responds_to), None)
            return again.force, assembly.propositions[again.proposition], met
        beside = blamed(content) if force == "accuses" else None
    if beside is not None:
        assembly.blaming.add(beside[0])
    culprit = beside[1] if beside is not None and proposition.kind == "incident" else None
    if culprit is not None and all(p.role != "perpetrator" for p in proposition.participations):
        parts = (*proposition.participations, Participation(culprit, "perpetrator"))
        proposition = replace(proposition, participations=parts)
    if force in REJECTING and target is not None:
        proposition = assembly.propositions[target.proposition]
    return force, proposition, target


def of_rejection(assembly: Assembly, said: Said, force: str, proposition: Proposition) -> str:
    """Return the force of a dismissal: a reading is dismissed; that something was done, or said rightly, is denied."""
    if force != "dismisses" or proposition.kind == "interpretation":
        return force
    if proposition.kind in ("incident", "evaluation"):
        return "denies"
    lexicon = assembly.page.lexicon
    if said.mode == "direct":
        nouns = lexicon.lemmas("RejectionTargetNoun")
        own = any(n.lemma_.lower() in nouns for n in children(said.root, "dobj", "nsubjpass"))
        return "denies" if own else force
    above = said.root.head if said.root.dep_ in ("acl", "ccomp", "relcl") else None  # "rejected the claim that"
    told = (n for n in (said.root, said.target, above) if n is not None and said.force == "dismisses")
    entries = (e for n in told for e in lexicon.of("RejectionTargetNoun", n.lemma_.lower()))
    return "denies" if any(e.force == "denies" for e in entries) else force


def _narrowed(assembly: Assembly, noun: Token) -> Proposition:
    """Return the words that are called false, without what is said of them, as what is rejected."""
    a, b = sx.span_of(assembly.page.text, noun_phrase(noun) or [noun])
    gloss = " ".join(assembly.page.text[a:b].split())
    return Proposition(f"{a}-{b}-state-of-affairs", "state-of-affairs", (a, b), gloss)


def _force(content: Content, proposition: Proposition) -> tuple[str, Statement | None]:
    done = _performed(content)
    if done in REJECTING:
        return done, replies.same_matter(content.assembly, content.said, proposition)
    if done is not None:
        return done, None
    if called_false(content) is not None:
        return "denies", replies.last_against(content.assembly, content.said)
    if contradicts(content):
        return "denies", replies.last_against(content.assembly, content.said)
    if (belittled := _belittled(content)) is not None:
        return "dismisses", belittled
    if _deplored(content):
        return "condemns", None
    if charges(content, proposition):
        return "accuses", None
    charge = answered(content)
    return ("denies", charge) if charge is not None or denies_asked(content) else ("asserts", None)


def _deplored(content: Content) -> bool:
    """Tell whether the content gives what another did a name of blame: "called the raid barbaric"."""
    said, lexicon = content.said, content.page.lexicon
    if said.frame != "object-as" or said.target is None or content.is_own(said.target):
        return False
    verdict = [t for t in content.tokens if t.i > said.target.i and t not in noun_phrase(said.target)]
    entries = [e for t in verdict for e in lexicon.of("ConductCue", t.lemma_.lower())]
    return any((e.value or "").endswith("/blame") for e in entries) and not any(is_negated(t) for t in verdict)


def _belittled(content: Content) -> Statement | None:
    """Return what another side has said where the content gives it a name that is no praise ("a tale")."""
    said, lexicon = content.said, content.page.lexicon
    target = said.target if said.frame == "object-as" else None
    if target is None:
        return None
    named = any(lexicon.of("RejectionTargetNoun", t.lemma_.lower()) for t in (target, content.said.root))
    if not named:
        return None
    entries = (e for t in content.tokens for e in lexicon.of("ConductCue", t.lemma_.lower()))
    good = any((e.value or "").endswith(("/praise", "/compliance")) for e in entries)
    return None if good else replies.rejected(content.assembly, said)


# --- what the content does by itself ----------------------------------------------------------------------------------
def _performed(content: Content) -> str | None:
    """Return the force that a main predicate performs: "X must …", "we will …", "they do not accept that …"."""
    for noun in (*content.tokens, content.said.root.head):
        if noun.pos_ == "NOUN" and (force := _of_own_noun(content, noun)) is not None:
            return force
    for verb in content.clauses():
        found = subject(verb)
        who = found[0] if found is not None and (found[1] == verb or verb.dep_ in ("xcomp", "conj")) else None
        helpers = {c.lower_ for c in verb.children if c.dep_ == "aux"}
        if who is None:
            if _is_imperative(content, verb):
                return "demands"
            continue
        if content.is_other(who) and not is_passive(verb) and _ought(verb, helpers):
            return "demands"
        if not content.is_own(who):
            continue
        force = _of_own_cue(content, verb)
        if force is not None:
            return force
        told = helpers & _INTENT or ("would" in helpers and content.said.mode == "indirect")
        first = "shall" in helpers or who.lower_ in FIRST_PERSON  # "we shall not be the ones who break it"
        if told and not is_passive(verb) and (first if is_negated(verb) else verb.pos_ != "AUX"):
            return "pledges"
    return None


def _ought(verb: Token, helpers: set[str]) -> bool:
    if helpers & _OUGHT:
        return True
    if any(c.lower_ == "yet" for c in verb.children):
        return False  # "has yet to leave": it should have, and has not
    need = verb.lemma_.lower() in ("need", "have") and any(
        c.dep_ == "xcomp" and any(a.dep_ == "aux" and a.lower_ == "to" for a in c.children) for c in verb.children
    )
    return need and verb.tag_ in ("VBZ", "VBP")


def _is_imperative(content: Content, verb: Token) -> bool:
    """Tell whether a quoted sentence orders: a bare verb at its head, without subject."""
    return (
        content.said.mode == "direct"
        and (verb.head == verb or not content.has(verb.head))
        and verb.tag_ == "VB"
        and not any(c.dep_ in ("aux", "nsubj", "nsubjpass", "expl") for c in verb.children)
    )


def _of_own_noun(content: Content, noun: Token) -> str | None:
    """Return the force of a noun of speech that is the whole content: "stressed its readiness to", "the need for"."""
    above = noun.head
    if content.has(above) and above != noun:
        return None
    owner = child(noun, "poss")
    if owner is not None and not content.is_own(owner):
        return None
    entries = content.page.lexicon.of("ReportingCue", noun.lemma_.lower(), "noun")
    return next((e.force for e in entries if e.force in ("pledges", "demands", "warns")), None)


def _of_own_cue(content: Content, verb: Token) -> str | None:
    """Return the force of a word of speech whose subject is the speaker's own side: "our side demands", "is ready to".

    "Does not accept": what is not confirmed is dismissed.
    """
    present = verb.tag_ in ("VBZ", "VBP", "VB")
    nouns = content.page.lexicon.lemmas("RejectionTargetNoun")
    said = any(n.lemma_.lower() in nouns for n in children(verb, "dobj", "nsubjpass"))
    for entry in content.page.lexicon.of("ReportingCue", verb.lemma_.lower(), "verb"):
        neither = any(c.lower_ == "neither" for c in verb.children)
        if (
            entry.force == "confirms"
            and is_negated(verb)
            and not neither
            and (present or child(verb, "aux") is not None)
        ):
            return "dismisses"
        nor = verb.dep_ == "conj" and any(c.lower_ == "nor" for c in verb.head.children)
        if is_negated(verb) or nor or entry.force in (None, "asserts", "confirms", "accuses", "announces"):
            continue
        own = child(verb, "xcomp")
        if entry.force == "demands" and own is not None and child(own, "nsubj") is None and child(verb, "dobj") is None:
            continue  # who wants to do something asks nobody
        if entry.force == "dismisses" and said:
            return "denies"  # who rejects what another has said says that it is not so
        if (present and child(verb, "aux") is None) or entry.force in REJECTING:
            return entry.force
    for word in children(verb, *_PREDICATES):
        entries = content.page.lexicon.of("ReportingCue", word.lemma_.lower(), "adjective")
        if entries and not is_negated(verb):
            return entries[0].force
    return None
