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
    "in no agreement's terms": ("Chad said that Kenya was playing for time.", ["accuses"]),
    "what it is done to": ("Chad said that Kenya was undermining the talks.", ["accuses"]),
    "torn up": ("Chad said that Kenya had torn up the agreement.", ["accuses"]),
    "not one article": ("Chad said that Kenya had never implemented a single article.", ["accuses"]),
    "yet to do": ("Chad said that Kenya had yet to withdraw its troops.", ["accuses"]),
    "nobody left": ("Chad said that not a single soldier had been withdrawn from the hill.", ["accuses"]),
    "it is they who have yet to": ("“It is Kenya that has yet to withdraw its troops,” Chad said.", ["accuses"]),
    "those who are": ("“Those who broke the truce are the Kenyans,” Chad said.", ["accuses"]),
    "the other side": ("Chad said that it was the other side that had opened fire.", ["accuses"]),
    "because of them": ("Chad said that the talks were stalled because of Kenya.", ["accuses"]),
    "on one's own ground": ("Chad said that Kenyan soldiers had put up a fence in a Chadian village.", ["accuses"]),
    "into one's own air": ("Chad said that Kenyan drones had entered its airspace.", ["accuses"]),
    "under whose fire": ("Chad said that its post came under fire from the Kenyan side.", ["accuses"]),
    "kept from": ("Chad said that observers had been prevented from leaving by Kenyan soldiers.", ["accuses"]),
    "an act of": ("Chad said that the raid was an act of aggression by Kenya.", ["accuses"]),
    "its raids": ("Chad said that Kenya continued its aggression.", ["accuses"]),
    "what it spreads": ("Chad said that Kenya was spreading false information.", ["accuses"]),
    # words that only look like it
    "lies within": ("Chad said that the well lies within its territory.", ["asserts"]),
    "halted": ("Chad said that Kenya had halted its offensive.", ["asserts"]),
    "yet to reply": ("Chad said that Kenya had yet to reply to the letter.", ["asserts"]),
    "not the one": (
        "Chad accused Kenya of delays. Kenya said it was not the one dragging its feet.",
        ["accuses", "denies"],
    ),
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
    "the claim": ("Chad said Kenya shelled a post. Kenya brushed aside the allegation.", ["accuses", "denies"]),
    "the claim that": ("Kenya dismissed the claim that it would leave the council.", ["denies"]),
    "an offer": ("Kenya dismissed the offer of talks.", ["dismisses"]),
    "done, not left undone": (
        "Chad accused Kenya of not withdrawing its troops. All troops were withdrawn in May, Kenya said.",
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
