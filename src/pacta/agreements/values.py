"""Frozen values of an agreement text: its provisions as a tree, each with its number, heading and spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pacta.agreements.numbers import normal_number
from pacta.model import Span

KINDS = ("preamble", "part", "chapter", "article", "clause", "point", "paragraph", "item", "annex", "closing")


@dataclass(frozen=True, slots=True)
class Provision:
    """A part of an agreement text.

    `kind`: one of KINDS; `number`: as the text writes it ("Article VI", "(a)", "–"), "" where it writes none; `normal`:
    the number in its one form, unique in the text ("6", "6.2.a", "annex-b/3"); `heading`: its title, or None; `span`:
    from its number to the end of its last word, children included; `body`: the same without number and heading, empty
    where it has no words of its own; `children`: its numbered or listed parts.
    """

    kind: str
    number: str
    normal: str
    heading: str | None
    span: Span
    body: Span
    children: tuple[Provision, ...] = ()

    def walk(self) -> Iterator[Provision]:
        """Yield the provision and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def own(self) -> Span:
        """Return the span of its own words before its first child."""
        start, end = self.body
        return (start, max(start, min(end, self.children[0].span[0]))) if self.children else self.body


@dataclass(frozen=True, slots=True)
class AgreementTextValue:
    """The structure of one agreement text: its `title` (None where it has none) and its `sections` in order."""

    text: str
    title: str | None
    sections: tuple[Provision, ...]

    def walk(self) -> Iterator[Provision]:
        """Yield all provisions, in the order of the text."""
        for section in self.sections:
            yield from section.walk()

    def find(self, number: str) -> Provision | None:
        """Return the provision of that number, in whatever form it is cited ("6(2)(a)", "6.2.a", "Annex B, 3")."""
        found = {provision.normal: provision for provision in self.walk()}
        wanted = normal_number(number)
        return found.get(wanted) or found.get(re.sub(r"(?<=\d)(?=[a-z]\b)", ".", wanted))

    def as_rows(self) -> list[list[Any]]:
        """Return the provisions as plain rows, outermost first, that `from_rows` reads again."""
        rows: list[list[Any]] = []

        def add(provision: Provision, depth: int) -> None:
            p = provision
            rows.append([depth, p.kind, p.number, p.normal, p.heading, *p.span, *p.body])
            for child in provision.children:
                add(child, depth + 1)

        for section in self.sections:
            add(section, 0)
        return rows

    def words(self, span: Span) -> str:
        """Return the exact words of a span."""
        return self.text[slice(*span)]


def from_rows(text: str, title: str | None, rows: list[list[Any]]) -> AgreementTextValue:
    """Return the structure that `AgreementTextValue.as_rows` gave, over the same text."""
    at = 0

    def take(depth: int) -> tuple[Provision, ...]:
        nonlocal at
        found: list[Provision] = []
        while at < len(rows) and rows[at][0] == depth:
            _, kind, number, normal, heading, start, end, first, last = rows[at]
            at += 1
            found.append(Provision(kind, number, normal, heading, (start, end), (first, last), take(depth + 1)))
        return tuple(found)

    return AgreementTextValue(text, title, take(0))
