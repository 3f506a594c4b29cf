"""Reports of validation: what shapes found, in a fixed order, as text, JSON or Turtle."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

import pyoxigraph as ox

from pacta.vocabulary import PACTA, RDF, XSD

Term = ox.NamedNode | ox.BlankNode | ox.Literal

SH = "http://www.w3.org/ns/shacl#"
PREFIXES = {"pacta": PACTA, "ps": "https://w3id.org/pacta/shapes#", "rdf": RDF, "sh": SH}
SEVERITIES = {"Violation": "violation", "Warning": "warning", "Info": "hint"}


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that a shape found.

    `focus` and `shape` are IRIs (`_:x` for a blank node); `path` is an IRI, or SPARQL path syntax where it has steps;
    `severity` is Violation, Warning or Info; `components` are the constraint components of SHACL that found it, as the
    local names of their IRIs. Where one shape finds the same in two ways it is one result.
    """

    focus: str
    path: str | None
    value: Term | None
    severity: str
    message: str
    shape: str
    components: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[int, str, str, str, str, str]:
        """Order of reports: gravest first, then by shape, focus, path, value and message."""
        rank = list(SEVERITIES).index(self.severity)
        value = "" if self.value is None else str(self.value)
        return rank, self.shape, self.focus, self.path or "", value, self.message


@dataclass(frozen=True, slots=True)
class Report:
    """What validation found, in a fixed order. It conforms where nothing is a violation.

    >>> print(Report().to_text(), end="")
    Conforms: nothing found.
    """

    results: tuple[Result, ...] = ()

    @property
    def conforms(self) -> bool:
        return self.count("Violation") == 0

    def count(self, severity: str) -> int:
        """Return how many results are of one severity."""
        return sum(result.severity == severity for result in self.results)

    def to_text(self) -> str:
        """Return the report as lines for people: first whether the graph conforms, then each result."""
        found = ", ".join(
            f"{count} {word}" + ("" if count == 1 else "s")
            for severity, word in SEVERITIES.items()
            if (count := self.count(severity))
        )
        lines = [f"{'Conforms' if self.conforms else 'Does not conform'}: {found or 'nothing found'}."]
        for result in self.results:
            lines += ["", f"{result.severity}: {result.message}"]
            lines += [f"  shape  {_short(result.shape)}", f"  focus  {_short(result.focus)}"]
            lines += [f"  path   {_short(result.path)}"] if result.path else []
            lines += [f"  value  {_short(_plain(result.value))}"] if result.value is not None else []
        return "\n".join(lines) + "\n"

    def to_json(self) -> str:
        """Return the report as one JSON object: conforms, how many of each severity, results."""
        results = [
            {
                "severity": result.severity,
                "message": result.message,
                "shape": result.shape,
                "focus": result.focus,
                "path": result.path,
                "value": None if result.value is None else _plain(result.value),
                "components": list(result.components),
            }
            for result in self.results
        ]
        counts = {f"{word}s": self.count(severity) for severity, word in SEVERITIES.items()}
        report = {"conforms": self.conforms, **counts, "results": results}
        return json.dumps(report, ensure_ascii=False, indent=2) + "\n"

    def to_turtle(self) -> str:
        """Return the report as a sh:ValidationReport without blank nodes: its IRIs are computed from what was found."""
        a, digests = ox.NamedNode(f"{RDF}type"), [_digest(repr(result.key)) for result in self.results]
        report = ox.NamedNode(f"urn:pacta:report:{_digest(''.join(digests))}")
        conforms = ox.Literal(str(self.conforms).lower(), datatype=ox.NamedNode(f"{XSD}boolean"))
        triples = {ox.Triple(report, a, _sh("ValidationReport")), ox.Triple(report, _sh("conforms"), conforms)}
        for result, digest in zip(self.results, digests, strict=True):
            for component in result.components or (None,):  # SHACL wants a result for each
                node = ox.NamedNode(f"{report.value}:{digest}" + (f":{component}" if component else ""))
                triples |= {
                    ox.Triple(report, _sh("result"), node),
                    ox.Triple(node, a, _sh("ValidationResult")),
                    ox.Triple(node, _sh("focusNode"), _node(result.focus)),
                    ox.Triple(node, _sh("resultSeverity"), _sh(result.severity)),
                    ox.Triple(node, _sh("resultMessage"), ox.Literal(result.message, language="en")),
                    ox.Triple(node, _sh("sourceShape"), ox.NamedNode(result.shape)),
                }
                if component:
                    triples.add(ox.Triple(node, _sh("sourceConstraintComponent"), _sh(component)))
                if result.path and _is_iri(result.path):  # a path with steps would need blank nodes
                    triples.add(ox.Triple(node, _sh("resultPath"), ox.NamedNode(result.path)))
                if result.value is not None:
                    triples.add(ox.Triple(node, _sh("value"), result.value))
        turtle = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
        return (turtle or b"").decode()


def _sh(name: str) -> ox.NamedNode:
    """Return a term of SHACL, or the IRI given."""
    return ox.NamedNode(name if "://" in name else SH + name)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _node(text: str) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.NamedNode(text)


def _plain(term: Term) -> str:
    return str(term) if isinstance(term, ox.BlankNode) else term.value


def _is_iri(path: str) -> bool:
    return "://" in path and not any(sign in path for sign in "^|*+?<( ")


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
