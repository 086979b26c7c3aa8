"""RealSense frames, from the library's software device: depth is aligned, numbers are right."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.errors import MissingExtra, UnreadableInput
from gaitpose.io import realsense
from gaitpose.io.realsense import CameraFailed, camera_frames, camera_of, captured, file_frames

rs = pytest.importorskip("pyrealsense2", reason="needs the extra `realsense`")
device = pytest.importorskip("software_camera", reason="lies beside conftest.py")


def assert_right(frame, number: int) -> None:
    """Check one frame against what the software device sent."""
    assert frame.rgb.dtype == np.uint8
    assert (frame.rgb == device.TINT).all()
    assert (frame.camera.width, frame.camera.height) == (device.WIDTH, device.HEIGHT)
    for name, value in device.COLOUR.items():
        assert getattr(frame.camera, name) == pytest.approx(value)
    assert frame.camera.distortion == ()
    far = device.FAR + number / 1000
    row = frame.depth[60]
    # A depth pixel covers the colour pixels between where its corners land; the nearest wins.
    last_near = int(np.floor(_column(device.EDGE - 0.5, device.NEAR) + 0.5))
    assert row[10 : last_near + 1] == pytest.approx(device.NEAR, abs=1e-6)
    assert row[last_near + 1 : -10] == pytest.approx(far, abs=1e-6)
    first = int(np.floor((9.5 - 59.0) / 141.0 * 151.0 + 60.25 + 0.5))  # rows above hold no depth
    assert np.isnan(frame.depth[:first]).all()
    assert np.isfinite(frame.depth[first, 10:-10]).all()
    assert frame.depth.dtype == np.float32


def _column(column: float, depth: float) -> float:
    """Where a place in the depth picture lands in the colour picture, by hand."""
    x = (column - device.DEPTH["cx"]) / device.DEPTH["fx"] * depth + device.BASELINE
    return device.COLOUR["fx"] * x / depth + device.COLOUR["cx"]


def test_depth_is_aligned_to_colour():
    camera = device.SoftwareCamera()
    align = rs.align(rs.stream.color)
    found = [captured(rs, align.process(each), "here") for each in camera.framesets(6)]
    camera.close()
    whole = [each for each in found if each is not None]
    assert len(whole) >= 4  # the library lets go of the first frames before it knows both streams
    for frame in whole:
        assert_right(frame, frame.number)
        assert frame.time_s == pytest.approx(5 + frame.number / device.FPS, abs=1e-6)
    assert np.diff([each.number for each in whole]).tolist() == [1] * (len(whole) - 1)


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("recording") / "walk.db3"
    camera = device.SoftwareCamera(path)
    for _ in camera.framesets(12):
        pass
    camera.close()
    del camera
    return path


def test_a_recording_is_played_frame_by_frame(recording):
    with file_frames(recording) as (frames, duration):
        found = list(frames)
    assert 0 < duration < 5
    assert [each.number for each in found] == list(range(found[0].number, 13))
    assert found[0].number <= 3
    for frame in found:
        assert_right(frame, frame.number)


def test_files_of_other_kinds_are_refused_in_one_line(tmp_path):
    for name in ("a.bag", "a.db3", "a.mp4"):
        path = tmp_path / name
        with pytest.raises(UnreadableInput, match="no such file"), file_frames(path):
            pass
        path.write_bytes(b"#ROSBAG V2.0\n" + bytes(3000))
        with (
            pytest.raises(UnreadableInput, match="not a RealSense recording") as caught,
            file_frames(path),
        ):
            pass
        assert "\n" not in str(caught.value)


def test_no_camera_is_told():
    if len(rs.context().query_devices()):
        pytest.skip("a camera is connected")
    with pytest.raises(CameraFailed, match="no RealSense camera"), camera_frames(640, 480, 30):
        pass


def test_a_missing_library_is_told(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyrealsense2", None)
    with pytest.raises(MissingExtra, match="realsense"), camera_frames(640, 480, 30):
        pass


def test_distortion_is_kept():
    seen = rs.intrinsics()
    seen.width, seen.height, seen.fx, seen.fy, seen.ppx, seen.ppy = 640, 480, 600, 601, 320, 241
    seen.model, seen.coeffs = rs.distortion.inverse_brown_conrady, [0.1, -0.2, 0.01, 0.0, 0.05]
    camera = camera_of(seen)
    assert camera.distortion == pytest.approx((0.1, -0.2, 0.01, 0.0, 0.05))
    assert camera.distortion_model == "inverse_brown_conrady"
    assert (camera.cx, camera.cy) == (320, 241)


@pytest.mark.parametrize(
    ("form", "channels", "order"), [("bgr8", 3, [2, 1, 0]), ("rgba8", 4, [0, 1, 2])]
)
def test_other_orders_of_colour_become_rgb(form, channels, order):
    pixels = np.arange(2 * 2 * channels, dtype=np.uint8).reshape(2, 2, channels)

    class Frame:
        class profile:  # noqa: N801  -- as the library has it
            @staticmethod
            def format():
                return getattr(rs.format, form)

        @staticmethod
        def get_data():
            return pixels

    assert (realsense._as_rgb(rs, Frame(), "here") == pixels[..., order]).all()
