"""Lines in order, each once, with bounded memory: what does not fit is sorted in parts on disk and merged.

>>> list(in_order(["b", "a", "b"], most=1))
['a', 'b']
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import TextIO

MOST = 400_000  # lines in memory at once, about 100 MB of N-Quads


def in_order(lines: Iterable[str], *, most: int = MOST) -> Iterator[str]:
    """Yield lines (without line breaks inside) sorted by code points, doubles dropped."""
    rest = iter(lines)
    part = sorted(set(islice(rest, most)))
    if len(part) < most and not (after := list(islice(rest, 1))):
        yield from part
        return
    with ExitStack() as files:
        parts = [_spilled(files, part)]
        first = after if len(part) < most else []
        while part := sorted({*first, *islice(rest, most)}):
            parts.append(_spilled(files, part))
            first = []
        before = None
        for line in heapq.merge(*(_lines(file) for file in parts)):
            if line != before:
                yield line
            before = line


def _spilled(files: ExitStack, part: list[str]) -> TextIO:
    file: TextIO = files.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))  # noqa: SIM115
    file.writelines(f"{line}\n" for line in part)
    file.seek(0)
    return file


def _lines(file: TextIO) -> Iterator[str]:
    for line in file:
        yield line[:-1]
