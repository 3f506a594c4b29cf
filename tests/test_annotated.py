"""The page: sentences, tokens and quotations found by their offsets."""

import pytest

from pages import annotated

TEXT = "Kenya said “the road is open” on May 3. It was.\n\n“We left,” Uganda said on May 4."


@pytest.fixture(scope="module")
def page(converter):
    return annotated(converter, TEXT)


def words(tokens):
    return " ".join(t.text for t in tokens)


def test_sentences_go_with_their_paragraph_and_span(page):
    assert [TEXT[slice(*span)] for _, _, span in page.sentences] == [
        "Kenya said “the road is open” on May 3.",
        "It was.",
        "We left,” Uganda said on May 4.",
    ]
    assert [p.span for p, _, _ in page.sentences] == [(0, 47), (0, 47), (49, len(TEXT))]


@pytest.mark.parametrize(
    ("part", "wanted"),
    [
        ("the road is", "the road is"),
        ("he road is", "road is"),
        ("“the road", "the road"),
        ("It was.\n\n“We left", "It was . We left"),
        (TEXT, "Kenya said the road is open on May 3 . It was . We left , Uganda said on May 4 ."),
    ],
)
def test_tokens_in_a_span_are_those_that_begin_there(page, part, wanted):
    at = TEXT.index(part)
    assert words(page.tokens_in((at, at + len(part)))) == wanted


def test_no_tokens_in_an_empty_span(page):
    assert page.tokens_in((5, 5)) == []


@pytest.mark.parametrize(("word", "wanted"), [("road", True), ("Kenya", False), ("We", True), ("Uganda", False)])
def test_what_stands_in_quotes(page, word, wanted):
    assert (page.quoted(TEXT.index(word)) is not None) is wanted


def test_marks_themselves_are_not_quoted(page):
    assert page.quoted(TEXT.index("“")) is None
    assert page.quoted(TEXT.index("”")) is None


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [(["the road is open"], 1.0), (["Kenya said"], 0.0), (["said “the"], 0.5), (["is open", "It was"], 0.5), ([], 0.0)],
)
def test_quoted_share_counts_words(page, parts, wanted):
    spans = tuple((TEXT.index(p), TEXT.index(p) + len(p)) for p in parts)
    assert page.quoted_share(spans) == pytest.approx(wanted)


def test_times_in_a_span(page):
    first = page.sentences[0][2]
    assert [TEXT[slice(*t.span)] for t in page.times_in(first)] == ["May 3"]
    assert page.times_in((0, 5)) == []


def test_the_sentence_at_an_offset(page):
    assert page.sentence_index(TEXT.index("road")) == 0
    assert page.sentence_index(TEXT.index("Uganda")) == 2
    assert page.sentence_index(len(TEXT) + 5) == len(page.sentences) - 1
