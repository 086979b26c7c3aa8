"""The two lines that the feet stand on: which footholds are one leg's, whatever they are called.

A camera above the ankles sees the line that the near foot walks on below the far foot's: from 1 m
above the floor and 4 m away by some 4 cm. A raised heel or a lift under one shoe moves a line, too.
So the places where an ankle stands still lie on two parallel lines, one a leg, between which they
alternate. That needs no names. Which line is the near foot's is another question: as a rule the
lower one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from scipy.stats import theilslopes

from gaitpose.gait import robust
from gaitpose.gait.separation import likeliest_signs

MOST_BEGINNINGS = 24
"""Places at which a foothold may have been missed that are tried, at most."""


class FootholdSettings(BaseModel):
    """How footholds are found, and when two lines are believed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    """Whether footholds are asked at all."""
    window_s: float = Field(default=0.1, gt=0)
    """Time before and after a frame over which an ankle's speed is taken."""
    slowest: float = Field(default=0.1, gt=0)
    """Leg lengths/s below which nobody travels through the picture, or over a belt."""
    stance_share: float = Field(default=0.35, gt=0, lt=1)
    """Ankle speed over walking speed below which an ankle stands."""
    still_share: float = Field(default=0.12, gt=0, lt=1)
    """The same ratio at which a frame counts half: only a flat foot is so slow."""
    shortest: float = Field(default=2.0, gt=0)
    """Frames, counted by that weight, from which a stance is a foothold."""
    fewest: int = Field(default=6, ge=5)
    """Footholds that a pass must have."""
    farthest: float = Field(default=0.1, gt=0)
    """Leg lengths between a foothold and the common line above which it is an error."""
    noise: float = Field(default=0.006, gt=0)
    """Least error of a foothold's height, leg lengths (standard deviation)."""
    alternation: float = Field(default=2.0, ge=0)
    """Log odds that the next foothold is the other foot's (one may have been missed)."""
    significance: float = Field(default=4.0, gt=0)
    """Standard errors by which the lines must be apart."""
    strongest: float = Field(default=3.0, gt=0)
    """Most that one foothold can say (log odds)."""


@dataclass(frozen=True)
class _Foothold:
    """A stance of one leg: its frames and its mean place, x and y."""

    start: int
    stop: int
    leg: int
    place: np.ndarray


@dataclass(frozen=True)
class _Lines:
    """Two parallel lines laid through footholds.

    Parameters
    ----------
    lower : array of int, (footholds,)
        +1 on the lower line, -1 on the upper one.
    odds : array, (footholds,)
        Log odds of each by its height alone.
    gap, error : float
        Between the lines, leg lengths, and its standard error.
    score : float
        Log likelihood, up to a constant.
    """

    lower: np.ndarray
    odds: np.ndarray
    gap: float
    error: float
    score: float


def lower_leg(
    ankles: np.ndarray, time: np.ndarray, leg_length: float, settings: FootholdSettings
) -> np.ndarray | None:
    """Find which leg stands on the lower line.

    Parameters
    ----------
    ankles : array, (time, 2 legs, 2)
        Picture units, x along and y up, of two legs as far as they could be followed: they may
        exchange their identity now and then. NaN is missing.
    time : array, (time,)
        Seconds.
    leg_length : float
        Picture units.
    settings : FootholdSettings

    Returns
    -------
    array, (time,), or None
        Log odds that the first leg is the one on the lower line, 0 where no foothold speaks; those
        of one foothold sum up to what it says as a whole. None if there are too few footholds,
        nobody walks, or the lines cannot be told apart (a camera at the height of the ankles, a
        walk towards it).
    """
    holds = _footholds(ankles, time, leg_length, settings) if settings.enabled else []
    if len(holds) < settings.fewest:
        return None
    x, y = np.array([hold.place for hold in holds]).T / leg_length
    slope = theilslopes(y, x).slope if np.ptp(x) > 0 else 0.0
    kept = np.abs(y - slope * x - np.median(y - slope * x)) < settings.farthest
    holds = [hold for hold, keep in zip(holds, kept, strict=True) if keep]
    if len(holds) < settings.fewest:
        return None
    is_first = np.array([1 if hold.leg == 0 else -1 for hold in holds])
    lines = _likeliest_lines(x[kept], y[kept], is_first, settings)
    if lines is None or lines.gap < settings.significance * lines.error:
        return None
    odds = np.zeros(len(time))
    said = np.clip(lines.odds, -settings.strongest, settings.strongest) * is_first
    for hold, value in zip(holds, said, strict=True):
        odds[hold.start : hold.stop] += value / (hold.stop - hold.start)
    return odds


