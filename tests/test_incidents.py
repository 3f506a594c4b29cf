"""Accounts of incidents: which deed, who did it to whom, where and when, how many were hurt, and the same one again."""

import pytest

from pacta.claims.incidents import _number
from pages import local, read

KINDS = {
    "Chad said that Kenyan troops had shelled a village.": "shelling",
    "Chad said that Kenyan gunmen ambushed a patrol.": "ambush",
    "Chad said that Kenyan troops had attacked a village.": "assault",
    "Chad said that Kenyan troops attacked a village with drones.": "drone-strike",
    "Chad said that Kenyan drone strikes hit a village.": "drone-strike",
    "Chad said that Kenyan troops opened fire on a patrol.": "small-arms-fire",
    "Chad said that Kenyan troops crossed the border.": "incursion",
    "Chad said that Kenya had deployed troops in the north.": "troop-deployment",
    "Chad said that Kenya had closed the border.": "border-closure",
    "Chad said that Kenyan police abducted two men.": "abduction",
    "Chad said that Kenyan police detained two men.": "detention",
}
NO_DEED = [
    "Chad said that the attack helicopter was old.",
    "Chad said that it rained.",
    "Chad said that talks had begun.",
    "Chad said that the ministers had signed an agreement.",
    "Chad said that Kenya had accused Uganda.",
]


@pytest.mark.parametrize(("text", "kind"), KINDS.items(), ids=KINDS)
def test_kind(converter, text, kind):
    proposition = read(converter, text).proposition(0)
    assert (proposition.kind, local(proposition.incident_kind)) == ("incident", kind)


@pytest.mark.parametrize("text", NO_DEED)
def test_no_deed(converter, text):
    assert read(converter, text).proposition(0).kind != "incident"


# --- who --------------------------------------------------------------------------------------------------------------
WHO = {
    "active": (
        "Chad said that Kenyan troops had attacked Ugandan police.",
        ("Kenyan armed forces", "Ugandan police"),
    ),
    "passive": (
        "Chad said that Ugandan police were attacked by Kenyan troops.",
        ("Kenyan armed forces", "Ugandan police"),
    ),
    "passive without agent": ("Chad said that Ugandan police were attacked.", (None, "Ugandan police")),
    "charged": ("Chad accused Kenya of attacking its positions.", ("Kenya", "Chad")),
    "charged, with a noun": ("Chad accused Kenya of an attack on its positions.", ("Kenya", "Chad")),
    "an adjective": ("Chad said that Kenyan strikes on its positions went on.", ("Kenya", "Chad")),
    "a noun of action with by": ("Chad reported an attack by Kenyan troops.", ("Kenyan armed forces", None)),
    "a possessor": ("Chad condemned Kenya's attack on a village.", ("Kenya", None)),
    "carried out": ("Chad said that Kenya had carried out strikes on Ugandan positions.", ("Kenya", "Uganda")),
    "their own deed": ("Chad said that it had attacked Kenyan positions.", ("Chad", "Kenya")),
    "nobody named": ("Chad said that gunmen ambushed a patrol.", (None, None)),
}


@pytest.mark.parametrize(("text", "wanted"), WHO.values(), ids=WHO)
def test_participants(converter, text, wanted):
    reading = read(converter, text)
    roles = {p.role: reading.label(p.actor) for p in reading.proposition(0).participations}
    assert (roles.get("perpetrator"), roles.get("target")) == wanted


def test_the_side_of_an_unknown_state(converter):
    reading = read(converter, "Ruritania said that Bordurian troops had attacked its guards. Borduria denied it.")
    sides = {p.role: reading.label(reading.resolver.principal(p.actor)) for p in reading.proposition(0).participations}
    assert sides == {"perpetrator": reading.label(reading.statement(1).speaker), "target": "Ruritania"}


def test_what_is_deployed_is_no_target(converter):
    reading = read(converter, "Chad said that Kenya had deployed Kenyan troops in the north.")
    assert {p.role for p in reading.proposition(0).participations} == {"perpetrator"}


# --- where and when ---------------------------------------------------------------------------------------------------
def test_place_and_time(converter):
    reading = read(converter, "Chad said that Kenyan troops attacked a post in Kampala on May 3.")
    proposition = reading.proposition(0)
    assert local(proposition.place) == "uga-kampala"
    assert proposition.time is not None
    assert reading.text[slice(*proposition.time.span)] == "May 3"
    assert proposition.time.not_before.date().isoformat() == "2024-05-03"


def test_a_distance_from_a_place(converter):
    text = "Chad said that Kenyan troops attacked a post about 30 kilometers north of Kampala."
    location = read(converter, text).proposition(0).location
    assert (location.distance_km, location.bearing, location.approximate) == (30.0, "north", True)
    assert local(location.anchor.entity) == "uga-kampala"


def test_a_distance_from_a_place_the_stock_does_not_know(converter):
    location = read(converter, "Chad reported an attack about 30 kilometers north of Zenda.").proposition(0).location
    assert location.anchor.label == "Zenda"


def test_a_state_that_does_the_deed_is_not_where_it_happens(converter):
    assert read(converter, "Chad said that Kenya had attacked a village.").proposition(0).place is None


# --- casualties -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Chad said that the ambush left three dead.", 3),
        ("Chad said that five casualties and two deaths were reported after the ambush.", 7),
        ("Chad said that the ambush caused no casualties.", 0),
        ("Chad said that the ambush ended without casualties.", 0),
        ("Chad said that gunmen ambushed a patrol.", None),
        ("Chad said that there were casualties in the ambush.", None),
    ],
)
def test_casualties(converter, text, wanted):
    assert read(converter, text).proposition(0).casualties == wanted


@pytest.mark.parametrize(
    ("word", "wanted"),
    [("one", 1), ("twelve", 12), ("3", 3), ("1,200", 1200), ("many", None), ("123456789", None), ("", None)],
)
def test_number(word, wanted):
    assert _number(word) == wanted


# --- the same one -----------------------------------------------------------------------------------------------------
SAME = {
    "same agent and kind": (
        "Chad accused Kenya of shelling a village. Mali said that Kenyan troops had shelled a village.",
        1,
    ),
    "pointing back": ("Chad said that Kenya had attacked a village. Kenya denied the attack.", 1),
    "pointing back, with a wider word": ("Chad said that Kenyan drones attacked a post. Mali condemned the attack.", 1),
    "another agent": ("Chad said that Kenya had attacked a village. Kenya said that Chad had attacked a village.", 2),
    "another day": (
        "Chad said that Kenya had attacked a village on May 1. Chad said that Kenya had attacked a village on May 4.",
        2,
    ),
    "another kind": ("Chad said that Kenya had shelled a village. Chad said that Kenya had closed the border.", 2),
    "nothing shared": ("Chad said that gunmen ambushed a patrol. Mali said that robbers ambushed a bus.", 2),
}


@pytest.mark.parametrize(("text", "wanted"), SAME.values(), ids=SAME)
def test_how_many_incidents(converter, text, wanted):
    reading = read(converter, text)
    assert len(reading.assembly.incident_values) == wanted
    assert {p.incident for p in reading.assembly.propositions.values()} == {i.id for i in reading.assembly.incidents}


def test_an_incident_is_named_by_its_first_account(converter):
    reading = read(converter, "Chad said that Kenya had attacked a village. Kenya denied the attack.")
    (incident,) = reading.assembly.incident_values
    assert reading.text[int(incident.id) :].startswith("Kenya had attacked a village")
