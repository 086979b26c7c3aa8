"""``gaitpose demo``: the main job without any input, on walkers whose gait is known exactly."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from gaitpose.cli.progress import progress_bar
from gaitpose.cli.summary import print_report_path

if TYPE_CHECKING:
    from gaitpose.report.truth import Known
    from gaitpose.synthetic.settings import WalkerSettings
    from gaitpose.synthetic.walker import Walk
    from gaitpose.workflow import Analysis

CLIPS = {
    "free": "A drawn walker, filmed from the side",
    "exoskeleton": "A drawn walker in an exoskeleton",
}
"""Folders of the clips that come with the package, and what they show."""

TIME_AIM, LENGTH_AIM, ANGLE_AIM = 0.020, 3.0, 4.0
"""Seconds, percent, and degrees (root mean square) that the clips should be measured to."""


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the results.")] = Path(
        "gaitpose-demo"
    ),
) -> None:
    """Analyse walkers with known truth: two drawn clips, two sets of poses.

    The clips are seen with this project's own network. Prints measured beside true values and
    writes a report for each.
    """
    console = Console()
    for name, words in CLIPS.items():
        console.rule(words)
        analysis, truth = _analyze_clip(name)
        console.print(_clip_table(analysis, truth))
        _save(analysis, out / name, console)
    for name, settings in _walkers().items():
        console.rule(f"Poses of a {name} walker, with a pose estimator's errors")
        walk, analysis = _film(name, settings)
        _print_truth(walk, analysis, console)
        _save(analysis, out / name, console)


def _analyze_clip(name: str) -> tuple[Analysis, Known]:
    """Analyse one of the clips; also return its truth."""
    import gaitpose  # noqa: PLC0415  -- what follows is loaded late: --help must be quick
    from gaitpose.io.wpe import read_truth  # noqa: PLC0415
    from gaitpose.pose.estimators import choose  # noqa: PLC0415

    with resources.as_file(resources.files("gaitpose") / "demo_clips" / name) as folder:
        truth = read_truth(folder)
        legs = {
            part: (truth.lengths[f"left_{part}"], truth.lengths[f"right_{part}"])
            for part in ("thigh", "shank")
        }
        subject = gaitpose.Subject(**legs, identifier=f"Drawn walker, {name}")
        with progress_bar("Finding the joints") as progress:
            analysis = gaitpose.analyze_video(
                folder / "video.mp4",
                subject,
                estimator=choose("gaitpose"),
                progress=progress,
                command="gaitpose demo",
            )
    return analysis, truth


def _clip_table(analysis: Analysis, truth: Known) -> Table:
    """Set measured beside true, with what was aimed at and by how much it is missed."""
    import numpy as np  # noqa: PLC0415  -- late: --help must be quick

    from gaitpose.report.names import JOINTS, label_of, number  # noqa: PLC0415
    from gaitpose.report.truth import (  # noqa: PLC0415
        angle_errors,
        compare_with_truth,
        strike_errors,
    )

    table = _table("", "side", "measured", "true", "difference", "aim", "missed by")
    for row in compare_with_truth(analysis, truth):
        off = row.measured - row.true
        label = label_of(row.name)
        shown = [label.words, row.side, number(row.measured, 3), number(row.true, 3)]
        if row.name in ("stride_time", "step_time"):
            aim = _against(1000 * abs(off), 1000 * TIME_AIM, "ms")
            table.add_row(*shown, f"{number(1000 * off, 0)} ms", *aim)
        elif row.name in ("stride_length", "step_length"):
            percent = 100 * off / row.true
            aim = _against(abs(percent), LENGTH_AIM, "%")
            table.add_row(*shown, f"{number(percent, 1)} %", *aim)
    for joint in ("hip", "knee"):
        for side in ("left", "right"):
            error = angle_errors(analysis, truth, side, joint)
            if len(error):
                rms = float(np.sqrt(np.mean(error**2)))
                words = f"{JOINTS[joint]} angle, RMSE"
                table.add_row(words, side, "", "", f"{rms:.1f}°", *_against(rms, ANGLE_AIM, "°"))
    late = strike_errors(analysis, truth)
    if np.isfinite(late).any():
        mean = 1000 * float(np.nanmean(np.abs(late)))
        found = f"{int(np.isfinite(late).sum())} found"
        aim = _against(mean, 1000 * TIME_AIM, "ms")
        table.add_row("Foot strikes, error", "both", found, "", f"{mean:.0f} ms", *aim)
    return table


def _against(size: float, aim: float, unit: str) -> tuple[str, str]:
    """Return the aim, and by how much it is missed ("met" if it is not)."""
    space = "" if unit == "°" else " "
    decimals = 0 if unit == "ms" else 1
    aimed = f"{aim:.0f}{space}{unit}"
    if size <= aim:
        return aimed, "met"
    return aimed, f"{size - aim:.{decimals}f}{space}{unit}"


def _walkers() -> dict[str, WalkerSettings]:
    """Return the walks of which only poses are shown."""
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


SHORT = ("speed", "stride_time", "stride_length", "stance_percent", "knee_range")
"""What is printed of these walkers; all is in their reports."""


def _print_truth(walk: Walk, analysis: Analysis, console: Console) -> None:
    """Print measured beside true, and how far the foot strikes are off."""
    import numpy as np  # noqa: PLC0415

    from gaitpose.report.names import label_of, number, unit_text  # noqa: PLC0415
    from gaitpose.report.truth import compare_with_truth, strike_errors  # noqa: PLC0415

    table = _table("", "side", "measured", "true", "difference")
    for row in compare_with_truth(analysis, walk):
        if row.name not in SHORT:
            continue
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


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        words = heading in ("", "side")
        table.add_column(heading, justify="left" if words else "right")
    return table


def _save(analysis: Analysis, folder: Path, console: Console) -> None:
    """Write the report and say where it is."""
    with progress_bar("Drawing the overlay") as progress:
        print_report_path(analysis.save(folder, progress=progress), console)
