"""Arms: swinging against the legs, or holding on to something."""

from __future__ import annotations

import numpy as np

from gaitpose.skeleton import Side
from gaitpose.synthetic.people.joints import Joints
from gaitpose.synthetic.people.posture import Posture
from gaitpose.synthetic.people.rotations import about, moved, turn_about


def arm_motions(
    joints: Joints, chest: np.ndarray, side: Side, thigh_lead: float, posture: Posture
) -> dict[str, np.ndarray]:
    """Motions of clavicle, shoulder, arm and hand of one side.

    Parameters
    ----------
    joints : Joints
    chest : array, (4, 4)
        Motion of the uppermost spine.
    side : {"left", "right"}
    thigh_lead : float
        Angle by which the right thigh is ahead of the left, degrees.
    posture : Posture
    """
    shoulder, elbow, wrist = (
        joints.centres[f"{side}_{name}"] for name in ("upperarm", "forearm", "hand")
    )
    at = moved(chest, shoulder)
    if posture.hands == "free":
        upper, fore = _hanging(side, thigh_lead, posture)
    else:
        lengths = np.linalg.norm(elbow - shoulder), np.linalg.norm(wrist - elbow)
        upper, fore = _holding(joints, at, side, lengths, posture)
    rest_upper, rest_fore = _unit(elbow - shoulder), _unit(wrist - elbow)
    arm = _frame(upper, fore) @ _frame(rest_upper, rest_fore).T
    forearm = _frame(fore, upper) @ _frame(rest_fore, rest_upper).T
    upper_motion = about(shoulder, arm, to=at)
    fore_motion = about(elbow, forearm, to=moved(upper_motion, elbow))
    return {
        f"{side}_clavicle": chest,
        f"{side}_shoulder": chest,
        f"{side}_upperarm": upper_motion,
        f"{side}_forearm": fore_motion,
        f"{side}_wrist_roll": fore_motion,
        f"{side}_hand": fore_motion,
    }


def _hanging(side: Side, thigh_lead: float, posture: Posture) -> tuple[np.ndarray, np.ndarray]:
    """Directions of upper arm and forearm of a swinging arm."""
    outward = 1.0 if side == "right" else -1.0
    # The left arm goes ahead with the right leg.
    swing = posture.arm_swing * thigh_lead * -outward
    ahead = np.deg2rad(posture.arm_ahead + swing)
    aside = np.deg2rad(posture.arm_abduction)
    upper = np.array(
        [np.sin(ahead), -np.cos(ahead) * np.cos(aside), outward * np.cos(ahead) * np.sin(aside)]
    )
    upper = _unit(upper)
    front = _unit(np.array([1.0, 0.0, 0.0]) - upper[0] * upper)
    front = turn_about(upper, outward * posture.forearm_inward) @ front
    elbow = np.deg2rad(max(posture.elbow + posture.elbow_swing * swing, 2.0))
    return upper, np.cos(elbow) * upper + np.sin(elbow) * front


def _holding(
    joints: Joints,
    shoulder: np.ndarray,
    side: Side,
    lengths: tuple[np.floating, np.floating],
    posture: Posture,
) -> tuple[np.ndarray, np.ndarray]:
    """Directions of upper arm and forearm that bring the wrist to a grip."""
    outward = 1.0 if side == "right" else -1.0
    leg = joints.mid_hip[1]
    hand = np.array(
        [
            shoulder[0] + (0.18 if posture.hands == "bars" else 0.24) * leg,
            posture.grip_height * leg,
            outward * posture.grip_apart * leg * (1.0 if posture.hands == "bars" else 0.75),
        ]
    )
    reach = hand - shoulder
    first, second = (float(length) for length in lengths)
    distance = min(float(np.linalg.norm(reach)), 0.995 * (first + second))
    along = _unit(reach)
    cosine = (first**2 + distance**2 - second**2) / (2 * first * distance)
    opening = np.arccos(np.clip(cosine, -1, 1))
    # The elbow lies behind the line from shoulder to hand, and a little outside of it.
    back = np.array([-1.0, 0.0, 0.35 * outward])
    back = _unit(back - (back @ along) * along)
    upper = np.cos(opening) * along + np.sin(opening) * back
    return upper, _unit(distance * along - first * upper)


def _frame(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Axes by a vector and the plane that it spans with another, columns, (3, 3)."""
    normal = np.cross(first, second)
    normal /= np.linalg.norm(normal)
    return np.stack([first, normal, np.cross(first, normal)], axis=1)


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / np.linalg.norm(vector))
