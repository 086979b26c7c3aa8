"""Textures repeat without a seam and are the same for the same number."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.synthetic.scenes.furniture import INDOORS, OUTDOORS, furniture
from gaitpose.synthetic.scenes.pictures import picture
from gaitpose.synthetic.scenes.textures import FLOORS, GROUNDS, SIZE, VARIANTS, WALLS, texture

ALL = sorted({*FLOORS, *GROUNDS, *WALLS})


@pytest.mark.parametrize("kind", ALL)
def test_there_is_no_seam(kind: str) -> None:
    for variant in (0, 5):
        sheet = texture(kind, variant).astype(float)
        assert sheet.shape == (SIZE, SIZE, 3)
        for axis in (0, 1):
            inside = np.abs(np.diff(sheet, axis=axis)).mean(axis=(1 - axis, 2))
            seam = np.abs(np.take(sheet, 0, axis) - np.take(sheet, -1, axis)).mean()
            assert seam <= 1.2 * inside.max() + 2


def test_the_same_number_is_the_same_texture() -> None:
    first = texture("wallpaper", 3).copy()
    texture.cache_clear()
    assert (texture("wallpaper", 3) == first).all()
    assert (texture("wallpaper", 3 + VARIANTS) == first).all()
    assert (texture("wallpaper", 4) != first).any()


@pytest.mark.parametrize("kind", ["poster", "window", "door", "shelf", "view"])
def test_pictures_differ(kind: str) -> None:
    assert (picture(kind, 1) != picture(kind, 2)).mean() > 0.1


@pytest.mark.parametrize("kind", sorted({*INDOORS, *OUTDOORS}))
def test_furniture_stands_on_the_floor(kind: str) -> None:
    for variant in range(6):
        points = np.concatenate([part.vertices for part in furniture(kind, variant)])
        assert -0.13 < points[:, 1].min() < 0.06
        assert np.abs(points[:, [0, 2]]).max() < 12.1
        for part in furniture(kind, variant):
            assert part.material.texture is None or part.uv is not None
