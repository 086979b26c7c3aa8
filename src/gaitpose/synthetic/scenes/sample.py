"""One picture with depth and labels, from its settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gaitpose.io.wpe import Camera, Labels, Sample
from gaitpose.synthetic.people import Wardrobe
from gaitpose.synthetic.rendering import Rendered, Renderer, apply_sensor
from gaitpose.synthetic.scenes.backdrops import backdrop
from gaitpose.synthetic.scenes.outlook import outlook
from gaitpose.synthetic.scenes.settings import Cast, SceneSettings
from gaitpose.synthetic.scenes.stage import Scene, Troupe, set_stage
from gaitpose.synthetic.scenes.visibility import labels_of
from gaitpose.synthetic.settings import both
from gaitpose.synthetic.surface import Viewpoint


class SampleMaker:
    """Draws pictures of one size; keeps the renderer and the last cast.

    Parameters
    ----------
    width, height : int
        Pixels.
    wardrobe : Wardrobe, optional
    photos : tuple of Path
        What :class:`~gaitpose.synthetic.scenes.settings.Photo` counts.
    """

    def __init__(
        self,
        width: int,
        height: int,
        wardrobe: Wardrobe | None = None,
        photos: tuple[Path, ...] = (),
    ) -> None:
        self._size = (width, height)
        self._wardrobe = wardrobe
        self._photos = photos
        self._renderer = Renderer(width, height)
        self._troupe: Troupe | None = None

    def close(self) -> None:
        """Free the graphics device."""
        self._renderer.close()

    def scene(self, settings: SceneSettings) -> Scene:
        """Set the stage for one picture."""
        if self._troupe is None or self._troupe.cast != settings.cast:
            self._troupe = Troupe(settings.cast, self._wardrobe)
        return set_stage(settings, self._troupe, *self._size)

    def draw(self, settings: SceneSettings, scene: Scene) -> Rendered:
        """Draw a scene, as yet without the sensor's effects."""
        behind = None
        if settings.photo is not None:
            behind = backdrop(self._photos, settings.photo, *self._size)
        elif settings.room.kind == "outdoors":
            far = np.random.default_rng(settings.outlook)
            behind = outlook(far, scene.viewpoint)
        return self._renderer.render(scene.surfaces, scene.viewpoint, settings.lighting, behind)

    def sample(self, settings: SceneSettings) -> Sample:
        """Make one sample: a pure function of the settings (and of wardrobe and photos)."""
        scene = self.scene(settings)
        drawn = self.draw(settings, scene)
        noise = np.random.default_rng(settings.sensor_seed)
        return Sample(
            rgb=apply_sensor(drawn.rgb, settings.sensor, noise),
            depth=drawn.depth,
            camera=camera_of(scene.viewpoint),
            people=people_of(settings.cast, scene, drawn),
            subject=subject_of(settings.cast, scene),
            attributes={"room": settings.room.kind, "aid": settings.cast.aid},
        )


def camera_of(view: Viewpoint) -> Camera:
    """Return the camera as it is written."""
    fx, fy = (round(float(each), 3) for each in view.focal)
    cx, cy = (round(float(each), 3) for each in view.centre)
    return Camera(fx=fx, fy=fy, cx=cx, cy=cy, width=view.width, height=view.height)


def people_of(cast: Cast, scene: Scene, drawn: Rendered) -> tuple[Labels, ...]:
    """Label the subject and, where any of him is in the picture, the bystander."""
    subject = labels_of(
        scene.subject,
        scene.viewpoint,
        drawn.depth,
        drawn.parts,
        view_deg=view_of(scene.viewpoint, scene.subject.keypoints, scene.heading),
        exoskeleton=scene.exoskeleton,
        preset=cast.gait.preset,
    )
    if scene.bystander is None:
        return (subject,)
    other = labels_of(scene.bystander, scene.viewpoint, drawn.depth, drawn.parts, exoskeleton=False)
    return (subject, other) if other.visibility.any() else (subject,)


def view_of(view: Viewpoint, keypoints: np.ndarray, heading: float) -> float:
    """From where the camera looks: 0 from the right, 90 from the front, -90 from behind."""
    to_camera = view.position - keypoints[2:4].mean(axis=0)
    ahead = to_camera[0] * np.cos(heading) + to_camera[2] * np.sin(heading)
    right = -to_camera[0] * np.sin(heading) + to_camera[2] * np.cos(heading)
    return float(np.rad2deg(np.arctan2(ahead, right)))


def subject_of(cast: Cast, scene: Scene) -> Mapping[str, Any]:
    """Return facts about the subject, as :class:`gaitpose.subject.Subject` takes them."""
    walker = scene.walker
    return {
        "height": round(scene.subject.height, 4),
        "thigh": round(both(walker.thigh)[0], 4),
        "shank": round(both(walker.shank)[0], 4),
        "sex": cast.person.sex,
        "age": round(cast.person.years, 1),
    }
