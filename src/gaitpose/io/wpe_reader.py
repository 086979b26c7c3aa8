"""Reads WPE folders: the list at once, pictures and depth one by one when asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from pydantic import BaseModel

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.io.files import existing_file
from gaitpose.io.json_text import in_form, read_json
from gaitpose.io.wpe_sample import (
    ANNOTATIONS,
    CAMERA,
    DEPTH,
    DEPTH_UNIT,
    NOT_LABELLED,
    RGB,
    SUBJECT,
    Camera,
    Labels,
    depth_name,
)
from gaitpose.skeleton import KEYPOINTS, canonical_name


class _Image(BaseModel):
    id: int
    file_name: str
    depth_file: str | None = None
    time_s: float | None = None
    attributes: dict[str, Any] = {}


class _Annotation(BaseModel):
    image_id: int
    keypoints: list[float]
    bbox: tuple[float, float, float, float] | None = None
    view_deg: float | None = None
    exoskeleton: bool | None = None
    preset: str | None = None
    attributes: dict[str, Any] = {}


class _Category(BaseModel):
    keypoints: list[str]


class _Content(BaseModel):
    images: list[_Image]
    annotations: list[_Annotation]
    categories: list[_Category]


@dataclass(frozen=True)
class WpeRecord:
    """One sample as read.

    Attributes
    ----------
    name : str
        Of the picture's file.
    rgb : uint8 array, (height, width, 3)
    depth : float32 array, (height, width)
        Metres along the optical axis, aligned with `rgb`; NaN where there is none.
    camera : Camera
    people : tuple of Labels
        The subject first; empty where nobody is labelled.
    time_s : float or None
        Seconds since the clip began.
    subject : dict
        Facts about the subject.
    attributes : dict
        What else is kept about the picture.
    """

    name: str
    rgb: np.ndarray
    depth: np.ndarray
    camera: Camera
    people: tuple[Labels, ...] = ()
    time_s: float | None = None
    subject: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def keypoints(self) -> np.ndarray:
        """The subject's, pixels (12, 2); NaN where not labelled."""
        return self.people[0].keypoints if self.people else np.full((len(KEYPOINTS), 2), np.nan)

    @property
    def visibility(self) -> np.ndarray:
        """The subject's, (12,): 0 not labelled, 1 hidden, 2 visible."""
        return self.people[0].visibility if self.people else np.full(len(KEYPOINTS), NOT_LABELLED)


