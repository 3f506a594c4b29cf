"""Dumps: the whole dataset, one graph, a document, an agreement, an actor; sorted, so that the same data give the same
bytes, plain or as gzip, with their sha256.

    /data/all.nq.gz   /data/document/KEY.ttl   /data/agreement/ID.trig.gz   /data/actor/CODE.nt   …and each with .sha256

Made when first asked for and kept in the cache folder for as long as the snapshot is the newest. The whole dataset is
streamed while it is made; from then on it is a file, of which ranges can be had.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from pacta.exports import graph_to
from pacta.formats import Format, by_name
from pacta.pages import releases
from pacta.pages.caching import http_date, not_modified
from pacta.pages.responses import Problem, content_type, link_header, site_of
from pacta.pages.selection import OF, graph_names, is_a, of_graph
from pacta.pages.site import Site, sound
from pacta.vocabulary import DCTERMS, PACTA, PROV, RDF, P

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
RIGHTS = "The graph is under CC BY 4.0. The words that it quotes belong to their authors and publishers."
FORMATS = tuple(by_name(name) for name in ("nquads", "trig", "turtle", "ntriples"))
WHOLE = ("nquads", "trig")  # what the whole dataset comes as: graph by graph, so that it can be streamed
SUBJECTS = 1_000  # in one block of Turtle
KEPT = 2_000_000_000  # bytes of dumps in the cache folder
BUILDS = 2  # dumps that are made at once
CHUNK = 65_536

_BY_SUFFIX = {row.suffix: row for row in FORMATS}
_CLASSES: dict[str, tuple[str, ...]] = {
    "document": (P.Document,),
    "agreement": (P.Agreement,),
    "actor": (P.State, P.Organ, P.ArmedFormation, P.DeFactoEntity, P.InternationalOrganization, P.MediaOutlet, P.Person,
              P.Actor),
}  # fmt: skip
_building = threading.BoundedSemaphore(BUILDS)


@dataclass(frozen=True, slots=True)
class Dump:
    """One dump: its path below /data/ without suffixes, its IRI ("" for the whole), format, packed or not."""

    path: str
    kind: str
    iri: str
    format: Format
    packed: bool

    @property
    def name(self) -> str:
        """The path with its suffixes."""
        return f"{self.path}{self.format.suffix}{'.gz' if self.packed else ''}"


@dataclass(frozen=True, slots=True)
class Made:
    """A dump that lies in the cache folder."""

    file: Path
    sha256: str


async def page(request: Request) -> Response:
    """Answer /data/…: a dump, or the sha256 of one."""
    site = site_of(request)
    path = request.path_params["path"]
    wanted = path.removesuffix(".sha256")
    dump = await site.call(_dump, site, wanted)
    if wanted != path:
        made = await site.call(make, site, dump)
        return Response(f"{made.sha256}  {dump.name.rpartition('/')[2]}\n", media_type="text/plain")
    headers = {
        "Content-Type": "application/gzip" if dump.packed else content_type(dump.format),
        "Content-Disposition": f'attachment; filename="pacta-{dump.name.replace("/", "-")}"',
        "Link": link_header(
            [(f"{site.settings.url}/data#dataset", {"rel": "describedby"}), (LICENCE, {"rel": "license"})]
        ),
        "Cache-Control": "no-cache",
    }
    head = request.scope.get("pacta.head", False)
    if not dump.iri and found(site, dump) is None:
        if head:
            return Response(headers={**headers, "Accept-Ranges": "none"})
        stream = site.here(_teed(site, dump))
        return StreamingResponse(stream, headers={**headers, "Accept-Ranges": "none", "Last-Modified": _modified(site)})
    made = await site.call(make, site, dump)
    digest = base64.b64encode(bytes.fromhex(made.sha256)).decode()
    headers |= {
        "ETag": f'"{made.sha256[:32]}"',
        "Last-Modified": _modified(site),
        "Repr-Digest": f"sha-256=:{digest}:",
        "Accept-Ranges": "bytes",
    }
    if not_modified(request.headers, [headers["ETag"]], site.snapshot.modified):
        return Response(status_code=304, headers={n: v for n, v in headers.items() if not n.startswith("Content-")})
    if head:
        return Response(headers={**headers, "Content-Length": str(made.file.stat().st_size)})
    return FileResponse(made.file, headers=headers)


def _modified(site: Site) -> str:
    return http_date(site.snapshot.modified)


# --- which ------------------------------------------------------------------------------------------------------------
def _dump(site: Site, path: str) -> Dump:
    """Return the dump of a path below /data/, or raise the Problem 404 that says what there is."""
    stem, packed = path.removesuffix(".gz"), path.endswith(".gz")
    local, dot, suffix = stem.rpartition(".")
    chosen = _BY_SUFFIX.get(dot + suffix)
    if chosen is None or not local:
        kinds = ", ".join(_BY_SUFFIX)
        raise Problem(404, "there is no such dump", remedy=f"end the path with one of {kinds}, and .gz if you like",
                      links=[("/data", "What there is")])  # fmt: skip
    kind, slash, rest = local.partition("/")
    if local == "all":
        if chosen.name not in WHOLE:
            kinds = ", ".join(by_name(name).suffix for name in WHOLE)
            raise Problem(404, "the whole dataset comes with its graphs", remedy=f"take one of {kinds}",
                          links=[("/data/all.nq.gz", "The whole dataset")])  # fmt: skip
        return Dump(local, "all", "", chosen, packed)
    iri = sound(site.settings.base + local) if slash and rest else None
    if (
        iri
        and kind == "graph"
        and site.snapshot.store.contains_named_graph(NamedNode(iri))
        and "graph/text/" not in iri
    ):
        return Dump(local, kind, iri, chosen, packed)
    if iri and kind in OF and is_a(site.snapshot.store, iri, _CLASSES[kind]):
        return Dump(local, kind, iri, chosen, packed)
    raise Problem(404, "there is no such dump", remedy="there are dumps of documents, agreements, actors, graphs, and of all",
                  links=[("/data", "What there is")])  # fmt: skip


def about(site: Site, dump: Dump) -> list[Quad]:
    """Return what a dump says of itself: licence, rights, and the dataset that it was taken from."""
    name = f"{site.settings.url}/data/{dump.path}"
    node, graph = NamedNode(name), NamedNode(f"{name}#about")
    whole = f"{site.settings.url}/data#dataset"
    facts: list[tuple[str, NamedNode | Literal]] = [
        (RDF + "type", NamedNode("http://rdfs.org/ns/void#Dataset")),
        (
            DCTERMS + "title",
            Literal(f"Pacta: {site.label(dump.iri) if dump.iri else 'the whole dataset'}", language="en"),
        ),
        (DCTERMS + "license", NamedNode(LICENCE)),
        (DCTERMS + "rights", Literal(RIGHTS, language="en")),
        (PROV + "wasDerivedFrom", NamedNode(whole)),
        (DCTERMS + "conformsTo", NamedNode(PACTA.rstrip("#"))),
    ]
    if dump.iri:
        facts.append((DCTERMS + "subject", NamedNode(dump.iri)))
    return [Quad(node, NamedNode(predicate), value, graph) for predicate, value in facts]


# --- bytes ------------------------------------------------------------------------------------------------------------
def chunks(site: Site, dump: Dump) -> Iterator[bytes]:
    """Yield the bytes of a dump before packing; the whole dataset graph by graph, and its release is kept."""
    store = site.snapshot.store
    yield from _written(_flat(about(site, dump), dump.format), dump.format, site)
    if dump.iri:
        quads = of_graph(store, dump.iri) if dump.kind == "graph" else OF[dump.kind](store, site.iris, dump.iri)
        yield from _written(_flat(quads, dump.format), dump.format, site)
        return
    sums: dict[str, tuple[str, int]] = {}
    for name in graph_names(store, site.iris):
        whole, number = hashlib.sha256(), [0]

        def counted(lines: Iterable[str], whole: hashlib._Hash = whole, number: list[int] = number) -> Iterator[str]:
            for line in lines:
                whole.update(f"{line}\n".encode())
                number[0] += 1
                yield line

        yield from _written(counted(releases.lines_of(of_graph(store, name))), dump.format, site)
        sums[name] = (whole.hexdigest(), number[0])
    site.cached("release", lambda: releases.keep(site, sums))


def _flat(quads: Iterable[Quad], format: Format) -> Iterator[str]:  # noqa: A002
    """Yield sorted lines: triples for a format of graphs, quads for one of datasets."""
    if format.kind == "graph":
        return releases.lines_of(Quad(q.subject, q.predicate, q.object) for q in quads)
    return releases.lines_of(quads)


def _written(lines: Iterable[str], format: Format, site: Site) -> Iterator[bytes]:  # noqa: A002
    """Yield sorted lines in a format. Blocks of Turtle each have their own head, which is allowed, and read alike."""
    if format.name in ("nquads", "ntriples"):
        rest = iter(lines)
        while part := list(islice(rest, 2_000)):
            yield ("\n".join(part) + "\n").encode()
        return
    for block in _blocks(lines):
        quads = list(ox.parse("\n".join(block), format=RdfFormat.N_QUADS))
        yield graph_to(quads, format.name, base=site.settings.base) + b"\n"


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield lines in blocks of whole subjects."""
    block: list[str] = []
    subject, subjects = "", 0
    for line in lines:
        own = line.partition(" ")[0]
        if own != subject:
            subject, subjects = own, subjects + 1
            if subjects > SUBJECTS:
                yield block
                block, subjects = [], 1
        block.append(line)
    if block:
        yield block


