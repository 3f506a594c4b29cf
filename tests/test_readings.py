"""Readings of agreements: what is required, of whom, where; and which clause that is, and how sure."""

from dataclasses import replace

import pytest

from pacta.claims.readings import links, rank, topics_of
from pacta.model import Obligation
from pacta.vocabulary import ID_BASE, VOCAB
from pages import annotated, local, read

AGREEMENT = ID_BASE + "agreement/arm-aze-rus-2020-11"
PUBLISHED = "2021-05-10"


def topic(name):
    return f"{VOCAB}provision-topic/{name}"


def actor(name):
    return f"{ID_BASE}actor/{name}"


# --- readings ---------------------------------------------------------------------------------------------------------
READINGS = {
    "calls for": (
        "Ethiopia said that the Khartoum Declaration calls for the release of all prisoners.",
        (None, {"prisoners-and-detainees"}),
    ),
    "whose withdrawal": (
        "Serbia said that the Brussels Agreement calls for Kosovo's withdrawal from Mitrovica.",
        ("Kosovo", {"withdrawal-of-forces"}),
    ),
    "withdrawal of whose": (
        "Serbia said that the Brussels Agreement requires the withdrawal of Kosovo police.",
        ("Kosovo", {"withdrawal-of-forces"}),
    ),
    "a clause": (
        "Ethiopia said that the Khartoum Declaration requires that Sudan release all prisoners.",
        ("Sudan", {"prisoners-and-detainees"}),
    ),
    "under": (
        "Ethiopia said that under the Khartoum Declaration Sudan must release all prisoners.",
        ("Sudan", {"prisoners-and-detainees"}),
    ),
    "allows": (
        "Iran said that the nuclear deal allows Iran to enrich uranium.",
        ("Iran", {"enrichment-limits"}),
    ),
}


@pytest.mark.parametrize(("text", "wanted"), READINGS.values(), ids=READINGS)
def test_a_reading_and_its_duty(converter, text, wanted):
    proposition = read(converter, text).proposition(0)
    assert proposition.kind == "interpretation"
    bearer, topics = wanted
    assert {local(t) for o in proposition.obligations for t in o.requires} == (topics if bearer else set())
    assert [o.bearer is not None for o in proposition.obligations] == [True] * (bearer is not None)
    reading = read(converter, text)
    assert [reading.label(o.bearer) for o in reading.proposition(0).obligations] == ([bearer] if bearer else [])


NO_READING = [
    "Ethiopia said that the Khartoum Declaration was signed in spring.",
    "Ethiopia said that Sudan must release all prisoners.",
    "Ethiopia said that the crisis calls for calm.",
    "Under the Khartoum Declaration prisoners went home, Ethiopia said.",
]


@pytest.mark.parametrize("text", NO_READING)
def test_no_reading(converter, text):
    assert read(converter, text).proposition(0).kind != "interpretation"


def test_scope_in_words_and_place(converter):
    text = "Azerbaijan said that under the trilateral statement Armenia must withdraw its troops from Nagorno-Karabakh."
    (duty,) = read(converter, text, published=PUBLISHED).proposition(0).obligations
    assert (local(duty.bearer), duty.requires) == ("arm", (topic("withdrawal-of-forces"),))
    assert (local(duty.scope), duty.scope_text) == ("p-0001", "from Nagorno-Karabakh")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("the withdrawal of troops", ["withdrawal-of-forces"]),
        ("They withdraw.", ["withdrawal-of-forces"]),
        ("the exchange of prisoners and refugees", ["prisoners-and-detainees", "displaced-persons"]),
        ("a river of gold", ["water-shares"]),
        ("nothing here", []),
    ],
)
def test_topics(converter, text, wanted):
    page = annotated(converter, text)
    assert [local(t) for t in topics_of(page, page.tokens)] == wanted


