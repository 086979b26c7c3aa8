from __future__ import annotations

import numpy as np
import pytest

from gaitpose.gait.separation import SeparationSettings, follow

LEG = 300.0
SETTINGS = SeparationSettings()


def crossing(fps: float, strides: int = 5, step: float = 230.0) -> tuple[np.ndarray, np.ndarray]:
    """Time and separation of two ankles that pass each other every half second."""
    time = np.arange(int(strides * fps)) / fps
    phase = 2 * np.pi * (time + 0.07)
    return time, np.stack([step * np.cos(phase), 25 * np.sin(phase)], axis=1)


def step_to(fps: float) -> tuple[np.ndarray, np.ndarray]:
    """The right foot only ever comes up to the left one, and rests beside it."""
    time = np.arange(int(6 * fps)) / fps
    phase = time % 1.5 / 1.5
    ahead = np.interp(phase, [0, 0.25, 0.5, 0.75, 1], [0, 200, 200, 0, 0])
    window = max(int(0.1 * fps), 1)
    smooth = np.convolve(np.pad(ahead, window, mode="edge"), np.ones(window) / window, "same")
    lifted = np.interp(phase, [0, 0.12, 0.25, 0.5, 0.62, 0.75, 1], [0, 20, 0, 0, -20, 0, 0])
    return time, np.stack([smooth[window:-window], lifted], axis=1)


