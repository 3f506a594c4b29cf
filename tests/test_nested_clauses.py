"""Nested clauses and editions end to end: 6, 6(2), 6.2.a and annexes, from the text and from the stock to answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from pacta import queries, reference, rules
from pacta.agreement_texts.duties import ALL_PARTIES
from pacta.documents import read
from pacta.model import Document
from pacta.pipeline import Converter
from pacta.store import open_store
from pacta.validation import Validator
from pacta.vocabulary import ID_BASE, PACTA

TEXT = """Accord on the Lower Ford

Article 5
The parties keep the peace.

Article 6
1. The ford stays open.
2. The armies leave both banks:
(a) the northern bank by 1 March 2032;
(b) the southern bank by 1 April 2032.

Annex B
1. Observers count the boats.
2. A commission meets each month.
"""
NUMBERS = ["5", "6", "6.1", "6.2", "6.2.a", "6.2.b", "annex-b", "annex-b/1", "annex-b/2"]
STOCK = """@base <https://w3id.org/pacta/id/agreement/ford/> .
@prefix agreement: <https://w3id.org/pacta/id/agreement/> .
@prefix pacta: <https://w3id.org/pacta/ontology#> .
@prefix topic: <https://w3id.org/pacta/vocab/provision-topic/> .
agreement:ford a pacta:Agreement .
<clause/6.2.a> a pacta:Clause ; pacta:clauseOf <clause/6.2> ; pacta:clauseNumber "6.2.a" ;
    pacta:provisionTopic topic:withdrawal-of-forces .
