"""A solid, which segment it moves with, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gaitpose.synthetic.exoskeleton.solids import Solid


class Finish(StrEnum):
    """What a part is made of; the material follows from the settings."""

    SHELL = "shell"
    FRAME = "frame"
    ACCENT = "accent"
    STRAP = "strap"
    PADDING = "padding"
    PLATE = "plate"
    CABLE = "cable"
    BADGE = "badge"
    """Shell with a picture on it."""


@dataclass(frozen=True)
class Placed:
    """A part of the machine.

    Parameters
    ----------
    solid : Solid
        In the frame of its segment.
    segment : str
        Of :attr:`gaitpose.synthetic.exoskeleton.wearer.Wearer.frames`.
    finish : Finish
    uv : array, (vertices, 2), optional
        Texture coordinates.
    """

    solid: Solid
    segment: str
    finish: Finish
    uv: np.ndarray | None = None


@dataclass(frozen=True)
class Hanging:
    """A cable between two segments: it starts with one and ends with the other.

    Parameters
    ----------
    solid : Solid
        In the frame of the first segment.
    other : array, (vertices, 3)
        The same vertices at rest in the frame of the second one.
    segments : (str, str)
    share : array, (vertices,)
        0 where a vertex moves with the first, 1 with the second.
    """

    solid: Solid
    other: np.ndarray
    segments: tuple[str, str]
    share: np.ndarray


def flat_uv(solid: Solid, right: int, up: int) -> np.ndarray:
    """Lay a picture on a solid, as seen along one axis; `right` and `up` are axes, or ~axis for
    the opposite direction.
    """
    columns = []
    for axis in (right, up):
        values = solid.vertices[:, axis] if axis >= 0 else -solid.vertices[:, ~axis]
        columns.append((values - values.min()) / np.ptp(values))
    return np.stack(columns, axis=-1)
