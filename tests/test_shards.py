"""Shards and the engines that write them: the same bytes however, wherever and how often the work is done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import SkipTest
from urllib.error import URLError

import pytest

from pacta import building, engines
from pacta.building import build
from pacta.documents import read
from pacta.errors import StoreError
from pacta.exports import graph_to
from pacta.model import Document
from pacta.pipeline import Converter
from pacta.queries import run as ask
from pacta.shard_loading import load_into, put_into
from pacta.shards import Folder
from pacta.stage import Stage, stage_of
from pacta.store import EmbeddedStore, RemoteStore, open_store
from pacta.store.graph_store import GraphStore
from pacta.validation import Validator
from pacta.vocabulary import ID_BASE
from stores import free_port, server

COUNT = 60
SPEAKERS = ("Armenia", "Azerbaijan", "Russia", "The OSCE", "Turkey")


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some short reports, and one line that is none."""
    file = tmp_path_factory.mktemp("lines") / "reports.jsonl"
    texts = (f"{SPEAKERS[n % 5]} denied on day {n} that it had shelled the road." for n in range(COUNT))
    rows = [{"id": str(n), "text": text, "published": "2021-08-13"} for n, text in enumerate(texts)]
    file.write_text("\n".join([*map(json.dumps, rows), "{"]), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def documents(lines: Path) -> list[Document]:
    found = [item for item in read(lines) if isinstance(item, Document)]
    assert len(found) == COUNT
    return found


@pytest.fixture(scope="module")
def stage() -> Stage:
    return stage_of(None, ID_BASE)


@pytest.fixture(scope="module")
def expected(lines: Path, stage: Stage) -> bytes:
    """What one process builds in one run."""
    with open_store() as store:
        built(lines, store, stage, jobs=1)
        return dumped(store)


def built(lines: Path, store: EmbeddedStore, stage: Stage, jobs: int) -> None:
    report = build([lines], store, converter=stage.converter, validator=Validator(), quarantine=lines.parent, jobs=jobs)
    assert len(report.added) == COUNT


def dumped(store: EmbeddedStore) -> bytes:
    return graph_to(store.quads(), "nquads", include_text=True, base=ID_BASE)


def loaded(folder: Path) -> bytes:
    with open_store() as store:
        load_into(store, Folder(folder), base=ID_BASE)
        return dumped(store)


# --- one machine ------------------------------------------------------------------------------------------------------
def test_two_processes_build_the_same_bytes(lines: Path, stage: Stage, expected: bytes) -> None:
    with open_store() as store:
        built(lines, store, stage, jobs=2)
        assert dumped(store) == expected


def test_shards_give_the_same_bytes_in_any_cut_and_order(
    tmp_path: Path, documents: list[Document], stage: Stage, expected: bytes
) -> None:
    for at in range(0, COUNT, 13):
        engines.shard(documents[::-1][at : at + 13], str(tmp_path), None, ID_BASE)
    engines.shard(documents[5:9], str(tmp_path), None, ID_BASE)  # some of them twice
    assert loaded(tmp_path) == expected


def test_a_task_that_runs_twice_writes_the_same_files(tmp_path: Path, documents: list[Document]) -> None:
    engines.shard(documents[:3], str(tmp_path), None, ID_BASE)
    once = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    engines.shard(documents[:3], str(tmp_path), None, ID_BASE)
    assert {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == once
    assert len(once) == 2


def test_what_a_manifest_has_is_not_done_again(tmp_path: Path, documents: list[Document], stage: Stage) -> None:
    engines.shard(documents[:10], str(tmp_path), None, ID_BASE)
    left = list(engines.fresh([*documents[:12], documents[11]], str(tmp_path), stage))
    assert left == documents[10:12]


def test_a_shard_in_an_object_store_is_read_back(documents: list[Document], stage: Stage) -> None:
    try:
        import fsspec
    except ImportError:
        raise SkipTest("the package fsspec is not here; install pacta[cluster]") from None
    folder = Folder("memory://some/shards")
    written = folder.write(stage(documents[:2]), stage.converter.run, ID_BASE)
    assert folder.write(stage(documents[:2]), stage.converter.run, ID_BASE) == written
    (found,) = folder.manifests()
    assert found == written
    assert folder.content(found).count(b"charStart") > 0
    assert not [name for name in fsspec.filesystem("memory").find("/some") if name.endswith(".part")]


def test_a_shard_that_was_changed_is_refused(tmp_path: Path, documents: list[Document]) -> None:
    import zstandard

    manifest = engines.shard(documents[:2], str(tmp_path), None, ID_BASE)
    file = tmp_path / "shards" / str(manifest.shard)
    content = zstandard.ZstdDecompressor().decompress(file.read_bytes())
    other = engines.shard(documents[2:5], str(tmp_path), None, ID_BASE)
    for rubbish, message in (
        (zstandard.ZstdCompressor().compress(content[: len(content) // 2]), "not the one"),
        (b"rubbish", "damaged"),
        (None, "no such file"),
    ):
        file.unlink() if rubbish is None else file.write_bytes(rubbish)
        with open_store() as store:
            report = load_into(store, Folder(tmp_path), base=ID_BASE)
            there = {name for name in store.graph_names() if "graph/record/" in name}
        assert report.added == 3
        assert there == {entry.record for entry in other.entries}, "the other shard lands"
        (told,) = report.damaged
        assert message in told.what
        assert manifest.name in str(told.remedy)
    (tmp_path / manifest.name).unlink()  # as the remedy says
    engines.shard(documents[:2], str(tmp_path), None, ID_BASE)
    with open_store() as store:
        assert load_into(store, Folder(tmp_path), base=ID_BASE).added == 5


def test_what_is_kept_for_deriving_is_bounded(
    tmp_path: Path, lines: Path, stage: Stage, expected: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    kept: list[int] = []
    derive = building._Build.derive

    def spied(self: building._Build) -> None:
        kept.append(sum(map(len, (self.before or {}).values())))
        derive(self)

    monkeypatch.setattr(building._Build, "derive", spied)
    monkeypatch.setattr(building, "_KEPT", 100)
    with open_store() as store:
        built(lines, store, stage, jobs=1)
        monkeypatch.setattr(stage.converter, "run", replace(stage.converter.run, version="9.9.9"))
        built(lines, store, stage, jobs=1)  # supersedes every record
        monkeypatch.undo()
        built(lines, store, stage, jobs=1)
        assert len(kept) == 2
        assert max(kept) <= 100
        run = [quad for quad in store.quads() if "9.9.9" in str(quad)]
        assert all(str(quad.graph_name).endswith("/provenance>") for quad in run)
        store.replace_graph(run[0].graph_name.value, set(store.quads(run[0].graph_name.value)) - set(run))  # type: ignore[union-attr]
        assert dumped(store) == expected


def test_shards_of_two_runs_are_not_mixed(tmp_path: Path, documents: list[Document], stage: Stage) -> None:
    from dataclasses import replace

    folder = Folder(tmp_path)
    outcomes = stage(documents[:1])
    folder.write(outcomes, stage.converter.run, ID_BASE)
    folder.write(outcomes, replace(stage.converter.run, knowledge_hash="0" * 64), ID_BASE)
    with pytest.raises(StoreError, match="2 runs"):
        loaded(tmp_path)


def test_a_bad_document_is_told_by_its_batch_and_the_others_land(
    tmp_path: Path, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_one = Converter._read

    def fails(self: Converter, document: Document, parse: object) -> object:
        if document.key == documents[1].key:
            raise RuntimeError("planted")
        return read_one(self, document, parse)  # type: ignore[arg-type]

    monkeypatch.setattr(Converter, "_read", fails)
    manifest = engines.shard(documents[:3], str(tmp_path), None, ID_BASE)
    status = {entry.key: entry.status for entry in manifest.entries}
    assert [status[document.key] for document in documents[:3]] == ["accepted", "failed", "accepted"]
    with open_store() as store:
        report = load_into(store, Folder(tmp_path), base=ID_BASE)
    assert (report.added, [entry.key for entry in report.failed]) == (2, [documents[1].key])
    assert "planted" in report.failed[0].why


# --- Dask -------------------------------------------------------------------------------------------------------------
@contextmanager
def cluster(workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and workers on loopback; yield HOST:PORT and the processes of the workers."""
    port = free_port()
    address = f"127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    place = ["--host", "127.0.0.1"]
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", *place, "--port", str(port), "--no-dashboard"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", f"tcp://{address}", *place, "--nthreads", "1"]
    processes = [subprocess.Popen(scheduler, **quiet)]  # type: ignore[call-overload]
    try:
        crew = [subprocess.Popen([*worker, "--no-nanny", "--no-dashboard"], **quiet) for _ in range(workers)]  # type: ignore[call-overload]
        processes += crew
        yield address, crew
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def test_a_dask_worker_that_is_killed_neither_loses_nor_doubles_a_record(
    tmp_path: Path, documents: list[Document], expected: bytes
) -> None:
    try:
        import distributed  # noqa: F401

        from pacta.engines.dask import run
    except ImportError:
        raise SkipTest("the package distributed is not here; install pacta[cluster]") from None
    done = 0
    with cluster(2) as (address, crew):
        stream = run(documents, address, str(tmp_path), model=None, base=ID_BASE, size=5, timeout=60)
        for manifest in stream:
            done += len(manifest.entries)
            if crew[0].poll() is None:
                os.kill(crew[0].pid, signal.SIGKILL)
        assert crew[0].wait(10) == -signal.SIGKILL
        assert crew[1].poll() is None
    assert done == COUNT
    assert loaded(tmp_path) == expected


def test_a_scheduler_that_does_not_answer_is_told() -> None:
    try:
        import distributed  # noqa: F401

        from pacta.engines.dask import run
    except ImportError:
        raise SkipTest("the package distributed is not here; install pacta[cluster]") from None
    with pytest.raises(StoreError, match="does not answer"):
        list(run([], "127.0.0.1:1", "nowhere", model=None, base=ID_BASE, timeout=1))


# --- Spark ------------------------------------------------------------------------------------------------------------
def test_spark_partitions_give_the_same_bytes(tmp_path: Path, lines: Path, expected: bytes) -> None:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SkipTest("the package pyspark is not here; pip install pyspark, and Java") from None
    from pacta.engines.spark import run

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        manifests = run(session, str(lines), str(tmp_path / "shards"), partitions=3)
    finally:
        session.stop()
    assert sum(len(manifest.entries) for manifest in manifests) == COUNT
    assert loaded(tmp_path / "shards") == expected


# --- endpoints --------------------------------------------------------------------------------------------------------
def test_shards_go_graph_by_graph_into_an_endpoint(tmp_path: Path, documents: list[Document], expected: bytes) -> None:
    engines.shard(documents[:20], str(tmp_path), None, ID_BASE)
    engines.shard(documents[15:], str(tmp_path), None, ID_BASE)
    with open_store() as store, server("serve", tmp_path) as address:
        for _ in range(2):  # a second time changes nothing
            report = put_into(GraphStore(f"{address}/store"), Folder(tmp_path), base=ID_BASE)
            assert report.added == COUNT
        store.load(expected, "nquads")
        here = ask(store, "statements/list").rows
        assert here
        assert ask(RemoteStore(f"{address}/query"), "statements/list").rows == here


def test_a_put_is_tried_again_and_then_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from pacta.store import graph_store

    tries: list[str] = []
    waits: list[float] = []

    class Reply:
        def __enter__(self) -> Reply:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def read(self) -> bytes:
            return b""

    def opened(request: object, timeout: int) -> Reply:
        tries.append(request.get_method())  # type: ignore[attr-defined]
        if len(tries) < 3:
            raise URLError("refused")
        return Reply()

    monkeypatch.setattr(graph_store, "urlopen", opened)
    GraphStore("http://example.org/store", wait=waits.append).put("urn:g", b"")
    assert tries == ["PUT"] * 3
    assert waits == [0.5, 1.0]
    tries.clear()
    with pytest.raises(StoreError, match="2 times"):
        GraphStore("http://example.org/store", tries=2, wait=waits.append).put("urn:g", b"")
