"""``gaitpose train``: weights from a recipe."""

from __future__ import annotations

from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from gaitpose.cli.progress import progress_bar
from gaitpose.errors import BadSettings, MissingExtra


class NetworkSize(StrEnum):
    """Named sizes of GaitPoseNet."""

    LITE = "lite"
    FULL = "full"


def train(
    recipe: Annotated[
        str, typer.Argument(help="Name of a recipe, as gaitpose; a wrong one lists them.")
    ],
    data: Annotated[
        list[Path],
        typer.Option(
            metavar="DIR", help="Folder that holds the recipe's data sets; may be given repeatedly."
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of checkpoint and log; resumed if present.")
    ],
    hours: Annotated[
        float | None, typer.Option(help="Time budget; the schedule is fitted to it.")
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes that prepare pictures.")] = 1,
    starts_from: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Checkpoint or weights that training begins with."),
    ] = None,
    size: Annotated[
        NetworkSize | None, typer.Option(help="Another size of network than the recipe's.")
    ] = None,
    compiled: Annotated[
        bool,
        typer.Option(
            "--compile",
            help="Compile network and losses: minutes, then faster; CPUs need a C++ compiler.",
        ),
    ] = False,
    pupil: Annotated[
        str | None,
        typer.Option(
            metavar="RECIPE", help="Train this one's network too, taught by the first: OUT/pupil."
        ),
    ] = None,
    pupil_starts_from: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Checkpoint or weights that the pupil begins with."),
    ] = None,
) -> None:
    """Train a network. Run it again to go on where it was interrupted."""
    if find_spec("lightning_fabric") is None:
        raise MissingExtra("training", "train")
    from gaitpose.pose.blazepose import BlazePose  # noqa: PLC0415  -- late: start-up time
    from gaitpose.pose.config import SIZES  # noqa: PLC0415
    from gaitpose.training.loop import Pupil  # noqa: PLC0415  -- PyTorch
    from gaitpose.training.loop import train as train_recipe  # noqa: PLC0415
    from gaitpose.training.recipes import recipe_named  # noqa: PLC0415

    settings = recipe_named(recipe)
    if size is not None:
        settings = settings.with_network(SIZES[size.value])
    if pupil is None and pupil_starts_from is not None:
        raise BadSettings(
            "there is no pupil to begin with it", where="pupil-starts-from", hint="Give --pupil too"
        )
    beside = None if pupil is None else Pupil(recipe_named(pupil), pupil_starts_from)
    teacher = BlazePose() if settings.mixture.needs_teacher else None
    with progress_bar(f"Training {recipe}", unit="views") as progress:
        checkpoint = train_recipe(
            settings,
            data,
            out,
            progress,
            hours=hours,
            workers=workers,
            starts_from=starts_from,
            teacher=teacher,
            compiled=compiled,
            pupil=beside,
        )
    typer.echo(f"Checkpoint: {checkpoint}")
    typer.echo(f"Next: gaitpose export {checkpoint} --name NAME --out DIR")