def packed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield bytes as one gzip stream without name or time in it: the same bytes pack alike."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0) as file:
        for part in parts:
            file.write(part)
            if out.tell() > CHUNK:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
    yield out.getvalue()


# --- the cache folder -------------------------------------------------------------------------------------------------
def found(site: Site, dump: Dump) -> Made | None:
    """Return a dump that was made on this snapshot."""
    file = _place(site, dump)
    with suppress(OSError, ValueError, KeyError):
        told = json.loads(file.with_name(f"{file.name}.json").read_text(encoding="utf-8"))
        if file.stat().st_size == told["size"]:
            return Made(file, told["sha256"])
    return None


def make(site: Site, dump: Dump) -> Made:
    """Return a dump, made now where it is not there yet; raise the Problem 503 while too many others are being made."""
    if made := found(site, dump):
        return made
    for _ in _teed(site, dump):
        pass
    made = found(site, dump)
    if made is None:
        raise Problem(503, "the dump could not be kept", remedy="try again later", headers={"Retry-After": "60"})
    return made


def _teed(site: Site, dump: Dump) -> Iterator[bytes]:
    """Yield the bytes of a dump while they are written to the cache folder; what is not finished is removed."""
    if not _building.acquire(timeout=5):
        raise Problem(503, "other dumps are being made", remedy="try again soon", headers={"Retry-After": "30"})
    file = _place(site, dump)
    unfinished = file.with_name(f".{file.name}.{threading.get_ident()}.part")
    whole, size = hashlib.sha256(), 0
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as out:
            parts = chunks(site, dump)
            for part in packed(parts) if dump.packed else parts:
                out.write(part)
                whole.update(part)
                size += len(part)
                yield part
        told = {"sha256": whole.hexdigest(), "size": size, "path": dump.name}
        file.with_name(f"{file.name}.json").write_text(json.dumps(told), encoding="utf-8")
        unfinished.replace(file)
        _tidy(site)
    finally:
        unfinished.unlink(missing_ok=True)
        _building.release()


def _place(site: Site, dump: Dump) -> Path:
    mark = hashlib.sha256(f"{site.settings.url}\n{site.settings.base}\n{dump.name}".encode()).hexdigest()[:24]
    return site.cache / "dumps" / site.snapshot.id / mark


def _tidy(site: Site) -> None:
    """Remove the dumps of older snapshots but one, and the oldest files where all of them take too much room."""
    home, own = site.cache / "dumps", site.snapshot.id
    others = sorted((each for each in home.iterdir() if each.name != own), key=lambda each: each.stat().st_mtime)
    for folder in others[:-1]:
        shutil.rmtree(folder, ignore_errors=True)
    files = [each for each in home.rglob("*") if each.is_file() and each.suffix not in (".json", ".part")]
    size = sum(each.stat().st_size for each in files)
    for file in sorted(files, key=lambda each: each.stat().st_mtime):
        if size <= KEPT:
            return
        size -= file.stat().st_size
        file.unlink(missing_ok=True)
