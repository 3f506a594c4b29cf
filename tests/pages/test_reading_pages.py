"""The pages that are read: start, statement, document, actor, incident, proposition, without a browser."""

from __future__ import annotations

import re
from html import unescape

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from conftest_pages import Get, asker
from conftest_paths import CONTESTED, DENIAL, DISMISSAL, DOCUMENT, INCIDENT, KEY, READING, RELAY
from pacta.pages.app import application
from pacta.pages.rendering import count, shortened, with_query
from pacta.pages.site import Settings
from pacta.store import EmbeddedStore
from pacta.vocabulary import DCTERMS, ID_BASE, P


def words(body: bytes) -> str:
    """The text of a page's main part, in one line."""
    main = body.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.mark.parametrize("path", ["/", "/search?q=army", DISMISSAL, DOCUMENT, "/id/actor/aze", INCIDENT, READING])
def test_a_page_answers_and_is_the_same_again(get: Get, path: str):
    first, second = get(path, "text/html"), get(f"{path}{'&' if '?' in path else '?'}again=1", "text/html")
    assert first.status == 200
    assert first.header("content-type") == "text/html; charset=utf-8"
    assert words(first.body) == words(second.body)


def test_the_start_page_counts_what_is_there(get: Get):
    body = get("/", "text/html").body.decode()
    counts = {name: number for number, name in re.findall(r"<strong>(\d[\d,]*)</strong> <span>(\w+)</span>", body)}
    assert counts["document"] == "1"
    assert counts["statements"] == "18"
    assert counts["incidents"] == "4"
    assert 'href="/id/agreement/arm-aze-rus-2020-11/clause/4"' in body
    assert f'href="{DOCUMENT}"' in body


def test_a_statement_says_who_what_where_and_how_sure(get: Get):
    text = words(get(DISMISSAL, "text/html").body)
    assert "Armenian Foreign Ministry dismisses" in text
    assert "the claim as an “outright falsification.”" in text
    assert "Armenian Foreign Ministry , for Armenia" in text
    assert "What it rejects the agreement calls for a complete Armenian troop withdrawal from Karabakh" in text
    assert "Mixed speech; the narrator is neutral; the converter’s confidence is 0." in text
    assert "What it answers Azerbaijani Defence Ministry" in text
    assert "(date inferred from the text)" in text


def test_a_relayed_statement_names_whose_words_it_passes_on(get: Get):
    assert "Whose words it passes on Russian peacekeeping contingent" in words(get(RELAY, "text/html").body)
    assert "Who passes it on Russian Defence Ministry" in words(get(f"{RELAY}-relayed", "text/html").body)


def test_a_document_shows_its_text_with_marks_replies_and_relays(get: Get):
    body = get(DOCUMENT, "text/html").body
    text = words(body)
    assert body.count(b'<article class="said') == 18
    assert "Answers statement 9 of Azerbaijani Defence Ministry" in text
    assert "Passes on statement 3 of" in text
    assert re.search(r"Converter Pacta \d+\.\d+\.\d+, parser \S+ \d", text)
    assert b'class="ev source lane0"' in body


def test_a_chosen_statement_is_shown_in_the_document(get: Get):
    body = get(f"{DOCUMENT}?statement={DENIAL.rsplit('/', 1)[1]}", "text/html").body
    assert body.count(b" chosen") == 1
    assert get(f"{DOCUMENT}?statement=%3Cscript%3E", "text/html").status == 200


def test_where_the_text_is_not_stored_the_quotes_alone_are_shown(
    seed_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
):
    folder = tmp_path_factory.mktemp("quotes") / "store"
    store = Store(str(folder))
    store.extend(quad for quad in seed_store.quads() if quad.predicate != NamedNode(P.fullText))
    graph = NamedNode(ID_BASE + "graph/more")
    document = NamedNode(ID_BASE + DOCUMENT.removeprefix("/id/"))
    store.add(Quad(document, NamedNode(DCTERMS + "source"), NamedNode("https://example.org/report"), graph))
    store.add(Quad(document, NamedNode(DCTERMS + "title"), Literal("Another <title>"), graph))
    store.flush()
    del store
    app = application(Settings(store=folder, cache=tmp_path_factory.mktemp("cache")))
    try:
        ask = asker(app)
        text = words(ask(DOCUMENT, "text/html").body)
        assert "The text of this document is not stored here." in text
        assert "A Russian peacekeeper stands guard" not in text
        assert "outright falsification" in text
        page = ask(DISMISSAL, "text/html").body
        assert "The full text is not stored here" in words(page)
        assert b"https://example.org/report#:~:text=the%20claim%20as%20an" in page
        assert b"<title>" not in page.partition(b"<main")[2]
    finally:
        app.state.pool.close()
        app.state.site.close()


