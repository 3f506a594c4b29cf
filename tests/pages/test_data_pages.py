"""The data page and the page about the site: dumps that are there, counts that hold, what others made."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from conftest_borduria import Look
from conftest_pages import Get
from markup import tree
from pacta import pages
from pacta.pages.quality import findings, statistics
from pacta.pages.site import Site
from pacta.vocabulary import P

STATIC = Path(pages.__file__).parent / "static"
VENDORED = json.loads((STATIC / "VENDORED.json").read_text(encoding="utf-8"))


# --- data -------------------------------------------------------------------------------------------------------------
def test_what_can_be_downloaded_is_there(get: Get):
    page = tree(get("/data", "text/html").body)
    dumps = [link.get("href") for link in page.one("p", class_="downloads").all("a")]
    assert "/data/all.nq.gz" in dumps
    others = [link.get("href") for link in page.one("main").all("a") if link.get("href").startswith("/data")]
    assert len(others) > len(dumps)
    for href in {*dumps, *others}:
        assert get(href.partition("#")[0], method="HEAD").status == 200, href


def test_counts_are_those_of_the_store(site: Site):
    counted = statistics(site)
    for cls in (P.Statement, P.Clause, P.Place, P.TextSpan):
        rows = site.rows(f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a <{cls}> }}")
        assert counted.classes[cls] == int(rows[0]["n"].value)
    assert counted.quads == len(site.store)
    assert counted.graphs == len(site.store.graph_names())


def test_the_quality_report_counts_what_the_shapes_ask_for(site: Site):
    found = {one.shape.rpartition("#")[2]: one for one in findings(site)}
    assert found["Quality-Document-published"].lacking == 0
    place = found["Quality-IncidentAccount-place"]
    rows = site.rows(
        f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a <{P.IncidentAccount}> MINUS {{ ?x <{P.occurredAt}> ?y }} }}"
    )
    assert place.lacking == int(rows[0]["n"].value) > 0
    assert place.total == statistics(site).classes[P.IncidentAccount]
    assert 0 < place.share < 1
    assert place.message.startswith("This account does not say where")
    assert {one.severity for one in found.values()} == {"Warning", "Info"}


def test_the_report_is_on_the_page(get: Get, site: Site):
    table = tree(get("/data", "text/html").body).one("table", class_="quality")
    assert len(table.one("tbody").all("tr")) == len(findings(site))
    assert f"of {statistics(site).classes[P.IncidentAccount]}" in table.words


def test_licence_and_snapshot_are_told(look: Look):
    page = look("/data")
    assert page.all("a", rel="license")
    assert "belong to their authors and publishers" in page.words
    assert "snapshot" in page.words


# --- about ------------------------------------------------------------------------------------------------------------
def test_it_says_what_it_does_not_judge_and_that_borders_are_no_position(look: Look):
    words = look("/about").words
    assert "judges nothing true or false" in words
    assert "position on any border" in words
    for part in VENDORED:
        assert f"{part['name']} {part['version']} ({part['licence']})" in words


# --- what others made -------------------------------------------------------------------------------------------------
def test_every_vendored_file_is_listed_with_its_sum():
    listed = {
        STATIC / "vendor" / part["folder"] / name: digest for part in VENDORED for name, digest in part["files"].items()
    }
    there = {file for file in (STATIC / "vendor").rglob("*") if file.is_file()}
    assert there
    assert there == set(listed)
    for file, digest in listed.items():
        assert hashlib.sha256(file.read_bytes()).hexdigest() == digest, file.name


def test_every_vendored_package_has_licence_and_source():
    for part in VENDORED:
        assert part["source"].startswith("https://"), part["name"]
        assert part["version"][0].isdigit()
        assert any(name.upper().startswith("LICENSE") for name in part["files"]), part["name"]


def test_the_shapes_of_the_world_have_no_names():
    shapes = json.loads((STATIC / "vendor" / "world-atlas" / "world-50m.json").read_text())
    assert [feature["properties"] for feature in shapes["features"]] == [{"kind": "land"}, {"kind": "lines"}]
    assert all(feature["geometry"]["coordinates"] for feature in shapes["features"])


def test_pages_name_no_file_that_is_not_there(look: Look, get: Get):
    for path in ("/agreements", "/timeline", "/map", "/questions", "/sparql", "/data", "/about"):
        page = look(path)
        used = [each.get("src") for each in page.all("script")] + [
            each.get("href") for each in page.all("link", rel="stylesheet")
        ]
        assert used
        for file in used:
            assert get(file).status == 200, file
        assert not page.all("style")
        assert all(script.get("src") and not script.words for script in page.all("script"))


def test_tables_are_to_be_had_whole(look: Look, get: Get):
    """The downloads of a page are there, and hold what it shows."""
    for path in (
        "/agreements",
        "/agreements/brd-syd-2031-03/disputes",
        "/id/agreement/brd-syd-2031-03/clause/2",
        "/timeline?from=2031-06",
        "/map",
        look("/map").one("tbody").all("tr")[0].get("data-href"),
    ):
        links = [
            link.get("href")
            for link in look(path).one("aside", class_="forms").all("a")
            if "/query/" in link.get("href")
        ]
        assert {href.partition("?")[0].rpartition(".")[2] for href in links} == {"csv", "tsv", "json", "ttl"}, path
        for href in links:
            assert get(href, method="HEAD").status == 200, href
