"""Structure: the text of an agreement → its provisions, with numbers, headings and spans.

    value = read_structure(text)
    value.find("6(2)").body        # the span of the words of Article 6, paragraph 2

It reads how agreements are set, in any of the usual layouts, and knows none of them by name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from pacta.agreements.lines import Line, read_lines
from pacta.agreements.markers import CONTAINERS, ends_open, is_title, marker_at
from pacta.agreements.nodes import Node
from pacta.agreements.numbers import to_roman
from pacta.agreements.outline import Outline
from pacta.agreements.values import AgreementTextValue, Provision

_TRAILING = " \t\r\n\f\x0b\u00a0#*_>"
_LEADING = " \t\r\n\f\x0b\u00a0.:–—-*_|#"
_QUOTES = "\"\u201c\u00ab\u201e'\u2018"
_SMALL_WORD = 4  # letters of a word that may be small in a title
_COLUMNS = re.compile(r"\s{4,}")  # what stands between a title and the same in a second column, or a date
_SENTENCE = re.compile(r"[.;:!?…][\"'”’»)\]]*$")
_PREAMBLE = re.compile(r"preambles?|préambule|präambel|preámbulo|преамбула", re.IGNORECASE)


def read_structure(text: str) -> AgreementTextValue:
    """Return the structure of an agreement text; a text without any number has its paragraphs as sections."""
    lines = read_lines(text)
    title, first = _title(lines)
    outline = Outline(text, lines, first=first)
    root = outline.run()
    if outline.restarted or not any(node.kind != "closing" for node in root.children):
        captioned = Outline(text, lines, first=first, captions=True)
        if any(node.kind == "part" for node in captioned.run().children):
            outline, root = captioned, captioned.root
    if not root.children:
        _paragraphs(root, lines[first:])
    _set_ends(root, text, lines, first)
    _set_headings(root, text, lines)
    _set_kinds(root)
    set_numbers(root)
    sections = [_frozen(node, text) for node in root.children]
    if (preamble := _preamble(root, sections, text, lines, first)) is not None:
        leading = len(preamble.children)
        sections = [preamble, *sections[leading:]]
    return AgreementTextValue(text, title, tuple(sections))


def _title(lines: Sequence[Line]) -> tuple[str | None, int]:
    """Return the title, the first block where it is set as one, and the index of the line after it."""
    opening = marker_at(lines[0], 0, lines[0].start) if lines else None
    named = opening is not None and opening.unit == "annex" and not opening.readings  # "Protocol on …"
    if not lines or (opening is not None and not lines[0].level and not named):
        return None, 0
    stop = 1
    while stop < len(lines) and not lines[stop].blank and not lines[0].level and stop < 8:
        if marker_at(lines[stop], stop, lines[stop].start):
            break
        stop += 1
    words = " ".join(line.text for line in lines[:stop])
    one_line = is_title(lines[0].text) and lines[0].closed
    if len(words) <= 400 and not _SENTENCE.search(words) and not words.endswith(","):
        return _COLUMNS.split(words)[0], stop
    return (_COLUMNS.split(lines[0].text)[0], 1) if one_line and not words.endswith(",") else (None, 0)


def _paragraphs(root: Node, lines: Sequence[Line]) -> None:
    """Make each paragraph of a text without numbers a section."""
    for i, line in enumerate(lines):
        if line.blank or not i:
            node = Node("paragraph", None, line.start, i, line.start, parent=root)
            root.children.append(node)


# --- spans ------------------------------------------------------------------------------------------------------------
def _set_ends(root: Node, text: str, lines: Sequence[Line], first: int) -> None:
    """Let each node end where the next one that is not below it begins, without captions in between."""
    nodes = [node for node in root.walk() if node is not root]
    above: dict[int, tuple[int, int]] = {}
    for node in nodes:
        stop, i = node.start, node.line - 1
        unit = node.is_unit and node.kind not in ("closing", "paragraph")
        while unit and i >= first and node.line - i <= 3 and _is_loose(lines, i, first):
            stop = lines[i].start
            above.setdefault(id(node), (lines[i].start, lines[i].end))
            i -= 1
        node.stop = stop

    def close(node: Node, limit: int) -> None:
        for child, after in zip_longest(node.children, node.children[1:]):
            close(child, after.stop if after is not None else limit)
        node.end = node.start + len(text[node.start : limit].rstrip(_TRAILING))
        node.body = min(node.body, node.end)

    close(root, len(text))
    articles = [node for node in nodes if node.kind == "article"]
    untitled = [node for node in articles if node.heading is None]
    headed = [node for node in untitled if id(node) in above]
    if articles and len(headed) >= 0.6 * len(articles):
        for node in headed:
            node.heading = above[id(node)]


def _is_loose(lines: Sequence[Line], i: int, first: int) -> bool:
    line = lines[i]
    ended = i == first or bool(_SENTENCE.search(lines[i - 1].text)) or line.level > 0
    return line.blank and line.closed and ended and is_title(line.text) and not marker_at(line, i, line.start)


def _set_headings(root: Node, text: str, lines: Sequence[Line]) -> None:
    """Find titles on the line after the number, or alone beside it, where more words or parts follow."""
    for node in root.walk():
        if node is root or node.kind == "closing" or (node.kind in ("item", "paragraph") and not node.is_unit):
            continue
        if node.heading is not None and text[node.heading[1] : node.end].strip(_TRAILING) == ".":
            node.body, node.heading = node.heading[0], None  # a sentence of its own, not a title
        elif node.heading is None:
            node.heading = _heading(node, text, lines)
        if node.heading is not None and (node.heading[1] > node.body or node.heading[0] >= node.body):
            node.body = min(node.end, node.heading[1])
        limit = node.children[0].start if node.children else node.end
        while node.body < limit and text[node.body] in _LEADING:
            node.body += 1


def _heading(node: Node, text: str, lines: Sequence[Line]) -> tuple[int, int] | None:
    """Return the span of the first paragraph below a number where it is set as a title."""
    i = node.line
    start = node.body
    if start >= lines[i].end:
        i += 1
        if i >= len(lines) or lines[i].start >= node.end:
            return None
        start = lines[i].start
    stop = i
    while not lines[stop].closed and stop + 1 < len(lines) and stop - i < 2:
        stop += 1
    end = lines[stop].end
    inner = [child.start for child in node.children[:1]]
    if not lines[stop].closed or end > node.end or (inner and inner[0] < end):
        return None
    words = " ".join(text[start:end].split())
    more = text[end : node.end].strip(_TRAILING)
    if stop + 1 < len(lines) and lines[stop + 1].start < node.end and _goes_on(lines[stop + 1], inner):
        return None
    core = words[1:-1] if words[:1] in "([" and words[-1:] in ")]" and words else words
    if not core or not more or not is_title(core) or ends_open(core):
        return None
    if i == node.line and inner and not _is_set_off(core):
        below = text[node.children[0].body : node.children[0].end].lstrip(_LEADING)
        if below[:1].islower():
            return None  # "A line links: (a) the mill": the beginning of a sentence
    container = node.kind in (*CONTAINERS, "annex", "article")
    if not container and i == node.line and ("," in core or core[0] in _QUOTES):
        return None  # "They wear their own uniform, except", "“Board” means"
    if not container and not (lines[i].bold or lines[i].level or text[start:end].isupper() or len(core.split()) <= 9):
        return None
    return (start + words.index(core), end - (len(words) - words.index(core) - len(core)))


def _is_set_off(words: str) -> bool:
    """Tell whether a title is set as one: every longer word with a capital."""
    return all(w[0].isupper() or not w[0].isalpha() for w in words.split() if len(w) > _SMALL_WORD)


def _goes_on(line: Line, inner: Sequence[int]) -> bool:
    """Tell whether a line goes on with the sentence before it: in small letters, or with a figure that is no number."""
    return line.text[0].islower() or (line.text[0].isdigit() and not line.blank and line.start not in inner)


# --- kinds and numbers ------------------------------------------------------------------------------------------------
def _set_kinds(root: Node) -> None:
    for node in root.walk():
        if node is root or node.kind:
            continue
        parent = node.parent
        digits = node.reading is not None and node.reading.type == "digits"
        if parent is None or parent is root or parent.kind in ("annex", *CONTAINERS):
            node.kind = "clause" if digits or parent is root else "point"
        else:
            node.kind = "paragraph" if digits else "point"
    _set_bare_parts(root)


def _set_bare_parts(root: Node) -> None:
    """Make parts of what groups numbers that run on through a whole text ("I. CEASEFIRE 1. 2. II. PRISONERS 3.")."""
    for realm in [root, *(n for n in root.walk() if n.kind == "annex")]:
        outermost = list(_outermost_digits(realm))
        groups = {id(n.parent): n.parent for n in outermost if n.parent is not None and n.parent is not realm}
        values = [n.reading.value for n in outermost if n.reading is not None]
        rising = all(before < after for before, after in pairwise(values))
        if len(groups) < 2 or not rising or any(n.is_unit for n in outermost):
            continue
        for at in groups.values():
            for node in at.children:
                node.kind = "clause" if node.reading is not None else node.kind
            while at is not realm:
                at.kind, at.runs_on = "part" if not at.is_unit else at.kind, True
                at = at.parent or realm


def _outermost_digits(node: Node) -> Iterator[Node]:
    for child in node.children:
        digits = child.reading is not None and child.reading.type == "digits"
        if child.kind == "article" or (digits and not (child.is_unit and _is_container(child))):
            yield child
        elif child.kind != "annex":
            yield from _outermost_digits(child)


def set_numbers(root: Node) -> None:
    """Give each node its number in its one form, unique in the text; a `local` number that is set is kept."""
    for parent in root.walk():
        unnumbered: Counter[str] = Counter()
        totals = Counter(node.kind for node in parent.children if node.reading is None)
        for node in parent.children:
            unnumbered[node.kind] += node.reading is None
            node.local = node.local or _local(node, unnumbered[node.kind], totals[node.kind])
    _number(root, "", "", prefixed=frozenset())
    clashing = _clashes(root)
    counts = Counter(node.normal for node in root.walk() if _is_container(node))
    if clashing:
        _number(root, "", "", prefixed=clashing)
    for node in root.walk():  # sections that are numbered anew in each part
        if counts[node.normal] > 1 and node.parent is not None and _is_container(node.parent):
            node.normal = f"{node.parent.normal}/{node.normal.rpartition('/')[2]}"
    seen: Counter[str] = Counter()
    for node in root.walk():
        if node is not root:
            seen[node.normal] += 1
            if seen[node.normal] > 1:
                node.normal = f"{node.normal}-{seen[node.normal]}"
                while seen[node.normal]:
                    node.normal += "x"
                seen[node.normal] += 1


def _local(node: Node, place: int, total: int) -> str:
    """Return a node's own number; one without takes its `place` among the `total` of its kind beside it."""
    if node.kind in ("closing", "preamble"):
        return node.kind
    if node.reading is None:
        if (node.kind == "annex" and node.marker is None) or (node.kind == "annex" and total == 1):
            word = node.marker.word if node.marker is not None else "annex"
            return word if total == 1 else f"{word}-{place}"
        name = {"part": "heading", "paragraph": "paragraph"}.get(node.kind, node.kind)
        return f"{name}-{place}"
    bare = node.reading.normal
    if node.reading.type == "roman" and not node.is_unit and node.marker is not None and not node.marker.upper:
        bare = to_roman(node.reading.value)
    if node.kind == "annex" and node.marker is not None:
        return f"{node.marker.word.rstrip('.')}-{bare}"
    return bare


