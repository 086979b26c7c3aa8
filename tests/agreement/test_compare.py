"""Alignment and comparison of recordings whose difference is known."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from gaitpose.agreement.align import AlignBy, AlignSettings, align, find_lag, resample
from gaitpose.agreement.compare import CompareSettings, compare
from gaitpose.agreement.recording import AngleRecording
from gaitpose.errors import BadSettings, UnreadableInput

STRIDE = 1.1


def _angles(times: np.ndarray, *, drift: float = 0.9) -> np.ndarray:
    """Knee and hip of both sides over time; the drift makes each stride a little different."""
    phase = 2 * np.pi * (times / STRIDE + 0.12 * np.sin(drift * times))
    curves = []
    for shift in (0.0, np.pi):
        knee = 30 - 25 * np.cos(phase + shift) + 8 * np.sin(2 * (phase + shift))
        curves.append(np.stack([knee, 20 * np.cos(phase + shift)], axis=-1))
    return np.stack(curves, axis=1)


def _recording(
    name: str, start: float, end: float, rate: float, *, delay: float = 0.0, offset: float = 0.0
) -> AngleRecording:
    times = np.arange(start, end, 1 / rate)
    strikes = [
        {"side": side, "kind": "foot_strike", "time_s": mark - delay}
        for side, first in (("left", 0.0), ("right", STRIDE / 2))
        for mark in np.arange(first, 12, STRIDE)
        if start <= mark <= end
    ]
    return AngleRecording(
        name=name,
        angles=xr.DataArray(
            _angles(times) + offset,
            dims=("time", "side", "joint"),
            coords={"time": times - delay, "side": ["left", "right"], "joint": ["knee", "hip"]},
        ),
        events=pd.DataFrame(strikes, columns=["side", "kind", "time_s"]),
    )


@pytest.mark.parametrize("delay", [-0.4, 0.0, 0.237, 3.3])
@pytest.mark.parametrize("rates", [(30.0, 100.0), (120.0, 60.0)])
def test_lag_by_knee_is_found_at_any_rates(delay, rates):
    ours = _recording("ours", 1.0, 9.0, rates[0], delay=delay)
    reference = _recording("reference", 0.0, 10.0, rates[1])
    lag = find_lag(ours, reference)
    assert lag.by is AlignBy.KNEE
    assert lag.seconds == pytest.approx(delay, abs=0.005)
    assert lag.fit > 0.995


def test_lag_by_knee_with_a_gap_and_one_side():
    ours = _recording("ours", 1.0, 9.0, 50.0, delay=0.3)
    ours.angles[:, 1] = np.nan
    ours.angles[100:140, 0] = np.nan
    assert find_lag(ours, _recording("reference", 0.0, 10.0, 100.0)).seconds == pytest.approx(
        0.3, abs=0.005
    )


def test_lag_by_events():
    ours = _recording("ours", 1.0, 9.0, 50.0, delay=0.31)
    reference = _recording("reference", 0.0, 10.0, 100.0)
    lag = find_lag(ours, reference, AlignSettings(by=AlignBy.EVENTS))
    assert lag.seconds == pytest.approx(0.31, abs=1e-6)
    assert lag.fit == 1.0


@pytest.mark.parametrize("bound", [0.0, 0.003])
def test_a_lag_smaller_than_a_sample_is_kept_to(bound):
    ours = _recording("ours", 1.004, 9.0, 50.0)
    reference = _recording("reference", 1 / 30, 10.0, 100.0)
    lag = find_lag(ours, reference, AlignSettings(maximum_lag=bound))
    assert abs(lag.seconds) <= bound


def test_impossible_alignments_are_refused():
    ours = _recording("ours", 1.0, 9.0, 50.0)
    reference = _recording("reference", 100.0, 110.0, 100.0)
    with pytest.raises(BadSettings, match="no shift leaves"):
        find_lag(ours, reference, AlignSettings(maximum_lag=1.0))
    with pytest.raises(UnreadableInput, match="does not overlap"):
        align(ours, reference, AlignSettings(by=AlignBy.NONE))
    without = AngleRecording("without", ours.angles)
    with pytest.raises(UnreadableInput, match="no foot strikes"):
        find_lag(without, reference, AlignSettings(by=AlignBy.EVENTS))


def test_resampling_neither_extrapolates_nor_bridges_gaps():
    recording = _recording("r", 0.0, 2.0, 10.0)
    recording.angles[5] = np.nan
    values = resample(recording.angles, np.array([-0.1, 0.4, 0.45, 0.5, 0.6, 5.0]))
    seen = np.isfinite(values[:, 0, 0].values)
    assert seen.tolist() == [False, True, False, False, True, False]


def test_an_offset_is_reported_as_bias():
    ours = _recording("ours", 0.0, 10.0, 100.0, delay=0.25, offset=3.0)
    reference = _recording("reference", 0.0, 10.0, 100.0)
    found = compare(ours, reference)
    assert found.lag.seconds == pytest.approx(0.25, abs=0.005)
    knee = found.angles.query("side == 'left' and joint == 'knee'").iloc[0]
    assert knee["bias"] == pytest.approx(3.0, abs=0.01)
    assert knee["rmse"] == pytest.approx(3.0, abs=0.02)
    assert knee["rmse_without_offset"] < 0.3
    assert knee["r"] > 0.999
    assert knee["cycles"] == 9
    # Ferrari's coefficient counts the offset: 2 * 1.5^2 / 1 against the curve's variance.
    curves = found.curves.sel(side="left", joint="knee").values
    among = np.mean(np.sum((curves - curves.mean(axis=0)) ** 2, axis=0))
    centred = curves - curves.mean(axis=(0, 2))[None, :, None]
    total = np.sum(centred**2) / (curves.shape[1] * (2 * 101 - 1))
    assert knee["cmc_between"] == pytest.approx(math.sqrt(1 - among / total), abs=1e-9)


def test_a_recording_agrees_with_itself_and_sides_stay_apart():
    one = _recording("one", 0.0, 10.0, 100.0)
    found = compare(one, one)
    assert found.angles["rmse"].max() == pytest.approx(0, abs=1e-9)
    assert found.angles["icc_2_1"].min() == pytest.approx(1.0)
    assert found.angles["cmc_between"].min() == pytest.approx(1.0)


def test_without_events_the_whole_overlap_is_one_curve():
    one = _recording("one", 0.0, 10.0, 100.0)
    two = _recording("two", 0.0, 10.0, 100.0, offset=1.0)
    found = compare(AngleRecording("one", one.angles), AngleRecording("two", two.angles))
    assert found.angles["cycles"].max() == 0
    assert found.angles["cmc_between"].min() > 0.98
    assert any("No whole cycle" in note for note in found.notes)


def test_parameters_are_matched_by_the_start_of_their_cycle():
    angles = _recording("ours", 0.0, 10.0, 100.0, delay=0.25).angles
    starts = pd.DataFrame({"side": "left", "cycle": [0, 1, 2], "start_s": [1.1, 2.2, 3.3]})

    def parameters(values):
        return pd.DataFrame(
            {
                "name": "stride_time",
                "side": "left",
                "cycle": range(len(values)),
                "value": values,
                "unit": "s",
            }
        )

    ours = AngleRecording(
        "ours",
        angles,
        parameters=parameters([1.10, 1.12, 1.14]),
        cycle_starts=starts.assign(start_s=starts["start_s"] - 0.25),
    )
    reference = AngleRecording(
        "reference",
        _recording("reference", 0.0, 10.0, 100.0).angles,
        parameters=parameters([9.99, 1.09, 1.11, 1.13]),
        cycle_starts=pd.DataFrame(
            {"side": "left", "cycle": range(4), "start_s": [0.0, 1.1, 2.2, 3.3]}
        ),
    )
    (row,) = compare(ours, reference).parameters.to_dict("records")
    assert row["cycles"] == 3
    assert row["bias"] == pytest.approx(0.01)
    assert row["r"] == pytest.approx(1.0)


def test_json_is_plain():
    one = _recording("one", 0.0, 10.0, 100.0)
    content = compare(one, AngleRecording("two", one.angles), CompareSettings(alpha=0.01)).to_json()
    text = json.dumps(content, allow_nan=False)
    assert json.loads(text)["settings"]["alpha"] == 0.01


def test_names_of_other_sources_are_the_same_angle():
    one = _recording("one", 0.0, 10.0, 100.0)
    renamed = one.angles.assign_coords(joint=["knee_flexion", "hip_flexion"])
    found = compare(one, AngleRecording("two", renamed, hip="thigh against pelvis"))
    assert set(found.angles["joint"]) == {"knee", "hip"}
    assert any("compare its shape" in note for note in found.notes)
    other = AngleRecording("other", one.angles.assign_coords(joint=["elbow", "wrist"]))
    with pytest.raises(UnreadableInput, match="no angle in common"):
        compare(one, other)


def test_strides_that_may_have_been_exchanged_are_told_of():
    def even(start: float, end: float, delay: float) -> AngleRecording:
        times = np.arange(start, end, 0.01)
        return AngleRecording(
            name="even",
            angles=xr.DataArray(
                _angles(times, drift=0.0),
                dims=("time", "side", "joint"),
                coords={"time": times - delay, "side": ["left", "right"], "joint": ["knee", "hip"]},
            ),
        )

    found = compare(even(0, 9, 3.5), even(0, 9, 0.0))
    assert found.lag.seconds == pytest.approx(3.5 - 3 * STRIDE, abs=0.01)
    assert min(abs(np.array(found.lag.others) - 3.5)) < 0.02
    assert found.to_json()["lag"]["others"] == list(found.lag.others)
    assert any("walking repeats itself" in note for note in found.notes)
    part = _recording("one", 0.0, 4.0, 100.0)
    by_strikes = CompareSettings(align=AlignSettings(by=AlignBy.EVENTS))
    marked = compare(part, _recording("two", 0.0, 10.0, 100.0), by_strikes)
    for lag in (found.lag, marked.lag):
        assert len(lag.others) >= 3
        assert np.diff(np.sort([lag.seconds, *lag.others])) == pytest.approx(STRIDE, abs=0.05)
    uneven = compare(
        _recording("one", 0.0, 10.0, 100.0, delay=3.5), _recording("two", 0.0, 10.0, 100.0)
    )
    assert uneven.lag.seconds == pytest.approx(3.5, abs=0.01)
    assert uneven.lag.others == ()
    assert not any("walking repeats itself" in note for note in uneven.notes)
