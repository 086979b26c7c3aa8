"""The height of the pelvis for which the knees on the ground come closest to their style.

Feet and forward motion are given; then the height of the hips alone decides how far the knee of a
leg in contact is bent. It is found by Gauss-Newton on the knee angles' distance from the style and
on the bending of that distance over time (so that the knees stay smooth), and lowered where a leg
would be too straight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from gaitpose.synthetic.contact import Stances, ankle_on_ground
from gaitpose.synthetic.footfalls import foot_shape, plan_stances
from gaitpose.synthetic.fourier import harmonic_basis
from gaitpose.synthetic.gait_curves import STANDING_KNEE
from gaitpose.synthetic.leg import out_of_reach, reach
from gaitpose.synthetic.pelvis import HARMONICS, Pelvis, cubic_splines
from gaitpose.synthetic.route import Pass, Route
from gaitpose.synthetic.settings import WalkerSettings, both

SAMPLES = 240
"""Per stride."""

ITERATIONS = 40

CONVERGED = 1e-5
"""Metres by which no coefficient changes any more."""

LARGEST_STEP = 0.01
"""Metres per iteration: near the straight knee the problem is far from linear."""

RIDGE = 1e-3
"""Radians that a metre of a harmonic counts for, per squared order."""

USUAL_AHEAD, POSTURE = 0.1, 20.0
"""Hip ahead of the ankle at mid-stance, in leg lengths, and the radians that a metre of difference
from it counts for: nobody leans far to suit a knee."""

SMOOTHNESS = 2e-3
"""Radians that a radian per second squared of knee acceleration beyond the style's counts for."""

EARLY_STANCE, EARLY_WEIGHT = 0.15, 1.5
"""Up to this share of stance the knee matters most: nearly straight, it ends the swing."""

LATE_STANCE, LATE_WEIGHT = 0.85, 0.3
"""From this share of stance on the other leg carries, and the knee may differ more."""

MID_STANCE = 0.35
"""Share of stance at which a leg stands before the first and after the last step."""

STRAIGHTEST_KNEE = 2.0
"""Degrees; the pelvis is lowered rather than a knee straightened beyond this."""

LANDING, STRAIGHTEST_LANDING = 0.03, 4.5
"""The same up to this share of stance, and off full speed: such knees bend and straighten fast."""

SPLINES_PER_STRIDE = 8


@dataclass(frozen=True)
class _Knees:
    """Knees of one leg while it is on the ground, at given times.

    ``on`` masks the times; ``excess`` is the flexion beyond the style's, radians; ``slopes`` are
    its derivatives by the height of the hip and by ``hip_ahead``; ``weight`` is that of the sample;
    ``too_far`` is by how much the ankle is out of reach of the straightest knee, metres.
    """

    on: np.ndarray
    excess: np.ndarray
    slopes: tuple[np.ndarray, np.ndarray]
    weight: np.ndarray
    too_far: np.ndarray


_Feet = tuple[Stances, Stances]


def _feet(settings: WalkerSettings, route: Route) -> _Feet:
    return plan_stances(settings, route, 0), plan_stances(settings, route, 1)


def fit_pelvis(settings: WalkerSettings, route: Route) -> Pelvis:
    """Find the height of the pelvis along a route.

    Raises
    ------
    BadSettings
        If the legs cannot take such steps.
    """
    pelvis = replace(_fit_steady(settings), route=route)
    feet = _feet(settings, route)
    for window in _transitions(settings, route):
        pelvis = _fit_transition(pelvis, feet, window)
    return pelvis


