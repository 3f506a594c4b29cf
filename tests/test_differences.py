"""Differences: the words by which texts of a clause differ, their places, how they are shown; pacta diff on texts."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from pacta import queries
from pacta.agreements import read_structure
from pacta.agreements.differences import (
    ClauseDifference,
    Segment,
    Wording,
    as_dict,
    compare,
    differences,
    html_of,
    segments,
    wordings,
)
from pacta.commands import main
from pacta.store import EmbeddedStore, open_store
from pacta.vocabulary import ID_BASE

DATA = Path(__file__).parent / "data" / "agreements"
OLD = """Pact

Article 1 Halt
The armies stop at the “line”.

Article 2 Captives
1. Prisoners are exchanged.
2. The dead are handed over.

Article 3
Observers count the guns.
"""
NEW = """Pact of the river

Article 1 Halt and stay
The armies stop in the "line" they hold.

Article 2 Captives
1. Prisoners are exchanged within a week.
2. The dead are handed over.

Article 4
The ferry runs again.
"""


def changed(row: tuple[Segment, ...]) -> list[tuple[str, str, str]]:
    return [(segment.kind, segment.old, segment.new) for segment in row if segment.kind != "same"]


@pytest.fixture(scope="module")
def found() -> dict[str, ClauseDifference]:
    pairs = differences(read_structure(OLD), read_structure(NEW))
    return {difference.number: difference for difference in pairs}


# --- whole texts ------------------------------------------------------------------------------------------------------
def test_each_clause_has_its_words(found: dict[str, ClauseDifference]) -> None:
    assert changed(found["1"].segments) == [
        ("inserted", "", "and stay"),
        ("replaced", "at", "in"),
        ("inserted", "", "they hold"),
    ]
    assert changed(found["2.1"].segments) == [("inserted", "", "within a week")]
    assert (found["2.2"].status, found["2.2"].differs) == ("same", False)
    assert (found["3"].status, found["3"].new_number) == ("removed", None)
    assert (found["4"].status, found["4"].old_number) == ("added", None)
    assert {s.kind for s in found["3"].segments} == {"deleted"}
    assert {s.kind for s in found["4"].segments} == {"inserted"}


def test_offsets_lead_back_to_the_texts(found: dict[str, ClauseDifference]) -> None:
    for difference in found.values():
        for segment in difference.segments:
            for text, span, words in ((OLD, segment.old_span, segment.old), (NEW, segment.new_span, segment.new)):
                assert bool(span) == bool(words)
                if span:
                    assert " ".join(text[slice(*span)].split()) == words
    heading = found["1"].segments[1]
    assert heading.new_span is not None
    assert NEW[slice(*heading.new_span)] == "and stay"


def test_two_languages_are_not_compared_word_by_word() -> None:
    pairs = differences(read_structure("1. Peace.\n"), read_structure("1. La paix.\n"), same_language=False)
    assert [(p.status, p.segments, p.differs) for p in pairs] == [("translated", (), False)]


# --- wordings ---------------------------------------------------------------------------------------------------------
def test_quotation_marks_dashes_and_case_are_no_change() -> None:
    assert not changed(segments("the “Parties’ line”", 'the "Parties\' line"'))
    assert not changed(segments("The PARTIES", "The Parties", case=False))
    assert changed(segments("The PARTIES", "The Parties"))


@given(st.text(alphabet="ab .\n12é", max_size=60), st.text(alphabet="ab .\n12é", max_size=60))
def test_segments_rebuild_both_sides(old: str, new: str) -> None:
    row = segments(old, new)
    assert "".join("".join(s.old.split()) for s in row) == "".join(old.split())
    assert "".join("".join(s.new.split()) for s in row) == "".join(new.split())
    for segment in row:
        assert (segment.kind == "inserted") == (segment.old_span is None)
        assert (segment.kind == "deleted") == (segment.new_span is None)


def wording(text: str, language: str = "en", words: str | None = None, *phrases: str) -> Wording:
    return Wording(f"urn:{text}", text, language, words, phrases)


def test_each_text_is_compared_with_the_first_of_its_language() -> None:
    rows = compare(
        [
            wording("a", "en", None, "stop at the line"),
            wording("b", "en", "The armies stop at the line."),
            wording("c", "en", "The armies stop in the line."),
            wording("d", "ru", "Армии стоят."),
            wording("e", "ru", "Армии остаются."),
        ]
    )
    assert [(row.first.label, row.second.label) for row in rows] == [("b", "a"), ("b", "c"), ("d", "e")]
    assert changed(rows[1].segments) == [("replaced", "at", "in")]
    assert rows[0].segments == ()
    assert rows[1].differs


def test_a_base_in_another_language_leaves_texts_uncompared() -> None:
    rows = compare([wording("a", "en-GB", "Peace."), wording("b", "fr", "La paix.")], base="urn:a")
    assert [(row.is_translation, row.segments, row.differs) for row in rows] == [(True, (), False)]
    regional = compare([wording("a", "en-GB", "Peace."), wording("b", "en", "Peace now.")])
    assert changed(regional[0].segments) == [("inserted", "", "now")]


def test_phrases_find_their_like() -> None:
    (row,) = compare(
        [
            wording("a", "en", None, "shall stop at their positions", "contingent"),
            wording("b", "en", None, "force", "shall stop in their positions"),
        ]
    )
    assert [changed(phrase) for phrase in row.phrases] == [
        [("replaced", "at", "in")],
        [("deleted", "contingent", "")],
        [("inserted", "", "force")],
    ]


# --- written down -----------------------------------------------------------------------------------------------------
def test_html_is_escaped_and_marks_both_sides() -> None:
    row = segments("a <b>bold</b> word", "a <i>thin</i> word & more")
    told = html_of(row)
    assert "<del>b</del> <ins>i</ins>" in told
    assert "&lt;" in told
    assert "&amp; more" in told
    assert "<b>" not in told
    assert html_of(segments("stop , it", "stop, it")) == "stop, it"


def test_plain_values_hold_kinds_and_spans(found: dict[str, ClauseDifference]) -> None:
    value = json.loads(json.dumps(as_dict(found["1"])))
    assert value["number"] == "1"
    assert value["segments"][1]["kind"] == "inserted"
    assert value["segments"][1]["oldSpan"] is None
    (row,) = compare([wording("a", "en", None, "one"), wording("b", "en", None, "two")])
    assert json.loads(json.dumps(as_dict(row)))["phrases"][0][0]["kind"] == "deleted"


# --- the shipped texts ------------------------------------------------------------------------------------------------
def test_the_shipped_texts_of_the_first_agreement_differ_word_by_word(seed_store: EmbeddedStore) -> None:
    values = {"agreement": f"{ID_BASE}agreement/arm-aze-rus-2020-11", "number": "1"}
    texts = wordings(rows_of(seed_store, values))[f"{values['agreement']}/clause/1"]
    found = {row.second.text.rpartition("/")[2]: row for row in compare(texts)}
    words = {text: [changed(phrase) for phrase in row.phrases] for text, row in found.items()}
    assert len(texts) >= 7
    assert any(("replaced", "at", "in") in phrase for phrases in words.values() for phrase in phrases), words
    assert {row.first.language for row in found.values()} == {"en"}


def test_the_order_of_signatories_is_a_difference_too(seed_store: EmbeddedStore) -> None:
    values = {"agreement": f"{ID_BASE}agreement/arm-aze-rus-2020-11", "number": "preamble"}
    (texts,) = wordings(rows_of(seed_store, values)).values()
    assert len(texts) >= 5
    assert any(row.differs for row in compare(texts))


def rows_of(store: EmbeddedStore, values: dict[str, str]) -> list[dict[str, str | None]]:
    answer = queries.run(store, "agreements/wording-variants", values)
    return [
        {name: getattr(term, "value", None) for name, term in zip(answer.variables, row, strict=True)}
        for row in answer.rows
    ]


# --- the verb ---------------------------------------------------------------------------------------------------------
class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)


def pacta(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_diff_writes_a_page(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text(OLD, "utf-8")
    (tmp_path / "new.txt").write_text(NEW.replace("week", "<script>week</script>"), "utf-8")
    result = pacta("diff", tmp_path / "old.txt", tmp_path / "new.txt", "-f", "html")
    assert result.exit_code == 1, result.stderr
    tags = Tags()
    tags.feed(result.stdout)
    assert "script" not in tags.seen
    assert {"del", "ins", "table", "th"} <= set(tags.seen)
    assert "Pact and Pact of the river" in result.stdout
    page = tmp_path / "page.html"
    assert pacta("diff", tmp_path / "old.txt", tmp_path / "new.txt", "-o", page).exit_code == 1
    assert page.read_text("utf-8") == result.stdout


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("1. Peace.\n2. Bread.\n", "utf-8")
    (tmp_path / "new.txt").write_text("1. Peace \u202ereversed\u202c now.\n2. Bread.\n", "utf-8")
    result = pacta("diff", tmp_path / "old.txt", tmp_path / "new.txt")
    assert "\u202e" not in result.stdout
    assert "reversed" in result.stdout


def test_same_texts_are_exit_code_0() -> None:
    assert pacta("diff", DATA / "accord.txt", DATA / "accord.txt").exit_code == 0
    shown = pacta("diff", DATA / "accord.txt", DATA / "accord.txt", "--all", "-f", "json")
    assert json.loads(shown.stdout)["counts"] == {"same": 10}


def test_diff_compares_two_texts_of_a_store(seed_store: EmbeddedStore, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        store.bulk_add(seed_store.quads())
    texts = [f"agreement/arm-aze-rus-2020-11/text/{name}" for name in ("arm-pm-en", "rus-pres-en", "rus-pres-ru")]
    result = pacta("diff", texts[0], texts[1], "--store", tmp_path / "store")
    assert result.exit_code == 1, result.stderr
    assert "1: changed\n    shall stop [-at-] {+in+} their current positions" in result.stdout
    translated = pacta("diff", texts[0], texts[2], "--store", tmp_path / "store", "-f", "json")
    assert json.loads(translated.stdout)["counts"]["translated"] >= 3
    whole = [f"{ID_BASE}{text}" for text in texts]
    assert pacta("diff", whole[0], whole[1], "--store", tmp_path / "store").stdout == result.stdout
    assert pacta("diff", texts[0], texts[0], "--store", tmp_path / "store").exit_code == 0
    missing = pacta("diff", texts[0], f"{texts[1]}-none", "--store", tmp_path / "store")
    assert missing.exit_code == 2
    assert "holds no text" in missing.stderr
    assert pacta("diff", texts[0], texts[1]).exit_code == 2
