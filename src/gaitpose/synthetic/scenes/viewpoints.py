"""From where the camera looks, through which lens, and how the subject stands in the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gaitpose.synthetic.surface import Viewpoint

Fit = Literal["height", "whole"]

SAGITTAL_SPREAD = 25.0
"""Most degrees by which a side view is off."""

NEAREST, FARTHEST = 1.1, 14.0
"""Of the camera from the subject's middle, metres; the lens makes up for what is missing."""


@dataclass(frozen=True)
class CameraSettings:
    """One camera and its framing.

    Parameters
    ----------
    view_deg : float
        From where it looks at the subject, degrees about the vertical: 0 from the right, 90 from
        the front, 180 from the left, -90 from behind.
    height : float
        Above the floor, metres.
    focal : float
        Focal length as a share of the picture's longer side.
    size : float
        Height of the person as a share of the picture's; above 1 the person is cut off.
    middle : (x, y)
        Where in the picture the person's middle is, as shares of its width and height.
    aim : float
        Share of the way from level to looking at the person's middle.
    pitch, yaw, roll : float
        Errors of aiming, degrees. The picture is then cut out so that the person is at `middle`.
    """

    view_deg: float
    height: float
    focal: float
    size: float
    middle: tuple[float, float]
    aim: float = 1.0
    pitch: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0

    @classmethod
    def draw(cls, rng: np.random.Generator, *, all_around: float) -> CameraSettings:
        """Draw a camera; a share of `all_around` looks from anywhere, the others from the side."""
        if rng.random() < all_around:
            view = rng.uniform(-180, 180)
        else:
            off = np.clip(rng.normal(0, 12), -SAGITTAL_SPREAD, SAGITTAL_SPREAD)
            view = off + (0.0 if rng.random() < 0.5 else 180.0)
        size, middle = _draw_framing(rng)
        return cls(
            view_deg=float((view + 180) % 360 - 180),
            height=float(rng.uniform(0.3, 1.8)),
            focal=float(np.exp(rng.uniform(np.log(0.55), np.log(2.4)))),
            size=size,
            middle=middle,
            aim=float(rng.uniform(0.2, 1.0)),
            pitch=float(rng.normal(0, 2)),
            yaw=float(rng.normal(0, 5)),
            roll=float(np.clip(rng.normal(0, 2.5), -9, 9)),
        )


def _draw_framing(rng: np.random.Generator) -> tuple[float, tuple[float, float]]:
    """Draw size and place: mostly whole, sometimes cut off below or above as a tracker's crop."""
    if rng.random() < 0.12:
        size = float(rng.uniform(1.0, 1.5))
        shift = (size - 0.95) / 2 * rng.uniform(-1, 1)
        return size, (float(rng.uniform(0.3, 0.7)), float(0.5 + shift))
    size = float(rng.uniform(0.3, 0.95))
    slack = (1 - size) / 2
    # Legs spread about as wide as half the height; a little may be lost at the left or right edge.
    side = max(0.5 - 0.28 * size, 0.05)
    x = 0.5 + side * rng.uniform(-1, 1)
    y = 0.5 + slack * rng.uniform(-1, 1)
    return size, (float(x), float(y))


def viewpoint_for(
    settings: CameraSettings,
    skin: np.ndarray,
    heading: float,
    width: int,
    height: int,
    *,
    floor: float = 0.0,
    fit: Fit = "height",
) -> Viewpoint:
    """Place the camera so that the person is in the picture as the settings want.

    Parameters
    ----------
    settings : CameraSettings
    skin : array, (points, 3)
        Of the person, metres, world frame; for a clip, at all times.
    heading : float
        Direction of walking, radians from x towards z.
    width, height : int
        Of the picture, pixels.
    floor : float
        Height of the floor, metres.
    fit : {"height", "whole"}
        Whether the height of what is shown or also its width is at most the wanted share of the
        picture.
    """
    # A walker along +x has its right at +z; from the front means from +x.
    angle = np.deg2rad(90.0 - settings.view_deg) + heading
    away = np.array([np.cos(angle), 0.0, np.sin(angle)])
    stand = _Stand(
        settings, (skin.min(axis=0) + skin.max(axis=0)) / 2, away, (width, height), floor
    )
    wanted = settings.size * np.array([width, height])
    focal = settings.focal * max(width, height)
    distance = float(np.clip(focal * np.ptp(skin[:, 1]) / wanted[1], NEAREST, FARTHEST))
    for _ in range(3 if fit == "height" else 6):
        extent = np.ptp(stand.view(distance, focal).project(skin), axis=0)
        ratios = extent / wanted
        ratio = float(ratios[1] if fit == "height" else ratios.max())
        if NEAREST < distance * ratio < FARTHEST:
            distance *= ratio
        else:
            focal /= ratio
    view = stand.view(distance, focal)
    pixels = view.project(skin)
    found = (pixels.min(axis=0) + pixels.max(axis=0)) / 2
    x, y = np.array(view.centre) + np.array(settings.middle) * (width, height) - found
    return replace(view, centre=(float(x), float(y)))


@dataclass(frozen=True)
class _Stand:
    """Where a camera may stand: on a ray from the middle of what it looks at."""

    settings: CameraSettings
    middle: np.ndarray
    away: np.ndarray
    size: tuple[int, int]
    floor: float

    def view(self, distance: float, focal: float) -> Viewpoint:
        """Look from a distance (metres) through a lens (pixels); the picture is not yet cut."""
        settings = self.settings
        position = self.middle + distance * self.away
        position[1] = self.floor + settings.height
        pitch = settings.aim * np.arctan2(self.middle[1] - position[1], distance)
        pitch += np.deg2rad(settings.pitch)
        yaw = np.deg2rad(settings.yaw)
        level = -self.away * np.cos(yaw) + np.cross(-self.away, (0, 1, 0)) * np.sin(yaw)
        target = position + level * np.cos(pitch) + np.array([0, np.sin(pitch), 0])
        return Viewpoint.looking(position, target, focal, *self.size, roll=settings.roll)
