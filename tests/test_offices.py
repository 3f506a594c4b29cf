"""For whom an office speaks by where it stands: the capital a paragraph turns to, who is beside it, "both sides"."""

from __future__ import annotations

import pytest

from pacta.pipeline import annotate_text

# text: the sides of the speakers in order; what the narrator tells is left out
SIDES = {
    "a ministry below a dateline that stands alone": (
        "Defence Ministry: Rebels opened fire near Szohod\n\nTBILISI, August 3\n\n"
        "Rebels fired on a column this morning, the Defence Ministry reported.",
        ["Georgia", "Georgia"],
    ),
    "a ministry where a paragraph went on in a capital": (
        "Georgia said that it rained.\n\nThat did not go down well in Ankara. It snowed, the Foreign Ministry said.",
        ["Georgia", "Turkey"],
    ),
    "a ministry where a capital has acted": (
        "Georgia said that it rained.\n\n"
        "Moscow came to the same conclusion by evening. Georgia was soaked, the Foreign Ministry said.",
        ["Georgia", "Russia"],
    ),
    "a ministry where something came from a capital": (
        "Georgia said that it rained.\n\n"
        "From Ankara there was a terse reaction. Georgia was wrong, the Foreign Ministry said.",
        ["Georgia", "Turkey"],
    ),
    "a spokesman where a paragraph went on in a capital": (
        "Russia said that it rained.\n\n"
        'That did not go down well in Tbilisi. "It is dry," Defence Ministry spokesman Irakli Tsomaia said.',
        ["Russia", "Georgia"],
    ),
    "a deputy where a side has been told to read it": (
        "Georgia said that it rained.\n\n"
        "The Russian side reads it otherwise. Deputy Prime Minister Oleg Varenik recalled that it snowed.",
        ["Georgia", "Russia"],
    ),
    "an office where a side let it be known": (
        "Georgia said that it rained.\n\n"
        "Serbia had let it be known that they would stay. It was cold, the prime minister's office said.",
        ["Georgia", "Serbia"],
    ),
    "two capitals told of in one sentence are none": (
        "Georgian envoys met Russian ones in Ankara. It rained, the Foreign Ministry said.",
        ["Foreign Ministry"],
    ),
    "the president of whom it was told, wherever a text has gone": (
        "President Salome Zur of Georgia spoke of rain.\n\n"
        "In May, the Russian side left the group in Ankara. There was no rain, the president repeated.",
        ["Georgia", "Georgia"],
    ),
    "he who did what a passive tells": (
        "Envoy Anna Weber of Kenya said that it rained. "
        "The rain was also touched upon by the commander of the Turkish contingent, General Rustam Kaya. "
        "It was cold, he said.",
        ["Kenya", "Turkey"],
    ),
    "it is not several people": (
        "Chad's army arrived at noon. Villagers said that it rained. It said that it was dry.",
        ["Villagers", "Chad"],
    ),
    "a minister of whoever is named before": (
        "Lebanon denied that it rained. Prime Minister Nawaf Karam's office accused Israel of theft. "
        "Karam's foreign minister said that it rained.",
        ["Lebanon", "Lebanon", "Lebanon"],
    ),
    "an office without a name, then the name": (
        "The President of Logone has accused the ministry of theft.\n\n"
        '"There is no word of rain in it," Isaac Torama said in Bongor.',
        ["Logone", "Logone"],
    ),
    "who denies is not of the only side that has spoken": (
        "The President of Logone has accused the ministry of theft.\n\n"
        '"There is no word of rain in it," Isaac Torama said in Bongor.\n\n'
        "The minister, Manase Makiba, denied that it rained.",
        ["Logone", "Logone", "Manase Makiba"],
    ),
    "an aide to somebody": (
        "The mediator of Kenya arrived. An aide to the mediator said that it rained.",
        ["Kenya"],
    ),
    "the movement of somebody is nobody else's": (
        "Zapf's movement denied that it rained. Chad said that General Ivo Zapf had lied.",
        ["Zapf's movement", "Chad"],
    ),
    "whom a verb of command tells to be of an army": (
        "Syldavia is wet. General Ivo Harak, who commands the Syldavian army, arrived. He said that it rained.",
        ["Syldavia"],
    ),
    "whose office accuses another": (
        "Israel's army said that it rained. Prime Minister Nawaf Karam's office accused Israel of theft.",
        ["Israel", "Prime Minister Nawaf Karam's office"],
    ),
    "both sides": (
        "Kenya and Chad met in May. Both sides said that it rained.",
        ["Kenya", "Chad"],
    ),
    "neither of two, of whom a third speaks": (
        "Kenya said that it rained. Chad denied this. Norway said both sides had told it that they would stay.",
        ["Kenya", "Chad", "Norway", "Kenya", "Chad"],
    ),
    "who answers behind the verb": (
        "The army shelled the town. Not so, replied the headquarters of the Kenyan army: there was no gun there.",
        ["Kenya"],
    ),
    "who answers behind a word and the verb": (
        "Nonsense, retorted the Kenyan army: the convoy had left before dawn.",
        ["Kenya"],
    ),
    "who announced it, behind a conjunction": (
        "Why the sudden noise, three weeks after Kenya announced that the text was ready?",
        ["Kenya"],
    ),
    "who goes on arguing": (
        "Kenya's army arrived. General Ivo Zapf of Chad says they will stay, arguing that the deal leaves Chad free.",
        ["Chad", "Chad"],
    ),
    "a letter in which somebody complained, to whomever it went": (
        "A government spokesman reacted to a letter in which the Oromo Front complained that nine months after "
        "the signing no soldier had left. The letter, dated May 3 and addressed to the African Union, asks it to go.",
        ["Oromo Front"],
    ),
    "who is named behind the office that did it": (
        "Envoy Anna Weber of Kenya said that it rained. It was touched upon by the commander of the Turkish "
        "contingent, General Rustam Kaya. It was cold, he said.",
        ["Kenya", "Turkey"],
    ),
    "the minister, where one has been told of": (
        "A minister of Chad said that it rained.\n\nKenya's army left.\n\n"
        "The minister, Manase Makiba, denied that it snowed.",
        ["Chad", "Chad"],
    ),
    "the country's ministry, of the country told of in the sentence": (
        "PORT LYRA (NRW) - Sudan's army will stay, the country's Foreign Ministry said on Tuesday.",
        ["Sudan"],
    ),
    "an adviser to the commander of a group": (
        "The Rapid Support Forces denied this. Idris Hamad, an adviser to the group's commander, said that it rained.",
        ["Rapid Support Forces (RSF)", "Rapid Support Forces (RSF)"],
    ),
    "what a thing endorses is no office": (
        "The President of Logone said that it rained, a rule to endorse the vote.\n\n"
        '"There is no word of rain in it," Isaac Torama said in Bongor.',
        ["Logone", "Logone"],
    ),
    "those whom an outlet cites": (
        "Kenyan soldiers confirmed the shooting, Agence News Hour wrote, citing them.",
        ["Kenya", "Agence News Hour", "Kenya"],
    ),
}


@pytest.mark.parametrize(("text", "sides"), SIDES.values(), ids=SIDES.keys())
def test_the_side_of_who_speaks(text: str, sides: list[str]) -> None:
    told = [s for s in annotate_text(text, published="2024-05-06")["statements"] if s["speechMode"] != "narration"]
    assert [s["speaker"]["principalLabel"] for s in told] == sides


def test_what_no_line_says_is_not_said() -> None:
    text = "There is no line saying that Kenya gives up customs."
    assert [s for s in annotate_text(text)["statements"] if s["speechMode"] != "narration"] == []
