"""Time words: the closed class of English words for months, weekdays, seasons and parts of the day, with bounds.

Bounds are outer bounds, generous on purpose: what happened "in the morning" happened between them. Seasons are those
of the northern hemisphere.
"""

from __future__ import annotations

from datetime import timedelta

MONTHS = {
    form: number
    for number, forms in enumerate(
        [
            ("January", "Jan"),
            ("February", "Feb"),
            ("March", "Mar"),
            ("April", "Apr"),
            ("May",),
            ("June", "Jun"),
            ("July", "Jul"),
            ("August", "Aug"),
            ("September", "Sept", "Sep"),
            ("October", "Oct"),
            ("November", "Nov"),
            ("December", "Dec"),
        ],
        start=1,
    )
    for form in forms
}
WEEKDAYS = {
    form: number
    for number, forms in enumerate(
        [
            ("Monday", "Mon"),
            ("Tuesday", "Tues", "Tue"),
            ("Wednesday", "Wed"),
            ("Thursday", "Thurs", "Thur", "Thu"),
            ("Friday", "Fri"),
            ("Saturday", "Sat"),
            ("Sunday", "Sun"),
        ]
    )
    for form in forms
}
# first month and number of months
SEASONS = {"spring": (3, 3), "summer": (6, 3), "autumn": (9, 3), "fall": (9, 3), "winter": (12, 3)}


def _hours(first: float, last: float) -> tuple[timedelta, timedelta]:
    return timedelta(hours=first), timedelta(hours=last)


# from and to, counted from the midnight that begins the day; the second number is the (exclusive) end
PARTS_OF_DAY = {
    "early hours": _hours(0, 6),
    "small hours": _hours(0, 6),
    "predawn": _hours(0, 7),
    "early": _hours(0, 12),
    "early morning": _hours(0, 9),
    "dawn": _hours(3, 9),
    "daybreak": _hours(3, 9),
    "sunrise": _hours(3, 9),
    "morning": _hours(4, 12),
    "late morning": _hours(9, 12),
    "noon": _hours(11, 13),
    "midday": _hours(11, 14),
    "early afternoon": _hours(12, 15),
    "afternoon": _hours(12, 18),
    "late afternoon": _hours(15, 19),
    "dusk": _hours(16, 22),
    "sunset": _hours(16, 22),
    "nightfall": _hours(16, 23),
    "early evening": _hours(17, 21),
    "evening": _hours(17, 24),
    "late evening": _hours(20, 24),
    "late": _hours(17, 24),
    "night": _hours(18, 30),
    "late night": _hours(21, 30),
    "midnight": _hours(0, 24.5),
}
NIGHT = PARTS_OF_DAY["night"]

# Before a weekday these make a feast, a club or a sale of it, after it a newspaper.
NO_DAY_AFTER = frozenset(
    (
        "Good",
        "Black",
        "Bloody",
        "Easter",
        "Palm",
        "Super",
        "Ash",
        "Maundy",
        "Holy",
        "Shrove",
        "Cyber",
        "Man",
    )
)
NO_DAY_BEFORE = frozenset(
    ("Times", "Telegraph", "Mail", "Mirror", "Express", "Post", "Herald", "Star", "World", "Tribune", "Independent")
)
