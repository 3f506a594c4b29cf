"""Whom a position is about: the side charged, named, answered, or the only other party of the agreement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pacta.annotations import syntax as sx
from pacta.annotations.names import NameHit
from pacta.annotations.words import Token
from pacta.claims import participants
from pacta.claims.conduct import LEAVING, leaving
from pacta.model import Proposition, Statement
from pacta.reference import AgreementFacts
from pacta.statements.grammar import DUTY, agent, child, is_passive, is_verb, subject
from pacta.statements.phrases import is_place_use
from pacta.statements.said import Said, top

if TYPE_CHECKING:
    from pacta.claims.assembly import Assembly

_CHARGING = frozenset({"violates", "disputes", "interprets", "invokes", "demands"})
_CONTRAST = frozenset(
    {"only", "solely", "never", "nothing", "no", "nowhere", "although", "though", "but", "however", "yet", "contrary"}
    | {"while", "whereas", "instead", "nevertheless", "despite", "unlike", "neither", "reverse", "opposite", "alone"}
    | {"differently", "merely", "nobody", "none"}
)
_EVERYBODY = frozenset({"both", "all", "sides", "parties", "everybody", "everyone"})
_LED_ON = frozenset({"xcomp", "prep", "ccomp", "advcl"})
_NO_SIDES = frozenset({"MediaOutlet", "Agreement", "InternationalOrganization"})
_NEAR = 1500  # characters back within which another side named counts as the one addressed


class Standing:
    """Tells whom statements of one document are about, as principals."""

    def __init__(self, assembly: Assembly) -> None:
        self.assembly, self.page, self.resolver = assembly, assembly.page, assembly.resolver
        self._by_id = {s.id: s for s in assembly.statements}
        self._titles = frozenset(o for r in assembly.refs for o in range(*r.span))  # "the Zenda accord" blames no Zenda
        self._called = {word for r in assembly.refs for word in self.page.text[slice(*r.span)].split()[:-1]}

    def about(
        self, statement: Statement, said: Said, proposition: Proposition, agreement: str, stance: str | None
    ) -> str | None:
        """Return the principal whose conduct or reading a position is about, other than the speaker for a charge."""
        speaker = self.resolver.principal(statement.speaker)
        if stance is None:
            return None
        if stance == "denies-violation":
            return speaker
        if stance == "complies":
            return self._first(proposition.about) or speaker
        if stance in ("suspends", "withdraws"):
            return self._leaver(said, agreement) or speaker
        if stance not in _CHARGING or (stance == "demands" and _of_everybody(said)):
            return None
        facts = self.page.reference.agreements.get(agreement)
        mine = {speaker}
        if said.target is not None:
            charged = participants.charged_actor(self.page, self.resolver, said.target)
            side = self.resolver.principal(charged)
            parties = self.others(facts, speaker) if facts is not None and stance == "demands" else []
            if side is not None and side not in mine and (not parties or side in parties):
                return side
        told = self._first(a for a in proposition.about if self.resolver.principal(a) not in mine)
        if told is not None and proposition.kind == "evaluation":
            return told
        spared = _sufferers(said.tokens) if stance == "violates" else frozenset()
        named = [p for p in self._named(t for t in said.tokens if t.i not in spared) if p not in mine]
        if facts is not None:
            others = self.others(facts, speaker)
            if stance == "interprets":
                return self._read_against(said, proposition, speaker, others, named)
            fit = next((p for p in named if p in others), None) or self._around(statement, said, others)
            return fit or self._answered(statement, others) or (others[0] if len(others) == 1 else None)
        if stance == "interprets":
            return self._read_against(said, proposition, speaker, [], named)
        if stance == "demands" and said.target is not None and said.target.pos_ == "NOUN":
            return next(iter(named), None)  # "asked its allies to act"
        told = next(iter(named), None) or self._known_subject(said, speaker) or self._answered(statement, ())
        return told or self._last_other(said, ())

    def _around(self, statement: Statement, said: Said, others: list[str]) -> str | None:
        """Return the side that the same speaker names around a charge: "N's men moved rockets, in what it called …"."""
        begin, end = said.content[0][0], said.content[-1][1]
        for one in self.assembly.statements:
            over = self.assembly.said.get(one.id)
            if over is None or one.id == statement.id or one.speaker != statement.speaker:
                continue
            first, stop = over.content[0][0], over.content[-1][1]
            if first <= begin and end <= stop and stop - first > end - begin:
                armed = (p for p in self._named(over.tokens) if p in others or self._is_armed(p))
                return next((p for p in armed if p != self.resolver.principal(statement.speaker)), None)
        return None

    def names_nobody(self, said: Said, mine: str | None) -> bool:
        """Tell whether a content names no other side than the speaker's."""
        return all(p == mine for p in self._named(said.tokens))

    def _is_armed(self, actor: str) -> bool:
        return self.resolver.entity(actor).type in ("ArmedFormation", "DeFactoEntity")

    def _leaver(self, said: Said, agreement: str) -> str | None:
        """Return who leaves an agreement: the subject of the leaving, else the side named first.

        Who calls it void, or not binding any more, speaks for the subject of these words, or for nobody but itself.
        """
        tokens = list(said.tokens)
        refs = (r for r in self.assembly.refs_in(said.content) if r.agreement == agreement)
        found = next((hit for r in refs if (hit := leaving(self.page, tokens, r)) is not None), None)
        words = self.page.lexicon.of("ConductCue", found[0].lemma_.lower()) if found is not None else ()
        if found is not None and not any(e.concept in LEAVING for e in words):
            verb = found[0]
            while not is_verb(verb) and verb.head != verb:
                verb = verb.head
            who = subject(verb)
            if who is None or sx.start(who[0]) in self._titles:
                return None
            doer = participants.actor_in(self.page, self.resolver, who[0])
            return self.resolver.principal(doer) if doer is not None else None
        for token in tokens:
            entries = self.page.lexicon.of("ConductCue", token.lemma_.lower())
            if any(e.concept in LEAVING for e in entries):
                actor = participants.perpetrator(self.page, self.resolver, token, None, tokens)
                if actor is not None:
                    return self.resolver.principal(actor)
        return next(self._named(tokens), None)

    def _read_against(
        self, said: Said, proposition: Proposition, speaker: str | None, others: list[str], named: list[str]
    ) -> str | None:
        """Return the side that a reading holds something against: whom it obliges, or whose conduct it contrasts."""
        bearers = [p for o in proposition.obligations if (p := self.resolver.principal(o.bearer)) is not None]
        owing = next((b for b in bearers if b != speaker and b in others), None) or (
            self._bound(said, speaker) if others else None
        )
        if owing is None and any(c.tag_ == "MD" and c.lower_ in DUTY for c in said.root.children):
            owing = self.subject(said, speaker)  # "N must leave, as the accord has it"
        if owing is not None or not self.is_contrast(said):
            return owing
        told = self.subject(said, speaker)
        return (
            (told if not others or told in others else None)
            or next((p for p in named if p in others), None)
            or (others[0] if len(others) == 1 else None)
        )

    def _bound(self, said: Said, speaker: str | None) -> str | None:
        """Return the other side that a reading binds in so many words: "commits N to open one"."""
        for verb in said.tokens:
            cues = self.page.lexicon.of("ReadingCue", verb.lemma_.lower(), "verb") if is_verb(verb) else ()
            bound = child(verb, "nsubjpass") if cues and is_passive(verb) else None
            noun = bound or (child(verb, "dobj") if cues else None)
            led_on = noun is not None and any(c.dep_ in _LED_ON and c.i > noun.i for c in verb.children)
            if noun is None or not (led_on or bound is not None):
                continue
            hit = self.page.names.covering(sx.start(noun))
            actor = self.page.names.actor(hit) if hit is not None else None
            if actor is None or actor.type in _NO_SIDES:
                continue
            side = self.resolver.principal(actor.iri)
            if side is not None and side != speaker:
                return side
        return None

    def subject(self, said: Said, speaker: str | None) -> str | None:
        """Return the side that a content's main clause is about, where it is an actor other than the speaker."""
        found = subject(said.root)
        head = found[0] if found is not None else None
        hit = self.page.names.covering(sx.start(head)) if head is not None else None
        if head is None or hit is None or (hit.kind != "organ" and self.page.names.actor(hit) is None):
            return None
        side = self.resolver.principal(participants.actor_in(self.page, self.resolver, head))
        return side if side != speaker else None

    def _known_subject(self, said: Said, speaker: str | None) -> str | None:
        """Return the actor of the document that the subject of a content takes up without a name: "the command"."""
        found = subject(said.root)
        if found is None or found[0].pos_ != "NOUN":
            return None
        side = self.resolver.principal(self.resolver.actor(found[0], create=False))
        return side if side != speaker else None

    def is_own_doing(self, said: Said) -> bool:
        """Tell whether the subject of a content is the speaker's side itself, not people or things of it."""
        return self.is_own(said, said.root)

    def is_own(self, said: Said, verb: Token) -> bool:
        """Tell whether the subject of a verb in a content is the speaker's side itself."""
        found = subject(verb)
        head = found[0] if found is not None else None
        if head is None or (head.pos_ != "PRON" and self.page.names.covering(sx.start(head)) is None):
            return head is None
        actor = participants.actor_in(self.page, self.resolver, head)
        return actor is None or self.resolver.principal(actor) == self.resolver.principal(said.speaker)

    def is_contrast(self, said: Said) -> bool:
        """Tell whether a content sets what is agreed against something else: "only", "never", "although", "but"."""
        return any(t.dep_ == "neg" or t.lower_ in _CONTRAST for t in said.tokens)

    def charged(
        self,
        facts: AgreementFacts,
        speaker: str | None,
        tokens: Iterable[Token],
        statement: Statement,
    ) -> str | None:
        """Return the other party that a content without a mention of the agreement blames, by name or alone."""
        parties = {self.resolver.principal(p) for p in facts.parties}
        if speaker not in parties:
            return None
        others = self.others(facts, speaker)
        words = list(tokens)
        named = [p for p in self._named(words) if p in others]
        if not named and self._is_about_a_third(words):
            return None
        return named[0] if named else self._answered(statement, others) or (others[0] if len(others) == 1 else None)

    def _is_about_a_third(self, tokens: list[Token]) -> bool:
        """Tell whether a content is about a group that nobody knows: "the coalition is holding ships"."""
        found = subject(top(tokens)) if tokens else None
        noun = found[0] if found is not None else None
        if noun is None or noun.pos_ != "NOUN" or any(c.lower_ == "other" for c in noun.children):
            return False
        group = self.page.lexicon.of("GroupNoun", noun.lemma_.lower())
        return bool(group) and self.resolver.actor(noun, create=False) is None

    def others(self, facts: AgreementFacts, speaker: str | None) -> list[str]:
        """Return the parties that may stand against a speaker: not its own side, mediators only where none is left."""
        parties = [p for x in facts.parties if (p := self.resolver.principal(x)) is not None and p != speaker]
        brokers = {self.resolver.principal(m) for m in facts.mediators}
        return list(dict.fromkeys(p for p in parties if p not in brokers)) or list(dict.fromkeys(parties))

    def _first(self, actors: Iterable[str]) -> str | None:
        return next((self.resolver.principal(a) for a in actors), None)

    def _named(self, tokens: Iterable[Token]) -> Iterator[str]:
        """Yield the principals named among tokens, places in the text of a content not counted."""
        for token in tokens:
            hit = self.page.names.covering(sx.start(token))
            if hit is None or (is_place_use(token) and self.page.names.place(hit) is not None):
                continue
            if self._is_title(hit):
                continue
            actor = self.resolver.named(hit)
            found = self.resolver.principal(actor) if actor is not None else None
            if found is not None:
                yield found

    def _is_title(self, hit: NameHit) -> bool:
        """Tell whether a name is that of an agreement: in its title, or the town it is called after, told alone."""
        town = hit.kind == "metonym" and self.page.text[slice(*hit.span)] in self._called
        return hit.span[0] in self._titles or town

    def _answered(self, statement: Statement, among: Iterable[str]) -> str | None:
        """Return the side whose statement this one answers."""
        target = self._by_id.get(statement.responds_to or "")
        found = self.resolver.principal(target.speaker) if target is not None else None
        allowed = list(among)
        return found if found is not None and (not allowed or found in allowed) else None

    def _last_other(self, said: Said, among: Iterable[str]) -> str | None:
        """Return the side of the agreement named last before the statement, or first after it."""
        speaker = self.resolver.principal(said.speaker)
        allowed = list(among)
        at = said.content[0][0]
        hits = self.page.names.starting(at - _NEAR, at + _NEAR)
        near = sorted(hits, key=lambda h: (h.span[0] > at, abs(h.span[0] - at)))
        for hit in near:
            actor = self.page.names.actor(hit)
            if actor is None or actor.type in _NO_SIDES or self._is_title(hit):
                continue
            found = self.resolver.principal(actor.iri)
            if found is not None and found != speaker and (found in allowed if allowed else actor.type != "Person"):
                return found
        return None


def _sufferers(tokens: Iterable[Token]) -> frozenset[int]:
    """Return the words for whom something is done to by nobody named: "the monitors are denied access in breach of"."""
    patients = (child(t, "nsubjpass") for t in tokens if is_verb(t) and is_passive(t) and agent(t) is None)
    return frozenset(t.i for patient in patients if patient is not None for t in patient.subtree)


def _of_everybody(said: Said) -> bool:
    """Tell whether a demand is made of all sides alike: "urged both to keep the accord", "the two sides must"."""
    found = subject(said.root)
    asked = [t for t in (said.target, found[0] if found is not None else None) if t is not None]
    first = next((t for t in said.tokens if not t.is_punct), None)
    words = {w.lower_ for t in asked for w in (t, *t.children)} | ({first.lower_} if first is not None else set())
    return bool(words & _EVERYBODY)
