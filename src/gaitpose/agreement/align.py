"""Bring two recordings onto one clock: by their knee angles, or by their events."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import BaseModel, ConfigDict, Field
from scipy.signal import correlate

from gaitpose.agreement.recording import AngleRecording
from gaitpose.errors import BadSettings, UnreadableInput


class AlignBy(StrEnum):
    """What the lag between two recordings is found from."""

    KNEE = "knee"
    EVENTS = "events"
    NONE = "none"


SAME_SHIFT_S = 0.3
"""Shifts nearer than this are one and the same; strides are longer."""


class AlignSettings(BaseModel):
    """How two recordings are brought onto one clock.

    Parameters
    ----------
    by : AlignBy
        Cross-correlation of the knee angles, foot strikes of the same side, or no shift at all.
    rate : float
        Common sampling rate, Hz.
    maximum_lag : float, optional
        Largest shift in seconds that is tried; None allows any.
    minimum_overlap : float
        Share of the shorter recording that must remain.
    near_best : float
        Walking repeats itself, so a shift by a whole stride fits almost as well: among shifts whose
        correlation comes this near to the best, the smallest lag is taken.
    event_tolerance : float
        Seconds within which two strikes are the same.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: AlignBy = AlignBy.KNEE
    rate: float = Field(default=100.0, gt=1)
    maximum_lag: float | None = Field(default=None, ge=0)
    minimum_overlap: float = Field(default=0.5, gt=0, le=1)
    near_best: float = Field(default=0.002, ge=0, lt=1)
    event_tolerance: float = Field(default=0.1, gt=0)


@dataclass(frozen=True)
class Lag:
    """Seconds to add to our time so that it becomes the reference's, and how good the fit is."""

    seconds: float
    by: AlignBy
    fit: float
    """Correlation of the knee angles, or share of our strikes that find a partner."""
    others: tuple[float, ...] = ()
    """Other shifts that fit as well: walking repeats itself."""


def resample(angles: xr.DataArray, times: np.ndarray) -> xr.DataArray:
    """Interpolate angles linearly at `times` (s); outside the recording and inside gaps: NaN."""
    clock = np.asarray(angles["time"].values, dtype=float)
    values = np.asarray(angles.transpose("time", "side", "joint").values, dtype=float)
    flat = values.reshape(len(clock), -1)
    result = np.full((len(times), flat.shape[1]), np.nan)
    if len(clock) > 1:
        before = np.clip(np.searchsorted(clock, times, side="right") - 1, 0, len(clock) - 2)
        share = (times - clock[before]) / (clock[before + 1] - clock[before])
        inside = (share >= -1e-9) & (share <= 1 + 1e-9)
        low, high = flat[before], flat[before + 1]
        mixed = low + share[:, None] * (high - low)
        # A sample that is hit exactly needs no neighbour.
        mixed = np.where(np.abs(share[:, None]) < 1e-9, low, mixed)
        mixed = np.where(np.abs(share[:, None] - 1) < 1e-9, high, mixed)
        result[inside] = mixed[inside]
    return xr.DataArray(
        result.reshape(len(times), *values.shape[1:]),
        dims=("time", "side", "joint"),
        coords={"time": times, "side": angles["side"].values, "joint": angles["joint"].values},
        attrs=angles.attrs,
    )


def find_lag(
    ours: AngleRecording, reference: AngleRecording, settings: AlignSettings | None = None
) -> Lag:
    """Find the shift of our clock that makes the two recordings agree.

    Raises
    ------
    UnreadableInput
        If there is nothing to align by: no common knee, or no foot strikes in one of them.
    BadSettings
        If no shift within `maximum_lag` leaves enough overlap.
    """
    settings = settings or AlignSettings()
    if settings.by is AlignBy.NONE:
        return Lag(0.0, AlignBy.NONE, float("nan"))
    if settings.by is AlignBy.EVENTS:
        return _lag_of_strikes(ours, reference, settings)
    return _lag_of_knees(ours, reference, settings)


