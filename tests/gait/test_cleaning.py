from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from gaitpose.gait.cleaning import (
    CleaningSettings,
    drop_unsure,
    fill_gaps,
    find_frozen,
    find_outliers,
    nearest_frame,
    resample,
    uniform_grid,
)

from .seen_walks import arrays, observed, seen, walked

SETTINGS = CleaningSettings()


def one_point(values: np.ndarray) -> np.ndarray:
    """(time,) to (time, one keypoint, one coordinate)."""
    return np.asarray(values, dtype=float)[:, np.newaxis, np.newaxis]


def test_unsure_points_are_dropped_whole() -> None:
    position = np.ones((4, 1, 2))
    position[3, 0, 1] = np.nan
    dropped = drop_unsure(position, np.array([[0.3], [0.29], [np.nan], [1.0]]), 0.3)
    assert np.isnan(dropped[:, 0]).all(axis=1).tolist() == [False, True, True, True]
    assert not np.isnan(dropped[0]).any()


def test_frozen_frames_are_those_that_repeat() -> None:
    position, _, _ = arrays(seen({"fps": 30}))
    frozen = position.copy()
    frozen[20:45] = frozen[19]
    found = find_frozen(frozen, tolerance=0.03)
    assert np.flatnonzero(found).tolist() == list(range(20, 45))
    assert not find_frozen(position, tolerance=0.03).any()


@pytest.mark.parametrize("fps", [25, 60, 240])
def test_outliers_are_found_and_nothing_else(fps: float) -> None:
    poses = seen({"fps": fps})
    noisy = observed(poses, noise_px=3, missed=0.05)
    position, _, _ = arrays(noisy.poses)
    rng = np.random.default_rng(5)
    wrong = rng.random(position.shape[:2]) < 0.01
    angle = rng.uniform(0, 2 * np.pi, wrong.sum())
    position[wrong] += 80 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    wrong &= np.isfinite(position[..., 0])
    found = find_outliers(position, fps, 300.0, SETTINGS)
    assert found[wrong].mean() > 0.9
    assert found[~wrong].mean() < 0.002


@pytest.mark.parametrize("fps", [25, 50, 240])
def test_a_clean_walk_has_no_outliers(fps: float) -> None:
    position, _, _ = arrays(seen({"fps": fps, "speed": 1.6}))
    assert not find_outliers(position, fps, 300.0, SETTINGS).any()


def test_a_shaking_camera_is_no_outlier() -> None:
    position, _, _ = arrays(seen({"fps": 30}))
    position[50] += 70.0
    assert not find_outliers(position, 30, 300.0, SETTINGS).any()


def test_uniform_stamps_are_their_own_grid() -> None:
    time = 5.0 + np.arange(200) / 29.97
    grid, fps = uniform_grid(time, 29.97)
    assert np.array_equal(grid, time)
    assert fps == pytest.approx(29.97)


def test_grid_of_a_wrong_nominal_rate_has_the_true_one() -> None:
    _, fps = uniform_grid(np.arange(200) / 24.0, 30.0)
    assert fps == pytest.approx(24.0)


def test_grid_of_uneven_stamps_is_uniform() -> None:
    rng = np.random.default_rng(0)
    time = np.arange(300) / 30 + rng.uniform(-0.2, 0.2, 300) / 30
    time = np.delete(time, [40, 41, 150])
    grid, fps = uniform_grid(time, 30.0)
    assert fps == pytest.approx(30.0, rel=0.02)
    np.testing.assert_allclose(np.diff(grid), 1 / fps)
    assert grid[0] == time[0]
    assert time[-1] - 1 / fps < grid[-1] <= time[-1] + 1e-9


def test_resampling_follows_the_movement_and_leaves_gaps_open() -> None:
    rng = np.random.default_rng(1)
    time = np.arange(300) / 30 + rng.uniform(-0.2, 0.2, 300) / 30
    time = np.delete(time, [100, 101])
    grid, _ = uniform_grid(time, 30.0)
    movement = np.sin(2 * np.pi * 1.2 * time)
    movement[200] = np.nan
    got = resample(one_point(movement), time, grid)[:, 0, 0]
    dropped = np.isnan(got)
    np.testing.assert_allclose(got[~dropped], np.sin(2 * np.pi * 1.2 * grid)[~dropped], atol=2e-3)
    near_gap = (grid > time[99]) & (grid < time[100])
    assert dropped[near_gap].all()
    assert dropped[(grid > time[199]) & (grid < time[201])].all()
    assert dropped.sum() <= near_gap.sum() + 3


def test_nearest_frame() -> None:
    assert nearest_frame(np.array([0.0, 1.0, 3.0]), np.array([0.0, 0.6, 1.9, 2.1])).tolist() == [
        0,
        1,
        1,
        2,
    ]


@given(length=st.integers(1, 8), longest=st.integers(0, 6))
def test_only_short_inner_gaps_are_filled(length: int, longest: int) -> None:
    truth = np.cumsum(np.linspace(1, 2, 40))
    gapped = truth.copy()
    gapped[15 : 15 + length] = np.nan
    gapped[:2] = np.nan
    filled = fill_gaps(one_point(gapped), longest)[:, 0, 0]
    assert np.isnan(filled[:2]).all()
    if length <= longest:
        known = np.isfinite(gapped)
        curve = PchipInterpolator(np.flatnonzero(known), gapped[known])
        np.testing.assert_allclose(filled[15 : 15 + length], curve(np.arange(15, 15 + length)))
        assert (np.diff(filled[2:]) > 0).all()
    else:
        assert np.isnan(filled[15 : 15 + length]).all()


def test_settings_refuse_nonsense() -> None:
    with pytest.raises(ValueError, match="min_confidence"):
        CleaningSettings(min_confidence=2.0)


def test_walks_are_cached() -> None:
    assert walked(fps=30) is walked(fps=30)
