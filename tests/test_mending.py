"""Repairs of the parse, asides of the narrator, hours before a paragraph: who said what in sentences around them."""

from __future__ import annotations

from typing import Any

from pacta.pipeline import annotate_text


def _said(text: str) -> list[tuple[str, str, str]]:
    read: dict[str, Any] = annotate_text(text, published="2024-05-06")
    found = []
    for statement in read["statements"]:
        words = " | ".join(read["text"][a:b] for a, b in statement["content"])
        found.append((statement["act"], statement["speaker"]["label"], words))
    return found


def test_who_said_it_accuses_not_the_clause_told() -> None:
    said = _said(
        "General Zapf said there was no offensive for anyone to reinforce and accused Chad of arming the rebels."
    )
    assert [(act, words) for act, _, words in said][-1] == ("accuses", "Chad of arming the rebels")


def test_who_a_relative_pronoun_takes_up_speaks() -> None:
    read = annotate_text("Chad, which accused Kenya of burning a village, left.", published="2024-05-06")
    (statement,) = read["statements"]
    assert statement["speaker"]["label"] == "Chad"
    assert [read["text"][a:b] for a, b in statement["source"]] == ["which"]


def test_his_spokeswoman_is_nobody_told_of_before() -> None:
    text = "Rebel spokesman Adam Nour denied the charge. The president of Chad was worried, his spokeswoman said."
    first, second = annotate_text(text, published="2024-05-06")["statements"]
    assert first["speaker"]["label"] == "Rebel spokesman Adam Nour"
    assert (second["speaker"]["label"], second["speaker"]["principalLabel"]) == ("his spokeswoman", "Chad")


def test_second_half_around_the_saying_is_said_too() -> None:
    said = _said(
        "The bunkers were shelters for villagers, General Zapf said, and had been announced to the other side."
    )
    assert "had been announced to the other side" in said[0][2]


def test_narrator_s_aside_is_not_said() -> None:
    said = _said(
        "Doctors in Zenda said 14 patients were forced out on Tuesday, as both sides traded blame for the fire."
    )
    assert said[0][2] == "14 patients were forced out on Tuesday"


def test_hour_before_a_heading_is_no_part_of_the_speaker() -> None:
    read = annotate_text("14:05 Chadian army denies shelling\n\nThe Chadian army denied shelling the town.")
    sources = [read["text"][a:b] for s in read["statements"] for a, b in s["source"] or ()]
    assert sources
    assert not any("14" in source for source in sources)


def test_interim_administration_is_not_the_state_s_government() -> None:
    said = _said(
        "The Sudanese government said it had signed. The interim administration in Hentzau said shelling had killed "
        "three. Sudan's government denied the shelling. The interim administration accused the army of lying."
    )
    speakers = [speaker for _, speaker, _ in said]
    assert speakers[1] == speakers[3]
    assert speakers[1] != speakers[0]


def test_letters_with_full_stops_mark_question_and_answer() -> None:
    said = _said(
        "The Sudanese foreign minister, Ali Youssef, spoke to our reporter.\n\nQ. Why did the government reject it?\n\n"
        "A. The army attacked the camp at dawn.\n\nQ. Who broke the truce?\n\nA. The rebels burned the market."
    )
    assert ("Ali Youssef", "The rebels burned the market.") in [(speaker, words) for _, speaker, words in said]
    assert not any("reject" in words or "broke" in words for _, _, words in said)
