"""Time expressions: outer bounds, granularity and exact span, on sentences of our own; and what is no time at all.

The day of writing is Friday 13 August 2021 unless a test says otherwise; local time is four hours ahead of UTC.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pacta.annotations.dates import find_times
from pacta.annotations.time_words import PARTS_OF_DAY
from pacta.model import Span, TimeMention

FRIDAY = date(2021, 8, 13)
ZONE = timezone(timedelta(hours=4))


def sentences(text: str) -> list[Span]:
    return [m.span() for m in re.finditer(r"\S[^\n]*?(?:[.!?][”\"]?(?=\s+[A-Z“])|(?=\n|$))", text)]


def times(text: str, reference: date = FRIDAY, zone: tzinfo = ZONE) -> tuple[TimeMention, ...]:
    return find_times(text, reference=reference, zone=zone, sentences=sentences(text))


def short(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d" if (moment.hour, moment.minute) == (0, 0) else "%Y-%m-%dT%H:%M")


def read(text: str, reference: date = FRIDAY) -> list[str]:
    return [
        f"{text[slice(*t.span)]} | {short(t.not_before)} .. {short(t.not_after)} {t.granularity}"
        for t in times(text, reference)
    ]


# A sentence, and indented what is found in it: words | from .. to granularity.
CASES = """
# weekdays
The guild met on Wednesday.
    Wednesday | 2021-08-11 .. 2021-08-12 day
The guild met on Friday.
    Friday | 2021-08-13 .. 2021-08-14 day
The guild met on Saturday.
    Saturday | 2021-08-07 .. 2021-08-08 day
The guild met last Friday.
    last Friday | 2021-08-06 .. 2021-08-07 day
The guild met last Wednesday.
    last Wednesday | 2021-08-11 .. 2021-08-12 day
The guild meets next Friday.
    next Friday | 2021-08-20 .. 2021-08-21 day
The guild meets next Monday.
    next Monday | 2021-08-16 .. 2021-08-17 day
This Monday the guild met.
    This Monday | 2021-08-09 .. 2021-08-10 day
The guild meets this coming Monday.
    this coming Monday | 2021-08-16 .. 2021-08-17 day
Tuesday’s raid, the mayor said Thursday, failed.
    Tuesday | 2021-08-10 .. 2021-08-11 day
    Thursday | 2021-08-12 .. 2021-08-13 day
It burned on Wed. and it rained.
    Wed. | 2021-08-11 .. 2021-08-12 day
# past or future
Ministers will meet on Tuesday.
    Tuesday | 2021-08-17 .. 2021-08-18 day
On Tuesday the ministers will meet.
    Tuesday | 2021-08-17 .. 2021-08-18 day
Talks are due to be held on Tuesday.
    Tuesday | 2021-08-17 .. 2021-08-18 day
The talks, scheduled for Thursday, were cancelled on Tuesday.
    Thursday | 2021-08-19 .. 2021-08-20 day
    Tuesday | 2021-08-10 .. 2021-08-11 day
On Wednesday the guild said it will open the pier on Monday.
    Wednesday | 2021-08-11 .. 2021-08-12 day
    Monday | 2021-08-16 .. 2021-08-17 day
It will answer the raid launched on Sunday.
    Sunday | 2021-08-08 .. 2021-08-09 day
In a note on Wednesday, the guild vowed to answer.
    Wednesday | 2021-08-11 .. 2021-08-12 day
They agreed to a truce on Sunday.
    Sunday | 2021-08-08 .. 2021-08-09 day
They agreed to meet on Sunday.
    Sunday | 2021-08-15 .. 2021-08-16 day
The road closed due to floods on Monday.
    Monday | 2021-08-09 .. 2021-08-10 day
Guards must leave by Sunday.
    by Sunday | 2021-08-13 .. 2021-08-16 days
The lease will end in November.
    November | 2021-11-01 .. 2021-12-01 month
The vote is set for September 20.
    September 20 | 2021-09-20 .. 2021-09-21 day
“In three days, on August 16, the pact turns ten.”
    August 16 | 2021-08-16 .. 2021-08-17 day
# parts of a day
Barges burned on Wednesday morning.
    Wednesday morning | 2021-08-11T04:00 .. 2021-08-11T12:00 part-of-day
The guild on Friday accused the crew of firing early in the morning.
    Friday | 2021-08-13 .. 2021-08-14 day
    early in the morning | 2021-08-13 .. 2021-08-13T09:00 part-of-day
The mayor said on Friday that on Tuesday, early in the morning, it burned.
    Friday | 2021-08-13 .. 2021-08-14 day
    Tuesday, early in the morning | 2021-08-10 .. 2021-08-10T09:00 part-of-day
