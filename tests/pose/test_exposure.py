from __future__ import annotations

import numpy as np
import pytest

from gaitpose.pose.exposure import BRIGHT, MOST_GAIN, brightened, gain_of, noise_between


def picture(light: int) -> np.ndarray:
    rgb = np.random.default_rng(0).integers(0, 256, (120, 160, 3)).astype(float)
    return (rgb * light / 255).astype(np.uint8)


@pytest.mark.parametrize("light", [130, 200, 255])
def test_a_usual_picture_stays_as_it_is(light: int) -> None:
    rgb = picture(light)
    assert gain_of(rgb) == 1.0
    assert brightened(rgb, gain_of(rgb)) is rgb


@pytest.mark.parametrize("light", [50, 80, 100])
def test_a_dark_picture_becomes_as_bright_as_a_usual_one(light: int) -> None:
    bright = brightened(picture(light), gain_of(picture(light)))
    assert np.percentile(bright.max(axis=2), 95) == pytest.approx(BRIGHT, abs=6)
    assert gain_of(bright) == 1.0


def test_a_black_picture_is_not_brightened_without_end() -> None:
    assert gain_of(np.zeros((40, 40, 3), np.uint8)) == MOST_GAIN
    assert gain_of(picture(5)) == MOST_GAIN


def test_noise_is_told_from_what_moves() -> None:
    rng = np.random.default_rng(0)
    scene = rng.integers(40, 200, (120, 160, 3))
    one, other = (np.rint(scene + rng.normal(0, 4, scene.shape)) for _ in range(2))
    other[40:80, 40:90] = 255
    found = noise_between(one.astype(np.uint8), other.astype(np.uint8))
    assert found == pytest.approx(4, abs=0.7)
    assert noise_between(one.astype(np.uint8), one.astype(np.uint8)) == 0
