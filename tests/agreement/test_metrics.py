"""Metrics against published worked examples, closed forms and independent implementations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitpose.agreement import metrics
from gaitpose.agreement.bland_altman import bland_altman

SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)
"""Table 2 of Shrout & Fleiss 1979; they print ICC(2,1) = 0.29."""

PEAK_FLOW = np.array(
    [
        [494, 512], [395, 430], [516, 520], [434, 428], [476, 500], [557, 600], [413, 364],
        [442, 380], [650, 658], [433, 445], [417, 432], [656, 626], [267, 260], [478, 477],
        [178, 259], [423, 350], [427, 451],
    ],
    float,
)  # fmt: skip
"""Table 1 of Bland & Altman 1986, first readings; they print bias -2.1 and SD 38.8."""


def test_icc_is_the_published_one():
    assert metrics.icc_2_1(SHROUT_FLEISS) == pytest.approx(0.2898, abs=5e-5)


def test_icc_agrees_with_pingouin():
    pingouin = pytest.importorskip("pingouin")
    import pandas as pd

    rng = np.random.default_rng(4)
    table = rng.normal(0, 2, (12, 1)) + rng.normal(0, 1, (12, 2)) + [0, 0.7]
    long = pd.DataFrame(
        [(i, j, table[i, j]) for i in range(12) for j in range(2)], columns=["t", "r", "v"]
    )
    theirs = pingouin.intraclass_corr(long, targets="t", raters="r", ratings="v")
    assert metrics.icc_2_1(table) == pytest.approx(float(theirs["ICC"].iloc[1]), abs=1e-9)


def test_bland_altman_is_the_published_one():
    limits = bland_altman(PEAK_FLOW[:, 0], PEAK_FLOW[:, 1])
    assert limits.n == 17
    assert limits.bias == pytest.approx(-2.1, abs=0.05)
    assert limits.sd == pytest.approx(38.8, abs=0.05)
    # The paper rounds 1.96 to 2: -2.1 -+ 2 * 38.8.
    assert limits.lower == pytest.approx(-2.118 - 1.96 * 38.765, abs=0.01)
    assert limits.upper == pytest.approx(-2.118 + 1.96 * 38.765, abs=0.01)
    # Printed there: 95 % interval of the bias -22.0 to 17.8.
    assert limits.bias_interval == pytest.approx((-22.0, 17.8), abs=0.1)


def test_errors_of_a_known_difference():
    reference = np.array([0.0, 1.0, 2.0, 3.0, np.nan])
    ours = reference + np.array([1.0, 3.0, 1.0, 3.0, 0.0])
    assert metrics.bias(ours, reference) == pytest.approx(2.0)
    assert metrics.mae(ours, reference) == pytest.approx(2.0)
    assert metrics.rmse(ours, reference) == pytest.approx(math.sqrt(5))
    assert metrics.rmse_without_offset(ours, reference) == pytest.approx(1.0)
    assert metrics.mae_without_offset(ours, reference) == pytest.approx(1.0)
    # Eq. 14: sqrt(1 + 9 + 1 + 9) / 4.
    assert metrics.curve_similarity(ours, reference) == pytest.approx(math.sqrt(20) / 4)


def test_cmc_within_by_hand():
    curves = np.array([[0.0, 1.0, 2.0], [0.0, 1.0, 4.0]])
    # Among: (2 * 1^2) / (3 * 1); total about the mean 4/3: 35/3 - ... computed by hand below.
    total = np.sum((curves - 8 / 6) ** 2) / 5
    assert metrics.cmc_within(curves).value == pytest.approx(math.sqrt(1 - (2 / 3) / total))


def test_cmc_between_by_hand():
    # One cycle, two protocols, three samples, 2 deg apart: among = 6 * 1 / (1*3*1) = 2,
    # total = (1+9+1 + 9+1+25)... about the mean 2: values 0 1 2 / 2 3 4 -> 10/5 = 2.
    curves = np.array([[[0.0, 1.0, 2.0], [2.0, 3.0, 4.0]]])
    assert metrics.cmc_between(curves).value == pytest.approx(0.0, abs=1e-9)
    curves[0, 1] -= 1
    assert metrics.cmc_between(curves).value == pytest.approx(math.sqrt(1 - 0.5 / 1.1))


def test_negative_radicand_is_nan_with_the_reason():
    value, reason = metrics.cmc_between(np.array([[[0.0, 1.0], [50.0, 51.0]]]))
    assert math.isnan(value)
    assert "differ more from each other" in reason
    value, reason = metrics.cmc_within(np.array([[0.0, 1.0], [50.0, 51.0]]))
    assert math.isnan(value)
    assert reason


def test_nothing_to_compare_is_nan():
    empty = np.full(5, np.nan)
    assert math.isnan(metrics.rmse(empty, empty))
    assert math.isnan(metrics.pearson(np.ones(5), np.arange(5)))
    assert math.isnan(metrics.icc_2_1(np.full((5, 2), np.nan)))
    assert math.isnan(bland_altman(empty, empty).bias)
    assert metrics.cmc_within(empty[np.newaxis]).reason == "fewer than two complete curves"


@given(
    st.lists(st.floats(-100, 100), min_size=4, max_size=40),
    st.floats(-50, 50),
)
def test_an_offset_is_bias_and_nothing_else(curve, offset):
    reference = np.array(curve)
    ours = reference + offset
    assert metrics.bias(ours, reference) == pytest.approx(offset, abs=1e-9)
    assert metrics.rmse_without_offset(ours, reference) == pytest.approx(0, abs=1e-6)
    assert metrics.rmse(ours, reference) == pytest.approx(abs(offset), abs=1e-9)
