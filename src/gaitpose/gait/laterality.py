"""Left and right over time: repair of legs, or single joints, whose names the estimator exchanged.

Image estimators exchange the legs of a person seen from the side, for single frames and for whole
steps, mostly where the legs cross. Ankles are followed first (:mod:`gaitpose.gait.separation`),
then knees, helped by the length of the shank; hips, heels and toes go with their leg unless they
contradict it. Footholds on one line (:mod:`gaitpose.gait.footholds`) keep one name, and a whole
pass those that most of its frames carry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.gait import robust
from gaitpose.gait.footholds import FootholdSettings, lower_leg
from gaitpose.gait.separation import Followed, SeparationSettings, follow
from gaitpose.skeleton import Side, mirrored

FOLLOWERS = ("hip", "heel", "toe")
"""Parts that go with the leg unless they contradict it."""


class LateralitySettings(BaseModel):
    """How exchanged names are found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    """Whether names are repaired at all."""
    ankle: SeparationSettings = SeparationSettings()
    """How the ankles are followed."""
    knee: SeparationSettings = SeparationSettings(roughness=0.1, strongest=4.0, crossing_prior=0.5)
    """How the knees are followed: less by their movement, since the shank tells more."""
    footholds: FootholdSettings = FootholdSettings()
    """How the lines that the feet stand on are found."""
    lower_odds: float = Field(default=2.0, ge=0)
    """Log odds that the lower line is the near foot's."""
    vote_per_s: float = Field(default=3.0, ge=0)
    """Log odds per second of full confidence that the estimator's names are right."""
    pairing_sd: float = Field(default=0.06, gt=0)
    """Variation of a segment's length in the picture, leg lengths (standard deviation)."""
    pairing_per_s: float = Field(default=30.0, ge=0)
    """Weight of the lengths per second, in log odds of one look."""
    length_window_s: float = Field(default=1.5, gt=0)
    """Window over which a segment's length is taken as constant."""
    position_sd: float = Field(default=0.05, gt=0)
    """Deviation of a point from where its neighbours in time put it, leg lengths."""
    own_evidence: float = Field(default=3.0, gt=0)
    """Log odds from which a knee or ankle is exchanged or kept against the rest of its leg."""
    follower_evidence: float = Field(default=6.0, gt=0)
    """The same for hips, heels and toes."""
    sure_agreement: float = Field(default=0.65, ge=0.5, le=1)
    """Share of a pass's names from which they are taken as right for the pass as a whole."""
    sure_odds: float = Field(default=3.0, gt=0)
    """Log odds from which divided names, the two lines and how well each leg is seen settle it."""
    upper_agreement: float = Field(default=0.9, ge=0.5, le=1)
    """Share of a pass's names from which it is believed that the near foot's line is the upper."""
    name_odds: float = Field(default=4.0, ge=0)
    """Log odds of names that all agree, where the pass as a whole is in doubt."""
    confidence_lead: float = Field(default=0.05, gt=0)
    """Lead in mean confidence of the near leg that counts as much as one log odd."""
    steady_window_s: float = Field(default=0.3, gt=0)
    """Window over which the hips' separation is taken as steady."""


@dataclass(frozen=True)
class Repair:
    """Which points of one pass carry the other side's name.

    Parameters
    ----------
    swapped : array of bool, (time, keypoints)
    agreement : float
        Share of the confidence with which the estimator named ankles and knees as movement joins
        them, 0..1.
    in_doubt : bool
        Whether the names are divided and nothing settles them, or contradict the footholds: left
        and right of the pass as a whole are a guess then.
    """

    swapped: np.ndarray
    agreement: float
    in_doubt: bool


