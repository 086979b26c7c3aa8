"""One way in for Python: a file, a video or poses in, an analysis that can be saved out."""

from __future__ import annotations

import datetime
import hashlib
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from gaitpose.errors import BadSettings
from gaitpose.gait.analysis import GaitSettings, analyze
from gaitpose.gait.findings import Finding
from gaitpose.gait.result import GaitAnalysis
from gaitpose.io import load_poses
from gaitpose.io.files import sha256_of
from gaitpose.io.kinds import Kind, kind_of
from gaitpose.io.video import VideoReader
from gaitpose.pose.estimate import estimate_poses
from gaitpose.pose.estimator import Estimator
from gaitpose.pose.estimators import EstimatorName, choose
from gaitpose.report import write_report
from gaitpose.subject import Recording, Subject

Progress = Callable[[int, int | None], None]
SubjectAt = tuple[float, float] | tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Analysis(GaitAnalysis):
    """A gait analysis that knows the video it came from, if any, and can save itself.

    Parameters
    ----------
    video : pathlib.Path or None
        The recording, for the overlay.

    See Also
    --------
    gaitpose.gait.result.GaitAnalysis : all other fields.
    """

    video: Path | None = None

    def save(
        self,
        directory: str | os.PathLike[str],
        *,
        overlay: bool = True,
        progress: Progress | None = None,
    ) -> list[Path]:
        """Write the report and all data files.

        Parameters
        ----------
        directory : path
            Made where it is absent; other files in it are left alone.
        overlay : bool
            Whether to draw ``overlay.mp4``, if the analysis came from a video.
        progress : callable, optional
            Called with (frames done, frames in all or None) while the overlay is drawn.

        Returns
        -------
        list of pathlib.Path
            ``gait.json``, the CSV files, ``poses.trc`` (in metres), ``angles.mot``, ``poses.nc``,
            ``report.html`` and, from a video, ``overlay.mp4``.

        Raises
        ------
        OutputFailed
            If the folder is not writable or the disk is full.
        """
        video = self.video if overlay else None
        return write_report(self, directory, video=video, progress=progress)


def analyze_poses(
    poses: xr.Dataset,
    subject: Subject | None = None,
    *,
    recording: Recording | None = None,
    settings: GaitSettings | None = None,
    command: str | None = None,
) -> Analysis:
    """Analyse the gait of one person from poses.

    Parameters
    ----------
    poses : xarray.Dataset
        From :func:`gaitpose.load_poses`, :func:`gaitpose.poses_from_arrays` or
        :func:`gaitpose.estimate_poses`.
    subject : Subject, optional
        With a leg length, lengths come in metres.
    recording : Recording, optional
        What the subject walked on, and a label.
    settings : GaitSettings, optional
        Of every stage of the analysis.
    command : str, optional
        The command line, for the provenance.

    Returns
    -------
    Analysis

    Raises
    ------
    NoSubjectFound, NotEnoughCycles
        If nobody walks in the poses, or no cycle can be measured.
    """
    source = {
        "name": str(poses.attrs.get("source_file") or "arrays"),
        "sha256": hashlib.sha256(poses["position"].to_numpy().tobytes()).hexdigest(),
    }
    return _analyze(poses, subject, recording, settings, _provenance(source, None, command))


def analyze_video(
    video: str | os.PathLike[str],
    subject: Subject | None = None,
    *,
    recording: Recording | None = None,
    settings: GaitSettings | None = None,
    estimator: Estimator | None = None,
    subject_at: SubjectAt | None = None,
    fps: float | None = None,
    progress: Progress | None = None,
    command: str | None = None,
) -> Analysis:
    """Analyse the gait of the person who walks in a video.

    Parameters
    ----------
    video : path
        Any file that FFmpeg reads.
    subject, recording, settings, command
        As in :func:`analyze_poses`.
    estimator : Estimator, optional
        By default the best that is installed (:func:`gaitpose.pose.estimators.choose`).
    subject_at : (x, y) or (x, y, seconds), optional
        A point on the subject (px, s of the video as it plays), if not the one who walks farthest.
    fps : float, optional
        Frames per second at which it was filmed, if it is slow motion and the file tells those at
        which it plays.
    progress : callable, optional
        Called with (frames done, frames in all or None).

    Returns
    -------
    Analysis

    Raises
    ------
    UnreadableInput
        If it is no video.
    NoSubjectFound, NotEnoughCycles
        If nobody walks in it, or no cycle can be measured.
    BadSettings
        If `fps` is lower than what the file tells.
    """
    path = Path(video)
    source = {"name": path.name, "sha256": sha256_of(path)}
    estimator = estimator or choose()
    poses = estimate_poses(
        path, estimator=estimator, subject_at=subject_at, fps=fps, progress=progress
    )
    described = {"name": estimator.name, **estimator.describe()}
    analysis = _analyze(
        poses, subject, recording, settings, _provenance(source, described, command)
    )
    return replace(analysis, video=path, quality=(*_of_video(poses), *analysis.quality))


