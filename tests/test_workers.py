"""Processes that work on batches: results in order, and a process that dies takes nothing with it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from pacta import workers

MARK: list[str] = []


def start(folder: str) -> None:
    MARK[:] = [folder]


def doubled(batch: list[int]) -> list[int]:
    """Double numbers; 13 ends its process each time, 7 the first time."""
    for number in batch:
        once = Path(MARK[0]) / "seven"
        if number == 13 or (number == 7 and not once.exists()):
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return [2 * number for number in batch]


@pytest.mark.parametrize("size", [1, 4])
def test_results_come_in_order_though_processes_die(tmp_path: Path, size: int) -> None:
    batches = workers.batched(range(20), size, lambda _: 1, 100)
    found = list(workers.in_order(doubled, batches, jobs=2, start=start, arguments=(str(tmp_path),), lost=lambda n: -n))
    assert found == [-13 if number == 13 else 2 * number for number in range(20)]


def test_batches_are_bounded_in_number_and_weight() -> None:
    assert list(workers.batched("aaabbbbbc", 3, lambda _: 1, 100)) == [list("aaa"), list("bbb"), list("bbc")]
    assert list(workers.batched([5, 5, 5, 1], 10, lambda n: n, 10)) == [[5, 5], [5, 1]]
    assert list(workers.batched([], 10, lambda n: n, 10)) == []


def test_few_items_need_no_further_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 4)
    for given, count, expected in (
        (None, workers.FEW, 1),
        (None, workers.FEW + 1, 4),
        (1, 1000, 1),
        (3, 2, 3),
    ):
        jobs, stream = workers.share(range(count), given)
        assert (jobs, list(stream)) == (expected, list(range(count)))
