"""Derivation rules: what they conclude on the seed and on an invented conflict, and that they can be run again."""

from __future__ import annotations

import re
import shutil

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad

from pacta import resources, rules
from pacta.errors import KnowledgeError
from pacta.exports import graph_to
from pacta.headers import HeaderError, parse_header
from pacta.iris import Iris
from pacta.store import EmbeddedStore, open_store
from pacta.vocabulary import ID_BASE, PACTA, RULE, VOCAB
from stores import BORDURIA, borduria, many

DERIVED = Iris().derived_graph()
ACCORD = f"{ID_BASE}agreement/brd-syd-2031-03"
BRD, SYD, MISSION, GUARD = (f"{ID_BASE}actor/{code}" for code in ("brd", "syd", "rvom", "f-9001"))
FORCE = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf"


@pytest.fixture
def store():
    with borduria() as found:
        yield found


def test_the_predicates_that_rules_look_at_are_known():
    """Where they are not, each small change of a store derives everything anew."""
    found = rules.predicates()
    assert found is not None
    assert {f"{PACTA}speaker", f"{PACTA}affirms"} <= found
    assert f"{PACTA}fullText" not in found


def ask(store: EmbeddedStore, pattern: str) -> bool | None:
    prefixes = f"PREFIX pacta: <{PACTA}> PREFIX v: <{VOCAB}> PREFIX id: <{ID_BASE}> PREFIX rule: <{RULE}>"
    return store.query(f"{prefixes} ASK {{ {pattern} }}").boolean


def statuses(store: EmbeddedStore) -> dict[str, str]:
    rows = store.query(f"SELECT DISTINCT ?i ?s WHERE {{ ?i <{PACTA}status> ?s }}").rows
    found = {row[0].value: row[1].value.rpartition("/")[2] for row in rows}
    assert len(found) == len(rows), "an incident has one status"
    return found


def disputed(store: EmbeddedStore) -> set[tuple[str, str]]:
    rows = store.query(f"SELECT DISTINCT ?a ?p WHERE {{ ?a <{PACTA}disputes> ?p }}").rows
    return {(row[0].value, row[1].value) for row in rows}


def incident(store: EmbeddedStore, gloss: str) -> str:
    query = f'SELECT ?i WHERE {{ ?a <{PACTA}accountOf> ?i ; <{PACTA}gloss> ?g FILTER(STR(?g) = "{gloss}") }}'
    return store.query(query).rows[0][0].value


def proposition(store: EmbeddedStore, gloss: str) -> str:
    return store.query(f'SELECT ?p WHERE {{ ?p <{PACTA}gloss> ?g FILTER(STR(?g) = "{gloss}") }}').rows[0][0].value


# --- the files --------------------------------------------------------------------------------------------------------
def test_there_are_rules_and_each_says_what_it_does():
    found = rules.rules()
    assert len(found) >= 8
    assert [rule.name for rule in found] == sorted(rule.name for rule in found)
    assert len({rule.title for rule in found}) == len(found)
    for rule in found:
        assert rule.iri == RULE + rule.name
        assert len(rule.description) > 40
        assert "NOT EXISTS" not in rule.text, "MINUS is a hundred times faster here"
        assert all(len(line) <= 120 for line in rule.text.splitlines())
        rdflib.Graph().query(rule.text)


def test_the_first_rule_knows_every_force_of_the_ontology():
    graph = rdflib.Graph()
    for file in resources.files("ontology", "*.ttl"):
        graph.parse(file)
    text = rules.rules()[0].text
    for position in ("affirms", "rejects"):
        forces = {str(s) for s in graph.subjects(rdflib.URIRef(FORCE), rdflib.URIRef(PACTA + position))}
        assert forces
        in_rule = set(re.findall(rf"\((pacta:\w+) pacta:{position}\)", text))
        assert in_rule == {force.replace(PACTA, "pacta:") for force in forces}


