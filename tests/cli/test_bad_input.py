"""Every mistake a user can make ends in one line: what, where, what to do; and in code 2."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
import xarray as xr

from gaitpose.io import netcdf
from gaitpose.io.video import VideoWriter
from gaitpose.poses import poses_from_arrays
from gaitpose.skeleton import JOINTS
from pose.scenes import Scene, stander

from .conftest import COCO_18, Run, assert_one_line, write_openpose


def nothing_left(folder: Path) -> bool:
    return not folder.exists()


def test_no_such_file(run: Run, tmp_path: Path) -> None:
    assert_one_line(run("analyze", "absent.mp4", "--out", "out"), "absent.mp4", "no such file")
    assert nothing_left(tmp_path / "out")


def test_not_a_video(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "walk.mp4"
    path.write_bytes(bytes(range(256)) * 64)
    assert_one_line(run("analyze", path, "--out", "out"), "walk.mp4", "video")
    assert nothing_left(tmp_path / "out")


def test_text_that_is_no_pose_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("a,b\n1,2\n")
    assert_one_line(run("analyze", path), "notes.csv")


def test_sound_only(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "walk.m4a"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        sound = np.zeros((1, 44100), np.float32)
        frame = av.AudioFrame.from_ndarray(sound, format="fltp", layout="mono")
        frame.sample_rate = 44100
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    assert_one_line(run("analyze", path), "walk.m4a", "sound")


def test_one_frame(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "still.mp4"
    with VideoWriter(path, 64, 64, 25) as video:
        video.write(np.zeros((64, 64, 3), np.uint8))
    assert_one_line(run("analyze", path), "still.mp4", "frame")


@pytest.mark.usefixtures("colour_estimator")
def test_nobody(run: Run, tmp_path: Path) -> None:
    path = Scene([], seconds=3.0).film(tmp_path / "empty.mp4")
    assert_one_line(run("analyze", path, "--out", "out"), "empty.mp4")
    assert nothing_left(tmp_path / "out")


@pytest.mark.usefixtures("colour_estimator")
def test_someone_who_stands(run: Run, tmp_path: Path) -> None:
    path = Scene([stander(100, 160, 100)], seconds=3.0).film(tmp_path / "stands.mp4")
    assert_one_line(run("analyze", path), "stands.mp4", "walk")


def test_poses_of_someone_who_stands(run: Run, tmp_path: Path) -> None:
    still = np.tile(np.random.default_rng(0).uniform(100, 400, (1, 8, 2)), (200, 1, 1))
    netcdf.write_poses(tmp_path / "stands.nc", poses_from_arrays(still, 50.0, JOINTS, "px"))
    assert_one_line(run("analyze", tmp_path / "stands.nc"))


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--leg-length", "3"), "3 m"),
        (("--leg-length", "0,86"), "decimals have a point"),
        (("--height", "86cm"), "is not a length in metres"),
        (("--thigh", "0,43", "--shank", "0,43"), "decimals have a point"),
        (("--thigh", "0.4", "--leg-length", "0.8"), "not both"),
        (("--leg-length", "-0.9"), "-0.9 m"),
        (("--height", "17"), "17 m"),
        (("--thigh", "0.4"), "thigh is given alone"),
        (("--thigh", "0.4", "--shank", "x"), "--shank"),
        (("--subject-at", "640"), "--subject-at"),
        (("--subject-at", "1,2"), "no picture"),
    ],
)
def test_impossible_options(
    words: tuple[str, ...], part: str, run: Run, openpose: Path, tmp_path: Path
) -> None:
    assert_one_line(run("analyze", openpose, "--fps", 50, *words, "--out", "out"), part)
    assert nothing_left(tmp_path / "out")


def test_a_person_by_name(run: Run, film: Path, openpose: Path) -> None:
    assert_one_line(run("analyze", film, "--individual", "Anna"), "--subject-at")
    words = ("--fps", 50, "--individual")
    assert_one_line(run("analyze", openpose, *words, "Anna"), "person_0")
    assert_one_line(run("analyze", openpose, *words, 7), "no person '7'")


def test_a_frame_rate_lower_than_the_video_s(run: Run, film: Path) -> None:
    assert_one_line(run("analyze", film, "--fps", 5), "--fps")


def test_an_unknown_option_and_a_wrong_choice(run: Run, openpose: Path) -> None:
    for words in (("--legs", "1"), ("--surface", "moon")):
        result = run("analyze", openpose, *words)
        assert result.exit_code == 2
        assert words[0] in result.stderr


def test_frame_rate_missing(run: Run, openpose: Path) -> None:
    assert_one_line(run("analyze", openpose), "--fps")


def test_a_needed_joint_missing(run: Run, tmp_path: Path) -> None:
    names = [name for name in JOINTS if name != "left_ankle"]
    header = [
        "scorer" + ",net" * 3 * len(names),
        "bodyparts" + "".join(f",{name}" * 3 for name in names),
        "coords" + ",x,y,likelihood" * len(names),
    ]
    rows = [f"{frame}" + ",10.0,20.0,0.9" * len(names) for frame in range(50)]
    path = tmp_path / "walkDLC.csv"
    path.write_text("\n".join(header + rows) + "\n")
    assert_one_line(run("analyze", path, "--fps", 50), "left_ankle")


def test_all_values_missing(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "empty_json"
    folder.mkdir()
    nothing = xr.DataArray(
        np.full((40, 2, 8), np.nan),
        dims=("time", "space", "keypoints"),
        coords={"space": ["x", "y"], "keypoints": list(COCO_18)},
    )
    write_openpose(folder, nothing)
    assert_one_line(run("analyze", folder, "--fps", 50), "empty_json")


def test_output_folder_below_a_file(run: Run, openpose: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    result = run("analyze", openpose, "--fps", 50, "--out", "file/out")
    assert_one_line(result, "cannot be written to", "--out")
    assert (tmp_path / "file").read_text() == "mine"


def test_disk_full_leaves_whole_files_only(
    run: Run, openpose: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pandas.DataFrame.to_csv", full)
    result = run("analyze", openpose, "--fps", 50, "--out", "out")
    assert_one_line(result, "angles.csv", "disk is full")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["gait.json"]
    json.loads((tmp_path / "out" / "gait.json").read_text())


@pytest.mark.usefixtures("colour_estimator")
def test_a_truncated_video_is_analysed_as_far_as_it_goes(
    run: Run, film: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.mp4"
    content = film.read_bytes()
    cut.write_bytes(content[: int(0.75 * len(content))])
    result = run("analyze", cut, "--no-overlay", "--out", "out")
    assert result.exit_code == 0, result.output
    quality = json.loads((tmp_path / "out" / "gait.json").read_text())["quality"]
    assert "video-truncated" in {finding["code"] for finding in quality}
    assert "ends before its time" in " ".join(result.stdout.split())


@pytest.mark.usefixtures("colour_estimator")
def test_a_video_with_damaged_packets_is_analysed_and_the_report_says_so(
    run: Run, film: Path, tmp_path: Path
) -> None:
    content = bytearray(film.read_bytes())
    middle = len(content) // 2
    length = len(content) // 8
    content[middle : middle + length] = bytes(length)
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(content)
    result = run("analyze", damaged, "--no-overlay", "--out", "out")
    assert result.exit_code == 0, result.output
    quality = json.loads((tmp_path / "out" / "gait.json").read_text())["quality"]
    messages = {finding["code"]: finding["message"] for finding in quality}
    assert int(messages["video-damaged"].split()[4]) >= 1
    assert "video-truncated" not in messages


@pytest.mark.usefixtures("colour_estimator")
def test_interrupted_while_drawing_keeps_what_is_whole(
    run: Run, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gaitpose.report.overlay.Canvas.draw", interrupt)
    result = run("analyze", film, "--out", "out")
    assert result.exit_code == 130
    assert result.stderr.strip().splitlines()[-1].startswith("gaitpose: interrupted")
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert "report.html" in left
    assert "overlay.mp4" not in left
    assert not [name for name in left if name.startswith(".")]


SLOW_COMMAND = """
import signal, time
import gaitpose.workflow
from gaitpose.cli.main import main

