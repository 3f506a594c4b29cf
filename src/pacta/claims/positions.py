"""Which position each statement takes to which provision: stance, whose conduct it is about, the clause, how sure.

A position rests on a mention of the agreement inside the content, or, where none stands there, on what the content is
about: a side that is said to leave undone what a clause of an agreement under discussion obliges it to.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pacta.annotations import syntax as sx
from pacta.annotations.words import Token
from pacta.claims import links as linking
from pacta.claims.agreement_ref import AgreementRef
from pacta.claims.clauses import clause_of, judged
from pacta.claims.position import WHOLE, Position
from pacta.claims.readings import condition, holds
from pacta.claims.refining import Refiner
from pacta.claims.stances import Stances
from pacta.claims.standing import Standing
from pacta.claims.unnamed import judged_unnamed
from pacta.model import Link, Proposition, Span, Statement, hull
from pacta.reference import AgreementFacts
from pacta.statements.grammar import DUTY
from pacta.statements.said import Said
from pacta.vocabulary import REJECTING

if TYPE_CHECKING:
    from pacta.claims.assembly import Assembly

# An implicit link says that a content is about a clause of an agreement that it does not name: it needs more. On
# reports with gold links those from 0.45 to 0.6 were as often wrong as right, those above nearly always right.
IMPLICIT = 0.6
_HANGING = frozenset(
    {"acl", "prep", "pobj", "appos", "advcl", "agent", "nmod", "nummod", "compound", "conj", "npadvmod", "dobj", "amod"}
    | {"det", "nsubj", "relcl"}
)
_TELLING = frozenset({"asserts", "accuses", "condemns", "confirms"})
_OWED = frozenset({"interprets", "violates", "demands"})
_NEXT = 3  # statements between what one side says to be owed and the other's condition for it


def find_positions(assembly: Assembly) -> tuple[Position, ...]:
    """Return the positions of a document in order, and write the links they rest on into its propositions."""
    work = _Work(assembly)
    found = [*work.mentioned(), *work.implied()]
    found += work.on_condition(found)
    found += judged_unnamed(assembly, work.words, found)
    refined = Refiner(assembly, work.standing).refined(found)
    return tuple(sorted(refined, key=lambda p: (p.span, p.statement or "", p.clauses)))


class _Work:
    def __init__(self, assembly: Assembly) -> None:
        self.assembly, self.page, self.resolver = assembly, assembly.page, assembly.resolver
        self.standing = Standing(assembly)
        self.stances = Stances(assembly, self.standing, self.words)
        self.by_id = {s.id: s for s in assembly.statements}
        self.owner: dict[AgreementRef, str | None] = {ref: self._innermost(ref) for ref in assembly.refs}
        self._starts = [ref.span[0] for ref in assembly.refs]
        self._told: dict[Span, list[Token]] = {}
        self.refs: dict[str, list[AgreementRef]] = {}
        for ref, statement in self.owner.items():
            if statement is not None:
                self.refs.setdefault(statement, []).append(ref)

    # --- mentions -----------------------------------------------------------------------------------------------------
    def mentioned(self) -> Iterator[Position]:
        """Yield a position for each mention; a content's numbered parts stand for its mentions of the whole."""
        around = [
            position
            for identity, said in self.assembly.said.items()
            if identity not in self.refs and identity in self.by_id and said.mode != "narration"
            for position in self._around(self.by_id[identity], said)
        ]
        spans = {position.span for position in around}
        yield from around
        for ref in self.assembly.refs:
            identity = self.owner[ref]
            if identity is None:
                yield self._cited(ref) or self._bare(ref)
                continue
            if ref.span in spans and not self._judges(self.by_id[identity]):
                continue
            statement, said = self.by_id[identity], self.assembly.said[identity]
            proposition = self.assembly.propositions[statement.proposition]
            stance, about, said, proposition = self._stance(statement, said, proposition, ref)
            if stance is None and (implied := self._behind(statement, said, ref)) is not None:
                yield replace(implied, span=ref.span, implicit=False)
                continue
            clauses, method, sure = self._clauses(statement, said, proposition, ref, about, stance)
            whole = self.assembly.said[identity]
            if not clauses and said is not whole and not any(r.number for r in self.refs[identity]):
                clauses, method, sure = self._clauses(statement, whole, proposition, ref, about, stance)
            if said.mode == "narration" and not clauses:
                stance = about = None  # an outlet's words on an agreement as a whole are no position
            self._charge(proposition, stance, about)
            yield Position(
                identity, statement.speaker, ref.agreement, ref.label, clauses, stance, about, ref.span, method, sure
            )

    def _stance(
        self, statement: Statement, said: Said, proposition: Proposition, ref: AgreementRef
    ) -> tuple[str | None, str | None, Said, Proposition]:
        """Return stance and whom it is about, and what they rest on: the mention's own clause, or the whole content."""
        at = self.page.token_at(ref.head)
        part = clause_of(said, at) if at is not None and said.mode != "narration" else None
        if part is not None:
            refs = tuple(r for r in self._within(part) if r.agreement == ref.agreement)
            own = judged(self.page, self.resolver, self.words(part), refs, part.target, proposition)
            denied = statement.force in REJECTING and not self.stances.rejects(said)
            if denied and not self.stances.undone(list(part.tokens)):
                statement = replace(statement, force="asserts")  # "fired no shot and has kept the accord"
            stance = self.stances.of(statement, part, own, ref)
            if stance not in (None, "invokes"):
                about = self.standing.about(statement, part, own, ref.agreement, stance)
                about = about or self.standing.about(statement, said, proposition, ref.agreement, stance)
                return stance, about, part, own
        stance = self.stances.of(statement, said, proposition, ref)
        return stance, self.standing.about(statement, said, proposition, ref.agreement, stance), said, proposition

    def _judges(self, statement: Statement) -> bool:
        return self.assembly.propositions[statement.proposition].kind in ("evaluation", "interpretation")

    def _behind(self, statement: Statement, said: Said, ref: AgreementRef) -> Position | None:
        """Return the charge behind a mere mention: "X has failed to withdraw the forces that the accord speaks of"."""
        facts = self.page.reference.agreements.get(ref.agreement)
        if facts is None or not self._may_imply(statement, said):
            return None
        found = self._implied(statement, said, [facts])
        if found is None and statement.force == "accuses" and self.stances.undone(self.words(said)):
            speaker = self.resolver.principal(statement.speaker)
            about = self.standing.charged(facts, speaker, said.tokens, statement)
            if about is not None:
                by, sure = statement.speaker, round(0.7 * ref.confidence, 2)
                return Position(
                    statement.id, by, facts.iri, facts.label, (), "violates", about, ref.span, "whole-agreement", sure
                )
        return found

    def _charge(self, proposition: Proposition, stance: str | None, about: str | None) -> None:
        """Write into a charge that names nobody the side that it is about."""
        held = self.assembly.propositions[proposition.id]
        if stance == "violates" and held.kind == "evaluation" and not held.about and about is not None:
            self.assembly.propositions[held.id] = replace(held, about=(about,))

    def _around(self, statement: Statement, said: Said) -> Iterator[Position]:
        """Yield the position of a judgement whose mention stands in a further ascription inside its content."""
        proposition = self.assembly.propositions[statement.proposition]
        if proposition.kind != "evaluation" or proposition.against is None:
            return
        for ref in self._within(said):
            clauses = tuple(self._named(ref, [ref.number])) if ref.number else ()
            if proposition.against in (ref.agreement, *(iri for iri, _ in clauses)):
                stance = self.stances.of(statement, said, proposition, ref)
                about = self.standing.about(statement, said, proposition, ref.agreement, stance)
                yield Position(
                    statement.id, statement.speaker, ref.agreement, ref.label, clauses, stance, about, ref.span,
                    ref.method, round(0.9 * ref.confidence, 2),
                )  # fmt: skip
                return

    def _cited(self, ref: AgreementRef) -> Position | None:
        """Return the position of a speaker who rests what is said on a part: "X, citing Article 4, said"."""
        at = self.page.token_at(ref.head)
        if at is None or ref.number is None:
            return None
        while at.dep_ in ("dobj", "pobj", "prep", "compound", "nummod"):
            at = at.head
        if at.tag_ != "VBG" or at.dep_ not in ("advcl", "acl") or self.stances.conduct_cues(at):
            return None
        for identity, said in self.assembly.said.items():
            speaks = said.cue_head is not None and at.head in (said.cue_head, *said.cue_head.lefts)
            if speaks and identity in self.by_id and said.mode != "narration":
                clauses = tuple(self._named(ref, [ref.number]))
                by = self.by_id[identity].speaker
                return Position(
                    identity, by, ref.agreement, ref.label, clauses, "invokes", None, ref.span, ref.method,
                    round(0.9 * ref.confidence, 2),
                )  # fmt: skip
        return None

    def _bare(self, ref: AgreementRef) -> Position:
        clauses = tuple(self._named(ref, [ref.number])) if ref.number else ()
        return Position(None, None, ref.agreement, ref.label, clauses, None, None, ref.span, ref.method, ref.confidence)

    # --- clauses ------------------------------------------------------------------------------------------------------
    def _named(self, ref: AgreementRef, numbers: Iterable[str]) -> Iterator[tuple[str, str]]:
        for number in numbers:
            yield linking.part_named(self.page, self.resolver, ref, number) or ("", number)

    def _clauses(
        self,
        statement: Statement,
        said: Said,
        proposition: Proposition,
        ref: AgreementRef,
        about: str | None,
        stance: str | None,
    ) -> tuple[tuple[tuple[str, str], ...], str, float]:
        """Return the parts meant, how they were found and how sure; note the links on the proposition."""
        linked = stance is not None
        near = self._within(said)
        same = [r for r in self.refs.get(statement.id, ()) if r.agreement == ref.agreement and (r in near or r == ref)]
        numbers = list(dict.fromkeys(r.number for r in same if r.number))
        if ref.number is not None:
            if linked:
                self._note(proposition, ref, numbers)
            return tuple(self._named(ref, [ref.number])), ref.method, ref.confidence
        if not linked or stance in WHOLE:
            return (), ref.method, ref.confidence
        if numbers:
            return tuple(self._named(ref, numbers)), "explicit-number", 0.8
        facts = self.page.reference.agreements.get(ref.agreement)
        if facts is None or (stance == "complies" and linking.is_said_whole(self.page, ref.span)):
            return (), ref.method, ref.confidence
        obligations = proposition.obligations
        found = linking.chosen(self.page, self.resolver, facts, self.words(said), obligations, about)
        if stance == "violates" and about is not None:
            found = linking.binding(self.page, self.resolver, found, self.words(said), about)
        if not found:
            return (), ref.method, ref.confidence
        for ranked in found:
            link = Link(ranked.clause.iri, ranked.method, linking.confidence(ranked, ref.confidence))
            self._link(proposition, link)
        best = min(found, key=lambda r: r.score)
        beside = linking.excluded(self.page, facts, best.clause, self.words(said)) if stance == "interprets" else []
        clauses = (*(r.clause for r in found), *beside)
        return tuple((c.iri, c.number) for c in clauses), best.method, linking.confidence(best, ref.confidence)

    def words(self, said: Said) -> list[Token]:
        """Return the words of a content without clauses that only tell which agreement is meant."""
        key = hull(said.content)
        if key not in self._told:
            tokens = self.assembly.own_tokens(said)
            heads = {ref.head for ref in self._within(said)}
            telling = [
                clause
                for t in tokens
                if sx.start(t) in heads
                for clause in t.children
                if clause.dep_ in ("relcl", "acl")
                and not self.page.lexicon.of("ReadingCue", clause.lemma_.lower(), "verb")
            ]
            drop = {(id(t.doc), t.i) for clause in telling for t in clause.subtree}
            self._told[key] = [t for t in tokens if (id(t.doc), t.i) not in drop]
        return self._told[key]

    def _within(self, said: Said) -> list[AgreementRef]:
        """Return the mentions inside a content."""
        first, stop = hull(said.content)
        near = self.assembly.refs[bisect_left(self._starts, first) : bisect_left(self._starts, stop)]
        return [r for r in near if any(holds(span, r) for span in said.content)]

    def _note(self, proposition: Proposition, ref: AgreementRef, numbers: list[str]) -> None:
        """Write several numbered parts as links; one alone is what the charge is against already."""
        targets = [iri for iri, _ in self._named(ref, numbers) if iri]
        held = self.assembly.propositions[proposition.id]
        if held.kind == "evaluation" and held.against in targets and len(targets) > 1:
            held = replace(held, against=ref.agreement)
            self.assembly.propositions[held.id] = held
        if held.against not in targets:
            for target in targets:
                self._link(held, Link(target, "explicit-number", 0.95))

    def _link(self, proposition: Proposition, link: Link) -> None:
        """Add a link to a proposition; one to a part makes that to the whole needless."""
        held = self.assembly.propositions[proposition.id]
        others = tuple(x for x in held.links if x.method != "whole-agreement" and x.target != link.target)
        if any(x.method == "explicit-number" for x in others) and link.method != "explicit-number":
            return
        self.assembly.propositions[held.id] = replace(held, links=(*others, link))

    # --- contents that name no agreement ------------------------------------------------------------------------------
    def implied(self) -> Iterator[Position]:
        """Yield positions of contents that only tell what a clause of an agreement under discussion is about."""
        discussed = Counter(r.agreement for r in self.assembly.refs if r.agreement in self.page.reference.agreements)
        order = sorted(discussed, key=lambda iri: (-discussed[iri], iri))
        for identity, said in self.assembly.said.items():
            statement = self.by_id.get(identity)
            if statement is None or identity in self.refs or not self._may_imply(statement, said):
                continue
            found = self._implied(statement, said, [self.page.reference.agreements[i] for i in order])
            if found is not None:
                yield found

    def on_condition(self, found: list[Position]) -> Iterator[Position]:
        """Yield the readings that tie what another side has just read, charged or asked to something else.

        "Arguing that the pullout was conditional on a ransom" reads what the other side said to be owed.
        """
        taken = {p.statement for p in found}
        order = {s.id: n for n, s in enumerate(self.assembly.statements)}
        for identity, said in self.assembly.said.items():
            statement = self.by_id.get(identity)
            if statement is None or identity in taken or said.mode == "narration":
                continue
            if condition(self.page, self.words(said)) is None:
                continue
            mine, at = self.resolver.principal(statement.speaker), order[identity]
            near = [p for p in found if 0 < at - order.get(p.statement or "", at) <= _NEXT and p.stance in _OWED]
            other = [(p, side) for p in near if (side := self.resolver.principal(p.by)) not in (mine, None)]
            if other:
                last, side = max(other, key=lambda o: order[o[0].statement or ""])
                sure = round(0.7 * last.confidence, 2)
                span, by = hull(said.content), statement.speaker
                yield replace(
                    last, statement=identity, by=by, stance="interprets", about=side, span=span, confidence=sure,
                    implicit=True,
                )  # fmt: skip

    def _may_imply(self, statement: Statement, said: Said) -> bool:
        """Tell whether a statement may charge another side by what it tells: not where it only clears its own."""
        if said.mode == "narration" or statement.force not in (*_TELLING, "denies"):
            return False
        return statement.force != "denies" or not self.standing.is_own_doing(said)

    def _implied(self, statement: Statement, said: Said, discussed: list[AgreementFacts]) -> Position | None:
        tokens = self.words(said)
        proposition = self.assembly.propositions[statement.proposition]
        if condition(self.page, tokens) is not None:
            return None  # what depends on something is read, not charged
        if any(c.tag_ == "MD" and c.lower_ not in DUTY for c in said.root.children):
            return None  # what would or will be is no charge
        if not (self.stances.undone(tokens) or (statement.force == "accuses" and proposition.kind != "incident")):
            return None
        speaker = self.resolver.principal(statement.speaker)
        if self._explains(statement, said):
            return None
        fitting: list[tuple[list[linking.Ranked], AgreementFacts, str]] = []
        for facts in discussed:
            about = self.standing.charged(facts, speaker, tokens, statement)
            if about is not None and about != speaker:
                ranked = linking.chosen(self.page, self.resolver, facts, tokens, (), about, IMPLICIT)
                ranked = linking.binding(self.page, self.resolver, ranked, tokens, about)
                if ranked:
                    fitting.append((ranked, facts, about))
        for found, facts, about in sorted(fitting, key=lambda f: (-f[0][0].score, f[1].iri))[:1]:
            best = min(found, key=lambda r: r.score)
            duty = any(self.resolver.principal(d[0]) == about for r in found for d in r.clause.duties)
            sure = linking.confidence(best, 0.6)
            if statement.force == "denies":  # its proposition is the charge that it answers
                if best.clause.iri in (proposition.against, *(x.target for x in proposition.links)):
                    return None
            else:
                for r in found:
                    self._link(proposition, Link(r.clause.iri, r.method, linking.confidence(r, 0.6)))
            return Position(
                statement.id,
                statement.speaker,
                facts.iri,
                facts.label,
                tuple((r.clause.iri, r.clause.number) for r in found),
                "violates" if duty or statement.force == "accuses" else "interprets",
                about,
                hull(said.content),
                best.method,
                sure,
                implicit=True,
            )
        return None

    def _explains(self, statement: Statement, said: Said) -> bool:
        """Tell whether a side that has just rejected a charge says what is so instead, and charges nobody by that."""
        at = self.assembly.statements.index(statement)
        mine = self.resolver.principal(statement.speaker)
        before = self.assembly.statements[max(at - _NEXT, 0) : at]
        rejected = any(s.force in REJECTING and self.resolver.principal(s.speaker) == mine for s in before)
        return rejected and statement.force == "asserts" and self.standing.names_nobody(said, mine)

    def _innermost(self, ref: AgreementRef) -> str | None:
        """Return the statement with the shortest content around a mention, in its sentence or the one before."""
        index = self.page.sentence_index(ref.span[0])
        near = [pair for i in (index - 1, index) for pair in self.assembly.by_sentence.get(i, ())]
        around = [
            (hull(said.content)[1] - hull(said.content)[0], identity)
            for identity, said in near
            if any(holds(span, ref) for span in said.content)
        ]
        return min(around)[1] if around else self._hung_on(ref, near)

    def _hung_on(self, ref: AgreementRef, near: list[tuple[str, Said]]) -> str | None:
        """Return the statement on whose content a mention behind it hangs: "failed to restore aid, promised in …"."""
        at = self.page.token_at(ref.head)
        while at is not None and at.head != at and at.dep_ in _HANGING:
            read = at.dep_ in ("dobj", "amod")
            at = at.head
            for identity, said in near:
                first, stop = hull(said.content)
                behind = stop <= ref.span[0] and not read
                if said.cue_head == at and (behind or (read and ref.span[1] <= first)) and said.mode == "indirect":
                    return identity
                if first <= sx.start(at) < stop <= ref.span[1] and said.mode not in ("direct", "narration"):
                    return identity
        return None