def _is_container(node: Node) -> bool:
    below_article = node.parent is not None and node.parent.kind == "article"
    return node.kind in CONTAINERS and not below_article


def _number(node: Node, above: str, prefix: str, *, prefixed: frozenset[int]) -> None:
    """Number the children of `node`: `above` is the number they continue, `prefix` that of the realm they stand in."""
    group, last = "", None
    for child in node.children:
        if child.runs_on and child.reading is None:
            child.normal = f"{prefix}{child.local}"
            _number(child, "", prefix, prefixed=prefixed)
        elif child.kind == "annex" or (child.kind == "part" and child.reading is None):
            child.normal = f"{prefix}{child.local}"
            first = next((c.reading for c in child.children if c.reading is not None), None)
            goes_on = child.kind == "part" and first is not None and last is not None and first.follows(last)
            group = group if goes_on else f"{child.normal}/"  # numbers that run on through several headings
            _number(child, "", group, prefixed=prefixed)
            last = next((c.reading for c in reversed(child.children) if c.reading is not None), last)
        elif _is_container(child):
            word = "part" if not child.is_unit else child.kind
            child.normal = f"{prefix if not above else above + '.'}{word}-{child.local}"
            inner = f"{child.normal}/" if id(child) in prefixed else prefix
            _number(child, "", inner, prefixed=prefixed)
        else:
            local = ".".join(child.parts) if child.parts and not above else child.local
            child.normal = f"{above}.{local}" if above else f"{prefix}{local}"
            _number(child, child.normal, prefix, prefixed=prefixed)


