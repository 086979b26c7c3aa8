"""Which of two exchangeable points is which, over time, from how they part and come together.

Two joints of the same kind (both ankles, say) are seen at left - right = d(t). Exchanging their
names turns d into -d and leaves their sum alone, so identity is one sign a frame: the one that
makes sign(t) d(t) move smoothly. While the joints are apart the sign follows from frame to frame.
Where they come close, or are hidden, a cubic is laid through the frames before and after under
both assumptions. The names that the estimator gave decide only what movement leaves open.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.gait import robust


class SeparationSettings(BaseModel):
    """How two exchangeable points are followed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    usual_percentile: float = Field(default=80.0, gt=50, lt=100)
    """Percentile of the separation that is called the usual greatest one."""
    close_share: float = Field(default=0.4, gt=0, lt=1)
    """Share of the usual greatest separation below which two joints are close."""
    fastest: float = Field(default=7.0, gt=0)
    """Greatest speed of one joint relative to the other, leg lengths/s."""
    fastest_share: float = Field(default=12.0, gt=0)
    """The same in usual greatest separations per second (slow walkers take short steps)."""
    window_s: float = Field(default=0.12, gt=0)
    """Least time on either side of an encounter that the cubic is laid through."""
    shortest_piece: int = Field(default=3, ge=1)
    """Frames apart in a row that are taken as more than chance."""
    shortest_end: int = Field(default=4, ge=1)
    """The same at either end of a pass; shorter ones are followed from inwards instead."""
    end_window_s: float = Field(default=0.05, gt=0)
    """Time before the first or after the last decided frame that a line is laid through."""
    longest_window_s: float = Field(default=0.25, gt=0)
    """Most such time; otherwise it is as long as the encounter."""
    longest_hidden_s: float = Field(default=0.3, gt=0)
    """Both points unseen for longer than this: their movement says nothing about who is who."""
    roughness: float = Field(default=0.04, gt=0)
    """Deviation of a true movement from a cubic, in those separations (standard deviation)."""
    outlier_cost: float = Field(default=4.5, gt=0)
    """Most that one frame can speak for or against an assumption (log odds)."""
    strongest: float = Field(default=12.0, gt=0)
    """Most that one encounter can speak for or against a crossing (log odds)."""
    rest_share: float = Field(default=0.15, gt=0, lt=1)
    """Share of the usual greatest separation below which two joints are beside each other."""
    shortest_rest_s: float = Field(default=0.2, gt=0)
    """Beside each other for longer than this, they may not pass at all."""
    longest_bridge_s: float = Field(default=0.5, gt=0)
    """Longest time without a decided frame over which places are interpolated."""
    least_odds: float = Field(default=0.5, ge=0)
    """Log odds below which a frame in an encounter stays undecided."""
    sure_votes: float = Field(default=4.0, ge=0)
    """Log odds of the votes on either side of a jump from which they are sure."""
    sure_window_s: float = Field(default=0.33, gt=0)
    """Time on either side of a jump whose votes are asked."""
    crossing_prior: float = Field(default=2.0, ge=0)
    """Log odds that feet which came close have passed each other: in walking they do."""


@dataclass(frozen=True)
class Followed:
    """Identity over time: ``sign * d`` moves smoothly.

    Parameters
    ----------
    sign : array of int, (time,)
        +1 keep the names, -1 exchange them, 0 not decided (hidden, or too close to matter).
    smooth : array, (time, space)
        Where ``sign * d`` should be in each frame, interpolated from its decided neighbours without
        itself (with itself at the ends and alone); NaN in long gaps.
    """

    sign: np.ndarray
    smooth: np.ndarray


