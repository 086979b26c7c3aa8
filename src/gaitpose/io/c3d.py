"""C3D: marker trajectories, model outputs and labelled gait events of a motion-capture system."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from gaitpose.errors import UnreadableInput
from gaitpose.io.axes import Up, to_y_up
from gaitpose.io.files import existing_file
from gaitpose.poses import METRES_PER_UNIT

_NOT_POINTS = ("ANGLES", "FORCES", "MOMENTS", "POWERS", "SCALARS", "MODELED_MARKERS_SCALARS")
"""Lists in the POINT group of those "points" that are not positions."""

_KINDS = {
    "foot_strike": ("footstrike", "heelstrike", "initialcontact", "fs", "hs", "ic"),
    "foot_off": ("footoff", "toeoff", "fo", "to"),
}
_DEFAULT_UP: Up = "+z"
_SECOND_BYTE = 0x50
_BLOCK = 512
"""Bytes of a block; positions in the file are counted in these."""

_BIG_ENDIAN = 86
"""Processor type in the parameter section of files written on MIPS machines."""

_MOST_FRAMES = 0xFFFF
"""The header cannot count further."""

_MAX_EXTENSION = 10


@dataclass(frozen=True, eq=False)
class C3dFile:
    """Content of a C3D file.

    Parameters
    ----------
    labels : tuple of str
        Names of the points, markers and model outputs such as joint centres alike.
    points : array, (frames, points, 3)
        Metres, y up: ``(x, y, z) -> (x, z, -y)`` of a z-up lab. NaN is missing.
    angles : dict of str to array, (frames, 3)
        The model's joint angles as the file holds them, degrees; empty if it has none.
    time_s : array, (frames,)
        Seconds since the trial's frame 1, on the clock of the events.
    rate : float
        Frames per second.
    events : pandas.DataFrame
        Columns ``side`` (left, right), ``kind`` (foot_strike, foot_off), ``time_s``, in order of
        time.
    software : str
        What wrote the file.
    missing_frames : int
        Frames at the end that the header promises but a truncated file does not hold.
    """

    labels: tuple[str, ...]
    points: np.ndarray
    angles: dict[str, np.ndarray]
    time_s: np.ndarray
    rate: float
    events: pd.DataFrame
    software: str
    missing_frames: int = 0


def read_c3d(path: str | os.PathLike[str]) -> C3dFile:
    """Read a C3D file.

    Parameters
    ----------
    path : path

    Returns
    -------
    C3dFile

    Raises
    ------
    UnreadableInput
        If it is no C3D file, is damaged, or has no points.

    Notes
    -----
    A point is missing where its residual is negative or all its coordinates are zero. The axis
    that points up is read from ``POINT:Y_SCREEN`` and is +z where that is absent. Analog channels
    and force plates are not read.
    """
    path = existing_file(path)
    where = str(path)
    promised = _promised_frames(path)
    content = _load(where)
    parameters = content["parameters"]
    point = parameters["POINT"]
    names = _texts(point, "LABELS")
    data = content["data"]["points"]
    if data.shape[2] == 0 or not names:
        raise UnreadableInput("the file holds no points", where=where)
    rate = float(point["RATE"]["value"][0])
    if not rate > 0:
        raise UnreadableInput(f"POINT:RATE is {rate:g}", where=where)
    values = _without_missing(data, content["data"]["meta_points"]["residuals"])
    names = names[: values.shape[1]]
    values = values[:, : len(names)]
    others = {key: set(_texts(point, key)) for key in _NOT_POINTS}
    not_points = set().union(*others.values())
    is_point = [name not in not_points for name in names]
    first = int(content["header"]["points"]["first_frame"])
    return C3dFile(
        labels=tuple(name for name, keep in zip(names, is_point, strict=True) if keep),
        points=to_y_up(values[:, is_point] * _metres(point, where), _up(point)),
        angles={n: values[:, i] for i, n in enumerate(names) if n in others["ANGLES"]},
        time_s=(first + np.arange(len(values))) / rate,
        rate=rate,
        events=_events(parameters.get("EVENT", {})),
        software=" ".join(_texts(parameters.get("MANUFACTURER", {}), "SOFTWARE")),
        missing_frames=max((promised or 0) - len(values), 0),
    )


def is_c3d(head: bytes) -> bool:
    """Tell from its first bytes whether a file is a C3D file."""
    return len(head) >= 2 and head[1] == _SECOND_BYTE and 0 < head[0] < 0x80


def _load(where: str) -> Mapping[str, Any]:
    import ezc3d  # noqa: PLC0415  a compiled library that only this format needs

    try:
        content: Mapping[str, Any] = ezc3d.c3d(where)
        complete = {"points", "meta_points"} <= set(content["data"])
    except (OSError, RuntimeError, ValueError, LookupError, TypeError) as error:
        raise UnreadableInput("the C3D file is damaged", where=where) from error
    if not complete:
        raise UnreadableInput("the file holds no points", where=where)
    return content


def _promised_frames(path: Path) -> int | None:
    """Frames that the header promises, None if it cannot tell.

    Raises if header and parameters are not all there: ezc3d would search for them for ever.
    """
    where = str(path)
    with path.open("rb") as file:
        head = file.read(_BLOCK)
        if not is_c3d(head):
            raise UnreadableInput("this is not a C3D file", where=where)
        start = (head[0] - 1) * _BLOCK
        file.seek(start)
        section = file.read(4)
    blocks = section[2] if len(section) == 4 else 1
    if path.stat().st_size < start + blocks * _BLOCK:
        raise UnreadableInput(
            "the C3D file is cut off before its data",
            where=where,
            hint="The copy may be incomplete: copy it again",
        )
    order: Literal["big", "little"] = "big" if section[3] == _BIG_ENDIAN else "little"
    first, last = (int.from_bytes(head[at : at + 2], order) for at in (6, 8))
    return last - first + 1 if last < _MOST_FRAMES else None


def _without_missing(data: np.ndarray, residuals: np.ndarray) -> np.ndarray:
    """Coordinates as (frames, points, 3), NaN where a point was not seen."""
    values = data[:3].transpose(2, 1, 0).astype(float)
    values[residuals[0].T < 0] = np.nan
    values[(values == 0).all(axis=2)] = np.nan
    return values


def _texts(group: Mapping[str, Any], name: str) -> list[str]:
    """Join a list of texts that goes on in NAME2, NAME3, ... (C3D allows 255 in one)."""
    texts: list[str] = []
    for key in (name, *(f"{name}{number}" for number in range(2, _MAX_EXTENSION))):
        if key in group:
            texts += [str(text).strip() for text in group[key]["value"]]
    return texts


def _metres(point: Mapping[str, Any], where: str) -> float:
    unit = (_texts(point, "UNITS") or ["mm"])[0].lower() or "mm"
    if unit not in METRES_PER_UNIT:
        raise UnreadableInput(f"POINT:UNITS {unit!r} are not known", where=where)
    return METRES_PER_UNIT[unit]


def _up(point: Mapping[str, Any]) -> Up:
    written = (_texts(point, "Y_SCREEN") or [""])[0].lower()
    known: dict[str, Up] = {"+x": "+x", "-x": "-x", "+y": "+y", "-y": "-y", "+z": "+z", "-z": "-z"}
    return known.get(written, _DEFAULT_UP)


def _events(group: Mapping[str, Any]) -> pd.DataFrame:
    """Labelled foot strikes and foot offs; TIMES holds pairs of minutes and seconds."""
    labels, contexts = _texts(group, "LABELS"), _texts(group, "CONTEXTS")
    seconds: list[float] = []
    for key in ("TIMES", *(f"TIMES{number}" for number in range(2, _MAX_EXTENSION))):
        if key in group:
            pairs = np.asarray(group[key]["value"], dtype=float).ravel(order="F").reshape(-1, 2)
            seconds += list(60 * pairs[:, 0] + pairs[:, 1])
    found = [
        (side, kind, time_s)
        for label, context, time_s in zip(labels, contexts, seconds, strict=False)
        if (kind := _kind(label)) and (side := _side(context))
    ]
    columns: Sequence[str] = ("side", "kind", "time_s")
    table = pd.DataFrame(found, columns=list(columns)).astype({"time_s": float})
    return table.sort_values("time_s", ignore_index=True)


def _kind(label: str) -> str | None:
    letters = "".join(c for c in label.lower() if c.isalpha())
    return next((kind for kind, names in _KINDS.items() if letters in names), None)


def _side(context: str) -> str | None:
    return {"l": "left", "r": "right"}.get(context.strip().lower()[:1])
