"""The learned encoder: word pieces, what is joined with the rules from made-up readings, and the model that ships."""

from __future__ import annotations

import importlib.util
import unittest
from pathlib import Path

import numpy as np
import pytest

import goldmatch as gm
from pacta import resources
from pacta.errors import KnowledgeError
from pacta.model import Document, Metadata, Record, Span
from pacta.pipeline import Converter, default_converter
from pacta.statements import encoder, joining
from pacta.statements.encoder import CONTENT, OTHER, Encoder, Proposal, Reading, load
from pacta.statements.pieces import BEGIN, END, LONGEST, PAD, UNKNOWN, Pieces, Unit, units, word_runs

VOCABULARY = (PAD, UNKNOWN, BEGIN, END, "the", "bridge", "said", "cafe", "un", "##real", "##s", "“", "”", ".", ",", "a")
# A text whose content the encoder gives a further clause, which then tells how the agreement is spoken of.
READ_OTHERWISE = {"provisions-214"}
TEXT = "The governor of Zenda said that the bridge was mined. The ferrymen grumbled that nobody had paid them."


def span(text: str, part: str) -> Span:
    at = text.index(part)
    return at, at + len(part)


def proposal(text: str, cue: str, source: str, content: str, confidence: float = 0.9) -> Proposal:
    parts = tuple(span(text, part) for part in content.split(" … "))
    who = (span(text, source),) if source else ()
    return Proposal(span(text, cue), (span(text, cue),), who, parts, 0.9, 0.9, 0.9, confidence)


class Told:
    """Stands in for the encoder: reads what it was told."""

    def __init__(self, *proposals: Proposal, chances: dict[int, float] | None = None) -> None:
        self.reading = Reading(tuple(sorted(proposals, key=lambda p: p.head)), tuple(sorted((chances or {}).items())))

    def read(self, text: str, paragraphs: object) -> Reading:
        return self.reading


def said(converter: Converter, monkeypatch: pytest.MonkeyPatch, text: str, told: Told) -> list[tuple[str, ...]]:
    """Source, content, mode of each attribution, in order."""
    monkeypatch.setattr(converter, "encoder", told)
    record = converter.record(Document("t", "t", len(text), text, Metadata(published="2020-01-02"), "t"))
    assert isinstance(record, Record)
    return [
        (*(" … ".join(text[a:b] for a, b in spans) for spans in (each.source, each.content)), each.speech_mode)
        for each in sorted(record.attributions, key=lambda a: a.content)
        if each.speech_mode != "narration"
    ]


def document_of(item: gm.Item) -> Document:
    return Document(item.id, item.id, len(item.text), item.text, Metadata(published=item.published), item.id)


# --- pieces -----------------------------------------------------------------------------------------------------------
def test_words_are_cut_into_the_longest_pieces_there_are():
    got = [(ids, spans) for ids, spans in Pieces(VOCABULARY).of("The unreals, café “x”")]
    assert got == [
        ([4], [(0, 3)]),
        ([8, 9, 10], [(4, 6), (6, 10), (10, 11)]),
        ([14], [(11, 12)]),
        ([7], [(13, 17)]),
        ([11], [(18, 19)]),
        ([1], [(19, 20)]),
        ([12], [(20, 21)]),
    ]


def test_units_know_offsets_capitals_and_quotation_marks():
    text = "x\n\nThe “BRIDGE” a."
    (unit,) = units(text, [(3, len(text))], Pieces(VOCABULARY))
    assert [text[a:b] for a, b in unit.spans[1:-1]] == ["The", "“", "BRIDGE", "”", "a", "."]
    assert unit.kinds == (0, 2, 1, 5, 0, 0, 0, 0)
    assert unit.at(7) == 2
    assert unit.at(1) is None


def test_a_long_paragraph_is_cut_after_a_full_stop_and_nothing_is_lost():
    text = "The bridge said a. " * 120
    found = list(units(text, [(0, len(text))], Pieces(VOCABULARY)))
    assert len(found) > 1
    assert all(len(u.ids) <= LONGEST + 2 for u in found)
    assert all(text[u.spans[-2][0] : u.spans[-2][1]] == "." for u in found)
    assert [s for u in found for s in u.spans[1:-1]] == [s for _, spans in Pieces(VOCABULARY).of(text) for s in spans]


def test_runs_of_words_close_over_signs_but_not_over_words():
    text = "The bridge, the café said a"
    (unit,) = units(text, [(0, len(text))], Pieces(VOCABULARY))
    chosen = [text[a:b] in ("bridge", "the", "a") for a, b in unit.spans]
    assert [text[a:b] for a, b in word_runs(text, unit, chosen)] == ["bridge, the", "a"]


