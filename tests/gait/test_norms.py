"""Norms that follow the walking speed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitpose.gait.norms import ADULT_LEG, ANGLES, SPEED_LEVELS, angle_norm, parameter_norms


def test_stance_is_kirtleys() -> None:
    norms = parameter_norms(1.2)
    assert norms["stance_percent"].mean == pytest.approx(64.2 - 3.5 * 1.2)
    assert norms["swing_percent"].mean == pytest.approx(100 - 64.2 + 3.5 * 1.2)
    assert norms["double_support_percent"].mean == pytest.approx(2 * (64.2 - 4.2) - 100)


@given(speed=st.floats(0.2, 2.2), leg=st.floats(0.35, 1.05))
def test_norms_agree_with_each_other(speed: float, leg: float) -> None:
    norms = parameter_norms(speed, leg)
    means = {name: norm.mean for name, norm in norms.items()}
    assert means["step_length"] * means["cadence"] / 60 == pytest.approx(speed)
    assert means["stride_time"] == pytest.approx(120 / means["cadence"])
    assert means["stride_length"] == pytest.approx(2 * means["step_length"])
    assert means["stance_time"] + means["swing_time"] == pytest.approx(means["stride_time"])
    assert all(norm.sd > 0 and norm.source for norm in norms.values())


def test_a_usual_adult_is_usual() -> None:
    norms = parameter_norms(1.35)
    low, high = norms["cadence"].band
    assert low < 112 < high
    low, high = norms["stride_length"].band
    assert low < 1.44 < high


def test_a_short_leg_steps_faster() -> None:
    child, adult = parameter_norms(1.0, 0.45), parameter_norms(1.0)
    assert child["cadence"].mean > 1.2 * adult["cadence"].mean
    assert child["stance_percent"].mean < adult["stance_percent"].mean


def test_slow_walking_widens_the_band() -> None:
    slow, usual = (parameter_norms(speed)["cadence"] for speed in (0.5, 1.3))
    assert slow.sd / slow.mean > 1.5 * usual.sd / usual.mean


@pytest.mark.parametrize("joint", ANGLES)
def test_curves_are_whole_cycles(joint: str) -> None:
    curve = angle_norm(joint, 1.2)
    assert list(curve.columns) == ["percent", "mean", "sd"]
    np.testing.assert_array_equal(curve.percent, np.arange(101))
    assert curve["mean"].iloc[0] == pytest.approx(curve["mean"].iloc[-1], abs=1.0)
    assert curve.sd.between(1, 10).all()


def test_free_speed_is_the_published_group() -> None:
    speed = SPEED_LEVELS["free"] * np.sqrt(9.81 * ADULT_LEG)
    knee = angle_norm("knee", speed)["mean"]
    # Middle of the printed band at 72 %: (53.25 + 65.01) / 2.
    assert knee[72] == pytest.approx(59.13, abs=0.01)
    assert knee.idxmax() in range(68, 76)


def test_hip_is_the_thigh_against_the_vertical() -> None:
    # At foot strike the pelvis leans forward by some 12 degrees, which the thigh does not.
    thigh = angle_norm("hip", SPEED_LEVELS["free"] * np.sqrt(9.81 * ADULT_LEG))["mean"]
    assert thigh[0] == pytest.approx(35.8 - 12.2, abs=0.5)
    assert thigh.min() < -10


def test_faster_walking_bends_the_knee_more_in_stance() -> None:
    peaks = [angle_norm("knee", speed)["mean"][5:25].max() for speed in (0.5, 0.9, 1.2, 1.6)]
    assert peaks == sorted(peaks)


def test_beyond_the_outer_groups_the_curve_stays() -> None:
    fast, faster = (angle_norm("knee", speed)["mean"] for speed in (2.2, 3.0))
    np.testing.assert_allclose(fast, faster)


def test_no_norm_for_the_trunk() -> None:
    with pytest.raises(KeyError, match="trunk"):
        angle_norm("trunk", 1.0)
