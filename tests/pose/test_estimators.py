from __future__ import annotations

from pathlib import Path

import pytest

from gaitpose.errors import BadSettings, MissingExtra, UnreadableInput
from gaitpose.pose import estimators
from gaitpose.pose.estimators import Choice, choose, compare, decide


def test_the_better_one_on_the_benchmark_is_chosen():
    assert compare({"gaitpose": 0.94, "mediapipe": 0.93}).name == "gaitpose"
    assert compare({"gaitpose": 0.31, "mediapipe": 0.93}).name == "mediapipe"
    tie = compare({"gaitpose": 0.93, "mediapipe": 0.93})
    assert (tie.name, tie.reason.endswith("faster")) == ("mediapipe", True)
    assert "31%" in compare({"gaitpose": 0.31, "mediapipe": 0.93}).reason


def test_unmeasured_weights_are_not_the_default():
    assert compare({}).name == "mediapipe"


def test_without_mediapipe_ours_is_used_and_the_reason_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(estimators, "model_in_mediapipe", lambda: None)
    choice = decide("auto")
    assert choice.name == "gaitpose"
    assert "pip install --no-deps mediapipe" in choice.reason


def test_without_weights_of_ours_mediapipe_is_used(monkeypatch):
    monkeypatch.setattr(estimators, "model_in_mediapipe", lambda: Path("model"))
    monkeypatch.setattr(estimators, "shipped", list)
    assert decide("auto").name == "mediapipe"


@pytest.mark.parametrize("name", ["gaitpose", "mediapipe"])
def test_what_is_asked_for(name):
    assert decide(name) == (name, "it was asked for")


@pytest.mark.parametrize(
    ("file", "kind"),
    [("a.onnx", "onnx"), ("a.task", "mediapipe"), ("a.tflite", "mediapipe"), ("A.ONNX", "onnx")],
)
def test_a_model_file_decides_by_its_kind(tmp_path, file, kind):
    path = tmp_path / file
    path.touch()
    assert decide("auto", path).name == kind


def test_shipped_weights_are_chosen_by_their_name():
    assert decide("auto", Path("lite")) == Choice("gaitpose", "the weights lite were asked for")
    assert choose("auto", Path("lite")).describe()["weights"] == "lite.safetensors"


def test_the_fast_one_looks_once():
    fast, usual = choose("gaitpose-fast").describe(), choose("gaitpose").describe()
    assert (fast["weights"], fast["looks"]) == ("full.safetensors", "once")
    assert (usual["weights"], usual["looks"]) == ("full.safetensors", "at the mirror image too")


def test_a_model_file_of_no_known_kind(tmp_path):
    with pytest.raises(BadSettings, match=r"no known kind.*\.onnx"):
        decide("auto", tmp_path / "model.pth")


def test_no_such_model_file(tmp_path):
    with pytest.raises(UnreadableInput, match="no such file"):
        decide("auto", tmp_path / "model.onnx")


def test_an_unknown_name():
    with pytest.raises(BadSettings, match="not known"):
        decide("openpose")  # type: ignore[arg-type]


def test_mediapipe_asked_for_but_absent(monkeypatch):
    monkeypatch.setattr("gaitpose.pose.blazepose.model_in_mediapipe", lambda: None)
    with pytest.raises(MissingExtra, match="mediapipe"):
        choose("mediapipe")
