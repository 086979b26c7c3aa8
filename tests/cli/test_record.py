"""``gaitpose record``, from a recording that the library's software device made."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from gaitpose.cli.main import app
from gaitpose.io.wpe import WpeDataset

pytest.importorskip("pyrealsense2", reason="needs the extra `realsense`")
device = pytest.importorskip("software_camera", reason="lies beside conftest.py")


def run(*words: object):
    return CliRunner().invoke(app, ["record", *map(str, words)])


@pytest.fixture(scope="module")
def bag(tmp_path_factory):
    path = tmp_path_factory.mktemp("bag") / "walk.db3"
    camera = device.SoftwareCamera(path)
    for _ in camera.framesets(10):
        pass
    camera.close()
    del camera
    return path


def test_a_recording_becomes_a_clip(bag, tmp_path):
    out = tmp_path / "clip"
    result = run("--bag", bag, "--out", out, "--height", 1.72, "--exoskeleton")
    assert result.exit_code == 0, result.output
    assert "frames in" in result.output
    clip = WpeDataset(out)
    assert len(clip) >= 7
    assert np.diff(clip.times) == pytest.approx(1 / device.FPS, abs=1e-5)
    sample = clip.read_sample(len(clip) - 1)
    assert sample.camera.fx == pytest.approx(device.COLOUR["fx"])
    assert sample.subject == {"height": 1.72}
    assert sample.attributes == {"exoskeleton": True}
    assert np.abs(sample.rgb.astype(int) - device.TINT).max() <= 4
    assert np.nanmedian(sample.depth[:, 120:]) == pytest.approx(device.FAR + 0.010, abs=1e-6)
    assert json.loads((out / "annotations.json").read_text())["annotations"] == []


def test_a_second_recording_does_not_mix_with_the_first(bag, tmp_path):
    assert run("--bag", bag, "--out", tmp_path).exit_code == 0
    again = run("--bag", bag, "--out", tmp_path)
    assert again.exit_code == 2
    assert "already" in again.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--bag", "absent.bag"], "no such file"),
        (["--seconds", "0"], "longer than 0"),
        (["--resolution", "big"], "not WIDTHxHEIGHT"),
        (["--leg-length", "3"], "leg length of 3 m"),
    ],
)
def test_mistakes_are_told_in_one_line(words, says, tmp_path):
    result = run("--out", tmp_path / "clip", *words)
    assert result.exit_code == 2
    assert says in result.output
    assert not (tmp_path / "clip").exists()
