"""MMPose: predictions of its inferencer as JSON, one list of people a frame."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from gaitpose.errors import UnreadableInput
from gaitpose.io.json_text import read_json
from gaitpose.io.layouts import TOP_DOWN_LAYOUTS, names_for
from gaitpose.io.people import Detections, Individual, poses_of_one

Entry = Mapping[str, Any]


def read_mmpose(
    path: str | os.PathLike[str],
    *,
    fps: float | None = None,
    individual: Individual | None = None,
) -> xr.Dataset:
    """Read predictions of MMPose's inferencer for a video.

    Parameters
    ----------
    path : path
        ``{"meta_info": ..., "instance_info": [{"frame_id", "instances"}, ...]}``, a bare list of
        ``{"frame_id", "instances"}``, or ``{"predictions": [[...], ...]}``. Names are taken from
        ``meta_info`` where it is there.
    fps : float
        Frames per second of the video; the file does not tell it.
    individual : int or str, optional
        Which person, see :func:`gaitpose.io.people.poses_of_one`.

    Returns
    -------
    xarray.Dataset
        Pixels.

    Raises
    ------
    UnreadableInput
        If it is not of this form, is 3-D, or lacks a leg joint.
    """
    path = Path(path)
    return read_mmpose_content(read_json(path), path, fps=fps, individual=individual)


def read_mmpose_content(
    content: Any, path: Path, *, fps: float | None, individual: Individual | None
) -> xr.Dataset:
    """Read what :func:`read_mmpose` reads, from JSON that is already parsed."""
    where = str(path)
    per_frame = _per_frame(content, where)
    people = [[_person(instance, where) for instance in instances] for instances in per_frame]
    counts = {len(person) for frame in people for person in frame}
    if not counts:
        raise UnreadableInput("nobody is found in any frame", where=where)
    if len(counts) > 1:
        raise UnreadableInput(
            f"the people have different numbers of keypoints ({sorted(counts)})", where=where
        )
    count = counts.pop()
    empty = np.empty((0, count, 3))
    identities = [[str(instance.get("track_id")) for instance in frame] for frame in per_frame]
    is_tracked = all("track_id" in instance for frame in per_frame for instance in frame)
    detections = Detections(
        names=_names(content, count) or names_for(count, TOP_DOWN_LAYOUTS, where),
        frames=[np.stack(frame) if frame else empty for frame in people],
        identities=identities if is_tracked else None,
        software="MMPose",
    )
    return poses_of_one(detections, fps, individual, path.name)


def _per_frame(content: Any, where: str) -> list[Sequence[Entry]]:
    """People of each frame, in order; frames whose number is absent are empty."""
    if isinstance(content, dict):
        content = content.get("instance_info", content.get("predictions"))
    if not isinstance(content, list) or not content:
        raise UnreadableInput("this is not MMPose JSON (no instance_info)", where=where)
    if all(isinstance(frame, dict) and "instances" in frame for frame in content):
        numbered = {
            int(frame.get("frame_id", position)): frame["instances"]
            for position, frame in enumerate(content)
        }
        return [numbered.get(i, []) for i in range(min(numbered), max(numbered) + 1)]
    if all(isinstance(frame, list) for frame in content):
        return content
    raise UnreadableInput("the frames are neither lists nor have 'instances'", where=where)


def _person(instance: Entry, where: str) -> np.ndarray:
    """x, y, confidence of one person, (keypoints, 3)."""
    try:
        points = np.asarray(instance["keypoints"], dtype=float)
        scores = np.asarray(instance.get("keypoint_scores", np.ones(len(points))), dtype=float)
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableInput(
            "a person's keypoints are missing or no numbers", where=where
        ) from error
    points, scores = points.squeeze(), scores.squeeze()
    if points.ndim != 2 or points.shape[1] not in (2, 3) or scores.shape != points.shape[:1]:
        raise UnreadableInput(f"a person's keypoints have shape {points.shape}", where=where)
    if points.shape[1] == 3:
        raise UnreadableInput(
            "keypoints are 3-D without a unit", where=where, hint="Use a 2-D model of MMPose"
        )
    person = np.column_stack([points, scores.clip(0, 1)])
    person[(person[:, 2] <= 0) | (points == 0).all(axis=1)] = (np.nan, np.nan, 0.0)
    return person


def _names(content: Any, count: int) -> list[str] | None:
    meta = content.get("meta_info", {}) if isinstance(content, dict) else {}
    by_number = meta.get("keypoint_id2name") or meta.get("dataset_meta", {}).get("keypoint_id2name")
    if not isinstance(by_number, dict):
        return None
    names = {int(number): str(name) for number, name in by_number.items()}
    return [names.get(number, f"point_{number}") for number in range(count)]
