"""Zero-lag Butterworth low-pass over gap-free runs, and the choice of its cut-off."""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from scipy import signal

from gaitpose.gait import robust


class SmoothingSettings(BaseModel):
    """The low-pass that angles and lengths are computed from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cutoff_hz: float = Field(default=6.0, gt=0)
    """Frequency at which the filter as a whole (both directions) halves the power."""
    order: int = Field(default=4, ge=2, multiple_of=2)
    """Order of the zero-lag filter; each of its two directions has half of it."""
    clean_noise: float = Field(default=0.002, ge=0)
    """Noise in leg lengths below which a recording counts as clean, and the cut-off may rise."""
    clean_cutoffs_hz: tuple[float, ...] = (8.0, 10.0, 12.0, 15.0, 20.0)
    """Cut-offs that a clean recording may be given instead; never above ``highest_share``."""
    highest_share: float = Field(default=0.4, gt=0, lt=0.5)
    """Highest cut-off as a share of the sampling rate (half of which is the Nyquist frequency)."""
    padding_s: float = Field(default=1.0, gt=0)
    """Length of the odd extension at either end of a run, seconds."""


def low_pass(
    values: np.ndarray, fps: float, cutoff_hz: float, settings: SmoothingSettings
) -> np.ndarray:
    """Filter every gap-free run of every column; never across a gap.

    Parameters
    ----------
    values : array, (time, ...)
        NaN is missing.
    fps : float
        Samples per second.
    cutoff_hz : float
        Cut-off of the whole filter. At or above ``highest_share`` times ``fps`` it does nothing.
    settings : SmoothingSettings

    Returns
    -------
    array, (time, ...)

    Notes
    -----
    Running a filter forward and backward lowers its cut-off; each direction is given a higher one
    so that the whole has -3 dB at ``cutoff_hz`` (Winter 2009, section 3.4.4.2, there for a second
    order each way; here the exact correction of the bilinear transform for any order). A run's ends
    are continued by point reflection, which keeps position and speed: a walker's joints travel.
    """
    if cutoff_hz >= settings.highest_share * fps:
        return np.array(values, dtype=float)
    sections = _butterworth(cutoff_hz / fps, settings.order // 2)
    columns = np.array(values, dtype=float).reshape(len(values), -1)
    known = np.isfinite(columns)
    whole = known.all(axis=0)
    padding = round(settings.padding_s * fps)
    if whole.any():
        columns[:, whole] = _both_ways(sections, columns[:, whole], padding)
    for column in np.flatnonzero(~whole):
        for start, stop in robust.runs(known[:, column]):
            columns[start:stop, column] = _both_ways(sections, columns[start:stop, column], padding)
    return columns.reshape(np.shape(values))


def _both_ways(sections: np.ndarray, run: np.ndarray, padding: int) -> np.ndarray:
    length = min(padding, len(run) - 1)
    return signal.sosfiltfilt(sections, run, axis=0, padtype="odd", padlen=length)


def _butterworth(share: float, order: int) -> np.ndarray:
    """Sections of one direction; ``share`` is the cut-off of both together over the rate."""
    correction = (np.sqrt(2.0) - 1.0) ** (1.0 / (2 * order))
    warped = np.tan(np.pi * share) / correction
    return signal.butter(order, 2.0 * np.arctan(warped) / np.pi, output="sos")


def choose_cutoff(
    values: np.ndarray, fps: float, unit: float, settings: SmoothingSettings
) -> float:
    """Choose the cut-off: the usual one, or a higher one if the recording is clean.

    Parameters
    ----------
    values : array, (time, ...)
        Positions of the leg joints, gaps filled.
    fps : float
        Samples per second.
    unit : float
        Leg length in the units of ``values``.
    settings : SmoothingSettings

    Returns
    -------
    float
        Hz; infinite (no filter) where the usual cut-off is above ``highest_share`` of the rate.

    Notes
    -----
    At 6 Hz the filter takes 0.1-0.3 degrees from a brisk walker's knee; that is nothing beside an
    image estimator's noise but all of the error of motion capture or a simulation. So where the
    noise is below ``clean_noise``, the candidate with the least expected error is taken, no filter
    being one of them (Stein 1981, unbiased risk estimate: squared residual plus twice the noise
    that passes). The noise is that of fourth differences, robust against the few sharp moments
    of a step, and of the calmer joints: at 25 frames/s a swinging ankle itself looks like noise.
    """
    if settings.cutoff_hz >= settings.highest_share * fps:
        return float("inf")
    noise = _noise(values)
    if not noise < settings.clean_noise * unit:
        return settings.cutoff_hz
    candidates = [
        cutoff
        for cutoff in (settings.cutoff_hz, *settings.clean_cutoffs_hz)
        if settings.cutoff_hz <= cutoff < settings.highest_share * fps
    ]
    risk = [
        _mean_square(values - low_pass(values, fps, cutoff, settings))
        + noise**2 * (2.0 * float(_gain(cutoff / fps, settings.order // 2).mean()) - 1.0)
        for cutoff in candidates
    ]
    return [*candidates, float("inf")][int(np.argmin([*risk, noise**2]))]


def _noise(values: np.ndarray) -> float:
    """Return the standard deviation of white noise, from fourth differences of calm joints."""
    spreads = robust.spread(np.diff(values.reshape(len(values), -1), n=4, axis=0))
    known = spreads[np.isfinite(spreads)]
    return float(np.percentile(known, 25)) / np.sqrt(70.0) if len(known) else float("nan")


def _gain(share: float, order: int) -> np.ndarray:
    """Gain of both directions together at 512 frequencies from 0 to Nyquist."""
    _, response = signal.sosfreqz(_butterworth(share, order), worN=512)
    return np.abs(response) ** 2


def _mean_square(values: np.ndarray) -> float:
    known = np.isfinite(values)
    return float((values[known] ** 2).mean()) if known.any() else float("nan")
