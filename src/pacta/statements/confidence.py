"""How likely an ascription has both right, who speaks and what is said: from its form and the scorer's chance of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pacta.annotations.annotated import Annotated
from pacta.model import Span
from pacta.statements.said import Said

FIGURES = ("chance", "unknown", "direct", "clause", "partly quoted", "goes on", "form", "headline", "name", "length")
GOES_ON = 0.95  # what goes on in further sentences is less sure than what the cue introduces
_MOST = 2  # further sentences that count


def logit(chance: float) -> float:
    """Return the log odds of a chance, bounded at 0.001 and 0.999."""
    bounded = min(max(chance, 0.001), 0.999)
    return math.log(bounded / (1 - bounded))


def weighed(weights: Sequence[float], figures: Sequence[float]) -> float:
    """Return the probability that a logistic regression gives, to three places. `weights`: the constant last."""
    *slopes, constant = weights
    total = constant + sum(w * x for w, x in zip(slopes, figures, strict=True))
    return round(1 / (1 + math.exp(-total)), 3)


def figures(page: Annotated, said: Said, further: int) -> list[float]:
    """Return what the confidence in an ascription is computed from, in the order of FIGURES.

    `further`: how many sentences go on with it.
    """
    who = [t for span in said.source for t in page.tokens_in(span)]
    return [
        logit(said.chance) if said.chance is not None else 0.0,
        float(said.chance is None),
        float(said.frame == "direct"),
        float(said.frame == "clause"),
        float(said.mode == "mixed"),
        float(min(further, _MOST)),
        said.confidence,
        float(said.headline),
        float(any(t.pos_ == "PROPN" for t in who)),
        math.log1p(len(who)),
    ]


def groups(found: Iterable[Said]) -> list[list[Said]]:
    """Return what is said by cue and source, what the cue introduces first, then what goes on from there."""
    joined: dict[tuple[tuple[Span, ...], tuple[Span, ...]], list[Said]] = {}
    for said in found:
        joined.setdefault((said.source, said.cue), []).append(said)
    return [sorted(same, key=lambda s: s.frame == "continued") for same in joined.values()]


def judged(page: Annotated, found: Sequence[Said], weights: Sequence[float]) -> list[Said]:
    """Give everything that a cue introduces the confidence fitted to how often such is right; others keep theirs."""
    sure: dict[int, float] = {}
    for first, *rest in groups(found):
        if first.cue_head is None:
            continue
        fitted = weighed(weights, figures(page, first, sum(s.frame == "continued" for s in rest)))
        sure |= {id(first): fitted} | {id(s): round(fitted * _share(s), 3) for s in rest}
    return [replace(s, confidence=sure.get(id(s), s.confidence)) for s in found]


def _share(said: Said) -> float:
    return GOES_ON if said.frame == "continued" else 1.0
