"""Measured beside true: what the demo prints."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gaitpose
from gaitpose.report.truth import angle_errors, compare_with_truth, strike_errors
from gaitpose.synthetic.walker import Walk


def test_pairs_belong_to_the_same_strides(analysis: gaitpose.Analysis, walker: Walk) -> None:
    rows = {(row.name, row.side): row for row in compare_with_truth(analysis, walker)}
    stride = rows["stride_time", "left"]
    assert stride.true == pytest.approx(walker.strides["stride_time"].mean(), abs=1e-6)
    assert stride.measured == pytest.approx(stride.true, abs=0.02)
    left, right = rows["step_length", "left"], rows["step_length", "right"]
    assert left.true > right.true, "the walker's left steps are longer"
    assert left.measured == pytest.approx(left.true, rel=0.05)


def test_a_late_strike_is_late(analysis: gaitpose.Analysis, walker: Walk) -> None:
    exact = walker.events[walker.events["kind"] == "foot_strike"]
    late = pd.DataFrame(exact.assign(time_s=exact["time_s"] + 0.013))
    shifted = gaitpose.Analysis(**{**vars(analysis), "events": late})
    np.testing.assert_allclose(strike_errors(shifted, walker), 0.013, atol=1e-9)


def test_a_strike_far_from_any_true_one_is_none(analysis: gaitpose.Analysis, walker: Walk) -> None:
    far = pd.DataFrame({"side": ["left"], "kind": ["foot_strike"], "time_s": [1e3]})
    alone = gaitpose.Analysis(**{**vars(analysis), "events": far})
    assert np.isnan(strike_errors(alone, walker)).all()


def test_errors_of_an_angle(analysis: gaitpose.Analysis, walker: Walk) -> None:
    exact = angle_errors(analysis, walker, "left", "knee")
    assert len(exact) > 50
    assert np.sqrt(np.mean(exact**2)) < 4
    shifted = gaitpose.Analysis(**{**vars(analysis), "angles": analysis.angles + 5.0})
    more = angle_errors(shifted, walker, "left", "knee")
    np.testing.assert_allclose(more, exact + 5.0)
