from __future__ import annotations

import numpy as np
import pytest

from gaitpose.pose.body import (
    LEG_PER_HEIGHT,
    TRUNK_PER_HEIGHT,
    Body,
    ankle_gap,
    body_of,
    leg_confidence,
)


def standing(height: float = 200.0, x: float = 50.0, y: float = 120.0) -> np.ndarray:
    """Joints of an upright body."""
    leg, trunk = LEG_PER_HEIGHT * height, TRUNK_PER_HEIGHT * height
    rows = [y - trunk] * 2 + [y] * 2 + [y + leg / 2] * 2 + [y + leg] * 2
    return np.column_stack([np.full(8, x), rows, np.linspace(0.3, 1.0, 8)])


def test_place_and_height_of_a_standing_body():
    assert body_of(standing()) == pytest.approx((50, 120, 200))


def test_a_squeezed_trunk_does_not_make_the_body_smaller():
    joints = standing()
    joints[:2, 1] = 110
    assert body_of(joints).height == pytest.approx(200)


def test_the_box_holds_the_body():
    box = Body(50, 120, 200).box
    assert box.height == pytest.approx(200)
    assert box.centre == pytest.approx((50, 126))
    joints = standing()
    assert box.y0 < joints[:, 1].min()
    assert box.y1 > joints[:, 1].max()


def test_confidence_is_that_of_the_legs():
    joints = standing()
    joints[:2, 2] = 0.0
    assert leg_confidence(joints) == pytest.approx(joints[2:, 2].mean())


def test_ankle_gap_is_in_leg_lengths():
    joints = standing()
    joints[6, 0] += LEG_PER_HEIGHT * 20
    joints[4, 0] += LEG_PER_HEIGHT * 10
    along, up = ankle_gap(joints)
    assert along == pytest.approx(0.1, rel=0.02)
    assert ankle_gap(joints[[1, 0, 3, 2, 5, 4, 7, 6]])[0] == pytest.approx(-along)
    assert up == pytest.approx(0.0)
