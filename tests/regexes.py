"""Attacks on regular expressions: for each repetition in a pattern, long texts that make a careless one go back.

python tests/regexes.py        # lists the patterns of the package whose time grows faster than the text
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

# Repetitions: few for what grows by powers, many for what grows by squares. Of 4,000, a linear search takes a
# millisecond, a quadratic one a tenth of a second.
LENGTHS = (20, 24, 250, 1_000, 4_000)
SLOW = 0.03  # seconds
_CANDIDATES = "a1 A.,-\n\"'“(<x0:/;é\t_%&=+#[{\\"
_CLASSES: dict[Any, Callable[[str], bool]] = {
    c.CATEGORY_DIGIT: str.isdigit,
    c.CATEGORY_NOT_DIGIT: lambda x: not x.isdigit(),
    c.CATEGORY_SPACE: str.isspace,
    c.CATEGORY_NOT_SPACE: lambda x: not x.isspace(),
    c.CATEGORY_WORD: lambda x: x.isalnum() or x == "_",
    c.CATEGORY_NOT_WORD: lambda x: not (x.isalnum() or x == "_"),
}


_SEARCHING = {"search", "finditer", "findall", "sub", "subn", "split"}


@dataclass(frozen=True, slots=True)
class Used:
    """A pattern of the package, MODULE:NAME; whether it is searched for in a text, or only matched at a place of it."""

    name: str
    pattern: re.Pattern[str]
    searched: bool


def used() -> list[Used]:
    """Return the patterns that modules of the package compile as they load and give a name."""
    found = []
    for module in _modules():
        names = {name: value for name, value in vars(module).items() if _is_text(value)}
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        own = {t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
        methods: dict[str, set[str]] = {name: set() for name in names}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in methods:
                methods[node.value.id].add(node.attr)
        for name in sorted(own & set(names)):
            called = methods[name]
            found.append(Used(f"{module.__name__}:{name}", names[name], not called or bool(called & _SEARCHING)))
    return found


def _is_text(value: object) -> bool:
    return isinstance(value, re.Pattern) and isinstance(value.pattern, str)


def _modules() -> Iterator[ModuleType]:
    import pacta

    for each in pkgutil.walk_packages(pacta.__path__, "pacta."):
        if each.name != "pacta.__main__":
            with contextlib.suppress(ModuleNotFoundError):  # of an extra that is not installed
                yield importlib.import_module(each.name)


def attacks(pattern: str, flags: int) -> Iterator[tuple[str, str]]:
    """Yield what stands before, and what is repeated, for each repetition in a pattern without an upper bound."""
    tree = parser.parse(pattern, flags & ~re.DEBUG)
    seen = set()
    for before, body in _repetitions(list(tree), ""):
        for unit in _samples(body):
            if unit and (before, unit) not in seen:
                seen.add((before, unit))
                yield before, unit


def seconds(used: Used, before: str, unit: str) -> float:
    """Return the processor time of the first slow use of a pattern on the texts of one attack, 0 where none is slow."""
    for length in LENGTHS:
        for text in (before + unit * length, before + unit * length + "\0", (before + unit) * length + "\n\0"):
            begun = time.process_time()
            if used.searched:
                for _ in zip(range(length), used.pattern.finditer(text), strict=False):
                    pass
            else:
                used.pattern.match(text)
                used.pattern.fullmatch(text)
            if (took := time.process_time() - begun) > SLOW:
                return took
    return 0.0


def slow(patterns: list[Used]) -> Iterator[tuple[Used, str, str, float]]:
    """Yield the patterns that an attack makes slow, with the attack and its seconds."""
    for each in patterns:
        for before, unit in attacks(each.pattern.pattern, each.pattern.flags):
            if took := seconds(each, before, unit):
                yield each, before, unit, took
                break


def _repetitions(items: list[Any], before: str) -> Iterator[tuple[str, list[Any]]]:
    for op, value in items:
        if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            _, most, body = value
            if most > 100:
                yield before, list(body)
            yield from _repetitions(list(body), before)
        else:
            for inside in _inside(op, value):
                yield from _repetitions(inside, before)
        before += next(iter(_samples([(op, value)])), "")


def _inside(op: Any, value: Any) -> list[list[Any]]:
    if op is c.SUBPATTERN:
        return [list(value[3])]
    if op is c.BRANCH:
        return [list(each) for each in value[1]]
    if op in (c.ASSERT, c.ASSERT_NOT):
        return [list(value[1])]
    if op is c.ATOMIC_GROUP:
        return [list(value)]
    return []


def _samples(items: list[Any], most: int = 4) -> list[str]:
    """Return a few texts that a part of a pattern matches."""
    found = [""]
    for op, value in items:
        found = [one + other for one in found for other in _sample(op, value)][:most]
    return found


def _sample(op: Any, value: Any) -> list[str]:
    if op is c.LITERAL:
        return [chr(value)]
    if op is c.NOT_LITERAL:
        return [x for x in _CANDIDATES if ord(x) != value][:2]
    if op is c.ANY:
        return ["a", " "]
    if op is c.IN:
        return (
            [x for x in _CANDIDATES if _fits(x, value)][:3]
            or [chr(each[1]) for each in value if each[0] is c.LITERAL][:1]
            or [chr(each[1][0]) for each in value if each[0] is c.RANGE][:1]
            or [""]
        )
    if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
        least, _, body = value
        return [one * max(1, least) for one in _samples(list(body))]
    if op is c.BRANCH:
        return [one for each in value[1][:4] for one in _samples(list(each), 1)]
    if op is c.SUBPATTERN:
        return _samples(list(value[3]))
    if op is c.ATOMIC_GROUP:
        return _samples(list(value))
    return [""]


def _fits(x: str, parts: list[Any]) -> bool:
    negated = bool(parts) and parts[0][0] is c.NEGATE
    hit = any(
        (op is c.LITERAL and ord(x) == value)
        or (op is c.RANGE and value[0] <= ord(x) <= value[1])
        or (op is c.CATEGORY and _CLASSES.get(value, lambda _: False)(x))
        for op, value in parts
    )
    return hit != negated


if __name__ == "__main__":
    for pattern, start, part, took in slow(used()):
        print(
            f"{took:6.2f} s  {pattern.name}  {start[:20]!r} + {part[:20]!r} × n  {pattern.pattern.pattern[:80]!r}",
            flush=True,
        )
