"""Joint angles from a sensor's skeleton: Kinect V2, or any set of 3-D joint centres.

A depth sensor gives joint centres only, so what a marker set measures must be assumed: the pelvis
follows the hip line and the lower spine, and the knee is a hinge whose axis is normal to the plane
of hip, knee and ankle. That plane vanishes when the leg is straight; there the thigh takes its
rotation from the pelvis. Hip rotation is therefore the least trustworthy of the angles, and the
foot, which the sensor guesses, makes the ankle the second.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from gaitpose.kinematics.joint_coordinate_system import (
    LegFrames,
    frame_from_forward,
    frame_from_right,
    frame_from_up,
    joint_angles,
    require_human_thigh,
    require_points,
    unit,
)
from gaitpose.skeleton import SIDES, Side

JOINTS: tuple[str, ...] = (
    "pelvis",
    "spine",
    *(f"{side}_{joint}" for side in SIDES for joint in ("hip", "knee", "ankle")),
)
"""Needed joints. Besides, ``left_toe`` and ``right_toe`` give the ankle."""

STRAIGHT_LEG = 1.0
"""Weight of the pelvis against the leg's plane, whose own weight is the sine of the knee angle."""


HYPEREXTENSION = 15.0
"""Degrees that a knee can bend backwards."""


def skeleton_angles(
    joints: Mapping[str, np.ndarray], time: np.ndarray, *, where: str = "joints"
) -> xr.DataArray:
    """Hip, knee and ankle angles from joint centres.

    Parameters
    ----------
    joints : mapping of name to array, (frames, 3)
        Metres, any right-handed frame; names as :data:`JOINTS`. NaN is missing.
    time : array, (frames,)
        Seconds.
    where : str
        What to call the joints in an error.

    Returns
    -------
    xarray.DataArray
        Dims ``time, side, joint``, degrees; see
        :data:`gaitpose.kinematics.joint_coordinate_system.ANGLES`. The ankle is NaN without toes.

    Raises
    ------
    UnreadableInput
        If a joint is absent, or lengths are not human in metres.
    """
    require_points(joints, JOINTS, where)
    for side in SIDES:
        require_human_thigh(joints[f"{side}_hip"], joints[f"{side}_knee"], where)
    right = joints["right_hip"] - joints["left_hip"]
    forward = np.cross(joints["spine"] - joints["pelvis"], right)
    pelvis = frame_from_right(right, forward)
    legs = {side: _leg(joints, side, pelvis) for side in SIDES}
    angles = joint_angles(time, legs, model="skeleton")
    for side in SIDES:
        angles.loc[{"side": side, "joint": "knee_flexion"}] = knee_flexion(joints, side, right)
    return angles


def knee_flexion(joints: Mapping[str, np.ndarray], side: Side, right: np.ndarray) -> np.ndarray:
    """Whole angle between thigh and shank, (frames,) degrees, negative in hyperextension.

    Notes
    -----
    Measured in the leg's own plane: with a hinge axis taken from anywhere else, abduction would
    shorten it. The plane's normal tells the sign; where it would mean more hyperextension than
    knees have, the leg is turned, not the knee.
    """
    thigh, shank = _thigh_and_shank(joints, side)
    turn = np.cross(shank, thigh)
    angle = np.degrees(np.arctan2(np.linalg.norm(turn, axis=-1), np.sum(thigh * shank, axis=-1)))
    is_backward = (np.sum(turn * right, axis=-1) < 0) & (angle < HYPEREXTENSION)
    return np.where(is_backward, -angle, angle)


def _thigh_and_shank(joints: Mapping[str, np.ndarray], side: Side) -> tuple[np.ndarray, np.ndarray]:
    hip, knee, ankle = (np.asarray(joints[f"{side}_{joint}"]) for joint in ("hip", "knee", "ankle"))
    return unit(hip - knee), unit(knee - ankle)


def _leg(joints: Mapping[str, np.ndarray], side: Side, pelvis: np.ndarray) -> LegFrames:
    thigh_up, shank_up = _thigh_and_shank(joints, side)
    hinge = STRAIGHT_LEG * pelvis[..., 2] + np.cross(shank_up, thigh_up)
    thigh = frame_from_up(thigh_up, hinge)
    shank = frame_from_up(shank_up, hinge)
    toe = joints.get(f"{side}_toe")
    if toe is None:
        foot = np.full_like(shank, np.nan)
    else:
        foot = frame_from_forward(toe - joints[f"{side}_ankle"], shank[..., 2])
    return LegFrames(pelvis, thigh, shank, foot)
