"""Pairing: the lag is found, the overlap kept, gaps left unlearnt."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.kinematics.joint_coordinate_system import ANGLES
from gaitpose.refine.features import FeatureSettings
from gaitpose.refine.pairs import PairSettings, Stretch, pair_trial

from .squats import joints, knee_curve


def _pair(
    lag: float,
    settings: PairSettings | None = None,
    seen: slice = slice(None),
    stretch: Stretch | None = None,
):
    knee = knee_curve(90, 80.0, 0.8)
    body = {name: path[seen] for name, path in joints(0.8 * knee, knee).items()}
    time = (np.arange(90) / 30)[seen]
    clock = np.arange(300) / 100
    at = np.interp(clock - lag, np.arange(90) / 30, knee)
    reference = np.zeros((300, 2, len(ANGLES)))
    reference[:, :, ANGLES.index("knee_flexion")] = at[:, None] * 1.1
    reference[:, :, ANGLES.index("hip_flexion")] = at[:, None] * 0.8 + 12
    return pair_trial(
        body,
        time,
        reference,
        clock,
        subject="p",
        trial="t",
        angles=ANGLES,
        features=FeatureSettings(),
        settings=settings or PairSettings(),
        stretch=stretch,
    )


@pytest.mark.parametrize("lag", [-0.3, 0.0, 0.1, 0.25])
def test_lag_is_found(lag):
    left, right = _pair(lag)
    assert left.lag == pytest.approx(lag, abs=0.02)
    knee = ANGLES.index("knee_flexion")
    for one in (left, right):
        known = np.isfinite(one.target[:, knee])
        assert known.mean() > 0.85
        np.testing.assert_allclose(one.target[known, knee], 1.1 * one.own[known, knee], atol=3)


def test_locked_recordings_are_not_shifted():
    left, _ = _pair(0.2, PairSettings(maximum_lag=0.0))
    assert left.lag == 0.0


def test_too_short_is_refused():
    with pytest.raises(UnreadableInput, match="frames are seen by both"):
        _pair(0.0, PairSettings(minimum_frames=200))


def test_only_a_stretch_is_judged_and_cut_to_cycles():
    strikes = {"left": np.array([0.2, 1.1, 1.7, 2.3, 2.9]), "right": np.array([1.4])}
    stretch = Stretch(1.0, 2.5, margin=0.2, strikes=strikes)
    left, right = _pair(0.0, PairSettings(maximum_lag=0.0), stretch=stretch)
    assert len(left.target) == pytest.approx(0.4 * 30 + 1.5 * 30, abs=2)
    assert left.judged == (6, 52)
    assert left.target[left.judged_frames].shape[0] == 46
    # Strikes at 1.1, 1.7 and 2.3 s; frames are counted from 0.8 s. Those outside do not count.
    assert left.cycles == ((9, 28), (27, 46))
    assert right.cycles == ()
    assert right.repetitions == ((0, len(right.target)),)
