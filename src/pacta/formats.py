"""One Format type for the command line, HTTP and the docs: name, media type, suffixes, and what it can hold.

>>> by_suffix("out/graph.ttl").name
'turtle'
>>> by_name("nt").media_type
'application/n-triples'
>>> by_media_type("text/turtle; charset=utf-8").name
'turtle'
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePath
from typing import Literal

from pacta.errors import UsageError_

Kind = Literal["graph", "dataset", "results", "text"]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write something down.

    `kind`: graph (triples), dataset (triples in named graphs), results (rows of a question) or text (all else).
    `aliases` are other names that people type; `suffixes` begin with a dot, the first is the one we write.
    """

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    kind: Kind
    aliases: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        return self.suffixes[0] if self.suffixes else ""


FORMATS: tuple[Format, ...] = (
    Format("turtle", "text/turtle", (".ttl",), "graph", ("ttl",)),
    Format("ntriples", "application/n-triples", (".nt",), "graph", ("nt", "n-triples")),
    Format("rdfxml", "application/rdf+xml", (".rdf", ".owl"), "graph", ("rdf-xml", "rdf")),
    Format("trig", "application/trig", (".trig",), "dataset"),
    Format("nquads", "application/n-quads", (".nq",), "dataset", ("nq", "n-quads")),
    Format("jsonld", "application/ld+json", (".jsonld",), "dataset", ("json-ld",)),
    Format("csv", "text/csv", (".csv",), "results"),
    Format("tsv", "text/tab-separated-values", (".tsv",), "results"),
    Format("json", "application/json", (".json",), "results"),
    Format("sparql-json", "application/sparql-results+json", (".srj",), "results", ("srj",)),
    Format("xml", "application/sparql-results+xml", (".srx", ".xml"), "results", ("sparql-xml", "srx")),
    Format("markdown", "text/markdown", (".md",), "results", ("md",)),
    Format("table", "text/plain", (), "results"),
    Format("text", "text/plain", (".txt",), "text"),
    Format("html", "text/html", (".html", ".htm"), "text"),
    Format("jsonl", "application/x-ndjson", (".jsonl", ".ndjson"), "text", ("ndjson",)),
)


_BY_NAME = {name: row for row in FORMATS for name in (row.name, *row.aliases)}
_BY_SUFFIX = {suffix: row for row in FORMATS for suffix in row.suffixes}
_BY_MEDIA_TYPE = {row.media_type: row for row in reversed(FORMATS)}


def of_kind(*kinds: Kind) -> tuple[Format, ...]:
    """Return the formats of any of `kinds`, in the order of the table."""
    return tuple(row for row in FORMATS if row.kind in kinds)


def by_name(name: str, *, among: Iterable[Format] = FORMATS) -> Format:
    """Return the format of that name or alias out of `among`; an unknown one raises UsageError_ that lists them."""
    allowed = tuple(among)
    found = _BY_NAME.get(name.lower())
    if found in allowed and found is not None:
        return found
    names = [row.name for row in allowed]
    near = get_close_matches(name.lower(), names, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    what = f"the format {name!r} does not fit here" if found else f"there is no format {name!r}"
    raise UsageError_(what, remedy=f"{hint}Take one of {', '.join(names)}")


def by_suffix(path: str | PurePath) -> Format | None:
    """Return the format that a file name's suffix stands for, or None."""
    return _BY_SUFFIX.get(PurePath(path).suffix.lower())


def by_media_type(media_type: str) -> Format | None:
    """Return the format of a media type (its parameters are ignored), or None."""
    return _BY_MEDIA_TYPE.get(media_type.partition(";")[0].strip().lower())
