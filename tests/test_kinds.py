"""The kind of event that words tell of: by the lexicon, by a model counted by hand, by folds."""

from __future__ import annotations

import unittest
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from spacy.tokens import Token

from pacta.annotations import syntax
from pacta.claims import kinds
from pacta.claims.kinds import Classifier
from pacta.errors import KnowledgeError
from pacta.evaluation import fitting
from pacta.evaluation import kinds as scored
from pacta.pipeline import Converter
from pacta.vocabulary import concept

DEEDS = ("assault", "coercion")
OF_FORCE = {"accuses": "accusation", "demands": "request", "denies": "rejection", "pledges": "agreement"}


def words(converter: Converter, text: str) -> list[Token]:
    (parse,) = syntax.parse([text], converter.nlp, converter.reference.is_name, converter.reference.is_place)
    return [token for paragraph in parse.paragraphs for token in paragraph.doc]


def features(converter: Converter, text: str) -> frozenset[str]:
    return kinds.features_of(converter.lexicon, converter.reference, words(converter, text))


def by_hand(**telling: str) -> Classifier:
    """A model with two kinds, in which one feature each tells a kind and nothing else counts."""
    weights = np.zeros((2, 1 << kinds.BITS), np.float32)
    for row, feature in enumerate((telling["assault"], telling["coercion"])):
        weights[row, kinds.buckets_of([feature])] = 40.0
    rarity = np.ones(1 << kinds.BITS, np.float32)
    return Classifier(DEEDS, weights, np.array([-1.0, -1.0]), rarity, 2.0, "none")


# --- features ---------------------------------------------------------------------------------------------------------
def test_words_are_known_by_lemmas_links_predicate_and_lexicon(converter: Converter):
    found = features(converter, "The Ruritanian army did not agree to release seven prisoners.")
    assert {"lemma=release", "form=prisoners", "two=agree to", "link=release>dobj>prisoner"} <= found
    assert {"chain=agree>release", "predicate0=agree", "predicate1=release", "negated", "helper=did"} <= found
    assert {"told=retreat", "predicate1 told=retreat", "lemma=NUMBER"} <= found
    assert "negated" not in features(converter, "The army agreed to release seven prisoners.")


def test_names_do_not_count_as_words(converter: Converter):
    found = features(converter, "Yerevan and Baku sued Zenda.")
    assert "lemma=NAME" in found
    assert not any("yerevan" in f.lower() or "zenda" in f.lower() for f in found)


def test_no_words_have_no_features(converter: Converter):
    assert kinds.features_of(converter.lexicon, converter.reference, []) == frozenset()


def test_buckets_are_each_once_and_the_same_everywhere():
    buckets = kinds.buckets_of(["lemma=b", "lemma=a", "lemma=b"])
    assert list(buckets) == sorted(set(buckets))
    assert (len(buckets), buckets.max() < 1 << kinds.BITS) == (2, True)
    check = 0xCBF43926  # of CRC-32
    assert kinds.buckets_of(["123456789"]).tolist() == [check & ((1 << kinds.BITS) - 1)]


# --- the lexicon ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A court in Strelsau indicted two colonels.", "accusation"),
        ("The prosecutor opened a new inquiry into the dam.", "accusation"),
        ("The prosecutor opened a window.", None),
        ("The governor refused to meet the ferrymen.", "rejection"),
        ("The ferrymen agreed to leave the ford.", "agreement"),
        ("The governor said that rebels shelled the bridge.", "assault"),
        ("The Bordurian navy shares intelligence with the army.", "cooperation"),
        ("The bank lent the island money.", "aid"),
        ("The weather was fine.", None),
    ],
)
def test_the_lexicon_gives_the_kind_of_the_predicate(converter: Converter, text: str, kind: str | None):
    found = kinds.by_lexicon(converter.lexicon, converter.reference, words(converter, text), OF_FORCE)
    assert found == kind


# --- the model --------------------------------------------------------------------------------------------------------
def test_a_verdict_is_as_counted_by_hand():
    model = by_hand(assault="x", coercion="y")
    verdict = model.verdict(kinds.buckets_of(["x", "p", "q", "r"]))
    assert (verdict.kind, verdict.margin) == ("assault", 40 / 2 - 1)  # four features: length 2
    assert verdict.chance == pytest.approx(1.0)
    nothing = model.verdict(kinds.buckets_of([]))
    assert (nothing.margin, nothing.chance) == (-1.0, 0.5)


