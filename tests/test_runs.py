"""Long quotations: which sentences of one make a statement together."""

import pytest

from pages import read

TALK = "The road is long. The huts are old. The wells are deep. The herds are thin"
CONTENTS = {
    "two sentences are two statements": (
        "“The road is long. The huts are old,” Chad said.",
        ["The road is long.", "The huts are old"],
    ),
    "four that claim nothing are one": (f"“{TALK},” Chad said.", [TALK]),
    "one claim gathers what stands around it": (
        "“The road is long. Kenya shelled our post. The wells are deep,” Chad said.",
        ["The road is long. Kenya shelled our post. The wells are deep"],
    ),
    "two claims are two": (
        "“Kenya shelled our post. The huts are old. Kenya burnt our mill,” Chad said.",
        ["Kenya shelled our post. The huts are old.", "Kenya burnt our mill"],
    ),
    "a cue in between parts them": (
        "“The road is long. The huts are old,” Chad said. “The wells are deep.”",
        ["The road is long.", "The huts are old", "The wells are deep."],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), CONTENTS.values(), ids=CONTENTS)
def test_statements_of_a_quotation(converter, text, wanted):
    reading = read(converter, text)
    assert [reading.words(a.content) for a in reading.assembly.attributions] == wanted


def test_the_claim_gives_the_force(converter):
    reading = read(converter, "“The road is long. Kenya shelled our post. The wells are deep,” Chad said.")
    (statement,) = reading.assembly.statements
    assert (statement.force, reading.proposition(0).kind) == ("accuses", "incident")


def test_a_reply_follows_the_joined_statement(converter):
    text = "“The road is long. Kenya shelled our post. The wells are deep,” Chad said. Kenya denied that."
    charge, denial = read(converter, text).assembly.statements
    assert denial.responds_to == charge.id
