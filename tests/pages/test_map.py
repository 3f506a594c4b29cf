"""The map and the page of a place: the table has all, names by who uses them, areas where a location may lie."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest_borduria import Look
from conftest_pages import Get
from markup import tree
from pacta.pages.places import EARTH, Point, along, area_of, spots
from pacta.pages.site import Site
from pacta.pages.views.map import words


def far(one: Point, other: Point) -> float:
    """Kilometres between two points (haversine)."""
    a, b, c, d = map(radians, (*one, *other))
    return 2 * EARTH * asin(min(1.0, sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2)))


@given(st.floats(-70, 70), st.floats(-180, 180), st.floats(0.1, 500), st.floats(0, 360))
def test_a_point_lies_as_far_as_was_said(latitude: float, longitude: float, distance: float, towards: float):
    there = along((latitude, longitude), distance, towards)
    assert far((latitude, longitude), there) == pytest.approx(distance, rel=1e-3, abs=1e-3)
    assert -180 <= there[1] <= 180


def test_an_area_lies_around_the_distance_and_the_direction():
    anchor = (40.0, 46.0)
    area = area_of(anchor, 40.0, 225.0, approximate=True)
    distances = sorted(far(anchor, point) for point in area)
    assert distances[0] == pytest.approx(30, rel=0.01)
    assert distances[-1] == pytest.approx(50, rel=0.01)
    assert all(latitude < 40 and longitude < 46 for latitude, longitude in area)  # south-west of it


def test_a_direction_alone_is_a_wedge_from_the_place_and_a_distance_alone_a_ring():
    anchor = (10.0, 10.0)
    assert anchor in area_of(anchor, None, 0.0, approximate=False)
    ring = area_of(anchor, 20.0, None, approximate=False)
    assert {round(far(anchor, point)) for point in ring} == {22}


def test_the_seeds_strike_is_forty_kilometres_south_west(site: Site):
    (spot,) = [spot for spot in spots(site) if spot.relative]
    assert words(site, spot) == "about 40 km south-west of Stepanakert/Khankendi"
    assert spot.point
    assert spot.point[0] < 39.8
    assert spot.point[1] < 46.7
    assert spot.incidents == 1


def test_every_spot_is_a_row_and_those_with_a_point_can_be_drawn(get: Get, site: Site):
    page = tree(get("/map", "text/html").body)
    rows = page.one("table", class_="places").one("tbody").all("tr")
    assert len(rows) == len(spots(site))
    assert any(row.get("data-area").count(" ") > 20 for row in rows)
    for row in rows:
        assert bool(row.get("data-point")) != ("no coordinates" in row.words)
    assert page.one(id="map").attributes["hidden"] == ""  # a script shows it
    assert "no position of this site on any border" in page.words


def test_names_stand_with_those_who_use_them(get: Get):
    page = tree(get("/map", "text/html").body)
    row = next(row for row in page.one("tbody").all("tr") if row.get("data-href") == "/id/place/p-0001")
    assert "Artsakh Armenia" in row.words
    assert "Garabagh Azerbaijan" in row.words
    assert "Azerbaijan" in row.get("data-called")


def test_incidents_of_one_status_alone(get: Get):
    every, some = (tree(get(path, "text/html").body) for path in ("/map", "/map?status=corroborated"))
    assert 0 < len(some.one("tbody").all("tr")) <= len(every.one("tbody").all("tr"))
    assert "contested" not in some.one("tbody").words
    assert "No account of an incident names a place" in tree(get("/map?status=none", "text/html").body).words


def test_a_place_has_names_surroundings_and_accounts(look: Look):
    from_map = look("/map").one("table", class_="places").one("tbody").all("tr")
    place = look(from_map[0].get("data-href"))
    assert [head.words for head in place.all("h2")][-1] == "What is said to have happened here or near"
    assert place.one("section", id="accounts").one("tbody").all("tr")
    assert place.all("a", href="/map")


def test_a_place_told_by_distance_is_listed_at_its_anchor(get: Get):
    page = tree(get("/id/place/p-0002", "text/html").body)
    (row,) = page.one("section", id="accounts").one("tbody").all("tr")
    assert "about 40 km south-west of" in row.words
    assert "handle, not a position" in page.words
    assert any(link.get("href").startswith("/map#8/39.8") for link in page.all("a"))
