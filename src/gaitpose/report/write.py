"""Everything an analysis leaves behind, written in the order in which it is wanted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from gaitpose.gait.result import GaitAnalysis
from gaitpose.io import mot, netcdf, trc
from gaitpose.io.files import writable_folder
from gaitpose.report.folder import JSON_NAME
from gaitpose.report.gait_json import write_json
from gaitpose.report.html import write_html
from gaitpose.report.overlay import write_overlay
from gaitpose.report.page import FILES
from gaitpose.report.tables import write_tables

HTML_NAME = "report.html"
OVERLAY_NAME = "overlay.mp4"

Progress = Callable[[int, int | None], None]


def write_report(
    analysis: GaitAnalysis,
    directory: str | os.PathLike[str],
    *,
    video: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write all files of a report.

    Each is written under a temporary name and renamed, so that an interruption leaves whole files
    only; the overlay, which takes longest, comes last. Other files in the folder are left alone.

    Parameters
    ----------
    analysis : GaitAnalysis
    directory : path
        Made where it is absent.
    video : path, optional
        The recording; with it ``overlay.mp4`` is drawn. Without, one of an earlier analysis in this
        folder is removed, as it would show other results.
    progress : callable, optional
        Called with (frames done, frames in all or None) while the overlay is drawn.

    Returns
    -------
    list of pathlib.Path
        The files, in the order in which they were written.

    Raises
    ------
    OutputFailed
        If the folder is not writable or the disk is full.
    """
    folder = writable_folder(directory)
    overlay = folder / OVERLAY_NAME
    if video is None:
        overlay.unlink(missing_ok=True)
    written = [
        write_json(analysis, folder / JSON_NAME),
        *write_tables(analysis, folder),
        *_write_motion(analysis, folder),
    ]
    names = {path.name for path in written} | ({OVERLAY_NAME} if video is not None else set())
    listed = tuple(name for name in FILES if name in names)
    written.append(write_html(analysis, folder / HTML_NAME, listed))
    if video is not None:
        written.append(write_overlay(analysis, video, overlay, progress=progress))
    return written


def _write_motion(analysis: GaitAnalysis, folder: Path) -> list[Path]:
    points = folder / "poses.trc"
    written = []
    if analysis.poses.attrs["units"] == "m":
        rate = float(analysis.poses.attrs["fps"])
        written.append(trc.write_poses(points, analysis.poses["position"], rate))
    else:  # leg lengths, which every program would take for metres
        points.unlink(missing_ok=True)
    return [
        *written,
        mot.write_angles(folder / "angles.mot", analysis.angles),
        netcdf.write_poses(folder / "poses.nc", analysis.raw_poses),
    ]
