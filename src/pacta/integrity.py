"""Integrity of a whole store: what must hold between its graphs, each check one SPARQL query of shapes/store, run once.

    for fault in faults(store): print(fault.message, fault.remedy)
    report(store).conforms

A check is a SELECT of ?this, the node that a fault is about, and where it says more ?value and ?path; its header gives
iri, title, severity (Violation, Warning or Info), message and remedy, in which {?value} stands for what was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode

from pacta.errors import KnowledgeError, QuerySyntaxError_
from pacta.headers import HeaderError, parse_header, text_of
from pacta.iris import Iris
from pacta.resources import files
from pacta.store import EmbeddedStore
from pacta.validation import Report, Result
from pacta.vocabulary import ID_BASE

PS = "https://w3id.org/pacta/shapes#"
SEVERITIES = ("Violation", "Warning", "Info")
OUTDATED = f"{PS}Store-derivedOutdated"
_FIELDS = ("iri", "title", "severity", "message", "remedy")
_BASE = re.compile(r"^PREFIX\s+id:\s*<[^>]*>", re.MULTILINE)
_PLACE = re.compile(r"\{\?(\w+)\}")


@dataclass(frozen=True, slots=True)
class Check:
    """One question after faults between graphs: the file's stem, its header, and the SELECT."""

    name: str
    iri: str
    title: str
    severity: str
    message: str
    remedy: str
    text: str

    def over(self, base: str) -> str:
        """Return the SELECT with `base` as the base of the IRIs that it asks about."""
        return self.text if base == ID_BASE else _BASE.sub(lambda _: f"PREFIX id: <{base}>", self.text)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the name and IRI of the check that found it, the node it is about, what is wrong, what to do."""

    check: str
    shape: str
    severity: str
    subject: str
    path: str | None
    value: NamedNode | BlankNode | Literal | None
    message: str
    remedy: str

    @property
    def result(self) -> Result:
        """The fault as a result of validation."""
        message = f"{self.message[:1].upper()}{self.message[1:]}: {self.remedy}."
        parts = ("SPARQLConstraintComponent",)
        return Result(self.subject, self.path, self.value, self.severity, message, self.shape, parts)


def checks() -> tuple[Check, ...]:
    """Return the checks by name; a faulty file is a KnowledgeError."""
    return _read(files("shapes", "store/*.rq"))


def faults(store: EmbeddedStore, *, base: str = ID_BASE) -> Iterator[Fault]:
    """Yield what is wrong between the graphs of a store, check by check, each in a fixed order."""
    for check in checks():
        yield from sorted(_found(check, store, base), key=lambda fault: fault.result.key)
    if store.outdated and len(store):
        graph, remedy = Iris(base).derived_graph(), "run the last pacta build or pacta load again"
        message = "something was written since the derived graph was made, as where a build was stopped"
        yield Fault("derived", OUTDATED, "Warning", graph, None, None, message, remedy)


def report(store: EmbeddedStore, *, base: str = ID_BASE) -> Report:
    """Return what is wrong between the graphs of a store as a report of validation."""
    return Report(tuple(sorted((fault.result for fault in faults(store, base=base)), key=lambda result: result.key)))


def _found(check: Check, store: EmbeddedStore, base: str) -> Iterator[Fault]:
    where = f"shapes/store/{check.name}.rq"
    try:
        answer = store.query(check.over(base))
    except QuerySyntaxError_ as error:
        raise KnowledgeError(f"a check is faulty: {error.what}", f"{where}, {error.where}", error.remedy) from error
    if "this" not in answer.variables:
        raise KnowledgeError("a check gives no ?this", where, "make it a SELECT with ?this")
    for row in answer.rows:
        found = {name: term for name, term in zip(answer.variables, row, strict=True) if term is not None}
        texts = {name: _text(term) for name, term in found.items()}
        value = found.get("value")
        if isinstance(value, Literal) and value.value.startswith(("http:", "https:", "urn:")):
            value = NamedNode(value.value)  # the least or the last of several: SPARQL orders texts
        message = _filled(check.message, texts)
        yield Fault(
            check.name, check.iri, check.severity, texts.get("this", ""), texts.get("path"),
            value if isinstance(value, NamedNode | BlankNode | Literal) else None, message, check.remedy,
        )  # fmt: skip


def _filled(message: str, texts: Mapping[str, str]) -> str:
    """Put what was found in its places, once: what a text of the data looks like makes no place."""
    return _PLACE.sub(lambda match: texts.get(match[1], "nothing"), message)


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


@lru_cache(maxsize=8)
def _read(paths: tuple[Path, ...]) -> tuple[Check, ...]:
    return tuple(_check(path) for path in paths)


def _check(path: Path) -> Check:
    text = path.read_text(encoding="utf-8")
    try:
        header = parse_header(text)
    except HeaderError as error:
        raise KnowledgeError(f"the header is faulty: {error}", f"{path}:{error.line}") from error
    fields = {name: text_of(header, name) for name in _FIELDS}
    missing = [name for name, value in fields.items() if not value]
    if missing:
        raise KnowledgeError(f"a check lacks {', '.join(missing)}", str(path), 'write "#+ title: ..." and the others')
    if not fields["iri"].startswith(f"{PS}Store-"):
        raise KnowledgeError("a check's iri is a shape's", str(path), f"write #+ iri: {PS}Store- and a name")
    if fields["severity"] not in SEVERITIES:
        told = f"{fields['severity']!r} is no severity"
        raise KnowledgeError(told, str(path), f"take one of {', '.join(SEVERITIES)}")
    return Check(path.stem, **fields, text=text)
