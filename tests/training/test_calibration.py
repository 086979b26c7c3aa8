import numpy as np
import pytest

from gaitpose.pose.gaitposenet import calibrate
from gaitpose.training.calibration import calibration_error, fit_calibration


def _overconfident(seed, count=20_000):
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(0, 1, count)
    return confidence, rng.random(count) < 0.6 * confidence**2


def test_calibration_recovers_the_true_share_on_other_data():
    table = fit_calibration(*_overconfident(0))
    level, share = np.array(table).T
    assert (np.diff(level) > 0).all()
    assert (np.diff(share) >= 0).all()
    confidence, right = _overconfident(1)
    before = calibration_error(confidence, right)
    after = calibration_error(calibrate(confidence, table), right)
    assert before > 0.25
    assert after < 0.02
    assert calibrate(np.array(0.8), table) == pytest.approx(0.6 * 0.64, abs=0.05)


def test_falling_shares_are_pooled():
    confidence = np.linspace(0, 1, 600)
    right = confidence < 0.5
    shares = [share for _, share in fit_calibration(confidence, right)]
    assert shares == pytest.approx([0.5] * len(shares))
