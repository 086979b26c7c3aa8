"""JSON files of pose estimators: reading, numbers of people as arrays, frame numbers in names."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import existing_file


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
    person[is_missing] = (np.nan, np.nan, 0.0)
    return person


def last_number(name: str) -> int | None:
    """Return the last run of digits in a file's stem, by which frames are numbered, or None.

    ``walk_000000000012_keypoints.json`` gives 12.
    """
    digits = re.findall(r"\d+", Path(name).stem)
    return int(digits[-1]) if digits else None
