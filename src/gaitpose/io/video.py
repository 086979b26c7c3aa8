"""Video in and out: upright RGB frames with their real time stamps, in constant memory."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from gaitpose.errors import BadSettings, OutputFailed
from gaitpose.io.files import atomic_path
from gaitpose.io.video_info import VideoInfo, open_container, probe, promised_duration

__all__ = ["Frame", "VideoInfo", "VideoReader", "VideoWriter"]

_MISSING_FRAMES = 2
"""A recording counts as truncated if more than this many frames are missing at its end."""

_SLOWEST = 0.99
"""Filming can be no slower than this share of the playing, and is not told from it before the
inverse: cameras' 60 is files' 59.94 and back."""

_SAME_TIME = 1e-6
"""Seconds: stamps are whole ticks of some clock."""

_WRITER_TIME_BASE = Fraction(1, 90_000)


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of a video.

    Parameters
    ----------
    index : int
        Number of the frame in the file, from 0.
    time_s : float
        Seconds since the first frame, from the container's presentation time stamps, of the
        filming; strictly increasing.
    rgb : array of uint8, (height, width, 3)
        Upright; yours to draw on.
    """

    index: int
    time_s: float
    rgb: np.ndarray


class VideoReader:
    """Read a video frame by frame.

    Parameters
    ----------
    path : path
        Any container and codec that FFmpeg knows.
    fps : float, optional
        Frames per second at which it was filmed, if it is slow motion and the file tells those at
        which it plays. All times and rates are then those of the filming.

    Attributes
    ----------
    info : VideoInfo
    pace : float
        Seconds of the filming in a second of playing: 1, or less in slow motion.
    was_truncated : bool
        Whether the file turned out to end early (known once all frames were read).
    frames_read : int
        Frames decoded so far by the current or last run through the video.
    damaged : int
        Packets in that run that could not be decoded.

    Raises
    ------
    UnreadableInput
        If it is absent, no video, a picture, sound only, or has fewer than two frames.
    BadSettings
        If `fps` is lower than what the file tells.

    Notes
    -----
    One run through the video at a time: a call of :meth:`frames` ends the run before it.

    Examples
    --------
    >>> with VideoReader("walk.mp4") as video:  # doctest: +SKIP
    ...     for frame in video:
    ...         print(frame.index, frame.time_s, frame.rgb.shape)
    """

    def __init__(self, path: str | os.PathLike[str], fps: float | None = None) -> None:
        self.path = Path(path)
        self._played, self._orientation = probe(self.path)
        self.pace = 1.0 if fps is None else self._pace(fps)
        self.info = self._played.at_pace(self.pace)
        self.was_truncated = False
        self.frames_read = 0
        self.damaged = 0
        self._run: Generator[Frame, None, None] | None = None

    def _pace(self, fps: float) -> float:
        played = self._played.fps
        if not np.isfinite(fps) or fps < _SLOWEST * played:
            raise BadSettings(
                f"it plays {played:.4g} frames per second and cannot have been filmed at {fps:g}",
                where=str(self.path),
                hint="Leave --fps out, unless it is slow motion",
            )
        return 1.0 if fps < played / _SLOWEST else played / fps

    def __enter__(self) -> VideoReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Frame]:
        return self.frames()

    def close(self) -> None:
        """End the run in progress, if any, and close the file."""
        if self._run is not None:
            self._run.close()
            self._run = None

    def frames(
        self, size: tuple[int, int] | None = None, every: int = 1, start_s: float = 0.0
    ) -> Iterator[Frame]:
        """Go through the video from its beginning.

        Parameters
        ----------
        size : (width, height), optional
            Deliver the frames at this size (area-averaged where smaller), in one step with the
            conversion to RGB.
        every : int
            Deliver each n-th frame only; the others are decoded but not converted.
        start_s : float
            Time of the first frame to deliver, or a little later; those before are decoded but not
            converted, so that indices and times are exact.

        Returns
        -------
        iterator of Frame
        """
        if every < 1:
            raise ValueError(f"every must be >= 1, not {every}")
        self.close()
        self._run = self._frames(size or (self.info.width, self.info.height), every, start_s)
        return self._run

    def _frames(
        self, size: tuple[int, int], every: int, start_s: float
    ) -> Generator[Frame, None, None]:
        self.frames_read = self.damaged = 0
        container, stream = open_container(self.path)
        convert = _Converter(size, self.info, is_transposed=self._orientation.is_transposed)
        clock = _Clock(1 / self._played.fps)
        due = 0
        with container:
            for picture in self._decoded(container, stream):
                index, time_s = self.frames_read, self.pace * clock.read(picture)
                self.frames_read += 1
                if index >= due and time_s >= start_s - _SAME_TIME:
                    due = index + every
                    yield Frame(index, time_s, self._orientation.apply(convert(picture)))
            self.was_truncated |= self._ends_early(container, stream, clock.end)

    def _decoded(
        self, container: av.container.InputContainer, stream: av.VideoStream
    ) -> Iterator[av.VideoFrame]:
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError:
                self.was_truncated = True
                yield from stream.decode(None)
                return
            if packet is None:
                return
            if packet.is_corrupt:
                self.damaged += 1
                continue
            try:
                pictures = packet.decode()
            except av.error.FFmpegError:
                self.damaged += 1
                continue
            yield from pictures

    def _ends_early(
        self, container: av.container.InputContainer, stream: av.VideoStream, end: float
    ) -> bool:
        promised = promised_duration(container, stream)
        if promised is not None and end < promised - _MISSING_FRAMES / self._played.fps:
            return True
        # AVI derives the duration from what is there, but counts frames in its header. Elsewhere
        # the count also includes frames that an edit list hides, so it does not tell.
        counted = stream.frames if container.format.name == "avi" else 0
        return self.frames_read < counted - _MISSING_FRAMES


