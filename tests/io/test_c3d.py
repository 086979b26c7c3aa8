from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.io.c3d import is_c3d, read_c3d


def write_c3d(
    path: Path,
    points: np.ndarray,
    labels: list[str],
    *,
    rate: float = 100.0,
    unit: str = "mm",
    **more,
) -> Path:
    """Write points (frames, markers, 3) in the unit given, with Vicon-like parameters."""
    import ezc3d

    content = ezc3d.c3d()
    content["parameters"]["POINT"]["RATE"]["value"] = [rate]
    content["parameters"]["POINT"]["LABELS"]["value"] = labels
    content["parameters"]["POINT"]["UNITS"]["value"] = [unit]
    for name, value in more.get("point", {}).items():
        content.add_parameter("POINT", name, value)
    for name, value in more.get("event", {}).items():
        content.add_parameter("EVENT", name, value)
    data = np.ones((4, points.shape[1], points.shape[0]))
    data[:3] = np.nan_to_num(points).transpose(2, 1, 0)
    content["data"]["points"] = data
    residuals = np.zeros((1, points.shape[1], points.shape[0]))
    residuals[0][np.isnan(points).any(axis=2).T] = -1
    content["data"]["meta_points"]["residuals"] = residuals
    content.write(str(path))
    return path


@pytest.fixture
def points() -> np.ndarray:
    return np.random.default_rng(3).uniform(100, 2000, (5, 3, 3)).astype(np.float32).astype(float)


def test_millimetres_z_up_become_metres_y_up(tmp_path: Path, points: np.ndarray) -> None:
    motion = read_c3d(write_c3d(tmp_path / "a.c3d", points, ["A", "B", "C"]))
    assert motion.labels == ("A", "B", "C")
    assert motion.rate == 100
    x, y, z = np.moveaxis(points / 1000, -1, 0)
    np.testing.assert_allclose(motion.points, np.stack([x, z, -y], axis=-1), rtol=1e-6)


def test_metres_and_the_written_up_axis_are_believed(tmp_path: Path, points: np.ndarray) -> None:
    path = write_c3d(
        tmp_path / "a.c3d", points, ["A", "B", "C"], unit="m", point={"Y_SCREEN": ["+Y"]}
    )
    np.testing.assert_allclose(read_c3d(path).points, points, rtol=1e-6)


def test_missing_points_are_nan(tmp_path: Path, points: np.ndarray) -> None:
    points[2, 1] = np.nan  # written with a negative residual
    points[3, 0] = 0.0  # all zero, with a good residual
    found = read_c3d(write_c3d(tmp_path / "a.c3d", points, ["A", "B", "C"])).points
    is_missing = np.isnan(found).all(axis=2)
    assert np.argwhere(is_missing).tolist() == [[2, 1], [3, 0]]


def test_angles_are_kept_apart_in_degrees(tmp_path: Path, points: np.ndarray) -> None:
    labels = ["A", "LKneeAngles", "C"]
    path = write_c3d(tmp_path / "a.c3d", points, labels, point={"ANGLES": ["LKneeAngles"]})
    motion = read_c3d(path)
    assert motion.labels == ("A", "C")
    np.testing.assert_allclose(motion.angles["LKneeAngles"], points[:, 1], rtol=1e-6)


def test_events_are_pairs_of_minutes_and_seconds(tmp_path: Path, points: np.ndarray) -> None:
    event = {
        "USED": [5],
        "CONTEXTS": ["Left", "Right", "General", "Right", "Left"],
        "LABELS": ["Foot Strike", "Foot Off", "Foot Strike", "Toe-Off", "Something"],
        "TIMES": np.array([[1, 0, 0, 0, 0], [2.5, 4.0, 5.0, 1.25, 3.0]]),
    }
    motion = read_c3d(write_c3d(tmp_path / "a.c3d", points, ["A", "B", "C"], event=event))
    assert motion.events.to_dict("records") == [
        {"side": "right", "kind": "foot_off", "time_s": pytest.approx(1.25)},
        {"side": "right", "kind": "foot_off", "time_s": pytest.approx(4.0)},
        {"side": "left", "kind": "foot_strike", "time_s": pytest.approx(62.5)},
    ]


def test_no_events_is_an_empty_table(tmp_path: Path, points: np.ndarray) -> None:
    events = read_c3d(write_c3d(tmp_path / "a.c3d", points, ["A", "B", "C"])).events
    assert list(events) == ["side", "kind", "time_s"]
    assert len(events) == 0


def test_other_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.c3d").write_text("this is text, not motion")
    with pytest.raises(UnreadableInput, match=r"a\.c3d: this is not a C3D file"):
        read_c3d(tmp_path / "a.c3d")


def test_a_file_cut_off_in_its_header_is_refused(tmp_path: Path, points: np.ndarray) -> None:
    path = write_c3d(tmp_path / "a.c3d", points, ["A", "B", "C"])
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(UnreadableInput, match=r"a\.c3d: the C3D file is cut off"):
        read_c3d(path)


def test_a_file_cut_off_in_its_data_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    points = np.random.default_rng(0).uniform(1, 2, (200, 3, 3))
    path = write_c3d(tmp_path / "a.c3d", points, ["A", "B", "C"])
    assert read_c3d(path).missing_frames == 0
    path.write_bytes(path.read_bytes()[: -100 * 3 * 4 * 4])
    motion = read_c3d(path)
    assert 90 <= len(motion.points) <= 110
    assert motion.missing_frames == 200 - len(motion.points)


def test_first_bytes() -> None:
    assert is_c3d(b"\x02\x50")
    assert not is_c3d(b"\x02")
    assert not is_c3d(b"Pa")


@pytest.mark.parametrize(
    ("name", "rate", "frames", "start", "strikes", "offs"),
    [("PiG_Motion3_FF", 100, 293, 7.24, 6, 6), ("FunctionalWalk", 120, 438, 3.9917, 6, 5)],
)
def test_real_files(
    shared_data: Path, name: str, rate: float, frames: int, start: float, strikes: int, offs: int
) -> None:
    motion = read_c3d(shared_data / "gait" / "plug_in_gait_c3d" / f"{name}.c3d")
    assert motion.rate == rate
    assert len(motion.points) == frames
    assert motion.time_s[0] == pytest.approx(start, abs=1e-4)
    assert motion.software.startswith("Vicon")
    assert motion.events["kind"].value_counts().to_dict() == {
        "foot_strike": strikes,
        "foot_off": offs,
    }
    knee = next(motion.angles[key] for key in motion.angles if key.startswith("LKneeAngles"))
    assert 45 < np.nanmax(knee[:, 0]) < 80
    # The clock of the events is that of the points: heels are on the floor at foot strikes, toes
    # still near it at foot offs while the heels are up.
    for event in motion.events.itertuples():
        frame = round((event.time_s - motion.time_s[0]) * rate)
        heel, toe = (
            motion.points[:, motion.labels.index(event.side[0].upper() + marker), 1]
            for marker in ("HEE", "TOE")
        )
        if event.kind == "foot_strike":
            assert heel[frame] - np.nanmin(heel) < 0.01
            assert toe[frame] - np.nanmin(toe) > 0.02
        else:
            assert heel[frame] - np.nanmin(heel) > 0.15
            assert toe[frame] - np.nanmin(toe) < 0.03
