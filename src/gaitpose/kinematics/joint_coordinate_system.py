"""Segment frames from points and joint angles between them: Grood-Suntay, as the ISB recommends.

A segment frame is a rotation matrix whose columns are x forward, y up (along the segment, from its
lower to its upper joint) and z to the subject's right, for both legs alike. Angles are what is
left of the choice of laboratory: none of these functions asks where up is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from gaitpose.errors import UnreadableInput
from gaitpose.kinematics.continuity import continuous
from gaitpose.skeleton import SIDES, Side

ANGLES: tuple[str, ...] = (
    "hip_flexion",
    "hip_adduction",
    "hip_rotation",
    "knee_flexion",
    "ankle_dorsiflexion",
)
"""The joint angles of each leg; positive as named, rotation positive inward."""

THIGH_LENGTHS = (0.15, 0.70)
"""Metres between hip and knee that a human thigh can have, toddlers included."""


@dataclass(frozen=True)
class LegFrames:
    """Frames, each (frames, 3, 3), that one leg's angles come from."""

    pelvis: np.ndarray
    thigh: np.ndarray
    shank: np.ndarray
    foot: np.ndarray


def unit(vectors: np.ndarray) -> np.ndarray:
    """Scale vectors (..., 3) to length one; a vector of length zero becomes NaN."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(length > 0, length, np.nan)


def frame_from_up(up: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Build frames whose y is exactly `up`; `right` fixes the sagittal plane's normal.

    Parameters
    ----------
    up, right : array, (..., 3)
        Any length; `right` needs not be perpendicular.

    Returns
    -------
    array, (..., 3, 3)
        Columns x forward, y up, z right.
    """
    y = unit(up)
    x = unit(np.cross(y, right))
    return np.stack([x, y, np.cross(x, y)], axis=-1)


def frame_from_right(right: np.ndarray, forward: np.ndarray) -> np.ndarray:
    """Build frames whose z is exactly `right`; `forward` fixes where x points (the pelvis)."""
    z = unit(right)
    y = unit(np.cross(z, forward))
    return np.stack([np.cross(y, z), y, z], axis=-1)


def frame_from_forward(forward: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Build frames whose x is exactly `forward`; `right` fixes the rest (the foot)."""
    x = unit(forward)
    y = unit(np.cross(right, x))
    return np.stack([x, y, np.cross(x, y)], axis=-1)


def grood_suntay(proximal: np.ndarray, distal: np.ndarray) -> np.ndarray:
    """Rotation of the distal frame in the proximal one about the three joint axes.

    Parameters
    ----------
    proximal, distal : array, (frames, 3, 3)
        Columns x forward, y up, z right.

    Returns
    -------
    array, (frames, 3)
        Degrees about the proximal z (distal end forward is +), the floating axis (distal end to
        the subject's left is +) and the distal y (toes to the left is +); continuous over time.

    Notes
    -----
    Grood & Suntay, J Biomech Eng 1983, 105:136-144: e1 is the proximal medio-lateral axis, e3 the
    distal long axis, e2 their common perpendicular. In Cardan words, the order is z, x, y. At 90
    degrees about e2 the other two are undefined (gimbal lock); no leg joint comes near.
    """
    relative = np.einsum("...ji,...jk->...ik", proximal, distal)
    first = np.arctan2(-relative[..., 0, 1], relative[..., 1, 1])
    floating = np.arcsin(np.clip(relative[..., 2, 1], -1, 1))
    third = np.arctan2(-relative[..., 2, 0], relative[..., 2, 2])
    return continuous(np.degrees(np.stack([first, floating, third], axis=-1)))


def leg_angles(frames: LegFrames, side: Side) -> np.ndarray:
    """Angles of one leg, (frames, 5) in the order of :data:`ANGLES`, degrees."""
    hip = grood_suntay(frames.pelvis, frames.thigh)
    knee = grood_suntay(frames.thigh, frames.shank)
    ankle = grood_suntay(frames.shank, frames.foot)
    inward = 1.0 if side == "right" else -1.0
    return np.stack(
        [hip[:, 0], inward * hip[:, 1], inward * hip[:, 2], -knee[:, 0], ankle[:, 0]], axis=-1
    )


def joint_angles(
    time: np.ndarray, legs: Mapping[Side, LegFrames], **attributes: str
) -> xr.DataArray:
    """Angles of both legs, labelled.

    Parameters
    ----------
    time : array, (frames,)
        Seconds.
    legs : mapping of side to LegFrames
    **attributes : str
        Kept with the result, such as ``model``.

    Returns
    -------
    xarray.DataArray
        Dims ``time, side, joint``; degrees.
    """
    values = np.stack([leg_angles(legs[side], side) for side in SIDES], axis=1)
    return xr.DataArray(
        values,
        dims=("time", "side", "joint"),
        coords={"time": np.asarray(time, dtype=float), "side": list(SIDES), "joint": list(ANGLES)},
        name="angles",
        attrs={"units": "deg", **attributes},
    )


def require_points(points: Mapping[str, np.ndarray], needed: tuple[str, ...], where: str) -> None:
    """Refuse points without one that is needed, by name.

    Raises
    ------
    UnreadableInput
        If a name of `needed` is absent, or has no sample in the whole recording.
    """
    absent = [name for name in needed if name not in points or not np.isfinite(points[name]).any()]
    if absent:
        raise UnreadableInput(
            f"needed marker {', '.join(absent)} is absent or empty",
            where=where,
            hint=f"The model needs {', '.join(needed)}",
        )


def require_human_thigh(hip: np.ndarray, knee: np.ndarray, where: str) -> None:
    """Refuse points whose thigh no human has: their units are wrong.

    Raises
    ------
    UnreadableInput
        If the median distance between `hip` and `knee` is outside :data:`THIGH_LENGTHS` metres.
    """
    lengths = np.linalg.norm(knee - hip, axis=-1)
    if not np.isfinite(lengths).any():
        raise UnreadableInput("hip and knee are never seen together", where=where)
    thigh = float(np.nanmedian(lengths))
    low, high = THIGH_LENGTHS
    if not low <= thigh <= high:
        raise UnreadableInput(
            f"the thigh would be {thigh:.4g} m long",
            where=where,
            hint="Lengths must be in metres (or the file must say its units)",
        )
