"""The pool of workers and the spool of answers, without a server around them."""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import signal
import sys
import time
import unittest
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.types import Message

from endpoints import EX, make_store, triples
from pacta.pages.endpoint import pool as module
from pacta.pages.endpoint import spool
from pacta.pages.endpoint.limits import Limits
from pacta.pages.endpoint.pool import QueryPool
from pacta.pages.endpoint.process import Answer
from pacta.pages.endpoint.snapshots import Snapshot, Snapshots
from pacta.pages.endpoint.spool import CHUNK, SpooledResponse
from pacta.pages.responses import Problem

LIGHT = f"SELECT ?o {{ <{EX}s7> ?p ?o }}"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def snapshots(tmp_path: Path) -> Iterator[Snapshots]:
    found = Snapshots(make_store(tmp_path / "store", triples(2_000)), interval=60)
    yield found
    found.close()


@pytest.fixture
def make(snapshots: Snapshots) -> Iterator[Callable[..., QueryPool]]:
    made: list[QueryPool] = []

    def new(**limits: Any) -> QueryPool:
        made.append(QueryPool(snapshots, Limits(**limits)))
        return made[-1]

    yield new
    for each in made:
        each.close()


def job(query: str) -> dict[str, Any]:
    formats = {"rows": "csv", "boolean": "csv", "graph": "ntriples"}
    graphs: dict[str, Any] = {"default": [], "named": [], "base": "http://e/", "data": "http://e/"}
    return {"query": query, "formats": formats, "offset": 0, "max_rows": 100, "max_bytes": 1e6, "next": "", **graphs}


async def ask(pool: QueryPool, query: str, client: str = "") -> bytes:
    answer = await pool.run(job(query), client=client)
    with answer.body:
        return answer.body.read()


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        await asyncio.sleep(0.01)


def test_a_pool_serves_one_event_loop_after_the_other(make: Callable[..., QueryPool]) -> None:
    pool = make(workers=1)
    for _ in range(2):
        assert asyncio.run(ask(pool, LIGHT)) == b"o\r\nvalue 7\r\n"


def test_a_cancelled_query_frees_its_worker(make: Callable[..., QueryPool]) -> None:
    pool = make(workers=1, seconds=60)

    async def visit() -> None:
        task = asyncio.create_task(ask(pool, RUNAWAY))
        await until(lambda: pool.busy == 1)
        (before,) = pool.pids
        queued = asyncio.create_task(ask(pool, RUNAWAY))
        await asyncio.sleep(0.05)
        for each in (queued, task):
            each.cancel()
            with pytest.raises(asyncio.CancelledError):
                await each
        assert await ask(pool, LIGHT) == b"o\r\nvalue 7\r\n"
        assert pool.pids != (before,)

    asyncio.run(visit())


def test_who_is_over_the_limit_is_turned_away(make: Callable[..., QueryPool]) -> None:
    pool = make(workers=1, waiting=2, seconds=60)

    async def visit() -> None:
        tasks = [asyncio.create_task(ask(pool, RUNAWAY, client="first"))]
        await until(lambda: pool.busy == 1)
        tasks += [asyncio.create_task(ask(pool, RUNAWAY, client=str(n))) for n in range(2)]
        await asyncio.sleep(0.05)
        with pytest.raises(Problem) as busy:
            await ask(pool, LIGHT, client="another")
        assert (busy.value.status, busy.value.headers) == (503, {"Retry-After": "10"})
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert await ask(pool, LIGHT) == b"o\r\nvalue 7\r\n"

    asyncio.run(visit())


def test_nobody_need_wait(make: Callable[..., QueryPool]) -> None:
    pool = make(workers=2, waiting=0, seconds=60)

    async def visit() -> None:
        assert await ask(pool, LIGHT) == b"o\r\nvalue 7\r\n"
        task = asyncio.create_task(ask(pool, RUNAWAY, client="first"))
        await until(lambda: pool.busy == 1)
        assert await ask(pool, LIGHT, client="second") == b"o\r\nvalue 7\r\n"
        other = asyncio.create_task(ask(pool, RUNAWAY, client="second"))
        await until(lambda: pool.busy == 2)
        with pytest.raises(Problem):
            await ask(pool, LIGHT, client="third")
        for each in (task, other):
            each.cancel()
        await asyncio.gather(task, other, return_exceptions=True)

    asyncio.run(visit())


