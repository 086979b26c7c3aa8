"""Parameters of cycles against the walker's truth, and their summary."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gaitpose.gait.cycles import Cycle, find_cycles
from gaitpose.gait.events import find_events
from gaitpose.gait.parameters import (
    COLUMNS,
    SUMMARY_COLUMNS,
    compare_sides,
    measure_cycles,
    summarize,
)
from gaitpose.gait.scale import Scale
from gaitpose.gait.settings import CycleSettings, EventSettings, PlacementSettings
from gaitpose.kinematics.planar import sagittal_angles
from gaitpose.synthetic.walker import Walk

from .clean_walks import clean_motion, simulated


def _measured(walked: Walk, **changes: object) -> pd.DataFrame:
    motion = clean_motion(walked, **changes)
    cycles = find_cycles(motion, find_events(motion, EventSettings()), CycleSettings())
    return measure_cycles(motion, sagittal_angles(motion.points), cycles, PlacementSettings())


def _means(table: pd.DataFrame) -> pd.Series:
    return table.groupby(["name", "side"]).value.mean()


@pytest.fixture(scope="module")
def uneven() -> Walk:
    return simulated(
        100, strides=7, stance_percent=(63.0, 58.0), left_step_time_share=0.53, thigh=(0.43, 0.43)
    )


def test_times_of_an_uneven_walk(uneven: Walk) -> None:
    means = _means(_measured(uneven))
    stride = uneven.settings.stride_time
    for side, stance, step in (("left", 63.0, 0.53), ("right", 58.0, 0.47)):
        assert means["stride_time", side] == pytest.approx(stride, rel=0.002)
        assert means["stance_percent", side] == pytest.approx(stance, abs=0.3)
        assert means["swing_percent", side] == pytest.approx(100 - stance, abs=0.3)
        assert means["stance_time", side] == pytest.approx(stance / 100 * stride, abs=0.004)
        assert means["swing_time", side] == pytest.approx((1 - stance / 100) * stride, abs=0.004)
        assert means["step_time", side] == pytest.approx(step * stride, abs=0.004)
        assert means["cadence", side] == pytest.approx(120 / stride, rel=0.002)
        assert means["double_support_percent", side] == pytest.approx(63 + 58 - 100, abs=0.5)
    # Single support of a leg is the swing of the other.
    assert means["single_support_percent", "left"] == pytest.approx(42.0, abs=0.3)
    assert means["single_support_percent", "right"] == pytest.approx(37.0, abs=0.3)


def test_lengths_and_speed(uneven: Walk) -> None:
    means = _means(_measured(uneven))
    for side in ("left", "right"):
        assert means["stride_length", side] == pytest.approx(
            uneven.settings.speed * uneven.settings.stride_time, rel=0.01
        )
        assert means["speed", side] == pytest.approx(uneven.settings.speed, rel=0.01)


def test_joint_parameters_are_those_of_the_curves(uneven: Walk) -> None:
    table = _measured(uneven)
    means = _means(table)
    for side in ("left", "right"):
        knee = uneven.angles.sel(side=side, joint="knee").values
        assert means["knee_peak_flexion", side] == pytest.approx(knee.max(), abs=0.3)
        assert means["knee_range", side] == pytest.approx(np.ptp(knee), abs=0.5)
        assert means["knee_peak_swing", side] == means["knee_peak_flexion", side]
    assert {"hip_range", "hip_trunk_range", "trunk_range"} <= set(table.name)
    assert not table.name.str.startswith("ankle").any()


def test_table_is_tidy(uneven: Walk) -> None:
    table = _measured(uneven)
    assert list(table.columns) == list(COLUMNS)
    assert not table.duplicated(["name", "side", "cycle"]).any()
    assert np.isfinite(table.value).all()
    assert set(table.unit) == {"s", "m", "m/s", "steps/min", "%", "deg"}


def test_without_a_scale_lengths_are_in_leg_lengths(uneven: Walk) -> None:
    table = _measured(uneven, units="leg lengths")
    units = table.drop_duplicates("name").set_index("name").unit
    assert units["stride_length"] == units["step_length"] == "leg lengths"
    assert units["speed"] == "leg lengths/s"


def test_cycles_left_out_are_not_measured(uneven: Walk) -> None:
    motion = clean_motion(uneven)
    cycles = find_cycles(motion, find_events(motion, EventSettings()), CycleSettings())
    without = [Cycle(**{**vars(cycles[0]), "reason": "for the test"}), *cycles[1:]]
    table = measure_cycles(motion, sagittal_angles(motion.points), without, PlacementSettings())
    gone = table[(table.side == cycles[0].side) & (table.cycle == cycles[0].number)]
    assert gone.empty
    assert not table.empty


def test_summary_of_known_numbers() -> None:
    rows = [("stride_time", "left", index, value, "s") for index, value in enumerate((1.0, 1.2))]
    rows += [("stride_length", "left", 0, 1.5, "m"), ("cadence", "left", 0, 110.0, "steps/min")]
    rows += [("cadence", "right", 0, 114.0, "steps/min")]
    scale = Scale(0.003, 0.02, "leg length")
    summary = summarize(pd.DataFrame(rows, columns=list(COLUMNS)), scale)
    assert list(summary.columns) == list(SUMMARY_COLUMNS)
    by_name = summary.set_index(["name", "side"])
    time = by_name.loc[("stride_time", "left")]
    assert time["mean"] == pytest.approx(1.1)
    assert time["sd"] == pytest.approx(np.sqrt(0.02))
    assert time["cv"] == pytest.approx(100 * np.sqrt(0.02) / 1.1)
    assert time["n"] == 2
    assert np.isnan(time["uncertainty"])
    length = by_name.loc[("stride_length", "left")]
    assert length["uncertainty"] == pytest.approx(0.03)
    assert np.isnan(length["sd"])
    assert by_name.loc[("cadence", "both"), "mean"] == pytest.approx(112.0)
    assert ("cadence", "left") not in by_name.index


def test_symmetry_of_an_uneven_walk(uneven: Walk) -> None:
    table = _measured(uneven)
    indices = compare_sides(table).set_index("name")
    means = _means(table)
    left, right = means["stance_time", "left"], means["stance_time", "right"]
    assert indices.value["symmetry_ratio_stance_time"] == pytest.approx(left / right)
    assert indices.value["robinson_index_stance_time"] == pytest.approx(
        200 * (left - right) / (left + right)
    )
    assert indices.value["symmetry_angle_stance_time"] < 0
    assert (indices.side == "both").all()
    assert (indices.cycle == -1).all()
    stride = uneven.settings.stride_time
    expected = np.sqrt(1.2 / stride) * (0.62 * 58 / 63 + 0.38 * 37 / 42)
    assert indices.value["phase_symmetry_index"] == pytest.approx(expected, abs=0.01)


def test_one_side_alone_has_no_symmetry(uneven: Walk) -> None:
    table = _measured(uneven)
    assert compare_sides(table[table.side == "left"]).empty
    assert compare_sides(table.iloc[:0]).empty
