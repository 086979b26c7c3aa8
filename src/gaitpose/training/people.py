"""Reads labelled people from COCO keypoint folders, and splits them into training and validation.

A folder holds ``annotations.json`` and ``images/`` (``rgb/`` in a WPE folder). Only the eight
joints of GaitPoseNet are kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np

from gaitpose.errors import UnreadableInput
from gaitpose.pose.people import person_box
from gaitpose.skeleton import JOINTS, canonical_name

Part = Literal["train", "validation", "all"]

LONGEST_PERSON = 384.0
"""Pictures are kept so small that nobody in them is larger than this, pixels."""

KEPT_ATTRIBUTES = ("exoskeleton", "view_deg", "preset", "view_by_eye", "label")
"""What is kept of an annotation beside the joints."""

FEWEST_JOINTS = 4
"""People with fewer labelled joints are left out: their box says too little."""


@dataclass(frozen=True)
class Person:
    """One labelled person in one picture.

    Attributes
    ----------
    image : uint8 array, (height, width, 3)
        The picture, RGB; shared by all people in it.
    joints : float array, (8, 2)
        x, y in pixels of `image`.
    visibility : int array, (8,)
        COCO's: 0 not labelled, 1 hidden, 2 visible.
    box : float array, (4,)
        x0, y0, x1, y1 of the whole person, estimated from the joints.
    dataset, file_name : str
        Where the person comes from.
    depth : float32 array, (height, width), optional
        Of the picture, metres; NaN where there is none.
    attributes : mapping
        What else the annotation says (exoskeleton, view_deg ...).
    """

    image: np.ndarray
    joints: np.ndarray
    visibility: np.ndarray
    box: np.ndarray
    dataset: str
    file_name: str
    depth: np.ndarray | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


def validation_names(dataset: str) -> frozenset[str]:
    """Return the file names of a data set that are never trained on (``splits/images.json``)."""
    text = resources.files("gaitpose.training").joinpath("splits/images.json").read_text()
    return frozenset(json.loads(text)["validation"].get(dataset, ()))


def read_people(folder: Path, part: Part = "all") -> list[Person]:
    """Read the labelled people of one COCO keypoint folder.

    Parameters
    ----------
    folder : Path
        Holds ``annotations.json`` and ``images/``; its name is the data set's in the split.
    part : {"train", "validation", "all"}
        Which side of the committed split.

    Returns
    -------
    list of Person
        In the order of the annotations.

    Raises
    ------
    UnreadableInput
        If the folder does not hold what it should.
    """
    content = _read_json(folder / "annotations.json")
    try:
        order = _joint_order(content["categories"][0]["keypoints"])
        pictures = {entry["id"]: entry["file_name"] for entry in content["images"]}
        annotations = [entry for entry in content["annotations"] if "keypoints" in entry]
    except (KeyError, IndexError) as error:
        raise UnreadableInput(f"{error} is missing", where=str(folder)) from error
    held_back = validation_names(folder.name)
    by_picture: dict[str, list[_Labelled]] = {}
    for entry in annotations:
        name = pictures[entry["image_id"]]
        if part == "all" or (name in held_back) == (part == "validation"):
            keypoints = np.asarray(entry["keypoints"], dtype=float).reshape(-1, 3)[order]
            if (keypoints[:, 2] > 0).sum() >= FEWEST_JOINTS:
                box = person_box(keypoints[:, :2], keypoints[:, 2] > 0)
                by_picture.setdefault(name, []).append(_Labelled(keypoints, box, entry))
    return _read_all(folder, by_picture)


def read_boxed_people(folder: Path) -> list[Person]:
    """Read people of whom only the box is known; none of their joints is labelled.

    Parameters
    ----------
    folder : Path
        Holds ``annotations.json`` with a ``bbox`` (x, y, width, height) for each, and pictures.

    Raises
    ------
    UnreadableInput
        If the folder does not hold what it should.
    """
    content = _read_json(folder / "annotations.json")
    try:
        pictures = {entry["id"]: entry["file_name"] for entry in content["images"]}
        entries = [(pictures[entry["image_id"]], entry) for entry in content["annotations"]]
        by_picture: dict[str, list[_Labelled]] = {}
        for name, entry in entries:
            x, y, width, height = entry["bbox"]
            box = np.array([x, y, x + width, y + height], dtype=float)
            nothing = np.zeros((len(JOINTS), 3))
            by_picture.setdefault(name, []).append(_Labelled(nothing, box, entry))
    except (KeyError, ValueError, TypeError) as error:
        raise UnreadableInput(f"{error} is missing", where=str(folder)) from error
    return _read_all(folder, by_picture)


def read_pictures(folder: Path) -> list[np.ndarray]:
    """Read all pictures (RGB) below a folder, in the order of their names."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".jpg", ".png"})
    return [read_rgb(path) for path in paths]


