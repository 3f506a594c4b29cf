"""The stock as values: what the Turtle says of actors, places, agreements and clauses, and what is made of it."""

import pytest

from pacta import reference
from pacta.errors import KnowledgeError
from pacta.reference import words_of
from pacta.vocabulary import ID_BASE, VOCAB

PREFIXES = """@prefix pacta: <https://w3id.org/pacta/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix actor: <https://w3id.org/pacta/id/actor/> .
@prefix place: <https://w3id.org/pacta/id/place/> .
@prefix name: <https://w3id.org/pacta/id/name/> .
@prefix agreement: <https://w3id.org/pacta/id/agreement/> .
@prefix time: <https://w3id.org/pacta/id/time/> .
@prefix kind: <https://w3id.org/pacta/vocab/name-kind/> .
@prefix function: <https://w3id.org/pacta/vocab/organ-function/> .
@prefix topic: <https://w3id.org/pacta/vocab/provision-topic/> .
"""
ACTORS = """
actor:rur a pacta:State ; rdfs:label "Ruritania"@en ; pacta:timeZone "Europe/Prague" ;
    pacta:name name:rur , name:rur-a , name:rur-de .
name:rur a pacta:Name ; pacta:nameForm "Ruritania"@en ; pacta:nameKind kind:short .
name:rur-a a pacta:Name ; pacta:nameForm "Ruritanian"@en ; pacta:nameKind kind:adjective .
name:rur-de a pacta:Name ; pacta:nameForm "Ruritanien"@de ; pacta:nameKind kind:short .
actor:bor a pacta:State ; rdfs:label "Bordurien"@de , "Borduria"@en .
actor:rur-mod a pacta:Organ ; rdfs:label "War Ministry of Ruritania"@en ; pacta:organOf actor:rur ;
    pacta:organFunction function:defence-ministry .
actor:rur-guard a pacta:ArmedFormation ; rdfs:label "Royal Guard"@en ; pacta:organOf actor:rur-mod ;
    pacta:organFunction function:armed-forces .
actor:p-rudolf a pacta:Person ; rdfs:label "Rudolf Rassendyll"@en ; pacta:organOf actor:rur-guard .
actor:loop-a a pacta:Organ ; rdfs:label "A"@en ; pacta:organOf actor:loop-b .
actor:loop-b a pacta:Organ ; rdfs:label "B"@en ; pacta:organOf actor:loop-a .
"""
PLACES = 'place:zenda a pacta:Place ; rdfs:label "Zenda"@en ; pacta:name name:zenda .\n' + (
    'name:zenda a pacta:Name ; pacta:nameForm "Castle “Upper-Zenda”"@en ; pacta:nameKind kind:official .'
)
AGREEMENTS = """
@base <https://w3id.org/pacta/id/agreement/bor-rur-1894-07/> .
agreement:bor-rur-1894-07 a pacta:Agreement ; rdfs:label "Treaty of Zenda"@en ; pacta:party actor:rur , actor:bor ;
    pacta:mediator actor:rur-mod ; pacta:signedDuring time:zenda .
time:zenda a pacta:TimeExtent ;
    pacta:notBefore "1894-07-01T00:00:00+01:00"^^xsd:dateTime ;
    pacta:notAfter "1894-07-03T00:00:00+01:00"^^xsd:dateTime .
<clause/10> a pacta:Clause ; pacta:clauseOf agreement:bor-rur-1894-07 ;
    pacta:clauseNumber "10" ; pacta:summary "Last."@en .
<clause/2> a pacta:Clause ; pacta:clauseOf agreement:bor-rur-1894-07 ;
    pacta:clauseNumber "2" ; pacta:summary "Troops leave."@en ;
    pacta:provisionTopic topic:withdrawal-of-forces .
<clause/2/reading/summary> a pacta:Interpretation ;
    pacta:interprets <clause/2> .
<clause/2/reading/summary/obligation/1> a pacta:Obligation ;
    pacta:underReading <clause/2/reading/summary> ; pacta:bearer actor:bor ;
    pacta:requires topic:withdrawal-of-forces ; pacta:territorialScope place:zenda .
<clause/2/reading/summary/obligation/2> a pacta:Obligation ;
    pacta:underReading <clause/2/reading/summary> .
agreement:undated a pacta:Agreement .
"""


