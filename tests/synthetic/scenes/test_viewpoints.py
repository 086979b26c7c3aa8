"""The camera stands where it should and frames what it should."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.synthetic.scenes.viewpoints import CameraSettings, viewpoint_for

BODY = np.random.default_rng(0).uniform((-0.25, 0, -0.2), (0.25, 1.7, 0.2), (500, 3))
BODY += np.array([3, 0, 1])


@pytest.mark.parametrize(
    ("view", "towards"),
    [(0, (0, 0, 1)), (90, (1, 0, 0)), (180, (0, 0, -1)), (-90, (-1, 0, 0))],
)
def test_from_where_it_looks(view: float, towards: tuple[float, float, float]) -> None:
    settings = CameraSettings(view, height=1.0, focal=1.0, size=0.7, middle=(0.5, 0.5))
    made = viewpoint_for(settings, BODY, 0.0, 512, 512)
    away = (made.position - (3, made.position[1], 1)) / 1
    np.testing.assert_allclose(away / np.linalg.norm(away), towards, atol=0.02)
    assert made.position[1] == pytest.approx(1.0)


def test_the_heading_turns_the_camera_with_the_walker() -> None:
    settings = CameraSettings(0.0, height=1.0, focal=1.0, size=0.7, middle=(0.5, 0.5))
    made = viewpoint_for(settings, BODY, np.pi / 2, 512, 512)
    assert made.position[0] < 1.5, "walking along z the right side is at -x"


@pytest.mark.parametrize("seed", range(20))
def test_size_and_place_in_the_picture(seed: int) -> None:
    settings = CameraSettings.draw(np.random.default_rng(seed), all_around=0.1)
    made = viewpoint_for(settings, BODY, 0.3, 640, 480)
    pixels = made.project(BODY)
    assert np.ptp(pixels[:, 1]) / 480 == pytest.approx(settings.size, rel=0.1)
    middle = (pixels.min(axis=0) + pixels.max(axis=0)) / 2
    np.testing.assert_allclose(middle, np.array(settings.middle) * (640, 480), atol=1e-6)


def test_a_whole_walk_fits() -> None:
    way = np.concatenate([BODY + np.array([shift, 0, 0]) for shift in np.linspace(0, 6, 7)])
    settings = CameraSettings(5.0, height=1.2, focal=0.9, size=0.9, middle=(0.5, 0.5))
    pixels = viewpoint_for(settings, way, 0.0, 960, 540, fit="whole").project(way)
    extent = np.ptp(pixels, axis=0) / (960, 540)
    assert extent.max() == pytest.approx(0.9, abs=0.03)
