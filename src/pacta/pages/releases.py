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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad

from pacta.pages.selection import graph_names, of_graph
from pacta.pages.site import Site
from pacta.pages.sorting import in_order

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


def lines_of(quads: Iterable[Quad]) -> Iterator[str]:
    """Yield quads as sorted lines of N-Quads without line breaks, each once."""
    return in_order(f"{quad} ." for quad in quads)


def release_of(graphs: dict[str, tuple[str, int]], modified: str) -> Release:
    """Return a release from the sums of its graphs."""
    whole = hashlib.sha256("".join(f"{name} {sha}\n" for name, (sha, _) in sorted(graphs.items())).encode())
    return Release(whole.hexdigest()[:16], modified, graphs)


def current(site: Site) -> Release:
    """Return the release that the current snapshot is, and keep it; walks the whole store, once a snapshot."""
    return site.cached("release", lambda: _walk(site))


def _walk(site: Site) -> Release:
    store, graphs = site.snapshot.store, {}
    for name in graph_names(store, site.iris):
        graphs[name] = summed(lines_of(of_graph(store, name)))
    return keep(site, graphs)


def summed(lines: Iterable[str]) -> tuple[str, int]:
    """Return the sha256 and the number of lines."""
    whole, number = hashlib.sha256(), 0
    for line in lines:
        whole.update(line.encode())
        whole.update(b"\n")
        number += 1
    return whole.hexdigest(), number


def keep(site: Site, graphs: dict[str, tuple[str, int]]) -> Release:
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
