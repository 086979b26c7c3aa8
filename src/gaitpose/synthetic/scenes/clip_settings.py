"""Every choice of one clip: a walk through the picture of a camera that stands still."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gaitpose.synthetic.people.settings import PersonSettings
from gaitpose.synthetic.rendering.lighting import Lighting
from gaitpose.synthetic.rendering.sensor import SensorSettings
from gaitpose.synthetic.scenes.room_settings import Kind, RoomSettings
from gaitpose.synthetic.scenes.settings import Bystanding, Cast, Photo, SceneOptions
from gaitpose.synthetic.scenes.viewpoints import CameraSettings

VIEW_SPREAD = 15.0
"""Most degrees by which the camera of a clip is off the side view."""


@dataclass(frozen=True)
class ClipSettings:
    """All that one clip shows.

    Parameters
    ----------
    cast : Cast
    strides : int
    phase : float
        Of the left leg when the clip begins, 0..1.
    room : RoomSettings
    photo : Photo or None
    outlook : int
        Seed of what is far away in open air.
    lighting : Lighting
    camera : CameraSettings
    bystanding : Bystanding or None
        A second person who stands, against the middle of the way.
    sensor : SensorSettings
    sensor_seed : int
    """

    cast: Cast
    strides: int
    phase: float
    room: RoomSettings
    photo: Photo | None
    outlook: int
    lighting: Lighting
    camera: CameraSettings
    bystanding: Bystanding | None
    sensor: SensorSettings
    sensor_seed: int

    @classmethod
    def draw(cls, seed: int, number: int, options: SceneOptions | None = None) -> ClipSettings:
        """Draw clip `number` of a seed."""
        options = options or SceneOptions()
        rng = np.random.default_rng([seed, number, 2])
        cast = Cast.draw(rng, options)
        if cast.aid == "bars":  # too short for a walk through the picture
            cast = replace(cast, aid=None, posture=replace(cast.posture, hands="free"))
        photo = None
        if options.photos and rng.random() < options.photo_share:
            photo = Photo.draw(rng, options.photos)
        kind: Kind = "photo" if photo else "indoors" if rng.random() < 0.72 else "outdoors"
        return cls(
            cast=cast,
            strides=int(rng.integers(5, 9)),
            phase=float(rng.random()),
            room=replace(RoomSettings.draw(rng, kind), mirror=None),
            photo=photo,
            outlook=int(rng.integers(1 << 30)),
            lighting=Lighting.draw(rng, kind == "indoors"),
            camera=draw_camera(rng),
            bystanding=_draw_bystander(rng, cast.bystander),
            sensor=replace(SensorSettings.draw(rng), motion_length=0.0, quality=0),
            sensor_seed=int(rng.integers(1 << 30)),
        )


def draw_camera(rng: np.random.Generator) -> CameraSettings:
    """Draw a camera on a tripod beside the way."""
    off = float(np.clip(rng.normal(0, 5), -VIEW_SPREAD, VIEW_SPREAD))
    view = off + (0.0 if rng.random() < 0.5 else 180.0)
    return CameraSettings(
        view_deg=(view + 180) % 360 - 180,
        height=float(rng.uniform(0.5, 1.6)),
        focal=float(np.exp(rng.uniform(np.log(0.65), np.log(1.6)))),
        size=float(rng.uniform(0.85, 0.96)),
        middle=(0.5, float(rng.uniform(0.5, 0.58))),
        aim=float(rng.uniform(0.5, 1.0)),
        pitch=float(rng.normal(0, 1)),
        yaw=float(rng.normal(0, 2)),
        roll=float(np.clip(rng.normal(0, 1), -3, 3)),
    )


def _draw_bystander(rng: np.random.Generator, person: PersonSettings | None) -> Bystanding | None:
    """Let someone stand behind or before the way."""
    if person is None:
        return None
    side = 1.0 if rng.random() < 0.5 else -1.0
    return Bystanding(
        ahead=float(rng.uniform(-1.5, 1.5)),
        aside=side * float(rng.uniform(0.9, 2.0)),
        turn=float(rng.uniform(-180, 180)),
        moment=None,
    )