def repair_pass(
    position: np.ndarray,
    confidence: np.ndarray,
    time: np.ndarray,
    names: Sequence[str],
    leg_length: float,
    near: Side,
    settings: LateralitySettings,
) -> Repair:
    """Find exchanged names in one pass of a picture.

    Parameters
    ----------
    position : array, (time, keypoints, 2)
        NaN is missing.
    confidence : array, (time, keypoints)
        0..1.
    time : array, (time,)
        Seconds.
    names : sequence of str
        Keypoints.
    leg_length : float
        In the units of ``position``.
    near : {"left", "right"}
        Side that the direction of walking turns to the camera.
    settings : LateralitySettings

    Returns
    -------
    Repair

    Notes
    -----
    Movement tells which leg is which from frame to frame, not which of them is the left one. That
    is what most names say; where they are divided, the leg that stands lower in the picture and is
    seen better is the near one.
    """
    legs = _Legs(position, confidence, time, names, leg_length, settings)
    ankles, footholds = legs.follow_ankles(near)
    votes = legs.label_votes("knee") + legs.pairing_votes("knee", "ankle", ankles)
    knees = legs.follow("knee", votes)
    evidence = {
        "ankle": legs.evidence("ankle", ankles.smooth),
        "knee": legs.evidence("knee", knees.smooth),
    }
    leg = _leg_signs(evidence["ankle"] + evidence["knee"])
    signs = {part: _decide(evidence[part], leg, settings.own_evidence) for part in evidence}
    for part in FOLLOWERS:
        if legs.has(part):
            base = leg if part == "hip" else signs["ankle"]
            odds = legs.evidence(part, legs.steady(part, base, signs))
            signs[part] = _decide(odds, base, settings.follower_evidence)
    agreement = legs.agreement(signs)
    divided = agreement < settings.sure_agreement
    lower = np.sign((footholds * signs["ankle"]).sum())
    whole = legs.better_seen(signs, near) + settings.lower_odds * float(lower)
    if divided and whole < 0:
        signs = {part: -sign for part, sign in signs.items()}
        agreement = legs.agreement(signs)
        lower = -lower
    if lower < 0:
        in_doubt = agreement < settings.upper_agreement
    else:
        in_doubt = divided and (lower == 0 or abs(whole) < settings.sure_odds)
    swapped = np.zeros(confidence.shape, dtype=bool)
    for part, sign in signs.items():
        swapped[:, legs.columns(part)] = (sign < 0)[:, np.newaxis]
    return Repair(swapped, agreement, in_doubt)


