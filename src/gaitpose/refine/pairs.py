"""Pair a sensor's recording with motion capture: one clock, one rate, one sequence a leg."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.agreement.align import lag_of_curves
from gaitpose.errors import UnreadableInput
from gaitpose.refine.features import FeatureSettings, leg_features, own_angles, resample_joints
from gaitpose.skeleton import SIDES, Side

LAG_ANGLES = ("hip_flexion", "knee_flexion")
"""Angles that both systems see well enough to find the lag from."""


class PairSettings(BaseModel):
    """How a sensor's clock is brought onto the reference's.

    Parameters
    ----------
    maximum_lag : float
        Seconds that the two may be apart; 0 where they are locked.
    minimum_overlap : float
        Share of the shorter recording that must remain.
    minimum_frames : int
        Shorter sequences are left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    maximum_lag: float = Field(default=0.5, ge=0)
    minimum_overlap: float = Field(default=0.6, gt=0, le=1)
    minimum_frames: int = Field(default=10, ge=2)


@dataclass(frozen=True, eq=False)
class PairedSequence:
    """One leg of one trial.

    Attributes
    ----------
    subject, trial, side : str
    features : array, (frames, features)
    own, target : array, (frames, angles)
        The sensor's own angles, and motion capture's; degrees, NaN is missing.
    lag : float
        Seconds that were added to the sensor's clock.
    movement : str
        What is done, where people do several things.
    judged : (int, int), optional
        First and last+1 frame that is judged; those around them are learnt from, and let a model
        see what comes before and after. Default: all.
    cycles : tuple of (int, int)
        First and last+1 frame of each repetition in the sequence, for curves over 0..100 %.
    start : float
        The first frame's time on the reference's clock, seconds.
    """

    subject: str
    trial: str
    side: Side
    features: np.ndarray
    own: np.ndarray
    target: np.ndarray
    lag: float
    movement: str = ""
    judged: tuple[int, int] | None = None
    cycles: tuple[tuple[int, int], ...] = ()
    start: float = 0.0

    @property
    def judged_frames(self) -> slice:
        """Frames that scores are taken from."""
        return slice(None) if self.judged is None else slice(*self.judged)

    @property
    def repetitions(self) -> tuple[tuple[int, int], ...]:
        """The cycles, or the whole sequence where it is one."""
        return self.cycles or ((0, len(self.target)),)


@dataclass(frozen=True, eq=False)
class Stretch:
    """The part of a trial that counts, in seconds of the reference's clock.

    Attributes
    ----------
    start, end : float
    margin : float
        What lies so far around it is learnt from, but not judged.
    strikes : dict of side to array
        Foot strikes, which cut it to cycles.
    """

    start: float
    end: float
    margin: float
    strikes: dict[Side, np.ndarray]


@dataclass(frozen=True)
class Dataset:
    """Paired sequences, what they mean, and what was left out.

    Attributes
    ----------
    kind : str
        Where the inputs come from.
    rate : float
        Frames per second of the sequences.
    feature_names, angles : tuple of str
    features : FeatureSettings or None
        How joints became features; None where the inputs were angles.
    skipped : dict of str to str
        Trial and why it, or part of it, was left out.
    """

    kind: str
    rate: float
    feature_names: tuple[str, ...]
    angles: tuple[str, ...]
    features: FeatureSettings | None
    sequences: tuple[PairedSequence, ...]
    skipped: dict[str, str] = field(default_factory=dict)

    @property
    def subjects(self) -> list[str]:
        """Names of the people, sorted."""
        return sorted({one.subject for one in self.sequences})

    def split(self, left_out: str) -> tuple[list[PairedSequence], list[PairedSequence]]:
        """Sequences of the others, and of the subject left out."""
        training = [one for one in self.sequences if one.subject != left_out]
        return training, [one for one in self.sequences if one.subject == left_out]


def arrays(
    sequences: Sequence[PairedSequence],
) -> tuple[list[np.ndarray], list[np.ndarray], list[str]]:
    """Features, targets and groups, as the refiners take them."""
    return (
        [one.features for one in sequences],
        [one.target for one in sequences],
        [one.subject for one in sequences],
    )


