"""What a video holds, found out before its frames are read: size, rate, duration, orientation."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.buffer import Buffer

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import existing_file

_PROBED_PACKETS = 600
"""Time stamps looked at to see whether the frame rate varies (20 s at 30 fps)."""

_REORDERED_PACKETS = 16
"""Packets come in decoding order; among the last ones so many, stamps may still be missing."""

_VARIATION = 0.10
"""Spread of the frame intervals, relative to their median, from which a rate counts as variable."""

_SQUARE_TOLERANCE = 0.01
"""Pixels that deviate less from a square are taken as square."""

_INCOMPLETE = "the copy may be incomplete: copy it from the camera again"

_NOT_VIDEO_FORMATS = {"tty": "text", "image2": "a picture", "ico": "a picture"}


@dataclass(frozen=True)
class VideoInfo:
    """Properties of a video as its frames will be delivered.

    Parameters
    ----------
    name : str
        File name without its folder.
    width, height : int
        Pixels, after rotation, and after widening where the stored pixels are not square.
    fps : float
        Average frame rate, frames per second.
    frame_count : int or None
        As the container promises; None where it does not say.
    duration : float or None
        Seconds, as the container promises.
    rotation : int
        Clockwise degrees (0, 90, 180, 270) by which the stored frames are turned to be upright.
    is_mirrored : bool
        Whether the container asks for mirroring as well (some front cameras do).
    codec : str
        Name of the codec, such as ``h264``.
    is_variable_rate : bool
        Whether the intervals between the first frames differ by more than a tenth.
    pixel_aspect : float
        Width over height of a stored pixel.
    """

    name: str
    width: int
    height: int
    fps: float
    frame_count: int | None
    duration: float | None
    rotation: int
    is_mirrored: bool
    codec: str
    is_variable_rate: bool
    pixel_aspect: float

    def at_pace(self, pace: float) -> VideoInfo:
        """Return what it is when a second of playing was `pace` seconds of filming."""
        duration = None if self.duration is None else self.duration * pace
        return replace(self, fps=self.fps / pace, duration=duration)

    @property
    def expected_frames(self) -> int | None:
        """Frames to expect, for a progress bar: counted, or estimated from the duration."""
        if self.frame_count is not None or self.duration is None:
            return self.frame_count
        return round(self.duration * self.fps)


@dataclass(frozen=True)
class Orientation:
    """Turns a stored frame upright.

    Parameters
    ----------
    is_transposed : bool
        Whether rows and columns are exchanged (first).
    flips_rows, flips_columns : bool
        Whether the order of rows or columns is then reversed.
    """

    is_transposed: bool = False
    flips_rows: bool = False
    flips_columns: bool = False

    @property
    def rotation(self) -> int:
        """Clockwise degrees, the mirroring (if any) of columns left aside."""
        columns = self.flips_columns ^ self.is_mirrored
        return {
            (False, False, False): 0,
            (True, False, True): 90,
            (False, True, True): 180,
            (True, True, False): 270,
        }[self.is_transposed, self.flips_rows, columns]

    @property
    def is_mirrored(self) -> bool:
        """Whether left and right of the picture are exchanged."""
        return self.is_transposed ^ self.flips_rows ^ self.flips_columns

    @classmethod
    def from_display_matrix(cls, matrix: bytes) -> Orientation:
        """Read the 3x3 display matrix (16.16 fixed point, as in ISO 14496-12) of a frame.

        Notes
        -----
        A point moves to ``x' = a x + c y``, ``y' = b x + d y``. Angles between multiples of
        90 degrees, which no camera writes, are taken as the nearest multiple.
        """
        a, b, _, c, d = struct.unpack("<5i", matrix[:20])
        if abs(b) + abs(c) > abs(a) + abs(d):
            return cls(is_transposed=True, flips_rows=b < 0, flips_columns=c < 0)
        return cls(flips_rows=d < 0, flips_columns=a < 0)

    def apply(self, image: np.ndarray) -> np.ndarray:
        """Return the image turned upright, contiguous in memory."""
        if self == Orientation():
            return image
        import cv2  # noqa: PLC0415  eight times as fast as numpy here, and few videos need it

        if self.is_transposed:
            image = cv2.transpose(image)
        if self.flips_rows or self.flips_columns:
            both = self.flips_rows and self.flips_columns
            image = cv2.flip(image, -1 if both else int(self.flips_columns))
        return image


def open_container(path: str | Path) -> tuple[av.container.InputContainer, av.VideoStream]:
    """Open a video file and choose its picture stream, decoding on all cores.

    Raises
    ------
    UnreadableInput
        If it is absent, no video, a still picture, or holds sound only.
    """
    where = str(path)
    existing_file(path)
    try:
        container = av.open(where)
    except av.error.FFmpegError as error:
        raise UnreadableInput(
            "this is not a video that can be read",
            where=where,
            hint=f"If it is a video, {_INCOMPLETE}",
        ) from error
    try:
        return container, _picture_stream(container, where)
    except UnreadableInput:
        container.close()
        raise


def _picture_stream(container: av.container.InputContainer, where: str) -> av.VideoStream:
    kind = _NOT_VIDEO_FORMATS.get(container.format.name)
    if kind is None and container.format.name.endswith("_pipe"):
        kind = "a picture"
    if kind:
        raise UnreadableInput(f"this is {kind}, not a video", where=where)
    moving = [
        stream
        for stream in container.streams.video
        if not stream.disposition & av.stream.Disposition.attached_pic
    ]
    if not moving:
        holds = "sound but no picture" if container.streams.audio else "no picture"
        raise UnreadableInput(f"this file holds {holds}", where=where, hint="Give a video")
    stream = container.streams.best("video")
    if stream not in moving:
        stream = moving[0]
    stream.thread_type = "AUTO"
    return stream


def probe(path: str | Path) -> tuple[VideoInfo, Orientation]:
    """Find out what a video holds from its header and its first frames.

    Raises
    ------
    UnreadableInput
        If fewer than two frames can be decoded, or for the reasons of :func:`open_container`.
    """
    container, stream = open_container(path)
    with container:
        stamps, frames = _first_frames(container, stream)
        if len(frames) < 2:
            raise _too_short(len(frames), str(path))
        orientation = _orientation(frames[0])
        aspect = float(stream.sample_aspect_ratio or 1) or 1.0
        if abs(aspect - 1) < _SQUARE_TOLERANCE:
            aspect = 1.0
        width, height = round(frames[0].width * aspect), frames[0].height
        if orientation.is_transposed:
            width, height = height, width
        fps, varies = _rate(stream, stamps)
        if not fps > 0:
            raise UnreadableInput("it tells neither a frame rate nor times", where=str(path))
        info = VideoInfo(
            name=Path(path).name,
            width=width,
            height=height,
            fps=fps,
            frame_count=stream.frames or None,
            duration=promised_duration(container, stream),
            rotation=orientation.rotation,
            is_mirrored=orientation.is_mirrored,
            codec=stream.codec_context.codec.canonical_name,
            is_variable_rate=varies,
            pixel_aspect=aspect,
        )
    return info, orientation


def _too_short(frames: int, where: str) -> UnreadableInput:
    if frames:
        return UnreadableInput(
            "it has only one frame", where=where, hint="Give a video of someone walking"
        )
    return UnreadableInput(
        "it holds no frame that can be decoded", where=where, hint=_INCOMPLETE.capitalize()
    )


def promised_duration(
    container: av.container.InputContainer, stream: av.VideoStream
) -> float | None:
    """Seconds of picture that the header promises; None where it does not say.

    Matroska keeps the duration of each stream in a tag. The container's own duration is that of
    the longest stream, which may be the sound, so it counts only where there is no other stream.
    """
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    tag = stream.metadata.get("DURATION", "").split(":")
    if len(tag) == 3:
        hours, minutes, seconds = (float(part) for part in tag)
        return 3600 * hours + 60 * minutes + seconds
    if container.duration and len(container.streams) == 1:
        return container.duration / av.time_base
    return None


def _first_frames(
    container: av.container.InputContainer, stream: av.VideoStream
) -> tuple[np.ndarray, list[av.VideoFrame]]:
    """Sorted time stamps (s) of the first packets, and the first two frames."""
    stamps: list[float] = []
    frames: list[av.VideoFrame] = []
    try:
        for packet in container.demux(stream):
            if packet.pts is not None:
                stamps.append(float(packet.pts * packet.time_base))
            if len(frames) < 2:
                frames += _decode(packet)
            elif len(stamps) >= _PROBED_PACKETS:
                break
    except av.error.FFmpegError:  # cut off within the probed part: what came is what there is
        frames += stream.decode(None) if len(frames) < 2 else []
    in_order = np.unique(stamps)
    if len(in_order) > 2 * _REORDERED_PACKETS:
        in_order = in_order[:-_REORDERED_PACKETS]
    return in_order, frames[:2]


def _decode(packet: av.Packet) -> list[av.VideoFrame]:
    try:
        return packet.decode()
    except av.error.FFmpegError:
        return []


def _orientation(frame: av.VideoFrame) -> Orientation:
    data = cast("Mapping[str, Buffer]", frame.side_data)
    if "DISPLAYMATRIX" not in data:
        return Orientation()
    return Orientation.from_display_matrix(bytes(data["DISPLAYMATRIX"]))


def _rate(stream: av.VideoStream, stamps: np.ndarray) -> tuple[float, bool]:
    """Average frames per second, and whether the rate varies.

    Headers of browser recordings claim 1000 fps and more, so they are checked against the stamps.
    """
    claimed = float(stream.average_rate or stream.guessed_rate or 0)
    if len(stamps) < 2:
        return claimed, False
    steps = np.diff(stamps)
    observed = 1 / float(steps.mean())
    resolution = 1.5 * float(stream.time_base or 0)
    varies = bool(np.ptp(steps) > max(_VARIATION * float(np.median(steps)), resolution))
    return (claimed if observed / 2 < claimed < observed * 2 else observed), varies
