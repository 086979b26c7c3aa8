"""What a near camera does to a walk: one side larger than the other, one end of the way too.

All of it is read from the walk itself. Over one pass every point of the body travels equally far,
so a point that travels farther in the picture is nearer; and a person who grows along the way walks
towards the camera. Both are trends along x, told from the movement of each stride by fitting that
too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.gait import robust
from gaitpose.gait.passes import FoundSurface, Stretch, moving_slope, near_side
from gaitpose.gait.scale import segment_lengths
from gaitpose.gait.seen import Seen
from gaitpose.skeleton import SIDES, mirrored

WAY_DOWN = {"hip": 0.0, "knee": 0.5, "ankle": 1.0, "heel": 1.0, "toe": 1.0}
"""Share of the way from hip to foot."""


class PerspectiveSettings(BaseModel):
    """Which trends are believed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    """Whether perspective is corrected at all."""
    harmonics: int = Field(default=4, ge=1)
    """Of the stride, fitted beside the trend."""
    fewest_strides: float = Field(default=1.5, gt=1)
    """Steady strides that a pass must have for a trend to be told from the stride."""
    shortest_travel: float = Field(default=1.0, gt=0)
    """Leg lengths that the hips must travel in the picture."""
    steady_share: float = Field(default=0.1, gt=0, lt=1)
    """Deviation from the usual speed, as a share of it, up to which walking is steady."""
    significance: float = Field(default=3.0, ge=0)
    """Standard errors that a trend must exceed."""
    independent_share: float = Field(default=0.5, gt=0)
    """Errors of samples nearer than this share of a stride are alike: no two strides are the same,
    and a stride that differs does so for a while."""
    largest_ratio: float = Field(default=1.15, ge=1)
    """Most that one side of the body appears larger than the other."""
    largest_leg_ratio: float = Field(default=1.05, ge=1)
    """Most that one joint of a leg appears larger than its hip."""
    usual_yaw_deg: float = Field(default=5.0, gt=0, lt=45)
    """Standard deviation of the angle between walk and picture, before the walk is looked at."""
    largest_yaw_deg: float = Field(default=20.0, gt=0, lt=45)
    """Greatest angle between the walk and the picture that is believed."""
    yaw_worth_telling_deg: float = Field(default=2.0, ge=0)
    """From where on the report mentions it."""
    step_width: float = Field(default=0.1, ge=0)
    """Distance between the lines on which the feet stand, in leg lengths: six people walking had
    0.06 to 0.13, 0.09 on average (``step_width.csv``)."""


@dataclass(frozen=True)
class Trend:
    """Slope of something along x, and its standard error."""

    slope: float
    error: float


@dataclass(frozen=True)
class Pace:
    """The steady part of one pass.

    Parameters
    ----------
    time : array, (time,)
        Seconds from the start of the pass.
    along : array, (time,)
        x of the near hip; NaN where it is missing or the speed is not the usual one.
    period : float
        Stride time, seconds.
    """

    time: np.ndarray
    along: np.ndarray
    period: float


def find_pace(
    position: np.ndarray, seen: Seen, walk: Stretch, fps: float, settings: PerspectiveSettings
) -> Pace | None:
    """Find stride time and steady progress of a pass.

    Parameters
    ----------
    position : array, (time, keypoints, 2)
        One pass, upright, filtered.
    seen : Seen
    walk : Stretch
    fps : float
    settings : PerspectiveSettings

    Returns
    -------
    Pace or None
        None where too few steady strides are seen to tell a trend from the stride.
    """
    time = np.arange(len(position)) / fps
    ankles = position[:, seen.columns("ankle"), 0]
    period = stride_period(ankles[:, 0] - ankles[:, 1], fps, settings)
    if period is None:
        return None
    along = position[:, seen.names.index(f"{near_side(walk)}_hip"), 0]
    speed = moving_slope(along, fps, period)
    usual = float(robust.median(speed))
    steady = np.abs(speed - usual) <= settings.steady_share * abs(usual)
    along = np.where(steady, along, np.nan)
    known = along[steady]
    if steady.sum() < settings.fewest_strides * period * fps:
        return None
    if np.ptp(known) < settings.shortest_travel * seen.leg:
        return None
    return Pace(time, along, period)


