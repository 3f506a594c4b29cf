"""Locations by distance and bearing: exact spans, kilometres, sixteen bearings, what is approximate, what is none."""

from __future__ import annotations

import pytest

from pacta.annotations.locations import BEARINGS, find_relative_locations
from pacta.annotations.numbers import number_value
from pacta.model import LocationMention, Mention


def places(text: str, *names: str, type: str = "Place") -> list[Mention]:  # noqa: A002
    return [
        Mention((start, start + len(name)), f"https://example.org/place/{name.lower()}", type)
        for name in names
        if (start := text.find(name)) >= 0
    ]


def only(text: str, name: str = "Lyra", type: str = "Place") -> LocationMention:  # noqa: A002
    (location,) = find_relative_locations(text, places(text, name, type=type))
    return location


# text, words of the span, kilometres, bearing, approximate
CASES = [
    (
        "A post about 40 kilometers southwest of Lyra was hit.",
        "about 40 kilometers southwest of Lyra",
        40,
        "south-west",
        True,
    ),
    ("Shells fell some 12 km north-east of Lyra.", "some 12 km north-east of Lyra", 12, "north-east", True),
    ("The camp is five miles from Lyra.", "five miles from Lyra", 8.047, None, False),
    ("They met 20km to the west of Lyra.", "20km to the west of Lyra", 20, "west", False),
    ("Tanks stood just south of Lyra.", "just south of Lyra", None, "south", True),
    ("A convoy was stopped near Lyra.", "near Lyra", None, None, True),
    ("Two wells outside Lyra burned.", "outside Lyra", None, None, True),
    ("Houses on the outskirts of Lyra burned.", "on the outskirts of Lyra", None, None, True),
    ("A drone fell not far from Lyra.", "not far from Lyra", None, None, True),
    ("It lies 7.5 km W of Lyra.", "7.5 km W of Lyra", 7.5, "west", False),
    ("It lies 9 km NNW of the town of Lyra.", "9 km NNW of the town of Lyra", 9, "north-north-west", False),
    ("It lies 40-45 km north of Lyra.", "40-45 km north of Lyra", 42.5, "north", True),
    (
        "A pier between five and ten miles south of Lyra",
        "between five and ten miles south of Lyra",
        12.07,
        "south",
        True,
    ),
    (
        "Roughly twenty-five kilometres due east of Lyra",
        "Roughly twenty-five kilometres due east of Lyra",
        25,
        "east",
        True,
    ),
    ("1,200 metres from Lyra, they stopped.", "1,200 metres from Lyra", 1.2, None, False),
    ("Half a mile off Lyra a skiff sank.", "Half a mile off Lyra", 0.805, None, False),
    ("It sank 12 nautical miles off Lyra.", "12 nautical miles off Lyra", 22.224, None, False),
    ("A few kilometres from the port city of Lyra", "A few kilometres from the port city of Lyra", None, None, True),
    ("They came within 5 km of Lyra.", "within 5 km of Lyra", 5, None, True),
    ("They came to less than 5 km from Lyra.", "less than 5 km from Lyra", 5, None, True),
    ("A hill a hundred kilometres away from Lyra", "a hundred kilometres away from Lyra", 100, None, False),
    ("A hill two hundred and ten km from Lyra", "two hundred and ten km from Lyra", 210, None, False),
    ("It is 10 km from the border with Lyra.", "10 km from the border with Lyra", 10, None, False),
    ("Posts to the north west of Lyra fired.", "to the north west of Lyra", None, "north-west", True),
    ("Posts 3 km south south-east of Lyra fired.", "3 km south south-east of Lyra", 3, "south-south-east", False),
    ("Posts 3 kms towards the east of Lyra fired.", "3 kms towards the east of Lyra", 3, "east", False),
]


@pytest.mark.parametrize(("text", "words", "kilometres", "bearing", "approximate"), CASES, ids=[c[0] for c in CASES])
def test_what_the_words_say(
    text: str, words: str, kilometres: float | None, bearing: str | None, approximate: bool
) -> None:
    location = only(text)
    assert text[slice(*location.span)] == words
    assert (location.distance_km, location.bearing, location.approximate) == (kilometres, bearing, approximate)
    assert location.anchor.entity == "https://example.org/place/lyra"


@pytest.mark.parametrize("bearing", BEARINGS)
@pytest.mark.parametrize("written", ["{}", "{joined}", "{spaced}", "{short}"])
def test_sixteen_bearings_however_written(bearing: str, written: str) -> None:
    short = "".join(word[0] for word in bearing.split("-")).upper()
    words = written.format(bearing, joined=bearing.replace("-", ""), spaced=bearing.replace("-", " "), short=short)
    assert only(f"It lies 6 km {words} of Lyra.").bearing == bearing


@pytest.mark.parametrize(
    "text",
    [
        "They rule in the west of Lyra.",
        "They hold the south of Lyra.",
        "A road near Lyra’s airport was cut.",
        "A road near Lyra-based troops was cut.",
        "300 people from Lyra fled.",
        "Towns such as Lyra fell.",
        "It is 40 km south of the river. Lyra is quiet.",
        "It is 40 km south of\nLyra is quiet.",
        "They took 5 km of Lyra territory.",
        "Some of Lyra is dry, and so is the rest.",
        "North-south of Lyra",
        "Lyra",
        "",
    ],
)
def test_what_is_no_relative_location(text: str) -> None:
    assert find_relative_locations(text, places(text, "Lyra")) == ()


def test_outside_a_state_is_no_place_but_near_it_is() -> None:
    text = "They trained outside Lyra."
    assert find_relative_locations(text, places(text, "Lyra", type="State")) == ()
    assert only("They trained near Lyra.", type="State").distance_km is None


def test_each_place_has_its_own_and_in_order() -> None:
    text = "Posts 3 km east of Lyra and two miles from Oz were hit, and Thule was calm."
    found = find_relative_locations(text, places(text, "Thule", "Oz", "Lyra"))
    assert [text[slice(*location.span)] for location in found] == ["3 km east of Lyra", "two miles from Oz"]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("3", 3),
        ("1,200", 1200),
        ("2.5", 2.5),
        ("a", 1),
        ("a couple of", 2),
        ("Half a", 0.5),
        ("seventeen", 17),
        ("forty-two", 42),
        ("ninety nine", 99),
        ("three hundred and five", 305),
        ("two thousand five hundred", 2500),
        ("a hundred", 100),
    ],
)
def test_numbers(words: str, value: float) -> None:
    assert number_value(words) == value