# --- joining ----------------------------------------------------------------------------------------------------------
def test_what_no_rule_found_is_added_from_its_confidence_on(converter: Converter, monkeypatch: pytest.MonkeyPatch):
    for confidence, count in ((joining.ADD, 2), (joining.ADD - 0.01, 1)):
        new = proposal(TEXT, "grumbled", "The ferrymen", "that nobody had paid them", confidence)
        got = said(converter, monkeypatch, TEXT, Told(new))
        assert got[0][:2] == ("The governor of Zenda", "the bridge was mined")
        assert len(got) == count
    assert ("The ferrymen", "nobody had paid them", "indirect") in said(
        converter, monkeypatch, TEXT, Told(proposal(TEXT, "grumbled", "The ferrymen", "that nobody had paid them"))
    )


def test_what_the_rules_found_is_dropped_where_its_cue_is_unlikely(
    converter: Converter, monkeypatch: pytest.MonkeyPatch
):
    at = TEXT.index("said")
    assert said(converter, monkeypatch, TEXT, Told(chances={at: joining.DROP - 0.01})) == []
    assert len(said(converter, monkeypatch, TEXT, Told(chances={at: joining.DROP}))) == 1
    denied = "The Ruritanian army denied that it had fired on the ferry."
    assert said(converter, monkeypatch, denied, Told(chances={denied.index("denied"): 0.0}))


def test_spans_of_the_encoder_stand_where_it_is_sure(converter: Converter, monkeypatch: pytest.MonkeyPatch):
    text = "The governor of Zenda said that the bridge was mined and that the ferrymen had fled."
    sure = proposal(text, "said", "governor of Zenda", "the bridge was mined")
    doubtful = proposal(text, "said", "governor of Zenda", "the bridge was mined", joining.RECUT - 0.01)
    assert said(converter, monkeypatch, text, Told(sure)) == [
        ("The governor of Zenda", "the bridge was mined", "indirect")
    ]
    assert said(converter, monkeypatch, text, Told(doubtful)) == [
        ("The governor of Zenda", "the bridge was mined and that the ferrymen had fled", "indirect")
    ]


@pytest.mark.parametrize(
    ("whole", "cut"),
    [
        ("the bridge, which he had built, was mined", "the bridge"),
        ("the bridge, which he had built, was mined", "the bridge … was mined"),
        ("the army is yet to leave, contrary to the Hentzau agreement", "the army is yet to leave"),
    ],
)
def test_no_clause_is_cut_where_no_content_ends(
    converter: Converter, monkeypatch: pytest.MonkeyPatch, whole: str, cut: str
):
    text = f"The governor of Zenda said that {whole}."
    got = said(converter, monkeypatch, text, Told(proposal(text, "said", "The governor of Zenda", cut)))
    assert got == [("The governor of Zenda", whole, "indirect")]


def test_what_a_clause_says_of_an_agreement_is_kept(converter: Converter, monkeypatch: pytest.MonkeyPatch):
    text = "Zenda and Strelsau signed the Hentzau agreement. Zenda maintains the Hentzau agreement is void."
    at = text.index("maintains")
    assert ("Zenda", "the Hentzau agreement is void", "indirect") in said(
        converter, monkeypatch, text, Told(chances={at: 0.0})
    )


def test_a_content_that_goes_on_is_said_sentence_by_sentence(converter: Converter, monkeypatch: pytest.MonkeyPatch):
    text = "The mayor of Zenda said the dam had burst. The town was under water. Nobody answered the phone."
    whole = proposal(text, "said", "The mayor of Zenda", "the dam had burst. The town was under water.")
    assert said(converter, monkeypatch, text, Told(whole)) == [
        ("The mayor of Zenda", "the dam had burst", "indirect"),
        ("The mayor of Zenda", "The town was under water.", "indirect"),
    ]


@pytest.mark.parametrize(
    ("text", "cue", "source", "content"),
    [
        ("The army did not say that the bridge was mined.", "say", "The army", "the bridge was mined"),
        ("The army refused to comment on the raid.", "refused", "The army", "to comment on the raid"),
        ("The army attacked the convoy of the mayor.", "attacked", "The army", "the convoy of the mayor"),
    ],
)
def test_what_is_no_statement_is_not_added(
    converter: Converter, monkeypatch: pytest.MonkeyPatch, text: str, cue: str, source: str, content: str
):
    rules = said(converter, monkeypatch, text, Told())
    assert said(converter, monkeypatch, text, Told(proposal(text, cue, source, content))) == rules


# --- the model that ships ---------------------------------------------------------------------------------------------
def shipped() -> Encoder:
    if importlib.util.find_spec("onnxruntime") is None:
        raise unittest.SkipTest("onnxruntime is not here; the encoder runs on it")
    found = encoder.available()
    assert found is not None
    return found


