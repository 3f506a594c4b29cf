"""What the outlet tells in its own voice: on a known matter, outside quotes, headlines and what others say."""

import pytest

from pages import read, record

TOLD = [
    "Kenyan troops attacked a Ugandan village at the border in May.",
    "Both sides signed the Zenda Agreement in a small castle.",
    "The armies withdrew from the corridor after the long winter.",
]
NOT_TOLD = {
    "another matter": "The weather in the capital was pleasant all week.",
    "too short": "Troops attacked a village.",
    "somebody says it": "Kenya said that troops attacked a Ugandan village in May.",
    "in quotes": "“Kenyan troops attacked a Ugandan village at the border.”",
    "a headline": "Kenyan Troops Attack Ugandan Village At Border",
    "no clause": "An attack on a Ugandan village at the border in May.",
    "nothing": "",
}


@pytest.mark.parametrize("text", TOLD)
def test_told(converter, text):
    (statement,) = record(converter, text, outlet="The Zenda Post").statements
    (attribution,) = record(converter, text, outlet="The Zenda Post").attributions
    assert statement.force == "asserts"
    assert attribution.speech_mode == "narration"
    assert (attribution.source, attribution.cue) == ((), ())
    assert attribution.confidence <= 0.5
    assert text[slice(*attribution.content[0])] == text.rstrip(".")


@pytest.mark.parametrize("text", NOT_TOLD.values(), ids=NOT_TOLD)
def test_not_told(converter, text):
    modes = {a.speech_mode for a in record(converter, text).attributions}
    assert "narration" not in modes


def test_the_outlet_is_of_the_stock_or_of_the_record(converter):
    known = record(converter, TOLD[0], outlet="Reuters")
    assert known.statements[0].speaker == known.outlet
    assert known.entities == () or known.outlet not in {e.iri for e in known.entities}
    own = record(converter, TOLD[0], outlet="The Zenda Post")
    assert [(e.type, e.label) for e in own.entities if e.iri == own.outlet] == [("MediaOutlet", "The Zenda Post")]


def test_narration_does_not_answer_anybody(converter):
    reading = read(converter, f"{TOLD[0]} Kenya denied the attack.")
    assert [f for _, f, _ in reading.stated()] == ["asserts", "denies"]
    assert reading.statement(0).responds_to is None
