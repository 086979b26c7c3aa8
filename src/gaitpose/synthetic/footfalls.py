"""Which foot is on the ground when and where: the plan of all stances of a walk."""

from __future__ import annotations

import numpy as np

from gaitpose.synthetic.contact import (
    FootShape,
    Stances,
    first_rocker_time,
    last_rocker_shape,
)
from gaitpose.synthetic.route import Route
from gaitpose.synthetic.settings import WalkerSettings, both

SHORTEST_ROCKER = 0.05
"""Seconds a foot takes at least to come flat; a flat contact cannot carry the ankle on."""

STOPPING_TIME = 0.13
"""Share of the stride in which the ankle would come to rest, slowing down evenly from the speed of
the pelvis; so its speed at foot strike follows from the lead (half of the pelvis' on force plates).
"""

ROCKER_WITHOUT_HEEL = 0.10
"""Share of the stride in which a toe-first or flat contact comes flat (Perry 2010: loading
response, 10-12 %)."""


def foot_shape(settings: WalkerSettings, side: int) -> FootShape:
    """Measures of the left (0) or right (1) foot."""
    behind = both(settings.heel_behind_ankle)[side]
    return FootShape(
        behind=behind,
        ahead=both(settings.foot)[side] - behind,
        height=both(settings.ankle_height)[side],
    )


def plan_stances(settings: WalkerSettings, route: Route, side: int) -> Stances:
    """Lay the stances of one foot in time and space.

    Parameters
    ----------
    settings : WalkerSettings
    route : Route
    side : {0, 1}
        Left or right.

    Notes
    -----
    Steps come in an unbroken rhythm; those that would fall into standing are left out. A foot is
    placed where the pelvis will be at mid-stance, so steps lengthen and shorten with the speed and
    in steady walking are ``speed * stride time`` apart to rounding.
    """
    start, end = _stance_times(settings, route, side)
    middle = _mid_stance(settings, route, side, start, end)
    share = route.share(middle)
    heading = route.heading(middle)
    along = np.stack([np.cos(heading), np.sin(heading)], axis=-1)
    right = np.stack([-np.sin(heading), np.cos(heading)], axis=-1)
    lateral = settings.feet_apart / 2 * (1 if side else -1)
    forward = _step_offset(settings, side) * share
    place = route.position(middle) + forward[:, np.newaxis] * along + lateral * right
    pitch_on, first_rocker = _first_rockers(settings, route, side, start)
    pitch_off, last_rocker, power = _last_rockers(settings, route, side, end)
    return Stances(
        start=start,
        end=end,
        place=place,
        heading=heading,
        pitch_on=pitch_on,
        pitch_off=pitch_off,
        first_rocker=first_rocker,
        last_rocker=last_rocker,
        power=power,
        lag=share[:, np.newaxis] * along,
    )


def _stance_times(
    settings: WalkerSettings, route: Route, side: int
) -> tuple[np.ndarray, np.ndarray]:
    """Foot strikes and foot offs; the first stance may begin, and the last end, at infinity."""
    stride, stance = settings.stride_time, settings.stance(side)
    begin, end = route.moving
    anchor = begin if np.isfinite(begin) else 0.0
    lag = (1 - settings.left_step_time_share) if side else 0.0
    zero = anchor + (lag - settings.phase) * stride
    first = int(np.floor((0.0 - zero) / stride)) - 2
    last = int(np.ceil((route.duration - zero) / stride)) + 2
    strikes = zero + stride * np.arange(first, last + 1)
    offs = strikes + stance * stride
    margin = 0.05 * stride
    kept = (offs[:-1] > begin + margin) & (offs[:-1] < end - margin)
    starts = np.concatenate([[-np.inf], strikes[1:][kept]])
    ends = np.concatenate([offs[:-1][kept], [np.inf]])
    return starts, ends


def _mid_stance(
    settings: WalkerSettings, route: Route, side: int, start: np.ndarray, end: np.ndarray
) -> np.ndarray:
    half = settings.stance(side) * settings.stride_time / 2
    begin, finish = route.moving
    middle = start + half
    middle[0] = min(end[0] - half, begin) if np.isfinite(begin) else end[0] - half
    if np.isfinite(finish):
        middle[-1] = max(middle[-1], finish)
    return middle


def _step_offset(settings: WalkerSettings, side: int) -> float:
    """Forward shift of a foot's prints that gives the step lengths asked for."""
    stride_time, stride = settings.stride_time, settings.speed * settings.stride_time
    timed = stride_time * (
        settings.left_step_time_share + (settings.stance(0) - settings.stance(1)) / 2
    )
    heel = both(settings.heel_behind_ankle)
    natural = settings.speed * timed - (heel[0] - heel[1])
    missing = settings.left_step_length_share * stride - natural
    return missing / 2 * (-1 if side else 1)


def _first_rockers(
    settings: WalkerSettings, route: Route, side: int, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Foot pitch at each foot strike, radians, and the time until the foot is flat, seconds."""
    style, stride = settings.leg_style(side), settings.stride_time
    share = _share_where_finite(route, start)
    pitch = np.deg2rad(float(style.foot_pitch(0.0))) * share
    carried = 1 - settings.ankle_lead_before_foot_strike / STOPPING_TIME
    rolling = first_rocker_time(
        foot_shape(settings, side), pitch, carried * settings.speed * np.maximum(share, 1e-9)
    )
    longest = 0.95 * style.heel_off * settings.stance(side) * stride
    heel_first = np.clip(rolling, SHORTEST_ROCKER, longest)
    return pitch, np.where(pitch > 0, heel_first, ROCKER_WITHOUT_HEEL * stride)


def _last_rockers(
    settings: WalkerSettings, route: Route, side: int, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Foot pitch at each foot off, radians, seconds since heel-off, and the rocker's power."""
    style, stride = settings.leg_style(side), settings.stride_time
    lead = settings.ankle_lead_before_foot_off * stride
    rocker = (1 - style.heel_off) * settings.stance(side) * stride
    share = _share_where_finite(route, end - lead)
    pitch = np.deg2rad(min(float(style.foot_pitch(style.foot_off)), 0.0)) * share
    pitch, power = last_rocker_shape(
        foot_shape(settings, side), pitch, rocker, lead, share * settings.speed
    )
    return pitch, np.full(len(end), rocker), power


def _share_where_finite(route: Route, time: np.ndarray) -> np.ndarray:
    """Share of full speed; 0 at infinity, where the foot stands and has no rocker."""
    finite = np.isfinite(time)
    return np.where(finite, route.share(np.where(finite, time, 0.0)), 0.0)
