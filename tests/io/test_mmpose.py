from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.io.layouts import TOP_DOWN_LAYOUTS
from gaitpose.io.mmpose import read_mmpose
from gaitpose.skeleton import KEYPOINTS, canonical_name


def instance(points: np.ndarray, names: tuple[str, ...], **more) -> dict[str, Any]:
    ours = [canonical_name(name) for name in names]
    xy = [list(map(float, points[KEYPOINTS.index(o)])) if o else [1.0, 2.0] for o in ours]
    return {"keypoints": xy, "keypoint_scores": [0.6] * len(names), "bbox": [[0, 0, 9, 9]], **more}


def frames(walker: np.ndarray, names: tuple[str, ...], **more) -> list[dict[str, Any]]:
    return [
        {"frame_id": i, "instances": [instance(points, names, **more)]}
        for i, points in enumerate(walker)
    ]


def saved(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / "walk.json"
    path.write_text(json.dumps(content))
    return path


def coordinates(poses) -> np.ndarray:
    return (
        poses["position"].squeeze("individuals").transpose("time", "keypoints", "space").to_numpy()
    )


@pytest.mark.parametrize("form", ["with names", "bare list", "predictions"])
def test_forms(tmp_path: Path, stick_figure, form: str) -> None:
    walker = stick_figure(frames=15)
    names = TOP_DOWN_LAYOUTS[26]
    content: Any = frames(walker, names)
    if form == "with names":
        names = ("tail", *KEYPOINTS)
        meta = {"keypoint_id2name": {str(i): name for i, name in enumerate(names)}}
        content = {"meta_info": meta, "instance_info": frames(walker, names)}
    if form == "predictions":
        content = {"predictions": [frame["instances"] for frame in content]}
    poses = read_mmpose(saved(tmp_path, content), fps=60)
    np.testing.assert_allclose(coordinates(poses), walker)
    np.testing.assert_allclose(poses["confidence"], 0.6)
    assert poses.attrs["source_software"] == "MMPose"


def test_absent_frames_are_missing(tmp_path: Path, stick_figure) -> None:
    content = frames(stick_figure(frames=10), TOP_DOWN_LAYOUTS[17])
    del content[4]
    poses = read_mmpose(saved(tmp_path, content), fps=30)
    assert np.isnan(coordinates(poses)[4]).all()
    assert poses.sizes["time"] == 10


def test_track_ids_are_believed(tmp_path: Path, stick_figure) -> None:
    walker, other = stick_figure(frames=20, speed=8), stick_figure(frames=20, speed=1)
    content = frames(other, TOP_DOWN_LAYOUTS[17], track_id=2)
    for frame, more in zip(content, frames(walker, TOP_DOWN_LAYOUTS[17], track_id=9), strict=True):
        frame["instances"] += more["instances"]
    poses = read_mmpose(saved(tmp_path, content), fps=30)
    np.testing.assert_allclose(coordinates(poses), walker[:, :8])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"meta_info": {}}, "field instance_info: field required"),
        ([{"frame_id": 0, "instances": []}], "nobody is found"),
        ([1, 2], r"walk\.json: field instance_info\.0: "),
        ([{"instances": [{"keypoints": [["a", 2]] * 17}]}], "keypoints are no numbers"),
        (
            [{"instances": [{"keypoints": [[1, 2]] * 17, "keypoint_scores": [1] * 16}]}],
            "17 keypoints do not fit 16 scores",
        ),
        (
            [{"instances": [{"keypoints": [[1, 2, 3]] * 17, "keypoint_scores": [1] * 17}]}],
            "3-D without a unit",
        ),
        ([{"instances": [{"scores": []}]}], r"instances\.0\.keypoints: field required"),
        ([{"instances": [{"keypoints": [[1, 2]] * 9}]}], "9 keypoints is of no known layout"),
    ],
)
def test_other_content_is_refused(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(UnreadableInput, match=message):
        read_mmpose(saved(tmp_path, content), fps=30)