def signs_for(
    separation: np.ndarray, time: np.ndarray, swapped: np.ndarray, noise: float = 0.0, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Follow exchanged, noisy separations; returns the truth and what was found (+-1)."""
    truth = np.where(swapped, -1, 1)
    rng = np.random.default_rng(seed)
    seen = separation * truth[:, np.newaxis] + rng.normal(0, noise, separation.shape)
    vote = np.full(len(time), 3.0 * float(np.median(np.diff(time))))
    return truth, follow(seen, time, vote, LEG, SETTINGS).sign


@pytest.mark.parametrize("fps", [20, 25, 30, 60, 120, 240])
def test_single_exchanges_are_found(fps: float) -> None:
    time, separation = crossing(fps)
    swapped = np.random.default_rng(3).random(len(time)) < 0.05
    truth, found = signs_for(separation, time, swapped, noise=4.0)
    far = np.abs(separation[:, 0]) > 30
    assert (found == truth)[far].all()


@pytest.mark.parametrize("fps", [25, 30, 60, 120])
def test_whole_exchanged_steps_are_found(fps: float) -> None:
    time, separation = crossing(fps)
    swapped = (separation[:, 0] < 0) & (time < 3.2) & (time > 1.0)
    truth, found = signs_for(separation, time, swapped, noise=4.0)
    far = np.abs(separation[:, 0]) > 30
    assert (found == truth)[far].all()


def test_a_good_recording_stays_as_it_is() -> None:
    time, separation = crossing(30)
    truth, found = signs_for(separation, time, np.zeros(len(time), dtype=bool), noise=4.0)
    assert (found[np.abs(separation[:, 0]) > 30] == 1).all()
    assert (truth == 1).all()


@pytest.mark.parametrize("hidden_s", [0.1, 0.2])
def test_crossings_that_are_hidden_are_taken_as_crossings(hidden_s: float) -> None:
    time, separation = crossing(30)
    swapped = (time > 1.43) & (time < 2.43)
    truth = np.where(swapped, -1, 1)
    seen = separation * truth[:, np.newaxis]
    crossings = np.flatnonzero(np.diff(np.sign(separation[:, 0])))
    for index in crossings:
        seen[np.abs(time - time[index]) < hidden_s / 2] = np.nan
    found = follow(seen, time, np.full(len(time), 0.1), LEG, SETTINGS).sign
    known = np.isfinite(seen[:, 0]) & (np.abs(separation[:, 0]) > 60) & (time > 0.4)
    assert (found == truth)[known].all()


@pytest.mark.parametrize("fps", [30, 60])
def test_a_step_to_gait_is_not_turned_into_a_step_through_gait(fps: float) -> None:
    time, separation = step_to(fps)
    _, found = signs_for(separation, time, np.zeros(len(time), dtype=bool), noise=3.0)
    assert (found[np.abs(separation[:, 0]) > 100] == 1).all()


SHORT_STEPS = np.array(
    [
        (51, -7),
        (46, -9),
        (45, -10),
        (34, -12),
        (25, -7),
        (24, -2),
        (15, -5),
        (9, 2),
        (5, 2),
        (-12, 2),
        (-26, 1),
        (-31, 1),
        (-39, 1),
        (-41, 3),
        (-44, 6),
        (-44, 8),
        (-41, 10),
        (-41, 13),
        (-36, 13),
        (-36, 17),
        (-34, 17),
        (-31, 17),
        (-26, 16),
        (-24, 21),
        (-23, 20),
        (-20, 23),
        (-1, 3),
        (17, 7),
        (31, 11),
        (39, 15),
        (47, 13),
        (50, 10),
        (50, 6),
        (53, 3),
        (50, 2),
        (53, 1),
        (53, -1),
        (53, -5),
        (52, -7),
        (51, -10),
        (49, -10),
    ]
)
"""Ankles of a slow walker with short steps and a leg of 147 px, found at 30 frames/s."""


def test_a_foot_lifted_past_the_other_in_short_steps_is_no_exchange() -> None:
    # The ankle rises behind the other, meets it in one frame, and is before it in the next: less of
    # a way than the sum of both distances.
    time = np.arange(len(SHORT_STEPS)) / 30
    vote = np.full(len(time), 0.1)
    found = follow(SHORT_STEPS.astype(float), time, vote, 147.0, SETTINGS).sign
    apart = np.linalg.norm(SHORT_STEPS, axis=1) > 10
    assert (found[apart] == 1).all()


@pytest.mark.parametrize("fps", [25, 30, 60])
def test_a_jump_past_each_other_is_no_exchange_where_votes_are_sure(fps: float) -> None:
    """An estimator that never shows the knees close together: they change sides at once."""
    time, separation = crossing(fps, step=75.0)
    side = np.where(separation[:, :1] >= 0, 1.0, -1.0)
    apart = np.maximum(np.abs(separation), [[42.0, 0.0]]) * np.hstack([side, np.ones_like(side)])
    interval = 1 / fps
    sure, unsure = (
        follow(apart, time, np.full(len(time), odds * interval), LEG, SETTINGS).sign
        for odds in (60.0, 3.0)
    )
    assert (sure == 1).all()
    assert (unsure == -1).any()  # votes decide, not the movement


def test_a_collapse_of_both_points_is_no_crossing() -> None:
    time, separation = crossing(30)
    seen = separation.copy()
    apart = np.flatnonzero(np.abs(separation[:, 0]) > 215)
    seen[apart[2] : apart[2] + 3] = 2.0
    found = follow(seen, time, np.full(len(time), 0.1), LEG, SETTINGS).sign
    far = np.abs(seen[:, 0]) > 60
    assert (found[far] == 1).all()


def test_smooth_is_where_the_pair_should_be() -> None:
    time, separation = crossing(60)
    swapped = np.random.default_rng(1).random(len(time)) < 0.1
    seen = separation * np.where(swapped, -1, 1)[:, np.newaxis]
    smooth = follow(seen, time, np.full(len(time), 0.05), LEG, SETTINGS).smooth
    error = np.linalg.norm(smooth - separation, axis=1)
    assert np.nanmax(error) < 8.0


def test_nothing_to_follow() -> None:
    followed = follow(np.full((9, 2), np.nan), np.arange(9) / 30, np.zeros(9), LEG, SETTINGS)
    assert (followed.sign == 0).all()
    assert np.isnan(followed.smooth).all()
