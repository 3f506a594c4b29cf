"""Words of agreements, places and names stay words: markup, marks that turn the direction, script addresses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest_pages import Get, asker
from markup import tree
from pacta import rules
from pacta.pages.app import application
from pacta.pages.site import Settings
from pacta.store import open_store

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"
TURN = "\u202eturned\u2066"
DATA = f"""
@prefix pacta: <https://w3id.org/pacta/ontology#> .
@prefix id: <https://w3id.org/pacta/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://w3id.org/pacta/id/> .
<agreement/x> a pacta:Agreement ; rdfs:label "{EVIL} {TURN}"@en ; rdfs:comment "{EVIL}"@en ;
  pacta:party <actor/x> ; dcterms:source <javascript:alert(3)> , <https://example.org/a%22b> ; pacta:name <name/x> .
<name/x> a pacta:Name ; pacta:nameForm "{EVIL} {TURN}"@en ; pacta:usedBy <actor/x> .
<actor/x> a pacta:State ; rdfs:label "{EVIL}"@en .
<agreement/x/clause/1> a pacta:Clause ; pacta:clauseOf <agreement/x> ; pacta:clauseNumber "{EVIL}" ;
  pacta:summary "{EVIL} {TURN}"@en .
<agreement/x/text/a> a pacta:AgreementText ; pacta:textOf <agreement/x> ; dcterms:language "en" ;
  pacta:publishedBy <actor/x> .
<agreement/x/text/b> a pacta:AgreementText ; pacta:textOf <agreement/x> ; dcterms:language "en" ;
  pacta:publishedBy <actor/x> ;
  dcterms:source <javascript:alert(4)> .
<agreement/x/text/a/clause/1> pacta:clauseTextOf <agreement/x/clause/1> ; pacta:inText <agreement/x/text/a> ;
  pacta:wording "They stop here. {EVIL}"@en .
<agreement/x/text/b/clause/1> pacta:clauseTextOf <agreement/x/clause/1> ; pacta:inText <agreement/x/text/b> ;
  pacta:wording "They stop there. {EVIL} {TURN}"@en .
<place/x> a pacta:Place ; rdfs:label "{EVIL} {TURN}"@en ; pacta:name <name/x> ;
  pacta:latitude 1.0 ; pacta:longitude 2.0 .
<proposition/x> a pacta:IncidentAccount ; pacta:accountOf <incident/x> ; pacta:gloss "{EVIL} {TURN}"@en ;
  pacta:occurredAt <place/x> ; pacta:occurredDuring <time/x> .
<incident/x> a pacta:Incident .
<time/x> a pacta:TimeExtent ; pacta:notBefore "2020-01-01T00:00:00Z"^^xsd:dateTime ;
  pacta:notAfter "2020-01-02T00:00:00Z"^^xsd:dateTime .
<proposition/r> a pacta:Interpretation ; pacta:gloss "{EVIL}"@en ; pacta:interprets <agreement/x/clause/1> .
<statement/r> a pacta:Statement ; pacta:speaker <actor/x> ; pacta:asserts <proposition/r> .
<attribution/r> a pacta:Attribution ; pacta:attributes <statement/r> ; pacta:inDocument <document/r> ;
  pacta:contentQuote "{EVIL} {TURN}"@en ; pacta:speechMode <https://w3id.org/pacta/vocab/speech-mode/direct> .
<document/r> a pacta:Document ; dcterms:title "{EVIL} {TURN}" ; pacta:published "2020-01-03"^^xsd:date .
"""
PAGES = (
    "/agreements",
    "/agreements/x/disputes",
    "/id/agreement/x",
    "/id/agreement/x/clause/1",
    "/id/place/x",
    "/map",
    "/timeline",
    "/query/agreements/list",
    "/query/readings/readings-of-clause",
    "/sparql?query=SELECT%20%2A%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D",
    "/data",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    folder: Path = tmp_path_factory.mktemp("hostile") / "store"
    with open_store(folder) as store:
        store.load(DATA.encode(), "turtle", graph="https://w3id.org/pacta/id/graph/reference")
        rules.derive(store)
    app = application(Settings(store=folder, cache=tmp_path_factory.mktemp("cache")))
    yield asker(app)
    app.state.pool.close()
    app.state.site.close()


@pytest.mark.parametrize("path", PAGES)
def test_it_stays_text(hostile: Get, path: str):
    got = hostile(path, "text/html")
    assert got.status == 200, got.body[-500:]
    page = got.body.decode()
    assert "alert(" in page, "the hostile words are not on this page"
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert "\u2066" not in page
    whole = tree(page)
    assert not [each for each in whole.all("a") if each.get("href").startswith("javascript")]
    for each in whole.all():
        assert not [name for name in each.attributes if name.startswith("on") or name == "style"], each.name
