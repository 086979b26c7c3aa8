"""What a refiner can be applied to: the trials in a file, as joint centres.

A file of many trials (``.npz``), a Kinect table (``.csv``), or one trial of markers or poses in a
TRC file whose labels are joints.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.io.files import existing_file
from gaitpose.io.kinect import Skeleton, check_skeleton, from_parent_relative, read_kinect_table
from gaitpose.io.trc import read_trc
from gaitpose.poses import METRES_PER_UNIT

Trial = Callable[[], Skeleton]

KINECT_POSITION, KINECT_ANGLE = "_kinect_position", "_kinect_angle"
VIDEO_JOINTS = "_vp3d"
VIDEO_RATE = 100.0
"""Frames per second of the 3-D joints in ``video3d_vicon_walking``."""

UNITS = ("m", "cm", "mm")
VIDEO_LABELS = "h36m_labels"
H36M: dict[str, str] = {
    "Hip": "pelvis",
    "Spine": "spine",
    "Thorax": "chest",
    "Neck": "neck",
    "Head": "head",
    "RHip": "right_hip",
    "RKnee": "right_knee",
    "RFoot": "right_ankle",
    "LHip": "left_hip",
    "LKnee": "left_knee",
    "LFoot": "left_ankle",
    "LSh": "left_shoulder",
    "RSh": "right_shoulder",
}
"""Human3.6M's joints that we use."""

EXERCISE_TRIAL = re.compile(r"(?P<movement>m\d+)_(?P<subject>s\d+)_(?P<repetition>e\d+)")
WALKING_TRIAL = re.compile(r"(?P<subject>[FM]\d+)Gang(?P<number>\d+)")


def open_archive(path: str | Path) -> Mapping[str, np.ndarray]:
    """Open an ``.npz`` without executing anything in it.

    Raises
    ------
    UnreadableInput
        If it is none.
    """
    source = existing_file(path)
    try:
        archive = np.load(source, allow_pickle=False)
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise UnreadableInput("is no NumPy archive (.npz)", where=str(source)) from error
    if not isinstance(archive, Mapping):
        raise UnreadableInput("holds one array, not named trials", where=str(source))
    return archive


def read_skeletons(path: str | Path, *, units: str | None = None) -> Iterator[tuple[str, Trial]]:
    """Yield the trials of a file: their names, and what reads their joint centres.

    Parameters
    ----------
    path : path
        ``.npz`` with ``<trial>_kinect_position`` and ``<trial>_kinect_angle``, or with
        ``<trial>_vp3d``; a Kinect table (``.csv``); a TRC file with joint names.
    units : {"m", "cm", "mm"}, optional
        Default: centimetres for parent-relative Kinect exports, metres otherwise.

    Raises
    ------
    UnreadableInput
        If the file is of none of these kinds; calling a trial raises it if the trial is damaged.
    """
    source = existing_file(path)
    if units is not None and units not in UNITS:
        raise BadSettings(
            f"{units!r} is no unit of length", where="units", hint=f"Use {', '.join(UNITS)}"
        )
    if source.suffix.lower() == ".csv":
        yield source.stem, partial(read_kinect_table, source, units=units or "m")
    elif source.suffix.lower() == ".trc":
        yield source.stem, partial(_from_trc, source)
    elif source.suffix.lower() == ".npz":
        yield from _from_archive(open_archive(source), source, units)
    else:
        raise UnreadableInput(
            f"has ending {source.suffix or 'none'}",
            where=str(source),
            hint="Give .npz, .csv or .trc",
        )


def _from_archive(
    archive: Mapping[str, np.ndarray], source: Path, units: str | None
) -> Iterator[tuple[str, Trial]]:
    kinect = [key[: -len(KINECT_POSITION)] for key in archive if key.endswith(KINECT_POSITION)]
    video = [key[: -len(VIDEO_JOINTS)] for key in archive if key.endswith(VIDEO_JOINTS)]
    if not kinect and not video:
        raise UnreadableInput(
            f"holds no trial ({', '.join(list(archive)[:5]) or 'nothing'} ...)",
            where=str(source),
            hint=f"Names must end in {KINECT_POSITION} and {KINECT_ANGLE}, or in {VIDEO_JOINTS}",
        )
    for trial in kinect:
        yield trial, partial(kinect_trial, archive, trial, source, units or "cm")
    for trial in video:
        yield trial, partial(video_trial, archive, trial, source, units or "m")


def kinect_trial(
    archive: Mapping[str, np.ndarray], trial: str, source: Path, units: str = "cm"
) -> Skeleton:
    """One trial of parent-relative Kinect joints."""
    where = f"{source}, {trial}"
    if trial + KINECT_ANGLE not in archive:
        raise UnreadableInput(f"{trial + KINECT_ANGLE} is absent", where=where)
    return from_parent_relative(
        archive[trial + KINECT_POSITION], archive[trial + KINECT_ANGLE], units=units, source=where
    )


def video_trial(
    archive: Mapping[str, np.ndarray], trial: str, source: Path, units: str = "m"
) -> Skeleton:
    """One trial of 3-D joints from video, Human3.6M names, z up."""
    where = f"{source}, {trial}"
    position = np.asarray(archive[trial + VIDEO_JOINTS], dtype=float)
    labels = [str(label) for label in archive[VIDEO_LABELS]] if VIDEO_LABELS in archive else []
    if position.ndim != 3 or position.shape[1:] != (len(labels), 3):
        raise UnreadableInput(
            f"shape {position.shape} does not fit {len(labels)} labels ({VIDEO_LABELS})",
            where=where,
        )
    upright = np.stack([position[..., 0], position[..., 2], -position[..., 1]], axis=-1)
    upright = upright * METRES_PER_UNIT[units]
    joints = {
        H36M[label]: upright[:, number] for number, label in enumerate(labels) if label in H36M
    }
    skeleton = Skeleton(np.arange(len(position)) / VIDEO_RATE, joints, where)
    check_skeleton(skeleton)
    return skeleton


def _from_trc(source: Path) -> Skeleton:
    content = read_trc(source)
    joints = {
        H36M.get(label, label.lower()): content.points[:, number]
        for number, label in enumerate(content.labels)
    }
    skeleton = Skeleton(content.time_s, joints, str(source))
    check_skeleton(skeleton)
    return skeleton
