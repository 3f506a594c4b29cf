"""Search over names, clauses, documents, incidents and words that were said; the index is made once a snapshot.

    found = search(site, "truce commission")
    found["actor"].hits[0].iri

Case, accents and marks do not count; every word of the query must be there, whole or as the beginning of a word. What
has a name is indexed when it is first searched; what was said is indexed behind that, the newest documents first, and
until it is done an answer says so. SQLite's full-text index (FTS5) holds it in memory.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextvars import copy_context
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice

from pyoxigraph import NamedNode

from pacta.errors import PactaError
from pacta.pages.lookup import Lookup
from pacta.pages.rendering import text_of
from pacta.pages.site import Site
from pacta.vocabulary import DCTERMS, PACTA, RDF, RDFS, P

log = logging.getLogger("pacta.pages")

KINDS: dict[str, tuple[str, str]] = {  # in the order of the page: the word for one, for many
    "actor": ("actor", "actors"),
    "agreement": ("agreement", "agreements"),
    "clause": ("clause", "clauses"),
    "place": ("place", "places"),
    "incident": ("incident", "incidents"),
    "statement": ("statement", "statements"),
    "document": ("document", "documents"),
}
SAID = ("incident", "statement", "document")
MOST = 1_000  # hits of one kind that are counted and can be paged through
PATIENCE = 1.5  # seconds that an answer waits for the index of what was said
_BATCH = 500
_MAX_WORDS = 8
_WORD = re.compile(r"[^\W_]+")
_BY_HAND = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ə": "a", "’": "'", "ʼ": "'"})

Entry = tuple[str, str, str, str]  # kind, IRI, name, words


@dataclass(frozen=True, slots=True)
class Hit:
    """One resource that was found, and the name by which it was ("" where it was found by its words)."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of one kind, best first; `more` where there are more than MOST."""

    kind: str
    hits: tuple[Hit, ...]
    more: bool = False


@dataclass(slots=True)
class Index:
    """Entries by kind. `names` are the folded names by first letter, for those who mistype one; `done` is set when all
    entries are in.
    """

    database: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:", check_same_thread=False))
    lock: threading.Lock = field(default_factory=threading.Lock)
    names: dict[str, set[str]] = field(default_factory=dict)
    done: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        for kind in KINDS:
            self.database.execute(f"CREATE TABLE {kind} (id INTEGER PRIMARY KEY, iri TEXT, name TEXT)")
            self.database.execute(
                f"CREATE VIRTUAL TABLE {kind}_words USING "
                "fts5(name, words, content='', tokenize='unicode61 remove_diacritics 0')"
            )

    def fill(self, entries: Iterator[Entry]) -> None:
        """Take all entries in, a batch at a time, so that others can search meanwhile."""
        while batch := list(islice(entries, _BATCH)):
            with self.lock:
                for entry in batch:
                    self._add(*entry)
        self.done.set()

    def _add(self, kind: str, iri: str, name: str, words: str) -> None:
        short = folded(name)
        row = self.database.execute(f"INSERT INTO {kind} (iri, name) VALUES (?, ?)", (iri, name)).lastrowid
        text = (row, short, folded(words))
        self.database.execute(f"INSERT INTO {kind}_words (rowid, name, words) VALUES (?, ?, ?)", text)
        if name and kind not in SAID:
            plain = " ".join(_WORD.findall(short))
            self.names.setdefault(plain[:1], set()).add(plain)

    def find(self, query: str, kind: str) -> Hits:
        """Return what is found of one kind: by how near the name is, else in the order of the entries."""
        asked = _match(query)
        if not asked:
            return Hits(kind, ())
        with self.lock:
            rows = self.database.execute(
                f"SELECT {kind}.iri, {kind}.name FROM {kind}_words JOIN {kind} ON {kind}.id = {kind}_words.rowid "
                f"WHERE {kind}_words MATCH ? ORDER BY {kind}_words.rowid LIMIT ?",
                (asked, MOST + 1),
            ).fetchall()
        if kind in SAID:  # in the order of the entries, the newest first
            return Hits(kind, tuple(Hit(iri, name) for iri, name in rows[:MOST]), len(rows) > MOST)
        whole = " ".join(_WORD.findall(folded(query)))
        best: dict[str, tuple[tuple[int, int, int], str]] = {}
        for at, (iri, name) in enumerate(rows[:MOST]):
            rank = (*_closeness(whole, folded(name)), at)
            if iri not in best or rank < best[iri][0]:
                best[iri] = (rank, name)
        ordered = sorted(best.items(), key=lambda row: row[1][0])
        return Hits(kind, tuple(Hit(iri, name) for iri, (_, name) in ordered), len(rows) > MOST)

    def listed(self, kind: str) -> list[str]:
        """Return all of one kind in the order of the entries."""
        with self.lock:
            rows = self.database.execute(f"SELECT iri FROM {kind} ORDER BY id").fetchall()
        return list(dict.fromkeys(iri for (iri,) in rows))

    def like(self, query: str) -> list[str]:
        """Return names that are written nearly like the query."""
        asked = " ".join(_WORD.findall(folded(query)))
        near = sorted(name for name in self.names.get(asked[:1], ()) if abs(len(name) - len(asked)) <= 3)
        return get_close_matches(asked, near, n=3, cutoff=0.75) if asked else []


