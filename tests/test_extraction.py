"""Ascriptions of whole texts: in reading order, headlines in colon style, agencies, distance, communiques."""

import pytest

from pages import read


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Kenya said that it rained.", "neutral"),
        ("Kenya claimed that it rained.", "distanced"),
        ("Kenya alleged that Chad had lied.", "distanced"),
        ("Kenya said that Chad allegedly burned a village.", "hedged"),
        ("Kenya said that Chad “allegedly” burned a village.", "neutral"),
        ("The Kenyan army published a video purportedly showing an attack by drones.", "hedged"),
        ("The Kenyan army published a video showing an attack by drones.", "neutral"),
        ("Kenya’s claim that Chad had lied was old.", "distanced"),
    ],
)
def test_the_narrators_distance(converter, text, stance):
    assert [s.stance for s in read(converter, text).said] == [stance]


def test_what_it_called_is_the_narrators_distance_alone(converter):
    said = read(converter, "Chad condemned what it called an act of war.").said
    assert {(s.frame, s.stance) for s in said} == {("object-as", "neutral"), ("what", "distanced")}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The Kenyan army said in a statement that it rained.", True),
        ("In a statement, the Kenyan army said that it rained.", True),
        ("The Kenyan army said that it rained.", False),
        ("The Kenyan army said in Nairobi that it rained.", False),
    ],
)
def test_part_of_a_communique(converter, text, wanted):
    assert [s.communique for s in read(converter, text).said] == [wanted]


def test_in_reading_order(converter):
    text = "It rained, Kenya said. Chad denied that, saying that it was dry. According to Mali, it snowed."
    starts = [s.content[0] for s in read(converter, text).said]
    assert len(starts) == 4
    assert starts == sorted(starts)


# --- headlines --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("headline", "wanted"),
    [
        (
            "Sudan: Ethiopian Troops Shelled Border Village",
            ("Sudan", "asserts", "Ethiopian Troops Shelled Border Village"),
        ),
        ("Kenyan Army: Uganda Moved Border Posts", ("Kenyan armed forces", "asserts", "Uganda Moved Border Posts")),
        ("Sudan Accuses Ethiopia Of Shelling Village", ("Sudan", "accuses", "Ethiopia Of Shelling Village")),
    ],
)
def test_headlines(converter, headline, wanted):
    reading = read(converter, f"{headline}\n\nThe river was deep that year.")
    assert reading.acts() == [wanted]
    assert reading.said[0].headline


# --- passing on -------------------------------------------------------------------------------------------------------
def test_an_outlet_around_what_somebody_says_passes_it_on(converter):
    acts = read(converter, "Reuters reported that the Kenyan army said that a bridge had fallen.").acts()
    assert acts == [("Kenyan armed forces", "asserts", "a bridge had fallen")]


def test_an_outlet_that_tells_it_itself_asserts_it(converter):
    assert read(converter, "Reuters reported that a bridge had fallen.").acts() == [
        ("Reuters", "asserts", "a bridge had fallen")
    ]


# --- confidence -------------------------------------------------------------------------------------------------------
def test_a_speaker_of_the_stock_is_surer_than_one_that_is_not(converter):
    known = read(converter, "Kenya said that it rained.").said[0]
    unknown = read(converter, "Ruritania said that it rained.").said[0]
    assert 0 < unknown.confidence < known.confidence <= 1


# --- weekdays ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Kenya said that Chad had left on Monday.", "Chad had left on Monday"),
        ("Kenya said Chad had left Monday night.", "Chad had left Monday night"),
        ("Kenya said on Monday that Chad had left.", "Chad had left"),
        ("Chad had left, Kenya said on Monday.", "Chad had left"),
    ],
)
def test_a_weekday_belongs_to_what_it_follows(converter, text, content):
    assert [c for _, _, c in read(converter, text).acts()] == [content]


def test_spans_lead_to_words(converter):
    text = "  The Kenyan army’s spokesman\nsaid that   “all is well” in Nairobi. "
    reading = read(converter, text)
    (said,) = reading.said
    assert reading.words(said.cue) == "said"
    assert reading.words(said.source) == "The Kenyan army’s spokesman"
    assert reading.words(said.content).lstrip("“") == "all is well” in Nairobi"


@pytest.mark.parametrize(
    "text", ["", " \n\n ", "...", "“”", "123", "said", "Kenya", "said said said.", "He said that."]
)
def test_texts_that_say_nothing(converter, text):
    read(converter, text)


@pytest.mark.parametrize(
    "text",
    [
        "Armenia said that Azerbaijan had violated the trilateral statement of 9 November 2020.",
        "Kenya said Chad had broken the joint declaration of 3 May.",
    ],
)
def test_who_breaks_a_named_text_is_not_its_speaker(converter, text):
    assert [who for who, _, _ in read(converter, text).acts()] == [text.split()[0]]
