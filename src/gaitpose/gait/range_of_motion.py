"""Whether joint angles stay within what healthy joints can do at all.

The article (Sci Rep 2023, 13:22681) checks its subjects against a table of the healthy range of
motion (its Table 3). The limits here are those of the American Academy of Orthopaedic Surgeons
(Joint Motion: Method of Measuring and Recording, 1965; the same in Norkin & White, Measurement of
Joint Motion). Walking stays far within them: an angle outside is a wrong measurement, or a joint
that a clinician should look at.
"""

from __future__ import annotations

import pandas as pd

from gaitpose.gait.findings import Finding

LIMITS: dict[str, tuple[float, float]] = {
    "hip": (-30.0, 120.0),
    "hip_trunk": (-30.0, 120.0),
    "knee": (-10.0, 135.0),
    "ankle": (-50.0, 20.0),
}
"""Degrees, extension to flexion. The knee's lower limit allows the hyperextension of lax joints."""

TOLERANCE = 5.0
"""Degrees by which a limit must be passed: less is within the error of points in pictures."""


def check_range_of_motion(summary: pd.DataFrame) -> list[Finding]:
    """Compare mean peaks with the limits.

    Parameters
    ----------
    summary : pandas.DataFrame
        Columns name, side, mean.

    Returns
    -------
    list of Finding
        One a joint and side that passes a limit by more than 5 degrees.
    """
    findings = []
    for joint, (low, high) in LIMITS.items():
        for side in ("left", "right"):
            rows = summary[summary.side == side].set_index("name")["mean"]
            least = rows.get(f"{joint}_peak_extension", low)
            most = rows.get(f"{joint}_peak_flexion", high)
            if least >= low - TOLERANCE and most <= high + TOLERANCE:
                continue
            findings.append(
                Finding(
                    "outside-range-of-motion",
                    "warning",
                    f"The {side} {joint.replace('_', '-to-')} angle goes from {least:.0f} to "
                    f"{most:.0f} degrees; healthy joints reach {low:.0f} to {high:.0f}. Check the "
                    "overlay: either the points are wrong or the joint is unusual.",
                )
            )
    return findings