@dataclass(frozen=True)
class _Legs:
    """The two legs of one pass, and what can be asked about them."""

    position: np.ndarray
    confidence: np.ndarray
    time: np.ndarray
    names: Sequence[str]
    leg_length: float
    settings: LateralitySettings

    def has(self, part: str) -> bool:
        return {f"left_{part}", f"right_{part}"} <= set(self.names)

    def columns(self, part: str) -> list[int]:
        return [list(self.names).index(f"{side}_{part}") for side in ("left", "right")]

    def pair(self, part: str) -> np.ndarray:
        """(time, 2, space), left first."""
        return self.position[:, self.columns(part)]

    def separation(self, part: str) -> np.ndarray:
        pair = self.pair(part)
        return pair[:, 0] - pair[:, 1]

    def interval(self) -> float:
        return float(np.median(np.diff(self.time)))

    def label_votes(self, part: str) -> np.ndarray:
        weight = self.confidence[:, self.columns(part)].mean(axis=1)
        return weight * self.settings.vote_per_s * self.interval()

    def pairing_votes(self, part: str, lower: str, followed: Followed) -> np.ndarray:
        """Log odds that ``part`` carries the names of the joints below, by segment length."""
        upper, ends = self.pair(part), _exchanged(self.pair(lower), followed.sign)
        own = np.linalg.norm(upper - ends, axis=2)
        other = np.linalg.norm(upper - ends[:, ::-1], axis=2)
        # The person's size in the picture changes along an oblique walk, so length is local.
        block = max(round(self.settings.length_window_s / self.interval()), 5)
        named = robust.block_median(np.linalg.norm(upper - self.pair(lower), axis=2), block)
        length = robust.mean(named, axis=1)[:, np.newaxis]
        spread = self.settings.pairing_sd * self.leg_length
        odds = ((other - length) ** 2 - (own - length) ** 2).sum(axis=1) / (2 * spread**2)
        odds[followed.sign == 0] = 0.0
        return np.clip(np.nan_to_num(odds), -2, 2) * self.settings.pairing_per_s * self.interval()

    def follow(self, part: str, votes: np.ndarray) -> Followed:
        settings = self.settings.ankle if part == "ankle" else self.settings.knee
        return follow(self.separation(part), self.time, votes, self.leg_length, settings)

    def follow_ankles(self, near: Side) -> tuple[Followed, np.ndarray]:
        """Follow the ankles, helped by the lines that the feet stand on.

        Footholds on one line are one leg's. Which leg's, the names say; the near foot's line is the
        lower one as a rule, but not where the camera looks from below, a heel is raised, a shoe has
        a lift, or somebody walks backwards. Legs that are followed better stand in better places,
        so they are followed and asked twice; lines that the first look found are kept.

        Returns
        -------
        followed : Followed
        footholds : array, (time,)
            Log odds that the names are right if the near foot's line is the lower one; 0 if there
            are no two lines.
        """
        names = self.label_votes("ankle")
        followed, footholds = self.follow("ankle", names), np.zeros(len(self.time))
        for _ in range(2):
            sign = np.where(followed.sign < 0, -1, 1)
            legs = _exchanged(self.pair("ankle"), sign)
            first = lower_leg(legs, self.time, self.leg_length, self.settings.footholds)
            if first is None:
                break
            footholds = first * sign * (1 if near == "left" else -1)
            odds = float((names * np.sign(footholds)).sum()) + self.settings.lower_odds
            followed = self.follow("ankle", names + (footholds if odds > 0 else -footholds))
        return followed, footholds

    def evidence(self, part: str, smooth: np.ndarray) -> np.ndarray:
        """Log odds of every frame that its names are kept, given where the pair should be."""
        spread = self.settings.position_sd * self.leg_length
        both = np.einsum("ij,ij->i", self.separation(part), smooth) / spread**2
        alone = self._alone(part, smooth) / (2 * spread**2)
        return np.nan_to_num(np.where(np.isfinite(both), both, alone))

    def _alone(self, part: str, smooth: np.ndarray) -> np.ndarray:
        """Squared distances of a point whose partner is hidden: to the other place less its own."""
        pair = self.pair(part)
        middle = _bridge(pair.mean(axis=1), self.time)
        places = np.stack([middle + smooth / 2, middle - smooth / 2], axis=1)
        own = ((pair - places) ** 2).sum(axis=2)
        other = ((pair - places[:, ::-1]) ** 2).sum(axis=2)
        return robust.mean(other - own, axis=1)

    def steady(self, part: str, base: np.ndarray, signs: dict[str, np.ndarray]) -> np.ndarray:
        """Where a pair that goes with the leg should be."""
        if part == "hip":
            block = max(round(self.settings.steady_window_s / self.interval()), 5)
            return robust.block_median(self.separation("hip") * base[:, np.newaxis], block)
        ankles = _exchanged(self.pair("ankle"), signs["ankle"])
        return ankles[:, 0] - ankles[:, 1]

    def agreement(self, signs: dict[str, np.ndarray]) -> float:
        kept = total = 0.0
        for part in ("ankle", "knee"):
            pair = self.separation(part)
            weight = self.confidence[:, self.columns(part)].mean(axis=1)
            weight = np.where(np.isfinite(pair).all(axis=1), weight, 0.0)
            kept += float(weight[signs[part] > 0].sum())
            total += float(weight.sum())
        return kept / total if total else 1.0

    def better_seen(self, signs: dict[str, np.ndarray], near: Side) -> float:
        """Log odds, by names and by how well each leg is seen, that ``signs`` are right."""
        seen = [
            _exchanged(self.confidence[:, self.columns(part), np.newaxis], sign).mean(axis=(0, 2))
            for part, sign in signs.items()
            if part != "hip"
        ]
        left, right = np.mean(seen, axis=0)
        lead = (left - right) if near == "left" else (right - left)
        names = self.settings.name_odds * (2.0 * self.agreement(signs) - 1.0)
        return float(names + lead / self.settings.confidence_lead)


