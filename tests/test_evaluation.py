"""Evaluation: every scorer on examples small enough to count by hand, and floors for the corpora that are here."""

from __future__ import annotations

import importlib.util
import json
import unittest
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from pacta.commands.evaluate import command
from pacta.errors import UnreadableFile
from pacta.evaluation import attribution, kinds, reports, sentences
from pacta.evaluation.attribution import Measured, Ruler, Triple
from pacta.evaluation.measures import Score, Tally, WrongParty, jaccard, pair, total, words
from pacta.evaluation.table import as_table, fallen
from pacta.model import Record
from pacta.pipeline import Converter, default_converter

GOLD = Path(__file__).parent / "gold"
CORPORA = Path(__file__).parents[2] / "shared" / "data"
FLOORS = json.loads((GOLD / "floors.json").read_text(encoding="utf-8"))


# --- measures ---------------------------------------------------------------------------------------------------------
def test_a_tally_gives_rates_and_nothing_gives_none():
    tally = Tally(3, 4, 6)
    assert (tally.precision, tally.recall, tally.f1) == (75.0, 50.0, 60.0)
    assert (Tally().precision, Tally().recall, Tally().f1) == (0.0, 0.0, 0.0)
    assert total([{"a": Tally(1, 2, 3)}, {"a": Tally(1, 1, 1), "b": Tally()}]) == {"a": Tally(2, 3, 4), "b": Tally()}


def test_words_and_jaccard():
    text = "“No,” she said; it’s so."
    assert words(text, [(0, 10)]) == {1, 6}
    assert words(text, None) == frozenset()
    assert jaccard(frozenset({1, 2, 3}), frozenset({2, 3, 4})) == 0.5
    assert jaccard(frozenset(), frozenset()) == 1.0
    assert jaccard(frozenset(), frozenset(), empty=0.0) == 0.0


def test_pairs_are_as_many_as_can_be():
    fits = {("p", "a"), ("p", "b"), ("q", "a")}
    assert pair("pq", "ab", lambda p, g: (p, g) in fits) == {0: 1, 1: 0}
    assert pair("pq", "a", lambda p, g: True) == {0: 0}


# --- attribution ------------------------------------------------------------------------------------------------------
TEXT = "The mayor said the dam had burst. “It holds,” the army replied."
#       0   4     10   15  19  23  27      35          46  50   55


def at(part: str) -> tuple[tuple[int, int], ...]:
    return ((TEXT.index(part), TEXT.index(part) + len(part)),)


def ruler() -> Ruler:
    verbs = {"said": "said", "replied": "replied"}
    rows = [(TEXT.index(w), TEXT.index(w) + len(w), TEXT.index(h)) for w, h in verbs.items()]
    return Ruler(TEXT, lambda: rows)


def test_standoff_is_read_with_broken_spans_and_without_empty_events():
    standoff = (
        "T1\tSource 0 9\tThe mayor\nT2\tCue 10 14\tsaid\nT3\tContent 15 22;27 32\tthe dam burst\n"
        "E1\tContent:T3 Source1:T1 Cue:T2\nE2\tCue:T2 Source:T1\n"
    )
    assert list(attribution.parse_gold(standoff)) == [Triple(((0, 9),), ((10, 14),), ((15, 22), (27, 32)))]


def test_a_ruler_counts_words_heads_and_quotation_marks():
    said, replied = ruler().measure(
        [
            Triple(at("The mayor"), at("said"), at("the dam had burst")),
            Triple(at("the army"), at("replied"), at("It holds")),
        ]
    )
    assert (len(said.source), len(said.content), said.head, said.kind) == (2, 4, TEXT.index("said"), "indirect")
    assert (len(replied.content), replied.head, replied.kind) == (2, TEXT.index("replied"), "direct")
    assert ruler().measure([Triple((), (), at("“"))]) == []
    (mixed,) = ruler().measure([Triple((), (), at("burst. “It holds"))])
    assert (mixed.kind, mixed.head) == ("mixed", None)


