"""Which cycles are cut, which count, and why others do not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from gaitpose.gait.cycles import COLUMNS, Cycle, cycle_curves, cycle_table, find_cycles
from gaitpose.gait.events import find_events
from gaitpose.gait.motion import Pass, SagittalMotion
from gaitpose.gait.settings import CycleSettings, EventSettings
from gaitpose.kinematics.planar import sagittal_angles

from .clean_walks import clean_motion, simulated

SETTINGS = CycleSettings()


@pytest.fixture(scope="module")
def motion() -> SagittalMotion:
    return clean_motion(simulated(60, strides=7))


@pytest.fixture(scope="module")
def events(motion: SagittalMotion) -> pd.DataFrame:
    return find_events(motion, EventSettings())


def _reasons(cycles: list[Cycle]) -> set[str]:
    return {cycle.reason for cycle in cycles if not cycle.used}


def test_all_cycles_of_a_good_walk_count(motion: SagittalMotion, events: pd.DataFrame) -> None:
    cycles = find_cycles(motion, events, SETTINGS)
    strikes = events[events.kind == "foot_strike"].groupby("side").size()
    assert len(cycles) == strikes.sum() - 2
    assert all(cycle.used for cycle in cycles)
    for side in ("left", "right"):
        own = [cycle for cycle in cycles if cycle.side == side]
        assert [cycle.number for cycle in own] == list(range(len(own)))
        assert all(a.next_strike == b.strike for a, b in pairwise(own))
    for c in cycles:
        assert c.strike < c.other_off < c.other_strike < c.off < c.next_strike
    durations = [cycle.duration for cycle in cycles]
    truth = simulated(60, strides=7).settings.stride_time
    np.testing.assert_allclose(durations, truth, atol=0.003)


def test_a_missing_foot_off_breaks_the_order(motion: SagittalMotion, events: pd.DataFrame) -> None:
    offs = events[(events.kind == "foot_off") & (events.side == "left")]
    cycles = find_cycles(motion, events.drop(offs.index[2]), SETTINGS)
    broken = [cycle for cycle in cycles if not cycle.used]
    assert {cycle.side for cycle in broken} == {"left", "right"}
    assert _reasons(cycles) == {"events missing or out of order"}
    assert all(c.strike < offs.time_s.iloc[2] < c.next_strike for c in broken)


def test_a_pause_makes_a_cycle_too_long(motion: SagittalMotion, events: pd.DataFrame) -> None:
    paused = events.copy()
    paused.loc[len(events) // 2 :, "time_s"] += 0.6
    cycles = find_cycles(motion, paused, SETTINGS)
    (reason,) = {reason.split(" (")[0] for reason in _reasons(cycles)}
    assert reason == "implausible duration"
    stride = simulated(60, strides=7).settings.stride_time
    for cycle in cycles:
        assert cycle.used == (cycle.duration < 1.4 * stride)
    assert sum(not cycle.used for cycle in cycles) == 2


def test_a_strike_read_too_early_at_the_end_makes_an_implausible_step(
    motion: SagittalMotion, events: pd.DataFrame
) -> None:
    """As where somebody turns: the duration alone would pass."""
    early = events.copy()
    last = early[early.kind == "foot_strike"].index[-1]
    early.loc[last, "time_s"] -= 0.22 * simulated(60, strides=7).settings.stride_time
    cycles = find_cycles(motion, early.drop(range(last + 1, len(early))), SETTINGS)
    (odd,) = [cycle for cycle in cycles if not cycle.used]
    assert odd.next_strike == early.time_s[last]
    assert odd.reason.startswith("implausible step (left to right ")
    usual = float(np.median([cycle.duration for cycle in cycles]))
    assert odd.duration > SETTINGS.duration_ratio[0] * usual


def test_a_limp_is_no_implausible_step(motion: SagittalMotion, events: pd.DataFrame) -> None:
    """Every step is compared with the person's own, not with half a stride."""
    settings = CycleSettings(step_share_tolerance=0.03)
    limping = events.copy()
    limping.loc[limping.side == "right", "time_s"] += 0.08
    cycles = find_cycles(motion, limping.sort_values("time_s", ignore_index=True), settings)
    assert len(cycles) > 8
    left = [c for c in cycles if c.side == "left"]
    assert all(abs((c.other_strike - c.strike) / c.duration - 0.5) > 0.05 for c in left)
    assert all(cycle.used for cycle in cycles)