Early in the morning a shed burned.
    Early in the morning | 2021-08-13 .. 2021-08-13T09:00 part-of-day
Early Friday morning a shed burned.
    Early Friday morning | 2021-08-13 .. 2021-08-13T09:00 part-of-day
In the early hours of 11 August a shed burned.
    the early hours of 11 August | 2021-08-11 .. 2021-08-11T06:00 part-of-day
Late on Tuesday a shed burned.
    Late on Tuesday | 2021-08-10T17:00 .. 2021-08-11 part-of-day
On the morning of Tuesday, August 10, a shed burned.
    the morning of Tuesday, August 10 | 2021-08-10T04:00 .. 2021-08-10T12:00 part-of-day
A shed burned on Saturday night.
    Saturday night | 2021-08-07T18:00 .. 2021-08-08T06:00 night
A shed burned at dawn on Sunday.
    dawn on Sunday | 2021-08-08T03:00 .. 2021-08-08T09:00 part-of-day
A shed burned before dawn on Sunday.
    before dawn on Sunday | 2021-08-08 .. 2021-08-08T09:00 part-of-day
A shed burned on Tuesday afternoon and again in the evening.
    Tuesday afternoon | 2021-08-10T12:00 .. 2021-08-10T18:00 part-of-day
    the evening | 2021-08-10T17:00 .. 2021-08-11 part-of-day
This morning a shed burned.
    This morning | 2021-08-13T04:00 .. 2021-08-13T12:00 part-of-day
He rang last night and rings tonight.
    last night | 2021-08-12T18:00 .. 2021-08-13T06:00 night
    tonight | 2021-08-13T18:00 .. 2021-08-14T06:00 night
He came on Monday. That evening he rang.
    Monday | 2021-08-09 .. 2021-08-10 day
    That evening | 2021-08-09T17:00 .. 2021-08-10 part-of-day
He came on Monday. The next morning he rang.
    Monday | 2021-08-09 .. 2021-08-10 day
    The next morning | 2021-08-10T04:00 .. 2021-08-10T12:00 part-of-day
At noon on Thursday it rained; at midnight it stopped.
    noon on Thursday | 2021-08-12T11:00 .. 2021-08-12T13:00 part-of-day
    midnight | 2021-08-12 .. 2021-08-13T00:30 part-of-day
Early in the morning, in breach of the November 9 truce, it burned.
    Early in the morning | 2021-08-13 .. 2021-08-13T09:00 part-of-day
    November 9 | 2020-11-09 .. 2020-11-10 day
# overnight
The navy said on Thursday that crews crossed the bay overnight.
    Thursday | 2021-08-12 .. 2021-08-13 day
    overnight | 2021-08-11T18:00 .. 2021-08-12T06:00 night
Crews crossed the bay overnight.
    overnight | 2021-08-12T18:00 .. 2021-08-13T06:00 night
Overnight into Sunday crews crossed.
    Overnight into Sunday | 2021-08-07T18:00 .. 2021-08-08T06:00 night
Crews crossed overnight on Sunday.
    overnight on Sunday | 2021-08-07T18:00 .. 2021-08-09T06:00 night
Crews crossed overnight from Monday to Tuesday.
    overnight from Monday to Tuesday | 2021-08-09T18:00 .. 2021-08-10T06:00 night
Crews crossed on the night of 8-9 August.
    the night of 8-9 August | 2021-08-08T18:00 .. 2021-08-09T06:00 night
He came on Monday; the night before, it burned.
    Monday | 2021-08-09 .. 2021-08-10 day
    the night before | 2021-08-08T18:00 .. 2021-08-09T06:00 night
# clock times
At 10:30 a.m. on Friday a siren rang.
    10:30 a.m. on Friday | 2021-08-13T10:30 .. 2021-08-13T10:31 instant
At 06:15 local time a siren rang.
    06:15 local time | 2021-08-13T06:15 .. 2021-08-13T06:16 instant
At about 10:30 on Tuesday a siren rang.
    10:30 on Tuesday | 2021-08-10T10:00 .. 2021-08-10T11:00 hour
A siren rang at 6 pm on Tuesday.
    6 pm on Tuesday | 2021-08-10T18:00 .. 2021-08-10T19:00 hour
A siren rang at 12:05 AM.
    12:05 AM | 2021-08-13T00:05 .. 2021-08-13T00:06 instant
At 22:30 GMT on Thursday it stopped.
    22:30 GMT on Thursday | 2021-08-13T02:30 .. 2021-08-13T02:31 instant
