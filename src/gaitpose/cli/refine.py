"""``gaitpose refine``: train, apply and evaluate refiners of sensor angles."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from gaitpose.cli.progress import progress_bar

if TYPE_CHECKING:
    from gaitpose.refine.cross_validation import Evaluation

app = typer.Typer(
    no_args_is_help=True, help="Refine a sensor's joint angles toward motion capture."
)

Data = Annotated[
    Path,
    typer.Argument(
        metavar="DATA",
        help="Paired recordings: .npz of Kinect or video joints with markers, .mat of cycles.",
    ),
]


@app.command("train")
def train(
    data: Data,
    out: Annotated[
        Path,
        typer.Option(metavar="MODEL", help="Writes MODEL.safetensors and MODEL.json."),
    ],
    work: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Keep finished trainings here; after an evaluation, its folder 'folds'.",
        ),
    ] = None,
) -> None:
    """Train a refiner on everybody in DATA; what is blended is chosen by leaving people out.

    Finished steps are kept in MODEL-trainings until the model is written, so that an interrupted
    training goes on where it stopped.
    """
    from gaitpose.refine.datasets import load_dataset  # noqa: PLC0415  -- start-up time
    from gaitpose.refine.store import save_refiner  # noqa: PLC0415
    from gaitpose.refine.train import train as train_on  # noqa: PLC0415

    with progress_bar("Reading", unit="trials") as progress:
        dataset = load_dataset(data, progress=progress)
    kept = work or out.with_name(f"{out.name}-trainings")
    with progress_bar("Training", unit="trainings") as progress:
        refiner = train_on(dataset, work=kept, progress=progress)
    written = save_refiner(refiner, out)
    if work is None:
        shutil.rmtree(kept, ignore_errors=True)
    console = Console()
    console.print(
        f"{len(dataset.subjects)} people, {len(dataset.sequences)} sequences; "
        f"{len(dataset.skipped)} trials or parts left out"
    )
    for path in written:
        console.print(str(path), soft_wrap=True)


@app.command("apply")
def apply(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="A name that comes with gaitpose, or a file.")
    ],
    source: Annotated[
        Path,
        typer.Argument(metavar="INPUT", help="Trials (.npz, .mat), Kinect table (.csv), or TRC."),
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="CSV with the refined angles over time.")
    ] = Path("refined.csv"),
    units: Annotated[
        str | None, typer.Option(metavar="m|cm|mm", help="Unit of INPUT's lengths.")
    ] = None,
) -> None:
    """Refine the trials in INPUT; one row a frame: trial, time_s, and left and right angles."""
    from gaitpose.refine.application import apply_to_file  # noqa: PLC0415  -- start-up time
    from gaitpose.refine.store import load_refiner  # noqa: PLC0415

    with progress_bar("Refining", unit="trials") as progress:
        result = apply_to_file(load_refiner(model), source, out, units=units, progress=progress)
    console = Console()
    console.print(f"{result.trials} trials, {result.frames} frames")
    for trial, reason in result.skipped.items():
        console.print(f"left out {trial}: {reason}")
    console.print(str(out), soft_wrap=True)


@app.command("evaluate")
def evaluate(
    data: Data,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the results.")] = Path(
        "refinement"
    ),
) -> None:
    """Leave each person out in turn; all models and controls. Goes on where it was interrupted.

    DIR gets refinement.html (opens off-line) and the tables as CSV.
    """
    from gaitpose.io.files import writable_folder  # noqa: PLC0415  -- start-up time
    from gaitpose.refine.cross_validation import evaluate as leave_out  # noqa: PLC0415
    from gaitpose.refine.datasets import load_dataset  # noqa: PLC0415
    from gaitpose.report.agreement import write_evaluation  # noqa: PLC0415

    folder = writable_folder(out)
    with progress_bar("Reading", unit="trials") as progress:
        dataset = load_dataset(data, progress=progress)
    with progress_bar("Leaving one out", unit="trainings") as progress:
        found = leave_out(dataset, work=folder / "folds", progress=progress)
    write_evaluation(found, folder)
    _print(found)
    Console().print(str(folder / "refinement.html"), soft_wrap=True)


def _print(found: Evaluation) -> None:
    from gaitpose.refine.cross_validation import MODELS  # noqa: PLC0415  -- start-up time
    from gaitpose.report.agreement_tables import mean_and_sd  # noqa: PLC0415

    summary = found.summary()
    table = Table(title="RMSE in degrees, mean ± SD over people", box=None)
    table.add_column("angle")
    for name in MODELS:
        table.add_column(name, justify="right")
    for angle in found.dataset.angles:
        rows = summary[summary["angle"] == angle].set_index("model").loc[list(MODELS)]
        cells = zip(rows["rmse_mean"], rows["rmse_std"], strict=True)
        table.add_row(angle.replace("_", " "), *(mean_and_sd(mean, sd, 1) for mean, sd in cells))
    Console().print(table)
