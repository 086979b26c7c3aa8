"""Cross-sections of a dressed body at rest, to which belts, straps and soles are fitted.

A strap is taut: it follows the convex hull of what it goes around. The hull is kept as its
supports, the distances of its tangents in fixed directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gaitpose.errors import BadSettings

SLAB = 0.018
"""Half thickness of the slabs that sections are cut from, metres."""

PRESSED = 0.010
"""Metres of cloth and air that stay under a strap, at most."""

LOOSEST = 0.14
"""Cloth farther from the skin belongs to something else (a coat's skirts, a sleeve), metres."""

_STEP = 0.015
"""Metres between the heights at which the skin's radius is tabulated."""

_COUNT = 48
_TURN = np.arange(_COUNT) * 2 * np.pi / _COUNT
_NORMALS = np.column_stack([np.cos(_TURN), np.sin(_TURN)])
"""Directions of an outline's sides, (48, 2)."""

_TOWARDS = np.maximum(_NORMALS @ _NORMALS.T, 0.1)
_FACING = (_NORMALS @ _NORMALS.T) > 0.1


@dataclass(frozen=True)
class Section:
    """Convex outline of a body part in a plane across one of its axes.

    Parameters
    ----------
    axis : int
        0, 1 or 2: the axis that the plane is perpendicular to. The plane's own axes are the next
        two in cyclic order (y: z and x).
    centre : array, (2,)
        Middle of the outline.
    distances : array, (48,)
        Of the outline's sides from the centre, every 7.5 degrees.
    """

    axis: int
    centre: np.ndarray
    distances: np.ndarray

    @cached_property
    def radii(self) -> np.ndarray:
        """Distance from the centre to the outline in each of the 48 directions, metres."""
        return np.where(_FACING, self.distances / _TOWARDS, np.inf).min(axis=-1)

    def radius(self, angle: np.ndarray) -> np.ndarray:
        """Distance from the centre to the outline in directions (radians in the plane)."""
        return np.interp(angle, _TURN, self.radii, period=2 * np.pi)

    def reach(self, half_width: float) -> float:
        """How far the outline reaches along the plane's first axis, within `half_width` of 0 along
        the second; metres.
        """
        turn = np.linspace(-np.pi / 2, np.pi / 2, 61)
        radius = self.radius(turn)
        along = self.centre[0] + radius * np.cos(turn)
        beside = np.abs(self.centre[1] + radius * np.sin(turn)) <= half_width
        return float(along[beside].max()) if beside.any() else float(along.max())

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


def pressed(loose: np.ndarray) -> np.ndarray:
    """Return how far from the skin (n,) cloth lies under a strap that is `loose` from it without.

    Several layers keep their order.
    """
    return PRESSED * (1 - np.exp(-np.maximum(loose, 0) / PRESSED))


def outline(axis: int, flat: np.ndarray) -> Section:
    """Return the convex outline of points (n, 2) in a plane across an axis."""
    return _section(axis, (flat @ _NORMALS.T).max(axis=0))


class Girth:
    """All cross-sections of one body part along one axis.

    Parameters
    ----------
    skin, cloth : array, (points, 3)
        In the frame of the segment.
    axis : int
        That the sections are perpendicular to.
    """

    def __init__(self, skin: np.ndarray, cloth: np.ndarray, axis: int) -> None:
        self.axis = axis
        self._skin = _Slabs(skin, axis)
        self._cloth = cloth

    def bare(self, at: float) -> Section:
        """Return the outline of the skin.

        Raises
        ------
        BadSettings
            If there is no body at that place.
        """
        supports = self._skin.supports(at)
        if supports is None:
            where = f"no body at {at:.2f} m along axis {self.axis}"
            raise BadSettings(where, where="exoskeleton")
        return _section(self.axis, supports)

    def dressed(self, at: float) -> Section:
        """Return the outline of skin and cloth, as far as a strap lets loose cloth stand out."""
        bare, cloth = self._skin.supports(at), self._pressed.supports(at)
        if bare is None or cloth is None:
            return self.bare(at)
        return _section(self.axis, np.maximum(bare, cloth))

    def around_skin(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where points (n, 3) lie about the skin's middle at their height.

        Returns
        -------
        offset : array, (n, 2)
            From the middle, in the plane's axes, metres.
        radius : array, (n,)
            Its length.
        skin : array, (n,)
            The skin's radius there, between the tabulated heights and directions.
        """
        start, centres, table = self._table
        place = np.clip((points[:, self.axis] - start) / _STEP, 0, len(table) - 1.001)
        row = place.astype(int)
        part = (place - row)[:, None]
        centre = (1 - part) * centres[row] + part * centres[row + 1]
        offset = points[:, [(self.axis + 1) % 3, (self.axis + 2) % 3]] - centre
        turn = np.mod(np.arctan2(offset[:, 1], offset[:, 0]) / (2 * np.pi), 1) * _COUNT
        column = turn.astype(int) % _COUNT
        share, beside = turn - np.floor(turn), (column + 1) % _COUNT
        low, high = (
            (1 - share) * table[each, column] + share * table[each, beside]
            for each in (row, row + 1)
        )
        skin = (1 - part[:, 0]) * low + part[:, 0] * high
        return offset, np.hypot(offset[:, 0], offset[:, 1]), skin

    @cached_property
    def _pressed(self) -> _Slabs:
        """Cloth as a strap would have it."""
        if not len(self._cloth):
            return _Slabs(self._cloth, self.axis)
        offset, radius, skin = self.around_skin(self._cloth)
        wanted = skin + pressed(radius - skin)
        cloth = self._cloth.copy()
        for column in range(2):
            shift = offset[:, column] * (wanted / np.maximum(radius, 1e-6) - 1)
            cloth[:, (self.axis + 1 + column) % 3] += shift
        return _Slabs(cloth[radius < skin + LOOSEST], self.axis)

    @cached_property
    def _table(self) -> tuple[float, np.ndarray, np.ndarray]:
        """First height, middles (heights, 2) and radii (heights, 48) of the skin."""
        heights = np.arange(self._skin.low, self._skin.high, _STEP)
        found = [self._skin.supports(float(each)) for each in heights]
        last = next(each for each in found if each is not None)
        sections = []
        for supports in found:
            last = last if supports is None else supports
            sections.append(_section(self.axis, last))
        centres = np.stack([each.centre for each in sections])
        return float(heights[0]), centres, np.stack([each.radii for each in sections])


class _Slabs:
    """Points sorted along an axis, with their distances along the 48 directions."""

    def __init__(self, points: np.ndarray, axis: int) -> None:
        order = np.argsort(points[:, axis])
        self._at = points[order, axis]
        flat = points[order][:, [(axis + 1) % 3, (axis + 2) % 3]].astype(np.float32)
        self._along = flat @ _NORMALS.T.astype(np.float32)

    @property
    def low(self) -> float:
        return float(self._at[0])

    @property
    def high(self) -> float:
        return float(self._at[-1])

    def supports(self, at: float) -> np.ndarray | None:
        """Largest distances (48,) of what is in the slab about a height; None without points."""
        start, end = np.searchsorted(self._at, (at - SLAB, at + SLAB))
        return None if end - start < 3 else self._along[start:end].max(axis=0).astype(float)


def _section(axis: int, supports: np.ndarray) -> Section:
    """Put the centre in the middle of supports about the origin."""
    quarter = _COUNT // 4
    east, north, west, south = supports[::quarter]
    centre = np.array([(east - west) / 2, (north - south) / 2])
    return Section(axis, centre, supports - _NORMALS @ centre)
