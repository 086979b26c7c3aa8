from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitpose.pose.crop import cut
from gaitpose.pose.estimator import Box

ROWS, COLUMNS, BACKGROUND = 90, 120, 120


def spot(x: int, y: int) -> np.ndarray:
    """A grey frame with a white square of five pixels around (x, y)."""
    rgb = np.full((ROWS, COLUMNS, 3), BACKGROUND, np.uint8)
    rgb[y - 2 : y + 3, x - 2 : x + 3] = 255
    return rgb


@given(
    x=st.integers(10, COLUMNS - 11),
    y=st.integers(10, ROWS - 11),
    side=st.floats(30, 200),
    size=st.sampled_from([(64, 64), (192, 256), (256, 192)]),
)
def test_a_point_of_the_patch_is_where_it_was_in_the_frame(x, y, side, size):
    box = Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)
    crop = cut(spot(x, y), box, *size, 1.25)
    assert crop.patch.shape == (size[1], size[0], 3)
    weight = crop.patch[..., 0].astype(float) - BACKGROUND
    rows, columns = np.indices(weight.shape)
    centre = np.array([(weight * columns).sum(), (weight * rows).sum()]) / weight.sum()
    assert crop.to_image(centre) == pytest.approx([x, y], abs=0.25)


def test_the_window_is_the_box_with_its_margin_in_the_patch_s_aspect():
    crop = cut(np.zeros((1000, 1000, 3), np.uint8), Box(400, 300, 500, 700), 192, 256, 1.25)
    corners = crop.to_image(np.array([[-0.5, -0.5], [191.5, 255.5]])) + 0.5
    assert corners[1] - corners[0] == pytest.approx([375, 500], abs=1)
    assert corners.mean(axis=0) == pytest.approx([450.5, 500.5], abs=1)


def test_outside_of_the_frame_the_edge_is_repeated():
    rgb = np.full((ROWS, COLUMNS, 3), 180, np.uint8)
    assert (cut(rgb, Box(-300, -300, -200, -200), 32, 32, 1.0).patch == 180).all()
    assert (cut(rgb, Box(-50, -50, 300, 300), 32, 32, 1.25).patch == 180).all()


def test_a_dark_window_is_brightened():
    rgb = np.full((ROWS, COLUMNS, 3), 200, np.uint8)
    rgb[:, : COLUMNS // 2] = 50
    box = Box(10, 10, 40, 40)
    assert (cut(rgb, box, 32, 32, 1.0).patch == 200).all()
