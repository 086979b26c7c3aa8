"""Compare two recordings from files: find out what each holds, align, measure, write the report."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.agreement.compare import Agreement, CompareSettings, compare
from gaitpose.agreement.recording import AngleRecording
from gaitpose.agreement.timing import timing_of_events
from gaitpose.errors import UnreadableInput
from gaitpose.io.c3d import read_c3d
from gaitpose.io.csv_table import read_table
from gaitpose.io.files import writable_folder
from gaitpose.io.load import load_poses
from gaitpose.io.mot import read_mot
from gaitpose.report.agreement import write_agreement
from gaitpose.skeleton import SIDES
from gaitpose.workflow import analyze_poses

THIGH_VERTICAL = "thigh against the vertical"
THIGH_PELVIS = "thigh against the pelvis"

_C3D_ANGLES = re.compile(r"(?P<side>[LR])(?P<joint>Hip|Knee|Ankle)Angles\w?")
_OPENSIM = {"hip_flexion": "hip", "knee_angle": "knee", "ankle_angle": "ankle"}
_COLUMN = re.compile(
    r"(?:(?P<before>left|right|l|r)[ _.-])?"
    r"(?P<joint>[a-z][a-z _.-]*?)"
    r"(?:[ _.-](?P<after>left|right|l|r))?"
    r"(?:[ _.-]*[(\[]?(?:deg(?:rees)?|°)[)\]]?)?",
    re.IGNORECASE,
)
_DECIMALS = {",": ".", ";": ",", "\t": ","}
"""By separator of a table, its decimal mark; numbers with a point are understood in all."""
_CLOCKS = ("time", "time_s", "time (s)", "time [s]", "t")
_RADIANS = 2 * np.pi
"""An angle curve that never leaves this is in radians: no joint stays within 6 degrees."""


@dataclass(frozen=True)
class Reader:
    """Kind of recording: how it is recognised, how it is read."""

    fits: Callable[[Path], bool]
    read: Callable[[Path], AngleRecording]


def load_recording(path: str | os.PathLike[str]) -> AngleRecording:
    """Read the joint angles of a recording, and its events and parameters where it has them.

    Parameters
    ----------
    path : path
        A folder that ``gaitpose analyze`` wrote; OpenSim's MOT or STO; CSV with ``time`` and
        columns such as ``left_knee``; C3D (its own angles where it holds any); any pose file that
        ``analyze`` takes.

    Returns
    -------
    AngleRecording

    Raises
    ------
    UnreadableInput
        If it holds no joint angles and none can be computed, or they are in radians.
    """
    source = Path(path)
    for reader in _READERS:
        if reader.fits(source):
            return reader.read(source)
    return _from_poses(source)


def compare_files(
    ours: str | os.PathLike[str],
    reference: str | os.PathLike[str],
    settings: CompareSettings | None = None,
) -> Agreement:
    """Compare two recordings of the same movement, whatever files they are."""
    return compare(load_recording(ours), load_recording(reference), settings)


def save_agreement(agreement: Agreement, directory: str | os.PathLike[str]) -> list[Path]:
    """Write the page, the figures, and everything in them as JSON and CSV; returns the paths."""
    return write_agreement(agreement, writable_folder(directory))


def _from_folder(source: Path) -> AngleRecording:
    table = read_table(source / "angles.csv")
    content = json.loads((source / "gait.json").read_text(encoding="utf-8"))
    angles = _angles_from_columns(table, source / "angles.csv")
    return AngleRecording(
        name=source.name,
        angles=angles,
        events=pd.DataFrame(content["events"], columns=["side", "kind", "time_s"]),
        parameters=pd.DataFrame(
            content["parameters"], columns=["name", "side", "cycle", "value", "unit"]
        ),
        cycle_starts=pd.DataFrame(content["cycles"], columns=["side", "cycle", "start_s"]),
        hip=THIGH_VERTICAL,
    )


def _from_mot(source: Path) -> AngleRecording:
    content = read_mot(source)
    columns: dict[tuple[str, str], np.ndarray] = {}
    for coordinate, joint in _OPENSIM.items():
        for side in SIDES:
            name = f"{coordinate}_{side[0]}"
            if name in content.table:
                values = content.table[name].to_numpy(dtype=float)
                columns[side, joint] = values if content.in_degrees else np.degrees(values)
    for side in SIDES:
        knee = columns.get((side, "knee"))
        # Older OpenSim models count knee flexion negative; a knee that only bends backwards is one.
        if knee is not None and np.nanmedian(knee) < 0 and np.nanmin(knee) < -20:
            columns[side, "knee"] = -knee
    time = content.table.index.to_numpy(dtype=float)
    return AngleRecording(source.stem, _array(time, columns, source), hip=THIGH_PELVIS)


def _from_csv(source: Path) -> AngleRecording:
    separator = _separator(source)
    table = read_table(source, separator, _DECIMALS[separator])
    angles = _angles_from_columns(table, source)
    return AngleRecording(source.stem, angles)


def _from_c3d(source: Path) -> AngleRecording:
    content = read_c3d(source)
    columns = {
        (_side(match["side"]), match["joint"].lower()): values[:, 0]
        for name, values in content.angles.items()
        if (match := _C3D_ANGLES.fullmatch(name))
    }
    if not columns:
        return _from_poses(source)
    events = content.events[["side", "kind", "time_s"]]
    parameters, cycle_starts = timing_of_events(events)
    return AngleRecording(
        name=source.stem,
        angles=_array(content.time_s, columns, source),
        events=events,
        parameters=parameters,
        cycle_starts=cycle_starts,
        hip=THIGH_PELVIS,
    )


def _from_poses(source: Path) -> AngleRecording:
    try:
        poses = load_poses(source)
    except UnreadableInput as error:
        if error.where != "fps":
            raise
        raise UnreadableInput(
            "does not tell its frame rate",
            where=str(source),
            hint="Analyse it first (gaitpose analyze --fps), and give that folder",
        ) from error
    analysis = analyze_poses(poses)
    return AngleRecording(
        name=source.stem,
        angles=analysis.angles,
        events=analysis.events[["side", "kind", "time_s"]],
        parameters=analysis.parameters[["name", "side", "cycle", "value", "unit"]],
        cycle_starts=analysis.cycle_table[["side", "cycle", "start_s"]],
        hip=THIGH_VERTICAL,
    )


def _angles_from_columns(table: pd.DataFrame, source: Path) -> xr.DataArray:
    clocks = [name for name in table if _is_clock(str(name))]
    if not clocks:
        raise UnreadableInput(
            f"has no column time or time_s (found: {', '.join(map(str, table.columns[:6]))})",
            where=str(source),
        )
    table = table.dropna(how="all")  # as spreadsheets leave below
    columns: dict[tuple[str, str], np.ndarray] = {}
    for name in table.columns.drop(clocks):
        match = _COLUMN.fullmatch(str(name).strip())
        side = (match["before"] or match["after"]) if match else None
        if match and side and not _is_text(table[name]):
            joint = re.sub(r"[ .-]", "_", match["joint"].lower())
            columns[_side(side), joint] = _numbers(table[name], source)
    return _array(_numbers(table[clocks[0]], source), columns, source)


def _is_text(column: pd.Series) -> bool:
    """Whether a column holds words, not numbers of which some are spoilt or have a comma."""
    cells = column.astype(str).str.replace(",", ".")
    return bool(column.notna().any() and pd.to_numeric(cells, errors="coerce").isna().all())


def _numbers(column: pd.Series, source: Path) -> np.ndarray:
    """Return a column's numbers; empty cells are missing."""
    numbers = pd.to_numeric(column, errors="coerce")
    wrong = column.notna() & numbers.isna()
    if wrong.any():
        row = int(np.argmax(wrong.to_numpy()))
        raise UnreadableInput(
            f"row {row + 1} of column {column.name} is no number ({str(column.iloc[row])[:20]})",
            where=str(source),
            hint="Leave cells without a value empty; between commas, decimals have a point",
        )
    return numbers.to_numpy(dtype=float)


