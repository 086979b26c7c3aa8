"""One person's points as plain arrays, upright: what all later steps work on."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from gaitpose.errors import NoSubjectFound, NotEnoughCycles
from gaitpose.gait.cleaning import CleaningSettings, drop_unsure, find_frozen
from gaitpose.gait.findings import Finding
from gaitpose.gait.scale import ScaleSettings, check_metres, segment_lengths, typical_leg
from gaitpose.gait.vertical import VerticalSettings, find_up, upright_picture, upright_space
from gaitpose.poses import one_who_travels
from gaitpose.subject import Subject

USUAL_FOCAL = 0.75
"""Focal length over the longer side of the picture (phones' main lens, 26-28 mm equivalent)."""


@dataclass(frozen=True)
class Seen:
    """Points of one person over the frames of the input.

    Parameters
    ----------
    position : array, (frames, keypoints, space)
        y up. 2-D: x along the picture, square pixels. 3-D: x and z level, right-handed, metres.
        NaN is missing.
    confidence : array, (frames, keypoints)
        0..1, 0 where missing.
    time : array, (frames,)
        Seconds.
    names : tuple of str
        Keypoints.
    to_upright : array, (space, space)
        ``input @ to_upright`` is upright.
    leg : float
        Thigh plus shank in the units of ``position``.
    centre : array, (2,) or None
        Principal point, upright; None in 3-D or where the picture's size is unknown.
    focal : float
        Focal length in upright picture units; a phone's where it is not known; 0 in 3-D.
    frozen : array of bool, (frames,)
        Frames that repeat the one before.
    findings : tuple of Finding
    """

    position: np.ndarray
    confidence: np.ndarray
    time: np.ndarray
    names: tuple[str, ...]
    to_upright: np.ndarray
    leg: float
    centre: np.ndarray | None
    focal: float
    frozen: np.ndarray
    findings: tuple[Finding, ...]

    @property
    def is_space(self) -> bool:
        """Whether the input is 3-D."""
        return self.position.shape[2] == 3

    def columns(self, part: str) -> list[int]:
        """Left and right column of a part of the body."""
        return [self.names.index(f"{side}_{part}") for side in ("left", "right")]


def look(
    poses: xr.Dataset,
    subject: Subject,
    cleaning: CleaningSettings,
    vertical: VerticalSettings,
    scale: ScaleSettings,
    shortest_s: float,
) -> Seen:
    """Take one person out of a poses dataset and put them upright.

    Parameters
    ----------
    poses : xarray.Dataset
    subject : Subject
        To compare 3-D input with.
    cleaning, vertical, scale : settings of those steps
    shortest_s : float
        Shortest recording, seconds.

    Returns
    -------
    Seen

    Raises
    ------
    NoSubjectFound
        If no leg is ever seen whole.
    NotEnoughCycles
        If the recording is too short for a step.
    """
    names = tuple(str(name) for name in poses.keypoints.values)
    person = one_who_travels(poses).isel(individuals=0)
    raw = person.position.transpose("time", "keypoints", "space").values.astype(float)
    confidence = np.nan_to_num(person.confidence.transpose("time", "keypoints").values)
    time = poses.time.values.astype(float)
    duration = len(time) / float(poses.attrs["fps"])
    if duration < shortest_s:
        raise NotEnoughCycles(
            f"the recording has {len(time)} frames ({duration:.2f} s)",
            hint="At least two strides of the same leg are needed",
        )
    raw = drop_unsure(raw, confidence, cleaning.min_confidence)
    if not np.isfinite(raw).any():
        raise NoSubjectFound(
            f"no joint is seen with a confidence of {cleaning.min_confidence:g} in any frame"
        )
    findings: tuple[Finding, ...] = ()
    if raw.shape[2] == 3:
        centre, focal = None, 0.0
        turn, findings = _turn_upright(raw, names, vertical)
        factor, sized = check_metres(segment_lengths(raw, names), subject, scale)
        to_upright, findings = factor * turn, findings + sized
    else:
        to_upright = upright_picture(poses.attrs.get("fx"), poses.attrs.get("fy"))
        centre, focal = _camera(poses.attrs, to_upright)
    position = raw @ to_upright
    leg = typical_leg(segment_lengths(position, names))
    return Seen(
        position=position,
        confidence=np.where(np.isfinite(position[..., 0]), confidence, 0.0),
        time=time,
        names=names,
        to_upright=to_upright,
        leg=leg,
        centre=centre,
        focal=focal,
        frozen=find_frozen(position, cleaning.freeze_tolerance * leg),
        findings=findings,
    )


def _camera(
    attributes: Mapping[Hashable, Any], to_upright: np.ndarray
) -> tuple[np.ndarray | None, float]:
    """Return principal point, upright, and focal length of a picture whose size is known."""
    width, height = attributes.get("image_width"), attributes.get("image_height")
    if not (width and height):
        return None, 0.0
    centre = (np.array([width, height], dtype=float) - 1.0) / 2.0 @ to_upright
    return centre, float(attributes.get("fx") or USUAL_FOCAL * max(width, height))


def _turn_upright(
    raw: np.ndarray, names: tuple[str, ...], settings: VerticalSettings
) -> tuple[np.ndarray, tuple[Finding, ...]]:
    up, snapped = find_up(raw, names, settings)
    if snapped:
        return upright_space(up), ()
    message = (
        "No axis of the input points up, so the body's own long axis was taken as the vertical; "
        "hip and trunk angles carry the subject's mean lean as an error."
    )
    return upright_space(up), (Finding("vertical-estimated", "warning", message),)
