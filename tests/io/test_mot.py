from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gaitpose.errors import UnreadableInput
from gaitpose.io.mot import read_mot, write_angles, write_mot


@settings(max_examples=40, deadline=None)
@given(
    values=arrays(
        float,
        st.tuples(st.integers(1, 8), st.integers(1, 5)),
        elements=st.floats(-180, 180) | st.just(np.nan),
    )
)
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, values: np.ndarray) -> None:
    path = tmp_path_factory.mktemp("mot") / "a.mot"
    times = np.arange(len(values)) / 30
    columns = {f"angle_{n}": values[:, n] for n in range(values.shape[1])}
    write_mot(path, columns, times, name="Walk")
    motion = read_mot(path)
    assert (motion.name, motion.in_degrees) == ("Walk", True)
    assert list(motion.table) == list(columns)
    np.testing.assert_allclose(motion.table.to_numpy(), values, atol=1e-6)
    np.testing.assert_allclose(motion.table.index, times, atol=1e-6)


def test_header_counts_what_follows(tmp_path: Path) -> None:
    write_mot(tmp_path / "a.mot", {"knee_angle_r": np.arange(4.0)}, np.arange(4) / 10)
    lines = (tmp_path / "a.mot").read_text().splitlines()
    assert lines[0] == "Coordinates"
    assert {"version=1", "nRows=4", "nColumns=2", "inDegrees=yes"} <= set(lines)
    assert lines[lines.index("endheader") + 1].split("\t") == ["time", "knee_angle_r"]


def test_angles_get_opensims_names(tmp_path: Path) -> None:
    angles = xr.DataArray(
        np.arange(12.0).reshape(2, 2, 3),
        dims=("time", "side", "joint"),
        coords={"time": [0.0, 0.1], "side": ["left", "right"], "joint": ["hip", "knee", "trunk"]},
    )
    write_angles(tmp_path / "a.mot", angles)
    table = read_mot(tmp_path / "a.mot").table
    assert list(table) == [
        *("hip_flexion_l", "knee_angle_l", "trunk_l"),
        *("hip_flexion_r", "knee_angle_r", "trunk_r"),
    ]
    np.testing.assert_allclose(table["knee_angle_r"], [4, 10])


def test_files_without_an_end_of_header_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mot").write_text("Coordinates\nversion=1\ntime\tknee\n0\t1\n")
    with pytest.raises(UnreadableInput, match=r"a\.mot: the header has no line 'endheader'"):
        read_mot(tmp_path / "a.mot")


def test_fields_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mot").write_text("inDegrees=yes\nendheader\ntime\tknee\n0\tbent\n")
    with pytest.raises(UnreadableInput, match="bent"):
        read_mot(tmp_path / "a.mot")


def test_real_files(shared_data: Path) -> None:
    folder = shared_data / "gait" / "mocap_force_plates"
    angles = read_mot(folder / "walking1_manual_scaling_ik.mot")
    assert (angles.name, angles.in_degrees, angles.table.shape) == ("Coordinates", True, (131, 35))
    assert 45 < angles.table["knee_angle_r"].max() < 80
    forces = read_mot(folder / "walking1_grf.mot")
    assert not forces.in_degrees
    assert forces.table.loc[0.0, "ground_force_1_vy"] == pytest.approx(207.522)
