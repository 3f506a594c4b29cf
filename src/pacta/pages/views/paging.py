"""Stretches of long lists: which part is shown, and where the parts before and after it lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.requests import Request

from pacta.pages.rendering import with_query

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pager(Generic[T]):
    """A stretch of a list. `first` and `last` count from 1; `previous` and `next` are addresses or ""."""

    items: Sequence[T]
    first: int
    last: int
    total: int
    previous: str
    next: str
    noun: str


def stretch(request: Request, items: Sequence[T], size: int, noun: str, fragment: str = "") -> Pager[T]:
    """Return the stretch that the parameter `page` of the address asks for; a page that is not there is the last."""
    last_page = max(1, -(-len(items) // size))
    number = min(page_number(request.query_params), last_page)
    first = (number - 1) * size
    shown = items[first : first + size]

    def to(page: int) -> str:
        given = {name: value for name, value in request.query_params.items() if name != "page"}
        return with_query(request.url.path, given, page=page if page > 1 else "") + fragment

    return Pager(
        shown,
        first + 1 if shown else 0,
        first + len(shown),
        len(items),
        to(number - 1) if number > 1 else "",
        to(number + 1) if number < last_page else "",
        noun,
    )


def page_number(given: Mapping[str, str]) -> int:
    """Return the page that an address asks for, 1 where it asks for none that could be."""
    text = given.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 8 else 1
