"""Clock rules: parts of a day, nights and clock times; each waits for a day to stand on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from pacta.annotations.time_hits import WINDOW, midnight
from pacta.annotations.time_words import NIGHT, PARTS_OF_DAY
from pacta.model import Span

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DayPart:
    """A stretch of some day: `low` and `high` count from its midnight, in local time or in the part's own `zone`.

    `anchor` says which day: "nearest" of the sentence or else the day of writing, one that the "sentence" must name,
    one "beside" it ("Wednesday morning"), one named "before" ("that evening"), the day of writing itself ("own").
    `shift`: days from there ("the next morning": 1). `name`: the part's name without early or late.
    """

    span: Span
    low: timedelta
    high: timedelta
    granularity: str
    anchor: str = "nearest"
    shift: int = 0
    name: str = ""
    zone: tzinfo | None = None

    def on(self, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return the bounds on `day` as local times of `zone`, without offsets."""
        start = midnight(day) + timedelta(days=self.shift)
        if self.zone is None:
            return start + self.low, start + self.high
        here = (start.replace(tzinfo=self.zone) + offset for offset in (self.low, self.high))
        low, high = (moment.astimezone(zone).replace(tzinfo=None) for moment in here)
        return low, high


_SIMPLE = [name for name in PARTS_OF_DAY if name not in ("early", "late") and (" " not in name or "hours" in name)]
_NAMES = "|".join(name.replace(" ", r"\s+") for name in sorted(_SIMPLE, key=len, reverse=True))
_NAME = rf"(?P<name>{_NAMES})(?![\w-])"
_QUALIFIER = r"(?:(?P<q>[Ee]arly|[Ll]ate)[\s-]+(?:(?:in|on)\s+the\s+|at\s+|the\s+)?|[Tt]he\s+)"

_OF_A_THING = r"(?!\s+of\s+(?:the|a|an|this|that|his|her|its|their)\b)"

# Each pattern with the kind of anchor its words need.
_PATTERNS = tuple(
    (re.compile(pattern), anchor)
    for pattern, anchor in (
        (rf"\b(?P<span>{_QUALIFIER}(?:(?P<q2>early|late)\s+)?{_NAME})(?=\s+(?:of|on)\s)", "beside"),
        (
            r"\b(?:[Ii]n|[Dd]uring|[Ss]ince|[Uu]ntil|[Tt]hroughout|[Ff]rom|[Bb]y)\s+"
            rf"(?P<span>the\s+(?:(?P<q>early|late)\s+)?{_NAME}){_OF_A_THING}",
            "nearest",
        ),
        (rf"\b(?P<span>(?P<q>[Ee]arly|[Ll]ate)\s+(?:in\s+the|at)\s+{_NAME}){_OF_A_THING}", "nearest"),
        (
            r"\b(?:[Aa]t|[Bb]efore|[Aa]fter|[Uu]ntil|[Ss]ince|[Bb]y|[Aa]round|[Aa]bout)\s+"
            r"(?P<span>(?P<name>dawn|daybreak|sunrise|noon|midday|dusk|sunset|nightfall|midnight))(?![\w-])",
            "nearest",
        ),
        (r"\b[Aa]t\s+(?P<span>(?P<name>night))(?![\w-])", "sentence"),
        (r"\b(?P<span>(?P<name>[Pp]re-?dawn))(?!\w)", "nearest"),
        (rf"(?<![\w-])(?P<span>(?:(?P<q>[Ee]arly|[Ll]ate)\s+)?{_NAME})", "beside"),
    )
)
_POINTING = re.compile(
    r"\b(?P<which>[Tt]his|[Tt]hat|[Tt]he\s+same|[Tt]he\s+next|[Tt]he\s+following|[Tt]he\s+previous)\s+"
    r"(?:(?P<q>early|late)\s+)?(?P<name>morning|afternoon|evening|night)(?![\w-])"
)
_NEAR_NIGHT = re.compile(
    r"\b(?:(?P<tonight>[Tt]onight)|[Ll]ast\s+(?P<last>night|evening)|[Tt]he\s+(?P<before>night|evening)\s+before)"
    r"(?![\w-])"
)
_OVERNIGHT = re.compile(r"\b[Oo]vernight\b")

