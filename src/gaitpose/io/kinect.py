"""Kinect V2 skeletons: tables of absolute joints, and parent-relative joints with Euler angles.

Both become the same thing: named joint centres in metres, y up, on the sensor's clock.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.spatial.transform import Rotation

from gaitpose.errors import UnreadableInput
from gaitpose.io.csv_table import read_table
from gaitpose.poses import METRES_PER_UNIT

CLOCK_UNITS = (1.0, 1e-3, 1e-7)
"""Seconds, milliseconds, and the ticks of the sensor's own library (100 ns)."""
SHORTEST_STEP_S, LONGEST_STEP_S = 0.004, 0.9
"""Between two frames of a sensor; so no unit is taken for another."""
RATE = 30.0
"""Frames per second of the sensor, for exports without a time column."""

KINECT_NAMES: dict[str, str] = {
    "SpineBase": "pelvis",
    "SpineMid": "spine",
    "SpineShoulder": "chest",
    "Neck": "neck",
    "Head": "head",
    **{
        theirs + side: f"{side.lower()}_{ours}"
        for side in ("Left", "Right")
        for theirs, ours in (
            ("Shoulder", "shoulder"),
            ("Elbow", "elbow"),
            ("Wrist", "wrist"),
            ("Hip", "hip"),
            ("Knee", "knee"),
            ("Ankle", "ankle"),
            ("Foot", "toe"),
        )
    },
}
"""The sensor's joints that we use, and what we call them."""

CHAIN: tuple[tuple[str, int], ...] = (
    ("pelvis", -1), ("spine", 0), ("chest", 1), ("neck", 2), ("head", 3), ("head_top", 4),
    ("left_collar", 3), ("left_shoulder", 6), ("left_elbow", 7), ("left_wrist", 8),
    ("right_collar", 3), ("right_shoulder", 10), ("right_elbow", 11), ("right_wrist", 12),
    ("left_hip", 0), ("left_knee", 14), ("left_ankle", 15), ("left_toe", 16),
    ("right_hip", 0), ("right_knee", 18), ("right_ankle", 19), ("right_toe", 20),
)  # fmt: skip
"""Joint and index of its parent in exports with parent-relative positions (UI-PRMD's order)."""

EULER_ORDER = "ZXY"
"""Intrinsic order of those Euler angles: only in it do the feet of a squatter stand still."""

THIGHS = (("left_hip", "left_knee"), ("right_hip", "right_knee"))
HUMAN_THIGH = (0.15, 0.70)
"""Metres."""

