"""Writes WPE folders sample by sample, so that a kill at any moment costs at most one sample.

Each sample becomes a picture, a depth picture and, last, one small file in ``labels/``; a sample
whose label is there is whole. :meth:`WpeWriter.finish` gathers the labels into the files that
others read. Nothing depends on the order or on the number of processes that write: the same samples
give the same bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.io.files import atomic_path, writable_folder, write_text
from gaitpose.io.json_text import read_json
from gaitpose.io.wpe_sample import (
    ANNOTATIONS,
    CAMERA,
    DEPTH,
    DEPTH_UNIT,
    FORMAT,
    LABELS,
    RGB,
    SUBJECT,
    VERSION,
    Labels,
    Sample,
    depth_name,
    picture_name,
)
from gaitpose.skeleton import BONES, KEYPOINTS

JPEG_QUALITY = 92
PNG_EFFORT = 1
"""zlib's level: higher ones save a tenth of the space and take twice the time."""

MOST_PEOPLE = 100
"""Labelled people in one picture."""

_DECIMALS = 2
"""Of pixels."""


class WpeWriter:
    """Writer of one WPE folder; several processes may have one of the same folder.

    Parameters
    ----------
    folder : path
        Made where it is absent; what is in it already is kept.

    Raises
    ------
    OutputFailed
        If the folder cannot be written to.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = writable_folder(folder)
        for name in (RGB, DEPTH, LABELS):
            writable_folder(self.folder / name)

    def has(self, index: int) -> bool:
        """Whether the sample of this number is there already, whole."""
        return self._label_path(index).exists()

    def write(self, index: int, sample: Sample) -> None:
        """Write one sample; it replaces one of the same number.

        Parameters
        ----------
        index : int
            Number of the sample in the folder, 0 or more.
        sample : Sample
        """
        if index < 0:
            raise BadSettings(f"{index} is no number of a sample", where=str(self.folder))
        if len(sample.people) > MOST_PEOPLE:
            raise BadSettings(f"{len(sample.people)} people in one picture", where=f"{index}")
        self._label_path(index).unlink(missing_ok=True)
        name = picture_name(index)
        _write_bytes(self.folder / RGB / name, encode_rgb(sample.rgb))
        _write_bytes(self.folder / DEPTH / depth_name(name), encode_depth(sample.depth))
        write_text(self._label_path(index), _json_text(label_of(index, sample)) + "\n")

    def finish(self) -> int:
        """Gather all samples into annotations.json, camera.json and subject.json.

        Call it when all that write have ended (or whenever the folder should be readable). Files
        that a killed process left half-written are removed.

        Returns
        -------
        int
            Number of samples in the folder.
        """
        labels = [read_json(path) for path in sorted((self.folder / LABELS).glob("[0-9]*.json"))]
        write_text(self.folder / CAMERA, shared_text([_pair(each, "camera") for each in labels]))
        write_text(self.folder / SUBJECT, shared_text([_pair(each, "subject") for each in labels]))
        write_text(self.folder / ANNOTATIONS, annotations_text(labels))
        for name in (".", RGB, DEPTH, LABELS):
            for leftover in (self.folder / name).glob(".gaitpose-*"):
                leftover.unlink(missing_ok=True)
        return len(labels)

    def _label_path(self, index: int) -> Path:
        return self.folder / LABELS / f"{index:06d}.json"


def encode_rgb(rgb: np.ndarray) -> bytes:
    """Return a picture, uint8 (height, width, 3), as JPEG."""
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    return _encoded(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), options)


def encode_depth(depth: np.ndarray) -> bytes:
    """Return depth, metres (height, width), as a 16-bit PNG in millimetres; 0 where there is none.

    Depth that 16 bits cannot hold (beyond 65.5 m) counts as none.
    """
    steps = np.rint(np.nan_to_num(depth, posinf=0.0, neginf=0.0) / DEPTH_UNIT)
    steps = np.where((steps > 0) & (steps <= np.iinfo(np.uint16).max), steps, 0)
    return _encoded(".png", steps.astype(np.uint16), [cv2.IMWRITE_PNG_COMPRESSION, PNG_EFFORT])


def label_of(index: int, sample: Sample) -> dict[str, Any]:
    """Return all of a sample but its pictures: COCO's image, its annotations, camera, subject."""
    name = picture_name(index)
    image: dict[str, Any] = {
        "id": index,
        "file_name": name,
        "depth_file": depth_name(name),
        "width": sample.camera.width,
        "height": sample.camera.height,
    }
    if sample.time_s is not None:
        image["time_s"] = round(sample.time_s, 6)
    if sample.attributes:
        image["attributes"] = dict(sample.attributes)
    return {
        "image": image,
        "annotations": [
            _annotation(index, number, each) for number, each in enumerate(sample.people)
        ],
        "camera": sample.camera.to_json(),
        "subject": dict(sample.subject),
    }