def _fit_steady(settings: WalkerSettings) -> Pelvis:
    stride = settings.stride_time
    route = Route(settings.speed, stride, (Pass(-np.inf, np.inf, 0.0),), stride)
    standing_knee = np.deg2rad(STANDING_KNEE)
    sideways = (settings.hip_width - settings.feet_apart) / 2
    standing = [
        float(np.sqrt(reach(standing_knee, thigh, shank) ** 2 - sideways**2)) + ankle
        for thigh, shank, ankle in zip(
            both(settings.thigh), both(settings.shank), both(settings.ankle_height), strict=True
        )
    ]
    none = np.zeros(0)
    series = np.concatenate([[0.93 * min(standing)], np.zeros(2 * HARMONICS)])
    pelvis = Pelvis(settings, route, series, min(standing), none, none, stride, 0.08)
    feet = _feet(settings, route)
    time = stride * (np.arange(SAMPLES) + 0.5) / SAMPLES
    basis = harmonic_basis(pelvis.phase(time), HARMONICS)
    order = np.arange(1, HARMONICS + 1) ** 2
    usual = USUAL_AHEAD * settings.leg
    ridge = np.diag(np.concatenate([[0.0], RIDGE * order, RIDGE * order, [POSTURE]]))
    for _ in range(ITERATIONS):
        knees = [_knees(pelvis, feet, side, time) for side in (0, 1)]
        rows = [
            np.column_stack([one.slopes[0][:, np.newaxis] * basis[one.on], one.slopes[1]])
            for one in knees
        ]
        step = _gauss_newton(
            knees, rows, ridge, np.append(pelvis.series, pelvis.hip_ahead - usual), stride / SAMPLES
        )
        pelvis = replace(
            pelvis, series=pelvis.series + step[:-1], hip_ahead=pelvis.hip_ahead + float(step[-1])
        )
        if np.abs(step).max() < CONVERGED:
            break
    return _lowered_into_reach(pelvis, feet, stride * np.arange(1000) / 1000)


def _transitions(settings: WalkerSettings, route: Route) -> list[tuple[float, float]]:
    """List the times between standing and full speed, and of turns.

    Stances outlast the change of speed, so half a stride of steady walking is added.
    """
    after = route.ramp + settings.stride_time / 2
    windows = []
    if np.isfinite(route.passes[0].begin):
        windows.append((route.passes[0].begin, route.passes[0].begin + after))
    for one, following in pairwise(route.passes):
        windows.append((one.end - after, following.begin + after))
    if np.isfinite(route.passes[-1].end):
        windows.append((route.passes[-1].end - after, route.passes[-1].end))
    return windows


def _fit_transition(pelvis: Pelvis, feet: _Feet, window: tuple[float, float]) -> Pelvis:
    stride = pelvis.settings.stride_time
    spacing = stride / SPLINES_PER_STRIDE
    count = round((window[1] - window[0]) / spacing) - 3
    knots = window[0] + spacing * (2 + np.arange(count))
    time = np.arange(window[0], window[1], stride / SAMPLES)
    basis = cubic_splines(time, knots, spacing)
    first = len(pelvis.knots)
    pelvis = replace(
        pelvis,
        knots=np.append(pelvis.knots, knots),
        weights=np.append(pelvis.weights, np.zeros(count)),
        spacing=spacing,
    )
    ridge = RIDGE * np.eye(count)
    for _ in range(ITERATIONS):
        knees = [_knees(pelvis, feet, side, time) for side in (0, 1)]
        rows = [one.slopes[0][:, np.newaxis] * basis[one.on] for one in knees]
        step = _gauss_newton(knees, rows, ridge, pelvis.weights[first:], stride / SAMPLES)
        pelvis = _with_weights(pelvis, first, pelvis.weights[first:] + step)
        if np.abs(step).max() < CONVERGED:
            break
    return _spline_lowered_into_reach(pelvis, feet, first, time)


def _gauss_newton(
    knees: Iterable[_Knees],
    rows: Iterable[np.ndarray],
    ridge: np.ndarray,
    now: np.ndarray,
    interval: float,
) -> np.ndarray:
    """One bounded step towards knees of the style, without sharp bends."""
    matrix, target = [ridge], [-ridge @ now]
    for one, slopes in zip(knees, rows, strict=True):
        matrix.append(one.weight[:, np.newaxis] * slopes)
        target.append(-one.weight * one.excess)
        factor = SMOOTHNESS / interval**2
        matrix.append(factor * _second_difference(slopes, one.on))
        target.append(-factor * _second_difference(one.excess, one.on))
    step = np.linalg.lstsq(np.vstack(matrix), np.concatenate(target), rcond=None)[0]
    return step * min(1.0, LARGEST_STEP / max(float(np.abs(step).max()), 1e-12))


