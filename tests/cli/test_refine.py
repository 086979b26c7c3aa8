"""``gaitpose refine``: train, apply and evaluate on a small file; one person is refused."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from gaitpose.cli.main import app
from gaitpose.refine import fusion
from gaitpose.refine.bilstm import BiLSTMSettings
from gaitpose.refine.fusion import FusionSettings

RUNNER = CliRunner()


@pytest.fixture
def quick(monkeypatch):
    """Defaults of a fusion that trains in a moment."""

    class Small(FusionSettings):
        bilstm: BiLSTMSettings = BiLSTMSettings(steps=3, hidden=4, batch=4, members=1)

    monkeypatch.setattr(fusion, "FusionSettings", Small)
    monkeypatch.setattr("gaitpose.refine.cross_validation.FusionSettings", Small)


def _archive(path, people):
    """Exercises with joints and markers, both from the same legs."""
    from refine.squats import chain, joints, knee_curve

    rng = np.random.default_rng(0)
    names = [
        "LASI", "RASI", "LPSI", "RPSI", "LTHI", "LKNE", "LTIB", "LANK", "LHEE", "LTOE",
        "RTHI", "RKNE", "RTIB", "RANK", "RHEE", "RTOE",
    ]  # fmt: skip
    content = {"vicon_marker_names": np.array(names)}
    for person in range(people):
        for repetition in range(2):
            knee = knee_curve(60, rng.uniform(60, 100))
            parts = chain(0.8 * knee, knee)
            at = np.linspace(0, 59, 200)
            fine = np.interp(at, np.arange(60), knee)
            body = joints(0.8 * fine, fine)
            markers = []
            for name in names:
                side = "left" if name[0] == "L" else "right"
                out = 1.0 if side == "left" else -1.0
                hip, low = body[f"{side}_hip"], body[f"{side}_knee"]
                ankle, toe = body[f"{side}_ankle"], body[f"{side}_toe"]
                shift = np.array([0.05 * out, 0.0, 0.0])
                place = {
                    "ASI": hip + np.array([0.02 * out, 0.08, 0.09]),
                    "PSI": hip + np.array([-0.04 * out, 0.09, -0.09]),
                    "THI": (hip + low) / 2 + 1.6 * shift,
                    "KNE": low + shift,
                    "TIB": (low + ankle) / 2 + 1.4 * shift,
                    "ANK": ankle + 0.7 * shift,
                    "HEE": ankle - 0.4 * (toe - ankle),
                    "TOE": toe,
                }[name[1:]]
                markers.append(place)
            trial = f"m01_s{person + 1:02d}_e{repetition + 1:02d}"
            content |= {
                f"{trial}_kinect_position": parts["position"],
                f"{trial}_kinect_angle": parts["angle"],
                f"{trial}_vicon_marker_tenth_mm": np.round(1e4 * np.stack(markers, axis=1)).astype(
                    np.int16
                ),
            }
    np.savez(path, **content)
    return path


def _run(*words):
    return RUNNER.invoke(app, ["refine", *map(str, words)])


def test_train_then_apply(tmp_path, quick):
    data = _archive(tmp_path / "data.npz", 3)
    result = _run("train", data, "--out", tmp_path / "model")
    assert result.exit_code == 0, result.output
    assert "3 people, 12 sequences" in result.output
    assert json.loads((tmp_path / "model.json").read_text())["subjects"] == ["s01", "s02", "s03"]
    result = _run("apply", tmp_path / "model", data, "--out", tmp_path / "refined.csv")
    assert result.exit_code == 0, result.output
    table = pd.read_csv(tmp_path / "refined.csv")
    assert len(table) == 3 * 2 * 60
    assert table["left_knee_flexion"].between(-30, 150).all()


def test_evaluate(tmp_path, quick):
    data = _archive(tmp_path / "data.npz", 2)
    result = _run("evaluate", data, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "mean curve" in result.output
    assert (tmp_path / "out" / "refinement.html").stat().st_size > 1e6
    assert len(pd.read_csv(tmp_path / "out" / "summary.csv")) == 5 * 5


def test_one_person_is_refused_in_one_line(tmp_path):
    data = _archive(tmp_path / "data.npz", 1)
    for words in (("train", data, "--out", tmp_path / "m"), ("evaluate", data, "--out", tmp_path)):
        result = _run(*words)
        assert result.exit_code == 2
        assert result.stderr.strip().startswith("gaitpose: data: only subject s01")
        assert result.stderr.strip().count("\n") == 0
    assert not (tmp_path / "m.json").exists()


def test_unknown_model_is_one_line(tmp_path):
    result = _run("apply", tmp_path / "none", tmp_path / "data.npz")
    assert result.exit_code == 2
    assert "no such file" in result.stderr
