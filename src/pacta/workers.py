"""Processes that work on batches: results in order, few batches in flight, a process that dies is replaced.

    for result in in_order(function, batches, jobs=4, start=load, arguments=("en",)):
        ...

`function` takes one batch and returns a result for each of its items. A batch on which a process dies (out of
memory, killed) is tried again alone, then item by item; an item that ends its process twice is handed to `lost`.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

FEW = 64  # items that one process is done with before others have started
_AHEAD = 2  # batches in flight for each process


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share(items: Iterable[Item], jobs: int | None) -> tuple[int, Iterator[Item]]:
    """Return how many processes should work on `items`, and the items.

    None asks for one for each core, and for none beside this one where items are few: each takes seconds to start.
    """
    count, stream = cores() if jobs is None else jobs, iter(items)
    if count > 1 and jobs is None:
        head = list(islice(stream, FEW + 1))
        return (1 if len(head) <= FEW else count), chain(head, stream)
    return count, stream


def batched(items: Iterable[Item], size: int, weight: Callable[[Item], int], limit: int) -> Iterator[list[Item]]:
    """Yield lists of at most `size` items whose weights together hardly exceed `limit`: bounds memory."""
    batch: list[Item] = []
    held = 0
    for item in items:
        batch.append(item)
        held += weight(item)
        if len(batch) >= size or held >= limit:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def in_order(
    function: Callable[[list[Item]], Sequence[Result]],
    batches: Iterable[list[Item]],
    *,
    jobs: int,
    start: Callable[..., None],
    arguments: tuple[Any, ...],
    lost: Callable[[Item], Result],
) -> Iterator[Result]:
    """Yield the results for all items of all batches, in their order; `start(*arguments)` runs once in each process."""
    crew = _Crew(jobs, start, arguments)
    waiting: deque[tuple[list[Item], Future[Sequence[Result]]]] = deque()
    try:
        for batch in batches:
            waiting.append((batch, crew.submit(function, batch)))
            if len(waiting) > _AHEAD * jobs:
                yield from _first(crew, function, waiting, lost)
        while waiting:
            yield from _first(crew, function, waiting, lost)
    finally:
        crew.dismiss()


class _Crew:
    """A pool that can be replaced."""

    def __init__(self, jobs: int, start: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        self.jobs, self.start, self.arguments = jobs, start, arguments
        self.pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        # Not forked: this process may hold a store whose threads and locks a fork would tear.
        return ProcessPoolExecutor(self.jobs, get_context("spawn"), _begin, (self.start, self.arguments))

    def submit(self, function: Callable[[list[Item]], Sequence[Result]], batch: list[Item]) -> Future[Sequence[Result]]:
        try:
            return self.pool.submit(function, batch)
        except BrokenProcessPool:
            self.replace()
            return self.pool.submit(function, batch)

    def replace(self) -> None:
        self.pool.shutdown(wait=False, cancel_futures=True)
        self.pool = self._new()

    def dismiss(self) -> None:
        self.pool.shutdown(wait=True, cancel_futures=True)


def _begin(start: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process ends the work
    start(*arguments)
    settle()


def settle() -> None:
    """Tell the garbage collector that what is loaded by now stays: it need not walk through it again and again.

    For a process of our own, once its knowledge is loaded; a fifth of the time of a validation was spent on that walk.
    """
    gc.collect()
    gc.freeze()


def _first(
    crew: _Crew,
    function: Callable[[list[Item]], Sequence[Result]],
    waiting: deque[tuple[list[Item], Future[Sequence[Result]]]],
    lost: Callable[[Item], Result],
) -> Iterator[Result]:
    """Yield the results of the batch that is first in line; where its process died, after trying it again."""
    batch, future = waiting.popleft()
    try:
        yield from future.result()
        return
    except BrokenProcessPool:
        crew.replace()
    # Whichever batch was to blame, this one is tried alone, and the others after it.
    yield from _alone(crew, function, batch, lost)
    for at, (other, _) in enumerate(waiting):
        waiting[at] = (other, crew.submit(function, other))


def _alone(
    crew: _Crew,
    function: Callable[[list[Item]], Sequence[Result]],
    batch: list[Item],
    lost: Callable[[Item], Result],
) -> Iterator[Result]:
    try:
        yield from crew.submit(function, batch).result()
        return
    except BrokenProcessPool:
        crew.replace()
    if len(batch) == 1:
        yield lost(batch[0])
        return
    for item in batch:
        yield from _alone(crew, function, [item], lost)