class WpeDataset:
    """The samples of a WPE folder (or of one clip), in the order of ``annotations.json``.

    Parameters
    ----------
    folder : path

    Raises
    ------
    UnreadableInput
        If a file is absent or damaged; pictures and depth are looked at when they are read.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        path = self.folder / ANNOTATIONS
        content = in_form(_Content, read_json(path), str(path))
        self._images = content.images
        self._order = _keypoint_order(content.categories, str(path))
        self._people: dict[int, list[_Annotation]] = {}
        known = {image.id for image in self._images}
        for entry in content.annotations:
            if entry.image_id not in known:
                raise UnreadableInput(f"there is no image {entry.image_id}", where=str(path))
            self._people.setdefault(entry.image_id, []).append(entry)

    def __len__(self) -> int:
        return len(self._images)

    @property
    def names(self) -> list[str]:
        """File names of the pictures."""
        return [image.file_name for image in self._images]

    @property
    def times(self) -> np.ndarray:
        """Seconds since the clip began, (samples,); NaN where a picture has no time."""
        return np.array([image.time_s for image in self._images], dtype=float)

    def read_sample(self, index: int) -> WpeRecord:
        """Read one sample with its picture and depth."""
        image = self._images[index]
        rgb, depth, camera = self.read_rgb(index), self.read_depth(index), self.camera(index)
        for what, shape in (("depth", depth.shape), ("camera", (camera.height, camera.width))):
            if shape != rgb.shape[:2]:
                raise UnreadableInput(
                    f"{what} of {shape[1]} x {shape[0]} pixels does not fit the picture of "
                    f"{rgb.shape[1]} x {rgb.shape[0]}",
                    where=str(self.folder / RGB / image.file_name),
                )
        return WpeRecord(
            name=image.file_name,
            rgb=rgb,
            depth=depth,
            camera=camera,
            people=self.people(index),
            time_s=image.time_s,
            subject=self.subject(index),
            attributes=image.attributes,
        )

    def read_rgb(self, index: int) -> np.ndarray:
        """Read one picture, uint8 (height, width, 3)."""
        picture = _read_picture(self.folder / RGB / self._images[index].file_name, cv2.IMREAD_COLOR)
        return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)

    def read_depth(self, index: int) -> np.ndarray:
        """Read the depth of one picture, metres, float32 (height, width); NaN where none."""
        image = self._images[index]
        path = self.folder / DEPTH / (image.depth_file or depth_name(image.file_name))
        steps = _read_picture(path, cv2.IMREAD_UNCHANGED)
        if steps.dtype != np.uint16 or steps.ndim != 2:
            raise UnreadableInput("depth must be a grey picture of 16 bits", where=str(path))
        return np.where(steps > 0, steps * np.float32(DEPTH_UNIT), np.float32(np.nan))

    def camera(self, index: int) -> Camera:
        """Return the camera of one picture."""
        facts = self._shared(self._cameras, CAMERA, index)
        try:
            return in_form(Camera, facts, str(self.folder / CAMERA))
        except BadSettings as error:
            raise UnreadableInput(error.what, where=str(self.folder / CAMERA)) from error

    def subject(self, index: int) -> dict[str, Any]:
        """Return the facts about the subject of one picture."""
        return self._shared(self._subjects, SUBJECT, index)

    def people(self, index: int) -> tuple[Labels, ...]:
        """Return the labels of the people in one picture, the subject first."""
        image = self._images[index]
        where = f"{self.folder / ANNOTATIONS}, {image.file_name}"
        return tuple(self._labels(entry, where) for entry in self._people.get(image.id, ()))

    @cached_property
    def _cameras(self) -> dict[str, Any]:
        return _read_object(self.folder / CAMERA)

    @cached_property
    def _subjects(self) -> dict[str, Any]:
        return _read_object(self.folder / SUBJECT)

    def _shared(self, facts: Mapping[str, Any], file: str, index: int) -> dict[str, Any]:
        """Facts of one picture out of what all share or each has for itself."""
        if "images" not in facts:
            return dict(facts)
        name = self._images[index].file_name
        if name not in facts["images"]:
            raise UnreadableInput(f"{name} is missing", where=str(self.folder / file))
        return dict(facts["images"][name])

    def _labels(self, entry: _Annotation, where: str) -> Labels:
        triplets = np.asarray(entry.keypoints, dtype=float)
        if triplets.size != 3 * self._order.source_count:
            raise UnreadableInput(
                f"{triplets.size} numbers are not {self._order.source_count} keypoints", where=where
            )
        triplets = np.vstack([triplets.reshape(-1, 3), np.zeros(3)])[self._order.indices]
        visibility = triplets[:, 2].astype(int)
        box = entry.bbox
        try:
            return Labels(
                keypoints=np.where(visibility[:, None] > 0, triplets[:, :2], np.nan),
                visibility=visibility,
                box=None if box is None else (box[0], box[1], box[0] + box[2], box[1] + box[3]),
                view_deg=entry.view_deg,
                exoskeleton=entry.exoskeleton,
                preset=entry.preset,
                attributes=entry.attributes,
            )
        except BadSettings as error:
            raise UnreadableInput(error.what, where=where) from error


def clip_folders(folder: str | os.PathLike[str]) -> list[Path]:
    """Return the clips in a folder, by name: each is a WPE folder of its own.

    Raises
    ------
    UnreadableInput
        If there are none.
    """
    root = Path(folder)
    found = sorted(path.parent for path in root.glob(f"*/{ANNOTATIONS}"))
    if not found:
        raise UnreadableInput("no clips in this folder", where=str(root))
    return found


@dataclass(frozen=True)
class _Order:
    """Where our keypoints stand in a file; one past its end where it lacks one."""

    indices: np.ndarray
    source_count: int


def _keypoint_order(categories: Sequence[_Category], where: str) -> _Order:
    if not categories:
        raise UnreadableInput("no category with names of keypoints", where=where)
    names = [canonical_name(name) for name in categories[0].keypoints]
    count = len(names)
    if not any(names):
        raise UnreadableInput("none of the keypoints is one of ours", where=where)
    indices = [names.index(each) if each in names else count for each in KEYPOINTS]
    return _Order(np.array(indices), count)


def _read_object(path: Path) -> dict[str, Any]:
    content = in_form(dict[str, Any], read_json(path), str(path))
    if "images" in content:
        in_form(dict[str, dict[str, Any]], content["images"], f"{path}, images")
    return content


def _read_picture(path: Path, flags: int) -> np.ndarray:
    data = np.frombuffer(existing_file(path).read_bytes(), dtype=np.uint8)
    picture = cv2.imdecode(data, flags)
    if picture is None:
        raise UnreadableInput("not a picture that can be read", where=str(path))
    return picture
