"""A film, an estimator that needs no weights, pose files, and a way to call the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from gaitpose.cli.main import app
from gaitpose.synthetic.camera import PinholeCamera
from gaitpose.synthetic.walker import WalkerSettings, walk
from pose.scenes import ColourEstimator, Scene, walker

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call gaitpose in an empty folder; words may be paths."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


def assert_one_line(result: Result, *parts: str) -> None:
    """The command failed with code 2 and one line on stderr that holds all `parts`."""
    assert result.exit_code == 2, (result.exit_code, result.output, result.exception)
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("gaitpose: ")
    assert "Traceback" not in result.output
    for part in parts:
        assert part in lines[0], (part, lines[0])


@pytest.fixture
def colour_estimator(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an estimator that sees the drawn walkers' colours be the one that is chosen."""
    monkeypatch.setattr("gaitpose.workflow.choose", lambda *_: ColourEstimator())


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody walks through the picture."""
    person = walker(100, -30, 350, at=(0.0, 6.0), hip_y=100)
    return Scene([person]).film(tmp_path_factory.mktemp("film") / "walk.mp4")


@pytest.fixture(scope="session")
def openpose(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A walker's joints in an OpenPose folder, COCO order, 50 frames a second."""
    simulated = walk(WalkerSettings(strides=6, fps=50.0))
    middle = float(simulated.position[:, :, 0].mean())
    camera = PinholeCamera(distance=9.0, x=middle, fx=1500.0, fy=1500.0)
    poses = camera.to_poses(simulated, cropped=True)
    folder = tmp_path_factory.mktemp("openpose") / "walk_json"
    folder.mkdir()
    write_openpose(folder, poses["position"].isel(individuals=0))
    return folder


COCO_18 = {
    "right_shoulder": 2,
    "left_shoulder": 5,
    "right_hip": 8,
    "right_knee": 9,
    "right_ankle": 10,
    "left_hip": 11,
    "left_knee": 12,
    "left_ankle": 13,
}


def write_openpose(folder: Path, position, names=tuple(COCO_18)) -> None:
    """Write one JSON a frame; points that are missing are zero."""
    for frame in range(position.sizes["time"]):
        points = np.zeros((18, 3))
        for name in names:
            xy = position.isel(time=frame).sel(keypoints=name, space=["x", "y"]).to_numpy()
            if np.isfinite(xy).all():
                points[COCO_18[name]] = [*xy, 1.0]
        person = {"pose_keypoints_2d": points.ravel().round(3).tolist()}
        content = json.dumps({"version": 1.3, "people": [person]})
        (folder / f"walk_{frame:012d}_keypoints.json").write_text(content)
