"""Which way a body faces, from its anatomy: knees bend forward, left is left of right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gaitpose.gait import robust
from gaitpose.skeleton import SIDES


def knee_lead(position: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Measure how far each knee is off the line from hip to ankle.

    Parameters
    ----------
    position : array, (time, keypoints, 2)
        Upright: x along the picture, y up.
    names : sequence of str

    Returns
    -------
    array, (time, 2 sides)
        Share of the distance from hip to ankle, positive if the knee is towards +x of the line.
    """
    order = list(names)
    hip, knee, ankle = (
        position[:, [order.index(f"{side}_{part}") for side in SIDES]]
        for part in ("hip", "knee", "ankle")
    )
    leg, thigh = ankle - hip, knee - hip
    across = leg[..., 0] * thigh[..., 1] - leg[..., 1] * thigh[..., 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        return across / (leg**2).sum(axis=-1)


def faces_forward(position: np.ndarray, names: Sequence[str]) -> bool:
    """Whether a body in the sagittal plane faces +x.

    Parameters
    ----------
    position : array, (time, keypoints, 2)
        x along the picture, y up; left and right need not be right.
    names : sequence of str

    Notes
    -----
    A knee bends one way only, and most in swing, so the mean of the lead has the sign of forward
    even where a standing knee is a little overextended. Large values count once (they are errors).
    """
    lead = knee_lead(position, names)
    return bool(robust.mean(np.clip(lead, -0.3, 0.3).ravel()) >= 0)


def forward_in_space(position: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Find the forward direction of a body that stays where it is (treadmill) in 3-D.

    Parameters
    ----------
    position : array, (time, keypoints, 3)
        y up, x and z level, right-handed.
    names : sequence of str

    Returns
    -------
    array, (2,)
        Unit vector, x and z.

    Notes
    -----
    Right angles to the line through the hips give the axis; of its two ends that is forward to
    which the knees bend.
    """
    order = list(names)
    right = position[:, order.index("right_hip")] - position[:, order.index("left_hip")]
    lateral = robust.median(right[:, [0, 2]])
    forward = np.array([lateral[1], -lateral[0]]) / np.linalg.norm(lateral)
    plane = np.stack([position[..., [0, 2]] @ forward, position[..., 1]], axis=-1)
    return forward if faces_forward(plane, names) else -forward
