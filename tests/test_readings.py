"""Readings of agreements: what is required, of whom, where; and which clause that is, and how sure."""

import pytest

from pacta.claims.topics import topics_of
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
