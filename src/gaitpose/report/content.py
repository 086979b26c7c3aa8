"""What the report shows, as tables and rows, before any back-end draws or prints it.

Matplotlib, Plotly, the HTML page, the CSV files and the command line all read from here, so that
none of them can show another number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from gaitpose.gait.result import GaitAnalysis
from gaitpose.report.names import JOINTS, MINUS, PARAMETERS, label_of, number, unit_text
from gaitpose.report.usual import PHASE_SYMMETRY, usual_for
from gaitpose.skeleton import SIDES, Side

COMPARED = ("step_time", "step_length", "stance_percent", "swing_percent", "single_support_percent")
"""Parameters of which left and right are drawn side by side."""

CURVE_JOINTS = ("hip", "knee", "ankle", "trunk")
"""Joints whose curves over the cycle are drawn (all are in the tables)."""

TIME_JOINTS = ("hip", "knee", "ankle")
"""Joints that are drawn over the whole recording."""

CURVE_COLUMNS = [
    "joint",
    "side",
    "percent",
    "mean_deg",
    "sd_deg",
    "cycles",
    "norm_low_deg",
    "norm_high_deg",
]

JOINT_QUANTITIES = ("range", "peak_flexion", "peak_extension", "peak_swing")


@dataclass(frozen=True)
class Measured:
    """Mean and spread of one parameter on one side (or of both).

    Parameters
    ----------
    mean, sd : float
        In the parameter's unit; SD is NaN from a single cycle.
    count : int
        Cycles that were measured.
    """

    mean: float
    sd: float
    count: int

    def text(self, decimals: int) -> str:
        """Return mean and SD as they are printed."""
        if not math.isfinite(self.mean):
            return "–"
        spread = f" ± {number(self.sd, decimals)}" if math.isfinite(self.sd) else ""
        return number(self.mean, decimals) + spread


@dataclass(frozen=True)
class Row:
    """One line of the table of parameters.

    Parameters
    ----------
    name : str
        Name in ``parameters.csv``.
    words, explanation, unit : str
        As printed.
    decimals : int
    left, right, both : Measured or None
        A parameter has either sides or one value for both.
    norm : (float, float) or None
        Usual range at this walking speed.
    robinson : float or None
        Robinson's symmetry index, percent.
    """

    name: str
    words: str
    explanation: str
    unit: str
    decimals: int
    left: Measured | None
    right: Measured | None
    both: Measured | None
    norm: tuple[float, float] | None
    robinson: float | None

    def cell(self, side: str) -> str:
        """Return the text of the cell of ``"left"``, ``"right"`` or ``"both"``."""
        measured: Measured | None = getattr(self, side)
        return measured.text(self.decimals) if measured else ""

    def norm_text(self) -> str:
        """Return the usual range as it is printed."""
        if self.norm is None:
            return ""
        low, high = (number(bound, self.decimals) for bound in self.norm)
        return f"{low} to {high}"

    def verdict(self, side: str) -> str:
        """``"above"``, ``"below"`` or ``"within"`` the usual range; empty where none is known."""
        measured: Measured | None = getattr(self, side)
        if measured is None or self.norm is None or not math.isfinite(measured.mean):
            return ""
        if measured.mean > self.norm[1]:
            return "above"
        return "below" if measured.mean < self.norm[0] else "within"

    def difference_text(self) -> str:
        """Left minus right in the parameter's unit, and in percent where that has a meaning."""
        if self.left is None or self.right is None:
            return ""
        difference = self.left.mean - self.right.mean
        if not math.isfinite(difference):
            return ""
        text = number(difference, self.decimals)
        is_signed = text.startswith(MINUS) or float(text) == 0
        text = text if is_signed else f"+{text}"
        if self.robinson is None or not math.isfinite(self.robinson):
            return text
        return f"{text} ({number(abs(self.robinson), 0)} %)"


def parameter_rows(analysis: GaitAnalysis) -> list[Row]:
    """Rows of space and time, in the order of :data:`~gaitpose.report.names.PARAMETERS`."""
    usual = usual_for(analysis)
    bands = {"phase_symmetry_index_capped": PHASE_SYMMETRY, **(usual.bands() if usual else {})}
    return [row for name in PARAMETERS if (row := _row(analysis, name, bands)) is not None]


def joint_rows(analysis: GaitAnalysis) -> list[Row]:
    """Rows of range and peaks of every joint."""
    names = [f"{joint}_{quantity}" for joint in JOINTS for quantity in JOINT_QUANTITIES]
    return [row for name in names if (row := _row(analysis, name, {})) is not None]


def _row(analysis: GaitAnalysis, name: str, bands: Mapping[str, tuple[float, float]]) -> Row | None:
    found = analysis.summary[analysis.summary["name"] == name]
    if found.empty:
        return None
    sides = {
        str(side): Measured(float(mean), float(sd), int(count))
        for side, mean, sd, count in zip(
            found["side"], found["mean"], found["sd"], found["n"], strict=True
        )
    }
    label = label_of(name)
    return Row(
        name=name,
        words=label.words,
        explanation=label.explanation,
        unit=unit_text(str(found["unit"].iloc[0])),
        decimals=label.decimals,
        left=sides.get("left"),
        right=sides.get("right"),
        both=sides.get("both"),
        norm=bands.get(name),
        robinson=_value(analysis, f"robinson_index_{name}"),
    )


