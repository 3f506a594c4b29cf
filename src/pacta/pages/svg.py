"""Charts as SVG, drawn by the server: lanes of bars in time, and counts by month. Every mark is a link with words.

    lanes([Lane("Statements", spans, mark)], start, end, title="…")    # Markup for a page

Colours come from the style sheet by class, never from here; text is escaped. Times are seconds since 1970, UTC.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from markupsafe import Markup, escape

from pacta.pages.events import moment_of

WIDTH = 960
LEFT = 8  # of the plot, below the names of the lanes
RIGHT = 12
AXIS = 30
ROW = 16  # height of one row of bars
FEW = 300  # bars of one lane that are drawn one by one
ROWS = 16  # rows of one lane before its bars are gathered
NAME = 20  # height of the name of a lane
LEAST = 7  # width of the shortest bar
CELL = 24  # width in which bars are gathered
TALL = 64  # height of a lane of gathered bars
_DAY = 86_400

Link = Callable[[float, float], str]


@dataclass(frozen=True, slots=True)
class Mark:
    """How a bar looks and where it leads. `kind` are classes of the style sheet, `words` what a reader hears of it."""

    kind: str
    href: str
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """Bars that belong together: `spans` are their starts and ends, sorted by start, and `mark` draws one by its place.

    Where there are too many to draw, they are counted by stretches; `link` gives the address of a stretch.
    """

    name: str
    spans: Sequence[tuple[float, float]]
    mark: Callable[[int], Mark]
    link: Link | None = None
    noun: str = "mark"
    kind: str = ""


@dataclass(slots=True)
class Drawing:
    """Collects elements; `markup` puts them into an SVG of the given height, named for a screen reader."""

    parts: list[Markup] = field(default_factory=list)

    def add(self, name: str, text: str = "", **attributes: object) -> None:
        self.parts.append(element(name, text, **attributes))

    def markup(self, height: float, title: str, kind: str) -> Markup:
        inside = Markup("\n").join([element("title", title), *self.parts])
        return Markup('<svg class="{}" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>').format(
            kind, WIDTH, _number(height), title, inside
        )


def element(name: str, text: str | Markup = "", **attributes: object) -> Markup:
    """Return one element; `class_` stands for class, an underscore for a hyphen, None leaves an attribute out.

    >>> str(element("rect", x=1.25, class_="bar"))
    '<rect x="1.2" class="bar"></rect>'
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_written(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{told}>{escape(text)}</{name}>")


def lanes(rows: Sequence[Lane], start: float, end: float, *, title: str) -> Markup:
    """Return a chart of lanes over one axis of time from `start` to `end`."""
    drawing = Drawing()
    scale = _scale(start, end)
    bodies: list[tuple[Lane, list[list[int]] | None, float]] = []
    for lane in rows:
        stacked = stack(lane.spans, scale, ROWS) if len(lane.spans) <= FEW else None
        bodies.append((lane, stacked, TALL if stacked is None else max(1, len(stacked)) * ROW))
    height = AXIS + sum(NAME + body + 10 for _, _, body in bodies)
    _axis(drawing, start, end, height, scale)
    top = float(AXIS)
    for lane, stacked, body in bodies:
        drawing.add("text", lane.name, class_="lane", x=LEFT, y=top + 14)
        if stacked is None:
            _gathered(drawing, lane, scale, top + NAME, start, end)
        else:
            for at, row in enumerate(stacked):
                for place in row:
                    mark = lane.mark(place)
                    left, right = _ends(lane.spans[place], scale)
                    bar = element("rect", class_=f"mark {mark.kind}", x=left,
                                  y=top + NAME + at * ROW + 2, width=right - left, height=ROW - 4, rx=3)  # fmt: skip
                    drawing.parts.append(_linked(bar, mark.href, mark.words))
        top += NAME + body + 10
        drawing.add("line", class_="rule", x1=LEFT, x2=WIDTH - RIGHT, y1=top - 4, y2=top - 4)
    return drawing.markup(height, title, "chart lanes")


def months(
    counts: dict[tuple[int, int], tuple[int, int]], link: Link, chosen: tuple[float, float], *, title: str
) -> Markup:
    """Return bars of counts by month: statements upwards, accounts of incidents downwards; the chosen stretch marked.

    `counts` maps (year, month) to the two numbers; `link` gives the address of a stretch.
    """
    drawing = Drawing()
    if not counts:
        return drawing.markup(AXIS, title, "chart months")
    first, last = min(counts), max(counts)
    start, end = month_start(*first), month_start(*_next(*last))
    scale = _scale(start, end)
    up, down = (max(1, max(pair[at] for pair in counts.values())) for at in (0, 1))
    middle, height = 66.0, 66.0 + 40 + 24.0
    low, high = scale(max(start, chosen[0])), scale(min(end, chosen[1]))
    if high > low and (chosen[0] > start or chosen[1] < end):
        drawing.add("rect", class_="chosen", x=low, y=0, width=max(high - low, 2), height=height - 24)
    width = (WIDTH - LEFT - RIGHT) / max(1, _months_between(first, last))
    for (year, month), (said, told) in sorted(counts.items()):
        begin, stop = month_start(year, month), month_start(*_next(year, month))
        left, wide = scale(begin), max(1.5, width - 1)
        words = f"{_MONTHS[month - 1]} {year}: {_counted(said, 'statement')}, {_counted(told, 'account')} of incidents"
        tall, deep = said / up * (middle - 8), told / down * 36
        bars = Markup("").join(
            (
                element("rect", class_="hit", x=left, y=0, width=wide, height=height - 24),
                element("rect", class_="mark statement", x=left, y=middle - tall, width=wide, height=tall),
                element("rect", class_="mark incident", x=left, y=middle + 1, width=wide, height=deep),
            )
        )
        drawing.parts.append(_linked(bars, link(begin, stop), words))
    drawing.add("line", class_="rule", x1=LEFT, x2=WIDTH - RIGHT, y1=middle, y2=middle)
    for stamp, label in ticks(start, end, 12):
        drawing.add("text", label, class_="tick", x=scale(stamp) + 2, y=height - 8)
        drawing.add("line", class_="tick", x1=scale(stamp), x2=scale(stamp), y1=0, y2=height - 22)
    return drawing.markup(height, title, "chart months")


def stack(spans: Sequence[tuple[float, float]], scale: Callable[[float], float], most: int) -> list[list[int]] | None:
    """Return the places of bars in rows in which none covers another, or None where `most` rows do not do."""
    rows: list[list[int]] = []
    ends: list[float] = []
    for place, span in enumerate(spans):
        left, right = _ends(span, scale)
        row = next((at for at, until in enumerate(ends) if until + 1 <= left), len(ends))
        if row == len(ends):
            if len(ends) == most:
                return None
            rows.append([])
            ends.append(right)
        rows[row].append(place)
        ends[row] = right
    return rows


def ticks(start: float, end: float, most: int) -> Iterator[tuple[float, str]]:
    """Yield the places and labels of at most about `most` ticks between two moments: hours, days, months or years."""
    first, last = moment_of(start), moment_of(end)
    days = (last - first).total_seconds() / _DAY
    if days <= 2:
        step = timedelta(hours=6)
        moment = first.replace(hour=0, minute=0, second=0, microsecond=0)
        while moment <= last:
            if moment >= first:
                yield (
                    moment.timestamp(),
                    f"{moment:%H:%M}" if moment.hour else f"{moment.day} {_MONTHS[moment.month - 1][:3]}",
                )
            moment += step
        return
    if days <= 92:
        every = max(1, -(-int(days) // most))
        moment = first.replace(hour=0, minute=0, second=0, microsecond=0)
        while moment <= last:
            if moment >= first and (moment.day - 1) % every == 0 and not (moment.day > 28 and every > 2):
                yield moment.timestamp(), f"{moment.day} {_MONTHS[moment.month - 1][:3]}"
            moment += timedelta(days=1)
        return
    every = next((one for one in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200) if days / 30.4 / one <= most), 2400)
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        if (year * 12 + month - 1) % every == 0 and month_start(year, month) >= start:
            yield month_start(year, month), str(year) if month == 1 else f"{_MONTHS[month - 1][:3]} {year}"
        year, month = _next(year, month)


def month_start(year: int, month: int) -> float:
    """Return the beginning of a month in seconds since 1970."""
    return datetime(year, month, 1, tzinfo=UTC).timestamp()


def _scale(start: float, end: float) -> Callable[[float], float]:
    span = max(end - start, 1.0)

    def place(stamp: float) -> float:
        return LEFT + (min(max(stamp, start), end) - start) / span * (WIDTH - LEFT - RIGHT)

    return place


def _axis(drawing: Drawing, start: float, end: float, height: float, scale: Callable[[float], float]) -> None:
    for stamp, label in ticks(start, end, 10):
        x = scale(stamp)
        drawing.add("line", class_="tick", x1=x, x2=x, y1=AXIS - 8, y2=height)
        drawing.add("text", label, class_="tick", x=min(x + 3, WIDTH - 62), y=AXIS - 12)


def _ends(span: tuple[float, float], scale: Callable[[float], float]) -> tuple[float, float]:
    left, right = scale(span[0]), scale(span[1])
    if right - left < LEAST:
        left = max(LEFT, min((left + right) / 2 - LEAST / 2, WIDTH - RIGHT - LEAST))
        right = left + LEAST
    return left, right


def _gathered(
    drawing: Drawing, lane: Lane, scale: Callable[[float], float], top: float, start: float, end: float
) -> None:
    """Draw a lane of many bars as counts: each column is a stretch of time, as tall as it holds bars."""
    cells = (WIDTH - LEFT - RIGHT) // CELL
    edges = [start + (end - start) * number / cells for number in range(cells + 1)]
    places = [0, *(bisect_left(lane.spans, (edge,)) for edge in edges[1:-1]), len(lane.spans)]
    numbers = [high - low for low, high in pairwise(places)]
    most = max(numbers)
    for number, (low, high) in zip(numbers, pairwise(edges), strict=True):
        if not number:
            continue
        tall = max(6.0, number / most * (TALL - 18))
        words = f"{_counted(number, lane.noun)} from {_day(low)} to {_day(high)}"
        left = scale(low)
        column = Markup("").join(
            (
                element("rect", class_=f"mark many {lane.kind}", x=left + 1, y=top + TALL - 4 - tall, width=CELL - 2,
                        height=tall, rx=2),
                element("text", f"{number:,}" if number < 10_000 else f"{number // 1000}k", class_="count",
                        x=left + CELL / 2, y=top + TALL - 8 - tall, text_anchor="middle"),
            )
        )  # fmt: skip
        drawing.parts.append(_linked(column, lane.link(low, high) if lane.link else "", words))


def _linked(inside: Markup, href: str, words: str) -> Markup:
    """Return a link whose title is its name for a screen reader and its tip for a mouse."""
    whole = element("title", words) + inside
    return element("a", whole, href=href) if href else element("g", whole)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def _day(stamp: float) -> str:
    moment = moment_of(stamp)
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _months_between(first: tuple[int, int], last: tuple[int, int]) -> int:
    return (last[0] - first[0]) * 12 + last[1] - first[1] + 1


def _next(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)


def _number(value: float) -> str:
    return f"{round(value, 1):g}"


def _written(value: object) -> str:
    """Return the value of an attribute: numbers short, words escaped."""
    return _number(value) if isinstance(value, int | float) else str(escape(value))


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
