"""Scores as a table for people, and against the floors that they must not fall below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pacta.evaluation.measures import Score

_LINE = "  {:24s} {:>9s} {:>9s} {:>9s}   {:>6s} {:>6s} {:>6s}"


def as_table(scores: Iterable[Score]) -> str:
    """Return precision, recall and F1 of every measure, then each statement in the wrong mouth."""
    lines: list[str] = []
    for score in scores:
        lines += (
            ["", f"{score.corpus}: {score.documents} texts"] if lines else [f"{score.corpus}: {score.documents} texts"]
        )
        lines.append(_LINE.format("", "precision", "recall", "F1", "right", "found", "wanted"))
        for name, tally in score.tallies.items():
            share = name in score.shares
            rates = ("", f"{score.value(name):.1f}", "") if share else _rates(tally.precision, tally.recall, tally.f1)
            found = "" if share else str(tally.found)
            lines.append(_LINE.format(name, *rates, str(tally.right), found, str(tally.wanted)).rstrip())
        lines += [_LINE.format(name, "", "", f"{score.value(name):.1f}", "", "", "").rstrip() for name in score.means]
        if score.wrong_party:
            lines.append(f"  in the wrong mouth ({len(score.wrong_party)}):")
            lines += [f"    {each}" for each in score.wrong_party]
        if score.failed:
            lines.append(f"  could not be converted ({len(score.failed)}):")
            lines += [f"    {each}" for each in score.failed]
    return "".join(f"{line}\n" for line in lines)


def _rates(*values: float) -> tuple[str, ...]:
    return tuple(f"{value:.1f}" for value in values)


def fallen(score: Score, floor: Mapping[str, float]) -> list[str]:
    """Return what lies below its floor, in words; a measure of the floor that was not scored is one such."""
    found = []
    for name, least in sorted(floor.items()):
        if name not in score.tallies and name not in score.means:
            found.append(f"{score.corpus}: {name} was not scored")
        elif score.value(name) < least:
            found.append(f"{score.corpus}: {name} {score.value(name):.1f}, floor {least:.1f}")
    return found
