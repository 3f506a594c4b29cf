"""HTML of an agreement → text with its structure kept: headings, numbered lists, bold titles, one paragraph a block."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pacta.agreements.numbers import to_roman

_HIDDEN = frozenset(
    ("script", "style", "template", "noscript", "nav", "footer", "form", "button", "select", "svg", "iframe", "object")
)
_BLOCKS = frozenset(
    ("p", "div", "section", "article", "main", "header", "aside", "blockquote", "ul", "ol", "li", "table", "tr", "td",
     "th", "dl", "dt", "dd", "pre", "figure", "figcaption", "address", "h1", "h2", "h3", "h4", "h5", "h6", "body", "hr")
)  # fmt: skip
_SPACE = re.compile(r"[ \t\r\n\f\u00a0\u2009\u202f]+")
_NUMBERED = re.compile(
    r"(?:\(?[0-9]{1,3}|\(?[A-Za-z]{1,5})[.)]\s|[0-9]+(?:\.[0-9]+)+\s|(?:Article|Art\.|§)\s", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page, its title and its language, as far as the page says them, and its size.

    `elements` counts its elements, `attributes` those of the element that has most, `depth` open elements at most.
    """

    text: str
    title: str | None = None
    language: str | None = None
    elements: int = 0
    attributes: int = 0
    depth: int = 0


def html_text(html: str) -> Page:
    """Return the text of an HTML page: headings as "# …", list items with the numbers a browser would show.

    >>> html_text("<h1>Pact</h1><ol type='a'><li>One<li>Two</ol>").text
    '# Pact\\n\\na. One\\n\\nb. Two\\n'
    """
    from lxml.etree import HTMLParser, XMLSyntaxError

    page = _Blocks()
    parser = HTMLParser(target=page, huge_tree=True)
    if html.strip():
        with contextlib.suppress(XMLSyntaxError):  # of what holds no element at all
            parser.feed(html)
            parser.close()
    page.end_block()
    text = "\n\n".join(page.blocks)
    title = _squeeze("".join(page.title)) or None
    return Page(text + "\n" if text else "", title, page.language, page.elements, page.attributes, page.depth)


def _squeeze(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


@dataclass
class _List:
    ordered: bool
    style: str
    count: int


class _Blocks:
    """Gathers the blocks of a page from what libxml2 finds in it, in a time that grows with its length alone."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.title: list[str] = []
        self.language: str | None = None
        self.elements = self.attributes = self.depth = 0
        self._inside = 0
        self._lists: list[_List] = []
        self._words: list[str] = []
        self._prefix = ""
        self._hidden = ""  # the element whose words are left out, and how often it is open
        self._open = 0
        self._in_title = False

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        self.elements += 1
        self.attributes = max(self.attributes, len(given))
        self._inside += 1
        self.depth = max(self.depth, self._inside)
        if tag == "html" and given.get("lang"):
            self.language = str(given["lang"]).split("-")[0].lower()
        if tag == "title":
            self._in_title = True
        if self._hidden or tag in _HIDDEN:
            self._hidden = self._hidden or tag
            self._open += tag == self._hidden
            return
        if tag == "br":
            self._words.append("\n")
        elif tag in _BLOCKS:
            self.end_block()
        if tag in ("ol", "ul"):
            start = given.get("start") or "1"
            number = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
            style = given.get("type") or _style(given.get("style") or "")
            self._lists.append(_List(tag == "ol", style, number - 1))
        elif tag == "li":
            self._prefix = self._marker(given.get("value"))
        elif re.fullmatch(r"h[1-6]", tag):
            self._prefix = "#" * int(tag[1]) + " "

    def end(self, tag: str) -> None:
        self._inside -= 1
        if tag == "title":
            self._in_title = False
        if self._hidden:
            self._open -= tag == self._hidden
            self._hidden = self._hidden if self._open > 0 else ""
            return
        if tag in _BLOCKS:
            self.end_block()
        if tag in ("ol", "ul") and self._lists:
            self._lists.pop()

    def data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._hidden:
            self._words.append(_SPACE.sub(" ", data))

    def close(self) -> None:
        """Do nothing: the last block is written by whoever reads."""

    def end_block(self) -> None:
        """Write what was gathered as one block of lines."""
        lines = [line for each in "".join(self._words).split("\n") if (line := _squeeze(each))]
        self._words.clear()
        if not lines:
            return
        prefix, self._prefix = self._prefix, ""
        if prefix.startswith("#"):
            lines = [" ".join(lines)]
        numbered = bool(_NUMBERED.match(lines[0])) and not prefix.startswith("#")
        indent = "    " * max(0, len(self._lists) - 1)
        lines[0] = lines[0] if numbered else prefix + lines[0]
        self.blocks.append("\n".join(indent + line for line in lines))

    def _marker(self, value: str | None) -> str:
        if not self._lists:
            return "- "
        items = self._lists[-1]
        if not items.ordered:
            return "- "
        items.count = int(value) if value and re.fullmatch(r"\d{1,6}", value) else items.count + 1
        return f"{_shown(items.count, items.style)} "


def _style(css: str) -> str:
    found = re.search(r"list-style(?:-type)?\s*:\s*([\w-]+)", css)
    names = {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i",
             "upper-roman": "I", "none": "none"}  # fmt: skip
    return names.get(found[1], "1") if found else "1"


def _shown(count: int, style: str) -> str:
    if style == "none":
        return "-"
    if style in ("a", "A") and 1 <= count <= 26:
        letter = chr(ord("a") + count - 1)
        return f"{letter if style == 'a' else letter.upper()}."
    if style in ("i", "I") and 1 <= count < 4000:
        return f"{to_roman(count) if style == 'i' else to_roman(count).upper()}."
    return f"{count}."
