"""Statements that are told twice or torn apart become one: words of blame beside a cue, sentences of long quotations.

A quotation of two sentences in a row is read sentence by sentence. In a longer one a statement for every sentence
would tear apart what was said in one breath: there each statement keeps one claim at most (an incident, a reading, a
charge, a pledge …), and the sentences around it that bring none belong to it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pacta.model import Proposition, Span, Statement, hull
from pacta.statements.said import Said

if TYPE_CHECKING:
    from pacta.claims.assembly import Assembly

_LONG = 3  # sentences in a row, from which on a quotation is a long one
_GLOSS = 280


def join_runs(assembly: Assembly) -> None:
    """Join statements of long quotations, and blame with its charge; replies, relays, attributions follow them."""
    became = _blame(assembly)
    for run in _runs(assembly):
        for group in _groups(assembly, run):
            if len(group) > 1:
                _join(assembly, group, became)
    if not became:
        return
    kept = [s for s in assembly.statements if s.id not in became]
    assembly.statements = [
        replace(s, responds_to=_now(s.responds_to, became), relays=_now(s.relays, became)) for s in kept
    ]
    assembly.attributions = [a for a in assembly.attributions if a.statement not in became]
    for sentence, told in assembly.by_sentence.items():
        now = [(_now(identity, became) or identity, said) for identity, said in told]
        assembly.by_sentence[sentence] = [(identity, assembly.said[identity]) for identity, _ in now]


def _blame(assembly: Assembly) -> dict[str, str]:
    """Return which charges say no more than the statement whose cue they stand beside: "…, it said, blaming N"."""
    became: dict[str, str] = {}
    for told in assembly.by_sentence.values():
        heads = {said.cue_head: identity for identity, said in told if said.cue_head is not None}
        for identity, said in told:
            verb = said.cue_head
            outer = heads.get(verb.head) if verb is not None and verb in assembly.blaming else None
            if outer is not None:
                became[identity] = outer
                del assembly.said[identity]
    return became


def _now(identity: str | None, became: dict[str, str]) -> str | None:
    while identity is not None and identity in became:
        identity = became[identity]
    return identity


def _runs(assembly: Assembly) -> list[list[Statement]]:
    """Return the statements of each long quotation: the same cue and source, nothing but marks in between."""
    quoted = [s for s in assembly.statements if _is_quoted(assembly.said.get(s.id))]
    quoted.sort(key=lambda s: assembly.said[s.id].content)
    runs: list[list[Statement]] = []
    for statement in quoted:
        if runs and _goes_on(assembly, assembly.said[runs[-1][-1].id], assembly.said[statement.id]):
            runs[-1].append(statement)
        else:
            runs.append([statement])
    return [run for run in runs if len(run) >= _LONG]


def _is_quoted(said: Said | None) -> bool:
    return said is not None and said.mode == "direct" and not said.headline and said.relayed is None


def _goes_on(assembly: Assembly, before: Said, after: Said) -> bool:
    if (before.speaker, before.cue, before.source) != (after.speaker, after.cue, after.source):
        return False
    between = assembly.page.text[before.content[-1][1] : after.content[0][0]]
    return before.content[-1][1] <= after.content[0][0] and "\n" not in between and not between.strip(" .!?\u2026")


def _groups(assembly: Assembly, run: list[Statement]) -> list[list[Statement]]:
    groups: list[list[Statement]] = [[]]
    claims = 0
    for statement in run:
        claim = _is_claim(assembly, statement)
        if groups[-1] and claim and claims:
            groups.append([])
            claims = 0
        groups[-1].append(statement)
        claims += claim
    return groups


def _is_claim(assembly: Assembly, statement: Statement) -> bool:
    kind = assembly.propositions[statement.proposition].kind
    return kind != "state-of-affairs" or statement.force != "asserts"


def _join(assembly: Assembly, group: list[Statement], became: dict[str, str]) -> None:
    """Let the statement that makes the claim, or the first, stand for all of them, over their whole extent."""
    chief = next((s for s in group if _is_claim(assembly, s)), group[0])
    parts = [assembly.said[s.id] for s in group]
    whole: Span = (parts[0].content[0][0], parts[-1].content[-1][1])
    said = replace(
        assembly.said[chief.id],
        content=(whole,),
        tokens=tuple(t for part in parts for t in part.tokens),
        confidence=min(part.confidence for part in parts),
    )
    identity = f"{whole[0]}-{whole[1]}-{chief.force}"
    proposition = assembly.propositions[chief.proposition]
    if proposition.span == hull(assembly.said[chief.id].content):  # else it is the one that the chief rejects
        proposition = _over(assembly, proposition, whole)
    assembly.propositions.setdefault(proposition.id, proposition)
    at = assembly.statements.index(chief)
    statement = replace(chief, id=identity, proposition=proposition.id)
    assembly.statements.insert(at, statement)
    assembly.said[identity] = said
    first = next(a for a in assembly.attributions if a.statement == chief.id)
    place = assembly.attributions.index(first)
    assembly.attributions.insert(
        place, replace(first, statement=identity, content=(whole,), confidence=said.confidence)
    )
    for old in group:
        if old.id != identity:
            became[old.id] = identity
            assembly.said.pop(old.id, None)


def _over(assembly: Assembly, proposition: Proposition, whole: Span) -> Proposition:
    """Return a proposition as told by the whole extent."""
    gloss = " ".join(assembly.page.text[slice(*whole)].split())
    if len(gloss) > _GLOSS:
        gloss = gloss[: _GLOSS - 1].rsplit(" ", 1)[0] + "\u2026"
    return replace(proposition, id=f"{whole[0]}-{whole[1]}-{proposition.kind}", span=hull((whole,)), gloss=gloss)