def _clashes(root: Node) -> frozenset[int]:
    """Return the containers below which numbers begin anew, so that they must be named with them."""
    owners: dict[str, set[int]] = {}
    for node in root.walk():
        if node is root or node.kind in ("annex", "closing") or _is_container(node):
            continue
        at = node.parent
        chain: list[Node] = []
        while at is not None and at is not root:
            if _is_container(at):
                chain.append(at)
            at = at.parent
        if chain:
            owners.setdefault(node.normal, set()).update(id(n) for n in chain)
        else:
            owners.setdefault(node.normal, set())
    counts = Counter(n.normal for n in root.walk() if n is not root)
    return frozenset(i for normal, ids in owners.items() if counts[normal] > 1 for i in ids)


# --- results ----------------------------------------------------------------------------------------------------------
def _frozen(node: Node, text: str) -> Provision:
    heading = " ".join(text[slice(*node.heading)].split()).strip("*_ ") if node.heading else None
    kind = kind_of(node.kind, node.parent.kind if node.parent is not None else "")
    children = tuple(_frozen(child, text) for child in node.children)
    return Provision(
        kind, node.number, node.normal, heading or None, (node.start, node.end), (node.body, node.end), children
    )


def kind_of(unit: str, parent: str) -> str:
    """Return the kind of a provision from its unit: a section is a chapter, or a clause within an article."""
    if unit == "subsection":
        return "chapter"
    if unit == "section":
        return "clause" if parent == "article" else "chapter"
    return "part" if unit == "title" else unit


