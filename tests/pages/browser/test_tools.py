"""What scripts add, and what stands without them: the map, the editor, the form of a question, the matrix by keys."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from browser_steps import follow

MATRIX = "/agreements/arm-aze-rus-2020-11/disputes"
PHONE = {"width": 390, "height": 844}
Visit = Callable[..., Any]


def settled(page: Any, address: str) -> None:
    """Assert that a page complained of nothing and asked nobody else."""
    assert page.complaints == []
    assert {urlsplit(each).netloc for each in page.asked if each.startswith("http")} == {urlsplit(address).netloc}


# --- the map ----------------------------------------------------------------------------------------------------------
def test_the_map_draws_every_row_that_has_a_point(visit: Visit, address: str):
    page = visit("/map")
    page.wait_for_selector("#map[data-ready=yes]")
    rows = page.locator("tr[data-point]").count()
    assert rows > 0
    assert page.locator("#map path.map-spot, #map path.map-area").count() == rows
    assert page.locator("#map path.map-area").count() == page.locator("tr[data-area]").count() > 0
    assert page.locator("#map path.map-land").count() == 1
    assert page.locator("#map path.map-lines").count() == 1
    settled(page, address)


def test_a_spot_opens_by_keys_and_leads_to_its_place(visit: Visit):
    page = visit("/map")
    page.wait_for_selector("#map[data-ready=yes]")
    page.locator("#map path.map-area").first.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup-content a")
    assert "about 40 km south-west of" in link.inner_text()
    follow(link)
    assert urlsplit(page.url).path == "/id/place/p-0002"


def test_the_view_of_the_map_is_in_the_address(visit: Visit):
    page = visit("/map#7/39.800/46.700")
    page.wait_for_selector("#map[data-ready=yes]")
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_url(lambda url: not url.endswith("#7/39.800/46.700"))
    assert urlsplit(page.url).fragment.startswith(("7.5/", "8/"))


def test_the_map_without_scripts_is_its_table(visit: Visit):
    page = visit("/map", scripts=False)
    assert not page.locator("#map").is_visible()
    assert page.locator("table.places tbody tr").count() > 0


# --- the editor -------------------------------------------------------------------------------------------------------
def test_the_editor_loads_under_the_strict_policy_and_runs_a_query(visit: Visit, address: str):
    page = visit("/sparql")
    page.wait_for_selector(".editor[data-ready=yes]")
    assert page.locator(".editor .cm-keyword", has_text="SELECT").count() > 0
    assert not page.locator("textarea#query").is_visible()
    page.locator(".editor .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("ASK { ?s ?p ?o ")
    page.wait_for_function("document.querySelector('textarea#query').value.includes('?o')")
    if "}" not in page.locator("textarea#query").input_value():
        page.keyboard.type("}")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("p.truth")
    assert "true" in page.locator("p.truth").inner_text()
    assert parse_qs(urlsplit(page.url).query)["query"][0].startswith("ASK")
    settled(page, address)


def test_the_editor_completes_terms_of_the_ontology(visit: Visit, address: str):
    page = visit("/sparql")
    page.wait_for_selector(".editor[data-ready=yes]")
    page.locator(".editor .CodeMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("pacta:disput", delay=30)
    page.wait_for_selector(".CodeMirror-hints")
    assert "pacta:disputeOver" in page.locator(".CodeMirror-hints").inner_text()
    settled(page, address)


def test_keys_lead_into_the_editor_and_out_again(visit: Visit):
    page = visit("/sparql")
    page.wait_for_selector(".editor[data-ready=yes]")
    page.locator(".editor .CodeMirror").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Run"


def test_the_form_runs_a_query_without_scripts(visit: Visit):
    page = visit("/sparql", scripts=False)
    page.fill("textarea#query", "SELECT ?s WHERE { ?s a <https://w3id.org/pacta/ontology#Dispute> }")
    follow(page.locator("#ask button"))
    assert page.locator("table.results tbody tr").count() > 0


def test_a_mistake_is_told_and_the_query_stays(visit: Visit):
    page = visit("/sparql")
    page.wait_for_selector(".editor[data-ready=yes]")
    page.evaluate("document.querySelector('.editor .CodeMirror').CodeMirror.setValue('SELECT WHERE {')")
    follow(page.locator("#ask button"))
    page.wait_for_selector("[role=alert]")
    assert page.locator("textarea#query").input_value() == "SELECT WHERE {"


# --- a question -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_question_with_parameters_and_its_downloads(visit: Visit, scripts: bool, tmp_path: Path):
    page = visit("/questions", scripts=scripts)
    follow(page.locator("main a", has_text="Which readings of a clause exist").first)
    page.select_option("select[name=agreement]", label="Trilateral statement of 9/10 November 2020 on Nagorno-Karabakh")
    page.select_option("select[name=number]", value="4")
    follow(page.locator("form.ask button"))
    assert parse_qs(urlsplit(page.url).query) == {"agreement": ["id:agreement/arm-aze-rus-2020-11"], "number": ["4"]}
    rows = page.locator("table.results tbody tr").count()
    assert rows > 0
    with page.expect_download() as started:
        page.locator(".downloads a", has_text="CSV").click()
    file = tmp_path / "answer.csv"
    started.value.save_as(file)
    assert started.value.suggested_filename == "readings-of-clause.csv"
    with file.open(newline="", encoding="utf-8") as lines:
        found = list(csv.DictReader(lines))
    assert len(found) == rows
    assert {row["clauseNumber"] for row in found} == {"4"}
    page.locator("summary", has_text="The SPARQL behind it").click()
    follow(page.locator("a", has_text="Edit and run it"))
    assert urlsplit(page.url).path == "/sparql"
    assert 'VALUES ?number { "4" }' in page.locator("textarea#query").input_value()


# --- the matrix -------------------------------------------------------------------------------------------------------
def test_the_matrix_by_keys(visit: Visit):
    page = visit(MATRIX)
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a.position.denies')"):
            break
    else:
        pytest.fail("no Tab led to a cell")
    page.keyboard.press("Enter")
    page.wait_for_url("**/disputes?*")
    assert page.locator("section#statements article").count() > 0
    assert page.locator("a.position[aria-current=true]").count() == 1


def test_the_matrix_on_a_phone_is_cards_that_name_the_actor(visit: Visit):
    page = visit(MATRIX, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    cell = page.locator("table.matrix td:not(.none)").first
    assert page.evaluate("(cell) => getComputedStyle(cell, '::before').content", cell.element_handle()).strip('"')
    box = cell.bounding_box()
    assert box is not None
    assert box["width"] > PHONE["width"] * 0.8


def test_the_timeline_narrows_by_a_click_on_a_month(visit: Visit, address: str):
    page = visit("/timeline")
    follow(page.locator("svg.months a").first)
    given = parse_qs(urlsplit(page.url).query)
    assert given["from"][0][:7] == given["to"][0][:7]
    assert page.locator("ol.events li").count() > 0
    settled(page, address)
