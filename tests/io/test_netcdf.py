from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gaitpose.errors import UnreadableInput
from gaitpose.io.netcdf import read_poses, write_poses
from gaitpose.poses import poses_from_arrays, with_log
from gaitpose.skeleton import KEYPOINTS


def poses_of(position: np.ndarray, **more) -> xr.Dataset:
    units = "px" if position.shape[2] == 2 else "m"
    return poses_from_arrays(position, 29.97, KEYPOINTS[: position.shape[1]], units, **more)


@settings(max_examples=25, deadline=None)
@given(
    position=arrays(
        float,
        st.tuples(st.integers(2, 6), st.sampled_from([8, 12]), st.sampled_from([2, 3])),
        elements=st.floats(-1e4, 1e4) | st.just(np.nan),
    )
)
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, position: np.ndarray) -> None:
    path = tmp_path_factory.mktemp("nc") / "poses.nc"
    poses = with_log(poses_of(position, attributes={"image_width": 640}), "a step", size=3)
    write_poses(path, poses)
    xr.testing.assert_identical(read_poses(path), poses)


def test_variable_times_are_kept(tmp_path: Path) -> None:
    times = np.array([0.0, 0.03, 0.07, 0.2])
    position = np.random.default_rng(0).uniform(0, 500, (4, 8, 2))
    poses = poses_from_arrays(position, None, KEYPOINTS[:8], "px", times=times)
    write_poses(tmp_path / "a.nc", poses)
    np.testing.assert_array_equal(read_poses(tmp_path / "a.nc")["time"], times)


def test_layout_is_that_of_movement(tmp_path: Path, stick_figure) -> None:
    """What movement 0.15's ``ValidPosesInputs.validate`` and its loaders rely on."""
    write_poses(tmp_path / "a.nc", poses_of(stick_figure()))
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as stored:
        assert stored["position"].dims == ("time", "space", "keypoints", "individuals")
        assert stored["confidence"].dims == ("time", "keypoints", "individuals")
        assert stored["space"].to_numpy().tolist() == ["x", "y"]
        assert stored["keypoints"].to_numpy().tolist() == list(KEYPOINTS)
        assert stored["individuals"].to_numpy().tolist() == ["subject"]
        assert stored["time"].dtype == float  # not decoded into dates
        assert stored.attrs["ds_type"] == "poses"
        assert stored.attrs["time_unit"] == "seconds"
        assert stored.attrs["fps"] == pytest.approx(29.97)
        assert {"source_software", "source_file", "log"} <= set(stored.attrs)
        assert json.loads(stored.attrs["log"]) == []


def test_movement_opens_it(tmp_path: Path, stick_figure) -> None:
    validators = pytest.importorskip("movement.validators.datasets")
    kinematics = pytest.importorskip("movement.kinematics")
    write_poses(tmp_path / "a.nc", poses_of(stick_figure()))
    with xr.open_dataset(tmp_path / "a.nc") as stored:
        validators.ValidPosesInputs.validate(stored)
        speed = kinematics.compute_speed(stored["position"])
    hip = speed.sel(keypoints="left_hip").squeeze()
    np.testing.assert_allclose(hip, 4 * 29.97, rtol=1e-6)


def movement_file(path: Path, stick_figure, **attributes) -> Path:
    """Write a file as movement does for two individuals, one keypoint more, float32."""
    figures = np.stack([stick_figure(), stick_figure(start=500)], axis=-1)
    names = ["nose", *KEYPOINTS]
    position = np.concatenate([figures[:, :1], figures], axis=1).transpose(0, 2, 1, 3)
    attrs = {"ds_type": "poses", "fps": 50.0, "time_unit": "seconds", **attributes}
    attrs = {"source_file": "/home/someone/walk.csv", "source_software": "DeepLabCut", **attrs}
    in_frames = attrs["time_unit"] == "frames"
    xr.Dataset(
        {
            "position": (("time", "space", "keypoints", "individuals"), position.astype("f4")),
            "confidence": (
                ("time", "keypoints", "individuals"),
                np.full((60, len(names), 2), np.nan, "f4"),
            ),
        },
        coords={
            "time": np.arange(60) if in_frames else np.arange(60) / 50,
            "space": ["x", "y"],
            "keypoints": names,
            "individuals": ["id_0", "id_1"],
        },
        attrs={key: value for key, value in attrs.items() if value is not None},
    ).to_netcdf(path, engine="h5netcdf")
    return path


@pytest.mark.parametrize(("individual", "start"), [(None, 100), (0, 100), (1, 500), ("id_1", 500)])
def test_files_of_movement_are_read(tmp_path: Path, stick_figure, individual, start: float) -> None:
    poses = read_poses(movement_file(tmp_path / "a.nc", stick_figure), individual=individual)
    found = poses["position"].squeeze("individuals").transpose("time", "keypoints", "space")
    np.testing.assert_allclose(found, stick_figure(start=start), rtol=1e-6)
    np.testing.assert_array_equal(poses["confidence"], 1)  # NaN there: not known
    assert poses.attrs["units"] == "px"
    assert poses.attrs["fps"] == 50
    assert poses.attrs["source_file"] == "walk.csv"  # no folder: it may name a patient


def test_who_walks_is_taken_not_who_comes_first(tmp_path: Path, stick_figure) -> None:
    path = movement_file(tmp_path / "a.nc", stick_figure)
    with xr.open_dataset(path, engine="h5netcdf") as opened:
        stored = opened.load()
    first = {"individuals": 0}
    stored["position"][first] = stored["position"][first].isel(time=0)
    stored.to_netcdf(tmp_path / "b.nc", engine="h5netcdf")
    poses = read_poses(tmp_path / "b.nc")
    assert poses["individuals"].item() == "id_1"
    assert "others_who_travel" not in poses.attrs
    assert read_poses(path).attrs["others_who_travel"] == "id_1"


def test_another_rate_than_the_file_s_is_refused(tmp_path: Path, stick_figure) -> None:
    path = movement_file(tmp_path / "a.nc", stick_figure)
    assert read_poses(path, fps=50.0).attrs["fps"] == 50
    with pytest.raises(UnreadableInput, match="says 50 frames per second, not 60"):
        read_poses(path, fps=60.0)


def test_time_in_frames_needs_a_rate(tmp_path: Path, stick_figure) -> None:
    path = movement_file(tmp_path / "a.nc", stick_figure, time_unit="frames", fps=None)
    with pytest.raises(UnreadableInput, match="--fps"):
        read_poses(path)
    np.testing.assert_allclose(read_poses(path, fps=25)["time"], np.arange(60) / 25)


def test_absent_person_is_said(tmp_path: Path, stick_figure) -> None:
    path = movement_file(tmp_path / "a.nc", stick_figure)
    for individual in (2, "Anna"):
        with pytest.raises(UnreadableInput, match=r"no person .*It has 2: id_0, id_1"):
            read_poses(path, individual=individual)


def test_other_content_is_refused(tmp_path: Path) -> None:
    xr.Dataset({"a": ("b", [1.0])}).to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    with pytest.raises(UnreadableInput, match=r"a\.nc: there is no variable 'position'"):
        read_poses(tmp_path / "a.nc")
    (tmp_path / "b.nc").write_bytes(b"\x89HDF\r\n\x1a\n and then nothing")
    with pytest.raises(UnreadableInput, match="not a netCDF 4 file"):
        read_poses(tmp_path / "b.nc")
