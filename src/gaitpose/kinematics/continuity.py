"""Angles without jumps of whole turns."""

from __future__ import annotations

import numpy as np

LARGEST_STEP_DEG = 90.0
"""A larger step between samples is no movement of a leg or of the trunk but a wrong sample."""


def continuous(angles: np.ndarray) -> np.ndarray:
    """Remove jumps of 360 degrees along the first axis, stepping over missing samples.

    Parameters
    ----------
    angles : array, (time, ...)
        Degrees; NaN is missing.

    Returns
    -------
    array, (time, ...)
        The same directions, each series with its median within (-180, 180]. What follows a step of
        more than :data:`LARGEST_STEP_DEG` is as near as whole turns allow to the longest part
        without one, so that two steps half round at a wrong sample do not turn the rest.
    """
    series = np.array(angles, dtype=float).reshape(len(angles), -1)
    for column in series.T:
        known = np.isfinite(column)
        if known.any():
            column[known] = _without_turns(column[known])
    return series.reshape(np.shape(angles))


def _without_turns(known: np.ndarray) -> np.ndarray:
    whole = np.unwrap(known, period=360.0)
    ends = np.flatnonzero(np.abs(np.diff(whole)) > LARGEST_STEP_DEG) + 1
    parts = np.split(whole, ends)
    middle = np.median(max(parts, key=len))
    whole = np.concatenate([part - _turns(np.median(part) - middle) for part in parts])
    return whole - 360.0 * np.ceil((np.median(whole) - 180.0) / 360.0)


def _turns(degrees: float) -> float:
    return 360.0 * np.round(degrees / 360.0)
