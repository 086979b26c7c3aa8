"""Bodies that a machine is made of: plates and discs (prisms), bars and tubes (sweeps), bands.

Edges are chamfered, never sharp: shaded smoothly, the flat sides keep their direction and the edges
catch the light, as those of machined and moulded parts do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_CHAMFER = 0.0015


@dataclass(frozen=True)
class Solid:
    """A closed triangle mesh, metres.

    Parameters
    ----------
    vertices : float array, (vertices, 3)
    faces : int array, (faces, 3)
        Counter-clockwise seen from outside.
    """

    vertices: np.ndarray
    faces: np.ndarray

    @property
    def volume(self) -> float:
        """Enclosed, cubic metres; negative if the faces are inside out."""
        centred = self.vertices - self.vertices.mean(axis=0)
        a, b, c = (centred[corner].T for corner in self.faces.T)
        return float(
            (
                a[0] * (b[1] * c[2] - b[2] * c[1])
                + a[1] * (b[2] * c[0] - b[0] * c[2])
                + a[2] * (b[0] * c[1] - b[1] * c[0])
            ).sum()
            / 6
        )

    def moved(self, by: Sequence[float] | np.ndarray) -> Solid:
        """Return it displaced by (3,) metres."""
        return Solid(self.vertices + np.asarray(by), self.faces)

    def turned(self, rotation: np.ndarray) -> Solid:
        """Return it turned by a rotation matrix (3, 3) about the origin."""
        return Solid(self.vertices @ rotation.T, self.faces)

    def leaning(self, rise: np.ndarray) -> Solid:
        """Return it sheared: z grows by ``rise`` (x, y) times the place in x and y."""
        vertices = self.vertices.copy()
        vertices[:, 2] += vertices[:, :2] @ rise
        return Solid(vertices, self.faces)

    def mirrored(self) -> Solid:
        """Return its mirror image on the other side of z = 0."""
        return Solid(self.vertices * (1, 1, -1), self.faces[:, ::-1])


def circle(radius: float, corners: int = 24) -> np.ndarray:
    """Outline of a disc, (corners, 2), counter-clockwise."""
    angle = np.arange(corners) * 2 * np.pi / corners
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def rounded_rectangle(width: float, height: float, radius: float, corners: int = 4) -> np.ndarray:
    """Outline of a rectangle (x by y) with rounded corners, (4 * corners, 2)."""
    radius = min(radius, 0.499 * width, 0.499 * height)
    quarter = np.linspace(0, np.pi / 2, corners)
    arcs = []
    for turn, (sx, sy) in enumerate([(1, 1), (-1, 1), (-1, -1), (1, -1)]):
        angle = quarter + turn * np.pi / 2
        middle = (sx * (width / 2 - radius), sy * (height / 2 - radius))
        arcs.append(np.array(middle) + radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1))
    return np.vstack(arcs)


def link_outline(
    start: Sequence[float] | np.ndarray,
    end: Sequence[float] | np.ndarray,
    radii: tuple[float, float],
    *,
    waist: float = 1.0,
    corners: int = 9,
) -> np.ndarray:
    """Outline of a link: round ends about two points of a plane, straight or waisted sides.

    Parameters
    ----------
    start, end : (2,)
    radii : (float, float)
        Of the two ends.
    waist : float
        Half width in the middle over the mean radius; 1 is straight.
    corners : int
        Of each round end.
    """
    a, b = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    along = (b - a) / np.linalg.norm(b - a)
    across = np.array([-along[1], along[0]])
    half = np.linspace(-np.pi / 2, np.pi / 2, corners)
    far = b + radii[1] * (np.outer(np.cos(half), along) + np.outer(np.sin(half), across))
    near = a - radii[0] * (np.outer(np.cos(half), along) + np.outer(np.sin(half), across))
    share = np.linspace(0, 1, 9)[1:-1]
    width = radii[1] * (1 - share) + radii[0] * share
    width *= 1 - (1 - waist) * np.sin(np.pi * share) ** 0.5
    back = b + np.outer(share, a - b)
    return np.vstack(
        [far, back + width[:, None] * across, near, back[::-1] - width[::-1, None] * across]
    )


def prism(outline: np.ndarray, bottom: float, top: float, chamfer: float = _CHAMFER) -> Solid:
    """Extrude a star-shaped outline along z.

    Parameters
    ----------
    outline : array, (corners, 2)
        x, y; counter-clockwise.
    bottom, top : float
        z of the two ends.
    chamfer : float
        Width of the slanted edge at both ends.
    """
    chamfer = min(chamfer, 0.45 * (top - bottom))
    inner = _inset(outline, chamfer)
    rows = [(inner, bottom), (outline, bottom + chamfer), (outline, top - chamfer), (inner, top)]
    return lofted([np.column_stack([flat, np.full(len(flat), z)]) for flat, z in rows])


def lofted(loops: Sequence[np.ndarray]) -> Solid:
    """Close a skin over loops (corners, 3) of equally many corners, with both ends filled."""
    count = len(loops[0])
    middles = [loops[0].mean(axis=0), loops[-1].mean(axis=0)]
    vertices = np.vstack([*loops, *middles])
    starts = np.arange(len(loops) - 1) * count
    caps = np.empty((2, count, 3), dtype=int)
    caps[0] = np.column_stack([np.full(count, len(vertices) - 2), *_round(0, count)[::-1]])
    caps[1] = np.column_stack(
        [np.full(count, len(vertices) - 1), *_round(starts[-1] + count, count)]
    )
    return _outwards(vertices, np.vstack([_between(starts, starts + count, count), *caps]))


def ring(loops: Sequence[np.ndarray]) -> Solid:
    """Close a skin over loops (corners, 3) that follow each other around, the last to the first."""
    count = len(loops[0])
    starts = np.arange(len(loops)) * count
    faces = _between(starts, np.append(starts[1:], 0), count)
    return _outwards(np.vstack(loops), faces)


def sweep(path: np.ndarray, profile: np.ndarray, reference: Sequence[float]) -> Solid:
    """Draw a profile along a path: bars, tubes, cables.

    Parameters
    ----------
    path : array, (points, 3)
    profile : array, (corners, 2)
        Star-shaped about the path, counter-clockwise: its first axis lies along `reference`, its
        second perpendicular to both that and the path.
    reference : (3,)
        Nowhere along the path.
    """
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    first = np.asarray(reference, dtype=float) - tangent * (tangent @ reference)[:, None]
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(tangent, first)
    loops = [
        point + np.outer(profile[:, 0], u) + np.outer(profile[:, 1], v)
        for point, u, v in zip(path, first, second, strict=True)
    ]
    return lofted(loops)


def smooth_path(points: np.ndarray, count: int) -> np.ndarray:
    """Run a smooth curve through few points (3 or more), (count, 3)."""
    from scipy.interpolate import CubicSpline  # noqa: PLC0415  -- slow to import

    knots = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    return CubicSpline(knots, points)(np.linspace(0, knots[-1], count))


def _inset(outline: np.ndarray, by: float) -> np.ndarray:
    """Move each corner inwards, along the mean of its two sides' normals."""
    edge = np.roll(outline, -1, axis=0) - np.roll(outline, 1, axis=0)
    inwards = np.column_stack([-edge[:, 1], edge[:, 0]])
    return outline + by * inwards / np.linalg.norm(inwards, axis=1, keepdims=True)


def _round(start: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Vertices of a loop, and those that follow them."""
    here = start + np.arange(count)
    return here, np.append(here[1:], start)


def _between(starts: np.ndarray, ends: np.ndarray, count: int) -> np.ndarray:
    """Faces between pairs of loops that begin at the vertices `starts` and `ends`, (pairs,)."""
    here = np.arange(count)
    there = np.append(here[1:], 0)
    start, end = starts[:, None], ends[:, None]
    near, near_next, far, far_next = start + here, start + there, end + here, end + there
    faces = np.stack([near, near_next, far_next, near, far_next, far], axis=-1)
    return faces.reshape(-1, 3)


def _outwards(vertices: np.ndarray, faces: np.ndarray) -> Solid:
    """Turn the faces round if they enclose a negative volume."""
    solid = Solid(vertices, faces.astype(np.int32))
    return solid if solid.volume > 0 else Solid(vertices, solid.faces[:, ::-1])
