"""Foot strikes and foot offs, from the motion of the feet against the pelvis.

Coordinate method of Zeni et al. (Gait & Posture 2008, 27:710-714): a foot is farthest ahead of
the pelvis about when it strikes, farthest behind it about when it leaves the ground. With heels and
toes it is theirs; with ankles alone the variant of Stenum et al. (PLoS Comput Biol 2021,
17:e1008935).

Deviates from the papers: extrema precede the events by a near-constant share of the stride, which
is added (measured on force plates, see docs/explanation/events.md); prominence scales with the
signal's own amplitude, distance with the stride time; the time is that of the vertex of a parabola;
in 3-D the ankle's foot off is read along an axis that points down and forward.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr
from scipy import signal as dsp

from gaitpose.gait.event_signal import FilteredSignal, prepare, stride_period, vertex
from gaitpose.gait.motion import Pass, SagittalMotion
from gaitpose.gait.settings import EventSettings
from gaitpose.skeleton import SIDES, Side

Kind = Literal["foot_strike", "foot_off"]
COLUMNS = ("side", "kind", "time_s", "frame", "quality")
Row = tuple[Side, Kind, float, int, float]


@dataclass(frozen=True)
class Extremum:
    """A maximum or minimum of a leg's signal.

    Parameters
    ----------
    kind : {"foot_strike", "foot_off"}
        Maximum or minimum.
    sample : float
        Fractional sample of the pass.
    prominence : float
        Rise and fall around it over the signal's amplitude.
    """

    kind: Kind
    sample: float
    prominence: float


@dataclass(frozen=True)
class LegSignals:
    """What the events of one leg in one pass are read from.

    Parameters
    ----------
    strike, off : FilteredSignal
        Signals whose maximum is near foot strike, and whose minimum is near foot off.
    oblique : FilteredSignal or None
        Signal whose minimum is at foot off (ankle in 3-D).
    period : float
        Stride time, seconds.
    strike_lead, off_lead : float
        Seconds from the extrema to the events.
    reliable : array, (time,)
        0..1, how far the points of a sample can be trusted.
    """

    strike: FilteredSignal
    off: FilteredSignal
    oblique: FilteredSignal | None
    period: float
    strike_lead: float
    off_lead: float
    reliable: np.ndarray


def find_events(
    motion: SagittalMotion,
    settings: EventSettings,
    confidence: xr.DataArray | None = None,
    delay_s: float = 0.0,
) -> pd.DataFrame:
    """Find all foot strikes and foot offs.

    Parameters
    ----------
    motion : SagittalMotion
        Its unfiltered points are used.
    settings : EventSettings
    confidence : xarray.DataArray, (time, keypoints), optional
        0..1, on the same grid; it lowers the quality of events.
    delay_s : float
        Seconds by which the source of the joints shows every event too late.

    Returns
    -------
    pandas.DataFrame
        Columns ``side`` (left, right), ``kind`` (foot_strike, foot_off), ``time_s`` (seconds,
        between samples), ``frame`` (nearest frame of the input) and ``quality`` (0..1), in order of
        time.

    Notes
    -----
    The quality is a product: prominence, share of samples around the event that were measured and
    not filled in, confidence, and the expected error of the time. It orders events; it is no
    probability.
    """
    rows: list[Row] = []
    for walk in motion.passes:
        legs = pass_signals(motion, walk, settings, confidence)
        found = [
            row
            for side, signals in legs.items()
            for row in _leg_events(motion, walk, side, signals, settings, delay_s)
        ]
        periods = [signals.period for signals in legs.values()]
        rows += _steps_apart(found, settings.least_step * max(periods, default=0.0))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values("time_s", kind="stable", ignore_index=True)


def pass_signals(
    motion: SagittalMotion,
    walk: Pass,
    settings: EventSettings,
    confidence: xr.DataArray | None = None,
) -> dict[Side, LegSignals]:
    """Build the signals of both legs in one pass; empty if nothing repeats in it.

    Parameters
    ----------
    motion : SagittalMotion
    walk : Pass
    settings : EventSettings
    confidence : xarray.DataArray, (time, keypoints), optional

    Returns
    -------
    dict of Side to LegSignals
    """
    points = motion.unfiltered.isel(time=slice(walk.start, walk.stop))
    pelvis = (_point(points, "left_hip") + _point(points, "right_hip")) / 2
    against = {
        name: _point(points, name) - pelvis
        for name in map(str, points.keypoints.values)
        if name.split("_")[1] in ("ankle", "heel", "toe")
    }
    period = stride_period(
        against["left_ankle"][:, 0], against["right_ankle"][:, 0], motion.fps, settings
    )
    if not np.isfinite(period):
        return {}
    with_feet = _use_feet(against, motion.fps, period, settings)
    return {
        side: _leg_signals(motion, walk, side, against, period, with_feet, settings, confidence)
        for side in SIDES
    }


def _leg_signals(
    motion: SagittalMotion,
    walk: Pass,
    side: Side,
    against: dict[str, np.ndarray],
    period: float,
    with_feet: bool,
    settings: EventSettings,
    confidence: xr.DataArray | None,
) -> LegSignals:
    ankle = against[f"{side}_ankle"]
    used = [f"{side}_heel", f"{side}_toe"] if with_feet else [f"{side}_ankle"] * 2
    reliable = _reliability(motion, walk, [*used, "left_hip", "right_hip"], settings, confidence)
    strike = prepare(against[used[0]][:, 0], motion.fps, period, settings.strike_shift, settings)
    off = prepare(against[used[1]][:, 0], motion.fps, period, settings.off_shift, settings)
    strike_lead = settings.strike_lead * period
    if with_feet:
        return LegSignals(strike, off, None, period, strike_lead, 0.0, reliable)
    oblique = None
    if motion.unfiltered.sizes["space"] == 3:
        axis = np.radians(settings.off_axis_deg)
        tilted = ankle[:, 0] * np.cos(axis) - ankle[:, 1] * np.sin(axis)
        highest = settings.off_harmonics / period
        oblique = prepare(tilted, motion.fps, period, settings.off_shift, settings, highest)
    off_lead = settings.off_lead * period
    return LegSignals(strike, off, oblique, period, strike_lead, off_lead, reliable)


def _use_feet(
    against: dict[str, np.ndarray], fps: float, period: float, settings: EventSettings
) -> bool:
    """Whether heels and toes of both legs are there, and no worse than the ankles."""
    if settings.points == "ankle":
        return False
    names = [f"{side}_{part}" for side in SIDES for part in ("heel", "toe")]
    if not set(names) <= against.keys():
        return False
    if settings.points == "foot":
        return True

    def seen(name: str) -> float:
        return float(np.isfinite(against[name][:, 0]).mean())

    def error(name: str) -> float:
        return prepare(against[name][:, 0], fps, period, settings.off_shift, settings).timing_sd

    ankles = [f"{side}_ankle" for side in SIDES]
    if min(map(seen, names)) < 0.9 * min(map(seen, ankles)):
        return False
    return max(map(error, names)) <= 1.5 * max(map(error, ankles)) + 1e-3


def _reliability(
    motion: SagittalMotion,
    walk: Pass,
    names: list[str],
    settings: EventSettings,
    confidence: xr.DataArray | None,
) -> np.ndarray:
    """Share of the points that were measured, times their confidence; (time,), 0..1."""
    part = slice(walk.start, walk.stop)
    measured = ~motion.interpolated.sel(keypoints=names).values[part]
    weight = measured.astype(float)
    if confidence is not None:
        given = confidence.sel(keypoints=names).values[part]
        weight = weight * np.clip(np.nan_to_num(given) / settings.sure_confidence, 0, 1)
    return np.asarray(weight.mean(axis=1))


def _leg_events(
    motion: SagittalMotion,
    walk: Pass,
    side: Side,
    signals: LegSignals,
    settings: EventSettings,
    delay_s: float,
) -> list[Row]:
    rows: list[Row] = []
    for extremum in find_extrema(signals, motion.fps, settings):
        strike = extremum.kind == "foot_strike"
        sample = (
            extremum.sample + (signals.strike_lead - signals.strike.shift) * motion.fps
            if strike
            else _foot_off(extremum.sample, signals, motion.fps)
        ) - delay_s * motion.fps
        nearest = round(sample)
        if not 0 <= nearest < walk.stop - walk.start:
            continue
        source = signals.strike if strike else signals.off
        quality = _quality(extremum, source, signals, motion.fps, settings)
        start = float(motion.points.time.values[walk.start])
        frame = int(motion.input_frame[walk.start + nearest])
        rows.append((side, extremum.kind, start + sample / motion.fps, frame, quality))
    return rows


def _steps_apart(rows: list[Row], least: float) -> list[Row]:
    """Keep the surer of two events of one kind that follow within `least` seconds.

    Legs do not strike together: where both seem to, one of them was mistaken for the other.
    """
    kept: list[Row] = []
    for row in sorted(rows, key=lambda one: -one[4]):
        if all(row[1] != other[1] or abs(row[2] - other[2]) >= least for other in kept):
            kept.append(row)
    return kept


def find_extrema(signals: LegSignals, fps: float, settings: EventSettings) -> list[Extremum]:
    """Find the alternating maxima and minima of one leg.

    Parameters
    ----------
    signals : LegSignals
    fps : float
        Samples per second.
    settings : EventSettings

    Returns
    -------
    list of Extremum
        In order of time. Of two in a row of the same kind the more prominent one is kept: the other
        is a false one, or the one between them was missed.
    """
    kinds: tuple[tuple[Kind, FilteredSignal, float], ...] = (
        ("foot_strike", signals.strike, 1.0),
        ("foot_off", signals.off, -1.0),
    )
    found = [
        Extremum(kind, vertex(source.values, index), prominence)
        for kind, source, sign in kinds
        for index, prominence in _prominent(
            sign * source.values, source.swing, signals.period * fps, kind, settings
        )
    ]
    kept: list[Extremum] = []
    for extremum in sorted(found, key=lambda one: one.sample):
        if kept and kept[-1].kind == extremum.kind:
            # A missed one between two true ones leaves a whole period between them.
            if extremum.sample - kept[-1].sample > 0.8 * signals.period * fps:
                kept.append(extremum)
            elif extremum.prominence > kept[-1].prominence:
                kept[-1] = extremum
        else:
            kept.append(extremum)
    if kept and kept[0].kind == "foot_off":
        early = _strike_at_start(signals, kept, fps, settings)
        kept = [early, *kept] if early is not None else kept
    return kept


def _strike_at_start(
    signals: LegSignals, found: list[Extremum], fps: float, settings: EventSettings
) -> Extremum | None:
    """Return the maximum of a strike in the first frames, where too little of it is seen.

    From its maximum on a foot falls back against the pelvis ever faster. At the strike it has about
    half the speed of later stance (docs/explanation/events.md); where it has not reached that yet,
    the strike is still to come. The stance must be as long as this leg's others.
    """
    off, period, values = found[0], signals.period * fps, signals.strike.values
    span = max(1, round(settings.speed_span * period))
    falling = values[: round(off.sample) + 1]
    speed = (falling[:-span] - falling[span:]) / span
    stance = speed[round(0.2 * period) : round(0.4 * period)]
    half = 0.5 * float(np.median(stance)) if len(stance) else 0.0
    if half <= 0.0 or speed[0] >= half:
        return None
    after = int(np.argmax(speed >= half))
    before = after - 1
    part = (half - speed[before]) / (speed[after] - speed[before])
    strike = before + part + span / 2
    lead = (signals.strike_lead - signals.strike.shift) * fps
    stances = [
        (later.sample - earlier.sample) / period
        for earlier, later in pairwise(found)
        if (earlier.kind, later.kind) == ("foot_strike", "foot_off")
    ]
    usual = float(np.median(stances)) if stances else settings.usual_stance
    if abs((off.sample - strike + lead) / period - usual) > settings.stance_tolerance:
        return None
    fallen = float(falling[0] - falling[-1]) / signals.strike.swing
    return Extremum("foot_strike", strike - lead, settings.border_quality * fallen)


def _prominent(
    values: np.ndarray, swing: float, period: float, kind: Kind, settings: EventSettings
) -> list[tuple[int, float]]:
    """Maxima that rise and fall enough on both sides, and by how much over the amplitude.

    Less is asked of a side that the border cuts short, and what is near the border counts less: of
    two too close to each other the one that rises and falls more is kept, not the higher one.
    """
    near = settings.least_distance * period
    indices, properties = dsp.find_peaks(values, prominence=settings.border_prominence * swing)
    found: list[tuple[int, float]] = []
    for index, left, right in zip(
        indices, properties["left_bases"], properties["right_bases"], strict=True
    ):
        falls = [(values[index] - values[base]) / swing for base in (left, right)]
        cut = [
            len(beyond) < near and beyond.max() < values[index]
            for beyond in (values[:index], values[index + 1 :])
        ]
        if (
            kind == "foot_strike"
            and any(cut)
            and _loses_the_foot(values, index, swing, period, settings)
        ):
            continue
        if all(
            fall >= settings.least_prominence or short
            for fall, short in zip(falls, cut, strict=True)
        ):
            share = settings.border_quality if any(cut) else 1.0
            found.append((int(index), share * float(max(falls))))
    kept: list[tuple[int, float]] = []
    for index, prominence in sorted(found, key=lambda one: -one[1]):
        if all(abs(index - other) >= near for other, _ in kept):
            kept.append((index, prominence))
    return sorted(kept)


def _loses_the_foot(
    values: np.ndarray, index: int, swing: float, period: float, settings: EventSettings
) -> bool:
    """Whether a maximum near the border is made by losing sight of the foot, not by a strike.

    Then the point jumps to the other foot, or stays at the edge of the picture. But a foot on the
    ground falls back no faster than the walker walks, and it came as far as in other steps. Minima
    are not judged so: a point that jumps to the hind foot before it lifts shows its foot off.
    """
    later = min(index + max(1, round(0.1 * period)), len(values) - 1)
    usual = np.percentile(values, 95)
    return bool(
        values[index] - values[later] > settings.border_fall * swing
        or values[index] < usual - settings.border_shortfall * swing
    )


def _foot_off(sample: float, signals: LegSignals, fps: float) -> float:
    """Sample of the foot off that belongs to a minimum of the forward signal."""
    if signals.oblique is not None:
        values = signals.oblique.values
        first = max(1, round(sample - 0.05 * signals.period * fps))
        last = min(len(values) - 1, round(sample + 0.15 * signals.period * fps) + 1)
        if last - first >= 3:
            lowest = first + int(np.argmin(values[first:last]))
            if first < lowest < last - 1:
                return vertex(values, lowest)
    return sample + signals.off_lead * fps


def _quality(
    extremum: Extremum,
    source: FilteredSignal,
    signals: LegSignals,
    fps: float,
    settings: EventSettings,
) -> float:
    half = max(1, round(0.05 * signals.period * fps))
    centre = round(extremum.sample)
    around = signals.reliable[max(0, centre - half) : centre + half + 1]
    timed = 1.0 / (1.0 + (source.timing_sd / (settings.sure_timing * signals.period)) ** 2)
    prominent = min(1.0, extremum.prominence / settings.sure_prominence)
    return float(np.clip(prominent * timed * around.mean(), 0.0, 1.0))


def _point(points: xr.DataArray, name: str) -> np.ndarray:
    """Forward and upward coordinate of one keypoint, (time, 2)."""
    chosen = points.sel(keypoints=name, space=["x", "y"])
    return np.asarray(chosen.transpose("time", "space").values, dtype=float)
