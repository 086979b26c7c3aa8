from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from gaitpose.gait.passes import Stretch, Walks
from gaitpose.gait.sagittal import SagittalSettings
from gaitpose.gait.seen import Seen, look
from gaitpose.gait.tracks import Tracks, make_tracks, repair_names
from gaitpose.subject import Subject

from .seen_walks import arrays, observed, seen, with_position

STAGES = SagittalSettings()


def looked(poses: xr.Dataset) -> Seen:
    return look(poses, Subject(), STAGES.cleaning, STAGES.vertical, STAGES.scale, 1.0)


def made(person: Seen, swapped: np.ndarray | None = None) -> tuple[Tracks, list[str]]:
    none = np.zeros(person.confidence.shape, dtype=bool)
    fps = float(1 / np.median(np.diff(person.time)))
    swapped = none if swapped is None else swapped
    tracks, findings = make_tracks(
        person, swapped, person.time, fps, STAGES.cleaning, STAGES.smoothing
    )
    return tracks, [finding.code for finding in findings]


def whole(person: Seen) -> Walks:
    return Walks([Stretch(0, len(person.time), np.array([1.0]))], [], "overground")


def test_short_gaps_are_filled_and_long_ones_left_open() -> None:
    poses = seen({"fps": 50})
    position, _, names = arrays(poses)
    exact = looked(poses).position
    ankle = names.index("left_ankle")
    position[40:46, ankle] = np.nan
    position[100:107, ankle] = np.nan
    tracks, _ = made(looked(with_position(poses, position)))
    assert not tracks.measured[40:46, ankle].any()
    assert np.abs(tracks.filled[40:46, ankle] - exact[40:46, ankle]).max() < 12.0
    assert np.isnan(tracks.filled[100:107, ankle]).all()
    assert np.isnan(tracks.filtered[100:107, ankle]).all()
    assert np.isfinite(np.delete(tracks.filtered[:, ankle], np.s_[100:107], axis=0)).all()


def test_frozen_frames_become_a_gap() -> None:
    poses = seen({"fps": 50})
    position, _, _ = arrays(poses)
    position[100:103] = position[99]
    tracks, codes = made(looked(with_position(poses, position)))
    assert (~tracks.measured).all(axis=1).nonzero()[0].tolist() == [100, 101, 102]
    assert "frozen-frames" in codes
    assert np.isfinite(tracks.filled).all()


def test_outliers_are_replaced() -> None:
    poses = observed(seen({"fps": 50}), noise_px=1).poses
    position, _, names = arrays(poses)
    knee = names.index("right_knee")
    expected = position[60, knee].copy()
    position[60, knee] += [90.0, -40.0]
    tracks, codes = made(looked(with_position(poses, position)))
    assert "outliers-removed" in codes
    assert not tracks.measured[60, knee]
    assert np.abs(tracks.filled[60, knee] - expected * [1, -1]).max() < 8.0


def test_low_rates_are_not_filtered_and_said() -> None:
    tracks, codes = made(looked(seen({"fps": 12})))
    assert "low-frame-rate" in codes
    np.testing.assert_array_equal(tracks.filled, tracks.filtered)
    assert tracks.cutoff_hz == float("inf")


def test_repairs_are_reported() -> None:
    exact = seen({"fps": 30})
    seen_legs = observed(exact, 0, noise_px=3, missed=0.05, swaps=0.05)
    person = looked(seen_legs.poses)
    swapped, findings = repair_names(person, person.time, whole(person), STAGES.laterality)
    assert (swapped.any(axis=1) == seen_legs.swapped).all()
    assert [finding.code for finding in findings] == ["swaps-repaired"]
    assert f"in {seen_legs.swapped.sum()} of {len(swapped)} frames" in findings[0].message
    tracks, _ = made(person, swapped)
    assert (tracks.swapped == swapped).all()


def test_repair_reaches_beyond_a_pass_but_not_into_the_next() -> None:
    exact = seen({"fps": 30})
    seen_legs = observed(exact, 1, noise_px=3, swaps=0.2)
    person = looked(seen_legs.poses)
    heading = np.array([1.0])
    walks = Walks([Stretch(40, 90, heading), Stretch(94, 160, heading)], [], "overground")
    swapped, _ = repair_names(person, person.time, walks, STAGES.laterality)
    inside = np.zeros(len(swapped), dtype=bool)
    inside[40 - 9 : 160 + 9] = True
    assert (swapped.any(axis=1)[inside] == seen_legs.swapped[inside]).all()
    assert not swapped[~inside].any()


def test_repair_can_be_switched_off() -> None:
    person = looked(observed(seen({"fps": 30}), 0, swaps=0.2).poses)
    off = STAGES.laterality.model_copy(update={"enabled": False})
    swapped, findings = repair_names(person, person.time, whole(person), off)
    assert not swapped.any()
    assert findings == ()


@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_filtered_tracks_are_near_the_truth(noise: float) -> None:
    exact = seen({"fps": 60})
    tracks, _ = made(looked(observed(exact, 0, noise_px=noise).poses))
    error = tracks.filtered - looked(exact).position
    assert np.sqrt(np.nanmean(error**2)) <= 0.55 * noise + 0.1


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_legs_are_not_followed_through_frames_that_repeat_the_one_before(seed: int) -> None:
    errors = {"noise_px": 3, "missed": 0.05, "swaps": 0.3, "swap_run": 12}
    walk = observed(seen({"fps": 30}), seed, **errors)
    position, _, names = arrays(walk.poses)
    swapped, repeats = walk.swapped.copy(), np.zeros(len(position), dtype=bool)
    for start in range(20, len(position) - 9, 30):
        position[start : start + 8], swapped[start : start + 8] = position[start], swapped[start]
        repeats[start + 1 : start + 8] = True
    person = looked(with_position(walk.poses, position))
    found, _ = repair_names(person, person.time, whole(person), STAGES.laterality)
    followed = [i for i, name in enumerate(names) if name.endswith(("knee", "ankle"))]
    wrong = found[:, followed] != swapped[:, np.newaxis]
    assert wrong[~repeats].mean() < 0.05
