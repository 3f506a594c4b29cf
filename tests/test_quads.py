"""Quads: a hand-built record with every field of the model in use, each writer, and the promises of the whole."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, Quad, RdfFormat, Store, parse, serialize

from pacta import model
from pacta.iris import Iris
from pacta.model import (
    AgreementMention,
    Attribution,
    Communique,
    Document,
    Incident,
    Link,
    LocalEntity,
    LocationMention,
    Mention,
    Metadata,
    Obligation,
    Participation,
    Proposition,
    Record,
    Run,
    Span,
    Statement,
    TimeMention,
)
from pacta.quads import record_quads, run_quads
from pacta.quads.content import CLASSES
from pacta.quads.sheet import RDF_TYPE, node, pacta
from pacta.quads.source import mention_kind, web_address
from pacta.validation import Validator

TEXT = (
    "On Monday the Navy of Bensalem, citing pilots, said “two skiffs” fired on a pier some 8 km north of Port Lyra. "
    "Laputa denied it. The Red Valley Front said the Tidewater Accord – the Tidewater pact – obliges Laputa "
    "to leave the Outer Bank by June if paid, and that Laputa broke paragraph 3 of the pact."
)
K = "0a1b2c3d4e5f"
IRIS = Iris("https://example.org/data/")
ID = IRIS.base
BENSALEM, NAVY, LAPUTA = IRIS.actor("ben"), IRIS.actor("ben-navy"), IRIS.actor("lpt")
FRONT, PORT = IRIS.local_actor(K, "Red Valley Front"), IRIS.place("p-0009")
BANK, ACCORD = IRIS.local_place(K, "Outer Bank"), IRIS.local_agreement(K, "Tidewater Accord")
RUN = Run(version="0.1.0", parser_model="parser 1.0", knowledge_hash="f" * 64)
ZONE = timezone(timedelta(hours=3))
PREFIXES = f"""
PREFIX pacta: <https://w3id.org/pacta/ontology#>
PREFIX v: <https://w3id.org/pacta/vocab/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
BASE <{ID}>
"""


def at(words: str) -> Span:
    start = TEXT.index(words)
    return start, start + len(words)


def when(day: int, hour: int = 0) -> datetime:
    return datetime(2031, 3, day, hour, tzinfo=ZONE)


MONDAY = TimeMention(at("Monday"), when(3), when(4), "day")
JUNE = TimeMention(at("by June"), when(3), datetime(2031, 6, 1, tzinfo=ZONE), "days")
MOORING = LocationMention(
    at("some 8 km north of Port Lyra"), Mention(at("Port Lyra"), PORT, "Place"), 8.0, "north", approximate=True
)
FIRED = at("“two skiffs” fired on a pier")
FIRED_ID = f"{FIRED[0]}-{FIRED[1]}"
IT = at("it")
READING = at("the Tidewater Accord – the Tidewater pact – obliges Laputa to leave the Outer Bank by June if paid")
BREACH = at("that Laputa broke paragraph 3 of the pact")
CLAIM = f"{FIRED_ID}-asserts"

RECORD = Record(
    document=Document(
        key=K,
        sha256="a" * 64,
        byte_length=len(TEXT.encode()),
        text=TEXT,
        metadata=Metadata(id="item 7", url="https://example.net/news?id=7&q=a b<c>", language="en"),
        source_name="news.jsonl:1",
        pages=(0, 40),
    ),
    run=RUN,
    published="2031-03-05",
    published_inferred=True,
    title="Skiffs fire",
    outlet=IRIS.outlet("The Daily Planet"),
    mentions=(
        Mention(at("the Navy of Bensalem"), NAVY, "Organ", label="Navy"),
        Mention(at("Laputa"), LAPUTA, "State", "metonym"),
        Mention(at("the Tidewater Accord"), ACCORD, "Agreement"),
    ),
    attributions=(
        Attribution(
            CLAIM,
            content=(at("fired on a pier"), at("“two skiffs”")),
            source=(at("the Navy of Bensalem"),),
            cue=(at("said"),),
            speech_mode="mixed",
            narrator_stance="distanced",
            confidence=0.85,
        ),
        Attribution(f"{CLAIM}-relayed", content=(FIRED,), source=(at("pilots"),), cue=(at("citing"),)),
        Attribution(f"{IT[0]}-{IT[1]}-denies", content=(IT,), source=(at("Laputa"),), cue=(at("denied"),)),
        Attribution(f"{READING[0]}-{READING[1]}-asserts", content=(READING,), source=(at("The Red Valley Front"),)),
        Attribution(f"{READING[0]}-{READING[1]}-asserts", content=(READING,), cue=(at("said the"),)),
        Attribution(f"{BREACH[0]}-{BREACH[1]}-accuses", content=(BREACH,)),
    ),
    statements=(
        Statement(
            CLAIM,
            speaker=NAVY,
            force="asserts",
            proposition=f"{FIRED_ID}-incident",
            addressee=BENSALEM,
            said_during=MONDAY,
            relays=f"{CLAIM}-relayed",
            communique=1,
        ),
        Statement(f"{CLAIM}-relayed", speaker=FRONT, force="asserts", proposition=f"{FIRED_ID}-incident"),
        Statement(f"{IT[0]}-{IT[1]}-denies", LAPUTA, "denies", f"{FIRED_ID}-incident", responds_to=CLAIM),
        Statement(f"{READING[0]}-{READING[1]}-asserts", FRONT, "asserts", f"{READING[0]}-{READING[1]}-interpretation"),
        Statement(f"{BREACH[0]}-{BREACH[1]}-accuses", FRONT, "accuses", f"{BREACH[0]}-{BREACH[1]}-evaluation"),
    ),
    propositions=(
        Proposition(
            f"{FIRED_ID}-incident",
            kind="incident",
            span=FIRED,
            gloss="skiffs fired on a pier",
            incident=str(FIRED[0]),
            incident_kind="small-arms-fire",
            time=MONDAY,
            place=PORT,
            location=MOORING,
            participations=(
                Participation(LAPUTA, "perpetrator"),
                Participation(BENSALEM, "target"),
                Participation(NAVY, "target"),
            ),
            casualties=0,
            links=(Link(str(FIRED[0]), "same-incident", 0.5),),
        ),
        Proposition(
            f"{READING[0]}-{READING[1]}-interpretation",
            kind="interpretation",
            span=READING,
            gloss="Laputa must leave the bank",
            interprets=ACCORD,
            about=(LAPUTA,),
            obligations=(
                Obligation(
                    bearer=LAPUTA,
                    requires=("https://w3id.org/pacta/vocab/provision-topic/territory", "withdrawal-of-forces"),
                    scope=BANK,
                    scope_text="the Outer Bank",
                    counterparty=BENSALEM,
                    deadline=JUNE,
                    condition="if paid",
                ),
                Obligation(bearer=None, requires=("duration",)),
            ),
            links=(Link(f"{ACCORD}/clause/3", "topic-and-bearer", 0.7), Link(ACCORD, "whole-agreement", 1.0)),
        ),
        Proposition(
            f"{BREACH[0]}-{BREACH[1]}-evaluation",
            kind="evaluation",
            span=BREACH,
            gloss="Laputa broke the pact",
            incident=str(FIRED[0]),
            conduct="breach",
            against=f"{ACCORD}/clause/3",
            about=(LAPUTA,),
        ),
    ),
    incidents=(Incident(str(FIRED[0])),),
    communiques=(Communique(1, NAVY),),
    agreement_mentions=(
        AgreementMention(at("the Tidewater Accord"), ACCORD, "Tidewater Accord", None, None, None, "wording", 0.9),
        AgreementMention(
            at("paragraph 3 of the pact"),
            ACCORD,
            "Tidewater Accord",
            "3",
            "violates",
            FRONT,
            "explicit-number",
            0.9,
            f"{ACCORD}/clause/3",
            statement=f"{IT[0]}-{IT[1]}-denies",
            about=BENSALEM,
        ),
        AgreementMention(at("the Tidewater pact"), ACCORD, "Tidewater Accord", None, None, None, "wording", 0.6),
    ),
    entities=(
        LocalEntity(FRONT, "ArmedFormation", "Red Valley Front", span=at("The Red Valley Front")),
        LocalEntity(IRIS.actor("ben-pilots"), "Organ", "pilots", BENSALEM, "armed-forces", span=at("pilots")),
        LocalEntity(BANK, "Place", "Outer Bank"),
        LocalEntity(ACCORD, "Agreement", "Tidewater Accord", parties=(BENSALEM, LAPUTA)),
        LocalEntity(f"{ACCORD}/clause/3", "Clause", "Tidewater Accord, 3", part_of=ACCORD, number="3"),
    ),
)
QUADS = record_quads(RECORD, IRIS)


def store_of(quads: list[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


STORE = store_of(QUADS)


def ask(pattern: str, store: Store = STORE) -> bool:
    return bool(store.query(f"{PREFIXES} ASK {{ {pattern} }}", use_default_graph_as_union=True))


def values(pattern: str, store: Store = STORE) -> list[str]:
    rows: Any = store.query(f"{PREFIXES} SELECT ?x WHERE {{ {pattern} }}", use_default_graph_as_union=True)
    return sorted(str(row["x"].value).removeprefix(ID) for row in rows)


def holds(*facts: str) -> None:
    missing = [fact for fact in facts if not ask(fact)]
    assert not missing


# --- the whole --------------------------------------------------------------------------------------------------------
def test_the_sample_uses_every_field_of_the_model() -> None:
    seen: dict[type, set[str]] = {}

    def visit(value: object) -> None:
        if isinstance(value, tuple):
            for item in value:
                visit(item)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            for f in dataclasses.fields(value):
                inner = getattr(value, f.name)
                if inner not in (None, (), ""):
                    seen.setdefault(type(value), set()).add(f.name)
                visit(inner)

    visit(RECORD)
    unused = {
        (cls.__name__, f.name)
        for cls in vars(model).values()
        if isinstance(cls, type) and dataclasses.is_dataclass(cls)
        for f in dataclasses.fields(cls)
        if f.name not in seen.get(cls, set())
    }
    # What the record repeats from the metadata; talk that is no data; and a hash that has a test of its own.
    assert unused == {
        ("Metadata", "published"),
        ("Metadata", "outlet"),
        ("Metadata", "agreement_text"),
        ("Metadata", "title"),
        ("Record", "warnings"),
        ("Document", "text_sha256"),
    }


def test_sorted_unique_without_blank_nodes_and_the_same_again() -> None:
    lines = [str(quad) for quad in QUADS]
    assert lines == sorted(set(lines))
    assert not any(isinstance(term, BlankNode) for quad in QUADS for term in (quad.subject, quad.object))
    assert record_quads(RECORD, IRIS) == QUADS


def test_bytes_survive_a_store_and_a_file() -> None:
    assert sorted(map(str, STORE)) == [str(quad) for quad in QUADS]
    data = serialize(QUADS, format=RdfFormat.N_QUADS)
    assert data is not None
    assert sorted(map(str, parse(data, format=RdfFormat.N_QUADS))) == [str(quad) for quad in QUADS]


def test_two_graphs_and_the_text_only_in_its_own() -> None:
    graphs = {str(quad.graph_name) for quad in QUADS}
    assert graphs == {f"<{ID}graph/record/{K}-v0.1.0>", f"<{ID}graph/text/{K}>"}
    full = [q for q in QUADS if q.predicate.value.endswith("#fullText")]
    assert [str(q.graph_name) for q in full] == [f"<{ID}graph/text/{K}>"]
    assert full[0].object == Literal(TEXT)
    assert sum(str(q.graph_name) == f"<{ID}graph/text/{K}>" for q in QUADS) == 1


def test_every_object_of_the_record_is_described_or_from_outside() -> None:
    prefixes = ("capture", "attribution", "statement", "proposition", "participation", "incident", "obligation")
    own = tuple(f"{ID}{kind}/{K}" for kind in (*prefixes, "link", "time", "location", "communique", "name"))
    subjects = {str(q.subject) for q in QUADS}
    dangling = {str(q.object) for q in QUADS if str(q.object).startswith(tuple(f"<{o}" for o in own))} - subjects
    assert not dangling


def test_every_quote_is_the_exact_slice() -> None:
    rows: Any = STORE.query(
        f"{PREFIXES} SELECT ?s ?a ?b ?q {{ ?s pacta:charStart ?a; pacta:charEnd ?b; pacta:quote ?q }}",
        use_default_graph_as_union=True,
    )
    spans = [(row["s"].value, int(row["a"].value), int(row["b"].value), row["q"]) for row in rows]
    assert len(spans) > 15
    for iri, start, end, quote in spans:
        assert iri == f"{ID}capture/{K}#char={start},{end}"
        assert quote == Literal(TEXT[start:end], language="en")


def test_the_sample_conforms_to_the_shapes() -> None:
    reading = dataclasses.replace(RECORD.propositions[1], obligations=RECORD.propositions[1].obligations[:1])
    propositions = (RECORD.propositions[0], reading, RECORD.propositions[2])
    quads = record_quads(dataclasses.replace(RECORD, propositions=propositions), IRIS)
    outside = {BENSALEM: "State", NAVY: "Organ", LAPUTA: "State", PORT: "Place", RECORD.outlet or "": "MediaOutlet"}
    context = run_quads(RUN, IRIS) + [Quad(node(iri), RDF_TYPE, pacta(name)) for iri, name in outside.items()]
    report = Validator().validate_record([q for q in quads if q.graph_name != node(IRIS.text_graph(K))], context)
    assert report.conforms, report.to_text()


# --- source -----------------------------------------------------------------------------------------------------------
def test_document_capture_and_record() -> None:
    holds(
        f'<document/{K}> a pacta:Document; dcterms:title "Skiffs fire"@en; dcterms:language "en"; '
        f'dcterms:identifier "item 7"; dcterms:source <https://example.net/news?id=7&q=a%20b%3Cc%3E>; '
        f'pacta:outlet <actor/o-the-daily-planet>; pacta:published "2031-03-05"^^xsd:date; '
        f"pacta:publishedInferred true",
        f'<capture/{K}> a pacta:Capture; pacta:captureOf <document/{K}>; pacta:sha256 "{"a" * 64}"; '
        f"pacta:byteLength {len(TEXT.encode())}; pacta:charLength {len(TEXT)}; "
        f'pacta:textSha256 "{sha256(TEXT.encode()).hexdigest()}"',
        f"<graph/record/{K}-v0.1.0> a pacta:Record; prov:wasDerivedFrom <capture/{K}>; "
        f"prov:wasGeneratedBy <{IRIS.run('0.1.0', 'parser 1.0', 'f' * 64)}>",
    )


def test_run_says_what_made_it_and_no_clock_time() -> None:
    quads = run_quads(RUN, IRIS)
    assert {str(quad.graph_name) for quad in quads} == {f"<{ID}graph/provenance>"}
    run = IRIS.run("0.1.0", "parser 1.0", "f" * 64)
    assert len(quads) == 4
    assert ask(
        f'<{run}> a pacta:ConversionRun; pacta:converterVersion "0.1.0"; pacta:parserModel "parser 1.0"; '
        f'pacta:knowledgeHash "{"f" * 64}"',
        store_of(quads),
    )


def test_mentions_of_actors_agreements_clauses_and_local_entities() -> None:
    def mention(words: str, entity: str, kind: str) -> str:
        start, end = at(words)
        return (
            f"<capture/{K}#char={start},{end}> a pacta:TextSpan, pacta:Mention; pacta:denotes <{entity}>; "
            f"pacta:mentionKind <https://w3id.org/pacta/vocab/mention-kind/{kind}>"
        )

    holds(
        mention("the Navy of Bensalem", NAVY, "name"),
        mention("Laputa", LAPUTA, "metonym"),
        mention("the Tidewater Accord", ACCORD, "name"),
        mention("the Tidewater pact", ACCORD, "nominal"),
        mention("paragraph 3 of the pact", f"{ACCORD}/clause/3", "name"),
        mention("The Red Valley Front", FRONT, "name"),
        mention("pilots", IRIS.actor("ben-pilots"), "nominal"),
    )
    start, end = at("the Tidewater Accord")
    assert len(values(f"<capture/{K}#char={start},{end}> pacta:mentionKind ?x")) == 1


def test_a_span_that_refers_to_two_things_is_of_one_kind() -> None:
    span = at("Laputa")
    pair = (Mention(span, LAPUTA, "State", "metonym"), Mention(span, IRIS.actor("lpt-gov"), "Organ", "name"))
    store = store_of(record_quads(dataclasses.replace(RECORD, mentions=pair), IRIS))
    mention = f"<capture/{K}#char={span[0]},{span[1]}>"
    assert values(f"{mention} pacta:denotes ?x", store) == ["actor/lpt", "actor/lpt-gov"]
    assert values(f"{mention} pacta:mentionKind ?x", store) == ["https://w3id.org/pacta/vocab/mention-kind/metonym"]


def test_a_document_that_says_little_gives_little() -> None:
    document = dataclasses.replace(RECORD.document, metadata=Metadata(), text_sha256="b" * 64)
    bare = Record(document, RUN, published=None, published_inferred=False, title=None, outlet=None)
    store = store_of(record_quads(bare, IRIS))
    assert values(f"<document/{K}> ?p ?x", store) == ["en", "https://w3id.org/pacta/ontology#Document"]
    assert ask(f'<capture/{K}> pacta:textSha256 "{"b" * 64}"', store)


@pytest.mark.parametrize(
    ("published", "literal"),
    [
        ("2031-03-05", '"2031-03-05"^^xsd:date'),
        ("2031-03-05T09:30:00+03:00", '"2031-03-05T09:30:00+03:00"^^xsd:dateTime'),
        ("2031-03-05T09:30:00Z", '"2031-03-05T09:30:00Z"^^xsd:dateTime'),
    ],
)
def test_publication_is_a_day_or_a_moment(published: str, literal: str) -> None:
    store = store_of(record_quads(dataclasses.replace(RECORD, published=published), IRIS))
    assert ask(f"<document/{K}> pacta:published {literal}", store)


def test_a_moment_needs_its_offset() -> None:
    with pytest.raises(ValueError, match="no UTC offset"):
        record_quads(dataclasses.replace(RECORD, published="2031-03-05T09:30:00"), IRIS)


def test_an_odd_language_becomes_undetermined() -> None:
    document = dataclasses.replace(RECORD.document, metadata=Metadata(language='en"@x <y>'))
    store = store_of(record_quads(dataclasses.replace(RECORD, document=document), IRIS))
    assert ask(f'<document/{K}> dcterms:language "und"; dcterms:title "Skiffs fire"@und', store)


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "file:///etc/passwd", "example.org", "http:///x"])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert web_address(url) is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [("the agreement", "nominal"), ("the March 4 statement", "name"), ("Treaty of Oz", "name"), (" ", "nominal")],
)
def test_mention_kind(words: str, kind: str) -> None:
    assert mention_kind(words) == kind


@pytest.mark.parametrize("span", [(5, 5), (9, 3), (-1, 4), (0, len(TEXT) + 1)])
def test_a_span_outside_the_text_is_refused(span: Span) -> None:
    broken = dataclasses.replace(RECORD, mentions=(Mention(span, NAVY, "Organ"),))
    with pytest.raises(ValueError, match="is empty or leaves"):
        record_quads(broken, IRIS)


# --- discourse --------------------------------------------------------------------------------------------------------
def test_statements_take_one_stance_each() -> None:
    start, end = at("Monday")
    holds(
        f"<statement/{K}-{CLAIM}> a pacta:Statement; pacta:speaker <{NAVY}>; pacta:addressee <{BENSALEM}>; "
        f"pacta:asserts <proposition/{K}-{FIRED_ID}-incident>; pacta:saidDuring <time/{K}-{start}-{end}>; "
        f"pacta:relays <statement/{K}-{CLAIM}-relayed>; pacta:partOfCommunique <communique/{K}-1>; "
        f"pacta:inRecord <graph/record/{K}-v0.1.0>",
        f"<statement/{K}-{IT[0]}-{IT[1]}-denies> pacta:denies <proposition/{K}-{FIRED_ID}-incident>; "
        f"pacta:respondsTo <statement/{K}-{CLAIM}>",
        f"<communique/{K}-1> a pacta:Communique; pacta:issuedBy <{NAVY}>; pacta:inRecord <graph/record/{K}-v0.1.0>",
    )
    for statement in RECORD.statements:
        iri = IRIS.statement(K, statement.id)
        assert len(values(f"<{iri}> ?p ?x . FILTER(STRSTARTS(STR(?x), '{ID}proposition/'))")) == 1


def test_attributions_with_broken_content() -> None:
    skiffs, fired = at("“two skiffs”"), at("fired on a pier")
    holds(
        f"<attribution/{K}-{CLAIM}> a pacta:Attribution; pacta:attributes <statement/{K}-{CLAIM}>; "
        f"pacta:inDocument <document/{K}>; "
        f"pacta:contentSpan <capture/{K}#char={skiffs[0]},{skiffs[1]}>, <capture/{K}#char={fired[0]},{fired[1]}>; "
        f'pacta:contentQuote "“two skiffs” … fired on a pier"@en; '
        f"pacta:sourceSpan ?source; pacta:cueSpan ?cue; pacta:confidence 0.85; "
        f"pacta:speechMode <https://w3id.org/pacta/vocab/speech-mode/mixed>; "
        f"pacta:narratorStance <https://w3id.org/pacta/vocab/narrator-stance/distanced>; "
        f"pacta:inRecord <graph/record/{K}-v0.1.0> . ?source pacta:quote 'the Navy of Bensalem'@en . "
        f"?cue pacta:quote 'said'@en",
        f"<attribution/{K}-{CLAIM}-relayed> pacta:attributes <statement/{K}-{CLAIM}-relayed>; pacta:confidence 1.0",
    )


def test_a_statement_may_be_attributed_twice_over_the_same_words() -> None:
    iri = f"{K}-{READING[0]}-{READING[1]}-asserts"
    assert values(f"?x pacta:attributes <statement/{iri}>") == [f"attribution/{iri}", f"attribution/{iri}-2"]


# --- content ----------------------------------------------------------------------------------------------------------
def test_incident_account() -> None:
    start, end = MOORING.span
    day = at("Monday")
    holds(
        f"<proposition/{K}-{FIRED_ID}-incident> a pacta:IncidentAccount; pacta:gloss 'skiffs fired on a pier'@en; "
        f"pacta:accountOf <incident/{K}-{FIRED[0]}>; pacta:casualties 0; "
        f"pacta:incidentKind <https://w3id.org/pacta/vocab/incident-kind/small-arms-fire>; "
        f"pacta:occurredDuring <time/{K}-{day[0]}-{day[1]}>; "
        f"pacta:occurredAt <{PORT}>, <location/{K}-{start}-{end}>; pacta:inRecord <graph/record/{K}-v0.1.0>; "
        f"pacta:participation <participation/{K}-{FIRED_ID}-perpetrator-0>, "
        f"<participation/{K}-{FIRED_ID}-target-0>, <participation/{K}-{FIRED_ID}-target-1>",
        f"<participation/{K}-{FIRED_ID}-target-1> a pacta:Participation; pacta:participant <{NAVY}>; "
        f"pacta:role <https://w3id.org/pacta/vocab/participation-role/target>",
    )
    assert values(f"<incident/{K}-{FIRED[0]}> ?p ?x") == [
        f"graph/record/{K}-v0.1.0",
        "https://w3id.org/pacta/ontology#Incident",
    ]


def test_time_is_one_node_for_one_span() -> None:
    start, end = at("Monday")
    holds(
        f'<time/{K}-{start}-{end}> a pacta:TimeExtent; pacta:notBefore "2031-03-03T00:00:00+03:00"^^xsd:dateTime; '
        f'pacta:notAfter "2031-03-04T00:00:00+03:00"^^xsd:dateTime; '
        f"pacta:granularity <https://w3id.org/pacta/vocab/granularity/day>; "
        f"pacta:anchorSpan <capture/{K}#char={start},{end}>"
    )
    assert len(values("?x a pacta:TimeExtent")) == 2
    wider = TimeMention(MONDAY.span, when(2), when(4), "days")
    first = dataclasses.replace(RECORD.statements[0], said_during=wider)
    store = store_of(record_quads(dataclasses.replace(RECORD, statements=(first, *RECORD.statements[1:])), IRIS))
    assert values(f"<time/{K}-{start}-{end}> pacta:notBefore ?x", store) == ["2031-03-02T00:00:00+03:00"]
    assert values(f"<time/{K}-{start}-{end}> pacta:granularity ?x", store) == [
        "https://w3id.org/pacta/vocab/granularity/days"
    ]


def test_relative_location() -> None:
    start, end = MOORING.span
    holds(
        f"<location/{K}-{start}-{end}> a pacta:RelativeLocation; pacta:anchorPlace <{PORT}>; "
        f"pacta:distanceKm 8.0; pacta:bearing <https://w3id.org/pacta/vocab/bearing/north>; "
        f"pacta:approximate true; pacta:anchorSpan <capture/{K}#char={start},{end}>"
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_each_kind_of_proposition_has_its_class(kind: str) -> None:
    proposition = Proposition(f"0-2-{kind}", kind, (0, 2), "plain words", about=(LAPUTA, PORT))
    store = store_of(record_quads(dataclasses.replace(RECORD, propositions=(proposition,)), IRIS))
    assert ask(f"<proposition/{K}-0-2-{kind}> a pacta:{CLASSES[kind]}; pacta:about <{LAPUTA}>, <{PORT}>", store)


def test_evaluation_is_of_an_incident_and_against_a_clause() -> None:
    holds(
        f"<proposition/{K}-{BREACH[0]}-{BREACH[1]}-evaluation> a pacta:Evaluation; pacta:about <{LAPUTA}>; "
        f"pacta:conduct <https://w3id.org/pacta/vocab/conduct/breach>; pacta:evaluates <incident/{K}-{FIRED[0]}>; "
        f"pacta:againstProvision <{ACCORD}/clause/3>"
    )


# --- agreements -------------------------------------------------------------------------------------------------------
def test_reading_with_obligations_and_links() -> None:
    here, june = f"{K}-{READING[0]}-{READING[1]}", at("by June")
    run = IRIS.run("0.1.0", "parser 1.0", "f" * 64)
    topic = "https://w3id.org/pacta/vocab/provision-topic/"
    holds(
        f"<proposition/{here}-interpretation> a pacta:Interpretation; pacta:interprets <{ACCORD}>",
        f"<obligation/{here}-0> a pacta:Obligation; pacta:underReading <proposition/{here}-interpretation>; "
        f"pacta:bearer <{LAPUTA}>; pacta:counterparty <{BENSALEM}>; pacta:territorialScope <{BANK}>; "
        f"pacta:requires <{topic}territory>, <{topic}withdrawal-of-forces>; "
        f"pacta:scopeText 'the Outer Bank'@en; pacta:condition 'if paid'@en; "
        f"pacta:deadline <time/{K}-{june[0]}-{june[1]}>",
        f"<obligation/{here}-1> pacta:requires <{topic}duration>",
        f"<link/{here}-0> a pacta:Link; pacta:linksFrom <proposition/{here}-interpretation>; "
        f"pacta:linksTo <{ACCORD}/clause/3>; pacta:confidence 0.7; pacta:linkAuthor <{run}>; "
        f"pacta:linkMethod <https://w3id.org/pacta/vocab/link-method/topic-and-bearer>",
        f"<link/{here}-1> pacta:linksTo <{ACCORD}>; pacta:confidence 1.0",
        f"<link/{K}-{FIRED_ID}-0> pacta:linksTo <incident/{K}-{FIRED[0]}>",
    )


def test_two_propositions_over_the_same_words_share_no_link() -> None:
    links = (Link(ACCORD, "whole-agreement", 0.5),)
    pair = tuple(Proposition(f"0-2-{kind}", kind, (0, 2), "x", links=links) for kind in ("evaluation", "undertaking"))
    store = store_of(record_quads(dataclasses.replace(RECORD, propositions=pair), IRIS))
    assert values(f"?x pacta:linksTo <{ACCORD}>", store) == [f"link/{K}-0-2-0", f"link/{K}-0-2-1"]


# --- actors -----------------------------------------------------------------------------------------------------------
def test_local_entities() -> None:
    holds(
        f"<{FRONT}> a pacta:ArmedFormation; rdfs:label 'Red Valley Front'@en; pacta:name ?n . "
        f"?n a pacta:Name; pacta:nameForm 'Red Valley Front'@en; "
        f"pacta:nameKind <https://w3id.org/pacta/vocab/name-kind/short>",
        f"<actor/ben-pilots> a pacta:Organ; pacta:organOf <{BENSALEM}>; "
        f"pacta:organFunction <https://w3id.org/pacta/vocab/organ-function/armed-forces>; "
        f"pacta:name <name/ben-pilots-en-pilots> . "
        f"<name/ben-pilots-en-pilots> pacta:nameKind <https://w3id.org/pacta/vocab/name-kind/description>",
        f"<{ACCORD}> a pacta:Agreement; pacta:party <{BENSALEM}>, <{LAPUTA}>",
        f"<{BANK}> a pacta:Place",
        f"<{ACCORD}/clause/3> a pacta:Clause; rdfs:label 'Tidewater Accord, 3'@en; pacta:clauseOf <{ACCORD}>; "
        f"pacta:clauseNumber '3'",
    )
    assert values(f"<{ACCORD}/clause/3> pacta:name ?x") == []
