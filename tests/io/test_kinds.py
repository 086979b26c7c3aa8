from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.io.kinds import Kind, kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("PathFileType\t4\t(X/Y/Z)\twalk.trc\n", Kind.TRC),
        ("scorer,DLC,DLC\nbodyparts,hip,hip\n", Kind.DEEPLABCUT),
        ('{"images": [], "annotations": [], "categories": []}', Kind.COCO),
        ('\n [{"image_id": "0.jpg", "keypoints": []}]', Kind.COCO),
        ('{"meta_info": {}, "instance_info": []}', Kind.MMPOSE),
        ('{"predictions": []}', Kind.MMPOSE),
        ('[{"frame_id": 0, "instances": []}]', Kind.MMPOSE),
    ],
)
def test_text_by_its_content_whatever_its_name(tmp_path: Path, text: str, kind: Kind) -> None:
    for name in ("a.txt", "a.c3d", "a"):
        (tmp_path / name).write_text(text)
        assert kind_of(tmp_path / name) is kind


def test_byte_order_mark_makes_no_difference(tmp_path: Path) -> None:
    (tmp_path / "a.trc").write_text("PathFileType\t4\n", encoding="utf-8-sig")
    assert kind_of(tmp_path / "a.trc") is Kind.TRC


def test_hdf5_by_its_content(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a", "w") as file:
        file["position"] = np.zeros(3)
    assert kind_of(tmp_path / "a") is Kind.NETCDF
    with h5py.File(tmp_path / "b", "w") as file:
        file.create_group("df_with_missing").attrs["pandas_type"] = b"frame_table"
    assert kind_of(tmp_path / "b") is Kind.DEEPLABCUT
    with h5py.File(tmp_path / "c", "w") as file:
        file["other"] = np.zeros(3)
    with pytest.raises(UnreadableInput, match=r"HDF5 file is of an unknown kind.*Understood are"):
        kind_of(tmp_path / "c")
    (tmp_path / "d").write_bytes((tmp_path / "a").read_bytes()[:40])
    with pytest.raises(UnreadableInput, match="HDF5 file is damaged"):
        kind_of(tmp_path / "d")


def test_binary_content_is_left_to_the_video_reader(tmp_path: Path, make_video) -> None:
    assert kind_of(make_video("a.mp4")) is Kind.VIDEO
    (tmp_path / "a.bin").write_bytes(np.random.default_rng(0).bytes(100))
    assert kind_of(tmp_path / "a.bin") is Kind.VIDEO


def test_c3d_by_its_first_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.C3D").write_bytes(b"\x02\x50" + bytes(600))
    assert kind_of(tmp_path / "a.C3D") is Kind.C3D


def test_openpose_folder(tmp_path: Path) -> None:
    (tmp_path / "walk_000000000000_keypoints.json").write_text("{}")
    assert kind_of(tmp_path) is Kind.OPENPOSE


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("some notes", r"this text is of an unknown kind\. Understood are: video, OpenPose folder"),
        ('{"a": 1}', "the JSON is of an unknown kind.*DeepLabCut"),
        ("[]", "the JSON is of an unknown kind"),
        ('{"people": [], "version": 1.3}', r"single frame of OpenPose\. Give the whole folder"),
        ("Coordinates\nendheader\ntime\tknee\n", "angles or forces, not positions"),
        ("", "the file is empty"),
    ],
)
def test_unknown_text_is_refused_with_the_kinds_understood(
    tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(UnreadableInput, match=message):
        kind_of(tmp_path / "a.json")


def test_absent_and_empty_folders(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no such file"):
        kind_of(tmp_path / "absent")
    with pytest.raises(UnreadableInput, match="the folder is empty"):
        kind_of(tmp_path)
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(UnreadableInput, match=r"not one of OpenPose's.*Understood are"):
        kind_of(tmp_path)


@pytest.mark.parametrize("content", [[1], [{}], [[]], 3, "text", None])
def test_any_json_gets_an_answer(tmp_path: Path, content: Any) -> None:
    (tmp_path / "a.json").write_text(json.dumps(content))
    with pytest.raises(UnreadableInput, match="unknown kind"):
        kind_of(tmp_path / "a.json")
