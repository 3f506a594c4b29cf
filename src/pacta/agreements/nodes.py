"""Nodes of an outline while it is read, and the stack of provisions that are open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pacta.agreements.markers import CONTAINERS, Marker
from pacta.agreements.numbers import Reading

UNIT_RANKS = {"annex": 0, "closing": 0, "caption": 8, "article": 10, "clause": 11, "point": 12, "paragraph": 13,
               "item": 14}  # fmt: skip
Key = tuple[str, ...]


@dataclass
class Node:
    """A provision while its text is read."""

    kind: str
    marker: Marker | None
    start: int
    line: int
    body: int
    reading: Reading | None = None
    heading: tuple[int, int] | None = None
    number: str = ""
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    parts: tuple[str, ...] = ()
    is_unit: bool = False
    end: int = 0
    stop: int = 0  # where what stands before it ends: its start, or that of the caption above it
    runs_on: bool = False  # it groups numbers that run on through the whole text
    local: str = ""
    normal: str = ""

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Level:
    key: Key
    node: Node
    indent: int
    rank: int  # of a unit; 100 for a bare number


class Tree:
    """Nodes below `root`, and the `stack` of those that are open, the innermost last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = Node("root", None, 0, 0, 0)
        self.stack: list[Level] = []
        self._resume: dict[Key, Reading] = {}  # the last number of each kind, open or closed

    def _realm(self) -> Node:
        return next((level.node for level in reversed(self.stack) if level.rank == 0), self.root)

    def _unit_parent(self, rank: int) -> Node:
        return next((level.node for level in reversed(self.stack) if level.rank < rank), self.root)

    def _path(self, node: Node) -> tuple[str, ...]:
        if node.parts:
            return node.parts
        out: list[str] = []
        at: Node | None = node
        while at is not None and at.reading is not None and at.kind not in ("annex", *CONTAINERS):
            out.insert(0, at.reading.normal)
            at = at.parent
        return tuple(out)

    def _push(
        self,
        marker: Marker,
        kind: str,
        key: Key,
        reading: Reading | None,
        rank: int,
        *,
        indent: int = 0,
        parts: tuple[str, ...] = (),
        is_unit: bool = False,
    ) -> Node:
        parent = self.stack[-1].node if self.stack else self.root
        start = marker.number[0]
        node = Node(kind, marker, start, marker.index, marker.rest, reading, marker.title, parts=parts, is_unit=is_unit)
        node.number = self.text[slice(*marker.number)].strip()
        self._add(node, parent)
        self._resume[key] = reading if reading is not None else Reading("digits", 0)
        self.stack.append(Level(key, node, indent, rank))
        return node

    def _add(self, node: Node, parent: Node) -> Node:
        node.parent = parent
        parent.children.append(node)
        return node

    def _pop_unit(self, rank: int) -> None:
        while self.stack and self.stack[-1].rank >= rank:
            self.stack.pop()

    def _pop_bare(self) -> None:
        self._pop_unit(100)
