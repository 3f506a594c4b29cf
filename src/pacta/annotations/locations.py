"""Locations: places known by distance and bearing from a named one ("about 40 kilometres south-west of X")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pacta.annotations.numbers import NUMBER, number_value
from pacta.model import LocationMention, Mention, Span

LOOK_BACK = 120  # characters before a place in which its distance and bearing stand

_POINTS = {"n": "north", "e": "east", "s": "south", "w": "west"}
_NOTATIONS = ("n", "nne", "ne", "ene", "e", "ese", "se", "sse", "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw")
BEARINGS = tuple("-".join(_POINTS[letter] for letter in notation) for notation in _NOTATIONS)
_BY_WORDS = {name.replace("-", ""): name for name in BEARINGS} | {
    "".join(word[0] for word in name.split("-")): name for name in BEARINGS
}

KILOMETRES = {
    r"km|kms|kilomet(?:er|re)s?": 1.0,
    r"nautical\s+miles?|nmi": 1.852,
    r"miles?|mi": 1.609344,
    r"m|met(?:er|re)s?": 0.001,
    r"yards?": 0.0009144,
}

_CARDINAL = r"(?:north|south|east|west)"
_BEARING = rf"(?P<bearing>(?:(?:{_CARDINAL}[\s-]*){{1,3}})(?<![\s-])|(?-i:[NS]?[NS][EW]|[EW][NS][EW]|[NSEW])(?![\w.]))"
_UNIT = "|".join(f"(?:{unit})" for unit in KILOMETRES)
_ABOUT = (
    r"(?P<about>(?:(?:at\s+)?(?:about|around|some|roughly|approximately|nearly|almost|over|under|just|only|within|up\s+to|"
    r"more\s+than|less\s+than|at\s+least|an\s+estimated|no\s+more\s+than)\s+)+)?"
)
_DISTANCE = (
    rf"(?P<vague>a\s+few|several|some)\s+(?:{_UNIT})"
    rf"|(?:between\s+)?(?P<n>{NUMBER})(?:\s*(?:-|–|to|and|or)\s*(?P<n2>{NUMBER}))?[\s-]*(?P<unit>{_UNIT})"
)
_KIND = (
    r"(?:the\s+)?(?:(?:[\w-]+\s+){0,2}(?:city|town|village|capital|port|settlement|district|region|border)\s+"
    r"(?:(?:of|with)\s+)?)?"
)
_TO_THE = r"(?:(?:to|towards?|in)\s+the\s+|due\s+)?"

_AT_DISTANCE = re.compile(
    rf"(?<![\w.,-]){_ABOUT}(?:{_DISTANCE})\s+(?:away\s+)?(?:{_TO_THE}{_BEARING}\s+(?:of|from)|from|off|outside)\s+{_KIND}$",
    re.IGNORECASE,
)
_WITHIN = re.compile(rf"\b(?P<about>within)\s+(?:{_DISTANCE})\s+of\s+{_KIND}$", re.IGNORECASE)
_BY_BEARING = re.compile(
    rf"(?<![\w-])(?<!\bthe\s)(?P<about>(?:just|immediately|directly|right|slightly|further|far)\s+)?"
    rf"(?:to\s+the\s+|due\s+)?{_BEARING}\s+of\s+{_KIND}$",
    re.IGNORECASE,
)
_NEARBY = re.compile(
    rf"\b(?:(?:just\s+)?(?P<outside>outside)(?:\s+of)?|near(?:\s+to)?|not\s+far\s+from|in\s+the\s+vicinity\s+of|"
    rf"on\s+the\s+outskirts\s+of)\s+{_KIND}$",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"[’']s?\b|-\w")


def find_relative_locations(text: str, places: Sequence[Mention]) -> tuple[LocationMention, ...]:
    """Return the locations that `text` gives by distance, bearing or nearness right before one of `places`.

    The span runs from the first word of the measure to the end of the place. Distances are kilometres; the mean where
    the text gives two. `approximate` holds where the text says so, gives a range or gives no distance.
    """
    found = (_location(text, place) for place in sorted(places, key=lambda place: place.span))
    return tuple(_without_overlaps(location for location in found if location is not None))


def _location(text: str, place: Mention) -> LocationMention | None:
    if _POSSESSIVE.match(text, place.span[1]):
        return None
    start = max(0, place.span[0] - LOOK_BACK)
    before = text[start : place.span[0]]
    for pattern in (_AT_DISTANCE, _WITHIN, _BY_BEARING, _NEARBY):
        match = pattern.search(before)
        if match is None or "\n" in match[0]:
            continue
        groups = match.groupdict()
        if groups.get("outside") and place.type == "State":
            return None
        bearing = _BY_WORDS.get(re.sub(r"[\s-]", "", groups.get("bearing") or "").lower())
        if groups.get("bearing") and bearing is None:
            continue
        distance, vague = _distance(groups)
        span: Span = start + match.start(), place.span[1]
        return LocationMention(span, place, distance, bearing, vague or distance is None or bool(groups.get("about")))
    return None


def _distance(groups: dict[str, str | None]) -> tuple[float | None, bool]:
    """Return kilometres and whether they stand for a range."""
    first, second, unit = groups.get("n"), groups.get("n2"), groups.get("unit")
    if not first or not unit:
        return None, False
    factor = next(value for pattern, value in KILOMETRES.items() if re.fullmatch(pattern, unit, re.IGNORECASE))
    amounts = [number_value(amount) for amount in (first, second) if amount]
    return round(sum(amounts) / len(amounts) * factor, 3), len(amounts) > 1


def _without_overlaps(locations: Iterator[LocationMention]) -> Iterator[LocationMention]:
    end = 0
    for location in locations:
        if location.span[0] >= end:
            yield location
            end = location.span[1]