def test_the_rules_use_terms_of_the_ontology_only():
    graph = rdflib.Graph()
    for file in resources.files("ontology", "*.ttl"):
        graph.parse(file)
    known = {str(s) for s in graph.subjects()}
    with borduria() as store:
        for quad in store.quads(DERIVED):
            for term in (quad.predicate.value, getattr(quad.object, "value", "")):
                assert not term.startswith(PACTA) or term in known, term


# --- the seed ---------------------------------------------------------------------------------------------------------
def test_the_seed_has_one_dispute_over_one_clause(seed_store):
    clause = f"{ID_BASE}agreement/arm-aze-rus-2020-11/clause/4"
    assert disputed(seed_store) == {(f"{ID_BASE}actor/arm", clause), (f"{ID_BASE}actor/aze", clause)}
    query = f"""PREFIX pacta: <{PACTA}> SELECT ?holder ?force WHERE {{
        ?d a pacta:Dispute ; pacta:side ?side . ?side pacta:holder ?holder ; pacta:viaStatement ?s . ?s ?force ?p .
        VALUES ?force {{ pacta:asserts pacta:dismisses }} }}"""
    sides = sorted(
        (row[0].value.rpartition("/")[2], row[1].value.rpartition("#")[2]) for row in seed_store.query(query)
    )
    assert sides == [("arm", "asserts"), ("arm", "dismisses"), ("aze", "asserts")]


def test_the_seeds_incidents_have_their_status(seed_store):
    query = f"""PREFIX pacta: <{PACTA}> SELECT DISTINCT ?gloss ?s WHERE {{
        ?account pacta:accountOf ?i ; pacta:gloss ?gloss . ?i pacta:status ?s }}"""
    rows = seed_store.query(query).rows
    for words, status in {
        "drones attacked": "corroborated",
        "opening fire": "contested",
        "tried to cross": "alleged",
        "deploying": "alleged",
    }.items():
        assert {row[1].value.rpartition("/")[2] for row in rows if words in row[0].value} == {status}, words
    assert sorted(statuses(seed_store).values()) == ["alleged", "alleged", "contested", "corroborated"]


def test_a_force_whose_allegiance_is_fought_over_stays_its_own_principal(seed_store):
    assert ask(seed_store, "id:actor\\/f-0001 pacta:principal id:actor\\/f-0001")
    assert not ask(seed_store, "id:actor\\/f-0001 pacta:principal id:actor\\/arm")
    assert ask(seed_store, "id:actor\\/rus-pkf pacta:principal id:actor\\/rus")


# --- an invented conflict ---------------------------------------------------------------------------------------------
def test_disputes_by_rejection_by_readings_and_by_conduct(store):
    assert disputed(store) == {
        (actor, provision) for actor in (BRD, SYD) for provision in (f"{ACCORD}/clause/1", f"{ACCORD}/clause/2", ACCORD)
    }
    assert ask(store, f"?d pacta:disputeOver <{ACCORD}/clause/1> ; pacta:derivedByRule rule:40-dispute-by-rejection")
    assert ask(store, f"?d pacta:disputeOver <{ACCORD}/clause/1> ; pacta:derivedByRule rule:42-dispute-by-conduct")
    assert ask(store, f"?d pacta:disputeOver <{ACCORD}/clause/2> ; pacta:derivedByRule rule:41-dispute-by-readings")


def test_each_dispute_has_two_sides_with_holders_statements_and_rules(store):
    query = f"""PREFIX pacta: <{PACTA}> SELECT ?d (COUNT(DISTINCT ?side) AS ?n) (COUNT(DISTINCT ?h) AS ?m) WHERE {{
        ?d a pacta:Dispute ; pacta:disputeOver ?over ; pacta:disputedProposition ?p ; pacta:derivedByRule ?r ;
          pacta:side ?side .
        ?side a pacta:DisputeSide ; pacta:holder ?h ; pacta:viaStatement ?s ; pacta:position ?x ;
          pacta:derivedByRule ?q .
    }} GROUP BY ?d"""
    rows = store.query(query).rows
    assert len(rows) == 3
    assert all(row[1:] == (Literal(2), Literal(2)) for row in rows)


