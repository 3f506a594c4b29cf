"""The `#+` header of a .rq file: a strict small part of YAML in comments, so that the file stays valid SPARQL.

    #+ title: Who said it?
    #+ tags:
    #+   - statements
    #+ parameters:
    #+   - name: speaker
    #+     type: iri

A key holds one line of text (indented lines below go on with it), a list of texts, or a list of small mappings.
"""

from __future__ import annotations

import re

Item = str | dict[str, str]
Value = str | list[Item]

_KEY = re.compile(r"([A-Za-z][A-Za-z-]*):(?: (.*))?")


class HeaderError(ValueError):
    """A line of a header that does not fit; `line` counts from 1 in the file."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


def parse_header(text: str) -> dict[str, Value]:
    """Return the header of a .rq file as a mapping; raise HeaderError at the first line that does not fit.

    >>> parse_header("#+ title: Who?\\n#+ tags:\\n#+   - a\\n#+   - b\\nSELECT * {}")
    {'title': 'Who?', 'tags': ['a', 'b']}
    """
    header: dict[str, Value] = {}
    key: str | None = None
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.startswith("#+"):
            if raw.strip() and not raw.startswith("#"):
                break
            continue
        line = raw[2:].removeprefix(" ").rstrip()
        if not line:
            continue
        indent = len(line) - len(line.lstrip(" "))
        if indent == 0:
            key = _top(line, number, header)
        elif key is None:
            raise HeaderError("an indented line before the first key", number)
        else:
            header[key] = _below(header[key], line.strip(), indent, number)
    return header


def text_of(header: dict[str, Value], key: str) -> str:
    """Return a key's line of text, "" where it is absent or holds a list."""
    value = header.get(key, "")
    return value if isinstance(value, str) else ""


def texts_of(header: dict[str, Value], key: str) -> tuple[str, ...]:
    """Return a key's list of texts; a single line counts as a list of one."""
    value = header.get(key, [])
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(item for item in value if isinstance(item, str))


def mappings_of(header: dict[str, Value], key: str) -> tuple[dict[str, str], ...]:
    """Return a key's list of small mappings."""
    value = header.get(key, [])
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def _top(line: str, number: int, header: dict[str, Value]) -> str:
    match = _KEY.fullmatch(line)
    if not match:
        raise HeaderError(f"{line[:80]!r} is no 'key: value'", number)
    key, value = match[1], (match[2] or "").strip()
    if key in header:
        raise HeaderError(f"the key {key!r} stands twice", number)
    header[key] = value if value else []
    return key


def _below(value: Value, line: str, indent: int, number: int) -> Value:
    if line.startswith("- "):
        if isinstance(value, str):
            raise HeaderError("a list item below a key that already has text", number)
        pair = _KEY.fullmatch(line[2:].strip())
        return [*value, {pair[1]: (pair[2] or "").strip()} if pair and pair[2] else line[2:].strip()]
    if isinstance(value, str):
        return f"{value} {line}"
    if not value:
        return line
    last = value[-1]
    pair = _KEY.fullmatch(line)
    if isinstance(last, dict) and pair and indent >= 4:
        if pair[1] in last:
            raise HeaderError(f"the key {pair[1]!r} stands twice in one item", number)
        return [*value[:-1], {**last, pair[1]: (pair[2] or "").strip()}]
    if isinstance(last, dict):
        *_, name = last
        return [*value[:-1], {**last, name: f"{last[name]} {line}".strip()}]
    return [*value[:-1], f"{last} {line}"]
