"""A document's text as HTML with the evidence marked: whose words, by what cue, with what content.

Spans nest and cross. The text is cut where any of them begins or ends and each piece carries all marks above it; a mark
keeps one lane for its line, so that crossing lines never touch. Each role has a line of its own kind, and the number of
the statement stands before each span with the role in words, so that colour is never needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

LANES = 5  # lines below one another that stay apart; more share the last lane
PAGE = 40_000  # code points of one page of text
_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
# Control characters and marks that turn the direction of what follows: shown as signs, never obeyed.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")
_FRAGMENT_WORDS = 8


Stretch = tuple[int, int, str]  # start, end, role


@dataclass(frozen=True, slots=True)
class Mark:
    """One span of one statement: half-open code points, `role` source, cue or content, the statement's `number` on the
    page from 1, and `label` that says in words who does what.
    """

    start: int
    end: int
    role: str
    number: int
    label: str = ""


def verbatim(text: str | None) -> Markup:
    """Return foreign text as HTML that stays text: escaped, its direction kept inside, hidden signs made visible."""
    return Markup(f"<bdi>{_shown(text or '')}</bdi>")


def plain(text: object) -> str:
    """Return text without hidden signs, for titles and attributes; Jinja escapes it."""
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(text or ""))


def fragment_link(url: str | None, words: str | None) -> str | None:
    """Return the address of the original that scrolls to the quoted words, or None where `url` is no web address."""
    if not url or urlsplit(url).scheme not in ("http", "https"):
        return None
    parts = (words or "").split(" … ")[0].split()
    if not parts:
        return url
    if len(parts) <= _FRAGMENT_WORDS:
        target = _encoded(parts)
    else:
        half = _FRAGMENT_WORDS // 2
        target = f"{_encoded(parts[:half])},{_encoded(parts[-half:])}"
    return f"{url.split('#', 1)[0]}#:~:text={target}"


def pages_of(text: str, size: int = PAGE) -> list[tuple[int, int]]:
    """Cut a long text into stretches of about `size` code points that end where a paragraph or at least a word ends."""
    cuts, at = [0], 0
    while len(text) - at > size:
        end = at + size
        for separator in ("\n\n", "\n", " "):
            found = text.rfind(separator, at + size // 2, end)
            if found > 0:
                end = found + len(separator)
                break
        cuts.append(end)
        at = end
    return list(pairwise([*cuts, len(text)])) or [(0, 0)]


def marked(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None, language: str = "") -> Markup:
    """Return the stretch of `text` as paragraphs with the marks that touch it; number links go to `#sN`."""
    end = len(text) if end is None else min(end, len(text))
    inside = [mark for mark in marks if mark.start < end and mark.end > start and mark.start < mark.end]
    inside.sort(key=lambda m: (m.start, -m.end, m.number, m.role))
    lanes = _lanes(inside)
    numbers = _together(inside)
    attribute = Markup(' lang="{}"').format(language) if _LANGUAGE.fullmatch(language) else Markup("")
    paragraphs = []
    anchored: set[int] = set()
    for first, last in _paragraphs(text, start, end):
        over = [mark for mark in inside if mark.start < last and mark.end > first]
        pieces = Markup("").join(_pieces(text, first, last, over, lanes, numbers, anchored))
        paragraphs.append(Markup('<p dir="auto"{}>{}</p>\n').format(attribute, pieces))
    return Markup("").join(paragraphs)


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for gap in _BREAK.finditer(text, start, end):
        if gap.start() > at:
            yield at, gap.start()
        at = gap.end()
    if at < end:
        yield at, end


def _pieces(
    text: str,
    first: int,
    last: int,
    marks: Sequence[Mark],
    lanes: dict[Stretch, int],
    numbers: dict[Stretch, list[int]],
    anchored: set[int],
) -> Iterator[Markup]:
    bounds = {bound for mark in marks for bound in (mark.start, mark.end) if first < bound < last}
    over: list[Mark] = []
    waiting = list(marks)
    for start, end in pairwise(sorted({first, last, *bounds})):
        over = [mark for mark in over if mark.end > start]
        while waiting and waiting[0].start <= start:
            begun = waiting.pop(0)
            over.append(begun)
            if begun.start == start:
                yield _number(begun, anchored)
        over.sort(key=lambda m: (m.start, -m.end, m.number, m.role))
        yield _piece(text[start:end], list(dict.fromkeys(map(_stretch, over))), lanes, numbers)


def _piece(text: str, over: Sequence[Stretch], lanes: dict[Stretch, int], numbers: dict[Stretch, list[int]]) -> Markup:
    inner = str(_shown(text))
    told = "; ".join(f"{each[2]} of statement {' and '.join(map(str, numbers[each]))}" for each in reversed(over))
    title = f' title="{escape(told)}"'
    for each in reversed(over):
        shared = " ".join(map(str, numbers[each]))
        inner = f'<mark class="ev {escape(each[2])} lane{lanes[each]}" data-s="{shared}"{title}>{inner}</mark>'
        title = ""
    return Markup(inner)


def _number(mark: Mark, anchored: set[int]) -> Markup:
    """Return the link from a span to its statement; the first content span of each is the anchor `#tN`."""
    anchor, number = "", int(mark.number)
    if mark.role == "content" and number not in anchored:
        anchored.add(number)
        anchor = f' id="t{number}"'
    told = escape(f"{mark.role.capitalize()} of statement {number}" + (f": {plain(mark.label)}" if mark.label else ""))
    return Markup(
        f'<a class="ev-no {escape(mark.role)}" href="#s{number}"{anchor} data-s="{number}"><span class="unseen">{told}'
        f'</span><span aria-hidden="true">{number}</span><span class="tip" aria-hidden="true">{told}</span></a>'
    )


def _stretch(mark: Mark) -> Stretch:
    return mark.start, mark.end, mark.role


def _together(marks: Sequence[Mark]) -> dict[Stretch, list[int]]:
    """Return the statements that share a stretch in one role: they share its line too."""
    numbers: dict[Stretch, list[int]] = {}
    for mark in marks:
        of = numbers.setdefault(_stretch(mark), [])
        if mark.number not in of:
            of.append(mark.number)
    return numbers


def _lanes(marks: Sequence[Mark]) -> dict[Stretch, int]:
    """Return for each stretch the lowest lane that none over the same text has, inner ones nearest to the words."""
    lanes: dict[Stretch, int] = {}
    for each in sorted(set(map(_stretch, marks)), key=lambda s: (s[1] - s[0], *s)):
        taken = {lane for other, lane in lanes.items() if other[0] < each[1] and other[1] > each[0]}
        lanes[each] = next((lane for lane in range(LANES) if lane not in taken), LANES - 1)
    return lanes


def _shown(text: str) -> Markup:
    if not _HIDDEN.search(text):
        return escape(text)
    pieces, at = [], 0
    for sign in _HIDDEN.finditer(text):
        name = unicodedata.name(sign[0], f"U+{ord(sign[0]):04X}").lower()
        pieces += [escape(text[at : sign.start()]), Markup('<span class="sign" title="{}">\ufffd</span>').format(name)]
        at = sign.end()
    return Markup("").join([*pieces, escape(text[at:])])


def _encoded(words: Sequence[str]) -> str:
    """Return words percent-encoded for a text directive, where comma, dash and ampersand mean something."""
    return quote(" ".join(words), safe="").replace("-", "%2D")
