"""Compressed files (gzip, Zstandard) as streams of what they hold; what is wrong in them is an OSError with words.

A stream is read piece by piece, so a small file that unpacks to a huge one stops at the limit for one document.
"""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import Any, BinaryIO, cast

SUFFIXES = (".gz", ".zst")
_PIECE = 2048  # packed bytes that are unpacked at once: what they hold is no more than 64 MB


def inner(path: Path) -> Path:
    """Return the path without the suffix of its compression; the path itself where there is none."""
    return path.with_suffix("") if path.suffix.lower() in SUFFIXES else path


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading, unpacked where its suffix says that it is compressed."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        return path.open("rb")
    return cast(BinaryIO, io.BufferedReader(_Unpacked(_stream(path, suffix))))


def _stream(path: Path, suffix: str) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb") if suffix == ".gz" else _Zstandard(path))


class _Zstandard:
    """Reads a file of Zstandard frames piece by piece, and tells where the last one breaks off."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._frame: Any = None  # the one that is open
        self._packed = b""
        self._ready = memoryview(b"")

    def read(self, size: int) -> bytes:
        from zstandard import ZstdDecompressor

        while not self._ready:
            self._packed = self._packed or self._file.read(_PIECE)
            if not self._packed:
                if self._frame is not None:
                    raise EOFError
                return b""
            if self._frame is None:
                self._frame = ZstdDecompressor().decompressobj()
            self._ready = memoryview(self._frame.decompress(self._packed))
            self._packed = b""
            if self._frame.eof:
                self._packed, self._frame = self._frame.unused_data, None
        piece, self._ready = self._ready[:size], self._ready[size:]
        return bytes(piece)

    def close(self) -> None:
        self._file.close()


class _Unpacked(io.RawIOBase):
    """A stream whose faults are told in one way."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._read = getattr(stream, "read1", stream.read)  # not what comes after a break, so as to lose nothing before

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        try:
            piece = self._read(len(view))
        except EOFError:
            raise OSError("the compressed file breaks off") from None
        except (zlib.error, gzip.BadGzipFile) as error:
            raise OSError(f"the compressed file is damaged: {error}") from None
        except Exception as error:  # zstandard has an error of its own that is no OSError
            if type(error).__name__ != "ZstdError":
                raise
            raise OSError(f"the compressed file is damaged: {error}") from None
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()
