from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from gaitpose.gait.footholds import FootholdSettings
from gaitpose.gait.laterality import (
    LateralitySettings,
    Repair,
    exchange,
    find_single_swaps,
    repair_pass,
)
from gaitpose.gait.vertical import upright_picture
from gaitpose.skeleton import Side
from gaitpose.synthetic import presets

from .seen_walks import arrays, observed, seen, walked, with_position

SETTINGS = LateralitySettings()
LEG = 300.0


def repaired(poses: xr.Dataset, near: Side = "right") -> Repair:
    position, confidence, names = arrays(poses)
    upright = position @ upright_picture()
    return repair_pass(upright, confidence, poses.time.values, names, LEG, near, SETTINGS)


def legs(poses: xr.Dataset) -> list[int]:
    _, _, names = arrays(poses)
    return [index for index, name in enumerate(names) if not name.endswith("shoulder")]


def visible(poses: xr.Dataset, share: float = 0.05) -> np.ndarray:
    """(time, keypoints): a point is farther from its namesake than that share of the leg."""
    position, _, names = arrays(poses)
    other = [
        names.index(n.replace("left", "*").replace("right", "left").replace("*", "right"))
        for n in names
    ]
    return np.linalg.norm(position - position[:, other], axis=2) > share * LEG


@pytest.mark.parametrize("fps", [25, 30, 60, 120])
@pytest.mark.parametrize("speed", [0.7, 1.3])
def test_all_isolated_swaps_are_repaired(fps: float, speed: float) -> None:
    exact = seen({"fps": fps, "speed": speed})
    for seed in range(2):
        seen_legs = observed(exact, seed, noise_px=3, missed=0.05, swaps=0.02)
        found = repaired(seen_legs.poses).swapped[:, legs(exact)]
        assert (found == seen_legs.swapped[:, np.newaxis]).all()


@pytest.mark.parametrize("fps", [30, 60])
@pytest.mark.parametrize("run_s", [0.25, 0.5])
def test_long_runs_of_swaps_are_repaired(fps: float, run_s: float) -> None:
    exact = seen({"fps": fps})
    for seed in range(3):
        errors = {"noise_px": 3, "missed": 0.05, "swaps": 0.15, "swap_run": run_s * fps}
        seen_legs = observed(exact, seed, **errors)
        wrong = repaired(seen_legs.poses).swapped != seen_legs.swapped[:, np.newaxis]
        assert not (wrong & visible(exact))[:, legs(exact)].any()


@pytest.mark.parametrize("feet", [{}, {"step_width": None}])
def test_swaps_through_every_mid_swing_are_repaired(feet: dict[str, object]) -> None:
    exact = seen({"fps": 30, **feet})
    position, confidence, names = arrays(exact)
    ankles = position[:, names.index("left_ankle"), 0] - position[:, names.index("right_ankle"), 0]
    crossing = np.flatnonzero(np.diff(np.sign(ankles)))
    swapped = np.zeros(len(ankles), dtype=bool)
    for frame in crossing[::2]:
        swapped[frame - 4 : frame + 6] = True
    exchanged = exchange(position, np.tile(swapped[:, None], (1, len(names))), names)
    rng = np.random.default_rng(0)
    upright = (exchanged + rng.normal(0, 3, position.shape)) @ upright_picture()
    found = repair_pass(upright, confidence, exact.time.values, names, LEG, "right", SETTINGS)
    wrong = found.swapped != swapped[:, np.newaxis]
    assert not (wrong & visible(exact))[:, legs(exact)].any()


@pytest.mark.parametrize("part", ["ankle", "knee"])
def test_single_joints_are_exchanged_back(part: str) -> None:
    exact = seen({"fps": 30})
    position, confidence, names = arrays(exact)
    pair = [names.index(f"{side}_{part}") for side in ("left", "right")]
    far = visible(exact, 0.2)[:, pair[0]]
    swapped = np.zeros(confidence.shape, dtype=bool)
    swapped[np.flatnonzero(far)[::9][:, np.newaxis], pair] = True
    rng = np.random.default_rng(0)
    noisy = exchange(position, swapped, names) + rng.normal(0, 3, position.shape)
    found = repair_pass(
        noisy @ upright_picture(), confidence, exact.time.values, names, LEG, "right", SETTINGS
    ).swapped
    assert (found == swapped)[:, pair][far].all()
    others = [names.index(f"left_{p}") for p in ("knee", "ankle") if p != part]
    assert not (found & visible(exact))[:, others].any()


@pytest.mark.parametrize(
    "preset", ["healthy", "hemiparetic", "stiff_knee", "crouch", "exoskeleton"]
)
@pytest.mark.parametrize("side", ["right", "left"])
def test_good_names_are_left_alone_in_every_gait(preset: str, side: Side) -> None:
    settings = dict(getattr(presets, preset)(fps=30))
    exact = seen(settings, side=side)
    assert not repaired(exact, side).swapped.any()
    noisy = observed(exact, 1, noise_px=3, missed=0.05).poses
    found = repaired(noisy, side)
    assert not (found.swapped & visible(exact)).any()
    assert found.agreement > 0.98


def test_the_far_leg_may_be_hidden() -> None:
    exact = seen({"fps": 30})
    errors = {"noise_px": 3, "missed": 0.05, "swaps": 0.1, "swap_run": 6}
    seen_legs = observed(exact, 0, far_side="left", occlusion_px=25, **errors)
    wrong = repaired(seen_legs.poses).swapped != seen_legs.swapped[:, np.newaxis]
    seen_points = np.isfinite(arrays(seen_legs.poses)[0][..., 0])
    assert (wrong & visible(exact) & seen_points)[:, legs(exact)].mean() < 0.002


