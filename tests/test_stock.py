"""The stock of agreements and the topics of provisions: each whole, none guessed, all of one shape."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS

from pacta import lexicon, reference, resources
from pacta.validation import Validator
from pacta.vocabulary import VOCAB

PACTA = Namespace("https://w3id.org/pacta/ontology#")
TOPIC = VOCAB + "provision-topic/"
FILES = resources.files("seeds", "agreements/*.ttl")
MONTHS = [datetime(2000, month, 1).strftime("%B") for month in range(1, 13)]
_DATE = re.compile(rf"\b(?:(\d{{1,2}}) )?({'|'.join(MONTHS)})(?: (\d{{1,2}}))?(?: (\d{{4}}))?\b")
ASKED_FOR = {
    "ceasefire", "withdrawal-of-forces", "peacekeeping", "monitoring", "territory", "corridor", "transport-links",
    "prisoners-and-detainees", "displaced-persons", "humanitarian-access", "disarmament", "elections",
    "constitutional-status", "sanctions-relief", "enrichment-limits", "water-shares",
}  # fmt: skip


@cache
def parsed(path: Path) -> Graph:
    return Graph().parse(path, format="turtle")


def agreement(graph: Graph) -> URIRef:
    (found,) = graph.subjects(RDF.type, PACTA.Agreement)
    assert isinstance(found, URIRef)
    return found


def names(graph: Graph) -> list[str]:
    return [str(form) for name in graph.subjects(RDF.type, PACTA.Name) for form in graph.objects(name, PACTA.nameForm)]


# --- each agreement ---------------------------------------------------------------------------------------------------
def test_there_are_ten_and_more_besides_the_first() -> None:
    assert len(FILES) > 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_agreement_is_whole(path: Path) -> None:
    graph = parsed(path)
    iri = agreement(graph)
    assert str(iri).rpartition("/")[2] == path.stem
    parties = sorted(str(party).rpartition("/")[2] for party in graph.objects(iri, PACTA.party))
    assert len(parties) >= 2
    assert path.stem == f"{'-'.join(parties)}-{path.stem[-7:]}", "the code is made of the parties and the month"
    assert len(names(graph)) >= 10
    assert "official" in {str(k).rpartition("/")[2] for k in graph.objects(None, PACTA.nameKind)}
    sources = [str(source) for source in graph.objects(iri, DCTERMS.source)]
    assert sources
    assert all(source.startswith("http") for source in sources)
    extent = graph.value(iri, PACTA.signedDuring)
    begin = graph.value(extent, PACTA.notBefore)
    assert isinstance(begin, Literal)
    assert str(begin)[:7] == path.stem[-7:]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_clauses_are_numbered_once_summed_up_and_carry_what_they_oblige(path: Path) -> None:
    graph = parsed(path)
    numbers = Counter(str(number) for number in graph.objects(None, PACTA.clauseNumber))
    assert numbers
    assert set(numbers.values()) == {1}
    for clause in graph.subjects(RDF.type, PACTA.Clause):
        number = str(graph.value(clause, PACTA.clauseNumber))
        assert str(clause).endswith(f"/clause/{number.replace('/', '.')}")
        assert graph.value(clause, PACTA.summary), number
        topics = set(graph.objects(clause, PACTA.provisionTopic))
        for reading in graph.subjects(PACTA.interprets, clause):
            duties = list(graph.subjects(PACTA.underReading, reading))
            assert duties, f"{number} has a reading that obliges nobody"
            assert {act for duty in duties for act in graph.objects(duty, PACTA.requires)} <= topics, number


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_was_not_seen_is_left_out_and_said(path: Path) -> None:
    """A gap in the numbers is admitted in the head of the file."""
    given = {int(n) for n in map(str, parsed(path).objects(None, PACTA.clauseNumber)) if n.isdigit()}
    text = path.read_text(encoding="utf-8")
    if given != set(range(1, max(given, default=0) + 1)):
        assert "left out" in text.partition("@base")[0]
    head = text.partition("@base")[0]
    assert "in our own words" in head
    assert path.stem == "arm-aze-rus-2020-11" or "Seen:" in head


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_dates_in_names_are_those_of_the_signing(path: Path) -> None:
    graph = parsed(path)
    extent = graph.value(agreement(graph), PACTA.signedDuring)
    begin, end = (datetime.fromisoformat(str(graph.value(extent, PACTA[p]))) for p in ("notBefore", "notAfter"))
    days = {(begin + timedelta(hours=h)).date() for h in range(0, int((end - begin).total_seconds() // 3600))}
    for form in names(graph):
        for before, month, after, year in _DATE.findall(form):
            day = int(before or after or 0)
            fitting = [
                d for d in days
                if MONTHS[d.month - 1] == month and day in (0, d.day) and (not year or int(year) == d.year)
            ]  # fmt: skip
            assert fitting, form


def test_no_two_agreements_share_a_name() -> None:
    bearers: dict[str, set[str]] = {}
    for path in FILES:
        for form in names(parsed(path)):
            bearers.setdefault(form.casefold(), set()).add(path.stem)
    assert {form: who for form, who in bearers.items() if len(who) > 1} == {}


def test_the_stock_conforms_to_its_shapes() -> None:
    known = reference.load().graphs
    validator = Validator()
    report = validator.validate_files(FILES, [q for quads in known.values() for q in quads], profile="catalogue")
    assert report.conforms, report.to_text()


def test_nested_clauses_of_the_stock_are_reached() -> None:
    stock = reference.load().agreements
    numbers = {iri.rpartition("/")[2]: {clause.number for clause in facts.clauses} for iri, facts in stock.items()}
    assert any("9.a" in found for found in numbers.values())
    assert any("annex-1/64" in found for found in numbers.values())
    assert any("1.item-2" in found for found in numbers.values())


# --- topics -----------------------------------------------------------------------------------------------------------
def concepts() -> dict[str, Graph]:
    graph = parsed(resources.path("ontology") / "vocabularies" / "provision-topic.ttl")
    return {str(c).removeprefix(TOPIC): graph for c in graph.subjects(RDF.type, SKOS.Concept)}


def test_the_scheme_holds_the_topics_asked_for() -> None:
    assert concepts().keys() >= ASKED_FOR
    assert len(concepts()) > 50


def test_every_topic_has_words_that_trigger_it() -> None:
    triggered = {entry.value for entry in lexicon.load().kinds("TopicTrigger")}
    assert {name for name in concepts() if TOPIC + name not in triggered} == set()


def test_topics_are_matched_with_categories_of_pax() -> None:
    graph = parsed(resources.path("ontology") / "alignments" / "pax.ttl")
    matches = list(graph.subject_objects(SKOS.closeMatch))
    assert len({str(topic) for topic, _ in matches}) >= 30
    for topic, category in matches:
        assert str(topic).removeprefix(TOPIC) in concepts()
        assert str(graph.value(category, SKOS.notation)) == str(category).rpartition("/")[2]
        assert graph.value(category, RDFS.label)
