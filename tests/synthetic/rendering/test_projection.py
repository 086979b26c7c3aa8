"""Every pixel is where the camera says, and as far away as it is."""

from __future__ import annotations

import numpy as np
import pytest
from tests.synthetic.rendering.shapes import HALVES, SQUARE, box, disc, floor, sheet

from gaitpose.synthetic.rendering import Lighting, Renderer
from gaitpose.synthetic.surface import Part, Viewpoint

BLACK = np.zeros((240, 320, 3), dtype=np.uint8)
LIGHT = Lighting()


def skewed() -> Viewpoint:
    """A camera of which nothing is symmetric, far from the origin."""
    plain = Viewpoint.looking(
        np.array([41.3, 1.7, 3.9]), np.array([41.0, 0.8, 0.1]), 300, 320, 240, roll=7.0
    )
    return Viewpoint(plain.position, plain.axes, (310.0, 285.0), (171.3, 102.6), 320, 240)


def level() -> Viewpoint:
    return Viewpoint.looking(np.array([0.2, 1.2, 4.0]), np.array([0, 0.9, 0]), 260, 320, 240)


def centroid(weight: np.ndarray) -> np.ndarray:
    y, x = np.indices(weight.shape)
    return np.array([(x * weight).sum(), (y * weight).sum()]) / weight.sum()


@pytest.mark.parametrize("camera", [skewed, level])
def test_markers_lie_where_the_camera_projects_them(renderer: Renderer, camera) -> None:
    viewpoint = camera()
    rng = np.random.default_rng(5)
    for depth in (0.8, 2.5, 6.0, 12.0):
        wanted = rng.uniform((40, 40), (280, 200))
        sideways = (wanted - viewpoint.centre) / viewpoint.focal * depth
        point = viewpoint.position + np.append(sideways, depth) @ viewpoint.axes
        np.testing.assert_allclose(viewpoint.project(point), wanted, atol=1e-6)
        marker = disc(point, viewpoint.axes, 7.3 * depth / 300)
        out = renderer.render([marker], viewpoint, LIGHT, BLACK)
        seen = centroid(out.rgb[..., 1].astype(float))
        assert np.abs(seen - wanted).max() < 0.1, (depth, seen, wanted)
        # Whole pixels quantize the centroid of an area of some 160.
        assert np.abs(centroid(out.parts == Part.BODY) - wanted).max() < 0.2


def test_edges_are_smooth(renderer: Renderer) -> None:
    """The area under partly covered pixels is right to a few per cent of the rim."""
    viewpoint = level()
    point = viewpoint.position + 2.0 * viewpoint.axes[2]
    out = renderer.render([disc(point, viewpoint.axes, 0.15)], viewpoint, LIGHT, BLACK)
    light = out.rgb[..., 1].astype(float)
    area = light.sum() / light.max()
    assert area == pytest.approx(np.pi * (0.15 * 260 / 2.0) ** 2, rel=0.01)
    levels = np.unique(light)
    assert len(levels) >= 5  # none, a quarter, a half, three quarters, all


@pytest.mark.parametrize("camera", [skewed, level])
def test_depth_of_a_slanted_plane_is_exact(renderer: Renderer, camera) -> None:
    viewpoint = camera()
    x, _y, z = viewpoint.position
    wall = sheet((x, 1.0, z - 5.0), (30, 0, 12), (0, 30, 4))
    out = renderer.render([wall], viewpoint, LIGHT)
    columns, rows = np.meshgrid(np.arange(320), np.arange(240))
    rays = np.stack(
        [
            (columns - viewpoint.centre[0]) / viewpoint.focal[0],
            (rows - viewpoint.centre[1]) / viewpoint.focal[1],
            np.ones_like(rows),
        ],
        axis=-1,
    )
    normal = np.cross((30, 0, 12), (0, 30, 4))
    height = (np.array([x, 1.0, z - 5.0]) - viewpoint.position) @ normal
    truth = height / ((rays @ viewpoint.axes) @ normal)
    covered = out.parts == Part.PROP
    assert covered.mean() > 0.95
    assert np.abs(out.depth - truth)[covered].max() < 1e-4 * truth[covered].max()


def test_depth_is_not_blended_across_edges(renderer: Renderer) -> None:
    viewpoint = Viewpoint.looking(np.array([0, 1.0, 4.0]), np.array([0, 1.0, 0]), 260, 320, 240)
    near, far = (
        sheet((0, 1, 2), (0.7, 0.5, 0), (-0.5, 0.7, 0)),
        sheet((0, 1, -4), (30, 0, 0), (0, 30, 0)),
    )
    out = renderer.render([far, near], viewpoint, LIGHT)
    values = np.unique(out.depth)
    assert np.all(np.minimum(np.abs(values - 2.0), np.abs(values - 8.0)) < 1e-4)
    assert {2, 8} == set(np.rint(values).astype(int))


def test_parts_are_those_at_the_middle_of_the_pixel(renderer: Renderer) -> None:
    viewpoint = skewed()
    centre = viewpoint.position + 3.0 * viewpoint.axes[2]
    right, up = viewpoint.axes[0] * 1.1 + viewpoint.axes[1] * 0.3, -viewpoint.axes[1] * 0.9
    quad = sheet(tuple(centre), tuple(right), tuple(up), part=Part.EXOSKELETON)
    out = renderer.render([quad], viewpoint, LIGHT)
    corners = viewpoint.project(centre + SQUARE @ np.array([right, up]))
    columns, rows = np.meshgrid(np.arange(320), np.arange(240))
    pixels = np.stack([columns, rows], axis=-1).astype(float)
    inside = np.zeros(columns.shape, dtype=bool)
    border = np.zeros(columns.shape, dtype=bool)
    for face in HALVES:
        a, b, c = corners[face]
        sides = []
        for p, q in ((a, b), (b, c), (c, a)):
            edge = q - p
            cross = edge[0] * (pixels[..., 1] - p[1]) - edge[1] * (pixels[..., 0] - p[0])
            sides.append(cross / np.linalg.norm(edge))
        border |= np.min(np.abs(sides), axis=0) < 0.02  # 1/256 px of the rasterizer, and rounding
        inside |= np.all(np.array(sides) < 0, axis=0)
    expected = np.where(inside, Part.EXOSKELETON, Part.NOTHING)
    assert 5000 < inside.sum() < 30000
    np.testing.assert_array_equal(out.parts[~border], expected[~border])
    np.testing.assert_array_equal(out.depth > 0, out.parts > 0)


def test_what_is_nearer_hides_what_is_farther_in_any_order(renderer: Renderer) -> None:
    viewpoint = level()
    front = box((-0.3, 0.5, 0.5), (0.3, 1.2, 1.0), part=Part.BYSTANDER)
    back = box((-1.0, 0.0, -1.0), (1.0, 1.5, -0.5), part=Part.BODY)
    one = renderer.render([front, back, floor()], viewpoint, LIGHT)
    other = renderer.render([floor(), back, front], viewpoint, LIGHT)
    np.testing.assert_array_equal(one.parts, other.parts)
    assert {Part.BYSTANDER, Part.BODY, Part.ROOM} <= set(np.unique(one.parts))
    x, y = np.rint(viewpoint.project(np.array([0.0, 0.8, 1.0]))).astype(int)
    assert one.parts[y, x] == Part.BYSTANDER
    assert one.depth[y, x] == pytest.approx(viewpoint.in_camera([0, 0.8, 1.0])[2], abs=5e-3)