def align(
    ours: AngleRecording, reference: AngleRecording, settings: AlignSettings | None = None
) -> tuple[xr.DataArray, xr.DataArray, Lag]:
    """Both recordings' angles on the reference's clock at the common rate, over their overlap.

    Returns
    -------
    ours, reference : xarray.DataArray
        The same times; the sides and joints each recording has.
    lag : Lag
    """
    settings = settings or AlignSettings()
    lag = find_lag(ours, reference, settings)
    start = max(float(ours.angles["time"][0]) + lag.seconds, float(reference.angles["time"][0]))
    end = min(float(ours.angles["time"][-1]) + lag.seconds, float(reference.angles["time"][-1]))
    count = int(np.floor((end - start) * settings.rate + 1e-6)) + 1
    if count < 2:
        raise UnreadableInput(
            f"does not overlap {reference.name} in time", where=ours.name, hint="Align by knee"
        )
    times = start + np.arange(count) / settings.rate
    shifted = resample(ours.angles, times - lag.seconds).assign_coords(time=times)
    return shifted, resample(reference.angles, times), lag


def lag_of_curves(
    ours: np.ndarray,
    reference: np.ndarray,
    *,
    lowest: int,
    highest: int,
    preferred: float,
    minimum_overlap: float,
    near_best: float,
) -> tuple[float, float, np.ndarray]:
    """Shift, in samples, with the highest correlation of several curves at once.

    Parameters
    ----------
    ours, reference : array, (samples, curves)
        Same rate; NaN is left out.
    lowest, highest : int
        Range of shifts; a positive one means that ours must be delayed.
    preferred : float
        The shift that wins among equals.
    minimum_overlap, near_best : float
        As in :class:`AlignSettings`.

    Returns
    -------
    shift, correlation : float
        Sub-sample by a parabola; NaN if no shift leaves enough overlap.
    others : array
        The other shifts among which the preferred one was the nearest.
    """
    a, b = np.asarray(ours, dtype=float), np.asarray(reference, dtype=float)
    shifts = np.arange(-(len(a) - 1), len(b))
    score = np.zeros(len(shifts))
    power_a, power_b, overlap = np.zeros_like(score), np.zeros_like(score), np.zeros_like(score)
    for curve in range(a.shape[1]):
        cross, one, two, count = _masked_moments(a[:, curve], b[:, curve])
        score, power_a, power_b = score + cross, power_a + one, power_b + two
        overlap += count
    shorter = min(np.isfinite(a).sum(), np.isfinite(b).sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        score = score / np.sqrt(power_a * power_b)
    allowed = (shifts >= lowest) & (shifts <= highest) & (overlap >= minimum_overlap * shorter)
    score = np.where(allowed & np.isfinite(score), score, -np.inf)
    if not np.isfinite(score).any():
        return float("nan"), float("nan"), np.empty(0)
    peaks = np.flatnonzero(
        (score >= np.r_[-np.inf, score[:-1]]) & (score >= np.r_[score[1:], -np.inf])
    )
    good = peaks[score[peaks] >= score.max() - near_best]
    best = int(good[np.argmin(np.abs(shifts[good] - preferred))])
    return shifts[best] + _parabola(score, best), float(score[best]), shifts[good[good != best]]


def _masked_moments(
    a: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Covariance and both variances (times n) over the overlap at every shift, and n."""
    seen_a, seen_b = np.isfinite(a), np.isfinite(b)
    a = np.where(seen_a, a - (np.mean(a[seen_a]) if seen_a.any() else 0), 0.0)
    b = np.where(seen_b, b - (np.mean(b[seen_b]) if seen_b.any() else 0), 0.0)
    mask_a, mask_b = seen_a.astype(float), seen_b.astype(float)

    def slide(of_a: np.ndarray, of_b: np.ndarray) -> np.ndarray:
        return correlate(of_b, of_a, mode="full", method="fft")

    count = np.round(slide(mask_a, mask_b))
    n = np.maximum(count, 1)
    sum_a, sum_b = slide(a, mask_b), slide(mask_a, b)
    cross = slide(a, b) - sum_a * sum_b / n
    return (
        cross,
        np.maximum(slide(a**2, mask_b) - sum_a**2 / n, 0),
        np.maximum(slide(mask_a, b**2) - sum_b**2 / n, 0),
        count,
    )


def _parabola(score: np.ndarray, peak: int) -> float:
    if not 0 < peak < len(score) - 1 or not np.isfinite(score[peak - 1 : peak + 2]).all():
        return 0.0
    left, middle, right = score[peak - 1 : peak + 2]
    curvature = left - 2 * middle + right
    return float(0.5 * (left - right) / curvature) if curvature < 0 else 0.0


def _lag_of_knees(ours: AngleRecording, reference: AngleRecording, settings: AlignSettings) -> Lag:
    sides = [side for side in _knee_sides(ours) if side in _knee_sides(reference)]
    if not sides:
        raise UnreadableInput(
            f"no knee angle in common with {reference.name} to align by",
            where=ours.name,
            hint="Align by events, or not at all",
        )
    curves, starts = [], []
    for recording in (ours, reference):
        clock = recording.angles["time"].values
        times = np.arange(clock[0], clock[-1] + 1e-9, 1 / settings.rate)
        curves.append(resample(recording.angles, times).sel(joint="knee", side=sides).values)
        starts.append(float(clock[0]))
    offset = starts[1] - starts[0]
    bound = np.inf if settings.maximum_lag is None else settings.maximum_lag
    reach = len(curves[0]) + len(curves[1])
    shift, fit, near = lag_of_curves(
        *curves,
        # Outward to whole samples: two clocks' samples need not coincide.
        lowest=int(np.floor(max((-bound - offset) * settings.rate, -reach))),
        highest=int(np.ceil(min((bound - offset) * settings.rate, reach))),
        preferred=-offset * settings.rate,
        minimum_overlap=settings.minimum_overlap,
        near_best=settings.near_best,
    )
    if not np.isfinite(shift):
        raise BadSettings(
            f"no shift leaves {settings.minimum_overlap:.0%} of the shorter recording",
            where="alignment",
            hint="Allow a larger lag or a smaller overlap",
        )
    lag = float(np.clip(shift / settings.rate + offset, -bound, bound))
    return Lag(lag, AlignBy.KNEE, fit, _others(near / settings.rate + offset, lag))


def _others(shifts: np.ndarray, chosen: float) -> tuple[float, ...]:
    """Return the shifts (s) that are not the chosen one, each once."""
    others: list[float] = []
    for shift in np.sort(shifts):
        if all(abs(shift - known) > SAME_SHIFT_S for known in (chosen, *others)):
            others.append(float(shift))
    return tuple(others)


def _knee_sides(recording: AngleRecording) -> list[Hashable]:
    if "knee" not in recording.angles["joint"].values:
        return []
    knee = recording.angles.sel(joint="knee")
    return [side for side in knee["side"].values if np.isfinite(knee.sel(side=side)).any()]


def _lag_of_strikes(
    ours: AngleRecording, reference: AngleRecording, settings: AlignSettings
) -> Lag:
    strikes = [_strikes(recording) for recording in (ours, reference)]
    differences = [
        np.subtract.outer(strikes[1][side], strikes[0][side]).ravel()
        for side in strikes[0].keys() & strikes[1].keys()
    ]
    pooled = np.sort(np.concatenate(differences)) if differences else np.empty(0)
    if settings.maximum_lag is not None:
        pooled = pooled[np.abs(pooled) <= settings.maximum_lag]
    if not pooled.size:
        raise UnreadableInput(
            f"no foot strikes of the same side as in {reference.name} to align by",
            where=ours.name,
            hint="Align by knee",
        )
    near = np.abs(pooled[:, None] - pooled) <= settings.event_tolerance
    votes = near.sum(axis=1)
    best = np.flatnonzero(votes == votes.max())
    chosen = best[np.argmin(np.abs(pooled[best]))]
    ours_count = sum(len(times) for times in strikes[0].values())
    lag = float(np.median(pooled[near[chosen]]))
    return Lag(
        lag,
        AlignBy.EVENTS,
        float(min(1.0, votes.max() / max(ours_count, 1))),
        _others(pooled[best], lag),
    )


def _strikes(recording: AngleRecording) -> dict[str, np.ndarray]:
    events: pd.DataFrame = recording.events
    strikes = events[events["kind"] == "foot_strike"]
    return {
        str(side): np.asarray(group["time_s"], dtype=float)
        for side, group in strikes.groupby("side")
    }
