"""One-dimensional statistical parametric mapping: a paired t test at every percent of the cycle.

The threshold keeps the chance of any false cluster over the whole curve at alpha, by random field
theory: neighbouring samples of a smooth curve are not independent tests.

Sources: Friston et al., Statistical Parametric Mapping, 2007, ch. 18-19; Pataky, J Biomech 2010,
43:1976-1982, for biomechanical curves; Worsley et al., Neuroimage 2004, 23:S189-S195, for the Euler
characteristic densities; Kiebel et al., Neuroimage 1999, 10:756-766, for the smoothness.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import gamma
from scipy.stats import t as student

MINIMUM_PAIRS = 3


@dataclass(frozen=True)
class Cluster:
    """A stretch of the curve over which the two differ.

    Attributes
    ----------
    start, end : float
        In samples (percent of the cycle for curves of 101 samples), interpolated.
    p : float
        Chance of a cluster at least this long anywhere, if there were no difference.
    """

    start: float
    end: float
    p: float
    is_positive: bool


@dataclass(frozen=True)
class PairedMap:
    """Paired t at each sample, the threshold for |t|, and the clusters beyond it."""

    t: np.ndarray
    degrees_of_freedom: int
    fwhm: float
    threshold: float
    clusters: tuple[Cluster, ...]
    reason: str = ""


def paired_t_map(ours: np.ndarray, reference: np.ndarray, alpha: float = 0.05) -> PairedMap:
    """Paired, two-tailed SPM{t} of two sets of curves.

    Parameters
    ----------
    ours, reference : array, (pairs, samples)
        Pairs with a missing sample are left out.
    alpha : float
        Family-wise error rate, two-tailed.

    Returns
    -------
    PairedMap
        With fewer than three pairs the map is NaN and `reason` says so.

    Notes
    -----
    Pairs must be independent (one a subject) for the error rate to hold for people; over the cycles
    of one recording the test speaks of that recording only.
    """
    difference = np.asarray(ours, dtype=float) - np.asarray(reference, dtype=float)
    difference = difference[np.isfinite(difference).all(axis=1)]
    n, samples = difference.shape
    if n < MINIMUM_PAIRS or samples < 2:
        return _empty(samples, f"only {n} complete pairs of curves")
    spread = difference.std(axis=0, ddof=1)
    if not (spread > 0).all():
        return _empty(samples, "the difference does not vary between pairs")
    t = difference.mean(axis=0) / (spread / np.sqrt(n))
    df = n - 1
    fwhm = smoothness(difference - difference.mean(axis=0))
    resels = (samples - 1) / fwhm
    threshold = critical_t(alpha / 2, df, resels, samples)
    clusters = (
        *_clusters(t, threshold, df, fwhm, resels, is_positive=True),
        *_clusters(-t, threshold, df, fwhm, resels, is_positive=False),
    )
    return PairedMap(t, df, fwhm, threshold, tuple(sorted(clusters, key=lambda c: c.start)))


def smoothness(residuals: np.ndarray) -> float:
    """Full width at half maximum, in samples, of the kernel that would make noise this smooth.

    Parameters
    ----------
    residuals : array, (curves, samples)
    """
    gradient = np.gradient(residuals, axis=1)
    power = np.sum(residuals**2, axis=0)
    roughness = np.sum(gradient**2, axis=0) / np.where(power > 0, power, np.nan)
    return float(1 / np.nanmean(np.sqrt(roughness / (4 * np.log(2)))))


def critical_t(tail: float, df: int, resels: float, samples: int) -> float:
    """Height that a smooth t curve exceeds anywhere with probability `tail`.

    The lower of the random-field and the Bonferroni height: for rough curves the latter is.
    """

    def excess(height: float) -> float:
        return 1 - np.exp(-sum(_densities(height, df, resels))) - tail

    highest = 1e3
    field = float(brentq(excess, 0.0, highest)) if excess(highest) < 0 else highest
    return min(field, float(student.isf(tail / samples, df)))


def _densities(height: float, df: int, resels: float) -> tuple[float, float]:
    point = float(student.sf(height, df))
    line = np.sqrt(4 * np.log(2)) / (2 * np.pi) * (1 + height**2 / df) ** ((1 - df) / 2)
    return point, float(line * resels)


def _clusters(
    t: np.ndarray, threshold: float, df: int, fwhm: float, resels: float, *, is_positive: bool
) -> list[Cluster]:
    above = np.flatnonzero(t > threshold)
    if not above.size:
        return []
    runs = np.split(above, np.flatnonzero(np.diff(above) > 1) + 1)
    found = []
    for run in runs:
        start = _crossing(t, threshold, int(run[0]), -1)
        end = _crossing(t, threshold, int(run[-1]), 1)
        p = _cluster_p((end - start) / fwhm, threshold, df, resels)
        found.append(Cluster(start, end, p, is_positive))
    return found


def _crossing(t: np.ndarray, threshold: float, inside: int, step: int) -> float:
    outside = inside + step
    if not 0 <= outside < t.size:
        return float(inside)
    return inside + step * float((t[inside] - threshold) / (t[inside] - t[outside]))


def _cluster_p(extent: float, height: float, df: int, resels: float) -> float:
    point, line = _densities(height, df, resels)
    # Expected number of clusters, their expected extent, and the extent's distribution in 1-D.
    expected = point + line
    mean_extent = resels * point / line
    longer = np.exp(-((gamma(1.5) * extent / mean_extent) ** 2))
    return float(min(1.0, 2 * (1 - np.exp(-expected * longer))))


def _empty(samples: int, reason: str) -> PairedMap:
    missing = np.full(samples, np.nan)
    return PairedMap(missing, 0, float("nan"), float("nan"), (), reason)
