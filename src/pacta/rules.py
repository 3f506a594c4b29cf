"""Derivation rules: the CONSTRUCT queries of ontology/rules, run in order into the derived graph.

    derive(store)        # puts what they conclude from the whole store there, returns how many triples that is

First of all it is found out which documents are reprints of others (pacta.reprints); the rules see that like anything
in a record. The derived graph holds nothing that is not rebuilt from the rest, to the byte.

Memory is bounded: what the rules look at is in memory up to IN_MEMORY triples. Of a larger store they get a snapshot,
which has its tables in common with it and takes in what they conclude; conclusions are sorted in parts beside it and
merged. What remains in memory is what the engine holds to answer the largest of the rules.
"""

from __future__ import annotations

import heapq
import re
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from pacta.errors import KnowledgeError, QuerySyntaxError_
from pacta.headers import HeaderError, parse_header, text_of
from pacta.iris import Iris
from pacta.resources import files
from pacta.sorting import in_order
from pacta.store import EmbeddedStore, open_store, told
from pacta.vocabulary import ID_BASE, RDF, RULE

_NUMBERED = re.compile(r"\d\d-[a-z0-9-]+")
IN_MEMORY = 500_000  # triples that the rules look at in memory, about 350 MB; where there are more, on disk
PART = 100_000  # triples that go into a scratch store or a snapshot at once, or out of it
AT_ONCE = 250_000  # triples that come into or leave the derived graph in one transaction
SCRATCH = "deriving"  # a folder in that of the store, there only while something is derived
_GROUND = NamedNode("urn:x:ground")  # the one graph of a scratch store: rules see no graphs
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_PREFIX = re.compile(r"PREFIX\s+(\w*):\s*<([^>]*)>")
_NAME = re.compile(r"\b(\w+):([\w-]+)")
_SELECT = re.compile(r"SELECT[^{]*|GROUP BY[^{}]*")  # variables side by side, which are no patterns
_VALUES = re.compile(r"VALUES\s*(\([^)]*\)|\?\w+)")
_PREDICATE = re.compile(r"(?:\?\w+|[>;]|\w+:[\w-]+)\s+\?(\w+)\s+(?:\?\w+|\w+:[\w-]+|<)")
_COUNTING = re.compile(r"\b(?:COUNT|SUM|AVG|GROUP_CONCAT)\s*\(\s*(?!DISTINCT\b)|\b(?:LIMIT|OFFSET)\b", re.IGNORECASE)
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

    @property
    def counts(self) -> bool:
        """Tell whether it may matter to the rule that a triple stands in two graphs: it counts what is not DISTINCT.

        >>> [Rule("01-x", "", "", "", f"{what} ?a) AS ?n").counts for what in ("(MAX(", "(COUNT(", "(COUNT(DISTINCT")]
        [False, True, False]
        """
        return _COUNTING.search(_COMMENT.sub("", self.text)) is not None

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

    A rule sees what the rules before it concluded. The old derived graph stands until all conclusions are there; then
    they take its place in one transaction, or in several where more than AT_ONCE triples change. A rule that fails
    leaves the old one; so does a process that is killed, or the store is still marked as outdated.
    """
    from pacta import reprints  # numpy comes with it: who only reads the rules does without

    graph = Iris(base).derived_graph()
    with _folder(store) as folder:
        copies = reprints.find(store)
        if folder is None:
            made = conclusions(_ground(store, copies, graph), base)
        else:
            made = _run(_seen(store, copies, graph, folder), base)
        found = chain(copies, made)
        return _put(store, graph, _lines(found), folder)


def difference(store: EmbeddedStore, *, base: str = ID_BASE) -> tuple[int, int]:
    """Return how many triples the derived graph has too many, and how many too few, and leave the store as it is.

    What is too much for memory goes where the system keeps temporary files.
    """
    from pacta import reprints

    graph = Iris(base).derived_graph()
    copies = reprints.find(store)
    made = conclusions(_ground(store, copies, graph), base)
    many = few = 0
    for _, in_new, in_old in _beside(store, graph, _lines(chain(copies, made)), None):
        many, few = many + (not in_new), few + (not in_old)
    return many, few


def derived(ground: Collection[Quad], base: str = ID_BASE) -> set[Triple]:
    """Return what the derived graph of a store would hold that holds just these quads, each in its own graph."""
    from pacta import reprints

    with open_store() as scratch:
        scratch.bulk_add(ground)
        copies = reprints.find(scratch)
    return copies | set(conclusions(chain(ground, _quads(copies)), base))


def looked_at() -> frozenset[str] | None:
    """Return the IRIs of predicates that anything derived follows from; None where a rule asks for any predicate."""
    from pacta import reprints

    wanted = predicates()
    return None if wanted is None else wanted | {predicate.value for predicate in reprints.LOOKED_AT}


def conclusions(ground: Iterable[Quad], base: str = ID_BASE, *, folder: Path | None = None) -> Iterator[Triple]:
    """Run the rules over quads, whatever their graphs, and yield what they conclude, some of it more than once.

    `folder` is where what is too much for memory goes; without one, where the system keeps temporary files.
    """
    return _run(_scratch(ground, folder), base)


def _run(ground: AbstractContextManager[EmbeddedStore], base: str) -> Iterator[Triple]:
    """Run the rules in a store that may be written to."""
    with ground as scratch:
        for rule in rules():
            found = _concluded(rule, scratch, base)  # what is added meanwhile it does not see
            while part := list(islice(found, PART)):
                scratch.bulk_add(_quads(part))
                yield from part


@contextmanager
def _seen(store: EmbeddedStore, copies: set[Triple], graph: str, folder: Path) -> Iterator[EmbeddedStore]:
    """Give a store with what the rules see of another one: what it holds beside the derived graph, and the copies.

    Of a large store on disk that is a snapshot: to read each quad and write it again costs more than most rules do. In
    it a triple may stand in several graphs, so rules that count get every triple once, whatever that costs.
    """
    ground = _ground(store, copies, graph)
    few: list[Quad] = []
    if not any(rule.counts for rule in rules()):
        few = list(islice(ground, IN_MEMORY + 1))
        if len(few) > IN_MEMORY:
            del few, ground
            with TemporaryDirectory(dir=folder, prefix="pacta-", ignore_cleanup_errors=True) as where:
                store.backup(Path(where) / "snapshot")
                with open_store(Path(where) / "snapshot") as snapshot:
                    held = snapshot.quads(graph)
                    while part := list(islice(held, PART)):
                        snapshot.change(part, ())
                    snapshot.bulk_add(_quads(copies))
                    yield snapshot
            return
    with _scratch(chain(few, ground), folder) as scratch:
        yield scratch


def _ground(store: EmbeddedStore, copies: set[Triple], graph: str) -> Iterator[Quad]:
    """Yield what the rules see of a store: what they look at beside the derived graph, and the copies."""
    yield from (q for q in _relevant(store) if q.graph_name.value != graph)  # type: ignore[union-attr]
    yield from _quads(copies)


@contextmanager
def _scratch(ground: Iterable[Quad], folder: Path | None = None) -> Iterator[EmbeddedStore]:
    """Give a store that holds each triple once: in memory, or in a temporary folder where that is too much."""
    rest = (Quad(q.subject, q.predicate, q.object, _GROUND) for q in ground)
    small, count = open_store(), 0
    while part := list(islice(rest, PART)):
        small.bulk_add(part)
        count += len(part)
        if count > IN_MEMORY:
            break
    else:
        yield small
        return
    with (
        TemporaryDirectory(dir=folder, prefix="pacta-", ignore_cleanup_errors=True) as where,
        open_store(Path(where) / "scratch") as large,
    ):
        held = small.quads()
        while part := list(islice(held, PART)):
            large.bulk_add(part)
        del small, held  # their memory is what this is about
        while part := list(islice(rest, PART)):
            large.bulk_add(part)
        yield large


@contextmanager
def _folder(store: EmbeddedStore) -> Iterator[Path | None]:
    """Give a folder on the disk of a store that is gone afterwards, and where a process was killed before it began."""
    if store.path is None:
        yield None
        return
    folder = store.path / SCRATCH
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        yield folder
    except OSError as error:
        raise told(error, str(folder), "nothing could be derived") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put(store: EmbeddedStore, graph: str, triples: Iterable[str], folder: Path | None) -> int:
    """Make triples, written as in N-Triples, all that a graph holds; return how many these are."""
    count = 0
    gone: list[str] = []
    come: list[str] = []
    for line, in_new, in_old in _beside(store, graph, triples, folder):
        count += in_new
        if not (in_new and in_old):
            (come if in_new else gone).append(line)
        if len(gone) + len(come) >= AT_ONCE:
            store.change(_parsed(gone), _parsed(come))
            gone, come = [], []
    if count:
        store.change(_parsed(gone), _parsed(come))
    else:
        store.replace_graph(graph, ())
    store.settled()
    return count


def _beside(
    store: EmbeddedStore, graph: str, triples: Iterable[str], folder: Path | None
) -> Iterator[tuple[str, bool, bool]]:
    """Yield the lines of N-Quads that triples or a graph of a store have, sorted; whether they do, whether it does."""
    name = NamedNode(graph)
    new = ((line, True) for line in in_order((f"{t} {name} ." for t in triples), folder=folder))
    old = ((line, False) for line in in_order((f"{q} ." for q in store.quads(graph)), folder=folder))
    for line, where in groupby(heapq.merge(new, old), key=lambda pair: pair[0]):
        found = {is_new for _, is_new in where}
        yield line, True in found, False in found


def _lines(triples: Iterable[Triple]) -> Iterator[str]:
    return (f"{t.subject} {t.predicate} {t.object}" for t in triples)


def _parsed(lines: list[str]) -> list[Quad]:
    return list(ox.parse("\n".join(lines), format=RdfFormat.N_QUADS))


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


def _concluded(rule: Rule, store: EmbeddedStore, base: str) -> Iterator[Triple]:
    try:
        triples = store.construct(rule.over(base))
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
