"""The site: what every page asks. Settings, the snapshot of the store that a request sees, questions, labels, links.

    site = Site(Settings(store=Path("build/store")))
    site.rows("agreements/list")                              # a question of the catalogue
    site.rows("newest", {"n": 5})                             # pages/queries/newest.rq, a page's own query
    site.label("https://w3id.org/pacta/id/actor/osce")        # "OSCE"
    site.href("https://w3id.org/pacta/id/actor/osce")         # "/id/actor/osce"

All of it reads one snapshot for the whole of a request, whatever is built meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import quote

from pyoxigraph import NamedNode, Store

from pacta import queries
from pacta.errors import KnowledgeError
from pacta.exports.turtle import compact
from pacta.iris import Iris
from pacta.pages import knowledge, views
from pacta.pages.endpoint.limits import Limits
from pacta.pages.endpoint.snapshots import Snapshot, Snapshots
from pacta.queries import Given, Query
from pacta.store import EmbeddedStore, Results, Term
from pacta.vocabulary import ID_BASE, LEXICON, PACTA, QUERY, RDF, RDFS, RULE, SHAPES, VOCAB

T = TypeVar("T")
Args = ParamSpec("Args")
log = logging.getLogger("pacta.pages")

# Where on this server the IRIs of a namespace are shown. The data base goes to /id/ and is a setting.
PLACES: tuple[tuple[str, str], ...] = (
    (PACTA, "/ontology/"),
    (PACTA.rstrip("#") + "/", "/ontology/"),
    (VOCAB, "/vocab/"),
    (SHAPES, "/shapes/"),
    (SHAPES.rstrip("#") + "/", "/shapes/"),
    (LEXICON, "/lexicon/"),
    (RULE, "/rule/"),
    (QUERY, "/query/"),
)
_WHOLE = {PACTA.rstrip("#"): "/ontology", SHAPES.rstrip("#"): "/shapes"}
_SAFE = "/:@!$&'()*+,;=-._~"  # what a path holds as it is (RFC 3986)
_TYPE, _SUBCLASS = NamedNode(RDF + "type"), NamedNode(RDFS + "subClassOf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a store is published. `url` is the address that visitors see; limits are in bytes, rows and seconds."""

    store: Path
    base: str = ID_BASE
    url: str = "http://localhost:8000"
    cache: Path | None = None  # folder for dumps; None: a temporary one that goes with the server
    max_url: int = 8_000
    max_body: int = 1_000_000
    page_rows: int = 200  # of what points at a resource, in one description
    memory: int = 64_000_000  # for finished pages
    threads: int = 8
    warm: bool = False  # whether a server computes what pages need once a snapshot before somebody asks
    limits: Limits = field(default_factory=Limits)  # of the SPARQL endpoint

    @property
    def max_rows(self) -> int:
        """Rows of one answer to a question."""
        return self.limits.max_rows


@dataclass(slots=True)
class _Memo:
    """What was computed once on one snapshot."""

    values: dict[object, Any] = field(default_factory=dict)
    locks: dict[object, threading.Lock] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_pinned: ContextVar[Snapshot | None] = ContextVar("snapshot", default=None)


