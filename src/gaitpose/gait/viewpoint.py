"""How far the camera is off the side view, from the distance between the hips in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.errors import NotEnoughCycles
from gaitpose.gait import robust
from gaitpose.gait.findings import Finding
from gaitpose.gait.passes import LeftOut, Walks
from gaitpose.gait.scale import segment_lengths


class ViewpointSettings(BaseModel):
    """Which views count as side views."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hip_width: float = Field(default=0.2, gt=0)
    """Distance between the hip joints, leg lengths (17 cm for a leg of 86 cm)."""
    worth_telling_deg: float = Field(default=25.0, gt=0, lt=90)
    """From where on the report warns: four real and twelve rendered side views showed up to 12."""
    most_deg: float = Field(default=60.0, gt=0, le=90)
    """Beyond, the plane of the walk is hardly seen, and a pass is left out."""


def degrees_off_side(
    position: np.ndarray, names: Sequence[str], settings: ViewpointSettings
) -> float:
    """Return the angle between the camera's view of a body and the view of its side.

    Parameters
    ----------
    position : array, (time, keypoints, 2)
        One pass as it was seen, upright: names as the estimator gave them, NaN is missing.
    names : sequence of str
    settings : ViewpointSettings

    Returns
    -------
    float
        0 (side) to 90 (front or back); NaN where hips and a leg are never seen together.

    Notes
    -----
    From the side the hips of a walker cover each other, and turn to either side alike; from the
    front they are a hip width apart. The estimator's names serve, not repaired ones: from the side
    it may well exchange left and right, which only brings the median nearer to 0, from the front it
    hardly does, and repair expects legs that pass each other. The longer leg of each frame is the
    ruler, as it is the straighter one; so a person who walks towards the camera may grow.
    """
    order = list(names)
    left, right = (position[:, order.index(f"{side}_hip"), 0] for side in ("left", "right"))
    leg = np.fmax(*segment_lengths(position, names).sum(axis=2).T)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(robust.median((left - right) / leg))
    return float(np.degrees(np.arcsin(np.minimum(apart / settings.hip_width, 1.0))))


def without_frontal_views(
    walks: Walks, off_side: Sequence[float], settings: ViewpointSettings
) -> tuple[Walks, tuple[Finding, ...]]:
    """Leave out the passes that are not seen from the side, and tell of oblique ones.

    Parameters
    ----------
    walks : Walks
    off_side : sequence of float
        Of each pass, from :func:`degrees_off_side`.
    settings : ViewpointSettings

    Raises
    ------
    NotEnoughCycles
        If no pass is left.
    """
    kept, told = [], []
    left_out = list(walks.left_out)
    for walk, angle in zip(walks.stretches, off_side, strict=True):
        if angle > settings.most_deg:
            left_out.append(LeftOut(walk.start, walk.stop, "seen from the front or from behind"))
            continue
        kept.append(walk)
        if angle >= settings.worth_telling_deg:
            told.append(angle)
    if not kept:
        raise NotEnoughCycles(
            "the person is seen from the front or from behind "
            f"(some {max(off_side):.0f} degrees off the side view)",
            hint="Film from the side, at right angles to the way",
        )
    left_out.sort(key=lambda rest: rest.start)
    return replace(walks, stretches=kept, left_out=left_out), _about(told, len(kept))


def _about(told: Sequence[float], passes: int) -> tuple[Finding, ...]:
    if not told:
        return ()
    message = (
        f"In {len(told)} of {passes} passes the camera is some {max(told):.0f} degrees off the "
        "side view, by the distance between the hips: lengths and angles come out too small. "
        "Film at right angles to the way."
    )
    return (Finding("not-from-the-side", "warning", message),)
