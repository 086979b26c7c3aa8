"""Cross-sections of a dressed body at rest, to which belts, straps and soles are fitted.

A strap is taut: it follows the convex hull of what it goes around.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import ConvexHull

from gaitpose.errors import BadSettings

_SECTOR = np.deg2rad(15.0)

PRESSED = 0.012
"""Metres of cloth and air that stay under a strap."""

LOOSEST = 0.12
"""Cloth farther from the skin belongs to something else (a coat's skirts, a sleeve)."""

_GAP = 0.025
"""Metres without skin beyond which something else begins: a hand beside the thigh."""


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
        with np.errstate(divide="ignore"):
            reach = np.where(towards > 1e-9, self.distances / towards, np.inf)
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
        radius = np.clip(radius, own, own + PRESSED)[close]
        if not len(radius):
            return self
        outer = np.column_stack([radius * np.cos(angle[close]), radius * np.sin(angle[close])])
        turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
        skin = self.points(turn, 0.0, 0.0)[:, [(axis + 1) % 3, (axis + 2) % 3]]
        return outline(axis, np.vstack([skin, outer + self.centre]))

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
    """Cut a slab out of a cloud of points and take the outline of what is around the middle.

    Parameters
    ----------
    points : array, (points, 3)
        Skin and cloth, in the frame of the segment.
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
    flat = connected(inside[:, [(axis + 1) % 3, (axis + 2) % 3]])
    if len(flat) < 3:
        raise BadSettings(f"no body at {at:.2f} m along axis {axis}", where="exoskeleton")
    return outline(axis, flat)


def outline(axis: int, flat: np.ndarray) -> Section:
    """Return the convex outline of points (n, 2) in a plane across an axis."""
    hull = ConvexHull(flat)
    centre = flat[hull.vertices].mean(axis=0)
    normals = hull.equations[:, :2]
    return Section(axis, centre, normals, -(normals @ centre) - hull.equations[:, 2])


def connected(flat: np.ndarray) -> np.ndarray:
    """Leave out of points (n, 2) what is beyond a gap, seen from the middle."""
    if len(flat) < 3:
        return flat
    middle = np.median(flat, axis=0)
    offset = flat - middle
    radius = np.hypot(*offset.T)
    sector = np.floor(np.arctan2(offset[:, 1], offset[:, 0]) / _SECTOR).astype(int)
    order = np.lexsort((radius, sector))
    step = np.diff(radius[order], prepend=0.0)
    starts = np.flatnonzero(np.diff(sector[order], prepend=sector[order][0] - 1))
    step[starts] = 0.0
    beyond = np.cumsum(step > _GAP)
    beyond -= np.repeat(beyond[starts], np.diff(np.append(starts, len(flat))))
    return flat[order[beyond == 0]]
