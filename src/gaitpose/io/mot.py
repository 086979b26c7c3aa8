"""MOT and STO: OpenSim's tables of coordinates or forces over time."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import existing_file, one_line, write_text

_END_OF_HEADER = "endheader"
_COORDINATES = {"hip": "hip_flexion", "knee": "knee_angle", "ankle": "ankle_angle"}
"""Our joint to OpenSim's coordinate (flexion and dorsiflexion positive, as in Rajagopal 2016)."""


@dataclass(frozen=True, eq=False)
class MotFile:
    """Content of a MOT or STO file.

    Parameters
    ----------
    name : str
        First line of the file.
    table : pandas.DataFrame
        One column a quantity, index ``time`` in seconds. Angles as the file holds them.
    in_degrees : bool
        Whether rotational values are degrees (else radians); meaningless for forces.
    """

    name: str
    table: pd.DataFrame
    in_degrees: bool


def read_mot(path: str | os.PathLike[str]) -> MotFile:
    """Read a MOT or STO file.

    Raises
    ------
    UnreadableInput
        If the header does not end, or a field is no number.
    """
    path = existing_file(path)
    where = str(path)
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    end = next((i for i, line in enumerate(lines) if line.strip() == _END_OF_HEADER), None)
    if end is None:
        raise UnreadableInput("the header has no line 'endheader'", where=where)
    fields = dict(line.strip().split("=", 1) for line in lines[:end] if line.count("=") == 1)
    body = "\n".join(line.strip() for line in lines[end + 1 :] if line.strip())
    try:
        table = pd.read_csv(io.StringIO(body), sep=r"\s+", dtype=float).set_index("time")
    except (ValueError, KeyError) as error:
        raise UnreadableInput(
            f"the table cannot be read ({one_line(error)})", where=where
        ) from error
    is_named = "=" not in lines[0] and end > 0
    return MotFile(
        name=lines[0].strip() if is_named else "",
        table=table,
        in_degrees=fields.get("inDegrees", "no").strip().lower() == "yes",
    )


def write_mot(
    path: str | os.PathLike[str],
    columns: Mapping[str, np.ndarray],
    time_s: np.ndarray,
    *,
    name: str = "Coordinates",
) -> Path:
    """Write a table of angles in degrees.

    Parameters
    ----------
    path : path
    columns : mapping of str to array, (frames,)
        Degrees; missing values are written as NaN.
    time_s : array, (frames,)
        Seconds.
    name : str
        First line of the file.

    Returns
    -------
    pathlib.Path
        Where it was written.
    """
    table = np.column_stack([time_s, *columns.values()])
    head = [
        name,
        "version=1",
        f"nRows={table.shape[0]}",
        f"nColumns={table.shape[1]}",
        "inDegrees=yes",
        "",
        _END_OF_HEADER,
        "\t".join(["time", *columns]),
    ]
    rows = ["\t".join("NaN" if np.isnan(v) else f"{v:.6f}" for v in row) for row in table]
    return write_text(path, "\n".join([*head, *rows]) + "\n")


def write_angles(path: str | os.PathLike[str], angles: xr.DataArray) -> Path:
    """Write joint angles under OpenSim's coordinate names.

    Parameters
    ----------
    path : path
    angles : xarray.DataArray, (time, side, joint)
        Degrees, flexion positive.

    Returns
    -------
    pathlib.Path
        Where it was written.

    Notes
    -----
    ``hip``, ``knee`` and ``ankle`` become ``hip_flexion_r`` and the like; our hip angle is that of
    the thigh against the vertical, which is OpenSim's with an upright pelvis. Other angles keep
    their name with the side's letter, which OpenSim ignores.
    """
    ordered = angles.transpose("time", "side", "joint")
    columns = {
        f"{_COORDINATES.get(joint, joint)}_{side[0]}": ordered.sel(
            side=side, joint=joint
        ).to_numpy()
        for side in map(str, ordered["side"].to_numpy())
        for joint in map(str, ordered["joint"].to_numpy())
    }
    return write_mot(path, columns, ordered["time"].to_numpy())
