"""From ascriptions to statements: propositions, incidents, replies, relays and merged attributions of one document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.claims import forces, participants, replies
from pacta.claims.agreement_ref import AgreementRef, local_clause
from pacta.claims.conduct import find_conduct, leaving
from pacta.claims.incidents import Account, Known, casualties, find_account, same
from pacta.claims.links import links
from pacta.claims.mentions import mention_agreements
from pacta.claims.readings import Reading, find_reading, spans_of
from pacta.claims.runs import join_runs
from pacta.model import (
    AgreementMention,
    Attribution,
    Communique,
    Incident,
    Participation,
    Proposition,
    Span,
    Statement,
    TimeMention,
    hull,
)
from pacta.statements.coreference import Resolver
from pacta.statements.phrases import is_place_use
from pacta.statements.said import Said
from pacta.vocabulary import REJECTING

_GLOSS = 280
_MEMORY = 60  # incidents back that an account may join


@dataclass
class Assembly:
    """Collects what the ascriptions of one document amount to. One per document, filled in reading order."""

    page: Annotated
    resolver: Resolver
    refs: tuple[AgreementRef, ...]
    statements: list[Statement] = field(default_factory=list)
    attributions: list[Attribution] = field(default_factory=list)
    propositions: dict[str, Proposition] = field(default_factory=dict)
    incidents: list[Known] = field(default_factory=list)
    communiques: list[Communique] = field(default_factory=list)
    mentions: list[AgreementMention] = field(default_factory=list)
    said: dict[str, Said] = field(default_factory=dict)
    by_sentence: dict[int, list[tuple[str, Said]]] = field(default_factory=dict)
    blaming: set[Token] = field(default_factory=set)  # words whose blame another statement carries already
    _headlines: list[tuple[Said, Proposition]] = field(default_factory=list)

    def add(self, said: Said) -> None:
        """Turn one ascription into a statement, or into a further attribution of one that is there."""
        target = replies.rejected(self, said) if said.force in REJECTING else None
        if target is not None:
            proposition = self.propositions[target.proposition]
            force = said.force
        else:
            proposition, force = self._proposition(said)
            if force in REJECTING:
                target = replies.same_matter(self, said, proposition)
                if target is not None:
                    proposition = self.propositions[target.proposition]
            else:
                force, proposition, target = forces.sharpened(self, replace(said, force=force), proposition)
        force = forces.of_rejection(self, said, force, proposition)
        if said.headline:
            self._headlines.append((replace(said, force=force), proposition))
            return
        self._state(replace(said, force=force), proposition, target)

    def finish(self) -> None:
        """Join long quotations; attach headlines to the statement they repeat, or let them stand as statements."""
        join_runs(self)
        for said, proposition in self._headlines:
            twin = self._twin(said, proposition)
            if twin is not None:
                self._attribute(said, twin.id)
            else:
                self._state(said, proposition, None)
        kept = {s.proposition for s in self.statements}
        self.propositions = {i: p for i, p in self.propositions.items() if i in kept}
        used = {p.incident for p in self.propositions.values() if p.kind == "incident"}
        for proposition in list(self.propositions.values()):
            if proposition.kind == "evaluation" and proposition.incident not in used:
                self.propositions[proposition.id] = replace(proposition, incident=None)
        self.incidents = [i for i in self.incidents if i.id in used]
        self.mentions = mention_agreements(self)

    @property
    def incident_values(self) -> tuple[Incident, ...]:
        return tuple(Incident(i.id) for i in self.incidents)

    # --- statements ---------------------------------------------------------------------------------------------------
    def _state(self, said: Said, proposition: Proposition, answers: Statement | None) -> None:
        self.propositions.setdefault(proposition.id, proposition)
        shown = self._shown_before(said, proposition)
        if shown is not None:
            self._attribute(said, shown.id)
            return
        a, b = hull(said.content)
        identity = f"{a}-{b}-{said.force}"
        if identity in self.said:
            return
        relays = self._relayed(said, proposition, identity)
        self.statements.append(
            Statement(
                identity,
                said.speaker,
                said.force,
                proposition.id,
                said_during=self._said_during(said),
                responds_to=answers.id if answers is not None else None,
                relays=relays,
                communique=self._communique(said),
            )
        )
        self.said[identity] = said
        self.by_sentence.setdefault(said.sentence, []).append((identity, said))
        self._attribute(said, identity)
        self._joined(said, self.statements[-1])

    def _joined(self, said: Said, first: Statement) -> None:
        """State the same for each of the others who say it: "X, Y and Z condemned …"."""
        for number, actor in enumerate(said.others, 2):
            other = replace(first, id=f"{first.id}-{number}", speaker=actor, communique=None)
            self.statements.append(other)
            self._attribute(said, other.id)

    def _attribute(self, said: Said, statement: str) -> None:
        self.attributions.append(
            Attribution(statement, said.content, said.source, said.cue, said.mode, said.stance, said.confidence)
        )

    def _relayed(self, said: Said, proposition: Proposition, identity: str) -> str | None:
        """State what the cited source said: same proposition, its own speaker and attribution."""
        if said.relayed is None or said.frame == "continued":
            return None
        cue, source, actor = said.relayed
        origin = f"{identity}-relayed"
        self.statements.append(Statement(origin, actor, said.force, proposition.id))
        self.attributions.append(
            Attribution(
                origin, said.content, (source,), (cue,), "indirect", said.stance, round(said.confidence * 0.9, 3)
            )
        )
        return origin

    def _communique(self, said: Said) -> int | None:
        if not said.communique:
            return None
        last = self.communiques[-1] if self.communiques else None
        if last is None or last.speaker != said.speaker:
            last = Communique(len(self.communiques), said.speaker)
            self.communiques.append(last)
        return last.number

    def _said_during(self, said: Said) -> TimeMention | None:
        """Return when it was said: the time told in the sentence outside all contents, nearest to the cue."""
        if said.cue_head is None or said.frame == "continued":
            return None
        span = self.page.sentences[said.sentence][2]
        cue = said.cue[0][0]
        inside = [*said.content, *(c for o in self._same_sentence(said) for c in o.content)]
        times = [t for t in self.page.times_in(span) if not any(a <= t.span[0] < b for a, b in inside)]
        return min(times, key=lambda t: abs(t.span[0] - cue)) if times else None

    def _same_sentence(self, said: Said) -> list[Said]:
        return [other for _, other in self.by_sentence.get(said.sentence, ())]

    def _shown_before(self, said: Said, proposition: Proposition) -> Statement | None:
        """A second report that the same actor showed evidence of the same incident is one more attribution."""
        if said.mode != "shown-evidence" or proposition.incident is None:
            return None
        for statement in self.statements:
            other = self.said.get(statement.id)
            if (
                other is not None
                and other.mode == "shown-evidence"
                and statement.speaker == said.speaker
                and self.propositions[statement.proposition].incident == proposition.incident
            ):
                return statement
        return None

    def _twin(self, said: Said, proposition: Proposition) -> Statement | None:
        """Find the statement of the text that a headline sums up: same side, same force, same matter."""
        principal = self.resolver.principal(said.speaker)
        for statement in self.statements:
            if statement.force != said.force or self.resolver.principal(statement.speaker) != principal:
                continue
            other = self.propositions[statement.proposition]
            if proposition.kind == "incident" and other.kind == "incident":
                if proposition.incident == other.incident:
                    return statement
            elif replies.overlap(self.page, said, self.said.get(statement.id)) >= 0.4:
                return statement
        return None

    # --- propositions -------------------------------------------------------------------------------------------------
    def _proposition(self, said: Said) -> tuple[Proposition, str]:
        """Return what the ascription takes a stance on, and the force, which the content may sharpen."""
        tokens, spans = self.own_tokens(said), said.content
        inside = tuple(self.refs_in(spans))
        target = said.target
        if said.force == "pledges":
            return self._new(said, "undertaking"), said.force
        reading = find_reading(self.page, self.resolver, tokens, inside)
        conduct = find_conduct(self.page, self.resolver, tokens, inside, target)
        # "a breach of the accord, which calls for …" is a charge, whatever it reads on the way
        charge = conduct.trigger if conduct is not None and conduct.conduct == "breach" else None
        below = charge and reading and reading.trigger and _above(charge, reading.trigger)
        if reading is not None and not below and leaving(self.page, tokens, reading.ref) is None:
            return self._interpretation(said, reading), said.force
        account = find_account(self.page, self.resolver, tokens, spans, target) if said.force != "demands" else None
        if account is not None and account.negated and said.force not in REJECTING:
            mine = self.resolver.principal(account.perpetrator) == self.resolver.principal(said.speaker)
            if mine and account.perpetrator is not None and account.past:
                return self._account(said, account), "denies"
            account = None
        if conduct is not None and (account is None or _above(conduct.trigger, account.trigger)):
            incident = self._charged_incident(said, account)
            actor = conduct.actor or self._charged_actor(said)
            about: tuple[str, ...] = (actor,) if actor is not None else ()
            proposition = replace(
                self._new(said, "evaluation"),
                conduct=conduct.conduct,
                against=self._part(conduct.ref, spans),
                incident=incident,
                about=about,
            )
            # a breach that is not the speaker's own is charged to somebody, named or not
            other = actor is None or actor != self.resolver.principal(said.speaker)
            charging = other and conduct.conduct == "breach" and said.force == "asserts"
            return proposition, "accuses" if charging else said.force
        if account is not None:
            return self._account(said, account), said.force
        hurt = casualties(self.page, tokens)
        if hurt is not None and self.incidents:
            last = self.incidents[-1]
            return replace(
                self._new(said, "incident"), incident=last.id, incident_kind=sorted(last.kinds)[0], casualties=hurt
            ), said.force
        titles = [r.span for r in inside]
        outside = [t for t in tokens if not any(a <= sx.start(t) < b for a, b in titles)]
        named = {a for t in outside if (a := self._named_actor(t)) is not None}
        charged = participants.charged_actor(self.page, self.resolver, target) if target is not None else None
        about = tuple(sorted(named | ({charged} if charged is not None else set())))[:8]
        force = "accuses" if said.force == "asserts" and replies.is_countercharge(self, said) else said.force
        return replace(self._new(said, "state-of-affairs"), about=about), force

    def own_tokens(self, said: Said) -> list[Token]:
        """Return the content's tokens without what a further ascription inside it claims ("what it called …")."""
        nested = {
            (id(t.doc), t.i) for t in said.tokens if t.dep_ == "pcomp" and any(c.lower_ == "what" for c in t.children)
        }
        out: list[Token] = []
        for token in said.tokens:
            at = token
            while at.head != at and (id(at.doc), at.i) not in nested:
                at = at.head
            if (id(at.doc), at.i) not in nested:
                out.append(token)
        return out

    def _named_actor(self, token: Token) -> str | None:
        hit = self.page.names.covering(sx.start(token))
        return self.resolver.named(hit) if hit is not None and not is_place_use(token) else None

    def refs_in(self, spans: tuple[Span, ...]) -> list[AgreementRef]:
        return spans_of(self.refs, spans)

    def _part(self, ref: AgreementRef, spans: tuple[Span, ...]) -> str:
        """Return the clause that a charge names by number, else the agreement."""
        facts = self.page.reference.agreements.get(ref.agreement)
        numbers = [r.number for r in self.refs_in(spans) if r.number and r.agreement == ref.agreement]
        if facts is None and numbers:
            return local_clause(self.page, self.resolver, ref.agreement, ref.label, numbers[0])
        for clause in facts.clauses if facts is not None else ():
            if numbers and clause.number == numbers[0]:
                return clause.iri
        return ref.agreement

    def _new(self, said: Said, kind: str) -> Proposition:
        span = hull(said.content)
        gloss = " \u2026 ".join(" ".join(self.page.text[a:b].split()) for a, b in said.content)
        if len(gloss) > _GLOSS:
            gloss = gloss[: _GLOSS - 1].rsplit(" ", 1)[0] + "\u2026"
        return Proposition(f"{span[0]}-{span[1]}-{kind}", kind, span, gloss)

    def _interpretation(self, said: Said, reading: Reading) -> Proposition:
        refs = self.refs_in(said.content)
        numbers = [r.number for r in refs if r.number and r.agreement == reading.ref.agreement]
        return replace(
            self._new(said, "interpretation"),
            interprets=reading.ref.agreement,
            obligations=tuple(o for o in reading.obligations if o.bearer and o.requires),
            links=links(self.page, self.resolver, reading.ref, numbers, self.own_tokens(said), reading.obligations),
        )

    def _account(self, said: Said, account: Account) -> Proposition:
        known = self._incident(said, account)
        parts = [(account.perpetrator, "perpetrator"), (account.target, "target")]
        return replace(
            self._new(said, "incident"),
            incident=known.id,
            incident_kind=account.kind,
            time=account.time,
            place=account.place,
            location=account.location,
            participations=tuple(Participation(a, r) for a, r in parts if a is not None),
            casualties=account.casualties,
        )

    def _incident(self, said: Said, account: Account) -> Known:
        for known in reversed(self.incidents[-_MEMORY:]):
            if same(self.page.reference, self.resolver, known, account):
                known.headline = known.headline and said.headline
                known.kinds.add(account.kind)
                known.perpetrator = known.perpetrator or account.perpetrator
                known.target = known.target or account.target
                known.time = known.time or account.time
                known.triggers.add(account.trigger)
                return known
        known = Known(
            str(hull(said.content)[0]), {account.kind}, account.perpetrator, account.target, account.time, said.headline
        )
        known.triggers.add(account.trigger)
        self.incidents.append(known)
        return known

    def _charged_incident(self, said: Said, account: Account | None) -> str | None:
        """Return the incident a charge of breach is about: told within it, or by the same speaker just before."""
        if account is not None:
            for known in self.incidents[-_MEMORY:]:
                if same(self.page.reference, self.resolver, known, account):
                    return known.id
        for statement in reversed(self.statements[-_MEMORY:]):
            other = self.said.get(statement.id)
            if other is not None and other.sentence == said.sentence and statement.speaker == said.speaker:
                incident = self.propositions[statement.proposition].incident
                if incident is not None:
                    return incident
        return None

    def _charged_actor(self, said: Said) -> str | None:
        """Return whom the same speaker charges in the same sentence, where the charge itself names nobody."""
        for statement in reversed(self.statements[-_MEMORY:]):
            other = self.said.get(statement.id)
            if other is not None and other.sentence == said.sentence and statement.speaker == said.speaker:
                for part in self.propositions[statement.proposition].participations:
                    if part.role == "perpetrator":
                        return self.resolver.principal(part.actor)
        return None


def _above(a: Token, b: Token) -> bool:
    """Tell whether `a` stands at or above `b` in the syntax: the charge is the point, the deed its detail."""
    at = b
    while at.head != at:
        if at == a:
            return True
        at = at.head
    return at == a
