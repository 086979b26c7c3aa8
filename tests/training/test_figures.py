import numpy as np

from gaitpose.pose.codec import PRESENT
from gaitpose.skeleton import JOINTS
from gaitpose.training import figures
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


def test_the_near_side_is_the_one_that_the_walking_direction_asks_for():
    # Seen from the side, who walks to the right in the picture shows the right side.
    settings = FigureSettings(side_share=1.0, side_spread=0.0, odd_pose_share=0.0)
    to_the_right = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        pixels, depth = figures._project(figures._pose(settings, rng), settings, 192, rng)
        forward = pixels["nose"][0] > pixels["nape"][0]
        assert (depth["right_hip"] > depth["left_hip"]) == forward
        assert (pixels["right_toe"][0] > pixels["right_heel"][0]) == forward
        to_the_right += forward
    assert 8 < to_the_right < 32


def test_knees_bend_backwards():
    settings = FigureSettings(odd_pose_share=0.0)
    for seed in range(40):
        body = figures._pose(settings, np.random.default_rng(seed))
        for side in ("left", "right"):
            thigh = body[f"{side}_knee"] - body[f"{side}_hip"]
            shank = body[f"{side}_ankle"] - body[f"{side}_knee"]
            # x is forward, y is up: a flexed shank lies behind the thigh's continuation.
            assert thigh[0] * shank[1] - thigh[1] * shank[0] <= 1e-9
