"""Signs within words that no reader sees lose no statement, and offsets count them as the text does."""

from __future__ import annotations

import pytest

from pacta.pipeline import annotate_text

SAID = "The Ruritanian army accused the Zendan government on Monday of shelling. The government denied the claim."


def told(text: str) -> list[tuple[str, list[str]]]:
    found = annotate_text(text, published="2021-08-13")
    assert found["text"] == text
    return [(said["act"], [text[a:b] for a, b in (*said["cue"], *said["content"])]) for said in found["statements"]]


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("\u00ad", "soft hyphen"),
        ("\u200b", "zero-width space"),
        ("\u200d", "zero-width joiner"),
        ("\u2060", "word joiner"),
        ("\ufeff", "byte order mark"),
        ("-\n", "hyphen at the end of a line"),
        ("-\r\n", "hyphen at the end of a line of Windows"),
    ],
)
def test_a_sign_within_words_loses_no_statement(sign, name):
    plain = told(SAID)
    assert [act for act, _ in plain] == ["accuses", "denies"]
    broken = told(SAID.replace("accused", f"accu{sign}sed").replace("denied", f"de{sign}nied"))
    assert [(act, [part.replace(sign, "") for part in parts]) for act, parts in broken] == plain
    assert f"accu{sign}sed" in broken[0][1]


def test_signs_around_words_stay_out_of_them():
    around = told(SAID.replace("accused", "\u200baccused\u200b").replace("denied", "\u00addenied"))
    assert [act for act, _ in around] == ["accuses", "denies"]
    assert around[0][1][0] == "accused"


def test_a_text_of_nothing_but_unseen_signs_has_no_statement():
    assert told("\u200b\u200b \u00ad") == []