def stride_period(
    separation: np.ndarray, fps: float, settings: PerspectiveSettings
) -> float | None:
    """Find the stride time from the distance between the ankles.

    Parameters
    ----------
    separation : array, (time,)
        Left minus right along the picture, names repaired; NaN is missing.
    fps : float
    settings : PerspectiveSettings

    Returns
    -------
    float or None
        Seconds: the first maximum of the autocorrelation after its first negative lobe, refined to
        the period whose harmonics fit best.
    """
    known = np.isfinite(separation)
    if known.sum() < 0.5 * len(separation) or known.sum() < 4 * settings.harmonics:
        return None
    steps = np.arange(len(separation))
    values = np.interp(steps, steps[known], separation[known])
    values = values - values.mean()
    spectrum = np.abs(np.fft.rfft(values, 2 * len(values))) ** 2
    lags = np.arange(len(values), 0, -1)
    correlation = (np.fft.irfft(spectrum)[: len(values)] / lags)[: 3 * len(values) // 4]
    lobes = [(a, b) for a, b in robust.runs(correlation > 0) if a > 0]
    if not lobes:
        return None
    start, stop = lobes[0]
    rough = (start + int(np.argmax(correlation[start:stop]))) / fps
    candidates = rough * (1.0 + np.linspace(-0.06, 0.06, 49))
    time = steps[known] / fps
    rest = [_rest(values[known], _stride(time, period, settings)) for period in candidates]
    return float(candidates[int(np.argmin(rest))])


def _stride(time: np.ndarray, period: float, settings: PerspectiveSettings) -> np.ndarray:
    """Return a constant and the harmonics of the stride as columns."""
    phase = 2.0 * np.pi * time[:, np.newaxis] / period * np.arange(1, settings.harmonics + 1)
    return np.column_stack([np.ones(len(time)), np.cos(phase), np.sin(phase)])


def _rest(values: np.ndarray, design: np.ndarray) -> float:
    """Return the squared residual of a linear fit."""
    solution = np.linalg.lstsq(design, values, rcond=None)[0]
    return float(((values - design @ solution) ** 2).sum())


def fit_trend(values: np.ndarray, pace: Pace, settings: PerspectiveSettings) -> Trend | None:
    """Fit a slope along x beside a movement that repeats every stride.

    Parameters
    ----------
    values : array, (time,)
    pace : Pace
    settings : PerspectiveSettings

    Returns
    -------
    Trend or None
        None where too little is known.
    """
    known = np.isfinite(values) & np.isfinite(pace.along)
    stride = _stride(pace.time[known], pace.period, settings)
    if known.sum() < 2 * stride.shape[1]:
        return None
    along = pace.along[known]
    scale = float(np.ptp(along)) or 1.0
    design = np.column_stack([(along - along.mean()) / scale, stride])
    solution, _, rank, _ = np.linalg.lstsq(design, values[known], rcond=None)
    if rank < design.shape[1]:
        return None
    rest = values[known] - design @ solution
    interval = float(np.median(np.diff(pace.time)))
    alike = max(settings.independent_share * pace.period / interval, 1.0)
    noise = float(rest @ rest) / (known.sum() - design.shape[1])
    # So many samples are one look, and a constant and a slope use up two of the looks.
    looks = known.sum() / alike
    inflation = alike * looks / max(looks - 2.0, 1.0)
    variance = np.linalg.inv(design.T @ design)[0, 0] * noise * inflation
    return Trend(float(solution[0]) / scale, float(np.sqrt(variance)) / scale)


def find_growth(
    position: np.ndarray, seen: Seen, walk: Stretch, fps: float, settings: PerspectiveSettings
) -> float:
    """Estimate how fast the person grows along the way.

    Parameters
    ----------
    position : array, (time, keypoints, 2)
        One pass, upright, filtered, from the principal point.
    seen : Seen
    walk : Stretch
    fps : float
    settings : PerspectiveSettings

    Returns
    -------
    float
        Relative growth per picture unit of x, of the size at the principal point: the most likely
        one if angles between walk and picture are usually small, so less than what is seen where
        that is unsure. 0 where nothing can be told or the angle would be too large.
    """
    pace = find_pace(position, seen, walk, fps, settings)
    if pace is None:
        return 0.0
    near = SIDES.index(near_side(walk))
    leg = segment_lengths(position, seen.names)[:, near].sum(axis=1)
    trend = fit_trend(leg, pace, settings)
    if trend is None:
        return 0.0
    middle = float(robust.mean(leg) - trend.slope * robust.mean(pace.along))
    if middle <= 0:
        return 0.0
    seen_growth, error = trend.slope / middle, trend.error / middle
    usual, largest = (
        np.tan(np.radians(degrees)) / seen.focal
        for degrees in (settings.usual_yaw_deg, settings.largest_yaw_deg)
    )
    growth = seen_growth * usual**2 / (usual**2 + error**2)
    return float(growth) if abs(growth) <= largest else 0.0


def rectified(position: np.ndarray, growth: float, centre: np.ndarray, focal: float) -> np.ndarray:
    """Turn an oblique walk parallel to the picture.

    Parameters
    ----------
    position : array, (time, keypoints, 2)
        Upright.
    growth : float
        From :func:`find_growth`.
    centre : array, (2,)
        Principal point, upright.
    focal : float
        Focal length, picture units.

    Returns
    -------
    array, (time, keypoints, 2)
        Of the size that the person has at the principal point.

    Notes
    -----
    A plane at the angle a to the picture, tan a = growth * focal, has X = f s cos a / (z - s sin a)
    and Y = f h / (z - s sin a). Solved for s and h: both are divided by 1 + growth X, and s by
    cos a. Only that last factor needs the focal length.
    """
    moved = position - centre
    size = 1.0 + growth * moved[..., :1]
    stretch = np.hypot(1.0, growth * focal)
    return moved / size * np.array([stretch, 1.0]) + centre


def far_leg_lead(growth: float, focal: float, leg: float, settings: PerspectiveSettings) -> float:
    """Return how far the far leg appears ahead along x of a walk that was turned parallel.

    Parameters
    ----------
    growth : float
        From :func:`find_growth`.
    focal : float
        Focal length, picture units.
    leg : float
        Length of the near leg, picture units.
    settings : PerspectiveSettings

    Returns
    -------
    float
        Picture units; without it every step of one leg would be too long and of the other too
        short.

    Notes
    -----
    A point beside the plane of :func:`rectified`, w farther, has x = s cos a + w sin a and
    z - s sin a + w cos a in front of the camera. After that function and with its own depth's size
    it is at f / z (s + w tan a), wherever it is in the picture. How far the feet are apart a side
    view does not show well enough (the far leg's size is known to one or two per cent, which is the
    distance itself), so a usual step width stands in.
    """
    return settings.step_width * leg * growth * focal


def relative_sizes(
    position: np.ndarray,
    seen: Seen,
    walk: Stretch,
    surface: FoundSurface,
    fps: float,
    settings: PerspectiveSettings,
) -> np.ndarray:
    """Find how many times smaller each keypoint's depth appears than the near hip's.

    Parameters
    ----------
    position : array, (time, keypoints, 2)
        One pass, upright, levelled, filtered.
    seen : Seen
    walk : Stretch
    surface : {"overground", "treadmill"}
    fps : float
    settings : PerspectiveSettings

    Returns
    -------
    array, (keypoints,)
        1 for the near hip.

    Notes
    -----
    Each leg moves in a plane of its own depth (Eq. 6 of the article: z is the same for all joints
    of one leg), at 4 m about 4 % apart. The article stops there. But ankles are closer together
    than hips and shoulders farther apart, and a camera that looks down sees all that is lower
    farther away; at the borders of the picture that tilts thigh, shank and trunk by degrees. So
    a leg's size may change from hip to foot. Segment lengths of
    the far leg, which is often hidden, would tell its size worse; on a treadmill they must do.
    """
    if not settings.enabled:
        return np.ones(len(seen.names))
    if surface == "treadmill":
        far = _treadmill_ratio(position, seen, walk, settings)
        return np.where([name.startswith(near_side(walk)) for name in seen.names], 1.0, far)
    pace = find_pace(position, seen, walk, fps, settings)
    if pace is None:
        return np.ones(len(seen.names))
    return _overground_sizes(position, seen, walk, pace, settings)


def _overground_sizes(
    position: np.ndarray, seen: Seen, walk: Stretch, pace: Pace, settings: PerspectiveSettings
) -> np.ndarray:
    near = near_side(walk)
    reference = position[:, seen.names.index(f"{near}_hip"), 0]

    def trend(name: str) -> Trend | None:
        """Slope of a point's lead over the near hip: it travels farther where it is nearer."""
        return fit_trend(position[:, seen.names.index(name), 0] - reference, pace, settings)

    sizes = np.ones(len(seen.names))
    far = _size([(trend(mirrored(f"{near}_hip")), 1.0)], 1.0, settings.largest_ratio, settings)
    hips = {side: 1.0 if side == near else far for side in SIDES}
    for side, base in hips.items():
        looks = [(trend(f"{side}_knee"), 0.5), (trend(f"{side}_ankle"), 1.0)]
        foot = _size(looks, base, settings.largest_leg_ratio, settings)
        for part, down in WAY_DOWN.items():
            if f"{side}_{part}" in seen.names:
                sizes[seen.names.index(f"{side}_{part}")] = base + down * (foot - base)
    shoulders = {side: f"{side}_shoulder" for side in SIDES}
    if set(shoulders.values()) <= set(seen.names):
        own = {
            side: _size([(trend(name), 1.0)], hips[side], settings.largest_ratio, settings)
            for side, name in shoulders.items()
        }
        # Both or none: the error of one alone would move mid-shoulder.
        told = all(own[side] != hips[side] for side in SIDES)
        for side, name in shoulders.items():
            sizes[seen.names.index(name)] = own[side] if told else hips[side]
    return sizes


def _size(
    looks: Sequence[tuple[Trend | None, float]],
    base: float,
    limit: float,
    settings: PerspectiveSettings,
) -> float:
    """Combine trends of points part of the way from a base to one size at the end of the way."""
    slopes = [(trend.slope, trend.error, share) for trend, share in looks if trend is not None]
    if not slopes:
        return base
    slope, error, share = np.array(slopes).T
    weight = share**2 / np.maximum(error, 1e-9) ** 2
    start = 1.0 / base - 1.0
    change = float(((slope - start) / share * weight).sum() / weight.sum())
    if abs(change) <= settings.significance / np.sqrt(weight.sum()):
        return base
    return float(np.clip(1.0 / (1.0 + start + change), base / limit, base * limit))


def _treadmill_ratio(
    position: np.ndarray, seen: Seen, walk: Stretch, settings: PerspectiveSettings
) -> float:
    """Compare the legs' lengths; a far leg that appears larger is an error of the estimator."""
    legs = robust.median(segment_lengths(position, seen.names)).sum(axis=1)
    near = SIDES.index(near_side(walk))
    ratio = float(legs[near] / legs[1 - near])
    return float(np.clip(ratio, 1.0, settings.largest_ratio)) if np.isfinite(ratio) else 1.0
