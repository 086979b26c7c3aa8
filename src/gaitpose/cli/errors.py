"""The one place where an error becomes one line on stderr and an exit code."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from gaitpose.errors import EXIT_CODE, GaitPoseError

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells expect it (128 + SIGINT)."""

DEBUG_FLAG = "--debug"


class OneLineErrors(TyperGroup):
    """Command group that prints a user's mistakes in one line; a bug keeps its traceback.

    ``--debug`` is understood anywhere on the line, and shows the traceback of every error.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take ``--debug`` out of the arguments, wherever it stands."""
        ctx.meta[DEBUG_FLAG] = DEBUG_FLAG in args
        return super().parse_args(ctx, [word for word in args if word != DEBUG_FLAG])

    def invoke(self, ctx: Any) -> Any:
        """Run the command; turn what it raises into one line and an exit code."""
        if ctx.meta[DEBUG_FLAG]:
            return super().invoke(ctx)
        try:
            return super().invoke(ctx)
        except GaitPoseError as error:
            return _stop(str(error), EXIT_CODE)
        except KeyboardInterrupt:
            return _stop("interrupted; nothing unfinished was left behind", INTERRUPTED)
        except BrokenPipeError:
            _silence_stdout()
            raise typer.Exit(1) from None
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            return _stop(f"{where}{error.strerror or error}", EXIT_CODE)


def _stop(message: str, code: int) -> None:
    line = " ".join(message.split())
    typer.echo(f"gaitpose: {line}", err=True)
    raise typer.Exit(code) from None


def _silence_stdout() -> None:
    """Let the interpreter flush stdout at exit without a second broken pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
