"""One pass from the picture, or the room, to metres along its own direction: one map for each leg.

Walking towards -x is mirrored here, once per pass. Near and far leg move in planes of different
depth, so each has its own scale; they are joined where the hips are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.gait import robust
from gaitpose.gait.seen import Seen
from gaitpose.skeleton import SIDES, Side


@dataclass(frozen=True)
class Placement:
    """An affine map of every keypoint.

    Parameters
    ----------
    matrix : array, (keypoints, space, space)
    offset : array, (keypoints, space)
    """

    matrix: np.ndarray
    offset: np.ndarray

    def apply(self, position: np.ndarray) -> np.ndarray:
        """Map positions (time, keypoints, space)."""
        return np.einsum("tks,ksu->tku", position, self.matrix) + self.offset


def place_picture(
    position: np.ndarray, seen: Seen, direction: int, near: Side, scale: float, ratio: float
) -> Placement:
    """Place one pass of a picture.

    Parameters
    ----------
    position : array, (time, keypoints, 2)
        Upright, levelled, filtered.
    seen : Seen
    direction : {1, -1}
        Of walking, along the picture.
    near : {"left", "right"}
    scale : float
        Metres (or leg lengths) per picture unit of the near leg.
    ratio : float
        How many times smaller the far leg appears.

    Returns
    -------
    Placement

    Notes
    -----
    x = z X/fx (Eq. 6 of the article) with another z for each leg. X counts from the principal
    point, which pose files do not tell; so instead the far leg is shifted until both hips have the
    same mean place over the pass. A constant rotation of the pelvis is lost by that, its movement
    in every stride is kept.
    """
    factor = np.full(len(seen.names), scale)
    far = [i for i, name in enumerate(seen.names) if not name.startswith(near)]
    factor[far] *= ratio
    forward = np.array([float(direction), 1.0])
    matrix = factor[:, np.newaxis, np.newaxis] * np.diag(forward)
    offset = np.zeros((len(seen.names), 2))
    hips = np.einsum("tks,ksu->tku", position, matrix)[:, seen.columns("hip")]
    apart = robust.mean(hips[:, SIDES.index(near)] - hips[:, 1 - SIDES.index(near)])
    offset[far] += np.nan_to_num(apart)
    return _from_floor(Placement(matrix, offset), position, seen)


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
    matrix = np.tile(turn, (len(seen.names), 1, 1))
    return _from_floor(Placement(matrix, np.zeros((len(seen.names), 3))), position, seen)


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