def test_the_head_of_a_cue_of_several_words_is_the_one_that_hangs_outside():
    rows = [(0, 3, 4), (4, 9, 10), (10, 14, 10)]  # The → mayor → said, the root
    assert Ruler(TEXT, lambda: rows).head(((0, 14),)) == 10
    assert Ruler(TEXT, lambda: rows).head(((0, 9),)) == 4
    assert Ruler(TEXT, lambda: rows).head(((40, 44),)) is None


def measured(source: str, content: str, head: int | None, kind: str = "indirect") -> Measured:
    return Measured(frozenset(map(ord, source)), frozenset(map(ord, content)), head, kind)


def test_an_article_is_scored_as_counted_by_hand():
    gold = [measured("m", "abcd", 1), measured("n", "efgh", 2, "direct"), measured("", "xy", None)]
    found = [
        measured("m", "ab", 1),  # half of the content, source and cue: a whole triple, but not the same content
        measured("z", "efgh", 2),  # all of the content, the cue, the wrong source
        measured("m", "q", 9),  # nothing
    ]
    got = attribution.score_article(found, gold)
    assert got["content"] == Tally(2, 3, 3)
    assert got["content="] == Tally(1, 3, 3)
    assert got["content-words"] == Tally(6, 7, 10)
    assert got["cue"] == Tally(2, 3, 2)  # one gold attribution has no cue
    assert got["source"] == Tally(1, 3, 2)  # one has no source
    assert got["who+what"] == Tally(1, 3, 3)
    assert got["triple"] == Tally(1, 3, 3)
    assert (got["direct"], got["indirect"], got["mixed"]) == (Tally(1, 1, 1), Tally(1, 2, 2), Tally())


def test_no_source_on_both_sides_is_the_same_source():
    assert attribution.score_article([measured("", "a", 1)], [measured("", "a", 1)])["triple"] == Tally(1, 1, 1)


def test_the_sentences_of_a_quotation_are_one_attribution_and_narration_is_none(converter: Converter):
    text = "“The bridge has burnt. Nobody was hurt,” the mayor of Zenda said. He added that the ferry would run."
    record = converter.record(attribution.Article("zenda", text, ()).document())
    assert isinstance(record, Record)
    found = attribution.attributions_of(record)
    assert [" … ".join(text[a:b] for a, b in each.content) for each in found] == [
        "The bridge has burnt. … Nobody was hurt",
        "the ferry would run",
    ]


def corpus(folder: Path, name: str = "a_2020-01-02_x") -> Path:
    for part in ("text", "attributions"):
        (folder / "dev" / part).mkdir(parents=True)
    (folder / "dev" / "text" / f"{name}.txt").write_text("The mayor of Zenda said the dam had burst.", "utf-8")
    gold = "T1\tSource 0 18\tx\nT2\tCue 19 23\tx\nT3\tContent 24 41\tx\nE1\tContent:T3 Source:T1 Cue:T2\n"
    (folder / "dev" / "attributions" / f"{name}_ann.ann").write_text(gold, "utf-8")
    (folder / "dev" / "attributions" / f"{name}_zoe.ann").write_text("", "utf-8")
    return folder


def test_a_corpus_is_read_from_its_folder_and_the_first_annotator_counts(tmp_path: Path, converter: Converter):
    (article,) = attribution.load(corpus(tmp_path), "dev")
    assert article.document().metadata.published == "2020-01-02"
    score = attribution.score(converter, tmp_path, "dev")
    assert score.documents == 1
    assert {score.value(m) for m in ("content", "content=", "cue", "source", "who+what", "triple")} == {100.0}
    with pytest.raises(UnreadableFile, match="no attributions"):
        attribution.load(tmp_path, "test")


