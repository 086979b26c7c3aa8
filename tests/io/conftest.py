"""Small inputs with known content, made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from gaitpose.skeleton import KEYPOINTS

VideoMaker = Callable[..., Path]

SQUARE = 12
"""Side of the white square, pixels."""


def _picture(index: int, width: int, height: int) -> np.ndarray:
    """A white square on black, near the top, 4 px further to the right in each frame."""
    image = np.zeros((height, width, 3), np.uint8)
    left = 4 * index % (width - SQUARE)
    image[4 : 4 + SQUARE, left : left + SQUARE] = 255
    return image


def _ask_players_to_turn(mp4: Path, clockwise: int) -> None:
    """Put a rotation into the matrix of the track header (ISO 14496-12, 8.3.2), as phones do."""
    a, b = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}[clockwise]
    content = bytearray(mp4.read_bytes())
    matrix_at = content.index(b"tkhd") + 44
    for offset, value in ((0, a), (4, b), (12, -b), (16, a)):
        at = matrix_at + offset
        content[at : at + 4] = (value << 16).to_bytes(4, "big", signed=True)
    mp4.write_bytes(content)


@pytest.fixture
def make_video(tmp_path: Path) -> VideoMaker:
    def make(
        name: str = "walk.mp4",
        *,
        frames: int = 20,
        width: int = 96,
        height: int = 64,
        fps: float = 30,
        codec: str = "libx264",
        times: np.ndarray | None = None,
        turn: int = 0,
        aspect: Fraction | None = None,
        options: dict[str, str] | None = None,
        keyframe_every: int = 10,
        origin_s: float = 0.0,
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w", options=options or {}) as container:
            stream = container.add_stream(codec, rate=Fraction(fps).limit_denominator(1001))
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            clock = 1 / Fraction(fps) if codec.startswith("mpeg") else Fraction(1, 90_000)
            stream.codec_context.time_base = clock
            stream.codec_context.gop_size = keyframe_every
            if aspect is not None:
                stream.codec_context.sample_aspect_ratio = aspect
            for index in range(frames):
                frame = av.VideoFrame.from_ndarray(_picture(index, width, height), format="rgb24")
                seconds = origin_s + (index / fps if times is None else times[index])
                frame.time_base = clock
                frame.pts = round(seconds / clock)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        if turn:
            _ask_players_to_turn(path, turn)
        return path

    return make


@pytest.fixture
def stick_figure() -> Callable[..., np.ndarray]:
    """Make a walking figure: (frames, keypoints, 2) in pixels, keypoints as in KEYPOINTS."""
    return _stick_figure


def _stick_figure(
    start: float = 100.0, speed: float = 4.0, frames: int = 60, height: float = 300.0
) -> np.ndarray:
    rows = {"shoulder": 0.2, "hip": 0.5, "knee": 0.72, "ankle": 0.95, "heel": 0.98, "toe": 1.0}
    swing = np.sin(2 * np.pi * np.arange(frames) / 30)
    x0 = start + speed * np.arange(frames)
    points = np.empty((frames, len(KEYPOINTS), 2))
    for column, name in enumerate(KEYPOINTS):
        side, part = name.split("_")
        reach = {"knee": 15, "ankle": 30, "heel": 22, "toe": 52}.get(part, 0)
        sign = 1 if side == "left" else -1
        points[:, column, 0] = x0 + sign * reach * swing + (3 if side == "left" else 0)
        points[:, column, 1] = 50 + rows[part] * height
    return points
