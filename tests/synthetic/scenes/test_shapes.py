"""Boxes, rods and balls are closed, face outwards, and move rigidly."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.synthetic.scenes.shapes import ball, box, merged, mirrored_at, moved, rectangle, rod
from gaitpose.synthetic.surface import Material, Part, Surface

PLAIN = Material()


def volume(surface: Surface) -> float:
    """Signed volume: positive only if all faces look outwards."""
    a, b, c = (surface.vertices[surface.faces[:, i]].astype(float) for i in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def normals(surface: Surface) -> np.ndarray:
    a, b, c = (surface.vertices[surface.faces[:, i]].astype(float) for i in range(3))
    return np.cross(b - a, c - a)


def test_volumes() -> None:
    assert volume(box((1, 2, 3), (1, 2, 3), PLAIN)) == pytest.approx(6.0, rel=1e-6)
    assert volume(rod((0, 0, 0), (0.3, 2, 0), 0.5, PLAIN, around=64)) == pytest.approx(
        np.pi * 0.25 * np.hypot(0.3, 2), rel=0.01
    )
    assert volume(ball((0, 1, 0), (1, 2, 3), PLAIN, around=48)) == pytest.approx(
        4 / 3 * np.pi * 6, rel=0.02
    )


def test_a_rectangle_looks_along_the_product_of_its_edges() -> None:
    floor = rectangle((0, 0, 1), (2, 0, 0), (0, 0, -1), PLAIN, Part.ROOM, tile=0.5)
    assert (normals(floor)[:, 1] > 0).all()
    assert floor.uv is not None
    np.testing.assert_allclose(floor.uv.max(axis=0), [4.0, 2.0])


def test_textures_stand_upright_on_the_sides_of_a_box() -> None:
    made = box((0, 0, 0), (1, 2, 3), PLAIN)
    assert made.uv is not None
    up = normals(made)[:, 1]
    for face in np.flatnonzero(np.abs(up) < 1e-6):
        corners = made.faces[face]
        height, v = made.vertices[corners, 1], made.uv[corners, 1]
        assert np.corrcoef(height, v)[0, 1] == pytest.approx(1.0)


def test_moving_turns_from_x_towards_z_and_keeps_sizes() -> None:
    one = box((1, 0, 0), (0.2, 0.2, 0.2), PLAIN)
    there = moved(one, turn=90, shift=(0, 5, 0), part=Part.BYSTANDER)
    np.testing.assert_allclose(there.vertices.mean(axis=0), [0, 5, 1], atol=1e-6)
    assert volume(there) == pytest.approx(volume(one), rel=1e-5)
    assert there.part is Part.BYSTANDER


def test_a_mirror_image_faces_outwards() -> None:
    one = box((0, 0, 2), (1, 1, 1), PLAIN)
    image = mirrored_at(one, (0, 0, 0.5), (0, 0, 2), Part.BYSTANDER)
    np.testing.assert_allclose(image.vertices.mean(axis=0), [0, 0, -1], atol=1e-6)
    assert volume(image) == pytest.approx(1.0, rel=1e-6)


def test_merging_keeps_all_faces() -> None:
    parts = [box((i, 0, 0), (0.5, 1, 1), PLAIN) for i in range(3)]
    assert volume(merged(parts)) == pytest.approx(1.5, rel=1e-6)
