"""Projection against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.errors import BadSettings
from gaitpose.synthetic import PinholeCamera, variable_frame_times, walk
from gaitpose.synthetic.presets import healthy

LEVEL = {"distance": 5.0, "x": 2.0, "height": 1.0, "fx": 1000.0, "fy": 1100.0}


def camera(**changes: object) -> PinholeCamera:
    return PinholeCamera(**{**LEVEL, "centre": (960.0, 540.0), **changes})


def test_level_camera_by_hand() -> None:
    # 1 m ahead and 0.5 m up on the walking line: 1000 / 5 and 1100 * 0.5 / 5 pixels.
    assert camera().project(np.array([3.0, 1.5, 0.0])) == pytest.approx([1160.0, 430.0])
    # 1 m nearer: divided by 4.
    assert camera().project(np.array([3.0, 1.5, 1.0])) == pytest.approx([1210.0, 402.5])
    assert camera().depth(np.array([3.0, 1.5, 1.0])) == pytest.approx(4.0)
    assert np.isnan(camera().project(np.array([3.0, 1.5, 6.0]))).all()  # behind the camera


def test_principal_point_is_the_middle_of_the_picture() -> None:
    seen = PinholeCamera(**LEVEL, width=641, height_px=481).project(np.array([2.0, 1.0, 0.0]))
    assert seen == pytest.approx([320.0, 240.0])


@pytest.mark.parametrize("angle", [3.0, -5.0])
def test_roll_turns_the_picture_about_the_principal_point(angle: float) -> None:
    square = {"fx": 1000.0, "fy": 1000.0}
    point = np.array([2.7, 0.4, 0.2])
    upright, rolled = (camera(**square, roll=a).project(point) - (960, 540) for a in (0.0, angle))
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    assert rolled == pytest.approx(
        [c * upright[0] - s * upright[1], s * upright[0] + c * upright[1]]
    )


def test_pitch_and_yaw_by_hand() -> None:
    # The point on the axis moves by f * tan(angle): down when looking up, left when looking right.
    ahead = np.array([2.0, 1.0, 0.0])
    tangent = np.tan(np.radians(4.0))
    assert camera(pitch=4.0).project(ahead) == pytest.approx([960, 540 + 1100 * tangent])
    assert camera(yaw=4.0).project(ahead) == pytest.approx([960 - 1000 * tangent, 540])


def test_axes_are_a_rotation() -> None:
    axes = camera(roll=7.0, pitch=-3.0, yaw=11.0, side="left").axes
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1.0)


def test_other_side_sees_the_mirror_image_with_sides_exchanged() -> None:
    walked = walk(healthy(fps=50.0))
    right = camera(side="right").project(walked.position)
    names = list(walked.keypoints)
    exchanged = [names.index(n.replace("left", "X").replace("right", "left").replace("X", "right"))
                 for n in names]  # fmt: skip
    mirrored = walked.position[:, exchanged] * [1, 1, -1]
    left = camera(side="left").project(mirrored[:, exchanged])
    np.testing.assert_allclose(left[..., 1], right[..., 1], atol=1e-9)
    np.testing.assert_allclose(left[..., 0], 1920 - right[..., 0], atol=1e-9)
    hip = camera(side="left").project(walked.point("left_hip"))
    assert hip[0, 0] > hip[-1, 0]  # right to left
    near = camera(side="left").depth(walked.point("left_hip"))
    assert (near < camera(side="left").depth(walked.point("right_hip"))).all()


def test_far_camera_is_orthographic() -> None:
    points = walk(healthy(fps=20.0)).position
    far = camera(distance=5e6, fx=1e9, fy=1.1e9).project(points)
    parallel = camera(distance=5.0, orthographic=True).project(points)
    np.testing.assert_allclose(far, parallel, atol=2e-3)


def test_poses_carry_the_camera() -> None:
    poses = camera(width=1280, height_px=720, centre=None).to_poses(walk(healthy(fps=30.0)))
    assert poses.attrs["units"] == "px"
    assert [poses.attrs[name] for name in ("image_width", "image_height", "fx", "fy")] == [
        1280, 720, 1000.0, 1100.0,
    ]  # fmt: skip
    assert poses.attrs["fps"] == pytest.approx(30.0)


def test_points_outside_the_picture_can_be_missing() -> None:
    walked = walk(healthy(fps=30.0))
    poses = camera(width=800, height_px=600, centre=None).to_poses(walked, cropped=True)
    x = poses.position.sel(space="x").values
    assert np.nanmin(x) >= -0.5 and np.nanmax(x) < 799.5
    missing = np.isnan(x)
    assert 0.2 < missing.mean() < 0.9
    assert (poses.confidence.values[missing] == 0).all()


def test_variable_frame_times() -> None:
    rng = np.random.default_rng(3)
    times = variable_frame_times(60.0, 30.0, 0.2, rng, dropped=0.05)
    assert (np.diff(times) > 0).all() and times[0] == 0.0 and times[-1] <= 60.1
    assert len(times) == pytest.approx(0.95 * 1801, rel=0.02)
    regular = variable_frame_times(60.0, 30.0, 0.2, rng)
    late = regular - np.arange(len(regular)) / 30.0
    assert late.std() == pytest.approx(0.2 / 30, rel=0.1)


def test_impossible_cameras_are_refused() -> None:
    with pytest.raises(BadSettings, match="camera"):
        PinholeCamera(distance=-1.0)
