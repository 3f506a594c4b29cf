"""Shards: validated records of many documents as N-Quads files named by their content, each with a manifest beside it.

    FOLDER/shards/3f2a….nq.zst      the records of one batch, sorted, compressed
    FOLDER/manifests/91bc….json     what became of each document of the batch, the run, and the sha256 of the shard

FOLDER is a path, or any URL that fsspec knows (s3://, hdfs:// …). Names are hashes of what the files hold, so that a
task that runs twice, on whatever machine, writes the same file again: nothing is lost and nothing is doubled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from pacta.errors import StoreError, TooLarge
from pacta.model import Run
from pacta.nesting import refuse_deep
from pacta.stage import Outcome

NAME_LENGTH = 32  # hex digits of a sha256 in a file's name
ACCEPTED, REFUSED, FAILED = "accepted", "refused", "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a manifest says of one document: `status` is accepted, refused (by its shapes) or failed; `why` in words."""

    key: str
    source_name: str
    record: str
    status: str
    why: str = ""

    @property
    def reason(self) -> str:
        """What became of it in one line: the first of `why`, or the status."""
        return self.why.splitlines()[0] if self.why else self.status


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one batch came to. `shard` names its file, None where nothing was accepted; `sha256` is of its N-Quads."""

    run: Run
    base: str
    entries: tuple[Entry, ...]
    shard: str | None
    sha256: str | None

    @property
    def name(self) -> str:
        """The path of its file within the folder."""
        return f"manifests/{sha256(self.to_json()).hexdigest()[:NAME_LENGTH]}.json"

    def to_json(self) -> bytes:
        """Return the manifest as JSON, the same bytes for the same batch."""
        run = {"version": self.run.version, "parser": self.run.parser_model, "knowledge": self.run.knowledge_hash}
        rows = [
            {"key": e.key, "source": e.source_name, "record": e.record, "status": e.status, "why": e.why}
            for e in self.entries
        ]
        found = {"run": run, "base": self.base, "shard": self.shard, "sha256": self.sha256, "documents": rows}
        return (json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


class Folder:
    """The folder of shards, on this machine or wherever fsspec reaches."""

    def __init__(self, url: str | Path) -> None:
        self.url = str(url)
        if "://" in self.url:
            try:
                import fsspec
            except ImportError:
                remedy = "install pacta[cluster], or give a path"
                raise StoreError("a URL of shards needs the package fsspec", self.url, remedy) from None
            self._fs, self._root = fsspec.core.url_to_fs(self.url)
        else:
            self._fs, self._root = None, self.url

    def write(self, outcomes: Sequence[Outcome], run: Run, base: str) -> Manifest:
        """Write the shard of one batch, then its manifest, which so never names what is not there; return that."""
        accepted = sorted((o for o in outcomes if o.accepted), key=lambda o: o.record)
        content = b"".join(outcome.nquads for outcome in accepted)
        digest = sha256(content).hexdigest() if accepted else None
        name = f"{digest[:NAME_LENGTH]}.nq.zst" if digest else None
        entries = tuple(sorted((_entry(outcome) for outcome in outcomes), key=lambda e: (e.key, e.source_name)))
        manifest = Manifest(run, base, entries, name, digest)
        if name:
            import zstandard

            self._put(f"shards/{name}", zstandard.ZstdCompressor(level=3).compress(content))
        self._put(manifest.name, manifest.to_json())
        return manifest

    def manifests(self) -> Iterator[Manifest]:
        """Yield the manifests of all batches, by name; one that is damaged raises StoreError."""
        for path in self._names("manifests"):
            if path.endswith(".json"):
                yield _parsed(self._get(path), f"{self.url}/{path}")

    def content(self, manifest: Manifest) -> bytes:
        """Return the N-Quads of a batch; raise StoreError where they are not those that the manifest names."""
        import zstandard

        path = f"shards/{manifest.shard}"
        remedy = f"remove {self.url}/{manifest.name} and that shard, and run pacta build --shards and pacta load again"
        try:
            content = zstandard.ZstdDecompressor().decompress(self._get(path, remedy), max_output_size=1 << 31)
        except zstandard.ZstdError as error:
            raise StoreError(f"the shard is damaged: {error}", f"{self.url}/{path}", remedy) from None
        if sha256(content).hexdigest() != manifest.sha256:
            raise StoreError("the shard is not the one its manifest names", f"{self.url}/{path}", remedy)
        try:
            refuse_deep(content, "nquads", path)
        except TooLarge as error:
            raise StoreError(
                f"the shard holds what no build writes: {error.what}", f"{self.url}/{path}", remedy
            ) from None
        return content

    # --- files --------------------------------------------------------------------------------------------------------
    def _put(self, path: str, content: bytes) -> None:
        """Write a file whole or not at all; one of the name is the same file."""
        target, part = f"{self._root}/{path}", f"{self._root}/{path}.{uuid4().hex}.part"
        try:
            if self._fs is None:
                Path(target).parent.mkdir(parents=True, exist_ok=True)
                try:
                    Path(part).write_bytes(content)
                    Path(part).replace(target)
                finally:
                    Path(part).unlink(missing_ok=True)
            elif not self._fs.exists(target):
                self._fs.makedirs(target.rpartition("/")[0], exist_ok=True)
                self._fs.pipe_file(part, content)
                self._fs.mv(part, target)
        except OSError as error:
            what = f"the shard cannot be written: {(error.strerror or str(error)).lower()}"
            remedy = "make room, or name a folder that may be written, and run the same command again: it goes on there"
            raise StoreError(what, f"{self.url}/{path}", remedy) from error

    def _get(self, path: str, remedy: str = "check the folder of shards") -> bytes:
        try:
            if self._fs is None:
                return Path(f"{self._root}/{path}").read_bytes()
            return bytes(self._fs.cat_file(f"{self._root}/{path}"))
        except OSError as error:
            what = f"cannot read: {(error.strerror or str(error)).lower()}"
            raise StoreError(what, f"{self.url}/{path}", remedy) from error

    def _names(self, folder: str) -> list[str]:
        try:
            if self._fs is None:
                found: Iterable[str] = (str(path) for path in Path(f"{self._root}/{folder}").iterdir())
            else:
                found = self._fs.ls(f"{self._root}/{folder}", detail=False)
            return sorted(f"{folder}/{name.rpartition('/')[2]}" for name in found)
        except FileNotFoundError:
            return []
        except OSError as error:
            what = f"the folder of shards cannot be read: {(error.strerror or str(error)).lower()}"
            raise StoreError(what, f"{self.url}/{folder}", "name another folder, or check who owns it") from error


def _entry(outcome: Outcome) -> Entry:
    if outcome.error is not None:
        return Entry(outcome.key, outcome.source_name, outcome.record, FAILED, str(outcome.error))
    if outcome.violations:
        return Entry(outcome.key, outcome.source_name, outcome.record, REFUSED, outcome.report)
    return Entry(outcome.key, outcome.source_name, outcome.record, ACCEPTED)


def _parsed(written: bytes, where: str) -> Manifest:
    try:
        found: dict[str, Any] = json.loads(written)
        run = Run(found["run"]["version"], found["run"]["parser"], found["run"]["knowledge"])
        entries = tuple(
            Entry(e["key"], e["source"], e["record"], e["status"], e.get("why", "")) for e in found["documents"]
        )
        return Manifest(run, found["base"], entries, found["shard"], found["sha256"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StoreError(f"this is no manifest of shards: {error!r}", where, "remove it, and build again") from None
