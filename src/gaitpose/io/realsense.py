"""Frames of a RealSense camera or of its recording: colour, depth aligned to it, intrinsics, time.

`pyrealsense2` is an optional extra and is loaded when a camera or a file is opened.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from gaitpose.errors import GaitPoseError, MissingExtra, UnreadableInput
from gaitpose.io.files import existing_file, one_line
from gaitpose.io.wpe_sample import Camera

if TYPE_CHECKING:
    import pyrealsense2 as rs

_CAMERA_PATIENCE_MS = 5000
"""Within this a camera that works sends its first frames (exposure settles)."""

_FILE_PATIENCE_MS = 2000


class CameraFailed(GaitPoseError):
    """A camera is absent, refuses the wanted mode, or sends nothing."""


@dataclass(frozen=True)
class Captured:
    """One picture with depth.

    Parameters
    ----------
    rgb : uint8 array, (height, width, 3)
    depth : float32 array, (height, width)
        Metres along the optical axis of the colour camera, aligned to `rgb`; NaN where nothing was
        measured.
    camera : Camera
        Intrinsics of `rgb` and `depth`.
    time_s : float
        On the camera's clock, seconds.
    number : int
        The camera's own count of colour frames, by which dropped ones are noticed.
    """

    rgb: np.ndarray
    depth: np.ndarray
    camera: Camera
    time_s: float
    number: int


@contextmanager
def camera_frames(width: int, height: int, fps: int) -> Iterator[Iterator[Captured]]:
    """Open the first RealSense camera that is connected.

    Parameters
    ----------
    width, height : int
        Of colour and depth, pixels.
    fps : int

    Yields
    ------
    iterator of Captured
        Without end.

    Raises
    ------
    CameraFailed
        If there is no camera, it has no such mode, or it sends nothing.
    MissingExtra
        If pyrealsense2 is not installed.
    """
    rs = _library()
    if not len(rs.context().query_devices()):  # the pipeline would look for one for 15 s
        raise CameraFailed(
            "no RealSense camera is connected", hint="Connect one, or give a recording with --bag"
        )
    pipeline, wanted = rs.pipeline(), rs.config()
    wanted.enable_stream(rs.stream.depth, width, height, rs.format.z16, fps)
    wanted.enable_stream(rs.stream.color, width, height, rs.format.rgb8, fps)
    try:
        pipeline.start(wanted)
    except RuntimeError as error:
        raise CameraFailed(
            f"the camera does not start with {width} x {height} at {fps} frames/s "
            f"({one_line(error)})",
            hint="Try another --resolution or --fps, and a USB 3 port",
        ) from error
    try:
        yield _live(rs, pipeline)
    finally:
        pipeline.stop()


@contextmanager
def file_frames(path: str | os.PathLike[str]) -> Iterator[tuple[Iterator[Captured], float]]:
    """Open a RealSense recording (.bag, or .db3 of newer libraries).

    Yields
    ------
    frames : iterator of Captured
    duration : float
        Seconds.

    Raises
    ------
    UnreadableInput
        If it is no such recording, or lacks colour or depth.
    MissingExtra
        If pyrealsense2 is not installed.
    """
    rs = _library()
    path = existing_file(path)
    pipeline, wanted = rs.pipeline(), rs.config()
    try:
        wanted.enable_device_from_file(str(path), False)
        profile = pipeline.start(wanted)
    except RuntimeError as error:
        raise UnreadableInput(
            f"not a RealSense recording that can be read ({one_line(error)})", where=str(path)
        ) from error
    try:
        playback = profile.get_device().as_playback()
        playback.set_real_time(False)  # every frame, however slowly we write
        _check_streams(rs, profile, str(path))
        yield _played(rs, pipeline, str(path)), playback.get_duration().total_seconds()
    finally:
        pipeline.stop()


def captured(rs_module: ModuleType, aligned: rs.composite_frame, where: str) -> Captured | None:
    """Turn a set of frames, aligned to colour, into arrays; None if it is not complete.

    Parameters
    ----------
    rs_module : module
        pyrealsense2.
    aligned : pyrealsense2.composite_frame
        As `pyrealsense2.align` returns it.
    where : str
        For messages.
    """
    colour, depth = aligned.get_color_frame(), aligned.get_depth_frame()
    if not colour or not depth:
        return None
    steps = np.asanyarray(depth.get_data())
    metres = steps * np.float32(depth.get_units())
    metres[steps == 0] = np.nan
    return Captured(
        rgb=_as_rgb(rs_module, colour, where),
        depth=metres,
        camera=camera_of(colour.profile.as_video_stream_profile().get_intrinsics()),
        time_s=colour.get_timestamp() / 1000,
        number=colour.get_frame_number(),
    )


def camera_of(intrinsics: rs.intrinsics) -> Camera:
    """Translate the library's intrinsics; its pixel centres are integers, as ours."""
    distortion = tuple(float(value) for value in intrinsics.coeffs)
    return Camera(
        fx=intrinsics.fx,
        fy=intrinsics.fy,
        cx=intrinsics.ppx,
        cy=intrinsics.ppy,
        width=intrinsics.width,
        height=intrinsics.height,
        distortion=distortion if any(distortion) else (),
        distortion_model=str(intrinsics.model).rpartition(".")[2] if any(distortion) else "",
    )


def _live(rs: ModuleType, pipeline: rs.pipeline) -> Iterator[Captured]:
    align = rs.align(rs.stream.color)
    while True:
        arrived, frames = pipeline.try_wait_for_frames(_CAMERA_PATIENCE_MS)
        if not arrived:
            raise CameraFailed(
                "the camera sends no frames", hint="Unplug it, use a USB 3 port, try again"
            )
        found = captured(rs, align.process(frames), "camera")
        if found is not None:
            yield found


def _played(rs: ModuleType, pipeline: rs.pipeline, where: str) -> Iterator[Captured]:
    align = rs.align(rs.stream.color)
    last = -1
    while True:
        arrived, frames = pipeline.try_wait_for_frames(_FILE_PATIENCE_MS)
        if not arrived:
            return
        found = captured(rs, align.process(frames), where)
        if found is not None and found.number > last:
            last = found.number
            yield found


def _as_rgb(rs: ModuleType, frame: rs.video_frame, where: str) -> np.ndarray:
    """Copy a colour frame out of the library's memory, as RGB."""
    picture = np.asanyarray(frame.get_data())
    form = frame.profile.format()
    if form == rs.format.rgb8:
        return picture.copy()
    if form == rs.format.rgba8:
        return picture[..., :3].copy()
    if form in (rs.format.bgr8, rs.format.bgra8):
        return np.ascontiguousarray(picture[..., 2::-1])
    if form == rs.format.yuyv:
        import cv2  # noqa: PLC0415  -- few recordings need it

        bytes_ = picture.view(np.uint8).reshape(*picture.shape[:2], 2)
        return cv2.cvtColor(bytes_, cv2.COLOR_YUV2RGB_YUY2)
    raise UnreadableInput(f"colour of the kind {form} is not understood", where=where)


def _check_streams(rs: ModuleType, profile: Any, where: str) -> None:
    kinds = {stream.stream_type() for stream in profile.get_streams()}
    for kind, name in ((rs.stream.color, "colour"), (rs.stream.depth, "depth")):
        if kind not in kinds:
            raise UnreadableInput(f"the recording holds no {name}", where=where)


def _library() -> ModuleType:
    try:
        import pyrealsense2 as rs  # noqa: PLC0415  -- an optional extra
    except ImportError as error:
        raise MissingExtra("recording from a RealSense", "realsense") from error
    return rs
