"""What is true of a walk: events, joint angles and strides, from the final geometry."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.skeleton import SIDES
from gaitpose.synthetic.contact import Stances
from gaitpose.synthetic.motion import Motion

JOINTS = ("hip", "hip_trunk", "knee", "ankle", "trunk")


def event_table(motion: Motion, first: float, last: float) -> pd.DataFrame:
    """Begin and end of every contact between two times (seconds)."""
    rows = [
        (side, kind, float(time))
        for side, leg in zip(SIDES, motion.legs, strict=True)
        for kind, times in (
            ("foot_strike", leg.ground.stances.start),
            ("foot_off", leg.ground.stances.end),
        )
        for time in times
        if first <= time <= last
    ]
    table = pd.DataFrame(rows, columns=["side", "kind", "time_s"])
    return table.sort_values("time_s", kind="stable", ignore_index=True)


def joint_angles(
    points: Mapping[str, np.ndarray], heading: np.ndarray, time: np.ndarray
) -> xr.DataArray:
    """Angles in the sagittal plane of the pelvis, degrees, (time, side, joint)."""
    forward = np.stack([np.cos(heading), np.sin(heading)], axis=-1)

    def inclination(start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Of a segment against the downward vertical, forward +."""
        segment = end - start
        return np.arctan2((segment[:, [0, 2]] * forward).sum(axis=1), -segment[:, 1])

    middle = (points["left_hip"] + points["right_hip"]) / 2
    chest = (points["left_shoulder"] + points["right_shoulder"]) / 2
    trunk = inclination(chest, middle) * -1.0
    table = np.empty((len(time), 2, len(JOINTS)))
    for index, side in enumerate(SIDES):
        hip, knee, ankle, heel, toe = (
            points[f"{side}_{name}"] for name in ("hip", "knee", "ankle", "heel", "toe")
        )
        thigh, shank = inclination(hip, knee), inclination(knee, ankle)
        foot = inclination(heel, toe) - np.pi / 2
        table[:, index] = np.stack(
            [thigh, thigh + trunk, thigh - shank, foot - shank, trunk], axis=-1
        )
    return xr.DataArray(
        np.rad2deg(table),
        dims=("time", "side", "joint"),
        coords={"time": time, "side": list(SIDES), "joint": list(JOINTS)},
        name="angle",
        attrs={"units": "deg"},
    )


def stride_table(motion: Motion, first: float, last: float) -> pd.DataFrame:
    """One row a stride between two times: from foot strike to the next of the same leg.

    Lengths are along the heading. ``step_length`` is between heel prints (other foot to this one,
    at ``start_s``); ``ankle_step_length`` is between the ankles at that moment, which is what
    methods without foot points measure. ``steady`` is True at full speed throughout.
    """
    rows = []
    for index, side in enumerate(SIDES):
        own, other = (motion.legs[i].ground.stances for i in (index, 1 - index))
        for k in range(1, len(own.start) - 1):
            start, end = own.start[k], own.start[k + 1]
            if start < first or end > last:
                continue
            before = int(np.searchsorted(other.start, start, side="right")) - 1
            rows.append(
                {
                    "side": side,
                    "start_s": start,
                    "foot_off_s": own.end[k],
                    "end_s": end,
                    "stride_time": end - start,
                    "stance_percent": 100 * (own.end[k] - start) / (end - start),
                    "stride_length": float(np.hypot(*(own.place[k + 1] - own.place[k]))),
                    "step_time": start - other.start[before],
                    "step_length": _heel_print_distance(motion, index, k, before),
                    "ankle_step_length": _ankle_distance(motion, index, start),
                    "speed": float(np.hypot(*(own.place[k + 1] - own.place[k]))) / (end - start),
                    "steady": bool(
                        motion.route.share(np.array([other.start[before], end])).min() == 1.0
                    ),
                }
            )
    return pd.DataFrame(rows)


def _heel_print_distance(motion: Motion, index: int, own: int, other: int) -> float:
    def heel(leg: int, stance: int) -> np.ndarray:
        ground = motion.legs[leg].ground
        stances: Stances = ground.stances
        return stances.place[stance] - ground.shape.behind * _along(stances.heading[stance])

    heading = motion.legs[index].ground.stances.heading[own]
    return float((heel(index, own) - heel(1 - index, other)) @ _along(heading))


def _ankle_distance(motion: Motion, index: int, time: float) -> float:
    at = np.array([time])
    difference = motion.leg_points(index, at)["ankle"] - motion.leg_points(1 - index, at)["ankle"]
    return float(difference[0, [0, 2]] @ _along(motion.route.heading(at)[0]))


def _along(heading: float) -> np.ndarray:
    return np.array([np.cos(heading), np.sin(heading)])
