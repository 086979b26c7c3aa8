"""``gaitpose evaluate``: how right an estimator is on labelled pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from gaitpose.cli.options import EstimatorName
from gaitpose.cli.progress import progress_bar


def evaluate(
    data: Annotated[
        Path, typer.Argument(metavar="DIR", help="Pictures with annotations.json (COCO).")
    ],
    estimator: Annotated[EstimatorName, typer.Option(help="Which network.")] = EstimatorName.AUTO,
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Model file, as in gaitpose analyze.")
    ] = None,
    everyone: Annotated[
        bool, typer.Option("--all", help="Everybody, not only the part kept back from training.")
    ] = False,
) -> None:
    """Measure an estimator on people with labelled joints (PCKs of the GaitPoseNet article)."""
    from gaitpose.pose.estimators import choose  # noqa: PLC0415  -- late: start-up time
    from gaitpose.training.evaluation import evaluate as score_estimator  # noqa: PLC0415
    from gaitpose.training.people import read_people  # noqa: PLC0415

    people = read_people(data, "all" if everyone else "validation")
    chosen = choose(estimator.value, model)
    with progress_bar(f"Measuring {chosen.name}", unit="people") as progress:
        score = score_estimator(chosen, people, progress)
    table = Table(box=None, show_header=False)
    table.add_row("people", str(score.people))
    table.add_row("PCKs at 0.1", f"{score.pcks:.3f}")
    table.add_row("PCKs at 0.08", f"{score.pcks_strict:.3f}")
    table.add_row("legs exchanged", f"{score.side_confusion:.1%}")
    console = Console()
    console.print(table)
    console.print(", ".join(f"{key} {value}" for key, value in chosen.describe().items()))
