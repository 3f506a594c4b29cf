"""A build that is killed at any moment loses nothing that was reported done, and ends in the same bytes."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from pathlib import Path

from pacta.exports import graph_to
from pacta.store import open_store
from pacta.vocabulary import ID_BASE

COUNT = 24


def dumped(folder: Path) -> bytes:
    with open_store(folder, read_only=True) as store:
        return graph_to(store.quads(), "nquads", include_text=True, base=ID_BASE)


def test_a_build_killed_again_and_again_ends_where_an_undisturbed_one_does(tmp_path: Path) -> None:
    rows = [
        {"id": n, "text": f"Armenia accused Azerbaijan of shelling village {n}. Azerbaijan denied the claim.",
         "published": "2021-08-13"}
        for n in range(COUNT)
    ]  # fmt: skip
    (tmp_path / "many.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    words = [sys.executable, "-m", "pacta", "build", str(tmp_path / "many.jsonl"), "-v", "-j", "1", "--store"]
    subprocess.run([*words, str(tmp_path / "whole")], check=True, capture_output=True)

    chance = random.Random(7)
    done: set[str] = set()
    for _ in range(COUNT):
        until = chance.randrange(3, 9)  # so many documents are reported before the blow
        with subprocess.Popen([*words, str(tmp_path / "killed")], stderr=subprocess.PIPE, text=True) as running:
            assert running.stderr is not None
            for line in running.stderr:
                if "is in the store" in line:
                    done.add(line.split()[2])
                    until -= 1
                    if until == 0:
                        running.kill()
                        break
        with open_store(tmp_path / "killed", read_only=True) as store:
            there = {name for name in store.graph_names() if "graph/record/" in name}
        assert done <= there
        if running.returncode != -signal.SIGKILL:
            break
    assert running.returncode == 0
    assert len(done) >= COUNT - 10
    assert dumped(tmp_path / "killed") == dumped(tmp_path / "whole")
