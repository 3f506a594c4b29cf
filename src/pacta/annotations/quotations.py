"""Quoted stretches of a text, with straight, curly, doubled and unclosed marks, over several paragraphs.

Never raises: a mark without partner ends with its paragraph, or goes on in the next one when that opens with a mark. A
paragraph that opens with a mark and never closes it also runs on over paragraphs without any mark, up to one in the
first person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pacta.model import Span

_MARKS = re.compile("[\u201c\u201d\u201e\u00ab\u00bb\"]|''|``")
_OPENING = frozenset("\u201c\u201e\u00ab") | {"``"}
_CLOSING = frozenset("\u201d\u00bb") | {"''"}
# "I" behind a capital is a number: "World War I"
_WE = re.compile(r"\b(?:[Ww]e|[Oo]ur|us|my)\b|(?:^|[^\w\s]\s*|\b[a-z]+\s+)I\b")
_LONGEST_RUN = 5  # paragraphs that a quotation without a closing mark may run on
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quoted stretch. `span` includes the marks, `inner` does not; `continued`: goes on in the next paragraph."""

    span: Span
    inner: Span
    continued: bool = False


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """Return the quotations of `text` in order; they never overlap and never cross a paragraph break."""
    found: list[Quotation] = []
    run_on: list[Span] = []  # paragraphs without a mark since one that opened with a quotation and did not close it
    start = 0
    for stop in [m.start() for m in _PARAGRAPH.finditer(text)] + [len(text)]:
        inside = _in_paragraph(text, start, stop)
        whole = _trimmed(text, start, stop)
        if inside or _MARKS.search(text, start, stop):
            run_on = [whole] if inside and inside[-1].continued and inside[-1].span == whole else []
            found.extend(inside)
        elif run_on and whole[0] < whole[1] and len(run_on) <= _LONGEST_RUN:
            run_on.append(whole)
            if _WE.search(text, *whole):  # who is quoted still speaks
                found.extend(Quotation(span, span, continued=True) for span in run_on[1:])
                run_on = run_on[-1:]
        start = stop
    return tuple(_mark_continued(text, found))


def _trimmed(text: str, start: int, stop: int) -> Span:
    """Return the span of a paragraph without the white space around it."""
    part = text[start:stop]
    first = start + len(part) - len(part.lstrip())
    return first, max(first, start + len(part.rstrip()))


def _in_paragraph(text: str, start: int, stop: int) -> list[Quotation]:
    found: list[Quotation] = []
    opened: tuple[int, int] | None = None
    for mark in _MARKS.finditer(text, start, stop):
        if opened is None:
            if _may_open(text, mark.start(), mark.end(), mark[0]):
                opened = mark.span()
        elif _may_close(text, mark.start(), mark.end(), mark[0]):
            found.append(Quotation((opened[0], mark.end()), (opened[1], mark.start())))
            opened = None
        elif mark[0] in _OPENING:  # the earlier mark never closed: read up to here
            found.append(Quotation((opened[0], mark.start()), (opened[1], mark.start())))
            opened = mark.span()
    if opened is not None:
        end = opened[1] + len(text[opened[1] : stop].rstrip())
        if end > opened[1]:
            found.append(Quotation((opened[0], end), (opened[1], end), continued=True))
    return found


def _mark_continued(text: str, found: list[Quotation]) -> list[Quotation]:
    """Keep `continued` only where the next paragraph does open with a quotation."""
    kept: list[Quotation] = []
    for quotation, after in zip(found, [*found[1:], None], strict=False):
        goes_on = quotation.continued and after is not None and not text[quotation.span[1] : after.span[0]].strip()
        kept.append(Quotation(quotation.span, quotation.inner, goes_on))
    return kept


def _may_open(text: str, start: int, end: int, mark: str) -> bool:
    if mark in _OPENING:
        return True
    if mark in _CLOSING and mark != "\u00bb":
        return False
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not after.isspace() and not before.isalnum()


def _may_close(text: str, start: int, end: int, mark: str) -> bool:
    if mark in _CLOSING:
        return True
    if mark in _OPENING:
        return False
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not before.isspace() or after in ",.;:!?)" or after.isspace()  # no word follows: it opens nothing
