"""The parts of the walker, each by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitpose.errors import BadSettings
from gaitpose.synthetic import FourierSeries, WalkerSettings
from gaitpose.synthetic.contact import (
    FootShape,
    ankle_over_contact,
    foot_points,
    last_rocker_shape,
)
from gaitpose.synthetic.gait_curves import ADULT_FOOT_PITCH, ADULT_KNEE
from gaitpose.synthetic.leg import knee_and_ankle, leg_coordinates
from gaitpose.synthetic.polynomials import faded, fading, polynomial, quintics
from gaitpose.synthetic.route import plan_route


def test_fourier_series_by_hand() -> None:
    series = FourierSeries(10.0, (3.0, 0.0), (0.0, 2.0))
    assert series(0.0) == pytest.approx(13.0)
    assert series(0.125) == pytest.approx(10 + 3 * np.sqrt(0.5) + 2)
    assert series(1.25) == pytest.approx(series(0.25))
    doubled = series * 2.0 + FourierSeries(1.0)
    assert doubled(0.125) == pytest.approx(2 * series(0.125) + 1)


@pytest.mark.parametrize(
    ("curve", "percent", "degrees", "tolerance"),
    [
        (ADULT_KNEE, 0, 5, 1.5),
        (ADULT_KNEE, 14, 19, 1.0),
        (ADULT_KNEE, 40, 6, 1.0),
        (ADULT_KNEE, 72, 61.5, 1.5),
        (ADULT_FOOT_PITCH, 25, 0, 0.5),
        (ADULT_FOOT_PITCH, 0, 22, 2.0),
        (ADULT_FOOT_PITCH, 61, -57, 2.5),
    ],
)
def test_curves_pass_their_landmarks(
    curve: FourierSeries, percent: float, degrees: float, tolerance: float
) -> None:
    assert curve(percent / 100) == pytest.approx(degrees, abs=tolerance)


@given(
    thigh=st.floats(-0.5, 0.9),
    knee=st.floats(0.02, 1.8),
    abduction=st.floats(-0.4, 0.4),
)
def test_leg_forward_and_back(thigh: float, knee: float, abduction: float) -> None:
    forward = 0.43 * np.sin(thigh) + 0.41 * np.sin(thigh - knee)
    down = 0.43 * np.cos(thigh) + 0.41 * np.cos(thigh - knee)
    if down < 0.05:
        return
    ankle = np.array([forward, -down * np.cos(abduction), down * np.sin(abduction)])
    coordinates = leg_coordinates(ankle, 0.43, 0.41)
    assert np.array(coordinates) == pytest.approx([forward, knee, abduction], abs=1e-9)
    at_knee, at_ankle = knee_and_ankle(*(np.asarray(c) for c in coordinates), 0.43, 0.41)
    assert at_ankle == pytest.approx(ankle, abs=1e-9)
    assert np.linalg.norm(at_knee) == pytest.approx(0.43, abs=1e-12)
    assert np.linalg.norm(at_ankle - at_knee) == pytest.approx(0.41, abs=1e-9)


def test_out_of_reach_is_refused() -> None:
    with pytest.raises(BadSettings, match="too short"):
        leg_coordinates(np.array([0.5, -0.8, 0.0]), 0.43, 0.43)


@pytest.mark.parametrize("pitch", [-60.0, -10.0, 0.0, 20.0])
def test_the_pivot_of_the_foot_rests_on_the_floor(pitch: float) -> None:
    shape, angle = FootShape(0.05, 0.19, 0.08), np.radians(np.array([pitch]))
    forward, height = ankle_over_contact(shape, angle)
    heel, toe = foot_points(shape, angle)
    pivot = (heel if pitch >= 0 else toe)[0]
    rest = -shape.behind if pitch >= 0 else shape.ahead
    assert [forward[0] + pivot[0], height[0] + pivot[1]] == pytest.approx([rest, 0.0], abs=1e-15)
    assert np.linalg.norm(heel - toe) == pytest.approx(0.24)


def test_toe_rocker_overtakes_the_pelvis_at_the_asked_time() -> None:
    shape, rocker, lead, speed = FootShape(0.06, 0.18, 0.075), 0.3, 0.04, 1.2
    pitch, power = last_rocker_shape(
        shape, np.radians([-55.0, -20.0]), rocker, lead, np.full(2, speed)
    )
    assert pitch[0] == pytest.approx(np.radians(-55.0))
    assert pitch[1] < np.radians(-25.0)  # too little to be so fast: the style gives way
    time = rocker - lead + np.array([-1e-5, 1e-5])
    for off, shaped in zip(pitch, power, strict=True):
        forward, _ = ankle_over_contact(shape, off * (time / rocker) ** shaped)
        assert np.diff(forward)[0] / 2e-5 == pytest.approx(speed, rel=1e-6)


def test_polynomials_meet_their_ends() -> None:
    rng = np.random.default_rng(0)
    start, end = rng.normal(size=(2, 3, 4))
    curve = quintics(start, end)
    step, at = 1e-4, np.zeros(4)
    for u, jet in ((0.0, start), (1.0, end)):
        left, middle, right = (polynomial(curve, at + u + d) for d in (-step, 0, step))
        np.testing.assert_allclose(middle, jet[0], atol=1e-9)
        np.testing.assert_allclose((right - left) / (2 * step), jet[1], atol=1e-5)
        np.testing.assert_allclose((right - 2 * middle + left) / step**2, jet[2], atol=1e-3)
    span = np.array([[0.5]])
    corrections = fading(start[:, np.newaxis], span)
    left, middle, right = (faded(corrections, at + d / span) for d in (0.0, step, 2 * step))
    np.testing.assert_allclose(left[0], start[0])
    np.testing.assert_allclose((4 * middle - right - 3 * left)[0] / (2 * step), start[1], atol=1e-4)
    np.testing.assert_allclose(faded(corrections, at + 1.0), 0.0)


def test_route_is_the_integral_of_its_speed() -> None:
    settings = WalkerSettings(start=True, stop=True, turn=True)
    route = plan_route(settings)
    time = np.linspace(0, route.duration, 200_001)
    speed = settings.speed * route.share(time)
    direction = np.stack([np.cos(route.heading(time)), np.sin(route.heading(time))], axis=1)
    travelled = np.cumsum(speed[:, np.newaxis] * direction, axis=0) * (time[1] - time[0])
    np.testing.assert_allclose(route.position(time), travelled, atol=1e-3)
    turning = (route.heading(time) > 0) & (route.heading(time) < np.pi)
    assert speed[turning].max() == 0.0


def test_cadence_follows_the_walk_ratio() -> None:
    """Step length over cadence is 0.0065 m/(step/min) for an adult leg (Sekiya 1996)."""
    for speed in (0.7, 1.3, 1.8):
        settings = WalkerSettings(speed=speed)
        cadence = 120.0 / settings.stride_time
        step = speed * settings.stride_time / 2
        assert step / cadence == pytest.approx(0.0065)
    assert WalkerSettings(cadence=100.0).stride_time == pytest.approx(1.2)
    assert WalkerSettings(stride_length=1.3, speed=1.0).stride_time == pytest.approx(1.3)
    assert WalkerSettings(speed=1.0).stance(0) == pytest.approx(0.607)
