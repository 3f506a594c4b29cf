"""Derivation rules: the CONSTRUCT queries of ontology/rules, run in order into the derived graph.

    derive(store)        # puts what they conclude from the whole store there, returns how many triples that is

First of all it is found out which documents are reprints of others (pacta.reprints); the rules see that like anything
in a record. The derived graph holds nothing that is not rebuilt from the rest, to the byte.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Triple

from pacta.errors import KnowledgeError, QuerySyntaxError_
from pacta.headers import HeaderError, parse_header, text_of
from pacta.iris import Iris
from pacta.resources import files
from pacta.store import EmbeddedStore, open_store
from pacta.vocabulary import ID_BASE, RDF, RULE

_NUMBERED = re.compile(r"\d\d-[a-z0-9-]+")
_GROUND = NamedNode("urn:x:ground")  # the one graph of a scratch store: rules see no graphs
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_PREFIX = re.compile(r"PREFIX\s+(\w*):\s*<([^>]*)>")
_NAME = re.compile(r"\b(\w+):([\w-]+)")
_SELECT = re.compile(r"SELECT[^{]*")
_VALUES = re.compile(r"VALUES\s*(\([^)]*\)|\?\w+)")
_PREDICATE = re.compile(r"(?:\?\w+|[>;]|\w+:[\w-]+)\s+\?(\w+)\s+(?:\?\w+|\w+:[\w-]+|<)")
_BASE = re.compile(r"^PREFIX\s+id:\s*<[^>]*>", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its file's stem as name, its IRI, what it concludes in words, and the CONSTRUCT."""

    name: str
    iri: str
    title: str
    description: str
    text: str

    @property
    def concludes(self) -> frozenset[str]:
        """Local names of the properties that the CONSTRUCT's template names; one that is a variable is not among them.

        >>> Rule("01-x", "", "", "", "CONSTRUCT { ?a pacta:status ?b } WHERE { ?a pacta:about ?b }").concludes
        frozenset({'status'})
        """
        body = _COMMENT.sub("", self.text)
        template = body[body.find("CONSTRUCT") : body.find("WHERE")]
        return frozenset(re.findall(r"pacta:([a-z]\w+)\s", template))

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
    """Make the derived graph what the rules conclude from all that is there, and return how many triples that is.

    A rule sees what the rules before it concluded. The old derived graph stands until the new one is whole, and then
    one transaction puts it there: a rule that fails, or a process that is killed, leaves the old one.
    """
    from pacta import reprints  # numpy comes with it: who only reads the rules does without

    graph = Iris(base).derived_graph()
    copies = reprints.find(store)
    ground = (q for q in _relevant(store) if q.graph_name.value != graph)  # type: ignore[union-attr]
    everything = copies | conclusions(chain(ground, _quads(copies)), base)
    replace(store, graph, everything)
    return len(everything)


def derived(ground: Collection[Quad], base: str = ID_BASE) -> set[Triple]:
    """Return what the derived graph of a store would hold that holds just these quads, each in its own graph."""
    from pacta import reprints

    with open_store() as scratch:
        scratch.bulk_add(ground)
        copies = reprints.find(scratch)
    return copies | conclusions(chain(ground, _quads(copies)), base)


def looked_at() -> frozenset[str] | None:
    """Return the IRIs of predicates that anything derived follows from; None where a rule asks for any predicate."""
    from pacta import reprints

    wanted = predicates()
    return None if wanted is None else wanted | {predicate.value for predicate in reprints.LOOKED_AT}


def conclusions(ground: Iterable[Quad], base: str = ID_BASE) -> set[Triple]:
    """Run the rules over quads, whatever their graphs, and return what they conclude."""
    derived: set[Triple] = set()
    with open_store() as scratch:
        scratch.bulk_add(Quad(q.subject, q.predicate, q.object, _GROUND) for q in ground)
        for rule in rules():
            new = set(_concluded(rule, scratch, base)) - derived
            scratch.add(_quads(new))
            derived |= new
    return derived


def replace(store: EmbeddedStore, graph: str, derived: Iterable[Triple]) -> None:
    """Make `derived` all that the graph holds, in one transaction."""
    name = NamedNode(graph)
    new = {Quad(t.subject, t.predicate, t.object, name) for t in derived}
    old = set(store.quads(graph))
    if old - new:
        store.replace_graph(graph, new)
    elif new - old:
        store.add(new - old)
    store.settled()


def _quads(triples: Iterable[Triple]) -> Iterator[Quad]:
    yield from (Quad(t.subject, t.predicate, t.object, _GROUND) for t in triples)


def _relevant(store: EmbeddedStore) -> Iterator[Quad]:
    """Yield the quads that the rules may look at: those with a predicate that some rule names."""
    wanted = predicates()
    if wanted is None:
        yield from store.quads()
    for predicate in sorted(wanted or ()):
        yield from store.match(None, NamedNode(predicate))


def predicates() -> frozenset[str] | None:
    """Return the IRIs that the rules name, predicates among them; None where a rule asks for any predicate at all."""
    found = {RDF + "type"}
    for rule in rules():
        text = _COMMENT.sub("", rule.text)
        prefixes = dict(_PREFIX.findall(text))
        body = _SELECT.sub("", text[text.find("WHERE") :])
        bound = {name for names in _VALUES.findall(body) for name in re.findall(r"\?(\w+)", names)}
        if set(_PREDICATE.findall(_VALUES.sub("", body))) - bound:
            return None
        found |= {prefixes[p] + local for p, local in _NAME.findall(text) if p in prefixes}
    return frozenset(found)


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