The patrol left at 1430 GMT, and another at 0615 hours.
    1430 GMT | 2021-08-13T18:30 .. 2021-08-13T18:31 instant
    0615 hours | 2021-08-13T06:15 .. 2021-08-13T06:16 instant
The truce held from 00:00 Lisbon time on 10 November 2020.
    00:00 Lisbon time on 10 November 2020 | 2020-11-10T04:00 .. 2020-11-10T04:01 instant
It rang at 09:00 (UTC +02:00) on Monday.
    09:00 (UTC +02:00) on Monday | 2021-08-09T11:00 .. 2021-08-09T11:01 instant
It rang at 09:00 Atlantis time.
28 March 2022 19:36
    28 March 2022 19:36 | 2022-03-28T19:36 .. 2022-03-28T19:37 instant
It rang at 2020-11-09T10:30:00+02:00.
    2020-11-09T10:30:00+02:00 | 2020-11-09T12:30 .. 2020-11-09T12:31 instant
Between 23:00 and 01:30 on Thursday it rang.
    Between 23:00 and 01:30 on Thursday | 2021-08-12T23:00 .. 2021-08-13T01:31 hour
# weeks, months, years
Barges burned earlier this week.
    earlier this week | 2021-08-09 .. 2021-08-14 week
Barges burned this week.
    this week | 2021-08-09 .. 2021-08-16 week
Barges burned last week.
    last week | 2021-08-02 .. 2021-08-09 week
Barges sail next week.
    next week | 2021-08-16 .. 2021-08-23 week
Barges burned last month.
    last month | 2021-07-01 .. 2021-08-01 month
Barges burned late last month.
    late last month | 2021-07-17 .. 2021-08-01 days
Barges burned last year.
    last year | 2020-01-01 .. 2021-01-01 year
Barges burned over the weekend.
    the weekend | 2021-08-07 .. 2021-08-09 days
The war ended in November.
    November | 2020-11-01 .. 2020-12-01 month
The war ended in August.
    August | 2021-08-01 .. 2021-09-01 month
The war ended last August.
    last August | 2020-08-01 .. 2020-09-01 month
The war ended in November 2018.
    November 2018 | 2018-11-01 .. 2018-12-01 month
The November truce and the March storm.
    November | 2020-11-01 .. 2020-12-01 month
    March | 2021-03-01 .. 2021-04-01 month
It began in early May and ended in late 2020.
    early May | 2021-05-01 .. 2021-05-17 days
    late 2020 | 2020-07-02 .. 2021-01-01 season
The pier was built in 2020.
    2020 | 2020-01-01 .. 2021-01-01 year
It rained in spring 2021 and in the summer of 2019.
    spring 2021 | 2021-03-01 .. 2021-06-01 season
    summer of 2019 | 2019-06-01 .. 2019-09-01 season
It rained last winter.
    last winter | 2020-12-01 .. 2021-03-01 season
It rained in winter 2020-21.
    winter 2020-21 | 2020-12-01 .. 2021-03-01 season
It rained over the past two weeks.
    the past two weeks | 2021-07-30 .. 2021-08-14 days
# dates
It was August 11, 2021.
    August 11, 2021 | 2021-08-11 .. 2021-08-12 day
The truce was signed on November 9.
    November 9 | 2020-11-09 .. 2020-11-10 day
The truce was signed on 9 November 2016.
    9 November 2016 | 2016-11-09 .. 2016-11-10 day
The truce of 3 March 2014 was broken. On March 3 they signed.
    3 March 2014 | 2014-03-03 .. 2014-03-04 day
    March 3 | 2014-03-03 .. 2014-03-04 day
In 2016 the guild fell: on April 2 it was gone.
    2016 | 2016-01-01 .. 2017-01-01 year
    April 2 | 2016-04-02 .. 2016-04-03 day
On Monday, 9 November it rained.
    Monday, 9 November | 2020-11-09 .. 2020-11-10 day
On Thursday, 9 November it rained.
    Thursday, 9 November | 2017-11-09 .. 2017-11-10 day
It rained on 10 Nov. and on the 9th of September.
    10 Nov. | 2020-11-10 .. 2020-11-11 day
    9th of September | 2020-09-09 .. 2020-09-10 day
PORT LYRA, JULY 13. It rained.
    JULY 13 | 2021-07-13 .. 2021-07-14 day
Signed 2020-11-09, 09.11.2019 and 28/03/2018.
    2020-11-09 | 2020-11-09 .. 2020-11-10 day
    09.11.2019 | 2019-11-09 .. 2019-11-10 day
    28/03/2018 | 2018-03-28 .. 2018-03-29 day
