"""What the converter reads in the example of each entry: the lexicon says what a word does, this holds it to that."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from spacy.tokens import Token

from pacta.annotations.syntax import load_model
from pacta.lexicon import Entry, load
from pacta.pipeline import annotate_text
from pacta.vocabulary import LEXICON, VOCAB

PUBLISHED = "2024-05-06"
ENTRIES = load()
Json = dict[str, Any]


@cache
def annotated(example: str) -> Json:
    return annotate_text(example, published=PUBLISHED)


@cache
def tokens_of(example: str) -> tuple[Token, ...]:
    return tuple(load_model()(example))


def standing_for(entry: Entry, example: str) -> list[Token]:
    """Return the words of an example that may open the entry."""
    first = {lemma[0] for lemma in entry.lemmas}
    return [token for token in tokens_of(example) if first & {token.lemma_.lower(), token.lower_}]


def has_cue_of(entry: Entry, example: str, statement: Json) -> bool:
    """Whether the cue of a statement covers a word that stands for the entry."""
    return any(a <= token.idx < b for a, b in statement["cue"] or () for token in standing_for(entry, example))


def missed(entry: Entry) -> list[str]:
    """Say for each example in which the entry did not do its work what was read instead."""
    out = []
    for example in entry.examples:
        of_force = [s for s in annotated(example)["statements"] if s["act"] == entry.force]
        # "citing X": the cue marks whom the speaker of another cue relays
        if not any(has_cue_of(entry, example, s) or ("relay" in entry.frames and s["relays"]) for s in of_force):
            acts = ", ".join(s["act"] for s in annotated(example)["statements"]) or "nothing"
            out.append(f"{entry.iri.removeprefix(LEXICON)} ({entry.force}): {example} -> {acts}")
    return out


@pytest.mark.parametrize(("pos", "floor"), [("verb", 0.95), ("noun", 0.65), ("phrase", 0.4)])
def test_the_example_of_a_cue_yields_a_statement_of_its_force(pos: str, floor: float) -> None:
    cues = [entry for entry in ENTRIES.kinds("ReportingCue") if entry.pos == pos]
    assert cues
    lines = [line for entry in cues for line in missed(entry)]
    share = 1 - len(lines) / sum(len(entry.examples) for entry in cues)
    assert share >= floor, f"{share:.3f} of the {pos} examples; missed:\n" + "\n".join(lines)


@pytest.mark.parametrize("entry", ENTRIES.kinds("CueModifier"), ids=lambda entry: entry.iri.removeprefix(LEXICON))
def test_a_blocked_cue_yields_no_statement(entry: Entry) -> None:
    """ "Refused to confirm" confirms nothing, whatever word blocks it."""
    for example in entry.examples:
        at = min(token.idx for token in standing_for(entry, example))
        later = [s["act"] for s in annotated(example)["statements"] if any(a > at for a, _ in s["cue"] or ())]
        assert later == [], example


def test_the_example_of_an_incident_trigger_yields_an_incident_of_its_kind() -> None:
    """Deeds only: talks, charges and refusals are statements. One example may tell of several deeds."""
    lines, count = [], 0
    for entry in ENTRIES.kinds("IncidentTrigger"):
        kind = (entry.value or "").removeprefix(f"{VOCAB}incident-kind/")
        if kind in STATEMENTS:
            continue
        for example in entry.examples:
            count += 1
            read = {str(incident["kind"]).rsplit("/", 1)[-1] for incident in annotated(example)["incidents"]}
            if kind not in read:
                lines.append(f"{entry.iri.removeprefix(LEXICON)} ({kind}): {example} -> {', '.join(read) or 'nothing'}")
    assert count >= 110
    share = 1 - len(lines) / count
    assert share >= 0.8, f"{share:.3f} of the trigger examples; missed:\n" + "\n".join(lines)


# Kinds of act that happen in words, or leave no trace but words: no incident is read from them.
STATEMENTS = frozenset(
    {
        *("agreement", "signing", "consultation", "talks", "mediation", "support"),
        *("cooperation", "prisoner-exchange", "border-demarcation"),
        *("aid", "humanitarian-aid", "military-aid", "evacuation"),
        *("request", "accusation", "rejection", "threat", "provocation", "ultimatum"),
    }
)


@pytest.mark.parametrize("entry", ENTRIES.kinds("SideNoun"), ids=lambda entry: entry.iri.removeprefix(LEXICON))
def test_a_side_noun_with_a_number_means_the_two_told_of(entry: Entry) -> None:
    for example in entry.examples:
        told = [s for s in annotated(example)["statements"] if s["speechMode"] != "narration"]
        speakers = {s["speaker"]["label"] for s in told}
        assert speakers == {"Kenya", "Chad"}, example
