"""One pass from the picture, or the room, to metres along its own direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.gait import robust
from gaitpose.gait.passes import Stretch
from gaitpose.gait.seen import Seen


@dataclass(frozen=True)
class Placement:
    """An affine map.

    Parameters
    ----------
    matrix : array, (space, space)
    offset : array, (space,)
    """

    matrix: np.ndarray
    offset: np.ndarray

    def apply(self, position: np.ndarray) -> np.ndarray:
        """Map positions (time, keypoints, space)."""
        return position @ self.matrix + self.offset


def place_picture(position: np.ndarray, seen: Seen, walk: Stretch, scale: float) -> Placement:
    """Place one pass of a picture: walking towards -x is mirrored here, once.

    Parameters
    ----------
    position : array, (time, keypoints, 2)
        From :func:`gaitpose.gait.side_view.orthogonal_view`, filtered.
    seen : Seen
    walk : Stretch
    scale : float
        Metres (or leg lengths) per picture unit.

    Returns
    -------
    Placement
    """
    matrix = scale * np.diag([float(walk.heading[0]), 1.0])
    return _from_floor(Placement(matrix, np.zeros(2)), position, seen)


def place_space(position: np.ndarray, seen: Seen, heading: np.ndarray) -> Placement:
    """Place one pass of a 3-D recording.

    Parameters
    ----------
    position : array, (time, keypoints, 3)
        Upright, metres, filtered.
    seen : Seen
    heading : array, (2,)
        Unit vector of walking, x and z.

    Returns
    -------
    Placement
        x forward, y up, z to the right.
    """
    along, across = heading
    turn = np.array([[along, 0.0, -across], [0.0, 1.0, 0.0], [across, 0.0, along]])
    return _from_floor(Placement(turn, np.zeros(3)), position, seen)


def _from_floor(placement: Placement, position: np.ndarray, seen: Seen) -> Placement:
    """Move the origin to the ground below the first mid-ankle."""
    placed = placement.apply(position)
    ankles = robust.mean(placed[:, seen.columns("ankle")], axis=1)
    start = ankles[np.isfinite(ankles).all(axis=1)][:1].sum(axis=0)
    parts = [part for part in ("ankle", "heel", "toe") if f"left_{part}" in seen.names]
    feet = placed[:, [column for part in parts for column in seen.columns(part)], 1]
    known = feet[np.isfinite(feet)]
    start[1] = np.percentile(known, 5) if len(known) else 0.0
    return Placement(placement.matrix, placement.offset - start)
