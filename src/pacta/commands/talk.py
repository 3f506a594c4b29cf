"""What is said on standard error: notes, warnings, errors, the progress of a build. Standard output is for data."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from pacta.commands.options import is_quiet, is_verbose
from pacta.errors import PactaError


def say(message: str) -> None:
    """Say something that -q keeps quiet."""
    if not is_quiet():
        click.echo(message, err=True)


def complain(error: PactaError | str, remedy: str | None = None) -> None:
    """Print an error, with place and remedy, whatever the options."""
    if isinstance(error, str):
        error = PactaError(error, remedy=remedy)
    click.echo(f"{click.style('pacta: error:', fg='red', bold=True)} {error}", err=True)


@contextmanager
def progress(total_bytes: int, noun: str = "document") -> Iterator[Bar]:
    """Show a bar of documents done while standard error is a terminal; nothing else, and nothing under -q."""
    console = Console(stderr=True)
    left = (TextColumn("left"), TimeRemainingColumn()) if total_bytes else ()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), *left)
    with Progress(*columns, console=console, disable=is_quiet() or not console.is_terminal, transient=True) as bar:
        yield Bar(bar, total_bytes, noun)


class Bar:
    """The bar of one command."""

    def __init__(self, bar: Progress, total_bytes: int, noun: str) -> None:
        self._bar, self._noun = bar, noun
        self._task = bar.add_task(f"0 {noun}s", total=total_bytes or None)
        self._done = 0
        self._began = monotonic()

    def count(self, number: int) -> None:
        """Count so many of unknown length as done."""
        for _ in range(number):
            self.advance(0)

    def within(self, done: int, of: int) -> None:
        """Say how many paragraphs of a long document are parsed, and of how many."""
        noun = self._noun if self._done == 1 else f"{self._noun}s"
        self._bar.update(self._task, description=f"{self._done:,} {noun}, {done:,} of {of:,} paragraphs")

    def advance(self, length: int) -> None:
        """Count one document of `length` bytes as done."""
        self._done += 1
        noun = self._noun if self._done == 1 else f"{self._noun}s"
        rate = self._done / max(monotonic() - self._began, 0.001)
        self._bar.update(self._task, advance=length, description=f"{self._done:,} {noun}, {rate:,.1f}/s")


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        least = logging.ERROR if is_quiet() else logging.DEBUG if is_verbose() else logging.WARNING
        if record.levelno >= least:
            click.echo(f"pacta: {record.levelname.lower()}: {record.getMessage()}", err=True)


def listen() -> None:
    """Let log messages of the package come out as talk."""
    logger = logging.getLogger("pacta")
    if not any(isinstance(handler, _Handler) for handler in logger.handlers):
        logger.addHandler(_Handler())
    logger.setLevel(logging.DEBUG if is_verbose() else logging.WARNING)
