"""Where the walk takes place: floor, walls and what is on them, furniture along them, or open air.

The room is a box around everything that must be inside it (subject and camera), as far away as the
settings say, and turned against the walk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gaitpose.synthetic.scenes.furniture import INDOORS, OUTDOORS, any_colour, furniture
from gaitpose.synthetic.scenes.pictures import picture
from gaitpose.synthetic.scenes.shapes import merged, moved, rectangle
from gaitpose.synthetic.scenes.textures import FLOORS, GROUNDS, WALLS, texture
from gaitpose.synthetic.surface import Material, Part, Surface

Kind = Literal["indoors", "outdoors", "photo"]

GROUND_SIZE = 60.0
"""Side of the ground in open air, metres."""

SUBJECT_CLEARANCE = 0.75
"""No furniture is nearer to the subject's path than this, metres."""

CAMERA_CLEARANCE = 0.5
"""No furniture is nearer to the line from camera to subject than this, metres."""


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


def room_surfaces(
    settings: RoomSettings, path: np.ndarray, camera: np.ndarray, *, floor: float = 0.0
) -> tuple[Surface, ...]:
    """Build the place around subject and camera.

    Parameters
    ----------
    settings : RoomSettings
    path : array, (points, 3)
        Where the subject is or will be, metres, world frame.
    camera : array, (3,)
        Where the camera is.
    floor : float
        Height of the floor, metres (below 0 where the subject stands on a treadmill's deck).

    Returns
    -------
    tuple of Surface
        Floor, walls and ceiling are :attr:`Part.ROOM`, furniture is :attr:`Part.PROP`.
    """
    if settings.kind == "photo":
        return ()
    plan = _Plan.around(settings, path, camera)
    surfaces = [*_ground(settings, plan)]
    if settings.kind == "indoors":
        surfaces += _walls(settings, plan)
    surfaces += _furniture(settings, plan)
    return tuple(moved(each, turn=settings.turn, shift=(0, floor, 0)) for each in surfaces)


