"""Sketches: the few bytes of a text (its MinHash) by which near-copies of it are found among very many texts.

    >>> text = "The guards of Ruritania fired on a patrol near the river on Monday night, an officer said."
    >>> len(sketch(text).values), sketch(text).size
    (344, 14)
    >>> sketch(text) == sketch(text.upper().replace(",", " --"))
    True
    >>> sketch("Too short to tell.") is None
    True

A text is the set of its shingles: runs of `WORDS` words, without case or punctuation. Of two texts, the share of
positions at which their MinHashes agree estimates how many of the shingles of both they have in common (Jaccard). All
that the values depend on is named here, so that sketches made on different days compare.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datasketch import MinHash

WORDS = 4  # words a shingle
VALUES = 128  # values a sketch, of 16 bits each
LEAST = 8  # shingles: the two of a shorter text are as good as none
_SCHEME, _SEED = "affine32", 1
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """`values`: VALUES 16-bit integers, low byte first, in Base64; `size`: how many different shingles the text has."""

    values: str
    size: int

    @classmethod
    def of(cls, values: np.ndarray, size: int) -> Sketch:
        """Return the sketch with these values, of which the low 16 bits are kept."""
        return cls(base64.b64encode((values & 0xFFFF).astype("<u2").tobytes()).decode("ascii"), size)


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation.

    >>> words("“We didn’t,” he said.")
    ['we', 'didn', 't', 'he', 'said']
    """
    return _WORD.findall(text.casefold())


def shingles(text: str) -> set[str]:
    """Return the runs of WORDS words of a text, each once."""
    found = words(text)
    return {" ".join(found[at : at + WORDS]) for at in range(len(found) - WORDS + 1)}


def sketch(text: str) -> Sketch | None:
    """Return the sketch of a text, None of one that has too few words."""
    parts = shingles(text)
    if len(parts) < LEAST:
        return None
    hashed = _empty().copy()
    hashed.update_batch([part.encode("utf-8") for part in sorted(parts)])
    return Sketch.of(hashed.hashvalues, len(parts))


def values_of(literal: str) -> np.ndarray | None:
    """Return the values that a literal holds, as VALUES 16-bit integers; None where it is no sketch."""
    try:
        found = np.frombuffer(base64.b64decode(literal, validate=True), dtype="<u2")
    except ValueError:
        return None
    return found if len(found) == VALUES else None


@lru_cache(maxsize=1)
def _empty() -> MinHash:
    """Return the MinHash of nothing; made once, for its permutations take longer than those of a text."""
    from datasketch import MinHash

    return MinHash(num_perm=VALUES, seed=_SEED, scheme=_SCHEME)
