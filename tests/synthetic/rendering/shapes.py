"""Simple surfaces for the tests of rendering."""

from __future__ import annotations

import numpy as np

from gaitpose.synthetic.surface import Material, Part, Surface

WHITE = Material((1.0, 1.0, 1.0), roughness=1.0)
SQUARE = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=float) / 2
HALVES = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32)


def sheet(
    centre: tuple[float, float, float],
    right: tuple[float, float, float],
    up: tuple[float, float, float],
    material: Material = WHITE,
    part: Part = Part.PROP,
) -> Surface:
    """Make a flat rectangle with edges `right` and `up` (metres), seen from right x up."""
    vertices = np.asarray(centre) + SQUARE @ np.array([right, up], dtype=float)
    faces = HALVES.copy()  # surfaces are told apart by their arrays
    uv = (SQUARE + 0.5).astype(np.float32)
    return Surface(vertices.astype(np.float32), faces, material, part, uv=uv, smooth=False)


def floor(material: Material = WHITE, size: float = 20.0) -> Surface:
    """Make a floor at y = 0."""
    return sheet((0, 0, 0), (size, 0, 0), (0, 0, -size), material, Part.ROOM)


def disc(centre: np.ndarray, axes: np.ndarray, radius: float, part: Part = Part.BODY) -> Surface:
    """Make a disc parallel to the picture plane of a camera with rows `axes`."""
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    rim = np.stack([np.cos(angles), -np.sin(angles)], axis=1) @ axes[:2] * radius
    vertices = np.concatenate([[np.zeros(3)], rim]) + centre
    step = np.arange(64)
    faces = np.stack([np.zeros(64), 1 + step, 1 + (step + 1) % 64], axis=1)
    return Surface(vertices.astype(np.float32), faces.astype(np.int32), WHITE, part, smooth=False)


def box(
    low: tuple[float, float, float],
    high: tuple[float, float, float],
    material: Material = WHITE,
    part: Part = Part.PROP,
) -> Surface:
    """Make a closed box."""
    corner = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=float)
    vertices = np.asarray(low) + corner * (np.asarray(high) - np.asarray(low))
    quads = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
    faces = [face for a, b, c, d in quads for face in ((a, b, c), (a, c, d))]
    return Surface(
        vertices.astype(np.float32),
        np.array(faces, dtype=np.int32),
        material,
        part,
        smooth=False,
    )


def ball(
    centre: tuple[float, float, float],
    radius: float,
    material: Material = WHITE,
    part: Part = Part.BODY,
    rings: int = 32,
) -> Surface:
    """Make a sphere with texture coordinates: its seam repeats vertices."""
    down, around = np.meshgrid(
        np.linspace(0, np.pi, rings), np.linspace(0, 2 * np.pi, 2 * rings), indexing="ij"
    )
    unit = np.stack(
        [np.sin(down) * np.cos(around), np.cos(down), np.sin(down) * np.sin(around)], axis=-1
    )
    unit[:, -1] = unit[:, 0]
    uv = np.stack([around / (2 * np.pi), 1 - down / np.pi], axis=-1).reshape(-1, 2)
    row, column = np.meshgrid(np.arange(rings - 1), np.arange(2 * rings - 1), indexing="ij")
    a = (row * 2 * rings + column).ravel()
    b, c = a + 1, a + 2 * rings
    faces = np.concatenate([np.stack([a, b, c], axis=1), np.stack([b, c + 1, c], axis=1)])
    vertices = np.asarray(centre) + radius * unit.reshape(-1, 3)
    return Surface(
        vertices.astype(np.float32),
        faces.astype(np.int32),
        material,
        part,
        uv=uv.astype(np.float32),
    )
