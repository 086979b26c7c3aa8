"""The result of a gait analysis: tables and curves with all that is needed to judge them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.gait.findings import Finding
from gaitpose.gait.motion import Pass
from gaitpose.gait.passes import LeftOut
from gaitpose.gait.scale import Scale
from gaitpose.gait.settings import GaitSettings
from gaitpose.subject import Recording, Subject

SCHEMA_VERSION = "1.0"
"""Of :meth:`GaitAnalysis.to_json`; described in ``gait.schema.json`` beside this module."""


@dataclass(frozen=True, eq=False)
class GaitAnalysis:
    """All that was measured in one recording.

    Parameters
    ----------
    raw_poses : xarray.Dataset
        The input.
    poses : xarray.Dataset
        Clean motion: ``position`` (time, space, keypoints), x forward, y up, metres or leg lengths
        (attribute ``units``), NaN outside the passes.
    repaired : xarray.DataArray, (time, space, keypoints)
        In the input's frame and units, with swaps repaired and gaps filled: what an overlay draws.
    angles : xarray.DataArray, (time, side, joint)
        Degrees, flexion positive.
    events : pandas.DataFrame
        Columns side, kind, time_s, frame, quality.
    cycles : xarray.DataArray, (side, cycle, phase, joint)
        Curves of the cycles used, degrees over 0..100 %.
    cycle_table : pandas.DataFrame
        Columns side, cycle, start_s, end_s, pass, used, reason.
    parameters : pandas.DataFrame
        Tidy: name, side (left, right, both), cycle, value, unit. The cycle is -1 for what rests on
        all cycles (symmetry).
    summary : pandas.DataFrame
        name, side, mean, sd, cv (percent), n, unit, uncertainty (standard uncertainty of the mean
        from the scale, in the unit; NaN for what needs no scale).
    passes : list of Pass
        Straight walks.
    left_out : list of LeftOut
        Stretches that belong to no pass, with the reason.
    quality : tuple of Finding
        What the reader should know.
    subject : Subject
    recording : Recording
        With the surface that was found where ``auto`` was asked for.
    settings : GaitSettings
    scale : Scale or None
    provenance : dict
        Versions, hashes, command.
    """

    raw_poses: xr.Dataset
    poses: xr.Dataset
    repaired: xr.DataArray
    angles: xr.DataArray
    events: pd.DataFrame
    cycles: xr.DataArray
    cycle_table: pd.DataFrame
    parameters: pd.DataFrame
    summary: pd.DataFrame
    passes: list[Pass]
    left_out: list[LeftOut]
    quality: tuple[Finding, ...]
    subject: Subject
    recording: Recording
    settings: GaitSettings
    scale: Scale | None
    provenance: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the analysis as plain dictionaries, lists, strings and finite numbers.

        Returns
        -------
        dict
            Valid against ``gait.schema.json``; missing values are None. Poses and angles over time
            are not in it (they have files of their own).
        """
        is_symmetry = self.summary.name.map(is_symmetry_name)
        return {
            "schema": "gaitpose.gait",
            "schema_version": SCHEMA_VERSION,
            "subject": self.subject.model_dump(),
            "recording": {
                **self.recording.model_dump(),
                "fps": float(self.raw_poses.attrs["fps"]),
                "duration_s": _plain(float(np.ptp(self.raw_poses.time.values))),
                "dimensions": int(self.raw_poses.sizes["space"]),
            },
            "settings": self.settings.model_dump(mode="json"),
            "provenance": self.provenance,
            "scale": None if self.scale is None else _plain(vars(self.scale)),
            "passes": [self._pass(index) for index in range(len(self.passes))],
            "left_out": [self._left_out(stretch) for stretch in self.left_out],
            "events": _records(self.events),
            "cycles": [
                {**row, "angles": self._curves(row["side"], row["cycle"], row["used"])}
                for row in _records(self.cycle_table)
            ],
            "phase_percent": _plain(self.cycles.phase.values),
            "parameters": _records(self.parameters),
            "summary": _records(self.summary[~is_symmetry]),
            "symmetry": {
                str(row["name"]): {"value": row["mean"], "unit": row["unit"]}
                for row in _records(self.summary[is_symmetry])
            },
            "quality": [vars(finding) for finding in self.quality],
        }

    def _pass(self, index: int) -> dict[str, Any]:
        walk = self.passes[index]
        return {
            **self._span(walk.start, walk.stop),
            "direction": walk.direction,
            "near_side": walk.near_side,
        }

    def _left_out(self, stretch: LeftOut) -> dict[str, Any]:
        return {**self._span(stretch.start, stretch.stop), "reason": stretch.reason}

    def _span(self, start: int, stop: int) -> dict[str, Any]:
        time = self.poses.time.values
        return {"start_s": float(time[start]), "end_s": float(time[stop - 1])}

    def _curves(self, side: str, cycle: int, used: bool) -> dict[str, Any] | None:
        if not used:
            return None
        curves = self.cycles.sel(side=side, cycle=cycle)
        return {str(j): _plain(curves.sel(joint=j).values.round(3)) for j in curves.joint.values}


def is_symmetry_name(name: str) -> bool:
    """Whether a parameter compares left and right."""
    return name.startswith(("symmetry_", "robinson_", "phase_symmetry_"))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): _plain(value) for key, value in row.items()}
        for row in table.to_dict(orient="records")
    ]


def _plain(value: Any) -> Any:
    """Turn arrays and NumPy scalars into lists and numbers, and what is not finite into None."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return [_plain(item) for item in value]
