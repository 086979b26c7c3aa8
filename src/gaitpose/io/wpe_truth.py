"""``truth.json`` of a clip: events, joint angles over time, lengths and strides of the walk."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import BaseModel

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import write_text
from gaitpose.io.json_text import in_form, read_json
from gaitpose.io.wpe_sample import TRUTH
from gaitpose.skeleton import SIDES

VERSION = 1

_DECIMALS = 6
"""Of seconds, metres and degrees."""


@dataclass(frozen=True)
class Truth:
    """What is true of the walk in a clip.

    Parameters
    ----------
    events : DataFrame
        Columns side, kind (foot_strike, foot_off), time_s.
    angles : DataArray, (time, side, joint)
        Degrees, flexion +; time in seconds since the clip began.
    lengths : mapping
        Metres by name: thigh, shank, leg_length, height, ...
    strides : DataFrame
        One row a stride: side, start_s, foot_off_s, end_s, stride_length, step_length, ... in s
        and m.
    attributes : mapping
        Whatever else should be kept, as JSON takes it.
    """

    events: pd.DataFrame
    angles: xr.DataArray
    lengths: Mapping[str, float]
    strides: pd.DataFrame
    attributes: Mapping[str, Any] = field(default_factory=dict)


class _Event(BaseModel):
    side: Literal["left", "right"]
    kind: Literal["foot_strike", "foot_off"]
    time_s: float


class _Angles(BaseModel):
    time_s: list[float]
    left: dict[str, list[float | None]]
    right: dict[str, list[float | None]]


class _Content(BaseModel):
    version: int
    events: list[_Event]
    angles: _Angles
    lengths: dict[str, float]
    strides: list[dict[str, Any]]
    attributes: dict[str, Any] = {}


def write_truth(folder: str | os.PathLike[str], truth: Truth) -> Path:
    """Write the truth of the clip in a folder."""
    angles = truth.angles.transpose("time", "side", "joint")
    content: dict[str, Any] = {
        "version": VERSION,
        "units": {"time": "s", "length": "m", "angle": "deg"},
        "lengths": {name: round(float(value), _DECIMALS) for name, value in truth.lengths.items()},
        "events": _rows(truth.events),
        "strides": _rows(truth.strides),
        "angles": {
            "time_s": _numbers(angles["time"].to_numpy()),
            **{
                side: {
                    str(joint): _numbers(angles.sel(side=side, joint=joint).to_numpy())
                    for joint in angles["joint"].to_numpy()
                }
                for side in SIDES
            },
        },
    }
    if truth.attributes:
        content["attributes"] = dict(truth.attributes)
    rows = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
    return write_text(Path(folder) / TRUTH, "{\n" + ",\n".join(rows) + "\n}\n")


def read_truth(folder: str | os.PathLike[str]) -> Truth:
    """Read the truth of the clip in a folder.

    Raises
    ------
    UnreadableInput
        If ``truth.json`` is absent or damaged.
    """
    path = Path(folder) / TRUTH
    content = in_form(_Content, read_json(path), str(path))
    if content.version > VERSION:
        raise UnreadableInput(
            f"version {content.version} is newer than this program", where=str(path)
        )
    return Truth(
        events=pd.DataFrame(
            [dict(event) for event in content.events], columns=["side", "kind", "time_s"]
        ),
        angles=_angles(content.angles, str(path)),
        lengths=content.lengths,
        strides=pd.DataFrame(content.strides),
        attributes=content.attributes,
    )


def _angles(content: _Angles, where: str) -> xr.DataArray:
    time = np.array(content.time_s, dtype=float)
    joints = list(content.left)
    if list(content.right) != joints:
        raise UnreadableInput("angles of left and right are of different joints", where=where)
    table = np.full((len(time), len(SIDES), len(joints)), np.nan)
    for s, curves in enumerate((content.left, content.right)):
        for j, joint in enumerate(joints):
            curve = np.array(curves[joint], dtype=float)
            if curve.shape != time.shape:
                raise UnreadableInput(
                    f"{len(curve)} values of {joint} for {len(time)} times", where=where
                )
            table[:, s, j] = curve
    return xr.DataArray(
        table,
        dims=("time", "side", "joint"),
        coords={"time": time, "side": list(SIDES), "joint": joints},
        name="angle",
        attrs={"units": "deg"},
    )


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.to_dict(orient="records")
    ]


def _plain(value: Any) -> Any:
    """Return what JSON takes: numbers rounded, NaN as null."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.number):
        return round(float(value), _DECIMALS) if np.isfinite(value) else None
    return value


def _numbers(values: np.ndarray) -> list[Any]:
    return [_plain(value) for value in values.tolist()]
