from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.io.coco import read_coco
from gaitpose.io.layouts import TOP_DOWN_LAYOUTS
from gaitpose.skeleton import KEYPOINTS, canonical_name

COCO_17 = TOP_DOWN_LAYOUTS[17]


def triplets(points: np.ndarray, names: tuple[str, ...], third: float) -> list[float]:
    flat: list[float] = []
    for name in names:
        ours = canonical_name(name)
        xy = points[KEYPOINTS.index(ours)] if ours else (2.0, 3.0)
        flat += [0, 0, 0] if np.isnan(xy).any() else [*map(float, xy), third]
    return flat


def saved(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / "walk.json"
    path.write_text(json.dumps(content))
    return path


def coordinates(poses) -> np.ndarray:
    return (
        poses["position"].squeeze("individuals").transpose("time", "keypoints", "space").to_numpy()
    )


def annotations(walker: np.ndarray, **more) -> dict[str, Any]:
    names = ("left_shoulder", *[n for n in KEYPOINTS if n != "left_shoulder"])
    images = [
        {"id": 900 - i, "file_name": f"walk_{i:05d}.jpg", "width": 640, "height": 480}
        for i in range(len(walker))
    ]
    people = [
        {"id": i, "image_id": 900 - i, "category_id": 1, "keypoints": triplets(p, names, 2), **more}
        for i, p in enumerate(walker)
    ]
    categories = [{"id": 1, "name": "person", "keypoints": list(names)}]
    return {"images": images[::-1], "annotations": people, "categories": categories}


def test_annotations_are_ordered_by_file_name_and_mapped_by_joint_name(
    tmp_path: Path, stick_figure
) -> None:
    walker = stick_figure(frames=20)
    walker[4, 2] = np.nan
    poses = read_coco(saved(tmp_path, annotations(walker)), fps=50)
    np.testing.assert_allclose(coordinates(poses), walker)
    assert poses.attrs["image_width"] == 640
    confidence = poses["confidence"].to_numpy()
    assert confidence.sum() == confidence.size - 1  # labelled: 1; missing: 0


def test_images_without_people_are_frames_all_the_same(tmp_path: Path, stick_figure) -> None:
    content = annotations(stick_figure(frames=20))
    del content["annotations"][15:]
    poses = read_coco(saved(tmp_path, content), fps=30)
    assert poses.sizes["time"] == 20
    assert np.isnan(coordinates(poses)[15:]).all()


@pytest.mark.parametrize("image_id", [int, "{}.jpg".format, "walk_{:06d}.png".format])
@pytest.mark.parametrize("count", [17, 26, 133, 136])
def test_results_and_alphapose(tmp_path: Path, stick_figure, count: int, image_id) -> None:
    walker = stick_figure(frames=12)
    names = TOP_DOWN_LAYOUTS[count]
    content = [
        {"image_id": image_id(i), "category_id": 1, "score": 2.5, "idx": [0.0], "box": [0, 0, 1, 1],
         "keypoints": triplets(points, names, 0.7)}
        for i, points in enumerate(walker)
        if i != 5
    ]  # fmt: skip
    poses = read_coco(saved(tmp_path, content), fps=30)
    known = KEYPOINTS if count != 17 else KEYPOINTS[:8]
    assert tuple(poses["keypoints"].to_numpy()) == known
    found = coordinates(poses)
    assert np.isnan(found[5]).all()
    walker[5] = np.nan
    np.testing.assert_allclose(found, walker[:, : len(known)])
    assert poses.attrs["source_software"] == "AlphaPose"
    np.testing.assert_allclose(poses["confidence"].isel(time=0), 0.7)


def test_tracked_people_are_kept_apart(tmp_path: Path, stick_figure) -> None:
    walker, other = stick_figure(frames=20, speed=8), stick_figure(frames=20, speed=1)
    content = [
        {"image_id": i, "keypoints": triplets(points, COCO_17, 0.9), "idx": idx, "score": 1}
        for i in range(20)
        for idx, points in ((7, other[i]), (3, walker[i]))
    ]
    poses = read_coco(saved(tmp_path, content), fps=30)
    np.testing.assert_allclose(coordinates(poses), walker[:, :8])
    asked = read_coco(saved(tmp_path, content), fps=30, individual="7")
    np.testing.assert_allclose(coordinates(asked), other[:, :8])


def test_one_index_for_all_people_is_no_identity(tmp_path: Path, stick_figure) -> None:
    walker, other = stick_figure(frames=20, speed=8), stick_figure(start=600, frames=20, speed=0)
    content = [
        {"image_id": i, "keypoints": triplets(points, COCO_17, 0.9), "idx": 0, "score": 1}
        for i in range(20)
        for points in (other[i], walker[i])
    ]
    poses = read_coco(saved(tmp_path, content), fps=30)
    np.testing.assert_allclose(coordinates(poses), walker[:, :8])


def test_missing_joint_is_refused_by_name(tmp_path: Path, stick_figure) -> None:
    content = annotations(stick_figure(frames=3))
    names = content["categories"][0]["keypoints"]
    names[names.index("right_ankle")] = "tail"
    with pytest.raises(UnreadableInput, match="needed joint right_ankle is absent"):
        read_coco(saved(tmp_path, content), fps=30)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"images": [], "annotations": [], "categories": []}, "images, annotations .* are missing"),
        ({"annotations": []}, r"walk\.json: field images: field required"),
        ("text", "field at the top: input should be a valid list"),
        ([{"image_id": 0, "keypoints": [1, "a", 3]}], "field 0.keypoints.1: .* valid number"),
        ([], "nobody"),
        ([{"image_id": 0, "keypoints": [1, 2, 3] * 5}], "5 keypoints is of no known layout"),
        (
            [{"image_id": "first", "keypoints": [1, 2, 3] * 17}],
            "image_id 'first' has no frame number",
        ),
        (
            [{"image_id": 0, "keypoints": [1, 2, 3] * n} for n in (17, 26)],
            "different numbers of keypoints",
        ),
    ],
)
def test_other_content_is_refused(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(UnreadableInput, match=message):
        read_coco(saved(tmp_path, content), fps=30)


def test_annotation_of_an_unknown_image_is_said(tmp_path: Path, stick_figure) -> None:
    content = annotations(stick_figure(frames=3))
    content["annotations"][0]["image_id"] = 5
    with pytest.raises(UnreadableInput, match="image_id 5 is not among images"):
        read_coco(saved(tmp_path, content), fps=30)
