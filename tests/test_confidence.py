"""How sure an ascription is: fitted weights, what goes on, and that what the model cannot read keeps its form's."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from pacta.pipeline import Converter
from pacta.statements import confidence, scoring
from pacta.statements.confidence import FIGURES, GOES_ON, figures, groups, judged, logit, weighed
from pages import read

TEXT = "“The road is open,” Kenya said. “Nobody was hurt.” Chad denied that the dam broke."
FLAT = (*[0.0] * len(FIGURES), math.log(3))  # 0.75 whatever is found


def test_a_logistic_regression_by_hand():
    assert weighed((2.0, -1.0, 0.5), (1.0, 3.0)) == round(1 / (1 + math.exp(0.5)), 3)
    assert logit(0.5) == 0
    assert logit(0.0) == pytest.approx(-logit(1.0)) == pytest.approx(math.log(0.001 / 0.999))


def test_the_figures_tell_chance_form_and_source(converter: Converter):
    reading = read(converter, TEXT)
    direct, further, denied = reading.said
    by_name = dict(zip(FIGURES, figures(reading.page, replace(direct, chance=0.5), 3), strict=True))
    assert by_name | {"form": 0, "length": 0} == {
        "chance": 0.0, "unknown": 0.0, "direct": 1.0, "clause": 0.0, "partly quoted": 0.0, "goes on": 2.0, "form": 0,
        "headline": 0.0, "name": 1.0, "length": 0,
    }  # fmt: skip
    unknown = dict(zip(FIGURES, figures(reading.page, replace(denied, chance=None), 0), strict=True))
    assert (unknown["chance"], unknown["unknown"], unknown["clause"]) == (0.0, 1.0, 1.0)
    frames = [[s.frame for s in group] for group in groups([further, denied, direct])]
    assert frames == [["direct", "continued"], ["clause"]]


def test_what_a_cue_introduces_is_as_sure_as_fitted_and_what_goes_on_a_little_less(converter: Converter):
    reading = read(converter, TEXT)
    direct, further, denied = judged(reading.page, reading.said, FLAT)
    assert (direct.confidence, denied.confidence) == (0.75, 0.75)
    assert further.confidence == round(0.75 * GOES_ON, 3)
    without = [replace(s, cue_head=None) for s in reading.said]
    assert judged(reading.page, without, FLAT) == without


def test_the_likelier_reading_is_the_surer(converter: Converter, monkeypatch: pytest.MonkeyPatch):
    scorer = scoring.model()
    assert scorer is not None
    assert len(scorer.sure) == len(FIGURES) + 1
    reading = read(converter, TEXT)
    low, high = (judged(reading.page, [replace(reading.said[0], chance=c)], scorer.sure)[0] for c in (0.2, 0.8))
    assert low.confidence < high.confidence
    monkeypatch.setattr(scoring, "model", lambda: None)
    form = [s.confidence for s in read(converter, TEXT).said]
    assert form == [0.9, 0.75, 0.9], "without the model the form tells it"


def test_every_ascription_that_the_model_can_read_has_its_chance(converter: Converter):
    said = read(converter, TEXT + " He told reporters that it rained.").said
    assert all(s.chance is not None and 0 < s.chance < 1 for s in said)
    assert confidence.GOES_ON < 1
