from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gaitpose.errors import UnreadableInput
from gaitpose.io.trc import read_trc, write_poses, write_trc

HEADER = (
    "PathFileType\t4\t(X/Y/Z)\twalk.trc\n"
    "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n"
    "50\t50\t2\t2\tmm\t50\t1\t2\n"
    "Frame#\tTime\tLHip\t\t\tRHip\t\t\n"
    "\t\tX1\tY1\tZ1\tX2\tY2\tZ2\n"
)
ROWS = "1\t0.00\t1\t2\t3\t4\t5\t6\n2\t0.02\t7\t8\t9\t\t\t\n"
EXPECTED = np.array([[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [np.nan] * 3]]) / 1000


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "walk.trc"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("blank", ["", "\n", "\t\t\t\n"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_blank_line_after_the_labels_makes_no_difference(
    tmp_path: Path, blank: str, line_end: str
) -> None:
    motion = read_trc(written(tmp_path, (HEADER + blank + ROWS).replace("\n", line_end)))
    assert motion.labels == ("LHip", "RHip")
    assert motion.rate == 50
    np.testing.assert_allclose(motion.time_s, [0, 0.02])
    np.testing.assert_allclose(motion.points, EXPECTED)


@pytest.mark.parametrize(("unit", "metres"), [("m", 1), ("cm", 0.01), ("mm", 0.001)])
def test_unit_of_the_header_counts(tmp_path: Path, unit: str, metres: float) -> None:
    motion = read_trc(written(tmp_path, HEADER.replace("\tmm\t", f"\t{unit}\t") + ROWS))
    np.testing.assert_allclose(motion.points, EXPECTED * 1000 * metres)


def test_time_is_computed_where_the_column_is_empty(tmp_path: Path) -> None:
    rows = "11\t\t1\t2\t3\t4\t5\t6\n12\t\t7\t8\t9\t1\t1\t1\n"
    motion = read_trc(written(tmp_path, HEADER + rows))
    np.testing.assert_allclose(motion.time_s, [10 / 50, 11 / 50])  # (frame - 1) / rate


def test_a_marker_without_a_name_keeps_its_columns(tmp_path: Path) -> None:
    text = HEADER.replace("LHip\t\t\tRHip", "\t\t\tRHip")
    motion = read_trc(written(tmp_path, text + ROWS))
    assert motion.labels == ("unnamed_1", "RHip")
    np.testing.assert_allclose(motion.points, EXPECTED)


def test_labels_in_neighbouring_columns(tmp_path: Path) -> None:
    motion = read_trc(written(tmp_path, HEADER.replace("LHip\t\t\tRHip", "LHip\tRHip") + ROWS))
    assert motion.labels == ("LHip", "RHip")
    np.testing.assert_allclose(motion.points, EXPECTED)


def test_trailing_tabs_are_tolerated(tmp_path: Path) -> None:
    text = (HEADER + ROWS).replace("\n", "\t\n")
    np.testing.assert_allclose(read_trc(written(tmp_path, text)).points, EXPECTED)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense\n", r"walk\.trc: the TRC header .* is missing"),
        (HEADER.replace("\tmm\t", "\tinch\t") + ROWS, "unit 'inch' is not known"),
        (HEADER.replace("50\t50", "fast\t50") + ROWS, "DataRate is missing or no number"),
        (HEADER.replace("50\t50", "0\t50") + ROWS, "DataRate is 0"),
        (HEADER.replace("Frame#", "Bild") + ROWS, r"line of labels .* is missing"),
        (HEADER, "there are no frames"),
        (HEADER + "1\t0\t1\t2\tthree\t4\t5\t6\n", r"a field is no number .*three"),
    ],
)
def test_bad_files_are_named_with_their_fault(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UnreadableInput, match=message):
        read_trc(written(tmp_path, text))


@settings(max_examples=40, deadline=None)
@given(
    points=arrays(
        float,
        st.tuples(st.integers(1, 6), st.integers(1, 4), st.just(3)),
        elements=st.floats(-50, 50) | st.just(np.nan),
    ),
    rate=st.sampled_from([25.0, 29.97, 60.0, 100.0, 240.0]),
    start=st.integers(0, 500),
)
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory, points: np.ndarray, rate: float, start: int
) -> None:
    path = tmp_path_factory.mktemp("trc") / "a.trc"
    labels = [f"Marker {n}" for n in range(points.shape[1])]
    times = (start + np.arange(len(points))) / rate
    write_trc(path, labels, points, rate, time_s=times)
    motion = read_trc(path)
    assert list(motion.labels) == labels
    assert motion.rate == pytest.approx(rate)
    np.testing.assert_allclose(motion.points, points, atol=1e-6)
    np.testing.assert_allclose(motion.time_s, times, atol=1e-6)


def test_frame_numbers_follow_the_formula(tmp_path: Path) -> None:
    write_trc(
        tmp_path / "a.trc", ["a"], np.zeros((3, 1, 3)), 100, time_s=np.array([0.5, 0.51, 0.52])
    )
    lines = (tmp_path / "a.trc").read_text().splitlines()
    header = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    frames = [int(line.split("\t")[0]) for line in lines[6:]]
    assert frames == [51, 52, 53]
    times = (np.array(frames) - int(header["OrigDataStartFrame"])) / float(header["DataRate"])
    np.testing.assert_allclose(times, [0.5, 0.51, 0.52])


def test_planar_poses_are_written_with_zero_depth(tmp_path: Path) -> None:
    position = xr.DataArray(
        [[[1.0, 2.0], [3.0, np.nan]], [[5.0, 6.0], [7.0, 8.0]]],
        dims=("time", "space", "keypoints"),
        coords={"time": [0.0, 0.1], "space": ["x", "y"], "keypoints": ["left_hip", "right_hip"]},
    )
    write_poses(tmp_path / "a.trc", position, 10)
    motion = read_trc(tmp_path / "a.trc")
    assert motion.labels == ("left_hip", "right_hip")
    np.testing.assert_allclose(
        motion.points, [[[1, 3, 0], [np.nan] * 3], [[5, 7, 0], [6, 8, 0]]], atol=1e-9
    )


def test_real_files(shared_data: Path) -> None:
    folder = shared_data / "gait" / "mocap_force_plates"
    motion = read_trc(folder / "walking1.trc")
    assert motion.points.shape == (131, 51, 3)
    assert motion.rate == 100
    np.testing.assert_allclose(motion.time_s, np.arange(131) / 100)
    np.testing.assert_allclose(motion.points[0, 0], [-0.297591, 1.41067, -0.264781])
    assert np.isnan(motion.points).sum() == 375  # empty fields of the file
