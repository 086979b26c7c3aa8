"""TRC: marker trajectories as tab-separated text (Motion Analysis, OpenSim)."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.errors import OutputFailed, UnreadableInput
from gaitpose.io.files import existing_file, one_line, write_text
from gaitpose.poses import METRES_PER_UNIT

_FIRST_FRAME = 1
_DECIMALS = 6


@dataclass(frozen=True, eq=False)
class TrcFile:
    """Content of a TRC file.

    Parameters
    ----------
    labels : tuple of str
        Names of the markers.
    points : array, (frames, markers, 3)
        Metres, in the file's axes (y up by the format's custom); NaN is missing.
    time_s : array, (frames,)
        Seconds.
    rate : float
        Frames per second.
    """

    labels: tuple[str, ...]
    points: np.ndarray
    time_s: np.ndarray
    rate: float


def read_trc(path: str | os.PathLike[str]) -> TrcFile:
    """Read a TRC file.

    Parameters
    ----------
    path : path

    Returns
    -------
    TrcFile
        Lengths converted to metres from the unit in the header.

    Raises
    ------
    UnreadableInput
        If header or numbers do not fit the format.

    Notes
    -----
    A blank line after the labels is tolerated, as is its absence. Time is that of the ``Time``
    column; where that is missing it is ``(frame - OrigDataStartFrame) / DataRate``. The column is
    believed first because exporters disagree on whether frames count from 0 or 1.
    """
    path = existing_file(path)
    where = str(path)
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    header = _header(lines, where)
    labels_at = next((i for i, line in enumerate(lines) if line.startswith("Frame#")), None)
    if labels_at is None:
        raise UnreadableInput("the line of labels (Frame#, Time, ...) is missing", where=where)
    labels = _labels(lines[labels_at])
    table = _table(lines, labels_at + 2, 2 + 3 * len(labels), where)
    rate = _number(header, "DataRate", where)
    scale = METRES_PER_UNIT.get(header.get("Units", "").lower())
    if scale is None:
        raise UnreadableInput(
            f"unit {header.get('Units', '')!r} is not known", where=where, hint="Use m, cm or mm"
        )
    time_s = table[:, 1]
    if not np.isfinite(time_s).all():
        time_s = (table[:, 0] - _number(header, "OrigDataStartFrame", where)) / rate
    points = table[:, 2:].reshape(len(table), len(labels), 3) * scale
    return TrcFile(labels, points, time_s, rate)


def write_trc(
    path: str | os.PathLike[str],
    labels: Sequence[str],
    points: np.ndarray,
    rate: float,
    *,
    time_s: np.ndarray | None = None,
) -> Path:
    """Write marker trajectories.

    Parameters
    ----------
    path : path
    labels : sequence of str
    points : array, (frames, markers, 3)
        Metres, y up; NaN is written as an empty field.
    rate : float
        Frames per second.
    time_s : array, (frames,), optional
        Seconds; from 0 at `rate` where not given. Frames are numbered from 1 at time 0.

    Returns
    -------
    pathlib.Path
        Where it was written.
    """
    points = np.asarray(points, dtype=float)
    frames = len(points)
    if points.shape != (frames, len(labels), 3):
        raise ValueError(f"points are {points.shape}, not (frames, {len(labels)}, 3)")
    clock = np.arange(frames) / rate if time_s is None else np.asarray(time_s, dtype=float)
    first = _FIRST_FRAME + (round(float(clock[0]) * rate) if frames else 0)
    axes = [f"{axis}{number}" for number in range(1, len(labels) + 1) for axis in "XYZ"]
    header = {
        "DataRate": f"{rate:.10g}",
        "CameraRate": f"{rate:.10g}",
        "NumFrames": str(frames),
        "NumMarkers": str(len(labels)),
        "Units": "m",
        "OrigDataRate": f"{rate:.10g}",
        "OrigDataStartFrame": str(_FIRST_FRAME),
        "OrigNumFrames": str(frames),
    }
    head = [
        ["PathFileType", "4", "(X/Y/Z)", Path(path).name],
        list(header),
        list(header.values()),
        ["Frame#", "Time", *(cell for label in labels for cell in (label, "", ""))],
        ["", "", *axes],
        [""],
    ]
    lines = ["\t".join(cells) for cells in head]
    for index, (seconds, row) in enumerate(zip(clock, points.reshape(frames, -1), strict=True)):
        numbers = ("" if np.isnan(value) else f"{value:.{_DECIMALS}f}" for value in row)
        lines.append("\t".join([str(first + index), f"{seconds:.{_DECIMALS}f}", *numbers]))
    return write_text(path, "\n".join(lines) + "\n")


def write_poses(path: str | os.PathLike[str], position: xr.DataArray, rate: float) -> Path:
    """Write the keypoints of one person; z is 0 where the motion is in a plane.

    Parameters
    ----------
    path : path
    position : xarray.DataArray, (time, space, keypoints)
        Metres, x forward, y up.
    rate : float
        Frames per second.
    """
    if "individuals" in position.dims:
        position = position.isel(individuals=0)
    ordered = position.transpose("time", "keypoints", "space")
    if ordered.sizes["space"] not in (2, 3):
        raise OutputFailed("positions are neither 2-D nor 3-D", where=str(path))
    points = np.zeros((ordered.sizes["time"], ordered.sizes["keypoints"], 3))
    points[..., : ordered.sizes["space"]] = ordered.to_numpy()
    points[np.isnan(points).any(axis=2)] = np.nan
    names = [str(name) for name in ordered["keypoints"].to_numpy()]
    return write_trc(path, names, points, rate, time_s=ordered["time"].to_numpy())


def _header(lines: Sequence[str], where: str) -> dict[str, str]:
    if len(lines) < 4 or not lines[0].startswith("PathFileType"):
        raise UnreadableInput("the TRC header (PathFileType ...) is missing", where=where)
    fields, values = (line.split("\t") for line in lines[1:3])
    return {field.strip(): value.strip() for field, value in zip(fields, values, strict=False)}


def _labels(line: str) -> tuple[str, ...]:
    """Names of the markers, each above its three columns, or in neighbouring cells."""
    cells = [cell.strip() for cell in line.split("\t")[2:]]
    filled = [column for column, cell in enumerate(cells) if cell]
    if any(column % 3 for column in filled):
        return tuple(cell for cell in cells if cell)
    above = cells[: filled[-1] + 1 : 3] if filled else []
    return tuple(cell or f"unnamed_{number}" for number, cell in enumerate(above, start=1))


def _number(header: dict[str, str], field: str, where: str) -> float:
    try:
        value = float(header[field])
    except (KeyError, ValueError) as error:
        raise UnreadableInput(
            f"header field {field} is missing or no number", where=where
        ) from error
    if field == "DataRate" and not value > 0:
        raise UnreadableInput(f"DataRate is {value:g}", where=where)
    return value


def _table(lines: Sequence[str], start: int, columns: int, where: str) -> np.ndarray:
    """Numbers below the header, one row a frame; empty fields are NaN."""
    rows = [line for line in lines[start:] if line.strip()]
    if not rows:
        raise UnreadableInput("there are no frames", where=where)
    try:
        table = pd.read_csv(
            io.StringIO("\n".join(rows)),
            sep="\t",
            header=None,
            names=list(range(columns)),
            usecols=list(range(columns)),
            dtype=float,
        )
    except (ValueError, pd.errors.ParserError) as error:
        raise UnreadableInput(f"a field is no number ({one_line(error)})", where=where) from error
    return table.to_numpy()
