"""Compare two recordings of the same movement: every angle, every parameter, over the cycle."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.agreement import metrics
from gaitpose.agreement.align import AlignSettings, Lag, align
from gaitpose.agreement.bland_altman import bland_altman
from gaitpose.agreement.parametric_mapping import PairedMap, paired_t_map
from gaitpose.agreement.recording import AngleRecording, common_angles

SCHEMA_VERSION = 1
SOURCES = ("ours", "reference")


class CompareSettings(BaseModel):
    """How two recordings are compared.

    Parameters
    ----------
    align : AlignSettings
    phases : int
        Samples of a cycle, 0..100 %.
    alpha : float
        Error rate of the statistical parametric map.
    shortest_cycle, longest_cycle : float
        Seconds between strikes of one foot that make a cycle.
    match_tolerance : float
        Seconds within which two cycles start together, for comparing parameters.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    align: AlignSettings = AlignSettings()
    phases: int = Field(default=101, ge=11)
    alpha: float = Field(default=0.05, gt=0, lt=1)
    shortest_cycle: float = Field(default=0.4, gt=0)
    longest_cycle: float = Field(default=3.0, gt=0)
    match_tolerance: float = Field(default=0.15, gt=0)


@dataclass(frozen=True)
class Agreement:
    """What :func:`compare` found.

    Attributes
    ----------
    ours, reference : str
        Names of the recordings.
    angles : pandas.DataFrame
        One row a side and joint; degrees. Columns as :func:`_angle_row` makes them.
    parameters : pandas.DataFrame
        One row a parameter and side, over the cycles that both recordings have.
    curves : xarray.DataArray
        Dims ``source, side, joint, cycle, phase``; NaN where there is no such cycle.
    maps : dict
        (side, joint) -> :class:`PairedMap` over the cycles.
    aligned : tuple of xarray.DataArray
        Both recordings on one clock.
    """

    ours: str
    reference: str
    lag: Lag
    angles: pd.DataFrame
    parameters: pd.DataFrame
    curves: xr.DataArray
    maps: dict[tuple[str, str], PairedMap]
    aligned: tuple[xr.DataArray, xr.DataArray]
    notes: tuple[str, ...]
    settings: CompareSettings

    def to_json(self) -> dict[str, Any]:
        """Everything but the samples, as plain types; NaN becomes null."""
        lag = {
            "seconds": self.lag.seconds,
            "by": self.lag.by.value,
            "fit": self.lag.fit,
            "others": list(self.lag.others),
        }
        content = {
            "schema_version": SCHEMA_VERSION,
            "ours": self.ours,
            "reference": self.reference,
            "lag": lag,
            "angles": self.angles.to_dict("records"),
            "parameters": self.parameters.to_dict("records"),
            "statistical_parametric_maps": [
                {
                    "side": side,
                    "joint": joint,
                    "degrees_of_freedom": found.degrees_of_freedom,
                    "threshold": found.threshold,
                    "fwhm": found.fwhm,
                    "clusters": [asdict(cluster) for cluster in found.clusters],
                    "reason": found.reason,
                }
                for (side, joint), found in self.maps.items()
            ],
            "notes": list(self.notes),
            "settings": self.settings.model_dump(mode="json"),
        }
        return _plain(content)