def follow(
    separation: np.ndarray,
    time: np.ndarray,
    vote: np.ndarray,
    leg_length: float,
    settings: SeparationSettings,
) -> Followed:
    """Decide frame by frame whether two points keep their names.

    Parameters
    ----------
    separation : array, (time, space)
        Left minus right as named by the estimator; NaN where either is missing.
    time : array, (time,)
        Seconds.
    vote : array, (time,)
        Log odds of each frame by itself that its names are right.
    leg_length : float
        In the units of ``separation``.
    settings : SeparationSettings

    Returns
    -------
    Followed
    """
    size = np.linalg.norm(separation, axis=1)
    sign = np.zeros(len(size), dtype=int)
    known = np.isfinite(size)
    if known.sum() < 2:
        return Followed(sign, np.full(separation.shape, np.nan))
    greatest = float(np.percentile(size[known], settings.usual_percentile))
    fastest = min(settings.fastest * leg_length, settings.fastest_share * greatest)
    apart = np.flatnonzero(known & (np.nan_to_num(size) > settings.close_share * greatest))
    aligned, segments = _align(separation[apart], time[apart], vote[apart], fastest, settings)
    pieces = _long_enough([apart[start:stop] for start, stop in segments], settings)
    if not pieces:
        return Followed(sign, np.full(separation.shape, np.nan))
    kept = np.concatenate(pieces)
    sign[kept] = aligned[np.searchsorted(apart, kept)]
    noise = _noise(separation[kept] * sign[kept, np.newaxis])
    deviation = float(np.hypot(noise, settings.roughness * greatest))
    scene = _Scene(separation, sign, time, greatest, deviation, settings)
    encounters = [scene.relation(before, after) for before, after in pairwise(pieces)]
    votes = np.array([(sign[piece] * vote[piece]).sum() for piece in pieces])
    for piece, state in zip(pieces, likeliest_signs(votes, np.array(encounters)), strict=True):
        sign[piece] *= state
    aligned = separation * sign[:, np.newaxis]
    smooth = _interpolated(aligned, time, sign != 0, settings.longest_bridge_s)
    odds = np.nan_to_num(np.einsum("ij,ij->i", separation, smooth)) / deviation**2 + vote
    unsure = known & (sign == 0) & (np.abs(odds) > settings.least_odds)
    sign[unsure] = np.sign(odds[unsure]).astype(int)
    _follow_ends(sign, separation, time, vote, deviation, settings)
    aligned = separation * sign[:, np.newaxis]
    smooth = _interpolated(aligned, time, sign != 0, settings.longest_hidden_s)
    # Where nothing near interpolates a frame (at the ends), what was decided stands.
    alone = (sign != 0) & ~np.isfinite(smooth).all(axis=1)
    smooth[alone] = aligned[alone]
    return Followed(sign, smooth)


