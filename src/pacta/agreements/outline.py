"""Outline: which markers begin provisions, and what stands in what; decided by the numbers around each of them.

A marker continues the innermost list that it follows in ("2." after "1."), or begins a list with its first number; a
number that does neither is taken for words of the text ("Article 5 of the Charter", "2020. The parties").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pacta.agreements.inline import lists_in, quoted_lines
from pacta.agreements.lines import Line
from pacta.agreements.markers import Marker, ends_open, is_title, marker_at
from pacta.agreements.nodes import Key, Level, Node, Tree
from pacta.agreements.numbers import Reading
from pacta.agreements.ranks import GAP, may_jump, series, unit_ranks

_CLOSING = re.compile(
    r"(?:done|signed|executed|concluded)\s+(?:at|in|on|by|this)\b|in\s+(?:witness|faith)\s+whereof|en\s+foi\s+de\s+quoi"
    r"|fait\s+(?:à|en)\b|hecho\s+en\b|en\s+fe\s+de\s+lo\s+cual|geschehen\s+zu\b|совершено\s+в\b",
    re.IGNORECASE,
)
_RUN_ON = re.compile(r"(?P<before>[.;:,])\s*(?:(?:and|or)\s+)?(?P<mark>\((?:\d{1,2}|[a-z]{1,5})\)\s)")
_WIDE_GAP = 12  # numbers that a list may skip after an empty line


class Outline(Tree):
    """Reads lines into a tree of nodes below `root`. `captions`: unnumbered headings hold what stands below them."""

    def __init__(self, text: str, lines: Sequence[Line], *, first: int = 0, captions: bool = False) -> None:
        super().__init__(text)
        self.lines, self.first, self.captions = lines, first, captions
        self.restarted = False
        self._last: dict[tuple[int, str], Node] = {}  # the last unit of each kind, by realm
        quoted = quoted_lines(lines, first)
        own = [i for i in range(first, len(lines)) if i not in quoted]
        self.markers = {i: m for i in own if (m := marker_at(lines[i], i, lines[i].start))}
        self.lists = lists_in(lines, first, quoted)
        self.ranks = unit_ranks(list(self.markers.values()))
        self.has_articles = any(m.unit == "article" for m in self.markers.values())

    def run(self) -> Node:
        """Read all lines and return the root."""
        for i in range(self.first, len(self.lines)):
            marker = self.markers.get(i)
            line = self.lines[i]
            if marker is None or not self._place(marker):
                if self._is_closing(i):
                    self._closing(i)
                elif self.captions and self.is_caption(i):
                    self._caption(i)
                else:
                    self._listed(line, i, line.start)
                continue
            rest = marker.rest
            while rest < line.end and marker.wrap[:4] != "dash":
                inner = marker_at(line, i, rest, inline=True)
                if inner is None or not self._place(inner):
                    break
                rest = inner.rest
            self._run_on(line, i, rest)
            self._listed(line, i, rest)
        return self.root

    def _listed(self, line: Line, i: int, start: int) -> None:
        """Place the numbers of a list within a sentence: "shall: (a) open the road; and (b) clear it"."""
        for offset in self.lists.get(i, ()):
            marker = marker_at(line, i, offset, inline=True) if offset >= start else None
            if marker is None or not self.stack or self.stack[-1].node.kind == "closing":
                continue
            keys = {self._key(marker, reading) for reading in marker.readings if reading.is_first}
            if self._goes_on(marker, ";") or (keys and not any(level.key in keys for level in self.stack)):
                self._place(marker)

    def _run_on(self, line: Line, i: int, rest: int) -> None:
        """Place the numbers in brackets that follow in the same line: "(1) … ; (2) …"."""
        for match in _RUN_ON.finditer(line.text, max(0, rest - line.start)):
            marker = marker_at(line, i, line.start + match.start("mark"), inline=True)
            if marker is None or marker.wrap != "(x)":
                continue
            lead = self.text[rest : line.start + match.start("before")]
            titled = is_title(lead) and line.start + match.end() < line.end
            if self._goes_on(marker, ":" if titled else match["before"]):
                self._place(marker)

    def _goes_on(self, marker: Marker, before: str) -> bool:
        """Tell whether a number inside a line goes on in an open list, or begins one after a colon."""
        for level in self.stack:
            for reading in marker.readings:
                last = level.node.reading
                if level.key == self._key(marker, reading) and last is not None and reading.follows(last):
                    return True
        return before == ":" and any(reading.is_first for reading in marker.readings)

    # --- what lines are -----------------------------------------------------------------------------------------------
    def is_caption(self, i: int) -> bool:
        """Tell whether a line without a number is set off as a heading."""
        line = self.lines[i]
        if (i in self.markers and self.markers[i].wrap != "x") or not line.closed or not is_title(line.text):
            return False
        if line.level or line.bold:
            return True
        alone = i + 1 >= len(self.lines) or self.lines[i + 1].blank or i + 1 in self.markers
        return line.blank and len(line.text) <= 90 and (line.text.isupper() or alone)

    def _is_heading_alone(self, i: int) -> bool:
        """Tell whether a line is a heading, and not that of a number on the line above it."""
        above = self.markers.get(i - 1)
        return self.is_caption(i) and not (above is not None and above.wrap == "X")

    def _is_headed(self, marker: Marker) -> bool:
        """Tell whether a heading stands right above a number of a text without articles."""
        return not self.has_articles and marker.index - 1 > self.first and self._is_heading_alone(marker.index - 1)

    def _is_closing(self, i: int) -> bool:
        line = self.lines[i]
        return bool(self.stack) and line.clean and bool(_CLOSING.match(line.text)) and line.text[0].isupper()

    # --- placing ------------------------------------------------------------------------------------------------------
    def _place(self, marker: Marker) -> bool:
        """Put a marker where it belongs; False where it begins no provision."""
        if marker.unit is None and marker.upper and marker.readings and self._heads_articles(marker):
            marker = replace(marker, unit="section", word="section")
            self.ranks.setdefault("section", 4)
        if marker.unit is not None:
            return self._place_unit(marker)
        before = self.lines[marker.index - 1].text if marker.index > self.first else ""
        if not marker.inline and not (marker.line.clean and (marker.line.blank or not ends_open(before))):
            return False
        if marker.wrap.startswith("dash"):
            return self._place_dash(marker, before)
        if marker.wrap == "dotted":
            return self._place_dotted(marker)
        return self._place_bare(marker)

    def _heads_articles(self, marker: Marker) -> bool:
        """Tell whether a bare capital or Roman number with a title stands right above an article."""
        after = self.markers.get(marker.index + 1) or self.markers.get(marker.index + 2)
        rest = self.text[marker.rest : marker.line.end].strip()
        return self.has_articles and after is not None and after.unit == "article" and is_title(rest)

    def _place_unit(self, marker: Marker) -> bool:
        kind = marker.unit or ""
        above = self.markers.get(marker.index - 1)
        if kind == "annex" and above is not None and above.unit == "annex" and above.lone and above.title is None:
            return False  # the title of the annex above: "ANNEX I", "PROTOCOL ON …"
        rank = self.ranks[kind]
        reading = marker.readings[0] if marker.readings else None
        before = self.lines[marker.index - 1] if marker.index > self.first else None
        if kind == "article" and reading is not None:
            self._back_out(marker, kind)
        last = self._last_unit(kind, marker.word, rank)
        if last is not None and last.reading is not None:
            follows = [r for r in marker.readings if r.follows(last.reading)]
            reading = follows[0] if follows else reading
            runs_on = before is not None and not before.closed and ends_open(before.text)
            if runs_on or (not follows and not may_jump(marker, last.reading)):
                return False
            anew = kind == "article" and not follows and reading is not None and reading.is_first
            if anew and last.parent is self._unit_parent(rank):
                self._restart(marker)
        elif before is not None and not marker.line.blank and (not marker.line.clean or ends_open(before.text)):
            if not marker.lone or ends_open(before.text):
                return False
        elif len(marker.readings) > 1 and not any(r.is_first for r in marker.readings):
            reading = next((r for r in marker.readings if r.type == "alpha" and kind == "annex"), reading)
        self._pop_unit(rank)
        at = id(self._realm() if rank else self.root), series(kind, marker.word)
        self._last[at] = self._push(marker, kind, ("unit", kind), reading, rank, is_unit=True)
        return True

    def _last_unit(self, kind: str, word: str, rank: int) -> Node | None:
        """Return the last unit of a kind in this realm, wherever among its parts it stands."""
        realm = self._realm() if rank else self.root
        return self._last.get((id(realm), series(kind, word)))

    def _back_out(self, marker: Marker, kind: str) -> None:
        """Leave an annex without articles where an article goes on with those before: a text quoted in a law."""
        realm, outer = self._realm(), self._last.get((id(self.root), kind))
        own = realm is self.root or (id(realm), kind) in self._last
        last = outer.reading if outer is not None and not own else None
        if last is not None and any(r.follows(last) for r in marker.readings):
            self.stack.clear()

    def _restart(self, marker: Marker) -> None:
        """Articles are numbered anew: those before are a table of contents, or this begins an annex."""
        realm = self._realm()
        units = [node for node in realm.walk() if node.kind == "article"]
        if all(self._is_bare_entry(node, marker.index) for node in units):
            realm.children.clear()
            self._last.clear()
            self.stack = [level for level in self.stack if level.rank == 0]
            return
        head = marker.index
        while head - 1 > self.first and marker.index - head < 4 and self._may_head(head - 1):
            head -= 1
        self.stack.clear()
        line = self.lines[head]
        node = self._add(Node("annex", None, line.start, head, marker.line.start), self.root)
        node.is_unit = True
        if head < marker.index:
            node.heading, node.body = (line.start, line.end), line.end
        self.stack.append(Level(("unit", "annex"), node, 0, 0))

    def _may_head(self, i: int) -> bool:
        line = self.lines[i]
        return i not in self.markers and line.blank and line.closed and is_title(line.text)

    def _is_bare_entry(self, node: Node, stop: int) -> bool:
        after = [n.line for n in self.root.walk() if n.line > node.line]
        return min([*after, stop]) - node.line <= 1 and not node.children

    def _place_dash(self, marker: Marker, before: str) -> bool:
        self.restarted |= (headed := self._is_headed(marker))
        runs_on = before[-1:].isalnum() and not marker.line.blank and not self._in_list() and not headed
        if runs_on or not marker.rest < marker.line.end:
            return False
        indent = marker.line.indent
        for depth in range(len(self.stack) - 1, -1, -1):
            level = self.stack[depth]
            if level.rank < 100:
                break
            if level.key == ("dash", marker.wrap) and level.indent <= indent + 1:
                if indent > level.indent + 1:
                    break
                del self.stack[depth:]
                break
            if level.key[0] == "dash" and level.indent > indent:
                del self.stack[depth:]
        self._push(marker, "item", ("dash", marker.wrap), None, 100, indent=indent)
        return True

    def _in_list(self) -> bool:
        return bool(self.stack) and self.stack[-1].key[0] == "dash"

    def _place_dotted(self, marker: Marker) -> bool:
        parts = marker.parts
        for depth in range(len(self.stack), -1, -1):
            node = self.stack[depth - 1].node if depth else self.root
            if self._path(node) == parts[:-1] and node is not self.root:
                last = node.children[-1].reading if node.children else None
                fits = [r for r in marker.readings if (r.follows(last) if last else r.is_first)]
                if not fits and not marker.line.blank and not marker.line.clean:
                    return False
                if not fits and (marker.readings[0].value > 40 or (last and marker.readings[0].value <= last.value)):
                    return False
                del self.stack[depth:]
                reading = fits[0] if fits else marker.readings[0]
                self._push(marker, "", ("dotted", str(len(parts))), reading, 100, parts=parts)
                return True
        for depth in range(len(self.stack) - 1, -1, -1):
            level = self.stack[depth]
            known = level.node.parts
            if known and known[:-1] == parts[:-1] and level.node.reading is not None:
                fits = [r for r in marker.readings if r.follows(level.node.reading)]
                if fits:
                    del self.stack[depth:]
                    self._push(marker, "", level.key, fits[0], 100, parts=parts)
                    return True
        if marker.readings[0].is_first and not marker.lone and parts[0].isdigit() and marker.line.blank:
            self._pop_bare()
            self._push(marker, "", ("dotted", str(len(parts))), marker.readings[0], 100, parts=parts)
            return True
        return False

    def _place_bare(self, marker: Marker) -> bool:
        indent = marker.line.indent if not marker.inline else marker.line.indent + 1
        bare = [d for d in range(len(self.stack)) if self.stack[d].rank == 100]
        weak = marker.wrap == "x" and not self._heads_decimals(marker)
        if marker.wrap == "X" and not (marker.line.blank and marker.line.closed):
            return False
        if self.stack and self.stack[-1].node.kind == "closing" and marker.upper:
            return False  # the initial of somebody who signs
        if marker.wrap == "[x]" and self.stack and not any(self.stack[d].key[0] == "[x]" for d in bare):
            return False  # a note
        for depth in reversed(bare):  # the next of a list that is open
            level = self.stack[depth]
            for reading in marker.readings:
                last = level.node.reading
                if level.key != self._key(marker, reading) or last is None or not reading.follows(last):
                    continue
                if self._begins_roman(marker, reading):
                    continue
                del self.stack[depth:]
                self._push(marker, "", level.key, reading, 100, indent=level.indent)
                return True
        first = next((r for r in marker.readings if r.is_first), None)
        if first is not None and not weak:
            self._begin(marker, first, indent, bare)
            return True
        for depth in reversed(bare):  # the next, set in another way ("2" after "1.")
            level = self.stack[depth]
            for reading in marker.readings:
                last = level.node.reading
                same_case = level.node.marker is not None and level.node.marker.upper == marker.upper
                if last is not None and reading.follows(last) and same_case and level.key[0] not in ("dash", "dotted"):
                    del self.stack[depth:]
                    self._push(marker, "", level.key, reading, 100, indent=level.indent)
                    return True
        return False if weak else self._resumed(marker, indent, bare)

    def _heads_decimals(self, marker: Marker) -> bool:
        """Tell whether a bare number with a title stands right above the first of its decimals: "1 SCOPE", "1.1"."""
        after = self.markers.get(marker.index + 1)
        below = after is not None and after.wrap == "dotted" and after.parts[:-1] == (str(marker.readings[0].value),)
        return below and is_title(self.text[marker.rest : marker.line.end].strip())

    def _begins_roman(self, marker: Marker, reading: Reading) -> bool:
        """Tell whether "(i)" after "(h)" begins a Roman list: the next number of its kind is "(ii)"."""
        if reading.type != "alpha" or reading.value != 9:
            return False
        after = (self.markers[i] for i in range(marker.index + 1, len(self.lines)) if i in self.markers)
        following = next((m for m in after if m.wrap == marker.wrap or m.unit), None)
        return following is not None and any(r.type == "roman" and r.value == 2 for r in following.readings)

    def _begin(self, marker: Marker, first: Reading, indent: int, bare: list[int]) -> None:
        """Begin a list: below the innermost provision, or anew where a list of this kind is open."""
        key = self._key(marker, first)
        if bare and self._is_headed(marker):
            self.restarted = True  # a heading without a number stands above a list of its own
        if bare and self._after_recitals(marker, first, bare[0]):
            del self.stack[bare[0] :]
            bare = []
        for depth in reversed(bare):
            level = self.stack[depth]
            if level.key == key and indent <= level.indent + 1 and not self._announced(marker):
                if not self.has_articles and self._unit_parent(100) is (level.node.parent or self.root):
                    self.restarted = True
                del self.stack[depth:]
                break
            if level.key[0] == "dash" and indent <= level.indent:
                del self.stack[depth:]
        self._push(marker, "", key, first, 100, indent=indent)

    def _after_recitals(self, marker: Marker, first: Reading, outermost: int) -> bool:
        """Tell whether a "1." begins the body after lettered recitals: a paragraph of its own has led on to it."""
        above, i = self.stack[outermost], marker.index - 1
        lettered = above.key[1] == "alpha" and above.node.parent is self.root and above.key[0] == "(x)"
        lead = i > self.first and i not in self.markers and self.lines[i].blank and self.lines[i].text.endswith(":")
        return lettered and lead and first.type in ("digits", "roman")

    def _announced(self, marker: Marker) -> bool:
        """Tell whether a colon stands before a number, so that what it begins belongs to what stands there."""
        return marker.index > self.first and self.lines[marker.index - 1].text.endswith(":")

    def _resumed(self, marker: Marker, indent: int, bare: list[int]) -> bool:
        """Place a number that follows none: it skips some, goes on from a list that was closed, or begins late."""
        if not marker.line.clean or marker.inline:
            return False
        gap = _WIDE_GAP if marker.line.blank else GAP
        for depth in reversed(bare):
            level = self.stack[depth]
            last = level.node.reading
            for reading in marker.readings:
                same = last is not None and level.key == self._key(marker, reading)
                if same and last is not None and 0 < reading.value - last.value <= gap:
                    del self.stack[depth:]
                    self._push(marker, "", level.key, reading, 100, indent=level.indent)
                    return True
        for reading in marker.readings:
            key = self._key(marker, reading)
            if any(self.stack[d].key == key for d in bare):
                continue
            closed = self._resume.get(key)
            if closed is not None and 0 < reading.value - closed.value <= gap:
                self._push(marker, "", key, reading, 100, indent=indent)
                return True
        reading = marker.readings[0]
        rest = self.text[marker.rest : marker.line.end].strip()
        late = reading.type == "digits" and reading.value <= 60 and (marker.line.blank or reading.value <= 10)
        if late and self.stack and not bare and (not rest or not rest[0].islower()):
            self._push(marker, "", self._key(marker, reading), reading, 100, indent=indent)
            return True
        return False

    @staticmethod
    def _key(marker: Marker, reading: Reading) -> Key:
        wrap = "x." if marker.wrap == "x" else marker.wrap
        heading = f"h{marker.line.level}" if marker.line.level and not marker.inline else ""
        return wrap, reading.type, heading or ("upper" if marker.upper and reading.type in ("alpha", "roman") else "")

    def _closing(self, i: int) -> None:
        if self.stack[-1].node.kind == "closing":
            return
        line = self.lines[i]
        while self.stack and self.stack[-1].node.kind != "annex":
            self.stack.pop()
        parent = self.stack[-1].node if self.stack else self.root
        node = self._add(Node("closing", None, line.start, i, line.start, is_unit=True), parent)
        self.stack.append(Level(("unit", "closing"), node, 0, 1))

    def _caption(self, i: int) -> None:
        line = self.lines[i]
        self._pop_unit(rank := 8 if not line.level else min(7, 1 + line.level))
        parent = self.stack[-1].node if self.stack else self.root
        node = Node("part", None, line.start, i, line.end, heading=(line.start, line.end), is_unit=True)
        self._add(node, parent)
        self.stack.append(Level(("unit", "caption"), node, 0, rank))
