import numpy as np
import pytest

from gaitpose.pose.codec import PRESENT
from gaitpose.skeleton import JOINTS
from gaitpose.training.figures import FigureSettings, figure_view

BACKGROUND = np.full((192, 192, 3), 77, np.uint8)


def _joint(view, name):
    return view.joints[JOINTS.index(name)]


def test_same_generator_same_figure():
    one, other = (
        figure_view(BACKGROUND, FigureSettings(), np.random.default_rng(5)) for _ in range(2)
    )
    assert np.array_equal(one.image, other.image)
    assert np.array_equal(one.joints, other.joints)


def test_all_joints_are_in_the_view_and_on_the_figure():
    settings = FigureSettings(shift=0.0)
    for seed in range(20):
        view = figure_view(BACKGROUND, settings, np.random.default_rng(seed))
        assert (view.state == PRESENT).all()
        assert (view.joints > 0).all()
        assert (view.joints < 191).all()
        for x, y in np.round(view.joints).astype(int):
            assert np.abs(view.image[y, x].astype(int) - 77).max() > 0


def test_walkers_stand_on_their_feet():
    settings = FigureSettings(odd_pose_share=0.0)
    for seed in range(20):
        view = figure_view(BACKGROUND, settings, np.random.default_rng(seed))
        shoulders = min(_joint(view, "left_shoulder")[1], _joint(view, "right_shoulder")[1])
        hips = _joint(view, "left_hip")[1]
        ankles = max(_joint(view, "left_ankle")[1], _joint(view, "right_ankle")[1])
        assert shoulders < hips < ankles


def test_left_and_right_are_those_of_a_body_seen_from_the_front_and_from_behind():
    # Knees bend backwards: of a body seen from the side, the direction it faces is away from where
    # the shank goes when the knee bends. Facing right, the right hip is nearer, so it is painted
    # over the left one; facing away from the camera the right hip is at the right.
    settings = FigureSettings(side_share=0.0, odd_pose_share=0.0)
    facing_us = facing_away = 0
    for seed in range(60):
        view = figure_view(BACKGROUND, settings, np.random.default_rng(seed))
        gap = _joint(view, "right_shoulder")[0] - _joint(view, "left_shoulder")[0]
        facing_away += gap > 0
        facing_us += gap < 0
    assert facing_us == pytest.approx(30, abs=12)
    assert facing_away == pytest.approx(30, abs=12)
