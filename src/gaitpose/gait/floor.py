"""The line that the feet stand on, and so the camera's roll about its optical axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.gait import robust
from gaitpose.gait.passes import FoundSurface


class FloorSettings(BaseModel):
    """How the floor line is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    """Whether the camera's roll is corrected."""
    fewest_stances: int = Field(default=3, ge=3)
    """Fewest footholds of a pass."""
    shortest_spread: float = Field(default=1.0, gt=0)
    """Leg lengths between the first and the last foothold of a pass (overground)."""
    still_share: float = Field(default=0.1, gt=0, lt=1)
    """Ankle speed over walking speed at which a sample counts half: only a flat foot is so slow."""
    stance_share: float = Field(default=0.4, gt=0, lt=1)
    """The same ratio at the limits of a stance."""
    largest_deg: float = Field(default=15.0, gt=0, lt=45)
    """Greatest roll that is believed."""
    flat_share: tuple[float, float] = (0.2, 0.5)
    """Part of a stance in which a foot on a treadmill lies flat."""
    largest_error_deg: float = Field(default=0.7, gt=0)
    """Standard error of the roll above which it is not corrected."""
    worth_telling_deg: float = Field(default=0.5, ge=0)
    """Roll from which the report mentions it."""


def find_roll(
    walks: Sequence[np.ndarray],
    fps: float,
    leg_length: float,
    surface: FoundSurface,
    settings: FloorSettings,
) -> float | None:
    """Find the angle of the floor in the picture.

    Parameters
    ----------
    walks : sequence of array, (time, 2 legs, 2)
        Ankles of each pass, upright picture units, low-pass filtered; NaN is missing.
    fps : float
    leg_length : float
        Picture units.
    surface : {"overground", "treadmill"}
    settings : FloorSettings

    Returns
    -------
    float or None
        Degrees, positive if the floor rises towards +x. None where too few footholds are seen, they
        are too close together, or the angle is not believable.

    Notes
    -----
    An ankle stands still while its foot is flat. Overground samples are weighted by stillness, so
    that neither the landing nor the rising heel counts, and one slope is fitted to the footholds,
    with an intercept for each pass and leg, since the far foot appears higher. On a treadmill it is
    fitted to the paths of the flat feet, which the belt carries; an inclined belt is levelled too.
    """
    groups: list[np.ndarray] = []
    for walk in walks:
        legs = [_places(walk[:, leg], fps, surface, settings) for leg in range(2)]
        seen = [place for leg in legs for place in leg]
        if len(seen) < settings.fewest_stances:
            continue
        if surface == "treadmill":
            groups += seen
            continue
        holds = [
            np.array([np.average(p[:, :2], axis=0, weights=p[:, 2]) for p in leg]) for leg in legs
        ]
        holds = [hold for hold in holds if len(hold)]
        if np.ptp(np.concatenate(holds)[:, 0]) < settings.shortest_spread * leg_length:
            continue
        groups += [np.column_stack([hold, np.ones(len(hold))]) for hold in holds]
    groups = [group for group in groups if np.ptp(group[group[:, 2] > 0, 0]) > 0]
    if not groups:
        return None
    slope, error = _common_slope(groups, one_look_a_group=surface == "treadmill")
    roll, error = np.degrees(np.arctan([slope, error]))
    believed = abs(roll) <= settings.largest_deg and error <= settings.largest_error_deg
    return float(roll) if believed else None


def _places(
    ankle: np.ndarray, fps: float, surface: FoundSurface, settings: FloorSettings
) -> list[np.ndarray]:
    """Return, for each stance of one leg, its samples as rows x, y, weight."""
    velocity = np.gradient(ankle, axis=0) * fps
    known = np.isfinite(velocity).all(axis=1)
    if known.sum() < 3:
        return []
    if surface == "treadmill":
        belt = robust.commonest(velocity[known, 0])
        slip, walking = np.abs(velocity[:, 0] - belt), abs(belt)
    else:
        slip, walking = np.linalg.norm(velocity, axis=1), abs(float(velocity[known, 0].mean()))
    if not walking > 0:
        return []
    standing = np.nan_to_num(slip, nan=np.inf) < settings.stance_share * walking
    if surface == "treadmill":
        flat = np.zeros(len(ankle))
        for start, stop in robust.runs(standing):
            first, last = (start + share * (stop - start) for share in settings.flat_share)
            flat[round(first) : round(last)] = 1.0
    else:
        flat = 1.0 / (1.0 + (slip / (settings.still_share * walking)) ** 4)
    return [
        np.column_stack([ankle[start:stop], flat[start:stop]])
        for start, stop in robust.runs(standing)
        if flat[start:stop].sum() > 1.0 and start > 0 and stop < len(ankle)
    ]


def _common_slope(groups: Sequence[np.ndarray], one_look_a_group: bool) -> tuple[float, float]:
    """Fit parallel lines to groups of rows x, y, weight (Huber weights).

    Returns the slope and its standard error; neighbouring samples of one stance err together, so
    on a treadmill a whole group counts as one look.
    """
    index = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    x, y, given = np.concatenate(groups).T
    weight, slope = given, 0.0
    dx = dy = np.zeros(len(x))
    for _ in range(20):
        total = np.bincount(index, weight)[index]
        dx = x - np.bincount(index, weight * x)[index] / total
        dy = y - np.bincount(index, weight * y)[index] / total
        slope = float((weight * dx * dy).sum() / (weight * dx * dx).sum())
        residual = np.abs(dy - slope * dx)
        limit = 2.0 * robust.MAD_TO_SD * float(np.median(residual[given > 0]))
        if limit <= 0:
            break
        weight = given * np.minimum(1.0, limit / np.maximum(residual, 1e-12))
    looks = index if one_look_a_group else np.arange(len(x))
    pull = np.bincount(looks, weight * dx * (dy - slope * dx))
    free = len(pull) - 1 - (0 if one_look_a_group else len(groups))
    error = np.sqrt((pull**2).sum() * len(pull) / max(free, 1)) / (weight * dx * dx).sum()
    return slope, float(error)
