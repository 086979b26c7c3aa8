"""Gait cycles: foot strike to the next foot strike of the same leg, and which of them count."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.gait import robust
from gaitpose.gait.motion import SagittalMotion
from gaitpose.gait.settings import CycleSettings
from gaitpose.skeleton import LEG_JOINTS, SIDES, Side, mirrored

COLUMNS = ("side", "cycle", "start_s", "end_s", "pass", "used", "reason")

FEWEST_TO_COMPARE = 4
"""Cycles from which the odd one among them can be told."""


@dataclass(frozen=True)
class Cycle:
    """One gait cycle.

    Parameters
    ----------
    side : {"left", "right"}
    number : int
        Counted from 0 for each side, in order of time, those left out included.
    walk : int
        Index of the pass.
    strike, other_off, other_strike, off, next_strike : float
        Seconds of the five events in their order: foot strike; foot off and foot strike of the
        other leg; foot off; next foot strike. Those between the strikes are NaN where the order is
        broken.
    reason : str
        Why the cycle is left out; empty if it counts.
    """

    side: Side
    number: int
    walk: int
    strike: float
    other_off: float
    other_strike: float
    off: float
    next_strike: float
    reason: str

    @property
    def used(self) -> bool:
        """Whether the cycle counts."""
        return not self.reason

    @property
    def duration(self) -> float:
        """Stride time, seconds."""
        return self.next_strike - self.strike


def find_cycles(
    motion: SagittalMotion, events: pd.DataFrame, settings: CycleSettings
) -> list[Cycle]:
    """Cut all cycles and judge each of them.

    Parameters
    ----------
    motion : SagittalMotion
    events : pandas.DataFrame
        From :func:`gaitpose.gait.events.find_events`.
    settings : CycleSettings

    Returns
    -------
    list of Cycle
        In order of time. A cycle never spans two passes, so none contains a turn.

    Notes
    -----
    Between the strikes of one leg there must be exactly foot off and foot strike of the other leg
    and foot off of the same, in this order. The first reason of these is given: broken order,
    implausible duration, implausible step, at the border of the picture, gap, uncertain events.
    """
    cycles = [
        cycle
        for index, walk in enumerate(motion.passes)
        for cycle in _of_pass(motion, index, _within(motion, events, walk.start, walk.stop))
    ]
    usual = float(np.median([cycle.duration for cycle in cycles])) if cycles else float("nan")
    usual_share = _usual_left_share(cycles)
    borders = _at_border(motion, settings)
    judged: list[Cycle] = []
    for cycle in sorted(cycles, key=lambda one: one.strike):
        number = sum(one.side == cycle.side for one in judged)
        reason = (
            _broken_order(cycle)
            or _odd_duration(cycle, usual, settings)
            or _odd_step(cycle, usual_share, settings)
            or _out_of_picture(cycle, motion, borders)
            or _gap(cycle, motion, settings)
            or _uncertain(cycle, events, settings)
        )
        judged.append(Cycle(**{**vars(cycle), "number": number, "reason": reason}))
    return judged


def cycle_table(cycles: list[Cycle]) -> pd.DataFrame:
    """List all cycles.

    Parameters
    ----------
    cycles : list of Cycle

    Returns
    -------
    pandas.DataFrame
        Columns ``side``, ``cycle`` (number within the side), ``start_s``, ``end_s``, ``pass``
        (index), ``used`` and ``reason`` (why not; empty for used ones).
    """
    rows = [(c.side, c.number, c.strike, c.next_strike, c.walk, c.used, c.reason) for c in cycles]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def cycle_curves(
    angles: xr.DataArray, cycles: list[Cycle], settings: CycleSettings
) -> xr.DataArray:
    """Resample the angles of the used cycles to 0..100 %.

    Parameters
    ----------
    angles : xarray.DataArray, (time, side, joint)
        Degrees.
    cycles : list of Cycle
    settings : CycleSettings

    Returns
    -------
    xarray.DataArray, (side, cycle, phase, joint)
        Degrees. ``cycle`` holds the numbers of the cycles used on either side; NaN where a side has
        no used cycle of that number. ``phase`` is in percent.
    """
    used = [cycle for cycle in cycles if cycle.used]
    numbers = sorted({cycle.number for cycle in used})
    phase = np.linspace(0.0, 100.0, settings.samples)
    curves = np.full((len(SIDES), len(numbers), len(phase), angles.sizes["joint"]), np.nan)
    time = angles.time.values
    values = angles.transpose("side", "joint", "time").values
    for cycle in used:
        side = SIDES.index(cycle.side)
        at = cycle.strike + phase / 100.0 * cycle.duration
        for joint in range(angles.sizes["joint"]):
            curve = np.interp(at, time, values[side, joint])
            curves[side, numbers.index(cycle.number), :, joint] = curve
    return xr.DataArray(
        curves,
        dims=("side", "cycle", "phase", "joint"),
        coords={
            "side": list(SIDES),
            "cycle": numbers,
            "phase": phase,
            "joint": angles.joint.values,
        },
        name="cycles",
        attrs={"units": "deg"},
    )


def _within(motion: SagittalMotion, events: pd.DataFrame, start: int, stop: int) -> pd.DataFrame:
    time = motion.points.time.values
    margin = 0.5 / motion.fps
    inside = events.time_s.between(time[start] - margin, time[stop - 1] + margin)
    return events[inside]


def _of_pass(motion: SagittalMotion, index: int, events: pd.DataFrame) -> list[Cycle]:
    cycles = []
    for side in SIDES:
        other = mirrored(f"{side}_").rstrip("_")
        strikes = events[(events.side == side) & (events.kind == "foot_strike")].time_s
        for start, end in pairwise(strikes.to_numpy()):
            between = events[(events.time_s > start) & (events.time_s < end)]
            order = list(zip(between.side, between.kind, strict=True))
            expected = [(other, "foot_off"), (other, "foot_strike"), (side, "foot_off")]
            times = between.time_s.to_list() if order == expected else [np.nan] * 3
            cycles.append(
                Cycle(
                    side=side,
                    number=0,
                    walk=index,
                    strike=float(start),
                    other_off=times[0],
                    other_strike=times[1],
                    off=times[2],
                    next_strike=float(end),
                    reason="",
                )
            )
    return cycles


def _broken_order(cycle: Cycle) -> str:
    if np.isnan(cycle.off):
        return "events missing or out of order"
    return ""


def _odd_duration(cycle: Cycle, usual: float, settings: CycleSettings) -> str:
    low, high = settings.duration_ratio
    if not low * usual <= cycle.duration <= high * usual:
        return f"implausible duration ({cycle.duration:.2f} s, usually {usual:.2f} s)"
    return ""


def _left_share(cycle: Cycle) -> float:
    """Share of the stride from the left strike to the right one; NaN if the order is broken."""
    share = (cycle.other_strike - cycle.strike) / cycle.duration
    return share if cycle.side == "left" else 1.0 - share


def _usual_left_share(cycles: list[Cycle]) -> float:
    """Median of :func:`_left_share`; NaN of too few cycles to tell which of them is odd."""
    shares = [_left_share(cycle) for cycle in cycles if not np.isnan(cycle.other_strike)]
    return float(np.median(shares)) if len(shares) >= FEWEST_TO_COMPARE else float("nan")


def _odd_step(cycle: Cycle, usual: float, settings: CycleSettings) -> str:
    share = _left_share(cycle)
    if abs(share - usual) > settings.step_share_tolerance:
        return f"implausible step (left to right {share:.0%} of the stride, usually {usual:.0%})"
    return ""


def _samples(cycle: Cycle, motion: SagittalMotion) -> slice:
    time = motion.points.time.values
    first, last = np.searchsorted(time, [cycle.strike, cycle.next_strike])
    return slice(int(first), int(last) + 1)


def _at_border(motion: SagittalMotion, settings: CycleSettings) -> np.ndarray | None:
    """Find samples with a leg at the edge of the picture; None without a picture.

    At the left and right edge a person walks in or out, and is cut. At the upper and lower one all
    may well be seen to the last row, so only a joint beyond it counts.
    """
    width, height = (motion.repaired.attrs.get(f"image_{side}") for side in ("width", "height"))
    if motion.repaired.sizes["space"] != 2 or width is None or height is None:
        return None
    names = [n for n in map(str, motion.repaired.keypoints.values) if "shoulder" not in n]
    pixels = motion.repaired.sel(keypoints=names).transpose("time", "keypoints", "space")
    x = pixels.sel(space="x").values
    y = pixels.sel(space="y", keypoints=list(LEG_JOINTS)).values
    margin = settings.border_share * width
    beside = (x < margin) | (x > width - 1 - margin)
    beyond = (y < 0) | (y > height - 1)
    return np.asarray(beside.any(axis=1) | beyond.any(axis=1))


def _out_of_picture(cycle: Cycle, motion: SagittalMotion, borders: np.ndarray | None) -> str:
    if borders is not None and borders[_samples(cycle, motion)].any():
        return "at the border of the picture"
    return ""


def _gap(cycle: Cycle, motion: SagittalMotion, settings: CycleSettings) -> str:
    names = [f"{cycle.side}_{part}" for part in ("hip", "knee", "ankle")]
    part = _samples(cycle, motion)
    filled = motion.interpolated.sel(keypoints=names).values[part]
    unknown = np.isnan(motion.points.sel(keypoints=names, space="x").values[part])
    for name, mask in zip(names, (filled | unknown).T, strict=True):
        longest = max((stop - start for start, stop in robust.runs(mask)), default=0)
        if longest > settings.longest_gap_s * motion.fps:
            joint = name.replace("_", " ")
            return f"{joint} not seen for {1000 * longest / motion.fps:.0f} ms"
    return ""


def _uncertain(cycle: Cycle, events: pd.DataFrame, settings: CycleSettings) -> str:
    inside = events.time_s.between(cycle.strike, cycle.next_strike)
    worst = float(events[inside].quality.min())
    if worst < settings.least_quality:
        return f"uncertain events (quality {worst:.2f})"
    return ""
