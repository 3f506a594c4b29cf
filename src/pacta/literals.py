"""Literals of RDF as values of Python, where what is written may be anything."""

from __future__ import annotations

from pyoxigraph import Literal

_LONGEST = 18  # digits, below which every reader agrees


def whole_number(term: object) -> int | None:
    """Return a literal or string written as a whole number from 0 on, None for everything else.

    >>> whole_number(Literal(42)), whole_number("4x"), whole_number(Literal("-1"))
    (42, None, None)
    """
    digits = term.value if isinstance(term, Literal) else term if isinstance(term, str) else ""
    return int(digits) if len(digits) <= _LONGEST and digits.isascii() and digits.isdecimal() else None
