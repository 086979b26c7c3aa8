"""Whether someone who stays on one spot of the picture walks: the legs swing in a rhythm."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.io.video import Frame
from gaitpose.pose.body import ankle_gap, leg_confidence
from gaitpose.pose.estimator import Estimator
from gaitpose.pose.tracker import Stretch, SubjectTracker, Whereabouts

FramesFrom = Callable[[float], Iterable[Frame]]
"""Small frames from a moment (in seconds) on."""


class SwingSettings(BaseModel):
    """When legs swing as in walking.

    Parameters
    ----------
    seconds : float
        How long the legs are watched.
    confident : float
        Leg confidence from which a frame counts.
    fewest_sights : int
        Frames that count.
    seen : float
        Smallest share of the frames that count: furniture looks like legs only now and then.
    spread : float
        Smallest standard deviation of the distance between the ankles, in leg lengths.
    rhythm : float
        Smallest :func:`rhythm` of that distance.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: float = Field(default=5.0, gt=0)
    confident: float = Field(default=0.4, ge=0, le=1)
    fewest_sights: int = Field(default=12, ge=3)
    seen: float = Field(default=0.6, ge=0, le=1)
    spread: float = Field(default=0.04, gt=0)
    rhythm: float = Field(default=0.4, ge=0, le=1)


def legs_swing(
    stretch: Stretch, estimator: Estimator, frames_from: FramesFrom, settings: SwingSettings
) -> bool:
    """Whether now the left and now the right ankle is ahead, as in walking on the spot.

    Parameters
    ----------
    stretch : Stretch
        Where the person is, px of the small frames.
    estimator : Estimator
    frames_from : callable
        Small frames from a moment on.
    settings : SwingSettings

    Returns
    -------
    bool
    """
    start = float(stretch.times[0])
    tracker = SubjectTracker(Whereabouts((stretch,)), estimator)
    times, gaps = [], []
    watched = 0
    for frame in frames_from(start):
        if frame.time_s > start + settings.seconds:
            break
        watched += 1
        joints = tracker.find(frame.rgb, frame.time_s).joints
        if joints is not None and leg_confidence(joints) >= settings.confident:
            times.append(frame.time_s)
            gaps.append(ankle_gap(joints))
    if len(gaps) < max(settings.fewest_sights, settings.seen * watched):
        return False
    both = np.array(gaps)
    gap = both[:, both.std(axis=0).argmax()]
    return bool(gap.std() >= settings.spread and rhythm(np.array(times), gap) >= settings.rhythm)


def rhythm(times: np.ndarray, values: np.ndarray) -> float:
    """How regularly values rise and fall, at the pace of strides.

    Parameters
    ----------
    times : float array, (samples,)
        Seconds, increasing; gaps are bridged.
    values : float array, (samples,)

    Returns
    -------
    float
        Largest autocorrelation at a peak with a lag within :data:`STRIDE_S`; 1 for a perfect
        rhythm, 0 for none.
    """
    clock = np.arange(times[0], times[-1], 1 / RHYTHM_RATE)
    signal = np.interp(clock, times, values)
    signal = signal - signal.mean()
    power = float(signal @ signal)
    shortest, longest = (round(lag * RHYTHM_RATE) for lag in STRIDE_S)
    lags = range(1, min(longest + 2, len(signal) // 2))
    if power == 0 or len(lags) < shortest + 2:
        return 0.0
    count = len(signal)
    strength = np.array(
        [signal[lag:] @ signal[:-lag] / power * count / (count - lag) for lag in lags]
    )
    inner = strength[1:-1]
    is_peak = (inner >= strength[:-2]) & (inner >= strength[2:])
    is_peak[: shortest - 2] = False
    return float(max(inner[is_peak], default=0.0))


STRIDE_S = (0.6, 2.2)
"""Shortest and longest time that a stride takes."""

RHYTHM_RATE = 30.0
