"""The catalogue and the pages of questions: forms with choices, rows, downloads, SPARQL, snippets, faults in place."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from conftest_borduria import Look
from conftest_pages import URL, Get
from markup import tree
from pacta import queries
from pacta.pages.site import Site
from pacta.pages.views.cells import cell, headings, of_json
from pacta.vocabulary import XSD

CATALOGUE = queries.catalogue()
READINGS = "/query/readings/readings-of-clause"


def test_the_catalogue_has_every_question(look: Look):
    page = look("/questions")
    assert {link.get("href") for link in page.all("a", class_="ask")} == {f"/query/{name}" for name in CATALOGUE}


def test_the_catalogue_filters_by_words_and_tag(look: Look):
    found = look("/questions?q=disputes+clause").all("a", class_="ask")
    assert "/query/disputes/who-disputes-which-clause" in {link.get("href") for link in found}
    assert len(found) < len(CATALOGUE)
    tagged = look("/questions?tag=choices").all("a", class_="ask")
    assert {link.get("href").removeprefix("/query/") for link in tagged} == {
        name for name, query in CATALOGUE.items() if "choices" in query.tags
    }
    assert "No question has all these words" in look("/questions?q=zebra").words


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_question_has_a_page_with_its_form_its_rows_and_its_sparql(look: Look, name: str):
    page = look(f"/query/{name}")
    query = CATALOGUE[name]
    assert page.one("h1").words == query.title
    fields = page.one("form", class_="ask").all("label") if query.parameters else []
    assert len(fields) == len(query.parameters)
    for field, parameter in zip(fields, query.parameters, strict=True):
        control = (field.all("select") + field.all("input"))[0]
        assert control.get("name") == parameter.name
        assert page.one(id=control.get("aria-describedby")).words.startswith(parameter.description[:20])
    assert query.text.splitlines()[-1].strip() in page.words
    rows = page.all("table", class_="results")
    assert rows or "No row" in page.words


def test_choices_come_from_the_graph_and_the_given_one_is_selected(get: Get):
    page = tree(get(f"{READINGS}?agreement=id:agreement/arm-aze-rus-2020-11&number=4", "text/html").body)
    agreement, number = page.one("form", class_="ask").all("select")
    options = {option.get("value"): option for option in agreement.all("option")}
    assert "id:agreement/arm-aze-rus-2020-11" in options
    assert [o.words for o in agreement.all("option") if "selected" in o.attributes] == [
        "Trilateral statement of 9/10 November 2020 on Nagorno-Karabakh"
    ]
    assert [o.get("value") for o in number.all("option")][1:10] == [str(n) for n in range(1, 10)]


def test_the_rows_are_those_of_the_question(get: Get, site: Site):
    rows = site.rows("readings/readings-of-clause", {"number": "4"})
    page = tree(get(f"{READINGS}?number=4", "text/html").body)
    assert f"{len(rows)} rows." in page.words
    body = page.one("table", class_="results").one("tbody")
    assert len(body.all("tr")) == len(rows)
    links = {link.get("href") for link in body.all("a")}
    assert all(site.href(row["statement"].value) in links for row in rows)


def test_downloads_carry_the_parameters_and_give_all_rows(get: Get):
    page = tree(get(f"{READINGS}?number=4", "text/html").body)
    for link in page.one("p", class_="downloads").all("a"):
        address = urlsplit(link.get("href"))
        assert parse_qs(address.query) == {"number": ["4"]}
        assert get(link.get("href")).status == 200
    assert {link.words for link in page.one("p", class_="downloads").all("a")} == {
        "CSV", "TSV", "JSON", "Turtle", "Markdown",
    }  # fmt: skip
    assert f"{URL}{READINGS}?number=4" in page.words  # the lasting address
    assert page.words.count(f"{URL}{READINGS}.csv?number=4") == 3  # curl, Python, R
    assert "snapshot" in page.words


def test_edit_leads_to_the_sparql_page_with_the_query_bound(get: Get):
    page = tree(get(f"{READINGS}?number=4", "text/html").body)
    edit = next(link for link in page.all("a") if link.words == "Edit and run it")
    editor = tree(get(edit.get("href"), "text/html").body).one("textarea").words
    assert 'VALUES ?number { "4" }' in editor
    assert "#+" not in editor


def test_long_answers_come_in_stretches(look: Look):
    first = look("/query/statements/list?limit=5")
    assert "Rows 1 to 5; there are more" in first.words
    following = first.one("a", rel="next").get("href").partition("#")[0]
    second = look(following)
    assert "Rows 6 to 10" in second.words
    assert second.one("a", rel="prev").get("href").startswith("/query/statements/list?limit=5#")
    assert first.one("tbody").words != second.one("tbody").words


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("from=soon", "does not fit the parameter"),
        ("nonsense=1", "no parameter"),
        ("area=<x>", "does not fit"),
    ],
)
def test_a_bad_value_is_told_in_its_form(get: Get, bad: str, told: str):
    got = get(f"/query/incidents/in-time-and-place?{bad}", "text/html")
    assert got.status == 400
    page = tree(got.body)
    assert told in page.one("p", role="alert").words
    assert page.one("form", class_="ask")


def test_a_value_stays_text(get: Get):
    got = get(f"{READINGS}?number=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "text/html")
    assert got.status == 200
    assert b"<script>alert" not in got.body
    assert "No row" in tree(got.body).words


# --- cells ------------------------------------------------------------------------------------------------------------
def test_cells_name_and_link_what_they_hold(site: Site):
    names: dict[str, str] = {}
    actor = cell(site, NamedNode(f"{site.iris.base}actor/arm"), names)
    assert (actor.kind, actor.text, actor.href) == ("iri", "Armenia", "/id/actor/arm")
    assert cell(site, NamedNode("javascript:alert(1)"), names).href == ""
    assert cell(site, Literal("5", datatype=NamedNode(XSD + "integer")), names).kind == "number"
    assert cell(site, Literal("2021-08-13", datatype=NamedNode(XSD + "date")), names).text == "13 August 2021"
    assert cell(site, Literal("Բարև", language="hy"), names).language == "hy"
    assert cell(site, None, names).kind == "empty"
    assert len(cell(site, Literal("word " * 500), names).text) < 310


def test_results_in_json_become_terms_again():
    row = {
        "a": {"type": "uri", "value": "http://x/"},
        "b": {"type": "literal", "value": "y", "xml:lang": "en"},
        "c": {"type": "literal", "value": "1", "datatype": XSD + "integer"},
        "d": {"type": "bnode", "value": "n"},
    }
    assert of_json([row], ["a", "b", "c", "d", "e"]) == [
        [
            NamedNode("http://x/"),
            Literal("y", language="en"),
            Literal("1", datatype=NamedNode(XSD + "integer")),
            BlankNode("n"),
            None,
        ]
    ]


def test_heads_of_columns_are_words():
    assert headings(["agreement", "clauseNumber", "distanceKm"]) == ["Agreement", "Clause number", "Distance km"]
