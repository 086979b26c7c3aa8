"""The pictures that are drawn into, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import moderngl


class _Releasable(Protocol):
    def release(self) -> None: ...


class Targets:
    """Shadow map, labels, visibility and colour of one picture size.

    Parameters
    ----------
    context : moderngl.Context
    size : (width, height)
        Pixels.
    samples : int
        Of the colour, a pixel.
    shadow_size : int
        Width and height of the shadow map, texels.
    """

    def __init__(
        self, context: moderngl.Context, size: tuple[int, int], samples: int, shadow_size: int
    ) -> None:
        self._size = size
        self.shadow_map = context.depth_texture((shadow_size, shadow_size))
        self.shadow_map.compare_func = ""
        self.depth = context.texture(size, 1, dtype="f4")
        self.normal_part = context.texture(size, 4)
        self.visibility = (context.texture(size, 4), context.texture(size, 4))
        maps = (self.shadow_map, self.depth, self.normal_part, *self.visibility)
        for image in maps:
            image.filter = (context.NEAREST, context.NEAREST)
            image.repeat_x = image.repeat_y = False
        zbuffer = context.depth_renderbuffer(size)
        many_colours = context.renderbuffer(size, 4, samples=samples)
        many_depths = context.depth_renderbuffer(size, samples=samples)
        colours = context.renderbuffer(size, 4)
        self.shadow = context.framebuffer(depth_attachment=self.shadow_map)
        self.labels = context.framebuffer([self.depth, self.normal_part], zbuffer)
        self.rough, self.smooth = (context.framebuffer([image]) for image in self.visibility)
        self.colour = context.framebuffer([many_colours], many_depths)
        self.resolved = context.framebuffer([colours])
        self._owned: list[_Releasable] = [*maps, zbuffer, many_colours, many_depths, colours]
        self._owned += [self.shadow, self.labels, self.rough, self.smooth]
        self._owned += [self.colour, self.resolved]

    def read_rgb(self) -> np.ndarray:
        """Return the colours, uint8 (height, width, 3)."""
        out = np.empty((*self._size[::-1], 4), dtype=np.uint8)
        self.resolved.read_into(out, components=4)
        return np.ascontiguousarray(out[..., :3])

    def read_labels(self) -> tuple[np.ndarray, np.ndarray]:
        """Return depth, float32, and parts, uint8, both (height, width)."""
        depth = np.empty(self._size[::-1], dtype=np.float32)
        self.labels.read_into(depth, components=1, dtype="f4")
        packed = np.empty((*self._size[::-1], 4), dtype=np.uint8)
        self.labels.read_into(packed, components=4, attachment=1)
        return depth, np.ascontiguousarray(packed[..., 3])

    def release(self) -> None:
        """Free everything."""
        for thing in reversed(self._owned):
            thing.release()
        self._owned.clear()
