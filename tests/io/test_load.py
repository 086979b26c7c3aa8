from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import gaitpose
from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.io import load_poses
from gaitpose.io.netcdf import write_poses
from gaitpose.io.trc import write_trc
from gaitpose.poses import poses_from_arrays
from gaitpose.skeleton import KEYPOINTS, LEG_JOINTS


@pytest.fixture
def walker_m(stick_figure) -> np.ndarray:
    """The walking figure in metres, y up, (frames, keypoints, 3)."""
    flat = stick_figure() / 300 * [1, -1] + [0, 1.2]
    return np.concatenate([flat, np.zeros_like(flat[..., :1])], axis=2)


def test_it_is_exported() -> None:
    assert gaitpose.load_poses is load_poses


def test_trc_with_joint_names(tmp_path: Path, walker_m: np.ndarray) -> None:
    write_trc(tmp_path / "walk.trc", KEYPOINTS, walker_m, 100)
    poses = load_poses(tmp_path / "walk.trc")
    np.testing.assert_allclose(
        poses["position"].squeeze("individuals").transpose("time", "keypoints", "space"),
        walker_m,
        atol=1e-6,
    )
    assert poses.attrs["fps"] == 100
    assert poses.attrs["source_file"] == "walk.trc"


def test_z_up_trc_is_turned(tmp_path: Path, walker_m: np.ndarray) -> None:
    z_up = walker_m[..., [0, 2, 1]] * [1, -1, 1]
    write_trc(tmp_path / "walk.trc", KEYPOINTS, z_up, 100)
    poses = load_poses(tmp_path / "walk.trc")
    np.testing.assert_allclose(
        poses["position"].squeeze("individuals").transpose("time", "keypoints", "space"),
        walker_m,
        atol=1e-6,
    )


def test_points_that_are_never_seen_are_left_out(tmp_path: Path, walker_m: np.ndarray) -> None:
    position = walker_m.copy()
    position[:, [0, 1, 8]] = np.nan
    poses = poses_from_arrays(position, 50, KEYPOINTS, "m")
    write_poses(tmp_path / "a.nc", poses)
    loaded = load_poses(tmp_path / "a.nc")
    assert [str(k) for k in loaded["keypoints"].to_numpy()] == [*LEG_JOINTS, *KEYPOINTS[9:]]


def test_unusual_marker_names_can_be_given(tmp_path: Path, walker_m: np.ndarray) -> None:
    labels = [f"M{n}" for n in range(len(KEYPOINTS))]
    write_trc(tmp_path / "walk.trc", labels, walker_m, 100)
    with pytest.raises(
        UnreadableInput, match=r"walk\.trc, markers: needed joint left_hip, right_hip"
    ):
        load_poses(tmp_path / "walk.trc")
    aliases = {name: labels[KEYPOINTS.index(name)] for name in LEG_JOINTS}
    assert tuple(load_poses(tmp_path / "walk.trc", keypoints=aliases)["keypoints"].to_numpy()) == (
        LEG_JOINTS
    )


def test_frame_rate_must_agree_with_the_file(tmp_path: Path, walker_m: np.ndarray) -> None:
    write_trc(tmp_path / "walk.trc", KEYPOINTS, walker_m, 100)
    assert load_poses(tmp_path / "walk.trc", fps=100).attrs["fps"] == 100
    with pytest.raises(UnreadableInput, match="the file says 100 frames per second, not 60"):
        load_poses(tmp_path / "walk.trc", fps=60)


def test_frame_rate_is_asked_for_where_the_file_does_not_tell(tmp_path: Path) -> None:
    content = [{"image_id": i, "keypoints": [5.0, 6.0, 1.0] * 17} for i in range(4)]
    (tmp_path / "a.json").write_text(json.dumps(content))
    with pytest.raises(UnreadableInput, match=r"frame rate is None\. Give .*--fps"):
        load_poses(tmp_path / "a.json")
    assert load_poses(tmp_path / "a.json", fps=30).sizes["time"] == 4