@pytest.fixture
def seeds(tmp_path):
    for folder, text in (("actors", ACTORS), ("places", PLACES), ("agreements", AGREEMENTS)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.ttl").write_text(PREFIXES + text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def stock(seeds):
    return reference.load(seeds=seeds)


def iri(local):
    return ID_BASE + local


# --- entities ---------------------------------------------------------------------------------------------------------
def test_an_entity_has_its_class_label_names_and_zone(stock):
    state = stock.entities[iri("actor/rur")]
    assert (state.type, state.label, state.time_zone) == ("State", "Ruritania", "Europe/Prague")
    assert [(n.form, n.kind, n.language) for n in state.names] == [
        ("Ruritanien", "short", "de"),
        ("Ruritania", "short", "en"),
        ("Ruritanian", "adjective", "en"),
    ]
    assert state.is_actor
    assert not state.is_person


def test_the_english_label_wins(stock):
    assert stock.entities[iri("actor/bor")].label == "Borduria"


def test_what_has_no_label_is_called_by_its_iri(stock):
    assert stock.entities[iri("agreement/undated")].label == iri("agreement/undated")


def test_places_and_agreements_are_no_actors(stock):
    assert [stock.entities[iri(x)].is_actor for x in ("place/zenda", "agreement/undated", "actor/rur-guard")] == [
        False,
        False,
        True,
    ]


# --- principals and organs --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("actor", "wanted"),
    [("p-rudolf", "rur"), ("rur-guard", "rur"), ("rur-mod", "rur"), ("rur", "rur"), ("elsewhere", "elsewhere")],
)
def test_the_principal_is_the_top_of_the_chain(stock, actor, wanted):
    assert stock.principal(iri(f"actor/{actor}")) == iri(f"actor/{wanted}")


def test_nobody_has_no_principal_and_a_ring_ends(stock):
    assert stock.principal(None) is None
    assert stock.principal(iri("actor/loop-a")) in {iri("actor/loop-a"), iri("actor/loop-b")}


@pytest.mark.parametrize(
    ("function", "wanted"), [("mod", "actor/rur-mod"), ("af", "actor/rur-guard"), ("mfa", "actor/rur-mfa")]
)
def test_an_organ_is_that_of_the_stock_or_composed(stock, function, wanted):
    assert stock.organ(iri("actor/rur"), function) == iri(wanted)


def test_functions_come_from_the_vocabulary(stock):
    assert stock.functions["foreign", "ministry"] == stock.functions["ministry", "of", "foreign", "affairs"] == "mfa"
    assert stock.function_name("mfa") == "foreign-ministry"
    assert stock.function_notation("foreign-ministry") == "mfa"
    assert stock.function_notation(None) is stock.function_notation("no-such") is None
    assert {"ministry", "army", "police"} <= stock.function_heads


# --- names ------------------------------------------------------------------------------------------------------------
def test_english_names_are_found_by_their_words(stock):
    assert [i for i, _ in stock.names["ruritania",]] == [iri("actor/rur")]
    assert ("ruritanien",) not in stock.names
    assert [i for i, _ in stock.names["castle", "upper", "-", "zenda"]] == [iri("place/zenda")]


@pytest.mark.parametrize(
    ("word", "wanted"),
    [("Ruritania", True), ("Zenda", True), ("ruritania", False), ("Castle", True), ("Ministry", False), ("Of", False)],
)
def test_words_of_names_keep_their_capital_in_headlines(stock, word, wanted):
    assert stock.is_name(word) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Jama’at “Nasr”", ["Jama", "'", "at", "Nasr"]),
        ("Upper-Zenda", ["Upper", "-", "Zenda"]),
        ("U.N.", ["U", ".", "N", "."]),
        ("", []),
    ],
)
def test_words(text, wanted):
    assert words_of(text) == wanted


