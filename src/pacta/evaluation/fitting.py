"""Fits the model of kinds, and says by folds how well it does on sentences that it was not fitted to.

Needs scikit-learn, which running the model does not.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pacta.claims.kinds import BITS, Classifier, buckets_of

FOLDS = 5
_ALIKE = 0.6  # sentences that share so much of their words stay in one fold
_SLOPES = tuple(np.arange(1.0, 9.0, 0.25))
Buckets = Sequence[npt.NDArray[np.int64]]


def can_fit() -> bool:
    """Tell whether the library that fits is here."""
    return importlib.util.find_spec("sklearn") is not None


def buckets(features: Iterable[frozenset[str]]) -> list[npt.NDArray[np.int64]]:
    return [buckets_of(f) for f in features]


def fit(rows: Buckets, kinds: Sequence[str], *, slope: float = 1.0, corpus: str = "") -> Classifier:
    """Return a linear model, each kind against the others, every kind as heavy as another."""
    from sklearn.svm import LinearSVC

    counts = np.zeros(1 << BITS)
    for row in rows:
        counts[row] += 1
    rarity = (np.log((1 + len(rows)) / (1 + counts)) + 1).astype(np.float32)
    found: Any = LinearSVC(C=1.0, class_weight="balanced", random_state=0, max_iter=5000)
    found.fit(_matrix(rows, rarity), list(kinds))
    weights, bias = np.asarray(found.coef_, dtype=np.float32), np.asarray(found.intercept_)
    if len(weights) == 1:  # of two kinds the library keeps one: the other is its opposite
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return Classifier(tuple(found.classes_), weights, bias, rarity, slope, corpus)


def _matrix(rows: Buckets, rarity: npt.NDArray[np.float32]) -> Any:
    from scipy.sparse import csr_matrix

    values = [rarity[row] / (float(np.sqrt(rarity[row] @ rarity[row])) or 1.0) for row in rows]
    ends = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.concatenate(values), np.concatenate(list(rows)), ends), shape=(len(rows), 1 << BITS))


def held_out(rows: Buckets, kinds: Sequence[str], texts: Sequence[str], seed: int = 0) -> npt.NDArray[np.float64]:
    """Return the margins of each row, [rows, kinds in order], by a model fitted to the other folds.

    Texts that are alike, and through them others, are never in two folds; a kind that the others lack has -10.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    names = sorted(set(kinds))
    margins = np.full((len(rows), len(names)), -10.0)
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for inside, outside in folds.split(np.zeros(len(rows)), list(kinds), groups(texts)):
        model = fit([rows[i] for i in inside], [kinds[i] for i in inside])
        columns = [names.index(kind) for kind in model.kinds]
        for i in outside:
            margins[i, columns] = model.margins(rows[i])
    return margins


def groups(texts: Sequence[str]) -> list[int]:
    """Return the group of each text: those that share most of their words are one."""
    words = [frozenset(re.findall(r"\w+", text.lower())) for text in texts]
    group = list(range(len(texts)))
    for b, right in enumerate(words):
        for a, left in enumerate(words[:b]):
            if len(left & right) >= _ALIKE * len(left | right) and group[a] != group[b]:
                old, new = group[b], group[a]
                group = [new if g == old else g for g in group]
    return group


def best_slope(margins: npt.NDArray[np.float64], kinds: Sequence[str]) -> float:
    """Return the slope at which chances of the margins of held-out rows fit what is right best (log likelihood)."""
    names = sorted(set(kinds))
    right = np.asarray([names.index(kind) for kind in kinds])

    def likelihood(slope: float) -> float:
        powers = slope * margins
        top = powers.max(axis=1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(powers - top).sum(axis=1))
        return float((powers[np.arange(len(right)), right] - total).sum())

    return max(_SLOPES, key=likelihood)
