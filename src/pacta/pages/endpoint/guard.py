"""What a query may be: one that reads. SERVICE is refused before the engine sees the query, whatever its disguise.

The engine cannot switch SERVICE off, and a second parser that differs from its own in one corner would be a way around:
`FILTER(?a<?b)SERVICE#>` holds an IRI for one reader and a comment for another. So the text is not only judged but made
safe: wherever the word stands in an IRI or a string, it is written with an escape; in a comment it is blanked out; in
the name of a prefix it is replaced. What remains of it can be seen to be part of a variable or a local name, or the
query is refused. Should the engine read the rest otherwise than we do, it finds no such word there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DEPTH = 400  # of brackets within brackets; the engine's stack bears some thousands

_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_TOKEN = re.compile(
    rf"""
    (?P<comment>\#[^\n\r]*)
  | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPE})*>)
  | (?P<string>'''(?:(?:'|'')?(?:[^'\\]|\\.))*''' | \"\"\"(?:(?:"|"")?(?:[^"\\]|\\.))*\"\"\"
              | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*")
  | (?P<variable>[?$]\w+)
  | (?P<name>(?:[^\W\d_][\w.\-]*|_)?:(?:[\w:.\-]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])*)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<word>[^\W\d]\w*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile("service", re.IGNORECASE | re.ASCII)
_HEAD = re.compile(r"(?:[?$][A-Za-z0-9_]*|:[A-Za-z0-9_-]*)\Z", re.ASCII)  # of a variable or a local name
_ESCAPED = re.compile(_ESCAPE)
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}


class Refused(Exception):
    """A query that is not run: `kind` is service, update or depth, `what` and `remedy` say it in words."""

    def __init__(self, kind: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.kind, self.what, self.remedy = kind, what, remedy


@dataclass(frozen=True, slots=True)
class Query:
    """A query that may be run: its text made safe, and whether it names its own dataset with FROM.

    `variables` are those of a SELECT *, in the order of the text (the engine has them by the alphabet).
    """

    text: str
    names_dataset: bool
    variables: tuple[str, ...] = ()


def checked(text: str) -> Query:
    """Return the query to run for the text that was sent, or raise Refused.

    >>> checked("ASK { ?s ?p <http://example.org/service> }").text
    'ASK { ?s ?p <http://example.org/\\\\u0073ervice> }'
    >>> checked("ASK { SERVICE <http://example.org/> { } }")
    Traceback (most recent call last):
    pacta.pages.endpoint.guard.Refused: SERVICE is not offered here
    """
    if "\\" in text:
        text = _resolved(text)
    depth = 0
    form: str | None = None
    parts: list[str] = []
    names_dataset = False
    stem = _unused(text)
    variables: dict[str, None] = {}
    begun = False  # whether the first SELECT was read
    takes_all: bool | None = None
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        if kind == "other":
            depth += (token in "{([") - (token in "})]")
            if depth > DEPTH:
                raise Refused("depth", f"brackets lie more than {DEPTH} deep in each other", "take the query apart")
        elif kind == "word":
            word = token.upper()
            form = form or (word if word in _FORMS | _UPDATES else None)
            names_dataset |= word == "FROM"
        elif kind == "variable":
            variables[token[1:]] = None
        if begun and takes_all is None and not token.isspace() and kind != "comment":
            takes_all = token == "*" if token.upper() not in ("DISTINCT", "REDUCED") else None
        begun = begun or (kind == "word" and form == "SELECT")
        parts.append(_safe(kind or "", token, stem) if _WORD.search(token) else token)
    if form in _UPDATES:
        raise Refused("update", "this endpoint is read-only", "ask with SELECT, ASK, CONSTRUCT or DESCRIBE")
    safe = "".join(parts)
    _without_service(safe)
    return Query(safe, names_dataset, tuple(variables) if takes_all else ())


def _resolved(text: str) -> str:
    """Return a text with its code-point escapes resolved where the engine does not: outside of IRIs and strings."""
    parts: list[str] = []
    run: list[str] = []
    for match in _TOKEN.finditer(text):
        if match.lastgroup in ("iri", "string", "comment"):
            parts += [_ESCAPED.sub(_character, "".join(run)), match[0]]
            run.clear()
        else:
            run.append(match[0])
    return "".join([*parts, _ESCAPED.sub(_character, "".join(run))])


def _character(escape: re.Match[str]) -> str:
    number = int(escape[0][2:], 16)
    return chr(number) if number < 0xD800 or 0xDFFF < number < 0x110000 else escape[0]


def _safe(kind: str, token: str, stem: str) -> str:
    """Return a token that holds the word, written so that it does not; one that cannot be is left to be judged."""
    if kind in ("iri", "string"):
        return _WORD.sub(lambda match: f"\\u{ord(match[0][0]):04x}{match[0][1:]}", token)
    if kind == "comment":
        return " " * len(token)
    if kind == "name":
        prefix, _, local = token.partition(":")
        return f"{_WORD.sub(stem, prefix)}:{local}"
    return token


def _unused(text: str) -> str:
    """Return a word that the text does not hold, to stand for another in the names of prefixes."""
    number = 0
    while f"renamed{number}" in text.lower():
        number += 1
    return f"renamed{number}"


def _without_service(text: str) -> None:
    for match in _WORD.finditer(text):
        head = _HEAD.search(text, max(0, match.start() - 200), match.start())
        if head is None:
            before, after = text[: match.start()][-1:], text[match.end() :][:1]
            alone = not _is_of_name(before) and not _is_of_name(after)
            what = "SERVICE is not offered here" if alone else "a name with the word SERVICE cannot be told from it"
            remedy = "ask each endpoint by itself" if alone else "write the IRI in full, in angle brackets"
            raise Refused("service", what, remedy)


def _is_of_name(character: str) -> bool:
    return character.isalnum() or character == "_"
