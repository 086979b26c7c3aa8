"""What a refiner sees: the body's geometry, one leg at a time, whichever way the person faces.

Every recording becomes two sequences, one a leg. The left one is mirrored, so that the leg itself
is always the right one and the other is "the other": one leg is learnt from twice the data.
Directions and positions are in a frame that turns with the body about the vertical; lengths are
shares of the leg's. Angles come from the joints (no sensor's Euler angles, which wrap), and twice
an angle enters as a sine, which lets a linear model bend.

A single camera in front of a walker knows little of depth. There trend and gain are taken off: what
is left of a joint's path is its rhythm, in the same size near the camera and far from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

import numpy as np
import xarray as xr
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.errors import UnreadableInput
from gaitpose.kinematics.joint_coordinate_system import ANGLES, frame_from_up, unit
from gaitpose.kinematics.kinect import skeleton_angles
from gaitpose.skeleton import SIDES, Side, mirrored

TRUNK = ("pelvis", "spine", "chest")
SHOULDERS = ("left_shoulder", "right_shoulder")
LEG = ("hip", "knee", "ankle")
LINES = ("hip", "shoulder", "knee")
"""Joints whose lines from left to right tell where a body is heading."""

Part = Literal["directions", "positions", "angles", "places", "differences"]
"""A family of features: directions of segments; positions of the lower joints and the chest; joint
angles; places of these, the shoulders and the hips; right minus left joints."""

LEAST_SPREAD, LARGE_SPREAD = 0.2, 90
"""Share of that percentile below which a feature's spread is not followed: who stands does not walk
with tiny steps."""

UP = np.array([0.0, 1.0, 0.0])
MIRROR = np.array([1.0, 1.0, -1.0])
"""The frame is x forward, y up, z right: mirroring turns z round."""


class FeatureSettings(BaseModel):
    """How joints become features.

    Parameters
    ----------
    rate : float
        Frames per second that sequences are resampled to.
    with_toes : bool
        Whether the skeleton has toes; ankles are guessed from the rest without.
    longest_gap : float
        Seconds over which missing joints are interpolated. Longer gaps stay NaN in the result.
    parts : tuple of str
        Families of features, see :data:`Part`.
    heading_span : float, optional
        Seconds over which the body's heading is averaged, from the lines through hips, shoulders
        and knees. Default: the hips' alone at each frame.
    trend_span : float, optional
        Seconds of the moving mean that is taken off each feature. For walking seen from one camera:
        as the person comes nearer, estimated depth drifts by more than the legs move.
    gain_span : float, optional
        Seconds of the moving standard deviation that each feature is divided by.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rate: float = Field(default=30.0, gt=1)
    with_toes: bool = True
    longest_gap: float = Field(default=0.2, ge=0)
    parts: tuple[Part, ...] = ("directions", "positions", "angles")
    heading_span: float | None = Field(default=None, gt=0)
    trend_span: float | None = Field(default=None, gt=0)
    gain_span: float | None = Field(default=None, gt=0)

    @property
    def joints(self) -> tuple[str, ...]:
        """Joints that the features need."""
        parts = (*LEG, "toe") if self.with_toes else LEG
        return (*TRUNK, *SHOULDERS, *(f"{side}_{part}" for side in SIDES for part in parts))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features, in order."""
        return tuple(name for part in self.parts for name in _names(part, self))

    @property
    def angles(self) -> tuple[str, ...]:
        """The sensor's own angles that are among the features."""
        return ANGLES if self.with_toes else ANGLES[:-1]


def require_joints(joints: Mapping[str, np.ndarray], settings: FeatureSettings, where: str) -> None:
    """Refuse a skeleton without a joint that the features need, by name.

    Raises
    ------
    UnreadableInput
    """
    absent = [
        name
        for name in settings.joints
        if name not in joints or not np.isfinite(joints[name]).any()
    ]
    if absent:
        raise UnreadableInput(
            f"needed joint {', '.join(absent)} is absent or empty",
            where=where,
            hint=f"This refiner needs {', '.join(settings.joints)}",
        )


