from __future__ import annotations

import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gaitpose.gait import robust

numbers = st.one_of(st.floats(-1e3, 1e3), st.just(np.nan))
tables = arrays(float, st.tuples(st.integers(1, 12), st.integers(1, 4)), elements=numbers)


@given(tables, st.sampled_from([0, 1]))
def test_median_and_mean_are_numpys_without_its_warnings(table: np.ndarray, axis: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected_median = np.nanmedian(table, axis=axis)
        expected_mean = np.nanmean(table, axis=axis)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(robust.median(table, axis), expected_median, atol=1e-9)
        np.testing.assert_allclose(robust.mean(table, axis), expected_mean, atol=1e-9)


def test_spread_of_normal_noise_is_its_standard_deviation() -> None:
    noise = np.random.default_rng(0).normal(3.0, 2.0, 20_000)
    noise[::10] = 1e6
    assert robust.spread(noise) == pytest.approx(2.0, rel=0.2)


@given(st.lists(st.booleans(), max_size=40))
def test_runs_cover_exactly_the_true_samples(flags: list[bool]) -> None:
    mask = np.array(flags, dtype=bool)
    covered = np.zeros(len(mask), dtype=bool)
    runs = robust.runs(mask)
    for start, stop in runs:
        assert start < stop
        assert mask[start:stop].all()
        covered[start:stop] = True
    assert (covered == mask).all()
    assert all(a[1] < b[0] for a, b in pairwise(runs))


@pytest.mark.parametrize("count", [3, 10, 11, 14])
def test_block_median_of_a_constant_is_that_constant(count: int) -> None:
    values = np.full((count, 2), 4.0)
    values[1] = 90.0
    medians = robust.block_median(values, 5)
    assert medians.shape == values.shape
    assert (medians == 4.0).all()


def test_the_commonest_value_is_that_of_most_samples_and_not_the_mean() -> None:
    rng = np.random.default_rng(0)
    belt = rng.normal(-0.8, 0.02, 60)
    swing = rng.uniform(0.0, 3.0, 40)
    assert robust.commonest(np.concatenate([belt, swing])) == pytest.approx(-0.8, abs=0.02)
    assert robust.commonest(np.array([5.0])) == 5.0
