"""Lines in order, each once, with bounded memory: what does not fit is sorted in parts on disk and merged.

>>> list(in_order(["b", "a", "b"], most=1))
['a', 'b']
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

MOST = 400_000  # lines in memory at once, about 100 MB of N-Quads

Key = Callable[[str], Any]


def in_order(lines: Iterable[str], *, most: int = 0, folder: Path | None = None, key: Key = str) -> Iterator[str]:
    """Yield lines (without line breaks inside) sorted by code points or a key, doubles dropped.

    A key tells all lines apart that are not equal. `most` is how many lines are in memory at once, MOST if not told.
    `folder` is where the parts go, in files without a name; without one, where the system keeps temporary files.
    """
    rest, most = iter(lines), most or MOST
    part = sorted(set(islice(rest, most)), key=key)
    if len(part) < most and not (after := list(islice(rest, 1))):
        yield from part
        return
    with ExitStack() as files:
        parts = [_spilled(files, part, folder)]
        first = after if len(part) < most else []
        while part := sorted({*first, *islice(rest, most)}, key=key):
            parts.append(_spilled(files, part, folder))
            first = []
        before = None
        for line in heapq.merge(*(_lines(file) for file in parts), key=key):
            if line != before:
                yield line
            before = line


def _spilled(files: ExitStack, part: list[str], folder: Path | None) -> TextIO:
    made = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n", dir=folder)  # noqa: SIM115
    file: TextIO = files.enter_context(made)
    file.writelines(f"{line}\n" for line in part)
    file.seek(0)
    return file


def _lines(file: TextIO) -> Iterator[str]:
    for line in file:
        yield line[:-1]