def choose_slowly(*_):
    print("busy", flush=True)
    time.sleep(60)

signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
gaitpose.workflow.choose = choose_slowly
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_ctrl_c_leaves_nothing_half_done(film: Path, tmp_path: Path) -> None:
    """A real interrupt of a real process at work."""
    words = [sys.executable, "-c", SLOW_COMMAND, "analyze", str(film), "--out", "out"]
    process = subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "busy\n"
    assert (tmp_path / "out").is_dir()
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert stderr.strip().splitlines()[-1] == (
        "gaitpose: interrupted; nothing unfinished was left behind"
    )
    assert not (tmp_path / "out").exists()


def test_debug_shows_the_traceback(run: Run) -> None:
    result = run("analyze", "absent.mp4", "--debug")
    assert result.exit_code == 1
    assert type(result.exception).__name__ == "UnreadableInput"


def test_a_pictures_size_for_a_pose_file(run: Run, openpose: Path, film: Path) -> None:
    assert_one_line(run("analyze", openpose, "--fps", 50, "--picture-size", "1920"), "W,H")
    assert_one_line(run("analyze", film, "--picture-size", "1920,1080"), "tells its size by itself")


def test_a_negative_lag(run: Run, tmp_path: Path) -> None:
    result = run("compare", tmp_path, tmp_path, "--maximum-lag", -1)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
