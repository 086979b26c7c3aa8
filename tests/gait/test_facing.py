from __future__ import annotations

import numpy as np
import pytest

from gaitpose.gait.facing import faces_forward, forward_in_space
from gaitpose.synthetic import presets

from .seen_walks import arrays, seen, walked

NAMES = walked(fps=25).keypoints


@pytest.mark.parametrize("preset", ["healthy", "slow", "hemiparetic", "stiff_knee", "crouch"])
def test_knees_bend_forward_in_every_gait(preset: str) -> None:
    settings = getattr(presets, preset)()
    position = walked(**dict(settings)).position[..., :2]
    assert faces_forward(position, NAMES)
    assert not faces_forward(position * np.array([-1, 1]), NAMES)


def test_exchanged_legs_face_the_same_way() -> None:
    position, _, names = arrays(seen({"fps": 25}, side="left"))
    order = [
        names.index(n.replace("left", "#").replace("right", "left").replace("#", "right"))
        for n in names
    ]
    assert not faces_forward(position[:, order] * np.array([1, -1]), names)


@pytest.mark.parametrize("degrees", [0, 35, 90, 200, 300])
def test_forward_of_a_walker_on_a_treadmill(degrees: float) -> None:
    walk = walked(fps=25, treadmill=True)
    angle = np.radians(degrees)
    turn = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    forward = forward_in_space(walk.position @ turn, walk.keypoints)
    np.testing.assert_allclose(forward, [np.cos(angle), np.sin(angle)], atol=0.02)
