"""Matrices: from the world to the picture, and from the world to the shadow map.

The picture is drawn upside down in OpenGL's eyes, so that its first row comes first in memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.synthetic.surface import Viewpoint

NEAR = 0.05
FAR = 200.0
SUBJECT_REACH = 2.5
"""Metres around the subject in which shadows are drawn."""
SHADOW_REACH = 60.0
"""Metres behind what throws it that a shadow may fall on something."""
WIDEST_PENUMBRA = 0.35
"""Half-width, metres."""


def clip_matrix(viewpoint: Viewpoint) -> np.ndarray:
    """Return the float32 (4, 4) matrix from points relative to the camera to clip coordinates.

    Pixel centres are integers; OpenGL's lie at one half.
    """
    fx, fy = viewpoint.focal
    cx, cy = viewpoint.centre
    lens = np.zeros((4, 4))
    lens[0, 0] = 2 * fx / viewpoint.width
    lens[0, 2] = 2 * (cx + 0.5) / viewpoint.width - 1
    lens[1, 1] = 2 * fy / viewpoint.height
    lens[1, 2] = 2 * (cy + 0.5) / viewpoint.height - 1
    lens[2, 2] = (FAR + NEAR) / (FAR - NEAR)
    lens[2, 3] = -2 * FAR * NEAR / (FAR - NEAR)
    lens[3, 2] = 1.0
    turn = np.eye(4)
    turn[:3, :3] = viewpoint.axes
    return (lens @ turn).astype(np.float32)


def may_show(corners: np.ndarray, viewpoint: Viewpoint) -> bool:
    """Tell whether a box with these corners (8, 3) may reach into the picture."""
    relative = np.append(corners - viewpoint.position, np.ones((len(corners), 1)), axis=1)
    clip = relative @ clip_matrix(viewpoint).T
    sides = np.concatenate([clip[:, 3:] - clip[:, :2], clip[:, 3:] + clip[:, :2]], axis=1)
    return bool((sides > 0).any(axis=0).all() and (clip[:, 3] > NEAR).any())


@dataclass(frozen=True)
class ShadowFrame:
    """Where the shadow map lies.

    Parameters
    ----------
    axes : float array, (3, 3)
        Rows: across the map, along it, and away from the sun.
    origin : float array, (3,)
        World point of the map's corner nearest to the sun, metres.
    size : float array, (3,)
        Width, height and reach, metres.
    """

    axes: np.ndarray
    origin: np.ndarray
    size: np.ndarray

    @classmethod
    def around(
        cls,
        corners: np.ndarray,
        towards_sun: np.ndarray,
        spread: float,
        focus: np.ndarray | None = None,
    ) -> ShadowFrame:
        """Fit the map to what throws shadows.

        Parameters
        ----------
        corners : float array, (n, 3)
            Corners of the boxes around it, metres.
        towards_sun : float array, (3,)
        spread : float
            Half-width of half-shadows, metres per metre of distance; the map has room for them.
        focus : float array, (n, 3), optional
            Corners around the subject; the map reaches no further than 2.5 m from them.
        """
        away = -np.asarray(towards_sun, dtype=float)
        away /= np.linalg.norm(away)
        helper = (1.0, 0.0, 0.0) if abs(away[0]) < 0.9 else (0.0, 0.0, 1.0)
        across = np.cross(helper, away)
        across /= np.linalg.norm(across)
        axes = np.stack([across, np.cross(away, across), away])
        seen = corners @ axes.T
        low, high = seen.min(0), seen.max(0)
        if focus is not None:
            near = focus @ axes.T
            low[:2] = np.maximum(low[:2], near.min(0)[:2] - SUBJECT_REACH)
            high[:2] = np.minimum(high[:2], near.max(0)[:2] + SUBJECT_REACH)
        soft = min(spread * (high - low + 1.0)[2], WIDEST_PENUMBRA)
        margin = np.append(0.01 * (high - low)[:2] + soft + 0.01, 0.01)
        low, high = low - margin, high + margin
        high[2] += SHADOW_REACH
        return cls(axes, low @ axes, high - low)

    def clip_matrix(self) -> np.ndarray:
        """Return the float32 (4, 4) matrix from points relative to `origin` to clip coordinates."""
        scale = np.diag(np.append(2 / self.size, 1.0))
        scale[:3, 3] = -1.0
        turn = np.eye(4)
        turn[:3, :3] = self.axes
        return (scale @ turn).astype(np.float32)
