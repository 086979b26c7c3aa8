"""Makes confidence mean something: the share of joints that are right at this confidence."""

from __future__ import annotations

import numpy as np

Table = list[tuple[float, float]]
"""(confidence as decoded, probability of being right), both ascending."""

JOINTS_PER_BIN = 150
"""Joints in a bin; fewer make the table follow chance."""


def fit_calibration(confidence: np.ndarray, right: np.ndarray) -> Table:
    """Fit a rising piecewise linear table from decoded confidence to the share that is right.

    Parameters
    ----------
    confidence : float array, (N,)
        As :func:`gaitpose.pose.codec.decode` gives it.
    right : bool array, (N,)
        Whether the joint was right (PCKs at 0.1).

    Returns
    -------
    Table
        To be kept in the weights' card; :class:`~gaitpose.pose.gaitposenet.GaitPoseNet` applies it.

    Notes
    -----
    Bins of equal count, made monotone by pooling adjacent violators (Ayer et al. 1955).
    """
    order = np.argsort(confidence, kind="stable")
    count = max(2, len(order) // JOINTS_PER_BIN)
    bins = np.array_split(order, count)
    level = [float(confidence[each].mean()) for each in bins]
    share = _pool_adjacent(np.array([right[each].mean() for each in bins]))
    return [(x, float(p)) for x, p in zip(level, share, strict=True)]


def calibration_error(probability: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Return the mean gap between stated and true share, over bins of equal count."""
    order = np.argsort(probability, kind="stable")
    gaps = [
        abs(probability[each].mean() - right[each].mean()) for each in np.array_split(order, bins)
    ]
    return float(np.mean(gaps))


def _pool_adjacent(values: np.ndarray) -> np.ndarray:
    pools: list[list[float]] = []  # sum and number of values in each
    for value in values:
        pools.append([float(value), 1])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            total, number = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += number
    return np.concatenate([np.full(int(number), total / number) for total, number in pools])
