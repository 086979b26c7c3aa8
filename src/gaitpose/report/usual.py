"""What is usual at this subject's walking speed, as far as that speed is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from gaitpose.gait import norms, symmetry
from gaitpose.gait.result import GaitAnalysis
from gaitpose.report.names import number

LEAST_SPEED = 0.5
"""m/s below which the relations with speed tell little."""

PHASE_SYMMETRY = (symmetry.HEALTHY_PHASE_SYMMETRY, 1.0)


@dataclass(frozen=True)
class Usual:
    """Norms for one subject and speed.

    Parameters
    ----------
    speed : float
        m/s.
    leg_length : float
        Thigh plus shank, metres.
    """

    speed: float
    leg_length: float

    def bands(self) -> dict[str, tuple[float, float]]:
        """Return mean minus and plus two SD of every parameter that has a norm."""
        found = norms.parameter_norms(self.speed, self.leg_length)
        return {name: norm.band for name, norm in found.items()}

    def curve(self, joint: str) -> pd.DataFrame | None:
        """Return columns ``percent, mean, sd`` of a joint angle; None where there is no norm."""
        if joint not in norms.ANGLES:
            return None
        return norms.angle_norm(joint, self.speed, self.leg_length)

    def speed_text(self) -> str:
        """Say for which speed the norms are."""
        return f"at {number(self.speed, 2)} m/s"

    def sentence(self) -> str:
        """Say where the grey band comes from."""
        caution = (
            f" Below {LEAST_SPEED:g} m/s the usual ranges tell little."
            if round(self.speed, 2) < LEAST_SPEED
            else ""
        )
        return f"Grey: usual {self.speed_text()} ({norms.ANGLE_SOURCE}).{caution}"


def usual_for(analysis: GaitAnalysis) -> Usual | None:
    """Return the norms for an analysis; None where its speed in metres per second is not known.

    Parameters
    ----------
    analysis : GaitAnalysis
    """
    summary = analysis.summary
    speeds = summary.loc[(summary["name"] == "speed") & (summary["unit"] == "m/s"), "mean"]
    if speeds.empty or not (math.isfinite(speeds.iloc[0]) and speeds.iloc[0] > 0):
        return None
    legs = analysis.subject.leg_lengths()
    leg = sum(legs) / 2 if legs else norms.ADULT_LEG
    return Usual(float(speeds.iloc[0]), leg)
