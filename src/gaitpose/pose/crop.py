"""Cut the window around a person out of a frame, and carry points back into the frame."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from gaitpose.pose.estimator import Box
from gaitpose.pose.exposure import brightened, gain_of


@dataclass(frozen=True)
class Crop:
    """A window of a frame, resampled to a network's input size.

    Parameters
    ----------
    patch : uint8 array, (height, width, 3)
        The resampled window, brightened if it is dark (:mod:`gaitpose.pose.exposure`); replicated
        edge pixels where it reaches outside of the frame.
    x0, y0 : int
        Column and row of the frame at which the window starts; may be negative.
    scale_x, scale_y : float
        Pixels of the frame per pixel of the patch.
    """

    patch: np.ndarray
    x0: int
    y0: int
    scale_x: float
    scale_y: float

    def to_image(self, points: np.ndarray) -> np.ndarray:
        """Carry points from the patch into the frame; pixel centres are integers in both.

        Parameters
        ----------
        points : float array, (..., 2)
            x, y in pixels of the patch.

        Returns
        -------
        float array, (..., 2)
            x, y in pixels of the frame.
        """
        scale = np.array([self.scale_x, self.scale_y])
        return (np.asarray(points) + 0.5) * scale - 0.5 + np.array([self.x0, self.y0])


def cut(rgb: np.ndarray, box: Box, width: int, height: int, margin: float) -> Crop:
    """Cut the window around `box`, with a margin, in the aspect ratio of width : height.

    Parameters
    ----------
    rgb : uint8 array, (rows, columns, 3)
        The frame.
    box : Box
        Tight rectangle around the person, px.
    width, height : int
        Size of the patch, px.
    margin : float
        The window is this many times larger than the smallest rectangle of the patch's aspect
        ratio that holds the box; 1.25 is usual.

    Returns
    -------
    Crop
        The patch and the way back.
    """
    window_height = margin * max(box.height, box.width * height / width, 2.0)
    rows = max(2, round(window_height))
    columns = max(2, round(window_height * width / height))
    centre_x, centre_y = box.centre
    x0 = round(centre_x + 0.5 - columns / 2)
    y0 = round(centre_y + 0.5 - rows / 2)
    window = _window(rgb, x0, y0, columns, rows)
    shrinks = rows > height
    patch = cv2.resize(
        window, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    )
    return Crop(brightened(patch, gain_of(patch)), x0, y0, columns / width, rows / height)


def _window(rgb: np.ndarray, x0: int, y0: int, columns: int, rows: int) -> np.ndarray:
    """Return rgb[y0:y0+rows, x0:x0+columns], edge pixels replicated outside of the frame."""
    image_rows, image_columns = rgb.shape[:2]
    left, top = min(max(x0, 0), image_columns - 1), min(max(y0, 0), image_rows - 1)
    right = min(max(x0 + columns, left + 1), image_columns)
    bottom = min(max(y0 + rows, top + 1), image_rows)
    inside = rgb[top:bottom, left:right]
    before_x, before_y = max(0, left - x0), max(0, top - y0)
    after_x = columns - before_x - inside.shape[1]
    after_y = rows - before_y - inside.shape[0]
    if not (before_x or before_y or after_x > 0 or after_y > 0):
        return inside
    padded = cv2.copyMakeBorder(
        inside, before_y, max(0, after_y), before_x, max(0, after_x), cv2.BORDER_REPLICATE
    )
    return padded[:rows, :columns]
