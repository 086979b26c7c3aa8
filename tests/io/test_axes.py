from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from gaitpose.io.axes import Up, to_y_up, up_axis

NAMES = ["left_hip", "right_hip", "left_ankle", "right_ankle"]


@pytest.mark.parametrize("up", get_args(Up))
def test_the_axis_that_was_up_becomes_y_and_the_frame_stays_right_handed(up: Up) -> None:
    direction = np.zeros(3)
    direction["xyz".index(up[1])] = 1 if up[0] == "+" else -1
    np.testing.assert_array_equal(to_y_up(direction, up), [0, 1, 0])
    rotation = to_y_up(np.eye(3), up).T
    np.testing.assert_array_equal(rotation @ rotation.T, np.eye(3))
    assert np.linalg.det(rotation) == pytest.approx(1)


def test_z_up_labs_follow_the_documented_rule() -> None:
    np.testing.assert_array_equal(to_y_up(np.array([1.0, 2.0, 3.0]), "+z"), [1, 3, -2])


@pytest.mark.parametrize("up", get_args(Up))
def test_up_is_found_from_the_body(up: Up) -> None:
    rng = np.random.default_rng(0)
    standing = np.array([[0, 0.9, 0.1], [0, 0.9, -0.1], [0.3, 0.1, 0.1], [-0.3, 0.1, -0.1]])
    upright = standing + rng.normal(0, 0.02, (50, 4, 3)) + rng.uniform(-5, 5, (1, 1, 3))
    upright[7] = np.nan
    to_lab = np.linalg.inv(to_y_up(np.eye(3), up).T)
    lab = upright @ to_lab.T
    assert up_axis(lab, NAMES) == up
    np.testing.assert_allclose(to_y_up(lab, up), upright, atol=1e-12)


def test_up_is_y_where_nothing_is_seen() -> None:
    assert up_axis(np.full((3, 4, 3), np.nan), NAMES) == "+y"
