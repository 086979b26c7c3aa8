"""Simple bodies that rooms, furniture and walking aids are made of: rectangles, boxes, rods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gaitpose.synthetic.surface import Material, Part, Surface

Vector = Sequence[float] | np.ndarray

ROD_TILE = 0.6
"""Metres that one repetition of a texture covers on a rod."""


def rectangle(
    corner: Vector,
    along: Vector,
    up: Vector,
    material: Material,
    part: Part,
    *,
    tile: float | None = None,
    start: tuple[float, float] = (0.0, 0.0),
) -> Surface:
    """Lay out a flat rectangle, seen from the side to which ``along x up`` points.

    Parameters
    ----------
    corner : (3,)
        Lower left corner, metres.
    along, up : (3,)
        Edges from that corner, metres.
    material : Material
    part : Part
    tile : float, optional
        Metres that one repetition of the texture covers; by default the texture fills the
        rectangle once.
    start : (u, v)
        Where in the texture the corner is, metres; for pieces of one wall.
    """
    origin, edge, other = (np.asarray(each, dtype=float) for each in (corner, along, up))
    vertices = np.stack([origin, origin + edge, origin + edge + other, origin + other])
    width, height = (1.0, 1.0) if tile is None else (_length(edge) / tile, _length(other) / tile)
    uv = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    if tile is not None:
        uv += np.array(start, dtype=np.float32) / tile
    faces = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32)
    return Surface(vertices.astype(np.float32), faces, material, part, uv, smooth=False)


def box(
    centre: Vector,
    size: Vector,
    material: Material,
    part: Part = Part.PROP,
    *,
    tile: float | None = None,
) -> Surface:
    """Make a box with sides along the axes; `centre` and `size` (3,) in metres."""
    middle, half = np.asarray(centre, dtype=float), np.asarray(size, dtype=float) / 2
    sides = []
    for axis in range(3):
        first, second = (axis + 1) % 3, (axis + 2) % 3
        for sign in (-1.0, 1.0):
            normal, u, v = np.zeros(3), np.zeros(3), np.zeros(3)
            normal[axis] = sign * half[axis]
            u[first], v[second] = 2 * half[first], 2 * half[second]
            if axis == 0:  # the texture stands upright on the sides that look along x
                u, v = -sign * v, u
            else:
                u = sign * u
            corner = middle + normal - (u + v) / 2
            sides.append(rectangle(corner, u, v, material, part, tile=tile))
    return merged(sides)


def rod(
    start: Vector,
    end: Vector,
    radius: float,
    material: Material,
    part: Part = Part.PROP,
    *,
    around: int = 10,
) -> Surface:
    """Make a closed round rod from `start` to `end` (3,), metres."""
    first, last = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    axis = (last - first) / _length(last - first)
    helper = np.array([1.0, 0, 0]) if abs(axis[0]) < 0.9 else np.array([0, 1.0, 0])
    u = np.cross(axis, helper)
    u /= _length(u)
    v = np.cross(axis, u)
    angle = 2 * np.pi * np.arange(around + 1) / around
    ring = radius * (np.cos(angle)[:, None] * u + np.sin(angle)[:, None] * v)
    vertices = np.concatenate([first + ring, last + ring, [first], [last]])
    here = np.arange(around)
    after, top = here + 1, around + 1
    faces = np.concatenate(
        [
            np.stack([here, after, after + top], axis=1),
            np.stack([here, after + top, here + top], axis=1),
            np.stack([np.full(around, 2 * top), after, here], axis=1),
            np.stack([np.full(around, 2 * top + 1), here + top, after + top], axis=1),
        ]
    )
    along = _length(last - first) / ROD_TILE
    across = radius * angle / ROD_TILE
    low, high = np.zeros_like(across), np.full_like(across, along)
    sides = np.stack([np.tile(across, 2), np.concatenate([low, high])], axis=1)
    return Surface(
        vertices.astype(np.float32),
        faces.astype(np.int32),
        material,
        part,
        np.concatenate([sides, [[0, 0], [0, along]]]).astype(np.float32),
        smooth=around > 6,
    )


def ball(
    centre: Vector, radii: Vector, material: Material, part: Part = Part.PROP, *, around: int = 12
) -> Surface:
    """Make an ellipsoid; `radii` (3,) along x, y, z in metres."""
    rows = around // 2 + 1
    theta = np.pi * np.arange(rows) / (rows - 1)
    phi = 2 * np.pi * np.arange(around) / around
    unit = np.stack(
        [
            np.sin(theta)[:, None] * np.cos(phi),
            np.cos(theta)[:, None] * np.ones(around),
            np.sin(theta)[:, None] * np.sin(phi),
        ],
        axis=-1,
    ).reshape(-1, 3)
    row, column = np.meshgrid(np.arange(rows - 1), np.arange(around), indexing="ij")
    a = (row * around + column).ravel()
    b = (row * around + (column + 1) % around).ravel()
    faces = np.concatenate(
        [np.stack([a, b, b + around], axis=1), np.stack([a, b + around, a + around], axis=1)]
    )
    vertices = np.asarray(centre) + unit * np.asarray(radii)
    return Surface(vertices.astype(np.float32), faces.astype(np.int32), material, part)


def merged(surfaces: Sequence[Surface]) -> Surface:
    """Join surfaces of one material and part (those of the first) into one."""
    first = surfaces[0]
    offsets = np.cumsum([0, *(len(each.vertices) for each in surfaces[:-1])])
    uv = None
    if all(each.uv is not None for each in surfaces):
        uv = np.concatenate([each.uv for each in surfaces if each.uv is not None])
    return replace(
        first,
        vertices=np.concatenate([each.vertices for each in surfaces]),
        faces=np.concatenate(
            [each.faces + start for each, start in zip(surfaces, offsets, strict=True)]
        ).astype(np.int32),
        uv=uv,
    )


def moved(
    surface: Surface,
    *,
    turn: float = 0.0,
    shift: Vector = (0.0, 0.0, 0.0),
    part: Part | None = None,
) -> Surface:
    """Turn a surface about the vertical by `turn` degrees (x towards z), then shift it."""
    angle = np.deg2rad(turn)
    cosine, sine = np.cos(angle), np.sin(angle)
    rotation = np.array([[cosine, 0, -sine], [0, 1, 0], [sine, 0, cosine]])
    vertices = surface.vertices @ rotation.T + np.asarray(shift)
    return replace(
        surface,
        vertices=vertices.astype(np.float32),
        part=surface.part if part is None else part,
    )


def mirrored_at(surface: Surface, point: Vector, normal: Vector, part: Part) -> Surface:
    """Return the mirror image of a surface in a plane through `point`."""
    axis = np.asarray(normal, dtype=float)
    axis = axis / _length(axis)
    away = (surface.vertices - np.asarray(point)) @ axis
    vertices = surface.vertices - 2 * away[:, None] * axis
    return replace(
        surface,
        vertices=vertices.astype(np.float32),
        faces=surface.faces[:, ::-1].copy(),
        part=part,
    )


def _length(vector: np.ndarray) -> float:
    return float(np.linalg.norm(vector))
