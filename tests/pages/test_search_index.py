"""Search: any name in any spelling, the nearest first, and the words that were said."""

from __future__ import annotations

import pytest

from conftest_pages import Get
from pacta.pages.search_index import KINDS, Index, folded, index_for, listed, newest_documents, search
from pacta.pages.site import Site
from pacta.vocabulary import ID_BASE


def filled(*entries: tuple[str, str, str, str]) -> Index:
    index = Index()
    index.fill(iter(entries))
    return index


def iris(index: Index, query: str, kind: str = "actor") -> list[str]:
    return [hit.iri for hit in index.find(query, kind).hits]


def test_accents_and_case_do_not_count():
    index = filled(("actor", "a", "Łódź Führung", ""), ("actor", "b", "Հայաստան", ""), ("actor", "c", "Ağdərə", ""))
    assert iris(index, "LODZ fuhr") == ["a"]
    assert iris(index, "հայաս") == ["b"]
    assert iris(index, "agdara") == ["c"]
    assert folded("ÉCOLE İstanbul") == "ecole istanbul"


def test_every_word_must_be_there_whole_or_begun():
    index = filled(("actor", "a", "Red Valley Front", ""), ("actor", "b", "Red Sea Command", ""))
    assert iris(index, "red fro") == ["a"]
    assert iris(index, "red") == ["a", "b"] or iris(index, "red") == ["b", "a"]
    assert iris(index, "alley") == []
    assert iris(index, "red unknown") == []


def test_the_same_name_comes_before_one_that_begins_so_and_one_that_holds_it():
    index = filled(
        ("actor", "holds", "Greater Mali Group", ""),
        ("actor", "begins", "Mali Armed Forces", ""),
        ("actor", "is", "Mali", ""),
    )
    assert iris(index, "mali") == ["is", "begins", "holds"]


def test_one_resource_is_one_hit_by_its_nearest_name():
    index = filled(
        ("actor", "a", "Defence Army", ""), ("actor", "a", "Army", ""), ("actor", "a", "Army of the Valley", "")
    )
    assert [(hit.iri, hit.name) for hit in index.find("army", "actor").hits] == [("a", "Army")]


@pytest.mark.parametrize(
    "query", ["", "   ", '"', "* OR *", "NEAR(a b)", "-", "name:x", "'; DROP TABLE actor; --", "()"]
)
def test_what_people_type_is_never_a_command(query: str):
    index = filled(("actor", "a", "Somebody", ""))
    assert iris(index, query) == []
    assert iris(index, "somebody") == ["a"]


def test_a_misspelt_name_has_neighbours():
    index = filled(("actor", "a", "Azerbaijan", ""), ("place", "b", "Armenia", ""))
    assert index.like("Azerbajan") == ["azerbaijan"]
    assert index.like("zzzz") == []


def test_many_hits_are_cut_and_say_so():
    index = filled(*(("statement", f"s{n}", "", "the same words") for n in range(1_205)))
    found = index.find("words", "statement")
    assert found.more
    assert [hit.iri for hit in found.hits[:3]] == ["s0", "s1", "s2"]  # the order in which they came


def test_the_seed_is_found_by_names_clauses_and_words(site: Site):
    assert search(site, "artsakh army")["actor"].hits[0].iri == f"{ID_BASE}actor/f-0001"
    assert f"{ID_BASE}agreement/arm-aze-rus-2020-11/clause/4" in [
        hit.iri for hit in search(site, "peacekeeping withdrawal")["clause"].hits
    ]
    assert [hit.iri.rsplit("-", 1)[-1] for hit in search(site, "outright falsification")["statement"].hits] == [
        "dismisses"
    ]
    assert search(site, "drone strike")["incident"].hits
    assert search(site, "azeri drone attack")["document"].hits[0].iri == newest_documents(site)[0]


def test_every_kind_can_be_listed(site: Site):
    for kind in KINDS:
        assert listed(site, kind), kind
    names = [folded(site.label(iri)) for iri in listed(site, "actor")]
    assert names == sorted(names)
    assert index_for(site, "statement").done.is_set()


def test_an_answer_of_an_index_that_is_not_done_is_not_kept(site: Site, get: Get):
    index = index_for(site, "statement")
    index.done.clear()
    try:
        answer = get("/search?q=frontline", "text/html")
        assert answer.header("cache-control") == "no-store"
        assert b"still being taken in" in answer.body
    finally:
        index.done.set()
    assert b"still being taken in" not in get("/search?q=frontline", "text/html").body
