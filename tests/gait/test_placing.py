from __future__ import annotations

import numpy as np
import pytest

from gaitpose.gait.passes import Stretch
from gaitpose.gait.placing import place_picture, place_space
from gaitpose.gait.sagittal import SagittalSettings
from gaitpose.gait.seen import Seen, look
from gaitpose.subject import Subject

from .seen_walks import seen, walked

STAGES = SagittalSettings()


def looked(poses) -> Seen:
    return look(poses, Subject(), STAGES.cleaning, STAGES.vertical, STAGES.scale, 1.0)


@pytest.mark.parametrize("direction", [1.0, -1.0])
def test_a_picture_becomes_metres_forward_of_the_first_ankles(direction: float) -> None:
    person = looked(seen({"fps": 25}, side="right" if direction > 0 else "left"))
    walk = Stretch(0, len(person.time), np.array([direction]))
    placed = place_picture(person.position, person, walk, 0.003).apply(person.position)
    ankles = placed[:, person.columns("ankle")].mean(axis=1)
    assert ankles[0, 0] == pytest.approx(0.0)
    assert ankles[-1, 0] > 5.0
    feet = placed[:, [*person.columns("heel"), *person.columns("toe")], 1]
    assert np.percentile(feet, 10) == pytest.approx(0.0, abs=0.05)
    thigh = np.linalg.norm(placed[:, 4] - placed[:, 2], axis=1)
    pixels = np.linalg.norm(person.position[:, 4] - person.position[:, 2], axis=1)
    np.testing.assert_allclose(thigh, 0.003 * pixels)


@pytest.mark.parametrize("degrees", [0, 60, 180, 250])
def test_space_has_z_to_the_right_of_the_heading(degrees: float) -> None:
    walk = walked(fps=25)
    angle = np.radians(degrees)
    turn = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    person = looked(walk.to_poses())
    turned = walk.position @ turn
    heading = np.array([np.cos(angle), np.sin(angle)])
    stretch = Stretch(0, len(turned), heading)
    placed = place_space(turned, person, stretch.heading).apply(turned)
    relative = placed - placed[:1, :1]
    np.testing.assert_allclose(relative, walk.position - walk.position[:1, :1], atol=1e-9)
