"""Textures and photos on the graphics device, kept for as long as their arrays live."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from gaitpose.errors import BadSettings

if TYPE_CHECKING:
    import moderngl

OPAQUE = 250
"""A texture whose opacity never falls below this (of 255) has no holes."""
ANISOTROPY = 8.0
"""On a graphics card; in software it costs more than all light together."""
SOFTWARE = ("llvmpipe", "softpipe", "swrast")


@dataclass
class Texture:
    """A texture, and whether it has holes."""

    image: moderngl.Texture
    cut_out: bool


class TextureStore:
    """The textures of all arrays that live.

    Parameters
    ----------
    context : moderngl.Context
    limit : int
        Longest side, pixels; larger textures are scaled down before they are uploaded.
    """

    def __init__(self, context: moderngl.Context, limit: int) -> None:
        self._context = context
        self._limit = limit
        software = any(name in context.info["GL_RENDERER"] for name in SOFTWARE)
        self._anisotropy = 1.0 if software else min(ANISOTROPY, context.max_anisotropy)
        self._textures: dict[tuple[int, tuple[int, int] | None], Texture] = {}
        self._dead: list[tuple[int, tuple[int, int] | None]] = []

    def texture(self, array: np.ndarray) -> Texture:
        """Return the texture of a uint8 array (height, width, 3 or 4), with its mip levels."""
        return self._kept(array, None)

    def photo(self, array: np.ndarray, width: int, height: int) -> moderngl.Texture:
        """Return a uint8 array (h, w, 3), cropped and scaled to fill `width` x `height` pixels."""
        return self._kept(array, (width, height)).image

    def sweep(self) -> None:
        """Free the textures whose arrays are gone."""
        while self._dead:
            self._textures.pop(self._dead.pop()).image.release()

    def release(self) -> None:
        """Free everything."""
        self.sweep()
        for texture in self._textures.values():
            texture.image.release()
        self._textures.clear()

    def _kept(self, array: np.ndarray, fill: tuple[int, int] | None) -> Texture:
        key = (id(array), fill)
        texture = self._textures.get(key)
        if texture is None:
            _check(array)
            texture = self._mipped(array) if fill is None else self._plain(_filling(array, *fill))
            self._textures[key] = texture
            weakref.finalize(array, self._dead.append, key).atexit = False
        return texture

    def _mipped(self, array: np.ndarray) -> Texture:
        array = _limited(array, self._limit)
        height, width = array.shape[:2]
        cut_out = array.shape[2] == 4 and bool(array[..., 3].min() < OPAQUE)
        image = self._context.texture((width, height), 4, _four_channels(array))
        image.build_mipmaps()
        image.filter = (self._context.LINEAR_MIPMAP_LINEAR, self._context.LINEAR)
        image.anisotropy = self._anisotropy
        image.repeat_x = image.repeat_y = not cut_out  # opacity must not leak in over the border
        return Texture(image, cut_out)

    def _plain(self, array: np.ndarray) -> Texture:
        height, width = array.shape[:2]
        image = self._context.texture((width, height), 4, _four_channels(array))
        image.filter = (self._context.NEAREST, self._context.NEAREST)
        return Texture(image, cut_out=False)


def _check(array: np.ndarray) -> None:
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] not in (3, 4):
        raise BadSettings(
            f"a texture of shape {array.shape} and type {array.dtype}",
            hint="Give uint8 (height, width, 3 or 4)",
        )


def _limited(array: np.ndarray, limit: int) -> np.ndarray:
    """Return `array`, its longest side at most `limit`."""
    height, width = array.shape[:2]
    scale = limit / max(height, width)
    if scale >= 1:
        return array
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(array, size, interpolation=cv2.INTER_AREA)


def _filling(array: np.ndarray, width: int, height: int) -> np.ndarray:
    """Return the middle of a photo, scaled to exactly (height, width)."""
    rows, columns = array.shape[:2]
    if (columns, rows) == (width, height):
        return array
    scale = max(width / columns, height / rows)
    high, wide = min(rows, round(height / scale)), min(columns, round(width / scale))
    top, left = (rows - high) // 2, (columns - wide) // 2
    middle = array[top : top + high, left : left + wide]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(middle, (width, height), interpolation=way)


def _four_channels(array: np.ndarray) -> np.ndarray:
    """Return contiguous red, green, blue and opacity; the fastest layout everywhere."""
    if array.shape[2] == 4:
        return np.ascontiguousarray(array)
    return cv2.cvtColor(np.ascontiguousarray(array), cv2.COLOR_RGB2RGBA)
