"""Dark pictures made as bright as those that networks learnt from and thresholds are meant for."""

from __future__ import annotations

import cv2
import numpy as np

DARK = 110.0
"""A picture is dark if 95 % of its pixels are below this in every colour (0..255)."""

BRIGHT = 200.0
"""Where that percentile is brought."""

MOST_GAIN = 6.0
"""Beyond this mostly noise would be brightened."""

MEDIAN_OF_DIFFERENCE = 0.954
"""Median of the absolute difference of two normal values, over their standard deviation."""

_EVERY = 4
"""Only each fourth row and column is looked at."""


def gain_of(rgb: np.ndarray) -> float:
    """Return the factor by which a picture should be brightened: 1 unless it is dark.

    Parameters
    ----------
    rgb : uint8 array, (height, width, 3)

    Returns
    -------
    float
        1 to :data:`MOST_GAIN`.
    """
    light = float(np.percentile(rgb[::_EVERY, ::_EVERY].max(axis=2), 95))
    return 1.0 if light >= DARK else min(BRIGHT / max(light, 1.0), MOST_GAIN)


def brightened(rgb: np.ndarray, gain: float) -> np.ndarray:
    """Return a picture (uint8) with its values multiplied, cut off at white."""
    return rgb if gain == 1.0 else cv2.convertScaleAbs(rgb, alpha=gain)


def noise_between(one: np.ndarray, other: np.ndarray) -> float:
    """Estimate the noise of two pictures of about the same scene from where they differ.

    Parameters
    ----------
    one, other : uint8 array, (height, width, 3)

    Returns
    -------
    float
        Standard deviation, grey levels: by the median, so that what moves counts little.
    """
    difference = cv2.absdiff(one, other)
    return float(np.median(difference)) / MEDIAN_OF_DIFFERENCE
