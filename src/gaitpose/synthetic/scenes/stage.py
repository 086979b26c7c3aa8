"""From settings to what can be drawn: people are built and posed, everything is put in its place.

What is expensive (a dressed body, a planned walk, a fitted exoskeleton) is built once a cast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.synthetic.exoskeleton import Exoskeleton
from gaitpose.synthetic.people import Person, PosedPerson, Posture, Wardrobe
from gaitpose.synthetic.people.source import SKIN_VERTICES, base_mesh
from gaitpose.synthetic.scenes.aids import aid, deck_height
from gaitpose.synthetic.scenes.furniture import furniture
from gaitpose.synthetic.scenes.gait import stage_walk
from gaitpose.synthetic.scenes.room import Pane, mirror_pane, room_surfaces
from gaitpose.synthetic.scenes.settings import Bystanding, Cast, Occluder, SceneSettings
from gaitpose.synthetic.scenes.shapes import mirrored_at, moved, rectangle
from gaitpose.synthetic.scenes.standing import Stance, standing
from gaitpose.synthetic.scenes.viewpoints import viewpoint_for
from gaitpose.synthetic.scenes.visibility import Appearance
from gaitpose.synthetic.settings import WalkerSettings
from gaitpose.synthetic.surface import Material, Part, Surface, Viewpoint
from gaitpose.synthetic.walker import walk

CATCHER_SIZE = 40.0
"""Side of the invisible floor on which shadows fall in front of a photograph, metres."""


NEAR_CAMERA = 0.4
"""A second person is nearer to the subject than this share of the way to the camera."""

FITTING = Posture(arm_swing=0.0, arm_abduction=85.0, elbow=0.0)
"""Arms out of the way."""


@dataclass(frozen=True)
class Performer:
    """A built person with a walk.

    Parameters
    ----------
    person : Person
    posture : Posture
    settings : WalkerSettings
        A walk that the person can do.
    """

    person: Person
    posture: Posture
    settings: WalkerSettings

    @property
    def height(self) -> float:
        """Metres."""
        return self.person.lengths.height

    def posed(self, moment: float, stance: Stance | None = None) -> tuple[PosedPerson, float]:
        """Pose the person at a share of the stride or in a stance; also return its heading."""
        middle = (1 + moment) * self.settings.stride_time
        sampled = walk(self.settings, np.array([middle]))
        if stance is not None:
            sampled = standing(sampled, stance)
        return self.person.pose(sampled, 0, self.posture), float(sampled.heading[0])


class Troupe:
    """A cast that is built: can be posed at any moment.

    Parameters
    ----------
    cast : Cast
    wardrobe : Wardrobe, optional
    **changes : object
        Of the subject's walk.
    """

    def __init__(self, cast: Cast, wardrobe: Wardrobe | None = None, **changes: object) -> None:
        self.cast = cast
        person = Person(cast.person, wardrobe)
        self.subject = Performer(
            person, cast.posture, stage_walk(cast.gait, person.walker_settings, **changes)
        )
        self.bystander: Performer | None = None
        if cast.bystander is not None:
            other = Person(cast.bystander, wardrobe)
            self.bystander = Performer(
                other, cast.bystander_posture, stage_walk(cast.gait, other.walker_settings)
            )
        self._exoskeleton = self._fitted(cast)

    @property
    def wears_exoskeleton(self) -> bool:
        """Whether the subject does; seldom one that was wished for cannot be fitted."""
        return self._exoskeleton is not None

    def dressed(self, posed: PosedPerson) -> tuple[Surface, ...]:
        """Return all that a posed subject wears, and the subject."""
        if self._exoskeleton is None:
            return posed.surfaces
        return self._exoskeleton.worn(posed)

    def _fitted(self, cast: Cast) -> Exoskeleton | None:
        if cast.exoskeleton is None:
            return None
        model = replace(self.subject, posture=FITTING)
        rest, _ = model.posed(0.0, Stance(knee=1.0))
        stride, _ = model.posed(0.0)
        try:
            return Exoskeleton(cast.exoskeleton, rest, stride)
        except BadSettings:  # too small a leg, a skirt: thousands of pictures shall not wait for it
            return None


@dataclass(frozen=True)
class Scene:
    """Everything of one moment, ready to be drawn.

    Parameters
    ----------
    surfaces : tuple of Surface
    viewpoint : Viewpoint
    subject : Appearance
    bystander : Appearance or None
    heading : float
        Of the subject, radians from x towards z.
    walker : WalkerSettings
        The walk that the subject really does.
    exoskeleton : bool
        Whether the subject wears one.
    """

    surfaces: tuple[Surface, ...]
    viewpoint: Viewpoint
    subject: Appearance
    bystander: Appearance | None
    heading: float
    walker: WalkerSettings
    exoskeleton: bool


def set_stage(settings: SceneSettings, troupe: Troupe, width: int, height: int) -> Scene:
    """Pose the people of one picture and put everything around them.

    Parameters
    ----------
    settings : SceneSettings
    troupe : Troupe
        Of ``settings.cast``.
    width, height : int
        Of the picture, pixels.
    """
    performer, cast = troupe.subject, settings.cast
    posed, heading = performer.posed(settings.moment, settings.stance)
    here = ground_below(posed)
    floor = -deck_height(cast.aid, cast.aid_variant)
    view = viewpoint_for(settings.camera, posed.skin, heading, width, height, floor=floor)
    surfaces = [*troupe.dressed(posed)]
    surfaces += aid_around(cast, performer, here, heading)
    path = [here]
    bystander = None
    if troupe.bystander is not None and settings.bystanding is not None:
        where = _out_of_the_way(settings.bystanding, view.position - here, heading)
        drawn, bystander = second_person(troupe.bystander, where, here, heading, floor)
        surfaces += drawn
        path.append(bystander.skin.mean(axis=0))
    if settings.occluder is not None:
        surfaces += _occluder(settings.occluder, view.position, here, floor)
    way = np.array(path)
    surfaces += room_surfaces(settings.room, way, view.position, floor=floor)
    pane = mirror_pane(settings.room, way, view.position)
    if pane is not None:
        surfaces += mirrored_room(surfaces, pane)
    if settings.photo is not None:
        surfaces.append(shadow_catcher(here, floor))
    return Scene(
        surfaces=tuple(surfaces),
        viewpoint=view,
        subject=appearance(posed, performer.height),
        bystander=bystander,
        heading=heading,
        walker=performer.settings,
        exoskeleton=troupe.wears_exoskeleton,
    )


def appearance(posed: PosedPerson, height: float) -> Appearance:
    """Return what labels need of a posed person."""
    return Appearance(posed.keypoints, posed.skin, skin_segments(), height)


def skin_segments() -> np.ndarray:
    """To which segment each vertex of the skin belongs, (SKIN_VERTICES,)."""
    return np.asarray(base_mesh().weights[:SKIN_VERTICES].argmax(axis=1))


def mirrored_room(surfaces: Sequence[Surface], pane: Pane) -> list[Surface]:
    """Build what a mirror shows: all again behind the gap in the wall; people are bystanders."""
    people = (Part.BODY, Part.CLOTHING, Part.EXOSKELETON, Part.BYSTANDER)
    return [
        mirrored_at(
            each, pane.point, pane.normal, Part.BYSTANDER if each.part in people else Part.ROOM
        )
        for each in surfaces
    ]


def shadow_catcher(here: np.ndarray, floor: float) -> Surface:
    """Lay out an invisible floor around a place (3,)."""
    half = CATCHER_SIZE / 2
    return rectangle(
        (here[0] - half, floor, here[2] + half),
        (CATCHER_SIZE, 0, 0),
        (0, 0, -CATCHER_SIZE),
        Material(shadow_catcher=True),
        Part.ROOM,
    )


def ground_below(posed: PosedPerson) -> np.ndarray:
    """Return the place below the middle of the hips, metres, (3,)."""
    here = posed.frames["pelvis"][:3, 3].copy()
    here[1] = 0.0
    return np.asarray(here)


def aid_around(
    cast: Cast, performer: Performer, here: np.ndarray, heading: float
) -> Sequence[Surface]:
    """Build the aid of a cast around a place (3,) and a heading (radians)."""
    if cast.aid is None:
        return ()
    lengths = performer.person.lengths
    hip = lengths.thigh + lengths.shank + lengths.ankle_height
    built = aid(
        cast.aid,
        cast.aid_variant,
        performer.posture.grip_height * hip,
        performer.posture.grip_apart * hip,
    )
    return [moved(each, turn=float(np.rad2deg(heading)), shift=here) for each in built]


def _out_of_the_way(where: Bystanding, camera: np.ndarray, heading: float) -> Bystanding:
    """Let nobody stand right before the camera: go to the subject's other side.

    Parameters
    ----------
    where : Bystanding
    camera : array, (3,)
        From the subject.
    heading : float
        Of the subject, radians.
    """
    ahead = camera[0] * np.cos(heading) + camera[2] * np.sin(heading)
    right = -camera[0] * np.sin(heading) + camera[2] * np.cos(heading)
    towards = (where.ahead * ahead + where.aside * right) / (ahead**2 + right**2)
    if towards < NEAR_CAMERA:
        return where
    return replace(where, ahead=-where.ahead, aside=-where.aside)


def second_person(
    performer: Performer, where: Bystanding, here: np.ndarray, heading: float, floor: float
) -> tuple[list[Surface], Appearance]:
    """Pose the second person beside the subject."""
    posed, own = performer.posed(where.moment or 0.0, Stance() if where.moment is None else None)
    turn = float(np.rad2deg(heading - own)) + where.turn
    forward = np.array([np.cos(heading), 0.0, np.sin(heading)])
    right = np.array([-np.sin(heading), 0.0, np.cos(heading)])
    goal = here + where.ahead * forward + where.aside * right
    start = ground_below(posed)
    angle = np.deg2rad(turn)
    rotation = np.array(
        [[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]]
    )
    shift = goal - rotation @ start + np.array([0, floor, 0])
    drawn = [moved(each, turn=turn, shift=shift, part=Part.BYSTANDER) for each in posed.surfaces]
    seen = Appearance(
        keypoints=posed.keypoints @ rotation.T + shift,
        skin=posed.skin @ rotation.T.astype(np.float32) + shift.astype(np.float32),
        segments=skin_segments(),
        height=performer.height,
        parts=(Part.BYSTANDER,),
    )
    return drawn, seen


def _occluder(
    settings: Occluder, camera: np.ndarray, here: np.ndarray, floor: float
) -> list[Surface]:
    """Put a piece of furniture between camera and subject, its front to the camera."""
    sight = (here - camera) * (1, 0, 1)
    distance = float(np.linalg.norm(sight))
    sight /= distance
    right = np.array([-sight[2], 0, sight[0]])
    # Neither in the subject nor in the camera.
    along = float(np.clip(settings.share * distance, 0.7, max(distance - 0.75, 0.7)))
    place = camera * (1, 0, 1) + along * sight + settings.aside * right
    turn = float(np.rad2deg(np.arctan2(sight[0], -sight[2]))) + settings.turn
    shift = (place[0], floor, place[2])
    return [
        moved(part, turn=turn, shift=shift) for part in furniture(settings.kind, settings.variant)
    ]