class Site:
    """One published store. Cheap to make: nothing is read before it is asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.iris = Iris(settings.base)
        self.snapshots = Snapshots(settings.store)
        self.threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="pages")
        self.closing: list[Callable[[], None]] = []  # what ends with the server
        self._slow = ThreadPoolExecutor(1, thread_name_prefix="slow")
        self._memos: dict[str, _Memo] = {}
        self._temporary: list[weakref.finalize[..., Site]] = []  # what removes the temporary cache
        self._knowledge_memo = _Memo()
        self._memos_lock = threading.Lock()

    # --- the snapshot of this request ---------------------------------------------------------------------------------
    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that this request was given, or the newest one outside of a request."""
        return _pinned.get() or self.snapshots.current()

    @contextmanager
    def pinned(self) -> Iterator[Snapshot]:
        """Keep to one snapshot until the block ends, also in threads that `call` starts."""
        token = _pinned.set(self.snapshots.current())
        try:
            yield self.snapshot
        finally:
            _pinned.reset(token)

    @property
    def store(self) -> EmbeddedStore:
        """The store of the snapshot behind the project's own interface."""
        return EmbeddedStore(self.snapshot.store, self.settings.store, read_only=True)

    def close(self) -> None:
        for end in tuple(self.closing):
            end()
        self.threads.shutdown(wait=False, cancel_futures=True)
        self._slow.shutdown(wait=False, cancel_futures=True)
        self.snapshots.close()
        for remove in self._temporary:
            remove()

    # --- questions ----------------------------------------------------------------------------------------------------
    @cached_property
    def catalogue(self) -> dict[str, Query]:
        """All questions by name."""
        return queries.catalogue()

    def ask(self, question: str, values: Mapping[str, Given] | None = None) -> Results:
        """Ask a question: TOPIC/NAME of the catalogue, the NAME of a query in pages/queries, or SPARQL itself."""
        return self.store.query(self.query(question).bind(values))

    def query(self, question: str) -> Query:
        """Return a question by its name, or SPARQL text as a question."""
        if any(sign in question for sign in "{\n "):
            return _from_text(question)
        return queries.get(question) if "/" in question else page_query(question)

    def rows(self, question: str, values: Mapping[str, Given] | None = None) -> list[dict[str, Term | None]]:
        """Return the rows of a SELECT, each from column to term; an unbound cell is None."""
        return self.ask(question, values).dicts()

    async def call(self, function: Callable[Args, T], *args: Args.args, **kwargs: Args.kwargs) -> T:
        """Run a function in the site's threads, on the snapshot of this request."""
        context = copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, lambda: context.run(function, *args, **kwargs))

    def later(self, function: Callable[Args, T], *args: Args.args, **kwargs: Args.kwargs) -> Future[T]:
        """Begin a function that takes long, on the snapshot of this request; one after the other."""
        context = copy_context()
        return self._slow.submit(lambda: context.run(function, *args, **kwargs))

    def here(self, parts: Iterator[T]) -> Iterator[T]:
        """Go through an iterator on the snapshot of this request, in whatever threads it is pulled."""
        context = copy_context()
        end = object()
        while (part := context.run(next, parts, end)) is not end:
            yield cast("T", part)

    @cached_property
    def cache(self) -> Path:
        """The folder for dumps and releases, made where it is missing; a temporary one where none can be made."""
        if self.settings.cache is not None:
            try:
                self.settings.cache.mkdir(parents=True, exist_ok=True)
                (self.settings.cache / ".writable").touch()
                return self.settings.cache
            except OSError:
                log.warning("nothing can be kept in %s: dumps and releases go with the server", self.settings.cache)
        # A thread that outlasts the server may be the first to ask: what it makes goes with the site, at the latest.
        folder = tempfile.mkdtemp(prefix="pacta-")
        self._temporary.append(weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True))
        return Path(folder)

    def cached(self, key: object, function: Callable[[], T]) -> T:
        """Return what `function` gives, computed once on each snapshot; for what needs a walk over the whole store."""
        return self._remembered(self._memo(), key, function)

    @staticmethod
    def _remembered(memo: _Memo, key: object, function: Callable[[], T]) -> T:
        if key not in memo.values:
            with memo.lock:
                lock = memo.locks.setdefault(key, threading.Lock())
            with lock:
                if key not in memo.values:
                    memo.values[key] = function()
        return cast("T", memo.values[key])

    def _memo(self) -> _Memo:
        name = self.snapshot.id
        with self._memos_lock:
            if name not in self._memos:
                while len(self._memos) > 1:  # the one before may still serve requests
                    del self._memos[next(iter(self._memos))]
                self._memos[name] = _Memo()
            return self._memos[name]

    # --- what IRIs are called and where they are shown ----------------------------------------------------------------
    @cached_property
    def knowledge(self) -> Store:
        """Ontology, vocabularies, shapes, rules, questions and lexicon, in memory."""
        return knowledge.load()

    def once(self, key: object, function: Callable[[], T]) -> T:
        """Return what `function` gives, computed once: for what depends on the knowledge and not on the data."""
        return self._remembered(self._knowledge_memo, key, function)

    def label(self, iri: str) -> str:
        """Return what people call a resource, in English where it has such a label; without any, its short IRI."""
        return self.own_label(iri) or compact(iri, self.settings.base)

    def own_label(self, iri: str) -> str | None:
        """Return the label of a resource, or None where it has none."""
        labels: dict[str, str | None] = self.cached("labels", dict)
        if iri not in labels:
            if len(labels) > 100_000:
                labels.clear()
            stores = (
                (self.snapshot.store, self.knowledge) if self.is_data(iri) else (self.knowledge, self.snapshot.store)
            )
            labels[iri] = knowledge.label_of(stores[0], iri) or knowledge.label_of(stores[1], iri)
        return labels[iri]

    def is_data(self, iri: str) -> bool:
        """Tell whether an IRI is one of the data, not of the ontology or of others."""
        return iri.startswith(self.settings.base)

    def href(self, iri: str) -> str:
        """Return the path on this server where a resource is shown; the IRI itself where it is not one of ours."""
        body, mark, fragment = iri.partition("#")
        if iri.startswith(self.settings.base):
            local = "/id/" + quote(iri.removeprefix(self.settings.base).partition("#")[0], safe=_SAFE)
            return (
                local + mark + quote(fragment, safe=_SAFE + "?")
                if mark and not self.settings.base.endswith("#")
                else local
            )
        if not mark and body in _WHOLE:
            return _WHOLE[body]
        for namespace, place in PLACES:
            if iri.startswith(namespace):
                return place + quote(iri.removeprefix(namespace), safe=_SAFE)
        return iri

    def url(self, iri: str) -> str:
        """Return the full address of what `href` gives."""
        path = self.href(iri)
        return self.settings.url.rstrip("/") + path if path.startswith("/") else path

    @staticmethod
    def quoted(text: str) -> str:
        """Return text as one value of a query string."""
        return quote(text, safe="")

    def absolute(self, iri: str) -> str:
        """Return an IRI as a URI that any header can hold."""
        return quote(iri, safe=_SAFE + "#?%[]")

    def iri(self, path: str) -> str | None:
        """Return the IRI of the data that a decoded path below /id/ stands for; None for one that can be no IRI."""
        return sound(self.settings.base + path)

    def types(self, iri: str) -> tuple[str, ...]:
        """Return the classes of a resource as the data or the ontology name them, sorted."""
        node = NamedNode(iri)
        return tuple(
            sorted(
                {
                    quad.object.value
                    for store in (self.snapshot.store, self.knowledge)
                    for quad in store.quads_for_pattern(node, _TYPE, None, None)
                    if isinstance(quad.object, NamedNode)
                }
            )
        )

    def kind(self, iri: str) -> str:
        """Return the class of a resource by which it is shown: one with a page of its own where there is such a one."""
        types = self.types(iri)
        for each in types:
            if self._shown_as(each):
                return each
        return types[0] if types else ""

    def view_of(self, iri: str) -> str | None:
        """Return the view ("module:function") that shows a resource, or None for the general one."""
        for each in self.types(iri):
            if found := self._shown_as(each):
                return found
        return None

    def _shown_as(self, cls: str) -> str | None:
        """Return the view of a class, or of the nearest class above it."""
        seen, row = set(), [cls]
        while row:
            for each in row:
                if each in views.VIEWS:
                    return views.VIEWS[each]
            seen.update(row)
            row = sorted(
                {
                    quad.object.value
                    for each in row
                    for quad in self.knowledge.quads_for_pattern(NamedNode(each), _SUBCLASS, None, None)
                    if isinstance(quad.object, NamedNode)
                }
                - seen
            )
        return None


@lru_cache(maxsize=256)
def page_query(name: str) -> Query:
    """Return a page's own query, pages/queries/NAME.rq; it may declare parameters in its `#+` header."""
    file = Path(__file__).parent / "queries" / f"{name}.rq"
    if not file.is_file():
        raise KnowledgeError(f"there is no page query {name!r}", str(file), "write the file, or mend the name")
    return queries.from_text(file.read_text(encoding="utf-8"), str(file))


@lru_cache(maxsize=256)
def _from_text(text: str) -> Query:
    return queries.from_text(text)


def sound(iri: str) -> str | None:
    """Return an IRI that any store and format can hold, or None."""
    if not iri.isprintable() or len(iri) > 2_000 or any(sign in iri for sign in '<>"{}|^`\\ '):
        return None
    try:
        iri.encode("utf-8")
        return NamedNode(iri).value
    except (UnicodeEncodeError, ValueError):
        return None
