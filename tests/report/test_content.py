"""Rows of the report: sides, usual range, difference, stance."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import gaitpose
from gaitpose.report import content
from gaitpose.report.content import Measured, Row
from gaitpose.synthetic.walker import Walk


def row(left: float, right: float, norm: tuple[float, float] | None = None) -> Row:
    sides = (Measured(value, 0.02, 5) for value in (left, right))
    return Row("step_length", "Step length", "", "m", 2, *sides, None, norm, robinson=None)


def test_difference_is_left_minus_right_with_its_sign() -> None:
    assert row(0.60, 0.55).difference_text() == "+0.05"
    assert row(0.55, 0.60).difference_text() == "\N{MINUS SIGN}0.05"
    assert row(0.60, 0.601).difference_text() == "0.00"
    assert row(0.60, math.nan).difference_text() == ""


def test_verdict_against_the_usual_range() -> None:
    measured = row(0.50, 0.70, norm=(0.55, 0.65))
    assert (measured.verdict("left"), measured.verdict("right")) == ("below", "above")
    assert row(0.6, 0.6, norm=(0.55, 0.65)).verdict("left") == "within"
    assert row(0.6, 0.6).verdict("left") == ""


def test_spread_is_left_out_where_there_is_none() -> None:
    assert Measured(1.234, 0.05, 5).text(2) == "1.23 ± 0.05"
    assert Measured(1.234, math.nan, 1).text(2) == "1.23"
    assert Measured(math.nan, math.nan, 0).text(2) == "–"


def test_rows_show_the_summary(analysis: gaitpose.Analysis) -> None:
    summary = analysis.summary.set_index(["name", "side"])
    rows = {each.name: each for each in content.parameter_rows(analysis)}
    assert list(rows)[:2] == ["speed", "cadence"]
    speed = rows["speed"].both
    assert speed is not None and speed.mean == summary.loc[("speed", "both"), "mean"]
    step = rows["step_length"]
    assert step.left is not None and step.right is not None
    assert step.left.mean == summary.loc[("step_length", "left"), "mean"]
    assert step.left.mean > step.right.mean, "the walker's left steps are longer"
    expected = abs(summary.loc[("robinson_index_step_length", "both"), "mean"])
    assert step.difference_text().endswith(f"({expected:.0f} %)")


def test_usual_stance_follows_the_speed(analysis: gaitpose.Analysis) -> None:
    rows = {each.name: each for each in content.parameter_rows(analysis)}
    speed = rows["speed"].both
    assert speed is not None
    low, high = rows["stance_percent"].norm or (math.nan, math.nan)
    assert (low + high) / 2 == pytest.approx(64.2 - 3.5 * speed.mean)


def test_without_a_length_no_range_that_rests_on_speed(without_length: gaitpose.Analysis) -> None:
    rows = {each.name: each for each in content.parameter_rows(without_length)}
    assert rows["stance_percent"].norm is None
    assert rows["step_length"].unit == "leg lengths"


def test_stance_bars_are_the_true_stances(analysis: gaitpose.Analysis, walker: Walk) -> None:
    table = content.stance_table(analysis)
    for side in ("left", "right"):
        strides = walker.strides[walker.strides["side"] == side]
        for bar in table[table["side"] == side].itertuples():
            nearest = strides.iloc[np.abs(strides["start_s"] - bar.start_s).argmin()]
            if abs(nearest["start_s"] - bar.start_s) < 0.1:
                assert bar.start_s == pytest.approx(nearest["start_s"], abs=0.03)
                assert bar.end_s == pytest.approx(nearest["foot_off_s"], abs=0.06)
    assert len(table) >= 8


def test_no_stance_spans_two_passes(analysis: gaitpose.Analysis) -> None:
    time = analysis.poses["time"].to_numpy()
    middle = len(time) // 2
    walk = analysis.passes[0]
    halves = [replace(walk, stop=middle), replace(walk, start=middle)]
    divided = replace(analysis, passes=halves)
    whole, parts = content.stance_table(analysis), content.stance_table(divided)
    across = (whole["start_s"] < time[middle]) & (whole["end_s"] > time[middle])
    assert across.any()
    assert len(parts) == len(whole) - across.sum()
