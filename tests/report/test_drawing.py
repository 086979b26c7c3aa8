"""Marks land where they should, in the side's colour, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.report import drawing
from gaitpose.report.drawing import Mark
from gaitpose.report.palette import SIDE_COLOUR, rgb
from gaitpose.skeleton import SIDES


def blank(height: int = 200, width: int = 300) -> np.ndarray:
    return np.zeros((height, width, 3), np.uint8)


def has_colour(image: np.ndarray, colour: str) -> bool:
    return bool((image == rgb(colour)).all(axis=-1).any())


@pytest.mark.parametrize("side", SIDES)
def test_a_bone_is_drawn_in_the_colour_of_its_side(side: str) -> None:
    image = blank()
    points = {f"{side}_hip": np.array([100.0, 40.0]), f"{side}_knee": np.array([100.0, 160.0])}

    drawing.draw_skeleton(image, points, unit=1.0)

    assert tuple(image[100, 100]) == rgb(SIDE_COLOUR[side])
    other = SIDE_COLOUR["right" if side == "left" else "left"]
    assert not has_colour(image, other)
    assert not image[:, 130:].any()


def test_a_bone_with_a_missing_end_is_left_out() -> None:
    image = blank()
    points = {"left_hip": np.array([100.0, 40.0]), "left_knee": np.array([np.nan, np.nan])}

    drawing.draw_skeleton(image, points, unit=1.0)

    assert image[40, 100].any()
    assert not image[60:].any()


def test_points_far_outside_of_the_picture_do_no_harm() -> None:
    image = blank()
    points = {"left_hip": np.array([1e12, -1e12]), "left_knee": np.array([150.0, 100.0])}

    drawing.draw_skeleton(image, points, unit=1.0)

    assert image[100, 150].any()


def test_a_flash_is_drawn_around_the_foot_only() -> None:
    image = blank(400, 600)

    drawing.draw_flash(
        image, np.array([300.0, 200.0]), Mark("right", "foot_strike", 1.0), 0.0, unit=1.0
    )

    assert has_colour(image, SIDE_COLOUR["right"])
    assert not image[:150].any()
    assert not image[300:].any()


@pytest.mark.parametrize("point", [(np.nan, np.nan), (-5.0, 100.0), (100.0, 5000.0)])
def test_no_flash_where_there_is_no_foot(point: tuple[float, float]) -> None:
    image = blank()

    drawing.draw_flash(image, np.array(point), Mark("left", "foot_off", 1.0), 0.0, unit=1.0)

    assert not image.any()


def test_the_timeline_shows_stance_where_it_is() -> None:
    strip = np.full((92, 400, 3), drawing.STRIP, np.uint8)
    stances = [("left", 1.0, 2.0), ("right", 2.5, 3.0), ("right", 90.0, 91.0)]

    drawing.draw_timeline(strip, stances, now=0.2, window=(0.0, 4.0), unit=1.0)

    left, right = (
        (strip == rgb(SIDE_COLOUR[side])).all(axis=-1).any(axis=0).nonzero()[0] for side in SIDES
    )
    assert (left.min(), left.max()) == (100, 200)
    assert (right.min(), right.max()) == (250, 300)
