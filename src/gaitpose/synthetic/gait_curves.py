"""Joint-angle curves of typical adults, and what makes them pathological: the styles of walking.

The landmarks below are read from the printed normal curves of adult level walking at natural
cadence and joined by Fourier series:

- D. A. Winter, *Biomechanics and Motor Control of Human Movement*, 4th ed., Wiley 2009, ch. 3 and
  appendix A (knee: 4 deg at contact, about 20 deg in loading, 65 deg in swing);
- J. Perry and J. M. Burnfield, *Gait Analysis: Normal and Pathological Function*, 2nd ed., SLACK
  2010 (thigh against the vertical +25 .. -20 deg; foot 20 deg up at contact, 60 deg down at
  toe-off; stiff-knee, crouch and hemiparetic deviations).

A style is a *wish*: the walker bends it as little as the contact of the feet demands.
"""

from __future__ import annotations

from dataclasses import dataclass

from gaitpose.synthetic.fourier import FourierSeries

ADULT_THIGH = FourierSeries.through(
    [
        (0, 23.5), (5, 22.5), (10, 20), (20, 11.5), (30, 2), (40, -9), (50, -17.5), (54, -18.5),
        (60, -12), (65, -2.5), (70, 8), (75, 16.5), (80, 22.5), (85, 26), (90, 26.5), (95, 25),
    ]
)  # fmt: skip
"""Thigh against the vertical, degrees, flexion +."""

ADULT_KNEE = FourierSeries.through(
    [
        (0, 5), (5, 10.5), (10, 17), (14, 19), (20, 17), (30, 10.5), (40, 6), (45, 7.5), (50, 12.5),
        (55, 23), (60, 38), (65, 53), (70, 61.5), (73, 62), (80, 50), (85, 34), (90, 17.5), (95, 6),
        (98, 4),
    ]
)  # fmt: skip
"""Knee flexion, degrees."""

ADULT_FOOT_PITCH = FourierSeries.through(
    [
        (0, 23), (3, 11), (7, 2), (12, 0), (30, 0), (40, -5), (50, -22), (55, -38), (60, -55),
        (64, -60), (70, -50), (75, -32), (80, -14), (85, 0), (90, 11), (95, 20), (98, 23),
    ],
    harmonics=12,
)  # fmt: skip
"""Heel-to-toe line against the floor, degrees, toe up +."""

ADULT_TRUNK = FourierSeries(3.0, (0.0, 0.4), (0.0, -1.0))
"""Forward lean of the trunk, degrees: small, twice a stride (Winter 2009; Perry 2010)."""

ADULT_FOOT_OFF = 0.61
"""Phase at which the foot leaves the ground in the curves above."""


@dataclass(frozen=True)
class LegStyle:
    """How one leg would like to move.

    Parameters
    ----------
    thigh, knee, foot_pitch : FourierSeries
        Degrees over the gait cycle from foot strike: thigh against the vertical, knee flexion, foot
        against the floor (toe up +).
    foot_off : float
        Phase of foot off in these curves; the walker stretches them to the stance share asked for.
    heel_off : float
        Share of stance at which the heel begins to rise.
    """

    thigh: FourierSeries = ADULT_THIGH
    knee: FourierSeries = ADULT_KNEE
    foot_pitch: FourierSeries = ADULT_FOOT_PITCH
    foot_off: float = ADULT_FOOT_OFF
    heel_off: float = 0.45