# --- links ------------------------------------------------------------------------------------------------------------
LINKS = {
    "an explicit number": (
        "Azerbaijan said that clause 8 of the trilateral statement requires the withdrawal of Armenian troops.",
        ("8", "explicit-number"),
    ),
    "topic and bearer": (
        "Azerbaijan said that the trilateral statement requires the withdrawal of Armenian troops.",
        ("4", "topic-and-bearer"),
    ),
    "a number that is no clause": (
        "Azerbaijan said that clause 44 of the trilateral statement requires the withdrawal of Armenian troops.",
        ("4", "topic-and-bearer"),
    ),
    "no known topic": (
        "Azerbaijan said that the trilateral statement requires Armenia to build schools.",
        (AGREEMENT.rpartition("/")[2], "whole-agreement"),
    ),
}


@pytest.mark.parametrize(("text", "wanted"), LINKS.values(), ids=LINKS)
def test_a_reading_is_linked(converter, text, wanted):
    (link,) = read(converter, text, published=PUBLISHED).proposition(0).links
    assert (local(link.target), link.method) == wanted
    assert 0 < link.confidence < 1


def test_a_number_is_surer_than_a_topic_and_that_than_the_whole(converter):
    kinds = ("an explicit number", "topic and bearer", "no known topic")
    found = [read(converter, LINKS[k][0], published=PUBLISHED).proposition(0).links[0].confidence for k in kinds]
    assert found == sorted(found, reverse=True)


def test_parts_of_an_agreement_of_ones_own(converter):
    reading = read(
        converter, "Ethiopia said that Article 2 of the Khartoum Declaration requires the release of all prisoners."
    )
    (link,) = reading.proposition(0).links
    clause = reading.resolver.local[link.target]
    assert (clause.type, clause.number, link.method) == ("Clause", "2", "explicit-number")
    assert reading.label(clause.part_of) == "Khartoum Declaration"


@pytest.fixture(scope="module")
def setting(converter):
    reading = read(converter, "Armenia and Azerbaijan differ over the trilateral statement.", published=PUBLISHED)
    return reading, converter.reference.agreements[AGREEMENT]


def test_the_bearer_decides_between_clauses_that_share_a_topic(setting):
    reading, facts = setting
    ranked = rank(reading.resolver, facts, (Obligation(actor("aze"), (topic("prisoners-and-detainees"),)),))
    assert [c.number for _, c in ranked] == ["8"]
    with_bearer = rank(reading.resolver, facts, (Obligation(actor("arm"), (topic("withdrawal-of-forces"),)),))
    without = rank(reading.resolver, facts, (Obligation(actor("kenya"), (topic("withdrawal-of-forces"),)),))
    assert with_bearer[0][1].number == without[0][1].number == "4"
    assert with_bearer[0][0] > without[0][0]


def test_a_topic_that_many_clauses_share_weighs_less(setting):
    reading, facts = setting
    rare = rank(reading.resolver, facts, (Obligation(None, (topic("monitoring"),)),))
    shared = rank(reading.resolver, facts, (Obligation(None, (topic("ceasefire"),)),))
    assert rare[0][0] > shared[0][0]
    assert {c.number for _, c in shared} == {"1", "5"}


def test_nothing_to_go_by_ranks_nothing(setting):
    reading, facts = setting
    assert rank(reading.resolver, facts, ()) == []
    assert rank(reading.resolver, facts, (Obligation(actor("arm"), ()),)) == []
    assert rank(reading.resolver, facts, (Obligation(actor("arm"), (topic("fisheries"),)),)) == []


def test_a_tie_goes_to_the_whole_agreement(setting):
    reading, facts = setting
    one = next(c for c in facts.clauses if c.number == "8")
    twin = replace(one, iri=one.iri + "-twin", number="88")
    tied = replace(facts, clauses=(one, twin))
    duty = Obligation(actor("arm"), (topic("prisoners-and-detainees"),))
    scores = [s for s, _ in rank(reading.resolver, tied, (duty,))]
    assert scores[0] == scores[1]
    page = replace(reading.page, reference=replace(reading.page.reference, agreements={AGREEMENT: tied}))
    (ref,) = reading.refs
    assert [(x.target, x.method) for x in links(page, reading.resolver, ref, (duty,), [])] == [
        (AGREEMENT, "whole-agreement")
    ]
    assert [x.target for x in links(page, reading.resolver, ref, (duty,), ["88"])] == [twin.iri]
