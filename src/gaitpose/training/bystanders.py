"""Pastes cut-out people beside the subject, so that the network learns whom the crop is about."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from gaitpose.errors import UnreadableInput
from gaitpose.training.people import read_rgb
from gaitpose.training.views import View

TALLEST = 256
"""Cut-outs are kept no taller than this, pixels."""

SHORTEST = 80
"""Smaller ones are too coarse to be pasted."""

MOST_COVERED = 2
"""A bystander who would cover more of the subject's joints is pasted elsewhere, or not at all."""

ATTEMPTS = 4


def read_cutouts(folder: Path) -> list[np.ndarray]:
    """Read people with instance masks as pictures with opacity.

    Parameters
    ----------
    folder : Path
        ``annotations.json`` with ``mask`` for each picture and ``bbox`` and ``mask_value`` for each
        person.

    Returns
    -------
    list of uint8 array, (height, width, 4)
        RGB and opacity, cut to the person's box.

    Raises
    ------
    UnreadableInput
        If the folder does not hold what it should.
    """
    try:
        content = json.loads((folder / "annotations.json").read_text())
        pictures = {entry["id"]: entry for entry in content["images"]}
        cutouts = [
            cutout
            for entry in content["annotations"]
            if (cutout := _cut(folder, pictures[entry["image_id"]], entry)) is not None
        ]
    except (OSError, json.JSONDecodeError) as error:
        raise UnreadableInput("no readable annotations.json", where=str(folder)) from error
    except KeyError as error:
        raise UnreadableInput(f"{error} is missing", where=str(folder)) from error
    return cutouts


def paste_bystander(view: View, cutouts: list[np.ndarray], rng: np.random.Generator) -> View:
    """Paste one of the cut-outs in front, beside the subject; left out if it never fits.

    Parameters
    ----------
    view : View
        Not yet mirrored or spoilt; its joints stay as they are, also where they are covered.
    cutouts : list of uint8 array, (height, width, 4)
        Of :func:`read_cutouts`.
    rng : numpy.random.Generator
    """
    size = view.image.shape[0]
    cutout = cutouts[rng.integers(len(cutouts))]
    if rng.random() < 0.5:
        cutout = cutout[:, ::-1]
    extent = float(np.ptp(view.joints[:, 1])) or 0.5 * size
    height = max(8, round(1.35 * extent * rng.uniform(0.6, 1.2)))
    width = max(4, round(cutout.shape[1] * height / cutout.shape[0]))
    flag = cv2.INTER_AREA if height < cutout.shape[0] else cv2.INTER_LINEAR
    person = cv2.resize(np.ascontiguousarray(cutout), (width, height), interpolation=flag)
    feet = float(view.joints[:, 1].max()) + rng.normal(0, 0.08 * size)
    for _ in range(ATTEMPTS):
        left, top = round(rng.uniform(-0.6 * width, size - 0.4 * width)), round(feet - height)
        image, opaque = _laid_over(view.image, person, left, top)
        x, y = np.clip(view.joints.round().astype(int), 0, size - 1).T
        if opaque[y, x].sum() <= MOST_COVERED:
            return replace(view, image=image)
    return view


def _cut(folder: Path, picture: dict[str, object], entry: dict[str, object]) -> np.ndarray | None:
    image = read_rgb(folder / str(picture["file_name"]))
    mask = cv2.imread(str(folder / str(picture["mask"])), cv2.IMREAD_UNCHANGED)
    if mask is None:
        raise UnreadableInput("not a picture that can be read", where=str(picture["mask"]))
    inside = (mask == entry["mask_value"]).astype(np.uint8)
    if inside.shape != image.shape[:2]:
        inside = cv2.resize(inside, image.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    rows, columns = (np.flatnonzero(inside.any(axis)) for axis in (1, 0))
    if len(rows) < SHORTEST:
        return None
    window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    cutout = np.dstack((image[window], 255 * inside[window]))
    scale = min(1.0, TALLEST / cutout.shape[0])
    return cv2.resize(cutout, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _laid_over(
    image: np.ndarray, person: np.ndarray, left: int, top: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the picture with the person over it, and where the person is."""
    size = image.shape[0]
    rows = slice(max(0, top), min(size, top + person.shape[0]))
    columns = slice(max(0, left), min(size, left + person.shape[1]))
    opaque = np.zeros(image.shape[:2], bool)
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return image, opaque
    part = person[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    share = part[..., 3:].astype(np.float32) / 255
    image = image.copy()
    image[rows, columns] = part[..., :3] * share + image[rows, columns] * (1 - share) + 0.5
    opaque[rows, columns] = part[..., 3] > 127
    return image, opaque
