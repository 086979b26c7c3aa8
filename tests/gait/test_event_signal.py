"""The signal that events are read from: period, noise, cut-off."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitpose.gait.event_signal import (
    best_cutoff,
    bridge,
    noise_level,
    prepare,
    stride_period,
    vertex,
)
from gaitpose.gait.settings import EventSettings

from .clean_walks import simulated

SETTINGS = EventSettings()


def _feet(walked) -> tuple[np.ndarray, np.ndarray]:
    pelvis = (walked.point("left_hip") + walked.point("right_hip")) / 2
    left, right = (walked.point(f"{side}_ankle") - pelvis for side in ("left", "right"))
    return left[:, 0], right[:, 0]


@pytest.mark.parametrize("fps", [25, 60, 240])
@pytest.mark.parametrize("speed", [0.5, 1.3])
def test_stride_period_of_adults(fps: int, speed: float) -> None:
    walked = simulated(fps, speed=speed)
    period = stride_period(*_feet(walked), fps, SETTINGS)
    assert period == pytest.approx(walked.settings.stride_time, rel=0.01)


def test_stride_period_of_a_small_child() -> None:
    walked = simulated(50, speed=0.9, thigh=0.19, shank=0.19, foot=0.13, ankle_height=0.04,
                       heel_behind_ankle=0.03, hip_width=0.10, cadence=165)  # fmt: skip
    period = stride_period(*_feet(walked), 50, SETTINGS)
    assert period == pytest.approx(120 / 165, rel=0.01)


def test_stride_period_from_little_more_than_one_stride() -> None:
    walked = simulated(100, strides=4)
    short = slice(120, 120 + round(1.2 * 100 * walked.settings.stride_time))
    left, right = _feet(walked)
    period = stride_period(left[short], right[short], 100, SETTINGS)
    assert period == pytest.approx(walked.settings.stride_time, rel=0.01)


def test_stride_period_of_asymmetric_steps_is_the_stride() -> None:
    walked = simulated(60, strides=6, left_step_time_share=0.57)
    assert stride_period(*_feet(walked), 60, SETTINGS) == pytest.approx(
        walked.settings.stride_time, rel=0.02
    )


@pytest.mark.parametrize(
    "passings", [(1, 4, 6, 7, 8, 10), (2, 3, 5, 7, 8, 13), (2, 4, 11, 13), (0, 5, 6, 8, 9, 10)]
)
def test_stride_period_where_legs_are_exchanged_from_one_passing_to_another(
    passings: tuple[int, ...],
) -> None:
    walked = simulated(30, speed=0.4, cadence=85, strides=8)
    left, right = _feet(walked)
    changes = np.flatnonzero(np.diff(np.sign(left - right)))
    exchanged = np.zeros(len(left), bool)
    for passing in passings:
        exchanged[changes[passing] + 1 :] ^= True
    seen = np.where(exchanged, right, left), np.where(exchanged, left, right)
    period = stride_period(*seen, 30, SETTINGS)
    assert period == pytest.approx(walked.settings.stride_time, rel=0.03)


def test_nothing_repeats_in_stillness() -> None:
    still = np.zeros(200)
    assert np.isnan(stride_period(still, still, 50, SETTINGS))


@pytest.mark.parametrize("fps", [30, 60, 120])
def test_noise_level_recovers_white_noise(fps: int) -> None:
    left, _ = _feet(simulated(fps, strides=12))
    noisy = left + np.random.default_rng(1).normal(size=len(left)) * 0.01
    assert noise_level(noisy, fps, SETTINGS) == pytest.approx(0.01, rel=0.2)
    assert noise_level(left, fps, SETTINGS) < 0.001


@given(noise=st.floats(1e-6, 0.05), more=st.floats(1.5, 10))
def test_more_noise_never_raises_the_cutoff(noise: float, more: float) -> None:
    quiet, small = best_cutoff(noise, 0.8, 60, 1.1, 0.2, SETTINGS)
    loud, large = best_cutoff(noise * more, 0.8, 60, 1.1, 0.2, SETTINGS)
    assert loud <= quiet
    assert large >= small


def test_a_clean_signal_is_left_alone() -> None:
    left, _ = _feet(simulated(120))
    prepared = prepare(left, 120, 1.1, 0.2, SETTINGS)
    assert prepared.cutoff_hz > 25
    assert prepared.shift < 0.001
    np.testing.assert_allclose(prepared.values, left, atol=0.001)


def test_bridge_draws_straight_lines() -> None:
    np.testing.assert_allclose(bridge(np.array([np.nan, 1, np.nan, 3, np.nan])), [1, 1, 2, 3, 3])


@given(top=st.floats(-0.49, 0.49), bend=st.floats(0.1, 10))
def test_vertex_of_a_parabola_is_exact(top: float, bend: float) -> None:
    samples = 5 - bend * (np.arange(7) - 3 - top) ** 2
    assert vertex(samples, 3) == pytest.approx(3 + top, abs=1e-9)