def test_a_gap_leaves_out_the_cycles_it_touches(
    motion: SagittalMotion, events: pd.DataFrame
) -> None:
    cycles = find_cycles(motion, events, SETTINGS)
    middle = next(c for c in cycles if c.side == "left" and c.number == 2)
    time = motion.points.time.values
    hidden = motion.interpolated.copy()
    at = (time > middle.strike + 0.2) & (time < middle.strike + 0.2 + 0.15)
    hidden.loc[{"time": time[at], "keypoints": "left_knee"}] = True
    holed = clean_motion(simulated(60, strides=7), interpolated=hidden)
    judged = find_cycles(holed, events, SETTINGS)
    assert [(c.side, c.number) for c in judged if not c.used] == [("left", 2)]
    assert _reasons(judged) == {"left knee not seen for 150 ms"}


def test_a_short_gap_is_forgiven(motion: SagittalMotion, events: pd.DataFrame) -> None:
    hidden = motion.interpolated.copy()
    hidden.loc[{"time": hidden.time.values[100:107], "keypoints": "left_knee"}] = True
    judged = find_cycles(
        clean_motion(simulated(60, strides=7), interpolated=hidden), events, SETTINGS
    )
    assert all(cycle.used for cycle in judged)


def test_the_border_of_the_picture(motion: SagittalMotion, events: pd.DataFrame) -> None:
    pixels = motion.points * 300.0
    pixels = pixels - pixels.min() + 50.0
    pixels.attrs = {"image_width": float(pixels.sel(space="x").max()) - 200.0, "image_height": 2000}
    judged = find_cycles(clean_motion(simulated(60, strides=7), repaired=pixels), events, SETTINGS)
    assert _reasons(judged) == {"at the border of the picture"}
    left_out = [cycle.used for cycle in judged]
    # Walking to the right, only the last ones touch the right edge.
    assert left_out == sorted(left_out, reverse=True)
    assert left_out[0]


def test_feet_at_the_lower_edge_count_feet_beyond_it_do_not(
    motion: SagittalMotion, events: pd.DataFrame
) -> None:
    pixels = motion.points * 300.0
    pixels.loc[{"space": "y"}] *= -1
    pixels = pixels - pixels.min() + 50.0
    lowest = float(pixels.sel(keypoints=["left_ankle", "right_ankle"], space="y").max())
    for below, used in ((1.5, True), (-1.0, False)):
        pixels.attrs = {"image_width": 9000, "image_height": lowest + 1 + below}
        seen = clean_motion(simulated(60, strides=7), repaired=pixels)
        judged = find_cycles(seen, events, SETTINGS)
        assert all(cycle.used for cycle in judged) == used


def test_uncertain_events_leave_cycles_out(motion: SagittalMotion, events: pd.DataFrame) -> None:
    doubted = events.copy()
    doubted.loc[5, "quality"] = 0.1
    judged = find_cycles(motion, doubted, SETTINGS)
    assert _reasons(judged) == {"uncertain events (quality 0.10)"}


def test_no_cycle_spans_two_passes(motion: SagittalMotion, events: pd.DataFrame) -> None:
    half = motion.points.sizes["time"] // 2
    passes = [Pass(0, half, 1, None), Pass(half, motion.points.sizes["time"], 1, None)]
    cycles = find_cycles(clean_motion(simulated(60, strides=7), passes=passes), events, SETTINGS)
    border = float(motion.points.time[half])
    assert not any(cycle.strike < border < cycle.next_strike for cycle in cycles)
    assert {cycle.walk for cycle in cycles} == {0, 1}


def test_table_and_curves(motion: SagittalMotion, events: pd.DataFrame) -> None:
    doubted = events.copy()
    doubted.loc[5, "quality"] = 0.1
    cycles = find_cycles(motion, doubted, SETTINGS)
    table = cycle_table(cycles)
    assert list(table.columns) == list(COLUMNS)
    assert (table.reason == "").equals(table.used)
    angles = sagittal_angles(motion.points)
    curves = cycle_curves(angles, cycles, SETTINGS)
    assert curves.dims == ("side", "cycle", "phase", "joint")
    assert curves.sizes["phase"] == 101
    for cycle in cycles:
        if not cycle.used:
            assert (
                cycle.number not in curves.cycle
                or curves.sel(side=cycle.side, cycle=cycle.number).isnull().all()
            )
            continue
        knee = curves.sel(side=cycle.side, cycle=cycle.number, joint="knee").values
        at = cycle.strike + 0.4 * cycle.duration
        expected = angles.sel(side=cycle.side, joint="knee").interp(time=at)
        assert knee[40] == pytest.approx(float(expected), abs=1e-6)


def test_no_events_no_cycles(motion: SagittalMotion, events: pd.DataFrame) -> None:
    cycles = find_cycles(motion, events.iloc[:0], SETTINGS)
    assert cycles == []
    assert cycle_table(cycles).empty
    assert cycle_curves(sagittal_angles(motion.points), cycles, SETTINGS).sizes["cycle"] == 0