def _align(
    separation: np.ndarray,
    time: np.ndarray,
    vote: np.ndarray,
    fastest: float,
    settings: SeparationSettings,
) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Align neighbours where only one way is slow enough; cut where either name could be right.

    Also where names would be exchanged that the frames before and after are sure of: an estimator
    may jump from one leg's joint to the other's side of it where both are close.
    """
    kept, exchanged = (
        np.linalg.norm(separation[1:] - sign * separation[:-1], axis=1) for sign in (1, -1)
    )
    linked = np.maximum(kept, exchanged) > fastest * np.diff(time)
    for jump in np.flatnonzero(linked & (exchanged < kept)):
        since = time - time[jump]
        before = vote[(since <= 0) & (since >= -settings.sure_window_s)].sum()
        after = vote[(since > 0) & (since <= settings.sure_window_s)].sum()
        is_sure = min(abs(before), abs(after)) >= settings.sure_votes
        linked[jump] = not (is_sure and before * after > 0)
    sign = np.cumprod(np.concatenate([[1], np.where(kept <= exchanged, 1, -1)]))
    cuts = (np.flatnonzero(~linked) + 1).tolist()
    return sign, list(zip([0, *cuts], [*cuts, len(time)], strict=True))


def _long_enough(pieces: list[np.ndarray], settings: SeparationSettings) -> list[np.ndarray]:
    """Drop pieces that are too short to tell how they join the others."""
    inner = [piece for piece in pieces if len(piece) >= settings.shortest_piece]
    long = [index for index, piece in enumerate(inner) if len(piece) >= settings.shortest_end]
    return inner[long[0] : long[-1] + 1] if long else []


def _noise(aligned: np.ndarray) -> float:
    """Return the standard deviation of a sample, from second differences of neighbours."""
    if len(aligned) < 3:
        return 0.0
    return float(np.median(robust.spread(np.diff(aligned, n=2, axis=0)))) / np.sqrt(6.0)


@dataclass(frozen=True)
class _Scene:
    """Aligned segments, and what is asked about the encounters between them."""

    separation: np.ndarray
    sign: np.ndarray
    time: np.ndarray
    greatest: float
    deviation: float
    settings: SeparationSettings

    def relation(self, before: np.ndarray, after: np.ndarray) -> float:
        """Return the log odds that two aligned segments have the same sign."""
        time, settings = self.time, self.settings
        first, last = before[-1], after[0]
        between = np.arange(first + 1, last)
        between = between[np.isfinite(self.separation[between]).all(axis=1)]
        if np.diff(time[[first, *between, last]]).max() > settings.longest_hidden_s:
            return 0.0
        duration = time[last] - time[first]
        window = np.clip(duration, settings.window_s, settings.longest_window_s)
        left = before[time[before] >= time[first] - window]
        right = after[time[after] <= time[last] + window]
        same, other = (self._misfit(left, between, right, sign) for sign in (1.0, -1.0))
        # Where neither assumption fits, the better one says little.
        doubt = max(1.0, min(float(same.mean()), float(other.mean())))
        evidence = float(other.sum() - same.sum()) / doubt
        evidence = float(np.clip(evidence, -settings.strongest, settings.strongest))
        ends = self.separation[[first, last]] * self.sign[[first, last], np.newaxis]
        if len(between) or self._approach(left, right):
            evidence += settings.crossing_prior * (1.0 if ends[0] @ ends[1] < 0 else -1.0)
        return evidence * self._passing(between)

    def _misfit(
        self, left: np.ndarray, between: np.ndarray, right: np.ndarray, relation: float
    ) -> np.ndarray:
        """Lay a cubic through both sides; return how little each frame fits it."""
        time, separation = self.time, self.separation
        sides = np.concatenate([left, right])
        sign = np.concatenate([self.sign[left], relation * self.sign[right]])
        curve = separation[sides] * sign[:, np.newaxis]
        bounds = time[left[-1]], time[right[0]]
        powers = _powers(time[sides], *bounds)
        cubic = np.linalg.lstsq(powers, curve, rcond=None)[0]
        off = ((powers @ cubic - curve) ** 2).sum(axis=1)
        # Frames in between have no sign yet: each takes the better one.
        predicted = _powers(time[between], *bounds) @ cubic
        near = np.minimum(
            ((predicted - separation[between]) ** 2).sum(axis=1),
            ((predicted + separation[between]) ** 2).sum(axis=1),
        )
        excess = np.concatenate([off, near]) / (2 * self.deviation**2)
        return np.minimum(excess, self.settings.outlier_cost)

    def _approach(self, left: np.ndarray, right: np.ndarray) -> bool:
        """Whether the points come together before and part after."""
        before, after = (np.linalg.norm(self.separation[part], axis=1) for part in (left, right))
        return bool(before.mean() > before[-1] and after.mean() > after[0])

    def _passing(self, between: np.ndarray) -> float:
        """Return 1 if the points pass, less the longer they rest beside each other.

        In a step-to gait one foot stops beside the other, and either may go on: movement tells
        nothing then, and the names must.
        """
        if not len(between):
            return 1.0
        size = np.linalg.norm(self.separation[between], axis=1)
        interval = float(np.median(np.diff(self.time[between[0] - 1 : between[-1] + 2])))
        rest = interval * float((size < self.settings.rest_share * self.greatest).sum())
        return min(1.0, self.settings.shortest_rest_s / max(rest, 1e-9)) ** 2


def _powers(time: np.ndarray, start: float, stop: float) -> np.ndarray:
    """Return the columns of a cubic in time, scaled for a good condition."""
    centred = (time - (start + stop) / 2) / max(stop - start, 1e-9)
    return centred[:, np.newaxis] ** np.arange(4)


def likeliest_signs(votes: np.ndarray, relations: np.ndarray) -> np.ndarray:
    """Return the likeliest signs of a chain (Viterbi): votes on each, relations between them."""
    score = np.array([votes[0], -votes[0]]) / 2
    origin = np.zeros((len(votes), 2), dtype=int)
    for index in range(1, len(votes)):
        relation = relations[index - 1] / 2
        stay = score + relation
        change = score[::-1] - relation
        origin[index] = np.where(stay >= change, [0, 1], [1, 0])
        score = np.maximum(stay, change) + np.array([votes[index], -votes[index]]) / 2
    states = np.empty(len(votes), dtype=int)
    state = int(np.argmax(score))
    for index in range(len(votes) - 1, -1, -1):
        states[index] = 1 - 2 * state
        state = int(origin[index, state])
    return states


def _follow_ends(
    sign: np.ndarray,
    separation: np.ndarray,
    time: np.ndarray,
    vote: np.ndarray,
    deviation: float,
    settings: SeparationSettings,
) -> None:
    """Decide, in place, the frames before the first and after the last decided one, outwards."""
    known = np.isfinite(separation).all(axis=1)
    decided = np.flatnonzero(sign)
    for outwards in (range(decided[0] - 1, -1, -1), range(decided[-1] + 1, len(sign))):
        for frame in outwards:
            decided = np.flatnonzero(sign)
            near = decided[np.argsort(np.abs(decided - frame), kind="stable")]
            recent = np.abs(time[near] - time[near[0]]) <= settings.end_window_s
            near = near[: max(int(recent.sum()), 3)]
            if len(near) < 3 or abs(time[frame] - time[near[0]]) > settings.window_s:
                break
            if known[frame]:
                aligned = separation[near] * sign[near, np.newaxis]
                line = np.polyfit(time[near] - time[frame], aligned, 1)
                odds = separation[frame] @ line[1] / deviation**2 + vote[frame]
                sign[frame] = 1 if odds >= 0 else -1


def _interpolated(
    values: np.ndarray, time: np.ndarray, decided: np.ndarray, longest_s: float
) -> np.ndarray:
    """Interpolate every frame from the decided ones before and after it, leaving itself out."""
    known = np.flatnonzero(decided)
    place = np.searchsorted(known, np.arange(len(time)))
    before, after = place - 1, place + decided
    inside = (before >= 0) & (after < len(known))
    inside[inside] = time[known[after[inside]]] - time[known[before[inside]]] <= longest_s
    first, second = known[before[inside]], known[after[inside]]
    share = (time[inside] - time[first]) / (time[second] - time[first])
    smooth = np.full(values.shape, np.nan)
    smooth[inside] = values[first] + share[:, np.newaxis] * (values[second] - values[first])
    return smooth
