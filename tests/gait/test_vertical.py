from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitpose.errors import NoSubjectFound
from gaitpose.gait.vertical import VerticalSettings, find_up, upright_picture, upright_space

from .seen_walks import walked

SETTINGS = VerticalSettings()
WALK = walked(fps=25)
AXES = [
    (axis, other, sign, flip)
    for axis in range(3)
    for other in range(3)
    if other != axis
    for sign in (1, -1)
    for flip in (1, -1)
]


def rotations() -> list[np.ndarray]:
    """All 24 rotations of the coordinate axes into each other."""
    found = []
    for axis, other, sign, flip in AXES:
        rows = [sign * np.eye(3)[axis], flip * np.eye(3)[other]]
        found.append(np.stack([*rows, np.cross(*rows)]))
    return found


@pytest.mark.parametrize("turn", rotations())
def test_up_is_found_in_every_laboratory_frame(turn: np.ndarray) -> None:
    up, snapped = find_up(WALK.position @ turn, WALK.keypoints, SETTINGS)
    assert snapped
    np.testing.assert_allclose(up, np.array([0, 1, 0]) @ turn, atol=1e-12)


def test_a_tilted_frame_gets_the_bodys_axis() -> None:
    angle = np.radians(40)
    turn = np.array(
        [[1, 0, 0], [0, np.cos(angle), np.sin(angle)], [0, -np.sin(angle), np.cos(angle)]]
    )
    up, snapped = find_up(WALK.position @ turn, WALK.keypoints, SETTINGS)
    assert not snapped
    error = np.degrees(np.arccos(up @ (np.array([0, 1, 0]) @ turn)))
    assert error < 4.0


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=3).filter(lambda v: np.hypot(*v[:2]) > 0.1))
def test_upright_space_is_a_rotation_with_y_up(vector: list[float]) -> None:
    up = np.array(vector) / np.linalg.norm(vector)
    matrix = upright_space(up)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix) == pytest.approx(1.0)
    np.testing.assert_allclose(up @ matrix, [0, 1, 0], atol=1e-12)


def test_picture_has_square_pixels_with_y_up() -> None:
    np.testing.assert_allclose(np.array([[3.0, 4.0]]) @ upright_picture(), [[3.0, -4.0]])
    np.testing.assert_allclose(
        np.array([[3.0, 4.0]]) @ upright_picture(1000.0, 1250.0), [[3.0, -3.2]]
    )


def test_nobody_has_no_up() -> None:
    with pytest.raises(NoSubjectFound, match="never seen together"):
        find_up(np.full((5, 12, 3), np.nan), WALK.keypoints, SETTINGS)