def compare(
    ours: AngleRecording, reference: AngleRecording, settings: CompareSettings | None = None
) -> Agreement:
    """Compare two recordings of the same movement.

    Parameters
    ----------
    ours, reference : AngleRecording
    settings : CompareSettings, optional

    Returns
    -------
    Agreement
        Differences are ours minus reference.

    Raises
    ------
    UnreadableInput
        If the two have no angle in common or do not overlap in time.
    """
    settings = settings or CompareSettings()
    pairs = common_angles(ours, reference)
    first, second, lag = align(ours, reference, settings.align)
    cycles = _cycles(ours, reference, lag.seconds, first["time"].values, settings)
    curves = _curves(first, second, pairs, cycles, settings.phases)
    rows, maps = [], {}
    for side, joint in pairs:
        a = first.sel(side=side, joint=joint).values
        b = second.sel(side=side, joint=joint).values
        of_both = curves.sel(side=side, joint=joint).values
        rows.append(_angle_row(str(side), str(joint), a, b, of_both))
        maps[str(side), str(joint)] = paired_t_map(of_both[0], of_both[1], settings.alpha)
    return Agreement(
        ours=ours.name,
        reference=reference.name,
        lag=lag,
        angles=pd.DataFrame(rows),
        parameters=_parameters(ours, reference, lag.seconds, settings.match_tolerance),
        curves=curves,
        maps=maps,
        aligned=(first, second),
        notes=tuple(_notes(ours, reference, pairs, cycles, lag)),
        settings=settings,
    )


def _angle_row(
    side: str, joint: str, ours: np.ndarray, reference: np.ndarray, curves: np.ndarray
) -> dict[str, Any]:
    limits = bland_altman(ours, reference)
    a, b = metrics.paired(ours, reference)
    whole = curves[:, np.isfinite(curves).all(axis=(0, 2))]
    # Without cycles the recording as a whole is the one curve that both protocols saw.
    seen_by_both = whole.transpose(1, 0, 2) if whole.shape[1] else np.stack([a, b])[np.newaxis]
    between = metrics.cmc_between(seen_by_both)
    within = [metrics.cmc_within(source) for source in whole]
    return {
        "side": side,
        "joint": joint,
        "unit": "deg",
        "samples": int(a.size),
        "cycles": int(whole.shape[1]),
        "rmse": metrics.rmse(a, b),
        "mae": metrics.mae(a, b),
        "bias": limits.bias,
        "limit_low": limits.lower,
        "limit_high": limits.upper,
        "rmse_without_offset": metrics.rmse_without_offset(a, b),
        "mae_without_offset": metrics.mae_without_offset(a, b),
        "r": metrics.pearson(a, b),
        "icc_2_1": metrics.icc_2_1(np.stack([a, b], axis=1)),
        "cmc_between": between.value,
        "cmc_between_reason": between.reason,
        "cmc_within_ours": within[0].value,
        "cmc_within_reference": within[1].value,
        "cmc_within_reason": within[0].reason or within[1].reason,
        "similarity": metrics.curve_similarity(a, b),
        "range_ours": float(np.ptp(a)) if a.size else math.nan,
        "range_reference": float(np.ptp(b)) if b.size else math.nan,
    }


def _cycles(
    ours: AngleRecording,
    reference: AngleRecording,
    lag: float,
    times: np.ndarray,
    settings: CompareSettings,
) -> dict[str, list[tuple[float, float]]]:
    """Start and end of each side's cycles on the reference's clock; its events come first."""
    for recording, shift in ((reference, 0.0), (ours, lag)):
        strikes = recording.events[recording.events["kind"] == "foot_strike"]
        if strikes.empty:
            continue
        found: dict[str, list[tuple[float, float]]] = {}
        for side, group in strikes.groupby("side"):
            marks = np.sort(np.asarray(group["time_s"], dtype=float)) + shift
            found[str(side)] = [
                (float(start), float(end))
                for start, end in pairwise(marks)
                if settings.shortest_cycle <= end - start <= settings.longest_cycle
                and start >= times[0] - 1e-6
                and end <= times[-1] + 1e-6
            ]
        return found
    return {}


