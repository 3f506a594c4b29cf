"""The timeline: statements and accounts where they belong, a range in the address, the same as a list, faults told."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest_borduria import Look
from conftest_pages import Get
from pacta.pages import events
from pacta.pages.events import DAY, Event, Line, day_of, midnight, seconds
from pacta.pages.site import Site
from pacta.pages.svg import LEAST, ROWS, WIDTH, Lane, Mark, element, lanes, months, stack, ticks

AUGUST = midnight(date(2021, 8, 1)), midnight(date(2021, 9, 1))


def line(*starts: float, length: float = DAY) -> Line:
    return Line.of(Event(start, start + length, "statement", f"s{at}", "who", "day") for at, start in enumerate(starts))


# --- lines ------------------------------------------------------------------------------------------------------------
def test_moments_keep_their_offset_and_days_are_midnight():
    assert seconds("1970-01-01T04:00:00+04:00") == 0
    assert seconds("1970-01-02") == DAY
    assert seconds("last week") is None
    assert day_of(-DAY) == date(1969, 12, 31)


def test_a_stretch_has_what_reaches_into_it():
    long = line(0, 10 * DAY, 20 * DAY, length=5 * DAY)
    assert [event.start / DAY for event in long.within(12 * DAY, 20 * DAY).events] == [10]
    assert [event.start / DAY for event in long.within(15 * DAY, 21 * DAY).events] == [20]
    assert not long.within(30 * DAY, 40 * DAY).events


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 40)), max_size=40), st.integers(0, 400), st.integers(1, 60)
)
def test_a_stretch_is_what_a_look_at_all_events_finds(spans: list[tuple[int, int]], start: int, length: int):
    whole = Line.of(Event(a * DAY, (a + n) * DAY, "statement", f"s{at}", "", "") for at, (a, n) in enumerate(spans))
    low, high = start * DAY, (start + length) * DAY
    found = whole.within(low, high)
    assert found.events == [event for event in whole.events if event.start < high and event.end > low]
    assert found.spans == [(event.start, event.end) for event in found.events]


def test_months_are_counted_by_where_events_begin():
    whole = line(midnight(date(2020, 12, 31)), midnight(date(2021, 1, 1)), midnight(date(2021, 1, 31)))
    assert whole.by_month() == {(2020, 12): 1, (2021, 1): 2}


def test_the_seeds_incident_is_placed_by_its_accounts(site: Site):
    placed = {
        event.grain: (day_of(event.start), day_of(event.end)) for event in events.accounts(site).within(*AUGUST).events
    }
    assert placed["week"] == (date(2021, 8, 8), date(2021, 8, 13))  # in UTC; the account counts days four hours ahead
    assert "part-of-day" in placed


def test_a_statement_without_a_time_stands_at_its_report(site: Site):
    told = events.statements(site).within(*AUGUST).events
    assert {event.reported for event in told} == {True, False}
    for event in told:
        assert not event.reported or (day_of(event.start) == date(2021, 8, 13) and event.grain == "day")


# --- drawing ----------------------------------------------------------------------------------------------------------
@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 300)), max_size=60))
def test_no_bar_covers_another(spans: list[tuple[float, float]]):
    ordered = sorted((start, start + length) for start, length in spans)
    rows = stack(ordered, lambda stamp: min(stamp, 900.0), ROWS)
    if rows is None:
        return
    assert sorted(place for row in rows for place in row) == list(range(len(ordered)))
    for row in rows:
        for one, other in pairwise(row):
            assert min(ordered[one][1], 900) <= ordered[other][0] + LEAST


def test_too_many_bars_are_counted_by_stretches():
    spans = [(float(at % 7), float(at % 7) + 1) for at in range(500)]
    lane = Lane("Statements", sorted(spans), lambda at: Mark("m", "/x", "w"), lambda a, b: f"/t?{a:.0f}", "statement")
    drawn = str(lanes([lane], 0.0, 100.0 * DAY, title="T"))
    assert sum(int(count) for count in re.findall(r'class="count"[^>]*>(\d+)<', drawn)) == 500
    assert 'href="/t?0"' in drawn
    assert "500 statements from" in drawn


def test_a_short_time_is_still_to_be_seen_and_stays_inside():
    drawn = str(lanes([Lane("L", [(99.9 * DAY, 100 * DAY)], lambda at: Mark("m", "", "w"))], 0.0, 100 * DAY, title="T"))
    found = re.search(r'class="mark m" x="([\d.]+)" [^>]*width="([\d.]+)"', drawn)
    assert found
    assert float(found[2]) >= LEAST - 0.1
    assert float(found[1]) + float(found[2]) <= WIDTH


def test_words_of_documents_are_escaped():
    told = Mark("m", "/x?a=1&b=2", "<script>alert(1)</script>\"'")
    drawn = str(lanes([Lane("<b>", [(0.0, DAY)], lambda at: told)], 0.0, 10 * DAY, title='"T"'))
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert element("text", "a<b", class_='"x') == '<text class="&#34;x">a&lt;b</text>'


@pytest.mark.parametrize("days", [1, 2, 10, 60, 200, 900, 4000, 40000])
def test_an_axis_has_some_ticks_and_not_too_many(days: int):
    start = midnight(date(1990, 3, 5))
    found = list(ticks(start, start + days * DAY, 12))
    assert 1 <= len(found) <= 16
    assert all(one[1] != other[1] for one, other in pairwise(found))
    assert all(start <= stamp <= start + days * DAY for stamp, _ in found)


def test_no_month_no_bars():
    assert "<rect" not in str(months({}, lambda a, b: "", (0.0, 1.0), title="T"))


# --- the page ---------------------------------------------------------------------------------------------------------
def test_the_chart_is_there_again_as_a_list(look: Look):
    page = look("/timeline")
    assert page.all("svg", class_="lanes")[0].get("aria-label").startswith("Statements and accounts of incidents")
    listed = page.one("ol", class_="events")
    drawn = {
        mark.get("href") for mark in page.one("svg", class_="lanes").all("a") if mark.get("href").startswith("/id/")
    }
    links = {link.get("href") for link in listed.all("a")}
    assert drawn
    assert drawn <= links
    for item in listed.all("li", class_="statement") + listed.all("li", class_="incident"):
        assert item.one("p", class_="when").all("time")


def test_precision_is_told(look: Look):
    assert "to the day" in look("/timeline").one("ol", class_="events").words


def test_the_range_is_in_the_address(look: Look):
    page = look("/timeline?from=2031-06-09&to=2031-06-10")
    dates = [each.get("datetime") for each in page.one("ol", class_="events").all("time")]
    assert dates
    # a day is told in the offset of its own: one east of Greenwich begins on the evening of the 10th in UTC
    assert {told[:10] for told in dates} <= {"2031-06-08", "2031-06-09", "2031-06-10", "2031-06-11"}
    assert page.one("input", name="from").get("value") == "2031-06-09"


def test_facets_lead_to_a_year_and_a_month(look: Look):
    years = look("/timeline").one("nav", class_="facets").all("a")
    inside = look(years[0].get("href"))
    assert [each for each in inside.one("nav", class_="facets").all("a") if each.get("aria-current")]
    months_ = inside.one("nav", class_="facets").all("ul")[1].all("a")
    assert months_
    assert look(months_[0].get("href")).one("ol", class_="events").all("li")


def test_one_speaker_or_one_agreement_or_incidents_alone(look: Look):
    spoken = look("/timeline?actor=actor/brd")
    who = {link.words for link in spoken.one("ol", class_="events").all("strong")}
    assert who
    assert not any("Syldav" in name for name in who)
    about = look("/timeline?agreement=brd-syd-2031-03")
    assert len(about.one("ol", class_="events").all("li", class_="statement")) == 11
    only = look("/timeline?show=incidents").one("ol", class_="events")
    assert only.all("li", class_="incident")
    assert not only.all("li", class_="statement")


@pytest.mark.parametrize("bad", ["from=tomorrow", "to=2021-13", "from=2021-02-30", "from=2022&to=2021", "from=0000"])
def test_a_bad_range_says_how_to_write_it(get: Get, bad: str):
    got = get(f"/timeline?{bad}", "text/html")
    assert got.status == 400
    assert b"2021-08-13" in got.body or b"earlier day first" in got.body


def test_nothing_in_a_stretch_is_said_so(look: Look):
    assert "Nothing is placed in this stretch" in look("/timeline?from=1999&to=1999").words
