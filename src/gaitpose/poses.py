"""The one data structure: poses over time as an ``xarray.Dataset``.

The layout is that of the ``movement`` package, so each can open the other's files: dims ``time``
(seconds), ``space`` (``x``, ``y`` and, in 3-D, ``z``), ``keypoints`` (names of
:mod:`gaitpose.skeleton`) and ``individuals``; variables ``position`` and ``confidence`` (0..1);
attributes ``fps``, ``units``, ``source_file``, ``source_software``, ``log`` (JSON, one entry a
step) and, for joints that an estimator read from a film, ``joints_from="video"``.
Missing is NaN. Pixels have their origin top-left, x right, y down.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import xarray as xr

from gaitpose.errors import UnreadableInput
from gaitpose.skeleton import KEYPOINTS, LEG_JOINTS, canonical_name

Units = Literal["px", "m", "cm", "mm"]
METRES_PER_UNIT: dict[str, float] = {"m": 1.0, "cm": 0.01, "mm": 0.001}
SPACE = ("x", "y", "z")

_RATE_TOLERANCE = 0.01
_TRAVELS_TOO = 0.5
"""Share of the way of the one who travels farthest from which somebody else may be meant."""


def poses_from_arrays(
    position: np.ndarray,
    fps: float | None,
    keypoints: Sequence[str],
    units: Units,
    confidence: np.ndarray | None = None,
    *,
    times: np.ndarray | None = None,
    individual: str = "subject",
    attributes: Mapping[str, Any] | None = None,
) -> xr.Dataset:
    """Build a poses dataset of one person from plain arrays.

    Parameters
    ----------
    position : array, (frames, keypoints, space) or (frames, space, keypoints)
        Coordinates; space is 2 or 3 long. Pixels: x right, y down. Lengths in 3-D: any
        right-handed frame; the analysis finds up and forward by itself. NaN is missing.
    fps : float or None
        Frames per second, > 0; may be a non-integer. None if `times` is given.
    keypoints : sequence of str
        Names, in any of the usual spellings; names that gait analysis does not use are dropped.
    units : {"px", "m", "cm", "mm"}
        Lengths are converted to metres.
    confidence : array, (frames, keypoints), optional
        0..1; 1 where not given, and 0 where the position is missing.
    times : array, (frames,), optional
        Seconds, strictly increasing, for recordings with a variable frame rate.
    individual : str
        Name of the person.
    attributes : mapping, optional
        Further dataset attributes, such as ``source_file`` or ``image_width``.

    Returns
    -------
    xarray.Dataset
        Units ``"px"`` or ``"m"``.

    Raises
    ------
    UnreadableInput
        If shapes, names, units or times do not fit.
    """
    position = np.asarray(position, dtype=float)
    names = list(keypoints)
    position = _frames_keypoints_space(position, len(names))
    if units not in ("px", *METRES_PER_UNIT):
        raise UnreadableInput(
            f"units {units!r} are not known", where="units", hint="Use px, m, cm or mm"
        )
    sure = _confidence(confidence, np.isfinite(position).all(axis=2))
    columns = _columns(names)
    order = list(columns.values())
    clock = _clock(times, fps, len(position))
    scale = METRES_PER_UNIT.get(units, 1.0)
    rate = float(fps) if fps is not None else float(1 / np.median(np.diff(clock)))
    return xr.Dataset(
        {
            "position": (
                ("time", "space", "keypoints", "individuals"),
                (position[:, order] * scale).transpose(0, 2, 1)[..., np.newaxis],
            ),
            "confidence": (
                ("time", "keypoints", "individuals"),
                sure[:, order][..., np.newaxis],
            ),
        },
        coords={
            "time": ("time", clock, {"units": "s"}),
            "space": list(SPACE[: position.shape[2]]),
            "keypoints": list(columns),
            "individuals": [individual],
        },
        attrs={
            "ds_type": "poses",
            "fps": rate,
            "time_unit": "seconds",
            "units": "px" if units == "px" else "m",
            "source_file": "",
            "source_software": "",
            "log": "[]",
            **(attributes or {}),
        },
    )


def _frames_keypoints_space(position: np.ndarray, count: int) -> np.ndarray:
    if position.ndim == 4 and position.shape[3] == 1:
        position = position[..., 0]
    if position.ndim == 3:
        if position.shape[1] == count and position.shape[2] in (2, 3):
            return position
        if position.shape[2] == count and position.shape[1] in (2, 3):
            return position.transpose(0, 2, 1)
    raise UnreadableInput(
        f"shape {position.shape} is neither (frames, {count} keypoints, 2 or 3) "
        f"nor (frames, 2 or 3, {count} keypoints)",
        where="position",
    )


def _confidence(given: np.ndarray | None, there: np.ndarray) -> np.ndarray:
    """Return what was given, or 1, where the position is there, and 0 where it is missing."""
    if given is None:
        return there.astype(float)
    confidence = np.asarray(given, dtype=float)
    if confidence.shape != there.shape:
        raise UnreadableInput(
            f"shape {confidence.shape} does not fit {there.shape} (frames, keypoints)",
            where="confidence",
        )
    return np.where(there, confidence, 0.0)


def _columns(names: Sequence[str]) -> dict[str, int]:
    """Return the column of each keypoint that gait analysis uses, in our order."""
    ours = [canonical_name(name) for name in names]
    columns = {name: ours.index(name) for name in KEYPOINTS if name in ours}
    missing = [name for name in LEG_JOINTS if name not in columns]
    if missing:
        raise UnreadableInput(
            f"needed joint {', '.join(missing)} is absent (found: {', '.join(names) or 'none'})",
            where="keypoints",
            hint="Both hips, knees and ankles are needed",
        )
    return columns


def _clock(times: np.ndarray | None, fps: float | None, frames: int) -> np.ndarray:
    if times is None:
        if fps is None or not np.isfinite(fps) or not fps > 0:
            raise UnreadableInput(
                f"frame rate is {fps}", where="fps", hint="Give the frames per second (--fps)"
            )
        return np.arange(frames) / float(fps)
    clock = np.asarray(times, dtype=float)
    if clock.shape != (frames,) or not np.isfinite(clock).all() or (np.diff(clock) <= 0).any():
        raise UnreadableInput(
            f"times must be {frames} finite, strictly increasing seconds", where="times"
        )
    if frames < 2 and fps is None:
        raise UnreadableInput("one frame has no frame rate", where="times")
    return clock


def require_rate(fps: float | None, told: float | None, where: str) -> None:
    """Refuse frames per second that are not those which the file tells, if it does.

    Raises
    ------
    UnreadableInput
    """
    if fps is None or told is None or abs(fps - told) <= _RATE_TOLERANCE * told:
        return
    raise UnreadableInput(
        f"the file says {told:g} frames per second, not {fps:g}",
        where=where,
        hint="Leave --fps out",
    )


def choose_who_travels(
    travelled: Mapping[str, float], seen: Mapping[str, np.ndarray]
) -> tuple[str, dict[str, str]]:
    """Choose the person who travels farthest, and remember others who travel half as far.

    Parameters
    ----------
    travelled : mapping
        Name to way, in any unit.
    seen : mapping
        Name to array of bool, (time,). Whoever is never seen together with the chosen one may be
        the same person, come back, and is not counted.

    Returns
    -------
    chosen : str
    attributes : dict
        ``others_who_travel``, names between commas, if there are any.
    """
    chosen = max(travelled, key=lambda name: travelled[name])
    others = [
        name
        for name, way in travelled.items()
        if name != chosen
        and way > _TRAVELS_TOO * travelled[chosen]
        and (seen[name] & seen[chosen]).any()
    ]
    return chosen, {"others_who_travel": ", ".join(others)} if others else {}


def one_who_travels(poses: xr.Dataset) -> xr.Dataset:
    """Return the poses of the individual whose hips cover most ground, alone."""
    if poses.sizes["individuals"] == 1:
        return poses
    hips = poses["position"].sel(keypoints=["left_hip", "right_hip"]).mean("keypoints")
    way = (hips.max("time") - hips.min("time")).max("space").fillna(0.0).values.tolist()
    there = hips.notnull().all("space").transpose("individuals", "time").values
    names = [str(name) for name in poses["individuals"].values]
    chosen, told = choose_who_travels(
        dict(zip(names, way, strict=True)), dict(zip(names, there, strict=True))
    )
    return poses.isel(individuals=[names.index(chosen)]).assign_attrs(told)


def with_log(poses: xr.Dataset, step: str, **settings: Any) -> xr.Dataset:
    """Return the poses with one more step in their log; the data are shared, not copied."""
    entries = json.loads(poses.attrs.get("log", "[]"))
    entries.append({"step": step, **settings})
    return poses.assign_attrs(log=json.dumps(entries, default=str))
