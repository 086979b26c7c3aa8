"""JSON files of pose estimators: reading, people as arrays, frames by their numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import TypeAdapter, ValidationError

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import existing_file

Form = TypeVar("Form")

_MOST_ABSENT = 1000
"""Absent frames that are tolerated for each frame that is there."""


def read_json(path: Path) -> Any:
    """Parse a JSON file.

    Raises
    ------
    UnreadableInput
        If it is absent or no JSON; the message tells the line.
    """
    try:
        return json.loads(existing_file(path).read_bytes())
    except json.JSONDecodeError as error:
        raise UnreadableInput(
            f"broken JSON at line {error.lineno}, column {error.colno}", where=str(path)
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableInput("this is no text", where=str(path)) from error


def in_form(form: type[Form], content: Any, where: str) -> Form:
    """Check parsed JSON against a type (a pydantic model or a list of them).

    Raises
    ------
    UnreadableInput
        If it does not fit; the message tells the first field that is wrong.
    """
    try:
        return TypeAdapter(form).validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise UnreadableInput(
            f"field {field or 'at the top'}: {first['msg'].lower()}", where=where
        ) from error


def person_array(triplets: Sequence[float], where: str) -> np.ndarray:
    """Turn ``[x, y, c, x, y, c, ...]`` into an array; points at 0, 0 or with c = 0 are missing.

    Returns
    -------
    array, (keypoints, 3)
        NaN coordinates where missing; the third column as it was.
    """
    try:
        person = np.asarray(triplets, dtype=float)
    except (TypeError, ValueError) as error:
        raise UnreadableInput("keypoints are no numbers", where=where) from error
    if person.ndim != 1 or person.size == 0 or person.size % 3:
        raise UnreadableInput(
            f"keypoints are {person.size} numbers, not triplets of x, y, confidence", where=where
        )
    person = person.reshape(-1, 3)
    is_missing = (person[:, 2] <= 0) | (person[:, :2] == 0).all(axis=1)
    is_missing |= ~np.isfinite(person).all(axis=1)
    person[is_missing] = (np.nan, np.nan, 0.0)
    return person


def last_number(name: str) -> int | None:
    """Return the last run of digits in a file's stem, by which frames are numbered, or None.

    ``walk_000000000012_keypoints.json`` gives 12.
    """
    digits = re.findall(r"\d+", Path(name).stem)
    return int(digits[-1]) if digits else None


def frame_range(numbers: Collection[int], where: str) -> range:
    """Return all frame numbers from the first to the last, those absent among them.

    Raises
    ------
    UnreadableInput
        If nearly all are absent: then the numbers do not count the frames of a video.
    """
    first, last = min(numbers), max(numbers)
    if last - first > _MOST_ABSENT * len(numbers):
        raise UnreadableInput(
            f"frames are numbered from {first} to {last}, but only {len(numbers)} are there",
            where=where,
            hint="Give the frames of one video",
        )
    return range(first, last + 1)
