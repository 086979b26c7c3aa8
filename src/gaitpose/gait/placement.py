"""Lengths of steps and strides: from where a foot stands to where it, or the other, stands next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.gait.cycles import Cycle
from gaitpose.gait.motion import SagittalMotion
from gaitpose.gait.settings import PlacementSettings
from gaitpose.skeleton import SIDES, Side, mirrored


@dataclass(frozen=True)
class Lengths:
    """Lengths of one cycle, in the units of the motion; NaN where the feet were not seen.

    Parameters
    ----------
    stride : float
        Way of the foot from one stance to its next, over the ground or the belt.
    step : float
        From the other foot's stance to the next one of this foot.
    belt_speed : float
        Of the floor, backwards; 0 overground.
    """

    stride: float
    step: float
    belt_speed: float


def measure_lengths(motion: SagittalMotion, cycle: Cycle, settings: PlacementSettings) -> Lengths:
    """Measure stride and step of one cycle.

    Parameters
    ----------
    motion : SagittalMotion
    cycle : Cycle
        A used one.
    settings : PlacementSettings

    Returns
    -------
    Lengths

    Notes
    -----
    The article's Eq. 11 takes the distance between the ankles at foot strike as the step, and two
    steps as the stride. At that moment the rear foot already stands on its toes and its ankle has
    moved on, so two such steps are about a foot's length short of a stride. Here both feet are
    compared at the same time after their own strikes, with the foot flat on the floor; then steps
    add up to strides exactly. On a treadmill the belt carries the foot backwards meanwhile: its way
    is added.
    """
    walk = motion.passes[cycle.walk]
    time = motion.points.time.values[walk.start : walk.stop]
    flat = _flat_times(cycle, float(time[-1]), settings)
    belt = belt_speed(motion, cycle, settings) if motion.surface == "treadmill" else 0.0
    other = mirrored(f"{cycle.side}_").rstrip("_")
    own_ankle = _forward(motion, walk.start, walk.stop, f"{cycle.side}_ankle")
    other_ankle = _forward(motion, walk.start, walk.stop, f"{other}_ankle")

    def place(ankle: np.ndarray, strike: float) -> np.ndarray:
        return np.interp(strike + flat, time, ankle, left=np.nan, right=np.nan)

    here = place(own_ankle, cycle.next_strike)
    stride = float(np.mean(here - place(own_ankle, cycle.strike)))
    step = float(np.mean(here - place(other_ankle, cycle.other_strike)))
    return Lengths(
        stride + belt * cycle.duration,
        step + belt * (cycle.next_strike - cycle.other_strike),
        belt,
    )


def belt_speed(motion: SagittalMotion, cycle: Cycle, settings: PlacementSettings) -> float:
    """Speed of a treadmill's belt: that of the ankles over the standing feet, units per second.

    Parameters
    ----------
    motion : SagittalMotion
    cycle : Cycle
    settings : PlacementSettings

    Returns
    -------
    float
        Mean of both legs' stances in the cycle, backwards positive; NaN where neither is seen.
    """
    walk = motion.passes[cycle.walk]
    time = motion.points.time.values[walk.start : walk.stop]
    first, last = (share * (cycle.off - cycle.strike) for share in settings.belt_share)
    flat = np.linspace(first, last, settings.samples)
    speeds = []
    for side, strike in _strikes(cycle):
        ankle = _forward(motion, walk.start, walk.stop, f"{side}_ankle")
        x = np.interp(strike + flat, time, ankle, left=np.nan, right=np.nan)
        if np.isfinite(x).all():
            speeds.append(-float(np.polyfit(flat, x, 1)[0]))
    return float(np.mean(speeds)) if speeds else float("nan")


def _strikes(cycle: Cycle) -> list[tuple[Side, float]]:
    own = SIDES.index(cycle.side)
    return [(SIDES[own], cycle.strike), (SIDES[1 - own], cycle.other_strike)]


def _flat_times(cycle: Cycle, end: float, settings: PlacementSettings) -> np.ndarray:
    """Seconds after foot strike at which feet are compared: flat, or as long as is seen."""
    stance = cycle.off - cycle.strike
    first, last = (share * stance for share in settings.flat_share)
    seen = max(0.0, end - cycle.next_strike)
    if seen < first:
        return np.linspace(0.0, seen, settings.samples)
    return np.linspace(first, min(last, seen), settings.samples)


def _forward(motion: SagittalMotion, start: int, stop: int, name: str) -> np.ndarray:
    return np.asarray(motion.points.sel(keypoints=name, space="x").values[start:stop])
