"""The SPARQL page: a form that works by itself, answers as tables, faults in place, what the editor needs."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from conftest_borduria import Look
from conftest_pages import Get
from markup import Element, tree
from pacta.vocabulary import PREFIXES

ACTORS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?a ?l WHERE { ?a a <https://w3id.org/pacta/ontology#State> ; rdfs:label ?l } ORDER BY ?a"""


def ask(look: Look, query: str) -> Element:
    return look(f"/sparql?query={quote(query)}")


def test_it_begins_with_prefixes_and_a_query_that_runs(look: Look):
    query = look("/sparql").one("textarea").words
    assert query.startswith(f"PREFIX pacta: <{PREFIXES['pacta']}>")
    assert ask(look, query).one("table", class_="results").one("tbody").all("tr")


def test_the_editor_gets_prefixes_and_terms_with_the_page(look: Look):
    field = look("/sparql").one("textarea")
    assert json.loads(field.get("data-prefixes"))["id"] == "https://w3id.org/pacta/id/"
    assert {"pacta:speaker", "pacta:Statement", "pacta:disputeOver"} <= set(json.loads(field.get("data-terms")))


def test_examples_are_the_questions_of_the_catalogue(look: Look):
    options = look("/sparql").one("select").all("option")
    assert options[0].get("value") == "disputes/who-disputes-which-clause"
    assert len(options) > 15
    taken = look(f"/sparql?question={options[0].get('value')}").one("textarea").words
    assert "pacta:disputeOver" in taken
    assert "pacta:disputeOver" not in look("/sparql").one("textarea").words


def test_rows_come_as_a_table_with_downloads(look: Look, get: Get):
    page = ask(look, ACTORS)
    table = page.one("table", class_="results")
    assert [head.words for head in table.all("th")] == ["a", "l"]
    assert {row.all("td")[1].words for row in table.one("tbody").all("tr")} == {"Borduria", "Syldavia"}
    assert "2 rows." in page.words
    for link in page.one("p", class_="downloads").all("a"):
        assert get(link.get("href"), "text/html").status == 200, link.get("href")


def test_a_truth_value_and_a_graph_are_shown_too(look: Look):
    assert "Yes: true" in ask(look, "ASK { ?s ?p ?o }").words
    assert "No: false" in ask(look, "ASK { ?s <http://x/> ?o }").words
    graph = ask(look, "CONSTRUCT { ?a a <http://x/Y> } WHERE { ?a a <https://w3id.org/pacta/ontology#State> }")
    assert "2 triples" in graph.words
    assert "http://x/Y" in graph.one("section", id="answer").one("pre").words
    assert "No row." in ask(look, "SELECT * { ?s <http://x/> ?o }").words


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT WHERE {", 400),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 403),
        ("SELECT * { SERVICE <http://x/> { } }", 403),
    ],
)
def test_a_fault_is_told_above_the_query_that_has_it(get: Get, query: str, status: int):
    got = get(f"/sparql?query={quote(query)}", "text/html")
    page = tree(got.body)
    assert got.status == status
    assert page.one("p", role="alert").words
    assert page.one("textarea").words == query


def test_what_is_typed_stays_text(get: Get):
    query = 'SELECT ("<img src=x onerror=alert(1)>" AS ?x) {} # </textarea><script>'
    got = get(f"/sparql?query={quote(query)}", "text/html")
    assert got.status == 200
    assert b"<img src=x" not in got.body
    assert b"</textarea><script>" not in got.body


def test_programs_get_the_endpoint_itself(get: Get):
    assert (get("/sparql?query=ASK{}", "application/sparql-results+json").header("content-type") or "").startswith(
        "application/sparql-results+json"
    )


def test_an_unknown_example_is_404(get: Get):
    assert get("/sparql?question=no/such", "text/html").status == 404
