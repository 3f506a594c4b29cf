"""Snapshots of a store: whole while others write, switched to without dropping a request, gone when unused."""

from __future__ import annotations

import gc
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from endpoints import BASE, EX, Server, make_store, triples
from pacta.errors import StoreError
from pacta.pages.endpoint import snapshots as module
from pacta.pages.endpoint.snapshots import Snapshots

WRITER = """
import sys, time
from pyoxigraph import Store, RdfFormat
store = Store(sys.argv[1])
for number in range(int(sys.argv[2])):
    store.load(f'<http://e/{number}> <http://e/p> "{sys.argv[3]}" <http://e/g> .'.encode(), RdfFormat.N_QUADS)
    print(number, flush=True)
    time.sleep(float(sys.argv[4]))
store.flush()
"""
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def write(folder: Path, count: int, mark: str, rest: float = 0.0) -> subprocess.Popen[str]:
    """Start another process that writes quads one by one, and wait for the first."""
    command = [sys.executable, "-c", WRITER, str(folder), str(count), mark, str(rest)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "0\n"
    return process


def finish(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=30)


def until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def folders(store: Path) -> set[str]:
    return {path.name for path in (store / "snapshots").iterdir() if path.is_dir()}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_store(tmp_path / "store", triples(10))


def test_a_build_is_seen_when_it_has_ended(store: Path) -> None:
    snapshots = Snapshots(store, interval=60)
    try:
        before = snapshots.current()
        assert len(before.store) == 10
        writer = write(store, 20, "a", 0.02)
        assert snapshots.refresh() is before
        finish(writer)
        after = snapshots.refresh()
        assert after.id != before.id
        assert after.modified >= before.modified
        assert (len(before.store), len(after.store)) == (10, 30)
        assert snapshots.refresh() is after
    finally:
        snapshots.close()


def test_the_watch_switches_by_itself(store: Path) -> None:
    snapshots = Snapshots(store, interval=0.05)
    try:
        before = snapshots.current().id
        finish(write(store, 1, "a"))
        assert until(lambda: snapshots.current().id != before)
        assert len(snapshots.current().store) == 11
    finally:
        snapshots.close()


def test_a_snapshot_goes_when_nobody_holds_it(store: Path) -> None:
    snapshots, other = Snapshots(store, interval=60), Snapshots(store, interval=60)
    try:
        held = snapshots.current()
        assert folders(store) == {held.id} == {other.current().id}
        finish(write(store, 1, "a"))
        fresh = snapshots.refresh()
        assert folders(store) == {held.id, fresh.id}
        old = held.id
        del held
        gc.collect()
        assert folders(store) == {old, fresh.id}, "the other server reads it still"
        other.refresh()
        gc.collect()
        assert folders(store) == {fresh.id}
        assert len(fresh.store) == 11
    finally:
        snapshots.close()
        other.close()


def test_what_a_crash_left_is_swept(store: Path) -> None:
    program = """
import os, sys
from pacta.pages.endpoint.snapshots import Snapshots
snapshots = Snapshots(sys.argv[1])
os.mkdir(f"{sys.argv[1]}/snapshots/.unfinished")
print(snapshots.current().id, flush=True)
os.kill(os.getpid(), 9)
"""
    said = subprocess.run([sys.executable, "-c", program, str(store)], capture_output=True, text=True).stdout.strip()
    assert folders(store) == {said, ".unfinished"}
    finish(write(store, 1, "a"))
    snapshots = Snapshots(store, interval=60)
    assert folders(store) == {snapshots.current().id} != {said}
    snapshots.close()
    assert folders(store) == set()


def test_a_server_can_start_beside_a_writer_and_survive_its_crash(store: Path) -> None:
    writer = write(store, 500, "a", 0.01)
    snapshots = Snapshots(store, interval=60)
    try:
        seen = len(snapshots.current().store)
        assert 11 <= seen < 510
        writer.kill()
        finish(writer)
        assert seen < len(snapshots.refresh().store) < 510
    finally:
        snapshots.close()


def test_the_store_may_be_emptied_and_made_again(store: Path) -> None:
    snapshots = Snapshots(store, interval=60)
    try:
        before = snapshots.current()
        assert len(before.store) == 10
        shutil.rmtree(store)
        assert snapshots.refresh() is before
        assert len(list(before.store)) == 10
        make_store(store, triples(3))
        assert len(snapshots.refresh().store) == 3
    finally:
        snapshots.close()


def test_a_folder_that_may_not_be_written_is_served_as_it_is(
    store: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with caplog.at_level(logging.WARNING):
        snapshots = Snapshots(store, interval=60)
    try:
        assert "the store itself is served" in caplog.text
        assert "Do not build or load into it meanwhile" in caplog.text
        before = snapshots.current()
        assert before.path == store
        assert len(before.store) == 10
        assert folders(store) == set()
        finish(write(store, 1, "a"))
        assert snapshots.refresh().id != before.id
        assert len(snapshots.current().store) == 11
        assert caplog.text.count("the store itself is served") == 1
    finally:
        snapshots.close()


def test_no_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store"):
        Snapshots(tmp_path / "nothing")


def test_a_changed_store_is_not_taken_for_a_whole_one(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that comes in the middle of the linking spoils it: nothing half is ever handed out."""
    snapshots = Snapshots(store, interval=60)
    linked = module._link

    def disturbed(source: Path, target: Path) -> None:
        linked(source, target)
        finish(write(store, 1, "late"))

    try:
        before = snapshots.current()
        finish(write(store, 1, "a"))
        monkeypatch.setattr(module, "_link", disturbed)
        assert snapshots.refresh() is before
        monkeypatch.undo()
        assert len(snapshots.refresh().store) == 12
        assert folders(store) == {before.id, snapshots.current().id}
    finally:
        snapshots.close()


def test_start_is_quick_on_many_tables(tmp_path: Path) -> None:
    folder = make_store(tmp_path / "store", triples(10))
    for number in range(2_000):  # as a store of some hundred gigabytes has
        (folder / f"9{number:05}.sst").write_bytes(b"x" * 100)
    began = time.perf_counter()
    snapshots = Snapshots(folder, interval=60)
    took = time.perf_counter() - began
    assert len(list(snapshots.current().path.glob("9*.sst"))) == 2_000
    snapshots.close()
    assert took < 1.0


# --- a running server -------------------------------------------------------------------------------------------------
def test_no_request_is_dropped_while_a_build_lands(store: Path) -> None:
    seen: list[int] = []
    faults: list[str] = []
    end = threading.Event()

    def visit(server: Server, number: int) -> None:
        connection, kind = server.connect(), {"Content-Type": "application/sparql-query"}
        while not end.is_set():
            try:
                connection.request("POST", "/sparql", f"{COUNT} #{number}", kind)
                reply = connection.getresponse()
                body = reply.read()
                if reply.status != 200:
                    faults.append(f"{reply.status} {body!r}")
                    continue
                seen.append(int(json.loads(body)["results"]["bindings"][0]["n"]["value"]))
            except OSError as error:
                faults.append(repr(error))
                connection = server.connect()
        connection.close()

    with Server(store, "--workers", "4") as server:
        visitors = [threading.Thread(target=visit, args=(server, number)) for number in range(3)]
        for visitor in visitors:
            visitor.start()
        assert until(lambda: len(seen) > 20)
        for number in range(2):
            file = store.parent / f"more{number}.nq"
            file.write_text(f'<{EX}more{number}> <{EX}p0> "more" <{BASE}graph/editorial/more> .\n')
            load = [sys.executable, "-m", "pacta", "load", str(file), "--store", str(store)]
            subprocess.run(load, check=True, capture_output=True)
            assert until(lambda least=11 + number: bool(seen) and seen[-1] >= least), "the switch came"
        end.set()
        for visitor in visitors:
            visitor.join()
        assert until(lambda: len(folders(store)) == 1), "snapshots that nobody reads are gone"
        assert until(lambda: len(server.workers()) == 4), "those replaced are gone"
    assert not faults
    assert {10, 11, 12} <= set(seen)
    assert folders(store) == set()
