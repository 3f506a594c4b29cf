"""XML from strangers as a small tree: no document types, no entities of its own, bounded in depth and number."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from pacta.errors import BinaryInput

MAX_DEPTH = 150
MAX_ELEMENTS = 500_000


@dataclass
class Element:
    """An element: local `tag`, its `namespace`, attributes by local name, and text and elements in order."""

    tag: str
    namespace: str
    attributes: dict[str, str]
    content: list[Element | str] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        return [each for each in self.content if isinstance(each, Element)]

    def first(self, *tags: str) -> Element | None:
        """Return the first child with one of these tags."""
        return next((each for each in self.elements if each.tag in tags), None)

    def text(self) -> str:
        """Return all text in it, white space squeezed."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> list[str]:
        out: list[str] = []
        for each in self.content:
            out.extend(
                [each] if isinstance(each, str) else ["\n" if each.tag in ("br", "eol") else "", *each._pieces()]
            )
        return out


def parse_xml(raw: bytes, where: str) -> Element:
    """Return the root of an XML document. Raises BinaryInput where it is not sound, or wants what is not allowed."""
    root: list[Element] = []
    stack: list[Element] = []
    count = 0
    parser = expat.ParserCreate(namespace_separator="}")

    def refuse(*_: object) -> None:
        raise BinaryInput("the XML declares a document type or entities", where, "remove the DOCTYPE")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(stack) >= MAX_DEPTH or count > MAX_ELEMENTS:
            raise BinaryInput("the XML is nested too deep or has too many elements", where, "split or mend it")
        namespace, _, tag = name.rpartition("}")
        element = Element(tag, namespace, {k.rpartition("}")[2]: v for k, v in attributes.items()})
        (stack[-1].content if stack else root).append(element)
        stack.append(element)

    def end(_: str) -> None:
        stack.pop()

    def words(data: str) -> None:
        stack[-1].content.append(data)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = words
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        what = f"not well-formed XML: {expat.ErrorString(error.code)}, column {error.offset}"
        raise BinaryInput(what, f"{where}:{error.lineno}", "mend the XML") from None
    return root[0]