def _curves(
    first: xr.DataArray,
    second: xr.DataArray,
    pairs: list[tuple[Hashable, Hashable]],
    cycles: dict[str, list[tuple[float, float]]],
    phases: int,
) -> xr.DataArray:
    sides = list(dict.fromkeys(str(side) for side, _ in pairs))
    joints = list(dict.fromkeys(str(joint) for _, joint in pairs))
    longest = max((len(found) for found in cycles.values()), default=0)
    values = np.full((2, len(sides), len(joints), longest, phases), np.nan)
    clock = first["time"].values
    for side, joint in pairs:
        where = sides.index(str(side)), joints.index(str(joint))
        for source, angles in enumerate((first, second)):
            curve = angles.sel(side=side, joint=joint).values
            for number, (start, end) in enumerate(cycles.get(str(side), [])):
                # np.interp carries NaN into both neighbouring intervals, which is what we want.
                at = np.linspace(start, end, phases)
                values[(source, *where, number)] = np.interp(at, clock, curve)
    return xr.DataArray(
        values,
        dims=("source", "side", "joint", "cycle", "phase"),
        coords={
            "source": list(SOURCES),
            "side": sides,
            "joint": joints,
            "phase": np.linspace(0, 100, phases),
        },
        attrs={"units": "deg"},
    )


def _parameters(
    ours: AngleRecording, reference: AngleRecording, lag: float, tolerance: float
) -> pd.DataFrame:
    pairs = _matched_cycles(ours.cycle_starts, reference.cycle_starts, lag, tolerance)
    a = ours.parameters.merge(pairs, left_on=["side", "cycle"], right_on=["side", "ours"])
    both = a.merge(
        reference.parameters,
        left_on=["name", "side", "reference", "unit"],
        right_on=["name", "side", "cycle", "unit"],
        suffixes=("", "_reference"),
    )
    rows = []
    for (name, side, unit), group in both.groupby(["name", "side", "unit"], sort=False):
        x = group["value"].to_numpy(dtype=float)
        y = group["value_reference"].to_numpy(dtype=float)
        limits = bland_altman(x, y)
        rows.append(
            {
                "name": name,
                "side": side,
                "unit": unit,
                "cycles": limits.n,
                "ours": float(np.mean(x)),
                "reference": float(np.mean(y)),
                "bias": limits.bias,
                "limit_low": limits.lower,
                "limit_high": limits.upper,
                "mae": metrics.mae(x, y),
                "rmse": metrics.rmse(x, y),
                "r": metrics.pearson(x, y),
                "icc_2_1": metrics.icc_2_1(np.stack([x, y], axis=1)),
            }
        )
    return pd.DataFrame(rows)


def _matched_cycles(
    ours: pd.DataFrame, reference: pd.DataFrame, lag: float, tolerance: float
) -> pd.DataFrame:
    matches = []
    for _, mine in ours.iterrows():
        same = reference[reference["side"] == mine["side"]]
        distance = np.abs(same["start_s"].to_numpy(dtype=float) - (mine["start_s"] + lag))
        if distance.size and distance.min() <= tolerance:
            partner = same.iloc[int(distance.argmin())]
            matches.append((mine["side"], mine["cycle"], partner["cycle"]))
    return pd.DataFrame(matches, columns=["side", "ours", "reference"])


def _notes(
    ours: AngleRecording,
    reference: AngleRecording,
    pairs: list[tuple[Hashable, Hashable]],
    cycles: dict[str, list[tuple[float, float]]],
    lag: Lag,
) -> list[str]:
    notes = []
    if lag.others:
        shifts = ", ".join(f"{shift:+.2f}" for shift in sorted(lag.others, key=abs)[:3])
        notes.append(
            f"The clocks were shifted by {lag.seconds:+.2f} s, the smallest of "
            f"{len(lag.others) + 1} shifts that fit as well (also {shifts} s), as walking repeats "
            "itself: strides may be compared with others than their own. Start both recordings "
            "together; if they have one clock, use --align none."
        )
    if any(joint == "hip" for _, joint in pairs) and ours.hip != reference.hip:
        notes.append(
            f"The hip angle is {ours.hip or 'not named'} in {ours.name} and "
            f"{reference.hip or 'not named'} in {reference.name}: compare its shape, not its level."
        )
    if not any(cycles.values()):
        notes.append(
            "No whole cycle, from a strike to the next of the same foot, lies in the overlap: the "
            "coefficient of multiple correlation is over all of it, and there are no curves over "
            "the cycle."
        )
    return notes


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
