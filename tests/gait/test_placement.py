"""Lengths of steps and strides, overground and on a treadmill."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.gait.cycles import find_cycles
from gaitpose.gait.events import find_events
from gaitpose.gait.placement import belt_speed, measure_lengths
from gaitpose.gait.settings import CycleSettings, EventSettings, PlacementSettings
from gaitpose.synthetic.walker import Walk

from .clean_walks import clean_motion, simulated

SETTINGS = PlacementSettings()


def _lengths(walked: Walk, **changes: object) -> dict[str, np.ndarray]:
    motion = clean_motion(walked, **changes)
    cycles = find_cycles(motion, find_events(motion, EventSettings()), CycleSettings())
    found: dict[str, list[tuple[float, float, float]]] = {"left": [], "right": []}
    for cycle in cycles:
        lengths = measure_lengths(motion, cycle, SETTINGS)
        found[cycle.side].append((lengths.stride, lengths.step, lengths.belt_speed))
    return {side: np.array(rows) for side, rows in found.items()}


def test_strides_and_steps_overground() -> None:
    walked = simulated(60, left_step_length_share=0.54)
    lengths = _lengths(walked)
    stride = walked.settings.speed * walked.settings.stride_time
    for side, share in (("left", 0.54), ("right", 0.46)):
        np.testing.assert_allclose(lengths[side][:, 0], stride, rtol=0.003)
        np.testing.assert_allclose(lengths[side][:, 1], share * stride, rtol=0.01)
        assert (lengths[side][:, 2] == 0).all()


def test_two_steps_make_a_stride() -> None:
    lengths = _lengths(simulated(60, left_step_length_share=0.54))
    steps = lengths["left"][:, 1].mean() + lengths["right"][:, 1].mean()
    assert steps == pytest.approx(lengths["left"][:, 0].mean(), rel=0.002)


def test_treadmill_adds_the_way_of_the_belt() -> None:
    walked = simulated(60, treadmill=True)
    lengths = _lengths(walked, surface="treadmill")
    speed, stride_time = walked.settings.speed, walked.settings.stride_time
    for side in ("left", "right"):
        np.testing.assert_allclose(lengths[side][:, 2], speed, rtol=0.01)
        np.testing.assert_allclose(lengths[side][:, 0], speed * stride_time, rtol=0.01)
        np.testing.assert_allclose(lengths[side][:, 1], speed * stride_time / 2, rtol=0.02)


def test_the_belt_is_read_through_errors_where_the_legs_pass() -> None:
    """The other leg passes in mid-stance and pulls the ankle ahead for a moment."""
    walked = simulated(60, treadmill=True)
    motion = clean_motion(walked, surface="treadmill")
    cycles = find_cycles(motion, find_events(motion, EventSettings()), CycleSettings())
    time = motion.points.time.values
    for cycle in cycles:
        stance = cycle.off - cycle.strike
        pull = 0.03 * np.exp(-(((time - cycle.strike) / stance - 0.5) ** 2) / (2 * 0.05**2))
        motion.points.loc[{"keypoints": f"{cycle.side}_ankle", "space": "x"}] += pull
    flat = PlacementSettings(belt_share=SETTINGS.flat_share)
    off, off_flat = (
        np.mean(
            [abs(belt_speed(motion, cycle, each) - walked.settings.speed) for cycle in cycles[1:-1]]
        )
        for each in (SETTINGS, flat)
    )
    assert off < 0.75 * off_flat


def test_a_last_stance_that_is_cut_short_still_counts() -> None:
    walked = simulated(60)
    motion = clean_motion(walked)
    events = find_events(motion, EventSettings())
    last = events[events.kind == "foot_strike"].time_s.max()
    stop = int(np.searchsorted(motion.points.time.values, last + 0.02))
    walk = motion.passes[0]
    short = clean_motion(walked, passes=[type(walk)(0, stop, 1, None)])
    cycles = find_cycles(short, events, CycleSettings())
    final = max(cycles, key=lambda cycle: cycle.next_strike)
    stride = walked.settings.speed * walked.settings.stride_time
    assert measure_lengths(short, final, SETTINGS).stride == pytest.approx(stride, rel=0.03)
