"""Where and which way the person walks straight; where they stand, turn or are out of sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.errors import NoSubjectFound, NotEnoughCycles
from gaitpose.gait import robust
from gaitpose.skeleton import Side, mirrored
from gaitpose.subject import Surface

FoundSurface = Literal["overground", "treadmill"]


class PassSettings(BaseModel):
    """What counts as walking straight. Lengths in leg lengths, so that children's walks count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    velocity_window_s: float = Field(default=1.0, gt=0)
    """Window over which the speed of the hips is averaged: about a stride."""
    slowest: float = Field(default=0.1, gt=0)
    """Leg lengths/s below which a person stands."""
    shortest_dip_s: float = Field(default=1.0, ge=0)
    """Standing or turning for less than this does not end a pass."""
    still: float = Field(default=0.2, gt=0)
    """Leg lengths/s that a quarter of the body's points exceed in walking, at every moment."""
    stop_window_s: float = Field(default=0.2, gt=0)
    """Window over which the whole body must stand still for a stop."""
    shortest_stop_s: float = Field(default=0.5, gt=0)
    """A stop of at least this ends a pass; a halting walker's feet move on before."""
    end_share: float = Field(default=0.4, ge=0, lt=1)
    """Share of a pass's median speed below which its ends count as starting, stopping, turning."""
    straight_deg: float = Field(default=35.0, gt=0, lt=90)
    """Deviation of the direction from a pass's median beyond which it is a turn."""
    shortest_travel: float = Field(default=1.0, gt=0)
    """Leg lengths that a pass must cover."""
    longest_absence_s: float = Field(default=0.5, ge=0)
    """Hips unseen for longer than this end a pass."""
    treadmill_share: float = Field(default=0.3, gt=0, lt=1)
    """Share of the way made by the steps that the body must travel, or it is a treadmill."""
    least_step: float = Field(default=0.03, gt=0)
    """Standard deviation of the distance between the ankles, below which nobody steps."""


@dataclass(frozen=True)
class Stretch:
    """Samples ``[start, stop)`` walked straight towards ``heading`` (unit vector, level)."""

    start: int
    stop: int
    heading: np.ndarray


@dataclass(frozen=True)
class LeftOut:
    """Samples ``[start, stop)`` of the grid that belong to no pass, and why."""

    start: int
    stop: int
    reason: str


@dataclass(frozen=True)
class Walks:
    """What :func:`find_passes` found."""

    stretches: list[Stretch]
    left_out: list[LeftOut]
    surface: FoundSurface


def near_side(walk: Stretch) -> Side:
    """Return the side that a walk through the picture shows to the camera.

    Whoever crosses the picture from left to right shows their right side.
    """
    return "right" if walk.heading[0] > 0 else "left"


def find_passes(
    centre: np.ndarray,
    separation: np.ndarray,
    speed: np.ndarray,
    fps: float,
    surface: Surface,
    settings: PassSettings,
) -> Walks:
    """Find the stretches that are walked straight.

    Parameters
    ----------
    centre : array, (time, 1 or 2)
        Level coordinates of the mid-hip, leg lengths, on the uniform grid. NaN is missing.
    separation : array, (time,)
        Level distance between the ankles (never negative, so it needs no left and right).
    speed : array, (time,)
        From :func:`body_speed`.
    fps : float
        Samples per second.
    surface : {"auto", "overground", "treadmill"}
    settings : PassSettings

    Returns
    -------
    Walks
        On a treadmill the headings are zero: the travel does not tell them.

    Raises
    ------
    NoSubjectFound
        If no hips are seen at all, or the person stands.
    NotEnoughCycles
        If the person walks, but nowhere straight or far enough.
    """
    centre = _bridged(centre, round(settings.longest_absence_s * fps))
    seen = np.isfinite(centre).all(axis=1)
    if not seen.any():
        raise NoSubjectFound("no hips are seen in any frame")
    velocity = moving_slope(centre, fps, settings.velocity_window_s)
    steps = step_activity(separation, fps)
    going = seen & ~_stops(speed, fps, settings)
    decided = surface if surface != "auto" else _surface(velocity, separation, fps, settings)
    if decided == "overground":
        moving = np.nan_to_num(np.linalg.norm(velocity, axis=1)) > settings.slowest
        stretches = _straight_stretches(velocity, moving & going, going, fps, settings)
        far = [s for s in stretches if _travel(centre, s) >= settings.shortest_travel]
    else:
        moving = going & (np.nan_to_num(steps) > settings.least_step)
        level = np.zeros(centre.shape[1])
        far = [
            Stretch(start, stop, level)
            for start, stop in robust.runs(_closed(moving, going, fps, settings))
            if stop - start >= settings.velocity_window_s * fps
        ]
    if not far:
        _refuse(centre, steps, settings)
    return Walks(far, _explain_rest(far, seen, moving & going), decided)


