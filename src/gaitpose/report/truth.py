"""Measured beside true values, for walks of which everything is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gaitpose.gait.result import GaitAnalysis
from gaitpose.skeleton import SIDES, Side
from gaitpose.synthetic.walker import Walk

TRUE_COLUMN = {
    "speed": "speed",
    "stride_time": "stride_time",
    "stride_length": "stride_length",
    "step_time": "step_time",
    "step_length": "step_length",
    "stance_percent": "stance_percent",
}
"""Our parameter's name to the column of :attr:`gaitpose.synthetic.walker.Walk.strides`."""

TRUE_RANGES = ("hip", "knee")


@dataclass(frozen=True)
class Agreement:
    """One value, measured and true, over the same strides.

    Parameters
    ----------
    name : str
        Of the parameter.
    side : {"left", "right"}
    measured, true : float
        Means over the strides that were measured.
    unit : str
    """

    name: str
    side: Side
    measured: float
    true: float
    unit: str


def compare_with_truth(analysis: GaitAnalysis, walk: Walk) -> list[Agreement]:
    """Set the mean of every parameter beside the true mean of the same strides.

    Parameters
    ----------
    analysis : GaitAnalysis
        Of poses that were seen of `walk`, on the same clock.
    walk : Walk

    Returns
    -------
    list of Agreement
    """
    found = []
    for name, column in TRUE_COLUMN.items():
        found += [
            _agreement(analysis, name, side, _true_strides(analysis, walk, side)[column])
            for side in SIDES
        ]
    for joint in TRUE_RANGES:
        found += [
            _agreement(analysis, f"{joint}_range", side, _true_ranges(analysis, walk, side, joint))
            for side in SIDES
        ]
    return [row for row in found if np.isfinite(row.measured)]


def strike_errors(analysis: GaitAnalysis, walk: Walk) -> np.ndarray:
    """Seconds by which each foot strike that was found is late; NaN for one that is none.

    Parameters
    ----------
    analysis : GaitAnalysis
    walk : Walk

    Returns
    -------
    array, (strikes,)
    """
    errors = []
    for side in SIDES:
        times, truth = (_strikes(table, side) for table in (analysis.events, walk.events))
        nearest = truth[np.abs(times[:, None] - truth[None, :]).argmin(axis=1)]
        errors.append(np.where(np.abs(times - nearest) < FAR_OFF_S, times - nearest, np.nan))
    return np.concatenate(errors)


FAR_OFF_S = 0.2
"""A strike farther than this from every true one is no strike."""


def _strikes(events: pd.DataFrame, side: Side) -> np.ndarray:
    chosen = (events["side"] == side) & (events["kind"] == "foot_strike")
    return events.loc[chosen, "time_s"].to_numpy(float)


def _true_strides(analysis: GaitAnalysis, walk: Walk, side: Side) -> pd.DataFrame:
    """Return the true strides that belong to the measured cycles of a side."""
    cycles = analysis.cycle_table
    starts = cycles.loc[cycles["used"] & (cycles["side"] == side), "start_s"].to_numpy(float)
    truth = walk.strides[walk.strides["side"] == side]
    gaps = np.abs(starts[:, None] - truth["start_s"].to_numpy(float)[None, :])
    return truth.iloc[gaps.argmin(axis=1)]


def _true_ranges(analysis: GaitAnalysis, walk: Walk, side: Side, joint: str) -> pd.Series:
    series = walk.angles.sel(side=side, joint=joint)
    strides = _true_strides(analysis, walk, side)
    ranges = []
    for start, end in zip(strides["start_s"], strides["end_s"], strict=True):
        inside = series.sel(time=slice(start, end)).to_numpy()
        ranges.append(inside.max() - inside.min())
    return pd.Series(ranges, dtype=float)


def _agreement(analysis: GaitAnalysis, name: str, side: Side, truth: pd.Series) -> Agreement:
    summary = analysis.summary
    row = summary[(summary["name"] == name) & (summary["side"] == side)]
    measured = float(row["mean"].iloc[0]) if len(row) else np.nan
    unit = str(row["unit"].iloc[0]) if len(row) else ""
    return Agreement(name, side, measured, float(truth.mean()), unit)
