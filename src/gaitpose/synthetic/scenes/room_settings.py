"""All choices of one place: floor, walls and what is on them, furniture, mirror, or open air."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gaitpose.synthetic.scenes.furniture import INDOORS, OUTDOORS, any_colour
from gaitpose.synthetic.scenes.textures import FLOORS, GROUNDS, WALLS

Kind = Literal["indoors", "outdoors", "photo"]

MIRROR_SHARE = 0.07
"""Of the rooms that have a mirror."""


@dataclass(frozen=True)
class Hanging:
    """Something flat on a wall.

    Parameters
    ----------
    kind : str
        Of :func:`~gaitpose.synthetic.scenes.pictures.picture`.
    variant : int
    wall : int
        0..3.
    along : float
        Place of its middle as a share of the wall.
    bottom, width, height : float
        Metres.
    """

    kind: str
    variant: int
    wall: int
    along: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True)
class Standing:
    """A piece of furniture: by the wall, or free on the floor (`wall` is None).

    Parameters
    ----------
    kind : str
    variant : int
    wall : int or None
    along : float
        Share of the wall; of the room's length where it is free.
    away : float
        Metres from the wall; share of the room's depth where it is free.
    turn : float
        Degrees.
    """

    kind: str
    variant: int
    wall: int | None
    along: float
    away: float
    turn: float


@dataclass(frozen=True)
class Mirror:
    """A mirror on the wall that the camera looks at.

    Parameters
    ----------
    aside : float
        Of its middle from where the line of sight meets the wall, metres.
    bottom, width, height : float
        Metres.
    """

    aside: float
    bottom: float
    width: float
    height: float

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Mirror:
        """Draw a mirror as in a training room."""
        return cls(
            aside=float(rng.normal(0, 0.8)),
            bottom=float(rng.uniform(0.05, 0.6)),
            width=float(rng.uniform(0.8, 3.0)),
            height=float(rng.uniform(1.2, 1.9)),
        )


@dataclass(frozen=True)
class RoomSettings:
    """All choices of one place.

    Parameters
    ----------
    kind : {"indoors", "outdoors", "photo"}
        With "photo" there is no wall and no furniture: a photograph is behind the subject.
    floor, walls : (kind, variant)
        Of the textures.
    floor_tile, wall_tile : float
        Metres that one repetition covers.
    floor_tint, wall_tint : (red, green, blue)
    margins : 4 floats
        From what must be inside to the walls, metres.
    turn : float
        Of the room against the walk, degrees.
    height : float
        Of the ceiling, metres.
    skirting : (red, green, blue), optional
    dado : float
        Height up to which the walls have the second texture, metres; 0 for none.
    dado_walls : (kind, variant)
    hangings : tuple of Hanging
    furniture : tuple of Standing
    mirror : Mirror or None
        Indoors.
    """

    kind: Kind
    floor: tuple[str, int]
    walls: tuple[str, int]
    floor_tile: float
    wall_tile: float
    floor_tint: tuple[float, float, float]
    wall_tint: tuple[float, float, float]
    margins: tuple[float, float, float, float]
    turn: float
    height: float
    skirting: tuple[float, float, float] | None
    dado: float
    dado_walls: tuple[str, int]
    hangings: tuple[Hanging, ...]
    furniture: tuple[Standing, ...]
    mirror: Mirror | None = None

    @classmethod
    def draw(cls, rng: np.random.Generator, kind: Kind) -> RoomSettings:
        """Draw a place of one kind."""
        outdoors = kind == "outdoors"
        floors = GROUNDS if outdoors else FLOORS
        low, high = (1.5, 9.0) if outdoors else (0.7, 4.0)
        return cls(
            kind=kind,
            floor=(str(rng.choice(floors)), int(rng.integers(1000))),
            walls=(str(rng.choice(WALLS)), int(rng.integers(1000))),
            floor_tile=float(rng.uniform(0.9, 2.4)),
            wall_tile=float(rng.uniform(0.8, 2.4)),
            floor_tint=_tint(rng),
            wall_tint=_tint(rng),
            margins=_four(np.exp(rng.uniform(np.log(low), np.log(high), 4))),
            turn=float(rng.normal(0, 4) if rng.random() < 0.8 else rng.uniform(-45, 45)),
            height=float(rng.uniform(2.3, 4.2)),
            skirting=any_colour(rng) if rng.random() < 0.7 else None,
            dado=float(rng.uniform(0.8, 1.3)) if rng.random() < 0.25 else 0.0,
            dado_walls=(str(rng.choice(WALLS)), int(rng.integers(1000))),
            hangings=() if outdoors else _draw_hangings(rng),
            furniture=_draw_furniture(rng, OUTDOORS if outdoors else INDOORS, outdoors),
            mirror=Mirror.draw(rng) if kind == "indoors" and rng.random() < MIRROR_SHARE else None,
        )


def _tint(rng: np.random.Generator) -> tuple[float, float, float]:
    red, green, blue = np.clip(rng.uniform(0.75, 1.0) + rng.normal(0, 0.02, 3), 0, 1)
    return float(red), float(green), float(blue)


def _four(values: np.ndarray) -> tuple[float, float, float, float]:
    a, b, c, d = (float(each) for each in values)
    return a, b, c, d


def _draw_hangings(rng: np.random.Generator) -> tuple[Hanging, ...]:
    found = []
    for wall in range(4):
        for slot in range(3):
            if rng.random() > 0.45:
                continue
            kind = str(rng.choice(["poster", "poster", "window", "window", "door", "shelf"]))
            width, height, bottom = {
                "poster": (rng.uniform(0.3, 1.4), rng.uniform(0.3, 1.2), rng.uniform(0.8, 1.5)),
                "window": (rng.uniform(0.7, 2.4), rng.uniform(0.8, 1.6), rng.uniform(0.5, 1.1)),
                "door": (rng.uniform(0.8, 1.7), 2.05, 0.0),
                "shelf": (rng.uniform(0.6, 1.6), rng.uniform(0.4, 1.0), rng.uniform(0.7, 1.3)),
            }[kind]
            along = (slot + rng.uniform(0.25, 0.75)) / 3
            variant = int(rng.integers(1000))
            found.append(
                Hanging(
                    kind, variant, wall, float(along), float(bottom), float(width), float(height)
                )
            )
    return tuple(found)


def _draw_furniture(
    rng: np.random.Generator, kinds: Sequence[str], outdoors: bool
) -> tuple[Standing, ...]:
    found = []
    for _ in range(rng.integers(0, 9)):
        wall = int(rng.integers(4)) if outdoors or rng.random() < 0.7 else None
        away = rng.uniform(0.25, 0.5) if wall is not None else rng.uniform(0, 1)
        turn = rng.normal(0, 8) if rng.random() < 0.7 else rng.uniform(-180, 180)
        found.append(
            Standing(
                str(rng.choice(kinds)),
                int(rng.integers(1000)),
                wall,
                float(rng.uniform(0.05, 0.95)),
                float(away),
                float(turn),
            )
        )
    return tuple(found)
