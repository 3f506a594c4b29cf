"""IRIs: every kind has its form, and hostile text never becomes IRI syntax."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from pacta.iris import SLUG_LENGTH, Iris, digest, segment, slug

K = "0a1b2c3d4e5f"
BASE = "https://example.org/data/"
IRIS = Iris(BASE)
TREATY = "https://example.org/data/agreement/abc-xyz-1999-04"

FORMS = [
    (IRIS.document(K), f"document/{K}"),
    (IRIS.capture(K), f"capture/{K}"),
    (IRIS.span(K, 10, 40), f"capture/{K}#char=10,40"),
    (IRIS.record(K, "0.1.0"), f"graph/record/{K}-v0.1.0"),
    (IRIS.text_graph(K), f"graph/text/{K}"),
    (IRIS.reference_graph(), "graph/reference"),
    (IRIS.agreement_graph("abc-xyz-1999-04"), "graph/agreement/abc-xyz-1999-04"),
    (IRIS.editorial_graph("ada"), "graph/editorial/ada"),
    (IRIS.derived_graph(), "graph/derived"),
    (IRIS.provenance_graph(), "graph/provenance"),
    (IRIS.statement(K, "50-90-accuses"), f"statement/{K}-50-90-accuses"),
    (IRIS.attribution(K, "50-90-asserts-relayed"), f"attribution/{K}-50-90-asserts-relayed"),
    (IRIS.communique(K, 1), f"communique/{K}-1"),
    (IRIS.proposition(K, "50-90-state-of-affairs"), f"proposition/{K}-50-90-state-of-affairs"),
    (IRIS.incident(K, "50"), f"incident/{K}-50"),
    (IRIS.participation(K, "50-90", "perpetrator", 0), f"participation/{K}-50-90-perpetrator-0"),
    (IRIS.obligation(K, "50-90", 2), f"obligation/{K}-50-90-2"),
    (IRIS.link(K, "50-90", 1), f"link/{K}-50-90-1"),
    (IRIS.time(K, 41, 50), f"time/{K}-41-50"),
    (IRIS.location(K, 41, 50), f"location/{K}-41-50"),
    (IRIS.actor("f-0001"), "actor/f-0001"),
    (IRIS.organ("XYZ", "mod"), "actor/xyz-mod"),
    (IRIS.outlet("The Daily Planet"), "actor/o-the-daily-planet"),
    (IRIS.place("p-0002"), "place/p-0002"),
    (IRIS.name(IRIS.actor("xyz-mod"), "EN", "Ministry of War"), "name/xyz-mod-en-ministry-of-war"),
    (IRIS.name(IRIS.local_place(K, "Oz"), "en", "Oz"), f"name/{K}-oz-en-oz"),
    (IRIS.local_actor(K, "Red Valley Front"), f"actor/{K}-red-valley-front"),
    (IRIS.local_place(K, "Oz"), f"place/{K}-oz"),
    (IRIS.local_agreement(K, "Accord of Oz"), f"agreement/{K}-accord-of-oz"),
    (IRIS.agreement("abc-xyz-1999-04"), "agreement/abc-xyz-1999-04"),
    (IRIS.clause(TREATY, "4"), "agreement/abc-xyz-1999-04/clause/4"),
    (IRIS.reading(IRIS.clause(TREATY, "4"), "summary"), "agreement/abc-xyz-1999-04/clause/4/reading/summary"),
    (IRIS.agreement_text(TREATY, "kremlin", "EN"), "agreement/abc-xyz-1999-04/text/kremlin-en"),
    (IRIS.clause_text(TREATY + "/text/un-fr", "4.1"), "agreement/abc-xyz-1999-04/text/un-fr/clause/4.1"),
    (IRIS.dispute("0123456789ab"), "dispute/0123456789ab"),
    (IRIS.dispute_side(IRIS.dispute("ab"), "cd"), "dispute/ab/side/cd"),
]


@pytest.mark.parametrize(("iri", "form"), FORMS, ids=[form for _, form in FORMS])
def test_each_kind_has_its_form(iri: str, form: str) -> None:
    assert iri == BASE + form
    assert NamedNode(iri).value == iri


def test_run_names_version_parser_and_knowledge() -> None:
    runs = {IRIS.run("0.1.0", p, k) for p in ("parser 1", "parser 2") for k in ("aa", "bb")}
    assert len(runs) == 4
    assert all(re.fullmatch(re.escape(BASE) + r"run/0\.1\.0-[0-9a-f]{12}", run) for run in runs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Red Valley Front", "red-valley-front"),
        ("  Red   Valley–Front ", "red-valley-front"),
        ("FULL ＷＩＤＴＨ", "full-width"),
        ("ＡＢＣ", "abc"),
        ("41st Division", "41st-division"),
    ],
)
def test_a_clean_name_is_its_own_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize(
    "text",
    ["São Tomé", "Sao/Tome", "Народная армия", "", "><script>", "a b#c?d=/../..", "x" * 500, "\u202eevil", "\x00"],
)
def test_what_a_slug_loses_is_kept_apart_by_a_hash(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{8}", slug(text))
    assert len(slug(text)) <= SLUG_LENGTH


def test_names_that_differ_only_in_what_is_lost_stay_apart() -> None:
    names = ["Sao Tome", "São Tomé", "Sao. Tome", "Sao/Tome", "Народная", "народний", "x" * 61, "x" * 62]
    assert len({slug(name) for name in names}) == len(names)


@given(st.text())
def test_no_text_becomes_iri_syntax(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", slug(text))
    assert re.fullmatch(r"[A-Za-z0-9._+-]+", segment(text))
    for iri in (IRIS.local_actor(K, text), IRIS.clause(TREATY, text), IRIS.statement(K, text), IRIS.outlet(text)):
        assert NamedNode(iri).value == iri
        assert re.fullmatch(r"https://example\.org/data/[A-Za-z0-9/._+-]+", iri)
        assert "/.." not in iri


@given(st.text())
def test_a_slug_is_its_own_slug_and_depends_on_text_alone(text: str) -> None:
    assert slug(text) == slug(text) == slug(slug(text))


@pytest.mark.parametrize(
    "base", ["", "data/", "https://example.org/data", "javascript:/", "https://example.org/<x>/", "https:// x/"]
)
def test_a_base_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match="is no base"):
        Iris(base)


@pytest.mark.parametrize("base", ["http://localhost:8000/id/", "https://example.org/id#", "https://w3id.org/pacta/id/"])
def test_a_base_may_be_any_web_address(base: str) -> None:
    assert Iris(base).place("p-1") == base + "place/p-1"


def test_digest_keeps_parts_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert len(digest("x", length=8)) == 8
