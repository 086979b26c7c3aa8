"""Kinect exports: tables of joints, and parent-relative chains."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.transform import Rotation

from gaitpose.errors import UnreadableInput
from gaitpose.io.kinect import CHAIN, KINECT_NAMES, from_parent_relative, read_kinect_table

NAMES = [name for name, _ in CHAIN]


def _chain(frames: int = 4) -> tuple[np.ndarray, np.ndarray]:
    position = np.zeros((frames, len(CHAIN), 3))
    position[:, NAMES.index("pelvis")] = [0, 90, 250]
    position[:, NAMES.index("spine")] = [0, 25, 0]
    for side, x in (("left", 8), ("right", -8)):
        position[:, NAMES.index(f"{side}_hip")] = [x, 0, 0]
        position[:, NAMES.index(f"{side}_knee")] = [0, -40, 0]
        position[:, NAMES.index(f"{side}_ankle")] = [0, -38, 0]
        position[:, NAMES.index(f"{side}_toe")] = [0, 0, 15]
    angles = np.zeros_like(position)
    angles[:, NAMES.index("head")] = 20.0
    return position, angles


def test_chain_is_composed_in_metres():
    position, angles = _chain()
    angles[:, NAMES.index("left_hip")] = [-90, 0, 0]
    angles[:, NAMES.index("left_knee")] = [90, 0, 0]
    skeleton = from_parent_relative(position, angles, source="test")
    np.testing.assert_allclose(skeleton.joints["left_knee"][0], [0.08, 0.9, 2.9], atol=1e-12)
    np.testing.assert_allclose(skeleton.joints["left_ankle"][0], [0.08, 0.52, 2.9], atol=1e-12)
    np.testing.assert_allclose(skeleton.joints["right_ankle"][0], [-0.08, 0.12, 2.5], atol=1e-12)
    assert skeleton.rate == pytest.approx(30)


def test_turns_are_in_the_order_z_x_y():
    position, angles = _chain(1)
    angles[:, NAMES.index("left_hip")] = [30, 40, 50]
    skeleton = from_parent_relative(position, angles, source="test")
    turn = Rotation.from_euler("Z", 50, degrees=True)
    turn = turn * Rotation.from_euler("X", 30, degrees=True)
    turn = turn * Rotation.from_euler("Y", 40, degrees=True)
    step = skeleton.joints["left_knee"] - skeleton.joints["left_hip"]
    np.testing.assert_allclose(step[0], turn.apply([0, -0.4, 0]), atol=1e-12)


def test_missing_samples_stay_missing_downstream_only():
    position, angles = _chain()
    angles[1, NAMES.index("left_knee")] = np.nan
    skeleton = from_parent_relative(position, angles, source="test")
    assert np.isfinite(skeleton.joints["left_knee"]).all()
    assert np.isnan(skeleton.joints["left_ankle"][1]).all()
    assert np.isfinite(skeleton.joints["left_ankle"][[0, 2, 3]]).all()
    assert np.isfinite(skeleton.joints["right_toe"]).all()


def test_radians_units_and_shapes_are_refused():
    position, angles = _chain()
    with pytest.raises(UnreadableInput, match="radians"):
        from_parent_relative(position, np.radians(angles), source="trial 7")
    with pytest.raises(UnreadableInput, match=r"trial 7: the thigh would be 40 m"):
        from_parent_relative(position, angles, units="m", source="trial 7")
    with pytest.raises(UnreadableInput, match="not both"):
        from_parent_relative(position[:, :5], angles, source="trial 7")


def _table(scale: float = 1.0) -> pd.DataFrame:
    position, angles = _chain()
    joints = from_parent_relative(position, angles, source="test").joints
    theirs = {ours: name for name, ours in KINECT_NAMES.items()}
    columns = {
        f"{theirs[name]}_{axis.upper()}": path[:, number] * scale
        for name, path in joints.items()
        if name in theirs
        for number, axis in enumerate("xyz")
    }
    return pd.DataFrame({"Timestamp": [0.0, 33.0, 67.0, 100.0], **columns})


def test_table_of_absolute_joints(tmp_path):
    path = tmp_path / "walk.csv"
    _table().to_csv(path, index=False)
    skeleton = read_kinect_table(path)
    np.testing.assert_allclose(skeleton.joints["right_ankle"][0], [-0.08, 0.12, 2.5])
    assert skeleton.time.tolist() == pytest.approx([0, 0.033, 0.067, 0.1])
    assert "left_toe" in skeleton.joints


def test_a_comma_at_the_end_of_each_row_shifts_nothing(tmp_path):
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    _table().to_csv(plain, index=False)
    head, *rows = plain.read_text().splitlines()
    other.write_text("\n".join([head, *(f"{row}," for row in rows)]))
    one, two = read_kinect_table(plain), read_kinect_table(other)
    np.testing.assert_array_equal(one.time, two.time)
    for name, joint in one.joints.items():
        np.testing.assert_array_equal(joint, two.joints[name])


def test_table_in_the_wrong_unit_or_without_a_joint(tmp_path):
    path = tmp_path / "walk.csv"
    _table(1000.0).to_csv(path, index=False)
    with pytest.raises(UnreadableInput, match="thigh would be 400 m"):
        read_kinect_table(path)
    assert read_kinect_table(path, units="mm").joints["pelvis"][0, 2] == pytest.approx(2.5)
    table = _table()
    table.drop(columns=[name for name in table if name.startswith("KneeLeft")]).to_csv(
        path, index=False
    )
    with pytest.raises(UnreadableInput, match="left_knee is absent"):
        read_kinect_table(path)


def test_a_body_that_does_not_stand_along_y_is_refused(tmp_path):
    columns = {}
    for side in ("Left", "Right"):
        for name, height in (("Hip", 0.9), ("Knee", 0.5), ("Ankle", 0.1)):
            place = (0.1 if side == "Left" else -0.1, 2.5, height)
            for axis, value in zip("XYZ", place, strict=True):
                columns[f"{name}{side}_{axis}"] = [value] * 3
    path = tmp_path / "z-up.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    with pytest.raises(UnreadableInput, match="stand along z, not along y"):
        read_kinect_table(path)


@pytest.mark.parametrize("unit", [1.0, 1e3, 1e7], ids=["seconds", "milliseconds", "ticks"])
def test_the_clocks_unit_is_told_from_its_steps(tmp_path, unit):
    path = tmp_path / "walk.csv"
    seconds = np.array([0.0, 0.033, 0.067, 0.1])
    _table().assign(Timestamp=5 + seconds * unit).to_csv(path, index=False)
    np.testing.assert_allclose(read_kinect_table(path).time, seconds, atol=1e-9)


def test_a_clock_of_another_unit_is_refused(tmp_path):
    path = tmp_path / "walk.csv"
    _table().assign(Timestamp=np.arange(4) * 33e6).to_csv(path, index=False)
    with pytest.raises(UnreadableInput, match=r"steps of 3.3e\+07 are no frames"):
        read_kinect_table(path)
