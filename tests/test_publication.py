"""Publication date: what anchors it in the text, and when there is no honest answer."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacta.annotations import dates
from pacta.annotations.publication import infer_publication

NEWS_WEEK = """Drones Over Port Lyra

A sentry stands at a gate in Port Lyra on December 1, 2020.

The navy released on Wednesday pictures of burning barges, and said on Thursday that two crews were safe.

Port Lyra - Pictures released by the navy show a burning barge on August 11, 2021.

On Friday the mayor blamed the guild for it.
"""


def test_a_dated_caption_and_the_weekdays_after_it_give_the_last_of_them() -> None:
    assert infer_publication(NEWS_WEEK) == date(2021, 8, 13)


def test_dates_offers_it_too() -> None:
    assert dates.infer_publication is infer_publication


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # stamps
        ("Fire at the port\n28 March 2022 19:36 (UTC +04:00)\nA shed burned.", date(2022, 3, 28)),
        ("Fire at the port\n\nPublished: March 28, 2022\n\nA shed burned on Monday.", date(2022, 3, 28)),
        ("Fire at the port\n\n2022-03-28\n\nA shed burned.", date(2022, 3, 28)),
        ("2022-03-28T09:30:00Z\nA shed burned.", date(2022, 3, 28)),
        ("Fire | 28.03.2022, 19:36 | Local\nA shed burned.", date(2022, 3, 28)),
        ("28 March 2022 19:36\nThe truce of 9 June 2019 holds, and will until 10 June 2030.", date(2022, 3, 28)),
        # datelines
        ("PORT LYRA, September 13, 2022. /Agency/. A shed burned.", date(2022, 9, 13)),
        ("Port Lyra, 5 May 2019 (Agency) - A shed burned.", date(2019, 5, 5)),
        ("Headline\n\nPORT LYRA, May 5, 2019 — A shed burned.", date(2019, 5, 5)),
        ("PORT LYRA, September 13. /Agency/. A shed burned on September 12, 2022.", date(2022, 9, 13)),
        ("PORT LYRA, January 3. /Agency/. A shed burned on December 30, 2022.", date(2023, 1, 3)),
        # a full date with its weekday
        (
            "A shed burned on Tuesday, March 29, 2022. On Wednesday it rained, and on Tuesday it was dry.",
            date(2022, 3, 30),
        ),
        (
            "Guards opened the northern bridge barrier on March 29, 2022.\n"
            "On Tuesday guards opened the barrier of the northern bridge. It was shut again on Thursday.",
            date(2022, 3, 31),
        ),
        # nothing to hold on to
        ("", None),
        ("A shed burned on Wednesday.", None),
        ("PORT LYRA, September 13. /Agency/. A shed burned on Tuesday.", None),
        ("PORT LYRA, September 13. /Agency/. The truce of November 9, 2020 was broken.", None),
        ("The truce was signed on November 9, 2020, a Monday. It was broken on Thursday.", None),
        ("A guard stands in Lyra on December 1, 2020.\n\nOn Tuesday a shed burned; on Friday it rained.", None),
        ("The truce of November 9, 2020 was broken on Wednesday, said the guild on Thursday.", None),
        ("Port Lyra, May 5, 2019 — the day it began. In 2021 it goes on.", None),
        ("The mandate runs until 10 November 2025. On Monday it rained, on Tuesday too.", None),
        ("Read The Sunday Times of 14 March 2021 on Good Friday.", None),
    ],
)
def test_anchors(text: str, expected: date | None) -> None:
    assert infer_publication(text) == expected


def test_a_later_full_date_beats_a_stamp_before_it() -> None:
    assert infer_publication("1 March 2020 10:00\nIt burned on Monday. On 4 April 2021 it was rebuilt.") is None


@given(st.text(alphabet=st.sampled_from("Monday, 1 May2020 /()\n.-:Published on the 9 November 2020Z"), max_size=200))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    assert infer_publication(text) is None or isinstance(infer_publication(text), date)
