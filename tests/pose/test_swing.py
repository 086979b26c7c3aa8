from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitpose.pose.body import Body
from gaitpose.pose.swing import SwingSettings, legs_swing, rhythm
from gaitpose.pose.tracker import Stretch

from .scenes import ColourEstimator, Person, Scene, on_treadmill, stander

CLOCK = np.arange(0, 5, 1 / 30)


@given(period=st.floats(0.7, 2.0), phase=st.floats(0, 6))
def test_strides_have_a_rhythm(period, phase):
    assert rhythm(CLOCK, np.sin(2 * np.pi * CLOCK / period + phase)) > 0.8


@pytest.mark.parametrize("seed", range(5))
def test_noise_has_none(seed):
    noise = np.random.default_rng(seed).normal(size=len(CLOCK))
    assert rhythm(CLOCK, noise) < 0.4


def test_trembling_is_no_stride():
    assert rhythm(CLOCK, np.sin(2 * np.pi * CLOCK / 0.2)) < 1.01
    assert rhythm(CLOCK, np.ones(len(CLOCK))) == 0.0
    assert rhythm(CLOCK[:4], CLOCK[:4]) == 0.0


def swings(person: Person, x: float = 160.0, height: float = 120.0, shown: float = 1.0) -> bool:
    """Whether one whose legs are shown in the first part of every second is found to walk."""
    frames = Scene([person], seconds=5.0).frames()
    nobody = Scene([], seconds=5.0).frames()
    frames = [
        frame if frame.time_s % 1 < shown else empty
        for frame, empty in zip(frames, nobody, strict=True)
    ]
    bodies = np.tile(Body(x, 95, height), (2, 1))
    stretch = Stretch(np.array([0.0, 5.0]), bodies)
    return legs_swing(
        stretch,
        ColourEstimator(),
        lambda start: (frame for frame in frames if frame.time_s >= start),
        SwingSettings(),
    )


def test_one_on_a_treadmill_swings():
    assert swings(on_treadmill(120, 160, 95))


def test_what_looks_like_legs_only_now_and_then_does_not():
    assert swings(on_treadmill(120, 160, 95), shown=0.8)
    assert not swings(on_treadmill(120, 160, 95), shown=0.4)


def test_one_who_stands_and_waves_does_not():
    assert not swings(stander(120, 160, 95, waves=True))


def test_an_empty_place_does_not():
    assert not swings(on_treadmill(60, 40, 95), x=250)