def test_incidents_never_make_a_dispute_over_a_provision(store):
    assert not ask(store, "?d pacta:disputedProposition ?p . ?p a pacta:IncidentAccount")


def test_an_editors_link_wins_and_weak_links_do_not_count(store):
    bridge = proposition(store, "The bridge must stay open to lorries.")
    assert ask(store, f"<{bridge}> pacta:concernsClause <{ACCORD}/clause/3>")
    assert not ask(store, f"<{bridge}> pacta:concernsClause <{ACCORD}/clause/2>")
    weak = proposition(store, "Only soldiers are given back.")
    assert not ask(store, f"<{weak}> pacta:concernsClause ?clause")
    best = proposition(store, "The accord obliges Syldavia to leave the Red Valley.")
    assert ask(store, f"<{best}> pacta:concernsClause <{ACCORD}/clause/2>")
    assert not ask(store, f"<{best}> pacta:concernsClause <{ACCORD}/clause/3>"), "only the best link counts"


def test_the_status_of_each_kind_of_incident(store):
    found = statuses(store)
    expected = {
        "Bordurian forces fired mortar rounds at a border post.": "contested",
        "A mine went off under a supply truck.": "corroborated",
        "The Guard kidnapped a shepherd.": "alleged",
        "There was a raid on Mirovo.": "denied",
    }
    for gloss, status in expected.items():
        assert found[incident(store, gloss)] == status, gloss
    assert incident(store, "Saboteurs may attack the bridge.") not in found, "a warning tells of nothing that happened"


def test_second_hand_word_of_one_witness_is_no_second_witness(store):
    query = f"""PREFIX pacta: <{PACTA}> SELECT DISTINCT ?i WHERE {{
        ?a pacta:accountOf ?i ; pacta:casualties 3 ; pacta:inRecord ?r . ?i pacta:inRecord ?r }}"""
    (row,) = store.query(query).rows
    assert statuses(store)[row[0].value] == "alleged"


def test_a_link_brings_an_account_to_another_incident(store):
    mine = incident(store, "A mine went off under a supply truck.")
    account = proposition(store, "A landmine hurt three people in a truck.")
    assert ask(store, f"<{account}> pacta:accountOf <{mine}>")


def variant(*changes: tuple[str, str]) -> EmbeddedStore:
    """The invented conflict with parts of its TriG replaced, derived anew."""
    text = BORDURIA.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    store = open_store()
    store.load(text.encode(), "trig")
    rules.derive(store)
    return store


def test_a_confirmation_alone_corroborates_but_not_by_a_participant():
    with variant(("        pacta:denies ", "        pacta:warns ")) as store:
        found = statuses(store)
        assert found[incident(store, "Bordurian forces fired mortar rounds at a border post.")] == "corroborated"
    mission = "pacta:participant <actor/rvom>"
    with variant(
        ("        pacta:denies ", "        pacta:warns "), ("pacta:participant <actor/syd-bg>", mission)
    ) as store:
        found = statuses(store)
        assert found[incident(store, "Bordurian forces fired mortar rounds at a border post.")] == "alleged"


def test_readings_with_the_same_scope_make_no_dispute():
    same = ("pacta:territorialScope <place/p-9003>", "pacta:territorialScope <place/p-9001>")
    with variant(same, ("pacta:dismisses ", "pacta:asserts ")) as store:
        assert not any(provision == f"{ACCORD}/clause/2" for _, provision in disputed(store))


def test_narration_takes_no_side():
    with variant(
        ("speech-mode:indirect", "speech-mode:narration"), ("speech-mode:mixed", "speech-mode:narration")
    ) as store:
        assert disputed(store) == set()


