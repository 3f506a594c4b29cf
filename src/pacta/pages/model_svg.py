"""The model as one SVG: a column for each module, a box for each class, a row for each property, a line to what it is.

Drawn from the ontology and its shapes; no class is named here. Sizes are in pixels of the picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from pacta.pages.terms import ORDER, Model, Slot, Term

WIDTH, GAP, ROW, HEAD, SPACE, TOP, SIDE = 244, 92, 20, 48, 26, 92, 36
COMMON = 5  # a property that more classes hold than this gets rows, but no lines
COLOURS = ("#14566b", "#7a3b00", "#6b2d5c", "#2f5d1e", "#8a1f2d", "#3d3d91")
SWEEPS = 6


@dataclass(slots=True)
class _Box:
    term: Term
    column: int
    rows: list[Slot] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)  # subclasses without a box
    y: float = 0.0

    @property
    def x(self) -> float:
        return SIDE + self.column * (WIDTH + GAP)

    @property
    def height(self) -> float:
        return HEAD + ROW * len(self.rows) + (ROW * len(_wrapped(self.kinds)) + 4 if self.kinds else 0) + 6

    @property
    def name(self) -> str:
        return self.term.name


def draw(model: Model, href: Callable[[str], str]) -> bytes:
    """Return the diagram as UTF-8. `href` gives the address of an IRI's page."""
    modules = [m for name in ORDER[:-1] for m in model.modules if m.name == name]
    boxes = _boxes(model, {m.iri: n for n, m in enumerate(modules)})
    lines = _lines(boxes)
    _place(boxes, lines)
    width = SIDE * 2 + len(modules) * WIDTH + (len(modules) - 1) * GAP
    height = max((box.y + box.height for box in boxes.values()), default=TOP) + SIDE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="model" role="group" aria-label="Classes of the ontology and '
        f'their properties" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        "<defs>",
        *(
            f'<marker id="tip{n}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
            f'<path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
            for n, colour in enumerate(COLOURS)
        ),
        "</defs>",
    ]
    for number, module in enumerate(modules):
        x, colour = SIDE + number * (WIDTH + GAP), COLOURS[number % len(COLOURS)]
        parts.append(
            f"<a href={quoteattr(href(module.iri))}>"
            f'<text x="{x}" y="44" font-size="19" font-weight="bold" fill="{colour}">{escape(module.name)}</text></a>'
            f'<rect x="{x}" y="56" width="{WIDTH}" height="3" fill="{colour}"/>'
        )
    parts += [_path(boxes, *line) for line in lines]
    parts += [part for box in boxes.values() for part in _drawn(box, boxes, href)]
    return "\n".join([*parts, "</svg>", ""]).encode()


# --- what is drawn ----------------------------------------------------------------------------------------------------
def _boxes(model: Model, columns: dict[str, int]) -> dict[str, _Box]:
    """Return a box for each class that holds something or stands at the top; the rest are named in a box above them."""
    classes = {i: t for i, t in model.terms.items() if t.kind == "class" and t.module in columns}
    common = {p for p, n in Counter(s.path for t in classes.values() for s in t.holds).items() if n > COMMON}
    boxes: dict[str, _Box] = {}
    for iri, term in sorted(classes.items()):
        above = [each for each in term.supers if each in classes]
        inherited = {slot.path for each in above for slot in classes[each].holds}
        held = {slot.path for slot in term.holds}
        meant = [
            Slot(iri, each, tuple(model.terms[each].range), 0, None) for each in term.domain_of
            if each not in held and not set(model.terms[each].supers) & set(term.domain_of)
        ]  # fmt: skip
        rows = [
            slot for slot in sorted([*term.holds, *meant], key=lambda slot: slot.path)
            if slot.path in model.terms and slot.path not in common
            and not (slot.path in inherited and not slot.targets)
        ]  # fmt: skip
        if not above or any(slot.path not in inherited for slot in rows):
            boxes[iri] = _Box(term, columns[term.module], rows)
    for iri, term in sorted(classes.items()):
        if iri not in boxes:
            for each in _upward(term, classes):
                if each in boxes:
                    boxes[each].kinds.append(term.name)
                    break
    return boxes


def _upward(term: Term, classes: dict[str, Term]) -> Iterator[str]:
    row = [each for each in term.supers if each in classes]
    while row:
        yield from row
        row = [each for below in row for each in classes[below].supers if each in classes]


def _lines(boxes: dict[str, _Box]) -> list[tuple[str, int, str]]:
    """Return the lines: from a row of a box (-1: from its head, to the class it is a kind of) to a box."""
    found = []
    for iri, box in boxes.items():
        found += [(iri, -1, above) for above in box.term.supers if above in boxes]
        for number, slot in enumerate(box.rows):
            found += [(iri, number, target) for target in slot.targets if target in boxes and target != iri]
    return found


# --- where ------------------------------------------------------------------------------------------------------------
def _place(boxes: dict[str, _Box], lines: list[tuple[str, int, str]]) -> None:
    """Stack the boxes of each column so that lines stay short: each near the middle of what it is tied to."""
    columns: dict[int, list[str]] = {}
    for iri, box in sorted(boxes.items(), key=lambda item: (item[1].column, -len(item[1].rows), item[0])):
        columns.setdefault(box.column, []).append(iri)
    tied: dict[str, list[str]] = {iri: [] for iri in boxes}
    for one, _, other in lines:
        tied[one].append(other)
        tied[other].append(one)
    _stack(boxes, columns)
    for _ in range(SWEEPS):
        for column in columns.values():
            column.sort(key=lambda iri: (_middle(boxes, tied[iri], boxes[iri].y), iri))
        _stack(boxes, columns)


