"""IRIs of ours that the text of a query, of the constraints in a shape file or of a Python module mentions.

>>> sorted(in_sparql("PREFIX p: <https://w3id.org/pacta/ontology#> SELECT * { ?s a p:Statement } # p:Comment"))
['https://w3id.org/pacta/ontology#Statement']
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from pacta.vocabulary import PACTA, PREFIXES, SCHEMES, TERMS, VOCAB

_OURS = "https://w3id.org/pacta/"
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>\"\"\".*?\"\"\"|'''.*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<iri><[^<>"{}|^`\\\s]*>)
      | (?P<name>(?<![\w?$:])[A-Za-z][\w-]*:(?:[\w.:%-]|\\.)*)""",
    re.VERBOSE | re.DOTALL,
)
_PREFIX = re.compile(r"(?:@prefix|PREFIX)\s+([A-Za-z][\w.-]*)?:\s*<([^<>\s]*)>", re.IGNORECASE)
_WHOLE = re.compile(r"https://w3id\.org/pacta/(?:ontology#\w+|vocab/[\w-]+(?:/[\w-]+)?)")
_PREFIXED = re.compile(r"(?<![\w:/])pacta:([A-Za-z]\w*)")


def in_sparql(text: str, prefixes: Mapping[str, str] | None = None) -> frozenset[str]:
    """Return our IRIs in SPARQL `text`: in angle brackets, as prefixed names, and in `#+` lines in angle brackets."""
    declared = dict(prefixes or {}) | {match[1] or "": match[2] for match in _PREFIX.finditer(text)}
    return frozenset(_ours(_sparql(text, declared), set(declared.values())))


def in_turtle(text: str) -> frozenset[str]:
    """Return our IRIs in the SPARQL that strings of a shape file hold; its triples are for SPARQL to see."""
    prefixes = dict(PREFIXES) | {match[1] or "": match[2] for match in _PREFIX.finditer(text)}
    found: set[str] = set()
    for match in _TOKEN.finditer(text):
        literal = match["string"]
        if literal and re.search(r"\b(?:SELECT|ASK|CONSTRUCT)\b", literal):
            body = literal[3:-3] if literal[:3] in ('"""', "'''") else literal[1:-1]
            found |= in_sparql(body.replace('\\"', '"'), prefixes)
    return frozenset(found)


def in_python(text: str) -> frozenset[str]:
    """Return the terms and schemes that a module names: P.x, concept("s", "x"), IRIs and `pacta:x` in strings.

    In a module that imports from pacta.vocabulary or pacta.quads, or spells the namespace out, a string that is the
    local name of a term counts too: that is how writers and tables of properties name them.
    """
    nodes = list(ast.walk(ast.parse(text)))
    passed = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    passed |= {id(arg) for node in nodes if _is_concept(node) for arg in node.args}
    aware = any(name in text for name in ("pacta.vocabulary", "pacta.quads", PACTA))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "P":
            found.add(PACTA + node.attr)
        elif _is_concept(node):
            found.update(_concept(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            found.update(match[0] for match in _WHOLE.finditer(node.value))
            found.update(PACTA + match[1] for match in _PREFIXED.finditer(node.value))
            if aware and node.value in TERMS:
                found.add(PACTA + node.value)
            scheme = node.value.partition("/")[0]
            if aware and "/" in node.value and scheme in SCHEMES:
                found.add(VOCAB + scheme)
    return frozenset(found)


def _sparql(text: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        if match["comment"] and match["comment"].startswith("#+"):
            yield from re.findall(r"<([^<>\s]+)>", match["comment"])
        elif match["iri"]:
            yield match["iri"][1:-1]
        elif match["name"]:
            prefix, _, local = match["name"].partition(":")
            if prefix in prefixes:
                yield prefixes[prefix] + re.sub(r"\\(.)", r"\1", local.rstrip("."))


def _ours(found: Iterator[str], namespaces: set[str]) -> Iterator[str]:
    """Keep what is ours and is more than a namespace; the words of the hygiene rules are the checker's own."""
    ours = (iri for iri in found if iri.startswith(_OURS) and not iri.startswith(_OURS + "hygiene#"))
    return (iri for iri in ours if iri not in namespaces and iri[-1] not in "/#")


def _is_concept(node: ast.AST) -> TypeGuard[ast.Call]:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return name in ("concept", "in_scheme")


def _concept(node: ast.Call) -> Iterator[str]:
    values = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
    if values and isinstance(values[0], str):
        yield VOCAB + values[0]
        if len(values) > 1 and isinstance(values[1], str):
            yield f"{VOCAB}{values[0]}/{values[1]}"
