"""Around a trigger word: the agent, the receiving end, the time and the place."""

import pytest

from pacta.claims import participants
from pacta.statements.coreference import Resolver
from pages import annotated, local, token


def around(converter, text, word):
    page = annotated(converter, text)
    return page, Resolver(page), token(page, word)


@pytest.mark.parametrize(
    ("text", "word", "wanted"),
    [
        ("Kenya attacked a post.", "attacked", "ken"),
        ("Kenyan troops attacked a post.", "attacked", "ken-af"),
        ("The post was attacked by Kenyan troops.", "attacked", "ken-af"),
        ("The post was attacked.", "attacked", None),
        ("The attack by Kenya failed.", "attack", "ken"),
        ("The Kenyan attack failed.", "attack", "ken"),
        ("Kenya's attack failed.", "attack", "ken"),
        ("The Kenyan drone attack failed.", "attack", "ken"),
        ("Kenya launched an attack.", "attack", "ken"),
        ("An attack failed.", "attack", None),
        ("Kenya wanted to attack a post.", "attack", "ken"),
    ],
)
def test_perpetrator(converter, text, word, wanted):
    page, resolver, trigger = around(converter, text, word)
    found = participants.perpetrator(page, resolver, trigger, None, list(page.tokens))
    assert local(found) == wanted


@pytest.mark.parametrize(
    ("text", "word", "wanted"),
    [
        ("Kenya attacked Ugandan police.", "attacked", "uga-pol"),
        ("Ugandan police were attacked by Kenya.", "attacked", "uga-pol"),
        ("Kenya fired at Ugandan positions.", "fired", "uga"),
        ("The attack on Ugandan positions failed.", "attack", "uga"),
        ("Kenya launched an attack against Uganda.", "launched", "uga"),
        ("Kenya attacked a post.", "attacked", None),
        ("Kenya fired in Uganda.", "fired", None),
    ],
)
def test_target(converter, text, word, wanted):
    page, resolver, trigger = around(converter, text, word)
    assert local(participants.target(page, resolver, trigger)) == wanted


def test_what_belongs_to_the_deed_is_no_target(converter):
    page, resolver, trigger = around(converter, "Kenya deployed Ugandan troops.", "deployed")
    assert participants.target(page, resolver, trigger, frozenset({"troop", "troops"})) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It fell on May 3, 2024.", "May 3, 2024"),
        ("It fell in March 2024, on March 3.", "March 3"),
        ("It fell.", None),
    ],
)
def test_the_finest_time_counts(converter, text, wanted):
    page = annotated(converter, text)
    found = participants.when(page, ((0, len(text)),))
    assert (text[slice(*found.span)].removeprefix("on ") if found else None) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It fell in Kampala.", "uga-kampala"),
        ("It fell north of the river.", None),
        ("Kampala answered.", None),
        ("Kenya fell.", None),
    ],
)
def test_where(converter, text, wanted):
    page = annotated(converter, text)
    place, location = participants.where(page, ((0, len(text)),))
    assert (local(place), location) == (wanted, None)


def test_a_distance_comes_before_a_place(converter):
    text = "It fell about 30 kilometers north of Kampala."
    place, location = participants.where(annotated(converter, text), ((0, len(text)),))
    assert place is None
    assert location.distance_km == 30.0


def test_only_what_the_spans_hold_counts(converter):
    text = "It fell in Kampala on May 3."
    page = annotated(converter, text)
    assert participants.where(page, ((0, 5),)) == (None, None)
    assert participants.when(page, ((0, 5),)) is None


def test_a_group_without_a_name_can_be_charged(converter):
    page, resolver, head = around(converter, "Kenya accused the militia of burning a village.", "militia")
    charged = participants.charged_actor(page, resolver, head)
    assert resolver.label(charged) == "militia"
