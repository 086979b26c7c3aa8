"""Signed joint angles in the sagittal plane, from points with x forward and y up.

Magnitudes are those of Eqs. 7-10 of the GaitPoseNet article (Sci Rep 2023, 13:22681), which prints
them with arccos and defines the signs in words; ``atan2`` gives both at once and stays exact near
0 and 180 degrees. Definitions and signs: flexion is positive, 0 is anatomical standing.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from gaitpose.kinematics.continuity import continuous
from gaitpose.skeleton import SIDES

Segments = tuple[tuple[float, float], tuple[float, float]]
"""((left thigh, left shank), (right thigh, right shank)), one unit of length."""


def sagittal_angles(points: xr.DataArray) -> xr.DataArray:
    """Compute every joint angle for which the points are there.

    Parameters
    ----------
    points : xarray.DataArray, (time, space, keypoints)
        x forward, y up, any unit of length; further axes are ignored. Hips, knees and ankles of
        both sides; shoulders, heels and toes where known. NaN is missing.

    Returns
    -------
    xarray.DataArray, (time, side, joint)
        Degrees, flexion positive, continuous in time. ``hip`` is the thigh against the downward
        vertical (knee ahead is flexion), ``knee`` the shank against the thigh's prolongation. With
        shoulders also ``hip_trunk``, the thigh against the line mid-hip to mid-shoulder, and
        ``trunk``, that line against the vertical (forward lean positive; the same on both sides).
        With heels and toes also ``ankle``, the foot against the shank, minus 90 (dorsiflexion).

    Notes
    -----
    "Hip angle" means three things in the literature: thigh against vertical, trunk or pelvis. The
    third needs points of the pelvis that no image estimator gives. An angle is NaN where one of
    its points is.
    """
    segments = segment_angles(points)
    thigh, shank = segments.sel(segment="thigh"), segments.sel(segment="shank")
    joints = {"hip": thigh, "knee": thigh - shank}
    if "trunk" in segments.segment.values:
        joints["hip_trunk"] = thigh + segments.sel(segment="trunk")
        joints["trunk"] = segments.sel(segment="trunk")
    if "foot" in segments.segment.values:
        joints["ankle"] = segments.sel(segment="foot") - shank
    stacked = np.stack([continuous(angle.values) for angle in joints.values()], axis=2)
    return xr.DataArray(
        stacked,
        dims=("time", "side", "joint"),
        coords={**_time(points), "side": list(SIDES), "joint": list(joints)},
        name="angles",
        attrs={"units": "deg"},
    )


def segment_angles(points: xr.DataArray) -> xr.DataArray:
    """Compute the inclination of thighs, shanks and, where known, trunk and feet.

    Parameters
    ----------
    points : xarray.DataArray, (time, space, keypoints)
        As for :func:`sagittal_angles`.

    Returns
    -------
    xarray.DataArray, (time, side, segment)
        Degrees, continuous in time. ``thigh`` and ``shank`` against the downward vertical, positive
        with the lower end ahead; ``trunk`` (same on both sides) against the upward vertical,
        forward lean positive; ``foot`` (heel to toe) against the horizontal, toe up positive.
    """
    names = set(points.keypoints.values.tolist())

    def point(name: str) -> np.ndarray:
        return points.sel(keypoints=name, space=["x", "y"]).transpose("time", "space").values

    def from_down(upper: str, lower: str) -> list[np.ndarray]:
        legs = [point(f"{side}_{lower}") - point(f"{side}_{upper}") for side in SIDES]
        return [np.arctan2(leg[:, 0], -leg[:, 1]) for leg in legs]

    found = {"thigh": from_down("hip", "knee"), "shank": from_down("knee", "ankle")}
    if {"left_shoulder", "right_shoulder"} <= names:
        shoulders = point("left_shoulder") + point("right_shoulder")
        trunk = shoulders - point("left_hip") - point("right_hip")
        found["trunk"] = [np.arctan2(trunk[:, 0], trunk[:, 1])] * 2
    if {f"{side}_{end}" for side in SIDES for end in ("heel", "toe")} <= names:
        feet = [point(f"{side}_toe") - point(f"{side}_heel") for side in SIDES]
        found["foot"] = [np.arctan2(foot[:, 1], foot[:, 0]) for foot in feet]
    values = np.array([np.stack(sides, axis=1) for sides in found.values()])
    return xr.DataArray(
        continuous(np.degrees(values.transpose(1, 2, 0))),
        dims=("time", "side", "segment"),
        coords={**_time(points), "side": list(SIDES), "segment": list(found)},
        name="segment_angles",
        attrs={"units": "deg"},
    )


def inter_ankle_distance(segments: xr.DataArray, lengths: Segments) -> xr.DataArray:
    """Compute how far the left ankle is ahead of the right one (Eq. 11 of the article).

    Parameters
    ----------
    segments : xarray.DataArray, (time, side, segment)
        Inclinations of thigh and shank from :func:`segment_angles`, degrees.
    lengths : ((thigh, shank), (thigh, shank))
        Of the left and the right leg, metres.

    Returns
    -------
    xarray.DataArray, (time,)
        Metres; positive with the left ankle ahead. Its extrema at foot strikes are the step
        lengths.

    Notes
    -----
    Both hips are taken to be at the same place along the progression, as in the article: a pelvis
    that turns about the vertical by 10 degrees shifts the result by about 3 cm. It asks for no
    scale of the picture, only for the subject's lengths.
    """
    legs = segments.sel(side=list(SIDES), segment=["thigh", "shank"])
    sines = np.sin(np.radians(legs.transpose("side", "segment", "time").values))
    left, right = (np.array(leg) @ sines[i] for i, leg in enumerate(lengths))
    return xr.DataArray(
        left - right,
        dims=("time",),
        coords=_time(segments),
        name="inter_ankle_distance",
        attrs={"units": "m"},
    )


def _time(points: xr.DataArray) -> dict[str, xr.DataArray]:
    return {"time": points["time"]} if "time" in points.coords else {}
