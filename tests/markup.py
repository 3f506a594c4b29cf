"""A page as a tree that tests can ask: elements by name and attribute, and their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "img", "br", "hr", "path", "rect", "line"}


@dataclass
class Element:
    name: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def all(self, name: str = "", /, **wanted: str) -> list[Element]:
        """Elements of a name; `class_` asks for one class of several, other keywords for a whole attribute."""
        return [each for each in self._walk() if (not name or each.name == name) and each._has(wanted)]

    def one(self, name: str = "", /, **wanted: str) -> Element:
        """The only such element."""
        found = self.all(name, **wanted)
        assert len(found) == 1, f"{len(found)} of <{name}> {wanted}"
        return found[0]

    @property
    def words(self) -> str:
        """All text inside, white space as one space."""
        return " ".join("".join(self._texts()).split())

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def _has(self, wanted: dict[str, str]) -> bool:
        for name, value in wanted.items():
            if name == "class_":
                if value not in self.get("class").split():
                    return False
            elif self.get(name.replace("_", "-")) != value:
                return False
        return True

    def _walk(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._walk()

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()
                if child.name in ("p", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "br", "a", "small"):
                    yield " "


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.at = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(made)
        if tag not in VOID:
            self.at = made

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.at.name == tag, f"</{tag}> closes <{self.at.name}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def tree(page: bytes | str) -> Element:
    """The tree of a page, every element of which must be closed."""
    reader = _Reader()
    reader.feed(page.decode() if isinstance(page, bytes) else page)
    reader.close()
    assert reader.at is reader.root, f"<{reader.at.name}> is not closed"
    return reader.root