UPRIGHT = 0.3
"""Least share of the line from ankles to hips that points along y, in the median of a recording."""


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Joint centres over time.

    Attributes
    ----------
    time : array, (frames,)
        Seconds.
    joints : dict of name to array, (frames, 3)
        Metres, y up, right-handed; NaN is missing.
    source : str
        File and trial, for messages.
    """

    time: np.ndarray
    joints: dict[str, np.ndarray]
    source: str

    @property
    def rate(self) -> float:
        """Median frames per second."""
        return float(1 / np.median(np.diff(self.time))) if len(self.time) > 1 else RATE


def read_kinect_table(path: str | os.PathLike[str], *, units: str = "m") -> Skeleton:
    """Read a table of absolute joints: one row a frame, columns such as ``KneeLeft_X``.

    Parameters
    ----------
    path : path
        CSV; the three columns of a joint are its name (as the Kinect SDK or we spell it) and
        ``x``, ``y``, ``z`` in any case, with or without ``_``, ``.``, blank or ``position``
        between. A column ``time``, ``time_s`` or ``timestamp`` holds seconds,
        milliseconds or ticks of 100 ns; without it the rate is 30 Hz.
    units : {"m", "cm", "mm"}

    Returns
    -------
    Skeleton

    Raises
    ------
    UnreadableInput
        If a hip, knee or ankle is absent, the lengths are not human in these units, or
        the clock goes back or is in another unit.
    """
    table = read_table(path)
    scale = METRES_PER_UNIT.get(units)
    if scale is None:
        raise UnreadableInput(f"units {units!r} are not known", where="units", hint="Use m, cm, mm")
    joints = _joints_of(table, scale)
    skeleton = Skeleton(np.arange(len(table)) / RATE, joints, str(path))
    check_skeleton(skeleton)
    return replace(skeleton, time=_clock_of(table, str(path)))


def from_parent_relative(
    position: np.ndarray, euler: np.ndarray, *, rate: float = RATE, units: str = "cm", source: str
) -> Skeleton:
    """Compose parent-relative positions and Euler angles to joint centres.

    Parameters
    ----------
    position : array, (frames, 22, 3)
        Each joint in its parent's frame; the first in the sensor's.
    euler : array, (frames, 22, 3)
        Degrees about x, y, z; each joint's rotation in its parent's frame.
    rate : float
        Frames per second.
    units : {"m", "cm", "mm"}
    source : str
        For messages.

    Returns
    -------
    Skeleton

    Raises
    ------
    UnreadableInput
        If shapes do not fit, angles are in radians, or lengths are not human.
    """
    shape = np.shape(position)
    if len(shape) != 3 or shape[1:] != (len(CHAIN), 3) or np.shape(euler) != shape:
        raise UnreadableInput(
            f"positions {shape} and angles {np.shape(euler)} are not both (frames, "
            f"{len(CHAIN)}, 3)",
            where=source,
        )
    angles = np.asarray(euler, dtype=float)
    if np.isfinite(angles).any() and np.nanmax(np.abs(angles)) <= 2 * np.pi:
        raise UnreadableInput(
            f"angles are at most {np.nanmax(np.abs(angles)):.3g}, so they are in radians",
            where=source,
            hint="Give degrees",
        )
    offsets = np.asarray(position, dtype=float) * METRES_PER_UNIT[units]
    # scipy refuses NaN: turn by nothing there and forget the result.
    turns = [
        Rotation.from_euler(
            EULER_ORDER, np.nan_to_num(angles[:, joint][:, [2, 0, 1]]), degrees=True
        )
        for joint in range(len(CHAIN))
    ]
    centres: list[np.ndarray] = []
    frames: list[Rotation] = []
    for joint, (_, parent) in enumerate(CHAIN):
        if parent < 0:
            frames.append(turns[joint])
            centres.append(offsets[:, joint])
            continue
        frames.append(frames[parent] * turns[joint])
        unknown = ~np.isfinite(angles[:, parent]).all(axis=-1)
        step = frames[parent].apply(np.nan_to_num(offsets[:, joint]))
        step[unknown | ~np.isfinite(offsets[:, joint]).all(axis=-1)] = np.nan
        centres.append(centres[parent] + step)
    skeleton = Skeleton(
        np.arange(shape[0]) / rate,
        {name: centre for (name, _), centre in zip(CHAIN, centres, strict=True)},
        source,
    )
    check_skeleton(skeleton)
    return skeleton


def check_skeleton(skeleton: Skeleton) -> None:
    """Refuse a skeleton without legs, of lengths that no human has, or that does not stand.

    Raises
    ------
    UnreadableInput
    """
    needed = [f"{side}_{joint}" for side in ("left", "right") for joint in ("hip", "knee", "ankle")]
    absent = [
        name
        for name in needed
        if name not in skeleton.joints or not np.isfinite(skeleton.joints[name]).any()
    ]
    if absent:
        raise UnreadableInput(
            f"needed joint {', '.join(absent)} is absent or empty",
            where=skeleton.source,
            hint="Both hips, knees and ankles are needed",
        )
    for hip, knee in THIGHS:
        lengths = np.linalg.norm(skeleton.joints[knee] - skeleton.joints[hip], axis=-1)
        if not np.isfinite(lengths).any():
            raise UnreadableInput(
                f"{hip} and {knee} are never seen together", where=skeleton.source
            )
        thigh = float(np.nanmedian(lengths))
        if not HUMAN_THIGH[0] <= thigh <= HUMAN_THIGH[1]:
            raise UnreadableInput(
                f"the thigh would be {thigh:.4g} m long",
                where=skeleton.source,
                hint="Say the units of the file (m, cm or mm)",
            )
    _check_upright(skeleton)


def _check_upright(skeleton: Skeleton) -> None:
    left, right = (
        skeleton.joints[f"{side}_hip"] - skeleton.joints[f"{side}_ankle"]
        for side in ("left", "right")
    )
    legs = left + right
    seen = np.isfinite(legs).all(axis=1)
    if not seen.any():
        return
    share = np.median(legs[seen] / np.linalg.norm(legs[seen], axis=1, keepdims=True), axis=0)
    if share[1] < UPRIGHT:
        axis = int(np.argmax(np.abs(share)))
        raise UnreadableInput(
            f"the legs stand along {'-' if share[axis] < 0 else ''}{'xyz'[axis]}, not along y",
            where=skeleton.source,
            hint="y must point up: exchange the axes",
        )


def _joints_of(table: pd.DataFrame, scale: float) -> dict[str, np.ndarray]:
    spelled = {_letters(theirs): ours for theirs, ours in KINECT_NAMES.items()}
    spelled |= {_letters(ours): ours for ours in KINECT_NAMES.values()}
    columns: dict[str, dict[str, str]] = {}
    for column in map(str, table.columns):
        letters = _letters(column)
        stem, axis = letters[:-1].removesuffix("position"), letters[-1:]
        if stem in spelled and axis in "xyz":
            columns.setdefault(spelled[stem], {})[axis] = column
    return {
        name: table[[axes[axis] for axis in "xyz"]].to_numpy(dtype=float) * scale
        for name, axes in columns.items()
        if len(axes) == 3
    }


def _clock_of(table: pd.DataFrame, where: str) -> np.ndarray:
    for column in table.columns:
        if _letters(str(column)) in ("time", "times", "timestamp"):
            clock = table[column].to_numpy(dtype=float)
            if len(clock) < 2 or not (np.diff(clock) > 0).all():
                raise UnreadableInput("does not increase", where=f"{where}, column {column}")
            step = float(np.median(np.diff(clock)))
            for unit in CLOCK_UNITS:
                if SHORTEST_STEP_S <= step * unit <= LONGEST_STEP_S:
                    return (clock - clock[0]) * unit
            raise UnreadableInput(
                f"steps of {step:g} are no frames of a sensor",
                where=f"{where}, column {column}",
                hint="Give seconds, milliseconds or ticks of 100 ns",
            )
    return np.arange(len(table)) / RATE


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())