It rained on 29 February.
    29 February | 2020-02-29 .. 2020-03-01 day
It may rain on 2 May; in May it may not.
    2 May | 2021-05-02 .. 2021-05-03 day
    May | 2021-05-01 .. 2021-06-01 month
# counted days
Yesterday it rained, today not.
    Yesterday | 2021-08-12 .. 2021-08-13 day
    today | 2021-08-13 .. 2021-08-14 day
The day before yesterday it rained.
    The day before yesterday | 2021-08-11 .. 2021-08-12 day
“It rained yesterday,” he said on Tuesday.
    yesterday | 2021-08-09 .. 2021-08-10 day
    Tuesday | 2021-08-10 .. 2021-08-11 day
It rained two days ago.
    two days ago | 2021-08-11 .. 2021-08-12 day
It rained three weeks earlier.
    three weeks earlier | 2021-07-20 .. 2021-07-27 week
It rained a month ago.
    a month ago | 2021-07-01 .. 2021-08-01 month
It rained two years ago.
    two years ago | 2019-01-01 .. 2020-01-01 year
He came on Monday and left two days later.
    Monday | 2021-08-09 .. 2021-08-10 day
    two days later | 2021-08-11 .. 2021-08-12 day
He came on Monday. The next day he left.
    Monday | 2021-08-09 .. 2021-08-10 day
    The next day | 2021-08-10 .. 2021-08-11 day
It rained the day before.
    the day before | 2021-08-12 .. 2021-08-13 day
# ranges and open ends
It rained between 12 and 14 September.
    between 12 and 14 September | 2020-09-12 .. 2020-09-15 days
It rained from 1 to 3 May.
    from 1 to 3 May | 2021-05-01 .. 2021-05-04 days
It rained on September 12-14, 2019.
    September 12-14, 2019 | 2019-09-12 .. 2019-09-15 days
It rained from 27 September to 10 November 2020.
    from 27 September to 10 November 2020 | 2020-09-27 .. 2020-11-11 days
It rained from 28 December to 3 January.
    from 28 December to 3 January | 2020-12-28 .. 2021-01-04 days
It rained from 28 December 2018 to 3 January.
    from 28 December 2018 to 3 January | 2018-12-28 .. 2019-01-04 days
It rained between June and August 2019.
    between June and August 2019 | 2019-06-01 .. 2019-09-01 month
It rained from Monday to Wednesday.
    from Monday to Wednesday | 2021-08-09 .. 2021-08-12 days
It rained from Saturday to Monday.
    from Saturday to Monday | 2021-08-07 .. 2021-08-10 days
It rained between 2016 and 2018.
    between 2016 and 2018 | 2016-01-01 .. 2019-01-01 year
It rained in 2016-2018.
    2016-2018 | 2016-01-01 .. 2019-01-01 year
It has rained since 2019.
    since 2019 | 2019-01-01 .. 2021-08-14 year
It has rained since Tuesday morning.
    since Tuesday morning | 2021-08-10T04:00 .. 2021-08-14 days
After March 3 it rained.
    After March 3 | 2021-03-03 .. 2021-08-14 days
It will rain until November.
    until November | 2021-08-13 .. 2021-12-01 month
They were to leave by December 1, 2020.
    December 1, 2020 | 2020-12-01 .. 2020-12-02 day
They must leave by the end of next month.
    by the end of next month | 2021-08-13 .. 2021-10-01 days
