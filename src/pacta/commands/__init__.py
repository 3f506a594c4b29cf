"""The command line: one module per verb. A verb's module is loaded when it is called, so that `query` starts no parser.

Exit codes: 0 done, or it conforms; 1 done, and the answer is no (violations, findings, documents that failed); 2 could
not do it; 130 interrupted. Data go to standard output, talk goes to standard error, a traceback comes only with -v.
"""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from typing import Any, NoReturn

import click

from pacta import __version__
from pacta.commands.options import common, is_verbose
from pacta.commands.talk import complain
from pacta.errors import PactaError

VERBS = (
    "build", "convert", "annotate", "validate", "check", "load", "dump", "query", "show", "serve", "diff", "evaluate"
)  # fmt: skip
COULD_NOT, INTERRUPTED = 2, 130


class _Verbs(click.Group):
    """A group that finds its commands in the modules of this package, and turns errors into messages and codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command = import_module(f"pacta.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PactaError as error:
            complain(error)
            _explain(ctx)
        except (click.exceptions.Exit, click.ClickException):
            raise
        except (KeyboardInterrupt, click.Abort):
            click.echo("pacta: interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:  # the reader has had enough
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  # so that the last flush has somewhere to go
            ctx.exit(0)
        except Exception as error:
            complain(f"unexpected {type(error).__name__}: {error}", "run it again with -v and report what it prints")
            _explain(ctx)


def _explain(ctx: click.Context) -> NoReturn:
    if is_verbose(ctx):
        click.echo(traceback.format_exc(), err=True)
    ctx.exit(COULD_NOT)


@click.group(cls=_Verbs, name="pacta", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pacta")
@common
def main() -> None:
    """Read reports and agreement texts into a knowledge graph of who said what, who denies it, and which clause is at
    stake.

    Data go to standard output and talk to standard error. Exit codes: 0 done, or it conforms; 1 done, and the answer is
    no; 2 could not do it.
    """
