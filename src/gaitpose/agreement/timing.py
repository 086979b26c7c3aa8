"""Gait parameters of time from labelled events alone, for references that hold nothing else."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from gaitpose.gait.parameters import time_parameters

PARAMETER_COLUMNS = ("name", "side", "cycle", "value", "unit")
CYCLE_COLUMNS = ("side", "cycle", "start_s")


def timing_of_events(
    events: pd.DataFrame, *, longest_cycle: float = 3.0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Stride, step, stance and swing times of every cycle whose events are all labelled.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns ``side`` (left, right), ``kind`` (foot_strike, foot_off) and ``time_s``.
    longest_cycle : float
        Seconds; strikes further apart have others between them that nobody labelled.

    Returns
    -------
    parameters : pandas.DataFrame
        Tidy, ``name, side, cycle, value, unit``; names and units as in a gait analysis.
    cycle_starts : pandas.DataFrame
        ``side, cycle, start_s``.

    Notes
    -----
    A cycle counts if exactly one foot off of the other foot, one strike of it and one foot off of
    this foot lie in it, in this order.
    """
    rows: list[tuple[str, str, int, float, str]] = []
    starts: list[tuple[str, int, float]] = []
    for side, other in (("left", "right"), ("right", "left")):
        strikes = _times(events, side, "foot_strike")
        for number, (strike, following) in enumerate(pairwise(strikes)):
            cycle = _complete(events, side, other, strike, following)
            if cycle is None or following - strike > longest_cycle:
                continue
            starts.append((side, number, strike))
            measured = time_parameters(strike, *cycle, following)
            rows.extend((name, side, number, value, unit) for name, value, unit in measured)
    return (
        pd.DataFrame(rows, columns=list(PARAMETER_COLUMNS)),
        pd.DataFrame(starts, columns=list(CYCLE_COLUMNS)),
    )


def _complete(
    events: pd.DataFrame, side: str, other: str, strike: float, following: float
) -> tuple[float, float, float] | None:
    """Return the other foot's off and strike and this foot's off within a cycle."""
    marks = []
    for foot, kind in ((other, "foot_off"), (other, "foot_strike"), (side, "foot_off")):
        times = _times(events, foot, kind)
        inside = times[(times > strike) & (times < following)]
        if len(inside) != 1:
            return None
        marks.append(float(inside[0]))
    other_off, other_strike, off = marks
    if not other_off < other_strike < off:
        return None
    return other_off, other_strike, off


def _times(events: pd.DataFrame, side: str, kind: str) -> np.ndarray:
    own = events[(events["side"] == side) & (events["kind"] == kind)]
    return np.sort(own["time_s"].to_numpy(dtype=float))
