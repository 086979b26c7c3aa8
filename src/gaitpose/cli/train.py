"""``gaitpose train``: weights from a recipe."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from gaitpose.cli.progress import progress_bar
from gaitpose.errors import MissingExtra


def train(
    recipe: Annotated[str, typer.Argument(help="Name of a recipe; see gaitpose info.")],
    data: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder that holds the recipe's data sets.")
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of checkpoint and log; resumed if present.")
    ],
    hours: Annotated[
        float | None, typer.Option(help="Time budget; the schedule is fitted to it.")
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes that prepare pictures.")] = 1,
    starts_from: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Checkpoint that fine-tuning begins with.")
    ] = None,
) -> None:
    """Train a network. Run it again to go on where it was interrupted."""
    if find_spec("lightning_fabric") is None:
        raise MissingExtra("training", "train")
    from gaitpose.training.loop import train as train_recipe  # noqa: PLC0415  -- PyTorch
    from gaitpose.training.recipes import recipe_named  # noqa: PLC0415

    with progress_bar(f"Training {recipe}", unit="views") as progress:
        checkpoint = train_recipe(
            recipe_named(recipe),
            data,
            out,
            progress,
            hours=hours,
            workers=workers,
            starts_from=starts_from,
        )
    typer.echo(f"Checkpoint: {checkpoint}")
    typer.echo(f"Next: gaitpose export {checkpoint} --name NAME --out DIR")
