"""Where incidents are said to have happened: the places of accounts with their names, and areas told by distance.

    for spot in spots(site): spot.place, spot.incidents, spot.area

A place is a point inside it, never its extent. A location told by distance and direction is the area it may lie in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import asin, atan2, cos, degrees, radians, sin

from pyoxigraph import NamedNode

from pacta.pages.rendering import plain_rows
from pacta.pages.site import Site
from pacta.pages.walk import grouped, objects, pairs
from pacta.vocabulary import PACTA, P

EARTH = 6_371.0  # km
Point = tuple[float, float]  # latitude, longitude
_SPREAD = 22.5  # degrees to either side of a direction
_ROUGH, _PLAIN = 0.25, 0.1  # share of a distance to either side of it, where the text says "about" and where not
_NEAR = 25.0  # km: how far an area reaches where only a direction is given


@dataclass(frozen=True, slots=True)
class Spot:
    """A place, or an area told by its distance and direction from a place, with what is said to have happened there.

    `point` and `area` are None and () where the place has no coordinates.
    """

    place: str
    distance: float | None
    bearing: str
    approximate: bool
    point: Point | None
    area: tuple[Point, ...]
    incidents: int
    accounts: int
    statuses: tuple[tuple[str, int], ...]

    @property
    def relative(self) -> bool:
        """Whether it is told by its relation to the place."""
        return self.distance is not None or bool(self.bearing)


def spots(site: Site) -> tuple[Spot, ...]:
    """Return where incidents are said to have happened, the most spoken of first; read once on each snapshot."""
    return site.cached("spots", lambda: _spots(site))


def coordinates(site: Site, places: list[str]) -> dict[str, Point]:
    """Return the points of the places that have one."""
    found = {}
    for at in range(0, len(places), 500):
        for row in plain_rows(site.rows("coordinates", {"place": places[at : at + 500]})) if places else ():
            if row["latitude"] and row["longitude"]:
                found[row["place"]] = (float(row["latitude"]), float(row["longitude"]))
    return found


def names_by_user(site: Site, things: list[str], most: int = 12) -> dict[str, list[tuple[str, str, list[str]]]]:
    """Return (form, language, users) of each thing, names that one side uses before those that all use."""
    found: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(dict)
    for at in range(0, len(things), 200):
        for row in site.rows("names-of-all", {"thing": things[at : at + 200]}):
            form, user = row["form"], row["user"]
            key = getattr(form, "value", ""), getattr(form, "language", None) or ""
            users = found[getattr(row["thing"], "value", "")].setdefault(key, [])
            if user is not None and getattr(user, "value", "") not in users:
                users.append(getattr(user, "value", ""))
    return {
        thing: [
            (form, language, users)
            for (form, language), users in sorted(
                names.items(), key=lambda one: (not one[1], one[0][1] != "en", one[0][1], one[0][0])
            )[:most]
        ]
        for thing, names in found.items()
    }


def direction(site: Site, bearing: str) -> float | None:
    """Return the degrees of a direction, clockwise from north."""
    for quad in site.knowledge.quads_for_pattern(NamedNode(bearing), NamedNode(PACTA + "degrees"), None, None):
        return float(getattr(quad.object, "value", "0"))
    return None


def along(point: Point, distance: float, towards: float) -> Point:
    """Return the point at a distance (km) from another in a direction (degrees).

    >>> [round(x, 2) for x in along((0.0, 0.0), 111.19, 90.0)]
    [0.0, 1.0]
    """
    latitude, longitude, angle, way = radians(point[0]), radians(point[1]), distance / EARTH, radians(towards)
    there = asin(sin(latitude) * cos(angle) + cos(latitude) * sin(angle) * cos(way))
    over = longitude + atan2(sin(way) * sin(angle) * cos(latitude), cos(angle) - sin(latitude) * sin(there))
    return degrees(there), (degrees(over) + 540) % 360 - 180


def area_of(point: Point, distance: float | None, towards: float | None, *, approximate: bool) -> tuple[Point, ...]:
    """Return the outline of where a location may lie that is told by distance (km), direction (degrees), or both."""
    share = _ROUGH if approximate else _PLAIN
    near, far = (0.0, _NEAR) if distance is None else (distance * (1 - share), distance * (1 + share))
    if towards is None:
        return tuple(along(point, far, 360 * step / 36) for step in range(36))
    steps = [towards - _SPREAD + _SPREAD * 2 * step / 12 for step in range(13)]
    outer = [along(point, far, way) for way in steps]
    inner = [point] if not near else [along(point, near, way) for way in reversed(steps)]
    return (*outer, *inner)


def accounts_at(site: Site) -> dict[str, tuple[str, ...]]:
    """Return the accounts of incidents at each place, or told by their relation to it; read once on each snapshot."""

    def walk() -> dict[str, tuple[str, ...]]:
        anchors = objects(site, P.anchorPlace)
        found: dict[str, set[str]] = defaultdict(set)
        for account, where in pairs(site, P.occurredAt):
            found[anchors.get(where, where)].add(account)
        return {place: tuple(sorted(inside)) for place, inside in found.items()}

    return site.cached("accounts at places", walk)


def _spots(site: Site) -> tuple[Spot, ...]:
    anchors, far = objects(site, P.anchorPlace), objects(site, P.distanceKm)
    ways, rough = objects(site, P.bearing), objects(site, P.approximate)
    of, statuses = grouped(site, P.accountOf), objects(site, P.status)
    incidents: dict[tuple[str, str, str, bool], dict[str, str]] = defaultdict(dict)
    accounts: dict[tuple[str, str, str, bool], set[str]] = defaultdict(set)
    for account, where in pairs(site, P.occurredAt):
        key = (anchors.get(where, where), far.get(where, ""), ways.get(where, ""), rough.get(where) in ("true", "1"))
        accounts[key].add(account)
        incidents[key].update({incident: statuses.get(incident, "") for incident in of.get(account, ())})
    points = coordinates(site, sorted({key[0] for key in incidents}))
    found = []
    for key, by_incident in incidents.items():
        place, distance, bearing, approximate = key
        anchor, reach = points.get(place), float(distance) if distance else None
        towards = direction(site, bearing) if bearing else None
        point, area = anchor, tuple[Point, ...]()
        if anchor and (reach is not None or towards is not None):
            area = area_of(anchor, reach, towards, approximate=approximate)
            point = along(anchor, reach or _NEAR / 2, towards) if towards is not None else anchor
        found.append(
            Spot(place, reach, bearing, approximate, point, area, len(by_incident), len(accounts[key]),
                 tuple(sorted(Counter(status for status in by_incident.values() if status).items())))
        )  # fmt: skip
    return tuple(
        sorted(found, key=lambda spot: (-spot.incidents, -spot.accounts, spot.place, spot.distance or 0, spot.bearing))
    )