_ZONE = (
    r"(?P<zone>\s*\(?(?:GMT|UTC|Z\b)(?:\s*(?P<offset>[+−-]\s?\d{1,2}(?::?\d\d)?))?\)?|\s+local\s+time"
    r"|\s+\(?(?P<city>(?:[A-Z]\w+\s+)?[A-Z]\w+)\s+time\b\)?|\s*(?P<iso>[+-]\d\d:\d\d)(?!\d))"
)
_HALF = r"\s*(?:[ap]\.\s?m\.|[apAP]\.?[mM]\b)"
_CLOCK = re.compile(
    rf"(?:(?<![\w:.,/-])|(?<=\dT))(?:(?P<h>[01]?\d|2[0-4])(?P<sep>[:.])(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?!\d)"
    rf"(?P<half>{_HALF})?|(?P<h2>1[0-2]|0?[1-9])(?P<half2>{_HALF})"
    rf"|(?P<h3>[01]\d|2[0-3])(?P<m3>[0-5]\d)(?=\s*(?:GMT|UTC|hours\b|hrs\b)))(?P<hours>\s*(?:hours|hrs)\b)?{_ZONE}?"
)
_ABOUT = re.compile(
    r"\b(?:about|around|approximately|roughly|shortly\s+(?:before|after)|nearly|almost|circa)\s+$", re.IGNORECASE
)
_BEFORE_CLOCK = re.compile(
    r"(?:^|\n|[(,–—-]|\d|\dT|\b(?:at|since|from|until|till|by|between|before|after|and|to))\s*$", re.IGNORECASE
)


def day_parts(text: str) -> Iterator[DayPart]:
    """Yield every part of a day, night and clock time of the text, overlapping ones included."""
    for pattern, anchor in _PATTERNS:
        for match in pattern.finditer(text):
            yield _named(match.span("span"), match["name"], _qualifier(match), anchor)
    for match in _POINTING.finditer(text):
        which = match["which"].lower().split()[-1]
        shift = {"next": 1, "following": 1, "previous": -1}.get(which, 0)
        anchor = "own" if which == "this" else "before"
        yield _named(match.span(), match["name"], match["q"] or "", anchor, shift)
    for match in _NEAR_NIGHT.finditer(text):
        name = match["last"] or match["before"] or "night"
        yield _named(match.span(), name, "", "nearest" if match["before"] else "own", 0 if match["tonight"] else -1)
    for match in _OVERNIGHT.finditer(text):
        yield DayPart(match.span(), *NIGHT, "night", shift=-1, name="overnight")
    yield from _clock_times(text)


def _named(span: Span, name: str, qualifier: str, anchor: str, shift: int = 0) -> DayPart:
    plain = " ".join(name.lower().replace("-", "").split())
    low, high = part_bounds(plain, qualifier)
    return DayPart(span, low, high, "night" if plain == "night" else "part-of-day", anchor, shift, plain)


def part_bounds(name: str, qualifier: str) -> tuple[timedelta, timedelta]:
    """Return the bounds of a part of the day, early or late where the table knows such a one."""
    return PARTS_OF_DAY.get(f"{qualifier.lower()} {name}", PARTS_OF_DAY[name])


def _qualifier(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return (groups.get("q") or groups.get("q2") or "").lower()


def _clock_times(text: str) -> Iterator[DayPart]:
    for match in _CLOCK.finditer(text):
        before, half = (
            text[max(0, match.start() - WINDOW) : match.start()],
            (match["half"] or match["half2"] or "").strip()[:1].lower(),
        )
        about, marked = _ABOUT.search(before), bool(half or match["zone"] or match["hours"])
        if not marked and (match["sep"] == "." or not (about or _BEFORE_CLOCK.search(before))):
            continue
        hour, minute = int(match["h"] or match["h2"] or match["h3"]), int(match["m"] or match["m3"] or 0)
        if half:
            hour = hour % 12 + 12 * (half == "p")
        zone, known = _zone(match)
        if not known or hour * 60 + minute > 24 * 60:
            continue
        opened = match[0].count("(") > match[0].count(")")
        span = match.start(), match.start("zone") if opened else match.end()
        low = timedelta(hours=hour, minutes=minute, seconds=int(match["s"] or 0))
        if about:
            yield DayPart(span, low - HOUR / 2, low + HOUR / 2, "hour", zone=zone)
        elif match["h2"]:
            yield DayPart(span, low, low + HOUR, "hour", zone=zone)
        else:
            yield DayPart(span, low, low + MINUTE, "instant", zone=zone)


def _zone(match: re.Match[str]) -> tuple[tzinfo | None, bool]:
    """Return the zone that a clock time names (None: local time), and whether it is a known one."""
    if match["iso"] or match["offset"]:
        digits = re.sub(r"[^\d]", "", match["iso"] or match["offset"])
        hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
        sign = -1 if (match["iso"] or match["offset"])[0] in "−-" else 1
        return _fixed(sign * (hours * 60 + minutes))
    if match["city"]:
        name = _zones_by_city().get(match["city"].lower().replace(" ", "_"))
        return (ZoneInfo(name), True) if name else (None, False)
    if match["zone"] and "local" not in match["zone"]:
        return _fixed(0)
    return None, True


def _fixed(minutes: int) -> tuple[tzinfo | None, bool]:
    return (timezone(timedelta(minutes=minutes)), True) if abs(minutes) < 1440 else (None, False)


@cache
def _zones_by_city() -> dict[str, str]:
    """Return the zones of the IANA data by the last part of their names ("region/some_city": "some_city")."""
    return {name.rpartition("/")[2].lower(): name for name in sorted(available_timezones(), reverse=True)}