def test_a_long_text_comes_in_parts_and_the_chosen_statement_in_its_own(
    seed_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
):
    folder = tmp_path_factory.mktemp("long") / "store"
    store = Store(str(folder))
    text = NamedNode(P.fullText)
    for quad in seed_store.quads():
        if quad.predicate == text:
            longer = quad.object.value + "\n\nAnd more of it." * 6_000
            quad = Quad(quad.subject, text, Literal(longer, language="en"), quad.graph_name)
        store.add(quad)
    store.flush()
    del store
    app = application(Settings(store=folder, cache=tmp_path_factory.mktemp("cache")))
    try:
        ask = asker(app)
        first = ask(DOCUMENT, "text/html").body
        assert "Parts 1–1 of 3" in words(first)
        assert b'href="/id/document/60112683b2ea?page=2#text" rel="next"' in first
        second = ask(f"{DOCUMENT}?page=2", "text/html").body
        assert b"<mark" not in second.partition(b'<div class="text">')[2].partition(b"</div>")[0]
        assert "And more of it." in words(second)
        chosen = ask(f"{DOCUMENT}?statement={DENIAL.rsplit('/', 1)[1]}", "text/html").body
        assert "Parts 1–1 of 3" in words(chosen)
        assert "And more of it." not in words(ask(DENIAL, "text/html").body)
    finally:
        app.state.pool.close()
        app.state.site.close()


def test_an_incident_shows_accounts_side_by_side_with_when_and_where(get: Get):
    text = words(get(INCIDENT, "text/html").body)
    assert "Status Corroborated" in text
    assert "Confirmed by Russia" in text
    assert "9–13 August 2021 to the week in the words “ earlier this week ”" in text
    assert "about 40 km south-west of Stepanakert" in text
    assert "Killed or hurt 0" in text
    contested = words(get(CONTESTED, "text/html").body)
    assert "Alleged by Azerbaijan Confirmed by nobody Denied by Karabakh Defence Army" in contested
    assert "What it rejects: Karabakh’s “illegal Armenian militias”" in contested


def test_an_actor_shows_names_with_their_users_and_charges_both_ways(get: Get):
    body = get("/id/actor/aze", "text/html").body
    text = words(body)
    assert "5 statements, with" in text
    assert "Whom it charges Armenia 2 statements" in text
    assert "Who charges it Karabakh Defence Army 1 statement" in text
    assert "How it reads agreements Azerbaijani Defence Ministry" in text
    force = words(get("/id/actor/f-0001", "text/html").body)
    assert "illegal Armenian armed groups en" in force
    assert "What it said" in force


def test_long_lists_come_in_parts_that_lead_to_each_other(get: Get):
    first = get("/search?kind=actor", "text/html").body.decode()
    following = unescape(re.search(r'<a href="([^"]+)" rel="next">', first)[1])  # type: ignore[index]
    second = get(following, "text/html").body.decode()
    assert 'rel="prev"' in second
    assert "26–50 of" in words(second.encode())
    assert get("/search?kind=actor&page=999999", "text/html").status == 200
    assert get("/search?kind=actor&page=-1", "text/html").status == 200


@pytest.mark.parametrize(
    ("path", "target"),
    [
        (f"/id/attribution/{KEY}-995-1092-asserts", f"/id/statement/{KEY}-828-905-asserts#{KEY}-995-1092-asserts"),
        (f"/id/capture/{KEY}", DOCUMENT),
        (f"/id/proposition/{KEY}-232-339-incident", INCIDENT),
    ],
)
def test_what_has_no_page_of_its_own_leads_to_the_one_that_shows_it(get: Get, path: str, target: str):
    answer = get(path, "text/html")
    assert answer.status == 303
    assert answer.header("location") == target
    assert get(path, "text/turtle").status == 200


def test_small_words():
    assert count(1, "reply", "replies") == "1 reply"
    assert shortened("one two three four", 9) == "one two …"
    assert shortened("x" * 30, 10) == "x" * 10 + " …"
    assert with_query("/search", {"q": "a&b", "kind": ""}) == "/search?q=a%26b"
    assert with_query("/search") == "/search"
