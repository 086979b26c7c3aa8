"""Lab axes: any of the six ways up is turned to y-up, right-handed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

Up = Literal["+x", "-x", "+y", "-y", "+z", "-z"]

_ROTATIONS: dict[Up, tuple[tuple[int, int, int], ...]] = {
    "+x": ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
    "-x": ((0, 1, 0), (-1, 0, 0), (0, 0, 1)),
    "+y": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "-y": ((1, 0, 0), (0, -1, 0), (0, 0, -1)),
    "+z": ((1, 0, 0), (0, 0, 1), (0, -1, 0)),
    "-z": ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
}


def to_y_up(points: np.ndarray, up: Up) -> np.ndarray:
    """Rotate points so that the axis `up` of the lab becomes +y.

    Parameters
    ----------
    points : array, (..., 3)
        In a right-handed frame.
    up : {"+x", "-x", "+y", "-y", "+z", "-z"}
        The lab axis that points upwards. For z-up labs: ``(x, y, z) -> (x, z, -y)``.

    Returns
    -------
    array, (..., 3)
        Right-handed, y up.
    """
    return points @ np.array(_ROTATIONS[up], dtype=float).T


def up_axis(position: np.ndarray, names: Sequence[str]) -> Up:
    """Tell which axis points up from the body itself: hips are above ankles.

    Parameters
    ----------
    position : array, (frames, keypoints, 3)
        Metres, any right-handed frame.
    names : sequence of str
        Our keypoint names; both hips and ankles must be among them.

    Returns
    -------
    str
        One of the six axes; ``"+y"`` where hips and ankles are never seen together.
    """
    hips = position[:, [names.index("left_hip"), names.index("right_hip")]].mean(axis=1)
    ankles = position[:, [names.index("left_ankle"), names.index("right_ankle")]].mean(axis=1)
    legs = hips - ankles
    legs = legs[np.isfinite(legs).all(axis=1)]
    if len(legs) == 0:
        return "+y"
    upwards = np.median(legs, axis=0)
    axis = int(np.argmax(np.abs(upwards)))
    found = ("+" if upwards[axis] > 0 else "-") + "xyz"[axis]
    return next(up for up in get_args(Up) if up == found)
