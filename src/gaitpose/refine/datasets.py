"""The three kinds of paired recordings that can be learnt from, and how each is read.

- ``.npz`` of exercises: Kinect V2 joints and motion-capture markers of the same repetition, whose
  start and end coincide only roughly: the lag is found from hip and knee;
- ``.npz`` of walking: 3-D joints from video, frame-locked to markers at twice the rate;
- ``.mat`` of walking cycles: angles of both systems.

Targets always come from the markers through our own model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import xarray as xr
from pydantic import BaseModel, ConfigDict, Field
from scipy.signal import find_peaks

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import existing_file
from gaitpose.kinematics.joint_coordinate_system import ANGLES, require_points
from gaitpose.kinematics.plug_in_gait import (
    MARKERS,
    pelvis_frame,
    plug_in_gait,
    with_functional_knee,
)
from gaitpose.refine.cycles import cycle_dataset
from gaitpose.refine.features import FeatureSettings, require_joints
from gaitpose.refine.pairs import Dataset, PairedSequence, PairSettings, Stretch, pair_trial
from gaitpose.refine.recordings import (
    EXERCISE_TRIAL,
    KINECT_POSITION,
    VIDEO_JOINTS,
    WALKING_TRIAL,
    kinect_trial,
    open_archive,
    video_trial,
)
from gaitpose.skeleton import SIDES, Side

Progress = Callable[[int, int | None], None]

MARKERS_TENTH_MM, MARKER_NAMES, MISSING_MARKER = (
    "_vicon_marker_tenth_mm",
    "vicon_marker_names",
    -32768,
)
EXERCISE_MARKER_RATE, WALKING_MARKER_RATE = 100.0, 200.0
WALKING_MARKERS, WALKING_LABELS = "_vicon", "vicon_labels"
SHORTEST_STRIDE, LEAST_SWING = 0.5, 0.15
"""Seconds between strikes of one foot; metres that its heel travels past the pelvis."""

EXERCISES = {
    "m01": "deep squat",
    "m02": "hurdle step",
    "m03": "inline lunge",
    "m04": "side lunge",
    "m05": "sit to stand",
    "m06": "leg raise",
}
"""What UI-PRMD's numbers stand for."""


