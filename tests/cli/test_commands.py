"""The other commands: demo, info, and the thin ones around training."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import gaitpose
from gaitpose.cli import demo, info
from gaitpose.io.video import VideoReader
from gaitpose.io.wpe import read_truth

from .conftest import Run, assert_one_line


def test_demo_measures_the_truth_of_walkers(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "CLIPS", {})
    result = run("demo")
    assert result.exit_code == 0, result.output
    for name in ("healthy", "hemiparetic"):
        folder = tmp_path / "gaitpose-demo" / name
        assert (folder / "report.html").is_file()
        assert json.loads((folder / "gait.json").read_text())["subject"]["thigh"] == 0.43
    measured = re.findall(r"Stride time \(s\) +left +([\d.]+) +([\d.]+)", result.stdout)
    assert len(measured) == 2
    for found, true in measured:
        assert float(found) == pytest.approx(float(true), abs=0.02)
    assert "16 of 16 foot strikes found are true ones" in result.stdout


@pytest.mark.slow
def test_demo_analyses_the_clips_that_come_with_the_package(run: Run, tmp_path: Path) -> None:
    result = run("demo")
    assert result.exit_code == 0, result.output
    times = re.findall(r"Stride time +left +([\d.]+) +([\d.]+)", result.stdout)
    assert len(times) == 2
    for found, true in times:
        assert float(found) == pytest.approx(float(true), abs=demo.TIME_AIM)
    lengths = re.findall(r"St(?:ride|ep) length +(?:left|right) +([\d.]+) +([\d.]+)", result.stdout)
    assert len(lengths) == 8
    for found, true in lengths:
        assert float(found) == pytest.approx(float(true), rel=demo.LENGTH_AIM / 100)
    assert len(re.findall(r"Knee angle, RMSE +left +[\d.]+°", result.stdout)) == 2
    for name in demo.CLIPS:
        assert (tmp_path / "gaitpose-demo" / name / "overlay.mp4").is_file()


@pytest.mark.parametrize("name", demo.CLIPS)
def test_clips_of_the_demo_are_small_and_know_their_truth(name: str) -> None:
    folder = Path(gaitpose.__file__).parent / "demo_clips" / name
    assert (folder / "video.mp4").stat().st_size < 1_500_000
    truth = read_truth(folder)
    assert truth.attributes["exoskeleton"] is (name == "exoskeleton")
    with VideoReader(folder / "video.mp4") as video:
        assert video.info.duration == pytest.approx(float(truth.angles.time[-1]), abs=0.1)


def test_an_aim_is_met_or_missed_by_so_much() -> None:
    assert demo._against(3.0, 3.0, "%") == ("3 %", "met")
    assert demo._against(31.4, 20.0, "ms") == ("20 ms", "11 ms")
    assert demo._against(5.3, 4.0, "°") == ("4°", "1.3°")


def test_version(run: Run) -> None:
    assert run("--version").stdout.strip() == f"gaitpose {gaitpose.__version__}"


def test_info_says_what_is_used_and_why(run: Run) -> None:
    result = run("info")
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert f"gaitpose {gaitpose.__version__}" in text
    for part in ("estimator", "own weights", "CPU", "[train]", "[mediapipe]", "numpy"):
        assert part in text


def test_info_names_the_line_that_brings_a_missing_part(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(info.EXTRAS, "train", ("no-such-distribution", "pip install it"))
    assert "not installed: pip install it" in " ".join(run("info").stdout.split())


def test_training_without_its_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gaitpose.cli.train.find_spec", lambda _: None)
    result = run("train", "gaitpose", "--data", "data", "--out", "out")
    assert_one_line(result, 'pip install "gaitpose[train]"')


def test_a_pupil_that_is_not_there_begins_with_nothing(run: Run) -> None:
    result = run(
        "train", "gaitpose", "--data", "data", "--out", "out", "--pupil-starts-from", "lite"
    )
    assert_one_line(result, "--pupil")


def test_training_an_unknown_recipe(run: Run) -> None:
    pytest.importorskip("lightning_fabric")
    assert_one_line(run("train", "nothing", "--data", "data", "--out", "out"), "nothing")


def test_exporting_what_is_no_network(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    assert_one_line(run("export", "a.txt"), "a.txt", ".safetensors")
    assert_one_line(run("export", "checkpoint.pt"), "--name")


def test_quantizing_what_is_not_there(run: Run) -> None:
    assert_one_line(run("quantize", "mine.safetensors", "--data", "photos"), "mine.")


def test_evaluating_without_labels(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", tmp_path)
    assert_one_line(result, "annotations.json")


@pytest.mark.parametrize(
    "command", ["analyze", "demo", "info", "synth", "train", "evaluate", "export", "quantize"]
)
def test_every_command_explains_itself(command: str, run: Run) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Usage: gaitpose" in result.stdout.replace("root", "gaitpose")
