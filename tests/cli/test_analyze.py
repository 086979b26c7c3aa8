"""``gaitpose analyze`` on good input: what it writes, prints and leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from gaitpose.io.video import VideoReader

from .conftest import Run

FROM_POSES = {
    "gait.json",
    "angles.csv",
    "parameters.csv",
    "events.csv",
    "cycles.csv",
    "curves.csv",
    "poses.trc",
    "angles.mot",
    "poses.nc",
    "report.html",
}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_poses_in_report_out(run: Run, openpose: Path, tmp_path: Path) -> None:
    result = run("analyze", openpose, "--fps", 50, "--leg-length", 0.86, "--identifier", "P-017")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    folder = tmp_path / "walk_json-gait"
    assert names(folder) == FROM_POSES
    written = json.loads((folder / "gait.json").read_text())
    assert written["subject"]["leg_length"] == 0.86
    assert written["subject"]["identifier"] == "P-017"
    assert written["provenance"]["input"]["name"] == "walk_json"
    assert len(written["provenance"]["input"]["sha256"]) == 64
    assert str(tmp_path.parent) not in (folder / "gait.json").read_text()
    parameters = pd.read_csv(folder / "parameters.csv")
    stride = parameters[parameters["name"] == "stride_time"]["value"]
    assert stride.between(0.9, 1.3).all()
    assert "Stride time (s)" in result.stdout
    assert "walk_json-gait/report.html" in result.stdout.replace("\\", "/")


@pytest.mark.usefixtures("colour_estimator")
def test_video_in_report_and_overlay_out(run: Run, film: Path, tmp_path: Path) -> None:
    result = run("analyze", film, "--leg-length", "0.8", "--out", "here/report")
    assert result.exit_code == 0, result.output
    folder = tmp_path / "here" / "report"
    assert names(folder) == FROM_POSES | {"overlay.mp4"}
    with VideoReader(film) as source, VideoReader(folder / "overlay.mp4") as overlay:
        assert sum(1 for _ in overlay) == sum(1 for _ in source)
        assert overlay.info.width == source.info.width
        assert overlay.info.height > source.info.height
    written = json.loads((folder / "gait.json").read_text())
    assert written["provenance"]["estimator"]["name"] == "colour"
    assert 'href="overlay.mp4"' in (folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("colour_estimator")
def test_without_overlay_or_metres_earlier_files_of_them_go(
    run: Run, film: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "overlay.mp4").write_bytes(b"of an earlier analysis")
    (folder / "poses.trc").write_text("of an earlier analysis, with a leg length")
    (folder / "notes.txt").write_text("mine")
    result = run("analyze", film, "--no-overlay", "--out", folder)
    assert result.exit_code == 0, result.output
    assert names(folder) == FROM_POSES - {"poses.trc"} | {"notes.txt"}
    assert (folder / "notes.txt").read_text() == "mine"


def test_the_same_input_again_replaces_another_needs_force(
    run: Run, openpose: Path, tmp_path: Path
) -> None:
    first = ("analyze", openpose, "--fps", 50, "--out", "out")
    assert run(*first).exit_code == 0
    assert run(*first).exit_code == 0
    written = tmp_path / "out" / "gait.json"
    content = json.loads(written.read_text())
    content["provenance"]["input"] = {"name": "other.mp4", "sha256": "0" * 64}
    written.write_text(json.dumps(content))
    refused = run(*first)
    assert refused.exit_code == 2
    assert "another input (other.mp4)" in refused.stderr
    assert json.loads(written.read_text()) == content
    assert run(*first, "--force").exit_code == 0
    assert json.loads(written.read_text())["provenance"]["input"]["name"] == "walk_json"


def test_both_legs_may_differ(run: Run, openpose: Path, tmp_path: Path) -> None:
    lengths = ("--thigh", "0.43,0.42", "--shank", "0.43,0.41")
    result = run("analyze", openpose, "--fps", 50, *lengths, "--out", "out")
    assert result.exit_code == 0, result.output
    subject = json.loads((tmp_path / "out" / "gait.json").read_text())["subject"]
    assert subject["thigh"] == [0.43, 0.42]
    assert subject["shank"] == [0.43, 0.41]
