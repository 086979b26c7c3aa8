"""Cleveland Clinic marker set: rigid clusters on thigh and shank, anatomy from a static trial.

A triad on each thigh and shank carries the segment through the movement; where the joints lie in
it is learnt from a standing trial with medial and lateral markers on knees and ankles. If these
stay on while walking, no triad and no static trial are needed.

Sources: Sutherland, Gait Posture 2002, 16:159-179 (the marker set); Bell, Pedersen & Brand,
J Biomech 1990, 23:617-621 (hip joint centre); Soederkvist & Wedin, J Biomech 1993, 26:1473-1477
(motion of a cluster); Grood & Suntay 1983 (angles).

Deviates from the clinic's software, whose source is not public, in that the shank's frontal plane
is that of its own ankle axis, and the foot's long axis the line from heel to toe at the height of
the standing trial's (or the recording's median) posture.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from gaitpose.errors import UnreadableInput
from gaitpose.kinematics.joint_coordinate_system import (
    LegFrames,
    frame_from_forward,
    frame_from_right,
    frame_from_up,
    joint_angles,
    require_human_thigh,
    require_points,
)
from gaitpose.skeleton import SIDES, Side

PELVIS_MARKERS = ("L.ASIS", "R.ASIS", "V.Sacral")
JOINT_MARKERS = ("Knee", "Knee.Medial", "Ankle", "Ankle.Medial")
FOOT_MARKERS = ("Heel", "Toe")
CLUSTERS: dict[str, tuple[str, ...]] = {
    "Thigh": ("Thigh.Upper", "Thigh.Front", "Thigh.Rear"),
    "Shank": ("Shank.Upper", "Shank.Front", "Shank.Rear"),
}
"""Triads of each leg. All names take ``L.`` or ``R.`` in front."""

BELL_1990 = (-0.19, -0.30, 0.36)
"""Hip centre from the middle of the iliac spines (forward, up, outward) per their distance."""

Markers = Mapping[str, np.ndarray]


def cleveland(
    markers: Markers, time: np.ndarray, static: Markers | None = None, *, where: str = "markers"
) -> xr.DataArray:
    """Hip, knee and ankle angles from Cleveland Clinic markers.

    Parameters
    ----------
    markers : mapping of name to array, (frames, 3)
        Metres, any right-handed laboratory frame; NaN is missing.
    time : array, (frames,)
        Seconds.
    static : mapping of name to array, (frames, 3), optional
        A standing trial with the medial markers of knees and ankles. Without it `markers` must
        hold them.
    where : str
        What to call the markers in an error.

    Returns
    -------
    xarray.DataArray
        Dims ``time, side, joint``, degrees; see
        :data:`gaitpose.kinematics.joint_coordinate_system.ANGLES`.

    Raises
    ------
    UnreadableInput
        If a marker is absent, or lengths are not human in metres.
    """
    feet = tuple(f"{letter}.{name}" for letter in "LR" for name in FOOT_MARKERS)
    require_points(markers, PELVIS_MARKERS + feet, where)
    pelvis = _pelvis(markers)
    legs: dict[Side, LegFrames] = {}
    for side in SIDES:
        joints = _joint_markers(markers, static, side[0].upper(), where)
        legs[side] = _leg(markers, joints, side, pelvis, where)
    return joint_angles(time, legs, model="cleveland")


def rigid_motion(reference: np.ndarray, moved: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rotation and shift that carry a cluster's reference shape to each frame, least squares.

    Parameters
    ----------
    reference : array, (markers, 3)
        At least three, not on one line.
    moved : array, (frames, markers, 3)
        NaN in a frame makes that frame's result NaN.

    Returns
    -------
    rotation : array, (frames, 3, 3)
    shift : array, (frames, 3)
        ``moved = reference @ rotation.T + shift``.
    """
    centre = reference.mean(axis=0)
    centres = moved.mean(axis=1)
    seen = np.isfinite(moved).all(axis=(1, 2))
    spread = np.einsum(
        "tmi,mj->tij",
        np.where(seen[:, None, None], moved - centres[:, None], 0),
        reference - centre,
    )
    u, _, vt = np.linalg.svd(spread)
    # The nearest rotation must not be a mirror image.
    proper = np.ones((len(moved), 3))
    proper[:, 2] = np.linalg.det(u @ vt)
    rotation = (u * proper[:, None, :]) @ vt
    rotation[~seen] = np.nan
    return rotation, centres - rotation @ centre


def _joint_markers(
    markers: Markers, static: Markers | None, letter: str, where: str
) -> dict[str, np.ndarray]:
    names = tuple(f"{letter}.{name}" for name in JOINT_MARKERS)
    if static is None:
        if any(name not in markers for name in names):
            missing = ", ".join(name for name in names if name not in markers)
            raise UnreadableInput(
                f"needed marker {missing} is absent",
                where=where,
                hint="Give a static trial that has them",
            )
        require_points(markers, names, where)
        return {name[2:]: np.asarray(markers[name], dtype=float) for name in names}
    require_points(static, names, f"{where} (static)")
    found = {}
    for segment, triad in CLUSTERS.items():
        cluster = tuple(f"{letter}.{name}" for name in triad)
        require_points(static, cluster, f"{where} (static)")
        require_points(markers, cluster, where)
        still = np.stack([np.nanmean(static[name], axis=0) for name in cluster])
        moving = np.stack([markers[name] for name in cluster], axis=1)
        rotation, shift = rigid_motion(still, moving)
        for name in JOINT_MARKERS[:2] if segment == "Thigh" else JOINT_MARKERS[2:]:
            at_rest = np.nanmean(static[f"{letter}.{name}"], axis=0)
            found[name] = rotation @ at_rest + shift
    return found


def _pelvis(markers: Markers) -> np.ndarray:
    middle = (markers["L.ASIS"] + markers["R.ASIS"]) / 2
    return frame_from_right(markers["R.ASIS"] - markers["L.ASIS"], middle - markers["V.Sacral"])


def _leg(
    markers: Markers, joints: Mapping[str, np.ndarray], side: Side, pelvis: np.ndarray, where: str
) -> LegFrames:
    outward = 1.0 if side == "right" else -1.0
    letter = side[0].upper()
    spines = markers["R.ASIS"] - markers["L.ASIS"]
    breadth = float(np.nanmedian(np.linalg.norm(spines, axis=-1)))
    forward, up, out = (share * breadth for share in BELL_1990)
    middle = (markers["L.ASIS"] + markers["R.ASIS"]) / 2
    hip = middle + pelvis @ np.array([forward, up, outward * out])
    knee = (joints["Knee"] + joints["Knee.Medial"]) / 2
    ankle = (joints["Ankle"] + joints["Ankle.Medial"]) / 2
    require_human_thigh(hip, knee, where)
    thigh = frame_from_up(hip - knee, outward * (joints["Knee"] - joints["Knee.Medial"]))
    shank = frame_from_up(knee - ankle, outward * (joints["Ankle"] - joints["Ankle.Medial"]))
    foot = frame_from_forward(markers[f"{letter}.Toe"] - markers[f"{letter}.Heel"], shank[..., 2])
    return LegFrames(pelvis, thigh, shank, foot)
