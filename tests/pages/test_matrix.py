"""The dispute matrix: signs in words, statements and reports counted apart, cells that open the statements."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pyoxigraph import NamedNode

from conftest_borduria import ACCORD, MATRIX, Look
from conftest_pages import Get
from markup import Element
from pacta.agreements.numbers import counted
from pacta.pages import positions
from pacta.pages.positions import SIGNS, of_agreement, sign_of
from pacta.pages.rendering import environment
from pacta.pages.site import Site
from pacta.vocabulary import SKOS, concept

BRD, SYD = "https://w3id.org/pacta/id/actor/brd", "https://w3id.org/pacta/id/actor/syd"
AGREEMENT = "https://w3id.org/pacta/id/agreement/brd-syd-2031-03"


@pytest.fixture
def invented(borduria_app: object) -> Site:
    return borduria_app.state.site  # type: ignore[attr-defined, no-any-return]


def cell(page: Element, row: int, actor: str) -> Element:
    """The cell of the row-th clause (0: the agreement as a whole) and an actor."""
    columns = [head.words for head in page.one("table", class_="matrix").one("thead").all("th")]
    column = next(at for at, words in enumerate(columns) if words.startswith(actor))
    return page.one("table", class_="matrix").one("tbody").all("tr")[row].all("td")[column - 1]


# --- what is counted --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("force", "conduct", "rejects", "name"),
    [
        ("asserts", "", False, "reads"),
        ("demands", "", False, "reads"),
        ("accuses", "breach", False, "charges"),
        ("asserts", "compliance", False, "complies"),
        ("demands", "compliance", False, "demands"),
        ("pledges", "compliance", False, "pledges"),
        ("condemns", "blame", False, "judges"),
        ("announces", "suspension", False, "suspends"),
        ("announces", "withdrawal", False, "withdraws"),
        ("denies", "breach", True, "denies"),
        ("dismisses", "", True, "denies"),
    ],
)
def test_a_statement_gets_the_sign_of_what_it_does(force: str, conduct: str, rejects: bool, name: str):
    assert sign_of(force, conduct, rejects=rejects) is SIGNS[name]


def test_every_conduct_of_the_vocabulary_has_a_sign_and_every_sign_a_drawing(site: Site):
    scheme = concept("conduct", "breach").removesuffix("breach")
    conducts = [
        quad.subject.value.removeprefix(scheme)
        for quad in site.knowledge.quads_for_pattern(None, NamedNode(SKOS + "inScheme"), None, None)
        if quad.subject.value.startswith(scheme)
    ]
    assert {"breach", "compliance"} <= set(conducts)
    judged = {sign_of("asserts", conduct, rejects=False).name for conduct in conducts}
    assert judged == {"charges", "complies", "suspends", "withdraws", "judges"}
    drawings = environment(SimpleNamespace(site=site)).get_template("signs.html").module.paths  # type: ignore[attr-defined]
    assert set(drawings) == set(SIGNS)


def test_clauses_sort_as_people_count():
    assert sorted(["10", "2", "4a", "4", "1"], key=counted) == ["1", "2", "4", "4a", "10"]


def test_the_matrix_holds_who_does_what_to_which_clause(invented: Site):
    matrix = of_agreement(invented, AGREEMENT)
    assert matrix.holders == (BRD, SYD)
    signs = {
        (row.key, holder): [position.sign.name for position in matrix.cell(row.provision, holder)]
        for row in matrix.rows
        for holder in matrix.holders
        if matrix.cell(row.provision, holder)
    }
    assert signs == {
        ("whole", BRD): ["reads", "denies"],
        ("whole", SYD): ["reads"],
        ("1", BRD): ["denies", "complies"],
        ("1", SYD): ["charges"],
        ("2", BRD): ["reads", "denies"],
        ("2", SYD): ["reads"],
        ("3", BRD): ["reads"],
        ("4", SYD): ["reads"],
    }
    assert (matrix.statements, matrix.reports) == (11, 2)
    assert [row.key for row in matrix.rows if row.disputed] == ["whole", "1", "2"]
    assert matrix.disputed_with(f"{AGREEMENT}/clause/1", SYD) == (BRD,)


def test_the_matrix_agrees_with_the_question(site: Site):
    """Who disputes which clause, by the question of the catalogue, stands in the matrix too."""
    rows = site.rows("disputes/who-disputes-which-clause")
    assert rows
    for row in rows:
        agreement, clause, actor, statement = (
            row[name].value for name in ("agreement", "clause", "actor", "statement")
        )
        matrix = of_agreement(site, agreement)
        assert row["counterparty"].value in matrix.disputed_with(clause, actor)
        assert statement in matrix.chosen(clause, actor, None)


def test_the_store_is_read_once_for_each_agreement(invented: Site, monkeypatch: pytest.MonkeyPatch):
    first = of_agreement(invented, AGREEMENT)
    monkeypatch.setattr(positions, "_matrix", lambda *_: pytest.fail("the store is read again"))
    assert of_agreement(invented, AGREEMENT) is first


# --- the page ---------------------------------------------------------------------------------------------------------
def test_it_is_a_table_with_heads_for_rows_and_columns(look: Look):
    table = look(MATRIX).one("table", class_="matrix")
    assert table.one("caption").words
    assert [head.get("scope") for head in table.one("thead").all("th")] == ["col", "col", "col"]
    for row in table.one("tbody").all("tr"):
        assert [head.get("scope") for head in row.all("th")] == ["row"]
        assert len(row.all("td")) == 2


def test_a_cell_tells_sign_statements_and_reports_in_words(look: Look):
    page = look(MATRIX)
    links = cell(page, 1, "Borduria").all("a")
    assert [link.words for link in links] == [
        "denies 1 statement in 1 report",
        "says kept 1 statement in 1 report",
    ]
    assert all(link.one("svg").get("aria-hidden") == "true" for link in links)
    assert "against Syldavia" in cell(page, 1, "Borduria").words
    assert cell(page, 3, "Syldavia").words == "nothing"


def test_a_cell_opens_its_statements(look: Look):
    link = cell(look(MATRIX), 1, "Syldavia").one("a")
    assert link.get("href").endswith("#statements")
    opened = look(link.get("href").partition("#")[0])
    assert opened.one(id="statements-head").words == "1 statement by Syldavia on clause 1 (charges)"
    (statement,) = opened.one("section", id="statements").all("article")
    assert "accuses" in statement.words
    assert statement.all("a", href="/id/actor/syd") or "Syldavia" in statement.words
    current = [
        each for each in opened.all("a") if each.get("aria-current") == "true" and "position" in each.get("class")
    ]
    assert [each.get("href") for each in current] == [link.get("href")]


def test_a_row_and_a_column_narrow_the_statements(look: Look):
    assert look(f"{MATRIX}?clause=2").one(id="statements-head").words == "3 statements on clause 2"
    assert look(f"{MATRIX}?actor=actor/brd").one(id="statements-head").words.startswith("7 statements by Borduria")
    assert look(MATRIX).one(id="statements-head").words == "11 statements"


@pytest.mark.parametrize("bad", ["clause=99", "actor=actor/none", "sign=shouts"])
def test_what_is_not_in_the_matrix_is_404_with_a_way_back(get: Get, bad: str):
    got = get(f"/agreements/arm-aze-rus-2020-11/disputes?{bad}", "text/html")
    assert got.status == 404
    assert b'href="/agreements/arm-aze-rus-2020-11/disputes"' in got.body


def test_an_unknown_agreement_is_404(get: Get):
    assert get("/agreements/nowhere/disputes", "text/html").status == 404


def test_columns_and_rows_are_left_out_until_asked_for(look: Look, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pacta.pages.views.agreements.HOLDERS", 1)
    monkeypatch.setattr("pacta.pages.views.agreements.ROWS", 2)
    page = look(f"{MATRIX}?clause=4")
    assert [head.words for head in page.one("table", class_="matrix").one("thead").all("th")] == [
        "Clause",
        "Borduria party",
    ]
    assert "1 actor with fewer statements is left out" in page.words
    assert len(look(f"{MATRIX}?all=1").one("thead").all("th")) == 3


def test_the_agreement_page_has_parties_matrix_clauses_names_and_texts(look: Look):
    page = look(ACCORD)
    assert {"Borduria", "Syldavia"} <= set(page.one("dl", class_="facts").words.split())
    assert page.one("table", class_="matrix")
    assert len(page.one("ol", class_="clauses").all("li")) == 4
    assert [head.words for head in page.all("h2")] == [
        "Who disputes what", "Clauses", "Names, and who uses them", "Published texts",
    ]  # fmt: skip


def test_the_list_has_the_agreement_most_spoken_of_first(look: Look):
    rows = look("/agreements").one("tbody").all("tr")
    assert rows[0].one("th").all("a")[0].get("href") == ACCORD
    assert [each.words for each in rows[0].all("td")][-4:] == ["4", "3", "11", "2"]
    assert len(look("/agreements?q=syldavia").one("tbody").all("tr")) >= 1
    assert "No agreement has this" in look("/agreements?q=zzzz").words