class _Clock:
    """Seconds since the first frame; mends stamps that are missing or do not increase."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._origin: float | None = None
        self._last = -interval
        self.end = 0.0

    def read(self, picture: av.VideoFrame) -> float:
        """Return the time of the next frame."""
        stamp = picture.time
        if stamp is None:
            time_s = self._last + self._interval
        else:
            if self._origin is None:
                self._origin = stamp
            time_s = stamp - self._origin
        if time_s <= self._last:
            time_s = self._last + self._interval / 2
        self._last = time_s
        self.end = time_s + (float(picture.duration * (picture.time_base or 0)) or self._interval)
        return time_s


class _Converter:
    """Converts decoded pictures to RGB arrays of one size, square pixels, not yet turned."""

    def __init__(self, size: tuple[int, int], info: VideoInfo, *, is_transposed: bool) -> None:
        width, height = size
        self._size = (height, width) if is_transposed else (width, height)
        is_smaller = width * height < info.width * info.height
        self._interpolation = "AREA" if is_smaller else "BILINEAR"
        self._reformatter = VideoReformatter()

    def __call__(self, picture: av.VideoFrame) -> np.ndarray:
        """Return a picture as an array (height, width, 3)."""
        width, height = self._size
        return self._reformatter.reformat(
            picture, width=width, height=height, format="rgb24", interpolation=self._interpolation
        ).to_ndarray()


class VideoWriter:
    """Write an H.264 MP4 that plays in browsers, whole or not at all.

    Parameters
    ----------
    path : path
        The file is written to a temporary name and renamed when the block ends well.
    width, height : int
        Pixels of the frames given; odd sizes are padded by one row or column (H.264 in 4:2:0
        needs even ones).
    fps : float
        Frames per second, for frames written without a time.
    quality : int
        x264's constant rate factor: 18 is visually lossless, 23 its default.

    Raises
    ------
    OutputFailed
        If the folder is not writable or the disk is full.

    Examples
    --------
    >>> with VideoWriter("overlay.mp4", 640, 480, 30) as video:  # doctest: +SKIP
    ...     video.write(np.zeros((480, 640, 3), np.uint8))
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        width: int,
        height: int,
        fps: float,
        *,
        quality: int = 21,
    ) -> None:
        self.path = Path(path)
        self.frames_written = 0
        self._shape = (height, width, 3)
        self._fps = fps
        self._quality = quality
        self._last_pts = -1
        self._stack = ExitStack()
        self._container: av.container.OutputContainer
        self._stream: av.VideoStream

    def __enter__(self) -> VideoWriter:
        temporary = self._stack.enter_context(atomic_path(self.path))
        try:
            self._container = av.open(
                str(temporary), "w", format="mp4", options={"movflags": "faststart"}
            )
            self._stack.callback(self._container.close)
            self._stream = self._new_stream()
        except BaseException as error:
            self._stack.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._stack:
            if error is not None:
                raise error
            self._encode(None)

    def write(self, rgb: np.ndarray, time_s: float | None = None) -> None:
        """Append one frame.

        Parameters
        ----------
        rgb : array of uint8, (height, width, 3)
        time_s : float, optional
            Seconds since the first frame, for a variable frame rate; by default frames follow at
            the writer's rate.
        """
        if rgb.shape != self._shape or rgb.dtype != np.uint8:
            raise ValueError(f"frame is {rgb.dtype} {rgb.shape}, not uint8 {self._shape}")
        odd_rows, odd_columns = self._shape[0] % 2, self._shape[1] % 2
        if odd_rows or odd_columns:
            rgb = np.pad(rgb, ((0, odd_rows), (0, odd_columns), (0, 0)), mode="edge")
        picture = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        seconds = self.frames_written / self._fps if time_s is None else time_s
        self._last_pts = max(self._last_pts + 1, round(seconds / _WRITER_TIME_BASE))
        picture.pts = self._last_pts
        picture.time_base = _WRITER_TIME_BASE
        self._encode(picture)
        self.frames_written += 1

    def _new_stream(self) -> av.VideoStream:
        rate = Fraction(self._fps).limit_denominator(1001)
        stream = self._container.add_stream("libx264", rate=rate)
        stream.height, stream.width = (n + n % 2 for n in self._shape[:2])
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = _WRITER_TIME_BASE
        stream.options = {"crf": str(self._quality), "preset": "veryfast"}
        return stream

    def _encode(self, picture: av.VideoFrame | None) -> None:
        try:
            for packet in self._stream.encode(picture):
                self._container.mux(packet)
        except av.error.FFmpegError as error:
            if isinstance(error, OSError):
                raise
            raise OutputFailed(
                f"the video could not be encoded ({error.strerror})", where=str(self.path)
            ) from error
