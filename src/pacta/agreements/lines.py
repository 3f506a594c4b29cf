"""Lines of an agreement text: what each says without Markdown marks, and which are page numbers or running heads."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

_MARKS = re.compile(r"^(?:>\s?)*(?:(?P<hash>#{1,6})\s+)?(?P<bold>\*\*\*|\*\*|___|__|\*(?=\S[^*]*\*\s*$))?")
_BOLD_END = re.compile(r"(?:\*\*\*|\*\*|___|__|\*)$")
_RULE = re.compile(r"(?:[-*_=~.]\s?){3,}")
_PAGE = re.compile(
    r"[\[(]?\s*(?:[-–—|]\s*)?(?:p(?:age|\.)?\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?(?:\s*[-–—|])?\s*[\])]?",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r".*\S\s*(?:\.\s?){4,}\s*\d{0,4}|.*\S(?:\t|\s{5,})\d{1,4}")
_CONTENTS_WORD = re.compile(r"(?:table\s+of\s+)?contents:?|sommaire|índice|inhalt|содержание|оглавление", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.;:!?…](?:[\"'”’»)\]*_]+)?(?:\s*\[?\d{1,2}\]?)?$|[—–]$|[;,]\s+(?:and|or|and/or)$")
_DIGITS = re.compile(r"\d+")
_COLUMNS = re.compile(r"\s{3,}|\t")
_HEAD = 10  # letters of the words of a running head
_WRAPPED = (36, 130)


@dataclass(frozen=True, slots=True)
class Line:
    """One line with words. `text` is exactly what stands at `start`; `level`: of a Markdown heading, else 0.

    `blank`: an empty line stands before it; `clean`: what stands before it has ended, so that a number may begin;
    `closed`: its paragraph ends with it; `bold`: set off by Markdown marks.
    """

    text: str
    start: int
    indent: int
    level: int
    bold: bool
    blank: bool
    clean: bool
    closed: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def read_lines(text: str) -> tuple[Line, ...]:
    """Return the lines that hold words of the agreement: no page numbers, running heads, rules or contents lines."""
    raw = _raw(text)
    noise = _noise(raw)
    kept = [_joined(raw, i, noise) for i in range(len(raw)) if i not in noise]
    width = _width(kept)
    out: list[Line] = []
    for i, (content, start, indent, level, bold, blank) in enumerate(kept):
        before = kept[i - 1][0] if i else ""
        after = kept[i + 1] if i + 1 < len(kept) else None
        short = not width or _would_fit(before, content, width)
        clean = blank or not before or level > 0 or bool(_SENTENCE_END.search(before)) or short
        closed = after is None or after[5] or not width or level > 0 or _would_fit(content, after[0], width)
        out.append(Line(content, start, indent, level, bold, blank, clean, closed))
    return tuple(out)


def _would_fit(content: str, after: str, width: int) -> bool:
    """Tell whether the first word of the next line had room on this one, so that the break was meant."""
    return len(content) + 1 + len(after.split()[0]) <= 0.94 * width


_Raw = tuple[str, int, int, int, bool, bool]


def _raw(text: str) -> list[_Raw]:
    out: list[_Raw] = []
    offset, blank = 0, True
    for whole in re.split(r"(?<=[\n\f\x0b\x1c-\x1e\x85\u2028\u2029])", text):
        content = whole.strip()
        if content:
            start = offset + whole.index(content[0])
            indent = len(whole.expandtabs(4)) - len(whole.expandtabs(4).lstrip())
            match = _MARKS.match(content)
            marks = match.end() if match else 0
            level = len(match["hash"] or "") if match else 0
            body = content[marks:]
            bold = bool(match and match["bold"]) and bool(_BOLD_END.search(body))
            if match and match["bold"] and not bold and "**" not in body and "__" not in body:
                marks -= len(match["bold"])
                body = content[marks:]
            body = _BOLD_END.sub("", body) if bold else body.rstrip("#").rstrip() if level else body
            body_start = start + marks + (len(body) - len(body.lstrip()))
            if body.strip():
                out.append((body.strip(), body_start, indent, level, bold, blank))
                blank = False
        else:
            blank = blank or "\n" in whole or not out
            if "\n" in whole:
                blank = True
        offset += len(whole)
    return out


def _joined(raw: list[_Raw], i: int, noise: set[int]) -> _Raw:
    """Return a line; the white space around a page number is no end of a paragraph where a sentence goes on."""
    before = i - 1
    while before in noise:
        if not _PAGE.fullmatch(raw[before][0]) and (_CONTENTS.fullmatch(raw[before][0]) or len(raw[before][0]) > 90):
            return raw[i]
        before -= 1
    if before in (i - 1, -1) or _SENTENCE_END.search(raw[before][0]) or raw[i][3]:
        return raw[i]
    return (*raw[i][:5], False)


def _noise(raw: list[_Raw]) -> set[int]:
    """Return the indexes of page numbers, rules, contents lines and heads that run from page to page."""
    found: set[int] = set()
    places: dict[str, list[int]] = defaultdict(list)
    for i, (content, *_) in enumerate(raw):
        if (
            _RULE.fullmatch(content)
            or _CONTENTS.fullmatch(content)
            or (_PAGE.fullmatch(content) and not content.endswith((".", ")")))
        ):
            found.add(i)
        elif len(content) <= 90:
            places[_DIGITS.sub("#", content)].append(i)
    last = {content: i for i, (content, *_) in enumerate(raw)}
    for i, (content, *_) in enumerate(raw[:-1]):
        if not _CONTENTS_WORD.fullmatch(content):
            continue
        stop = i + 1
        while stop in found or last[raw[stop][0]] > stop:  # what it lists comes again, as a heading
            stop += 1
        if stop > i + 2 or i + 1 in found:
            found.update(range(i, stop))
    heads: dict[str, list[int]] = defaultdict(list)
    for i, (content, *_, blank) in enumerate(raw):
        chunks = _COLUMNS.split(content)
        alone = blank and (i + 1 == len(raw) or raw[i + 1][5])
        if alone and len(chunks) > 1 and any(c[0].isdigit() for c in (chunks[0], chunks[-1])):
            words = max(chunks, key=lambda c: sum(x.isalpha() for x in c))
            heads[words].append(i)
    for words, indexes in heads.items():
        if len(indexes) > 1 and len(words.split()) > 1 and sum(x.isalpha() for x in words) >= _HEAD:
            found.update(indexes)
    pages = {i for i in found if _PAGE.fullmatch(raw[i][0])}
    for indexes in places.values():
        beside = sum(1 for i in indexes if {i - 1, i + 1, i - 2, i + 2} & pages)
        same = len({raw[i][0] for i in indexes}) == 1 or "page" in raw[indexes[0]][0].lower()
        if (
            (len(indexes) >= 3 and beside >= 0.6 * len(indexes) and same)
            or (len(indexes) >= 2 and beside == len(indexes) and same and not raw[indexes[0]][0].endswith((".", ";")))
            or (len(indexes) >= 3 and all(re.search(r"\bpage\s+\d", raw[i][0], re.IGNORECASE) for i in indexes))
        ):
            found.update(indexes)
    return found


def _width(kept: list[_Raw]) -> int:
    """Return the width the text is broken to; 0 where a line is a paragraph."""
    broken: Counter[int] = Counter()
    pairs = 0
    for (content, *_), after in pairwise(kept):
        if after[5]:
            continue
        pairs += 1
        if _WRAPPED[0] <= len(content) <= _WRAPPED[1] and after[0][:1].islower():
            broken[len(content)] += 1
    total = sum(broken.values())
    if total < 3 or total < 0.2 * pairs:
        return 0
    lengths = sorted(broken.elements())
    return lengths[int(0.97 * (len(lengths) - 1))]
