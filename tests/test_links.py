"""Links to clauses: by number, by topic, bearer, place, wording and name; ranked; the whole where nothing fits."""

from dataclasses import replace

import pytest

from pacta.claims import links as linking
from pacta.claims.links import choose, clause_numbered, links, rank
from pacta.model import Obligation
from pacta.vocabulary import ID_BASE, VOCAB
from pages import annotated, read

AGREEMENT = ID_BASE + "agreement/arm-aze-rus-2020-11"
PUBLISHED = "2021-05-10"


def topic(name):
    return f"{VOCAB}provision-topic/{name}"


def actor(name):
    return f"{ID_BASE}actor/{name}"


@pytest.fixture(scope="module")
def setting(converter):
    reading = read(converter, "Armenia and Azerbaijan differ over the trilateral statement.", published=PUBLISHED)
    return reading, converter.reference.agreements[AGREEMENT]


def ranked(setting, *duties, facts=None):
    reading, stock = setting
    return rank(reading.page, reading.resolver, facts or stock, (), duties)


def told(converter, setting, text, bearer=None):
    """The ranking for a text of its own."""
    reading, facts = setting
    page = annotated(converter, text, published=PUBLISHED)
    return rank(page, reading.resolver, facts, page.tokens, (), bearer)


# --- signals ----------------------------------------------------------------------------------------------------------
def test_the_bearer_adds_to_a_topic(setting):
    prisoners = ranked(setting, Obligation(actor("aze"), (topic("prisoners-and-detainees"),)))
    assert [r.clause.number for r in prisoners] == ["8"]
    mine = ranked(setting, Obligation(actor("arm"), (topic("withdrawal-of-forces"),)))
    others = ranked(setting, Obligation(actor("kenya"), (topic("withdrawal-of-forces"),)))
    assert mine[0].clause.number == others[0].clause.number == "4"
    assert mine[0].score > others[0].score


def test_a_topic_that_many_clauses_share_weighs_less(setting):
    assert {r.clause.number for r in ranked(setting, Obligation(None, (topic("ceasefire"),)))} == {"1", "5"}
    both = ranked(setting, Obligation(None, (topic("monitoring"), topic("ceasefire"))))
    assert [r.clause.number for r in both] == ["5", "1"]


def test_nothing_to_go_by_ranks_nothing(setting):
    assert ranked(setting) == []
    assert ranked(setting, Obligation(actor("arm"), ())) == []
    assert ranked(setting, Obligation(actor("arm"), (topic("fisheries"),))) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Armenia has not withdrawn its forces.", "4"),
        ("Azerbaijan holds prisoners of war and hostages.", "8"),
        ("No refugees or displaced persons returned.", "7"),
        ("Armenia refuses to unblock the transport links.", "9"),
        ("Traffic along the Lachin corridor is stopped.", "6"),
        ("A Zangezur corridor was nowhere agreed.", "9"),
        ("The Lachin road is closed to cargo.", "6"),
        ("Aghdam district was not handed over.", "2"),
    ],
)
def test_what_a_content_is_about_finds_the_clause(converter, setting, text, number):
    best = choose(told(converter, setting, text))
    assert best is not None
    assert best.clause.number == number
    assert best.method in ("topic-and-bearer", "wording")


@pytest.mark.parametrize("text", ["It rained.", "Armenia welcomed the talks.", "The trilateral statement holds."])
def test_what_is_about_nothing_in_it_finds_none(converter, setting, text):
    assert choose(told(converter, setting, text)) is None


def test_a_name_of_a_clause_outweighs_its_topic(converter, setting):
    """Both sentences speak of a corridor; only one of the two is what clause 9 is about."""
    alone, named = "The corridor stays open.", "The Zangezur corridor stays open. The corridor is ours."
    assert [choose(told(converter, setting, text)).clause.number for text in (alone, named)] == ["6", "9"]


# --- choosing ---------------------------------------------------------------------------------------------------------
def test_a_tie_goes_to_the_whole_agreement(setting):
    reading, facts = setting
    one = next(c for c in facts.clauses if c.number == "8")
    twin = replace(one, iri=one.iri + "-twin", number="88")
    tied = replace(facts, clauses=(one, twin))
    duty = Obligation(actor("arm"), (topic("prisoners-and-detainees"),))
    first, second = ranked(setting, duty, facts=tied)
    assert first.score == second.score
    assert choose((first, second)) is None
    page = replace(reading.page, reference=replace(reading.page.reference, agreements={AGREEMENT: tied}))
    (ref,) = reading.refs
    (whole,) = links(page, reading.resolver, ref, [], (), (duty,))
    assert (whole.target, whole.method) == (AGREEMENT, "whole-agreement")
    assert [x.target for x in links(page, reading.resolver, ref, ["88"], (), (duty,))] == [twin.iri]


def test_a_clause_and_a_part_of_it_are_no_rivals(setting):
    _, facts = setting
    one = next(c for c in facts.clauses if c.number == "8")
    part = replace(one, iri=one.iri + ".1", number="8.1", above=one.iri)
    duty = Obligation(None, (topic("prisoners-and-detainees"),))
    both = ranked(setting, duty, facts=replace(facts, clauses=(one, part)))
    assert choose(both) is both[0]


def test_confidence_grows_with_the_score_and_stays_below_an_explicit_number(setting):
    best = ranked(setting, Obligation(actor("arm"), (topic("withdrawal-of-forces"),)))[0]
    weak = replace(best, score=linking.THRESHOLD)
    assert 0.5 < linking.confidence(weak, 0.5) < linking.confidence(best, 0.5) < linking.confidence(best, 1.0) < 0.95


# --- numbers ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "found"), [("4", "4"), ("6(2)", "6"), ("6.2.a", "6"), ("44", None), ("Annex 1", None)]
)
def test_a_number_leads_to_a_clause_or_the_one_above(setting, number, found):
    clause = clause_numbered(setting[1], number)
    assert (clause.number if clause else None) == found


def test_a_clause_that_the_stock_leaves_out_is_described_and_one_beyond_is_none(setting):
    reading, facts = setting
    short = replace(facts, clauses=tuple(c for c in facts.clauses if c.number != "3"))
    page = replace(reading.page, reference=replace(reading.page.reference, agreements={AGREEMENT: short}))
    (ref,) = reading.refs
    iri, number = linking.part_named(page, reading.resolver, ref, "3")
    assert (iri, number) == (f"{AGREEMENT}/clause/3", "3")
    assert reading.resolver.local[iri].part_of == AGREEMENT
    assert linking.part_named(page, reading.resolver, ref, "30") is None
