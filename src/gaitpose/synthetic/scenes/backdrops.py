"""Photographs behind the subject: a folder of pictures without people, cut to size."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from gaitpose.errors import UnreadableInput
from gaitpose.synthetic.scenes.settings import Photo

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}


def photos_in(folder: Path | None) -> tuple[Path, ...]:
    """Return the pictures below a folder in the order of their names; none without a folder.

    Raises
    ------
    UnreadableInput
        If there is no such folder, or no picture in it.
    """
    if folder is None:
        return ()
    if not folder.is_dir():
        raise UnreadableInput("no such folder", where=str(folder))
    found = tuple(sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES))
    if not found:
        raise UnreadableInput("no picture in this folder", where=str(folder))
    return found


def backdrop(photos: tuple[Path, ...], choice: Photo, width: int, height: int) -> np.ndarray:
    """Cut a piece with the shape of the picture out of a photograph, uint8 (height, width, 3)."""
    photo = _read(photos[choice.number % len(photos)])
    tall, wide = photo.shape[:2]
    piece = min(wide / width, tall / height) / choice.zoom
    size_x, size_y = min(round(piece * width), wide), min(round(piece * height), tall)
    x = round(choice.place[0] * (wide - size_x))
    y = round(choice.place[1] * (tall - size_y))
    cut = photo[y : y + size_y, x : x + size_x]
    cut = cut[:, ::-1] if choice.flipped else cut
    shrinks = size_x > width
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(np.ascontiguousarray(cut), (width, height), interpolation=how))


@lru_cache(maxsize=32)
def _read(path: Path) -> np.ndarray:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise UnreadableInput("not a picture that can be read", where=str(path))
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