# --- agreements -------------------------------------------------------------------------------------------------------
def test_facts_of_an_agreement(stock):
    facts = stock.agreements[iri("agreement/bor-rur-1894-07")]
    assert (facts.label, facts.parties, facts.mediators) == (
        "Treaty of Zenda",
        (iri("actor/bor"), iri("actor/rur")),
        (iri("actor/rur-mod"),),
    )
    assert facts.signed is not None
    assert [t.isoformat() for t in facts.signed] == ["1894-07-01T00:00:00+01:00", "1894-07-03T00:00:00+01:00"]
    assert facts.topics == {VOCAB + "provision-topic/withdrawal-of-forces"}
    assert stock.agreements[iri("agreement/undated")].signed is None


def test_clauses_stand_in_order_of_their_numbers_with_their_duties(stock):
    two, ten = stock.agreements[iri("agreement/bor-rur-1894-07")].clauses
    assert (two.number, two.summary, ten.number) == ("2", "Troops leave.", "10")
    topic = VOCAB + "provision-topic/withdrawal-of-forces"
    assert set(two.duties) == {
        (iri("actor/bor"), frozenset({topic}), iri("place/zenda")),
        (None, frozenset(), None),
    }
    assert ten.duties == ()


# --- concepts, graphs, hash -------------------------------------------------------------------------------------------
def test_a_concept_lies_under_broader_ones(stock):
    kinds = VOCAB + "incident-kind/"
    assert next(stock.broader(kinds + "drone-strike")) == kinds + "drone-strike"
    assert kinds + "assault" in set(stock.broader(kinds + "drone-strike"))
    assert list(stock.broader("urn:none")) == ["urn:none"]


def test_each_agreement_has_a_graph_and_the_rest_shares_one(stock):
    assert set(stock.graphs) == {iri("graph/reference"), iri("graph/agreement/x")}
    assert all(q.graph_name.value == g for g, quads in stock.graphs.items() for q in quads)


def test_data_moves_to_another_base_and_the_ontology_does_not(seeds):
    base = "http://example.org/data/"
    stock = reference.load(base, seeds)
    assert {e.partition("/data/")[0] for e in stock.entities} == {"http://example.org"}
    assert stock.principal(base + "actor/p-rudolf") == base + "actor/rur"
    assert stock.organ(base + "actor/rur", "mfa") == base + "actor/rur-mfa"
    terms = {t.value for quads in stock.graphs.values() for q in quads for t in (q.subject, q.predicate)}
    assert not any(t.startswith(ID_BASE) for t in terms)
    assert any(t.startswith("https://w3id.org/pacta/ontology#") for t in terms)


def test_the_hash_is_of_the_knowledge(seeds, stock):
    assert reference.load(seeds=seeds).hash == stock.hash
    file = seeds / "actors" / "x.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace('"Borduria"@en', '"Bordury"@en'), encoding="utf-8")
    assert reference.load(seeds=seeds).hash != stock.hash


# --- faults -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("folder", ["actors", "places", "agreements"])
def test_bad_turtle_is_a_fault_that_names_file_and_line(seeds, folder):
    bad = seeds / folder / "bad.ttl"
    bad.write_text(PREFIXES + "actor:x a pacta:State ;; .\nactor:y a [ .\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        reference.load(seeds=seeds)
    assert str(bad) in str(caught.value)
    assert "line" in str(caught.value)


@pytest.mark.parametrize("folder", ["actors", "places", "agreements"])
def test_an_empty_folder_is_a_fault(seeds, folder):
    (seeds / folder / "x.ttl").unlink()
    with pytest.raises(KnowledgeError, match=f"no Turtle files in .*{folder}"):
        reference.load(seeds=seeds)
