"""Turtle and TriG that are pleasant to read: prefixed, sorted, one block a subject, one line a value.

The same quads give the same bytes, in whatever order they come.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from pacta.vocabulary import PREFIXES, RDF, RULE, VOCAB, XSD

_LOCAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_SCHEME = re.compile(r"([a-z][a-z0-9-]*)/([A-Za-z0-9_][A-Za-z0-9_-]*)")
_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_.,=+~-]*"
_RELATIVE = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*(?:#{_SEGMENT})?")
_SHORTHAND = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_FIXED = {**{name: iri for name, iri in PREFIXES.items() if name != "v"}, "rule": RULE}
_DIGITS = re.compile(r"([0-9]+)")
_TYPE = RDF + "type"
_FIRST = (_TYPE, PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")


def turtle(quads: Iterable[Quad], base: str) -> bytes:
    """Return the triples of `quads`, whatever graphs they are in, as Turtle; IRIs below `base` are written short."""
    names = Names(base)
    body = "\n".join(_blocks({quad.triple for quad in quads}, names, ""))
    return f"{names.head()}{body}".encode()


def trig(quads: Iterable[Quad], base: str) -> bytes:
    """Return `quads` as TriG, graphs sorted, the default graph first and without braces."""
    names = Names(base)
    parts: list[str] = []
    named: dict[str, list[Quad]] = defaultdict(list)
    default: list[Quad] = []
    for quad in quads:
        if isinstance(quad.graph_name, DefaultGraph):
            default.append(quad)
        else:
            named[str(quad.graph_name)].append(quad)
    parts.extend(_blocks({quad.triple for quad in default}, names, ""))
    for _, group in sorted(named.items(), key=lambda item: natural(item[0])):
        inner = "\n".join(_blocks({quad.triple for quad in group}, names, "    "))
        parts.append(f"{names.term(group[0].graph_name)} {{\n{inner}}}\n")
    return (names.head() + "\n".join(parts)).encode()


def natural(text: str) -> tuple[list[str | int], str]:
    """Return a sort key under which 9 comes before 10."""
    return [int(part) if i % 2 else part for i, part in enumerate(_DIGITS.split(text))], text


def compact(iri: str, base: str) -> str:
    """Return an IRI as people read it: `pacta:asserts`, `speech-mode:mixed`, `actor/aze`; otherwise itself."""
    names = Names(base)
    short = names.short(iri)
    return short.removeprefix("<").removesuffix(">")


class Names:
    """Shortens IRIs and remembers which prefixes it needed."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.used: dict[str, str] = {}
        self.based = False
        self._known: dict[str, str] = {}

    def term(self, term: object) -> str:
        if isinstance(term, NamedNode):
            return self.short(term.value)
        if isinstance(term, Literal):
            return self._literal(term)
        return str(term)

    def predicate(self, predicate: NamedNode) -> str:
        return "a" if predicate.value == _TYPE else self.short(predicate.value)

    def short(self, iri: str) -> str:
        """Return an IRI as a prefixed name, relative to the base, or whole between angle brackets."""
        if iri not in self._known:
            self._known[iri] = self._shortened(iri)
        return self._known[iri]

    def _shortened(self, iri: str) -> str:
        for name, namespace in _FIXED.items():
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                self.used[name] = namespace
                return f"{name}:{iri[len(namespace) :]}"
        if iri.startswith(VOCAB):
            match = _SCHEME.fullmatch(iri, len(VOCAB))
            if match and match[1] not in _FIXED:
                self.used[match[1]] = f"{VOCAB}{match[1]}/"
                return f"{match[1]}:{match[2]}"
        if iri.startswith(self.base) and self.base.endswith("/") and _RELATIVE.fullmatch(iri, len(self.base)):
            self.based = True
            return f"<{iri[len(self.base) :]}>"
        return str(NamedNode(iri))

    def head(self) -> str:
        lines = [f"@base <{self.base}> .\n"] if self.based else []
        lines += [f"@prefix {name}: <{namespace}> .\n" for name, namespace in sorted(self.used.items())]
        return "".join([*lines, "\n"]) if lines else ""

    def _literal(self, literal: Literal) -> str:
        datatype = literal.datatype.value
        if literal.language is not None or datatype == XSD + "string":
            return str(literal)
        short = _SHORTHAND.get(datatype)
        if short and short.fullmatch(literal.value):
            return literal.value
        return f"{Literal(literal.value)}^^{self.short(datatype)}"


def _blocks(triples: set[Triple], names: Names, indent: str) -> Iterator[str]:
    """Yield one block a subject, each ending in a line break."""
    subjects: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        subjects[str(triple.subject)].append(triple)
    for _, group in sorted(subjects.items(), key=lambda item: natural(item[0])):
        yield block(group, names, indent)


def block(triples: list[Triple], names: Names, indent: str) -> str:
    """Return the triples of one subject, ending in a line break."""
    lines = " ;\n".join(_lines(triples, names, indent)).lstrip()
    return f"{indent}{names.term(triples[0].subject)} {lines} .\n"


def _lines(triples: list[Triple], names: Names, indent: str) -> Iterator[str]:
    predicates: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        predicates[triple.predicate.value].append(triple)
    for iri, group in sorted(predicates.items(), key=lambda item: _place(item[0])):
        values = [names.term(t.object) for t in sorted(group, key=lambda t: natural(str(t.object)))]
        between = " , " if iri == _TYPE else f" ,\n{indent}        "
        yield f"{indent}    {names.predicate(group[0].predicate)} {between.join(values)}"


def _place(predicate: str) -> tuple[int, str]:
    return (_FIRST.index(predicate) if predicate in _FIRST else len(_FIRST), predicate)
