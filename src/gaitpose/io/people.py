"""Several people in a picture: link each over time, then choose the one to analyse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from scipy.optimize import linear_sum_assignment

from gaitpose.errors import UnreadableInput
from gaitpose.poses import choose_who_travels, poses_from_arrays, with_log
from gaitpose.skeleton import canonical_name

Individual = int | str

_REACH = 0.5
"""A person is followed from one frame to the next within this share of the body's size."""

_REACH_PER_FRAME = 0.1
"""The reach grows by this share for each frame in which the person was not found."""

_MAX_REACH = 1.5
_VELOCITY_FRAMES = 10
"""The walk is extrapolated at the mean velocity over so many frames, for at most as many, so that
two people who cross keep their identities."""

_TRAVEL_PERCENTILES = (2, 98)
_LOGGED_PEOPLE = 5


@dataclass(frozen=True, eq=False)
class Detections:
    """People found in each frame of one video, as a file of a pose estimator holds them.

    Parameters
    ----------
    names : sequence of str
        Keypoint names in the file's order and spelling.
    frames : list of array, (people, keypoints, 3)
        x, y in pixels and confidence 0..1 of each person; NaN where a keypoint is missing.
    identities : list of list of str, optional
        A name for each person, where the file tracks people itself.
    width, height : int, optional
        Size of the picture in pixels.
    software : str
        What wrote the file.
    """

    names: Sequence[str]
    frames: list[np.ndarray]
    identities: list[list[str]] | None = None
    width: int | None = None
    height: int | None = None
    software: str = ""


def stack_people(frames: Sequence[Sequence[np.ndarray]], where: str) -> list[np.ndarray]:
    """Make one array of each frame's people.

    Parameters
    ----------
    frames : sequence of sequences of array, (keypoints, 3)
        The people of each frame.
    where : str
        File or folder, for the error.

    Returns
    -------
    list of array, (people, keypoints, 3)

    Raises
    ------
    UnreadableInput
        If there is nobody in any frame, or people have different numbers of keypoints.
    """
    counts = {len(person) for people in frames for person in people}
    if not counts:
        raise UnreadableInput("nobody is found in any frame", where=where)
    if len(counts) > 1:
        raise UnreadableInput(
            f"the people have different numbers of keypoints ({sorted(counts)})", where=where
        )
    empty = np.empty((0, counts.pop(), 3))
    return [np.stack(people) if len(people) else empty for people in frames]


class Track:
    """One person over time.

    Attributes
    ----------
    indices : list of int
        Frames in which the person was found.
    people : list of array, (keypoints, 3)
        x, y and confidence in each of these frames.
    centres : list of array, (2,)
        Mean of the keypoints present in each of these frames.
    velocity : array, (2,)
        Pixels a frame, over the last frames.
    """

    def __init__(self) -> None:
        self.indices: list[int] = []
        self.people: list[np.ndarray] = []
        self.centres: list[np.ndarray] = []
        self.velocity = np.zeros(2)

    def add(self, index: int, person: np.ndarray) -> None:
        """Append the person as found in a frame."""
        self.indices.append(index)
        self.people.append(person)
        self.centres.append(_centre(person))
        start = max(len(self.indices) - _VELOCITY_FRAMES, 0)
        span = self.indices[-1] - self.indices[start]
        if span:
            self.velocity = (self.centres[-1] - self.centres[start]) / span

    def shift(self, index: int) -> np.ndarray:
        """How far the person should have gone since last seen, (2,) pixels."""
        return self.velocity * min(index - self.indices[-1], _VELOCITY_FRAMES)

    def travelled(self) -> float:
        """How far through the picture the person gets: the diagonal of the places visited, px."""
        low, high = np.percentile(np.stack(self.centres), _TRAVEL_PERCENTILES, axis=0)
        return float(np.hypot(*(high - low)))

    def dense(self, frames: int) -> np.ndarray:
        """All frames, (frames, keypoints, 3); NaN where the person was not found."""
        array = np.full((frames, *self.people[0].shape), np.nan)
        array[self.indices] = np.stack(self.people)
        return array


def poses_of_one(
    detections: Detections, fps: float | None, individual: Individual | None, source_file: str
) -> xr.Dataset:
    """Choose one person and build the poses dataset.

    Parameters
    ----------
    detections : Detections
    fps : float or None
        Frames per second; these files do not tell it.
    individual : int or str, optional
        Index of the person in order of appearance, or the name that the file gives. By default
        the person who travels farthest through the picture.
    source_file : str
        File or folder name.

    Returns
    -------
    xarray.Dataset
        Pixels. The log tells how far each person travelled.

    Raises
    ------
    UnreadableInput
        If nobody is in the file, the person asked for is not, or `fps` is missing.
    """
    used = _used_keypoints(detections)
    tracks = find_tracks(used)
    if not tracks:
        raise UnreadableInput("nobody is found in any frame", where=source_file)
    travel = {name: track.travelled() for name, track in tracks.items()}
    told: dict[str, Any] = {}
    if individual is None:
        frames = np.arange(len(used.frames))
        seen = {name: np.isin(frames, track.indices) for name, track in tracks.items()}
        chosen, told = choose_who_travels(travel, seen)
    else:
        names = list(tracks)
        chosen = names[index_of(individual, names, source_file)]
    person = tracks[chosen].dense(len(used.frames))
    size = {"image_width": used.width, "image_height": used.height}
    poses = poses_from_arrays(
        person[..., :2],
        fps,
        used.names,
        "px",
        np.nan_to_num(person[..., 2]).clip(0, 1),
        attributes={
            "source_file": source_file,
            "source_software": used.software,
            **{key: value for key, value in size.items() if value},
            **told,
        },
    )
    farthest = sorted(travel.items(), key=lambda item: -item[1])[:_LOGGED_PEOPLE]
    return with_log(
        poses,
        "choose person",
        chosen=chosen,
        asked_for=individual,
        people=len(travel),
        travelled_px={name: round(distance) for name, distance in farthest},
    )


