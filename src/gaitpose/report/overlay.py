"""The video again, with what the analysis saw: skeleton, angles, gait events and a timeline.

One frame is in memory at a time. The strip with angles and timeline is below the picture, so that
it hides nothing, feet least of all.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gaitpose.gait.result import GaitAnalysis
from gaitpose.io.video import Frame, VideoReader, VideoWriter
from gaitpose.report import drawing
from gaitpose.report.content import TIME_JOINTS, stance_table
from gaitpose.report.drawing import Mark
from gaitpose.skeleton import SIDES, Side

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class OverlaySettings:
    """How the overlay video looks.

    Parameters
    ----------
    max_height : int
        Pixels; taller pictures are made smaller.
    flash_s : float
        Seconds for which an event stays marked.
    window_s : float
        Seconds that the timeline shows at a time.
    """

    max_height: int = 1080
    flash_s: float = 0.35
    window_s: float = 4.0


@dataclass(frozen=True)
class Track:
    """What is drawn, as plain arrays on the analysis' time grid.

    Parameters
    ----------
    time : array, (samples,)
        Seconds.
    points : dict of str to array, (samples, 2)
        Keypoints in pixels of the video.
    angles : dict of joint to dict of side to array, (samples,)
        Degrees.
    marks : tuple of Mark
        Events in time order.
    stances : tuple of (side, start, end)
        Seconds from foot strike to foot off.
    """

    time: np.ndarray
    points: dict[str, np.ndarray]
    angles: dict[str, dict[Side, np.ndarray]]
    marks: tuple[Mark, ...]
    stances: tuple[tuple[Side, float, float], ...]


def write_overlay(
    analysis: GaitAnalysis,
    video: str | os.PathLike[str],
    path: str | os.PathLike[str],
    settings: OverlaySettings | None = None,
    progress: Progress | None = None,
) -> Path:
    """Draw the analysis on the video it came from.

    Parameters
    ----------
    analysis : GaitAnalysis
        Of two-dimensional poses in pixels of `video`.
    video : path
        The recording.
    path : path
        The MP4 to write (H.264), whole or not at all. It plays as the recording does, also in slow
        motion; times written into it are those of the walk.
    settings : OverlaySettings, optional
    progress : callable, optional
        Called with (frames done, frames in all or None).

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    UnreadableInput
        If the video cannot be read.
    OutputFailed
        If the folder is not writable or the disk is full.
    """
    settings = settings or OverlaySettings()
    track = track_of(analysis)
    pace = float(analysis.raw_poses.attrs.get("video_pace", 1.0))
    with VideoReader(video) as reader:
        info = reader.info
        scale = min(1.0, settings.max_height / info.height)
        width, height = _even(info.width * scale), _even(info.height * scale)
        canvas = Canvas(width, height, scale, track, settings)
        total = info.expected_frames
        with VideoWriter(path, width, height + canvas.strip_height, info.fps) as writer:
            for done, frame in enumerate(reader.frames(size=(width, height)), start=1):
                filmed = replace(frame, time_s=frame.time_s * pace)
                writer.write(canvas.draw(filmed), frame.time_s)
                if progress is not None:
                    progress(done, total)
    return Path(path)


class Canvas:
    """Draws a track on frames of one size.

    Parameters
    ----------
    width, height : int
        Pixels of the frames.
    scale : float
        Pixels of the frame per pixel of the recording.
    track : Track
    settings : OverlaySettings
    """

    def __init__(
        self, width: int, height: int, scale: float, track: Track, settings: OverlaySettings
    ) -> None:
        self._track = track
        self._mark_times = np.array([mark.time_s for mark in track.marks])
        self._scale = scale
        self._settings = settings
        self._unit = max(min(width / 960, height / 720), 0.33)
        self._angles_width = min(drawing.angles_width(len(track.angles), self._unit), width // 2)
        self.strip_height = _even(92 * self._unit)
        self._picture = np.zeros((height + self.strip_height, width, 3), np.uint8)

    def draw(self, frame: Frame) -> np.ndarray:
        """Return the frame with everything drawn on it, and the strip below.

        Parameters
        ----------
        frame : Frame

        Returns
        -------
        uint8 array, (height + strip, width, 3)
            RGB; the next call draws into the same memory.
        """
        image = self._picture[: -self.strip_height]
        image[:] = frame.rgb
        sample = int(np.abs(self._track.time - frame.time_s).argmin())
        points = {name: xy[sample] * self._scale for name, xy in self._track.points.items()}
        drawing.draw_skeleton(image, points, self._unit)
        self._draw_flashes(image, points, frame.time_s)
        self._draw_strip(sample, frame.time_s)
        return self._picture

    def _draw_flashes(
        self, image: np.ndarray, points: dict[str, np.ndarray], time_s: float
    ) -> None:
        ages = (time_s - self._mark_times) / self._settings.flash_s
        for index in np.flatnonzero((ages >= 0) & (ages < 1)):
            mark = self._track.marks[index]
            drawing.draw_flash(
                image, points[f"{mark.side}_ankle"], mark, float(ages[index]), self._unit
            )

    def _draw_strip(self, sample: int, time_s: float) -> None:
        strip = self._picture[-self.strip_height :]
        strip[:] = drawing.STRIP
        angles = {
            joint: {side: float(series[sample]) for side, series in sides.items()}
            for joint, sides in self._track.angles.items()
        }
        drawing.draw_angles(strip[:, : self._angles_width], angles, self._unit)
        half = self._settings.window_s / 2
        drawing.draw_timeline(
            strip[:, self._angles_width :],
            self._track.stances,
            time_s,
            (time_s - half, time_s + half),
            self._unit,
        )


def track_of(analysis: GaitAnalysis) -> Track:
    """Collect what an overlay draws from an analysis of poses in pixels."""
    events = analysis.events.sort_values("time_s")
    marks = tuple(
        Mark(side, kind, float(time_s))
        for side, kind, time_s in zip(events["side"], events["kind"], events["time_s"], strict=True)
    )
    repaired, stances = analysis.repaired, stance_table(analysis)
    return Track(
        time=repaired["time"].to_numpy(),
        points={
            str(name): repaired.sel(keypoints=name, space=["x", "y"])
            .transpose("time", "space")
            .to_numpy()
            for name in repaired["keypoints"].to_numpy()
        },
        angles={
            joint: {side: analysis.angles.sel(joint=joint, side=side).to_numpy() for side in SIDES}
            for joint in TIME_JOINTS
            if joint in analysis.angles["joint"].to_numpy()
        },
        marks=marks,
        stances=tuple(
            (side, float(start), float(end))
            for side in SIDES
            for start, end in stances.loc[stances["side"] == side, ["start_s", "end_s"]].to_numpy()
        ),
    )


def _even(length: float) -> int:
    return 2 * max(1, round(length / 2))