# --- reports ----------------------------------------------------------------------------------------------------------
REPORT = "Ruritania denied that it fired. Borduria said five guards were hurt."
WANTED = {
    "id": "r1",
    "statements": [
        {"speaker": "Foreign ministry", "party": "Ruritania", "act": "deny", "offsets": [[22, 30]]},
        {"speaker": "Borduria", "party": "Borduria", "act": "warn", "offsets": [[46, 67]]},
        {"speaker": "nobody", "party": None, "act": "assert", "offsets": None},
    ],
    "incidents": [{"what": "shots at guards", "denied_by": ["Ruritania"]}, {"what": "flood", "denied_by": []}],
    "agreement_refs": [{"agreement": "Truce", "clause": "4"}, {"agreement": "Truce", "clause": None}],
    "disputes": [{"who": "Ministry [Ruritania]", "clause": "4"}, {"who": "Borduria", "clause": "whole agreement"}],
}


def found_report(**others: object) -> dict[str, object]:
    said = [
        {"speaker": {"label": "Ruritania"}, "act": "denies", "content": [[22, 30]], "speechMode": "indirect"},
        {"speaker": {"label": "Ruritania"}, "act": "asserts", "content": [[46, 67]], "speechMode": "indirect"},
        {"speaker": {"label": "outlet"}, "act": "asserts", "content": [[0, 31]], "speechMode": "narration"},
    ]
    return {"document": {"id": "r1"}, "text": REPORT, "statements": said, **others}


def test_reports_are_scored_as_counted_by_hand():
    found = found_report(
        disputes=[{"actorLabel": "Ruritania", "clauseNumber": "4"}, {"actorLabel": "Borduria", "clauseNumber": "5"}],
        agreementMentions=[{"agreementLabel": "Truce", "clauseNumber": "4"}],
        incidents=[{"status": "denied"}, {"status": "alleged"}, {"status": "contested"}],
    )
    score = reports.score_reports({"r1": WANTED}, {"r1": REPORT}, {"r1": found})
    assert score.tallies == {
        "content": Tally(2, 2, 2),
        "party": Tally(1, 2, 2),
        "act": Tally(2, 2, 2),  # a warning lies so near an assertion that it counts as one
        "disputes": Tally(1, 2, 2),
        "agreement references": Tally(1, 1, 2),
        "contested incidents": Tally(1, 2, 1),
    }
    assert score.wrong_party == (WrongParty("r1", "Borduria (Borduria)", "Ruritania", "five guards were hurt."),)
    assert (score.value("party"), score.value("disputes")) == (50.0, 50.0)


def test_a_report_that_was_not_converted_counts_as_empty():
    score = reports.score_reports({"r1": WANTED}, {"r1": REPORT}, {}, ["r1: burnt"])
    assert score.tallies["content"] == Tally(0, 0, 2)
    assert score.failed == ("r1: burnt",)


def test_a_party_is_known_by_its_principal_or_by_a_long_word_of_its_name():
    assert reports.same_party("Ruritania", {"speaker": {"label": "the army", "principalLabel": "Ruritania"}})
    assert reports.same_party("Zenda Liberation Army", {"speaker": {"label": "Liberation front"}})
    assert not reports.same_party("Zenda", {"speaker": {"label": "the army"}})
    assert not reports.same_party("", {"speaker": None})