def pair_trial(
    joints: dict[str, np.ndarray],
    time: np.ndarray,
    reference: np.ndarray,
    reference_time: np.ndarray,
    *,
    subject: str,
    trial: str,
    angles: tuple[str, ...],
    features: FeatureSettings,
    settings: PairSettings,
    movement: str = "",
    stretch: Stretch | None = None,
) -> list[PairedSequence]:
    """Bring one trial onto one clock and make a sequence of each leg.

    Parameters
    ----------
    joints : dict of name to array, (frames, 3)
        The sensor's joints, metres, y up, at `time` (s).
    reference : array, (samples, 2, angles)
        Motion capture's angles, left and right, degrees, at `reference_time` (s), named `angles`.
    subject, trial : str
    features : FeatureSettings
    settings : PairSettings
    movement : str
    stretch : Stretch, optional
        Default: the whole trial.

    Returns
    -------
    list of PairedSequence
        Left and right, at the features' rate, over the overlap.

    Raises
    ------
    UnreadableInput
        If too little overlaps.
    """
    bridged, clock, is_seen = resample_joints(joints, time, features)
    sides = {side: leg_features(bridged, side, features) for side in SIDES}
    target = _at(clock, reference_time, reference)
    own = own_angles(bridged, features).sel(joint=list(angles)).values
    lag = _lag(own, target, angles, features, settings)
    at = clock + lag
    target = _at(at, reference_time, reference)
    target[~is_seen] = np.nan
    if stretch is not None:
        away = np.maximum(stretch.start - at, at - stretch.end)
        target[away > stretch.margin] = np.nan
    known = np.isfinite(target).any(axis=(1, 2))
    if known.sum() < settings.minimum_frames:
        raise UnreadableInput(
            f"only {known.sum()} frames are seen by both systems", where=f"{subject} {trial}"
        )
    first, last = np.flatnonzero(known)[[0, -1]]
    window = slice(int(first), int(last) + 1)
    return [
        PairedSequence(
            subject,
            trial,
            side,
            sides[side][window],
            own[window, number],
            target[window, number],
            float(lag),
            movement,
            _judged(at[window], stretch),
            _cycles(at[window], stretch, side),
            float(at[window][0]),
        )
        for number, side in enumerate(SIDES)
        if np.isfinite(target[window, number]).any()
    ]


def _judged(at: np.ndarray, stretch: Stretch | None) -> tuple[int, int] | None:
    if stretch is None:
        return None
    start, end = np.searchsorted(at, [stretch.start - 1e-9, stretch.end + 1e-9])
    return int(start), int(end)


def _cycles(at: np.ndarray, stretch: Stretch | None, side: Side) -> tuple[tuple[int, int], ...]:
    if stretch is None:
        return ()
    strikes = stretch.strikes[side]
    strikes = strikes[
        (strikes >= max(stretch.start, at[0])) & (strikes <= min(stretch.end, at[-1]))
    ]
    # A cycle ends with the frame of the next strike: 0 and 100 % are the same moment.
    frames = [int(np.argmin(np.abs(at - strike))) for strike in strikes]
    return tuple((start, end + 1) for start, end in pairwise(frames))


def _at(clock: np.ndarray, time: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Interpolate (samples, sides, angles); outside the recording and beside NaN: NaN."""
    flat = values.reshape(len(time), -1)
    columns = [
        np.interp(clock, time, flat[:, column], left=np.nan, right=np.nan)
        for column in range(flat.shape[1])
    ]
    return np.stack(columns, axis=1).reshape(len(clock), *values.shape[1:])


def _lag(
    own: np.ndarray,
    target: np.ndarray,
    angles: tuple[str, ...],
    features: FeatureSettings,
    settings: PairSettings,
) -> float:
    if settings.maximum_lag == 0:
        return 0.0
    sought = [angles.index(name) for name in LAG_ANGLES]
    curves = own[:, :, sought].reshape(len(own), -1)
    wanted = target[:, :, sought].reshape(len(target), -1)
    reach = int(np.floor(settings.maximum_lag * features.rate))
    shift, *_ = lag_of_curves(
        curves,
        wanted,
        lowest=-reach,
        highest=reach,
        preferred=0.0,
        minimum_overlap=settings.minimum_overlap,
        near_best=0.0,
    )
    return shift / features.rate if np.isfinite(shift) else 0.0
