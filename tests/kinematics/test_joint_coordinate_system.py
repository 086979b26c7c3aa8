"""Grood-Suntay angles of frames that were turned by known angles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from gaitpose.kinematics.joint_coordinate_system import (
    ANGLES,
    LegFrames,
    frame_from_forward,
    frame_from_right,
    frame_from_up,
    grood_suntay,
    joint_angles,
)

within = st.floats(-80, 80)


@given(within, within, within, st.integers(0, 1000))
def test_recovers_the_three_rotations_in_any_laboratory(flexion, adduction, rotation, seed):
    laboratory = Rotation.random(random_state=seed).as_matrix()
    turned = Rotation.from_euler("ZXY", [flexion, adduction, rotation], degrees=True).as_matrix()
    found = grood_suntay(laboratory[None], (laboratory @ turned)[None])[0]
    assert found == pytest.approx([flexion, adduction, rotation], abs=1e-6)


def test_angles_are_continuous_through_the_half_turn():
    flexion = np.linspace(150, 230, 60)
    turned = Rotation.from_euler("Z", flexion[:, None], degrees=True).as_matrix()
    found = grood_suntay(np.broadcast_to(np.eye(3), turned.shape), turned)[:, 0]
    assert np.abs(np.diff(found)).max() < 5
    found_with_gap = grood_suntay(
        np.broadcast_to(np.eye(3), turned.shape),
        np.where((np.arange(60) == 20)[:, None, None], np.nan, turned),
    )[:, 0]
    assert np.isnan(found_with_gap[20])
    assert np.nanmax(np.abs(found_with_gap - found)) == pytest.approx(0, abs=1e-9)


def test_signs_are_anatomical_for_both_legs():
    # Thigh forward 30, in 10; knee bent 50; toes up 5: the same numbers left and right.
    legs = {}
    for side, inward in (("left", -1.0), ("right", 1.0)):
        pelvis = Rotation.identity()
        thigh = pelvis * Rotation.from_euler("ZXY", [30, inward * 10, inward * 7], degrees=True)
        shank = thigh * Rotation.from_euler("Z", -50, degrees=True)
        foot = shank * Rotation.from_euler("Z", 5, degrees=True)
        legs[side] = LegFrames(*(one.as_matrix()[None] for one in (pelvis, thigh, shank, foot)))
    # The thigh's lower end is forward (x) of and, adducted, towards the middle from the hip.
    knee = -legs["right"].thigh[0][:, 1]
    assert knee[0] > 0
    assert knee[2] < 0
    angles = joint_angles(np.zeros(1), legs)
    assert angles.joint.values.tolist() == list(ANGLES)
    for side in ("left", "right"):
        assert angles.sel(side=side)[0].values == pytest.approx([30, 10, 7, 50, 5])


@pytest.mark.parametrize("build", [frame_from_up, frame_from_right, frame_from_forward])
def test_frames_are_rotations(build):
    rng = np.random.default_rng(1)
    frames = build(rng.normal(size=(20, 3)), rng.normal(size=(20, 3)))
    np.testing.assert_allclose(frames @ frames.transpose(0, 2, 1) - np.eye(3), 0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(frames), 1)


def test_frames_keep_their_first_axis_and_are_right_handed():
    up, right, forward = np.eye(3)[1], np.eye(3)[2], np.eye(3)[0]
    for frame in (
        frame_from_up(up, right),
        frame_from_right(right, forward),
        frame_from_forward(forward, right),
    ):
        np.testing.assert_allclose(frame, np.eye(3))
