"""Recordings from files: each kind is read, compared, and refused where it is no use."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from gaitpose.comparison import compare_files, load_recording, save_agreement
from gaitpose.errors import UnreadableInput


def _table(offset: float = 0.0, names=("left_knee_deg", "right_knee_deg")) -> pd.DataFrame:
    time = np.arange(400) / 100
    left = 30 - 28 * np.cos(2 * np.pi * time / 1.1) + 2 * time + offset
    right = 30 + 28 * np.cos(2 * np.pi * time / 1.1) + 2 * time + offset
    return pd.DataFrame({"time_s": time, names[0]: left, names[1]: right})


@pytest.mark.parametrize(
    "names",
    [("left_knee_deg", "right_knee_deg"), ("knee_angle_l", "knee_angle_r"), ("L knee", "R knee")],
)
def test_csv_in_usual_spellings(tmp_path, names):
    path = tmp_path / "a.csv"
    _table(names=names).to_csv(path, index=False)
    recording = load_recording(path)
    assert recording.angles["joint"].values.tolist() == ["knee"]
    np.testing.assert_allclose(
        recording.angles.sel(side="right", joint="knee"), _table().iloc[:, 2], atol=1e-9
    )


def test_two_tables_and_their_report(tmp_path):
    for name, offset in (("a", 0.0), ("b", 4.0)):
        _table(offset).to_csv(tmp_path / f"{name}.csv", index=False)
    agreement = compare_files(tmp_path / "a.csv", tmp_path / "b.csv")
    assert agreement.angles["bias"].tolist() == pytest.approx([-4, -4], abs=0.1)
    written = save_agreement(agreement, tmp_path / "out")
    assert [path.name for path in written if path.parent == tmp_path / "out"] == [
        "agreement.json", "angles.csv", "samples.csv", "agreement.html",
    ]  # fmt: skip
    content = json.loads(written[0].read_text())
    assert content["angles"][0]["joint"] == "knee"
    assert "RMSE without offset" in written[-1].read_text()


def test_radians_and_tables_without_angles_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    table = _table()
    table.iloc[:, 1:] = np.radians(table.iloc[:, 1:])
    table.to_csv(path, index=False)
    with pytest.raises(UnreadableInput, match="radians"):
        load_recording(path)
    table[["time_s"]].assign(height=1.0).to_csv(path, index=False)
    with pytest.raises(UnreadableInput, match="holds no joint angles"):
        load_recording(path)


def test_opensim_coordinates(shared_data):
    folder = shared_data / "gait" / "mocap_force_plates"
    recording = load_recording(folder / "walking1_manual_scaling_ik.mot")
    assert set(recording.angles["joint"].values) == {"hip", "knee", "ankle"}
    knee = recording.angles.sel(joint="knee")
    assert 50 < float(knee.max()) < 80
    assert float(knee.min()) > -15


def test_motion_capture_against_itself(shared_data):
    path = shared_data / "gait" / "plug_in_gait_c3d" / "FunctionalWalk.c3d"
    agreement = compare_files(path, path)
    assert agreement.angles["rmse"].max() == pytest.approx(0, abs=1e-9)
    assert agreement.angles["cycles"].min() >= 1
    assert agreement.lag.seconds == pytest.approx(0)


def test_markers_against_inverse_kinematics(shared_data):
    folder = shared_data / "gait" / "mocap_force_plates"
    agreement = compare_files(folder / "walking1.trc", folder / "walking1_manual_scaling_ik.mot")
    angles = agreement.angles.set_index("joint")
    assert agreement.lag.seconds == pytest.approx(0, abs=0.02)
    assert angles.loc["knee", "rmse_without_offset"].max() < 2.5
    assert angles.loc["hip", "rmse_without_offset"].max() < 2.5


def test_analysis_folder_against_the_file_it_came_from(shared_data, tmp_path):
    from gaitpose.io import load_poses
    from gaitpose.workflow import analyze_poses

    path = shared_data / "gait" / "plug_in_gait_c3d" / "FunctionalWalk.c3d"
    analyze_poses(load_poses(path)).save(tmp_path / "walk", overlay=False)
    recording = load_recording(tmp_path / "walk")
    assert not recording.parameters.empty
    agreement = compare_files(tmp_path / "walk", path)
    knee = agreement.angles[agreement.angles["joint"] == "knee"]
    assert knee["rmse"].max() < 1.5
    assert knee["r"].min() > 0.99
    # The file's labelled events give the reference's times.
    stride = agreement.parameters.set_index(["name", "side"]).loc["stride_time"]
    assert stride["cycles"].tolist() == [2, 2]
    assert stride["bias"].abs().max() < 0.01
    itself = compare_files(tmp_path / "walk", tmp_path / "walk")
    assert itself.parameters["bias"].abs().max() == 0
    assert "stride_time" in set(itself.parameters["name"])


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda table: table[::-1], "row 2 of 400"),
        (lambda table: pd.concat([table, table]), "row 401 of 800"),
        (
            lambda table: table.assign(time_s=table["time_s"].where(table.index != 7)),
            "row 8 of 400",
        ),
    ],
    ids=["backwards", "two trials", "a gap in the clock"],
)
def test_a_clock_that_does_not_go_forward_is_refused(tmp_path, spoil, told):
    path = tmp_path / "a.csv"
    spoil(_table()).to_csv(path, index=False)
    with pytest.raises(UnreadableInput, match=f"does not go forward at {told}"):
        load_recording(path)


def test_a_cell_that_is_no_number_is_named(tmp_path):
    path = tmp_path / "a.csv"
    table = _table().astype(object)
    table.iloc[11, 1] = "n/a?"
    table.iloc[12, 1] = None
    table.to_csv(path, index=False)
    with pytest.raises(UnreadableInput, match=r"row 12 of column left_knee_deg is no number \(n/a"):
        load_recording(path)


def test_usual_headings_of_clocks(tmp_path):
    path = tmp_path / "a.csv"
    _table().rename(columns={"time_s": "Time (s)"}).to_csv(path, index=False)
    assert load_recording(path).angles.sizes["time"] == 400


def test_poses_that_do_not_tell_their_rate_are_analysed_first(tmp_path):
    poses = [
        {"image_id": k, "keypoints": [1.0] * 51, "score": 1.0, "category_id": 1} for k in (0, 1)
    ]
    path = tmp_path / "alphapose.json"
    path.write_text(json.dumps(poses))
    with pytest.raises(UnreadableInput, match="gaitpose analyze --fps"):
        load_recording(path)


def test_columns_of_words_and_empty_rows_are_passed_over(tmp_path):
    path = tmp_path / "a.csv"
    _table().assign(phase_left="stance").to_csv(path, index=False)
    path.write_text(path.read_text() + ",,,\n,,,\n")
    recording = load_recording(path)
    assert recording.angles["joint"].values.tolist() == ["knee"]
    assert recording.angles.sizes["time"] == 400


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("decimal", [",", "."])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_tables_of_spreadsheets_elsewhere(tmp_path, separator, decimal, encoding):
    plain, other = tmp_path / "a.csv", tmp_path / "b.csv"
    table = _table()
    table.to_csv(plain, index=False)
    table.to_csv(other, index=False, sep=separator, decimal=decimal, encoding=encoding)
    xr.testing.assert_allclose(load_recording(plain).angles, load_recording(other).angles)


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_separator_at_the_end_of_each_row_shifts_nothing(tmp_path, separator):
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    _table().to_csv(plain, index=False, sep=separator)
    head, *rows = plain.read_text().splitlines()
    other.write_text("\n".join([head, *(f"{row}{separator}" for row in rows)]))
    xr.testing.assert_identical(load_recording(plain).angles, load_recording(other).angles)


def test_a_spoilt_cell_among_decimal_commas_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("time;left_knee\n0,0;1,5\n0,1;2.5\n0,2;-\n")
    with pytest.raises(UnreadableInput, match=r"row 3 of column left_knee is no number \(-\)"):
        load_recording(path)
    path.write_text("time;left_knee\n0,0;10,5\n0,1;2.5\n0,2;\n")
    knee = load_recording(path).angles.sel(side="left", joint="knee")
    np.testing.assert_array_equal(knee, [10.5, 2.5, np.nan])


def test_tables_of_older_spreadsheets(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("time;left knee (°)\n0,0;10,5\n0,1;12,5\n".encode("cp1252"))
    assert load_recording(path).angles["joint"].values.tolist() == ["knee"]


def test_rows_with_more_cells_than_names_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    _table().assign(more=1.0).to_csv(path, index=False, header=["time_s", "left_knee", "b", "c"])
    path.write_text(path.read_text().replace("left_knee,b,c", "left_knee,b"))
    with pytest.raises(UnreadableInput, match="more cells than names"):
        load_recording(path)


def test_decimal_commas_are_named(tmp_path):
    path = tmp_path / "a.csv"
    table = _table()
    table.assign(
        left_knee_deg=[f"{value:.2f}".replace(".", ",") for value in table["left_knee_deg"]]
    ).to_csv(path, index=False)
    with pytest.raises(UnreadableInput, match="decimals have a point"):
        load_recording(path)
