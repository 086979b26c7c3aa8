"""The words of this room: sequences of features, their targets, and checks on both.

Refiners take lists of arrays, one a sequence: features (frames, features) and targets (frames,
angles), of any length. NaN in a target is not learnt from; a feature that is NaN takes its mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from gaitpose.errors import BadSettings, UnreadableInput

Sequences = Sequence[np.ndarray]
Groups = Sequence[str]
"""Subject of each sequence: what must not be on both sides of a split."""


class Refiner(Protocol):
    """What all refiners can do, in the manner of scikit-learn."""

    def fit(self, sequences: Sequences, targets: Sequences, groups: Groups) -> Refiner:
        """Learn from paired sequences; returns itself."""
        ...

    def predict(self, sequences: Sequences) -> list[np.ndarray]:
        """Angles, (frames, angles) of each sequence, degrees."""
        ...


def check_pairs(sequences: Sequences, targets: Sequences, groups: Groups) -> None:
    """Refuse pairs that cannot be learnt from.

    Raises
    ------
    BadSettings
        If lists or lengths differ, or nothing is known of an angle.
    """
    if not len(sequences) == len(targets) == len(groups) or not len(sequences):
        raise BadSettings(
            f"{len(sequences)} sequences, {len(targets)} targets and {len(groups)} groups "
            "must be equally many, at least one",
            where="fit",
        )
    for number, (features, target) in enumerate(zip(sequences, targets, strict=True)):
        if len(features) != len(target):
            raise BadSettings(
                f"{len(features)} frames of features but {len(target)} of targets",
                where=f"sequence {number} ({groups[number]})",
                hint="Resample one to the other's rate",
            )
    known = np.stack([np.isfinite(target).any(axis=0) for target in targets]).any(axis=0)
    if not known.all():
        raise BadSettings(
            f"angle number {', '.join(map(str, np.flatnonzero(~known)))} is missing everywhere",
            where="targets",
        )


def check_features(sequences: Sequences, count: int) -> None:
    """Refuse sequences that do not have the `count` features of the training.

    Raises
    ------
    UnreadableInput
    """
    for number, features in enumerate(sequences):
        if features.ndim != 2 or features.shape[1] != count:
            raise UnreadableInput(
                f"shape {features.shape} is not (frames, {count} features)",
                where=f"sequence {number}",
            )


class Standard:
    """Mean and spread of each column over all sequences; NaN takes the mean."""

    FLOOR = 1e-3
    """Smallest spread: a column that never varies must not be blown up."""

    def __init__(self, mean: np.ndarray, spread: np.ndarray) -> None:
        self.mean = mean
        self.spread = spread

    @classmethod
    def of(cls, sequences: Sequences) -> Standard:
        """Learn from sequences."""
        columns = np.concatenate([np.asarray(one, dtype=float) for one in sequences])
        known = np.isfinite(columns)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, columns, 0).sum(axis=0) / count
        variance = np.where(known, (columns - mean) ** 2, 0).sum(axis=0) / count
        return cls(mean, np.maximum(np.sqrt(variance), cls.FLOOR))

    def apply(self, sequence: np.ndarray) -> np.ndarray:
        """Scale to mean 0, spread 1; NaN becomes 0."""
        scaled = (np.asarray(sequence, dtype=float) - self.mean) / self.spread
        return np.where(np.isfinite(scaled), scaled, 0.0)

    def mask(self, sequence: np.ndarray) -> np.ndarray:
        """Scale, keeping NaN."""
        return (np.asarray(sequence, dtype=float) - self.mean) / self.spread

    def invert(self, scaled: np.ndarray) -> np.ndarray:
        """Back to the data's unit."""
        return scaled * self.spread + self.mean


def root_mean_square(differences: Sequences) -> np.ndarray:
    """Per angle over the frames of all sequences; NaN is left out."""
    stacked = np.concatenate(list(differences))
    known = np.isfinite(stacked)
    square = np.where(known, stacked, 0) ** 2
    with np.errstate(invalid="ignore"):
        return np.sqrt(square.sum(axis=0) / known.sum(axis=0))
