"""Where data go: standard output, or a file that is replaced whole."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from pacta.commands.options import STDIN
from pacta.errors import UsageError_


def write(data: bytes | str, output: Path | None) -> None:
    """Write `data` to the file `output`, or to standard output; a file is there whole or not at all."""
    write_parts([data.encode() if isinstance(data, str) else data], output)


def write_parts(parts: Iterable[bytes], output: Path | None) -> None:
    """Write bytes that come in parts as `write` does. Where making them fails, a file is left as it was."""
    if output is None or output == STDIN:
        try:
            for part in parts:
                sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  # so that the last flush has somewhere to go
            what = f"cannot write: {(error.strerror or str(error)).lower()}"
            raise UsageError_(what, "standard output", "make room, or name a file with -o") from error
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                for part in parts:
                    file.write(part)
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(output)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError_(
            f"cannot write: {(error.strerror or str(error)).lower()}", str(output), "name another file"
        ) from error


def is_terminal() -> bool:
    """Tell whether standard output is a terminal that shows colours and tables."""
    return sys.stdout.isatty()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
