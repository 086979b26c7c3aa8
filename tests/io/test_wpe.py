"""WPE folders: what is written is what is read, whole or not at all."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from gaitpose.errors import BadSettings, GaitPoseError, UnreadableInput
from gaitpose.io.wpe import (
    Camera,
    Labels,
    Sample,
    Truth,
    WpeDataset,
    WpeWriter,
    clip_folders,
    read_truth,
    write_truth,
)
from gaitpose.io.wpe_writer import encode_depth
from gaitpose.skeleton import KEYPOINTS
from gaitpose.synthetic import walk
from gaitpose.training.people import read_people

WIDTH, HEIGHT = 64, 96
CAMERA = Camera(fx=610.25, fy=611.5, cx=31.5, cy=47.25, width=WIDTH, height=HEIGHT)


def labels(seed: int = 0) -> Labels:
    rng = np.random.default_rng(seed)
    points = rng.uniform((5, 5), (WIDTH - 5, HEIGHT - 5), (12, 2)).round(2)
    visibility = np.array([2, 1, 2, 2, 1, 2, 2, 2, 2, 2, 0, 1])
    points[visibility == 0] = np.nan
    return Labels(
        points,
        visibility,
        box=(1.0, 2.0, 61.5, 93.25),
        view_deg=-12.5,
        exoskeleton=bool(seed % 2),
        preset="stiff_knee",
        attributes={"seed": seed},
    )


def sample(seed: int = 0, camera: Camera = CAMERA) -> Sample:
    down, across = np.mgrid[:HEIGHT, :WIDTH]
    rgb = np.stack([across * 3, down * 2, np.full_like(down, 40 + seed)], axis=-1)
    depth = 2.0 + 0.01 * across + 0.001 * seed
    depth[:10] = 0.0
    return Sample(
        rgb.astype(np.uint8),
        depth,
        camera,
        (labels(seed),),
        time_s=seed / 30,
        subject={"height": 1.7},
        attributes={"occluders": ["bars"]},
    )


def write(folder: Path, count: int = 3) -> Path:
    writer = WpeWriter(folder)
    for index in range(count):
        writer.write(index, sample(index))
    assert writer.finish() == count
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_is_written_is_read(tmp_path):
    dataset = WpeDataset(write(tmp_path / "set"))
    assert len(dataset) == 3
    assert dataset.names == ["000000.jpg", "000001.jpg", "000002.jpg"]
    assert dataset.times == pytest.approx([0, 1 / 30, 2 / 30], abs=1e-6)
    read, written = dataset.read_sample(1), sample(1)
    assert np.abs(read.rgb.astype(int) - written.rgb).max() <= 6
    assert read.depth.dtype == np.float32
    assert np.isnan(read.depth[:10]).all()
    assert read.depth[10:] == pytest.approx(written.depth[10:], abs=0.0005001)
    assert read.keypoints == pytest.approx(written.people[0].keypoints, abs=0.005, nan_ok=True)
    assert (read.visibility == written.people[0].visibility).all()
    assert read.camera == CAMERA
    (person,) = read.people
    assert person.box == pytest.approx((1.0, 2.0, 61.5, 93.25))
    assert (person.view_deg, person.exoskeleton, person.preset) == (-12.5, True, "stiff_knee")
    assert person.attributes == {"seed": 1}
    assert read.subject == {"height": 1.7}
    assert read.attributes == {"occluders": ["bars"]}


def test_annotations_are_coco_keypoints(tmp_path):
    content = json.loads((write(tmp_path / "set") / "annotations.json").read_text())
    (category,) = content["categories"]
    assert category["keypoints"] == list(KEYPOINTS)
    assert category["skeleton"][6] == [5, 7]  # left knee to left ankle, counted from 1
    entry = content["annotations"][2]
    assert entry["image_id"] == content["images"][2]["id"]
    assert entry["num_keypoints"] == 11
    assert entry["bbox"] == [1.0, 2.0, 60.5, 91.25]
    assert entry["area"] == pytest.approx(60.5 * 91.25, abs=0.01)
    assert len(entry["keypoints"]) == 36
    assert entry["keypoints"][30:33] == [0, 0, 0]  # left toe is not labelled
    assert entry["keypoints"][5] == 1  # right shoulder is hidden
    assert all(entry["id"] > 0 for entry in content["annotations"])


def test_training_reads_the_folder(tmp_path):
    people = read_people(write(tmp_path / "set"))
    assert len(people) == 3
    assert people[2].joints == pytest.approx(labels(2).keypoints[:8], abs=0.005)
    assert (people[2].visibility == labels(2).visibility[:8]).all()


def test_same_samples_same_bytes_in_any_order(tmp_path):
    write(tmp_path / "once")
    writer = WpeWriter(tmp_path / "twice")
    for index in (2, 0):
        writer.write(index, sample(index))
    writer.finish()
    writer = WpeWriter(tmp_path / "twice")
    assert [writer.has(index) for index in range(3)] == [True, False, True]
    writer.write(1, sample(1))
    writer.finish()
    assert contents(tmp_path / "once") == contents(tmp_path / "twice")


def write_some(folder: Path, indices: range) -> None:
    writer = WpeWriter(folder)
    for index in indices:
        writer.write(index, sample(index))


def test_several_processes_write_one_folder(tmp_path):
    start = multiprocessing.get_context("spawn").Process
    ranges = (range(0, 8, 2), range(1, 8, 2))
    processes = [start(target=write_some, args=(tmp_path / "many", each)) for each in ranges]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert WpeWriter(tmp_path / "many").finish() == 8
    write(tmp_path / "alone", 8)
    assert contents(tmp_path / "many") == contents(tmp_path / "alone")


@pytest.mark.parametrize("lost_at", [1, 2, 3])
def test_a_kill_costs_the_unfinished_sample_only(tmp_path, monkeypatch, lost_at):
    folder = write(tmp_path / "set", 2)
    replace, calls = os.replace, []

    def die(source, target, *rest, **named):
        calls.append(target)
        if len(calls) == lost_at:
            raise KeyboardInterrupt
        return replace(source, target, *rest, **named)

    monkeypatch.setattr(Path, "replace", lambda self, target: die(self, target))
    writer = WpeWriter(folder)
    with pytest.raises(KeyboardInterrupt):
        writer.write(2, sample(2))
    monkeypatch.undo()
    (folder / "rgb" / ".gaitpose-0123.jpg").touch()  # what SIGKILL would leave behind
    (folder / "labels" / ".gaitpose-4.json").touch()
    assert [WpeWriter(folder).has(index) for index in range(3)] == [True, True, False]
    assert WpeWriter(folder).finish() == 2
    assert len(WpeDataset(folder)) == 2
    assert not list(folder.rglob(".gaitpose-*"))
    WpeWriter(folder).write(2, sample(2))
    WpeWriter(folder).finish()
    assert contents(folder) == contents(write(tmp_path / "whole"))


def test_cameras_and_subjects_that_differ_are_kept_apart(tmp_path):
    other = Camera(500.0, 500.0, 30.0, 40.0, WIDTH, HEIGHT, (0.1, 0.0, 0.0, 0.0, 0.0), "brown")
    writer = WpeWriter(tmp_path)
    writer.write(0, sample(0))
    writer.write(1, sample(1, other))
    writer.finish()
    dataset = WpeDataset(tmp_path)
    assert (dataset.camera(0), dataset.camera(1)) == (CAMERA, other)
    assert dataset.subject(1) == {"height": 1.7}


def test_several_people_keep_their_order(tmp_path):
    one = sample()
    both = Sample(one.rgb, one.depth, CAMERA, (labels(3), labels(4)))
    writer = WpeWriter(tmp_path)
    writer.write(0, both)
    writer.finish()
    people = WpeDataset(tmp_path).people(0)
    assert [each.attributes["seed"] for each in people] == [3, 4]
    assert [each.exoskeleton for each in people] == [True, False]


def test_nobody_labelled(tmp_path):
    one = sample()
    writer = WpeWriter(tmp_path)
    writer.write(0, Sample(one.rgb, one.depth, CAMERA))
    writer.finish()
    read = WpeDataset(tmp_path).read_sample(0)
    assert read.people == ()
    assert np.isnan(read.keypoints).all()
    assert (read.visibility == 0).all()


def test_a_box_is_drawn_around_the_keypoints_where_none_is_given(tmp_path):
    person = Labels(labels().keypoints, labels().visibility)
    one = sample()
    writer = WpeWriter(tmp_path)
    writer.write(0, Sample(one.rgb, one.depth, CAMERA, (person,)))
    writer.finish()
    known = person.keypoints[person.visibility > 0]
    box = WpeDataset(tmp_path).people(0)[0].box
    assert box == pytest.approx((*known.min(axis=0), *known.max(axis=0)), abs=0.02)


def test_depth_that_millimetres_cannot_hold_is_none():
    depth = np.array([[0.0, np.nan, np.inf, -1.0], [70.0, 65.535, 0.0006, 3.4564]])
    steps = cv2.imdecode(np.frombuffer(encode_depth(depth), np.uint8), cv2.IMREAD_UNCHANGED)
    assert steps.dtype == np.uint16
    assert steps.tolist() == [[0, 0, 0, 0], [0, 65535, 1, 3456]]


def test_eight_joints_of_another_tool_are_enough(tmp_path):
    write(tmp_path, 1)
    path = tmp_path / "annotations.json"
    content = json.loads(path.read_text())
    content["categories"][0]["keypoints"] = ["LAnkle", "nose", "left_hip"]
    content["annotations"][0]["keypoints"] = [1, 2, 2, 3, 4, 2, 5, 6, 1]
    path.write_text(json.dumps(content))
    person = WpeDataset(tmp_path).people(0)[0]
    assert person.keypoints[KEYPOINTS.index("left_ankle")].tolist() == [1, 2]
    assert person.keypoints[KEYPOINTS.index("left_hip")].tolist() == [5, 6]
    assert person.visibility.sum() == 3


def broken(text: str):
    return lambda path: path.write_text(text)


@pytest.mark.parametrize(
    ("file", "damage", "says"),
    [
        ("annotations.json", Path.unlink, "no such file"),
        ("annotations.json", broken("{"), "broken JSON"),
        ("annotations.json", broken('{"images": []}'), "annotations"),
        ("camera.json", Path.unlink, "no such file"),
        ("camera.json", broken('{"fx": 1}'), "fy"),
        ("camera.json", broken('{"images": {}}'), "000000.jpg is missing"),
        ("camera.json", broken(json.dumps(CAMERA.to_json() | {"fx": -1})), "positive"),
        ("camera.json", broken(json.dumps(CAMERA.to_json() | {"width": 9})), "does not fit"),
        ("subject.json", broken("[]"), "dictionary"),
        ("rgb/000000.jpg", Path.unlink, "no such file"),
        ("rgb/000000.jpg", broken("x"), "not a picture"),
        ("depth/000000.png", Path.unlink, "no such file"),
        ("depth/000000.png", broken(""), "empty"),
        ("truth.json", Path.touch, "empty"),
    ],
)
def test_damage_is_told_in_one_line(tmp_path, file, damage, says):
    write(tmp_path, 1)
    damage(tmp_path / file)
    with pytest.raises(UnreadableInput, match=says) as caught:
        if file == "truth.json":
            read_truth(tmp_path)
        WpeDataset(tmp_path).read_sample(0)
    assert "\n" not in str(caught.value)
    assert file in str(caught.value) or file == "camera.json"


def test_a_keypoint_list_of_another_length_is_refused(tmp_path):
    write(tmp_path, 1)
    path = tmp_path / "annotations.json"
    content = json.loads(path.read_text())
    content["annotations"][0]["keypoints"].pop()
    path.write_text(json.dumps(content))
    with pytest.raises(UnreadableInput, match="35 numbers are not 12 keypoints"):
        WpeDataset(tmp_path).people(0)


def test_eight_bit_depth_is_refused(tmp_path):
    write(tmp_path, 1)
    cv2.imwrite(str(tmp_path / "depth" / "000000.png"), np.zeros((HEIGHT, WIDTH), np.uint8))
    with pytest.raises(UnreadableInput, match="16 bits"):
        WpeDataset(tmp_path).read_depth(0)


def test_samples_that_contradict_themselves_are_refused():
    one = sample()
    with pytest.raises(BadSettings, match="do not belong"):
        Sample(one.rgb[:, :-1], one.depth, CAMERA)
    with pytest.raises(BadSettings, match=r"\(12, 2\)"):
        Labels(np.zeros((8, 2)), np.zeros(8, int))
    with pytest.raises(BadSettings, match="no place"):
        Labels(np.full((12, 2), np.nan), np.full(12, 2))


def test_truth_of_a_walk_comes_back(tmp_path):
    walked = walk()
    truth = Truth(
        walked.events,
        walked.angles,
        {"leg_length": 0.86, "thigh": 0.43},
        walked.strides,
        {"preset": "normal"},
    )
    write_truth(tmp_path, truth)
    read = read_truth(tmp_path)
    pd.testing.assert_frame_equal(read.events, walked.events, atol=1e-6)
    pd.testing.assert_frame_equal(read.strides, walked.strides, atol=1e-6)
    assert float(np.abs(read.angles - walked.angles.round(6)).max()) < 2e-6
    assert read.angles.sel(side="left", joint="knee").dims == ("time",)
    assert read.lengths == truth.lengths
    assert read.attributes == {"preset": "normal"}


def test_clips_are_found(tmp_path):
    with pytest.raises(GaitPoseError, match="no clips"):
        clip_folders(tmp_path)
    write(tmp_path / "b", 1)
    write(tmp_path / "a", 1)
    (tmp_path / "c").mkdir()
    assert clip_folders(tmp_path) == [tmp_path / "a", tmp_path / "b"]