def read_rgb(path: Path) -> np.ndarray:
    """Read one picture as uint8 (height, width, 3) RGB."""
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise UnreadableInput("not a picture that can be read", where=str(path))
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


@dataclass(frozen=True)
class _Labelled:
    keypoints: np.ndarray
    box: np.ndarray
    entry: Mapping[str, Any]


def _read_all(folder: Path, by_picture: Mapping[str, Sequence[_Labelled]]) -> list[Person]:
    with ThreadPoolExecutor() as pool:  # OpenCV decodes without holding Python's lock
        groups = pool.map(partial(_people_in, folder), by_picture.keys(), by_picture.values())
        return [person for group in groups for person in group]


def _people_in(folder: Path, name: str, everyone: Sequence[_Labelled]) -> list[Person]:
    path = folder / name
    if not path.is_file():
        path = _picture_folder(folder) / name
    image, depth = read_rgb(path), _depth_beside(path)
    longest = max(float(max(each.box[2:] - each.box[:2])) for each in everyone)
    scale = min(1.0, LONGEST_PERSON / longest)
    if scale < 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        if depth is not None:
            shape = (image.shape[1], image.shape[0])
            depth = cv2.resize(depth, shape, interpolation=cv2.INTER_NEAREST)

    def smaller(points: np.ndarray) -> np.ndarray:
        return (points + 0.5) * scale - 0.5  # OpenCV keeps the borders of pixels, not the centres

    return [
        Person(
            image=image,
            joints=smaller(each.keypoints[:, :2]),
            visibility=each.keypoints[:, 2].astype(int),
            box=smaller(each.box),
            dataset=folder.name,
            file_name=name,
            depth=depth,
            attributes={key: each.entry[key] for key in KEPT_ATTRIBUTES if key in each.entry},
        )
        for each in everyone
    ]


def _depth_beside(picture: Path) -> np.ndarray | None:
    """Depth of a picture in a WPE folder, metres; NaN where there is none."""
    path = picture.parent.parent / "depth" / f"{picture.stem}.png"
    if picture.parent.name != "rgb" or not path.is_file():
        return None
    millimetres = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if millimetres is None:
        raise UnreadableInput("not a picture that can be read", where=str(path))
    return np.where(millimetres > 0, millimetres / np.float32(1000), np.float32(np.nan))


def _picture_folder(folder: Path) -> Path:
    """Where the pictures are: ``images/``, or ``rgb/`` of a WPE folder (:mod:`gaitpose.io.wpe`)."""
    images, rgb = folder / "images", folder / "rgb"
    return rgb if rgb.is_dir() and not images.is_dir() else images


def _joint_order(names: Sequence[str]) -> list[int]:
    known = [canonical_name(name) for name in names]
    missing = [joint for joint in JOINTS if joint not in known]
    if missing:
        raise UnreadableInput(f"joint {missing[0]} is missing", where="categories.keypoints")
    return [known.index(joint) for joint in JOINTS]


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except OSError as error:
        raise UnreadableInput("no such file", where=str(path)) from error
    except json.JSONDecodeError as error:
        raise UnreadableInput("not a JSON file", where=str(path)) from error
