"""Features do not depend on where the person stands or faces; mirrored people exchange legs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gaitpose.errors import UnreadableInput
from gaitpose.refine.features import (
    FeatureSettings,
    leg_features,
    moving_mean,
    require_joints,
    resample_joints,
    without_gain,
    without_trend,
)
from gaitpose.skeleton import mirrored

from .squats import joints, knee_curve

SETTINGS = FeatureSettings()


RHYTHM = FeatureSettings(
    with_toes=False,
    parts=("places", "differences"),
    heading_span=3.0,
    trend_span=1.2,
    gain_span=2.0,
)
"""As for walking in front of one camera."""


@pytest.fixture
def body() -> dict[str, np.ndarray]:
    knee = knee_curve(40, 80.0)
    one = joints(0.7 * knee, knee)
    # Not symmetric: the left knee gives way inwards.
    one["left_knee"] = one["left_knee"] + np.array([-0.04, 0.0, 0.02])
    return one


def test_names_fit_the_columns(body):
    assert leg_features(body, "left", SETTINGS).shape == (40, len(SETTINGS.names))
    without = SETTINGS.model_copy(update={"with_toes": False})
    assert leg_features(body, "left", without).shape == (40, len(without.names))
    assert len(set(SETTINGS.names)) == len(SETTINGS.names)


def test_place_heading_and_size_do_not_matter(body):
    turn = Rotation.from_euler("y", 73, degrees=True)
    moved = {name: 1.2 * turn.apply(path) + np.array([1, 2, 3]) for name, path in body.items()}
    for side in ("left", "right"):
        np.testing.assert_allclose(
            leg_features(moved, side, SETTINGS), leg_features(body, side, SETTINGS), atol=1e-9
        )


def test_mirrored_person_has_legs_exchanged(body):
    mirror = {mirrored(name): path * np.array([-1, 1, 1]) for name, path in body.items()}
    np.testing.assert_allclose(
        leg_features(mirror, "left", SETTINGS), leg_features(body, "right", SETTINGS), atol=1e-9
    )
    assert not np.allclose(
        leg_features(body, "left", SETTINGS), leg_features(body, "right", SETTINGS), atol=0.01
    )


def test_own_knee_angle_is_a_feature():
    knee = knee_curve(40, 80.0)
    column = SETTINGS.names.index("angle own knee_flexion")
    found = leg_features(joints(0.7 * knee, knee), "right", SETTINGS)[:, column]
    np.testing.assert_allclose(found, knee, atol=1e-6)


def test_short_gaps_are_bridged_and_long_ones_told(body):
    time = np.arange(40) / 30
    body["left_knee"][10:13] = np.nan
    body["right_ankle"][20:32] = np.nan
    bridged, clock, is_seen = resample_joints(body, time, SETTINGS)
    assert all(np.isfinite(path).all() for path in bridged.values())
    np.testing.assert_allclose(clock, time)
    assert is_seen[:20].all()
    assert not is_seen[20:32].any()
    assert is_seen[32:].all()


def test_resampling_changes_the_rate(body):
    settings = SETTINGS.model_copy(update={"rate": 60.0})
    bridged, clock, is_seen = resample_joints(body, np.arange(40) / 30, settings)
    assert len(clock) == 79
    assert is_seen.all()
    np.testing.assert_allclose(bridged["left_hip"][::2], body["left_hip"], atol=1e-12)


def test_missing_joint_is_named(body):
    del body["right_toe"]
    with pytest.raises(UnreadableInput, match="right_toe is absent"):
        require_joints(body, SETTINGS, "trial")


def test_trend_is_taken_off_and_movement_kept():
    time = np.arange(300) / 50
    wave = np.sin(2 * np.pi * time / 1.2)
    free = without_trend((wave + 3 * time)[:, None], 30)[:, 0]
    np.testing.assert_allclose(free[40:-40], wave[40:-40], atol=0.05)


@pytest.mark.parametrize("settings", [SETTINGS, RHYTHM])
def test_all_families_have_a_name_for_each_column(body, settings):
    whole = settings.model_copy(
        update={"parts": ("directions", "positions", "angles", "places", "differences")}
    )
    assert leg_features(body, "right", whole).shape == (40, len(whole.names))
    assert len(set(whole.names)) == len(whole.names)


def test_rhythm_is_the_same_near_and_far_and_mirrored(body):
    turn = Rotation.from_euler("y", -31, degrees=True)
    moved = {name: 0.7 * turn.apply(path) + np.array([3, 0, 9]) for name, path in body.items()}
    mirror = {mirrored(name): path * np.array([-1, 1, 1]) for name, path in body.items()}
    right = leg_features(body, "right", RHYTHM)
    np.testing.assert_allclose(leg_features(moved, "right", RHYTHM), right, atol=1e-6)
    np.testing.assert_allclose(leg_features(mirror, "left", RHYTHM), right, atol=1e-6)


def test_averaged_heading_is_not_shaken_by_the_hips(body):
    shaken = dict(body)
    jitter = np.random.default_rng(0).normal(0, 0.03, len(body["pelvis"]))
    shaken["left_hip"] = body["left_hip"] + jitter[:, None] * np.array([0, 0, 1.0])
    toe = RHYTHM.names.index("right minus left ankle x")
    by_frame = RHYTHM.model_copy(update={"heading_span": None})
    errors = [
        np.abs(leg_features(shaken, "right", one) - leg_features(body, "right", one))[:, toe].mean()
        for one in (RHYTHM, by_frame)
    ]
    assert errors[0] < 0.3 * errors[1]


def test_gain_makes_small_steps_as_large_as_large_ones_but_not_standing():
    time = np.arange(600) / 50
    size = np.where(time < 4, 1.0, np.where(time < 8, 0.4, 0.01))
    steps = without_gain((size * np.sin(2 * np.pi * time))[:, None], half=50)[:, 0]
    assert np.abs(steps[50:150]).max() == pytest.approx(np.sqrt(2), abs=0.05)
    assert np.abs(steps[250:350]).max() == pytest.approx(np.sqrt(2), abs=0.05)
    assert np.abs(steps[500:]).max() < 0.1


def test_moving_mean_is_of_fewer_frames_at_the_ends():
    column = np.arange(5.0)[:, None]
    np.testing.assert_allclose(moving_mean(column, 1)[:, 0], [0.5, 1, 2, 3, 3.5])
