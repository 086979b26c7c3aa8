"""The command ``gaitpose``: gathers the commands, each of which has a file of its own."""

from __future__ import annotations

from typing import Annotated

import typer

import gaitpose
from gaitpose.cli import (
    analyze,
    compare,
    demo,
    evaluate,
    export,
    info,
    quantize,
    record,
    refine,
    synth,
    train,
)
from gaitpose.cli.errors import DEBUG_FLAG, OneLineErrors

app = typer.Typer(
    name="gaitpose",
    cls=OneLineErrors,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Research software, not a medical device.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gaitpose {gaitpose.__version__}")
        raise typer.Exit


@app.callback()
def _gaitpose(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print version."),
    ] = False,
    debug: Annotated[
        bool, typer.Option(DEBUG_FLAG, help="Show the traceback of an error (works anywhere).")
    ] = False,
) -> None:
    """From an ordinary video of a person walking to a gait report, on your own machine."""


app.command("analyze")(analyze.analyze)
app.command("demo")(demo.demo)
app.command("compare")(compare.compare)
app.add_typer(refine.app, name="refine")
app.command("record")(record.record)
app.command("info")(info.info)
app.command("synth", rich_help_panel="Networks")(synth.synth)
app.command("train", rich_help_panel="Networks")(train.train)
app.command("evaluate", rich_help_panel="Networks")(evaluate.evaluate)
app.command("export", rich_help_panel="Networks")(export.export)
app.command("quantize", rich_help_panel="Networks")(quantize.quantize)


def main() -> None:
    """Run the command line; the process ends with the command's exit code."""
    app(prog_name="gaitpose")