def test_reports_are_read_from_their_folder(tmp_path: Path, converter: Converter):
    line = {"id": "r1", "published": "2020-01-02", "text": REPORT}
    (tmp_path / "reports.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    (tmp_path / "gold.jsonl").write_text(json.dumps(WANTED) + "\n", "utf-8")
    score = reports.score(converter, tmp_path)
    assert (score.documents, score.tallies["content"], score.value("party")) == (1, Tally(2, 2, 2), 100.0)
    with pytest.raises(UnreadableFile, match="no gold"):
        reports.score(converter, tmp_path / "nowhere")


# --- events -----------------------------------------------------------------------------------------------------------
def test_events_are_scored_as_counted_by_hand():
    score = kinds.score_events(["AID", "AID", "YIELD", "AID"], ["AID", "YIELD", "YIELD", None])
    assert score.tallies == {"accuracy": Tally(2, 4, 4), "AID": Tally(1, 1, 3), "YIELD": Tally(1, 2, 1)}
    assert score.value("accuracy") == 50.0
    assert score.value("macro F1") == 58.3  # of 50 and 66.7


def test_what_is_done_by_speaking_comes_before_what_is_spoken_of(tmp_path: Path, converter: Converter):
    act = {"speechMode": "indirect", "act": "condemns", "proposition": {"incidentKind": "shelling"}}
    assert kinds.event_of({"statements": [act]}) == "ACCUSE"
    assert kinds.event_of({"statements": [act | {"act": "asserts"}]}) == "ASSAULT"
    assert kinds.event_of({"statements": [act | {"speechMode": "narration"}]}) == "ASSAULT"
    assert kinds.event_of({"statements": []}) is None
    file = tmp_path / "events.tsv"
    file.write_text("sentence\tgold_root\nRuritania denied that it fired on the ferry.\tREJECT\n", "utf-8")
    assert kinds.score(converter, file).value("accuracy") == 100.0
    file.write_text("words\nnone\n", "utf-8")
    with pytest.raises(UnreadableFile, match="no events"):
        kinds.score(converter, file)


# --- sentences --------------------------------------------------------------------------------------------------------
ITEM = {
    "id": "zenda-1",
    "text": "The army said that the ford was mined, and the navy denied that it was there.",
    "expected": {
        "statements": [
            {"speaker": ["army"], "act": "asserts", "content": "the ford was mined", "cue": "said"},
            {"speaker": "navy", "act": ["denies", "dismisses"], "content": "it was there", "cue": "denied"},
        ]
    },
}


def got(speaker: str, act: str, part: str, mode: str = "indirect") -> dict[str, object]:
    begin = str(ITEM["text"]).index(part)
    return {"speaker": {"label": speaker}, "act": act, "content": [[begin, begin + len(part)]], "speechMode": mode}


def test_sentences_are_scored_as_counted_by_hand():
    found = [
        got("the army", "denies", "the ford was mined"),
        got("the army", "denies", "it was there"),
        got("the army", "asserts", "The army"),
        got("outlet", "asserts", "said", "narration"),
    ]
    tallies, wrong = sentences.score_item(ITEM, found)
    assert tallies == {
        "statement": Tally(0, 3, 2),
        "content": Tally(2, 3, 2),
        "speaker": Tally(1, 2, 2),
        "act": Tally(1, 2, 2),
    }
    assert wrong == [WrongParty("zenda-1", "navy", "the army", "it was there")]


def test_of_two_with_the_same_words_the_one_that_agrees_is_taken():
    found = [got("the navy", "asserts", "the ford was mined"), got("the army", "asserts", "the ford was mined")]
    tallies, wrong = sentences.score_item(ITEM, found)
    assert (tallies["statement"], wrong) == (Tally(1, 2, 2), [])


def test_a_wanted_part_is_marked_by_bars():
    assert sentences.spans_of("that is that", ["is |that|", "is"]) == [(8, 12), (5, 7)]


def test_our_own_sentences_stand(converter: Converter):
    """The same count as `tests/goldmatch.py`, so the two readings of the format agree."""
    import goldmatch

    theirs = goldmatch.scores(goldmatch.annotate_all(goldmatch.load_items(3)))
    score = sentences.score(converter, GOLD / "sentences", level=3)
    tally = score.tallies["statement"]
    rates = {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1}
    assert {name: round(rate, 1) for name, rate in rates.items()} == {name: theirs[name] for name in rates}


def test_a_folder_without_sentences_is_an_error(tmp_path: Path):
    with pytest.raises(UnreadableFile, match="no sentences"):
        sentences.load(tmp_path)
    (tmp_path / "a.jsonl").write_text("{\n", "utf-8")
    with pytest.raises(UnreadableFile, match=r"a\.jsonl:1"):
        sentences.load(tmp_path)


# --- table, floors, command -------------------------------------------------------------------------------------------
SCORE = Score(
    "tiny", 2, {"content": Tally(1, 2, 1), "act": Tally(1, 2, 2)}, frozenset({"act"}), {"mean": 12.34},
    (WrongParty("d", "A", "B", "that it rains"),), ("e: burnt",),
)  # fmt: skip


def test_a_table_shows_rates_shares_and_each_wrong_mouth():
    lines = [line.split() for line in as_table([SCORE]).splitlines()]
    assert ["content", "50.0", "100.0", "66.7", "1", "2", "1"] in lines
    assert ["act", "50.0", "1", "2"] in lines
    assert ["mean", "12.3"] in lines
    assert "    d: said by A, given to B: that it rains" in as_table([SCORE])
    assert "    e: burnt" in as_table([SCORE])


def test_what_falls_below_its_floor_is_named():
    assert fallen(SCORE, {"content": 66.7, "act": 50.0, "mean": 12.3}) == []
    assert fallen(SCORE, {"content": 70.0, "cue": 1.0}) == [
        "tiny: content 66.7, floor 70.0",
        "tiny: cue was not scored",
    ]


def test_the_command_prints_a_table_or_json(tmp_path: Path):
    file = tmp_path / "own.jsonl"
    file.write_text(json.dumps(ITEM | {"level": 2, "published": "2020-01-02"}) + "\n", "utf-8")
    result = CliRunner().invoke(command, ["--own", str(file)])
    assert result.exit_code == 0, result.output
    assert "statement" in result.stdout
    result = CliRunner().invoke(command, ["--own", str(file), "--polnear", str(corpus(tmp_path)), "-f", "json"])
    assert [s["corpus"] for s in json.loads(result.stdout)] == ["attribution (dev)", "sentences"]
    assert json.loads(result.stdout)[1]["measures"]["speaker"] == {"share": 100.0, "right": 2, "wanted": 2}


FROM_CORPORA: dict[str, tuple[str, Callable[[Path], Score]]] = {
    "attribution-dev-20": ("polnear", lambda path: attribution.score(default_converter(), path, "dev", 20)),
    "attribution-dev-20-encoder": (
        "polnear",
        lambda path: attribution.score(default_converter(encoder=True), path, "dev", 20),
    ),
    "reports": ("reports", lambda path: reports.score(default_converter(), path)),
    "events-150": ("plover/PLV_train.tsv", lambda path: kinds.score(default_converter(), path, 150)),
    "events-learned": ("plover/PLV_train.tsv", lambda path: kinds.score_learned(default_converter(), path)),
}


@pytest.mark.parametrize(("least", "precision", "recall"), [(0.0, 0, 50), (0.75, 85, 35)])
def test_what_is_surer_is_oftener_right(least: float, precision: float, recall: float):
    if not (CORPORA / "polnear").exists():
        raise unittest.SkipTest("the corpus polnear is not here; it is not ours to ship")
    scored = attribution.score(default_converter(min_confidence=least), CORPORA / "polnear", "dev", 20)
    tally = scored.tallies["who+what"]
    assert tally.precision >= precision
    assert tally.recall >= recall


@pytest.mark.parametrize("name", FROM_CORPORA)
def test_no_corpus_falls_below_its_floor(name: str):
    place, score = FROM_CORPORA[name]
    if not (CORPORA / place).exists():
        raise unittest.SkipTest(f"the corpus {place} is not here; it is not ours to ship")
    if name.endswith("encoder") and importlib.util.find_spec("onnxruntime") is None:
        raise unittest.SkipTest("onnxruntime is not here; the encoder runs on it")
    if name == "events-learned" and not kinds.can_score_learned(CORPORA / place):
        raise unittest.SkipTest("scikit-learn or the model of kinds is not here; folds need both")
    measured_now = score(CORPORA / place)
    assert not measured_now.failed
    assert not fallen(measured_now, FLOORS[name])
