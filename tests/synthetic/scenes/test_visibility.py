"""Who hides whom, on pictures made by hand: a camera that looks at points along its axis."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.skeleton import KEYPOINTS
from gaitpose.synthetic.people.segments import SEGMENTS
from gaitpose.synthetic.scenes.visibility import Appearance, visibility
from gaitpose.synthetic.surface import Part, Viewpoint

pytest.importorskip("anny")

VIEW = Viewpoint.looking(np.array([0.0, 1.0, 4.0]), np.array([0.0, 1.0, 0.0]), 500.0, 400, 400)
KNEE = KEYPOINTS.index("right_knee")


def person(keypoint: np.ndarray, skin: dict[str, np.ndarray]) -> Appearance:
    """All keypoints far out of the picture but one, with skin of some segments."""
    keypoints = np.full((len(KEYPOINTS), 3), 100.0)
    keypoints[:, 2] = 0.0
    keypoints[KNEE] = keypoint
    points = np.concatenate(list(skin.values()))
    segments = np.concatenate(
        [np.full(len(each), SEGMENTS.index(name)) for name, each in skin.items()]
    )
    return Appearance(keypoints, points, segments, height=1.7)


def picture(depth: float, part: Part) -> tuple[np.ndarray, np.ndarray]:
    return np.full((400, 400), depth), np.full((400, 400), part, dtype=np.uint8)


NEAR_SHANK = np.array([[0.0, 1.0, 0.05], [0.0, 0.9, 0.05]])
OTHER_SHANK = np.array([[0.0, 1.0, 0.25], [0.0, 0.9, 0.25]])


def mark(depth: float, part: Part, skin: dict[str, np.ndarray]) -> int:
    return int(
        visibility(person(np.array([0.0, 1.0, 0.0]), skin), VIEW, *picture(depth, part))[KNEE]
    )


def test_own_skin_or_cloth_in_front_is_seen() -> None:
    skin = {"right_shank": NEAR_SHANK, "left_shank": OTHER_SHANK}
    assert mark(3.95, Part.BODY, skin) == 2
    assert mark(3.95, Part.CLOTHING, skin) == 2


def test_the_other_leg_hides_it() -> None:
    skin = {"right_shank": NEAR_SHANK, "left_shank": OTHER_SHANK}
    assert mark(3.75, Part.CLOTHING, skin) == 1, "too far before the joint"
    near = {"left_shank": NEAR_SHANK, "right_shank": NEAR_SHANK - (0, 0, 0.1)}
    assert mark(3.95, Part.BODY, near) == 1, "near enough, but it is the left leg's"


@pytest.mark.parametrize("part", [Part.EXOSKELETON, Part.PROP, Part.BYSTANDER, Part.ROOM])
def test_everything_else_hides_it(part: Part) -> None:
    assert mark(3.95, part, {"right_shank": NEAR_SHANK}) == 1


def test_outside_the_picture_is_not_labelled() -> None:
    marks = visibility(
        person(np.array([0.0, 1.0, 0.0]), {"right_shank": NEAR_SHANK}),
        VIEW,
        *picture(3.95, Part.BODY),
    )
    assert (np.delete(marks, KNEE) == 0).all()