def _middle(boxes: dict[str, _Box], ties: list[str], own: float) -> float:
    spots = [boxes[each].y + boxes[each].height / 2 for each in ties]
    return sum(spots) / len(spots) if spots else own


def _stack(boxes: dict[str, _Box], columns: dict[int, list[str]]) -> None:
    heights = {n: sum(boxes[iri].height for iri in column) for n, column in columns.items()}
    most = max((heights[n] + SPACE * (len(column) - 1) for n, column in columns.items()), default=0)
    for n, column in columns.items():
        between = (most - heights[n]) / max(len(column), 1)  # columns fill the same height
        y = TOP + (min(between, 3 * SPACE) - SPACE) / 2
        for iri in column:
            boxes[iri].y = y
            y += boxes[iri].height + min(max(between, SPACE), 3 * SPACE)


# --- ink --------------------------------------------------------------------------------------------------------------
def _path(boxes: dict[str, _Box], start: str, row: int, end: str) -> str:
    one, other = boxes[start], boxes[end]
    colour = other.column % len(COLOURS)
    y = one.y + (HEAD / 2 if row < 0 else HEAD + ROW * (row + 0.5))
    to = other.y + HEAD / 2
    if one.column == other.column:
        x = one.x + WIDTH
        bend = min(30 + abs(to - y) / 12, GAP * 0.75)
        curve = f"M{x:.0f} {y:.0f}C{x + bend:.0f} {y:.0f} {x + bend:.0f} {to:.0f} {x + 1:.0f} {to:.0f}"
    else:
        rightward = other.column > one.column
        x, goal = (one.x + WIDTH, other.x) if rightward else (one.x, other.x + WIDTH)
        bend = GAP * (0.8 if rightward else -0.8)
        curve = f"M{x:.0f} {y:.0f}C{x + bend:.0f} {y:.0f} {goal - bend:.0f} {to:.0f} {goal:.0f} {to:.0f}"
    dashes = ' stroke-dasharray="5 4"' if row < 0 else ""
    return (
        f'<path d="{curve}" fill="none" stroke="{COLOURS[colour]}" stroke-opacity="0.55" stroke-width="1.4"{dashes} '
        f'marker-end="url(#tip{colour})"/>'
    )


def _drawn(box: _Box, boxes: dict[str, _Box], href: Callable[[str], str]) -> Iterator[str]:
    x, y, colour = box.x, box.y, COLOURS[box.column % len(COLOURS)]
    above = [each.rpartition("#")[2] for each in box.term.supers if each in boxes]
    yield (
        f'<rect x="{x}" y="{y:.0f}" width="{WIDTH}" height="{box.height:.0f}" rx="5" fill="#fdfdfb" stroke="{colour}" '
        f'stroke-width="1.5"/>'
    )
    yield (
        f"<a href={quoteattr(href(box.term.iri))}><title>{escape(box.term.definition)}</title>"
        f'<text x="{x + 10}" y="{y + 25:.0f}" font-size="16" font-weight="bold" fill="{colour}">'
        f"{escape(box.name)}</text></a>"
    )
    if above:
        yield (
            f'<text x="{x + 10}" y="{y + 40:.0f}" font-size="11" fill="#555555">'
            f"kind of {escape(', '.join(above))}</text>"
        )
    for number, slot in enumerate(box.rows):
        base = y + HEAD + ROW * number + 14
        names = ", ".join(_short(each) for each in slot.targets)
        yield (
            f'<a href={quoteattr(href(slot.path))}><text x="{x + 10}" y="{base:.0f}" fill="#1b1b1b">'
            f"{escape(slot.path.rpartition('#')[2])}"
            f'<tspan fill="#595959" font-size="11" dx="5">{_many(slot)}</tspan></text></a>'
        )
        yield (
            f'<text x="{x + WIDTH - 10}" y="{base:.0f}" font-size="11" fill="#595959" text-anchor="end">'
            f"{escape(_cut(names, slot))}</text>"
        )
    start = y + HEAD + ROW * len(box.rows) + 16
    for number, line in enumerate(_wrapped(box.kinds)):
        yield (
            f'<text x="{x + 10}" y="{start + ROW * number:.0f}" font-size="12" font-style="italic" fill="#444444">'
            f"{escape(line)}</text>"
        )


def _many(slot: Slot) -> str:
    if slot.least == slot.most:
        return str(slot.least)
    return f"{slot.least}–{'∗' if slot.most is None else slot.most}"


def _short(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def _cut(names: str, slot: Slot) -> str:
    """Return what fits beside the name of the property."""
    room = int((WIDTH - 30 - 8 * len(slot.path.rpartition("#")[2]) - 7 * len(_many(slot))) / 6.1)
    return names if len(names) <= room else f"{names[: max(room - 1, 0)].rstrip(', ')}…"


def _wrapped(names: list[str]) -> list[str]:
    """Return the subclasses without a box as lines of about 32 characters."""
    lines: list[str] = []
    for number, name in enumerate(names):
        word = f"kinds: {name}" if not number else name
        if lines and len(lines[-1]) + len(word) < 32:
            lines[-1] += f", {word}"
        else:
            if lines:
                lines[-1] += ","
            lines.append(word)
    return lines
