"""Cross-sections of a dressed body at rest, to which belts, straps and soles are fitted.

A strap is taut: it follows the convex hull of what it goes around.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from gaitpose.errors import BadSettings

PRESSED = 0.012
"""Metres of cloth and air that stay under a strap."""

LOOSEST = 0.14
"""Cloth farther from the skin belongs to something else (a coat's skirts, a sleeve)."""

_TURN = np.linspace(0, 2 * np.pi, 48, endpoint=False)
_NORMALS = np.column_stack([np.cos(_TURN), np.sin(_TURN)])
"""Directions of an outline's sides, (48, 2)."""


@dataclass(frozen=True)
class Section:
    """Convex outline of a body part in a plane across one of its axes.

    Parameters
    ----------
    axis : int
        0, 1 or 2: the axis that the plane is perpendicular to. The plane's own axes are the next
        two in cyclic order (y: z and x).
    centre : array, (2,)
        Within the outline.
    normals : array, (sides, 2)
        Of the outline's sides, outwards.
    distances : array, (sides,)
        Of the sides from the centre.
    """

    axis: int
    centre: np.ndarray
    normals: np.ndarray
    distances: np.ndarray

    def radius(self, angle: np.ndarray) -> np.ndarray:
        """Distance from the centre to the outline in directions (radians in the plane)."""
        directions = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        towards = directions @ self.normals.T
        reach = np.where(towards > 0.1, self.distances / np.maximum(towards, 0.1), np.inf)
        return reach.min(axis=-1)

    def around(self, cloth: np.ndarray, axis: int, at: float, half: float) -> Section:
        """Return the outline around this one and the cloth on it, of which no more than `PRESSED`
        stays under a strap.
        """
        inside = cloth[np.abs(cloth[:, axis] - at) <= half]
        offset = inside[:, [(axis + 1) % 3, (axis + 2) % 3]] - self.centre
        angle, radius = np.arctan2(offset[:, 1], offset[:, 0]), np.hypot(*offset.T)
        own = self.radius(angle)
        close = radius < own + LOOSEST
        radius, angle = np.clip(radius, own, own + PRESSED)[close], angle[close]
        if not len(radius):
            return self
        outer = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
        distances = np.maximum(self.distances, (outer @ self.normals.T).max(axis=0))
        return Section(axis, self.centre, self.normals, distances)

    def about(self, centre: np.ndarray) -> Section:
        """Return the same outline with another centre, (2,)."""
        distances = self.distances - self.normals @ (centre - self.centre)
        return Section(self.axis, centre, self.normals, distances)

    def reach(self, half_width: float) -> float:
        """How far the outline reaches along the plane's first axis, within `half_width` of 0 along
        the second; metres.
        """
        turn = np.linspace(-np.pi / 2, np.pi / 2, 61)
        corners = self.centre + self.radius(turn)[:, None] * np.column_stack(
            [np.cos(turn), np.sin(turn)]
        )
        beside = np.abs(corners[:, 1]) <= half_width
        return float(corners[beside, 0].max()) if beside.any() else float(corners[:, 0].max())

    def points(self, angle: np.ndarray, at: np.ndarray | float, beyond: float) -> np.ndarray:
        """Points (angles, 3) on the outline, `beyond` metres outside it, in the plane `at`."""
        # Beyond the outline means along its normal; with the outline nearly round about its centre
        # the radius serves, and the loop stays evenly spaced.
        radius = self.radius(angle) + beyond
        out = np.empty((len(angle), 3))
        out[:, self.axis] = at
        out[:, (self.axis + 1) % 3] = self.centre[0] + radius * np.cos(angle)
        out[:, (self.axis + 2) % 3] = self.centre[1] + radius * np.sin(angle)
        return out


def section(points: np.ndarray, axis: int, at: float, half: float) -> Section:
    """Cut a slab out of a cloud of points and take its convex outline.

    Parameters
    ----------
    points : array, (points, 3)
        In the frame of the segment.
    axis : int
        Across which the slab lies.
    at, half : float
        Middle and half thickness of the slab, metres.

    Raises
    ------
    BadSettings
        If there is no body at that place.
    """
    inside = points[np.abs(points[:, axis] - at) <= half]
    if len(inside) < 3:
        raise BadSettings(f"no body at {at:.2f} m along axis {axis}", where="exoskeleton")
    return outline(axis, inside[:, [(axis + 1) % 3, (axis + 2) % 3]])


def outline(axis: int, flat: np.ndarray) -> Section:
    """Return the convex outline of points (n, 2) in a plane across an axis."""
    centre = (flat.min(axis=0) + flat.max(axis=0)) / 2
    return Section(axis, centre, _NORMALS, ((flat - centre) @ _NORMALS.T).max(axis=0))
