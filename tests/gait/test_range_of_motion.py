"""Joint angles outside of what healthy joints can do."""

from __future__ import annotations

import pandas as pd

from gaitpose.gait.range_of_motion import check_range_of_motion


def _summary(**peaks: float) -> pd.DataFrame:
    rows = [(name, side, value) for name, value in peaks.items() for side in ("left", "right")]
    return pd.DataFrame(rows, columns=["name", "side", "mean"])


def test_usual_walking_stays_within() -> None:
    usual = _summary(
        hip_peak_flexion=30, hip_peak_extension=-12, knee_peak_flexion=62, knee_peak_extension=2
    )
    assert check_range_of_motion(usual) == []


def test_a_knee_that_bends_backwards() -> None:
    summary = _summary(knee_peak_flexion=60.0, knee_peak_extension=2.0)
    summary.loc[
        (summary["name"] == "knee_peak_extension") & (summary.side == "right"), "mean"
    ] = -22.0
    (finding,) = check_range_of_motion(summary)
    assert finding.code == "outside-range-of-motion"
    assert finding.severity == "warning"
    assert "right knee" in finding.message
    assert "-22" in finding.message


def test_the_limit_is_passed_only_beyond_the_error_of_measurement() -> None:
    assert check_range_of_motion(_summary(ankle_peak_flexion=24.0, ankle_peak_extension=0.0)) == []
    assert (
        len(check_range_of_motion(_summary(ankle_peak_flexion=26.0, ankle_peak_extension=0))) == 2
    )


def test_nothing_measured_nothing_said() -> None:
    assert check_range_of_motion(_summary()) == []
