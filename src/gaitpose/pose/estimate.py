"""From a video file to the joints of the one who walks.

Two looks: the survey at low resolution says who the subject is and about where; then each frame is
decoded once more, one step ahead in a thread of its own, while the estimator works on the one
before. A frame that repeats the one before is given the same joints. Only joints are kept, so that
memory does not grow with the length of the video.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import xarray as xr

from gaitpose.errors import NoSubjectFound
from gaitpose.io.video import Frame, VideoReader
from gaitpose.pose.ahead import ahead
from gaitpose.pose.body import leg_confidence
from gaitpose.pose.estimator import Box, Estimator
from gaitpose.pose.estimators import choose
from gaitpose.pose.survey import SubjectAt, SurveySettings, survey
from gaitpose.pose.tracker import SubjectTracker, TrackerSettings
from gaitpose.poses import poses_from_arrays, with_log

Progress = Callable[[int, int | None], None]
OnFrame = Callable[[Frame, np.ndarray, Box | None], None]

SURVEY_SHARE = 0.25
"""Share of the whole work that the survey is, for the progress shown."""

FRAMES_AHEAD = 3
FEWEST_FRAMES = 5
RECOGNISED = 0.3

FLICKER = 12
"""Grey levels (of 255) by which compression changes a picture that stands still."""


def estimate_poses(
    video: str | os.PathLike[str],
    *,
    estimator: Estimator | None = None,
    subject_at: tuple[float, float] | tuple[float, float, float] | None = None,
    fps: float | None = None,
    progress: Progress | None = None,
    on_frame: OnFrame | None = None,
    survey_settings: SurveySettings | None = None,
    tracker_settings: TrackerSettings | None = None,
) -> xr.Dataset:
    """Find the joints of the person who walks, in every frame of a video.

    Parameters
    ----------
    video : path
        Any file that FFmpeg reads.
    estimator : Estimator, optional
        By default the one that :func:`gaitpose.pose.estimators.choose` chooses.
    subject_at : (x, y) or (x, y, seconds), optional
        A point on the subject (px, s of the video as it plays), if not the one who walks farthest.
    fps : float, optional
        Frames per second at which it was filmed, if it is slow motion
        (:class:`gaitpose.io.video.VideoReader`).
    progress : callable, optional
        Called with frames done and frames in all (None if unknown).
    on_frame : callable, optional
        Called for every frame with the frame, its joints (keypoints, 3) and the box that was
        looked at (None where the subject is out of view; the joints are NaN then).
    survey_settings, tracker_settings : optional
        See there.

    Returns
    -------
    xarray.Dataset
        Poses in pixels (:mod:`gaitpose.poses`), one entry a frame, times from the container. NaN
        where the subject is out of view. Attributes beside the usual: ``image_width``,
        ``image_height`` (px), ``weights``, ``weights_sha256``, ``video_truncated`` (0 or 1),
        ``video_damaged_packets``, ``video_pace`` (seconds of filming in a second of playing).

    Raises
    ------
    UnreadableInput
        If it is no video.
    NoSubjectFound
        If nobody walks in it.
    BadSettings
        If `fps` is lower than what the file tells.
    """
    chosen = estimator or choose()
    path = Path(video)
    with VideoReader(path, fps) as reader:
        at = None if subject_at is None else SubjectAt(*subject_at).at_pace(reader.pace)
        total = reader.info.frame_count
        report = _Report(progress, total)
        found = survey(reader, chosen, at, survey_settings, report.surveyed)
        tracker = SubjectTracker(found, chosen, tracker_settings)
        missing = np.tile([np.nan, np.nan, 0.0], (len(chosen.keypoints), 1))
        times: list[float] = []
        joints: list[np.ndarray] = []
        looked_at: np.ndarray | None = None
        with closing(ahead(reader.frames(), FRAMES_AHEAD)) as frames:
            for frame in frames:
                if looked_at is None or not repeats(frame.rgb, looked_at):
                    looked_at = frame.rgb
                    seen, box = tracker.find(frame.rgb, frame.time_s)
                joints.append(missing if seen is None else seen)
                times.append(frame.time_s)
                if on_frame is not None:
                    on_frame(frame, joints[-1], box)
                report.posed(len(times))
        poses = _dataset(np.stack(joints), np.array(times), chosen, reader)
    if sum(leg_confidence(j) >= RECOGNISED for j in joints) < FEWEST_FRAMES:
        raise NoSubjectFound(
            "someone walks, but the legs are not recognised",
            where=path.name,
            hint="Film the whole body from the side, in good light",
        )
    return poses


def repeats(rgb: np.ndarray, other: np.ndarray) -> bool:
    """Whether a picture is an earlier one again: a frozen video, or a duplicated frame.

    Parameters
    ----------
    rgb, other : uint8 array, (height, width, 3)

    Returns
    -------
    bool
        True if no pixel differs by more than what compression makes of a picture that stands
        still (:data:`FLICKER`).

    Notes
    -----
    Compare with the picture that was looked at last, not with the one before: then slow changes add
    up, and nobody in the picture can have moved far unseen.
    """
    # Nearly every frame is told apart by a sixteenth of it.
    return all(float(cv2.absdiff(rgb[::rows], other[::rows]).max()) <= FLICKER for rows in (16, 1))


def _dataset(
    joints: np.ndarray, times: np.ndarray, estimator: Estimator, reader: VideoReader
) -> xr.Dataset:
    about = estimator.describe()
    poses = poses_from_arrays(
        joints[..., :2],
        reader.info.fps,
        estimator.keypoints,
        "px",
        joints[..., 2],
        times=times,
        attributes={
            "source_file": reader.path.name,
            "joints_from": "video",
            "source_software": f"gaitpose with {estimator.name} ({about['runtime']})",
            "image_width": reader.info.width,
            "image_height": reader.info.height,
            "weights": about["weights"],
            "weights_sha256": about["sha256"],
            "video_truncated": int(reader.was_truncated),
            "video_damaged_packets": reader.damaged,
            "video_pace": reader.pace,
        },
    )
    return with_log(poses, "estimate_poses", estimator=json.dumps(about))


class _Report:
    """Turns the frames of both looks into one count that ends at the video's number of frames."""

    def __init__(self, progress: Progress | None, total: int | None) -> None:
        self._progress = progress
        self._total = total
        self._surveyed = 0

    def surveyed(self, frames: int) -> None:
        self._surveyed = frames
        self._show(SURVEY_SHARE * frames)

    def posed(self, frames: int) -> None:
        self._show(SURVEY_SHARE * self._surveyed + (1 - SURVEY_SHARE) * frames)

    def _show(self, done: float) -> None:
        if self._progress is not None:
            self._progress(round(done), self._total)
