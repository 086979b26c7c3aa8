"""What the camera adds has the size that its settings say."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.synthetic.rendering.sensor import (
    SensorSettings,
    apply_sensor,
    disc_kernel,
    motion_kernel,
)


def grey(level: int = 120, size: int = 128) -> np.ndarray:
    return np.full((size, size, 3), level, dtype=np.uint8)


def test_a_perfect_camera_changes_nothing() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (64, 80, 3), dtype=np.uint8)
    out = apply_sensor(picture, SensorSettings(), np.random.default_rng(0))
    np.testing.assert_array_equal(out, picture)


def test_the_same_seed_gives_the_same_picture() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (64, 80, 3), dtype=np.uint8)
    outs = []
    for _ in range(2):
        rng = np.random.default_rng(7)
        outs.append(apply_sensor(picture, SensorSettings.draw(rng), rng))
    np.testing.assert_array_equal(*outs)
    assert np.abs(outs[0].astype(int) - picture).mean() > 1


@pytest.mark.parametrize(("length", "angle"), [(6.0, 0.0), (9.0, 90.0), (5.0, 30.0)])
def test_motion_blur_spreads_along_its_direction(length: float, angle: float) -> None:
    kernel = motion_kernel(length, angle)
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    half = len(kernel) // 2
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    assert (x * kernel).sum() == pytest.approx(0, abs=1e-4)
    assert (y * kernel).sum() == pytest.approx(0, abs=1e-4)
    c, s = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    along = (((x * c + y * s) ** 2) * kernel).sum()
    across = (((y * c - x * s) ** 2) * kernel).sum()
    # A path of length L has variance L2/12; sharing among pixels adds about a sixth to it.
    assert length**2 / 12 <= along < length**2 / 12 + 0.35
    assert across < 0.25


def test_defocus_keeps_light_and_place() -> None:
    kernel = disc_kernel(3.0)
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(kernel, kernel[::-1, ::-1])
    y, x = np.mgrid[-4:5, -4:5]
    assert ((x * x + y * y) * kernel).sum() == pytest.approx(3.0**2 / 2, rel=0.1)


@pytest.mark.parametrize("grain", [0.0, 0.7])
def test_noise_has_its_size(grain: float) -> None:
    settings = SensorSettings(shot_noise=0.04, read_noise=0.01, noise_grain=grain)
    out = apply_sensor(grey(120, 256), settings, np.random.default_rng(0)).astype(float)
    expected = 255 * np.sqrt(0.04**2 * 120 / 255 + 0.01**2)
    assert out.std() == pytest.approx(expected, rel=0.03)
    assert out.mean() == pytest.approx(120, abs=0.3)


def test_exposure_and_white_balance_are_stops_and_factors_of_light() -> None:
    rng = np.random.default_rng(0)
    brighter = apply_sensor(grey(100), SensorSettings(exposure=1.0), rng)
    assert brighter.mean() == pytest.approx(100 * 2 ** (1 / 2.2), abs=1)
    warm = apply_sensor(grey(100), SensorSettings(white_balance=(1.2, 1.0, 0.8)), rng)
    np.testing.assert_allclose(warm[0, 0], 100 * np.array([1.2, 1.0, 0.8]) ** (1 / 2.2), atol=1)


def test_vignette_darkens_the_corners_only() -> None:
    out = apply_sensor(grey(200), SensorSettings(vignette=0.3), np.random.default_rng(0))
    assert out[64, 64, 0] == pytest.approx(200, abs=1)
    assert out[0, 0, 0] == pytest.approx(200 * 0.7 ** (1 / 2.2), abs=2)


def test_resolution_and_compression_lose_detail_not_light() -> None:
    fine = np.random.default_rng(0).integers(60, 196, (128, 128, 1)).astype(np.uint8)
    picture = np.repeat(fine, 3, axis=2)
    for settings in (SensorSettings(scale=0.5), SensorSettings(quality=8, compressions=2)):
        out = apply_sensor(picture, settings, np.random.default_rng(0)).astype(float)
        assert out.mean() == pytest.approx(picture.mean(), abs=2)
        assert out.std() < 0.9 * picture.std()


def test_drawn_cameras_are_varied_and_mostly_good() -> None:
    rng = np.random.default_rng(0)
    drawn = [SensorSettings.draw(rng) for _ in range(300)]
    moving = np.mean([settings.motion_length > 0 for settings in drawn])
    assert 0.25 < moving < 0.45
    quality = np.array([settings.quality for settings in drawn])
    assert quality.min() < 50 and quality.max() > 90 and np.median(quality) > 65
    assert 0.15 < np.mean([settings.scale < 1 for settings in drawn]) < 0.5
