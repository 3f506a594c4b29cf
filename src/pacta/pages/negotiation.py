"""Content negotiation as RFC 9110 has it: which of the formats on offer a request gets, and in which coding.

>>> best("text/turtle;q=0.8, text/*;q=0.5, */*;q=0.1", offers("html", "turtle", "jsonld")).name
'turtle'
>>> best("application/pdf", offers("html", "turtle")) is None
True
>>> coding("br;q=0.2, gzip", ("br", "gzip"))
'gzip'

A range that names a type outright beats `type/*`, which beats `*/*`; of formats equally wanted, the one that was named
more closely wins, then the one that stands first on offer. A part that is malformed is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pacta.formats import Format, by_name

MAX_PARTS = 100  # of one header; whoever sends more is served by the first ones

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PARAMETER = re.compile(rf"[ \t]*;[ \t]*(?:({_TOKEN})=({_TOKEN}|{_QUOTED}))?")
_RANGE = re.compile(rf"({_TOKEN})/({_TOKEN})")
_CODING = re.compile(rf"{_TOKEN}")
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_PART = re.compile(rf"(?:{_QUOTED}|[^,\"])+|\"[^,]*")
_PASSED_OVER = frozenset({"profile"})  # of JSON-LD: a wish that we may leave unmet


@dataclass(frozen=True, slots=True)
class Range:
    """One part of an Accept header: a media type, `type/*` or `*/*`, its parameters and its weight from 0 to 1."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...]
    weight: float

    @property
    def closeness(self) -> tuple[int, int]:
        """How closely it names a type: larger is closer."""
        return (self.type != "*") + (self.subtype != "*"), len(self.parameters)

    def fits(self, media_type: str) -> bool:
        """Tell whether a media type without parameters, sent as UTF-8, is in this range."""
        kind, _, sub = media_type.lower().partition("/")
        if self.type not in ("*", kind) or self.subtype not in ("*", sub):
            return False
        return all(
            name in _PASSED_OVER or (name == "charset" and value.lower() == "utf-8") for name, value in self.parameters
        )


def offers(*names: str) -> tuple[Format, ...]:
    """Return formats by their names, the one that is sent when any will do first."""
    return tuple(by_name(name) for name in names)


def parse(accept: str) -> tuple[Range, ...]:
    """Return the parts of an Accept header that are well formed, in their order."""
    ranges = []
    for text in _parts(accept):
        match = _RANGE.match(text)
        rest = _parameters(text, match.end()) if match else None
        if match is None or rest is None:
            continue
        kind, sub = match[1].lower(), match[2].lower()
        parameters, weight = rest
        if kind == "*" and sub != "*":
            continue
        ranges.append(Range(kind, sub, parameters, weight))
    return tuple(ranges)


def best(accept: str | None, on_offer: Sequence[Format]) -> Format | None:
    """Return the format that a request wants most, or None where it wants none of them.

    Without an Accept header, or with one that says nothing, the first is wanted.
    """
    ranges = parse(accept or "")
    if not ranges:
        return on_offer[0] if on_offer else None
    chosen: Format | None = None
    most: tuple[float, tuple[int, int]] = (0.0, (0, 0))
    for each in on_offer:
        fitting = [r for r in ranges if r.fits(each.media_type)]
        closest = max(fitting, key=lambda r: r.closeness, default=None)
        if closest is None or closest.weight <= 0:
            continue
        wish = (closest.weight, closest.closeness)
        if chosen is None or wish > most:
            chosen, most = each, wish
    return chosen


def coding(accept_encoding: str | None, on_offer: Iterable[str]) -> str | None:
    """Return the content coding to use, or None to send the bytes as they are."""
    weights: dict[str, float] = {}
    for text in _parts(accept_encoding or ""):
        match = _CODING.match(text)
        rest = _parameters(text, match.end()) if match else None
        if match and rest:
            weights[{"x-gzip": "gzip"}.get(match[0].lower(), match[0].lower())] = rest[1]
    chosen, most = None, 0.0
    for name in on_offer:
        weight = weights.get(name, weights.get("*", 0.0))
        if weight > most:
            chosen, most = name, weight
    return None if most < weights.get("identity", 0.0) else chosen


def listed(header: str) -> tuple[str, ...]:
    """Return the parts of a header that is a list, commas inside of quotation marks kept."""
    return tuple(_parts(header))


def _parts(header: str) -> Iterator[str]:
    for number, match in enumerate(_PART.finditer(header)):
        if number >= MAX_PARTS:
            return
        if text := match[0].strip():
            yield text


def _parameters(text: str, start: int) -> tuple[tuple[tuple[str, str], ...], float] | None:
    """Return the parameters from `start` on and the weight among them; None where they are malformed."""
    found: list[tuple[str, str]] = []
    weight = 1.0
    while start < len(text.rstrip()):
        match = _PARAMETER.match(text, start)
        if match is None:
            return None
        start = match.end()
        name, value = (match[1] or "").lower(), match[2] or ""
        if name == "q":
            if not _WEIGHT.fullmatch(value):
                return None
            return tuple(found), float(value)  # what follows is an extension that nobody uses
        if name:
            found.append((name, re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value))
    return tuple(found), weight
