"""The statistical parametric map against spm1d, and its error rate on noise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from gaitpose.agreement.parametric_mapping import paired_t_map


def _pairs(seed: int, width: float = 8.0, bump: float = 1.5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    first = 3 * gaussian_filter1d(rng.normal(size=(10, 101)), width, axis=1)
    noise = gaussian_filter1d(rng.normal(size=(10, 101)), width, axis=1) * np.sqrt(width)
    return first, first + noise - bump * np.exp(-(((np.arange(101) - 40) / 15) ** 2))


@pytest.mark.parametrize("width", [3.0, 8.0, 15.0])
def test_equals_spm1d(width):
    spm1d = pytest.importorskip("spm1d")
    first, second = _pairs(0, width)
    theirs = spm1d.stats.ttest_paired(first, second).inference(0.05, two_tailed=True)
    ours = paired_t_map(first, second)
    np.testing.assert_allclose(ours.t, theirs.z, atol=1e-9)
    assert ours.fwhm == pytest.approx(theirs.fwhm, rel=1e-9)
    assert ours.threshold == pytest.approx(theirs.zstar, rel=1e-6)
    assert len(ours.clusters) == len(theirs.clusters) > 0
    for mine, other in zip(ours.clusters, theirs.clusters, strict=True):
        assert (mine.start, mine.end) == pytest.approx(other.endpoints, abs=1e-6)
        assert mine.p == pytest.approx(other.P, rel=1e-4, abs=1e-12)


def test_plantar_arch_example():
    # Caravaggi 2010, the worked example of spm1d: t* = 3.939, p = 0.037 at the end of stance.
    spm1d = pytest.importorskip("spm1d")
    found = paired_t_map(*spm1d.data.uv1d.tpaired.PlantarArchAngle().get_data())
    assert found.threshold == pytest.approx(3.93947, abs=1e-5)
    assert found.fwhm == pytest.approx(20.37196, abs=1e-5)
    assert [cluster.p for cluster in found.clusters] == pytest.approx([0.0373], abs=1e-4)


def test_finds_the_bump_and_its_sign():
    first, second = _pairs(2)
    (cluster,) = paired_t_map(first, second).clusters
    assert cluster.is_positive
    assert cluster.start < 40 < cluster.end
    (opposite,) = paired_t_map(second, first).clusters
    assert not opposite.is_positive
    assert (opposite.start, opposite.end) == (cluster.start, cluster.end)


def test_error_rate_on_noise():
    trials = 200
    wrong = sum(bool(paired_t_map(*_pairs(seed, bump=0.0)).clusters) for seed in range(trials))
    assert wrong / trials < 0.10  # 0.05 nominal; 0.10 is beyond 99.8 % of 200 draws


def test_too_few_pairs_say_so():
    found = paired_t_map(np.ones((2, 101)), np.zeros((2, 101)))
    assert "only 2 complete pairs" in found.reason
    assert not found.clusters


def test_numbers_of_spm1d_without_it():
    # From spm1d 0.4.55: ttest_paired(first, second).inference(0.05, two_tailed=True).
    found = paired_t_map(*_pairs(0, 8.0))
    assert found.fwhm == pytest.approx(21.5634224, abs=1e-6)
    assert found.threshold == pytest.approx(3.8988839, abs=1e-6)
    (cluster,) = found.clusters
    assert (cluster.start, cluster.end) == pytest.approx((26.5038007, 56.0571553), abs=1e-6)
    assert cluster.p == pytest.approx(4.964123e-07, rel=1e-4)
