from __future__ import annotations

import itertools
import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.io.video_info import Orientation, probe


def matrix(a: int, b: int, c: int, d: int) -> bytes:
    one = 1 << 16
    return struct.pack("<9i", a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30)


PIXELS = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)


@pytest.mark.parametrize(
    ("numbers", "expected", "rotation", "is_mirrored"),
    [
        ((1, 0, 0, 1), PIXELS, 0, False),
        ((0, 1, -1, 0), np.rot90(PIXELS, -1), 90, False),
        ((-1, 0, 0, -1), np.rot90(PIXELS, 2), 180, False),
        ((0, -1, 1, 0), np.rot90(PIXELS, 1), 270, False),
        ((-1, 0, 0, 1), PIXELS[:, ::-1], 0, True),
    ],
)
def test_display_matrix_turns_the_picture(
    numbers: tuple[int, int, int, int], expected: np.ndarray, rotation: int, is_mirrored: bool
) -> None:
    orientation = Orientation.from_display_matrix(matrix(*numbers))
    np.testing.assert_array_equal(orientation.apply(PIXELS), expected)
    assert orientation.rotation == rotation
    assert orientation.is_mirrored == is_mirrored


@pytest.mark.parametrize("flags", list(itertools.product([False, True], repeat=3)))
def test_rotation_and_mirroring_together_are_the_orientation(flags: tuple[bool, ...]) -> None:
    orientation = Orientation(*flags)
    mirrored = PIXELS[:, ::-1] if orientation.is_mirrored else PIXELS
    turned = orientation.apply(PIXELS)
    ways = [np.rot90(mirrored, -k) for k in range(4)]
    assert any(turned.shape == way.shape and (turned == way).all() for way in ways)
    assert turned.flags["C_CONTIGUOUS"]


def test_info_of_a_plain_video(make_video) -> None:
    info, _ = probe(make_video("a.mp4", frames=20, fps=25, width=96, height=64))
    assert (info.name, info.codec) == ("a.mp4", "h264")
    assert (info.width, info.height) == (96, 64)
    assert info.fps == pytest.approx(25)
    assert info.frame_count == info.expected_frames == 20
    assert info.duration == pytest.approx(0.8)
    assert (info.rotation, info.is_mirrored, info.pixel_aspect) == (0, False, 1)
    assert not info.is_variable_rate


def test_matroska_tells_no_count_but_one_is_expected(make_video) -> None:
    info, _ = probe(make_video("a.mkv", frames=45, fps=30))
    assert info.frame_count is None
    assert info.expected_frames == 45
    assert not info.is_variable_rate  # its stamps are rounded to milliseconds


def test_variable_rate_is_noticed_and_the_average_is_right(make_video) -> None:
    steps = np.where(np.arange(59) % 3 == 0, 1 / 15, 1 / 30)
    times = np.concatenate([[0], np.cumsum(steps)])
    info, _ = probe(make_video("a.mp4", frames=60, times=times))
    assert info.is_variable_rate
    assert info.fps == pytest.approx(59 / times[-1], rel=0.03)


def test_high_rate_with_b_frames_is_not_variable(make_video) -> None:
    info, _ = probe(make_video("a.mp4", frames=700, fps=240, width=32, height=32))
    assert info.fps == pytest.approx(240, rel=1e-3)
    assert not info.is_variable_rate


def test_size_after_rotation(make_video) -> None:
    info, _ = probe(make_video("a.mp4", width=96, height=64, turn=90))
    assert (info.width, info.height, info.rotation) == (64, 96, 90)


def test_pixels_that_are_not_square_widen_the_picture(make_video) -> None:
    info, _ = probe(make_video("a.mp4", width=96, height=64, aspect=Fraction(16, 12)))
    assert (info.width, info.height) == (128, 64)
    assert info.pixel_aspect == pytest.approx(4 / 3)


def test_text_is_not_a_video(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("some words\n" * 50)
    with pytest.raises(UnreadableInput, match=r"notes\.txt: this is text, not a video"):
        probe(tmp_path / "notes.txt")


def test_noise_is_not_a_video(tmp_path: Path) -> None:
    (tmp_path / "walk.mp4").write_bytes(np.random.default_rng(0).bytes(5000))
    with pytest.raises(UnreadableInput, match=r"not a video that can be read.*copy"):
        probe(tmp_path / "walk.mp4")


def test_absent_and_empty(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no such file"):
        probe(tmp_path / "walk.mp4")
    (tmp_path / "walk.mp4").touch()
    with pytest.raises(UnreadableInput, match="empty"):
        probe(tmp_path / "walk.mp4")
