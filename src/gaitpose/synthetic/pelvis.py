"""Height of the pelvis: the smooth curve for which the knees in stance come closest to their style.

Feet and forward motion are given; then the height of the hips alone decides how far the knee of a
leg on the ground is bent. It is a Fourier series over the stride while walking, faded to standing
height by B-splines where the walk starts, stops or turns, and is found by Gauss-Newton.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gaitpose.synthetic.contact import ankle_on_ground
from gaitpose.synthetic.footfalls import foot_shape, plan_stances
from gaitpose.synthetic.fourier import harmonic_basis
from gaitpose.synthetic.leg import reach
from gaitpose.synthetic.route import Pass, Route
from gaitpose.synthetic.settings import WalkerSettings, both

HARMONICS = 6
"""Of the stride, in the height of the pelvis: up to about 6 Hz."""

STRAIGHTEST_KNEE = 2.0
"""Degrees; the pelvis is lowered rather than a knee straightened beyond this."""

STANDING_KNEE = 6.0
"""Degrees of flexion in standing."""


@dataclass(frozen=True)
class Pelvis:
    """Height of the mid-hip over time.

    Parameters
    ----------
    series : array
        Coefficients of the Fourier series over the left leg's stride, metres.
    standing : float
        Metres.
    knots : array
        Centres of the B-splines, seconds.
    weights : array
        Their weights, metres.
    spacing : float
        Between knots of one transition, seconds.
    hip_ahead : float
        Metres by which the hip is ahead of the flat foot's ankle at mid-stance.
    """

    series: np.ndarray
    standing: float
    knots: np.ndarray
    weights: np.ndarray
    spacing: float
    hip_ahead: float

    def height(self, settings: WalkerSettings, route: Route, time: np.ndarray) -> np.ndarray:
        """Metres above the floor; shape of ``time``."""
        share = route.share(time)
        walking = harmonic_basis(stride_phase(settings, route, time), HARMONICS) @ self.series
        height = share * walking + (1 - share) * self.standing
        return height + cubic_splines(time, self.knots, self.spacing) @ self.weights

    def mid_hip(
        self, settings: WalkerSettings, route: Route, time: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Middle between the hips, metres, (..., 3), and heading, radians, (...)."""
        floor = route.position(time)
        height = self.height(settings, route, time)
        return np.stack([floor[..., 0], height, floor[..., 1]], axis=-1), route.heading(time)


def stride_phase(settings: WalkerSettings, route: Route, time: np.ndarray) -> np.ndarray:
    """Phase of the left leg's cycle, 0 at its foot strikes, not wrapped."""
    begin = route.moving[0]
    anchor = begin if np.isfinite(begin) else 0.0
    return (time - anchor) / settings.stride_time + settings.phase


def cubic_splines(time: np.ndarray, knots: np.ndarray, spacing: float) -> np.ndarray:
    """Uniform cubic B-splines centred at the knots, (..., knots)."""
    u = np.abs(np.asarray(time)[..., np.newaxis] - knots) / spacing
    return np.where(u < 1, 2 / 3 - u**2 + u**3 / 2, np.clip(2 - u, 0, None) ** 3 / 6)


def fit_pelvis(settings: WalkerSettings, route: Route) -> Pelvis:
    """Find the height of the pelvis for a route."""
    return _fit_steady(settings)


def _fit_steady(settings: WalkerSettings) -> Pelvis:
    stride = settings.stride_time
    route = Route(settings.speed, stride, (Pass(-np.inf, np.inf, 0.0),), stride)
    time = stride * (np.arange(240) + 0.5) / 240
    basis = harmonic_basis(stride_phase(settings, route, time), HARMONICS)
    leg = sum(both(settings.thigh) + both(settings.shank)) / 2
    pelvis = Pelvis(np.zeros(2 * HARMONICS + 1), 0.0, np.zeros(0), np.zeros(0), 1.0, 0.08)
    pelvis.series[0] = leg
    for _ in range(30):
        rows, values = [], []
        for side in (0, 1):
            distance, slope_up, slope_ahead, wanted, weight, on = _stance_legs(
                settings, route, side, pelvis, time
            )
            rows.append(
                (weight[:, None] * np.column_stack([slope_up[:, None] * basis[on], slope_ahead]))
            )
            values.append(weight * (wanted - distance))
        ridge = 1e-3 * np.arange(1, HARMONICS + 1) ** 2
        ridge = np.diag(np.concatenate([[0.0], ridge, ridge, [0.0]]))
        matrix = np.vstack([*rows, ridge])
        target = np.concatenate([*values, -ridge @ np.append(pelvis.series, 0.0)])
        step = np.linalg.lstsq(matrix, target, rcond=None)[0]
        pelvis = replace(
            pelvis, series=pelvis.series + step[:-1], hip_ahead=pelvis.hip_ahead + step[-1]
        )
    return pelvis


def _stance_legs(settings, route, side, pelvis, time):
    stances = plan_stances(settings, route, side, pelvis.hip_ahead)
    style = settings.leg_style(side)
    which = np.searchsorted(stances.start, time, side="right") - 1
    on = time <= stances.end[which]
    which, time = which[on], time[on]
    ankle = ankle_on_ground(foot_shape(settings, side), stances, which, time)
    hip = route.position(time)
    ahead = ankle[:, 0] - hip[:, 0]
    up = pelvis.height(settings, route, time) - ankle[:, 1]
    distance = np.hypot(ahead, up)
    share = 1 - (stances.end[which] - time) / (settings.stance(side) * settings.stride_time)
    knee = np.deg2rad(style.knee(share * style.foot_off))
    thigh, shank = both(settings.thigh)[side], both(settings.shank)[side]
    wanted = reach(np.maximum(knee, np.deg2rad(STRAIGHTEST_KNEE)), thigh, shank)
    slope = thigh * shank * np.sin(np.maximum(knee, np.deg2rad(12.0))) / wanted
    weight = 1 / slope * np.where(share > 0.85, 0.4, 1.0)
    return distance, up / distance, -ahead / distance, wanted, weight, on
