"""The force that a content gives its statement where the cue only says that something was said."""

import pytest

from pages import local, read

# text: forces of its statements in order
FORCES = {
    # charges
    "a hostile deed of another side": ("Chad said that Kenya had shelled its post.", ["accuses"]),
    "by whose fire": ("Chad said that a guard was killed by Kenyan fire.", ["accuses"]),
    "from whose ground": ("Chad said that the village was shelled from Kenyan territory.", ["accuses"]),
    "an attempt": ("Chad reported an attempt by Kenyan forces to advance.", ["accuses"]),
    "what is owed and not done": ("Chad said that Kenya had not withdrawn its troops.", ["accuses"]),
    "a duty dodged": ("Chad said that Kenya had dodged its obligations for years.", ["accuses"]),
    "a word of blame": ("Chad said that Kenya was misusing the inspections.", ["accuses"]),
    "whose acts are aimed at": ("Chad said that the acts of Kenya are aimed at obstructing trade.", ["accuses"]),
    "illegally": ("Chad said that Kenya had illegally opened an office there.", ["accuses"]),
    "where the blame lies": ("Chad said that full responsibility lies with the leadership of Kenya.", ["accuses"]),
    "against one's own": ("Chad said that Kenya had made claims against Chad.", ["accuses"]),
    "blamed beside the cue": ("Forty huts were burnt, the Chadian army said, blaming Kenya.", ["accuses"]),
    # witnesses and engagements
    "a third side": ("Oman said that Kenya had shelled a post of the Chadian army.", ["asserts"]),
    "a fight": ("Chad said that Kenyan forces tried to advance but were repelled by its troops.", ["asserts"]),
    "one's own deed": ("Chad said that it had shelled a Kenyan post.", ["asserts"]),
    # denials
    "the deed charged": ("Chad accused Kenya of burning huts. Kenya said it had burnt no huts.", ["accuses", "denies"]),
    "no soldier": ("Chad accused Kenya of taking a hill. Kenya said no soldier had left camp.", ["accuses", "denies"]),
    "false": ("Chad said that Kenya shelled a post. Kenya said that the reports were baseless.", ["accuses", "denies"]),
    "a lie": ("“Kenya shelled our post,” Chad said. “That is a lie,” Kenya said.", ["accuses", "denies"]),
    "not so": (
        "Chad said that Kenya shelled a post. Kenya said that the information does not match reality.",
        ["accuses", "denies"],
    ),
    "nothing was charged": ("Kenya said that it had no huts.", ["asserts"]),
    "responsibility": (
        "Chad blamed the death of the guards on the Kenyan army. Kenya denied responsibility.",
        ["accuses", "denies"],
    ),
    # what is done by saying it
    "we will": ("“We will rebuild the bridge,” Chad said.", ["pledges"]),
    "is ready to": ("Chad said that it was ready to reopen the pass.", ["pledges"]),
    "readiness": ("Chad stressed its readiness to open the road.", ["pledges"]),
    "another must": ("Chad said that Kenya must leave the post.", ["demands"]),
    "something must": ("Chad said that the post must be left.", ["asserts"]),
    "an order": ("“Leave the post at once,” Chad said.", ["demands"]),
    "does not accept": ("Chad said that it does not accept the ruling.", ["dismisses"]),
    "our side demands": ("“Our side demands the removal of the guns,” Chad said.", ["demands"]),
    "we want to stress": ("“We want to stress that the road is open,” Chad said.", ["asserts"]),
}


@pytest.mark.parametrize(("text", "wanted"), FORCES.values(), ids=FORCES)
def test_force(converter, text, wanted):
    assert [s.force for s in read(converter, text).assembly.statements] == wanted


def test_a_denial_rejects_what_was_charged(converter):
    reading = read(converter, "Chad accused Kenya of burning huts. Kenya said that it had burnt no huts.")
    charge, denial = reading.assembly.statements
    assert denial.responds_to == charge.id
    assert denial.proposition == charge.proposition


def test_who_is_blamed_beside_the_cue_did_it(converter):
    reading = read(converter, "A drone hit a market in Doba, the Chadian army said, blaming Kenya.")
    (part,) = [p for p in reading.proposition(0).participations if p.role == "perpetrator"]
    assert local(part.actor) == "ken"


def test_to_ask_what_a_phrase_means_leaves_no_mention(converter):
    reading = read(converter, "Chad said that it rained.")
    assert [reading.text[slice(*span)] for span, _ in reading.resolver.mentions] == ["Chad"]