def test_the_pictures_size_may_be_given_where_the_file_does_not_tell(
    tmp_path: Path, walker_m: np.ndarray
) -> None:
    content = [{"image_id": i, "keypoints": [5.0, 6.0, 1.0] * 17} for i in range(4)]
    (tmp_path / "a.json").write_text(json.dumps(content))
    poses = load_poses(tmp_path / "a.json", fps=30, picture_size=(1920, 1080))
    assert (poses.attrs["image_width"], poses.attrs["image_height"]) == (1920, 1080)
    write_poses(tmp_path / "a.nc", poses)
    with pytest.raises(BadSettings, match="the file says 1920 x 1080 pixels, not 640 x 480"):
        load_poses(tmp_path / "a.nc", picture_size=(640, 480))
    assert load_poses(tmp_path / "a.nc", picture_size=(1920, 1080)).attrs["image_width"] == 1920
    with pytest.raises(BadSettings, match="no size of 0 x 1080"):
        load_poses(tmp_path / "a.json", fps=30, picture_size=(0, 1080))
    write_trc(tmp_path / "walk.trc", KEYPOINTS, walker_m, 100)
    with pytest.raises(BadSettings, match="points in space"):
        load_poses(tmp_path / "walk.trc", picture_size=(1920, 1080))


def test_all_values_missing_is_said(tmp_path: Path, walker_m: np.ndarray) -> None:
    poses = poses_from_arrays(np.full_like(walker_m, np.nan), 50, KEYPOINTS, "m")
    write_poses(tmp_path / "a.nc", poses)
    with pytest.raises(UnreadableInput, match=r"a\.nc: no joint is visible in any frame"):
        load_poses(tmp_path / "a.nc")


def test_a_leg_joint_that_is_never_seen_is_named(tmp_path: Path, walker_m: np.ndarray) -> None:
    position = walker_m.copy()
    position[:, KEYPOINTS.index("left_knee")] = np.nan
    write_poses(tmp_path / "a.nc", poses_from_arrays(position, 50, KEYPOINTS, "m"))
    with pytest.raises(UnreadableInput, match="needed joint left_knee is not visible"):
        load_poses(tmp_path / "a.nc")


def test_one_frame_is_said(tmp_path: Path, walker_m: np.ndarray) -> None:
    write_trc(tmp_path / "walk.trc", KEYPOINTS, walker_m[:1], 100)
    with pytest.raises(UnreadableInput, match=r"walk\.trc: it has only one frame"):
        load_poses(tmp_path / "walk.trc")


def test_a_video_is_sent_elsewhere(make_video) -> None:
    with pytest.raises(UnreadableInput, match=r"this is a video.*analyze_video"):
        load_poses(make_video("a.mp4"))


def test_absent_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"absent\.trc: no such file"):
        load_poses(tmp_path / "absent.trc")


def test_motion_capture(shared_data: Path) -> None:
    walk = load_poses(shared_data / "gait" / "plug_in_gait_c3d" / "PiG_Motion3_FF.c3d")
    assert walk.attrs["source_software"] == "Vicon Nexus"
    assert "left_shoulder" not in walk["keypoints"]
    heights = walk["position"].sel(space="y").median("time").squeeze()
    assert float(heights.sel(keypoints="left_hip")) == pytest.approx(0.861, abs=0.01)
    assert float(heights.sel(keypoints="left_ankle")) == pytest.approx(0.10, abs=0.03)
    trial = load_poses(shared_data / "gait" / "mocap_force_plates" / "walking1.trc")
    assert trial.sizes == {"time": 131, "space": 3, "keypoints": 12, "individuals": 1}


def test_video_needs_none_of_the_readers() -> None:
    script = (
        "import sys, gaitpose.io.video;"
        "print({'pandas', 'h5py', 'ezc3d', 'xarray'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