def test_a_model_is_written_and_read_again(tmp_path: Path):
    model = by_hand(assault="x", coercion="y")
    with (tmp_path / "kinds.npz").open("wb") as file:
        np.savez(file, **kinds.arrays_of(model))
    again = kinds.load(tmp_path / "kinds.npz")
    assert (again.kinds, again.slope, again.corpus) == (model.kinds, model.slope, model.corpus)
    assert np.allclose(again.weights, model.weights, atol=0.2)
    arrays = kinds.arrays_of(model) | {"bias": np.zeros(3)}
    with (tmp_path / "kinds.npz").open("wb") as file:
        np.savez(file, **arrays)
    with pytest.raises(KnowledgeError, match="no model of kinds"):
        kinds.load(tmp_path / "kinds.npz")
    (tmp_path / "kinds.npz").write_bytes(b"x")
    with pytest.raises(KnowledgeError, match="train_kinds"):
        kinds.load(tmp_path / "kinds.npz")


def test_a_deed_without_a_word_in_the_lexicon_is_told_by_the_model(
    converter: Converter, monkeypatch: pytest.MonkeyPatch
):
    tokens = words(converter, "The militia besmirched the mill.")
    verb = next(t for t in tokens if t.dep_ == "ROOT")
    model = by_hand(assault=f"predicate={verb.lemma_.lower()}", coercion="lemma=nothing")
    monkeypatch.setattr(kinds, "model", lambda: model)
    found = kinds.deed(converter.lexicon, converter.reference, tokens, DEEDS)
    assert found is not None
    assert (found[0], found[1].value) == (verb, concept("incident-kind", "assault"))
    assert kinds.deed(converter.lexicon, converter.reference, tokens, ("sanction",)) is None
    denied = words(converter, "The militia never besmirched the mill.")
    assert kinds.deed(converter.lexicon, converter.reference, denied, DEEDS) is None
    unsure = replace(model, bias=np.array([-90.0, -90.0]))
    monkeypatch.setattr(kinds, "model", lambda: unsure)
    assert kinds.deed(converter.lexicon, converter.reference, tokens, DEEDS) is None
    monkeypatch.setattr(kinds, "model", lambda: None)
    assert kinds.deed(converter.lexicon, converter.reference, tokens, DEEDS) is None


def test_the_model_among_the_seeds_is_small_and_knows_every_top_kind():
    model = kinds.model()
    if model is None:
        raise unittest.SkipTest("the model of kinds is not here; the lexicon does without")
    assert sorted(model.kinds) == sorted(scored.kinds_of_events().values())
    assert len(model.kinds) == 15
    assert kinds.model_path().stat().st_size < 500_000


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The Bordurian cabinet has agreed to open the ferry line with Ruritania.", "agreement"),
        ("Ruritania rejected the offer of talks.", "rejection"),
        ("The Ruritanian president met his Bordurian counterpart in Strelsau.", "consultation"),
        ("Rebels killed four guards near the mill.", "assault"),
        ("The opposition demanded that the mayor resign.", "request"),
        ("Ruritania threatened to close the strait.", "threat"),
    ],
)
def test_the_model_reads_plain_sentences(converter: Converter, text: str, kind: str):
    model = kinds.model()
    if model is None:
        raise unittest.SkipTest("the model of kinds is not here; the lexicon does without")
    assert model.verdict(kinds.buckets_of(features(converter, text))).kind == kind


# --- folds ------------------------------------------------------------------------------------------------------------
def test_texts_that_are_alike_are_one_group():
    assert fitting.groups(["a b c d", "x y", "A b, c d.", "z"]) == [0, 1, 0, 3]


def test_folds_judge_each_row_by_what_the_others_show():
    if not fitting.can_fit():
        raise unittest.SkipTest("scikit-learn is not here; it fits the model, running it needs none")
    rows = [kinds.buckets_of([f"x{i % 2}", f"own{i}"]) for i in range(20)]
    wanted = ["even" if i % 2 == 0 else "odd" for i in range(20)]
    texts = [f"text number{i} is word{i} alone{i}" for i in range(20)]
    margins = fitting.held_out(rows, wanted, texts)
    assert [("even", "odd")[m] for m in margins.argmax(axis=1)] == wanted
    lone = fitting.held_out(rows, wanted, ["the same"] * 10 + texts[10:])
    assert lone.shape == (20, 2)
    blind = [kinds.buckets_of([f"own{i}"]) for i in range(20)]
    guessed = fitting.held_out(blind, wanted, texts).argmax(axis=1)
    assert sum(("even", "odd")[m] == w for m, w in zip(guessed, wanted, strict=True)) < 20  # nothing leaks
    assert fitting.best_slope(10 * margins, wanted) <= fitting.best_slope(margins, wanted)


def test_a_file_that_the_model_has_not_seen_is_scored_as_it_is(converter: Converter, tmp_path: Path):
    if kinds.model() is None:
        raise unittest.SkipTest("the model of kinds is not here; the lexicon does without")
    file = tmp_path / "events.tsv"
    file.write_text("sentence\tgold_root\nRuritania rejected the offer of talks.\tREJECT\n", "utf-8")
    assert scored.can_score_learned(file)
    score = scored.score_learned(converter, file)
    assert (score.corpus, score.value("accuracy")) == ("events, learned", 100.0)
