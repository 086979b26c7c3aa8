"""Linear refiner: one ridge regression an angle, on a window of frames around each frame.

How wide the window is and how strong the penalty is chosen for each angle on inner folds, one
training subject left out at a time. Sums of products per subject make that cheap: leaving a
subject out is a subtraction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.refine.sequences import Groups, Sequences, Standard, check_features, check_pairs

FIFTHS = 5


class LinearSettings(BaseModel):
    """Choices that the inner folds decide among.

    Parameters
    ----------
    half_windows : tuple of float
        Seconds before and after the frame; 0 is the frame alone.
    taps : int
        Frames taken from each half of the window, besides the middle one.
    penalties : tuple of float
        Ridge penalties, relative to the features' variance (features are standardised).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    half_windows: tuple[float, ...] = (0.0, 0.27, 0.5)
    taps: int = Field(default=2, ge=1)
    penalties: tuple[float, ...] = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)


@dataclass(frozen=True, eq=False)
class LinearModel:
    """One angle's regression: offsets of the frames in the window, in frames, and its weights."""

    offsets: np.ndarray
    weights: np.ndarray
    intercept: float
    penalty: float


@dataclass(frozen=True, eq=False)
class _Products:
    """Sums over one subject's frames that ridge regression needs; the last feature is constant."""

    gram: np.ndarray
    moment: np.ndarray
    power: float
    count: int

    def __add__(self, other: _Products) -> _Products:
        return _Products(
            self.gram + other.gram,
            self.moment + other.moment,
            self.power + other.power,
            self.count + other.count,
        )

    def __sub__(self, other: _Products) -> _Products:
        return _Products(
            self.gram - other.gram,
            self.moment - other.moment,
            self.power - other.power,
            self.count - other.count,
        )


class LinearRefiner:
    """Ridge regression on a window of frames, one an angle.

    Parameters
    ----------
    rate : float
        Frames per second of the sequences.
    settings : LinearSettings, optional

    Attributes
    ----------
    models : list of LinearModel
        One an angle, after :meth:`fit`.
    """

    models: list[LinearModel]
    standard: Standard

    def __init__(self, rate: float, settings: LinearSettings | None = None) -> None:
        self.rate = rate
        self.settings = settings or LinearSettings()

    def fit(self, sequences: Sequences, targets: Sequences, groups: Groups) -> LinearRefiner:
        """Learn from paired sequences.

        Parameters
        ----------
        sequences : list of array, (frames, features)
        targets : list of array, (frames, angles)
            Degrees; NaN is not learnt from.
        groups : list of str
            Subject of each sequence. With one subject the inner folds are fifths of the sequences,
            which says less about other people.
        """
        check_pairs(sequences, targets, groups)
        self.standard = Standard.of(sequences)
        scaled = [self.standard.apply(one) for one in sequences]
        folds = _folds(groups)
        angles = targets[0].shape[1]
        best: list[tuple[float, LinearModel] | None] = [None] * angles
        for offsets in self._windows():
            designs = [_design(one, offsets) for one in scaled]
            grams = [design.T @ design for design in designs]
            for angle in range(angles):
                error, model = self._best_of(designs, grams, targets, folds, angle, offsets)
                held = best[angle]
                if held is None or error < held[0]:
                    best[angle] = error, model
        self.models = [found[1] for found in best if found is not None]
        return self

    def predict(self, sequences: Sequences) -> list[np.ndarray]:
        """Angles, (frames, angles) of each sequence, degrees."""
        check_features(sequences, len(self.standard.mean))
        results = []
        for one in sequences:
            scaled = self.standard.apply(one)
            columns = [
                _windowed(scaled, model.offsets) @ model.weights + model.intercept
                for model in self.models
            ]
            results.append(np.stack(columns, axis=1))
        return results

    def _windows(self) -> list[np.ndarray]:
        windows = []
        for half in self.settings.half_windows:
            steps = np.arange(-self.settings.taps, self.settings.taps + 1)
            windows.append(np.unique(np.round(steps * half * self.rate / self.settings.taps)))
        return [window.astype(int) for window in windows]

    def _best_of(
        self,
        designs: list[np.ndarray],
        grams: list[np.ndarray],
        targets: Sequences,
        folds: Groups,
        angle: int,
        offsets: np.ndarray,
    ) -> tuple[float, LinearModel]:
        """Find the best penalty for one angle and window, with its mean error on inner folds."""
        parts: dict[str, _Products] = {}
        for design, gram, target, fold in zip(designs, grams, targets, folds, strict=True):
            products = _products(design, gram, target[:, angle])
            parts[fold] = parts[fold] + products if fold in parts else products
        parts = {fold: part for fold, part in parts.items() if part.count}
        total = next(iter(parts.values()))
        for part in list(parts.values())[1:]:
            total = total + part
        penalties = np.array(self.settings.penalties)
        errors = np.zeros(len(penalties))
        for part in parts.values():
            weights = _ridge(total - part if len(parts) > 1 else total, penalties)
            errors += np.array([_error(part, column) for column in weights]) / len(parts)
        chosen = int(np.argmin(errors))
        solution = _ridge(total, penalties[chosen : chosen + 1])[0]
        model = LinearModel(offsets, solution[:-1], float(solution[-1]), float(penalties[chosen]))
        return float(errors[chosen]), model


def _folds(groups: Groups) -> list[str]:
    if len(set(groups)) > 1:
        return list(groups)
    return [f"{group} {number * FIFTHS // len(groups)}" for number, group in enumerate(groups)]


def _windowed(scaled: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    frames = np.arange(len(scaled))[:, None] + offsets
    return scaled[np.clip(frames, 0, len(scaled) - 1)].reshape(len(scaled), -1)


def _design(scaled: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    windowed = _windowed(scaled, offsets)
    return np.concatenate([windowed, np.ones((len(windowed), 1))], axis=1)


def _products(design: np.ndarray, gram: np.ndarray, target: np.ndarray) -> _Products:
    known = np.isfinite(target)
    if not known.all():
        design, target = design[known], target[known]
        gram = design.T @ design
    return _Products(gram, design.T @ target, float(target @ target), int(known.sum()))


def _ridge(products: _Products, penalties: np.ndarray) -> list[np.ndarray]:
    """Weights for each penalty; the constant, in the last place, is not penalised."""
    n = max(products.count, 1)
    mean = products.gram[-1, :-1] / n
    height = products.moment[-1] / n
    gram = products.gram[:-1, :-1] / n - np.outer(mean, mean)
    moment = products.moment[:-1] / n - mean * height
    values, vectors = np.linalg.eigh(gram)
    values = np.maximum(values, 0)
    rotated = vectors.T @ moment
    solutions = [vectors @ (rotated / (values + penalty)) for penalty in penalties]
    return [np.append(weights, height - mean @ weights) for weights in solutions]


def _error(products: _Products, weights: np.ndarray) -> float:
    """Root mean square error on one subject, from its products alone."""
    square = products.power - 2 * weights @ products.moment + weights @ products.gram @ weights
    return float(np.sqrt(max(square, 0.0) / products.count))
