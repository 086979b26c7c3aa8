"""One clip with all its truth: events, joint angles, lengths, strides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from gaitpose.io.files import write_text
from gaitpose.io.video import VideoWriter
from gaitpose.io.wpe import Sample, Truth, WpeWriter, write_truth
from gaitpose.synthetic.people import PosedPerson, Wardrobe
from gaitpose.synthetic.rendering import Renderer, apply_sensor
from gaitpose.synthetic.scenes.aids import deck_height
from gaitpose.synthetic.scenes.backdrops import backdrop
from gaitpose.synthetic.scenes.clip_settings import ClipSettings
from gaitpose.synthetic.scenes.outlook import outlook
from gaitpose.synthetic.scenes.room import room_surfaces
from gaitpose.synthetic.scenes.sample import camera_of, people_of, subject_of
from gaitpose.synthetic.scenes.stage import (
    Scene,
    Troupe,
    aid_around,
    appearance,
    ground_below,
    second_person,
    shadow_catcher,
)
from gaitpose.synthetic.scenes.viewpoints import viewpoint_for
from gaitpose.synthetic.settings import both
from gaitpose.synthetic.surface import Surface, Viewpoint
from gaitpose.synthetic.walker import Walk, walk

VIDEO = "video.mp4"


@dataclass(frozen=True)
class ClipForm:
    """Size and rate of a clip's pictures."""

    width: int = 960
    height: int = 540
    fps: float = 30.0


class Clip:
    """A clip that can be drawn frame by frame.

    Parameters
    ----------
    settings : ClipSettings
    form : ClipForm
    wardrobe : Wardrobe, optional
    photos : tuple of Path
    """

    def __init__(
        self,
        settings: ClipSettings,
        form: ClipForm,
        wardrobe: Wardrobe | None = None,
        photos: tuple[Path, ...] = (),
    ) -> None:
        self.settings, self.form = settings, form
        treadmill = settings.cast.aid == "treadmill"
        changes = {"strides": settings.strides, "phase": settings.phase, "treadmill": treadmill}
        self.troupe = Troupe(settings.cast, wardrobe, **changes)
        self.walk: Walk = walk(self.troupe.subject.settings.model_copy(update={"fps": form.fps}))
        self._photos = photos

    def __len__(self) -> int:
        return len(self.walk.time)

    @cached_property
    def view(self) -> Viewpoint:
        """The camera: everything of the walk is in its picture."""
        some = np.linspace(0, len(self) - 1, min(len(self), 24)).round().astype(int)
        skin = np.concatenate([self.posed(int(index)).skin for index in some])
        return viewpoint_for(
            self.settings.camera,
            skin,
            float(self.walk.heading[0]),
            self.form.width,
            self.form.height,
            floor=self.floor,
            fit="whole",
        )

    @property
    def floor(self) -> float:
        """Height of the floor, metres; below 0 where the belt of a treadmill is at 0."""
        return -deck_height(self.settings.cast.aid, self.settings.cast.aid_variant)

    def posed(self, index: int) -> PosedPerson:
        """Pose the subject in one frame."""
        performer = self.troupe.subject
        return performer.person.pose(self.walk, index, performer.posture)

    @cached_property
    def standing(self) -> tuple[Surface, ...]:
        """All that does not move."""
        settings, view = self.settings, self.view
        ends = [ground_below(self.posed(index)) for index in (0, len(self) // 2, len(self) - 1)]
        way = np.linspace(ends[0], ends[2], 12)
        surfaces = list(room_surfaces(settings.room, way, view.position, floor=self.floor))
        if settings.cast.aid == "treadmill":
            surfaces += aid_around(settings.cast, self.troupe.subject, ends[1], 0.0)
        if self.troupe.bystander is not None and settings.bystanding is not None:
            surfaces += second_person(
                self.troupe.bystander, settings.bystanding, ends[1], 0.0, self.floor
            )[0]
        if settings.photo is not None:
            surfaces.append(shadow_catcher(ends[1], self.floor))
        return tuple(surfaces)

    def scene(self, index: int) -> Scene:
        """Set the stage for one frame."""
        posed, cast = self.posed(index), self.settings.cast
        heading = float(self.walk.heading[index])
        moving = [*self.troupe.dressed(posed)]
        if cast.aid in ("frame", "rollator"):
            moving += aid_around(cast, self.troupe.subject, ground_below(posed), heading)
        return Scene(
            surfaces=(*moving, *self.standing),
            viewpoint=self.view,
            subject=appearance(posed, self.troupe.subject.height),
            bystander=None,
            heading=heading,
            walker=self.troupe.subject.settings,
            exoskeleton=self.troupe.wears_exoskeleton,
        )

    def samples(self) -> Iterator[Sample]:
        """Draw all frames with depth and labels."""
        settings = self.settings
        behind = self._behind()
        with Renderer(self.form.width, self.form.height) as renderer:
            for index in range(len(self)):
                scene = self.scene(index)
                drawn = renderer.render(scene.surfaces, self.view, settings.lighting, behind)
                noise = np.random.default_rng([settings.sensor_seed, index])
                yield Sample(
                    rgb=apply_sensor(drawn.rgb, settings.sensor, noise),
                    depth=drawn.depth,
                    camera=camera_of(self.view),
                    people=people_of(settings.cast, scene, drawn),
                    time_s=float(self.walk.time[index]),
                    subject=subject_of(settings.cast, scene),
                )

    def truth(self) -> Truth:
        """Return what is true of the walk."""
        walker, lengths = self.walk.settings, self.troupe.subject.person.lengths
        return Truth(
            events=self.walk.events,
            angles=self.walk.angles,
            lengths={
                **{
                    f"{side}_{name}": both(getattr(walker, name))[index]
                    for name in ("thigh", "shank", "foot")
                    for index, side in enumerate(("left", "right"))
                },
                "leg_length": float(np.mean(self.walk.leg_lengths)),
                "hip_width": walker.hip_width,
                "height": lengths.height,
            },
            strides=self.walk.strides,
            attributes={
                "preset": self.settings.cast.gait.preset,
                "exoskeleton": self.troupe.wears_exoskeleton,
                "treadmill": walker.treadmill,
                "speed": walker.speed,
                "fps": self.form.fps,
            },
        )

    def _behind(self) -> np.ndarray | None:
        settings = self.settings
        if settings.photo is not None:
            return backdrop(self._photos, settings.photo, self.form.width, self.form.height)
        if settings.room.kind == "outdoors":
            return outlook(np.random.default_rng(settings.outlook), self.view)
        return None


def write_clip(folder: Path, clip: Clip, *, frames: bool = False, quality: int = 21) -> None:
    """Write video, camera, subject and, last, truth of a clip.

    Parameters
    ----------
    folder : Path
        Of the clip; it exists.
    clip : Clip
    frames : bool
        Write the pictures with depth and labels too.
    quality : int
        x264's constant rate factor.
    """
    form = clip.form
    writer = WpeWriter(folder) if frames else None
    first: Sample | None = None
    with VideoWriter(folder / VIDEO, form.width, form.height, form.fps, quality=quality) as video:
        for index, sample in enumerate(clip.samples()):
            first = first or sample
            video.write(sample.rgb)
            if writer is not None:
                writer.write(index, sample)
    if writer is not None:
        writer.finish()
    elif first is not None:
        write_text(folder / "camera.json", json.dumps(first.camera.to_json(), indent=1) + "\n")
        write_text(folder / "subject.json", json.dumps(dict(first.subject), indent=1) + "\n")
    write_truth(folder, clip.truth())
