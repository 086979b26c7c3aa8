"""COCO keypoint JSON: annotations, results, and AlphaPose's results, which are of the same form."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from pydantic import BaseModel

from gaitpose.errors import UnreadableInput
from gaitpose.io.json_text import frame_range, in_form, last_number, person_array, read_json
from gaitpose.io.layouts import TOP_DOWN_LAYOUTS, names_for
from gaitpose.io.people import Detections, Individual, poses_of_one

_VISIBILITIES = (0.0, 1.0, 2.0)
"""Third number of a labelled keypoint: absent, hidden, visible. Estimators put a score there."""


class _Image(BaseModel):
    id: int | str
    file_name: str = ""
    frame_id: int | None = None
    width: int | None = None
    height: int | None = None


class _Person(BaseModel):
    image_id: int | str
    keypoints: list[float] = []
    track_id: Any = None
    idx: Any = None

    @property
    def identity(self) -> str | None:
        """Name that a tracker gave, None without one."""
        identity = self.idx if self.track_id is None else self.track_id
        while isinstance(identity, list) and identity:
            identity = identity[0]  # AlphaPose nests it, depending on its tracker
        return None if identity is None else str(identity)


class _Category(BaseModel):
    keypoints: list[str] = []


class _Annotated(BaseModel):
    images: list[_Image]
    annotations: list[_Person]
    categories: list[_Category]


def read_coco(
    path: str | os.PathLike[str],
    *,
    fps: float | None = None,
    individual: Individual | None = None,
) -> xr.Dataset:
    """Read COCO keypoint annotations or results, or AlphaPose's ``alphapose-results.json``.

    Parameters
    ----------
    path : path
        Either an object with ``images``, ``annotations`` and ``categories`` (names are taken from
        there), or a list of ``{image_id, keypoints, score}`` with 17, 26, 133 or 136 keypoints.
    fps : float
        Frames per second of the video; the file does not tell it.
    individual : int or str, optional
        Which person, see :func:`gaitpose.io.people.poses_of_one`. People are identified by
        ``track_id`` or ``idx`` where the file has them.

    Returns
    -------
    xarray.Dataset
        Pixels. A labelled keypoint has confidence 1.

    Raises
    ------
    UnreadableInput
        If it is not of this form, or lacks a leg joint.
    """
    path = Path(path)
    where = str(path)
    content = read_json(path)
    if isinstance(content, dict):
        detections = _annotations(in_form(_Annotated, content, where), where)
    else:
        detections = _results(in_form(list[_Person], content, where), where)
    return poses_of_one(detections, fps, individual, path.name)


def _annotations(content: _Annotated, where: str) -> Detections:
    people = [person for person in content.annotations if person.keypoints]
    named = [category.keypoints for category in content.categories if category.keypoints]
    if not content.images or not people or not named:
        raise UnreadableInput(
            "images, annotations with keypoints, or the categories' keypoint names are missing",
            where=where,
        )
    ordered = sorted(content.images, key=_frame_key)
    frame_of = {image.id: index for index, image in enumerate(ordered)}
    strangers = [person.image_id for person in people if person.image_id not in frame_of]
    if strangers:
        raise UnreadableInput(f"image_id {strangers[0]} is not among images", where=where)
    indices = [frame_of[person.image_id] for person in people]
    frames, identities = _by_frame(people, indices, len(ordered), where)
    if frames[0].shape[1] != len(named[0]):
        raise UnreadableInput(
            f"{frames[0].shape[1]} keypoints do not fit {len(named[0])} names", where=where
        )
    return Detections(
        names=named[0],
        frames=frames,
        identities=identities,
        width=ordered[0].width,
        height=ordered[0].height,
        software="COCO annotations",
    )


def _results(people: Sequence[_Person], where: str) -> Detections:
    people = [person for person in people if person.keypoints]
    if not people:
        raise UnreadableInput("nobody is found in any frame", where=where)
    numbers = [_image_number(person.image_id, where) for person in people]
    every = frame_range(set(numbers), where)
    indices = [number - every[0] for number in numbers]
    frames, identities = _by_frame(people, indices, len(every), where)
    return Detections(
        names=names_for(frames[0].shape[1], TOP_DOWN_LAYOUTS, where),
        frames=frames,
        identities=identities,
        software="COCO results" if people[0].idx is None else "AlphaPose",
    )


def _by_frame(
    people: Sequence[_Person], indices: Sequence[int], length: int, where: str
) -> tuple[list[np.ndarray], list[list[str]] | None]:
    """Collect people frame by frame, and their identities if these tell people apart."""
    found: dict[int, list[np.ndarray]] = defaultdict(list)
    identities: dict[int, list[str]] = defaultdict(list)
    for person, index in zip(people, indices, strict=True):
        found[index].append(person_array(person.keypoints, where))
        identities[index].append(str(person.identity))
    counts = {len(person) for frame in found.values() for person in frame}
    if len(counts) != 1:
        raise UnreadableInput(
            f"the people have different numbers of keypoints ({sorted(counts)})", where=where
        )
    empty = np.empty((0, counts.pop(), 3))
    frames = [np.stack(found[i]) if i in found else empty for i in range(length)]
    _labels_to_confidence(frames)
    # Without a tracker, AlphaPose gives all people of a picture the same number.
    is_tracked = all(person.identity is not None for person in people) and all(
        len(set(names)) == len(names) for names in identities.values()
    )
    return frames, [identities.get(i, []) for i in range(length)] if is_tracked else None


def _labels_to_confidence(frames: Sequence[np.ndarray]) -> None:
    """Where the third numbers are all 0, 1 or 2, a person labelled them: full confidence."""
    if all(np.isin(frame[..., 2], _VISIBILITIES).all() for frame in frames):
        for frame in frames:
            frame[..., 2] = frame[..., 2] > 0


def _frame_key(image: _Image) -> tuple[int, str, str]:
    """Sort images by frame number, else by the last number in their name, then by name and id."""
    number = image.frame_id if image.frame_id is not None else last_number(image.file_name)
    return (-1 if number is None else number, image.file_name, f"{image.id:>20}")


def _image_number(image_id: int | str, where: str) -> int:
    number = last_number(image_id) if isinstance(image_id, str) else image_id
    if number is None:
        raise UnreadableInput(f"image_id {image_id!r} has no frame number", where=where)
    return number
