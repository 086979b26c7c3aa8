from __future__ import annotations

import numpy as np
import pytest

from gaitpose.gait.smoothing import SmoothingSettings, choose_cutoff, low_pass

from .seen_walks import arrays, observed, seen

SETTINGS = SmoothingSettings()


@pytest.mark.parametrize("fps", [30.0, 100.0, 240.0])
@pytest.mark.parametrize("order", [2, 4, 8])
def test_power_is_halved_at_the_cutoff(fps: float, order: int) -> None:
    time = np.arange(int(20 * fps)) / fps
    wave = np.sin(2 * np.pi * 6.0 * time)
    filtered = low_pass(wave, fps, 6.0, SmoothingSettings(order=order))
    middle = slice(int(5 * fps), int(15 * fps))
    gain = np.sqrt((filtered[middle] ** 2).mean() / (wave[middle] ** 2).mean())
    assert gain == pytest.approx(np.sqrt(0.5), rel=0.01)


def test_no_lag() -> None:
    time = np.arange(600) / 60
    wave = np.sin(2 * np.pi * time)
    filtered = low_pass(wave, 60, 6.0, SETTINGS)
    lags = [float(filtered[60:540] @ wave[60 + lag : 540 + lag]) for lag in (-2, -1, 0, 1, 2)]
    assert int(np.argmax(lags)) == 2


def test_travel_keeps_place_and_speed_at_the_ends() -> None:
    line = 40.0 + 7.0 * np.arange(50)
    np.testing.assert_allclose(low_pass(line, 50, 6.0, SETTINGS), line, atol=1e-6)


def test_gaps_are_not_crossed() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(200, 2))
    gapped = values.copy()
    gapped[90:100, 0] = np.nan
    filtered = low_pass(gapped, 60, 6.0, SETTINGS)
    assert np.isnan(filtered[90:100, 0]).all()
    assert np.isfinite(np.delete(filtered[:, 0], np.s_[90:100])).all()
    np.testing.assert_allclose(filtered[:90, 0], low_pass(values[:90, 0], 60, 6.0, SETTINGS))
    np.testing.assert_allclose(filtered[100:, 0], low_pass(values[100:, 0], 60, 6.0, SETTINGS))
    np.testing.assert_allclose(filtered[:, 1], low_pass(values[:, 1], 60, 6.0, SETTINGS))


def test_runs_of_a_few_samples_survive() -> None:
    values = np.full(40, np.nan)
    values[3], values[10:12], values[20:23] = 1.0, 2.0, 3.0
    filtered = low_pass(values, 60, 6.0, SETTINGS)
    np.testing.assert_allclose(filtered[np.isfinite(values)], values[np.isfinite(values)])


def test_low_rates_are_left_alone() -> None:
    values = np.random.default_rng(0).normal(size=30)
    assert np.array_equal(low_pass(values, 12, 6.0, SETTINGS), values)
    assert choose_cutoff(values[:, np.newaxis], 12, 1.0, SETTINGS) == float("inf")


@pytest.mark.parametrize("fps", [25, 30, 60, 120])
def test_noisy_pictures_get_the_usual_cutoff(fps: float) -> None:
    position, _, _ = arrays(observed(seen({"fps": fps}), noise_px=2).poses)
    assert choose_cutoff(position[:, 2:8], fps, 300.0, SETTINGS) == SETTINGS.cutoff_hz


@pytest.mark.parametrize("fps", [30, 60, 100, 240])
def test_clean_walks_are_hardly_filtered(fps: float) -> None:
    position, _, _ = arrays(seen({"fps": fps}))
    assert choose_cutoff(position[:, 2:8], fps, 300.0, SETTINGS) >= 10.0


def test_markers_with_a_little_noise_get_a_cutoff_between() -> None:
    position, _, _ = arrays(observed(seen({"fps": 100}), noise_px=0.4).poses)
    cutoff = choose_cutoff(position[:, 2:8], 100, 300.0, SETTINGS)
    assert 6.0 < cutoff <= 15.0
