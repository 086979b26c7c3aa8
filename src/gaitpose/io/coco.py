"""COCO keypoint JSON: annotations, results, and AlphaPose's results, which are of the same form."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from gaitpose.errors import UnreadableInput
from gaitpose.io.json_text import last_number, person_array, read_json
from gaitpose.io.layouts import TOP_DOWN_LAYOUTS, names_for
from gaitpose.io.people import Detections, Individual, poses_of_one

Entry = Mapping[str, Any]

_VISIBILITIES = (0.0, 1.0, 2.0)
"""Third number of a labelled keypoint: absent, hidden, visible. Estimators put a score there."""


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
    return read_coco_content(read_json(path), path, fps=fps, individual=individual)


def read_coco_content(
    content: Any, path: Path, *, fps: float | None, individual: Individual | None
) -> xr.Dataset:
    """Read what :func:`read_coco` reads, from JSON that is already parsed."""
    where = str(path)
    if isinstance(content, dict):
        detections = _annotations(content, where)
    elif isinstance(content, list) and all(isinstance(entry, dict) for entry in content):
        detections = _results(content, where)
    else:
        raise UnreadableInput("this is not COCO keypoint JSON", where=where)
    return poses_of_one(detections, fps, individual, path.name)


def _annotations(content: Entry, where: str) -> Detections:
    images = content.get("images") or []
    entries = [entry for entry in content.get("annotations") or [] if entry.get("keypoints")]
    named = [c["keypoints"] for c in content.get("categories") or [] if c.get("keypoints")]
    if not images or not entries or not named:
        raise UnreadableInput(
            "images, annotations with keypoints, or the categories' keypoint names are missing",
            where=where,
        )
    order = {image["id"]: _frame_key(image, at) for at, image in enumerate(images)}
    ranks = {image_id: rank for rank, image_id in enumerate(sorted(order, key=order.__getitem__))}
    frames, identities = _by_frame(entries, [ranks.get(e["image_id"]) for e in entries], where)
    frames += [frames[0][:0]] * (len(images) - len(frames))
    identities += [[]] * (len(images) - len(identities))
    return Detections(
        names=list(named[0]),
        frames=frames,
        identities=identities if _has_identities(entries) else None,
        width=images[0].get("width"),
        height=images[0].get("height"),
        software="COCO annotations",
    )


def _results(entries: Sequence[Entry], where: str) -> Detections:
    entries = [entry for entry in entries if entry.get("keypoints")]
    if not entries:
        raise UnreadableInput("nobody is found in any frame", where=where)
    numbers = [
        _image_number(entry.get("image_id"), where, position)
        for position, entry in enumerate(entries)
    ]
    first = min(numbers)
    frames, identities = _by_frame(entries, [number - first for number in numbers], where)
    return Detections(
        names=names_for(frames[0].shape[1], TOP_DOWN_LAYOUTS, where),
        frames=frames,
        identities=identities if _has_identities(entries) else None,
        software="AlphaPose" if "idx" in entries[0] else "COCO results",
    )


def _by_frame(
    entries: Sequence[Entry], frame_of: Sequence[int | None], where: str
) -> tuple[list[np.ndarray], list[list[str]]]:
    """Collect people and their identities frame by frame; frames without people are empty."""
    people: dict[int, list[np.ndarray]] = defaultdict(list)
    identities: dict[int, list[str]] = defaultdict(list)
    for entry, index in zip(entries, frame_of, strict=True):
        if index is None:
            raise UnreadableInput(f"image_id {entry['image_id']} is not among images", where=where)
        people[index].append(person_array(entry["keypoints"], where))
        identities[index].append(str(_identity(entry)))
    counts = {len(person) for frame in people.values() for person in frame}
    if len(counts) != 1:
        raise UnreadableInput(
            f"the people have different numbers of keypoints ({sorted(counts)})", where=where
        )
    empty = np.empty((0, counts.pop(), 3))
    length = max(people) + 1
    frames = [np.stack(people[i]) if i in people else empty for i in range(length)]
    _labels_to_confidence(frames)
    return frames, [identities.get(i, []) for i in range(length)]


def _labels_to_confidence(frames: Sequence[np.ndarray]) -> None:
    """Where the third numbers are all 0, 1 or 2, a person labelled them: full confidence."""
    if all(np.isin(frame[..., 2], _VISIBILITIES).all() for frame in frames):
        for frame in frames:
            frame[..., 2] = frame[..., 2] > 0


def _identity(entry: Entry) -> Any:
    identity = entry.get("track_id", entry.get("idx"))
    while isinstance(identity, list) and identity:
        identity = identity[0]  # AlphaPose nests it, depending on its tracker
    return identity


def _has_identities(entries: Sequence[Entry]) -> bool:
    """Whether each person has an identity and they are not all one default value."""
    identities = {str(_identity(entry)) for entry in entries}
    if "None" in identities:
        return False
    per_image = [(str(entry.get("image_id")), str(_identity(entry))) for entry in entries]
    return len(set(per_image)) == len(per_image)


def _frame_key(image: Entry, position: int) -> tuple[int, str, int]:
    """Sort images by frame number, else by the number in their name, else as listed."""
    number = image.get("frame_id", last_number(str(image.get("file_name", ""))))
    stem = str(Path(str(image.get("file_name", ""))).parent)
    return (position if number is None else int(number), stem, position)


def _image_number(image_id: Any, where: str, position: int) -> int:
    if isinstance(image_id, int):
        return image_id
    number = last_number(str(image_id)) if isinstance(image_id, str) else None
    if number is None:
        raise UnreadableInput(
            f"image_id {image_id!r} of entry {position} has no frame number", where=where
        )
    return number