def _footholds(
    ankles: np.ndarray, time: np.ndarray, leg_length: float, settings: FootholdSettings
) -> list[_Foothold]:
    """Return the stances of both legs in order of time.

    Nothing is filtered yet (:mod:`gaitpose.gait.floor` reads filtered tracks), and raw heights jump
    where the legs meet: so speed is judged along the picture only, over a window.
    Whoever does not travel walks on a belt, whose speed is the ankles' commonest; places are those
    on the belt then.
    """
    if len(time) < 3:
        return []
    lag = max(1, round(settings.window_s / float(np.median(np.diff(time)))))
    speed = np.stack([_speed(ankles[:, leg, 0], time, lag) for leg in range(2)], axis=1)
    middle = robust.mean(ankles[:, :, 0], axis=1)
    seen = np.isfinite(middle)
    if not np.isfinite(speed).any() or seen.sum() < 3:
        return []
    least = settings.slowest * leg_length
    travel = float(np.polyfit(time[seen], middle[seen], 1)[0])
    belt = 0.0 if abs(travel) >= least else robust.commonest(speed[np.isfinite(speed)])
    if abs(travel - belt) < least:
        return []
    slip = np.nan_to_num(np.abs(speed - belt) / abs(travel - belt), nan=np.inf)
    flat = 1.0 / (1.0 + (slip / settings.still_share) ** 4)
    flat[~np.isfinite(ankles).all(axis=2)] = 0.0
    places = ankles - (belt * time)[:, np.newaxis, np.newaxis] * [1.0, 0.0]
    holds = []
    for leg in range(2):
        for start, stop in robust.runs(slip[:, leg] < settings.stance_share):
            weight = flat[start:stop, leg]
            if weight.sum() >= settings.shortest:
                place = np.average(places[start:stop, leg][weight > 0], 0, weight[weight > 0])
                holds.append(_Foothold(start, stop, leg, place))
    return sorted(holds, key=lambda hold: hold.start + hold.stop)


def _speed(along: np.ndarray, time: np.ndarray, lag: int) -> np.ndarray:
    """Return the speed of the running median, over `lag` frames either way; NaN at the ends.

    A gap is bridged by a straight line: a foot that is hidden behind the other stands before and
    after at the same place.
    """
    speed = np.full(len(along), np.nan)
    known = np.flatnonzero(np.isfinite(along))
    if len(known) < 2 * lag + 1:
        return speed
    bridged = np.interp(time, time[known], along[known], left=np.nan, right=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(bridged, lag, constant_values=np.nan), 2 * lag + 1
    )
    enough = np.isfinite(windows).sum(axis=1) > lag
    smooth = np.where(enough, robust.median(windows, axis=1), np.nan)
    speed[lag:-lag] = (smooth[2 * lag :] - smooth[: -2 * lag]) / (
        time[2 * lag :] - time[: -2 * lag]
    )
    return speed


def _likeliest_lines(
    x: np.ndarray, y: np.ndarray, is_first: np.ndarray, settings: FootholdSettings
) -> _Lines | None:
    """Lay two lines, begun from the legs as followed and from alternation with one foothold missed.

    Each beginning leads to the next local best; the likeliest of them counts.
    """
    index = np.arange(len(x))
    parity = 1 - 2 * (index % 2)
    missed = np.unique(np.linspace(0, len(x) - 1, MOST_BEGINNINGS).round())
    beginnings = [is_first, *(np.where(index < place, parity, -parity) for place in missed)]
    found = [_settled(x, y, lower, settings) for lower in beginnings]
    return max((lines for lines in found if lines), key=lambda lines: lines.score, default=None)


def _settled(
    x: np.ndarray, y: np.ndarray, lower: np.ndarray, settings: FootholdSettings
) -> _Lines | None:
    """Lay lines and give footholds to them in turns, until nothing changes."""
    relations = np.full(len(x) - 1, -settings.alternation)
    lines = None
    for _ in range(10):
        lines = _laid(x, y, lower, settings)
        if lines is None:
            return None
        lower = likeliest_signs(lines.odds, relations)
        if (lower == lines.lower).all():
            break
    return lines


def _laid(
    x: np.ndarray, y: np.ndarray, lower: np.ndarray, settings: FootholdSettings
) -> _Lines | None:
    """Lay two parallel lines (Huber weights) through footholds that are given to them."""
    along = (x - x.mean()) / max(float(x.std()), 1e-9)
    columns = np.column_stack([np.ones(len(x)), along, -lower / 2])
    weight = np.ones(len(x))
    for _ in range(10):
        rows = columns * weight[:, np.newaxis]
        normal = rows.T @ columns
        if np.linalg.cond(normal) > 1e6:
            return None
        middle, slope, gap = np.linalg.solve(normal, rows.T @ y)
        misfit = y - columns @ [middle, slope, gap]
        limit = max(2.0 * robust.MAD_TO_SD * float(np.median(np.abs(misfit))), 1e-6)
        weight = np.minimum(1.0, limit / np.maximum(np.abs(misfit), 1e-12))
    spread = np.sqrt((weight * misfit**2).sum() / (len(x) - 3))
    noise = float(np.hypot(spread, settings.noise))
    error = noise * float(np.sqrt(np.linalg.inv(normal)[2, 2]))
    if gap < 0:
        gap, lower = -gap, -lower
    below = middle + slope * along - y
    repeated = int((lower[1:] == lower[:-1]).sum())
    score = -len(x) * np.log(noise) - settings.alternation * repeated
    return _Lines(lower, gap * below / noise**2, float(gap), error, float(score))
