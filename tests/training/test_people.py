import json

import cv2
import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.skeleton import JOINTS
from gaitpose.training import people
from gaitpose.training.people import read_people, validation_names

from .conftest import STANDING, write_people


def test_joints_come_in_our_order(small_data):
    everyone = read_people(small_data / "few")
    assert len(everyone) == 4
    assert everyone[1].joints == pytest.approx(STANDING + np.array([5, 0]))
    assert (everyone[1].visibility == 2).all()
    x, y = everyone[1].joints[4].astype(int)
    assert (everyone[1].image[y, x] == 255).all()


def test_parts_do_not_overlap_and_make_up_the_whole(small_data, monkeypatch):
    monkeypatch.setattr(people, "validation_names", lambda _: frozenset({"1.png", "3.png"}))
    kept = [each.file_name for each in read_people(small_data / "few", "validation")]
    trained = [each.file_name for each in read_people(small_data / "few", "train")]
    assert kept == ["1.png", "3.png"]
    assert trained == ["0.png", "2.png"]


def test_large_people_are_made_smaller_with_their_joints(small_data, monkeypatch):
    monkeypatch.setattr(people, "LONGEST_PERSON", 75.0)
    person = read_people(small_data / "few")[0]
    extent = np.ptp(person.joints[:, 1])
    scale = extent / np.ptp(STANDING[:, 1])
    assert scale < 0.6
    assert person.box[3] - person.box[1] == pytest.approx(75.0)
    assert person.image.shape[0] == pytest.approx(180 * scale, abs=1)


def test_labels_stay_on_their_pixels(tmp_path, monkeypatch):
    monkeypatch.setattr(people, "LONGEST_PERSON", 30.0)
    joints = np.column_stack((np.linspace(30, 90, 8), np.linspace(20, 170, 8))).round()
    image = np.zeros((200, 120, 3), np.uint8)
    for x, y in joints.astype(int):
        image[y - 4 : y + 5, x - 4 : x + 5] = 255  # its middle is the joint
    (tmp_path / "images").mkdir()
    cv2.imwrite(str(tmp_path / "images" / "a.png"), image)
    keypoints = np.column_stack((joints, np.full(8, 2))).ravel().tolist()
    annotations = {
        "categories": [{"keypoints": list(JOINTS)}],
        "images": [{"id": 0, "file_name": "a.png"}],
        "annotations": [{"image_id": 0, "keypoints": keypoints}],
    }
    (tmp_path / "annotations.json").write_text(json.dumps(annotations))
    (person,) = read_people(tmp_path)
    weight = person.image[..., 0].astype(float)
    rows, columns = np.indices(weight.shape)
    middle = [(weight * columns).sum() / weight.sum(), (weight * rows).sum() / weight.sum()]
    assert person.joints.mean(axis=0) == pytest.approx(middle, abs=0.05)


def test_committed_split_holds_back_a_tenth(shared_data):
    for name in ("lspet", "coco_mini", "pelota"):
        content = json.loads((shared_data / "images" / name / "annotations.json").read_text())
        names = {entry["file_name"] for entry in content["images"]}
        held_back = validation_names(name)
        assert held_back <= names
        assert len(held_back) == pytest.approx(len(names) / 10, abs=1)


def test_unreadable_folders_are_named(tmp_path):
    with pytest.raises(UnreadableInput, match="no such file"):
        read_people(tmp_path)
    (tmp_path / "annotations.json").write_text("{")
    with pytest.raises(UnreadableInput, match="not a JSON"):
        read_people(tmp_path)
    (tmp_path / "annotations.json").write_text('{"images": []}')
    with pytest.raises(UnreadableInput, match="missing"):
        read_people(tmp_path)


def test_a_missing_picture_is_named(tmp_path):
    write_people(tmp_path / "set", 1)
    (tmp_path / "set" / "images" / "0.png").unlink()
    with pytest.raises(UnreadableInput, match=r"0\.png"):
        read_people(tmp_path / "set")
