"""Contents and sources: for each frame of the lexicon, whose words and which words."""

import pytest

from pacta.statements.contents import _FINDERS, narrowness
from pages import read

# text: [(frame, source, content)]
FRAMES = {
    "clause": [
        ("Chad said that Kenya had left.", ("Chad", "Kenya had left")),
        ("Chad said Kenya had left.", ("Chad", "Kenya had left")),
        ("Chad said on Monday that Kenya had left.", ("Chad", "Kenya had left")),
        ("Chad said that Kenya had left on Monday.", ("Chad", "Kenya had left on Monday")),
        ("Kenya had left, Chad said.", ("Chad", "Kenya had left")),
        ("Kenya had left, said the Chadian envoy.", ("the Chadian envoy", "Kenya had left")),
        ("The bridge, Chad said, was hit by Kenyan shells.", ("Chad", "The bridge ... was hit by Kenyan shells")),
        ("Chad was quick to deny that Kenya had left.", ("Chad", "Kenya had left")),
        (
            "There was no raid, the premier reiterated: border guards had merely moved up.",
            ("the premier", "There was no raid ... border guards had merely moved up"),
        ),
    ],
    "infinitive": [
        ("Chad pledged to free all prisoners.", ("Chad", "to free all prisoners")),
        ("The Chadian army promised to leave the town by noon.", ("The Chadian army", "to leave the town by noon")),
    ],
    "object-infinitive": [
        ("Chad urged Kenya to open the road.", ("Chad", "Kenya to open the road")),
        ("Kenya was urged by Chad to open the road.", ("Chad", "to open the road")),
        ("Chad called on Kenya to open the road.", ("Chad", "Kenya to open the road")),
    ],
    "object-of": [
        ("Chad accused Kenya of burning a village.", ("Chad", "Kenya of burning a village")),
        ("Chad held Kenya responsible for the raid.", ("Chad", "Kenya ... for the raid")),
        ("Kenya was accused by Chad of burning a village.", ("Chad", "Kenya ... of burning a village")),
        ("Chad, which accused Kenya of burning a village, left.", ("which", "Kenya of burning a village")),
        ("Chad blamed Kenya for the fire.", ("Chad", "Kenya for the fire")),
    ],
    "object-as": [
        ("The reports of a raid were called “spin” by Kenya.", ("Kenya", "The reports of a raid ... spin")),
        ("Chad dismissed the report as propaganda.", ("Chad", "the report as propaganda")),
    ],
    "object": [
        ("The blockade is denied in Nairobi.", ("Nairobi", "The blockade")),
        ("Chad described the raid as a provocation.", ("Chad", "the raid as a provocation")),
        ("Chad condemned the raid on the market.", ("Chad", "the raid on the market")),
        ("Chad denied the accusation.", ("Chad", "the accusation")),
        ("The accusation was denied by Chad.", ("Chad", "The accusation")),
        ("Chad denied reports that its troops had burned a village.", ("Chad", "its troops had burned a village")),
        ("Chad denied burning a village.", ("Chad", "burning a village")),
    ],
    "preposition": [
        ("Chad called for the withdrawal of Kenyan troops.", ("Chad", "the withdrawal of Kenyan troops")),
        ("Chad warned of new floods.", ("Chad", "new floods")),
    ],
    "source-marker": [
        ("The clause, in the envoy's view, sets no condition.", ("the envoy", "The clause ... sets no condition")),
        ("In Chad's opinion, the border runs through the lake.", ("Chad", "the border runs through the lake")),
        ("According to the Chadian army, Kenya had left.", ("the Chadian army", "Kenya had left")),
        ("Kenya had left, according to Chad.", ("Chad", "Kenya had left")),
    ],
    "noun-complement": [
        ("The claim by Chad that Kenya had burned a village was false.", ("Chad", "Kenya had burned a village")),
        ("Chad's claim that Kenya had left was old.", ("Chad", "Kenya had left")),
    ],
    "evidence": [
        (
            "The Chadian police released photographs showing two burned lorries.",
            ("The Chadian police", "two burned lorries"),
        ),
        (
            "A photograph released by the Chadian police shows two burned lorries.",
            ("the Chadian police", "two burned lorries"),
        ),
        ("Chad published a video of the convoy.", ("Chad", "the convoy")),
    ],
    "what": [("Chad condemned what it called an act of war.", ("it", "an act of war"))],
    "direct": [
        ("“The road is open,” Chad said.", ("Chad", "The road is open")),
        (
            "“The road is open,” said the Chadian foreign minister.",
            ("the Chadian foreign minister", "The road is open"),
        ),
        ("Chad said: “The road is open.”", ("Chad", "The road is open.")),
        ("“The road to Zenda,” Chad said, “is open to all.”", ("Chad", "The road to Zenda ... is open to all.")),
    ],
}
CASES = [(frame, text, wanted) for frame, cases in FRAMES.items() for text, wanted in cases]


@pytest.mark.parametrize(("frame", "text", "wanted"), CASES, ids=[t for _, t, _ in CASES])
def test_source_and_content(converter, frame, text, wanted):
    reading = read(converter, text)
    found = [(s.frame, reading.words(s.source), reading.words(s.content)) for s in reading.said]
    assert (frame, *wanted) in found


NOTHING = {
    "an expletive": "It was reported that the town had fallen.",
    "nobody named": "There were claims that the town had fallen.",
    "a text": "The Ruritanian constitution says that kings rule.",
    "a content that is nothing": "Chad said.",
    "whose words are whose": "What was said that day was forgotten.",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_no_source_or_content_no_ascription(converter, text):
    assert read(converter, text).acts() == []


def test_the_charged_is_told_from_the_charge(converter):
    said = read(converter, "Chad accused the Kenyan army of burning a village.").said[0]
    assert said.target is not None
    assert said.target.text == "army"


def test_two_cues_of_one_source(converter):
    acts = read(converter, "Chad confirmed the date and accused Kenya of burning a village.").acts()
    assert acts == [("Chad", "confirms", "the date"), ("Chad", "accuses", "Kenya of burning a village")]


def test_the_source_is_the_whole_phrase(converter):
    text = "The spokesman of the Chadian army, Idriss Saleh, said that Kenya had left."
    reading = read(converter, text)
    assert reading.words(reading.said[0].source) == "The spokesman of the Chadian army, Idriss Saleh"


@pytest.mark.parametrize(
    "text",
    [
        "Citing border guards, the Chadian army said that Kenya had left.",
        "The Chadian army, citing border guards, said that Kenya had left.",
        "The Chadian army said, citing border guards, that Kenya had left.",
    ],
)
def test_a_source_that_cites_another(converter, text):
    reading = read(converter, text)
    (said,) = reading.said
    assert reading.label(said.speaker) == "Chadian armed forces"
    assert said.relayed is not None
    assert reading.words(said.relayed[:2]).lower() == "citing ... border guards"


def test_the_narrower_frame_ranks_first():
    assert narrowness("object-of") < narrowness("clause") < narrowness("object")
    assert narrowness("source-marker") > narrowness("object")


def test_every_frame_of_the_lexicon_has_a_finder_or_is_a_relay(converter):
    frames = {f for e in converter.lexicon.kinds("ReportingCue") for f in e.frames}
    assert frames - set(_FINDERS) <= {"relay"}
