"""Options that several verbs share, each written once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from pacta.errors import StoreError, UsageError_
from pacta.formats import Format, by_name, by_suffix
from pacta.iris import Iris
from pacta.vocabulary import ID_BASE

F = TypeVar("F", bound=Callable[..., Any])
_QUIET, _VERBOSE = "pacta.quiet", "pacta.verbose"
STDIN = Path("-")


# --- talk -------------------------------------------------------------------------------------------------------------
def _flag(key: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    def remember(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value:
            ctx.meta[key] = True

    return remember


def is_quiet(ctx: click.Context | None = None) -> bool:
    """Tell whether -q was given."""
    return _given(_QUIET, ctx)


def is_verbose(ctx: click.Context | None = None) -> bool:
    """Tell whether -v was given."""
    return _given(_VERBOSE, ctx)


def _given(key: str, ctx: click.Context | None) -> bool:
    ctx = ctx or click.get_current_context(silent=True)
    return bool(ctx and ctx.meta.get(key))


def common(command: F) -> F:
    """Add -q and -v, on the group and on every verb."""
    quiet = click.option(
        "-q", "--quiet", is_flag=True, expose_value=False, callback=_flag(_QUIET), help="Print errors and data only."
    )
    verbose = click.option(
        "-v", "--verbose", is_flag=True, expose_value=False, callback=_flag(_VERBOSE),
        help="Say more, and print the traceback of an error.",
    )  # fmt: skip
    return quiet(verbose(command))


# --- in and out -------------------------------------------------------------------------------------------------------
path_argument = click.Path(path_type=Path, allow_dash=True)


def output_option(command: F) -> F:
    """Add -o."""
    return click.option("-o", "--output", type=path_argument, help="Write to this file (default: standard output).")(
        command
    )


def format_option(*names: str) -> Callable[[F], F]:
    """Add -f with the formats that a verb can write; the first is the default."""
    text = f"Output format: {', '.join(names)} (default: by the suffix of -o, else {names[0]})."
    return click.option("-f", "--format", "format_name", metavar="FORMAT", help=text)


def choose(name: str | None, output: Path | None, *, among: Iterable[str], default: str) -> Format:
    """Return the format that -f names, that the suffix of -o stands for, or the default, out of those that fit."""
    allowed = tuple(by_name(each) for each in among)
    if name:
        return by_name(name, among=allowed)
    if output is None or output == STDIN or not output.suffix:
        return by_name(default)
    found = by_suffix(output)
    if found not in allowed or found is None:
        fitting = ", ".join(each.name for each in allowed)
        raise UsageError_(
            f"the suffix {output.suffix} stands for no format that fits", str(output), f"give -f {fitting}"
        )
    return found


# --- stores -----------------------------------------------------------------------------------------------------------
def store_option(*, required: bool = False) -> Callable[[F], F]:
    """Add --store, which PACTA_STORE can stand for."""
    return click.option(
        "--store", "store_path", type=click.Path(path_type=Path), envvar="PACTA_STORE", show_envvar=True,
        required=required, metavar="DIR", help="Folder of the store.",
    )  # fmt: skip


def given_store(path: Path | None) -> Path:
    """Return the folder of a store that must be there."""
    if path is None:
        remedy = "give --store DIR, or set PACTA_STORE; pacta build SRC --store DIR makes one"
        raise StoreError("there is no store to work on", remedy=remedy)
    if not path.is_dir():
        raise StoreError("there is no store in this folder", str(path), f"make one: pacta build SRC --store {path}")
    return path


def _sound_base(ctx: click.Context, param: click.Parameter, value: str) -> str:
    try:
        return Iris(value).base
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from error


learned_options = (
    click.option("--encoder/--no-encoder", default=False, envvar="PACTA_ENCODER", show_envvar=True, show_default=True,
                 help="Read with the learned encoder too: more is found, several times slower."),
    click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, show_default=True, metavar="X",
                 help="Leave out attributions less sure than X (0 to 1)."),
)  # fmt: skip


def base_option(command: F) -> F:
    """Add --base, which PACTA_BASE can stand for."""
    return click.option(
        "--base", callback=_sound_base, default=ID_BASE, envvar="PACTA_BASE", show_default=True, metavar="IRI",
        help="What the IRIs of the data begin with.",
    )(command)  # fmt: skip
