"""OpenPose: a folder with one JSON file a frame (``--write_json``)."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import xarray as xr
from pydantic import BaseModel

from gaitpose.errors import UnreadableInput
from gaitpose.io.json_text import frame_range, in_form, last_number, person_array, read_json
from gaitpose.io.layouts import OPENPOSE_LAYOUTS, names_for
from gaitpose.io.people import Detections, Individual, poses_of_one, stack_people

PATTERN = "*_keypoints.json"


class _Person(BaseModel):
    pose_keypoints_2d: list[float] = []


class _Frame(BaseModel):
    people: list[_Person]


def read_openpose(
    folder: str | os.PathLike[str],
    *,
    fps: float | None = None,
    individual: Individual | None = None,
) -> xr.Dataset:
    """Read the folder that OpenPose writes.

    Parameters
    ----------
    folder : path
        With files ``NAME_000000000000_keypoints.json``, in BODY_25 or COCO (18) layout. Frames
        whose number is absent are missing.
    fps : float
        Frames per second of the video; the files do not tell it.
    individual : int or str, optional
        Which person, see :func:`gaitpose.io.people.poses_of_one`.

    Returns
    -------
    xarray.Dataset
        Pixels.

    Raises
    ------
    UnreadableInput
        If the folder has no such files, the layout is not known, or coordinates are normalised.
    """
    folder = Path(folder)
    where = str(folder)
    files = sorted(folder.glob(PATTERN))
    if not files:
        raise UnreadableInput(
            f"the folder has no {PATTERN} files",
            where=where,
            hint="Run OpenPose with --write_json",
        )
    numbers = [last_number(file.name.removesuffix("_keypoints.json")) for file in files]
    numbered = {
        number if number is not None else position: file
        for position, (number, file) in enumerate(zip(numbers, files, strict=True))
    }
    people = {number: _people(file) for number, file in numbered.items()}
    frames = stack_people(
        [people.get(number, []) for number in frame_range(numbered, where)], where
    )
    names = names_for(frames[0].shape[1], OPENPOSE_LAYOUTS, where)
    _check_pixels(frames, where)
    detections = Detections(names, frames, software="OpenPose")
    return poses_of_one(detections, fps, individual, folder.name)


def _people(file: Path) -> list[np.ndarray]:
    content = in_form(_Frame, read_json(file), str(file))
    return [
        person_array(person.pose_keypoints_2d, str(file))
        for person in content.people
        if person.pose_keypoints_2d
    ]


def _check_pixels(frames: list[np.ndarray], where: str) -> None:
    largest = max((np.nanmax(frame[..., :2], initial=0.0) for frame in frames), default=0.0)
    if 0 < largest <= 1:
        raise UnreadableInput(
            "coordinates are fractions of the picture, not pixels",
            where=where,
            hint="Run OpenPose with --keypoint_scale 0",
        )
