"""Who wears it: points of the dressed body at rest, in the frames of the segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from scipy.spatial import cKDTree

from gaitpose.errors import BadSettings
from gaitpose.skeleton import SIDES, Side
from gaitpose.synthetic.exoskeleton.sections import Girth, Section
from gaitpose.synthetic.surface import Part, Surface

_REACH, _FOOT_REACH = 0.22, 0.35
"""Skin is farther than this from no bone of the leg, from no ankle of the foot, metres."""

_HIGHEST, _LAP = 0.55, 0.12
"""The trunk is looked at up to so far above the hips, and trunk and legs so far beyond them; m."""

_CROTCH = 0.10
"""Below the hips; above, skin and cloth move with the pelvis as much as with a leg, metres."""

_ARMS = 0.16
"""What is farther outside the hips than this is no trunk, metres."""

_NEIGHBOURS, _WIDEST, _DENSE = 12, 0.085, 0.02
"""Neighbours of a vertex (itself included), their largest distance, and one that needs no points in
between, metres."""


class Wearer(Protocol):
    """A posed person, as :mod:`gaitpose.synthetic.people` makes them.

    Attributes
    ----------
    surfaces : sequence of Surface
    frames : mapping of str to array, (4, 4)
        World matrices of "pelvis", "left_thigh" ... "right_foot": origin at the proximal joint's
        centre, columns forward, up, right.
    skin : array, (vertices, 3)
        Metres, world frame.
    """

    @property
    def surfaces(self) -> Sequence[Surface]:  # noqa: D102
        ...

    @property
    def frames(self) -> Mapping[str, np.ndarray]:  # noqa: D102
        ...

    @property
    def skin(self) -> np.ndarray:  # noqa: D102
        ...


@dataclass(frozen=True)
class Limb:
    """Body around one segment, in its frame; for legs z points outwards on both sides.

    Parameters
    ----------
    skin, cloth : array, (points, 3)
    """

    skin: np.ndarray
    cloth: np.ndarray
    _girths: dict[int, Girth] = field(default_factory=dict, init=False)

    @property
    def points(self) -> np.ndarray:
        """Skin and cloth, (points, 3)."""
        return np.vstack([self.skin, self.cloth])

    def section(self, axis: int, at: float) -> Section:
        """Return the outline across an axis; loose cloth is pressed to the skin by a strap."""
        return self.girth(axis).dressed(at)

    def girth(self, axis: int) -> Girth:
        """Return all sections across an axis."""
        if axis not in self._girths:
            self._girths[axis] = Girth(self.skin, self.cloth, axis)
        return self._girths[axis]

    def extent(self, at: np.ndarray, half_width: float) -> np.ndarray:
        """How far outwards (z) the skin reaches at heights `at` (n,), within x of `half_width`."""
        return np.array([self.girth(1).bare(float(y)).reach(half_width) for y in at])


@dataclass(frozen=True)
class Leg:
    """One leg at rest.

    Parameters
    ----------
    side : {"left", "right"}
    thigh, shank, foot : Limb
    knee, ankle : array, (3,)
        Joint centres in the thigh's and the shank's frame, z outwards.
    hip : array, (3,)
        Joint centre in the pelvis' frame, z outwards.
    """

    side: Side
    thigh: Limb
    shank: Limb
    foot: Limb
    hip: np.ndarray
    knee: np.ndarray
    ankle: np.ndarray

    @property
    def length(self) -> float:
        """Thigh plus shank, metres."""
        return float(np.linalg.norm(self.knee) + np.linalg.norm(self.ankle))


@dataclass(frozen=True)
class Body:
    """Pelvis and legs at rest."""

    pelvis: Limb
    legs: tuple[Leg, Leg]

    @property
    def size(self) -> float:
        """Leg length over that of an average adult (0.86 m)."""
        return float(np.mean([leg.length for leg in self.legs])) / 0.86


def measure(rest: Wearer, stride: Wearer | None = None) -> Body:
    """Take a standing person's measures.

    Parameters
    ----------
    rest, stride : Wearer
        See :func:`sides`.

    Raises
    ------
    BadSettings
        If a segment is missing.
    """
    needed = [
        "pelvis",
        *(f"{side}_{part}" for side in SIDES for part in ("thigh", "shank", "foot")),
    ]
    for name in needed:
        if name not in rest.frames:
            raise BadSettings(f"segment {name} is missing", where="exoskeleton")
    clouds = [np.asarray(rest.skin, dtype=float), cloth_of(rest)]
    again = (None, None) if stride is None else (stride.skin, cloth_of(stride))
    halves = [sides(rest, stride, *pair) for pair in zip(clouds, again, strict=True)]
    left, right = (
        [each[half == sign] for each, half in zip(clouds, halves, strict=True)] for sign in (-1, 1)
    )
    legs = _leg(rest, "left", left), _leg(rest, "right", right)
    around = [within(rest.frames["pelvis"], each) for each in clouds]
    widest = legs[0].hip[2] + _ARMS
    trunk = [denser(each[_is_trunk(each, widest)]) for each in around]
    return Body(Limb(*trunk), legs)


def cloth_of(wearer: Wearer) -> np.ndarray:
    """Vertices (n, 3) of all clothes and shoes, metres, world frame."""
    worn = [each.vertices for each in wearer.surfaces if each.part is Part.CLOTHING]
    return np.vstack([np.empty((0, 3)), *worn]).astype(float)


def sides(
    rest: Wearer, stride: Wearer | None, at_rest: np.ndarray, striding: np.ndarray | None
) -> np.ndarray:
    """Tell which leg points belong to.

    Wide trousers and thighs cross the middle of the body: below the hips a point belongs to the leg
    with which it moves from rest to stride.

    Parameters
    ----------
    rest, stride : Wearer
        The same person standing, and with one leg ahead of the other. Without a stride, the middle
        of the body decides.
    at_rest, striding : array, (points, 3)
        The same points in both poses, metres, world frame.

    Returns
    -------
    array, (points,)
        -1 left, 1 right.
    """
    in_pelvis = within(rest.frames["pelvis"], at_rest)
    by_place = np.where(in_pelvis[:, 2] > 0, 1.0, -1.0)
    if stride is None or striding is None:
        return by_place
    moved = []
    for side in SIDES:
        names = [f"{side}_{part}" for part in ("thigh", "shank", "foot")]
        steps = [
            within(rest.frames[name], at_rest) - within(stride.frames[name], striding)
            for name in names
        ]
        moved.append(np.min([np.einsum("ij,ij->i", step, step) for step in steps], axis=0))
    by_motion = np.where(moved[1] < moved[0], 1.0, -1.0)
    return np.where(in_pelvis[:, 1] < -_CROTCH, by_motion, by_place)


def denser(points: np.ndarray) -> np.ndarray:
    """Add points between neighbours: where a limb is smooth, rings of a mesh lie 6 cm apart.

    Parameters
    ----------
    points : array, (points, 3)
    """
    if len(points) < _NEIGHBOURS:
        return points
    distance, index = cKDTree(points).query(points, _NEIGHBOURS, distance_upper_bound=_WIDEST)
    own, column = np.nonzero((distance > _DENSE) & np.isfinite(distance))
    start, step = points[own], points[index[own, column]] - points[own]
    # Chords lie within the hull of a limb's surface: more of them than the mesh has do no harm.
    return np.vstack([points, *(start + share * step for share in (0.25, 0.5))])


def within(frame: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Carry points (..., 3) from the world into a frame (4, 4)."""
    return (points - frame[:3, 3]) @ frame[:3, :3]


