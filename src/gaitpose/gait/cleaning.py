"""From raw samples to trustworthy ones: unsure, frozen and outlying samples out, short gaps filled.

All functions take and return plain arrays with time first and change nothing in place; NaN is
missing. :mod:`gaitpose.gait.smoothing` holds the low-pass that comes last.
"""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from scipy.interpolate import CubicSpline, PchipInterpolator

from gaitpose.gait import robust

LONGEST_GAP_S = 0.12
"""Gaps up to this are filled, and do not leave a cycle out."""


class CleaningSettings(BaseModel):
    """How samples are judged, and how long a gap may be to be filled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_confidence: float = Field(default=0.3, ge=0, le=1)
    """Points below this confidence are taken as missing."""
    freeze_tolerance: float = Field(default=1e-4, ge=0)
    """A frame in which no point moves by more than this (in leg lengths) repeats the one before."""
    stuck_travel: float = Field(default=0.4, gt=0)
    """Leg lengths that the body must have gone while a point stayed, for it to be stuck."""
    stuck_share: float = Field(default=0.3, gt=0, lt=1)
    """Share of that which a stuck point moves by at most."""
    stuck_edge_s: float = Field(default=0.07, gt=0)
    """How long before and after a stretch its point is looked at to tell how far the body went."""
    stuck_longest_s: float = Field(default=3.0, gt=0)
    """Longest stretch that a point can be stuck."""
    outlier_window_s: float = Field(default=0.8, gt=0)
    """Window of the Hampel identifier, seconds."""
    outlier_threshold: float = Field(default=5.0, gt=0)
    """Robust standard deviations (1.4826 MAD) beyond which a sample is an outlier."""
    outlier_floor: float = Field(default=0.05, ge=0)
    """Deviation in leg lengths that is never an outlier, however quiet the surroundings are."""
    fastest_acceleration: float = Field(default=70.0, gt=0)
    """Greatest acceleration of a joint, leg lengths/s^2; what it explains is no outlier."""
    outlier_rounds: int = Field(default=6, ge=1)
    """Most times that the identifier is applied."""
    longest_gap_s: float = Field(default=LONGEST_GAP_S, ge=0)
    """Longest gap that is filled (PCHIP), seconds."""


def drop_unsure(position: np.ndarray, confidence: np.ndarray, minimum: float) -> np.ndarray:
    """Set points of low confidence, and half-known points, to missing.

    Parameters
    ----------
    position : array, (time, keypoints, space)
    confidence : array, (time, keypoints)
        0..1; NaN counts as 0.
    minimum : float
        Least confidence that is kept.

    Returns
    -------
    array, (time, keypoints, space)
    """
    unsure = ~(confidence >= minimum) | ~np.isfinite(position).all(axis=2)
    return np.where(unsure[..., np.newaxis], np.nan, position)


def find_frozen(position: np.ndarray, tolerance: float) -> np.ndarray:
    """Find frames that repeat the one before: a frozen video, or a duplicated frame.

    Parameters
    ----------
    position : array, (time, keypoints, space)
    tolerance : float
        Greatest movement of any point that still counts as none, units of ``position``.

    Returns
    -------
    array of bool, (time,)
        False where fewer than three points are known in both frames.

    Notes
    -----
    In living data some joint always moves by more, even when the person stands: sway and the
    estimator's noise see to that.
    """
    frozen = np.zeros(len(position), dtype=bool)
    step = np.abs(np.diff(position, axis=0)).max(axis=2)
    known = np.isfinite(step)
    still = np.where(known, step, 0.0).max(axis=1, initial=0.0) <= tolerance
    frozen[1:] = still & (known.sum(axis=1) >= 3)
    return frozen


def find_outliers(
    position: np.ndarray, fps: float, leg_length: float, settings: CleaningSettings
) -> np.ndarray:
    """Find samples that their neighbours do not predict (Hampel identifier).

    Parameters
    ----------
    position : array, (time, keypoints, space)
    fps : float
        Frames per second.
    leg_length : float
        In the units of ``position``.
    settings : CleaningSettings

    Returns
    -------
    array of bool, (time, keypoints)

    Notes
    -----
    Hampel's identifier compares a sample with the median of its window, from which a swinging
    ankle at 25 frames/s differs more than most outliers. So it is applied to what the neighbours
    do not predict: the deviation from the median of four predictions, two interpolated and two
    extrapolated. The worst sample of each neighbourhood goes first, since its neighbours look bad
    only because of it. What surprises in all points together (a shaking camera, monocular depth)
    does not count.
    """
    remaining = position
    floor = leg_length * (settings.outlier_floor + settings.fastest_acceleration / 2 / fps**2)
    block = max(round(settings.outlier_window_s * fps), 9)
    found = np.zeros(position.shape[:2], dtype=bool)
    for _ in range(settings.outlier_rounds):
        surprise = remaining - _predicted(remaining)
        together = robust.median(surprise, axis=1)[:, np.newaxis]
        deviation = np.linalg.norm(surprise - together, axis=2)
        noise = robust.MAD_TO_SD * robust.block_median(deviation, block)
        excess = deviation / np.maximum(settings.outlier_threshold * noise, floor)
        worst = (excess > 1) & (excess >= _highest_near(excess))
        if not worst.any():
            break
        found |= worst
        remaining = np.where(worst[..., np.newaxis], np.nan, remaining)
    return found


def _predicted(position: np.ndarray) -> np.ndarray:
    """Predict each sample from its neighbours; NaN where fewer than two predictions exist."""
    padded = np.pad(position, ((2, 2), (0, 0), (0, 0)), constant_values=np.nan)
    before2, before, after, after2 = padded[:-4], padded[1:-3], padded[3:-1], padded[4:]
    guesses = np.stack(
        [(before + after) / 2, (before2 + after2) / 2, 2 * before - before2, 2 * after - after2]
    )
    enough = np.isfinite(guesses).sum(axis=0) >= 2
    return np.where(enough, robust.median(guesses), np.nan)


def _highest_near(excess: np.ndarray) -> np.ndarray:
    """Return the highest value among each sample and its two neighbours on either side."""
    padded = np.pad(np.nan_to_num(excess), ((2, 2), (0, 0)))
    count = len(excess)
    return np.max([padded[shift : shift + count] for shift in range(5)], axis=0)


def uniform_grid(time: np.ndarray, fps: float) -> tuple[np.ndarray, float]:
    """Return the uniform grid that a recording is analysed on, and its rate.

    Parameters
    ----------
    time : array, (frames,)
        Time stamps, seconds, strictly increasing.
    fps : float
        Nominal frames per second, used if the stamps keep to it.

    Returns
    -------
    grid : array, (time,)
        The stamps themselves where they are uniform to a thousandth of a frame. Otherwise it starts
        at the first stamp and has the rate of the median interval.
    fps : float
    """
    if len(time) < 2:
        return time.copy(), fps
    steps = np.arange(len(time))
    mean_rate = (len(time) - 1) / (time[-1] - time[0])
    if np.abs((time - time[0]) * mean_rate - steps).max() < 1e-3:
        return time.copy(), fps if abs(fps / mean_rate - 1) < 1e-3 else mean_rate
    rate = 1.0 / float(np.median(np.diff(time)))
    return time[0] + np.arange(int((time[-1] - time[0]) * rate + 1.001)) / rate, rate


def resample(values: np.ndarray, time: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """Bring samples to the uniform grid without bridging gaps.

    Parameters
    ----------
    values : array, (frames, keypoints, space)
    time : array, (frames,)
        Time stamps, seconds.
    grid : array, (time,)
        Uniform times, seconds.

    Returns
    -------
    array, (time, keypoints, space)
        A cubic spline through each gap-free run. NaN where the two stamps about a grid time are
        more than 1.6 intervals apart (frames were dropped) or one of them has no sample.
    """
    if len(grid) == len(time) and np.array_equal(grid, time):
        return values.copy()
    interval = float(np.median(np.diff(grid)))
    dropped = np.diff(time) > 1.6 * interval
    result = np.full((len(grid), *values.shape[1:]), np.nan)
    slack = 1e-6 * interval
    for point in range(values.shape[1]):
        known = np.isfinite(values[:, point]).all(axis=1)
        for start, stop in _runs_between(known, dropped):
            inside = slice(*np.searchsorted(grid, [time[start] - slack, time[stop - 1] + slack]))
            if stop - start > 1:
                spline = CubicSpline(time[start:stop], values[start:stop, point])
                result[inside, point] = spline(grid[inside])
            else:
                result[inside, point] = values[start, point]
    return result


def _runs_between(known: np.ndarray, dropped: np.ndarray) -> list[tuple[int, int]]:
    """Return the runs of known samples, cut also where frames were dropped."""
    cuts = np.flatnonzero(dropped & known[:-1] & known[1:]) + 1
    pieces = []
    for start, stop in robust.runs(known):
        inside = cuts[(cuts > start) & (cuts < stop)].tolist()
        pieces += list(zip([start, *inside], [*inside, stop], strict=True))
    return pieces


def nearest_frame(time: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """Return, for each grid time, the index of the input frame nearest to it."""
    if len(time) < 2:
        return np.zeros(len(grid), dtype=int)
    middles = (time[1:] + time[:-1]) / 2
    return np.searchsorted(middles, grid)


def fill_gaps(values: np.ndarray, longest: int) -> np.ndarray:
    """Fill gaps of up to ``longest`` samples by monotone cubic interpolation (PCHIP).

    Parameters
    ----------
    values : array, (time, keypoints, space)
        On the uniform grid; a point is known if all its coordinates are.
    longest : int
        Longest gap that is filled, samples.

    Returns
    -------
    array, (time, keypoints, space)
        Longer gaps, and gaps at either end, stay NaN.
    """
    filled = values.copy()
    steps = np.arange(len(values))
    for point in range(values.shape[1]):
        known = np.isfinite(values[:, point]).all(axis=1)
        filled[~known, point] = np.nan
        gaps = [
            np.arange(start, stop)
            for start, stop in robust.runs(~known)
            if stop - start <= longest and start > 0 and stop < len(values)
        ]
        if gaps and known.sum() > 1:
            where = np.concatenate(gaps)
            curve = PchipInterpolator(steps[known], values[known, point])
            filled[where, point] = curve(steps[where])
    return filled