def test_a_snapshot_that_cannot_be_opened_leaves_the_workers_before(
    make: Callable[..., QueryPool], snapshots: Snapshots, caplog: pytest.LogCaptureFixture
) -> None:
    pool = make(workers=2)
    assert asyncio.run(ask(pool, LIGHT)) == b"o\r\nvalue 7\r\n"
    asyncio.run(until(lambda: len(pool.pids) == 2))
    before = pool.pids
    good = pool.source
    pool.source = Broken(Snapshot("0" * 16, datetime.now(UTC), Path("/nowhere")))
    asyncio.run(until(lambda: "no worker could be started" in caplog.text))
    assert asyncio.run(ask(pool, LIGHT)) == b"o\r\nvalue 7\r\n"
    assert pool.pids == before
    assert caplog.text.count("no worker could be started") == 1, "it is not tried again at once"
    pool.source = good


class Broken:
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def current(self) -> Snapshot:
        return self.snapshot


def test_who_waits_too_long_is_turned_away(make: Callable[..., QueryPool]) -> None:
    pool = make(workers=1, seconds=1.0)

    async def visit() -> list[Any]:
        pool.warm()
        await until(lambda: len(pool.pids) == 1)
        queries = [ask(pool, f"{RUNAWAY} #{n}") for n in range(5)]
        return await asyncio.gather(*queries, return_exceptions=True)

    problems = asyncio.run(visit())
    assert {each.status for each in problems} == {503}
    assert any("Retry-After" in each.headers for each in problems)
    assert any(each.more == {"limit": {"seconds": 1.0}} for each in problems)


def test_one_client_goes_behind_others(make: Callable[..., QueryPool]) -> None:
    pool = make(workers=2, seconds=60)

    async def visit() -> None:
        greedy = [asyncio.create_task(ask(pool, RUNAWAY, client="greedy")) for _ in range(3)]
        await until(lambda: pool.busy == 1)
        assert await ask(pool, LIGHT, client="modest") == b"o\r\nvalue 7\r\n"
        assert pool.busy == 1
        for task in greedy:
            task.cancel()
        await asyncio.gather(*greedy, return_exceptions=True)

    asyncio.run(visit())