def _array(
    time: np.ndarray, columns: dict[tuple[str, str], np.ndarray], source: Path
) -> xr.DataArray:
    steps = np.diff(time)
    if len(time) < 2:
        raise UnreadableInput("holds fewer than two rows", where=str(source))
    if not (steps > 0).all():
        row = int(np.argmin(steps > 0)) + 2
        raise UnreadableInput(
            f"the clock does not go forward at row {row} of {len(time)}",
            where=str(source),
            hint="One recording a file, time in seconds",
        )
    joints = list(dict.fromkeys(joint for _, joint in columns))
    if not joints:
        raise UnreadableInput(
            "holds no joint angles",
            where=str(source),
            hint="Columns are named as left_knee, right_hip_flexion, knee_angle_r",
        )
    values = np.full((len(time), 2, len(joints)), np.nan)
    for (side, joint), curve in columns.items():
        values[:, 0 if side == "left" else 1, joints.index(joint)] = curve
    if "knee" in {joint.split("_")[0] for joint in joints} and np.isfinite(values).any():
        largest = float(np.nanmax(np.abs(values)))
        if largest <= _RADIANS:
            raise UnreadableInput(
                f"angles are at most {largest:.3g}, so they are in radians",
                where=str(source),
                hint="Give degrees",
            )
    return xr.DataArray(
        values,
        dims=("time", "side", "joint"),
        coords={"time": time, "side": list(SIDES), "joint": joints},
        attrs={"units": "deg"},
    )


def _side(text: str) -> str:
    return "left" if text.lower().startswith("l") else "right"


def _is_angle_table(path: Path) -> bool:
    """Whether it is a CSV with a clock; DeepLabCut's CSV files have none."""
    return path.suffix.lower() == ".csv" and path.is_file() and bool(_separator(path))


def _separator(path: Path) -> str:
    """Return what separates the columns of a table with a clock; nothing if it has no clock."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        first = file.readline()
    for separator in _DECIMALS:
        if any(_is_clock(name.strip().strip('"')) for name in first.split(separator)):
            return separator
    return ""


def _is_clock(name: str) -> bool:
    return name.lower().strip() in _CLOCKS


_READERS = (
    Reader(lambda path: (path / "gait.json").is_file(), _from_folder),
    Reader(lambda path: path.suffix.lower() in (".mot", ".sto"), _from_mot),
    Reader(lambda path: path.suffix.lower() == ".c3d", _from_c3d),
    Reader(_is_angle_table, _from_csv),
)
