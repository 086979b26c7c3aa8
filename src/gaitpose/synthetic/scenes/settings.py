"""Every choice of a picture in one object, a pure function of a seed and the picture's number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.synthetic.exoskeleton.settings import ExoskeletonSettings
from gaitpose.synthetic.people.posture import Hands, Posture
from gaitpose.synthetic.people.settings import PersonSettings
from gaitpose.synthetic.rendering.lighting import Lighting
from gaitpose.synthetic.rendering.sensor import SensorSettings
from gaitpose.synthetic.scenes.gait import GaitSettings
from gaitpose.synthetic.scenes.room_settings import RoomSettings
from gaitpose.synthetic.scenes.standing import Stance
from gaitpose.synthetic.scenes.viewpoints import CameraSettings

if TYPE_CHECKING:
    from gaitpose.synthetic.scenes.aids import Aid
    from gaitpose.synthetic.scenes.room_settings import Kind

CAST_SIZE = 8
"""Pictures in a row that show the same person in the same walk, from elsewhere and at other times:
to dress a body and to plan a walk takes longer than to draw a picture."""


WEARER_HEIGHTS = (1.30, 1.92)
"""Of wearers of an exoskeleton, metres; the article's fits 1.50 to 1.85 m."""


@dataclass(frozen=True)
class SceneOptions:
    """What the user may choose.

    Parameters
    ----------
    exoskeleton : float
        Share of pictures in which one is worn, 0..1.
    photos : int
        Number of photographs that may be behind the subject.
    photo_share : float
        Share of pictures with one of them, where there are any.
    children : float
        Share of those under 16 years.
    all_around : float
        Share of pictures seen from anywhere, the others from the side; clips always are.
    standing : float
        Share of pictures in which the subject does not walk; in clips it always does.
    """

    exoskeleton: float = 0.5
    photos: int = 0
    photo_share: float = 0.35
    children: float = 0.12
    all_around: float = 0.1
    standing: float = 0.08

    def __post_init__(self) -> None:
        for name in ("exoskeleton", "photo_share", "children", "all_around", "standing"):
            if not 0 <= getattr(self, name) <= 1:
                raise BadSettings(f"{name} is a share, 0 to 1", where=name)


@dataclass(frozen=True)
class Cast:
    """Who walks how, wearing and holding what.

    Parameters
    ----------
    person : PersonSettings
    gait : GaitSettings
    posture : Posture
    exoskeleton : ExoskeletonSettings or None
    aid : str or None
        Bars, frame, rollator or treadmill.
    aid_variant : int
    bystander : PersonSettings or None
    bystander_posture : Posture
    """

    person: PersonSettings
    gait: GaitSettings
    posture: Posture
    exoskeleton: ExoskeletonSettings | None
    aid: Aid | None
    aid_variant: int
    bystander: PersonSettings | None
    bystander_posture: Posture

    @classmethod
    def draw(cls, rng: np.random.Generator, options: SceneOptions) -> Cast:
        """Draw a cast."""
        worn = bool(rng.random() < options.exoskeleton)
        gait = GaitSettings.draw(rng, exoskeleton=worn)
        aid, hands = _draw_aid(rng, worn)
        return cls(
            person=_draw_person(rng, worn, options.children),
            gait=gait,
            posture=_draw_posture(rng, hands, worn),
            exoskeleton=ExoskeletonSettings.draw(rng) if worn else None,
            aid=aid,
            aid_variant=int(rng.integers(1 << 20)),
            bystander=PersonSettings.draw(rng) if rng.random() < 0.25 else None,
            bystander_posture=Posture.draw(rng, hands="free"),
        )


def _draw_person(rng: np.random.Generator, worn: bool, children: float) -> PersonSettings:
    """Draw a person; for an exoskeleton the height is limited and a skirt changed for trousers."""
    person = PersonSettings.draw(rng, children=0.25 * children if worn else children)
    if not worn:
        return person
    low, high = WEARER_HEIGHTS
    outfit = person.outfit
    if outfit.bottom == "skirt":
        outfit = replace(outfit, bottom="trousers")
    if outfit.top == "coat":  # cuffs around the thighs go over no long tails
        outfit = replace(outfit, top_length=0.0)
    return replace(person, height=float(np.clip(person.height, low, high)), outfit=outfit)


def _draw_posture(rng: np.random.Generator, hands: Hands, worn: bool) -> Posture:
    """Draw a posture; arms are held clear of motors at the hips."""
    posture = Posture.draw(rng, hands=hands)
    return replace(posture, arm_abduction=posture.arm_abduction + 7.0) if worn else posture


def _draw_aid(rng: np.random.Generator, worn: bool) -> tuple[Aid | None, Hands]:
    """Draw an aid, and where the hands are."""
    shares = (0.62, 0.14, 0.06, 0.06, 0.12) if worn else (0.8, 0.05, 0.03, 0.03, 0.09)
    names: tuple[Aid | None, ...] = (None, "bars", "frame", "rollator", "treadmill")
    aid = names[int(rng.choice(5, p=shares))]
    if aid in ("frame", "rollator"):
        return aid, "frame"
    return aid, "bars" if aid == "bars" and rng.random() < 0.8 else "free"


