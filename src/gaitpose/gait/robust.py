"""Statistics that step over missing samples and are not moved by a few wrong ones."""

from __future__ import annotations

import numpy as np

MAD_TO_SD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""


def median(values: np.ndarray, axis: int = 0) -> np.ndarray:
    """Return the median of the known values, NaN (and no warning) where there are none."""
    ordered = np.sort(values, axis=axis)
    count = np.isfinite(values).sum(axis=axis, keepdims=True)
    lower = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=axis)
    upper = np.take_along_axis(ordered, count // 2 * (count > 0), axis=axis)
    return ((lower + upper) / 2).squeeze(axis)


def mean(values: np.ndarray, axis: int = 0) -> np.ndarray:
    """Return the mean of the known values, NaN (and no warning) where there are none."""
    known = np.isfinite(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def spread(values: np.ndarray, axis: int = 0) -> np.ndarray:
    """Return the robust standard deviation (1.4826 times the median absolute deviation)."""
    centre = np.expand_dims(median(values, axis), axis)
    return MAD_TO_SD * median(np.abs(values - centre), axis)


def commonest(values: np.ndarray) -> float:
    """Return the half-sample mode of known values: the middle of the densest ones."""
    ordered = np.sort(values)
    while len(ordered) > 2:
        half = (len(ordered) + 1) // 2
        widths = ordered[half - 1 :] - ordered[: len(ordered) - half + 1]
        start = int(np.argmin(widths))
        ordered = ordered[start : start + half]
    return float(ordered.mean())


def block_median(values: np.ndarray, length: int) -> np.ndarray:
    """Return, for each sample, the median of the block of ``length`` samples that it lies in.

    Parameters
    ----------
    values : array, (time, ...)
    length : int
        Samples a block, at least 1; the last block is as long as the others and may overlap.

    Returns
    -------
    array, (time, ...)
    """
    count = len(values)
    if count <= length:
        return np.broadcast_to(median(values), values.shape)
    whole = count // length * length
    blocks = values[:whole].reshape(-1, length, *values.shape[1:])
    medians = np.repeat(median(blocks, axis=1), length, axis=0)
    if whole < count:
        last = median(values[-length:])[np.newaxis]
        medians = np.concatenate([medians, np.repeat(last, count - whole, axis=0)])
    return medians


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """Return the stretches ``[start, stop)`` over which a mask is True, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