def folded(text: str) -> str:
    """Return text without case, accents and marks.

    >>> folded("Bakı, Łódź, ÉCOLE")
    'baki, lodz, ecole'
    """
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_BY_HAND))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def search(site: Site, query: str, kinds: Iterable[str] = tuple(KINDS)) -> dict[str, Hits]:
    """Return what is found of each of these kinds; what was said is waited for, but not for long."""
    if any(kind in SAID for kind in kinds):
        index_for(site, SAID[0]).done.wait(PATIENCE)
    return {kind: index_for(site, kind).find(query, kind) for kind in kinds}


def listed(site: Site, kind: str) -> list[str]:
    """Return all of one kind: documents, statements and incidents newest first, everything else by its label."""
    if kind in SAID:
        index_for(site, kind).done.wait(PATIENCE)
        return index_for(site, kind).listed(kind)

    def by_label() -> list[str]:
        found = index_for(site, kind).listed(kind)
        return sorted(found, key=lambda iri: (folded(site.own_label(iri) or ""), iri))

    return site.cached(("listed", kind), by_label)


def index_for(site: Site, kind: str) -> Index:
    """Return the index that holds a kind; that of what was said may still be filling."""
    if kind in SAID:
        return site.cached("search-said", lambda: _said(site))
    return site.cached("search-names", lambda: _names(site))


def is_complete(site: Site, kinds: Iterable[str]) -> bool:
    """Tell whether all entries of these kinds are in."""
    return all(index_for(site, kind).done.is_set() for kind in kinds)


def _closeness(asked: str, name: str) -> tuple[int, int]:
    """Return how near a name is to what was asked, 0 for the same; then how long it is."""
    words = " ".join(_WORD.findall(name))
    if words == asked:
        return 0, 0
    return (1 if words.startswith(asked) else 2 if f" {asked}" in words else 3), len(words)


def _match(query: str) -> str:
    return " AND ".join(f'"{word}" *' for word in _WORD.findall(folded(query))[:_MAX_WORDS])


# --- what goes in -----------------------------------------------------------------------------------------------------
def _names(site: Site) -> Index:
    index = Index()
    index.fill(_named(site))
    return index


def _said(site: Site) -> Index:
    index = Index()

    def fill() -> None:
        try:
            index.fill(_reported(site))
        except PactaError as error:  # the store has gone: the server is stopping
            log.warning("the words that were said are not all indexed: %s", error)
            index.done.set()

    work = copy_context()  # the thread reads the snapshot of this request
    threading.Thread(target=work.run, args=(fill,), name="search-index", daemon=True).start()
    return index


