"""Deriving with little memory: the same bytes from disk, and nothing lost where it is killed or the disk is full."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import Quad

from pacta import rules, sorting
from pacta.exports import graph_to
from pacta.iris import Iris
from pacta.store import EmbeddedStore, open_store
from stores import borduria
from test_faults import on_a_small_disk

DERIVED = Iris().derived_graph()
TINY = {"IN_MEMORY": 10, "PART": 50, "AT_ONCE": 20}
AGAIN = f"""
import sys
from pathlib import Path
from pacta import rules, sorting
from pacta.errors import PactaError
from pacta.store import open_store
rules.IN_MEMORY, rules.PART, rules.AT_ONCE, sorting.MOST = 10, 50, 20, 40
try:
    with open_store(Path(sys.argv[1])) as store:
        for number in range(int(sys.argv[2])):
            store.replace_graph({DERIVED!r}, list(store.quads({DERIVED!r}))[::2])
            print("deriving", flush=True)
            rules.derive(store)
except PactaError as error:
    sys.exit(str(error))
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "store"
    with borduria() as memory, open_store(folder) as store:
        store.bulk_add(memory.quads())
        rules.derive(store)
    return folder


def derived(store: EmbeddedStore) -> bytes:
    return graph_to(store.quads(DERIVED), "nquads")


def read(folder: Path) -> bytes:
    with open_store(folder, read_only=True) as store:
        return derived(store)


@pytest.mark.parametrize("kept", [0, 1, 2, 3])
def test_on_disk_and_in_many_parts_it_is_the_same(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    for name, value in TINY.items():
        monkeypatch.setattr(rules, name, value)
    monkeypatch.setattr(sorting, "MOST", 40)
    folder = Path(shutil.copytree(whole, tmp_path / "store"))
    with open_store(folder) as store:
        old = list(store.quads(DERIVED))
        odd = [
            Quad(q.object, q.predicate, q.subject, q.graph_name) for q in old[:50] if not hasattr(q.object, "datatype")
        ]
        store.replace_graph(DERIVED, [*(old[::kept] if kept else ()), *odd])
        assert store.outdated
        assert rules.derive(store) == len(old) == len(list(store.quads(DERIVED)))
        assert not store.outdated
        assert derived(store) == read(whole)
    assert not (folder / rules.SCRATCH).exists()


def test_deriving_that_is_killed_again_and_again_ends_in_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "store"))
    chance, left = random.Random(3), 0
    for _ in range(6):
        command = [sys.executable, "-c", AGAIN, str(folder), "1000"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            assert running.stdout.readline() == "deriving\n"
            time.sleep(chance.random())
            running.kill()
        left += (folder / rules.SCRATCH).exists()
    assert left, "no blow fell while there was a scratch store"
    with open_store(folder) as store:
        rules.derive(store)
        assert derived(store) == read(whole)
    assert not (folder / rules.SCRATCH).exists()


def test_a_disk_that_fills_up_while_something_is_derived(whole: Path, tmp_path: Path) -> None:
    (tmp_path / "again.py").write_text(AGAIN, encoding="utf-8")
    again = f'{sys.executable} {tmp_path}/again.py "$DISK/store"'
    done = on_a_small_disk(
        tmp_path, "400m",
        first=f'cp -r {whole} "$DISK/store"; {again} 1; used=$(du -sk "$DISK" | cut -f1); '
              'mount -o remount,size=$((used + 400))k "$DISK"; '
              f'code=0; {again} 50 || code=$?; echo "first $code" $(ls "$DISK/store" | grep deriving)',
        then=f'{again} 1; cp -r "$DISK/store" {tmp_path}/after',
    )  # fmt: skip
    assert "first 1\n" in done.stdout, done.stderr
    assert "no room left on the disk" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 0, done.stderr
    assert read(tmp_path / "after") == read(whole)