def annotations_text(labels: Sequence[Mapping[str, Any]]) -> str:
    """Return COCO's keypoint file, with one line a picture and one an annotation."""
    category = {
        "id": 1,
        "name": "person",
        "supercategory": "person",
        "keypoints": list(KEYPOINTS),
        "skeleton": [[KEYPOINTS.index(a) + 1, KEYPOINTS.index(b) + 1] for a, b in BONES],
    }
    images = [_json_text(each["image"]) for each in labels]
    annotations = [_json_text(one) for each in labels for one in each["annotations"]]
    return (
        f'{{"info":{_json_text({"format": FORMAT, "version": VERSION})},\n'
        f'"categories":[{_json_text(category)}],\n'
        f'"images":[\n{_lines(images)}],\n"annotations":[\n{_lines(annotations)}]}}\n'
    )


def shared_text(entries: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Return facts as JSON: one object if all pictures share them, else one for each by its name.

    Parameters
    ----------
    entries : sequence of (file name, facts)
    """
    distinct = {_json_text(facts) for _, facts in entries}
    if len(distinct) <= 1:
        return json.dumps(entries[0][1] if entries else {}, indent=2) + "\n"
    rows = [f"{json.dumps(name)}:{_json_text(facts)}" for name, facts in entries]
    return f'{{"images":{{\n{_lines(rows)}}}}}\n'


def _annotation(index: int, number: int, person: Labels) -> dict[str, Any]:
    known = np.asarray(person.visibility) > 0
    points = np.where(known[:, None], np.asarray(person.keypoints, dtype=float), 0.0)
    rows = zip(points.round(_DECIMALS).tolist(), np.asarray(person.visibility), strict=True)
    x0, y0, x1, y1 = person.box or _enclosing(points[known])
    box = [round(float(value), _DECIMALS) for value in (x0, y0, x1 - x0, y1 - y0)]
    extras = {
        "view_deg": None if person.view_deg is None else round(float(person.view_deg), 2),
        "exoskeleton": person.exoskeleton,
        "preset": person.preset,
        "attributes": dict(person.attributes) or None,
    }
    return {
        # Never 0: COCO's own evaluation takes an annotation of this number for "no match".
        "id": index * MOST_PEOPLE + number + 1,
        "image_id": index,
        "category_id": 1,
        "iscrowd": 0,
        "keypoints": [value for (x, y), seen in rows for value in (x, y, int(seen))],
        "num_keypoints": int(known.sum()),
        "bbox": box,
        "area": round(box[2] * box[3], _DECIMALS),
        **{name: value for name, value in extras.items() if value is not None},
    }


def _enclosing(points: np.ndarray) -> tuple[float, float, float, float]:
    if not len(points):
        return 0.0, 0.0, 0.0, 0.0
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return x0, y0, x1, y1


def _pair(label: Mapping[str, Any], what: str) -> tuple[str, Mapping[str, Any]]:
    return label["image"]["file_name"], label[what]


def _encoded(suffix: str, picture: np.ndarray, options: list[int]) -> bytes:
    done, data = cv2.imencode(suffix, picture, options)
    if not done:
        raise BadSettings(f"a picture of {picture.shape} cannot be written as {suffix}")
    return data.tobytes()


def _write_bytes(path: Path, data: bytes) -> None:
    with atomic_path(path) as temporary:
        temporary.write_bytes(data)


def _json_text(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"), allow_nan=False)


def _lines(rows: Sequence[str]) -> str:
    return ",\n".join(rows) + "\n" if rows else ""
