import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gaitpose.kinematics.continuity import continuous


@given(start=st.floats(-179, 179), slope=st.floats(-60, 60))
def test_continuous_has_no_jumps_and_keeps_directions(start: float, slope: float) -> None:
    truth = start + slope * np.arange(30)
    wrapped = (truth + 180) % 360 - 180
    wrapped[7] = np.nan
    whole = continuous(wrapped)
    assert np.isnan(whole[7])
    assert -180 < np.nanmedian(whole) <= 180
    np.testing.assert_allclose((whole - truth + 180) % 360, 180 + 0 * whole, atol=1e-6)
    if abs(slope) < 60:
        assert np.nanmax(np.abs(np.diff(whole[:7]))) < abs(slope) + 1e-6


def test_continuous_of_nothing() -> None:
    assert np.isnan(continuous(np.full((5, 2), np.nan))).all()


def test_a_wrong_sample_does_not_turn_the_rest() -> None:
    knee = 30 + 30 * np.sin(np.linspace(0, 12, 200))
    wrong = knee.copy()
    wrong[50:52] += [170, -150]  # with the next: steps that add up to one turn
    wrapped = (wrong + 180) % 360 - 180
    assert np.unwrap(wrapped, period=360.0)[-1] - wrapped[-1] == 360  # what it must not do
    kept = np.r_[0:50, 52:200]
    np.testing.assert_allclose(continuous(wrapped)[kept], knee[kept], atol=1e-9)
