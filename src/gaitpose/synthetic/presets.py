"""Ready-made walks: settings of typical and of pathological gait, each of which can be changed."""

from __future__ import annotations

from gaitpose.skeleton import Side
from gaitpose.synthetic.fourier import FourierSeries
from gaitpose.synthetic.gait_curves import (
    CROUCH,
    EXOSKELETON,
    PARETIC,
    SLOW,
    STIFF_KNEE,
    LegStyle,
)
from gaitpose.synthetic.settings import WalkerSettings


def healthy(**changes: object) -> WalkerSettings:
    """Set up an adult at a comfortable 1.3 m/s."""
    return WalkerSettings(**changes)


def slow(**changes: object) -> WalkerSettings:
    """Set up an adult at 0.7 m/s."""
    return WalkerSettings(**{"speed": 0.7, "style": SLOW, **changes})


def stiff_knee(affected: Side = "right", **changes: object) -> WalkerSettings:
    """Set up a walk in which one knee bends less in swing (see :data:`.gait_curves.STIFF_KNEE`)."""
    style = _one_side(affected, STIFF_KNEE, SLOW)
    return WalkerSettings(**{"speed": 0.6, "cadence": 105.0, "style": style, **changes})


def crouch(**changes: object) -> WalkerSettings:
    """Set up a walk with both knees bent throughout."""
    lean = FourierSeries(8.0, (0.0, 0.5), (0.0, -1.0))
    given = {"speed": 0.9, "cadence": 110.0, "style": CROUCH, "trunk_lean": lean}
    return WalkerSettings(**{**given, **changes})


def hemiparetic(affected: Side = "right", **changes: object) -> WalkerSettings:
    """Set up a walk after stroke: slow, the affected leg stands briefly and steps far.

    Asymmetries are those of Olney and Richards (1996): longer stance and shorter step on the sound
    side.
    """
    left = affected == "left"
    given = {
        "speed": 0.42,
        "cadence": 80.0,
        "style": _one_side(affected, PARETIC, SLOW),
        "stance_percent": (65.0, 71.0) if left else (71.0, 65.0),
        "left_step_time_share": 0.55 if left else 0.45,
        "left_step_length_share": 0.54 if left else 0.46,
        "trunk_lean": FourierSeries(5.0, (0.5, 0.3), (0.5, -0.8)),
    }
    return WalkerSettings(**{**given, **changes})


def exoskeleton(**changes: object) -> WalkerSettings:
    """Set up a walk in a powered orthosis on a treadmill: slow, even, long stance."""
    given = {
        "speed": 0.45,
        "cadence": 64.0,
        "stance_percent": 66.0,
        "style": EXOSKELETON,
        "trunk_lean": FourierSeries(6.0, (0.0, 0.3), (0.0, -0.5)),
        "treadmill": True,
    }
    return WalkerSettings(**{**given, **changes})


PRESETS = {
    "healthy": healthy,
    "slow": slow,
    "hemiparetic": hemiparetic,
    "stiff_knee": stiff_knee,
    "crouch": crouch,
    "exoskeleton": exoskeleton,
}
"""All presets by name."""


def _one_side(affected: Side, there: LegStyle, elsewhere: LegStyle) -> tuple[LegStyle, LegStyle]:
    return (there, elsewhere) if affected == "left" else (elsewhere, there)
