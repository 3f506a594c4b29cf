"""The page of a clause: readings side by side with duties, disputes, wordings with their differences marked."""

from __future__ import annotations

from conftest_borduria import ACCORD, Look
from conftest_pages import Get
from markup import tree

CLAUSE = "/id/agreement/arm-aze-rus-2020-11/clause/4"


def test_it_says_what_the_clause_is_and_where_it_stands(look: Look):
    page = look(f"{ACCORD}/clause/2")
    assert page.one("h1").words == "Clause 2"
    assert page.one("p", class_="summary").words == "Syldavia withdraws its forces before the summer."
    assert [link.get("href") for link in page.one("nav", class_="crumbs").all("a")] == ["/agreements", ACCORD]
    pager = {link.get("rel"): link.get("href") for link in page.one("nav", class_="pager").all("a")}
    assert pager["prev"] == f"{ACCORD}/clause/1"
    assert pager["next"] == f"{ACCORD}/clause/3"


def test_readings_stand_side_by_side_with_holder_date_and_quote(look: Look):
    sides = look(f"{ACCORD}/clause/2").all("section", class_="side")
    assert [side.one("h3").words for side in sides] == ["Borduria", "Syldavia"]
    for side in sides:
        for said in side.all("article"):
            assert said.one("blockquote").words
            assert said.all("time")
            assert any(link.get("href").startswith("/id/statement/") for link in said.all("a"))
            assert any(link.get("href").startswith("/id/document/") for link in said.all("a"))


def test_who_disputes_it_with_whom(look: Look):
    facts = look(f"{ACCORD}/clause/2").one("dl", class_="facts").words
    assert "Borduria with Syldavia" in facts
    assert "by nobody" in look(f"{ACCORD}/clause/4").one("dl", class_="facts").words


def test_the_two_readings_of_the_seed_oblige_within_different_territories(get: Get):
    page = tree(get(CLAUSE, "text/html").body)
    duties = {
        side.one("h3").words: [item.words for item in side.all("ul", class_="duties")[0].all("li")]
        for side in page.all("section", class_="side")
    }
    assert "only from the territories adjacent" in duties["Armenia"][0]
    assert "from Karabakh" in duties["Azerbaijan"][0]
    rejected = next(said for said in page.all("article", class_="rejects") if said.all("ul", class_="duties"))
    assert rejected.one("p", class_="implied").words == "denies that it obliges"


def test_the_plain_reading_is_nobodys(look: Look):
    plain = look(f"{ACCORD}/clause/3").one("article", class_="plainreading")
    assert "nobody’s reading" in plain.words
    assert "freedom of movement" in plain.words
    assert "Borduria" in plain.one("ul", class_="duties").words


def test_wordings_mark_what_differs_from_the_first_of_their_language(get: Get):
    rows = tree(get(CLAUSE, "text/html").body).one("table", class_="wordings").one("tbody").all("tr")
    first, *others = [row for row in rows if row.all("td")[0].words == "en"]
    assert "compared with this one" in first.words
    assert not first.all("ins")
    marked = [row for row in others if row.all("ins")]
    assert marked
    assert any("Armed Forces" in deleted.words for row in others for deleted in row.all("del"))
    (russian,) = [row for row in rows if row.all("td")[0].words == "ru"]
    assert not russian.all("ins")
    assert russian.all("td")[1].get("lang") == "ru"


def test_full_wordings_are_compared_word_by_word(look: Look):
    rows = look(f"{ACCORD}/clause/2").one("table", class_="wordings").one("tbody").all("tr")
    assert len(rows) >= 2
    assert any(row.all("ins") or row.all("del") for row in rows)


def test_an_unknown_clause_is_404(get: Get):
    assert get("/id/agreement/arm-aze-rus-2020-11/clause/99", "text/html").status == 404
