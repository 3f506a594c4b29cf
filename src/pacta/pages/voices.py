"""Voices: what an actor and its organs said, whom they charge, who charges them; newest first, once a snapshot each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pacta.pages.lookup import Lookup
from pacta.pages.rendering import text_of
from pacta.pages.site import Site
from pacta.vocabulary import P, concept

MOST = 500  # of the newest statements of an actor, and of the charges against it, that are looked into


@dataclass(frozen=True, slots=True)
class Voices:
    """An actor with its `organs`. `said` is all its statements, `number` how many each of them made, `readings` those
    that read a provision; `charges` goes by the principal that is charged, `charged` by the one that charges. Where
    there is more than MOST to look into, `partial` says so of the three.
    """

    actor: str
    organs: tuple[str, ...]
    said: tuple[str, ...]
    number: dict[str, int]
    readings: tuple[str, ...]
    charges: dict[str, list[str]]
    charged: dict[str, list[str]]
    partial: bool


def voices_of(site: Site, actor: str) -> Voices:
    """Return the voices of an actor."""
    return site.cached(("voices", actor), lambda: _voices(site, actor))


def _voices(site: Site, actor: str) -> Voices:
    look = Lookup(site.snapshot.store)
    organs = look.path_into([actor], P.organOf)
    voices = [actor, *organs]
    days: dict[str, str] = {}
    number: dict[str, int] = {}
    for voice in voices:
        found = _said(site, look, voice)
        number[voice] = len(found)
        days |= found
    newest = _newest_first(days)
    own = {actor, look.one(actor, P.principal)}
    charges: defaultdict[str, list[str]] = defaultdict(list)
    readings = []
    for statement in newest[:MOST]:
        for proposition in look.all(statement, P.accuses, P.condemns):
            for accused in _accused(look, proposition) - own:
                charges[accused].append(statement)
        if any(look.one(proposition, P.interprets) for proposition in look.all(statement, P.affirms)):
            readings.append(statement)
    charged, partial = _charged(look, voices)
    return Voices(
        actor=actor,
        organs=tuple(organs),
        said=tuple(newest),
        number=number,
        readings=tuple(readings),
        charges=dict(charges),
        charged=charged,
        partial=partial or len(newest) > MOST,
    )


def _said(site: Site, look: Lookup, voice: str) -> dict[str, str]:
    """Return the statements of one speaker with the day of the first report of each, "" where there is none."""
    days: dict[str, str] = site.cached("days", dict)
    found: dict[str, str] = {}
    for row in site.ask("said-by", {"speaker": voice}).rows:
        statement, document = map(text_of, row)
        if document not in days:
            days[document] = look.one(document, P.published)
        known = found.get(statement, "")
        found[statement] = min(known or days[document], days[document] or known)
    return found


def _charged(look: Lookup, voices: Iterable[str]) -> tuple[dict[str, list[str]], bool]:
    """Return the statements that charge any of the voices, by the principal that makes the charge, and if some miss."""
    own = sorted(voices)
    propositions = {each for voice in own for each in look.into(P.about, voice, MOST)}
    partial = len(propositions) >= MOST
    for voice in own:
        parts = look.into(P.participant, voice, MOST)
        partial = partial or len(parts) >= MOST
        for participation in parts:
            if look.one(participation, P.role) == concept("participation-role", "perpetrator"):
                propositions.update(look.into(P.participation, participation))
    days: dict[str, str] = {}
    by: dict[str, str] = {}
    for proposition in sorted(propositions):
        for statement in (*look.into(P.accuses, proposition), *look.into(P.condemns, proposition)):
            speaker = look.one(statement, P.speaker)
            if speaker and speaker not in own and not look.one(statement, P.copyOf):  # reprints charge nobody again
                by[statement] = look.one(speaker, P.principal) or speaker
                days[statement] = _day(look, statement)
    charged: defaultdict[str, list[str]] = defaultdict(list)
    for statement in _newest_first(days):
        charged[by[statement]].append(statement)
    return dict(charged), partial


def _accused(look: Lookup, proposition: str) -> set[str]:
    """Return the principals that a charge is about: named outright, or as the ones who did it."""
    accused = set(look.all(proposition, P.about))
    for participation in look.all(proposition, P.participation):
        if look.one(participation, P.role) == concept("participation-role", "perpetrator"):
            accused.update(look.all(participation, P.participant))
    return {look.one(each, P.principal) or each for each in accused}


def _day(look: Lookup, statement: str) -> str:
    documents = {look.one(attribution, P.inDocument) for attribution in look.into(P.attributes, statement)}
    return min((day for each in documents if each and (day := look.one(each, P.published))), default="")


def _newest_first(days: dict[str, str]) -> list[str]:
    return sorted(sorted(days), key=lambda statement: days[statement], reverse=True)
