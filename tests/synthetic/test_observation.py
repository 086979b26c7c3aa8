"""Errors come at the rates that were asked for, and are reported as they are."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from gaitpose.errors import BadSettings
from gaitpose.skeleton import mirrored
from gaitpose.synthetic import ObservationSettings, PinholeCamera, observe, walk
from gaitpose.synthetic.presets import healthy


@pytest.fixture(scope="module")
def exact() -> xr.Dataset:
    walked = walk(healthy(fps=120.0, strides=40))
    return PinholeCamera(distance=6.0, x=25.0, orthographic=True).to_poses(walked)


def pixels(poses: xr.Dataset) -> np.ndarray:
    """(time, keypoints, 2)."""
    return poses.position.values[..., 0].transpose(0, 2, 1)


def test_nothing_asked_nothing_done(exact: xr.Dataset) -> None:
    seen = observe(exact, ObservationSettings(), np.random.default_rng(0))
    np.testing.assert_array_equal(pixels(seen.poses), pixels(exact))
    assert not (seen.swapped.any() or seen.missing.any() or seen.outlier.any())
    assert seen.poses.attrs["fx"] == exact.attrs["fx"]
    np.testing.assert_array_equal(seen.poses.time, exact.time)


def test_noise_has_the_asked_spread_and_no_bias(exact: xr.Dataset) -> None:
    seen = observe(exact, ObservationSettings(noise_px=3.0), np.random.default_rng(0))
    error = pixels(seen.poses) - pixels(exact)
    assert error.std() == pytest.approx(3.0, rel=0.01)
    assert abs(error.mean()) < 0.03
    # White in time, and independent between axes and joints.
    assert abs(np.corrcoef(error[1:, 0, 0], error[:-1, 0, 0])[0, 1]) < 0.06
    assert abs(np.corrcoef(error[:, 0, 0], error[:, 0, 1])[0, 1]) < 0.06


def test_missed_joints(exact: xr.Dataset) -> None:
    seen = observe(exact, ObservationSettings(missed=0.05), np.random.default_rng(0))
    gone = np.isnan(pixels(seen.poses)).all(axis=2)
    np.testing.assert_array_equal(gone, seen.missing)
    assert gone.mean() == pytest.approx(0.05, abs=0.004)
    confidence = seen.poses.confidence.values[..., 0]
    assert (confidence[gone] == 0).all() and (confidence[~gone] > 0.8).all()


@pytest.mark.parametrize(("share", "run"), [(0.02, 1.0), (0.1, 5.0)])
def test_swaps(exact: xr.Dataset, share: float, run: float) -> None:
    settings = ObservationSettings(swaps=share, swap_run=run)
    seen = observe(exact, settings, np.random.default_rng(1))
    assert seen.swapped.mean() == pytest.approx(share, rel=0.35)
    starts = np.flatnonzero(np.diff(np.concatenate([[0], seen.swapped.astype(int)])) == 1)
    assert seen.swapped.sum() / len(starts) == pytest.approx(run, rel=0.35)
    names = [str(name) for name in exact.keypoints.values]
    given, true = pixels(seen.poses), pixels(exact)
    for index, name in enumerate(names):
        np.testing.assert_array_equal(given[~seen.swapped, index], true[~seen.swapped, index])
        other = index if "shoulder" in name else names.index(mirrored(name))
        np.testing.assert_array_equal(given[seen.swapped, index], true[seen.swapped, other])


def test_outliers(exact: xr.Dataset) -> None:
    settings = ObservationSettings(noise_px=1.0, outliers=0.03, outlier_px=80.0)
    seen = observe(exact, settings, np.random.default_rng(2))
    far = np.linalg.norm(pixels(seen.poses) - pixels(exact), axis=2)
    np.testing.assert_array_equal(far > 40, seen.outlier)
    np.testing.assert_allclose(far[seen.outlier], 80.0)
    assert seen.outlier.mean() == pytest.approx(0.03, abs=0.003)
    confidence = seen.poses.confidence.values[..., 0]
    assert confidence[seen.outlier].max() < 0.01 < confidence[~seen.outlier].min()


def test_the_far_leg_is_hidden_where_the_near_one_is_before_it(exact: xr.Dataset) -> None:
    settings = ObservationSettings(noise_px=2.0, far_side="left", occluded_missed=0.5)
    seen = observe(exact, settings, np.random.default_rng(3))
    names = [str(name) for name in exact.keypoints.values]
    near = [i for i, name in enumerate(names) if not name.startswith("left") or "should" in name]
    assert not seen.occluded[:, near].any() and not seen.missing[:, near].any()
    knee = names.index("left_knee")
    hidden = seen.occluded[:, knee]
    assert 0.03 < hidden.mean() < 0.4
    assert seen.missing[hidden, knee].mean() == pytest.approx(0.5, abs=0.1)
    assert not seen.missing[~hidden, knee].any()
    error = (pixels(seen.poses) - pixels(exact))[:, knee]
    assert np.nanstd(error[hidden]) == pytest.approx(6.0, rel=0.15)
    assert np.nanstd(error[~hidden]) == pytest.approx(2.0, rel=0.1)
    confidence = seen.poses.confidence.values[:, knee, 0]
    shown = hidden & ~seen.missing[:, knee]
    assert confidence[shown].mean() < confidence[~hidden].mean() - 0.2
    # Hidden means: the far knee is within reach of the near leg in the picture.
    true = pixels(exact)
    gap = np.abs(true[:, knee, 0] - true[:, names.index("right_knee"), 0])
    assert gap[hidden].mean() < gap[~hidden].mean()


def test_confidence_falls_with_the_error(exact: xr.Dataset) -> None:
    seen = observe(exact, ObservationSettings(noise_px=10.0), np.random.default_rng(4))
    error = np.linalg.norm(pixels(seen.poses) - pixels(exact), axis=2)
    confidence = seen.poses.confidence.values[..., 0]
    small, large = confidence[error < 5], confidence[error > 20]
    assert small.mean() > 0.85 and large.mean() < 0.5
    assert ((confidence >= 0) & (confidence <= 1)).all()


def test_same_chance_same_errors(exact: xr.Dataset) -> None:
    settings = ObservationSettings(noise_px=3.0, missed=0.05, swaps=0.02, outliers=0.01)
    first, second, other = (observe(exact, settings, np.random.default_rng(s)) for s in (5, 5, 6))
    np.testing.assert_array_equal(pixels(first.poses), pixels(second.poses))
    assert not np.array_equal(first.missing, other.missing)


@pytest.mark.parametrize("wrong", [{"noise_px": -1.0}, {"missed": 1.0}, {"swaps": 0.7}])
def test_impossible_errors_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadSettings, match=next(iter(wrong))):
        ObservationSettings(**wrong)
