"""The RealSense library's own software device: frames of known colour and depth."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyrealsense2 as rs

WIDTH, HEIGHT, FPS = 160, 120, 30
COLOUR = {"fx": 150.0, "fy": 151.0, "cx": 79.5, "cy": 60.25}
DEPTH = {"fx": 140.0, "fy": 141.0, "cx": 80.0, "cy": 59.0}
BASELINE = 0.02
"""Depth camera to colour camera along x, metres: what is at x there is at x + 0.02 here."""

NEAR, FAR = 1.0, 2.0
"""Left and right half of the depth picture, metres; the frame's number in mm is added to FAR."""

EDGE = 80
"""First column of the right half."""

TINT = (200, 100, 50)


class SoftwareCamera:
    """Two sensors as a D435 has them.

    Parameters
    ----------
    record_to : Path, optional
        A .db3 file that everything is recorded to as well.
    """

    def __init__(self, record_to: Path | None = None) -> None:
        self.device = rs.software_device()
        self.device.create_matcher(rs.matchers.default)
        self._depth = self.device.add_sensor("Depth")
        self._colour = self.device.add_sensor("Color")
        self._depth.add_read_only_option(rs.option.depth_units, 0.001)
        self._streams = [
            _stream(self._depth, rs.stream.depth, 0, DEPTH, rs.format.z16, 2),
            _stream(self._colour, rs.stream.color, 1, COLOUR, rs.format.rgb8, 3),
        ]
        shift = rs.extrinsics()
        shift.rotation = [1, 0, 0, 0, 1, 0, 0, 0, 1]
        shift.translation = [BASELINE, 0, 0]
        self._streams[0].register_extrinsics_to(self._streams[1], shift)
        self._recorder = rs.recorder(str(record_to), self.device) if record_to else None
        self.syncer = rs.syncer(100)
        self._opened = (self._recorder or self.device).query_sensors()
        for sensor, own in zip(self._opened, (self._depth, self._colour), strict=True):
            own.set_metadata(rs.frame_metadata_value.actual_fps, 1000 * FPS)
            sensor.open(sensor.get_stream_profiles()[0])
            sensor.start(self.syncer)

    def send(self, number: int) -> None:
        """Send one depth and one colour frame."""
        depth = np.full((HEIGHT, WIDTH), round(1000 * FAR) + number, np.uint16)
        depth[:, :EDGE] = round(1000 * NEAR)
        depth[:10] = 0
        colour = np.full((HEIGHT, WIDTH, 3), TINT, np.uint8)
        pairs = ((self._depth, depth, 2), (self._colour, colour, 3))
        for (sensor, pixels, depth_bytes), stream in zip(pairs, self._streams, strict=True):
            frame = rs.software_video_frame()
            frame.pixels, frame.bpp, frame.stride = pixels, depth_bytes, WIDTH * depth_bytes
            frame.timestamp = 5000 + 1000 * number / FPS
            frame.domain = rs.timestamp_domain.hardware_clock
            frame.frame_number = number
            frame.profile = stream.as_video_stream_profile()
            if depth_bytes == 2:
                frame.depth_units = 0.001
            sensor.on_video_frame(frame)

    def framesets(self, count: int) -> Iterator[rs.composite_frame]:
        """Send frames and give what the library's syncer makes of them."""
        for number in range(1, count + 1):
            self.send(number)
            time.sleep(1 / FPS)  # a recording keeps when frames came, and is played accordingly
        while True:
            arrived, frames = self.syncer.try_wait_for_frames(200)
            if not arrived:
                return
            yield frames

    def close(self) -> None:
        """Stop; a recording is complete after this."""
        for sensor in self._opened:
            sensor.stop()
            sensor.close()
        self._opened, self._recorder = [], None


def _stream(sensor, kind, uid, intrinsics, form, pixel_bytes):
    wanted = rs.intrinsics()
    wanted.width, wanted.height = WIDTH, HEIGHT
    wanted.fx, wanted.fy = intrinsics["fx"], intrinsics["fy"]
    wanted.ppx, wanted.ppy = intrinsics["cx"], intrinsics["cy"]
    wanted.model, wanted.coeffs = rs.distortion.brown_conrady, [0, 0, 0, 0, 0]
    stream = rs.video_stream()
    stream.type, stream.index, stream.uid, stream.fps = kind, 0, uid, FPS
    stream.width, stream.height, stream.bpp, stream.fmt = WIDTH, HEIGHT, pixel_bytes, form
    stream.intrinsics = wanted
    return sensor.add_video_stream(stream)
