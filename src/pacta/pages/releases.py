"""Releases and what changed between them.

A release is named by its content: the sha256 over the sorted sums of its graphs, so that two servers with the same data
name it alike, whenever they were built. A release is kept as the list of its graphs (name, sha256 of its sorted
N-Quads, number of quads), which is all that telling two releases apart needs: a record is one graph, and whoever holds
an old release fetches the graphs that are new or changed and drops those that are gone.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pacta.errors import StoreError
from pacta.pages.dumping import Dump, Source, Sums, order
from pacta.pages.responses import Problem
from pacta.pages.site import Site

PATIENCE = 8.0  # seconds that a visitor waits for the sums of all graphs
_NAME = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Release:
    """The graphs of one state of the data: name → (sha256, number of quads). `name` has 16 hex digits."""

    name: str
    modified: str  # when the store was written, as ISO 8601 in UTC
    graphs: dict[str, tuple[str, int]]

    @property
    def quads(self) -> int:
        return sum(number for _, number in self.graphs.values())


@dataclass(frozen=True, slots=True)
class Change:
    """One graph that differs. `change` is added, removed or changed; `quads` are those of the newer release."""

    change: str
    graph: str
    quads: int
    sha256: str


def release_of(graphs: Sums, modified: str) -> Release:
    """Return a release from the sums of its graphs."""
    whole = hashlib.sha256("".join(f"{name} {sha}\n" for name, (sha, _) in sorted(graphs.items())).encode())
    return Release(whole.hexdigest()[:16], modified, graphs)


def current(site: Site, patience: float = PATIENCE) -> Release:
    """Return the release that the current snapshot is, and keep it.

    The whole store is walked for it, once a snapshot and in a process of its own; who comes before that has ended waits
    for `patience` seconds, and then gets the Problem 503.
    """
    counting: Future[Release] = site.cached("counting", lambda: site.later(_counted, site))
    try:
        return counting.result(patience)
    except TimeoutError:
        what = "the graphs of this release are still being counted"
        raise Problem(503, what, remedy="try again soon", headers={"Retry-After": "30"}) from None


def _counted(site: Site) -> Release:
    def count() -> Release:
        with ordered(site, None) as (process, sums):
            if process.wait() != 0:
                raise StoreError("the graphs could not be counted", remedy="try again")
            return keep(site, sums())

    return site.cached("release", count)


@contextmanager
def ordered(site: Site, dump: Dump | None) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], Sums]]]:
    """Start the process that makes a dump of the whole, or only sums its graphs, and end it with the block.

    Its standard output is the dump; the sums can be had when it has ended well.
    """
    with tempfile.TemporaryDirectory(prefix="pacta-") as folder:
        file = Path(folder) / "sums.json"
        told = order(source_of(site), site.snapshot.path, dump, file)
        command = [sys.executable, "-m", "pacta.pages.dumping"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        site.closing.append(process.kill)
        try:
            assert process.stdin is not None
            process.stdin.write(told.encode())
            process.stdin.close()
            yield process, lambda: {n: (str(s), int(c)) for n, (s, c) in json.loads(file.read_text("utf-8")).items()}
        finally:
            site.closing.remove(process.kill)
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def source_of(site: Site) -> Source:
    """Return where dumps of the current snapshot are taken from."""
    return Source(site.snapshot.store, site.iris, site.settings.url)


def keep(site: Site, graphs: Sums) -> Release:
    """Write a release into the cache folder, where it outlasts the snapshot, and return it."""
    release = release_of(graphs, site.snapshot.modified.isoformat().replace("+00:00", "Z"))
    file = _folder(site) / f"{release.name}.json"
    if not file.is_file():
        content = {"release": release.name, "modified": release.modified, "graphs": release.graphs}
        unfinished = file.with_suffix(".part")
        unfinished.write_text(json.dumps(content, indent=0, sort_keys=True), encoding="utf-8")
        unfinished.replace(file)
    return release


def known(site: Site) -> list[Release]:
    """Return the releases that are kept, newest first."""
    found = [release for file in _folder(site).glob("*.json") if (release := _read(file))]
    return sorted(found, key=lambda each: (each.modified, each.name), reverse=True)


def get(site: Site, name: str) -> Release | None:
    """Return a kept release by its name."""
    return _read(_folder(site) / f"{name}.json") if _NAME.fullmatch(name) else None


def changes(old: Release, new: Release) -> list[Change]:
    """Return the graphs that differ, sorted by name."""
    found = []
    for graph in sorted(old.graphs.keys() | new.graphs.keys()):
        before, after = old.graphs.get(graph), new.graphs.get(graph)
        if before is None and after is not None:
            found.append(Change("added", graph, after[1], after[0]))
        elif before is not None and after is None:
            found.append(Change("removed", graph, 0, ""))
        elif before is not None and after is not None and before[0] != after[0]:
            found.append(Change("changed", graph, after[1], after[0]))
    return found


def _folder(site: Site) -> Path:
    folder = site.cache / "releases"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _read(file: Path) -> Release | None:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        graphs = {name: (str(sha), int(number)) for name, (sha, number) in content["graphs"].items()}
        return Release(str(content["release"]), str(content["modified"]), graphs)
    except (OSError, ValueError, KeyError, TypeError):
        return None
