"""Which stance a content takes to a provision it mentions: reads it, charges a breach, claims to keep it, leaves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pacta.annotations.words import Token
from pacta.claims import participants
from pacta.claims.agreement_ref import AgreementRef
from pacta.claims.conduct import find_conduct, leaving
from pacta.claims.standing import Standing
from pacta.claims.validity import validity
from pacta.lexicon import Entry
from pacta.model import Proposition, Statement
from pacta.statements.grammar import DUTY, child, is_negated, is_passive, is_verb, subject
from pacta.statements.said import Said
from pacta.vocabulary import REJECTING

if TYPE_CHECKING:
    from pacta.claims.assembly import Assembly

# What a judgement of conduct says of the provision, as a local name in the scheme provision-stance.
_BY_CONDUCT = {
    "breach": "violates",
    "blame": "violates",
    "compliance": "complies",
    "suspension": "suspends",
    "withdrawal": "withdraws",
}
_STILL = frozenset({"still", "yet", "no", "never", "none", "neither", "nor"})
_ANY_MORE = frozenset({"longer", "more"})
_OUGHT = frozenset({"have", "need", "ought"})
_CONCEDING = frozenset({"although", "though"})
_MEASURES = _CONCEDING | {"as"}
_WHATEVER = frozenset({"everything", "all", "anything", "what", "whatever", "nothing"})
_MEASURED = 16  # characters after a mention in which "as the accord requires" has its verb
_BEFORE = 4  # words before a mention in which "under", "pursuant to" are looked for


class Stances:
    """Tells the stance of contents of one document. `words`: the words of a content that count."""

    def __init__(self, assembly: Assembly, standing: Standing, words: Callable[[Said], list[Token]]) -> None:
        self.assembly, self.page, self.resolver = assembly, assembly.page, assembly.resolver
        self.standing, self.words = standing, words

    def of(self, statement: Statement, said: Said, proposition: Proposition, ref: AgreementRef) -> str | None:
        """Return the stance of a statement to a mention in its content, as a local name, or None for no position."""
        rejecting = statement.force in REJECTING
        back = self._charged_back(said, ref) if rejecting else None
        if back is not None:
            return back
        left = None if rejecting else leaving(self.page, self.words(said), ref)
        part = left is not None and left[1] == "withdrawal" and ref.number is not None
        if left is not None and part and not self.standing.is_own(said, left[0]):
            return "violates"  # one leaves an agreement: of a part of it, another side is said to break it
        if left is not None:
            return _BY_CONDUCT[left[1]]
        if not rejecting and self._kept_no_longer(said, ref):
            return "suspends"
        if proposition.kind == "interpretation" and proposition.interprets == ref.agreement:
            if rejecting:
                return "denies-violation" if self._is_breach(said) else "disputes"
            if (kept := self._does_as_told(said, ref)) is not None:
                return kept
            charged = statement.force == "accuses" and said.cue_head is not None and self._is_charge(said.cue_head)
            undone = self._left_undone(said, statement) or self._unmet_measure(said, ref)
            undone = undone or self._unmet_promise(said, ref)
            return "violates" if charged or undone else "interprets"
        if proposition.kind == "evaluation" and proposition.against is not None:
            stance = _BY_CONDUCT.get(proposition.conduct or "")
            if proposition.conduct == "blame" and said.mode == "narration":
                return None
            if stance == "violates" and self._misreads(said, ref):
                return "complies" if rejecting else "disputes"
            if stance == "complies" and (statement.force == "demands" or _is_due(said.root)):
                return "demands"
            if stance is not None:
                return {"violates": "denies-violation", "complies": "violates"}.get(stance) if rejecting else stance
        if not rejecting and (self._unmet_measure(said, ref) or self._unmet_promise(said, ref)):
            return "violates"
        if statement.force == "demands":
            return "demands"
        if (cited := self._is_cited(said, ref)) is not None:
            return "disputes" if rejecting else cited
        if self._is_read(said, ref) or validity(self.page, self.words(said), ref) is not None:
            return "disputes" if rejecting else "interprets"
        if statement.force == "accuses" and ref.number is not None and proposition.kind != "incident":
            return "violates"
        if rejecting:
            return "denies-violation" if self._is_breach(said) else "disputes"
        if proposition.kind == "incident":  # a deed that is said to break or to keep the accord
            judged = find_conduct(self.page, self.resolver, self.words(said), (ref,), said.target)
            if judged is not None and said.mode != "narration":
                return _BY_CONDUCT.get(judged.conduct)
        if said.mode == "narration" and ref.number is None:
            return None  # an outlet that names an agreement takes no position by that
        if self._grounded(ref):
            return self._ground(ref)
        return "invokes" if ref.number is not None else None

    def _charged_back(self, said: Said, ref: AgreementRef) -> str | None:
        """Return the stance of an answer that turns the charge round: "retorted that X had torn up the accord"."""
        if self.rejects(said) or said.mode == "narration":
            return None
        own = self.resolver.principal(said.speaker)
        left = leaving(self.page, self.words(said), ref)
        if left is not None:
            found = subject(left[0])
            doer = participants.actor_in(self.page, self.resolver, found[0]) if found is not None else None
            return "violates" if doer is not None and self.resolver.principal(doer) != own else None
        judged = find_conduct(self.page, self.resolver, self.words(said), (ref,), said.target)
        other = judged is not None and judged.actor is not None and judged.actor != own
        return "violates" if other and judged is not None and judged.conduct == "breach" else None

    def rejects(self, said: Said) -> bool:
        """Tell whether the cue itself rejects; else what is said does: "said it had fired no shot"."""
        cue = said.cue_head
        entries = self.page.lexicon.of("ReportingCue", cue.lemma_.lower()) if cue is not None else ()
        return any(e.force in REJECTING for e in entries)

    def _kept_no_longer(self, said: Said, ref: AgreementRef) -> bool:
        """Tell whether the speaker's side says that it keeps an agreement no more: "would no longer carry it out"."""
        for verb in self.words(said):
            longer = any(c.lower_ in _ANY_MORE and any(n.lower_ in _STILL for n in c.children) for c in verb.children)
            if not is_verb(verb) or not longer or not self.standing.is_own(said, verb):
                continue
            judged = find_conduct(self.page, self.resolver, [verb], (ref,), None)
            if judged is not None and judged.trigger == verb:
                return True
        return False

    def _does_as_told(self, said: Said, ref: AgreementRef) -> str | None:
        """Return the stance of "has done all that the accord demands": kept by one's own side, broken where negated."""
        at = self.page.token_at(ref.head)
        while at is not None and at.head != at and not (is_verb(at) and at.dep_ == "relcl"):
            at = at.head
        noun = at.head if at is not None and at.dep_ == "relcl" else None
        verb = noun.head if noun is not None and noun.dep_ in ("dobj", "nsubjpass") else None
        if noun is None or verb is None or noun.lower_ not in _WHATEVER or verb not in said.tokens:
            return None
        kept = verb.lemma_ == "do" or any(e.concept == "compliance" for e in self.conduct_cues(verb))
        if not kept or any(c.tag_ == "MD" for c in verb.children):
            return None
        return "complies" if self.standing.is_own(said, verb) != is_negated(verb) else "violates"

    def _is_charge(self, cue: Token) -> bool:
        return any(e.force == "accuses" for e in self.page.lexicon.of("ReportingCue", cue.lemma_.lower(), "verb"))

    def _is_read(self, said: Said, ref: AgreementRef) -> bool:
        """Tell whether a mention is what the cue itself reads: "X reads the fifth point as allowing it"."""
        head = self.page.token_at(ref.head)
        while head is not None and head.dep_ in ("compound", "nummod", "amod", "det") and head.head != head:
            head = head.head
        return head is not None and head.dep_ == "dobj" and head.head == said.cue_head and said.root.i > head.i

    def _is_cited(self, said: Said, ref: AgreementRef) -> str | None:
        """Return the stance of "X may not invoke the accord" (that reads it), "we invoke it", "is no party to it"."""
        head = self.page.token_at(ref.head) if said.mode != "narration" else None
        while head is not None and head.dep_ in ("compound", "nummod", "amod", "det") and head.head != head:
            head = head.head
        verb = head.head if head is not None and head.dep_ in ("dobj", "pobj", "nsubjpass") else None
        if head is None or verb is None:
            return None
        if head.dep_ == "pobj":
            noun = verb.head if verb.lower_ == "to" else head
            noun = child(noun, "attr") or noun
            party = any(e.pos == "noun" and "source-marker" in e.frames for e in self._readings(noun))
            return "interprets" if party and noun.dep_ == "attr" else None
        if not any(e.pos == "verb" and "source-marker" in e.frames for e in self._readings(verb)):
            return None
        if is_passive(verb) or not self.standing.is_own(said, verb) or is_negated(verb):
            return "interprets"
        return "invokes" if ref.number is not None else None

    def _readings(self, token: Token) -> tuple[Entry, ...]:
        return self.page.lexicon.of("ReadingCue", token.lemma_.lower())

    def _grounded(self, ref: AgreementRef) -> bool:
        """Tell whether a mention gives a ground: "under the accord", "pursuant to the treaty"."""
        first = next(iter(self.page.tokens_in(ref.span)), None)
        if first is None:
            return False
        before = [t.lower_ for t in first.doc[max(first.i - _BEFORE, 0) : first.i] if t.pos_ not in ("DET", "ADJ")]
        phrases = (lemma for e in self.page.lexicon.kinds("ReadingCue") if e.pos == "phrase" for lemma in e.lemmas)
        return any(tuple(before[-len(p) :]) == p for p in phrases)

    def _misreads(self, said: Said, ref: AgreementRef) -> bool:
        """Tell whether a side is blamed for how it reads a provision: its words are the object of a wrong reading."""
        head = self.page.token_at(ref.head)
        if head is None:
            return False
        at = head.head
        at = at.head if at.dep_ == "prep" and at.lower_ == "of" else at  # "a distortion of the accord"
        pos = "verb" if is_verb(at) else "noun"
        blamed = any(e.pos == pos and (e.value or "").endswith("/blame") for e in self.conduct_cues(at))
        return blamed and any(e.pos == pos for e in self._readings(at))

    def _is_breach(self, said: Said) -> bool:
        """Tell whether what is denied is a breach: "denied violating the accord"."""
        values = {e.concept for t in said.tokens for e in self.conduct_cues(t)}
        return "breach" in values

    def conduct_cues(self, token: Token) -> tuple[Entry, ...]:
        return self.page.lexicon.of("ConductCue", token.lemma_.lower())

    def _left_undone(self, said: Said, statement: Statement) -> bool:
        """Tell whether another side is said not to do what it must: "X has not left, as the deal obliges it to"."""
        root, lexicon = said.root, self.page.lexicon
        if not is_verb(root) or (is_passive(root) and lexicon.of("ReadingCue", root.lemma_.lower(), "verb")):
            return False  # "is not obliged to"
        values = {e.concept for e in lexicon.of("ConductCue", root.lemma_.lower(), "verb")}
        undone = is_negated(root) or bool(values & {"breach", "blame"})
        obliged = any(c.tag_ == "MD" for c in root.children)  # "may not block" says what ought to be
        if not undone or obliged or self.standing.is_own_doing(said):
            return False
        other = self.standing.subject(said, self.resolver.principal(statement.speaker)) is not None
        return other or self._is_measure(said)

    def _unmet_measure(self, said: Said, ref: AgreementRef) -> bool:
        """Tell whether a deed left undone is measured by a mention: "X failed to leave as the deal required"."""
        first = next(iter(self.page.tokens_in(ref.span)), None)
        near = first.doc[max(first.i - 2, 0) : first.i] if first is not None else ()
        before = [t for t in near if t.lower_ in _MEASURES]
        words = self.page.tokens_in((ref.span[1], ref.span[1] + _MEASURED))[:2]
        conceded = self._conceded(ref)
        if before and any(e.pos == "verb" for w in words for e in self._readings(w)):
            at = before[0]
        elif conceded is not None:
            at = conceded
        else:
            return False
        while at.head != at and (not is_verb(at) or at in words or at == conceded or at.dep_ in ("xcomp", "pcomp")):
            at = at.head
        supposed = any(c.tag_ == "MD" for c in at.children)  # "would not be used"
        if supposed or at not in said.tokens or self.standing.is_own(said, at):
            return False
        values = {e.concept for e in self.conduct_cues(at)}
        return is_negated(at) or bool(values & {"breach", "blame"})

    def _conceded(self, ref: AgreementRef) -> Token | None:
        """Return the verb of the clause that a mention is conceded in: "refuses, although it stands in point 1"."""
        at = self.page.token_at(ref.head)
        while at is not None and at.head != at and not (is_verb(at) and at.dep_ == "advcl"):
            at = at.head
        marks = (c.lower_ for c in at.children if c.dep_ == "mark") if at is not None and at.dep_ == "advcl" else ()
        return at if any(mark in _CONCEDING for mark in marks) else None

    def _unmet_promise(self, said: Said, ref: AgreementRef) -> bool:
        """Tell whether what a mention promises is said to be refused: "aid, promised in point 3, is still refused"."""
        at = self.page.token_at(ref.head)
        head = at
        while at is not None and at.head != at and not (is_verb(at) and at.dep_ in ("acl", "relcl")):
            at = at.head
        if at is None or at.dep_ not in ("acl", "relcl") or at not in said.tokens:
            return False
        promised = head is not None and (head.dep_ == "nsubj" or (head.dep_ == "nummod" and head.head.dep_ == "nsubj"))
        entries = (*self._readings(at), *self.page.lexicon.of("ReportingCue", at.lemma_.lower(), "verb"))
        if not promised and not any(e.pos == "verb" and (e.force in (None, "", "pledges")) for e in entries):
            return False
        noun = verb = at.head
        while not is_verb(verb) and verb.head != verb:
            verb = verb.head
        done = verb if noun.dep_ != "attr" else at
        if not is_verb(done) or done not in said.tokens or self.standing.is_own_doing(said):
            return False
        refused = (done, done.head) if done.dep_ in ("acl", "xcomp") else (done,)
        still = any(c.lower_ in _STILL for c in done.children)
        return still or is_negated(done) or any(e.concept == "breach" for t in refused for e in self.conduct_cues(t))

    def _is_measure(self, said: Said) -> bool:
        """Tell whether a mention is what something is measured by: "X has not left, as Article 16 stipulates"."""
        for clause in said.root.children:
            as_ = clause.dep_ == "advcl" and any(c.lower_ == "as" and c.dep_ == "mark" for c in clause.children)
            if as_ and self.page.lexicon.of("ReadingCue", clause.lemma_.lower(), "verb"):
                return True
        return False

    def _ground(self, ref: AgreementRef) -> str:
        """Tell "was not appointed under the accord" and "may not sail under the accord" from a mere ground."""
        at = self.page.token_at(ref.head)
        if at is None:
            return "invokes"
        while at.head != at and not is_verb(at):
            at = at.head
        if any(c.tag_ == "MD" for c in at.children):
            return "interprets"
        return "violates" if is_verb(at) and is_negated(at) else "invokes"

    def undone(self, tokens: list[Token]) -> bool:
        """Tell whether a content says that something is not, not yet or still (not) as it should be."""
        for token in tokens:
            longer = token.lower_ == "no" and token.i + 1 < len(token.doc) and token.doc[token.i + 1].lower_ == "longer"
            if token.dep_ == "neg" and self._is_promise(token.head):
                continue
            if token.dep_ == "neg" or (token.lower_ in _STILL and not longer):
                return True
            entries = self.page.lexicon.of("ConductCue", token.lemma_.lower())
            values = {e.concept for e in entries if e.pos in ("verb", "noun")}
            if values & {"breach", "blame"}:
                return True
        return False

    def _is_promise(self, verb: Token) -> bool:
        """Tell whether a negated infinitive is what one promises or asks for: "a guarantee not to sail by night"."""
        if not any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children) or verb.head == verb:
            return False
        words = [verb.head, *(c for c in verb.head.children if c.dep_ == "dobj")]
        forces = {e.force for t in words for e in self.page.lexicon.of("ReportingCue", t.lemma_.lower())}
        return bool(forces & {"pledges", "demands"})


def _is_due(verb: Token) -> bool:
    """Tell whether a verb says what ought to be done: "must keep", "has to keep", "needs to keep"."""
    if any(c.tag_ == "MD" and c.lower_ in DUTY for c in verb.children):
        return True
    led_on = any(c.dep_ == "xcomp" and any(a.lower_ == "to" for a in c.children) for c in verb.children)
    return verb.lemma_.lower() in _OUGHT and led_on
