"""``gaitpose analyze``: a video or a pose file in, a gait report out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from gaitpose.cli.options import (
    EstimatorName,
    Height,
    Identifier,
    LegLength,
    Shank,
    SurfaceName,
    Thigh,
    command_line,
    point,
    size_of_picture,
    subject_from,
)
from gaitpose.cli.progress import progress_bar
from gaitpose.cli.summary import print_report_path, print_summary

if TYPE_CHECKING:
    from gaitpose.workflow import Analysis

RECORDING, POSE, OUTPUT = "Recording", "Finding the joints", "Output"


def analyze(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT",
            help="A video, or poses: OpenPose folder, COCO, MMPose or AlphaPose JSON, DeepLabCut "
            "CSV or H5, TRC, C3D, netCDF. Its content decides.",
        ),
    ],
    leg_length: LegLength = None,
    thigh: Thigh = None,
    shank: Shank = None,
    height: Height = None,
    identifier: Identifier = None,
    surface: Annotated[
        SurfaceName,
        typer.Option(help="What the subject walks on.", rich_help_panel=RECORDING),
    ] = SurfaceName.AUTO,
    condition: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help='A label printed in the report ("with exoskeleton").',
            rich_help_panel=RECORDING,
        ),
    ] = None,
    fps: Annotated[
        float | None,
        typer.Option(
            metavar="F",
            help="Frames per second of a pose file that does not tell it, or at which a "
            "slow-motion video was filmed.",
            rich_help_panel=RECORDING,
        ),
    ] = None,
    picture_size: Annotated[
        str | None,
        typer.Option(
            metavar="W,H",
            help="Pixels of the video of a pose file that does not tell them.",
            rich_help_panel=RECORDING,
        ),
    ] = None,
    individual: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Which of several people in a pose file, by the name in it or by number from 0; "
            "by default the one who travels farthest.",
            rich_help_panel=RECORDING,
        ),
    ] = None,
    subject_at: Annotated[
        str | None,
        typer.Option(
            metavar="X,Y[,SECONDS]",
            help="A point on the subject, in pixels, if it is not the one who walks farthest.",
            rich_help_panel=POSE,
        ),
    ] = None,
    estimator: Annotated[
        EstimatorName,
        typer.Option(
            help="Network that finds the joints; see gaitpose info.", rich_help_panel=POSE
        ),
    ] = EstimatorName.AUTO,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Model file: .safetensors (GaitPoseNet), .onnx (top-down), .task (MediaPipe); "
            "or the name of shipped weights.",
            rich_help_panel=POSE,
        ),
    ] = None,
    overlay: Annotated[
        bool,
        typer.Option(help="Whether to draw overlay.mp4 from a video.", rich_help_panel=OUTPUT),
    ] = True,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder of the results; by default the input's name with -gait, here.",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Replace the results of another input in DIR.", rich_help_panel=OUTPUT
        ),
    ] = False,
) -> None:
    """Analyse the gait in a video or a pose file and write a report.

    DIR gets report.html (opens off-line), overlay.mp4, gait.json, CSV tables, poses.nc, angles.mot
    and, with a leg length, poses.trc.
    """
    import gaitpose  # noqa: PLC0415  -- what follows is loaded late: --help must be quick
    from gaitpose.report.folder import output_folder  # noqa: PLC0415
    from gaitpose.workflow import sha256_of_input  # noqa: PLC0415

    subject = subject_from(leg_length, thigh, shank, height, identifier)
    recording = gaitpose.Recording(surface=surface.value, condition=condition)
    at = point(subject_at)
    size = size_of_picture(picture_size)
    with output_folder(
        out or default_folder(source), partial(sha256_of_input, source), force=force
    ) as folder:
        with progress_bar("Finding the joints") as progress:
            analysis = gaitpose.analyze_file(
                source,
                subject,
                recording=recording,
                estimator=estimator.value,
                model=model,
                subject_at=at,
                fps=fps,
                picture_size=size,
                individual=individual,
                progress=progress,
                command=command_line(),
            )
        save_and_show(analysis, folder, overlay=overlay)


def default_folder(source: Path) -> Path:
    """Return where the results go when the user does not say: here, named after the input."""
    return Path(f"{source.resolve().stem}-gait")


def save_and_show(analysis: Analysis, folder: Path, *, overlay: bool = True) -> None:
    """Write the report, then print the summary and where the report is."""
    console = Console()
    with progress_bar("Drawing the overlay") as progress:
        written = analysis.save(folder, overlay=overlay, progress=progress)
    print_summary(analysis, console)
    print_report_path(written, console)