<clause/6.2> a pacta:Clause ; pacta:clauseOf <clause/6> ; pacta:clauseNumber "6.2" .
<clause/10> a pacta:Clause ; pacta:clauseOf agreement:ford ; pacta:clauseNumber "10" .
<clause/6> a pacta:Clause ; pacta:clauseOf agreement:ford ; pacta:clauseNumber "6" .
<clause/annex-b> a pacta:Clause ; pacta:clauseOf agreement:ford ; pacta:clauseNumber "annex-b" .
<clause/annex-b.2> a pacta:Clause ; pacta:clauseOf <clause/annex-b> ; pacta:clauseNumber "annex-b/2" .
<clause/annex-b.10> a pacta:Clause ; pacta:clauseOf <clause/annex-b> ; pacta:clauseNumber "annex-b/10" .
"""


def given(folder: Path, name: str, text: str, **sidecar: object) -> Document:
    """Write an agreement text with its sidecar and read it."""
    (folder / f"{name}.txt").write_text(text, "utf-8")
    (folder / f"{name}.json").write_text(json.dumps({"kind": "agreement", **sidecar}), "utf-8")
    found = list(read(folder / f"{name}.txt"))
    assert len(found) == 1
    assert isinstance(found[0], Document), found[0]
    return found[0]


def objects(quads: list[Quad], name: str) -> dict[str, str]:
    return {
        q.subject.value: q.object.value
        for q in quads
        if q.predicate.value == PACTA + name
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode | Literal)
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Seeds that hold an agreement with nested clauses."""
    for name, text in (("actors", ""), ("places", ""), ("agreements", STOCK)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.ttl").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_stock_holds_clauses_at_any_depth(folder: Path) -> None:
    facts = reference.load(seeds=folder).agreements[f"{ID_BASE}agreement/ford"]
    assert [clause.number for clause in facts.clauses] == [
        "6", "6.2", "6.2.a", "10", "annex-b", "annex-b/2", "annex-b/10",
    ]  # fmt: skip
    above = {clause.number: clause.above.rpartition("/")[2] for clause in facts.clauses}
    assert above == {
        "6": "ford", "6.2": "6", "6.2.a": "6.2", "10": "ford",
        "annex-b": "ford", "annex-b/2": "annex-b", "annex-b/10": "annex-b",
    }  # fmt: skip
    assert {t.rpartition("/")[2] for t in facts.topics} == {"withdrawal-of-forces"}


def test_a_circle_of_clauses_ends(folder: Path) -> None:
    broken = STOCK + "<clause/6> pacta:clauseOf <clause/6.2.a> .\n"
    (folder / "agreements" / "x.ttl").write_text(broken, encoding="utf-8")
    facts = reference.load(seeds=folder).agreements[f"{ID_BASE}agreement/ford"]
    assert [clause.number for clause in facts.clauses].count("6") == 1


def test_a_text_with_nested_clauses_answers_by_their_numbers(converter: Converter, tmp_path: Path) -> None:
    quads = converter.quads(converter.record(given(tmp_path, "ford", TEXT, parties=["arm", "aze"])))
    numbers = objects(quads, "clauseNumber")
    assert sorted(numbers.values()) == sorted(NUMBERS)
    above = {numbers[clause]: numbers.get(whole) for clause, whole in objects(quads, "clauseOf").items()}
    assert (above["6.2.a"], above["6.2"], above["6"], above["annex-b/2"]) == ("6.2", "6", None, "annex-b")
    with open_store() as store:
        for name, each in converter.reference_quads().items():
            store.replace_graph(name, each)
        store.replace_graphs(quads)
        rules.derive(store)
        agreement = next(iri.rpartition("/clause/")[0] for iri in numbers)
        values = {"agreement": agreement, "number": "6.2.a"}
        worded = queries.run(store, "agreements/wording-variants", values)
        assert [str(getattr(row[2], "value", "")) for row in worded.rows] == ["6.2.a"]
        wording = worded.rows[0][worded.variables.index("wording")]
        assert "the northern bank" in str(getattr(wording, "value", ""))
        asked = queries.run(store, "agreements/clauses", {"agreement": agreement})
        column = asked.variables.index("clauseNumber")
        assert {str(getattr(row[column], "value", "")) for row in asked.rows} == set(NUMBERS)


# --- editions ---------------------------------------------------------------------------------------------------------
def text_iris(converter: Converter, *documents: Document) -> list[str]:
    """Return the IRIs of the texts that documents become."""
    return [next(iter(objects(converter.quads(converter.record(d)), "textOf"))) for d in documents]


def test_two_editions_by_one_publisher_in_one_language_stay_apart(converter: Converter, tmp_path: Path) -> None:
    known = {"agreement": "ford", "publisher": "Ford Gazette", "parties": ["arm", "aze"]}
    first = given(tmp_path, "first", TEXT, **known)
    second = given(tmp_path, "second", TEXT.replace("1 March", "1 May"), **known)
    one, two = text_iris(converter, first, second)
    assert one != two
    assert one.endswith(f"-en-{first.key}")
    assert text_iris(converter, first) == [one]
    everything = [*converter.quads(converter.record(first)), *converter.quads(converter.record(second))]
    wordings = [q for q in everything if q.predicate.value == PACTA + "wording"]
    assert len({q.subject for q in wordings}) == len(wordings), "one wording for each text of a clause"


def test_an_edition_is_named_by_its_sidecar(converter: Converter, tmp_path: Path) -> None:
    known = {"agreement": "ford", "publisher": "rus-pres", "title": "Ford accord"}
    document = given(tmp_path, "third", TEXT, edition="Second printing", **known)
    (iri,) = text_iris(converter, document)
    assert iri == f"{ID_BASE}agreement/ford/text/rus-pres-en-second-printing"
    quads = converter.quads(converter.record(document))
    graphs = converter.reference_quads()
    report = Validator().validate_record(quads, [q for each in graphs.values() for q in each])
    assert report.conforms, report.to_text()


def test_a_text_that_the_stock_describes_keeps_its_iri(converter: Converter, tmp_path: Path) -> None:
    known = {"agreement": "arm-aze-rus-2020-11", "publisher": "rus-pres"}
    document = given(tmp_path, "fourth", "1. All stop where they stand.\n2. Land goes back.\n", **known)
    record = converter.record(document)
    assert getattr(record, "text_iri", None) == f"{ID_BASE}agreement/arm-aze-rus-2020-11/text/rus-pres-en"
    other = given(tmp_path, "fifth", "1. All stop.\n2. Land goes back.\n", edition="corrected", **known)
    assert str(getattr(converter.record(other), "text_iri", "")).endswith("/text/rus-pres-en-corrected")


# --- who the parties are ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "subject",
    [
        "The Parties", "the parties", "States Parties", "Each State Party", "A State Party", "The Contracting Parties",
        "Every Contracting Party", "Both Sides", "The High Contracting Parties",
    ],
)  # fmt: skip
def test_a_duty_of_the_parties_binds_each_of_them(converter: Converter, tmp_path: Path, subject: str) -> None:
    text = f"1. {subject} shall release all prisoners of war.\n2. The road is short.\n"
    record = converter.record(given(tmp_path, "parties", text, parties=["arm", "aze"]))
    found = dict(getattr(record, "duties", ()))
    assert [duty.bearers for duty in found["1"]] == [(f"{ID_BASE}actor/arm", f"{ID_BASE}actor/aze")]
    assert "2" not in found


def test_parties_that_nothing_names_are_one_actor(converter: Converter, tmp_path: Path) -> None:
    text = "1. States Parties shall release all prisoners of war.\n2. Each Party shall withdraw its troops.\n"
    record = converter.record(given(tmp_path, "nobody", text))
    found = dict(getattr(record, "duties", ()))
    bearers = {bearer for duties in found.values() for duty in duties for bearer in duty.bearers}
    assert len(bearers) == 1
    assert ALL_PARTIES.replace(" ", "-") in bearers.pop()


@pytest.mark.parametrize("subject", ["A neighbouring state", "The party leader", "A village"])
def test_others_are_not_the_parties(converter: Converter, tmp_path: Path, subject: str) -> None:
    text = f"1. {subject} shall release all prisoners of war.\n2. The road is short.\n"
    record = converter.record(given(tmp_path, "others", text, parties=["arm", "aze"]))
    assert not dict(getattr(record, "duties", ()))
