"""Families: which of very many sketches are of one text, and which of the texts came out first.

Two texts can only be of one family where their sketches agree in a whole band of values; that is found by sorting, so
that nothing is compared with everything, and a text that is printed a thousand times costs a thousand comparisons.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pacta.sketches import VALUES

ROWS = 3  # values a band: two texts that share half of their shingles agree in some band 199 times in 200
BANDS = VALUES // ROWS
LIKENESS = 0.45  # a copy shares this much of all shingles of both texts (Jaccard) …
HELD, LEAST = 0.8, 0.25  # … or is cut or grown: the longer holds this much of the shorter, both share this much of all,
FEWEST = 40  # and the shorter one has so many shingles: fewer say little about what it is cut from
DAYS = 30  # a text that comes out again later than that is published anew, not reprinted

Array = np.ndarray


def alike(one: Array, many: Array) -> Array:
    """Return the share of shingles that a text has in common with each of many, 0 to 1, as their sketches tell."""
    return np.asarray((many == one).mean(axis=1))


def contained(likeness: Array, size: int, sizes: Sequence[int] | Array) -> Array:
    """Return how much of the shorter of two texts the longer one holds, for one text and each of many."""
    shorter = np.minimum(size, sizes)
    common = likeness * (size + np.asarray(sizes)) / (1 + likeness)
    return np.asarray(np.minimum(1.0, common / shorter))


def copies(one: Array, size: int, many: Array, sizes: Array) -> Array:
    """Return for each of many whether it and the one are copies of one text."""
    likeness = alike(one, many)
    cut = (likeness >= LEAST) & (contained(likeness, size, sizes) >= HELD) & (np.minimum(size, sizes) >= FEWEST)
    return np.asarray((likeness >= LIKENESS) | cut)


@dataclass(frozen=True, slots=True)
class Family:
    """One text in several printings, as places in the given order: the first, and each later one with its likeness."""

    first: int
    later: tuple[tuple[int, float], ...]


def families(values: Array, sizes: Array, days: Array) -> list[Family]:
    """Return the texts that were printed more than once, by their first printing.

    The rows are in the order of publication: `values` one sketch a row, `sizes` its shingles, `days` the day it came
    out, counted from any day, NaN where that is unknown. A printing belongs to the earliest first printing that it is
    itself a copy of, so that a text which changes little by little from day to day becomes several families, not one.
    """
    found: list[Family] = []
    for rows in _connected(values, sizes):
        later: dict[int, list[tuple[int, float]]] = {}
        for row in rows:
            firsts = np.array(list(later), dtype=np.int64)
            near = ~(np.abs(days[firsts] - days[row]) > DAYS)  # an unknown day is near every day
            hits = firsts[near & copies(values[row], int(sizes[row]), values[firsts], sizes[firsts])]
            if len(hits):
                likeness = alike(values[row], values[hits[:1]])
                later[int(hits[0])].append((row, float(likeness[0])))
            else:
                later[row] = []
        found += [Family(first, tuple(rest)) for first, rest in later.items() if rest]
    return sorted(found, key=lambda family: family.first)


def _connected(values: Array, sizes: Array) -> list[list[int]]:
    """Return the groups of rows that hang together by being copies with a band in common, each in ascending order."""
    above = list(range(len(values)))

    def top(row: int) -> int:
        while above[row] != row:
            above[row] = above[above[row]]
            row = above[row]
        return row

    for rows in _sharing(values):
        tops = np.array([top(int(row)) for row in rows])
        rest = rows
        while len(rest) > 1 and (tops != tops[0]).any():
            joined = tops == tops[0]
            waiting, rest, tops = list(rest[joined]), rest[~joined], tops[~joined]
            while waiting and len(rest):
                row = int(waiting.pop())
                hits = copies(values[row], int(sizes[row]), values[rest], sizes[rest])
                if hits.any():
                    fresh = np.isin(tops, tops[hits])
                    for each in set(tops[fresh].tolist()):
                        above[top(each)] = top(row)
                    waiting += list(rest[fresh])
                    rest, tops = rest[~fresh], tops[~fresh]
    groups: dict[int, list[int]] = {}
    for row in range(len(above)):
        groups.setdefault(top(row), []).append(row)
    return [rows for rows in groups.values() if len(rows) > 1]


def _sharing(values: Array) -> Iterator[Array]:
    """Yield the rows that have a band in common, band by band."""
    weights = np.array([1 << (16 * place) for place in range(ROWS)], dtype=np.uint64)
    for band in range(BANDS):
        keys = (values[:, band * ROWS : (band + 1) * ROWS].astype(np.uint64) * weights).sum(axis=1)
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.diff(keys[order], prepend=keys[order[:1]] ^ np.uint64(1)))
        lengths = np.diff(starts, append=len(order))
        for start, length in zip(starts[lengths > 1].tolist(), lengths[lengths > 1].tolist(), strict=True):
            yield order[start : start + length]
