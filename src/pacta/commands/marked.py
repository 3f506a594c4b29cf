"""An annotation as text with marked spans, for a terminal or as a web page.

Spans nest and overlap. On a terminal each is opened and closed with the number of its statement and a letter, so that
crossing spans stay readable; on the page every stretch of text carries all the marks above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

import click

Annotation = Mapping[str, Any]
# control characters, and marks that turn the direction of text: a terminal would obey them
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_ROLES = ("source", "cue", "content")
_LETTERS = {"source": "s", "cue": "c", "content": "t"}
_STYLES: dict[str, dict[str, Any]] = {
    "source": {"fg": "cyan", "bold": True},
    "cue": {"fg": "yellow", "bold": True},
    "content": {"fg": "green"},
}
_CSS = """
:root { color-scheme: light dark }
body { font: 1.05rem/1.7 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
.text { white-space: pre-wrap }
mark { background: none; color: inherit; padding: .1em 0 }
mark.content { border-bottom: 2px solid #2a7a46 }
mark.cue { border-bottom: 3px dotted #9a6b00; font-weight: bold }
mark.source { border-bottom: 4px double #1f5fa8; font-weight: bold }
sup { font-size: .7em; margin: 0 .15em }
dt { font-weight: bold; margin-top: 1em }
blockquote { margin: .3em 0; padding-left: .8em; border-left: 3px solid }
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """One span of one statement. `number` counts statements from 1."""

    start: int
    end: int
    role: str
    number: int


def marks_of(annotation: Annotation) -> list[Mark]:
    """Return all marked spans, outer ones first where they begin together."""
    marks = [
        Mark(start, end, role, number)
        for number, statement in enumerate(annotation["statements"], 1)
        for role in _ROLES
        for start, end in statement[role] or ()
    ]
    return sorted(marks, key=lambda m: (m.start, -m.end, m.number, m.role))


# --- terminal ---------------------------------------------------------------------------------------------------------
def as_text(annotation: Annotation, *, colour: bool = False) -> str:
    """Return the text with bracketed spans, and below it what was recognised; `colour` is for terminals."""
    lines = [shown(_head(annotation)), "", "".join(_bracketed(annotation["text"], marks_of(annotation))), ""]
    lines.append("[1s: source :1s]  [1c: cue :1c]  [1t: content :1t]   the number is the statement's")
    for number, statement in enumerate(annotation["statements"], 1):
        told = [f"{number}. {_sentence(statement)}", *_details(annotation, statement)]
        lines.extend(["", *map(shown, told)])
    for title, rows in _other_lists(annotation):
        lines.extend(["", title, *(shown(f"  - {row}") for row in rows)])
    text = "\n".join(lines) + "\n"
    return text if colour else click.unstyle(text)


def _bracketed(text: str, marks: list[Mark]) -> Iterator[str]:
    opening: dict[int, list[Mark]] = {}
    closing: dict[int, list[Mark]] = {}
    for mark in marks:
        opening.setdefault(mark.start, []).append(mark)
        closing.setdefault(mark.end, []).insert(0, mark)
    for start, end, above in segments(text, marks):
        yield from (click.style(f":{m.number}{_LETTERS[m.role]}]", dim=True) for m in closing.get(start, ()))
        yield from (click.style(f"[{m.number}{_LETTERS[m.role]}:", dim=True) for m in opening.get(start, ()))
        piece = shown(text[start:end])
        yield click.style(piece, **_STYLES[above[-1].role]) if above else piece
    yield from (click.style(f":{m.number}{_LETTERS[m.role]}]", dim=True) for m in closing.get(len(text), ()))


def shown(text: str) -> str:
    """Return text with control characters, and those that turn its direction, as signs that can be seen."""
    return _HIDDEN.sub(lambda m: chr(0x2400 + ord(m[0])) if ord(m[0]) < 0x20 else "\N{REPLACEMENT CHARACTER}", text)


def segments(text: str, marks: Iterable[Mark]) -> Iterator[tuple[int, int, list[Mark]]]:
    """Cut the text where any mark begins or ends; yield each piece with the marks over it, the widest first."""
    marks = sorted(marks, key=lambda m: m.start)
    cuts = sorted({0, len(text), *(m.start for m in marks), *(m.end for m in marks)})
    over: list[Mark] = []
    at = 0
    for start, end in pairwise(cuts):
        over = [m for m in over if end <= m.end]
        while at < len(marks) and marks[at].start <= start:
            if end <= marks[at].end:
                over.append(marks[at])
            at += 1
        yield start, end, sorted(over, key=lambda m: (m.start - m.end, m.number))


def _head(annotation: Annotation) -> str:
    document = annotation["document"]
    known = (document.get("title"), document.get("outlet"), document.get("published"), document.get("id"))
    return " · ".join(str(value) for value in known if value) or "document"


def _sentence(statement: Annotation) -> str:
    speaker = statement["speaker"]
    stance = "" if statement["narratorStance"] == "neutral" else f", {statement['narratorStance']}"
    return f"{speaker.get('label') or speaker['iri']} {statement['act']} [{statement['speechMode']}{stance}]"


def _details(annotation: Annotation, statement: Annotation) -> list[str]:
    numbers = {each["id"]: number for number, each in enumerate(annotation["statements"], 1)}
    quoted = " … ".join(annotation["text"][s:e] for s, e in statement["content"])
    lines = [f"   “{quoted}”", f"   {statement['proposition']['kind']}"]
    for key, words in (("respondsTo", "answers"), ("relays", "relays")):
        if statement.get(key):
            lines.append(f"   {words} statement {numbers.get(statement[key], statement[key])}")
    return lines


def _other_lists(annotation: Annotation) -> Iterator[tuple[str, list[str]]]:
    if rows := annotation.get("incidents"):
        yield "Incidents", [f"{_last(row['kind'])}: {row['status']}" for row in rows]
    if rows := annotation.get("disputes"):
        yield "Disputes", [_dispute(row) for row in rows]


def _dispute(row: Annotation) -> str:
    clause = f"clause {row['clauseNumber']} of " if row.get("clauseNumber") else ""
    parties = [row.get(f"{side}Label") or row[side] or "?" for side in ("actor", "counterparty")]
    return f"{clause}{row.get('agreementLabel') or row['agreement']}: {' against '.join(parties)}"


def _last(iri: str | None) -> str:
    return (iri or "unknown").rstrip("/").rsplit("/", 1)[-1]


# --- page -------------------------------------------------------------------------------------------------------------
def as_html(annotations: Iterable[Annotation]) -> str:
    """Return one standalone page; every mark is told by its line and its number, never by colour alone."""
    bodies = [_article(annotation, f"d{n}") for n, annotation in enumerate(annotations, 1)]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<title>Who said what</title>\n'
        f"<style>{_CSS}</style>\n</head>\n<body>\n<main>\n"
        "<p>Sources are underlined twice, cues with dots, contents once; the number is the statement's.</p>\n"
        f"{''.join(bodies)}</main>\n</body>\n</html>\n"
    )


def _article(annotation: Annotation, anchor: str) -> str:
    text, marks = annotation["text"], marks_of(annotation)
    language = escape(annotation["document"].get("language") or "en")
    pieces = []
    for start, end, above in segments(text, marks):
        begun = "".join(
            f'<sup><a href="#{anchor}-{m.number}" title="{m.role} of statement {m.number}">{m.number}</a></sup>'
            for m in above
            if m.start == start
        )
        inner = escape(text[start:end])
        for mark in reversed(above):
            inner = f'<mark class="{mark.role}" data-statement="{mark.number}">{inner}</mark>'
        pieces.append(begun + inner)
    statements = "".join(
        f'<dt id="{anchor}-{number}">{number}. {escape(_sentence(statement))}</dt>\n<dd>'
        + "".join(_detail(line.strip()) for line in _details(annotation, statement))
        + "</dd>\n"
        for number, statement in enumerate(annotation["statements"], 1)
    )
    others = "".join(
        f"<h3>{escape(title)}</h3>\n<ul>{''.join(f'<li>{escape(row)}</li>' for row in rows)}</ul>\n"
        for title, rows in _other_lists(annotation)
    )
    return (
        f"<article>\n<h2>{escape(_head(annotation))}</h2>\n"
        f'<div class="text" lang="{language}">{"".join(pieces)}</div>\n'
        f"<h3>Statements</h3>\n<dl>\n{statements}</dl>\n{others}</article>\n"
    )


def _detail(line: str) -> str:
    return f"<blockquote>{escape(line)}</blockquote>" if line.startswith("“") else f"<p>{escape(line)}</p>"
