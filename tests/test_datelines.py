"""A dateline is no part of the sentence behind it, and never a speaker."""

from __future__ import annotations

import pytest

from pacta import reference
from pacta.annotations.datelines import dateline
from pacta.pipeline import annotate_text

REST = "Sudan's army said no."


@pytest.mark.parametrize(
    "before",
    [
        "KYIV (Wire) - ",
        "PORT SUDAN, November 18 (Newswire) - ",
        "JAKARTA - ",
        "Mekelle - ",
        "LYSYCHANSK - ",
        "GENEVA, Nov 3 (Wire) — ",
        "BEIRUT/JERUSALEM, Dec 2 (Wire) - ",
        "TEHRAN, Iran (WN) — ",
        "ADDIS ABABA, Ethiopia — ",
        "ADEN, Yemen, Oct. 3, 2020 (Wire) -- ",
        "Tel Aviv, Israel (WN) — ",
        "Sana'a, 3 March 2019 - ",
        "Kyiv, 4 May 2022 (WN) – ",
        "Yerevan /Newsdesk/. ",
        "YEREVAN, SEPTEMBER 13, NEWSPRESS. ",
        "YEREVAN, September 13. /WIRE/. ",
        "Stepanakert, 12 November, 2020, Newspress. ",
        "BAKU, Azerbaijan, March 19. ",
        "MOSCOW. Nov 10 (Wire) - ",
        "St. Petersburg, 3 June (Wire) - ",
        "ISLAMABAD: ",
        "NEW DELHI: ",
        "(Tbilisi) - ",
        "10:42 GMT - ",
        "14:05: ",
        "1:30 p.m. – ",
    ],
)
def test_a_dateline_is_cut_off(before: str):
    text = before + REST
    found = dateline(text, 0, len(text), reference.load().is_place)
    assert found is not None
    assert text[found.span[1] :] == REST


@pytest.mark.parametrize(
    "text",
    [
        "HAMAS - the group said no.",
        "PUTIN: We will not leave.",
        "Moscow - Kyiv talks resume",
        "Putin - We will not leave.",
        "QUESTION: Will you leave?",
        "Moscow: Ukraine broke the truce",
        "Putin, 3 May: We will leave.",
        "Moscow, which denies it, said no.",
        "Russia (which denies it) said no.",
        "In Geneva, the parties met.",
        "Mr. Smith (Labour) said no.",
        "The UN (United Nations). It said no.",
        "Tuesday, March 3. The army left.",
        "5.30 percent - The rise was small.",
        "GENEVA (Wire) - ",
        "Russia — Armenia's main ally — said the statement was dead.",
        "Hezbollah — Iran's ally in Lebanon — denied it.",
        "",
    ],
)
def test_what_may_be_a_speaker_is_no_dateline(text: str):
    assert dateline(text, 0, len(text), reference.load().is_place) is None


@pytest.mark.parametrize("before", ["", "JAKARTA - ", "GENEVA, Nov 3 (Wire) — ", "ISLAMABAD: ", "(Tbilisi) - "])
def test_the_speaker_is_the_one_of_the_sentence(before: str):
    (said,) = annotate_text(f"{before}Sudan's army said the convoy had left the town.")["statements"]
    text = f"{before}Sudan's army said the convoy had left the town."
    ((start, end),) = said["source"]
    assert text[start:end] == "Sudan's army"
    assert said["speaker"]["principalLabel"] == "Sudan"


def test_the_day_of_a_dateline_still_dates_the_text():
    told = annotate_text("LYRA, 4 May 2022 (Wire) - Sudan's army said on Tuesday that the convoy had left the town.")
    assert told["document"]["published"] == "2022-05-04"
