"""Where a body is in the picture: from joints to hip and height, from these to a box, and back.

A walker's silhouette breathes with every step; mid-hip and body height, taken from the segments'
lengths, do not. So the crop is steered by these two.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gaitpose.pose.estimator import Box
from gaitpose.skeleton import JOINTS, LEG_JOINTS

TRUNK_PER_HEIGHT = 0.288
"""Shoulder to hip over body height (Drillis & Contini 1966, in Winter 2009, fig. 4.1)."""

LEG_PER_HEIGHT = 0.491
"""Hip to ankle over body height (same source)."""

HIP_ABOVE_MIDDLE = 0.03
"""The hip lies at 0.53 of the height (same source): this much above the middle of the body."""

WIDTH_PER_HEIGHT = 0.45
"""A stride's length over body height: the width of the box."""

_LEG = [JOINTS.index(name) for name in LEG_JOINTS]
_SHOULDERS = [JOINTS.index("left_shoulder"), JOINTS.index("right_shoulder")]
_HIPS = [JOINTS.index("left_hip"), JOINTS.index("right_hip")]
_KNEES = [JOINTS.index("left_knee"), JOINTS.index("right_knee")]
_ANKLES = [JOINTS.index("left_ankle"), JOINTS.index("right_ankle")]


class Body(NamedTuple):
    """Place and size of a body in the picture.

    Parameters
    ----------
    x, y : float
        Mid-hip, px.
    height : float
        Body height, px.
    """

    x: float
    y: float
    height: float

    @property
    def box(self) -> Box:
        """The box that holds the body in any phase of a step."""
        middle = self.y + HIP_ABOVE_MIDDLE * self.height
        half_width, half_height = WIDTH_PER_HEIGHT * self.height / 2, self.height / 2
        return Box(
            self.x - half_width, middle - half_height, self.x + half_width, middle + half_height
        )


def leg_confidence(joints: np.ndarray) -> float:
    """Mean confidence of the six leg joints, 0..1.

    Parameters
    ----------
    joints : float array, (keypoints, 3)
        As :meth:`gaitpose.pose.estimator.Estimator.predict` returns them.
    """
    return float(joints[_LEG, 2].mean())


def leg_length(joints: np.ndarray) -> float:
    """Length of the longer-looking leg, hip to ankle along the segments, px."""
    points = joints[:, :2]
    thighs = np.linalg.norm(points[_HIPS] - points[_KNEES], axis=1)
    shanks = np.linalg.norm(points[_KNEES] - points[_ANKLES], axis=1)
    return float((thighs + shanks).max())


def body_of(joints: np.ndarray) -> Body:
    """Place and size of the body that the joints belong to.

    Parameters
    ----------
    joints : float array, (keypoints, 3)
        As :meth:`gaitpose.pose.estimator.Estimator.predict` returns them.

    Returns
    -------
    Body
        The height is the larger of what legs alone, and legs and trunk together, say: where the
        picture ends at the waist, estimators squeeze the trunk into what they see.
    """
    x, y = joints[_HIPS, :2].mean(axis=0)
    legs = leg_length(joints)
    trunk = float(np.linalg.norm(joints[_SHOULDERS, :2].mean(axis=0) - (x, y)))
    whole = (legs + trunk) / (LEG_PER_HEIGHT + TRUNK_PER_HEIGHT)
    return Body(float(x), float(y), max(legs / LEG_PER_HEIGHT, whole))


def ankle_gap(joints: np.ndarray) -> tuple[float, float]:
    """Left ankle minus right ankle, horizontally and vertically, over the leg's length."""
    left, right = joints[_ANKLES, :2]
    x, y = (left - right) / max(leg_length(joints), 1e-6)
    return float(x), float(y)
