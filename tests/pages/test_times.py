"""Times in words: never more precise than the text was."""

import pytest

from pacta.pages.times import day, extent

ZONE = "+04:00"
TWO_DAYS = "11 August 2021, 22:00 – 12 August 2021, 02:00 (UTC+04:00)"


def at(moment: str) -> str:
    return f"2021-{moment}:00{ZONE}"


@pytest.mark.parametrize(
    ("start", "end", "granularity", "words", "precision"),
    [
        (at("08-11T06:45"), at("08-11T06:46"), "instant", "11 August 2021, 06:45 (UTC+04:00)", "to the minute"),
        (at("08-11T17:00"), at("08-11T18:00"), "hour", "11 August 2021, 17:00–18:00 (UTC+04:00)", "to the hour"),
        (at("08-11T18:00"), at("08-12T00:00"), "part-of-day", "11 August 2021, 18:00–24:00 (UTC+04:00)", None),
        (at("08-11T22:00"), at("08-12T02:00"), "part-of-day", TWO_DAYS, None),
        (at("08-11T18:00"), at("08-12T06:00"), "night", "night of 11–12 August 2021", "to the night"),
        (at("08-31T18:00"), at("09-01T06:00"), "night", "night of 31 August – 1 September 2021", None),
        (at("08-11T00:00"), at("08-12T00:00"), "day", "11 August 2021", "to the day"),
        (at("08-09T00:00"), at("08-14T00:00"), "week", "9–13 August 2021", "to the week"),
        (at("08-30T00:00"), at("09-03T00:00"), "days", "30 August – 2 September 2021", "to a few days"),
        (at("11-01T00:00"), at("12-01T00:00"), "month", "November 2021", "to the month"),
        (at("03-01T00:00"), at("06-01T00:00"), "season", "March – May 2021", "to the season"),
        (at("01-01T00:00"), f"2022-01-01T00:00:00{ZONE}", "year", "2021", "to the year"),
        ("2010-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "decade", "2010–2019", "to the decade"),
        ("2020-12-30T00:00:00Z", "2021-01-02T00:00:00Z", "days", "30 December 2020 – 1 January 2021", None),
    ],
)  # fmt: skip
def test_bounds_become_words(start: str, end: str, granularity: str, words: str, precision: str | None):
    told = extent(start, end, f"https://w3id.org/pacta/vocab/granularity/{granularity}")
    assert told.words == words
    assert precision is None or told.precision == precision


def test_an_open_end_and_no_time_at_all_are_said():
    assert extent(at("08-11T00:00"), None, "day").words == "from 11 August 2021"
    assert extent(None, at("08-12T00:00"), "day").words == "until 11 August 2021"
    assert extent(None, None).words == "time not given"
    assert extent("soon", "later", "day").words == "time not given"


def test_what_is_no_date_stays_as_it_is():
    assert day("2021-08-13") == "13 August 2021"
    assert day("2021-08-13T10:00:00+04:00") == "13 August 2021"
    assert day("in the spring") == "in the spring"
    assert day(None) == ""
