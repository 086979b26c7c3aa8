"""Parameters of time from events whose cycle is known."""

from __future__ import annotations

import pandas as pd
import pytest

from gaitpose.agreement.timing import timing_of_events

STRIDE, STANCE = 1.2, 0.72


def _events(strides: int = 3) -> pd.DataFrame:
    rows = []
    for number in range(strides + 1):
        for side, shift in (("left", 0.0), ("right", STRIDE / 2)):
            strike = number * STRIDE + shift
            rows.append((side, "foot_strike", strike))
            rows.append((side, "foot_off", strike + STANCE))
    return pd.DataFrame(rows, columns=["side", "kind", "time_s"])


def test_times_and_shares_of_a_regular_walk():
    parameters, starts = timing_of_events(_events())
    value = parameters.groupby("name")["value"].mean()
    assert value["stride_time"] == pytest.approx(1.2)
    assert value["step_time"] == pytest.approx(0.6)
    assert value["stance_time"] == pytest.approx(0.72)
    assert value["swing_time"] == pytest.approx(0.48)
    assert value["cadence"] == pytest.approx(100)
    assert value["stance_percent"] == pytest.approx(60)
    assert value["single_support_percent"] == pytest.approx(40)
    assert value["double_support_percent"] == pytest.approx(20)
    # The left's first cycle lacks the right's foot off before it: nobody labelled it.
    assert starts["start_s"].tolist() == pytest.approx([1.2, 2.4, 0.6, 1.8, 3.0])
    assert starts["side"].tolist() == ["left", "left", "right", "right", "right"]


def test_cycles_with_a_missing_or_doubled_event_are_left_out():
    whole = _events()
    lacking = whole[~((whole["side"] == "left") & (whole["time_s"] == 1.2 + STANCE))]
    assert len(timing_of_events(lacking)[1]) == len(timing_of_events(whole)[1]) - 2
    twice = pd.concat([whole, pd.DataFrame([("right", "foot_strike", 2.0)], columns=whole.columns)])
    assert len(timing_of_events(twice)[1]) < len(timing_of_events(whole)[1])


def test_no_events_give_empty_tables():
    parameters, starts = timing_of_events(_events().iloc[:0])
    assert list(parameters) == ["name", "side", "cycle", "value", "unit"]
    assert parameters.empty
    assert starts.empty