def first_exchanged(
    poses: xr.Dataset, share: float, *, far: float = 1.0, settings: LateralitySettings = SETTINGS
) -> tuple[Repair, np.ndarray]:
    """Repair a walk past the right side whose names are wrong in its first part.

    Also returns which points that can be told are named wrongly. `far` is the confidence in the far
    leg over that in the near one.
    """
    position, confidence, names = arrays(poses)
    first = np.arange(len(position)) < share * len(position)
    swapped = np.tile(first[:, np.newaxis], (1, len(names)))
    weight = confidence.copy()
    weight[:, [names.index(n) for n in names if n.startswith("left")]] *= far
    found = repair_pass(
        exchange(position, swapped, names) @ upright_picture(),
        exchange(weight, swapped, names),
        poses.time.values,
        names,
        LEG,
        "right",
        settings,
    )
    wrong = (found.swapped != swapped) & visible(seen({"fps": 30}))
    return found, wrong[:, legs(poses)]


def test_divided_names_are_settled_by_the_leg_that_is_seen_better() -> None:
    alone = SETTINGS.model_copy(update={"footholds": FootholdSettings(enabled=False)})
    found, wrong = first_exchanged(seen({"fps": 30}), 0.55, far=0.6, settings=alone)
    assert found.agreement < SETTINGS.sure_agreement
    assert found.in_doubt
    assert not wrong.any()
    _, wrong = first_exchanged(seen({"fps": 30}), 0.55, settings=alone)
    assert wrong.mean() > 0.9


@pytest.mark.parametrize(("far", "in_doubt"), [(1.0, True), (0.8, False)])
def test_divided_names_are_settled_by_the_leg_that_stands_lower(far: float, in_doubt: bool) -> None:
    noisy = observed(seen({"fps": 30}), 0, noise_px=3, missed=0.05).poses
    found, wrong = first_exchanged(noisy, 0.55, far=far)
    assert found.agreement < SETTINGS.sure_agreement
    assert found.in_doubt == in_doubt
    assert not wrong.any()


UNLIKE = {
    "camera below": ({}, {"height": -0.5}),
    "raised heel": ({"ankle_height": (0.045, 0.105)}, {"height": 0.8}),
}
"""Walks past the right side whose right foot stands higher in the picture: walker, camera."""


@pytest.mark.parametrize("exchanged", [0.0, 0.2, 0.3, 0.4])
@pytest.mark.parametrize("unlike", UNLIKE)
def test_most_names_decide_where_the_near_foot_stands_higher(unlike: str, exchanged: float) -> None:
    walker, view = UNLIKE[unlike]
    exact = seen({"fps": 30, **walker}, **view)
    noisy = observed(exact, 0, noise_px=3, missed=0.05).poses
    found, wrong = first_exchanged(noisy, exchanged)
    assert found.in_doubt == (exchanged > 0)
    assert exchanged == 0.4 or not wrong.any()


def test_names_that_are_mostly_wrong_are_not_found_right_but_doubted() -> None:
    noisy = observed(seen({"fps": 30}), 0, noise_px=3, missed=0.05).poses
    found, wrong = first_exchanged(noisy, 0.75)
    assert wrong.mean() > 0.9
    assert found.agreement > SETTINGS.sure_agreement
    assert found.in_doubt


def test_most_names_decide_for_who_walks_backwards() -> None:
    noisy = observed(seen({"fps": 30}), 0, noise_px=3, missed=0.05, swaps=0.1, swap_run=6)
    backwards = with_position(noisy.poses, arrays(noisy.poses)[0][::-1])
    found = repaired(backwards, "left")
    wrong = (found.swapped != noisy.swapped[::-1, np.newaxis]) & visible(seen({"fps": 30}))[::-1]
    assert not wrong[:, legs(backwards)].any()


def test_a_missing_leg_does_not_crash() -> None:
    exact = seen({"fps": 30})
    position, confidence, names = arrays(exact)
    for column in [i for i, n in enumerate(names) if n.startswith("left")]:
        position[:, column] = np.nan
    found = repair_pass(position, confidence, exact.time.values, names, LEG, "right", SETTINGS)
    assert not found.swapped.any()


def test_exchange_is_its_own_inverse() -> None:
    rng = np.random.default_rng(0)
    names = ["left_hip", "right_hip", "left_knee", "right_knee"]
    position = rng.normal(size=(20, 4, 2))
    swapped = np.repeat(rng.random((20, 2)) < 0.5, 2, axis=1)
    twice = exchange(exchange(position, swapped, names), swapped, names)
    assert np.array_equal(twice, position)
    assert np.array_equal(
        exchange(position, np.ones((20, 4), dtype=bool), names), position[:, [1, 0, 3, 2]]
    )


def test_single_swaps_in_space() -> None:
    walk = walked(fps=60)
    names = list(walk.keypoints)
    assert not find_single_swaps(walk.position, names, 0.86, SETTINGS).any()
    swapped = np.zeros(walk.position.shape[:2], dtype=bool)
    apart = np.abs(walk.point("left_ankle") - walk.point("right_ankle"))[:, 0] > 0.4
    legs_only = [i for i, n in enumerate(names) if not n.endswith("shoulder")]
    swapped[np.ix_(np.flatnonzero(apart)[5::20], legs_only)] = True
    found = find_single_swaps(exchange(walk.position, swapped, names), names, 0.86, SETTINGS)
    assert (found == swapped).all()
