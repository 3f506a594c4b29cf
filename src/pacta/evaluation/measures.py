"""What every scorer measures with: word sets, one-to-one matching, and counts that give precision, recall and F1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

P = TypeVar("P")
G = TypeVar("G")
_WORD = re.compile(r"\w+")
Spans = Iterable[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one measure: right ones, found ones, wanted ones.

    >>> t = Tally(1, 2, 4) + Tally(1, 2, 0)
    >>> t.precision, t.recall, t.f1
    (50.0, 50.0, 50.0)
    """

    right: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.found + other.found, self.wanted + other.wanted)

    @property
    def precision(self) -> float:
        """Percent of the found that are right; 0 where nothing was found."""
        return 100 * self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Percent of the wanted that were found; 0 where nothing was wanted."""
        return 100 * self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class WrongParty:
    """A statement put into another party's mouth: where, who it was, who was named, and how the content begins."""

    document: str
    wanted: str
    found: str
    content: str

    def __str__(self) -> str:
        return f"{self.document}: said by {self.wanted}, given to {self.found}: {self.content}"


@dataclass(frozen=True, slots=True)
class Score:
    """What one corpus gives. `tallies` by measure; of a `shares` measure only the right of all tried is meant.

    `means`: percentages that sum up several measures.
    """

    corpus: str
    documents: int
    tallies: dict[str, Tally]
    shares: frozenset[str] = frozenset()
    means: Mapping[str, float] = field(default_factory=dict)
    wrong_party: tuple[WrongParty, ...] = ()
    failed: tuple[str, ...] = ()

    def value(self, measure: str) -> float:
        """Return the number that is pinned: F1, the share, or the mean."""
        if measure in self.means:
            return round(self.means[measure], 1)
        tally = self.tallies[measure]
        return round(tally.recall if measure in self.shares else tally.f1, 1)

    def as_json(self) -> dict[str, Any]:
        measures: dict[str, Any] = {name: {"mean": self.value(name)} for name in self.means}
        for name, t in self.tallies.items():
            counts = {"right": t.right, "wanted": t.wanted}
            if name in self.shares:
                measures[name] = {"share": self.value(name), **counts}
            else:
                rates = {"precision": round(t.precision, 1), "recall": round(t.recall, 1), "f1": self.value(name)}
                measures[name] = {**rates, **counts, "found": t.found}
        return {
            "corpus": self.corpus,
            "documents": self.documents,
            "measures": measures,
            "wrongParty": [
                {"document": w.document, "wanted": w.wanted, "found": w.found, "content": w.content}
                for w in self.wrong_party
            ],
            "failed": list(self.failed),
        }


def words(text: str, spans: Spans | None) -> frozenset[int]:
    """Return the offsets at which the words of `spans` begin; punctuation does not count.

    >>> sorted(words("“No,” he said.", [[0, 8]]))
    [1, 6]
    """
    return frozenset(m.start() for a, b in spans or () for m in _WORD.finditer(text, a, b))


def jaccard(one: frozenset[int], other: frozenset[int], *, empty: float = 1.0) -> float:
    """Return the share that two sets have in common; `empty` for two empty ones."""
    union = len(one | other)
    return len(one & other) / union if union else empty


def pair(found: Sequence[P], wanted: Sequence[G], fits: Callable[[P, G], Any]) -> dict[int, int]:
    """Return wanted index -> found index, as many pairs as there can be, each used once (augmenting paths, in order).

    >>> pair("ab", "xy", lambda p, g: p == "a" or g == "x")
    {0: 1, 1: 0}
    """
    edges = [[j for j, g in enumerate(wanted) if fits(p, g)] for p in found]
    owner: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j in edges[i]:
            if j in tried:
                continue
            tried.add(j)
            if j not in owner or place(owner[j], tried):
                owner[j] = i
                return True
        return False

    for i in range(len(found)):
        place(i, set())
    return owner


def total(parts: Iterable[dict[str, Tally]]) -> dict[str, Tally]:
    """Return the sum of tallies, measure by measure, in the order in which they first come."""
    out: dict[str, Tally] = {}
    for part in parts:
        for name, tally in part.items():
            out[name] = out.get(name, Tally()) + tally
    return out
