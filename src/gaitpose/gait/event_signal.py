"""The signal that events are read from: a point of the foot against the pelvis, filtered as needed.

Angles bear a fixed 6 Hz low-pass; the time of an extremum does not, because a filter moves an
asymmetric extremum. So the cut-off follows the noise that is really there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import signal as dsp

from gaitpose.gait import robust
from gaitpose.gait.settings import EventSettings
from gaitpose.gait.smoothing import SmoothingSettings, low_pass


@dataclass(frozen=True)
class FilteredSignal:
    """One signal over one pass.

    Parameters
    ----------
    values : array, (time,)
        Low-passed; gaps bridged by straight lines.
    swing : float
        Its stride amplitude: 95th minus 5th percentile, in the units of ``values``.
    cutoff_hz : float
        Cut-off that was used; infinite if none was needed.
    timing_sd : float
        Expected error of an extremum's time, seconds.
    shift : float
        Seconds by which the low-pass is expected to have moved it.
    """

    values: np.ndarray
    swing: float
    cutoff_hz: float
    timing_sd: float
    shift: float


def prepare(
    values: np.ndarray,
    fps: float,
    period: float,
    shift: float,
    settings: EventSettings,
    highest_hz: float = np.inf,
) -> FilteredSignal:
    """Bridge gaps and low-pass a signal no more than its noise asks for.

    Parameters
    ----------
    values : array, (time,)
        Unfiltered, NaN is missing.
    fps : float
        Samples per second.
    period : float
        Stride time, seconds.
    shift : float
        A low-pass at f Hz moves the extremum by ``shift / (f^2 stride time)`` seconds.
    settings : EventSettings
    highest_hz : float
        The cut-off is no higher, however little the noise.

    Returns
    -------
    FilteredSignal
    """
    bridged = bridge(values)
    swing = float(np.subtract(*np.percentile(bridged, [95, 5])))
    noise = noise_level(bridged, fps, settings)
    cutoff, error = best_cutoff(noise, swing, fps, period, shift, settings)
    cutoff = min(cutoff, highest_hz)
    smooth = low_pass(bridged, fps, cutoff, SmoothingSettings())
    return FilteredSignal(smooth, swing, cutoff, error, shift / (cutoff**2 * period))


def bridge(values: np.ndarray) -> np.ndarray:
    """Fill missing samples by straight lines (and by the nearest known one at the ends)."""
    known = np.isfinite(values)
    if not known.any():
        return np.zeros_like(values)
    index = np.arange(len(values))
    return np.interp(index, index[known], values[known])


def noise_level(values: np.ndarray, fps: float, settings: EventSettings) -> float:
    """Estimate the standard deviation of white noise from what lies above the band of gait.

    Parameters
    ----------
    values : array, (time,)
        Without gaps.
    fps : float
        Samples per second.
    settings : EventSettings

    Returns
    -------
    float
        In the units of ``values``; 0 for recordings too short to tell.

    Notes
    -----
    Residual analysis as in Winter (2009, section 3.4.4.3), with the band of the residual in place
    of a straight-line fit by eye. A pose estimator's noise is partly correlated in time; that part
    cannot be told from movement and is not counted.
    """
    split = min(settings.gait_band_hz, settings.gait_band_share * fps)
    residual = values - low_pass(values, fps, split, SmoothingSettings())
    share = 1.0 - 2.0 * split / fps
    return float(robust.spread(residual)) / np.sqrt(share)


def best_cutoff(
    noise: float,
    swing: float,
    fps: float,
    period: float,
    shift: float,
    settings: EventSettings,
) -> tuple[float, float]:
    """Choose the cut-off with the least expected error of an extremum's time.

    Parameters
    ----------
    noise : float
        Standard deviation of the signal's white noise.
    swing : float
        Peak-to-peak amplitude of the signal, same units.
    fps : float
        Samples per second.
    period : float
        Stride time, seconds.
    shift : float
        As for :func:`prepare`.
    settings : EventSettings

    Returns
    -------
    cutoff : float
        Hz; infinite if the signal is best left alone.
    error : float
        Expected error, seconds.

    Notes
    -----
    Noise of standard deviation s, low-passed at f, leaves a rate with the variance
    ``s^2 8 pi^2 f^3 / (3 fps)``; divided by the curvature of the extremum, taken as that of a
    sinusoid of one cycle a stride, it is an error of time. Against it stands the shift that the
    filter itself makes (see docs/explanation/events.md for how it was measured).
    """
    highest = SmoothingSettings().highest_share * fps
    lowest = min(settings.lowest_cutoff_hz, 0.9 * highest)
    cutoffs = np.geomspace(lowest, highest, 40)
    passed = noise * np.sqrt(8.0 * np.pi**2 * cutoffs**3 / (3.0 * fps))
    curvature = max(swing, 1e-12) / 2.0 * (2.0 * np.pi / period) ** 2
    moved = shift / (cutoffs**2 * period)
    moved[-1] = 0.0
    error = np.hypot(passed / curvature, moved)
    best = int(np.argmin(error))
    unfiltered = best == len(cutoffs) - 1
    return (np.inf if unfiltered else float(cutoffs[best])), float(error[best])


def stride_period(
    left: np.ndarray, right: np.ndarray, fps: float, settings: EventSettings
) -> float:
    """Estimate the stride time from how the distance between the feet repeats.

    Parameters
    ----------
    left, right : array, (time,)
        Forward position of the two feet against the pelvis. NaN is missing.
    fps : float
        Samples per second.
    settings : EventSettings

    Returns
    -------
    float
        Seconds; NaN if nothing repeats.

    Notes
    -----
    The feet change places every half stride, so the autocorrelation of their distance is lowest
    after half a stride and high again after a whole one. The second is sharper and is used where
    it is there; in a recording that holds little more than one stride the time between steps is.
    Where the legs' names are exchanged here and there, neither is deep or high: then the distance
    repeats without its sign, once a step. The bounds leave room for toddlers and for very slow
    walkers.
    """
    distance = bridge(left - right)
    if np.ptp(distance) == 0:
        return float("nan")
    smooth = low_pass(distance, fps, settings.gait_band_hz / 2, SmoothingSettings())
    smooth = smooth - smooth.mean()
    longest = min(round(0.7 * len(smooth)), round(settings.longest_stride_s * fps))
    shortest = max(2, round(settings.shortest_stride_s * fps))
    if longest <= shortest // 2:
        return float("nan")
    repeats = _autocorrelation(smooth, longest)
    troughs = _peaks(-repeats, shortest // 2)
    if not len(troughs):
        return float("nan")
    depths = -_weighed(repeats, troughs, len(smooth))
    if depths.max() < settings.sure_repeat:
        step = _step_period(np.abs(smooth), shortest // 2, longest, settings)
        if np.isfinite(step):
            return 2.0 * step / fps
    half = troughs[depths > NEARLY * max(depths.max(), 0.0)]
    if not len(half):
        return float("nan")
    guess = 2.0 * vertex(repeats, int(half[0]))
    whole = _peaks(repeats, shortest)
    whole = whole[np.abs(whole / guess - 1.0) < settings.half_stride_tolerance]
    if len(whole):
        return vertex(repeats, int(whole[np.argmax(repeats[whole])])) / fps
    return _twice_the_step(smooth, guess, settings) / fps


NEARLY = 0.7
"""The first extremum of an autocorrelation with this share of the greatest one counts."""


def _step_period(apart: np.ndarray, shortest: int, longest: int, settings: EventSettings) -> float:
    """Return the samples after which the distance between the feet repeats in size, or NaN."""
    repeats = _autocorrelation(apart - apart.mean(), longest)
    peaks = _peaks(repeats, shortest)
    heights = _weighed(repeats, peaks, len(apart))
    high = peaks[heights > max(settings.sure_repeat, NEARLY * heights.max(initial=0.0))]
    return vertex(repeats, int(high[0])) if len(high) else float("nan")


def _weighed(repeats: np.ndarray, lags: np.ndarray, count: int) -> np.ndarray:
    """Correlation at some lags; the longer the lag, the fewer samples overlap, the less it says."""
    return np.asarray(repeats[lags] * (1.0 - lags / count))


def _twice_the_step(distance: np.ndarray, guess: float, settings: EventSettings) -> float:
    """Mean time from one foot in front to the other in front, doubled; samples.

    In little more than a stride, autocorrelation is off by up to a tenth.
    """
    apart = 0.3 * guess
    turns = np.sort(
        np.concatenate([dsp.find_peaks(s * distance, distance=apart)[0] for s in (1, -1)])
    )
    steps = np.diff([vertex(distance, int(turn)) for turn in turns])
    steps = steps[np.abs(2.0 * steps / guess - 1.0) < settings.half_stride_tolerance]
    return float(2.0 * steps.mean()) if len(steps) else guess


def _autocorrelation(values: np.ndarray, longest: int) -> np.ndarray:
    """Correlation of the values with themselves 0..longest samples later (1 at lag 0).

    Each lag is normalised by what overlaps: a plain sum falls with the lag and draws peaks of short
    recordings towards 0.
    """
    count = len(values)
    full = dsp.correlate(values, values, mode="full", method="fft")[count - 1 :]
    energy = np.concatenate([[0.0], np.cumsum(values**2)])
    lags = np.arange(longest + 1)
    early, late = energy[count - lags], energy[count] - energy[lags]
    return np.asarray(full[: longest + 1] / np.maximum(np.sqrt(early * late), 1e-12))


def _peaks(values: np.ndarray, first: int) -> np.ndarray:
    found = dsp.find_peaks(values)[0]
    return np.asarray(found[found >= first])


def vertex(values: np.ndarray, index: int) -> float:
    """Fractional index of the extremum of the parabola through a sample and its neighbours."""
    if not 0 < index < len(values) - 1:
        return float(index)
    before, at, after = values[index - 1 : index + 2]
    bend = before - 2.0 * at + after
    if bend == 0.0:
        return float(index)
    return index + float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))
