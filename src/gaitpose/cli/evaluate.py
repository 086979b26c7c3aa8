"""``gaitpose evaluate``: how right an estimator is on labelled pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from gaitpose.cli.options import EstimatorName
from gaitpose.cli.progress import progress_bar
from gaitpose.errors import BadSettings
from gaitpose.skeleton import JOINTS

if TYPE_CHECKING:
    import pandas as pd

    from gaitpose.pose.estimator import Estimator


def evaluate(
    data: Annotated[
        Path, typer.Argument(metavar="DIR", help="Pictures with annotations.json (COCO, WPE).")
    ],
    estimator: Annotated[EstimatorName, typer.Option(help="Which network.")] = EstimatorName.AUTO,
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Model file, as in gaitpose analyze.")
    ] = None,
    everyone: Annotated[
        bool, typer.Option("--all", help="Everybody, not only the part kept back from training.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV to write the table to.")
    ] = None,
    speed: Annotated[
        bool, typer.Option("--speed", help="Also size and latency in every runtime (our network).")
    ] = False,
) -> None:
    """Measure an estimator on people with labelled joints.

    PCKs at 0.1 and 0.08 (GaitPoseNet article), PCK at 0.2 torso diameters, legs exchanged; for all,
    for visible and hidden joints, by view, with and without exoskeleton, and by joint.
    """
    from gaitpose.io.files import write_text  # noqa: PLC0415  -- late: start-up time
    from gaitpose.pose.estimators import choose  # noqa: PLC0415
    from gaitpose.training.evaluation import breakdown, find_joints  # noqa: PLC0415
    from gaitpose.training.people import read_people  # noqa: PLC0415

    people = read_people(data, "all" if everyone else "validation")
    if not people:
        raise BadSettings(
            "nobody here is kept back from training", where=str(data), hint="Add --all"
        )
    chosen = choose(estimator.value, model)
    with progress_bar(f"Measuring {chosen.name}", unit="people") as progress:
        table = breakdown(find_joints(chosen, people, progress), people)
    console = Console()
    shown = ["group", "people", "joints", "pcks_0.1", "pcks_0.08", "pck_torso_0.2"]
    _print(table[[*shown, "leg_pairs_exchanged"]], console)
    _print(table.loc[[0], list(JOINTS)], console)
    console.print(", ".join(f"{key} {value}" for key, value in chosen.describe().items()))
    if out is not None:
        named = table.assign(estimator=chosen.name, data=data.name)
        write_text(out, named.to_csv(index=False, lineterminator="\n"))
    if speed:
        _print(_latency(chosen), console)


def _latency(estimator: Estimator) -> pd.DataFrame:
    from gaitpose.pose.gaitposenet import GaitPoseNet  # noqa: PLC0415  -- late: start-up time
    from gaitpose.pose.weights import load_weights  # noqa: PLC0415
    from gaitpose.training.complexity import measure_latency  # noqa: PLC0415

    if not isinstance(estimator, GaitPoseNet):
        raise BadSettings("only GaitPoseNet can be timed", where="--speed")
    network, card = load_weights(estimator.source)
    return measure_latency(network, estimator.size, card.input_ranges)


def _print(rows: pd.DataFrame, console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in rows.columns:
        table.add_column(name.replace("_", " "), justify="left" if name == "group" else "right")
    for row in rows.itertuples(index=False):
        table.add_row(*(f"{v:.3f}" if isinstance(v, float) else str(v) for v in row))
    console.print(table)
