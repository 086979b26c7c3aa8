"""Recording: what comes is kept, whatever ends it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitpose.errors import OutputFailed, UnreadableInput
from gaitpose.io.realsense import Captured
from gaitpose.io.recording import check_unused, record
from gaitpose.io.wpe import Camera, WpeDataset, WpeWriter

CAMERA = Camera(100.0, 101.0, 31.5, 23.5, 64, 48)


def frames(count: int, missing: tuple[int, ...] = ()):
    for number in range(count):
        if number not in missing:
            depth = np.full((48, 64), 1 + number / 100, np.float32)
            depth[0] = np.nan
            rgb = np.full((48, 64, 3), number, np.uint8)
            yield Captured(rgb, depth, CAMERA, 100 + number / 30, 7 + number)


def test_a_clip_is_written_and_read(tmp_path):
    seen = []
    made = record(
        frames(20, missing=(4, 5)),
        WpeWriter(tmp_path),
        {"height": 1.7},
        attributes={"exoskeleton": True},
        progress=seen.append,
    )
    assert (made.frames, made.dropped) == (18, 2)
    assert made.seconds == pytest.approx(19 / 30)
    assert seen[-1] == pytest.approx(19 / 30)
    clip = WpeDataset(tmp_path)
    assert len(clip) == 18
    assert clip.times[4] == pytest.approx(6 / 30, abs=1e-6)
    sample = clip.read_sample(4)
    assert sample.camera == CAMERA
    assert sample.subject == {"height": 1.7}
    assert sample.attributes == {"exoskeleton": True}
    assert sample.depth[1:] == pytest.approx(1.06, abs=1e-6)
    assert np.isnan(sample.depth[0]).all()
    assert sample.rgb.mean() == pytest.approx(6, abs=1)
    assert sample.people == ()


def test_it_stops_after_the_time(tmp_path):
    made = record(frames(100), WpeWriter(tmp_path), {}, seconds=1.0)
    assert made.frames == 30
    assert made.dropped == 0


def test_ctrl_c_keeps_what_came(tmp_path):
    def interrupted():
        yield from frames(5)
        raise KeyboardInterrupt

    assert record(interrupted(), WpeWriter(tmp_path), {}).frames == 5
    assert len(WpeDataset(tmp_path)) == 5


def test_an_error_keeps_what_came(tmp_path):
    def broken():
        yield from frames(5)
        raise UnreadableInput("the cable is out")

    with pytest.raises(UnreadableInput, match="cable"):
        record(broken(), WpeWriter(tmp_path), {})
    assert WpeWriter(tmp_path).finish() == 5


def test_nothing_at_all_is_an_error(tmp_path):
    with pytest.raises(UnreadableInput, match="no frame"):
        record(frames(0), WpeWriter(tmp_path), {})


def test_a_writers_error_is_told(tmp_path):
    wrong = (replace(each, rgb=each.rgb[:, :-1]) for each in frames(3))
    with pytest.raises(Exception, match="do not belong"):
        record(wrong, WpeWriter(tmp_path), {})


def test_a_folder_with_a_recording_is_not_written_into(tmp_path):
    check_unused(tmp_path)
    record(frames(2), WpeWriter(tmp_path), {})
    with pytest.raises(OutputFailed, match="already"):
        check_unused(tmp_path)