@dataclass(frozen=True)
class Occluder:
    """A table or a piece of furniture between camera and subject.

    Parameters
    ----------
    kind : str
        Of :func:`~gaitpose.synthetic.scenes.furniture.furniture`.
    variant : int
    share : float
        Where it stands on the way from camera to subject.
    aside : float
        Metres to the right of that line.
    turn : float
        Degrees against the line.
    """

    kind: str
    variant: int
    share: float
    aside: float
    turn: float

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Occluder:
        """Draw one; tables are the commonest."""
        kinds = ("table", "table", "chair", "plant", "pillar", "boxes", "couch", "cabinet")
        return cls(
            kind=str(rng.choice(kinds)),
            variant=int(rng.integers(1000)),
            share=float(rng.uniform(0.35, 0.8)),
            aside=float(rng.normal(0, 0.45)),
            turn=float(rng.normal(0, 15)),
        )


@dataclass(frozen=True)
class Bystanding:
    """Where the second person is: metres ahead and to the right of the subject.

    Parameters
    ----------
    ahead, aside : float
        At least half a metre away.
    turn : float
        Heading against the subject's, degrees.
    moment : float or None
        Share of the stride, 0..1; None when standing.
    """

    ahead: float
    aside: float
    turn: float
    moment: float | None

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Bystanding:
        """Draw a place beside, behind or ahead."""
        side = 1.0 if rng.random() < 0.5 else -1.0
        return cls(
            ahead=float(rng.uniform(-1.6, 1.6)),
            aside=side * float(rng.uniform(0.6, 1.8)),
            turn=float(rng.normal(0, 20) if rng.random() < 0.6 else rng.uniform(-180, 180)),
            moment=float(rng.random()) if rng.random() < 0.6 else None,
        )


@dataclass(frozen=True)
class Photo:
    """Which photograph is behind the subject, and which piece of it.

    Parameters
    ----------
    number : int
        In the order of their names.
    zoom : float
        1 shows as much as possible.
    place : (x, y)
        Of the piece, 0..1.
    flipped : bool
    """

    number: int
    zoom: float
    place: tuple[float, float]
    flipped: bool

    @classmethod
    def draw(cls, rng: np.random.Generator, photos: int) -> Photo:
        """Draw one of so many."""
        return cls(
            int(rng.integers(photos)),
            float(rng.uniform(1.0, 1.8)),
            # What a photograph shows below is mostly the ground.
            (float(rng.random()), float(rng.beta(3, 1))),
            bool(rng.random() < 0.5),
        )


@dataclass(frozen=True)
class SceneSettings:
    """All that one picture shows.

    Parameters
    ----------
    cast : Cast
    moment : float
        Share of the stride, 0..1.
    stance : Stance or None
        How the subject stands, where it does not walk.
    room : RoomSettings
    photo : Photo or None
    outlook : int
        Seed of what is far away in open air.
    lighting : Lighting
    camera : CameraSettings
    occluder : Occluder or None
    bystanding : Bystanding or None
    sensor : SensorSettings
    sensor_seed : int
    """

    cast: Cast
    moment: float
    stance: Stance | None
    room: RoomSettings
    photo: Photo | None
    outlook: int
    lighting: Lighting
    camera: CameraSettings
    occluder: Occluder | None
    bystanding: Bystanding | None
    sensor: SensorSettings
    sensor_seed: int

    @classmethod
    def draw(cls, seed: int, number: int, options: SceneOptions | None = None) -> SceneSettings:
        """Draw picture `number` of a seed; other pictures and processes change nothing about it."""
        options = options or SceneOptions()
        cast = Cast.draw(np.random.default_rng([seed, number // CAST_SIZE, 0]), options)
        rng = np.random.default_rng([seed, number, 1])
        photo = None
        if options.photos and rng.random() < options.photo_share:
            photo = Photo.draw(rng, options.photos)
        kind: Kind = "photo" if photo else "indoors" if rng.random() < 0.72 else "outdoors"
        return cls(
            cast=cast,
            moment=float(rng.random()),
            stance=Stance.draw(rng) if rng.random() < options.standing else None,
            room=RoomSettings.draw(rng, kind),
            photo=photo,
            outlook=int(rng.integers(1 << 30)),
            lighting=Lighting.draw(
                rng, kind == "indoors" or (kind == "photo" and rng.random() < 0.5)
            ),
            camera=CameraSettings.draw(rng, all_around=options.all_around),
            occluder=Occluder.draw(rng) if rng.random() < 0.13 else None,
            bystanding=Bystanding.draw(rng) if cast.bystander and rng.random() < 0.8 else None,
            sensor=SensorSettings.draw(rng),
            sensor_seed=int(rng.integers(1 << 30)),
        )
