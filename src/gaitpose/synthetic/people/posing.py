"""From a moment of a walk to one rigid motion per segment.

Every motion carries points of the body at rest to the world. Legs and feet go exactly where the
walker puts them; the trunk leans so that the middle of the shoulders lies in the walker's
direction; arms, neck and head follow the :class:`~gaitpose.synthetic.people.posture.Posture`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.skeleton import SIDES, Side
from gaitpose.synthetic.people.arms import arm_motions
from gaitpose.synthetic.people.joints import Joints
from gaitpose.synthetic.people.posture import Posture
from gaitpose.synthetic.people.rotations import about, axes_of, moved, turn, upright
from gaitpose.synthetic.people.segments import NECK, SEGMENTS, SPINE

_PELVIS_SHARE = 0.3
"""Of the trunk's lean; the spine does the rest."""

_MOST_TOE_BEND = 60.0
"""Degrees."""

_TOE_CLEARANCE = 0.03
"""Metres above the floor at which the toes are straight again."""


@dataclass(frozen=True)
class Moment:
    """The walker's points at one time, in the frame of the route: x along the heading.

    Parameters
    ----------
    points : dict
        By name of the keypoint, metres, (3,).
    heading : float
        Radians from the world's x towards its z.
    """

    points: dict[str, np.ndarray]
    heading: float

    def thigh_lead(self) -> float:
        """Angle by which the right thigh is ahead of the left, degrees."""
        angle = {}
        for side in SIDES:
            thigh = self.points[f"{side}_knee"] - self.points[f"{side}_hip"]
            angle[side] = np.rad2deg(np.arctan2(thigh[0], -thigh[1]))
        return float(angle["right"] - angle["left"])


def pose_segments(joints: Joints, moment: Moment, posture: Posture) -> np.ndarray:
    """Find the motion of each segment, (segments, 4, 4), from rest to the frame of the route."""
    motions = _trunk(joints, moment, posture)
    for side in SIDES:
        motions |= _leg(joints, moment, side)
        motions |= arm_motions(joints, motions["spine01"], side, moment.thigh_lead(), posture)
    return np.stack([motions[name] for name in SEGMENTS])


def _trunk(joints: Joints, moment: Moment, posture: Posture) -> dict[str, np.ndarray]:
    points = moment.points
    middle = (points["left_hip"] + points["right_hip"]) / 2
    chest = (points["left_shoulder"] + points["right_shoulder"]) / 2
    wanted = _lean(chest - middle)
    twist = posture.twist * moment.thigh_lead()
    lean = wanted - _lean(joints.mid_shoulder - joints.mid_hip)
    for _ in range(2):  # the spine bends along a curve: correct what that leaves
        motions = _spine(joints, middle, lean, twist)
        lean += wanted - _lean(moved(motions["spine01"], joints.mid_shoulder) - middle)
    motions = _spine(joints, middle, lean, twist)
    # Bending along a curve shortens a trunk by some millimetres, which the walker's has not.
    missing = chest - moved(motions["spine01"], joints.mid_shoulder)
    for index, segment in enumerate(SPINE):
        motions[segment][:3, 3] += missing * (index + 1) / len(SPINE)
    return motions | _head(joints, motions["spine01"], lean, twist, posture)


def _spine(joints: Joints, middle: np.ndarray, lean: float, twist: float) -> dict[str, np.ndarray]:
    """Motions of pelvis and spine for a lean (degrees, forward +) and twist (degrees)."""
    motion = about(joints.mid_hip, turn("z", -_PELVIS_SHARE * lean), to=middle)
    motions = {"pelvis": motion}
    share = (1 - _PELVIS_SHARE) / len(SPINE)
    # The middle of the shoulders stays on the axis of the twist.
    axis = joints.mid_shoulder
    for segment in SPINE:
        motion = motion @ about(joints.centres[segment], turn("z", -share * lean))
        motion = motion @ about(axis, turn("y", -twist / len(SPINE)))
        motions[segment] = motion
    return motions


def _head(
    joints: Joints, chest: np.ndarray, lean: float, twist: float, posture: Posture
) -> dict[str, np.ndarray]:
    """Motions of neck and head: level but for the nod, and looking ahead but for the look."""
    chain = (*NECK, "head")
    bend, yaw = posture.nod - 0.8 * lean, posture.look - twist
    motions, motion = {}, chest
    for segment in chain:
        step = turn("y", -yaw / len(chain)) @ turn("z", -bend / len(chain))
        motion = motion @ about(joints.centres[segment], step)
        motions[segment] = motion
    return motions


def _leg(joints: Joints, moment: Moment, side: Side) -> dict[str, np.ndarray]:
    hip, knee, ankle, heel, toe = (
        moment.points[f"{side}_{name}"] for name in ("hip", "knee", "ankle", "heel", "toe")
    )
    rest = joints.centres
    rest_hip, rest_knee, rest_ankle = (rest[f"{side}_{s}"] for s in ("thigh", "shank", "foot"))
    thigh = upright(hip - knee) @ upright(rest_hip - rest_knee).T
    shank = upright(knee - ankle) @ upright(rest_knee - rest_ankle).T
    foot = axes_of(toe - heel) @ joints.foot_axes(side).T
    on_ankle = about(rest_ankle, foot, to=ankle)
    pitch = float(np.rad2deg(np.arcsin((toe - heel)[1] / np.linalg.norm(toe - heel))))
    near = np.clip(1 - toe[1] / _TOE_CLEARANCE, 0, 1)
    bend = float(np.clip(-pitch, 0, _MOST_TOE_BEND) * near)
    return {
        f"{side}_thigh": about(rest_hip, thigh, to=hip),
        f"{side}_shank": about(rest_knee, shank, to=knee),
        f"{side}_foot": on_ankle,
        f"{side}_toes": on_ankle @ about(joints.toe_pads[side], turn("z", bend)),
    }


def _lean(up: np.ndarray) -> float:
    """Of a trunk against the vertical, forward +, degrees."""
    return float(np.rad2deg(np.arctan2(up[0], up[1])))
