"""What the converter reads in the example of each entry: the lexicon says what a word does, this holds it to that."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from pacta.annotations.syntax import load_model
from pacta.lexicon import Entry, load
from pacta.pipeline import annotate_text
from pacta.vocabulary import LEXICON

PUBLISHED = "2024-05-06"
LEXICON_OF_SEEDS = load()
Json = dict[str, Any]


@cache
def annotated(example: str) -> Json:
    return annotate_text(example, published=PUBLISHED)


def words_of(text: str) -> set[str]:
    """Lemmas and forms of the words of a stretch of text."""
    return {word for token in load_model()(text) for word in (token.lemma_.lower(), token.lower_)}


def shows_cue(entry: Entry, example: str, statement: Json) -> bool:
    """Whether the cue of a statement holds the first word of one of the entry's lemmas."""
    spans: Sequence[Sequence[int]] = statement["cue"] or ()
    cue = set().union(*(words_of(example[a:b]) for a, b in spans))
    return any(lemma[0] in cue for lemma in entry.lemmas)


def failing(entry: Entry) -> list[str]:
    """Say for each example in which the entry did not do its work what was read instead."""
    missed = []
    for example in entry.examples:
        read = annotated(example)["statements"]
        good = [s for s in read if s["act"] == entry.force and shows_cue(entry, example, s)]
        if "relay" in entry.frames:  # "citing X": the cue marks whom the speaker relays
            good += [s for s in read if s["act"] == entry.force and s["relays"]]
        if not good:
            acts = ", ".join(s["act"] for s in read) or "nothing"
            missed.append(f"{entry.iri.removeprefix(LEXICON)} ({entry.force}): {example} -> {acts}")
    return missed


def score(pos: str) -> tuple[float, list[str]]:
    """Return the share of examples of cues of a part of speech that are read as the entry says, and the others."""
    cues = [entry for entry in LEXICON_OF_SEEDS.kinds("ReportingCue") if entry.pos == pos]
    missed = [line for entry in cues for line in failing(entry)]
    return 1 - len(missed) / sum(len(entry.examples) for entry in cues), missed


@pytest.mark.parametrize(("pos", "floor"), [("verb", 0.9), ("noun", 0.6), ("phrase", 0.4)])
def test_the_example_of_a_cue_yields_a_statement_of_its_force(pos: str, floor: float) -> None:
    share, missed = score(pos)
    assert share >= floor, f"{share:.3f} of the {pos} examples, missed:\n" + "\n".join(missed)


def test_a_blocked_cue_yields_no_statement() -> None:
    """ "Refused to confirm" confirms nothing, whatever the word that blocks."""
    missed = []
    for entry in LEXICON_OF_SEEDS.kinds("CueModifier"):
        for example in entry.examples:
            blocked = words_of(example)
            for statement in annotated(example)["statements"]:
                cue = set().union(*(words_of(example[a:b]) for a, b in statement["cue"] or ()))
                position = min(example.find(example[a:b]) for a, b in statement["cue"] or ((0, 0),))
                first = min(example.lower().find(word) for word in forms(entry, example))
                if cue & blocked and position > first:
                    missed.append(f"{entry.iri.removeprefix(LEXICON)}: {example} -> {statement['act']}")
    assert len(missed) <= 0.15 * len(LEXICON_OF_SEEDS.kinds("CueModifier")), "\n".join(missed)


def forms(entry: Entry, example: str) -> list[str]:
    """The words of an example that stand for the entry."""
    first = {lemma[0] for lemma in entry.lemmas}
    return [token.lower_ for token in load_model()(example) if {token.lemma_.lower(), token.lower_} & first]


def test_the_example_of_a_marker_takes_its_stance() -> None:
    """Where a narrator's marker stands beside a cue or in shown content, the statement carries its stance."""
    example = "The Ukrainian army released photographs purportedly showing a downed helicopter."
    assert [s["narratorStance"] for s in annotated(example)["statements"]] == ["hedged"]
