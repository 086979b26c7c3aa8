"""MMPose: predictions of its inferencer as JSON, one list of people a frame."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from pydantic import BaseModel

from gaitpose.errors import UnreadableInput
from gaitpose.io.json_text import frame_range, in_form, read_json
from gaitpose.io.layouts import TOP_DOWN_LAYOUTS, names_for
from gaitpose.io.people import Detections, Individual, poses_of_one, stack_people


class _Instance(BaseModel):
    keypoints: list[Any]
    keypoint_scores: list[Any] | None = None
    track_id: Any = None


class _Frame(BaseModel):
    instances: list[_Instance]
    frame_id: int | None = None


class _Meta(BaseModel):
    keypoint_id2name: dict[int, str] = {}


class _InstanceInfo(BaseModel):
    instance_info: list[_Frame]
    meta_info: _Meta = _Meta()


class _Predictions(BaseModel):
    predictions: list[list[_Instance]]


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
    where = str(path)
    info = _read(read_json(path), where)
    by_number = {
        position if frame.frame_id is None else frame.frame_id: frame.instances
        for position, frame in enumerate(info.instance_info)
    }
    if not any(by_number.values()):
        raise UnreadableInput("nobody is found in any frame", where=where)
    instances = [by_number.get(number, []) for number in frame_range(by_number, where)]
    frames = stack_people(
        [[_person(instance, where) for instance in frame] for frame in instances], where
    )
    count = frames[0].shape[1]
    identities = [[str(instance.track_id) for instance in frame] for frame in instances]
    is_tracked = all(instance.track_id is not None for frame in instances for instance in frame)
    detections = Detections(
        names=_names(info.meta_info, count) or names_for(count, TOP_DOWN_LAYOUTS, where),
        frames=frames,
        identities=identities if is_tracked else None,
        software="MMPose",
    )
    return poses_of_one(detections, fps, individual, path.name)


def _read(content: Any, where: str) -> _InstanceInfo:
    """Bring the three forms into one."""
    if isinstance(content, list):
        content = {"instance_info": content}
    if isinstance(content, dict) and "predictions" in content:
        frames = in_form(_Predictions, content, where).predictions
        return _InstanceInfo(instance_info=[_Frame(instances=people) for people in frames])
    return in_form(_InstanceInfo, content, where)


def _person(instance: _Instance, where: str) -> np.ndarray:
    """x, y, confidence of one person, (keypoints, 3)."""
    scores_in_file = instance.keypoint_scores
    try:
        points = np.asarray(instance.keypoints, dtype=float)
        scores = np.asarray([] if scores_in_file is None else scores_in_file, dtype=float)
    except (TypeError, ValueError) as error:
        raise UnreadableInput("a person's keypoints are no numbers", where=where) from error
    if points.ndim == 3 and len(points) == 1:  # some versions nest each person once more
        points, scores = points[0], scores.reshape(-1)
    if points.ndim != 2 or points.shape[1] not in (2, 3):
        raise UnreadableInput(f"a person's keypoints have shape {points.shape}", where=where)
    if points.shape[1] == 3:
        raise UnreadableInput(
            "keypoints are 3-D without a unit", where=where, hint="Use a 2-D model of MMPose"
        )
    if scores_in_file is None:
        scores = np.ones(len(points))
    if scores.shape != points.shape[:1]:
        raise UnreadableInput(
            f"{len(points)} keypoints do not fit {scores.size} scores", where=where
        )
    person = np.column_stack([points, scores.clip(0, 1)])
    person[(person[:, 2] <= 0) | (points == 0).all(axis=1)] = (np.nan, np.nan, 0.0)
    return person


def _names(meta: _Meta, count: int) -> list[str] | None:
    if not meta.keypoint_id2name:
        return None
    return [meta.keypoint_id2name.get(number, f"point_{number}") for number in range(count)]
