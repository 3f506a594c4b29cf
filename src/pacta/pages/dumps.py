"""Dumps: the whole dataset, one graph, a document, an agreement, an actor; sorted, so that the same data give the same
bytes, plain or as gzip, with their sha256.

    /data/all.nq.gz   /data/document/KEY.ttl   /data/agreement/ID.trig.gz   /data/actor/CODE.nt   …and each with .sha256

Made when first asked for and kept in the cache folder for as long as the snapshot is the newest. The whole dataset is
streamed while it is made; from then on it is a file, of which ranges can be had.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from pacta.errors import StoreError
from pacta.formats import by_name
from pacta.pages import releases
from pacta.pages.caching import http_date, not_modified
from pacta.pages.dumping import CHUNK, LICENCE, WHOLE, Dump, chunks, packed
from pacta.pages.responses import Problem, content_type, link_header, site_of
from pacta.pages.selection import OF, is_a
from pacta.pages.site import Site, sound
from pacta.vocabulary import P

FORMATS = tuple(by_name(name) for name in ("nquads", "trig", "turtle", "ntriples"))
KEPT = 2_000_000_000  # bytes of dumps in the cache folder
BUILDS = 2  # dumps that are made at once

_BY_SUFFIX = {row.suffix: row for row in FORMATS}
_CLASSES: dict[str, tuple[str, ...]] = {
    "document": (P.Document,),
    "agreement": (P.Agreement,),
    "actor": (P.State, P.Organ, P.ArmedFormation, P.DeFactoEntity, P.InternationalOrganization, P.MediaOutlet, P.Person,
              P.Actor),
}  # fmt: skip
_building = threading.BoundedSemaphore(BUILDS)


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
        return Dump(local, kind, iri, chosen, packed, site.label(iri))
    if iri and kind in OF and is_a(site.snapshot.store, iri, _CLASSES[kind]):
        return Dump(local, kind, iri, chosen, packed, site.label(iri))
    raise Problem(404, "there is no such dump", remedy="dumps are of documents, agreements, actors, graphs, and of all",
                  links=[("/data", "What there is")])  # fmt: skip


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
            for part in _parts(site, dump):
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


def _parts(site: Site, dump: Dump) -> Iterator[bytes]:
    """Yield the bytes of a dump: a small one made here, the whole by a process of its own, with the sums."""
    if dump.iri:
        parts = chunks(releases.source_of(site), dump)
        yield from packed(parts) if dump.packed else parts
        return
    with releases.ordered(site, dump) as (process, sums):
        assert process.stdout is not None
        while part := process.stdout.read(CHUNK):
            yield part
        if process.wait() != 0:
            raise StoreError("the dump could not be made", dump.name, "try again")
        site.cached("release", lambda: releases.keep(site, sums()))


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
