"""A pool of worker processes: each query runs in one, is ended at its limit, and can harm no other.

    pool = QueryPool(site.snapshots, Limits())
    answer = await pool.run(job, client="192.0.2.7")       # or a Problem: too busy, too slow, too large, no SPARQL
    pool.close()

Every worker has a thread that waits for it, so the pool belongs to no event loop. One client keeps at most all workers
but one busy; its further queries wait while those of others go ahead. A worker that was ended is replaced at once. When
a new snapshot comes, workers are replaced one by one, between queries: no query is dropped, and none waits for it.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections import Counter
from concurrent.futures import Future
from typing import Any, Protocol

from pacta.pages.endpoint.limits import Limits
from pacta.pages.endpoint.process import OUT_OF_MEMORY, OUT_OF_STACK, Answer, Died, Worker
from pacta.pages.endpoint.snapshots import Snapshot
from pacta.pages.responses import Problem

TICK = 0.05  # seconds between two looks at what runs
LONG = 1.0  # seconds after which a query must let others go first
REST = 2.0  # seconds after a worker could not be started

_log = logging.getLogger(__name__)


class Source(Protocol):
    """Where the newest snapshot comes from."""

    def current(self) -> Snapshot: ...


class _Ticket:
    """One query in the pool: waiting, then running since `began` on `worker`, until its future is done."""

    def __init__(self, job: dict[str, Any], client: str) -> None:
        self.job, self.client = job, client
        self.future: Future[Answer] = Future()
        self.worker: Worker | None = None
        self.since = time.monotonic()
        self.began = 0.0
        self.ended: str | None = None  # why it was killed: time, or gone
        self.lowered = False
        self.again = False  # whether it was lost once already


class QueryPool:
    """Workers over the snapshots of `source` within `limits`. They start with the first query, or with `warm()`."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source, self.limits = source, limits
        self._changed = threading.Condition()
        self._waiting: list[_Ticket] = []
        self._running: set[_Ticket] = set()
        self._threads: list[threading.Thread] = []
        self._workers: dict[int, Worker] = {}
        self._renewing = False
        self._resting_until = 0.0
        self._starting = threading.Lock()  # one after the other: the first is there the sooner
        self._closed = False
        self._told: set[str] = set()

    # --- for the server -----------------------------------------------------------------------------------------------
    async def run(self, job: dict[str, Any], *, client: str = "") -> Answer:
        """Return the answer to a job, or raise the Problem to tell the client. Cancel it, and its worker is freed."""
        ticket = _Ticket(job, client)
        with self._changed:
            if self._closed or self._is_full(client):
                raise _busy(self.limits)
            self._start()
            self._waiting.append(ticket)
            self._changed.notify_all()
        try:
            return await asyncio.wrap_future(ticket.future)
        except asyncio.CancelledError:
            self._abandon(ticket)
            ticket.future.add_done_callback(_discard)
            raise

    def warm(self) -> None:
        """Start the workers now."""
        with self._changed:
            self._start()

    def close(self) -> None:
        """End all workers; queries that wait or run get a Problem."""
        with self._changed:
            self._closed = True
            waiting, self._waiting = self._waiting, []
            for ticket in self._running:
                _kill(ticket, "closed")
            self._changed.notify_all()
            threads = self._threads
        for ticket in waiting:
            _fail(ticket, _busy(self.limits))
        for thread in threads:
            thread.join()

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers that are there now."""
        with self._changed:
            return tuple(sorted(worker.pid for worker in self._workers.values()))

    @property
    def busy(self) -> int:
        """How many queries run now."""
        with self._changed:
            return len(self._running)

    def _is_full(self, client: str) -> bool:
        """Tell whether as many queries wait as may: of all clients, or of this one, who may fill half of the places."""
        mine = sum(each.client == client for each in self._waiting)
        free = max(0, self.limits.workers - len(self._running))
        return len(self._waiting) >= self.limits.waiting + free or mine > self.limits.waiting // 2 + free

    # --- one thread for each worker -----------------------------------------------------------------------------------
    def _start(self) -> None:
        if self._threads or self._closed:
            return
        names = [*(f"worker-{number}" for number in range(self.limits.workers)), "warden"]
        for number, name in enumerate(names):
            target = self._warden if name == "warden" else self._serve
            self._threads.append(threading.Thread(target=target, args=(number,), name=name, daemon=True))
        for thread in self._threads:
            thread.start()

    def _serve(self, number: int) -> None:
        worker: Worker | None = None
        while not self._closed:
            worker = self._ready(number, worker)
            ticket = self._next(worker)
            if ticket is None or worker is None:
                continue
            survived = self._done(ticket, worker)
            with self._changed:
                self._running.discard(ticket)
                self._changed.notify_all()
            if not survived:
                self._drop(number, worker)
                worker = None
            del ticket  # it holds on to the snapshot
        self._drop(number, worker)

    def _ready(self, number: int, worker: Worker | None) -> Worker | None:
        """Return a worker on the newest snapshot, or the one before where another thread is being renewed."""
        snapshot = self.source.current()
        if worker is not None and not worker.is_alive:
            self._drop(number, worker)
            worker = None
        if worker is not None and worker.snapshot is snapshot:
            return worker
        with self._changed:
            if self._closed or (worker is not None and not self._may_renew()):
                return worker
            self._renewing = self._renewing or worker is not None
        fresh: Worker | None = None
        try:
            with self._starting:
                fresh = Worker(snapshot, memory=self.limits.memory)
            self._tell(fresh.missing)
        except Exception as error:
            _log.error("no worker could be started: %s", error)
            self._resting_until = time.monotonic() + REST
        with self._changed:
            if worker is not None:
                self._renewing = False
            if fresh is not None:
                self._workers[number] = fresh
            self._changed.notify_all()
        if fresh is None:
            return worker
        if worker is not None:
            worker.close()
        return fresh

    def _may_renew(self) -> bool:
        """Tell whether a worker may leave its place for one on the newest snapshot: one at a time does."""
        return not self._renewing and time.monotonic() >= self._resting_until

    def _next(self, worker: Worker | None) -> _Ticket | None:
        """Wait for a query that this worker may run; None where there is something else to do first."""
        with self._changed:
            while not self._closed:
                if worker is None:
                    if self._waiting and not self._workers:
                        _fail(self._waiting.pop(0), _busy(self.limits))
                    self._changed.wait(REST)
                    return None
                if (ticket := self._eligible()) is not None:
                    self._waiting.remove(ticket)
                    ticket.worker, ticket.began = worker, time.monotonic()
                    self._running.add(ticket)
                    self._changed.notify_all()
                    return ticket
                if not worker.is_alive or (worker.snapshot is not self.source.current() and self._may_renew()):
                    return None
                self._changed.wait(1.0)
        return None

    def _eligible(self) -> _Ticket | None:
        """Return the query that waits longest, of those whose client may keep one more worker busy."""
        busy = Counter(ticket.client for ticket in self._running)
        for ticket in self._waiting:
            if busy[ticket.client] < self.limits.per_client:
                return ticket
        return None

    def _done(self, ticket: _Ticket, worker: Worker) -> bool:
        """Run a query to its end; tell whether the worker can take another."""
        try:
            answer = worker.ask(ticket.job)
        except Died as death:
            if not self._tried_again(ticket, death):
                _fail(ticket, self._problem(ticket, death))
            return False
        except Exception as error:  # the disk is full, an answer that is none
            _log.error("an answer was lost: %s", error)
            _fail(ticket, _lost(5))
            return False
        with self._changed:
            self._running.discard(ticket)  # from now on nobody kills the worker for this query
        if ticket.future.set_running_or_notify_cancel():
            ticket.future.set_result(answer)
        else:
            answer.body.close()
        return not (ticket.lowered or ticket.ended)  # it cannot be raised again, or is being killed

    def _tried_again(self, ticket: _Ticket, death: Died) -> bool:
        """Let a query that somebody else killed, or whose worker was gone already, have a second worker."""
        with self._changed:
            if self._closed or ticket.ended or ticket.again or death.signal in (OUT_OF_MEMORY, *OUT_OF_STACK):
                return False
            ticket.again, ticket.worker, ticket.lowered, ticket.since = True, None, False, time.monotonic()
            self._running.discard(ticket)
            self._waiting.insert(0, ticket)
            return True

    def _drop(self, number: int, worker: Worker | None) -> None:
        with self._changed:
            self._workers.pop(number, None)
        if worker is not None:
            worker.close()

    # --- limits -------------------------------------------------------------------------------------------------------
    def _warden(self, _: int) -> None:
        while not self._closed:
            with self._changed:
                self._look(time.monotonic())
                self._changed.wait(TICK if self._running else 1.0)

    def _look(self, now: float) -> None:
        """End what runs too long, put back what runs long, and turn away what has waited too long."""
        for ticket in [each for each in self._waiting if now - each.since > self.limits.seconds]:
            self._waiting.remove(ticket)
            _fail(ticket, _busy(self.limits))
        for ticket in self._running:
            if now - ticket.began > self.limits.seconds:
                _kill(ticket, "time")
            elif now - ticket.began > LONG and not ticket.lowered and ticket.worker:
                ticket.worker.lower()
                ticket.lowered = True

    def _abandon(self, ticket: _Ticket) -> None:
        with self._changed:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
            elif ticket in self._running:
                _kill(ticket, "gone")

    def _problem(self, ticket: _Ticket, death: Died) -> Problem:
        limits = self.limits
        if ticket.ended == "time":
            return Problem(
                503,
                f"the query was ended after {limits.seconds:g} seconds",
                remedy="ask for less: name more terms, add LIMIT, or take a dump and ask it on your own machine",
                more={"limit": {"seconds": limits.seconds}},
            )
        if death.signal == OUT_OF_MEMORY:
            return Problem(
                422,
                f"the query needs more than {limits.memory // 1_000_000} MB of memory",
                remedy="ask for less: avoid ORDER BY, DISTINCT and joins without a shared variable over everything",
                more={"limit": {"memory": limits.memory}},
            )
        if death.signal in OUT_OF_STACK:
            return Problem(422, "the query is too long or too deeply nested for the engine", remedy="take it apart")
        return _lost(1)

    def _tell(self, missing: tuple[str, ...]) -> None:
        for each in missing:
            if each not in self._told:
                self._told.add(each)
                _log.warning("this system does not offer workers %s; the other limits hold", each)


def _kill(ticket: _Ticket, why: str) -> None:
    if ticket.ended is None:
        ticket.ended = why
        if ticket.worker is not None:
            ticket.worker.kill()


def _discard(future: Future[Answer]) -> None:
    """Close the answer that nobody waits for any more."""
    if not future.cancelled() and future.exception() is None:
        future.result().body.close()


def _fail(ticket: _Ticket, problem: Problem) -> None:
    if ticket.future.set_running_or_notify_cancel():
        ticket.future.set_exception(problem)


def _lost(wait: int) -> Problem:
    return Problem(503, "the query was lost on this server", remedy="try again", headers={"Retry-After": str(wait)})


def _busy(limits: Limits) -> Problem:
    wait = math.ceil(min(limits.seconds, 10.0))
    return Problem(
        503,
        "the endpoint is busy",
        remedy="try again after some seconds, and send one query at a time",
        headers={"Retry-After": str(wait)},
        more={"limit": {"running": limits.workers, "waiting": limits.waiting}},
    )
