"""Joint-angle curves of typical adults, and what makes them pathological: the styles of walking.

The landmarks below are read from the printed normal curves of adult level walking at natural
cadence and joined by Fourier series:

- D. A. Winter, *Biomechanics and Motor Control of Human Movement*, 4th ed., Wiley 2009, ch. 3 and
  appendix A (knee: 4 deg at contact, about 20 deg in loading, 65 deg in swing);
- J. Perry and J. M. Burnfield, *Gait Analysis: Normal and Pathological Function*, 2nd ed., SLACK
  2010 (foot 20 deg up at contact, 60 deg down at toe-off; stiff-knee and crouch deviations);
- S. J. Olney and C. Richards, Gait & Posture 1996, 4:136-148 (hemiparetic gait);
- G. Colombo et al., J Rehabil Res Dev 2000, 37:693-700 (treadmill walking in a driven orthosis).

A style is a *wish*: the walker bends it as little as the contact of the feet demands.
"""

from __future__ import annotations

from dataclasses import dataclass

from gaitpose.synthetic.fourier import FourierSeries

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
        (64, -60), (70, -52), (75, -36), (80, -19), (85, -4), (90, 10), (95, 20), (98, 23),
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
    knee, foot_pitch : FourierSeries
        Degrees over the gait cycle from foot strike: knee flexion, and foot against the floor (toe
        up +). The thigh needs no wish: steps and knee leave it no choice.
    foot_off : float
        Phase of foot off in these curves; the walker stretches them to the stance share asked for.
    heel_off : float
        Share of stance at which the heel begins to rise.
    """

    knee: FourierSeries = ADULT_KNEE
    foot_pitch: FourierSeries = ADULT_FOOT_PITCH
    foot_off: float = ADULT_FOOT_OFF
    heel_off: float = 0.45


STIFF_KNEE = LegStyle(
    knee=FourierSeries.through(
        [
            (0, 9), (5, 11), (10, 13), (14, 14), (20, 13), (30, 10), (40, 8), (50, 11), (55, 15),
            (60, 20), (65, 21), (70, 20), (75, 19), (80, 17), (85, 14), (90, 11), (95, 10),
        ]
    ),
    foot_pitch=FourierSeries.through(
        [
            (0, 14), (4, 6), (8, 1), (12, 0), (30, 0), (40, -4), (50, -20), (60, -46), (64, -44),
            (68, -28), (72, -10), (76, -1), (80, 5), (85, 9), (90, 12), (95, 14), (98, 15),
        ],
        harmonics=12,
    ),
    heel_off=0.42,
)  # fmt: skip
"""Stiff-knee gait: swing flexion well below 60 degrees (Perry 2010, ch. 12). The wish is lower than
what comes out, because the toe has to clear the floor and the foot to leave it at speed."""

CROUCH = LegStyle(
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
    knee=FourierSeries.through(
        [
            (0, 9), (8, 13), (16, 14), (30, 10), (45, 8), (55, 12), (60, 16), (65, 17), (70, 15),
            (76, 14), (84, 13), (90, 11), (96, 10),
        ]
    ),
    foot_pitch=FourierSeries.through(
        [
            (0, 3), (6, 0), (30, 0), (45, -9), (55, -30), (61, -45), (65, -36), (70, -17), (75, -3),
            (80, 2), (88, 4), (95, 4),
        ],
        harmonics=12,
    ),
    heel_off=0.42,
)  # fmt: skip
"""Affected leg after stroke: little knee flexion in swing, flat contact (Olney & Richards 1996). As
in stiff-knee gait the wish is lower than what comes out."""

SLOW = LegStyle(
    knee=FourierSeries.through(
        [
            (0, 6), (5, 8.5), (10, 11.5), (15, 12.5), (20, 11.5), (30, 8), (40, 5.5), (47, 7),
            (52, 12), (57, 22), (62, 37), (67, 49), (72, 55), (75, 55), (81, 45), (87, 28),
            (92, 14), (96, 7),
        ]
    ),
    foot_pitch=FourierSeries.through(
        [
            (0, 15), (4, 7), (8, 1), (12, 0), (30, 0), (40, -4), (50, -17), (55, -30), (60, -42),
            (64, -46), (70, -36), (75, -24), (80, -12), (85, -2), (90, 9), (94, 14), (97, 15.5),
        ],
        harmonics=12,
    ),
)  # fmt: skip
"""Slow walking: less flexion in loading and in swing, flatter foot (Winter 2009, slow cadence)."""

EXOSKELETON = LegStyle(
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
"""Walking in a powered orthosis: slow, even, stiff at the ankle. A made-up trajectory of the kind
such devices follow (Colombo 2000), not a measurement."""