def test_the_model_reads_who_says_what():
    text = "“Nobody was hurt,” the mayor of Zenda said. The weather was fine. He accused the guards of firing first."
    found = {text[slice(*p.head)]: p for p in shipped().read(text, [(0, len(text))]).proposals if p.confidence > 0.5}
    assert set(found) == {"said", "accused"}
    assert [text[slice(*s)] for s in found["said"].source] == ["the mayor of Zenda"]
    assert "Nobody was hurt" in " ".join(text[slice(*s)] for s in found["said"].content)
    assert [text[slice(*s)] for s in found["accused"].source] == ["He"]


def test_the_model_gives_the_same_twice_and_takes_odd_text():
    model = shipped()
    for text in (TEXT, "", " ", "\x00\u200b\ufffd", "“" * 40, "x" * 3000, "日本 " * 300, "said " * 900):
        assert model.read(text, [(0, len(text))]) == model.read(text, [(0, len(text))])


def test_the_model_is_small_and_described():
    shipped()
    files = sorted(encoder.path().glob("*.onnx"))
    assert [f.name for f in files] == ["lower.onnx", "upper.onnx"]
    assert sum(f.stat().st_size for f in files) < 18_000_000
    card = (resources.path("seeds") / "models" / "ENCODER.md").read_text("utf-8")
    assert "train_encoder.py" in card


def test_our_sentences_come_out_right_with_the_encoder():
    shipped()
    converter = default_converter(encoder=True)
    rules = default_converter()
    items, worse = gm.load_items(2), []
    for item in items:
        problems, before = (
            gm.compare(item, each.annotation(each.record(document_of(item)))).problems for each in (converter, rules)
        )
        worse += [(item.id, problems)] if problems and not before else []
    assert {identity for identity, _ in worse} <= READ_OTHERWISE, worse


def test_the_seed_article_says_the_same_with_the_encoder(seed_document: Document):
    shipped()
    one, other = (default_converter(encoder=each) for each in (False, True))
    spoken = [
        sorted((s["speaker"]["iri"], s["act"], tuple(map(tuple, s["content"]))) for s in annotation["statements"])
        for annotation in (c.annotation(c.record(seed_document)) for c in (one, other))
    ]
    assert len(spoken[0]) > 10
    assert [s[:2] for s in spoken[0]] == [s[:2] for s in spoken[1]]
    assert one.run != other.run


def test_what_is_less_sure_is_left_out():
    shipped()
    text = "The mayor of Zenda said that the dam had burst. Some feel that the ferrymen were in on it."
    document = Document("t", "t", len(text), text, Metadata(published="2020-01-02"), "t")
    counts = []
    for least in (0.0, 0.5, 1.0):
        record = Converter(encoder=True, min_confidence=least).record(document)
        assert isinstance(record, Record)
        assert all(a.confidence >= least for a in record.attributions)
        counts.append(len(record.attributions))
    assert counts[0] >= counts[1] > counts[2] == 0


def test_files_of_another_kind_are_refused(tmp_path: Path):
    if importlib.util.find_spec("onnxruntime") is None:
        raise unittest.SkipTest("onnxruntime is not here; the encoder runs on it")
    for name in ("lower", "upper"):
        (tmp_path / f"{name}.onnx").write_bytes(b"no model")
    with pytest.raises(KnowledgeError, match=r"no encoder[\s\S]*train_encoder\.py"):
        load(tmp_path)


def test_without_its_files_the_rules_do_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(encoder, "path", lambda: tmp_path)
    encoder.available.cache_clear()
    try:
        with caplog.at_level("WARNING"):
            assert encoder.available() is None
            assert encoder.available() is None
    finally:
        encoder.available.cache_clear()
    assert len(caplog.records) == 1
    assert "rules" in caplog.text


def test_a_paragraph_reads_the_same_beside_others():
    shipped()
    model = load(encoder.path())
    long = "The ferrymen of Zenda, who had waited at the bridge since morning, said that nobody had paid them. " * 4
    short = "The mayor denied it."
    text = f"{short}\n\n{long}"
    alone, beside = model.read(short, [(0, len(short))]), model.read(text, [(0, len(short)), span(text, long)])
    assert alone.proposals
    assert alone.proposals == beside.proposals[: len(alone.proposals)]


def test_a_quotation_is_content_where_its_opening_mark_is():
    text = "Zenda is “ not safe ” now"
    signs = text.split()
    spans = tuple((at := text.index(w), at + len(w)) for w in signs)
    unit = Unit(tuple(range(7)), (0, 0, 1, 1, 1, 0, 0), spans, (True,) * 7)
    roles = np.array([CONTENT, CONTENT, CONTENT, OTHER, OTHER, OTHER, OTHER])
    assert encoder._quoted(text, unit, roles).tolist() == [CONTENT] * 5 + [OTHER] * 2
    roles = np.array([CONTENT, CONTENT, OTHER, OTHER, OTHER, OTHER, OTHER])
    assert encoder._quoted(text, unit, roles.copy()).tolist() == roles.tolist()
