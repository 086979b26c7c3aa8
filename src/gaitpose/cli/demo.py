"""``gaitpose demo``: the main job without any input, on walkers whose gait is known exactly."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from gaitpose.cli.analyze import save_and_show
from gaitpose.cli.progress import progress_bar

if TYPE_CHECKING:
    from gaitpose.synthetic.settings import WalkerSettings
    from gaitpose.synthetic.walker import Walk
    from gaitpose.workflow import Analysis

CLIP = Path("data/gait/sagittal_video/lawn_two_people.mp4")
"""A real recording, if the folder named by GAITPOSE_SHARED (or ../shared) has it."""


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the results.")] = Path(
        "gaitpose-demo"
    ),
) -> None:
    """Analyse walkers with known truth and, where there is one, a real clip.

    Prints measured beside true values and writes a report for each.
    """
    console = Console()
    for name, settings in _walkers().items():
        console.rule(f"Simulated walker: {name}, filmed from the side with an estimator's errors")
        walk, analysis = _film(name, settings)
        _print_truth(walk, analysis, console)
        save_and_show(analysis, out / name)
    clip = Path(os.environ.get("GAITPOSE_SHARED", Path("..") / "shared")) / CLIP
    if clip.is_file():
        console.rule(f"Real clip: {clip.name}")
        _analyze_clip(clip, out / clip.stem)


def _walkers() -> dict[str, WalkerSettings]:
    """Return the walks that are shown."""
    from gaitpose.synthetic import presets  # noqa: PLC0415  -- late: --help must be quick

    return {
        "healthy": presets.healthy(strides=8, fps=50.0),
        "hemiparetic": presets.hemiparetic(strides=8, fps=50.0),
    }


def _film(name: str, settings: WalkerSettings) -> tuple[Walk, Analysis]:
    """Let a walker cross the picture, see it with an estimator's errors, and analyse that."""
    import numpy as np  # noqa: PLC0415  -- what follows is loaded late: --help must be quick

    import gaitpose  # noqa: PLC0415
    from gaitpose.skeleton import JOINTS  # noqa: PLC0415
    from gaitpose.synthetic import camera, observation, walker  # noqa: PLC0415

    walk = walker.walk(settings)
    middle = float(walk.position[:, :, 0].mean())
    film = camera.PinholeCamera(distance=9.0, x=middle, fx=1500.0, fy=1500.0)
    errors = observation.ObservationSettings(noise_px=2.0, missed=0.03, swaps=0.02)
    exact = film.to_poses(walk, cropped=True).sel(keypoints=list(JOINTS))
    seen = observation.observe(exact, errors, np.random.default_rng(0)).poses
    subject = gaitpose.Subject(
        thigh=walk.settings.thigh, shank=walk.settings.shank, identifier=f"Walker, {name}"
    )
    named = seen.assign_attrs(source_file=f"walker {name}")
    return walk, gaitpose.analyze_poses(named, subject, command="gaitpose demo")


def _print_truth(walk: Walk, analysis: Analysis, console: Console) -> None:
    """Print measured beside true, and how far the foot strikes are off."""
    import numpy as np  # noqa: PLC0415

    from gaitpose.report.names import label_of, number, unit_text  # noqa: PLC0415
    from gaitpose.report.truth import compare_with_truth, strike_errors  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "side", "measured", "true", "difference"):
        table.add_column(heading, justify="left" if heading in ("", "side") else "right")
    for row in compare_with_truth(analysis, walk):
        label = label_of(row.name)
        digits = label.decimals + 1
        table.add_row(
            f"{label.words} ({unit_text(row.unit)})",
            row.side,
            number(row.measured, digits),
            number(row.true, digits),
            number(row.measured - row.true, digits),
        )
    console.print(table)
    late = strike_errors(analysis, walk)
    console.print(
        f"{np.isfinite(late).sum()} of {late.size} foot strikes found are true ones; "
        f"mean error {1000 * np.nanmean(np.abs(late)):.0f} ms."
    )


def _analyze_clip(clip: Path, folder: Path) -> None:
    import gaitpose  # noqa: PLC0415  -- late: start-up time

    with progress_bar("Finding the joints") as progress:
        analysis = gaitpose.analyze_video(clip, progress=progress, command="gaitpose demo")
    save_and_show(analysis, folder)
