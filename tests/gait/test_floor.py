from __future__ import annotations

import numpy as np
import pytest

from gaitpose.gait.floor import FloorSettings, find_roll
from gaitpose.gait.vertical import upright_picture

from .seen_walks import arrays, observed, seen

SETTINGS = FloorSettings()


def ankles(poses) -> np.ndarray:
    position, _, names = arrays(poses)
    columns = [names.index("left_ankle"), names.index("right_ankle")]
    return position[:, columns] @ upright_picture()


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("roll", [-5.0, 0.0, 3.0, 10.0])
def test_roll_is_found_overground(roll: float, side: str) -> None:
    walk = ankles(seen({"fps": 50}, roll=roll, side=side))
    assert find_roll([walk], 50, 300, "overground", SETTINGS) == pytest.approx(-roll, abs=0.02)


@pytest.mark.parametrize("roll", [-4.0, 0.0, 4.0])
def test_roll_is_found_on_a_treadmill(roll: float) -> None:
    walk = ankles(seen({"fps": 50, "treadmill": True, "strides": 8}, roll=roll, x=0.0))
    assert find_roll([walk], 50, 300, "treadmill", SETTINGS) == pytest.approx(-roll, abs=0.1)


def test_noise_hardly_matters() -> None:
    exact = seen({"fps": 30}, roll=2.0)
    errors = []
    for seed in range(6):
        noisy = ankles(observed(exact, seed, noise_px=1.5).poses)
        roll = find_roll([noisy], 30, 300, "overground", SETTINGS)
        assert roll is not None
        errors.append(roll + 2.0)
    assert np.abs(errors).max() < 0.2


def test_passes_at_other_distances_are_pooled() -> None:
    near = ankles(seen({"fps": 50}, roll=3.0))
    far = ankles(seen({"fps": 50}, roll=3.0, distance=6.0, side="right"))
    roll = find_roll([near, far], 50, 300, "overground", SETTINGS)
    assert roll == pytest.approx(-3.0, abs=0.02)


def test_too_little_to_tell() -> None:
    walk = ankles(seen({"fps": 50}, roll=3.0))
    assert find_roll([walk[:60]], 50, 300, "overground", SETTINGS) is None
    assert find_roll([np.full((50, 2, 2), np.nan)], 50, 300, "overground", SETTINGS) is None
    assert find_roll([walk], 50, 3000, "overground", SETTINGS) is None


def test_one_foothold_of_each_leg_has_no_slope() -> None:
    time = np.arange(80)
    still = np.interp(time, [0, 25, 55, 80], [0, 400, 400, 900])
    walk = np.stack([np.stack([still + 500 * leg, 0.0 * time], axis=1) for leg in (0, 1)], axis=1)
    settings = FloorSettings(fewest_stances=3)
    assert find_roll([walk], 50, 300, "overground", settings) is None


def test_an_unbelievable_roll_is_none() -> None:
    walk = ankles(seen({"fps": 50}, roll=20.0))
    assert find_roll([walk], 50, 300, "overground", SETTINGS) is None


def test_scattered_footholds_are_none() -> None:
    walk = ankles(seen({"fps": 50}))
    rng = np.random.default_rng(0)
    jumps = np.repeat(rng.normal(0, 150, (len(walk) // 25 + 1, 2)), 25, axis=0)[: len(walk)]
    walk[..., 1] += jumps
    assert find_roll([walk], 50, 300, "overground", SETTINGS) is None
