"""Who contests which provision with whom within one document: charges and counter-readings, answered there or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from pacta.agreements.numbers import counted
from pacta.claims.position import WHOLE
from pacta.model import AgreementMention, Record
from pacta.reference import AgreementFacts

# Stances that turn on another side: what is about somebody else than the speaker.
_ANYBODY = frozenset({"Actor", "Person"})
_AGAINST = frozenset({"violates", "disputes", "suspends", "withdraws", "interprets", "demands"})


@dataclass(frozen=True, slots=True)
class Contest:
    """One side's contest. `actor`, `counterparty`: principals; `clause`: IRI, None for the agreement as a whole.

    `answered`: the counterparty takes a position on it in the document too, so that there are two sides.
    """

    actor: str
    counterparty: str
    agreement: str
    clause: str | None
    number: str | None
    statements: tuple[str, ...]
    answered: bool = False
    charge: bool = False  # nothing but a charge of breach


@dataclass(frozen=True, slots=True)
class DerivedSide:
    """One side of a dispute that the rules derived: over `provision`, `holder` rejects or affirms in `statements`."""

    provision: str
    holder: str
    other: str
    rejects: bool
    statements: tuple[str, ...]


def contests(
    record: Record,
    principal: Callable[[str], str],
    derived: Iterable[DerivedSide],
    agreements: Mapping[str, AgreementFacts] = MappingProxyType({}),
) -> tuple[Contest, ...]:
    """Return the contests of a record, one for each actor, counterparty and provision.

    A broker or an outsider who tells that a party leaves one of `agreements` contests nothing by that, and an organ of
    nobody known ("MFA" in a headline), or people without a name ("diplomats"), are no side of an agreement of known
    parties.

    What the rules derived has two sides; of these the one that charges, rejects or speaks last contests. A charge
    against the agreement as a whole is left out where the same two are at odds over a clause of it.
    """
    told = {a.statement for a in record.attributions if a.speech_mode != "narration"}
    mentions = [m for m in record.agreement_mentions if m.by is not None and m.statement in told]
    found: dict[tuple[str, str, str, str | None], Contest] = {}
    people = (e for e in record.entities if e.organ_of is None and e.type in _ANYBODY)
    # people in the plural: "the opposition" is one body, and may be a side
    unnamed = {e.iri for e in people if e.label.islower() and e.label.isalpha() and e.label.endswith("s")}
    nobodys = {e.iri for e in record.entities if e.type == "Organ" and e.organ_of is None}

    def add(one: Contest) -> None:
        if one.agreement in agreements and (nobodys & {one.actor, one.counterparty} or one.actor in unnamed):
            return
        key = (one.actor, one.counterparty, one.agreement, one.clause or one.number)
        held = found.get(key)
        if held is not None:
            one = replace(
                held,
                statements=_merged(held.statements, one.statements),
                answered=held.answered or one.answered,
                charge=held.charge and one.charge,
            )
        found[key] = one

    for mention in mentions:
        actor, other = principal(mention.by or ""), mention.about
        if mention.stance in WHOLE and not _is_side(agreements.get(mention.agreement), actor, principal):
            continue
        if other is not None and other != actor and mention.stance in _AGAINST:
            statement = (mention.statement,) if mention.statement else ()
            charge = mention.stance == "violates"
            part = (mention.clause, mention.clause_number)
            answered = any(_answers(m, mention, principal(m.by or "")) for m in mentions)
            add(Contest(actor, other, mention.agreement, *part, statement, answered, charge))
    for one in _kept_alone(mentions, principal):
        add(one)
    for one in _derived(record, tuple(derived), found):
        add(one)
    return tuple(
        sorted(_narrowed(found.values()), key=lambda c: (c.agreement, counted(c.number or ""), c.actor, c.counterparty))
    )


def _kept_alone(mentions: list[AgreementMention], principal: Callable[[str], str]) -> list[Contest]:
    """Return the contests of those who say that they keep what another side has just left or put on hold."""
    out: list[Contest] = []
    left: dict[str, AgreementMention] = {}
    for m in mentions:
        side = principal(m.by or "")
        gone = left.get(m.agreement)
        if m.stance in WHOLE and m.about in (None, side):
            left.setdefault(m.agreement, m)
        elif m.stance == "complies" and m.about in (None, side) and gone is not None:
            told = tuple(s for s in (gone.statement, m.statement) if s is not None)
            if (other := principal(gone.by or "")) != side:
                out.append(Contest(side, other, m.agreement, None, None, told, True))
    return out


def _is_side(facts: AgreementFacts | None, actor: str, principal: Callable[[str], str]) -> bool:
    """Tell whether an actor is a party of an agreement and did not broker it; of an unknown one it may be."""
    if facts is None:
        return True
    return actor in {principal(p) for p in facts.parties} - {principal(m) for m in facts.mediators}


def _answers(mention: AgreementMention, first: AgreementMention, side: str) -> bool:
    """Tell whether a mention is a position of the other side on the same part, or on the agreement as a whole."""
    same = mention.agreement == first.agreement and mention.clause_number in (first.clause_number, None)
    return same and side == first.about and mention.stance is not None


def _merged(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _derived(
    record: Record, sides: tuple[DerivedSide, ...], found: dict[tuple[str, str, str, str | None], Contest]
) -> list[Contest]:
    """Return the derived disputes as contests: that of a charge answered, else that of the side that speaks last."""
    part_of = {e.iri: (e.part_of, e.number) for e in record.entities if e.part_of is not None}
    clauses = {m.clause: (m.agreement, m.clause_number) for m in record.agreement_mentions if m.clause is not None}
    order = {s.id: n for n, s in enumerate(record.statements)}
    kinds = {p.id: p.kind for p in record.propositions}
    judging = {s.id for s in record.statements if kinds.get(s.proposition) == "evaluation"}
    out: list[Contest] = []
    facing = {(s.provision, s.holder, s.other): s for s in sides}
    for side in sides:
        opposite = facing.get((side.provision, side.other, side.holder))
        if opposite is None:
            continue
        agreement, number = part_of.get(side.provision) or clauses.get(side.provision) or _parted(side.provision)
        clause = side.provision if number is not None else None
        pair = {side.holder, side.other}
        charge = [k for k, c in found.items() if k[2] == agreement and c.clause == clause and {k[0], k[1]} == pair]
        if not charge and clause is None and judging.issuperset((*side.statements, *opposite.statements)):
            # a charge over a clause, answered over the agreement as a whole
            answer = _merged(side.statements, opposite.statements)
            charges = (c for c in found.values() if c.charge and c.agreement == agreement)
            precise = [c for c in charges if {c.actor, c.counterparty} == pair]
            out += [replace(c, statements=_merged(c.statements, answer), answered=True) for c in precise]
            if precise:
                continue
        last = max((order.get(s, -1) for s in side.statements), default=-1)
        if charge:
            contests_it = any(k[0] == side.holder for k in charge)
        elif side.rejects != opposite.rejects:
            contests_it = side.rejects
        else:
            contests_it = last > max((order.get(s, -1) for s in opposite.statements), default=-1)
        if contests_it:
            statements = _merged(side.statements, opposite.statements)
            over = agreement or side.provision
            charge_only = judging.issuperset(statements)
            out.append(Contest(side.holder, side.other, over, clause, number, statements, True, charge_only))
    return out


def _parted(provision: str) -> tuple[str, str | None]:
    """Return agreement and number of a provision by its IRI: a clause's holds that of its agreement."""
    agreement, _, number = provision.partition("/clause/")
    return agreement, number or None


def _narrowed(found: Iterable[Contest]) -> list[Contest]:
    """Leave out charges against the whole agreement between two that are at odds over a clause of it."""
    every = list(found)
    narrow = {(c.agreement, frozenset((c.actor, c.counterparty))) for c in every if c.number is not None}

    def is_vague(c: Contest) -> bool:
        return c.charge and c.number is None and (c.agreement, frozenset((c.actor, c.counterparty))) in narrow

    return [c for c in every if not is_vague(c)]
