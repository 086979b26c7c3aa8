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


STANDING_KNEE = 6.0
"""Degrees of flexion in quiet standing."""


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


STIFF_KNEE = LegStyle(
    knee=FourierSeries.through(
        [
            (0, 9), (5, 11), (10, 13), (14, 14), (20, 13), (30, 10), (40, 8), (50, 11), (55, 15),
            (60, 21), (65, 27), (70, 31), (75, 31), (80, 27), (85, 20), (90, 14), (95, 10),
        ]
    ),
    foot_pitch=FourierSeries.through(
        [
            (0, 14), (4, 6), (8, 1), (12, 0), (30, 0), (40, -4), (50, -18), (60, -42), (64, -46),
            (70, -32), (75, -18), (80, -6), (85, 3), (90, 9), (95, 13), (98, 14),
        ],
        harmonics=12,
    ),
)  # fmt: skip
"""Stiff-knee gait: swing flexion of about 30 degrees instead of 60 (Perry 2010, ch. 12)."""

CROUCH = LegStyle(
    thigh=FourierSeries.through(
        [
            (0, 38), (10, 35), (20, 28), (30, 20), (40, 12), (50, 6), (55, 5), (60, 9), (65, 16),
            (70, 24), (75, 31), (80, 37), (85, 40), (90, 41), (95, 40),
        ]
    ),
    knee=FourierSeries.through(
        [
            (0, 33), (8, 37), (15, 38), (30, 34), (45, 31), (50, 33), (55, 37), (60, 43), (65, 50),
            (70, 55), (74, 56), (80, 52), (88, 41), (95, 34),
        ]
    ),
    foot_pitch=FourierSeries.through(
        [
            (0, 4), (4, 1), (10, 0), (30, 0), (45, -6), (52, -18), (60, -38), (64, -42), (70, -30),
            (75, -18), (80, -9), (88, 0), (95, 4),
        ],
        harmonics=12,
    ),
)  # fmt: skip
"""Crouch gait: knees never straighter than 30 degrees, flat contact (Perry 2010, ch. 12)."""

PARETIC = LegStyle(
    thigh=FourierSeries.through(
        [
            (0, 17), (10, 15), (20, 10), (30, 4), (40, -3), (50, -8), (60, -9), (66, -5), (72, 2),
            (78, 9), (84, 15), (90, 18), (95, 18),
        ]
    ),
    knee=FourierSeries.through(
        [
            (0, 9), (8, 13), (16, 14), (30, 10), (45, 8), (55, 12), (60, 18), (66, 27), (72, 34),
            (77, 35), (84, 27), (90, 18), (96, 11),
        ]
    ),
    foot_pitch=FourierSeries.through(
        [
            (0, 1), (6, 0), (30, 0), (45, -4), (55, -16), (61, -28), (66, -30), (74, -20), (82, -9),
            (90, -2), (96, 1),
        ],
        harmonics=12,
    ),
    heel_off=0.55,
)  # fmt: skip
"""Affected leg after stroke: little knee flexion in swing, flat contact (Olney and Richards 1996)."""

SLOW = LegStyle(
    thigh=ADULT_THIGH * 0.85,
    knee=FourierSeries.through(
        [
            (0, 6), (5, 8.5), (10, 11.5), (15, 12.5), (20, 11.5), (30, 8), (40, 5.5), (47, 7),
            (52, 12), (57, 22), (62, 37), (67, 49), (72, 55), (75, 55), (81, 45), (87, 28),
            (92, 14), (96, 7),
        ]
    ),
    foot_pitch=FourierSeries.through(
        [
            (0, 17), (4, 8), (8, 1), (12, 0), (30, 0), (40, -4), (50, -18), (55, -32), (60, -48),
            (64, -54), (70, -42), (75, -28), (80, -14), (85, -2), (90, 8), (95, 14), (98, 16.5),
        ],
        harmonics=12,
    ),
)  # fmt: skip
"""Slow walking: less flexion in loading and in swing, flatter foot (Winter 2009, slow cadence)."""

EXOSKELETON = LegStyle(
    thigh=ADULT_THIGH * 0.7 + FourierSeries(4.0),
    knee=FourierSeries.through(
        [
            (0, 8), (8, 10), (16, 11), (30, 9), (42, 8), (52, 13), (58, 22), (63, 34), (68, 44),
            (73, 49), (77, 47), (84, 33), (90, 19), (96, 10),
        ]
    ),
    foot_pitch=FourierSeries.through(
        [
            (0, 8), (5, 3), (10, 0), (30, 0), (45, -5), (55, -18), (61, -32), (66, -35), (74, -22),
            (82, -8), (90, 3), (96, 8),
        ],
        harmonics=12,
    ),
    heel_off=0.55,
)  # fmt: skip
"""Walking in a powered orthosis: slow, even, stiff at the ankle, some crouch; a made-up trajectory of
the kind such devices follow (Colombo 2000), not a measurement."""
