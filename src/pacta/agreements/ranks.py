"""Ranks: which kind of unit holds which, by the order in which a text brings them in, and which follows which."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pacta.agreements.markers import CONTAINERS, Marker
from pacta.agreements.nodes import UNIT_RANKS
from pacta.agreements.numbers import Reading

GAP = 6  # numbers that a list may skip
_IN_ARTICLES = 11  # the rank of sections that stand within articles
_RIGHT_BELOW = 2  # lines from a section to the article that it holds


def unit_ranks(markers: Sequence[Marker]) -> dict[str, int]:
    """Return the rank of each kind of unit, the outermost lowest; containers nest in the order of their first."""
    order = [m.unit for m in markers if m.unit is not None]
    ranks = dict(UNIT_RANKS)
    for i, kind in enumerate(dict.fromkeys(k for k in order if k in CONTAINERS)):
        ranks[kind] = 1 + i
    units = [m for m in markers if m.unit in ("article", "section")]
    pairs = [(a.unit, b.unit) for a, b in pairwise(units)]
    many = pairs.count(("section", "section")) > pairs.count(("article", "article")) and "article" in order
    if many or _begin_with_article(units):
        ranks["section"] = _IN_ARTICLES
    return ranks


def _begin_with_article(units: Sequence[Marker]) -> bool:
    """Tell whether sections come in after an article, and none of them holds articles."""
    if not units or units[0].unit != "article" or all(m.unit == "article" for m in units):
        return False
    return not any(
        a.unit == "section" and b.unit == "article" and b.index - a.index <= _RIGHT_BELOW for a, b in pairwise(units)
    )


def may_jump(marker: Marker, last: Reading) -> bool:
    """Tell whether a unit out of turn is one: a first one after others, or one that skips a few."""
    for reading in marker.readings:
        if reading.is_first:
            return marker.line.clean
        if reading.type == last.type and reading.value > last.value:
            return marker.line.clean and (marker.lone or reading.value - last.value <= GAP)
    return not marker.readings and marker.line.clean


def series(kind: str, word: str) -> str:
    """Return what is numbered on its own: annexes and appendices are, one kind as they are."""
    return f"{kind} {word}" if kind == "annex" else kind
