"""Numbers for the agreement of curves: errors, correlation, ICC, CMC, similarity.

Missing samples (NaN) are left out pairwise. A number that cannot be had is NaN.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MINIMUM_SAMPLES = 3


class Coefficient(NamedTuple):
    """A coefficient, and why it is NaN where it is."""

    value: float
    reason: str = ""


def paired(ours: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Flatten both and keep the samples that both have."""
    a = np.asarray(ours, dtype=float).ravel()
    b = np.asarray(reference, dtype=float).ravel()
    both = np.isfinite(a) & np.isfinite(b)
    return a[both], b[both]


def rmse(ours: np.ndarray, reference: np.ndarray) -> float:
    """Root mean square of the differences, in the data's unit."""
    a, b = paired(ours, reference)
    return float(np.sqrt(np.mean((a - b) ** 2))) if a.size else float("nan")


def mae(ours: np.ndarray, reference: np.ndarray) -> float:
    """Mean absolute difference, in the data's unit."""
    a, b = paired(ours, reference)
    return float(np.mean(np.abs(a - b))) if a.size else float("nan")


def bias(ours: np.ndarray, reference: np.ndarray) -> float:
    """Mean of ours minus reference, in the data's unit."""
    a, b = paired(ours, reference)
    return float(np.mean(a - b)) if a.size else float("nan")


def rmse_without_offset(ours: np.ndarray, reference: np.ndarray) -> float:
    """Root mean square of the differences after the mean difference is taken out."""
    a, b = paired(ours, reference)
    return float(np.std(a - b)) if a.size else float("nan")


def mae_without_offset(ours: np.ndarray, reference: np.ndarray) -> float:
    """Mean absolute difference after the mean difference is taken out."""
    a, b = paired(ours, reference)
    if not a.size:
        return float("nan")
    difference = a - b
    return float(np.mean(np.abs(difference - difference.mean())))


def pearson(ours: np.ndarray, reference: np.ndarray) -> float:
    """Pearson's r; NaN with fewer than three samples or a constant curve."""
    a, b = paired(ours, reference)
    if a.size < MINIMUM_SAMPLES:
        return float("nan")
    a, b = a - a.mean(), b - b.mean()
    scale = np.sqrt(np.sum(a**2) * np.sum(b**2))
    return float(np.sum(a * b) / scale) if scale > 0 else float("nan")


def icc_2_1(ratings: np.ndarray) -> float:
    """Intraclass correlation ICC(2,1): two-way random effects, absolute agreement, single rater.

    Parameters
    ----------
    ratings : array, (targets, raters)
        Rows with a missing rating are left out.

    Returns
    -------
    float
        At most 1; NaN with fewer than three targets.

    Notes
    -----
    Shrout & Fleiss, Psychol Bull 1979, 86:420-428, from the mean squares of a two-way ANOVA.
    """
    table = np.asarray(ratings, dtype=float)
    table = table[np.isfinite(table).all(axis=1)]
    n, k = table.shape
    if n < MINIMUM_SAMPLES or k < 2:
        return float("nan")
    grand = table.mean()
    rows = k * np.sum((table.mean(axis=1) - grand) ** 2) / (n - 1)
    columns = n * np.sum((table.mean(axis=0) - grand) ** 2) / (k - 1)
    residual = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0) + grand
    error = np.sum(residual**2) / ((n - 1) * (k - 1))
    denominator = rows + (k - 1) * error + k * (columns - error) / n
    return float((rows - error) / denominator) if denominator > 0 else float("nan")


def cmc_within(curves: np.ndarray) -> Coefficient:
    """Coefficient of multiple correlation of repeated curves (Kadaba 1989, within a day).

    Parameters
    ----------
    curves : array, (repetitions, samples)
        Curves with a missing sample are left out.

    Returns
    -------
    Coefficient
        0..1; NaN with the reason if the curves vary more among each other than over time.

    Notes
    -----
    Kadaba et al., J Orthop Res 1989, 7:849-860, eq. 1-2 for one test day.
    """
    table = _complete(np.asarray(curves, dtype=float), axes=(1,))
    if table.shape[0] < 2:
        return Coefficient(float("nan"), "fewer than two complete curves")
    g, f = table.shape
    among = np.sum((table - table.mean(axis=0)) ** 2) / (f * (g - 1))
    total = np.sum((table - table.mean()) ** 2) / (g * f - 1)
    return _root_of(among, total)


def cmc_between(curves: np.ndarray) -> Coefficient:
    """Coefficient of multiple correlation between protocols that saw the same cycles.

    Parameters
    ----------
    curves : array, (cycles, protocols, samples)
        Cycles with a missing sample are left out.

    Returns
    -------
    Coefficient
        0..1; NaN with the reason if the protocols differ more than the curve varies over time.

    Notes
    -----
    Ferrari, Cutti & Cappello, Gait Posture 2010, 31:540-542, eq. 1: deviations are taken within
    each cycle, so that only the protocol, not the cycle, makes the coefficient lower. An offset
    between the protocols does.
    """
    table = _complete(np.asarray(curves, dtype=float), axes=(1, 2))
    g, p, f = table.shape
    if g < 1 or p < 2:
        return Coefficient(float("nan"), "no complete cycle that both have")
    among = np.sum((table - table.mean(axis=1, keepdims=True)) ** 2) / (g * f * (p - 1))
    total = np.sum((table - table.mean(axis=(1, 2), keepdims=True)) ** 2) / (g * (p * f - 1))
    return _root_of(among, total)


def curve_similarity(ours: np.ndarray, reference: np.ndarray) -> float:
    """Curve similarity S = sqrt(sum of squared differences) / number of frames.

    Notes
    -----
    Eq. 14 of the GaitPoseNet article (Sci Rep 2023, 13:22681). It equals RMSE / sqrt(frames), so it
    shrinks as a recording grows; read it beside the RMSE only.
    """
    a, b = paired(ours, reference)
    return float(np.sqrt(np.sum((a - b) ** 2)) / a.size) if a.size else float("nan")


def _complete(table: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    return table[np.isfinite(table).all(axis=axes)]


def _root_of(among: float, total: float) -> Coefficient:
    if not total > 0:
        return Coefficient(float("nan"), "the curves are constant")
    radicand = 1 - among / total
    if radicand < 0:
        return Coefficient(
            float("nan"), "the curves differ more from each other than they vary over time"
        )
    return Coefficient(float(np.sqrt(radicand)))