def analyze_file(
    path: str | os.PathLike[str],
    subject: Subject | None = None,
    *,
    recording: Recording | None = None,
    settings: GaitSettings | None = None,
    estimator: EstimatorName = "auto",
    model: Path | None = None,
    subject_at: SubjectAt | None = None,
    fps: float | None = None,
    picture_size: tuple[float, float] | None = None,
    individual: int | str | None = None,
    progress: Progress | None = None,
    command: str | None = None,
) -> Analysis:
    """Analyse a video or a pose file, whichever it turns out to be.

    Parameters
    ----------
    path : path
        A video, or anything that :func:`gaitpose.load_poses` reads.
    subject, recording, settings, subject_at, progress, command
        As in :func:`analyze_video`.
    estimator : {"auto", "gaitpose", "gaitpose-fast", "mediapipe"}
        Which network finds the joints in a video.
    model : path, optional
        A model file for it (:func:`gaitpose.pose.estimators.choose`).
    fps : float, optional
        Frames per second of a pose file that does not tell it, or at which a slow-motion video was
        filmed.
    picture_size : (width, height), optional
        Of the video that a pose file was made of, pixels, where the file does not tell it.
    individual : int or str, optional
        Which of several people in a pose file (:func:`gaitpose.load_poses`).

    Returns
    -------
    Analysis

    Raises
    ------
    BadSettings
        If `picture_size` or `individual` is given for a video, or `fps` lower than it tells, or
        `subject_at` for a pose file.
    GaitPoseError
        As :func:`analyze_video` and :func:`gaitpose.load_poses`.
    """
    path = Path(path)
    if kind_of(path) is Kind.VIDEO:
        if picture_size is not None:
            raise BadSettings(
                "this is a video, which tells its size by itself",
                where=str(path),
                hint="Leave --picture-size out",
            )
        if individual is not None:
            raise BadSettings(
                "this is a video, in which nobody has a name yet",
                where=str(path),
                hint="Point at the subject with --subject-at",
            )
        with VideoReader(path, fps):
            # Refused here if it is no video, before a network is loaded.
            chosen = choose(estimator, model)
        return analyze_video(
            path,
            subject,
            recording=recording,
            settings=settings,
            estimator=chosen,
            subject_at=subject_at,
            fps=fps,
            progress=progress,
            command=command,
        )
    if subject_at is not None:
        raise BadSettings(
            "these are poses, there is no picture to point at",
            where=str(path),
            hint="Leave --subject-at out; among several people --individual chooses one",
        )
    poses = load_poses(path, fps=fps, picture_size=picture_size, individual=individual)
    source = {"name": path.name, "sha256": sha256_of_input(path)}
    return _analyze(poses, subject, recording, settings, _provenance(source, None, command))


def sha256_of_input(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents of a folder's files."""
    if not path.is_dir():
        return sha256_of(path)
    digest = hashlib.sha256()
    for file in sorted(each for each in path.iterdir() if each.is_file()):
        digest.update(f"{file.name}\0{sha256_of(file)}\n".encode())
    return digest.hexdigest()


def _analyze(
    poses: xr.Dataset,
    subject: Subject | None,
    recording: Recording | None,
    settings: GaitSettings | None,
    provenance: dict[str, Any],
) -> Analysis:
    analysis = analyze(poses, subject, recording, settings, provenance)
    return Analysis(**{field.name: getattr(analysis, field.name) for field in fields(analysis)})


def _provenance(
    source: Mapping[str, str], estimator: Mapping[str, str] | None, command: str | None
) -> dict[str, Any]:
    """Collect what is needed to make the result again; neither who made it nor in which folder."""
    return {
        "gaitpose": version("gaitpose"),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "command": command,
        "input": dict(source),
        "estimator": dict(estimator) if estimator else None,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "platform": f"{platform.system()} {platform.machine()}",
    }


def _of_video(poses: xr.Dataset) -> tuple[Finding, ...]:
    """Return what the video itself gives reason to say."""
    findings = []
    pace = float(poses.attrs["video_pace"])
    if pace != 1:
        message = (
            f"Taken as slow motion, as told: filmed at {poses.attrs['fps']:.4g} frames per second, "
            f"of which the file plays {poses.attrs['fps'] * pace:.4g}."
        )
        findings.append(Finding("slow-motion-told", "info", message))
    if poses.attrs.get("video_truncated"):
        seconds = float(poses["time"][-1])
        message = (
            f"The video file ends before its time: the {seconds:.1f} seconds that could be read "
            "were analysed."
        )
        findings.append(Finding("video-truncated", "warning", message))
    damaged = int(poses.attrs.get("video_damaged_packets", 0))
    if damaged:
        message = (
            f"Of the video file, {damaged} damaged packets were skipped: frames are missing or "
            "smeared there."
        )
        findings.append(Finding("video-damaged", "warning", message))
    return tuple(findings)