It rained before Tuesday.
"""


def cases() -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in CASES.splitlines():
        if line.startswith("    "):
            found[-1][1].append(line.strip())
        elif line and not line.startswith("#"):
            found.append((line, []))
    return found


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case, id=case[0]) for case in cases()])
def test_expression(text: str, expected: list[str]) -> None:
    assert read(text) == expected


def test_there_are_enough_of_them() -> None:
    assert len(cases()) >= 100


@pytest.mark.parametrize(
    "text",
    [
        "They may march in a second, and may not.",
        "The Sunday Times and the Black Friday sale.",
        "On Sundays, as on every Friday, guards sleep.",
        "The 44-day war cost 1,960 men and 2,020 horses.",
        "On the anniversary of the truce they sang.",
        "A 2020-strong crew, a 1990s ship, and 2.10 metres.",
        "USA Today wrote of it.",
        "The score was 3-2, the ratio 2:10, the verse 3:16.",
        "The day before the vote they slept. The next day they woke.",
        "The night of the storm was long.",
        "They fell in the fall of the city.",
        "On 31 June and on February 30 nothing was.",
        "At night guards sleep.",
        "A morning paper and an evening dress.",
        "In 1,999 cases, by 2020 men, of 2019 houses.",
        "On 05/03/2022 it was either.",
        "Article 5, point 12 and clause 4.1 stand.",
        "I am 10 or 12.",
        "They met in recent days and a few days ago.",
        "",
    ],
)
def test_no_time_at_all(text: str) -> None:
    assert read(text) == []


def test_a_report_as_a_whole() -> None:
    text = (
        "A sentry stands at a gate on December 1, 2020.\n\n"
        "Barges burned earlier this week. The navy spoke of two fires on Wednesday morning.\n\n"
        "A fragment lies on a pier on August 11, 2021.\n\n"
        "The guild said on Thursday that crews “tried to land” overnight. "
        "On Friday it accused them of firing at dawn.\n\n"
        "The truce that ended the war in November is broken. “The November 9 note says so,” it said."
    )
    assert read(text) == [
        "December 1, 2020 | 2020-12-01 .. 2020-12-02 day",
        "earlier this week | 2021-08-09 .. 2021-08-14 week",
        "Wednesday morning | 2021-08-11T04:00 .. 2021-08-11T12:00 part-of-day",
        "August 11, 2021 | 2021-08-11 .. 2021-08-12 day",
        "Thursday | 2021-08-12 .. 2021-08-13 day",
        "overnight | 2021-08-11T18:00 .. 2021-08-12T06:00 night",
        "Friday | 2021-08-13 .. 2021-08-14 day",
        "dawn | 2021-08-13T03:00 .. 2021-08-13T09:00 part-of-day",
        "November | 2020-11-01 .. 2020-12-01 month",
        "November 9 | 2020-11-09 .. 2020-11-10 day",
    ]


@pytest.mark.parametrize(
    ("reference", "day"),
    [(date(2021, 8, 11), "2021-08-11"), (date(2021, 8, 10), "2021-08-04"), (date(2024, 3, 1), "2024-02-28")],
)
def test_bounds_follow_the_day_of_writing(reference: date, day: str) -> None:
    assert read("It rained on Wednesday.", reference)[0].startswith(f"Wednesday | {day} ..")


def test_offsets_come_from_the_zone_also_across_a_change_of_clocks() -> None:
    zone = ZoneInfo("Europe/Lisbon")
    winter, summer = times("It rained on 27 March 2021 and on 29 March 2021.", zone=zone)
    assert winter.not_before.isoformat() == "2021-03-27T00:00:00+00:00"
    assert summer.not_before.isoformat() == "2021-03-29T00:00:00+01:00"
    (gmt,) = times("It rang at 10:00 GMT on 29 March 2021.", zone=zone)
    assert gmt.not_before.isoformat() == "2021-03-29T11:00:00+01:00"


def test_nothing_is_joined_over_the_end_of_a_paragraph_but_over_a_line_it_is() -> None:
    assert [r.split(" | ")[0] for r in read("It rained on Monday\n\nMorning prayers were held.")] == ["Monday"]
    text = "It rained on August\n11, 2021, they said."
    (found,) = find_times(text, reference=FRIDAY, zone=ZONE, sentences=[(0, len(text))])
    assert text[slice(*found.span)] == "August\n11, 2021"


def test_without_sentences_a_line_is_one() -> None:
    text = "The navy said on Thursday\nthat crews crossed overnight."
    found = find_times(text, reference=FRIDAY, zone=ZONE, sentences=[])
    assert [t.not_before.day for t in found] == [12, 12]


def test_parts_of_the_day_are_outer_bounds() -> None:
    for name, (low, high) in PARTS_OF_DAY.items():
        assert timedelta(0) <= low < high <= timedelta(hours=30), name
    assert PARTS_OF_DAY["early morning"][1] > PARTS_OF_DAY["morning"][0]


WORDS = [
    *["on", "since", "by", "between", "and", "from", "to", "the", "of", "early", "late", "last", "next", "in", "at"],
    *["Friday", "May", "11", "2021", "November 9", "morning", "night", "overnight", "10:30", "GMT", "week", "ago"],
    *["two", "days", "will", "said", ",", ".", "\n", "“", "”", "-", "spring", "midnight", "yesterday", "the next day"],
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_whatever_the_words_spans_are_apart_and_bounds_in_order(text: str, reference: date) -> None:
    found = times(text, reference)
    assert times(text, reference) == found
    end = 0
    for mention in found:
        assert end <= mention.span[0] < mention.span[1] <= len(text)
        assert mention.not_before < mention.not_after
        assert mention.not_before.utcoffset() is not None
        end = mention.span[1]


@settings(max_examples=100)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(times(text), tuple)
