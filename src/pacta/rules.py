"""Derivation rules: the CONSTRUCT queries of ontology/rules, run in order into the derived graph.

    derive(store)        # clears the derived graph, fills it again, returns how many triples it holds

The derived graph holds nothing that the rules do not rebuild from the rest, to the byte.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Triple

from pacta.errors import KnowledgeError, PactaError, QuerySyntaxError_
from pacta.headers import HeaderError, parse_header, text_of
from pacta.iris import Iris
from pacta.resources import files
from pacta.store import EmbeddedStore
from pacta.vocabulary import ID_BASE, RULE

_NUMBERED = re.compile(r"\d\d-[a-z0-9-]+")
_BASE = re.compile(r"^PREFIX\s+id:\s*<[^>]*>", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its file's stem as name, its IRI, what it concludes in words, and the CONSTRUCT."""

    name: str
    iri: str
    title: str
    description: str
    text: str

    def over(self, base: str) -> str:
        """Return the CONSTRUCT with `base` as the base of the IRIs it makes."""
        return self.text if base == ID_BASE else _BASE.sub(f"PREFIX id: <{base}>", self.text)


@lru_cache(maxsize=8)
def _read(paths: tuple[Path, ...]) -> tuple[Rule, ...]:
    return tuple(_rule(path) for path in paths)


def rules() -> tuple[Rule, ...]:
    """Return the rules in the order in which they run; a faulty file raises KnowledgeError."""
    return _read(files("ontology", "rules/*.rq"))


def derive(store: EmbeddedStore, *, base: str = ID_BASE) -> int:
    """Empty the derived graph, run each rule over all that is there then, and return the number of derived triples.

    A rule sees what the rules before it concluded. Where one fails, the derived graph is left empty, not half full.
    """
    graph = NamedNode(Iris(base).derived_graph())
    store.remove_graph(graph.value)
    derived: set[Triple] = set()
    try:
        for rule in rules():
            new = set(_concluded(rule, store, base)) - derived
            store.add(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in new)
            derived |= new
    except PactaError:
        store.remove_graph(graph.value)
        raise
    return len(derived)


def _concluded(rule: Rule, store: EmbeddedStore, base: str) -> tuple[Triple, ...]:
    try:
        triples = store.query(rule.over(base)).triples
    except QuerySyntaxError_ as error:
        raise KnowledgeError(
            f"the rule is faulty: {error.what}", f"{rule.name}, {error.where}", error.remedy
        ) from error
    if triples is None:
        raise KnowledgeError("a rule is a CONSTRUCT", rule.name, "begin its query with CONSTRUCT")
    return triples


def _rule(path: Path) -> Rule:
    text = path.read_text(encoding="utf-8")
    if not _NUMBERED.fullmatch(path.stem):
        raise KnowledgeError(
            "a rule's file name gives its place in the order", str(path), "name it like 40-disputes.rq"
        )
    try:
        header = parse_header(text)
    except HeaderError as error:
        raise KnowledgeError(f"the header is faulty: {error}", f"{path}:{error.line}") from error
    rule = Rule(path.stem, text_of(header, "iri"), text_of(header, "title"), text_of(header, "description"), text)
    if not rule.title or not rule.description:
        raise KnowledgeError("a rule has a title and a description", str(path), "write both into its #+ header")
    if rule.iri != RULE + path.stem:
        raise KnowledgeError("a rule's iri ends in its file name", str(path), f"write #+ iri: {RULE}{path.stem}")
    return rule
