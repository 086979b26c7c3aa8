"""Standing bodies keep the lengths of their bones and their feet on the floor."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.synthetic import WalkerSettings, walk
from gaitpose.synthetic.scenes.standing import Stance, stance_points, standing

SETTINGS = WalkerSettings(thigh=(0.42, 0.44), shank=(0.41, 0.4))


def distance(points: dict[str, np.ndarray], first: str, second: str) -> float:
    return float(np.linalg.norm(points[first] - points[second]))


@pytest.mark.parametrize("seed", range(30))
def test_bones_keep_their_length(seed: int) -> None:
    stance = Stance.draw(np.random.default_rng(seed))
    points = stance_points(SETTINGS, stance)
    for side, thigh, shank in (("left", 0.42, 0.41), ("right", 0.44, 0.40)):
        assert distance(points, f"{side}_hip", f"{side}_knee") == pytest.approx(thigh, abs=1e-9)
        assert distance(points, f"{side}_knee", f"{side}_ankle") == pytest.approx(shank, abs=1e-9)
        assert distance(points, f"{side}_heel", f"{side}_toe") == pytest.approx(0.24, abs=1e-9)
    on_floor = [side for side, up in zip(("left", "right"), stance.raised, strict=True) if up == 0]
    assert on_floor
    for side in on_floor:
        assert points[f"{side}_ankle"][1] == pytest.approx(0.075)


def test_knees_bend_forward_and_toes_point_forward() -> None:
    points = stance_points(SETTINGS, Stance(knee=30.0))
    for side in ("left", "right"):
        assert points[f"{side}_knee"][0] > 0.05
        assert points[f"{side}_toe"][0] > 0.1 > 0 > points[f"{side}_heel"][0]
    assert points["left_hip"][2] < 0 < points["right_hip"][2], "left is at the walker's left"


def test_a_walk_that_stands_has_one_sample() -> None:
    still = standing(walk(WalkerSettings(strides=3), np.array([1.0])), Stance())
    assert still.position.shape == (1, 12, 3)
    assert still.point("left_ankle")[0, 1] == pytest.approx(0.075)