def _value(analysis: GaitAnalysis, name: str) -> float | None:
    found = analysis.summary.loc[analysis.summary["name"] == name, "mean"]
    return float(found.iloc[0]) if len(found) else None


def used_cycles(analysis: GaitAnalysis) -> pd.DataFrame:
    """Return the rows of the cycle table that entered the means."""
    table = analysis.cycle_table
    # An empty column of objects would be taken for a list of column names.
    return table[table["used"].astype(bool)]


def dropped_cycles(analysis: GaitAnalysis) -> pd.DataFrame:
    """Return the rows of the cycle table that were left out."""
    table = analysis.cycle_table
    return table[~table["used"].astype(bool)]


def stance_table(analysis: GaitAnalysis) -> pd.DataFrame:
    """Every foot strike to the next foot off of its side: columns ``side, start_s, end_s``.

    Only within one pass: what the foot does while nobody looks is not known.
    """
    starts = [float(analysis.poses["time"][walk.start]) for walk in analysis.passes]
    rows = []
    for side in SIDES:
        events = analysis.events[analysis.events["side"] == side].sort_values("time_s")
        passes = np.searchsorted(starts, events["time_s"], side="right")
        own = list(zip(events["kind"], events["time_s"], passes, strict=True))
        rows += [
            (side, float(strike), float(off))
            for (kind, strike, walk), (following, off, same) in pairwise(own)
            if (kind, following) == ("foot_strike", "foot_off") and walk == same
        ]
    return pd.DataFrame(rows, columns=["side", "start_s", "end_s"])


def foot_off_percent(analysis: GaitAnalysis) -> dict[Side, float]:
    """Mean stance of each side in percent of the cycle: where the curves have foot off."""
    found: dict[Side, float] = {}
    for side in SIDES:
        chosen = (analysis.summary["name"] == "stance_percent") & (analysis.summary["side"] == side)
        means = analysis.summary.loc[chosen, "mean"]
        if len(means) and np.isfinite(means.iloc[0]):
            found[side] = float(means.iloc[0])
    return found


def curve_table(analysis: GaitAnalysis) -> pd.DataFrame:
    """Mean and SD of every joint angle over the cycles used, with the usual band.

    Parameters
    ----------
    analysis : GaitAnalysis

    Returns
    -------
    pandas.DataFrame
        Columns ``joint, side, percent, mean_deg, sd_deg, cycles, norm_low_deg, norm_high_deg``; the
        SD is NaN from a single cycle, the band where no norm is known.
    """
    curves = analysis.cycles.transpose("side", "cycle", "phase", "joint")
    used = used_cycles(analysis)
    usual = usual_for(analysis)
    parts = []
    for joint in (each for each in JOINTS if each in curves["joint"].to_numpy()):
        for side in SIDES:
            chosen = used.loc[used["side"] == side, "cycle"].to_numpy()
            if not len(chosen):
                continue
            values = curves.sel(side=side, joint=joint, cycle=chosen)
            spread = values.std("cycle", ddof=1) if len(chosen) > 1 else values[0] * np.nan
            part = pd.DataFrame(
                {
                    "joint": joint,
                    "side": side,
                    "percent": values["phase"].to_numpy(),
                    "mean_deg": values.mean("cycle").to_numpy(),
                    "sd_deg": spread.to_numpy(),
                    "cycles": len(chosen),
                }
            )
            parts.append(_with_norm(part, usual.curve(joint) if usual else None))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=CURVE_COLUMNS)


def _with_norm(part: pd.DataFrame, norm: pd.DataFrame | None) -> pd.DataFrame:
    if norm is None:
        return part.assign(norm_low_deg=np.nan, norm_high_deg=np.nan)
    low, high = (
        np.interp(part["percent"], norm["percent"], norm["mean"] + sign * norm["sd"])
        for sign in (-1, 1)
    )
    return part.assign(norm_low_deg=low, norm_high_deg=high)


def overall(row: Row) -> float | None:
    """One value for a parameter: that of both, or the mean of left and right."""
    if row.both is not None:
        return row.both.mean
    means = [measured.mean for measured in (row.left, row.right) if measured is not None]
    return float(np.mean(means)) if means else None


def recorded_span(analysis: GaitAnalysis) -> tuple[float, float]:
    """First and last second of the analysed recording."""
    time = analysis.angles["time"].to_numpy()
    return float(time[0]), float(time[-1])


def frame_rate(analysis: GaitAnalysis) -> float:
    """Return the frames per second of the input."""
    return float(analysis.raw_poses.attrs["fps"])


def surface_words(analysis: GaitAnalysis) -> str:
    """Say what the subject walked on."""
    return analysis.recording.surface


def leg_length_words(analysis: GaitAnalysis) -> str:
    """Say the leg length that lengths rest on."""
    legs = analysis.subject.leg_lengths()
    if legs is None:
        return "not given"
    left, right = (number(leg, 2) for leg in legs)
    words = f"{left} m" if left == right else f"{left} m left, {right} m right"
    return f"{words} (estimated from height)" if analysis.subject.is_estimated else words