def _named(site: Site) -> Iterator[Entry]:
    labels: defaultdict[str, set[str]] = defaultdict(set)
    for iri, label in _pairs(site, f"?one <{RDFS}label> ?two"):
        labels[iri].add(label)
    for iri, name in _pairs(site, "?one pacta:name/pacta:nameForm ?two"):
        labels[iri].add(name)
    look = Lookup(site.snapshot.store)
    for kind, classes in (("actor", _below(site, P.Actor)), ("agreement", [P.Agreement]), ("place", [P.Place])):
        for iri in sorted({each for cls in classes for each in look.into(RDF + "type", cls, 1_000_000)}):
            yield from ((kind, iri, name, "") for name in sorted(labels[iri] or {site.label(iri)}))
    for clause, _ in sorted(set(_pairs(site, "?one pacta:clauseOf ?two"))):
        texts = look.into(P.clauseTextOf, clause)
        words = [
            *look.all(clause, P.summary),
            *(site.label(topic) for topic in look.all(clause, P.provisionTopic)),
            *(words for text in texts for words in look.all(text, P.wording, P.variantPhrase)),
            *(label for above in look.path([clause], P.clauseOf) for label in sorted(labels[above])),
        ]
        yield "clause", clause, site.label(clause), " ".join(words)


def _reported(site: Site) -> Iterator[Entry]:
    """Yield documents with their statements and incidents, the newest documents first."""
    titles = dict(_pairs(site, f"?one <{DCTERMS}title> ?two"))
    outlets = dict(_pairs(site, "?one pacta:outlet ?two"))
    speakers = dict(_pairs(site, "?one pacta:speaker ?two"))
    rejected = dict(_pairs(site, "?one pacta:rejects ?proposition . ?proposition pacta:gloss ?two"))
    said = dict(_pairs(site, "?one pacta:attributes ?two"))
    quotes = dict(_pairs(site, "?one pacta:contentQuote ?two"))
    attributions: defaultdict[str, list[str]] = defaultdict(list)
    for attribution, document in _pairs(site, "?one pacta:inDocument ?two"):
        attributions[document].append(attribution)
    told: defaultdict[str, dict[str, None]] = defaultdict(dict)  # incident → words of its accounts
    for incident, words in _pairs(site, "?account pacta:accountOf ?one ; pacta:gloss ?two"):
        told[incident][words] = None
    for incident, kind in _pairs(site, "?account pacta:accountOf ?one ; pacta:incidentKind ?two"):
        told[incident][site.label(kind)] = None
    about = dict(_pairs(site, "?account pacta:accountOf ?two . ?one pacta:affirms|pacta:rejects ?account"))

    seen: set[str] = set()
    for document in newest_documents(site):
        yield (
            "document",
            document,
            titles.get(document, ""),
            site.label(outlets[document]) if document in outlets else "",
        )
        for attribution in sorted(attributions[document]):
            statement = said.get(attribution, "")
            if not statement or statement in seen:
                continue
            seen.add(statement)
            who = site.label(speakers[statement]) if statement in speakers else ""
            yield "statement", statement, "", f"{who} {quotes.get(attribution, '')} {rejected.get(statement, '')}"
            incident = about.get(statement, "")
            if incident and incident not in seen:
                seen.add(incident)
                yield "incident", incident, "", " ".join(told[incident])


def newest_documents(site: Site) -> list[str]:
    """Return all documents, the newest first, those without a date last."""

    def sort() -> list[str]:
        dated = dict(_pairs(site, "?one pacta:published ?two"))
        every = sorted({one for one, _ in _pairs(site, "?one a pacta:Document . BIND(1 AS ?two)")})
        return sorted(every, key=lambda document: dated.get(document, ""), reverse=True)

    return site.cached("newest-documents", sort)


def _below(site: Site, cls: str) -> list[str]:
    """Return a class and those below it."""
    found, row = {cls}, [cls]
    while row:
        row = [
            quad.subject.value
            for each in row
            for quad in site.knowledge.quads_for_pattern(None, NamedNode(RDFS + "subClassOf"), NamedNode(each), None)
            if isinstance(quad.subject, NamedNode) and quad.subject.value not in found
        ]
        found.update(row)
    return sorted(found)


def _pairs(site: Site, pattern: str) -> list[tuple[str, str]]:
    rows = site.ask(f"PREFIX pacta: <{PACTA}> SELECT ?one ?two WHERE {{ {pattern} }}").rows
    return [(text_of(one), text_of(two)) for one, two in rows]