def _preamble(root: Node, sections: list[Provision], text: str, lines: Sequence[Line], first: int) -> Provision | None:
    """Return what stands before the first unit: recitals, with their letters and dashes where they have some."""
    units = [i for i, node in enumerate(root.children) if node.is_unit and node.kind != "closing"]
    leading = sections[: units[0]] if units else _recitals(root, sections)
    if units and root.children[units[0]].reading is None and _are_clauses(root.children[0]):
        leading = []  # clauses above a heading without a number
    if leading and all(root.children[i].kind == "annex" for i in units) and not _are_recitals(root.children[0]):
        leading = []  # these are the clauses themselves, with annexes after them
    stop = root.children[len(leading)].stop if len(sections) > len(leading) else len(text)
    start = next((line.start for line in lines[first:]), len(text))
    if root.children and root.children[0].kind == "paragraph" and not root.children[0].is_unit:
        return None
    while stop and text[stop - 1] in _TRAILING and stop > start:
        stop -= 1
    if start >= stop:
        return None
    body, heading = start, None
    opening = next(line for line in lines if line.start == start)
    if _PREAMBLE.fullmatch(opening.text.strip(":. ")):
        heading, body = opening.text, opening.end
        while body < stop and text[body] in _LEADING:
            body += 1
    renumbered = tuple(_below(child, "preamble.") for child in leading)
    return Provision("preamble", "", "preamble", heading, (start, stop), (body, stop), renumbered)


def _recitals(root: Node, sections: list[Provision]) -> list[Provision]:
    """Return the lettered recitals before the first clause of a text whose clauses bear plain numbers."""
    first = next((i for i, node in enumerate(root.children) if _are_clauses(node)), 0)
    return sections[:first] if all(_are_recitals(node) for node in root.children[:first]) else []


def _are_clauses(node: Node) -> bool:
    return node.reading is not None and node.reading.type == "digits"


def _are_recitals(node: Node) -> bool:
    return node.reading is not None and node.reading.type == "alpha"


def _below(provision: Provision, prefix: str) -> Provision:
    kind = "item" if provision.kind == "item" else "point"
    children = tuple(_below(child, prefix) for child in provision.children)
    return Provision(
        kind, provision.number, prefix + provision.normal, provision.heading, provision.span, provision.body, children
    )
