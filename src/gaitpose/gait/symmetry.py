"""Symmetry of left and right: the article's phase symmetry index and three indices of the field."""

from __future__ import annotations

import math

REFERENCE_CYCLE_S = 1.2
"""T0 of the article: gait cycle of healthy people, seconds."""

REFERENCE_STANCE = 0.62
"""T_T of the article: share of stance of healthy people."""

REFERENCE_SWING = 0.38
"""T_W of the article: share of swing."""

HEALTHY_PHASE_SYMMETRY = 0.9
"""The article's healthy people are above."""


def phase_symmetry_index(
    stride_time: float,
    stance: tuple[float, float],
    swing: tuple[float, float],
) -> float:
    """Compute the article's phase symmetry index, as printed.

    Parameters
    ----------
    stride_time : float
        Seconds.
    stance, swing : (left, right)
        Seconds.

    Returns
    -------
    float
        1 for a symmetric gait of 1.2 s a cycle. NaN if anything is missing or not positive.

    Notes
    -----
    Eq. 12 of the gait section of Sci Rep 2023, 13:22681:
    ``D = sqrt(T0/T) (T_T min(ST)/max(ST) + T_W min(SW)/max(SW))``. The article claims the range
    [0, 1]; for cycles shorter than T0 the root exceeds 1, and a fast symmetric gait scores above 1.
    This is the raw value; see :func:`capped`. The text names T0 and T also "l0" and "L".
    """
    if not all(value > 0 for value in (stride_time, *stance, *swing)):
        return math.nan
    balance = REFERENCE_STANCE * min(stance) / max(stance)
    balance += REFERENCE_SWING * min(swing) / max(swing)
    return math.sqrt(REFERENCE_CYCLE_S / stride_time) * balance


def capped(index: float) -> float:
    """Cap the phase symmetry index at 1, the range that the article claims."""
    return min(index, 1.0) if math.isfinite(index) else math.nan


def symmetry_ratio(left: float, right: float) -> float:
    """Left over right; 1 is symmetric (Patterson et al., Gait & Posture 2010, 31:241-246)."""
    return left / right if right else math.nan


def robinson_index(left: float, right: float) -> float:
    """Difference over mean in percent; 0 is symmetric, positive if left is larger.

    Robinson et al., J Manipulative Physiol Ther 1987, 10:172-176. Without meaning where the mean is
    near zero.
    """
    middle = (left + right) / 2
    return 100.0 * (left - right) / middle if middle else math.nan


def symmetry_angle(left: float, right: float) -> float:
    """Angle of (right, left) from the line of equality, percent; 0 is symmetric.

    Zifchock et al., Gait & Posture 2008, 27:622-627: ``(45 deg - atan(left/right)) / 90 deg``,
    folded into -100..100 %. Positive if right is larger; bounded, and needs no reference side.
    """
    if not (math.isfinite(left) and math.isfinite(right)) or (left == 0 and right == 0):
        return math.nan
    angle = 45.0 - math.degrees(math.atan2(left, right))
    if angle > 90.0:
        angle -= 180.0
    elif angle < -90.0:
        angle += 180.0
    return 100.0 * angle / 90.0
