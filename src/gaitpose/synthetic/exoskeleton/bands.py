"""Straps, cuffs and belts: bands swept around the cross-sections of the body at rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gaitpose.synthetic.exoskeleton.sections import Section
from gaitpose.synthetic.exoskeleton.solids import Solid, lofted, ring
from gaitpose.synthetic.exoskeleton.wearer import Limb

_STEPS = 40
"""Corners of a whole loop."""


_ROWS, _BULGE = np.array([-0.5, -0.2, 0.2, 0.5]), (0.7, 1.0, 1.0, 0.7)
"""Rows across a band as shares of its width, and how thick it is there."""


def band(
    limb: Limb,
    axis: int,
    at: float,
    width: float,
    thickness: float,
    *,
    beyond: float = 0.001,
    arc: tuple[float, float] | None = None,
) -> Solid:
    """Wrap a band around a limb.

    Parameters
    ----------
    limb : Limb
    axis : int
        Along which the band is `width` wide.
    at : float
        Its middle, metres.
    width, thickness : float
    beyond : float
        From the outline of skin and pressed cloth to the band's inside, metres.
    arc : (from, to), optional
        Degrees in the section's plane, counter-clockwise; a whole loop by default.
    """
    places = at + width * _ROWS
    sections = [limb.section(axis, float(place)) for place in places]
    if arc is None:
        angles = np.linspace(0, 2 * np.pi, _STEPS, endpoint=False)
        return ring(_profiles(sections, places, angles, beyond, thickness))
    count = max(int(_STEPS * abs(arc[1] - arc[0]) / 360), 6)
    angles = np.deg2rad(np.linspace(*arc, count))
    return lofted(_profiles(sections, places, angles, beyond, thickness))


def _profiles(
    sections: Sequence[Section],
    places: np.ndarray,
    angles: np.ndarray,
    beyond: float,
    thickness: float,
) -> list[np.ndarray]:
    """One closed profile (corners, 3) across the band for each angle."""
    inside, outside = (
        [
            each.points(angles, float(place), beyond + lift * thickness * grow)
            for each, place, grow in zip(sections, places, _BULGE, strict=True)
        ]
        for lift in (0.0, 1.0)
    )
    return list(np.stack([*inside, *outside[::-1]], axis=1))
