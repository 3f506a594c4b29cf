"""How fast stores are filled from the same N-Quads: `pacta load`, shards, and Oxigraph's own loader.

    python benchmarks/generate.py --documents 1000 -o build/1000.nq
    python benchmarks/load.py build/1000.nq

Each row is a command of its own on a new store; seconds are of the processor, user and system, the best of several
rounds that go in turn. `pacta load` derives when all is in, which is told apart.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from pacta import rules
from pacta.holdings import record_key
from pacta.iris import Iris
from pacta.pipeline import default_converter
from pacta.shards import Folder
from pacta.stage import Outcome
from pacta.store import open_store
from pacta.vocabulary import ID_BASE

BATCH = 200  # records a shard, as pacta build writes them
OXIGRAPH = Path(sys.executable).with_name("oxigraph")
BULK = "import sys, pyoxigraph as ox; ox.Store(sys.argv[2]).bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="N-Quads, as benchmarks/generate.py writes them")
    parser.add_argument("--rounds", type=int, default=2, metavar="N", help="the best of N (2)")
    given = parser.parse_args()
    count = sum(1 for _ in given.file.open("rb"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        records = shards(given.file, folder / "shards")
        pacta = [sys.executable, "-m", "pacta", "load", "-q"]
        commands = {
            "`oxigraph load`": [str(OXIGRAPH), "load", "--file", str(given.file), "--location"],
            "pyoxigraph `bulk_load`": [sys.executable, "-c", BULK, str(given.file)],
            "`pacta load FILE`": [*pacta, str(given.file), "--store"],
            f"`pacta load --shards`, {records:,} records": [*pacta, "--shards", str(folder / "shards"), "--store"],
        }
        best: dict[str, float] = defaultdict(lambda: float("inf"))
        most: dict[str, float] = {}
        for turn in range(given.rounds):
            for number, (name, command) in enumerate(commands.items()):
                seconds, most[name] = measured([*command, str(folder / f"store{turn}-{number}")])
                best[name] = min(best[name], seconds)
        with open_store(folder / f"store0-{len(commands) - 1}") as store:
            began = time.process_time()
            rules.derive(store)
            derived = time.process_time() - began
    first = best["`oxigraph load`"]
    print(f"{count:,} quads, load {os.getloadavg()[0]:.1f}, best of {given.rounds} rounds\n")
    print("| loader | s | quads/s | MB at most | to `oxigraph load` |\n|---|---:|---:|---:|---:|")
    for name, seconds in best.items():
        rate = f"{count / seconds:,.0f} | {most[name]:,.0f}"
        print(f"| {name} | {seconds:.1f} | {rate} | {seconds / first:.2f} |")
    print(f"\nOf the last two rows, deriving takes {derived:.1f} s, {derived / first:.2f} of `oxigraph load`.")


def shards(file: Path, target: Path) -> int:
    """Write the records of a file of N-Quads as shards, and return how many there are; other graphs are left out."""
    converter, iris, folder = default_converter(), Iris(ID_BASE), Folder(target)
    texts = f"{ID_BASE}graph/text/"
    lines: dict[str, list[bytes]] = defaultdict(list)
    for line in file.open("rb"):
        graph = re.split(rb" <", line)[-1].split(b">")[0].decode()
        key = graph.removeprefix(texts) if graph.startswith(texts) else record_key(graph, iris)
        if key is not None:
            lines[key].append(line)
    outcomes = [
        Outcome(key, key, 0, iris.record(key, converter.run.version), b"".join(sorted(found)))
        for key, found in sorted(lines.items())
    ]
    for at in range(0, len(outcomes), BATCH):
        folder.write(outcomes[at : at + BATCH], converter.run, ID_BASE)
    return len(outcomes)


def measured(command: list[str]) -> tuple[float, float]:
    """Run a command; return its seconds of processor, and the MB it took at most."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{command}: {process.returncode}"
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
