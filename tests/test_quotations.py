"""Quoted stretches: every kind of mark, with or without its partner, over paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacta.annotations.quotations import find_quotations

CASES = {
    "curly": ("“Yes,” he said, “no.”", ["Yes,", "no."]),
    "straight": ('He said "yes" and "no".', ["yes", "no"]),
    "straight, side by side": ('"A" "B"', ["A", "B"]),
    "doubled apostrophes": ("``Yes,'' he said, ``no.''", ["Yes,", "no."]),
    "guillemets": ("«Oui», dit-il.", ["Oui"]),
    "low mark": ("He said „yes” twice.", ["yes"]),
    "mixed marks": ('"said ”he', ["said "]),
    "apostrophes": ("It's the ministry's '90s plan, the lords' and o'clock.", []),
    "curly apostrophes": ("It’s the ministry’s plan.", []),
    "single marks inside": ("“He said ‘no’ today,” she wrote.", ["He said ‘no’ today,"]),
    "inches": ('a 5" pipe and a 6" pipe', []),
    "free-standing mark": ('a " b', []),
    "lone mark": ('"', []),
    "empty": ("“” and “x”", ["", "x"]),
    "nothing": ("", []),
    "unclosed": ('He said "yes and left.', ["yes and left."]),
    "unclosed, then opened anew": ("“One. “Two.” End", ["One. ", "Two."]),
    "closing without opening": ("One.” Two.", []),
    "unclosed, over paragraphs in the first person": (
        '"One is gone.\n\nTwo is gone.\n\nWe are left.\n\nHe left.',
        ["One is gone.", "Two is gone.", "We are left."],
    ),
    "unclosed, over a number in letters": ('"One is gone.\n\nThat was World War I. They left.', ["One is gone."]),
    "unclosed, and nobody speaks on": ('"One is gone.\n\nTwo is gone.', ["One is gone."]),
    "unclosed within a paragraph": ('He said "one is gone.\n\nWe are left.', ["one is gone."]),
    "after a bracket": ('He (the "boss") left.', ["boss"]),
    "after a dash": ('They—"all of them"—left.', ["all of them"]),
    "before a comma": ('"Yes", he said.', ["Yes"]),
    "over a line end": ("“Yes,\nindeed,” he said.", ["Yes,\nindeed,"]),
}


@pytest.mark.parametrize(("text", "wanted"), CASES.values(), ids=CASES)
def test_quoted(text, wanted):
    assert [text[slice(*q.inner)] for q in find_quotations(text)] == wanted


def test_the_span_takes_in_the_marks():
    text = "He said ``yes'' and “no”, \"never."
    assert [text[slice(*q.span)] for q in find_quotations(text)] == ["``yes''", "“no”", '"never.']


@pytest.mark.parametrize(
    ("text", "continued"),
    [
        ("“One.\n\n“Two.\n\n“Three.” x", [True, True, False]),
        ('"One.\n\n"Two."', [True, False]),
        ("``One.\n\n``Two.''", [True, False]),
        ("“One.\n \t\n“Two.”", [True, False]),
        ("“One.”\n\n“Two.”", [False, False]),
        ("“One.\n\nHe left. “Two.”", [False, False]),
        ("“One.\n\nTwo.”", [False]),
        ("“One.", [False]),
    ],
)
def test_a_quotation_goes_on_where_the_next_paragraph_opens_with_a_mark(text, continued):
    assert [q.continued for q in find_quotations(text)] == continued


MARKS = st.text(st.sampled_from("ab’' .,\n\"“”„«»`?—("), max_size=60)


@given(MARKS | st.text(max_size=60))
def test_any_text_has_quotations_in_order_that_lie_within_a_paragraph(text):
    found = find_quotations(text)
    at = 0
    for quotation in found:
        (a, b), (c, d) = quotation.span, quotation.inner
        assert at <= a <= c <= d <= b <= len(text)
        assert a < c, "a quotation opens with its mark"
        assert "\n\n" not in text[a:b].rstrip("\n")
        at = b
