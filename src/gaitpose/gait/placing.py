"""One pass from the picture, or the room, to metres along its own direction: one map for each leg.

Walking towards -x is mirrored here, once per pass. Near and far leg move in planes of different
depth, so each has its own scale; they are joined where the hips are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.gait import robust
from gaitpose.gait.passes import FoundSurface, Stretch, near_side
from gaitpose.gait.scale import ScaleSettings, depth_ratio, segment_lengths, treadmill_ratio
from gaitpose.gait.seen import Seen
from gaitpose.skeleton import SIDES

LEG_PARTS = ("hip", "knee", "ankle", "heel", "toe")


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
    position: np.ndarray,
    seen: Seen,
    walk: Stretch,
    scale: float,
    sizes: np.ndarray,
    centre: np.ndarray | None,
) -> Placement:
    """Place one pass of a picture.

    Parameters
    ----------
    position : array, (time, keypoints, 2)
        Upright, levelled, filtered.
    seen : Seen
    walk : Stretch
    scale : float
        Metres (or leg lengths) per picture unit of the near leg.
    sizes : array, (keypoints,)
        From :func:`relative_sizes`.
    centre : array, (2,) or None
        Principal point, upright and levelled.

    Returns
    -------
    Placement

    Notes
    -----
    x = z X/fx (Eq. 6 of the article) with another z for each leg. X counts from the principal
    point, which pose files seldom tell; so instead the far leg is shifted until both hips have the
    same mean place over the pass. A constant rotation of the pelvis is lost by that, its movement
    in every stride is kept. Shoulders, if they have sizes of their own, do count from the principal
    point, or the trunk's mean lean would be lost.
    """
    near = SIDES.index(near_side(walk))
    shoulders = [i for i, name in enumerate(seen.names) if name.endswith("shoulder")]
    heights = sizes.copy()
    heights[shoulders] = 1.0
    forward = float(walk.heading[0])
    matrix = np.zeros((len(seen.names), 2, 2))
    matrix[:, 0, 0] = forward * scale * sizes
    matrix[:, 1, 1] = scale * heights
    offset = np.zeros((len(seen.names), 2))
    if centre is not None:
        offset[shoulders, 0] = forward * scale * (1.0 - sizes[shoulders]) * centre[0]
    hips = np.einsum("tks,ksu->tku", position, matrix)[:, seen.columns("hip")]
    apart = np.nan_to_num(robust.mean(hips[:, near] - hips[:, 1 - near]))
    for part in LEG_PARTS:
        if f"left_{part}" in seen.names:
            offset[seen.columns(part)[1 - near]] += apart
    return _from_floor(Placement(matrix, offset), position, seen)


def relative_sizes(
    position: np.ndarray,
    seen: Seen,
    walk: Stretch,
    surface: FoundSurface,
    settings: ScaleSettings,
) -> np.ndarray:
    """Find how many times smaller each keypoint's depth appears than the near leg's.

    Parameters
    ----------
    position : array, (time, keypoints, 2)
        One pass, upright, levelled, filtered.
    seen : Seen
    walk : Stretch
    surface : {"overground", "treadmill"}
    settings : ScaleSettings

    Returns
    -------
    array, (keypoints,)
        1 for the near leg, one value for the far leg; shoulders have their own, since they are
        farther apart than hips, and mid-shoulder and mid-hip would drift against each other
        towards the borders of the picture.
    """
    near = near_side(walk)
    other = SIDES[1 - SIDES.index(near)]
    hip = position[:, seen.names.index(f"{near}_hip"), 0]

    def ratio(name: str) -> float:
        return depth_ratio(position[:, seen.names.index(name), 0], hip, seen.leg, settings)

    if surface == "overground":
        far = ratio(f"{other}_hip")
    else:
        far = treadmill_ratio(segment_lengths(position, seen.names), near, settings)
    sizes = np.array([1.0 if name.startswith(near) else far for name in seen.names])
    for index, name in enumerate(seen.names):
        if name.endswith("shoulder"):
            known = surface == "overground" and seen.centre is not None
            sizes[index] = ratio(name) if known else 1.0
    return sizes


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
