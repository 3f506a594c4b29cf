"""How deep a text of RDF or SPARQL nests: told before a parser sees it, since some of them end the process.

    refuse_deep(Path("bomb.ttl"), "turtle", "bomb.ttl")      # TooLarge: bomb.ttl:7

A parser that calls itself for each bracket runs out of stack, and no error comes of that; one that goes back over what
is open takes the square of the depth. What people write nests ten levels. In a query each operator and each pattern
that follows another nests too, once it is read: `1 + 1 + 1` is a sum within a sum.
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
LONGEST = 2_000  # words and signs of a query; beside DEEPEST levels the stack bears some 2,500
_STRING = rb""""{3}[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"{3}|'{3}[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'{3}"""
_STRING += rb'''|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'''
_TOKEN = re.compile(_STRING + rb"|\\.|<[^\s<>\"{}|^`\\]*+>|#[^\n\r]*+|<<|>>|[\[\](){}]", re.DOTALL)
_QUERY = re.compile(
    rb"(?P<string>%s)|(?P<iri><[^\s<>\"{}|^`\\]*+>)|(?P<aside>\s++|#[^\n\r]*+)|(?P<name>[?$:@\w][\w:.%%-]*+)"
    rb"|(?P<bracket><<|>>|[\[\](){}])|(?P<sign>\|\||&&|.)" % _STRING,
    re.DOTALL,
)
_JSON = re.compile(rb'(?:[^\[\]{}"]++|"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z))*+([\[\]{}])?', re.DOTALL)
_OPENING = (b"[", b"(", b"{", b"<<")
_CLOSING = frozenset((b"]", b")", b"}", b">>"))
_BY_LINE = frozenset({"ntriples", "nquads"})
_FLAT = frozenset({"csv", "tsv"})  # their parser counts by itself
_IN_JSON = frozenset({"jsonld", "json", "sparql-json"})
_IN_XML = frozenset({"rdfxml", "xml"})
_PIECE = 1 << 20  # bytes of XML
_SMALL = 1 << 24  # bytes that are held at once


def refuse_deep(source: Path | bytes, form: str, where: str) -> None:
    """Raise TooLarge, with the line, where a text nests deeper than DEEPEST levels; `form`: of formats.py, or "sparql".

    A query may also have no more than LONGEST words and signs, beside what stands in the braces of VALUES. What else is
    wrong with the text is left to its parser, and so is a file that cannot be opened.
    """
    with _bytes(source) as data:
        told = f"it nests more than {DEEPEST} levels deep"
        remedy = "give what is nested names of its own, one beside the other"
        if form == "sparql":
            at, is_long = _deep_query(data)
            if is_long:
                told = f"it has more than {LONGEST:,} words and signs"
                remedy = "take the query apart, or list values with VALUES"
        elif form in _IN_XML:
            at = _deep_element(data)
        elif form in _BY_LINE:
            at = _deep_line(data)
        elif form in _FLAT:
            at = None
        else:
            at = _deep_bracket(data, _JSON if form in _IN_JSON else _TOKEN)
        if at is not None:
            line = data[:at].count(b"\n") + 1
            raise TooLarge(told, f"{where}:{line}", remedy)


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


def _deep_line(data: bytes | mmap) -> int | None:
    """Return where the first quoted triple too many opens, in a form that writes each statement in a line."""
    found = data.find(b"<<")
    while found >= 0:
        start = data.rfind(b"\n", 0, found) + 1
        end = data.find(b"\n", found)
        line = data[start : end if end >= 0 else len(data)]
        if line.count(b"<<") > DEEPEST:
            at = _deep_bracket(line, _TOKEN)
            if at is not None:
                return start + at
        found = data.find(b"<<", start + len(line))
    return None


def _deep_bracket(data: bytes | mmap, tokens: re.Pattern[bytes]) -> int | None:
    """Return where the first bracket too many opens."""
    if isinstance(data, bytes) and sum(map(data.count, _OPENING)) <= DEEPEST:
        return None
    depth = 0
    for match in tokens.finditer(data):
        token = match[match.lastindex or 0]
        if token in _OPENING:
            depth += 1
            if depth > DEEPEST:
                return match.start(match.lastindex or 0)
        elif token in _CLOSING:
            depth = max(depth - 1, 0)
    return None


def _deep_query(data: bytes | mmap) -> tuple[int | None, bool]:
    """Return where the first bracket or word too many stands, and whether it is a word.

    What looks like an IRI may be `?a<(((?b)))>?c`.
    """
    depth = words = 0
    listing: int | None = None  # the depth outside of the braces of VALUES, -1 before they open
    for match in _QUERY.finditer(data):
        kind, token = match.lastgroup, match[0]
        if kind == "aside":
            continue
        if kind == "iri" and depth + sum(map(token.count, _OPENING)) > DEEPEST:
            return match.start(), False
        if kind == "bracket" and token in _OPENING:
            if listing == -1 and token == b"{":
                listing = depth
            depth += 1
            if depth > DEEPEST:
                return match.start(), False
        elif kind == "bracket":
            depth = max(depth - 1, 0)
            if listing is not None and 0 <= depth <= listing:
                listing = None
        elif kind == "name" and token.upper() == b"VALUES":
            listing = -1
        if listing is None or listing < 0:
            words += 1
            if words > LONGEST:
                return match.start(), True
    return None, False


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
