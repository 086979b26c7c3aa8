"""The one small protocol that every pose estimator follows: frame and box in, joints out."""

from __future__ import annotations

from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np


class Box(NamedTuple):
    """An upright rectangle around a person, in pixels of the image; it may reach outside of it.

    Parameters
    ----------
    x0, y0 : float
        Left and top edge.
    x1, y1 : float
        Right and bottom edge.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Horizontal extent, px."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Vertical extent, px."""
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        """Middle (x, y), px."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


@runtime_checkable
class Estimator(Protocol):
    """Finds the joints of the one person a box was drawn around.

    Attributes
    ----------
    name : str
        Short name, as ``--estimator`` takes it.
    keypoints : tuple of str
        The eight :data:`gaitpose.skeleton.JOINTS` first, in their order; some or all of
        :data:`gaitpose.skeleton.FOOT_POINTS` may follow.
    """

    name: str
    keypoints: tuple[str, ...]

    def predict(self, rgb: np.ndarray, box: Box) -> np.ndarray:
        """Find the joints of the person in `box`.

        Parameters
        ----------
        rgb : uint8 array, (height, width, 3)
            The whole frame.
        box : Box
            Tight rectangle around the person; the estimator adds the margin and the aspect ratio
            that it was trained with.

        Returns
        -------
        float array, (keypoints, 3)
            x, y in pixels of the frame (pixel centres at integers) and confidence 0..1.
        """
        ...

    def describe(self) -> dict[str, str]:
        """Say what runs: ``weights`` (file name), ``sha256``, ``runtime``, ``why`` it is used."""
        ...
