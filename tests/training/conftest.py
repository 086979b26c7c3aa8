"""A small data folder on disk, made by the tests themselves."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from gaitpose.skeleton import JOINTS

_SIDED = ("eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
COCO = ["nose", *(f"{side}_{part}" for part in _SIDED for side in ("left", "right"))]


STANDING = np.array(
    [[60, 40], [40, 40], [56, 80], [44, 80], [57, 115], [43, 115], [57, 150], [43, 150.0]]
)


def write_people(folder: Path, count: int = 4) -> None:
    """Write pictures of one person each, joints painted as white dots, as a COCO folder."""
    (folder / "images").mkdir(parents=True)
    images, annotations = [], []
    for index in range(count):
        joints = STANDING + np.array([5 * index, 0])
        picture = np.full((180, 140, 3), 30 + 10 * index, np.uint8)
        for x, y in joints.astype(int):
            picture[y - 2 : y + 3, x - 2 : x + 3] = 255
        name = f"{index}.png"
        cv2.imwrite(str(folder / "images" / name), picture)
        keypoints = np.zeros((17, 3))
        for k, joint in enumerate(JOINTS):
            keypoints[COCO.index(joint)] = [*joints[k], 2]
        images.append({"id": index, "file_name": name, "width": 140, "height": 180})
        annotations.append(
            {"id": index, "image_id": index, "keypoints": keypoints.ravel().tolist()}
        )
    content = {
        "images": images,
        "annotations": annotations,
        "categories": [{"id": 1, "name": "person", "keypoints": COCO}],
    }
    (folder / "annotations.json").write_text(json.dumps(content))


@pytest.fixture(scope="session")
def small_data(tmp_path_factory) -> Path:
    """Folder with ``few`` (four people) and ``backgrounds`` (two pictures)."""
    root = tmp_path_factory.mktemp("data")
    write_people(root / "few")
    (root / "backgrounds").mkdir()
    rng = np.random.default_rng(0)
    for index in range(2):
        noise = rng.integers(0, 256, (90, 120, 3), dtype=np.uint8)
        cv2.imwrite(str(root / "backgrounds" / f"{index}.png"), noise)
    return root
