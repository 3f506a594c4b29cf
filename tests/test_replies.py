"""Which statement a denial answers: the right one of several, never one's own, never one that comes later."""

import pytest

from pages import read

# text: (number of the statement that replies, what it answers)
ANSWERS = {
    "that": ("Chad accused Kenya of burning a village. Kenya denied that.", (1, 0)),
    "it": ("Chad said that Kenya had burned a village. Kenya denied it.", (1, 0)),
    "the accusation": ("Chad accused Kenya of burning a village. Kenya denied the accusation.", (1, 0)),
    "the claim, past another statement": (
        "Chad claimed that Kenya had burned a village. Mali warned that it would rain. Kenya denied the claim.",
        (2, 0),
    ),
    "each its own": (
        "Chad accused Kenya of burning a village. Chad accused Mali of arming rebels. Kenya denied the accusation.",
        (2, 0),
    ),
    "the other its own": (
        "Chad accused Kenya of burning a village. Chad accused Mali of arming rebels. Mali rejected the accusation.",
        (2, 1),
    ),
    "the last of several": (
        "Chad accused Kenya of burning a village. Chad accused Kenya of closing the border. Kenya denied that.",
        (2, 1),
    ),
    "by an organ": ("Chad accused Kenya of burning a village. The Kenyan army denied that.", (1, 0)),
    "against an organ": ("The Chadian army accused Kenya of burning a village. Kenya denied that.", (1, 0)),
    "in its own words": (
        "Chad accused Kenya of shelling a village. Kenya denied that it had shelled a village.",
        (1, 0),
    ),
    "a charge, in its own words": (
        "Chad said that Kenya had broken the truce. Kenya denied that it had broken the truce.",
        (1, 0),
    ),
    "dismissed as": (
        "Chad accused Kenya of burning a village. Kenya dismissed the accusation as propaganda.",
        (1, 0),
    ),
    "of unknown states": ("Ruritania accused Borduria of burning a village. Borduria denied that.", (1, 0)),
    "a reading": (
        "Chad said that the Zenda Agreement calls for the withdrawal of Kenyan troops. Kenya rejected this reading.",
        (1, 0),
    ),
}


@pytest.mark.parametrize(("text", "wanted"), ANSWERS.values(), ids=ANSWERS)
def test_answers(converter, text, wanted):
    statements = read(converter, text).assembly.statements
    reply, answered = wanted
    assert statements[reply].responds_to == statements[answered].id
    assert statements[reply].proposition == statements[answered].proposition
    assert [s.responds_to for n, s in enumerate(statements) if n != reply] == [None] * (len(statements) - 1)


ALONE = {
    "nobody spoke before": "Kenya denied that.",
    "the same side spoke before": "Kenya said that it rained. The Kenyan army denied that.",
    "said later": "Kenya denied the accusation. Chad accused Kenya of burning a village.",
    "another matter": "Chad said that it rained. Kenya denied that its troops had left.",
    "a denial of a denial": "Chad denied the rumour. Kenya denied the rumour.",
}


@pytest.mark.parametrize("text", ALONE.values(), ids=ALONE)
def test_answers_nobody(converter, text):
    assert {s.responds_to for s in read(converter, text).assembly.statements} == {None}


def test_a_reply_that_turns_on_the_accuser_charges_it(converter):
    text = "Chad accused Kenya of burning a village. Kenya denied that, saying Chad was spreading lies."
    reading = read(converter, text)
    assert [(s, f) for s, f, _ in reading.stated()] == [("Chad", "accuses"), ("Kenya", "denies"), ("Kenya", "accuses")]


def test_a_reply_that_turns_on_nobody_asserts(converter):
    text = "Chad accused Kenya of burning a village. Kenya denied that, saying the village was empty."
    assert [f for _, f, _ in read(converter, text).stated()] == ["accuses", "denies", "asserts"]


def test_a_denial_that_tells_its_own_is_a_proposition_of_its_own(converter):
    reading = read(converter, "Chad said that it rained. Kenya denied that its troops had left.")
    one, other = reading.assembly.statements
    assert one.proposition != other.proposition
