"""How deep a text of RDF or SPARQL nests: told before a parser sees it, since some of them end the process.

    refuse_deep(Path("bomb.ttl"), "turtle", "bomb.ttl")      # TooLarge: bomb.ttl:7

A parser that calls itself for each bracket runs out of stack, and no error comes of that; one that goes back over what
is open takes the square of the depth. What people write nests ten levels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from pathlib import Path
from xml.parsers import expat

from pacta.errors import TooLarge

DEEPEST = 500  # levels
_STRING = rb'"""(?:[^"\\]|\\.|"(?!""))*+"""|' + rb"'''(?:[^'\\]|\\.|'(?!''))*+'''"
_STRING += rb'|"(?:[^"\\\n]|\\.)*+"' + rb"|'(?:[^'\\\n]|\\.)*+'"
_TOKEN = re.compile(_STRING + rb"|\\.|<[^\s<>\"{}|^`\\]*+>|#[^\n]*+|<<|>>|[\[\](){}]", re.DOTALL)
_JSON = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_OPENING = (b"[", b"(", b"{", b"<<")
_CLOSING = frozenset((b"]", b")", b"}", b">>"))
_BY_LINE = frozenset({"ntriples", "nquads"})
_PIECE = 1 << 20  # bytes of XML
_SMALL = 1 << 24  # bytes that are held at once


def refuse_deep(source: Path | bytes, form: str, where: str) -> None:
    """Raise TooLarge, with the line, where a text nests deeper than DEEPEST levels; `form`: of formats.py, or "sparql".

    What else is wrong with the text is left to its parser, and so is a file that cannot be opened.
    """
    with _bytes(source) as data:
        at = _deep_element(data) if form == "rdfxml" else _deep_bracket(data, form)
        if at is not None:
            line = data[:at].count(b"\n") + 1
            told = f"it nests more than {DEEPEST} levels deep"
            raise TooLarge(told, f"{where}:{line}", "give what is nested names of its own, one beside the other")


@contextmanager
def _bytes(source: Path | bytes) -> Iterator[bytes | mmap]:
    if isinstance(source, bytes):
        yield source
        return
    try:
        stream = source.open("rb")
    except OSError:
        yield b""
        return
    with stream:
        try:
            held = mmap(stream.fileno(), 0, access=ACCESS_READ)
        except (OSError, ValueError):  # empty, or no plain file
            yield b""
            return
        with held:
            yield held[:] if len(held) <= _SMALL else held


def _deep_bracket(data: bytes | mmap, form: str) -> int | None:
    """Return where the first bracket too many opens."""
    if form in _BY_LINE and data.find(b"<<") < 0:
        return None
    if isinstance(data, bytes) and sum(map(data.count, _OPENING)) <= DEEPEST:
        return None
    depth = 0
    for match in (_JSON if form == "jsonld" else _TOKEN).finditer(data):
        token = match[0]
        if token in _OPENING:
            depth += 1
            if depth > DEEPEST:
                return match.start()
        elif token in _CLOSING:
            depth = max(depth - 1, 0)
    return None


def _deep_element(data: bytes | mmap) -> int | None:
    """Return where the first element too many opens."""
    parser = expat.ParserCreate()
    depth = 0
    found: list[int] = []

    def start(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST and not found:
            found.append(parser.CurrentByteIndex)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        for at in range(0, len(data), _PIECE):
            parser.Parse(data[at : at + _PIECE], False)
            if found:
                return found[0]
    except expat.ExpatError:  # the parser proper says what is wrong
        return found[0] if found else None
    return None
