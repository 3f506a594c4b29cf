"""Agreement texts as data: sidecar, clauses with wording and spans, duties of the plain reading, and the verbs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, Quad

from pacta.agreement_texts.record import AgreementRecord, agreement_record
from pacta.agreements import read_structure
from pacta.agreements.akoma import to_akoma
from pacta.commands import main
from pacta.documents import read
from pacta.errors import InputError, PactaError
from pacta.model import Document
from pacta.pipeline import Converter
from pacta.validation import Validator
from pacta.vocabulary import PACTA, concept

DATA = Path(__file__).parent / "data" / "agreements"
ACCORD = DATA / "accord.txt"


def document(path: Path) -> Document:
    found = list(read(path))
    assert len(found) == 1
    assert isinstance(found[0], Document), found[0]
    return found[0]


@pytest.fixture(scope="module")
def record(converter: Converter) -> AgreementRecord:
    found = converter.record(document(ACCORD))
    assert isinstance(found, AgreementRecord)
    return found


@pytest.fixture(scope="module")
def accord(converter: Converter, record: AgreementRecord) -> list[Quad]:
    return converter.quads(record)


def values(quads: list[Quad], name: str, subject: str | None = None) -> list[str]:
    return sorted(
        q.object.value
        for q in quads
        if q.predicate.value == PACTA + name and (subject is None or q.subject == NamedNode(subject))
        if isinstance(q.object, NamedNode | Literal)
    )


def test_clauses_nest_and_are_numbered(record: AgreementRecord, accord: list[Quad]) -> None:
    numbers = ["preamble", "1", "1.1", "1.2", "2", "3", "3.a", "3.b", "annex-a", "annex-a/1"]
    assert values(accord, "clauseNumber") == sorted(numbers)
    clauses = dict(record.clauses)
    assert record.facts is not None
    assert values(accord, "clauseOf", clauses["1.2"]) == [clauses["1"]]
    assert values(accord, "clauseOf", clauses["1"]) == [record.facts.agreement]
    assert values(accord, "clauseOf", clauses["annex-a/1"]) == [clauses["annex-a"]]


def test_wordings_are_verbatim_and_anchored(record: AgreementRecord, accord: list[Quad]) -> None:
    text = record.document.text
    wording = {q.subject: q.object.value for q in accord if q.predicate.value == PACTA + "wording"}
    anchor = {q.subject: q.object.value for q in accord if q.predicate.value == PACTA + "anchorSpan"}
    assert len(wording) == 10
    for subject, words in wording.items():
        start, end = map(int, anchor[subject].partition("#char=")[2].split(","))
        assert text[start:end] == words
    assert "(a) Observers will monitor the ceasefire." in " ".join(wording.values())


def test_the_accord_conforms(converter: Converter, accord: list[Quad]) -> None:
    graphs = converter.reference_quads()
    validator = Validator()
    report = validator.validate_record(accord, validator.context(q for quads in graphs.values() for q in quads))
    assert report.conforms, report.to_text()


def test_duties_of_the_plain_reading(record: AgreementRecord) -> None:
    duties = dict(record.duties)
    assert record.facts is not None
    armenia, province = record.facts.parties
    assert armenia.endswith("actor/arm")
    [cease] = duties["1.1"]
    assert cease.bearers == (armenia, province)
    assert cease.requires == (concept("provision-topic", "ceasefire"),)
    assert cease.deadline is not None
    assert cease.deadline.not_before.date().isoformat() == "2031-05-12"
    [leave] = duties["1.2"]
    assert leave.bearers == (armenia,)
    assert concept("provision-topic", "withdrawal-of-forces") in leave.requires
    assert leave.deadline is not None
    assert leave.deadline.not_after.date().isoformat() == "2031-06-01"
    [release] = duties["2"]
    assert release.bearers == (province,)
    assert release.condition == "provided that lists have been exchanged"
    assert release.deadline is not None
    assert release.deadline.not_after.date().isoformat() == "2031-06-02"
    assert [d.bearers for d in duties["annex-a/1"]] == [(armenia, province)]


def test_readings_are_held_by_the_run_with_low_confidence(accord: list[Quad]) -> None:
    links = {q.subject.value for q in accord if q.predicate.value == PACTA + "linkAuthor"}
    assert links
    for link in links:
        assert values(accord, "linkAuthor", link)[0].rpartition("/")[0].endswith("/run")
        assert float(values(accord, "confidence", link)[0]) < 0.5
    assert len(values(accord, "interprets")) == len(links)


def test_the_same_text_gives_the_same_quads(converter: Converter, accord: list[Quad]) -> None:
    assert converter.quads(converter.record(document(ACCORD))) == accord


def test_a_known_agreement_is_not_described_again(converter: Converter, tmp_path: Path) -> None:
    stock = converter.reference.agreements
    known = next(iri for iri in sorted(stock) if {"1", "2"} <= {clause.number for clause in stock[iri].clauses})
    code = known.rpartition("/")[2]
    (tmp_path / "known.txt").write_text("1. All fighting stops.\n2. Prisoners are freed.\n", "utf-8")
    sidecar = {"kind": "agreement", "agreement": code, "title": "Known", "publisher": "Lake Gazette"}
    (tmp_path / "known.json").write_text(json.dumps(sidecar), "utf-8")
    quads = converter.quads(converter.record(document(tmp_path / "known.txt")))
    assert values(quads, "clauseTextOf") == [f"{known}/clause/1", f"{known}/clause/2"]
    assert not values(quads, "clauseOf")
    assert not values(quads, "party")
    graphs = converter.reference_quads()
    report = Validator().validate_record(quads, [q for each in graphs.values() for q in each])
    assert report.conforms, report.to_text()


def test_texts_of_one_agreement_meet_without_a_code(converter: Converter, tmp_path: Path) -> None:
    """Title, parties of the stock and month of signing tell it; another title, or no day, is another agreement."""
    told = {"kind": "agreement", "title": "Ferry accord", "parties": ["Malta", "Tunisia"], "signed": "2007-03-04"}
    sidecars = {
        "a": told | {"publisher": "Gazette"},
        "b": told | {"publisher": "Courier", "parties": ["Tunisia", "Malta"], "signed": "2007-03-05"},
        "c": told | {"title": "Harbour accord"},
        "d": {key: told[key] for key in told if key != "signed"},
        "e": told | {"parties": ["Malta", "Freedonia"]},
    }
    clauses = {}
    for name, sidecar in sidecars.items():
        (tmp_path / f"{name}.txt").write_text("1. All fighting stops.\n2. Prisoners are freed.\n", "utf-8")
        (tmp_path / f"{name}.json").write_text(json.dumps(sidecar), "utf-8")
        quads = converter.quads(converter.record(document(tmp_path / f"{name}.txt")))
        clauses[name] = values(quads, "clauseTextOf")
    assert clauses["a"][0].endswith("/agreement/mlt-tun-2007-03-ferry-accord/clause/1")
    assert clauses["b"] == clauses["a"]
    assert len({found[0] for found in clauses.values()}) == 4


@pytest.mark.parametrize(
    ("sidecar", "said"),
    [
        ({"kind": "agreement", "partys": []}, "unknown fields: partys"),
        ({"kind": "agreement", "signed": "soon"}, "'signed' is no day"),
        ({"kind": "agreement", "parties": "arm"}, "'parties' is no list"),
        ({"kind": "agreement", "title": 4}, "'title' is int"),
        ({"kind": "agreement", "legalValue": "very good"}, "no legal value"),
    ],
)
def test_a_bad_sidecar_says_so(tmp_path: Path, sidecar: dict[str, object], said: str) -> None:
    (tmp_path / "a.txt").write_text("1. Peace.\n", "utf-8")
    (tmp_path / "a.json").write_text(json.dumps(sidecar), "utf-8")
    [error] = list(read(tmp_path / "a.txt"))
    assert isinstance(error, InputError)
    assert said in str(error)
    assert "a.json" in str(error)


def test_an_unknown_legal_value_is_an_error_of_its_document(converter: Converter, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1. Peace.\n", "utf-8")
    (tmp_path / "a.json").write_text(json.dumps({"kind": "agreement", "legalValue": "splendid"}), "utf-8")
    with pytest.raises(PactaError, match="splendid") as error:
        converter.record(document(tmp_path / "a.txt"))
    assert "official-publication" in error.value.remedy


def test_other_languages_have_clauses_but_no_duties(converter: Converter) -> None:
    given = document(DATA / "accord.txt")
    french = replace(given, metadata=replace(given.metadata, language="fr"))
    parse = next(converter._parse([french]))
    knowledge = converter.lexicon, converter.reference
    found = agreement_record(
        french, parse, lexicon=knowledge[0], reference=knowledge[1], iris=converter.iris, run=converter.run
    )
    assert not found.duties
    assert len(found.clauses) == 10


# --- the verbs --------------------------------------------------------------------------------------------------------
def test_convert_takes_an_agreement_text_by_its_sidecar() -> None:
    result = CliRunner().invoke(main, ["convert", str(ACCORD)])
    assert result.exit_code == 0, result.stderr
    assert "pacta:AgreementText" in result.stdout
    assert "pacta:Statement" not in result.stdout


def test_convert_takes_an_agreement_text_by_its_kind() -> None:
    result = CliRunner().invoke(main, ["convert", "--kind", "agreement", str(DATA / "decimal.txt")])
    assert result.exit_code == 0, result.stderr
    assert 'pacta:clauseNumber "1.2.2.b"' in result.stdout
    result = CliRunner().invoke(main, ["convert", "--kind", "agreement", "-"], input="1. Peace.\n2. Bread.\n")
    assert result.exit_code == 0, result.stderr
    assert 'pacta:clauseNumber "2"' in result.stdout


def test_build_lands_agreement_texts(tmp_path: Path) -> None:
    store = tmp_path / "store"
    result = CliRunner().invoke(main, ["build", str(ACCORD), "--store", str(store)])
    assert result.exit_code == 0, result.stderr
    assert "1 added" in result.stderr
    again = CliRunner().invoke(main, ["build", str(ACCORD), "--store", str(store)])
    assert "1 there already" in again.stderr
    asked = CliRunner().invoke(main, ["query", "agreements/wording-variants", "--store", str(store), "-f", "json"])
    assert asked.exit_code == 0, asked.stderr
    assert "Observers will monitor the ceasefire." in asked.stdout


# --- other formats ----------------------------------------------------------------------------------------------------
def test_akoma_ntoso_and_html_give_the_same_clauses(converter: Converter, tmp_path: Path) -> None:
    value = read_structure(ACCORD.read_text("utf-8"))
    (tmp_path / "accord.akn").write_text(to_akoma(value, uri="/akn/un/statement/accord", date="2031-05-01"), "utf-8")
    page = "<html lang='en'><body>" + "".join(f"<p>{line}</p>" for line in value.text.splitlines()) + "</body></html>"
    (tmp_path / "accord.html").write_text(page, "utf-8")
    (tmp_path / "accord.json").write_text(ACCORD.with_suffix(".json").read_text("utf-8"), "utf-8")
    numbers = sorted(p.normal for p in value.walk())
    validator = Validator()
    context = validator.context(q for quads in converter.reference_quads().values() for q in quads)
    for name in ("accord.akn", "accord.html"):
        record = converter.record(document(tmp_path / name))
        assert isinstance(record, AgreementRecord)
        assert record.facts is not None
        assert record.facts.signed is not None
        assert record.facts.signed.isoformat() == "2031-05-01"
        quads = converter.quads(record)
        assert values(quads, "clauseNumber") == numbers
        report = validator.validate_record(
            [*quads, *converter.reference_quads()[converter.iris.provenance_graph()]], context
        )
        assert report.conforms, report.to_text()


def test_akoma_ntoso_needs_no_sidecar(tmp_path: Path) -> None:
    text = to_akoma(read_structure("Pact\n\n1. Peace.\n2. Bread.\n"), uri="/akn/un/statement/pact")
    (tmp_path / "pact.akn").write_text(text, "utf-8")
    result = CliRunner().invoke(main, ["convert", str(tmp_path / "pact.akn")])
    assert result.exit_code == 0, result.stderr
    assert 'pacta:wording "Bread."@en' in result.stdout