def _second_difference(values: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Second differences within each contact; values are those of the samples in contact."""
    gap = np.diff(np.flatnonzero(on))
    inner = (gap[:-1] == 1) & (gap[1:] == 1)
    return np.asarray(values[:-2] - 2 * values[1:-1] + values[2:])[inner]


def _lowered_into_reach(pelvis: Pelvis, feet: _Feet, time: np.ndarray) -> Pelvis:
    """Lower steady walking until no leg on the ground is straighter than the straightest knee."""
    for _ in range(50):
        lower = _out_of_reach(pelvis, feet, time).max()
        if lower <= 0:
            return pelvis
        series = pelvis.series.copy()
        series[0] -= 1.2 * lower + 1e-6
        pelvis = replace(pelvis, series=series)
    raise out_of_reach()


def _spline_lowered_into_reach(pelvis: Pelvis, feet: _Feet, first: int, time: np.ndarray) -> Pelvis:
    """Lower the pelvis within a transition, only where a knee is too straight."""
    for _ in range(200):
        lower = np.maximum(_out_of_reach(pelvis, feet, time), 0.0)
        if lower.max() == 0:
            return pelvis
        near = np.abs(time[:, np.newaxis] - pelvis.knots[first:]) < 2 * pelvis.spacing
        change = (near * lower[:, np.newaxis]).max(axis=0)
        pelvis = _with_weights(pelvis, first, pelvis.weights[first:] - change - 1e-6)
    raise out_of_reach()


def _out_of_reach(pelvis: Pelvis, feet: _Feet, time: np.ndarray) -> np.ndarray:
    """How far the farther ankle in contact is beyond the straightest knee's reach, metres."""
    far = np.full(len(time), -np.inf)
    for side in (0, 1):
        knees = _knees(pelvis, feet, side, time)
        far[knees.on] = np.maximum(far[knees.on], knees.too_far)
    return far


def _with_weights(pelvis: Pelvis, first: int, weights: np.ndarray) -> Pelvis:
    return replace(pelvis, weights=np.concatenate([pelvis.weights[:first], weights]))


def _knees(pelvis: Pelvis, feet: _Feet, side: int, time: np.ndarray) -> _Knees:
    settings = pelvis.settings
    stances = feet[side].behind(pelvis.hip_ahead)
    which = np.searchsorted(stances.start, time, side="right") - 1
    on = time <= stances.end[which]
    which, time = which[on], time[on]
    ankle = ankle_on_ground(foot_shape(settings, side), stances, which, time)
    offset = ankle - pelvis.hip(side, time)
    heading = pelvis.route.heading(time)
    ahead = offset[:, 0] * np.cos(heading) + offset[:, 2] * np.sin(heading)
    distance = np.linalg.norm(offset, axis=1)
    thigh, shank = both(settings.thigh)[side], both(settings.shank)[side]
    # Beyond the straightest knee the angle is continued linearly, so that the fit finds back.
    share = _share_of_stance(settings, side, stances.start[which], stances.end[which], time)
    walking = pelvis.route.share(time)
    bending = (share < LANDING) | (walking < 1)
    straightest = np.deg2rad(np.where(bending, STRAIGHTEST_LANDING, STRAIGHTEST_KNEE))
    limit = reach(straightest, thigh, shank)
    reached = np.minimum(distance, limit)
    cosine = (reached**2 - thigh**2 - shank**2) / (2 * thigh * shank)
    knee = np.arccos(np.clip(cosine, -1.0, 1.0))
    slope = -reached / (thigh * shank * np.sin(knee))
    knee = knee + slope * (distance - reached)
    wish = settings.leg_style(side).knee(share * settings.leg_style(side).foot_off)
    wanted = np.deg2rad(walking * wish + (1 - walking) * STANDING_KNEE)
    weight = np.where(share > LATE_STANCE, LATE_WEIGHT, 1.0)
    weight = np.where(share < EARLY_STANCE, EARLY_WEIGHT, weight)
    slopes = -slope * offset[:, 1] / distance, -slope * ahead / distance
    return _Knees(on, knee - np.maximum(wanted, straightest), slopes, weight, distance - limit)


def _share_of_stance(
    settings: WalkerSettings, side: int, start: np.ndarray, end: np.ndarray, time: np.ndarray
) -> np.ndarray:
    stance = settings.stance(side) * settings.stride_time
    share = 1 - (end - time) / stance
    share = np.where(np.isinf(end), np.minimum((time - start) / stance, MID_STANCE), share)
    return np.where(np.isinf(start), np.maximum(share, MID_STANCE), share)
