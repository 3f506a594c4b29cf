"""Rows as JSON and XML: a plain list of objects, and the two result formats of the W3C."""

from __future__ import annotations

import json
import math
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import BlankNode, Literal, NamedNode

from pacta.errors import UsageError_
from pacta.exports.delimited import plain
from pacta.store import Results, Term
from pacta.vocabulary import XSD

Json = str | int | float | bool | None

_INTEGERS = {XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")}
_NUMBERS = {XSD + name for name in ("decimal", "double", "float")}
_RESULTS = "http://www.w3.org/2005/sparql-results#"


def value(term: Term | None) -> Json:
    """Return a term as JSON says it: numbers and truth values as such, an unbound cell as null, all else as text."""
    if not isinstance(term, Literal):
        return None if term is None else plain(term)
    datatype = term.datatype.value
    try:
        if datatype in _INTEGERS:
            return int(term.value)
        if datatype in _NUMBERS:
            number = float(term.value)
            return number if math.isfinite(number) else term.value
    except ValueError:
        return term.value
    if datatype == XSD + "boolean" and term.value in ("true", "1", "false", "0"):
        return term.value in ("true", "1")
    return term.value


def objects(results: Results) -> bytes:
    """Return rows as a list of objects, column to value; the answer to an ASK as true or false."""
    content: object = results.boolean
    if results.boolean is None:
        content = [dict(zip(results.variables, map(value, row), strict=True)) for row in results.rows]
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def sparql_json(results: Results) -> bytes:
    """Return SPARQL 1.1 Query Results JSON."""
    if results.boolean is not None:
        return _dumped({"head": {}, "boolean": results.boolean})
    bindings = [
        {name: _binding(term) for name, term in zip(results.variables, row, strict=True) if term is not None}
        for row in results.rows
    ]
    return _dumped({"head": {"vars": list(results.variables)}, "results": {"bindings": bindings}})


def sparql_xml(results: Results) -> bytes:
    """Return SPARQL Query Results XML."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<sparql xmlns="{_RESULTS}">', "  <head>"]
    lines += [f"    <variable name={quoteattr(name)}/>" for name in results.variables]
    lines += ["  </head>"]
    if results.boolean is not None:
        lines += [f"  <boolean>{'true' if results.boolean else 'false'}</boolean>"]
    else:
        lines += ["  <results>"]
        for row in results.rows:
            cells = [(n, t) for n, t in zip(results.variables, row, strict=True) if t is not None]
            lines += ["    <result>"]
            lines += [f"      <binding name={quoteattr(name)}>{_element(term)}</binding>" for name, term in cells]
            lines += ["    </result>"]
        lines += ["  </results>"]
    return ("\n".join([*lines, "</sparql>"]) + "\n").encode()


def _binding(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if not isinstance(term, Literal):
        raise UsageError_("a quoted triple has no place in these results", str(term), "take tsv")
    found = {"type": "literal", "value": term.value}
    if term.language is not None:
        return {**found, "xml:lang": term.language}
    return found if term.datatype.value == XSD + "string" else {**found, "datatype": term.datatype.value}


def _element(term: Term) -> str:
    binding = _binding(term)
    kind = binding["type"]
    extra = "".join(f" {name}={quoteattr(binding[name])}" for name in ("xml:lang", "datatype") if name in binding)
    text = escape(binding["value"], {"\r": "&#xD;"})
    if any(ord(character) < 32 and character not in "\t\n\r" for character in binding["value"]):
        raise UsageError_("XML cannot hold a control character of this text", binding["value"][:40], "take sparql-json")
    return f"<{kind}{extra}>{text}</{kind}>"


def _dumped(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
