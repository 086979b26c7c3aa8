"""Rooms hold subject and camera, and keep the way and the view free."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.synthetic.scenes.room import room_surfaces
from gaitpose.synthetic.scenes.room_settings import RoomSettings
from gaitpose.synthetic.surface import Part

PATH = np.array([[0.0, 0.0, 0.0], [3.0, 0.0, 0.0]])
CAMERA = np.array([1.5, 1.2, 4.0])


@pytest.mark.parametrize("seed", range(25))
def test_everything_is_inside_and_the_view_is_free(seed: int) -> None:
    settings = RoomSettings.draw(np.random.default_rng(seed), "indoors")
    surfaces = room_surfaces(settings, PATH, CAMERA)
    walls = np.concatenate([each.vertices for each in surfaces if each.part is Part.ROOM])
    angle = np.deg2rad(settings.turn)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = walls[:, [0, 2]] @ turn.T
    inside = np.vstack([PATH, CAMERA])[:, [0, 2]] @ turn.T
    assert (corners.min(axis=0) < inside.min(axis=0) - 0.5).all()
    assert (corners.max(axis=0) > inside.max(axis=0) + 0.5).all()
    for each in surfaces:
        if each.part is Part.PROP:
            away = np.linalg.norm(each.vertices[:, None, [0, 2]] - PATH[None][:, :, [0, 2]], axis=2)
            assert away.min() > 0.4


def test_walls_and_floor_look_inwards() -> None:
    settings = RoomSettings.draw(np.random.default_rng(1), "indoors")
    middle = np.array([1.5, 1.2, 2.0])
    for each in room_surfaces(settings, PATH, CAMERA):
        if each.part is not Part.ROOM:
            continue
        a, b, c = (each.vertices[each.faces[:, i]].astype(float) for i in range(3))
        towards = np.einsum("ij,ij->i", np.cross(b - a, c - a), middle - a)
        assert (towards > 0).all()


def test_a_lowered_floor() -> None:
    settings = RoomSettings.draw(np.random.default_rng(2), "outdoors")
    ground = room_surfaces(settings, PATH, CAMERA, floor=-0.2)[0]
    np.testing.assert_allclose(ground.vertices[:, 1], -0.2)


def test_a_photograph_needs_no_room() -> None:
    settings = RoomSettings.draw(np.random.default_rng(3), "photo")
    assert room_surfaces(settings, PATH, CAMERA) == ()
