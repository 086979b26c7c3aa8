from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.io.layouts import BODY_25, COCO_18
from gaitpose.io.openpose import read_openpose
from gaitpose.skeleton import KEYPOINTS, canonical_name

LAYOUTS = {"BODY_25": BODY_25, "COCO": COCO_18}


def person(points: np.ndarray, layout: tuple[str, ...], confidence: float = 0.8) -> dict:
    """Write one person's points (keypoints of KEYPOINTS, 2) in OpenPose's order."""
    triplets: list[float] = []
    for name in layout:
        ours = canonical_name(name)
        xy = points[KEYPOINTS.index(ours)] if ours else (1.0, 1.0)
        triplets += [0, 0, 0] if np.isnan(xy).any() else [*map(float, xy), confidence]
    return {"person_id": [-1], "pose_keypoints_2d": triplets, "hand_left_keypoints_2d": []}


def write_folder(
    folder: Path, people: np.ndarray, layout: tuple[str, ...], skip: tuple[int, ...] = ()
) -> Path:
    """Write people (frames, people, keypoints, 2), one file a frame."""
    folder.mkdir()
    for index, frame in enumerate(people):
        if index not in skip:
            content = {"version": 1.3, "people": [person(points, layout) for points in frame]}
            (folder / f"walk_{index:012d}_keypoints.json").write_text(json.dumps(content))
    return folder


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(tmp_path: Path, stick_figure, name: str) -> None:
    walker = stick_figure()
    folder = write_folder(tmp_path / "json", walker[:, np.newaxis], LAYOUTS[name])
    poses = read_openpose(folder, fps=25)
    expected = KEYPOINTS if name == "BODY_25" else KEYPOINTS[:8]
    assert tuple(poses["keypoints"].to_numpy()) == expected
    found = poses["position"].squeeze("individuals").transpose("time", "keypoints", "space")
    np.testing.assert_allclose(found, walker[:, : len(expected)], atol=1e-9)
    np.testing.assert_allclose(poses["confidence"], 0.8)
    assert poses.attrs["fps"] == 25
    assert (poses.attrs["source_software"], poses.attrs["source_file"]) == ("OpenPose", "json")


def test_order_of_the_layouts_is_openposes() -> None:
    assert (len(BODY_25), len(COCO_18)) == (25, 18)
    assert [
        BODY_25.index(f"{side}_{p}") for side in ("right", "left") for p in ("hip", "knee", "ankle")
    ] == [9, 10, 11, 12, 13, 14]
    assert [
        BODY_25.index(p) for p in ("left_big_toe", "left_heel", "right_big_toe", "right_heel")
    ] == [19, 21, 22, 24]
    assert [
        COCO_18.index(f"{side}_{p}") for side in ("right", "left") for p in ("hip", "knee", "ankle")
    ] == [8, 9, 10, 11, 12, 13]
    assert BODY_25.index("left_shoulder") == COCO_18.index("left_shoulder") == 5


def test_zeros_absent_files_and_empty_frames_are_missing(tmp_path: Path, stick_figure) -> None:
    walker = stick_figure()
    walker[3, KEYPOINTS.index("right_knee")] = np.nan
    walker[7] = np.nan
    folder = write_folder(tmp_path / "json", walker[:, np.newaxis], BODY_25, skip=(5, 6))
    (folder / "walk_000000000004_keypoints.json").write_text('{"people": []}')
    poses = read_openpose(folder, fps=30)
    assert poses.sizes["time"] == 60
    knee = poses["position"].sel(keypoints="right_knee", space="x").squeeze().to_numpy()
    assert np.flatnonzero(np.isnan(knee)).tolist() == [3, 4, 5, 6, 7]


def test_the_walker_is_taken(tmp_path: Path, stick_figure) -> None:
    people = np.stack([stick_figure(start=400, speed=0, height=500), stick_figure(speed=6)], axis=1)
    folder = write_folder(tmp_path / "json", people, BODY_25)
    hip = read_openpose(folder, fps=30)["position"].sel(keypoints="left_hip", space="x").squeeze()
    assert float(hip[-1] - hip[0]) == pytest.approx(6 * 59)
    other = read_openpose(folder, fps=30, individual=0)
    hip = other["position"].sel(keypoints="left_hip", space="x").squeeze()
    assert float(hip[-1] - hip[0]) == pytest.approx(0)


def test_frame_rate_is_asked_for(tmp_path: Path, stick_figure) -> None:
    folder = write_folder(tmp_path / "json", stick_figure()[:, np.newaxis], BODY_25)
    with pytest.raises(UnreadableInput, match=r"frame rate is None.*--fps"):
        read_openpose(folder)


def test_other_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"no \*_keypoints\.json files.*--write_json"):
        read_openpose(tmp_path, fps=30)


def test_unknown_layouts_are_refused(tmp_path: Path, stick_figure) -> None:
    folder = write_folder(tmp_path / "json", stick_figure()[:, np.newaxis], BODY_25[:15])
    with pytest.raises(
        UnreadableInput, match=r"15 keypoints is of no known layout \(known: 25, 18"
    ):
        read_openpose(folder, fps=30)


def test_normalised_coordinates_are_refused(tmp_path: Path, stick_figure) -> None:
    folder = write_folder(tmp_path / "json", stick_figure()[:, np.newaxis] / 2000, BODY_25)
    for file in folder.iterdir():  # the points that we do not use are fractions, too
        file.write_text(file.read_text().replace("1.0, 1.0,", "0.1, 0.1,"))
    with pytest.raises(UnreadableInput, match=r"fractions of the picture.*--keypoint_scale 0"):
        read_openpose(folder, fps=30)


def test_other_json_is_refused_by_file(tmp_path: Path) -> None:
    (tmp_path / "a_000_keypoints.json").write_text('{"persons": []}')
    with pytest.raises(
        UnreadableInput, match=r"a_000_keypoints\.json: field people: field required"
    ):
        read_openpose(tmp_path, fps=30)


def test_nobody_in_any_frame_is_said(tmp_path: Path) -> None:
    for index in range(3):
        (tmp_path / f"a_{index}_keypoints.json").write_text('{"people": []}')
    with pytest.raises(UnreadableInput, match="nobody is found in any frame"):
        read_openpose(tmp_path, fps=30)