@dataclass(frozen=True)
class _Plan:
    """The box on the floor, in the room's own frame: x0, x1, z0, z1, metres."""

    box: tuple[float, float, float, float]
    path: np.ndarray
    camera: np.ndarray

    @classmethod
    def around(cls, settings: RoomSettings, path: np.ndarray, camera: np.ndarray) -> _Plan:
        """Turn the world into the room's frame and leave the margins."""
        angle = np.deg2rad(settings.turn)
        back = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        inside = np.vstack([path, camera[None]])[:, [0, 2]] @ back.T
        low, high = inside.min(axis=0), inside.max(axis=0)
        a, b, c, d = settings.margins
        return cls((low[0] - a, high[0] + b, low[1] - c, high[1] + d), inside[:-1], inside[-1])

    def wall(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Corner on the floor and edge of a wall, seen from inside from left to right, (x, z)."""
        x0, x1, z0, z1 = self.box
        corners = np.array([[x0, z0], [x1, z0], [x1, z1], [x0, z1]], dtype=float)
        start, end = corners[number], corners[(number + 1) % 4]
        return start, end - start

    def free(self, place: np.ndarray, size: float) -> bool:
        """Whether a piece of a radius may stand here: off the path and out of the line of sight."""
        near = np.linalg.norm(self.path - place, axis=1).min()
        middle = self.path.mean(axis=0)
        sight = middle - self.camera
        share = np.clip((place - self.camera) @ sight / (sight @ sight), 0, 1)
        off = float(np.linalg.norm(place - self.camera - share * sight))
        return bool(near > SUBJECT_CLEARANCE + size and off > CAMERA_CLEARANCE + size)


def _ground(settings: RoomSettings, plan: _Plan) -> list[Surface]:
    material = Material(
        colour=settings.floor_tint, texture=texture(*settings.floor), roughness=0.75
    )
    x0, x1, z0, z1 = plan.box
    if settings.kind == "outdoors":
        middle, half = plan.path.mean(axis=0), GROUND_SIZE / 2
        x0, x1, z0, z1 = middle[0] - half, middle[0] + half, middle[1] - half, middle[1] + half
    tile = settings.floor_tile
    return [
        rectangle((x0, 0, z1), (x1 - x0, 0, 0), (0, 0, z0 - z1), material, Part.ROOM, tile=tile)
    ]


def _walls(settings: RoomSettings, plan: _Plan) -> list[Surface]:
    paper = Material(colour=settings.wall_tint, texture=texture(*settings.walls), roughness=0.95)
    tall, tile = (0, settings.height, 0), settings.wall_tile
    sides, skirting, dado = [], [], []
    for number in range(4):
        (x, z), (dx, dz) = plan.wall(number)
        sides.append(rectangle((x, 0, z), (dx, 0, dz), tall, paper, Part.ROOM, tile=tile))
        inward = np.array([-dz, 0, dx]) / np.hypot(dx, dz)
        foot = np.array([x, 0, z])
        if settings.skirting is not None:
            colour = Material(colour=settings.skirting, roughness=0.6)
            skirting.append(
                rectangle(foot + 0.012 * inward, (dx, 0, dz), (0, 0.1, 0), colour, Part.ROOM)
            )
        if settings.dado:
            lower = Material(texture=texture(*settings.dado_walls), roughness=0.9)
            up = (0, settings.dado, 0)
            dado.append(
                rectangle(foot + 0.006 * inward, (dx, 0, dz), up, lower, Part.ROOM, tile=tile)
            )
    x0, x1, z0, z1 = plan.box
    white = Material(colour=(0.9, 0.9, 0.88), roughness=1.0)
    ceiling = rectangle(
        (x0, settings.height, z0), (x1 - x0, 0, 0), (0, 0, z1 - z0), white, Part.ROOM
    )
    groups = [merged(group) for group in (sides, skirting, dado) if group]
    return [*groups, ceiling, *_hangings(settings, plan)]


def _hangings(settings: RoomSettings, plan: _Plan) -> list[Surface]:
    found = []
    for each in settings.hangings:
        corner, edge = plan.wall(each.wall)
        length = float(np.hypot(*edge))
        if each.width > length / 3.2:
            continue
        along = edge / length
        inward = np.array([-along[1], along[0]])
        start = corner + (each.along * length - each.width / 2) * along + 0.02 * inward
        height = min(each.height, settings.height - each.bottom - 0.1)
        matte = Material(texture=picture(each.kind, each.variant), roughness=0.8)
        found.append(
            rectangle(
                (start[0], each.bottom, start[1]),
                (each.width * along[0], 0, each.width * along[1]),
                (0, height, 0),
                matte,
                Part.ROOM,
            )
        )
    return found


def _furniture(settings: RoomSettings, plan: _Plan) -> list[Surface]:
    found = []
    x0, x1, z0, z1 = plan.box
    for each in settings.furniture:
        piece = furniture(each.kind, each.variant)
        extent = np.concatenate([part.vertices for part in piece])[:, [0, 2]]
        radius = float(np.linalg.norm(extent, axis=1).max())
        if each.wall is None:
            place = np.array([x0 + each.along * (x1 - x0), z0 + each.away * (z1 - z0)])
            turn = each.turn
        else:
            corner, edge = plan.wall(each.wall)
            inward = np.array([-edge[1], edge[0]]) / np.hypot(*edge)
            back = -float(extent[:, 1].min())
            place = corner + each.along * edge + (back + 0.1 * each.away) * inward
            turn = float(np.rad2deg(np.arctan2(-inward[0], inward[1]))) + 0.3 * each.turn
        if plan.free(place, min(radius, 1.2)):
            found += [moved(part, turn=turn, shift=(place[0], 0, place[1])) for part in piece]
    return found
