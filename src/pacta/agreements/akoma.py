"""Akoma Ntoso 3.0: the OASIS standard for legal documents, read into provisions and written from them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from pacta.agreements.nodes import Node
from pacta.agreements.numbers import Reading, readings
from pacta.agreements.structure import kind_of, set_numbers
from pacta.agreements.values import AgreementTextValue, Provision
from pacta.agreements.xmltree import Element, parse_xml
from pacta.errors import UnknownInput

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
_FAMILY = re.compile(r"http://(?:docs\.oasis-open\.org/legaldocml/ns/akn/|www\.akomantoso\.org/)")
_OURS = "#pacta"
_UNITS = {
    "book": "part", "tome": "part", "part": "part", "subpart": "part", "division": "part", "subdivision": "part",
    "title": "title", "subtitle": "title", "chapter": "chapter", "subchapter": "chapter", "section": "section",
    "subsection": "paragraph", "article": "article", "rule": "clause", "subrule": "paragraph", "clause": "clause",
    "subclause": "paragraph", "paragraph": "paragraph", "subparagraph": "paragraph", "alinea": "paragraph",
    "level": "clause", "point": "point", "indent": "item", "item": "item", "recital": "item", "hcontainer": "clause",
    "transitional": "clause", "proviso": "clause",
}  # fmt: skip
_ELEMENTS = {"part": "part", "chapter": "chapter", "article": "article", "clause": "clause", "point": "point",
             "paragraph": "paragraph", "item": "indent", "annex": "hcontainer"}  # fmt: skip
_SHORT = {"part": "part", "chapter": "chp", "article": "art", "clause": "clause", "point": "point", "item": "indent",
          "paragraph": "para", "annex": "annex"}  # fmt: skip
_THROUGH = frozenset(
    ("list", "blockList", "intro", "content", "wrapUp", "container", "recitals", "blockContainer", "components")
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BODIES = ("body", "mainBody", "debateBody", "judgmentBody", "collectionBody")
_LANGUAGES = {"en": "eng", "fr": "fra", "es": "spa", "ru": "rus", "de": "deu", "ar": "ara", "hy": "hye", "az": "aze",
              "pt": "por", "it": "ita", "uk": "ukr", "zh": "zho", "tr": "tur", "sr": "srp", "sq": "sqi"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AkomaText:
    """An agreement text read from Akoma Ntoso: its structure over a plain text made of it, and what its head says."""

    value: AgreementTextValue
    language: str
    date: str | None
    uri: str | None


# --- reading ----------------------------------------------------------------------------------------------------------
def from_akoma(raw: bytes, *, where: str = "the given XML") -> AkomaText:
    """Read a document. Raises UnknownInput for other XML, BinaryInput for XML that is broken or unsafe."""
    root = parse_xml(raw, where)
    if root.tag != "akomaNtoso" or not _FAMILY.match(root.namespace) or not root.elements:
        raise UnknownInput("this XML is no Akoma Ntoso", where, f"its root is akomaNtoso in {NAMESPACE}")
    document = root.elements[0]
    reader = _Reader()
    title = reader.read(document)
    set_numbers(reader.root)
    identification = next((e for e in _descendants(document.first("meta")) if e.tag == "identification"), None)
    ours = identification is not None and identification.attributes.get("source") == _OURS
    if ours and len({name for _, name in reader.named}) == len(reader.named):
        for node, name in reader.named:
            node.normal = name
    text = "".join(reader.pieces)
    sections = tuple(_frozen(node, text) for node in reader.root.children)
    head = {e.tag: e.attributes for e in _descendants(document.first("meta"))}
    code = head.get("FRBRlanguage", {}).get("language", "eng")
    language = next((two for two, three in _LANGUAGES.items() if three == code), code)
    dated = head.get("FRBRdate", {}).get("date")
    return AkomaText(AgreementTextValue(text, title, sections), language, dated, head.get("FRBRuri", {}).get("value"))


def _descendants(element: Element | None) -> list[Element]:
    if element is None:
        return []
    return [each for child in reversed(element.elements) for each in (*_descendants(child), child)]


class _Reader:
    """Writes a plain text out of a document and keeps the nodes with their offsets in it."""

    def __init__(self) -> None:
        self.root = Node("root", None, 0, 0, 0)
        self.pieces: list[str] = []
        self.length = 0
        self.named: list[tuple[Node, str]] = []  # nodes with the number that the file gives them

    def read(self, document: Element) -> str | None:
        preface = document.first("preface", "coverPage")
        title = _title(preface)
        if preface is not None:
            self._paragraph(preface.text())
        for part in document.elements:
            if part.tag in ("preamble", "conclusions"):
                self._loose(part, "preamble" if part.tag == "preamble" else "closing")
            elif part.tag in _BODIES:
                self._children(part, self.root)
            elif part.tag == "attachments":
                for attachment in part.elements:
                    self._attachment(attachment)
        self.root.end = self.length
        return title

    def _add(self, kind: str, parent: Node) -> Node:
        node = Node(kind, None, self.length, 0, self.length, parent=parent, is_unit=True)
        parent.children.append(node)
        return node

    def _write(self, text: str) -> tuple[int, int]:
        start = self.length
        self.pieces.append(text)
        self.length += len(text)
        return start, self.length

    def _paragraph(self, text: str) -> None:
        if text:
            self._write(text)
            self._write("\n\n")

    def _close(self, node: Node) -> None:
        at, end = len(self.pieces), self.length
        while at and end > node.start and not self.pieces[at - 1].strip():
            at, end = at - 1, end - len(self.pieces[at - 1])
        last = self.pieces[at - 1] if at else ""
        node.end = max(node.start, end - (len(last) - len(last.rstrip())))
        node.body = min(max(node.body, node.start), node.end)

    def _loose(self, element: Element, kind: str) -> None:
        node = self._add(kind, self.root)
        self._children(element, node)
        self._close(node)

    def _attachment(self, element: Element) -> None:
        document = next((each for each in element.elements if each.first(*_BODIES) is not None), element)
        node = self._add("annex", self.root)
        self._head(element, node, document.first("preface"))
        for part in document.elements:
            if part.tag in _BODIES:
                self._children(part, node)
        self._close(node)

    def _children(self, element: Element, parent: Node) -> None:
        for each in element.elements:
            if each.tag in _UNITS and (each.tag != "hcontainer" or each.first("num", "heading", "content", "intro")):
                self._provision(each, parent)
            elif each.tag in _THROUGH or each.tag == "hcontainer":
                self._children(each, parent)
            elif each.tag not in ("num", "heading", "subheading", "meta"):
                self._paragraph(each.text())

    def _provision(self, element: Element, parent: Node) -> None:
        unit = _UNITS[element.tag]
        if element.tag == "hcontainer" and element.attributes.get("name", "") in ("annex", "appendix", "schedule"):
            unit = "annex"
        node = self._add(unit, parent)
        if name := element.attributes.get("wId"):
            self.named.append((node, name))
        self._head(element, node, None)
        self._children(element, node)
        self._close(node)

    def _head(self, element: Element, node: Node, preface: Element | None) -> None:
        number, heading = element.first("num"), element.first("heading")
        words = number.text() if number is not None else ""
        if words:
            self._write(words)
            node.number = words
            node.local, node.reading = _local(words, node.kind)
        title = heading.text() if heading is not None else preface.text() if preface is not None else ""
        if title:
            self._write(" " if words else "")
            node.heading = self._write(title)
        if words or title:
            self._write("\n" if title or node.kind in ("article", "part", "chapter", "title", "annex") else " ")
        node.body = self.length


def _local(number: str, kind: str) -> tuple[str, Reading | None]:
    """Return the number of an element in its one form, and as a value: "Article VI" is 6, "(a)" is a."""
    core = re.sub(r"^[^\W\d]{3,}\.?\s+|[()\[\].:;°º§№–—-]+", " ", number).strip()
    found = readings(core)
    if kind in ("annex", "part", "title", "chapter", "section", "article", "clause"):
        best = next((r for r in found if r.type in ("digits", "roman")), None) if kind != "annex" else None
        best = best or (found[0] if found else None)
    else:
        types = ("digits", "roman") if re.fullmatch(r"[IVX]+", core) else ("digits", "alpha", "double")
        best = next((r for r in found if r.type in types), found[0] if found else None)
    if best is None and kind == "annex":
        return (core.split() or ["annex"])[0].lower(), None
    if best is None:
        dotted = [part for part in re.split(r"[.\s]+", core) if readings(part)]
        return (dotted[-1].lower() if dotted else ""), None
    plain = best.normal if best.type == "digits" or (best.type == "roman" and core.isupper()) else core.lower()
    if kind == "annex":
        word = re.match(r"[^\W\d]{3,}", number)
        return f"{word[0].lower() if word else 'annex'}-{plain}", best
    return plain, best


def _title(preface: Element | None) -> str | None:
    if preface is None:
        return None
    named = [e for e in _descendants(preface) if e.tag in ("docTitle", "shortTitle")]
    return (named[0].text() if named else preface.text()) or None


def _frozen(node: Node, text: str) -> Provision:
    heading = " ".join(text[slice(*node.heading)].split()) if node.heading else None
    kind = kind_of(node.kind, node.parent.kind if node.parent is not None else "")
    if kind == "item" and node.number != "o" and re.search(r"\w", node.number):  # a number, not a bullet
        kind = "point"
    children = tuple(_frozen(child, text) for child in node.children)
    return Provision(kind, node.number, node.normal, heading, (node.start, node.end), (node.body, node.end), children)


# --- writing ----------------------------------------------------------------------------------------------------------
def to_akoma(
    value: AgreementTextValue, *, uri: str, language: str = "en", date: str = "0001-01-01", author: str = "#pacta"
) -> str:
    """Return a text as an Akoma Ntoso document. `uri`: of the agreement as a work; `date`: of its signature."""
    three = _LANGUAGES.get(language, language if len(language) == 3 else "und")
    preamble = [p for p in value.sections if p.kind == "preamble"]
    closing = [p for p in value.sections if p.kind == "closing"]
    body = [p for p in value.sections if p.kind not in ("preamble", "closing")]
    writer = _Writer(value)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<akomaNtoso xmlns="{NAMESPACE}">\n<doc name="agreement">\n',
        _meta(uri, three, date, author),
        f"<preface><p><docTitle>{_plain(value.title)}</docTitle></p></preface>\n" if value.title else "",
        *(f"<preamble>{writer.loose(p)}</preamble>\n" for p in preamble[:1]),
        "<mainBody>\n",
        *(writer.provision(p) for p in body),
        "" if body else "<p/>",
        "</mainBody>\n",
        "<conclusions>" + "".join(writer.loose(p) for p in closing) + "</conclusions>\n" if closing else "",
        "</doc>\n</akomaNtoso>\n",
    ]
    return "".join(parts)


def _meta(uri: str, language: str, date: str, author: str) -> str:
    def level(name: str, path: str, extra: str) -> str:
        return (
            f"<{name}><FRBRthis value={quoteattr(path + '/!main')}/><FRBRuri value={quoteattr(path)}/>"
            f'<FRBRdate date={quoteattr(date)} name="signature"/><FRBRauthor href={quoteattr(author)}/>'
            f"{extra}</{name}>\n"
        )

    return (
        '<meta>\n<identification source="'
        + _OURS
        + '">\n'
        + level("FRBRWork", uri, '<FRBRcountry value="un"/>')
        + level("FRBRExpression", f"{uri}/{language}@", f"<FRBRlanguage language={quoteattr(language)}/>")
        + level("FRBRManifestation", f"{uri}/{language}@/xml", "")
        + '</identification>\n<references source="#pacta"><TLCOrganization eId="pacta" '
        'href="/ontology/organization/pacta" showAs="Pacta"/></references>\n</meta>\n'
    )


def _plain(text: str) -> str:
    """Return text as XML holds it: white space squeezed, no control characters, marks escaped."""
    return escape(" ".join(_CONTROL.sub("", text).split()))


class _Writer:
    """Writes provisions as elements, each with an eId of its own."""

    def __init__(self, value: AgreementTextValue) -> None:
        self.value = value
        self.seen: Counter[str] = Counter()

    def loose(self, provision: Provision) -> str:
        """Write the words of a preamble or of the closing words, paragraph by paragraph."""
        return self._paragraphs(self.value.words(provision.body)) or "<p/>"

    def provision(self, provision: Provision, above: str = "") -> str:
        tag = _ELEMENTS.get(provision.kind, "hcontainer")
        last = re.split(r"[./]", provision.normal)[-1]
        eid = f"{above}__" * bool(above) + f"{_SHORT.get(provision.kind, provision.kind)}_{last}"
        self.seen[eid] += 1
        eid += f"-{self.seen[eid]}" if self.seen[eid] > 1 else ""
        name = f' name="{provision.kind}"' if tag == "hcontainer" else ""
        number = f"<num>{_plain(provision.number)}</num>" if provision.number else ""
        heading = f"<heading>{_plain(provision.heading)}</heading>" if provision.heading else ""
        own = self._paragraphs(self.value.words(provision.own))
        if provision.children:
            inner = (f"<intro>{own}</intro>\n" if own else "") + "".join(
                self.provision(child, eid) for child in provision.children
            )
        else:
            inner = f"<content>{own or '<p/>'}</content>"
        return (
            f"<{tag}{name} eId={quoteattr(eid)} wId={quoteattr(provision.normal)}>{number}{heading}\n{inner}</{tag}>\n"
        )

    @staticmethod
    def _paragraphs(words: str) -> str:
        blocks = (_plain(block) for block in re.split(r"\n\s*\n", words))
        return "".join(f"<p>{block}</p>" for block in blocks if block)
