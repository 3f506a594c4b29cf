"""The embedded store: pyoxigraph on disk or in memory, one named graph per record, graphs replaced whole."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TypeVar, cast

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple

from pacta.errors import DamagedStore, InputError, QuerySyntaxError_, StoreError
from pacta.formats import by_name, of_kind
from pacta.nesting import refuse_deep
from pacta.store import damage, mark
from pacta.store.results import Results, Term

TRANSACTION_LIMIT = 64 * 1024 * 1024  # bytes; a larger file is streamed in instead of loaded as one transaction

_RDF_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
}
_OUTDATED = "DERIVED_OUTDATED"  # an empty file of ours beside them: the derived graph is to be made anew
_MARKER = "CURRENT"  # a file that every RocksDB directory holds, once it is whole
_ENGINE_FILE = re.compile(r"CURRENT|IDENTITY|LOCK|MANIFEST-\d+|.*\.sst")
_ERROR_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_LINE = re.compile(r"line (\d+)")
_NOT_WRITTEN = "nothing could be written"
_Row = TypeVar("_Row", Quad, Triple)


def open_store(path: Path | str | None = None, *, read_only: bool = False) -> EmbeddedStore:
    """Open the store in the folder `path`, made where it is missing; without a path, a new one in memory.

    A read-only store sees what was there when it was opened and goes together with one writer elsewhere.
    """
    if path is None:
        return EmbeddedStore(Store(), None)
    folder = Path(path)
    _check_folder(folder, read_only=read_only)
    try:
        if read_only:
            return EmbeddedStore(Store.read_only(str(folder)), folder, read_only=True)
        folder.mkdir(parents=True, exist_ok=True)
        store = EmbeddedStore(Store(str(folder)), folder)
        mark.put(folder)
    except (RuntimeError, OSError) as error:
        fault = damage.told(error, str(folder), "the store cannot be opened")
        if isinstance(fault, DamagedStore):
            fault.remedy = "build in a new folder from the same documents; DIR/snapshots may hold an older state"
        raise fault from error
    return store


def _check_folder(folder: Path, *, read_only: bool) -> None:
    try:
        if folder.exists() and not folder.is_dir():
            raise StoreError("a store is a folder, this is a file", str(folder), "give the path of a folder")
        names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    except OSError as error:
        raise damage.told(error, str(folder), "the store cannot be opened") from error
    if names and not any(_ENGINE_FILE.fullmatch(name) for name in names):
        raise StoreError("the folder holds something else than a store", str(folder), "give a new or an empty folder")
    if _MARKER not in names and any(name.endswith(".sst") for name in names):
        raise damage.told(OSError(f"Corruption: there is no file {_MARKER}"), str(folder))
    if read_only and _MARKER not in names:
        raise StoreError("there is no store", str(folder), "make one with pacta build")
    mark.check(folder)


class EmbeddedStore:
    """One pyoxigraph store. Use it as a context manager, or `close()` it: that frees the lock on its folder."""

    def __init__(self, store: Store, path: Path | None, *, read_only: bool = False) -> None:
        self._open: Store | None = store
        self.path = path
        self.read_only = read_only
        self._outdated = False

    def __enter__(self) -> EmbeddedStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self.close()
        except StoreError:
            if error is None:  # else it tells the same again, of a disk that was full before
                raise

    def __len__(self) -> int:
        with self._told():
            return len(self._store)

    # --- reading ------------------------------------------------------------------------------------------------------
    def query(self, text: str) -> Results:
        """Run one SPARQL query over the union of all graphs; GRAPH still tells them apart."""
        try:
            answer = self._store.query(text, use_default_graph_as_union=True)
            if isinstance(answer, ox.QueryBoolean):
                return Results(boolean=bool(answer))
            if isinstance(answer, ox.QueryTriples):
                return Results(triples=tuple(answer))
            variables = tuple(variable.value for variable in answer.variables)
            return Results(variables, tuple(tuple(row) for row in answer))
        except SyntaxError as error:
            raise syntax_error(str(error)) from error
        except (RuntimeError, OSError, ValueError) as error:
            raise damage.told(error, self._where, "the query could not be run") from error

    def construct(self, text: str) -> Iterator[Triple] | None:
        """Yield what one CONSTRUCT or DESCRIBE makes of the union of all graphs, as it comes; None for other queries.

        What is written meanwhile the query does not see.
        """
        try:
            answer = self._store.query(text, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise syntax_error(str(error)) from error
        except (RuntimeError, OSError, ValueError) as error:
            raise damage.told(error, self._where, "the query could not be run") from error
        return self._guarded(answer) if isinstance(answer, ox.QueryTriples) else None

    def quads(self, graph: str | None = None) -> Iterator[Quad]:
        """Yield the quads of one graph, or of all."""
        name = None if graph is None else NamedNode(graph)
        return self._guarded(self._store.quads_for_pattern(None, None, None, name))

    def match(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that fit a pattern; None fits anything, as a graph all of them."""
        found = self._guarded(self._store.quads_for_pattern(subject, predicate, object_, graph))
        if isinstance(object_, Literal):  # pyoxigraph 0.5 on disk: asked for 255, it gives 256 to 510 as well
            return (quad for quad in found if quad.object == object_)
        return found

    def readable(
        self, predicate: NamedNode | None = None, graph: NamedNode | None = None, *, patience: int = 2000
    ) -> Iterator[Quad | StoreError]:
        """Yield the quads that fit, with an error in the place of each that a damaged store cannot give.

        Where so many errors follow each other, the rest of that index is lost.
        """
        found = self._store.quads_for_pattern(None, predicate, None, graph)
        errors = 0
        while errors < patience:
            try:
                yield next(found)
                errors = 0
            except StopIteration:
                return
            except (RuntimeError, OSError) as error:
                errors += 1
                yield damage.told(error, self._where, "the store cannot be read")

    def graph_names(self) -> tuple[str, ...]:
        """Return the IRIs of the named graphs, sorted."""
        with self._told():
            return tuple(sorted(name.value for name in self._store.named_graphs()))

    # --- writing ------------------------------------------------------------------------------------------------------
    def replace_graph(self, name: str, quads: Iterable[Quad]) -> None:
        """Make `quads` all that the graph `name` holds, in one transaction; no quads remove the graph."""
        fresh = tuple(quads)
        strangers = {str(q.graph_name) for q in fresh if q.graph_name != NamedNode(name)}
        if strangers:
            raise StoreError(f"quads of {', '.join(sorted(strangers))} among those of one graph", name)
        self.replace_graphs(fresh, names=(name,))

    def replace_graphs(self, quads: Iterable[Quad], *, names: Iterable[str] = ()) -> None:
        """Replace every graph that `quads` name, and empty those of `names` that they do not, in one transaction."""
        fresh: dict[NamedNode, set[Quad]] = {NamedNode(name): set() for name in names}
        for quad in quads:
            if not isinstance(quad.graph_name, NamedNode):
                raise StoreError(
                    f"a quad outside of named graphs: {quad}", remedy="give each quad the IRI of its graph"
                )
            fresh.setdefault(quad.graph_name, set()).add(quad)
        steps = [
            step for name, new in sorted(fresh.items(), key=lambda i: i[0].value) for step in self._steps(name, new)
        ]
        if steps:
            self._write(" ;\n".join(steps))

    def replace_record(self, nquads: bytes, *, names: Iterable[str] = ()) -> None:
        """Add the graphs that N-Quads hold, which are new but for those of `names`: these go, in one transaction."""
        refuse_deep(nquads, "nquads", "the record")
        gone = tuple(names)
        if gone:
            quads = cast(Iterable[Quad], ox.parse(nquads, format=RdfFormat.N_QUADS))
            self.replace_graphs(quads, names=gone)
            return
        try:
            self._writable().load(nquads, RdfFormat.N_QUADS)
        except (RuntimeError, OSError, SyntaxError) as error:
            raise damage.told(error, self._where, _NOT_WRITTEN) from error

    def remove_graph(self, name: str) -> None:
        """Remove one graph; one that is not there is no error."""
        self._write(f"DROP SILENT GRAPH {NamedNode(name)}")

    def clear(self) -> None:
        """Remove everything."""
        with self._told():
            self._writable().clear()

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads in one transaction."""
        try:
            self._writable().extend(quads)
        except (RuntimeError, OSError) as error:
            raise damage.told(error, self._where, _NOT_WRITTEN) from error

    def change(self, gone: Iterable[Quad], come: Iterable[Quad]) -> None:
        """Take quads of named graphs away and add others: in one transaction, but for those with blank nodes."""
        old, new = tuple(gone), tuple(come)
        for quad in filter(_has_blank, old):
            with self._told():
                self._writable().remove(quad)
        old = tuple(quad for quad in old if not _has_blank(quad))
        if not old:
            if new:
                self.add(new)
            return
        steps = [("DELETE", old), ("INSERT", new)]
        blocks = (
            f"{word} DATA {_block(name, [q for q in quads if q.graph_name == name])}"
            for word, quads in steps
            for name in sorted({cast(NamedNode, q.graph_name) for q in quads}, key=str)
        )
        self._write(" ;\n".join(blocks))

    def load(self, source: Path | bytes, format: str, graph: str | None = None) -> int:  # noqa: A002
        """Load RDF from a file or from bytes and return how many quads are new.

        `format` is a name in formats.py; `graph` is where triples without a graph go. A faulty file leaves the store
        as it was, unless it is larger than TRANSACTION_LIMIT.
        """
        kind = _RDF_FORMATS[by_name(format, among=of_kind("graph", "dataset")).name]
        store, before = self._writable(), len(self._store)
        where = str(source) if isinstance(source, Path) else "the given bytes"
        refuse_deep(source, by_name(format, among=of_kind("graph", "dataset")).name, where)
        target = None if graph is None else NamedNode(graph)
        try:
            if isinstance(source, bytes):
                store.load(io.BytesIO(source), kind, to_graph=target)
            elif source.stat().st_size > TRANSACTION_LIMIT:
                store.bulk_load(path=str(source), format=kind, to_graph=target)
            else:
                store.load(path=str(source), format=kind, to_graph=target)
        except SyntaxError as error:
            line = _LINE.search(str(error)) or re.search(r"(\d+):\d+", str(error))
            place = f"{where}:{error.lineno or (line[1] if line else 1)}"
            raise InputError(
                f"this is not {format}: {error.msg}", place, "mend the file, or name its format"
            ) from error
        except FileNotFoundError as error:
            raise StoreError("there is no such file", where, "check the path") from error
        except (RuntimeError, OSError, ValueError) as error:
            raise damage.told(error, where, "the file could not be loaded") from error
        return len(store) - before

    def bulk_add(self, quads: Iterable[Quad]) -> None:
        """Add very many quads fast, not as one transaction."""
        try:
            self._writable().bulk_extend(quads)
        except (RuntimeError, OSError) as error:
            raise damage.told(error, self._where, _NOT_WRITTEN) from error

    def optimize(self) -> None:
        """Compact the store after large loads."""
        with self._told():
            self._writable().optimize()

    def backup(self, folder: Path) -> None:
        """Write a snapshot of a store on disk into the new folder `folder` (hard links where it can)."""
        try:
            self._store.backup(str(folder))
        except (RuntimeError, OSError) as error:
            raise damage.told(error, str(folder), "no snapshot could be made") from error

    def flush(self) -> None:
        """Write to the tables what the engine holds in memory beside its log, and give that memory back."""
        with self._told():
            self._store.flush()

    def close(self) -> None:
        """Flush, and free the lock; whoever uses the store after that gets a StoreError."""
        store, self._open = self._open, None
        if store is not None and not self.read_only:
            try:
                store.flush()
            except (RuntimeError, OSError) as error:
                raise damage.told(error, self._where, "what was written could not be flushed to the disk") from error

    # --- inside -------------------------------------------------------------------------------------------------------
    @property
    def _store(self) -> Store:
        if self._open is None:
            raise StoreError("the store is closed", self._where, "open it again")
        return self._open

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Let what the engine or the disk says come out as an error that says what to do."""
        try:
            yield
        except (RuntimeError, OSError) as error:
            raise damage.told(error, self._where) from error

    def _guarded(self, found: Iterator[_Row]) -> Iterator[_Row]:
        """Yield what the engine finds; a block that it cannot read raises DamagedStore."""
        try:
            yield from found
        except (RuntimeError, OSError) as error:
            raise damage.told(error, self._where, "the store cannot be read") from error

    @property
    def _where(self) -> str:
        return "the store in memory" if self.path is None else str(self.path)

    # --- what was derived ---------------------------------------------------------------------------------------------
    @property
    def outdated(self) -> bool:
        """Tell whether something was written since the derived graph was last made, by this process or another."""
        told = self._outdated or (self.path is not None and (self.path / _OUTDATED).exists())
        return told or next(self._store.named_graphs(), None) is None

    def settled(self) -> None:
        """Note that the derived graph is made from all that the store holds now."""
        self._outdated = False
        if self.path is not None:
            with self._told():
                (self.path / _OUTDATED).unlink(missing_ok=True)

    def _writable(self) -> Store:
        """Return the store to write to, having noted first that the derived graph no longer follows from it."""
        if self.read_only:
            raise StoreError("the store was opened read-only", self._where, "open it for writing")
        if not self._outdated and self._open is not None:
            self._outdated = True
            if self.path is not None:
                try:
                    (self.path / _OUTDATED).touch()
                except OSError as error:
                    raise damage.told(error, self._where, _NOT_WRITTEN) from error
        return self._store

    def _write(self, update: str) -> None:
        try:
            self._writable().update(update)
        except (RuntimeError, OSError, SyntaxError) as error:
            raise damage.told(error, self._where, _NOT_WRITTEN) from error

    def _steps(self, name: NamedNode, new: set[Quad]) -> list[str]:
        """Return the updates that make `new` all of a graph: only what differs, or the whole where nodes are blank."""
        old = set(self.quads(name.value))
        if not new:
            return [f"DROP SILENT GRAPH {name}"]
        if any(_has_blank(quad) for quad in (*old, *new)):
            return [f"DROP SILENT GRAPH {name}", f"INSERT DATA {_block(name, new)}"]
        gone, come = old - new, new - old
        steps = [f"DELETE DATA {_block(name, gone)}"] if gone else []
        return [*steps, f"INSERT DATA {_block(name, come)}"] if come else steps


def syntax_error(message: str) -> QuerySyntaxError_:
    """Return the engine's message about a faulty query as an error with its place."""
    match = _ERROR_PLACE.search(message)
    where = f"line {match[1]}, column {match[2]}" if match else None
    what = " ".join((match[3] if match else message).split())
    if len(what) > 160:
        what = f"{what[:160]} …"
    return QuerySyntaxError_(f"this is not SPARQL 1.1: {what}", where, "mend the query at that place")


def _has_blank(quad: Quad) -> bool:
    return isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)


def _block(name: NamedNode, quads: Iterable[Quad]) -> str:
    lines = "\n".join(sorted(f"{q.subject} {q.predicate} {q.object} ." for q in quads))
    return f"{{ GRAPH {name} {{\n{lines}\n}} }}"
