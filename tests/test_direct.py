"""Direct speech: broken and running quotations, who goes on, what a quotation does by itself."""

import pytest

from pacta.statements.direct import performed
from pages import annotated, read

# text: [(speaker, force, content)]
SPOKEN = {
    "before": ("“The road is open,” Kenya said.", [("Kenya", "asserts", "The road is open")]),
    "inverted": ("“The road is open,” said Kenya.", [("Kenya", "asserts", "The road is open")]),
    "after a colon": ("Kenya said: “The road is open.”", [("Kenya", "asserts", "The road is open.")]),
    "after a comma": ('Kenya said, "The road is open."', [("Kenya", "asserts", "The road is open.")]),
    "broken": (
        "“Chad lied,” Kenya said, “and everybody knows it.”",
        [("Kenya", "asserts", "Chad lied ... and everybody knows it.")],
    ),
    "running": (
        "“We will stay. We will build. We will farm,” the Kenyan foreign minister said.",
        [
            ("Kenyan foreign ministry", "asserts", "We will stay."),
            ("Kenyan foreign ministry", "asserts", "We will build."),
            ("Kenyan foreign ministry", "asserts", "We will farm"),
        ],
    ),
    "going on after the cue": (
        "“The road is open,” Kenya said. “Nobody was hurt.”",
        [("Kenya", "asserts", "The road is open"), ("Kenya", "asserts", "Nobody was hurt.")],
    ),
    "going on in the next paragraph": (
        "Kenya said: “The road is open.\n\n“Nobody was hurt.”",
        [("Kenya", "asserts", "The road is open."), ("Kenya", "asserts", "Nobody was hurt.")],
    ),
    "ended, and then the narrator": (
        "“The road is open,” Kenya said. “Nobody was hurt.” The town was quiet.",
        [("Kenya", "asserts", "The road is open"), ("Kenya", "asserts", "Nobody was hurt.")],
    ),
    # what the words do
    "condemns": ("“We condemn the raid,” Kenya said.", [("Kenya", "condemns", "We condemn the raid")]),
    "rejects": ("“We reject every claim,” Kenya said.", [("Kenya", "dismisses", "We reject every claim")]),
    "performs as it goes on": (
        "“The road is open,” Kenya said. “We condemn the raid.”",
        [("Kenya", "asserts", "The road is open"), ("Kenya", "condemns", "We condemn the raid.")],
    ),
    "others condemn": ("“They condemn the raid,” Kenya said.", [("Kenya", "asserts", "They condemn the raid")]),
    # two who speak
    "an answer": (
        "“The road is open,” Kenya said. “It is closed,” Uganda replied.",
        [("Kenya", "asserts", "The road is open"), ("Uganda", "asserts", "It is closed")],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), SPOKEN.values(), ids=SPOKEN)
def test_spoken(converter, text, wanted):
    reading = read(converter, text)
    assert sorted(reading.acts()) == sorted(wanted)
    assert {s.mode for s in reading.said} == {"direct"}


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("Kenya said that the road was open.", "indirect"),
        ("Kenya said that the “so-called road” was open.", "mixed"),
        ("Kenya said the “raid” had failed.", "mixed"),
        ("Uganda said that it “will not leave” and “will build”.", "mixed"),
        ("Kenya said that “the road is open.”", "direct"),
        ("Kenya denounced “an act of open war.”", "direct"),
    ],
)
def test_mode(converter, text, mode):
    assert [s.mode for s in read(converter, text).said] == [mode]


def test_words_in_quotes_alone_are_no_quotation(converter):
    (said,) = read(converter, "Kenya said the “raid” had failed.").said
    assert said.frame == "clause"


def test_a_sentence_in_quotes_that_nobody_carries_is_nobodys(converter):
    assert read(converter, "“The road is open. Nobody was hurt.”").acts() == []


def test_a_verb_of_speech_within_a_quotation_is_part_of_it(converter):
    acts = read(converter, "“They said nothing and we believed them,” Kenya said.").acts()
    assert acts == [("Kenya", "asserts", "They said nothing and we believed them")]


def test_what_goes_on_is_less_sure_than_what_the_cue_introduces(converter):
    first, second = read(converter, "“The road is open,” Kenya said. “Nobody was hurt.”").said
    assert (first.frame, second.frame) == ("direct", "continued")
    assert second.confidence < first.confidence
    assert second.cue == first.cue


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("We condemn the raid.", "condemns"),
        ("We demand an answer.", "demands"),
        ("We said so.", None),
        ("They condemn the raid.", None),
        ("We condemned the raid.", None),
        ("The road is open.", None),
    ],
)
def test_performed(converter, words, wanted):
    page = annotated(converter, words)
    assert performed(page, list(page.tokens)) == wanted