# --- again ------------------------------------------------------------------------------------------------------------
def test_deleting_and_rebuilding_gives_the_same_bytes(store, seed_store):
    for each in (store, seed_store):
        before = graph_to(each.quads(DERIVED), "nquads")
        everything = graph_to(each.quads(), "nquads", include_text=True)
        count = rules.derive(each)
        assert graph_to(each.quads(DERIVED), "nquads") == before
        each.remove_graph(DERIVED)
        assert rules.derive(each) == count == len(list(each.quads(DERIVED)))
        assert graph_to(each.quads(), "nquads", include_text=True) == everything


def test_what_was_derived_before_does_not_outlive_its_ground(store):
    for quad in list(store.quads()):
        if "/graph/record/" in quad.graph_name.value:
            store.remove_graph(quad.graph_name.value)
    rules.derive(store)
    assert disputed(store) == set()
    assert statuses(store) == {}


def test_another_base_makes_other_iris():
    base = "http://localhost:8000/"
    text = BORDURIA.read_bytes().replace(ID_BASE.encode(), base.encode())
    with open_store() as store:
        store.load(text, "trig")
        rules.derive(store, base=base)
        subjects = {quad.subject.value for quad in store.quads(Iris(base).derived_graph())}
        assert any("/dispute/" in subject for subject in subjects)
        assert all(subject.startswith(base) for subject in subjects)


def test_an_empty_store_derives_nothing():
    with open_store() as store:
        assert rules.derive(store) == 0


def test_the_rules_do_not_list_every_pair():
    with many(8) as small, many(64) as large:
        assert len(list(large.quads(DERIVED))) <= 8 * len(list(small.quads(DERIVED)))
        assert len(disputed(large)) == len(disputed(small)) > 0


# --- faulty rules -----------------------------------------------------------------------------------------------------
GOOD = "#+ iri: https://w3id.org/pacta/rule/01-x\n#+ title: X\n#+ description: Y\n"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("01-x.rq", GOOD + "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p", "the rule is faulty"),
        ("01-x.rq", GOOD + "SELECT * WHERE { ?s ?p ?o }", "a rule is a CONSTRUCT"),
        ("01-x.rq", "CONSTRUCT WHERE { ?s ?p ?o }", "a title and a description"),
        ("01-x.rq", GOOD.replace("01-x", "02-x") + "CONSTRUCT WHERE { ?s ?p ?o }", "iri ends in its file name"),
        ("first.rq", GOOD + "CONSTRUCT WHERE { ?s ?p ?o }", "place in the order"),
        ("01-x.rq", "#+ nonsense\n" + GOOD, r"no 'key: value' .*01-x\.rq:1"),
    ],
)
def test_a_faulty_rule_is_told_and_leaves_nothing_half_done(tmp_path, monkeypatch, name, text, message):
    for kind in resources.KINDS:
        (tmp_path / kind).mkdir()
    shutil.copytree(resources.path("ontology") / "rules", tmp_path / "ontology" / "rules")
    (tmp_path / "ontology" / "rules" / name).write_text(text)
    monkeypatch.setenv("PACTA_HOME", str(tmp_path))
    with open_store() as store:
        store.add([Quad(NamedNode("http://e.org/a"), NamedNode("http://e.org/b"), Literal("c"), NamedNode(DERIVED))])
        with pytest.raises(KnowledgeError, match=message):
            rules.derive(store)


def test_headers():
    text = "# a comment\n#+ a: one\n#+   two\n#+ b:\n#+   - x y\n#+     z\n#+   - k: v\n#+     l: w\nSELECT\n#+ c: d\n"
    assert parse_header(text) == {"a": "one two", "b": ["x y z", {"k": "v", "l": "w"}]}
    for bad, line in [("#+   x\n", 1), ("#+ a: b\n#+ a: c\n", 2), ("#+ a: b\n#+   - c\n", 2), ("#+ a:\n#+ !\n", 2)]:
        with pytest.raises(HeaderError) as caught:
            parse_header(bad)
        assert caught.value.line == line
