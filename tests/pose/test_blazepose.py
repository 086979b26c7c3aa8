"""BlazePose: decoding with known numbers; the real network where MediaPipe's file is installed."""

from __future__ import annotations

import sys
import zipfile

import numpy as np
import pytest

from gaitpose.errors import MissingExtra, UnreadableInput
from gaitpose.io.video import VideoReader
from gaitpose.pose import blazepose
from gaitpose.pose.blazepose import (
    MODEL_IN_TASK,
    PIP_LINE,
    BlazePose,
    model_in_mediapipe,
    refine_by_heatmap,
)
from gaitpose.pose.body import leg_confidence
from gaitpose.pose.estimator import Box, Estimator
from gaitpose.skeleton import KEYPOINTS

WOMAN = Box(1080, 540, 1220, 930)
"""The walking woman in frame 90 of lawn_two_people.mp4, by eye."""

HER_JOINTS = {
    "left_hip": (1129, 727),
    "right_hip": (1113, 727),
    "left_knee": (1118, 808),
    "right_knee": (1090, 807),
    "left_ankle": (1143, 887),
    "right_ankle": (1150, 875),
}
"""By eye; the ankles pass each other in this frame."""


@pytest.fixture(scope="session")
def network() -> BlazePose:
    if model_in_mediapipe() is None:
        pytest.skip(f"MediaPipe's model file is absent; `{PIP_LINE}` brings it")
    return BlazePose()


@pytest.fixture(scope="session")
def woman(shared_data) -> np.ndarray:
    with VideoReader(shared_data / "gait/sagittal_video/lawn_two_people.mp4") as video:
        return next(iter(video.frames(start_s=3.0))).rgb


def test_the_heatmap_moves_a_point_to_its_centre_of_mass():
    heatmaps = np.full((64, 64, 2), -20.0)
    heatmaps[20:23, 30:33, 0] = 20.0
    points = np.array([[31 * 4 + 5.0, 21 * 4 - 4.0], [100.0, 100.0]])
    refined = refine_by_heatmap(points, heatmaps)
    assert refined[0] == pytest.approx([31 * 4, 21 * 4], abs=0.05)
    assert refined[1] == pytest.approx([100, 100])


@pytest.mark.parametrize("point", [(-3.0, 50.0), (300.0, 50.0), (50.0, 256.0)])
def test_points_outside_of_the_heatmap_stay(point):
    points = np.array([point])
    assert refine_by_heatmap(points, np.full((64, 64, 1), 9.0)) == pytest.approx(points)


def test_absent_mediapipe_is_named_with_the_line_that_brings_it(monkeypatch):
    monkeypatch.setattr(blazepose.importlib.util, "find_spec", lambda name: None)
    assert model_in_mediapipe() is None
    with pytest.raises(MissingExtra, match="pip install --no-deps mediapipe"):
        BlazePose()


@pytest.mark.parametrize("content", [b"", b"not a model at all"])
def test_not_a_model(tmp_path, content):
    path = tmp_path / "model.tflite"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput, match="not a TensorFlow Lite model"):
        BlazePose(path)


def test_no_such_model_file(tmp_path):
    with pytest.raises(UnreadableInput, match=r"absent\.task"):
        BlazePose(tmp_path / "absent.task")


def test_a_bundle_without_landmarks(tmp_path):
    path = tmp_path / "hands.task"
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("hand_landmarks_detector.tflite", b"x")
    with pytest.raises(UnreadableInput, match=MODEL_IN_TASK):
        BlazePose(path)


def test_it_is_an_estimator_and_mediapipe_is_not_imported(network):
    assert isinstance(network, Estimator)
    assert network.keypoints == KEYPOINTS
    assert "mediapipe" not in sys.modules
    about = network.describe()
    assert about["weights"] == "pose_landmark_full.tflite"
    assert len(about["sha256"]) == 64


def test_a_task_bundle_gives_the_same(network, woman, tmp_path):
    path = tmp_path / "pose_landmarker_full.task"
    model = model_in_mediapipe()
    assert model is not None
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.write(model, MODEL_IN_TASK)
    assert BlazePose(path).predict(woman, WOMAN) == pytest.approx(network.predict(woman, WOMAN))


def test_a_walking_woman(network, woman):
    joints = network.predict(woman, WOMAN)
    assert leg_confidence(joints) > 0.9
    for name, seen in HER_JOINTS.items():
        x, y, _ = joints[KEYPOINTS.index(name)]
        assert np.hypot(x - seen[0], y - seen[1]) < 0.03 * WOMAN.height, name


def test_nobody(network, woman):
    assert leg_confidence(network.predict(woman, Box(700, 540, 840, 930))) < 0.05


def test_a_shifted_crop_gives_the_same_joints(network, woman):
    here = network.predict(woman, WOMAN)[2:8, :2]
    there = network.predict(woman, Box(1065, 550, 1205, 940))[2:8, :2]
    assert np.median(np.hypot(*(here - there).T)) < 0.015 * WOMAN.height
