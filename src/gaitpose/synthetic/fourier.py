"""A periodic curve as a Fourier series: the form in which gait styles are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class FourierSeries:
    """Periodic function of the phase of the gait cycle.

    Parameters
    ----------
    mean : float
        Degrees.
    cosines, sines : tuple of float
        Coefficients of harmonics 1, 2, ... in degrees; equally long.
    """

    mean: float
    cosines: tuple[float, ...] = ()
    sines: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if len(self.cosines) != len(self.sines):
            raise ValueError("a Fourier series needs as many sines as cosines")

    def __call__(self, phase: np.ndarray | float) -> np.ndarray:
        """Value in degrees at a phase (1 is one cycle; any real number)."""
        design = harmonic_basis(np.asarray(phase, dtype=float), len(self.cosines))
        return design @ np.concatenate([[self.mean], self.cosines, self.sines])

    def __add__(self, other: FourierSeries) -> FourierSeries:
        """Add two curves."""
        count = max(len(self.cosines), len(other.cosines))
        mine, theirs = self._padded(count), other._padded(count)
        return FourierSeries(
            self.mean + other.mean,
            tuple(a + b for a, b in zip(mine.cosines, theirs.cosines, strict=True)),
            tuple(a + b for a, b in zip(mine.sines, theirs.sines, strict=True)),
        )

    def __mul__(self, factor: float) -> FourierSeries:
        """Scale the curve by a number."""
        return FourierSeries(
            self.mean * factor,
            tuple(value * factor for value in self.cosines),
            tuple(value * factor for value in self.sines),
        )

    def _padded(self, count: int) -> FourierSeries:
        fill = (0.0,) * (count - len(self.cosines))
        return replace(self, cosines=self.cosines + fill, sines=self.sines + fill)

    @classmethod
    def through(cls, landmarks: Sequence[tuple[float, float]], harmonics: int = 7) -> FourierSeries:
        """Fit a series to landmarks of a printed curve, by least squares.

        Parameters
        ----------
        landmarks : sequence of (percent of cycle, degrees)
            In any order; 0 and 100 % are the same point. They are joined by straight lines
            first, so uneven spacing does not make the series swing between them.
        harmonics : int
            Number of harmonics.

        Returns
        -------
        FourierSeries
        """
        percent, degrees = np.array(sorted(landmarks), dtype=float).T
        dense = np.linspace(0.0, 100.0, 400, endpoint=False)
        values = np.interp(dense, percent, degrees, period=100.0)
        design = harmonic_basis(dense / 100.0, harmonics)
        fitted = np.linalg.lstsq(design, values, rcond=None)[0]
        cosines, sines = np.split(fitted[1:], 2)
        return cls(float(fitted[0]), tuple(cosines.tolist()), tuple(sines.tolist()))


def harmonic_basis(phase: np.ndarray, harmonics: int) -> np.ndarray:
    """Columns 1, cos(2 pi n phase), sin(2 pi n phase), n = 1..harmonics; shape (..., 1 + 2n)."""
    angle = 2 * np.pi * phase[..., np.newaxis] * np.arange(1, harmonics + 1)
    return np.concatenate([np.ones((*phase.shape, 1)), np.cos(angle), np.sin(angle)], axis=-1)