def _leg(rest: Wearer, side: Side, own: Sequence[np.ndarray]) -> Leg:
    """Measure one leg; `own` are the skin and cloth of that side."""
    outwards = np.array([1.0, 1.0, 1.0 if side == "right" else -1.0])
    pelvis = rest.frames["pelvis"]
    clouds = [denser(each[within(pelvis, each)[:, 1] < _LAP]) for each in own]

    def limb(part: str, low: float, high: float, reach: float = _REACH) -> Limb:
        frame = rest.frames[f"{side}_{part}"]
        near = []
        for cloud in clouds:
            local = within(frame, cloud) * outwards
            y, apart = local[:, 1], np.hypot(local[:, 0], local[:, 2])
            near.append(local[(y > low) & (y < high) & (apart < reach)])
        return Limb(*near)

    def centre(part: str, of: str) -> np.ndarray:
        frame = rest.frames[of if of == "pelvis" else f"{side}_{of}"]
        return within(frame, rest.frames[f"{side}_{part}"][:3, 3]) * outwards

    knee, ankle = centre("shank", "thigh"), centre("foot", "shank")
    return Leg(
        side=side,
        thigh=limb("thigh", knee[1] - _LAP, _LAP),
        shank=limb("shank", ankle[1] - _LAP, _LAP),
        foot=limb("foot", -0.2, 0.03, _FOOT_REACH),
        hip=centre("thigh", "pelvis"),
        knee=knee,
        ankle=ankle,
    )


def _is_trunk(points: np.ndarray, widest: float) -> np.ndarray:
    y = points[:, 1]
    return (y > -_LAP) & (y < _HIGHEST) & (np.abs(points[:, 2]) < widest)
