"""Features do not depend on where the person stands or faces; mirrored people exchange legs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gaitpose.errors import UnreadableInput
from gaitpose.refine.features import (
    FeatureSettings,
    leg_features,
    require_joints,
    resample_joints,
    without_trend,
)
from gaitpose.skeleton import mirrored

from .squats import joints, knee_curve

SETTINGS = FeatureSettings()


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
