"""Turns of interviews: who answers as "A:", and where the narrator is back behind the last turn."""

from __future__ import annotations

from typing import Any

from pacta.pipeline import annotate_text

INTERVIEW = """Nobody has read the annex, says negotiator

Zenda — {introduced} The interview has been shortened.

Q: Is it true that you never left the ports?

A: We left in May, under the eyes of the monitors. The map says nothing else.

Q: And the prisoners?

A: We handed over the lists.

{after}
"""


def _told(introduced: str, after: str) -> list[tuple[str, str]]:
    annotation: dict[str, Any] = annotate_text(INTERVIEW.format(introduced=introduced, after=after))
    text = annotation["text"]
    return [
        (s["speaker"]["label"], " ".join(text[a:b] for a, b in s["content"]))
        for s in annotation["statements"]
        if s["speechMode"] != "narration"
    ]


def test_the_person_of_the_introduction_answers():
    for introduced in (
        "Jonas Brandt, who led the talks for Klow, sat down with us last week.",
        "We spoke to Jonas Brandt in the office of Marta Kirch on Friday.",
        "Last week we met the deputy mayor, Jonas Brandt.",
    ):
        by = {words: who for who, words in _told(introduced, "")}
        assert "Jonas Brandt" in by["We handed over the lists."], introduced
        assert "Jonas Brandt" in next(who for words, who in by.items() if words.startswith("We left in May"))


def test_behind_the_last_turn_the_narrator_may_be_back():
    after = "A spokesman of the army called the account a fairy tale.\n\nThe monitors said the ports were not empty."
    told = _told("Jonas Brandt sat down with us.", after)
    by = {words: who for who, words in told}
    assert by["the ports were not empty"] == "monitors"
    assert not [words for who, words in told if "Brandt" in who and ("fairy" in words or "empty" in words)]


def test_a_turn_goes_on_in_a_paragraph_of_its_own():
    told = _told("Jonas Brandt sat down with us.", "Our men stand on the bank since then. They have not crossed it.")
    assert [who for who, words in told if words.startswith("Our men stand")] == ["Jonas Brandt"]
