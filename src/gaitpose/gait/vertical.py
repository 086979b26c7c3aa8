"""Which way is up: any camera or laboratory frame to one with x and z level and y up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.errors import NoSubjectFound
from gaitpose.gait import robust


class VerticalSettings(BaseModel):
    """How the vertical of a 3-D recording is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    snap_deg: float = Field(default=30.0, ge=0, lt=45)
    """The coordinate axis within this angle of the body's long axis is taken as the vertical."""


def upright_picture(fx: float | None = None, fy: float | None = None) -> np.ndarray:
    """Return the matrix from picture coordinates (x right, y down) to square ones with y up.

    Parameters
    ----------
    fx, fy : float or None
        Focal lengths in pixels along x and y; None for square pixels.

    Returns
    -------
    array, (2, 2)
        ``pixels @ matrix``: x in pixels, y in pixels of the width that one has along x.

    Notes
    -----
    Eq. 6 of the GaitPoseNet article: x = z X/fx and y = z Y/fy. In units of z/fx that is x = X and
    y = Y fx/fy, so the ratio enters once, here; Eqs. 9 and 10 of the article mix the two up.
    """
    return np.diag([1.0, -(fx / fy if fx and fy else 1.0)])


def upright_space(up: np.ndarray) -> np.ndarray:
    """Return the rotation of a right-handed frame to one with y up.

    Parameters
    ----------
    up : array, (3,)
        Unit vector.

    Returns
    -------
    array, (3, 3)
        ``points @ matrix`` has level x and z, and is right-handed.
    """
    level = np.cross(up, np.eye(3)[np.argmin(np.abs(up))])
    level /= np.linalg.norm(level)
    return np.stack([level, up, np.cross(level, up)], axis=1)


def find_up(
    position: np.ndarray, names: Sequence[str], settings: VerticalSettings
) -> tuple[np.ndarray, bool]:
    """Find the upward direction from the body itself: ankles to hips to shoulders.

    Parameters
    ----------
    position : array, (time, keypoints, 3)
    names : sequence of str
        Keypoints.
    settings : VerticalSettings

    Returns
    -------
    up : array, (3,)
        Unit vector.
    snapped : bool
        Whether it is a coordinate axis (of either sign).

    Raises
    ------
    NoSubjectFound
        If hips and ankles are never seen together.
    """

    def middle(part: str) -> np.ndarray:
        pair = [names.index(f"{side}_{part}") for side in ("left", "right")]
        return robust.mean(position[:, pair], axis=1)

    top = "shoulder" if {"left_shoulder", "right_shoulder"} <= set(names) else "hip"
    axis = robust.median(middle(top) - middle("ankle"))
    if not np.isfinite(axis).all():
        axis = robust.median(middle("hip") - middle("ankle"))
    length = float(np.linalg.norm(axis))
    if not length > 0:
        raise NoSubjectFound("hips and ankles are never seen together")
    axis /= length
    nearest = int(np.argmax(np.abs(axis)))
    if abs(axis[nearest]) >= np.cos(np.radians(settings.snap_deg)):
        return np.sign(axis[nearest]) * np.eye(3)[nearest], True
    return axis, False