class DatasetSettings(BaseModel):
    """What is taken from the recordings.

    Parameters
    ----------
    movements : tuple of str
        Exercises that are used; empty takes all.
    rate_tolerance : float
        A repetition is left out if the ratio of its durations is further than this from one: the
        two were not cut at the same places.
    walking_speed : float
        Metres per second of the pelvis above which someone walks.
    walking_margin : float
        Seconds before and after walking that are learnt from, but not judged.
    cycle_rate : float
        Frames a second of the walking cycles, which the file does not tell; windows depend on it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    exercises: FeatureSettings = FeatureSettings(rate=30.0)
    walking: FeatureSettings = FeatureSettings(
        rate=50.0,
        with_toes=False,
        parts=("places", "differences"),
        heading_span=3.0,
        trend_span=1.2,
        gain_span=2.0,
    )
    movements: tuple[str, ...] = ("m01", "m02", "m04", "m05", "m06")
    rate_tolerance: float = Field(default=0.2, gt=0)
    walking_speed: float = Field(default=0.3, gt=0)
    walking_margin: float = Field(default=0.5, ge=0)
    cycle_rate: float = Field(default=100.0, gt=1)
    pairs: PairSettings = PairSettings()


def load_dataset(
    path: str | Path,
    settings: DatasetSettings | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """Read paired recordings of one of the three kinds.

    Parameters
    ----------
    path : path
    settings : DatasetSettings, optional
    progress : callable, optional
        Called with (trials done, trials).

    Returns
    -------
    Dataset

    Raises
    ------
    UnreadableInput
        If the file is of none of the three kinds, or nothing in it can be used.
    """
    settings = settings or DatasetSettings()
    source = existing_file(path)
    if source.suffix.lower() == ".mat":
        return cycle_dataset(source, settings.cycle_rate)
    archive = open_archive(source)
    exercises = [key[: -len(KINECT_POSITION)] for key in archive if key.endswith(KINECT_POSITION)]
    walks = [key[: -len(VIDEO_JOINTS)] for key in archive if key.endswith(VIDEO_JOINTS)]
    if exercises:
        return _exercises(archive, exercises, source, settings, progress)
    if walks:
        return _walks(archive, walks, source, settings, progress)
    raise UnreadableInput(
        "holds no paired trials",
        where=str(source),
        hint="Names must end in _kinect_position or _vp3d; see docs/how-to/refine",
    )


def _gather(
    trials: list[str],
    read: Callable[[str], list[PairedSequence]],
    kind: str,
    features: FeatureSettings,
    skipped: dict[str, str],
    source: Path,
    progress: Progress | None,
) -> Dataset:
    sequences: list[PairedSequence] = []
    for number, trial in enumerate(trials):
        try:
            sequences.extend(read(trial))
        except UnreadableInput as error:
            skipped[trial] = error.what
        if progress:
            progress(number + 1, len(trials))
    if not sequences:
        first = next(iter(skipped.items()), ("no trial", "found"))
        raise UnreadableInput(
            f"none of {len(trials)} trials can be used ({first[0]}: {first[1]})", where=str(source)
        )
    return Dataset(
        kind=kind,
        rate=features.rate,
        feature_names=features.names,
        angles=ANGLES,
        features=features,
        sequences=tuple(sequences),
        skipped=skipped,
    )


def _exercises(
    archive: Mapping[str, np.ndarray],
    trials: list[str],
    source: Path,
    settings: DatasetSettings,
    progress: Progress | None,
) -> Dataset:
    names = [str(name) for name in archive[MARKER_NAMES]] if MARKER_NAMES in archive else []

    def read(trial: str) -> list[PairedSequence]:
        subject = _subject(EXERCISE_TRIAL, trial)
        if trial + MARKERS_TENTH_MM not in archive:
            raise UnreadableInput(f"{trial + MARKERS_TENTH_MM} is absent", where=trial)
        skeleton = kinect_trial(archive, trial, source)
        require_joints(skeleton.joints, settings.exercises, trial)
        raw = np.asarray(archive[trial + MARKERS_TENTH_MM])
        ratio = len(raw) / len(skeleton.time) * skeleton.rate / EXERCISE_MARKER_RATE
        if abs(ratio - 1) > settings.rate_tolerance:
            raise UnreadableInput(
                f"the markers last {ratio:.2f} times as long as the joints", where=trial
            )
        points = np.where(raw == MISSING_MARKER, np.nan, raw.astype(float) / 1e4)
        time = np.arange(len(points)) / EXERCISE_MARKER_RATE
        reference = plug_in_gait(
            {name: points[:, number] for number, name in enumerate(names)}, time, where=trial
        )
        return pair_trial(
            skeleton.joints,
            skeleton.time,
            reference.values,
            time,
            subject=subject,
            trial=trial,
            angles=ANGLES,
            features=settings.exercises,
            settings=settings.pairs,
            movement=EXERCISES.get(trial.split("_")[0], trial.split("_")[0]),
        )

    wanted = [
        trial
        for trial in trials
        if not settings.movements or trial.startswith(tuple(f"{m}_" for m in settings.movements))
    ]
    kind = "Kinect V2 joints, exercises"
    return _gather(wanted, read, kind, settings.exercises, {}, source, progress)


def _walks(
    archive: Mapping[str, np.ndarray],
    trials: list[str],
    source: Path,
    settings: DatasetSettings,
    progress: Progress | None,
) -> Dataset:
    names = [str(name) for name in archive[WALKING_LABELS]] if WALKING_LABELS in archive else []
    skipped: dict[str, str] = {}

    def read(trial: str) -> list[PairedSequence]:
        subject = _subject(WALKING_TRIAL, trial)
        if trial + WALKING_MARKERS not in archive:
            raise UnreadableInput(f"{trial + WALKING_MARKERS} is absent", where=trial)
        skeleton = video_trial(archive, trial, source)
        points = np.asarray(archive[trial + WALKING_MARKERS], dtype=float) / 1e3
        points[points == 0] = np.nan
        time = np.arange(len(points)) / WALKING_MARKER_RATE
        if abs(len(points) - 2 * len(skeleton.time)) > 4:
            raise UnreadableInput(
                f"{len(points)} marker and {len(skeleton.time)} video frames are not locked 2:1",
                where=trial,
            )
        markers = {name: points[:, number] for number, name in enumerate(names)}
        require_points(markers, MARKERS, trial)
        walking = walking_stretch(markers, settings.walking_speed, trial)
        # The thigh markers stand up to 70 degrees off the frontal plane here: let the knee tell.
        body = {side: with_functional_knee(markers, side) for side in SIDES}
        reference = plug_in_gait(markers, time, body, where=trial)
        _drop_backward_feet(reference, markers, trial, skipped)
        start, end = time[walking[0]], time[walking[1] - 1]
        strikes = {side: time[foot_strikes(markers, side)] for side in SIDES}
        return pair_trial(
            skeleton.joints,
            skeleton.time,
            reference.values,
            time,
            subject=subject,
            trial=trial,
            angles=ANGLES,
            features=settings.walking,
            settings=settings.pairs.model_copy(update={"maximum_lag": 0.0}),
            movement="walking",
            stretch=Stretch(start, end, settings.walking_margin, strikes),
        )

    kind = "3-D joints from video, walking"
    return _gather(trials, read, kind, settings.walking, skipped, source, progress)


def _subject(pattern: re.Pattern[str], trial: str) -> str:
    match = pattern.fullmatch(trial)
    if match is None:
        raise UnreadableInput("its name does not tell the subject", where=trial)
    return match["subject"]


def walking_stretch(markers: Mapping[str, np.ndarray], speed: float, trial: str) -> tuple[int, int]:
    """First and last+1 sample of the longest stretch in which the pelvis travels."""
    middle = (markers["LASI"] + markers["RASI"]) / 2
    velocity = np.gradient(middle, 1 / WALKING_MARKER_RATE, axis=0)
    smooth = int(WALKING_MARKER_RATE / 4)
    kernel = np.ones(smooth) / smooth
    mean = np.stack(
        [np.convolve(np.nan_to_num(velocity[:, axis]), kernel, "same") for axis in range(3)], axis=1
    )
    moving = np.linalg.norm(mean, axis=1) > speed
    edges = np.flatnonzero(np.diff(np.concatenate([[0], moving.astype(int), [0]])))
    runs = edges.reshape(-1, 2)
    if not len(runs):
        raise UnreadableInput("nobody walks", where=trial)
    start, end = map(int, runs[np.argmax(runs[:, 1] - runs[:, 0])])
    forward = pelvis_frame(markers)[start:end, :, 0]
    if np.nanmedian(np.sum(forward * mean[start:end], axis=1)) < 0:
        raise UnreadableInput(
            "the pelvis markers face against the walking direction: they are exchanged", where=trial
        )
    return start, end


def foot_strikes(markers: Mapping[str, np.ndarray], side: Side) -> np.ndarray:
    """Find the samples of one foot's strikes: its heel is furthest ahead of the pelvis (Zeni 2008).

    Parameters
    ----------
    markers : mapping of name to array, (samples, 3)
        Plug-in-Gait, metres, at :data:`WALKING_MARKER_RATE`.
    side : {"left", "right"}
    """
    pelvis = (markers["LASI"] + markers["RASI"] + markers["LPSI"] + markers["RPSI"]) / 4
    forward = pelvis_frame(markers)[..., 0]
    ahead = np.sum((markers[side[0].upper() + "HEE"] - pelvis) * forward, axis=1)
    known = np.flatnonzero(np.isfinite(ahead))
    if not len(known):
        return known
    whole = np.interp(np.arange(len(ahead)), known, ahead[known])
    distance = max(1, round(SHORTEST_STRIDE * WALKING_MARKER_RATE))
    peaks, _ = find_peaks(whole, distance=distance, prominence=LEAST_SWING)
    result: np.ndarray = peaks
    return result


def _drop_backward_feet(
    reference: xr.DataArray,
    markers: Mapping[str, np.ndarray],
    trial: str,
    skipped: dict[str, str],
) -> None:
    forward = pelvis_frame(markers)[..., 0]
    for side in SIDES:
        letter = side[0].upper()
        foot = markers[letter + "TOE"] - markers[letter + "HEE"]
        if np.nanmedian(np.sum(foot * forward, axis=1)) < 0:
            reference.loc[{"side": side, "joint": "ankle_dorsiflexion"}] = np.nan
            skipped[f"{trial} {side} ankle"] = "heel and toe markers are exchanged"