def resample_joints(
    joints: Mapping[str, np.ndarray], time: np.ndarray, settings: FeatureSettings
) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Joints on a uniform clock, gaps bridged; and which frames rest on seen joints.

    Returns
    -------
    joints : dict of name to array, (frames, 3)
    time : array, (frames,)
        Seconds at the settings' rate.
    is_seen : array, (frames,)
        False inside gaps longer than ``longest_gap`` of any needed joint.
    """
    clock = np.arange(time[0], time[-1] + 1e-9, 1 / settings.rate)
    result, is_seen = {}, np.ones(len(clock), dtype=bool)
    for name in settings.joints:
        path = np.asarray(joints[name], dtype=float)
        known = np.isfinite(path).all(axis=1)
        stamps = time[known]
        result[name] = np.stack(
            [np.interp(clock, stamps, path[known, axis]) for axis in range(3)], axis=1
        )
        after = np.clip(np.searchsorted(stamps, clock - 1e-9), 0, len(stamps) - 1)
        before = np.clip(np.searchsorted(stamps, clock + 1e-9, side="right") - 1, 0, None)
        width = stamps[after] - stamps[before]
        outside = np.maximum(clock - stamps[-1], stamps[0] - clock)
        is_seen &= (width <= settings.longest_gap) & (outside <= settings.longest_gap)
    return result, clock, is_seen


def leg_features(
    joints: Mapping[str, np.ndarray], side: Side, settings: FeatureSettings
) -> np.ndarray:
    """Features of one leg, (frames, features), as ``settings.names`` tells.

    Parameters
    ----------
    joints : mapping of name to array, (frames, 3)
        Metres, y up.
    side : {"left", "right"}
    settings : FeatureSettings
    """
    body = _own_leg_right(_in_heading_frame(joints, settings), side)
    columns = [_values(part, body, joints, side, settings) for part in settings.parts]
    features = np.concatenate(columns, axis=1)
    if settings.trend_span is not None:
        features = without_trend(features, round(settings.trend_span * settings.rate / 2))
    if settings.gain_span is not None:
        features = without_gain(features, round(settings.gain_span * settings.rate / 2))
    return features


def own_angles(joints: Mapping[str, np.ndarray], settings: FeatureSettings) -> xr.DataArray:
    """Angles of both legs by the sensor's own joints, on the settings' clock."""
    return skeleton_angles(joints, np.arange(len(joints["pelvis"])) / settings.rate)


def without_trend(features: np.ndarray, half: int) -> np.ndarray:
    """Take the mean of the frames up to `half` away off each column."""
    return features - moving_mean(features, half)


def without_gain(features: np.ndarray, half: int) -> np.ndarray:
    """Divide each column by its spread in the frames up to `half` away."""
    spread = np.sqrt(moving_mean(features**2, half))
    least = np.maximum(LEAST_SPREAD * np.percentile(spread, LARGE_SPREAD, axis=0), 1e-6)
    return features / np.maximum(spread, least)


def moving_mean(columns: np.ndarray, half: int) -> np.ndarray:
    """Mean of the frames up to `half` away; fewer at both ends."""
    frames = np.arange(len(columns))
    low = np.maximum(frames - half, 0)
    high = np.minimum(frames + half + 1, len(columns))
    sums = np.concatenate([np.zeros((1, columns.shape[1])), np.cumsum(columns, axis=0)])
    mean: np.ndarray = (sums[high] - sums[low]) / (high - low)[:, None]
    return mean


def _names(part: Part, settings: FeatureSettings) -> list[str]:
    if part == "angles":
        angles = [f"{which} {angle}" for which in ("own", "other") for angle in settings.angles]
        return [f"angle {name}" for name in angles] + [f"sine of twice {name}" for name in angles]
    vectors = {
        "directions": [f"direction {a} to {b}" for a, b in _segments(settings.with_toes)],
        "positions": [f"position {name}" for name in _positions(settings.with_toes)],
        "places": [f"place {name}" for name in _places(settings.with_toes)],
        "differences": [f"right minus left {name}" for name in _distal(settings.with_toes)],
    }[part]
    return [f"{name} {axis}" for name in vectors for axis in "xyz"]


def _values(
    part: Part,
    body: Mapping[str, np.ndarray],
    joints: Mapping[str, np.ndarray],
    side: Side,
    settings: FeatureSettings,
) -> np.ndarray:
    """Columns of one family, of a body whose own leg is the right one."""
    if part == "angles":
        angles = own_angles(joints, settings).sel(joint=list(settings.angles))
        other: Side = "left" if side == "right" else "right"
        both = np.concatenate([angles.sel(side=side).values, angles.sel(side=other).values], axis=1)
        return np.concatenate([both, np.sin(2 * np.radians(both))], axis=1)
    toes = settings.with_toes
    vectors = {
        "directions": lambda: [unit(body[b] - body[a]) for a, b in _segments(toes)],
        "positions": lambda: [body[name] for name in _positions(toes)],
        "places": lambda: [body[name] for name in _places(toes)],
        "differences": lambda: [body[f"right_{n}"] - body[f"left_{n}"] for n in _distal(toes)],
    }[part]()
    return np.concatenate(vectors, axis=1)


def _in_heading_frame(
    joints: Mapping[str, np.ndarray], settings: FeatureSettings
) -> dict[str, np.ndarray]:
    right = _rightward(joints, settings)
    heading = frame_from_up(np.broadcast_to(UP, right.shape), right * (1 - UP))
    leg = np.mean([_leg_length(joints, side) for side in SIDES])
    return {
        name: np.einsum("tji,tj->ti", heading, joints[name] - joints["pelvis"]) / leg
        for name in settings.joints
    }


def _rightward(joints: Mapping[str, np.ndarray], settings: FeatureSettings) -> np.ndarray:
    if settings.heading_span is None:
        return joints["right_hip"] - joints["left_hip"]
    lines = np.sum([joints[f"right_{name}"] - joints[f"left_{name}"] for name in LINES], axis=0)
    return moving_mean(lines, round(settings.heading_span * settings.rate / 2))


def _leg_length(joints: Mapping[str, np.ndarray], side: Side) -> float:
    hip, knee, ankle = (joints[f"{side}_{part}"] for part in LEG)
    thigh = np.nanmedian(np.linalg.norm(hip - knee, axis=1))
    return float(thigh + np.nanmedian(np.linalg.norm(knee - ankle, axis=1)))


def _own_leg_right(body: Mapping[str, np.ndarray], side: Side) -> dict[str, np.ndarray]:
    if side == "right":
        return dict(body)
    return {name: body[mirrored(name)] * MIRROR for name in body}


def _segments(with_toes: bool) -> list[tuple[str, str]]:
    trunk = [("pelvis", "spine"), ("spine", "chest"), SHOULDERS, ("left_hip", "right_hip")]
    parts = (*LEG, "toe") if with_toes else LEG
    legs = [
        (f"{side}_{upper}", f"{side}_{lower}")
        for side in ("right", "left")
        for upper, lower in pairwise(parts)
    ]
    return trunk + legs


def _distal(with_toes: bool) -> tuple[str, ...]:
    return ("knee", "ankle", "toe") if with_toes else ("knee", "ankle")


def _positions(with_toes: bool) -> list[str]:
    parts = _distal(with_toes)
    return ["chest", *(f"{side}_{part}" for side in ("right", "left") for part in parts)]


def _places(with_toes: bool) -> list[str]:
    # The left hip mirrors the right one: the pelvis is in the middle.
    return [*_positions(with_toes), *reversed(SHOULDERS), "right_hip"]
