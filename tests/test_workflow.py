"""From a file to an analysis: the same numbers whichever way, and provenance that names nobody."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

import gaitpose
from gaitpose.errors import BadSettings, NotEnoughCycles
from gaitpose.io import netcdf
from gaitpose.synthetic.walker import WalkerSettings, walk
from gaitpose.workflow import sha256_of_input


@pytest.fixture(scope="module")
def poses_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("poses") / "walk.nc"
    return netcdf.write_poses(path, walk(WalkerSettings(strides=5, fps=60.0)).to_poses())


def test_file_and_poses_give_the_same_numbers(poses_file: Path) -> None:
    from_file = gaitpose.analyze_file(poses_file)
    from_poses = gaitpose.analyze_poses(gaitpose.load_poses(poses_file))
    np.testing.assert_array_equal(from_file.parameters["value"], from_poses.parameters["value"])


def test_provenance_says_what_is_needed_to_repeat_it(poses_file: Path) -> None:
    found = gaitpose.analyze_file(poses_file, command="gaitpose analyze walk.nc").provenance
    assert found["gaitpose"] == gaitpose.__version__
    assert found["numpy"] == np.__version__
    assert found["command"] == "gaitpose analyze walk.nc"
    assert found["input"] == {
        "name": "walk.nc",
        "sha256": hashlib.sha256(poses_file.read_bytes()).hexdigest(),
    }
    assert found["estimator"] is None
    assert str(poses_file.parent) not in json.dumps(found)


def test_poses_from_memory_have_a_hash_of_their_own(poses_file: Path) -> None:
    poses = gaitpose.load_poses(poses_file)
    first, moved = (
        gaitpose.analyze_poses(each).provenance["input"]["sha256"]
        for each in (poses, poses.assign(position=poses["position"] + 0.01))
    )
    assert first != moved


def test_hash_of_a_folder_depends_on_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("1")
    first = sha256_of_input(tmp_path)
    (tmp_path / "a.json").rename(tmp_path / "b.json")
    second = sha256_of_input(tmp_path)
    (tmp_path / "b.json").write_text("2")
    assert len({first, second, sha256_of_input(tmp_path)}) == 3


def test_saving_from_python(poses_file: Path, tmp_path: Path) -> None:
    analysis = gaitpose.analyze_file(poses_file, gaitpose.Subject(leg_length=0.86))
    written = analysis.save(tmp_path / "new" / "folder")
    assert {path.name for path in written} >= {"gait.json", "report.html", "parameters.csv"}
    assert all(path.parent == tmp_path / "new" / "folder" for path in written)


def test_an_analysis_is_a_gait_analysis(poses_file: Path) -> None:
    assert isinstance(gaitpose.analyze_file(poses_file), gaitpose.GaitAnalysis)


def test_pointing_into_a_pose_file_is_refused(poses_file: Path) -> None:
    with pytest.raises(BadSettings, match="no picture"):
        gaitpose.analyze_file(poses_file, subject_at=(10.0, 20.0))


@pytest.mark.slow
def test_a_real_treadmill_filmed_from_the_front_is_refused(shared_data: Path) -> None:
    video = shared_data / "gait" / "other_video" / "frontal_treadmill.mp4"
    with pytest.raises(NotEnoughCycles, match="seen from the front or from behind"):
        gaitpose.analyze_video(video)