def find_tracks(detections: Detections) -> dict[str, Track]:
    """Link the people of each frame over time, in order of appearance.

    Parameters
    ----------
    detections : Detections

    Returns
    -------
    dict of str to Track
        By the file's own identities where it has them; else ``person_0``, ``person_1``, ...,
        each frame's people being matched to the places where those known are expected.
    """
    if detections.identities is None:
        return _by_proximity(detections)
    tracks: dict[str, Track] = {}
    for index, (people, names) in enumerate(
        zip(detections.frames, detections.identities, strict=True)
    ):
        for person, name in zip(people, names, strict=True):
            if np.isfinite(person[:, 0]).any():
                tracks.setdefault(name, Track()).add(index, person)
    return tracks


def _used_keypoints(detections: Detections) -> Detections:
    """Drop the points (face, hands, arms) that gait analysis does not use."""
    used = [i for i, name in enumerate(detections.names) if canonical_name(name)]
    if not used:
        return detections
    return replace(
        detections,
        names=[detections.names[i] for i in used],
        frames=[people[:, used] for people in detections.frames],
    )


def index_of(individual: Individual, names: Sequence[str], where: str) -> int:
    """Return which of the names is meant: a name goes before a number, also written as text.

    Raises
    ------
    UnreadableInput
        If there is no such person.
    """
    if isinstance(individual, str) and individual in names:
        return names.index(individual)
    is_number = isinstance(individual, int) or individual.isdecimal()
    if is_number and 0 <= int(individual) < len(names):
        return int(individual)
    known = ", ".join(names[:20])
    raise UnreadableInput(
        f"there is no person {individual!r}", where=where, hint=f"It has {len(names)}: {known}"
    )


def _by_proximity(detections: Detections) -> dict[str, Track]:
    tracks: list[Track] = []
    for index, everybody in enumerate(detections.frames):
        people = [person for person in everybody if np.isfinite(person[:, 0]).any()]
        track_of = _match(people, tracks, index)
        for number, person in enumerate(people):
            if number not in track_of:
                track_of[number] = len(tracks)
                tracks.append(Track())
            tracks[track_of[number]].add(index, person)
    return {f"person_{number}": track for number, track in enumerate(tracks)}


def _match(people: Sequence[np.ndarray], tracks: Sequence[Track], index: int) -> dict[int, int]:
    """Index of the track for each person found; the total distance is the least."""
    if not people or not tracks:
        return {}
    shifts = np.stack([track.shift(index) for track in tracks])
    expected = np.stack([track.centres[-1] for track in tracks]) + shifts
    gaps = np.array([index - track.indices[-1] for track in tracks])
    size = np.array([[max(_size(person), 1.0)] for person in people])
    reach = size * np.minimum(_REACH + _REACH_PER_FRAME * (gaps - 1), _MAX_REACH)
    centres = np.stack([_centre(person) for person in people])
    apart = np.linalg.norm(centres[:, np.newaxis] - expected, axis=2)
    unreachable = 1e6 * float(size.max())
    cost = np.full(apart.shape, unreachable)
    for row, column in np.argwhere(apart <= 2 * reach):  # few; the others need no closer look
        distance = _distance(people[row], tracks[column].people[-1], shifts[column])
        if distance <= reach[row, column]:
            cost[row, column] = distance
    rows, columns = linear_sum_assignment(cost)
    return {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if cost[row, column] < unreachable
    }


def _distance(person: np.ndarray, other: np.ndarray, shift: np.ndarray) -> float:
    """Median displacement of the keypoints that both have, else of the centres; pixels."""
    steps = np.linalg.norm(person[:, :2] - other[:, :2] - shift, axis=1)
    if np.isfinite(steps).any():
        return float(np.nanmedian(steps))
    return float(np.linalg.norm(_centre(person) - _centre(other) - shift))


def _size(person: np.ndarray) -> float:
    extent = np.nanmax(person[:, :2], axis=0) - np.nanmin(person[:, :2], axis=0)
    return float(np.hypot(*extent))


def _centre(person: np.ndarray) -> np.ndarray:
    """Mean of the keypoints present, (2,); there is at least one."""
    return np.nanmean(person[:, :2], axis=0)
