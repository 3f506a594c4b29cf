"""The learned scorer: trees by hand, rates by hand, what it drops and adds, and that it is optional."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pacta import resources
from pacta.errors import KnowledgeError
from pacta.pipeline import Converter, annotate_text
from pacta.statements import scoring
from pacta.statements.candidates import key_of
from pacta.statements.scoring import Rates, Scorer, Trees, load

MODEL = resources.path("seeds") / "models" / "attribution.npz"
SAID = "The governor of Zenda said that the bridge was mined. The ferrymen grumbled that nobody had paid them."


def stump(value: float) -> Trees:
    """One tree: +value where feature 0 is above 0.5, else -value; and one that is a leaf of 0."""
    return Trees(
        np.array([0, -1, -1, -1], np.int16),
        np.array([0.5, 0, 0, 0], np.float32),
        np.array([1, 0, 0, 0], np.int32),
        np.array([2, 0, 0, 0], np.int32),
        np.array([0, -value, value, 0], np.float32),
        np.array([0, 3], np.int32),
        0.0,
    )


def constant(chance: float, known: set[str], *, add: float = 0.5, drop: float = 0.2) -> Scorer:
    """A scorer that gives everything the same probability."""
    trees = replace(stump(0.0), base=float(np.log(chance / (1 - chance))))
    return Scorer(("tokens",), Rates({}, {}, {}), trees, frozenset(known), add, drop)


def quotes(monkeypatch: pytest.MonkeyPatch, scorer: Scorer | None, text: str) -> list[str]:
    monkeypatch.setattr(scoring, "model", lambda: scorer)
    found: list[dict[str, Any]] = annotate_text(text, published="2020-01-02")["statements"]
    return [" … ".join(text[a:b] for a, b in s["content"]) for s in found if s["speechMode"] != "narration"]


def test_trees_are_walked_from_root_to_leaf():
    rows = np.array([[0.4], [0.5], [0.6]], np.float32)
    got = stump(2.0).probability(rows)
    assert got == pytest.approx([1 / (1 + np.exp(2)), 1 / (1 + np.exp(2)), 1 / (1 + np.exp(-2))], rel=1e-5)


def test_rates_are_smoothed_towards_the_prior():
    rates = Rates({"say": (9, 10)}, {"say|ccomp": (8, 10), "say|after": (1, 4)}, {"mayor": (5, 5)})
    got = rates.of("say", ["after", "ccomp", "unseen"], "mayor")
    assert got["cue rate"] == pytest.approx((9 + 3 * 0.08) / 13)
    assert got["cue seen"] == pytest.approx(np.log(11))
    assert got["best frame rate"] == pytest.approx((8 + 2 * 0.08) / 12)
    assert got["least frame rate"] == pytest.approx((1 + 2 * 0.08) / 6)
    assert got["source rate"] == pytest.approx((5 + 5 * 0.16) / 10)
    assert rates.of("hum", [], None)["cue rate"] == pytest.approx(0.08)


def test_candidates_offer_each_stretch_that_may_be_the_content(converter: Converter):
    (doc,) = converter.nlp.pipe(["The ferrymen grumbled that nobody had paid them."])
    assert key_of(doc[2]) == "grumble"
    assert key_of(doc[1]) == "n:ferryman"
    assert key_of(doc[0]) is None


def test_without_a_model_the_rules_stand_alone(monkeypatch: pytest.MonkeyPatch):
    assert quotes(monkeypatch, None, SAID) == ["the bridge was mined"]


def test_what_is_likely_is_added_and_what_is_not_is_dropped(monkeypatch: pytest.MonkeyPatch):
    added = quotes(monkeypatch, constant(0.9, {"grumble"}), SAID)
    assert added[0] == "the bridge was mined"
    assert len(added) == 2
    assert quotes(monkeypatch, constant(0.1, {"say", "grumble"}), SAID) == []
    assert quotes(monkeypatch, constant(0.4, {"say", "grumble"}), SAID) == ["the bridge was mined"]


@pytest.mark.parametrize(
    "text",
    [
        "The army refused to comment on the raid.",
        "The army did not say that the bridge was mined.",
        "Will the army say that the bridge was mined?",
        "The army issued a statement on the raid.",
        "The army was expected to hold the bridge.",
    ],
)
def test_what_the_rules_leave_out_on_purpose_is_not_added(monkeypatch: pytest.MonkeyPatch, text: str):
    known = {"refuse", "comment", "say", "issue", "expect"}
    assert quotes(monkeypatch, constant(0.99, known), text) == quotes(monkeypatch, None, text)


@pytest.mark.parametrize(
    "text",
    [
        "The Ruritanian army denied that it had fired on the ferry.",
        "The Ruritanian army was quick to deny that.",
        "“The ferry was ours,” the mayor of Zenda said.",
    ],
)
def test_denials_long_cues_and_direct_speech_stand_whatever_their_chance(monkeypatch: pytest.MonkeyPatch, text: str):
    rules = quotes(monkeypatch, None, text)
    assert rules
    assert quotes(monkeypatch, constant(0.01, {"deny", "say", "be quick"}), text) == rules


def test_the_chance_is_the_confidence_of_what_is_added(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(scoring, "model", lambda: constant(0.6, {"say", "grumble"}))
    said, grumbled = annotate_text(SAID, published="2020-01-02")["statements"]
    assert (said["confidence"] > 0.6, grumbled["confidence"]) == (True, 0.6)


def test_the_model_that_ships_is_sound_and_small():
    scorer = load(MODEL)
    assert MODEL.stat().st_size < 2_000_000
    assert {"say", "deny", "be sure"} & scorer.known >= {"say", "deny"}
    assert scorer.trees.feature.max() < len(scorer.names)
    assert 0 < scorer.drop < scorer.add < 1
    assert all(len(key.split()) <= 3 for key in scorer.known), "single lemmas, no text"
    assert all(" " not in key for key in scorer.rates.sources)


def test_a_file_that_is_no_model_is_named(tmp_path: Path):
    file = tmp_path / "attribution.npz"
    file.write_bytes(b"no model")
    with pytest.raises(KnowledgeError, match="no model of attributions"):
        load(file)


def test_a_tree_with_too_many_leaves_is_told_with_the_file(tmp_path: Path):
    path = tmp_path / "deep.npz"
    with np.load(MODEL) as file:
        arrays = {name: file[name] for name in file.files}
    inner = 64  # a comb: each inner node has a leaf on its left and the next inner node on its right
    arrays |= {
        "feature": np.array([0] * inner + [-1] * (inner + 1), np.int16),
        "threshold": np.zeros(2 * inner + 1, np.float32),
        "left": np.array([inner + n for n in range(inner)] + [0] * (inner + 1), np.int32),
        "right": np.array([n + 1 for n in range(inner - 1)] + [2 * inner] + [0] * (inner + 1), np.int32),
        "value": np.zeros(2 * inner + 1, np.float32),
        "roots": np.array([0], np.int32),
    }
    np.savez(path, **arrays)
    with pytest.raises(KnowledgeError, match=r"64 leaves[\s\S]*deep\.npz"):
        load(path)