def moving_slope(values: np.ndarray, fps: float, window_s: float) -> np.ndarray:
    """Return the slope of the regression line through a centred window, per second.

    Parameters
    ----------
    values : array, (time, ...)
        Windows are cut at the ends of gap-free runs.
    fps : float
    window_s : float
        Seconds.

    Returns
    -------
    array, (time, ...)
        NaN where ``values`` is, and in runs of one sample.
    """
    half = max(round(window_s * fps / 2), 1)
    columns = values.reshape(len(values), -1)
    slopes = np.full(columns.shape, np.nan)
    for column in range(columns.shape[1]):
        for start, stop in robust.runs(np.isfinite(columns[:, column])):
            count = stop - start
            if count < 2:
                continue
            step = np.arange(count) - count / 2
            low = np.maximum(np.arange(count) - half, 0)
            high = np.minimum(np.arange(count) + half + 1, count)
            run = columns[start:stop, column]
            run = run - run[0]
            n, s1, s2, sx, s1x = (
                _window_sum(terms, low, high)
                for terms in (np.ones(count), step, step**2, run, step * run)
            )
            slopes[start:stop, column] = fps * (n * s1x - s1 * sx) / (n * s2 - s1**2)
    return slopes.reshape(values.shape)


def _window_sum(terms: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    total = np.concatenate([[0.0], np.cumsum(terms)])
    return total[high] - total[low]


def step_activity(separation: np.ndarray, fps: float) -> np.ndarray:
    """Return the standard deviation of the ankles' distance in a window of two seconds.

    Parameters
    ----------
    separation : array, (time,)
        NaN is missing.
    fps : float

    Returns
    -------
    array, (time,)
        NaN where fewer than half of the window's samples are known.
    """
    count = len(separation)
    half = max(round(fps), 1)
    low = np.maximum(np.arange(count) - half, 0)
    high = np.minimum(np.arange(count) + half + 1, count)
    known = np.isfinite(separation)
    values = np.where(known, separation - robust.median(separation), 0.0)
    n = _window_sum(known.astype(float), low, high)
    mean = _window_sum(values, low, high) / np.maximum(n, 1)
    square = _window_sum(values**2, low, high) / np.maximum(n, 1)
    return np.where(n >= (high - low) / 2, np.sqrt(np.maximum(square - mean**2, 0)), np.nan)


def _surface(
    velocity: np.ndarray, separation: np.ndarray, fps: float, settings: PassSettings
) -> FoundSurface:
    """Compare the way of the body with that of the steps.

    In each step the ankles come together and part again by a step length, which is what the body
    travels in that time overground. So half of the path of their distance is the way to expect.
    """
    window = max(round(0.15 * fps), 1)
    known = separation[np.isfinite(separation)]
    if len(known) <= window:
        return "overground"
    smooth = np.convolve(known, np.full(window, 1.0 / window), mode="valid")
    expected = np.abs(np.diff(smooth)).sum() / 2
    travelled = np.nansum(np.linalg.norm(velocity, axis=1)) / fps
    return "overground" if travelled >= settings.treadmill_share * expected else "treadmill"


def _straight_stretches(
    velocity: np.ndarray,
    moving: np.ndarray,
    going: np.ndarray,
    fps: float,
    settings: PassSettings,
) -> list[Stretch]:
    """Cut what is walked into pieces of one direction each."""
    level = np.nan_to_num(velocity)
    angle = np.arctan2(level[:, 1] if level.shape[1] > 1 else 0.0 * level[:, 0], level[:, 0])
    todo = robust.runs(_closed(moving, going, fps, settings))
    found: list[Stretch] = []
    while todo:
        start, stop = todo.pop()
        # The longest straight piece of this run is a stretch; what is left of it is looked at anew.
        straight = _along_most(angle[start:stop], moving[start:stop], settings.straight_deg)
        pieces = robust.runs(
            _closed(straight & moving[start:stop], going[start:stop], fps, settings)
        )
        if not pieces:
            continue
        first, last = max(pieces, key=lambda piece: piece[1] - piece[0])
        todo += [
            (a, b)
            for a, b in ((start, start + first), (start + last, stop))
            if b - a > settings.velocity_window_s * fps and moving[a:b].any()
        ]
        stretch = _trimmed(level, start + first, start + last, settings)
        if stretch is not None:
            found.append(stretch)
    return sorted(found, key=lambda stretch: stretch.start)


def _along_most(angle: np.ndarray, moving: np.ndarray, tolerance_deg: float) -> np.ndarray:
    """Mark the samples whose direction is within a tolerance of the commonest one."""
    wedges = np.radians(np.arange(0.0, 360.0, tolerance_deg / 4))
    turned = np.cos(angle - wedges[:, np.newaxis])
    commonest = np.argmax((turned[:, moving] > np.cos(np.radians(tolerance_deg))).sum(axis=1))
    return turned[commonest] > np.cos(np.radians(tolerance_deg))


def _closed(mask: np.ndarray, going: np.ndarray, fps: float, settings: PassSettings) -> np.ndarray:
    """Fill dips of a mask that are short, and in which the person is seen and does not stop."""
    closed = mask.copy()
    for start, stop in robust.runs(~mask):
        inside = start > 0 and stop < len(mask)
        if inside and stop - start <= settings.shortest_dip_s * fps and going[start:stop].all():
            closed[start:stop] = True
    return closed


def body_speed(
    position: np.ndarray, names: Sequence[str], fps: float, settings: PassSettings
) -> np.ndarray:
    """Return the speed that a quarter of the body's points exceed.

    Parameters
    ----------
    position : array, (time, keypoints, space)
        On the uniform grid, leg lengths; left and right need not be right. NaN is missing.
    names : sequence of str
        Keypoints.
    fps : float
    settings : PassSettings

    Returns
    -------
    array, (time,)
        Leg lengths/s over ``stop_window_s``; NaN where nothing near is known.

    Notes
    -----
    A quarter, since on a treadmill only the legs move, and since a few points may jump. Points of a
    pair whose names were exchanged have not moved: of both ways to join them the shorter counts.
    Each point's speed is a running median first, or the unsteadiest points would decide.
    """
    half = max(round(settings.stop_window_s * fps / 2), 1)
    padded = np.pad(position, ((half, half), (0, 0), (0, 0)), constant_values=np.nan)
    later, earlier = padded[2 * half :], padded[: -2 * half]
    places = {name: place for place, name in enumerate(names)}
    partner = [places.get(mirrored(name), place) for name, place in places.items()]
    kept = np.linalg.norm(later - earlier, axis=2)
    exchanged = np.linalg.norm(later - earlier[:, partner], axis=2)
    is_shorter = exchanged + exchanged[:, partner] < kept + kept[:, partner]
    way = np.where(is_shorter, exchanged, kept)
    padded = np.pad(way, ((half, half), (0, 0)), constant_values=np.nan)
    usual = robust.median(sliding_window_view(padded, 2 * half + 1, axis=0), axis=2)
    ordered = np.sort(usual, axis=1)
    count = np.isfinite(usual).sum(axis=1)
    quarter = np.take_along_axis(
        ordered, (3 * count // 4)[:, np.newaxis].clip(0, way.shape[1] - 1), 1
    )
    return np.asarray(quarter[:, 0]) * fps / (2 * half)


def _stops(speed: np.ndarray, fps: float, settings: PassSettings) -> np.ndarray:
    """Mark where the whole body stands still: the person stops, or the video is frozen."""
    stops = np.zeros(len(speed), dtype=bool)
    for start, stop in robust.runs(np.nan_to_num(speed, nan=np.inf) < settings.still):
        if stop - start >= settings.shortest_stop_s * fps:
            stops[start:stop] = True
    return stops


def _trimmed(velocity: np.ndarray, start: int, stop: int, settings: PassSettings) -> Stretch | None:
    """Cut off the ends where the person starts, stops or slows down to turn."""
    heading = np.median(velocity[start:stop], axis=0)
    if not np.linalg.norm(heading) > 0:
        return None
    heading = heading / np.linalg.norm(heading)
    speed = velocity[start:stop] @ heading
    brisk = np.flatnonzero(speed >= settings.end_share * np.median(speed))
    return Stretch(start + int(brisk[0]), start + int(brisk[-1]) + 1, heading)


def _travel(centre: np.ndarray, stretch: Stretch) -> float:
    way = centre[stretch.start : stretch.stop] @ stretch.heading
    return float(np.ptp(way[np.isfinite(way)]))


def _bridged(centre: np.ndarray, longest: int) -> np.ndarray:
    """Fill gaps of up to ``longest`` samples on straight lines."""
    bridged = centre.copy()
    known = np.isfinite(centre).all(axis=1)
    steps = np.arange(len(centre))
    for start, stop in robust.runs(~known):
        if start > 0 and stop < len(centre) and stop - start <= longest:
            for axis in range(centre.shape[1]):
                bridged[start:stop, axis] = np.interp(
                    steps[start:stop], [start - 1, stop], centre[[start - 1, stop], axis]
                )
    return bridged


def _explain_rest(stretches: list[Stretch], seen: np.ndarray, moving: np.ndarray) -> list[LeftOut]:
    """List what lies between the passes with the reason that most of its samples have."""
    starts = {stretch.start: stretch.heading for stretch in stretches}
    stops = {stretch.stop: stretch.heading for stretch in stretches}
    inside = np.zeros(len(seen), dtype=bool)
    for stretch in stretches:
        inside[stretch.start : stretch.stop] = True
    rest = []
    for start, stop in robust.runs(~inside):
        between = start in stops and stop in starts
        if (~seen[start:stop]).mean() > 0.5:
            reason = "the hips are not seen"
        elif between and stops[start] @ starts[stop] < 0.5:
            reason = "turns"
        elif (seen & ~moving)[start:stop].mean() > 0.5:
            reason = "stands"
        else:
            reason = "starts, stops or turns"
        rest.append(LeftOut(start, stop, reason))
    return rest


def _refuse(centre: np.ndarray, steps: np.ndarray, settings: PassSettings) -> None:
    travelled = float(np.nanmax(np.ptp(centre[np.isfinite(centre).all(axis=1)], axis=0)))
    stepping = np.isfinite(steps).any() and np.nanmax(steps) > settings.least_step
    if travelled < settings.shortest_travel and not stepping:
        is_picture = centre.shape[1] == 1
        raise NoSubjectFound(
            "the person stands, or walks straight towards the camera: neither hips nor feet travel"
            if is_picture
            else "the person stands: neither hips nor feet travel",
            hint="Choose a recording, or a person, that walks past the camera",
        )
    raise NotEnoughCycles(
        f"no straight walk was found (the hips cover {travelled:.1f} leg lengths)",
        hint=f"At least {settings.shortest_travel:g} leg lengths in one direction are needed; "
        "on a treadmill use --surface treadmill",
    )
