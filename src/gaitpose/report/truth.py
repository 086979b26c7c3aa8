"""Measured beside true values, for walks of which everything is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.gait.result import GaitAnalysis
from gaitpose.report.content import used_cycles
from gaitpose.skeleton import SIDES, Side

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


class Known(Protocol):
    """A walk of which everything is known: one of the walker, or the truth of a drawn clip.

    Attributes
    ----------
    events : DataFrame
        Columns side, kind, time_s.
    strides : DataFrame
        One row a stride: side, start_s, end_s and the columns of :data:`TRUE_COLUMN`.
    angles : DataArray, (time, side, joint)
        Degrees.
    """

    @property
    def events(self) -> pd.DataFrame:  # noqa: D102  -- described above
        ...

    @property
    def strides(self) -> pd.DataFrame:  # noqa: D102  -- described above
        ...

    @property
    def angles(self) -> xr.DataArray:  # noqa: D102  -- described above
        ...


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


def compare_with_truth(analysis: GaitAnalysis, walk: Known) -> list[Agreement]:
    """Set the mean of every parameter beside the true mean of the same strides.

    Parameters
    ----------
    analysis : GaitAnalysis
        Of poses that were seen of `walk`, on the same clock.
    walk : Known

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


def strike_errors(analysis: GaitAnalysis, walk: Known) -> np.ndarray:
    """Seconds by which each foot strike that was found is late; NaN for one that is none.

    Parameters
    ----------
    analysis : GaitAnalysis
    walk : Known

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


def angle_errors(analysis: GaitAnalysis, walk: Known, side: Side, joint: str) -> np.ndarray:
    """Degrees by which an angle is too large, at the samples of the cycles that were used.

    Parameters
    ----------
    analysis : GaitAnalysis
    walk : Known
    side : {"left", "right"}
    joint : str
        Of :attr:`GaitAnalysis.angles`.

    Returns
    -------
    array, (samples,)
    """
    measured = analysis.angles.sel(side=side, joint=joint)
    truth = walk.angles.sel(side=side, joint=joint)
    times = measured["time"].to_numpy()
    true = np.interp(times, truth["time"].to_numpy(), truth.to_numpy())
    cycles = used_cycles(analysis)
    inside = np.zeros(len(times), dtype=bool)
    for start, end in cycles.loc[cycles["side"] == side, ["start_s", "end_s"]].to_numpy(float):
        inside |= (times >= start) & (times <= end)
    errors = np.asarray(measured.to_numpy() - true)[inside]
    return errors[np.isfinite(errors)]


FAR_OFF_S = 0.2
"""A strike farther than this from every true one is no strike."""


def _strikes(events: pd.DataFrame, side: Side) -> np.ndarray:
    chosen = (events["side"] == side) & (events["kind"] == "foot_strike")
    return events.loc[chosen, "time_s"].to_numpy(float)


def _true_strides(analysis: GaitAnalysis, walk: Known, side: Side) -> pd.DataFrame:
    """Return the true strides that belong to the measured cycles of a side."""
    cycles = used_cycles(analysis)
    starts = cycles.loc[cycles["side"] == side, "start_s"].to_numpy(float)
    truth = walk.strides[walk.strides["side"] == side]
    gaps = np.abs(starts[:, None] - truth["start_s"].to_numpy(float)[None, :])
    return truth.iloc[gaps.argmin(axis=1)]


def _true_ranges(analysis: GaitAnalysis, walk: Known, side: Side, joint: str) -> pd.Series:
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
