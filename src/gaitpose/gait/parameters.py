"""Parameters of every cycle, and their summary over cycles."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.gait import symmetry
from gaitpose.gait.cycles import Cycle
from gaitpose.gait.motion import SagittalMotion
from gaitpose.gait.placement import measure_lengths
from gaitpose.gait.scale import Scale
from gaitpose.gait.settings import PlacementSettings
from gaitpose.skeleton import SIDES

COLUMNS = ("name", "side", "cycle", "value", "unit")
SUMMARY_COLUMNS = ("name", "side", "mean", "sd", "cv", "n", "unit", "uncertainty")

ALL_CYCLES = -1
"""Cycle number of parameters that rest on all cycles."""

OF_BOTH = ("cadence", "speed", "double_support_percent")
"""Parameters of the walk, not of a leg: summarised over the cycles of both sides together."""

COMPARED = (
    "step_time",
    "step_length",
    "stance_time",
    "swing_time",
    "stance_percent",
    "hip_range",
    "knee_range",
    "ankle_range",
)
"""Parameters of which symmetry indices are formed."""


def measure_cycles(
    motion: SagittalMotion, angles: xr.DataArray, cycles: list[Cycle], settings: PlacementSettings
) -> pd.DataFrame:
    """Measure all parameters of all used cycles.

    Parameters
    ----------
    motion : SagittalMotion
    angles : xarray.DataArray, (time, side, joint)
        Degrees.
    cycles : list of Cycle
    settings : PlacementSettings

    Returns
    -------
    pandas.DataFrame
        Tidy: name, side (that of the cycle), cycle, value, unit. Values are finite.
    """
    rows = [
        (name, cycle.side, cycle.number, value, unit)
        for cycle in cycles
        if cycle.used
        for name, value, unit in (
            *time_parameters(
                cycle.strike, cycle.other_off, cycle.other_strike, cycle.off, cycle.next_strike
            ),
            *_lengths(motion, cycle, settings),
            *_joints(angles, cycle),
        )
        if math.isfinite(value)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def time_parameters(
    strike: float, other_off: float, other_strike: float, off: float, next_strike: float
) -> Iterator[tuple[str, float, str]]:
    """Yield name, value and unit of the durations of one cycle, and of their shares.

    Parameters
    ----------
    strike, other_off, other_strike, off, next_strike : float
        Events of the cycle in their order, seconds; a leg's step is the one that ends with its
        next strike.
    """
    stride = next_strike - strike
    stance = off - strike
    double = (other_off - strike) + (off - other_strike)
    yield "stride_time", stride, "s"
    yield "step_time", next_strike - other_strike, "s"
    yield "stance_time", stance, "s"
    yield "swing_time", stride - stance, "s"
    yield "cadence", 120.0 / stride, "steps/min"
    yield "stance_percent", 100.0 * stance / stride, "%"
    yield "swing_percent", 100.0 * (1.0 - stance / stride), "%"
    yield "single_support_percent", 100.0 * (other_strike - other_off) / stride, "%"
    yield "double_support_percent", 100.0 * double / stride, "%"


def _lengths(
    motion: SagittalMotion, cycle: Cycle, settings: PlacementSettings
) -> Iterator[tuple[str, float, str]]:
    lengths = measure_lengths(motion, cycle, settings)
    yield "stride_length", lengths.stride, motion.units
    yield "step_length", lengths.step, motion.units
    yield "speed", lengths.stride / cycle.duration, f"{motion.units}/s"


def _joints(angles: xr.DataArray, cycle: Cycle) -> Iterator[tuple[str, float, str]]:
    time = angles.time.values
    during = angles.sel(side=cycle.side).isel(
        time=(time >= cycle.strike) & (time <= cycle.next_strike)
    )
    swing = during.time.values >= cycle.off
    for joint in map(str, angles.joint.values):
        curve = during.sel(joint=joint).values
        if not len(curve) or not np.isfinite(curve).all():
            continue
        yield f"{joint}_range", float(np.ptp(curve)), "deg"
        yield f"{joint}_peak_flexion", float(curve.max()), "deg"
        yield f"{joint}_peak_extension", float(curve.min()), "deg"
        if joint == "knee" and swing.any():
            yield "knee_peak_swing", float(curve[swing].max()), "deg"


def compare_sides(parameters: pd.DataFrame) -> pd.DataFrame:
    """Form the symmetry indices from the means of left and right.

    Parameters
    ----------
    parameters : pandas.DataFrame
        From :func:`measure_cycles`.

    Returns
    -------
    pandas.DataFrame
        In the same columns, side ``both``, cycle -1: ``phase_symmetry_index`` (Eq. 12, raw) and
        ``phase_symmetry_index_capped``; ``symmetry_ratio_X`` (left over right),
        ``robinson_index_X`` and ``symmetry_angle_X`` (percent) for every X that was measured on
        both sides.
    """
    means = parameters.groupby(["name", "side"]).value.mean()

    def of(name: str) -> tuple[float, float]:
        return tuple(float(means.get((name, side), math.nan)) for side in SIDES)  # type: ignore[return-value]

    phase = symmetry.phase_symmetry_index(
        float(np.mean(of("stride_time"))), of("stance_time"), of("swing_time")
    )
    rows = [
        ("phase_symmetry_index", phase, "1"),
        ("phase_symmetry_index_capped", symmetry.capped(phase), "1"),
    ]
    for name in COMPARED:
        rows += [
            (f"symmetry_ratio_{name}", symmetry.symmetry_ratio(*of(name)), "1"),
            (f"robinson_index_{name}", symmetry.robinson_index(*of(name)), "%"),
            (f"symmetry_angle_{name}", symmetry.symmetry_angle(*of(name)), "%"),
        ]
    finite = [
        (name, "both", ALL_CYCLES, value, unit)
        for name, value, unit in rows
        if math.isfinite(value)
    ]
    return pd.DataFrame(finite, columns=list(COLUMNS))


def summarize(parameters: pd.DataFrame, scale: Scale | None) -> pd.DataFrame:
    """Summarise over cycles.

    Parameters
    ----------
    parameters : pandas.DataFrame
        Cycles and symmetry together.
    scale : Scale or None
        Its spread becomes the uncertainty of lengths in metres.

    Returns
    -------
    pandas.DataFrame
        One row a name and side: mean, sd (n - 1), cv (percent of the mean's amount), n (cycles),
        unit, uncertainty (of the mean, from the scale). ``cadence``, ``speed`` and
        ``double_support_percent`` belong to the walk and have side ``both``.
    """
    pooled = parameters.assign(side=parameters.side.where(~parameters.name.isin(OF_BOTH), "both"))
    rows = []
    for (name, side, unit), group in pooled.groupby(["name", "side", "unit"], sort=False):
        mean, count = float(group.value.mean()), len(group)
        sd = float(group.value.std(ddof=1)) if count > 1 else math.nan
        cv = 100.0 * sd / abs(mean) if mean else math.nan
        in_metres = scale is not None and str(unit) in ("m", "m/s")
        uncertainty = abs(mean) * scale.spread if scale is not None and in_metres else math.nan
        rows.append((name, side, mean, sd, cv, count, unit, uncertainty))
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))
