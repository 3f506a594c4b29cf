"""The mark of an answer that was cut short, in the answer itself where its format has a place for it.

JSON and XML results have links in their head; RDF has comments. CSV, TSV and JSON-LD have no place: the header of the
response says it alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from xml.sax.saxutils import quoteattr


def _said(count: int, more: str) -> str:
    return f"truncated: the first {count}, more at {more}"


def _json(body: bytes, count: int, more: str) -> bytes:
    told = json.dumps({"rows": count, "next": more}, ensure_ascii=False)
    links = json.dumps([more], ensure_ascii=False)
    return body.replace(b'{"head":{', f'{{"truncated":{told},"head":{{"link":{links},'.encode(), 1)


def _xml(body: bytes, count: int, more: str) -> bytes:
    return body.replace(b"  </head>", f"    <link href={quoteattr(more)}/>\n  </head>".encode(), 1)


def _rdfxml(body: bytes, count: int, more: str) -> bytes:
    head, end, rest = body.partition(b"?>")
    comment = f"\n<!-- {_said(count, more).replace('--', '-%2D')} -->"
    return head + end + comment.encode() + rest if end else body


def _comment(body: bytes, count: int, more: str) -> bytes:
    return f"# {_said(count, more)}\n".encode() + body


_MARKS: dict[str, Callable[[bytes, int, str], bytes]] = {
    "sparql-json": _json,
    "xml": _xml,
    "rdfxml": _rdfxml,
    "turtle": _comment,
    "ntriples": _comment,
}


def marked(body: bytes, format_name: str, count: int, more: str) -> bytes:
    """Return an answer in one of the formats of formats.py with the mark: how much it holds, where there is more.

    >>> marked(b'<a> <b> <c> .\\n', "ntriples", 1, "http://localhost/sparql?offset=1").splitlines()[0]
    b'# truncated: the first 1, more at http://localhost/sparql?offset=1'
    """
    mark = _MARKS.get(format_name)
    return mark(body, count, more) if mark else body
