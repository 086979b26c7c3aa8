"""The folder of a report: all files, readable by their own readers, whole or not at all."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import gaitpose
from gaitpose.io.mot import read_mot
from gaitpose.io.trc import read_trc
from gaitpose.report import write_report
from gaitpose.skeleton import SIDES


@pytest.fixture(scope="module")
def folder(analysis: gaitpose.Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("report")
    written = write_report(analysis, target)
    assert {path.name for path in written} == {path.name for path in target.iterdir()}
    assert written[-1].name == "report.html"
    return target


def test_json_is_strict_and_says_its_version(folder: Path, analysis: gaitpose.Analysis) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    content = json.loads((folder / "gait.json").read_text("utf-8"), parse_constant=refuse)
    schema = json.loads((files("gaitpose.gait") / "gait.schema.json").read_text("utf-8"))
    jsonschema.validate(content, schema)
    assert content["schema"] == "gaitpose.gait"
    assert content["subject"]["identifier"] == "P-017 <b>"
    assert len(content["events"]) == len(analysis.events)
    assert set(content["events"][0]) == {"side", "kind", "time_s", "frame", "quality"}
    assert content["events"][0]["time_s"] == analysis.events["time_s"].iloc[0]


def test_angles_for_opensim(folder: Path, analysis: gaitpose.Analysis) -> None:
    motion = read_mot(folder / "angles.mot")
    for side in SIDES:
        expected = analysis.angles.sel(side=side, joint="knee").to_numpy()
        column = motion.table[f"knee_angle_{side[0]}"]
        np.testing.assert_allclose(np.abs(column), np.abs(expected), atol=1e-4)


def test_points_for_motion_capture_software(folder: Path, analysis: gaitpose.Analysis) -> None:
    motion = read_trc(folder / "poses.trc")
    names = [str(name) for name in analysis.poses["keypoints"].to_numpy()]
    assert list(motion.labels) == names
    expected = analysis.poses["position"].transpose("time", "keypoints", "space").to_numpy()
    np.testing.assert_allclose(motion.points[..., :2], expected[..., :2], atol=1e-5)


def test_input_poses_can_be_analysed_again(folder: Path, analysis: gaitpose.Analysis) -> None:
    again = gaitpose.analyze_poses(
        gaitpose.load_poses(folder / "poses.nc"),
        analysis.subject,
        recording=gaitpose.Recording(condition="with exoskeleton"),
    )
    np.testing.assert_array_equal(again.events["time_s"], analysis.events["time_s"])
    np.testing.assert_array_equal(again.parameters["value"], analysis.parameters["value"])


def test_only_files_that_are_there_are_listed(folder: Path) -> None:
    html = (folder / "report.html").read_text("utf-8")
    assert 'href="poses.nc"' in html
    assert "overlay.mp4" not in html


def test_an_interruption_leaves_the_earlier_report_whole(
    analysis: gaitpose.Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(analysis, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gaitpose.report.write.write_tables", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_report(analysis, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
