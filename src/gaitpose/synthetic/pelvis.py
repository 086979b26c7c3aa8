"""The pelvis: where it is on the route, and at what height.

The height is a Fourier series over the stride in steady walking; where the walk starts, stops or
turns it is faded to standing height, with B-splines in between. How its coefficients are found is
in :mod:`gaitpose.synthetic.knee_fit`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.synthetic.fourier import harmonic_basis
from gaitpose.synthetic.route import Route
from gaitpose.synthetic.settings import WalkerSettings

HARMONICS = 8
"""Of the stride, in the height of the pelvis: up to about 7 Hz."""


@dataclass(frozen=True)
class Pelvis:
    """Motion of the pelvis.

    Parameters
    ----------
    settings : WalkerSettings
    route : Route
    series : array, (1 + 2 HARMONICS,)
        Fourier coefficients of the walking height over the left leg's stride, metres.
    standing : float
        Height in standing, metres.
    knots, weights : array, (splines,)
        Centres (seconds) and weights (metres) of the B-splines.
    spacing : float
        Between knots, seconds.
    hip_ahead : float
        Metres by which the hip is ahead of the flat foot's ankle at mid-stance.
    """

    settings: WalkerSettings
    route: Route
    series: np.ndarray
    standing: float
    knots: np.ndarray
    weights: np.ndarray
    spacing: float
    hip_ahead: float

    def phase(self, time: np.ndarray) -> np.ndarray:
        """Phase of the left leg's cycle, whole at its foot strikes; shape of ``time``."""
        begin = self.route.moving[0]
        anchor = begin if np.isfinite(begin) else 0.0
        return (time - anchor) / self.settings.stride_time + self.settings.phase

    def height(self, time: np.ndarray) -> np.ndarray:
        """Height of the mid-hip, metres above the floor; shape of ``time``."""
        share = self.route.share(time)
        walking = harmonic_basis(self.phase(time), HARMONICS) @ self.series
        splines = cubic_splines(time, self.knots, self.spacing) @ self.weights
        return share * walking + (1 - share) * self.standing + splines

    def mid_hip(self, time: np.ndarray) -> np.ndarray:
        """Middle between the hips, metres, (..., 3)."""
        floor = self.route.position(time)
        return np.stack([floor[..., 0], self.height(time), floor[..., 1]], axis=-1)

    def hip(self, side: int, time: np.ndarray) -> np.ndarray:
        """Hip of the left (0) or right (1) leg, metres, (..., 3)."""
        heading = self.route.heading(time)
        lateral = self.settings.hip_width / 2 * (1 if side else -1)
        sideways = np.stack([-np.sin(heading), 0 * heading, np.cos(heading)], axis=-1)
        return self.mid_hip(time) + lateral * sideways


def cubic_splines(time: np.ndarray, knots: np.ndarray, spacing: float) -> np.ndarray:
    """Uniform cubic B-splines centred at the knots, (..., knots)."""
    u = np.abs(np.asarray(time)[..., np.newaxis] - knots) / spacing
    return np.where(u < 1, 2 / 3 - u**2 + u**3 / 2, np.clip(2 - u, 0, None) ** 3 / 6)
