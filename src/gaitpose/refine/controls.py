"""The control that a refiner must beat besides the sensor itself: the training's mean curve."""

from __future__ import annotations

import numpy as np

from gaitpose.refine.sequences import Groups, Sequences, check_features, check_pairs

PHASES = 101


class MeanCurve:
    """The mean of the training targets over the sequence's relative time, blind to the sensor."""

    curve: np.ndarray

    def fit(self, sequences: Sequences, targets: Sequences, groups: Groups) -> MeanCurve:
        """Average the targets, each stretched to 0..100 % of its sequence."""
        check_pairs(sequences, targets, groups)
        stretched = np.stack([stretch(target, PHASES) for target in targets])
        known = np.isfinite(stretched)
        total = np.where(known, stretched, 0).sum(axis=0)
        self.curve = total / np.maximum(known.sum(axis=0), 1)
        return self

    def predict(self, sequences: Sequences) -> list[np.ndarray]:
        """Stretch the mean curve to the length of each sequence."""
        check_features(sequences, sequences[0].shape[1] if len(sequences) else 0)
        return [stretch(self.curve, len(one)) for one in sequences]


def stretch(sequence: np.ndarray, frames: int) -> np.ndarray:
    """Resample (frames, columns) linearly to another number of frames; NaN spreads by one."""
    at = np.linspace(0, len(sequence) - 1, frames)
    clock = np.arange(len(sequence))
    return np.stack(
        [np.interp(at, clock, sequence[:, column]) for column in range(sequence.shape[1])], axis=1
    )
