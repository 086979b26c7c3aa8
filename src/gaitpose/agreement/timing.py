"""Gait parameters of time from labelled events alone, for references that hold nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

PARAMETER_COLUMNS = ("name", "side", "cycle", "value", "unit")
CYCLE_COLUMNS = ("side", "cycle", "start_s")


@dataclass(frozen=True)
class _Cycle:
    """Events of one cycle, seconds: from strike to next strike of one foot."""

    strike: float
    other_off: float
    other_strike: float
    off: float
    next_strike: float


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
            rows.extend((name, side, number, value, unit) for name, value, unit in _measure(cycle))
    return (
        pd.DataFrame(rows, columns=list(PARAMETER_COLUMNS)),
        pd.DataFrame(starts, columns=list(CYCLE_COLUMNS)),
    )


def _complete(
    events: pd.DataFrame, side: str, other: str, strike: float, following: float
) -> _Cycle | None:
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
    return _Cycle(strike, other_off, other_strike, off, following)


def _measure(cycle: _Cycle) -> Iterator[tuple[str, float, str]]:
    stride = cycle.next_strike - cycle.strike
    stance = cycle.off - cycle.strike
    double = (cycle.other_off - cycle.strike) + (cycle.off - cycle.other_strike)
    yield "stride_time", stride, "s"
    yield "step_time", cycle.next_strike - cycle.other_strike, "s"
    yield "stance_time", stance, "s"
    yield "swing_time", stride - stance, "s"
    yield "cadence", 120.0 / stride, "steps/min"
    yield "stance_percent", 100.0 * stance / stride, "%"
    yield "swing_percent", 100.0 * (1.0 - stance / stride), "%"
    yield "single_support_percent", 100.0 * (cycle.other_strike - cycle.other_off) / stride, "%"
    yield "double_support_percent", 100.0 * double / stride, "%"


def _times(events: pd.DataFrame, side: str, kind: str) -> np.ndarray:
    own = events[(events["side"] == side) & (events["kind"] == kind)]
    return np.sort(own["time_s"].to_numpy(dtype=float))