def test_a_long_query_lets_others_go_first(make: Callable[..., QueryPool], monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(os, "getpriority"):
        raise unittest.SkipTest("this system has no priorities of processes")
    monkeypatch.setattr(module, "LONG", 0.1)
    pool = make(workers=1, seconds=60)

    usual = os.getpriority(os.PRIO_PROCESS, 0)
    assert usual < 15

    async def visit() -> None:
        task = asyncio.create_task(ask(pool, RUNAWAY))
        await until(lambda: pool.busy == 1)
        (pid,) = pool.pids
        await until(lambda: os.getpriority(os.PRIO_PROCESS, pid) == 15)
        task.cancel()
        assert await ask(pool, LIGHT) == b"o\r\nvalue 7\r\n"
        assert os.getpriority(os.PRIO_PROCESS, pool.pids[0]) == usual

    asyncio.run(visit())


def test_a_slow_query_that_ends_leaves_no_slow_worker(
    make: Callable[..., QueryPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONG", 0.0)
    pool = make(workers=1, seconds=60)

    async def visit() -> None:
        pool.warm()
        await until(lambda: len(pool.pids) == 1)
        before = pool.pids
        assert await ask(pool, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }") == b"n\r\n4000000\r\n"
        await until(lambda: len(pool.pids) == 1 and pool.pids != before)

    asyncio.run(visit())


def test_a_query_too_long_for_the_stack_of_the_engine(make: Callable[..., QueryPool]) -> None:
    pool = make(workers=1, seconds=60)
    with pytest.raises(Problem, match="too long or too deeply nested") as problem:
        asyncio.run(ask(pool, "ASK { FILTER(1" + "||1" * 100_000 + ") }"))
    assert problem.value.status == 422
    assert asyncio.run(ask(pool, LIGHT)) == b"o\r\nvalue 7\r\n"


def test_a_query_whose_worker_is_killed_gets_one_more(make: Callable[..., QueryPool]) -> None:
    pool = make(workers=1, seconds=60)

    async def visit() -> None:
        task = asyncio.create_task(ask(pool, RUNAWAY))
        seen = set()
        for _ in range(2):
            await until(lambda: pool.busy == 1 and not seen.issuperset(pool.pids))
            await asyncio.sleep(0.05)
            seen.update(pool.pids)
            os.kill(pool.pids[0], signal.SIGKILL)
        with pytest.raises(Problem) as lost:
            await task
        assert lost.value.headers == {"Retry-After": "1"}
        assert len(seen) == 2
        assert await ask(pool, LIGHT) == b"o\r\nvalue 7\r\n"

    asyncio.run(visit())


def test_workers_that_cannot_start_are_said_and_tried_again(
    make: Callable[..., QueryPool], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from pacta.pages.endpoint import process

    monkeypatch.setattr(module, "REST", 0.05)
    good = process._COMMAND
    monkeypatch.setattr(process, "_COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    pool = make(workers=1)
    with pytest.raises(Problem) as busy:
        asyncio.run(ask(pool, LIGHT))
    assert busy.value.status == 503
    assert "no worker could be started" in caplog.text
    monkeypatch.setattr(process, "_COMMAND", good)

    async def visit() -> None:
        pool.warm()
        await until(lambda: len(pool.pids) == 1)
        assert await ask(pool, LIGHT) == b"o\r\nvalue 7\r\n"

    asyncio.run(visit())


def test_a_closed_pool_answers_nobody_and_leaves_nothing(make: Callable[..., QueryPool]) -> None:
    pool = make(workers=2, seconds=60)

    async def visit() -> tuple[int, ...]:
        task = asyncio.create_task(ask(pool, RUNAWAY))
        await until(lambda: pool.busy == 1 and len(pool.pids) == 2)
        pids = pool.pids
        await asyncio.to_thread(pool.close)
        for each in (task, ask(pool, LIGHT)):
            with pytest.raises(Problem):
                await each
        return pids

    for pid in asyncio.run(visit()):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"workers": 0}, {"memory": -1}, {"max_rows": 0}])
def test_limits_are_above_zero(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Limits(**wrong)


# --- the spool --------------------------------------------------------------------------------------------------------
def spooled(snapshots: Snapshots, body: bytes, encoding: str, seconds: float) -> SpooledResponse:
    answer = Answer({}, io.BytesIO(body), len(body), snapshots.current())
    request = Request({"type": "http", "headers": [(b"accept-encoding", encoding.encode())]})
    return SpooledResponse(request, answer, headers={"Content-Type": "text/csv"}, seconds=seconds)


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_large_answer_is_sent_in_pieces(encoding: str, snapshots: Snapshots) -> None:
    body = os.urandom(CHUNK) + b"row,row\r\n" * CHUNK
    response, sent = spooled(snapshots, body, encoding, 5), []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(response({"type": "http"}, None, send))  # type: ignore[arg-type]
    headers = dict(sent[0]["headers"])
    got = b"".join(message["body"] for message in sent[1:])
    assert len(sent) > (3 if encoding else len(body) // CHUNK)
    assert not sent[-1]["more_body"]
    assert (gzip.decompress(got) if encoding else got) == body
    assert headers.get(b"content-encoding", b"") == encoding.encode()
    assert headers.get(b"content-length") == (None if encoding else str(len(body)).encode())
    assert response.answer.body.closed


def test_a_client_that_takes_too_little_is_let_go(snapshots: Snapshots, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "SLOWEST", 10 * CHUNK)
    response, sent = spooled(snapshots, b"x" * (100 * CHUNK), "", 0.7), []

    async def send(message: Message) -> None:
        sent.append(message)
        await asyncio.sleep(0.2)

    asyncio.run(response({"type": "http"}, None, send))  # type: ignore[arg-type]
    assert 2 < len(sent) < 20
    assert sent[-1]["more_body"]


def test_a_client_that_takes_nothing_is_let_go(snapshots: Snapshots) -> None:
    response, sent = spooled(snapshots, b"x" * (3 * CHUNK), "", 0.2), []

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) > 2:
            await asyncio.sleep(60)

    began = time.monotonic()
    asyncio.run(response({"type": "http"}, None, send))  # type: ignore[arg-type]
    assert time.monotonic() - began < 5
    assert sent[-1]["more_body"], "the end is not sent, so the server breaks the connection"
    assert response.answer.body.closed
