"""The learned encoder: which words of a text report, and for each who speaks and what is said. Optional.

Its files (seeds/models/encoder/) are two parts of one small transformer: `lower.onnx` reads the words once and finds
the cues, `upper.onnx` goes on from there, once for each cue, marked, to find its source and content.
seeds/models/ENCODER.md says what it was trained on, benchmarks/train_encoder.py makes it again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pacta import resources
from pacta.errors import KnowledgeError
from pacta.model import Span
from pacta.statements.confidence import logit, weighed
from pacta.statements.pieces import OPENING, Pieces, Unit, units, word_runs

Floats = npt.NDArray[np.float32]
OTHER, SOURCE, CONTENT, CUE = range(4)  # what a word is to the cue that is marked
FIGURES = ("chance", "agreed", "sure", "sourceless", "length")
_GAP = 3  # words and signs
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the encoder reads at one word. `head`: that word; spans may be empty.

    `chance`: how likely the word is a cue; `agreed`: how likely it is one on the second look; `sure`: how likely the
    words of source and content are what they are taken for, on average; `confidence`: how likely both are right.
    """

    head: Span
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    content: tuple[Span, ...]
    chance: float
    agreed: float
    sure: float
    confidence: float = 0.0


def figures(proposal: Proposal) -> list[float]:
    """Return what the confidence in a proposal is computed from, in the order of FIGURES."""
    length = sum(b - a for a, b in proposal.content)
    chances = [logit(p) for p in (proposal.chance, proposal.agreed, proposal.sure)]
    return [*chances, float(not proposal.source), math.log1p(length)]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the encoder makes of a document. `chances`: where a word begins -> how likely it is a cue."""

    proposals: tuple[Proposal, ...] = ()
    chances: tuple[tuple[int, float], ...] = ()


class Encoder:
    """The model with its vocabulary. `least`: the least chance of a cue that is looked at twice."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # several threads sum in another order
        options.log_severity_level = 3

        def session(name: str) -> Any:
            return onnxruntime.InferenceSession(
                str(folder / f"{name}.onnx"),
                sess_options=options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=["SkipLayerNormFusion"],  # ten times as slow as what it stands for
            )

        self._lower, self._upper = session("lower"), session("upper")
        told = self._lower.get_modelmeta().custom_metadata_map
        self.pieces = Pieces(json.loads(told["vocabulary"]))
        self.about: dict[str, Any] = json.loads(told["about"])
        self.least = float(self.about["least"])

    def read(self, text: str, paragraphs: Iterable[Span]) -> Reading:
        """Return what the paragraphs of a text ascribe to whom."""
        proposals: list[Proposal] = []
        chances: list[tuple[int, float]] = []
        for unit in units(text, paragraphs, self.pieces):
            cues, roles = self._unit(unit)
            words = [i for i, first in enumerate(unit.first) if first]
            chances.extend((unit.spans[i][0], float(cues[i])) for i in words)
            proposals.extend(self._weighed(_proposal(text, unit, i, float(cues[i]), found)) for i, found in roles)
        return Reading(tuple(sorted(proposals, key=lambda p: p.head)), tuple(sorted(chances)))

    def _weighed(self, proposal: Proposal) -> Proposal:
        return replace(proposal, confidence=weighed(self.about["confidence"], figures(proposal)))

    def _unit(self, unit: Unit) -> tuple[Floats, list[tuple[int, Floats]]]:
        """Return the chance of each piece to be a cue and, for each likely cue, the chances of roles.

        A unit is read alone, and so is each mark: beside others it would be filled up to the longest, and rounded to
        eight bits with them.
        """
        given = {"ids": unit.ids, "kinds": unit.kinds, "places": range(len(unit.ids))}
        hidden, told = self._lower.run(None, {name: np.array([each], np.int64) for name, each in given.items()})
        cues = np.array(unit.first, np.float32) / (1 + np.exp(-told[0, :, 0]))
        roles: list[tuple[int, Floats]] = []
        for place in np.nonzero(cues >= self.least)[0].tolist():
            mark = np.zeros((1, len(unit.ids)), np.int64)
            mark[0, place] = 1
            ((told,),) = self._upper.run(None, {"hidden": hidden, "mark": mark})
            told = np.exp(told - told.max(-1, keepdims=True))
            roles.append((place, told / told.sum(-1, keepdims=True)))
        return cues, roles


def _proposal(text: str, unit: Unit, at: int, chance: float, roles: Floats) -> Proposal:
    best = _closed(unit, _quoted(text, unit, roles.argmax(-1)))
    taken = [float(roles[i, best[i]]) for i, first in enumerate(unit.first) if first and best[i] in (SOURCE, CONTENT)]
    spans = {role: word_runs(text, unit, list(best == role)) for role in (SOURCE, CONTENT, CUE)}
    a = unit.spans[at][0]
    b = next((unit.spans[i - 1][1] for i in range(at + 1, len(unit.ids)) if unit.first[i]), unit.spans[-2][1])
    return Proposal(
        (a, b),
        spans[CUE] or ((a, b),),
        spans[SOURCE],
        spans[CONTENT],
        round(chance, 4),
        round(float(roles[at, CUE]), 4),
        round(sum(taken) / len(taken), 4) if taken else 0.0,
    )


def _quoted(text: str, unit: Unit, roles: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Take a quotation for content whose opening mark is: the model was not sure of its words."""
    opened = False
    for i, (a, _) in enumerate(unit.spans):
        inside = unit.kinds[i] % 2 == 1
        if inside and text[a] in OPENING:
            opened = roles[i] == CONTENT
        elif inside and opened and roles[i] == OTHER:
            roles[i] = CONTENT
        opened = opened and inside
    return roles


def _closed(unit: Unit, roles: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Take short gaps in a content for content: words that the model was not sure of."""
    words = [i for i, first in enumerate(unit.first) if first]
    inside = [n for n, i in enumerate(words) if roles[i] == CONTENT]
    for a, b in pairwise(inside):
        if 1 < b - a <= _GAP + 1 and all(roles[words[n]] == OTHER for n in range(a + 1, b)):
            roles[[words[n] for n in range(a + 1, b)]] = CONTENT
    return roles


# --- the file ---------------------------------------------------------------------------------------------------------
def load(folder: Path) -> Encoder:
    """Read a model. Raises: KnowledgeError where its files are none of ours."""
    try:
        return Encoder(folder)
    except Exception as error:  # onnxruntime raises kinds of its own
        remedy = "make it again with benchmarks/train_encoder.py, or remove it: the rules do without"
        raise KnowledgeError(f"this is no encoder of attributions: {error}", str(folder), remedy) from error


@lru_cache(maxsize=1)
def available() -> Encoder | None:
    """Return the model among the seeds, or None, said once, where it or what runs it is not here."""
    folder = path()
    if not (folder / "lower.onnx").is_file():
        _log.warning("the encoder is not at %s: the rules read without it", folder)
        return None
    if importlib.util.find_spec("onnxruntime") is None:
        _log.warning("the encoder needs onnxruntime (pip install pacta[encoder]): the rules read without it")
        return None
    return load(folder)


def model_hash() -> str:
    """Return sha256 over the files of the model, empty where there is none: part of what a record was made with."""
    return _hash(path())


@lru_cache(maxsize=2)
def _hash(folder: Path) -> str:
    files = sorted(folder.glob("*.onnx"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest() if files else ""


def path() -> Path:
    """Return where the model lies among the seeds."""
    return resources.path("seeds") / "models" / "encoder"
