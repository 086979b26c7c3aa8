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

SAMPLES = 240
ITERATIONS = 30
RIDGE = 1e-3
"""Weight against high harmonics, per squared order."""

LATE_STANCE, LATE_WEIGHT = 0.85, 0.4
"""From this share of stance on the other leg carries, and the knee may differ more."""

TOO_STRAIGHT_WEIGHT = 5.0

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


@dataclass(frozen=True)
class _Reaches:
    """Legs on the ground at some times: how far hip and ankle are apart, and how far they should be.

    Arrays over the samples at which the leg is on the ground: ``on`` masks the times; ``distance``
    and its ``slopes`` with the height of the hip and with ``hip_ahead``; ``wanted`` and its
    ``weight``, the knee angle that a metre is worth; ``limit`` is the reach of the straightest knee.
    """

    on: np.ndarray
    distance: np.ndarray
    slopes: tuple[np.ndarray, np.ndarray]
    wanted: np.ndarray
    weight: np.ndarray
    limit: float


def _fit_steady(settings: WalkerSettings) -> Pelvis:
    stride = settings.stride_time
    route = Route(settings.speed, stride, (Pass(-np.inf, np.inf, 0.0),), stride)
    time = stride * (np.arange(SAMPLES) + 0.5) / SAMPLES
    basis = harmonic_basis(stride_phase(settings, route, time), HARMONICS)
    leg = sum(both(settings.thigh) + both(settings.shank)) / 2
    pelvis = Pelvis(np.zeros(2 * HARMONICS + 1), 0.0, np.zeros(0), np.zeros(0), 1.0, 0.08)
    pelvis.series[0] = leg
    order = np.arange(1, HARMONICS + 1) ** 2
    ridge = RIDGE * np.diag(np.concatenate([[0.0], order, order, [0.0]]))
    for _ in range(ITERATIONS):
        matrix, target = [ridge], [-ridge @ np.append(pelvis.series, 0.0)]
        for side in (0, 1):
            legs = _reaches(settings, route, side, pelvis, time)
            up, ahead = legs.slopes
            columns = np.column_stack([up[:, np.newaxis] * basis[legs.on], ahead])
            matrix.append(legs.weight[:, np.newaxis] * columns)
            target.append(legs.weight * (legs.wanted - legs.distance))
        step = np.linalg.lstsq(np.vstack(matrix), np.concatenate(target), rcond=None)[0]
        pelvis = replace(
            pelvis, series=pelvis.series + step[:-1], hip_ahead=pelvis.hip_ahead + float(step[-1])
        )
    return _within_reach(settings, route, pelvis)


def _within_reach(settings: WalkerSettings, route: Route, pelvis: Pelvis) -> Pelvis:
    """Lower the whole walk until no leg on the ground is straighter than the straightest knee."""
    time = settings.stride_time * np.arange(1000) / 1000
    for _ in range(20):
        lower = 0.0
        for side in (0, 1):
            legs = _reaches(settings, route, side, pelvis, time)
            excess = (legs.distance - legs.limit) / np.maximum(legs.slopes[0], 0.5)
            lower = max(lower, float(excess.max()))
        if lower <= 0:
            return pelvis
        series = pelvis.series.copy()
        series[0] -= lower + 1e-5
        pelvis = replace(pelvis, series=series)
    return pelvis


def _reaches(
    settings: WalkerSettings, route: Route, side: int, pelvis: Pelvis, time: np.ndarray
) -> _Reaches:
    stances = plan_stances(settings, route, side, pelvis.hip_ahead)
    style = settings.leg_style(side)
    which = np.searchsorted(stances.start, time, side="right") - 1
    on = time <= stances.end[which]
    which, time = which[on], time[on]
    ankle = ankle_on_ground(foot_shape(settings, side), stances, which, time)
    ahead = ankle[:, 0] - route.position(time)[:, 0]
    up = pelvis.height(settings, route, time) - ankle[:, 1]
    distance = np.hypot(ahead, up)
    share = 1 - (stances.end[which] - time) / (settings.stance(side) * settings.stride_time)
    knee = np.deg2rad(style.knee(share * style.foot_off))
    thigh, shank = both(settings.thigh)[side], both(settings.shank)[side]
    limit = float(reach(np.deg2rad(STRAIGHTEST_KNEE), thigh, shank))
    wanted = np.minimum(reach(knee, thigh, shank), limit)
    # A metre near the straight knee is worth far more degrees than the fit can follow: bounded.
    slope = thigh * shank * np.sin(np.maximum(knee, np.deg2rad(12.0))) / wanted
    weight = np.where(share > LATE_STANCE, LATE_WEIGHT, 1.0) / slope
    weight = weight * np.where(distance > limit, TOO_STRAIGHT_WEIGHT, 1.0)
    return _Reaches(on, distance, (up / distance, -ahead / distance), wanted, weight, limit)