def _decide(evidence: np.ndarray, leg: np.ndarray, least: float) -> np.ndarray:
    """Go with the leg, or with a joint's own evidence where it is strong."""
    return np.where(np.abs(evidence) > least, np.sign(evidence), leg).astype(int)


def _leg_signs(evidence: np.ndarray) -> np.ndarray:
    """Return the sign of every frame; where nothing speaks, that of the nearest that does."""
    sign = np.sign(evidence).astype(int)
    spoken = np.flatnonzero(np.abs(evidence) > 1.0)
    if not len(spoken):
        return np.ones(len(evidence), dtype=int)
    silent = np.flatnonzero(np.abs(evidence) <= 1.0)
    place = np.searchsorted(spoken, silent)
    before = spoken[np.clip(place - 1, 0, len(spoken) - 1)]
    after = spoken[np.clip(place, 0, len(spoken) - 1)]
    sign[silent] = sign[np.where(silent - before <= after - silent, before, after)]
    return sign


def _exchanged(pair: np.ndarray, sign: np.ndarray) -> np.ndarray:
    return np.where((sign < 0)[:, np.newaxis, np.newaxis], pair[:, ::-1], pair)


def _bridge(values: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Interpolate missing frames on straight lines, up to a fifth of a second."""
    bridged = values.copy()
    known = np.flatnonzero(np.isfinite(values).all(axis=1))
    if len(known) < 2:
        return bridged
    place = np.clip(np.searchsorted(known, np.arange(len(time))), 1, len(known) - 1)
    near = time[known[place]] - time[known[place - 1]] <= 0.2
    for axis in range(values.shape[1]):
        line = np.interp(time, time[known], values[known, axis], left=np.nan, right=np.nan)
        bridged[:, axis] = np.where(near, line, values[:, axis])
    return bridged


def exchange(position: np.ndarray, swapped: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Give swapped points the name of the other side.

    Parameters
    ----------
    position : array, (time, keypoints, ...)
    swapped : array of bool, (time, keypoints)
        Equal for both points of a pair.
    names : sequence of str

    Returns
    -------
    array, (time, keypoints, ...)
    """
    order = [list(names).index(mirrored(name)) for name in names]
    shape = swapped.shape + (1,) * (position.ndim - 2)
    return np.where(swapped.reshape(shape), position[:, order], position)


def find_single_swaps(
    position: np.ndarray,
    names: Sequence[str],
    leg_length: float,
    settings: LateralitySettings,
) -> np.ndarray:
    """Find frames of a 3-D recording in which both legs jumped to each other's place.

    Parameters
    ----------
    position : array, (time, keypoints, 3)
    names : sequence of str
    leg_length : float
    settings : LateralitySettings

    Returns
    -------
    array of bool, (time, keypoints)

    Notes
    -----
    Motion capture names its points itself, and the legs never coincide in 3-D, so nothing is
    followed over time: only single frames are exchanged that both neighbours contradict.
    """
    swapped = np.zeros(position.shape[:2], dtype=bool)
    spread = settings.position_sd * leg_length
    evidence = np.zeros(len(position))
    columns = []
    for part in ("knee", "ankle"):
        pair = [list(names).index(f"{side}_{part}") for side in ("left", "right")]
        columns += pair
        separation = position[:, pair[0]] - position[:, pair[1]]
        around = np.full(separation.shape, np.nan)
        around[1:-1] = (separation[2:] + separation[:-2]) / 2
        steady = np.full(len(position), False)
        steady[1:-1] = np.einsum("ij,ij->i", separation[2:], separation[:-2]) > 0
        odds = np.einsum("ij,ij->i", separation, around) / spread**2
        evidence += np.where(steady, np.nan_to_num(odds), 0.0)
    columns += [index for index, name in enumerate(names) if name.split("_")[1] in FOLLOWERS]
    swapped[:, columns] = (evidence < -2 * settings.own_evidence)[:, np.newaxis]
    return swapped
