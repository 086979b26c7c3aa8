"""Polynomials that join given ends, and bumps that leave the ends alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

STENCIL = 5e-4
"""Spacing of the five points from which rates are taken: seconds, or share of a swing."""


def late_bump(u: np.ndarray, peak: np.ndarray | float) -> np.ndarray:
    """Bump of height 1 on [0, 1] with a late peak (> 0.5); smooth at both ends."""
    power = 3 * peak / (1 - peak)
    return u**power * (1 - u) ** 3 / (peak**power * (1 - peak) ** 3)


def middle_bump(u: np.ndarray) -> np.ndarray:
    """Bump of height 1 at the middle of [0, 1], with no value, rate or acceleration at its ends."""
    return 64 * (u * (1 - u)) ** 3


def jet(function: Callable[[np.ndarray], np.ndarray], at: np.ndarray, towards: int) -> np.ndarray:
    """Value, first and second derivative at points, by five-point differences on one side."""
    step = towards * STENCIL
    values = np.stack([function(at + count * step) for count in range(5)])
    first = np.tensordot([-25.0, 48.0, -36.0, 16.0, -3.0], values, axes=1) / (12 * step)
    second = np.tensordot([35.0, -104.0, 114.0, -56.0, 11.0], values, axes=1) / (12 * step**2)
    return np.stack([values[0], first, second])


def fading(end: np.ndarray, span: np.ndarray) -> np.ndarray:
    """Coefficients of corrections with given value, rate and acceleration that fade to nothing.

    Parameters
    ----------
    end : array, (3, curves, n)
        Value, first and second derivative at the beginning.
    span : array, (curves, 1)
        Where each curve has faded.

    Returns
    -------
    array, (curves, n, 3)
        Of the second factor in ``(1 - x)**3 (a + b x + c x**2)``, x in units of the span.
    """
    value, rate, curvature = end[0], end[1] * span, end[2] * span**2
    slope = rate + 3 * value
    return np.stack([value, slope, curvature / 2 + 3 * slope - 3 * value], axis=-1)


def faded(coefficients: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Corrections of :func:`fading`, (curves, n, 3), at ``x`` (curves, n) in units of the span."""
    a, b, c = np.moveaxis(coefficients, -1, 0)
    return np.asarray(np.clip(1 - x, 0.0, None) ** 3 * (a + b * x + c * x**2))


def quintics(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Quintics on [0, 1] from value, first and second derivative (3, n) at both ends, (n, 6)."""
    a0, a1, a2 = start[0], start[1], start[2] / 2
    value, rate, curvature = end[0] - a0 - a1 - a2, end[1] - a1 - 2 * a2, end[2] - 2 * a2
    a3 = 10 * value - 4 * rate + curvature / 2
    a4 = -15 * value + 7 * rate - curvature
    a5 = 6 * value - 3 * rate + curvature / 2
    return np.stack([a0, a1, a2, a3, a4, a5], axis=-1)


def polynomial(coefficients: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Polynomials with ascending coefficients (n, 6) at ``u`` (n)."""
    total = np.zeros_like(u)
    for power in range(5, -1, -1):
        total = total * u + coefficients[:, power]
    return total
