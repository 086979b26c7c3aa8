"""Builds the place of a walk: a box around everything that must be inside it, or open air.

The walls are as far from subject and camera as the settings say, and turned against the walk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gaitpose.synthetic.scenes.furniture import furniture
from gaitpose.synthetic.scenes.pictures import picture
from gaitpose.synthetic.scenes.room_settings import Mirror, RoomSettings
from gaitpose.synthetic.scenes.shapes import merged, moved, rectangle
from gaitpose.synthetic.scenes.textures import texture
from gaitpose.synthetic.surface import Material, Part, Surface

GROUND_SIZE = 60.0
"""Side of the ground in open air, metres."""

SUBJECT_CLEARANCE = 0.75
"""No furniture is nearer to the subject's path than this, metres."""

CAMERA_CLEARANCE = 0.5
"""No furniture is nearer to the line from camera to subject than this, metres."""


@dataclass(frozen=True)
class Pane:
    """Where a mirror is: two opposite corners as (metres along the wall, height) and its plane.

    Parameters
    ----------
    wall : int
    low, high : (along, height)
        Metres.
    point, normal : array, (3,)
        World frame; the normal points into the room.
    """

    wall: int
    low: tuple[float, float]
    high: tuple[float, float]
    point: np.ndarray
    normal: np.ndarray


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


def mirror_pane(settings: RoomSettings, path: np.ndarray, camera: np.ndarray) -> Pane | None:
    """Tell where the mirror of a room is; arguments as for :func:`room_surfaces`."""
    if settings.mirror is None:
        return None
    plan = _Plan.around(settings, path, camera)
    pane = plan.pane(settings.mirror, settings.height)
    if pane is None:
        return None
    angle = np.deg2rad(settings.turn)
    turn = np.array(
        [[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]]
    )
    return replace(pane, point=turn @ pane.point, normal=turn @ pane.normal)


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

    def pane(self, mirror: Mirror, ceiling: float) -> Pane | None:
        """Hang a mirror on the wall that the line of sight meets; None if it is too short."""
        sight = self.path.mean(axis=0) - self.camera
        best, reach = 0, np.inf
        for number in range(4):
            (x, z), edge = self.wall(number)
            inward = np.array([-edge[1], edge[0]]) / np.hypot(*edge)
            away = float(sight @ inward)
            share = float((np.array([x, z]) - self.camera) @ inward) / away if away < 0 else np.inf
            if share < reach:
                best, reach = number, share
        corner, edge = self.wall(best)
        length = float(np.hypot(*edge))
        along = edge / length
        middle = float((self.camera + reach * sight - corner) @ along) + mirror.aside
        low = max(middle - mirror.width / 2, 0.1)
        high = min(middle + mirror.width / 2, length - 0.1)
        top = min(mirror.bottom + mirror.height, ceiling - 0.1)
        if high - low < 0.4:
            return None
        inward = np.array([-along[1], 0.0, along[0]])
        point = np.array([corner[0], 0.0, corner[1]])
        return Pane(best, (low, mirror.bottom), (high, top), point, inward)

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
    pane = None if settings.mirror is None else plan.pane(settings.mirror, settings.height)
    groups: list[list[Surface]] = [[], [], []]
    for number in range(4):
        gap = pane if pane is not None and pane.wall == number else None
        for group, made in zip(groups, _wall(settings, plan.wall(number), gap), strict=True):
            group += made
    x0, x1, z0, z1 = plan.box
    white = Material(colour=(0.9, 0.9, 0.88), roughness=1.0)
    ceiling = rectangle(
        (x0, settings.height, z0), (x1 - x0, 0, 0), (0, 0, z1 - z0), white, Part.ROOM
    )
    joined = [merged(group) for group in groups if group]
    return [*joined, ceiling, *_hangings(settings, plan, None if pane is None else pane.wall)]


def _wall(
    settings: RoomSettings, place: tuple[np.ndarray, np.ndarray], gap: Pane | None
) -> tuple[list[Surface], list[Surface], list[Surface]]:
    """Build paper, skirting and dado of one wall, with a gap where a mirror hangs."""
    corner, edge = place
    length = float(np.hypot(*edge))
    along = np.array([edge[0], 0, edge[1]]) / length
    inward = np.array([-along[2], 0, along[0]])
    foot = np.array([corner[0], 0, corner[1]])

    def piece(
        u0: float, u1: float, v0: float, v1: float, material: Material, off: float = 0.0
    ) -> Surface:
        at = foot + u0 * along + np.array([0, v0, 0]) + off * inward
        edges = (u1 - u0) * along, (0, v1 - v0, 0)
        tile, start = settings.wall_tile, (u0, v0)
        return rectangle(at, *edges, material, Part.ROOM, tile=tile, start=start)

    paper = Material(colour=settings.wall_tint, texture=texture(*settings.walls), roughness=0.95)
    spans = [(0.0, length, 0.0, settings.height)]
    if gap is not None:
        (left, low), (right, high) = gap.low, gap.high
        spans = [
            (0.0, left, 0.0, settings.height),
            (right, length, 0.0, settings.height),
            (left, right, 0.0, low),
            (left, right, high, settings.height),
        ]
    sides = [piece(*span, paper) for span in spans]
    skirting, dado = [], []
    if settings.skirting is not None and (gap is None or gap.low[1] > SKIRTING):
        colour = Material(colour=settings.skirting, roughness=0.6)
        skirting.append(piece(0.0, length, 0.0, SKIRTING, colour, 0.012))
    if settings.dado and gap is None:
        lower = Material(texture=texture(*settings.dado_walls), roughness=0.9)
        dado.append(piece(0.0, length, 0.0, settings.dado, lower, 0.006))
    return sides, skirting, dado


SKIRTING = 0.1
"""Height of the skirting boards, metres."""


def _hangings(settings: RoomSettings, plan: _Plan, taken: int | None) -> list[Surface]:
    """Hang what the settings say, but not on the wall with the mirror."""
    found = []
    for each in settings.hangings:
        if each.wall == taken:
            continue
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
