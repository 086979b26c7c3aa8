"""From surfaces, a camera and light to a picture with depth and parts.

Four steps: the shadow map seen from the sun; depth, part and normal of each pixel's centre; from
these, how much light reaches each pixel; at last the colours, with several samples a pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.synthetic.rendering.context import compile_program, open_context, set_uniforms
from gaitpose.synthetic.rendering.lighting import Lighting
from gaitpose.synthetic.rendering.meshes import Mesh, MeshStore
from gaitpose.synthetic.rendering.projection import (
    WIDEST_PENUMBRA,
    ShadowFrame,
    clip_matrix,
    may_show,
)
from gaitpose.synthetic.rendering.targets import Targets
from gaitpose.synthetic.rendering.textures import Texture, TextureStore
from gaitpose.synthetic.surface import Part, Surface, Viewpoint

if TYPE_CHECKING:
    import moderngl

SUBJECT = (Part.BODY, Part.CLOTHING, Part.EXOSKELETON)
SKY_TILT = 0.6
"""How much the light of the sky leans towards the sun."""
SAMPLE_ALPHA_TO_COVERAGE = 0x809E  # of OpenGL; moderngl has no name for it
OBSCURANCE_RADIUS = 0.45
"""Metres; how far away a surface still darkens a crease."""
VISIBILITY_QUALITY = {"SEARCHES": 6, "TAPS": 8, "NEIGHBOURS": 5}
"""Samples a pixel; sixteen neighbours, each with its own pattern, are averaged."""
SHADING: dict[str, dict[str, int]] = {
    "plain": {},
    "textured": {"TEXTURED": 1},
    "cut_out": {"TEXTURED": 1, "CUTOUT": 1},
    "catcher": {"CATCHER": 1},
}


@dataclass(frozen=True)
class Rendered:
    """A picture and its labels.

    Parameters
    ----------
    rgb : uint8 array, (height, width, 3)
        sRGB.
    depth : float32 array, (height, width)
        Metres along the optical axis at the centre of the pixel; 0 where nothing is.
    parts : uint8 array, (height, width)
        Numbers of :class:`~gaitpose.synthetic.surface.Part` at the centre of the pixel.
    """

    rgb: np.ndarray
    depth: np.ndarray
    parts: np.ndarray


@dataclass(frozen=True)
class _Item:
    """A surface that is ready to be drawn."""

    surface: Surface
    mesh: Mesh
    texture: Texture | None

    @property
    def kind(self) -> str:
        if self.texture is None:
            return "plain"
        return "cut_out" if self.texture.cut_out else "textured"


class Renderer:
    """Draws off screen; one for each process, closed by hand or by a `with` statement.

    A process that has opened one must not fork: the child's would wait for threads that it lacks.
    Start workers before, or with the method "spawn".

    Surfaces and textures stay on the device for as long as the caller keeps them; a clip should
    therefore pass the same objects for what does not move. With Mesa's software renderer the
    environment variable ``LP_NUM_THREADS`` says how many threads it takes.

    Parameters
    ----------
    width, height : int
        Of the pictures, pixels.
    samples : int
        Of the colour, a pixel; fewer where the device has fewer.
    shadow_size : int
        Width and height of the shadow map, texels.
    texture_limit : int, optional
        Longest side of a texture, pixels; larger ones are scaled down. By default the power of two
        above twice the picture's longer side: mip levels of more detail would never be seen.

    Raises
    ------
    MissingExtra, GaitPoseError
        If moderngl or an OpenGL device is absent.
    """

    def __init__(
        self,
        width: int,
        height: int,
        samples: int = 4,
        *,
        shadow_size: int = 1024,
        texture_limit: int | None = None,
    ) -> None:
        if width < 1 or height < 1:
            raise BadSettings(f"a picture of {width} x {height} pixels")
        self._size = (width, height)
        self._context = open_context()
        with self._context:
            self._targets = Targets(
                self._context, self._size, min(samples, self._context.max_samples), shadow_size
            )
            self._meshes = MeshStore(self._context)
            limit = texture_limit or 2 ** int(np.ceil(np.log2(2 * max(width, height))))
            self._textures = TextureStore(self._context, limit)
            self._compile()
            self._context.front_face = "cw"  # the picture is drawn upside down

    def __enter__(self) -> Renderer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def device(self) -> str:
        """Name of the graphics device."""
        return str(self._context.info["GL_RENDERER"])

    def close(self) -> None:
        """Free the device; the renderer cannot be used any more."""
        with self._context:
            self._meshes.release()
            self._textures.release()
            self._targets.release()
        self._context.release()

    def render(
        self,
        surfaces: Sequence[Surface],
        viewpoint: Viewpoint,
        lighting: Lighting,
        backdrop: np.ndarray | None = None,
    ) -> Rendered:
        """Draw surfaces as seen from a viewpoint.

        Parameters
        ----------
        surfaces : sequence of Surface
            The room (`Part.ROOM`) throws no shadow: light comes through its walls.
        viewpoint : Viewpoint
            Of the renderer's width and height; nothing nearer than 5 cm is drawn.
        lighting : Lighting
        backdrop : uint8 array, (h, w, 3), optional
            Photo that fills the picture behind everything; it has no depth and no part.
        """
        if (viewpoint.width, viewpoint.height) != self._size:
            raise BadSettings(
                f"a viewpoint of {viewpoint.width} x {viewpoint.height} pixels for a renderer of "
                f"{self._size[0]} x {self._size[1]}"
            )
        with self._context:
            self._meshes.sweep()
            self._textures.sweep()
            items = self._items(surfaces, viewpoint)
            frame = _shadow_frame(items, lighting)
            self._draw_shadows(items, frame)
            items = [item for item in items if may_show(item.mesh.corners, viewpoint)]
            self._draw_labels(items, viewpoint)
            self._draw_visibility(viewpoint, lighting, frame)
            self._draw_colours(items, viewpoint, lighting, backdrop)
            depth, parts = self._targets.read_labels()
            return Rendered(self._targets.read_rgb(), depth, parts)

    def _compile(self) -> None:
        context = self._context
        self._shading: dict[tuple[str, int], moderngl.Program] = {}
        self._flat = {
            (name, cut_out): compile_program(
                context,
                "surface.vert",
                "common.glsl",
                f"{name}.frag",
                define={"CUTOUT": 1} if cut_out else {},
            )
            for name in ("shadow", "geometry")
            for cut_out in (False, True)
        }
        self._visibility = compile_program(
            context, "screen.vert", "visibility.frag", define=VISIBILITY_QUALITY
        )
        self._smoothing = compile_program(context, "screen.vert", "smoothing.frag")
        self._backdrop = compile_program(context, "screen.vert", "backdrop.frag")
        self._screens = {
            program: context.vertex_array(program, [])
            for program in (self._visibility, self._smoothing, self._backdrop)
        }

    def _shader(self, kind: str, lamps: int) -> moderngl.Program:
        """Return the program that colours a kind of surface; it is compiled at first use."""
        program = self._shading.get((kind, lamps))
        if program is None:
            program = self._shading[kind, lamps] = compile_program(
                self._context,
                "surface.vert",
                "tone.glsl",
                "common.glsl",
                "shading.frag",
                define={"LAMPS": lamps, **SHADING[kind]},
            )
        return program

    def _items(self, surfaces: Sequence[Surface], viewpoint: Viewpoint) -> list[_Item]:
        """Upload what is new and return all surfaces, nearest first."""
        items: list[_Item] = []
        for surface in surfaces:
            texture = surface.material.texture
            if texture is not None and surface.uv is None:
                raise BadSettings(
                    f"a textured surface of {surface.part.name.lower()} has no texture coordinates"
                )
            kept = None if texture is None else self._textures.texture(texture)
            items.append(_Item(surface, self._meshes.mesh(surface), kept))
        items.sort(key=lambda item: viewpoint.in_camera(item.mesh.corners)[:, 2].min())
        return items

    def _draw_shadows(self, items: Sequence[_Item], frame: ShadowFrame) -> None:
        context = self._context
        self._targets.shadow.use()
        context.enable_only(context.DEPTH_TEST)
        self._targets.shadow.clear(depth=1.0)
        camera = {"eye": tuple(frame.origin), "clip": frame.clip_matrix().T.tobytes()}
        for cut_out in (False, True):
            set_uniforms(self._flat["shadow", cut_out], camera)
        for item in items:
            if _throws_shadow(item.surface):
                self._draw_flat("shadow", item)

    def _draw_labels(self, items: Sequence[_Item], viewpoint: Viewpoint) -> None:
        context = self._context
        self._targets.labels.use()
        context.enable_only(context.DEPTH_TEST)
        self._targets.labels.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        camera = _camera_uniforms(viewpoint)
        for cut_out in (False, True):
            set_uniforms(self._flat["geometry", cut_out], camera)
        for item in items:
            self._cull(item.surface)
            self._draw_flat("geometry", item)

    def _draw_flat(self, name: str, item: _Item) -> None:
        cut_out = item.texture is not None and item.texture.cut_out
        program = self._flat[name, cut_out]
        surface = item.surface
        set_uniforms(program, {"part": float(surface.part), "flat_faces": not surface.smooth})
        if item.texture is not None and cut_out:
            item.texture.image.use(0)
        item.mesh.draw(program)

    def _draw_visibility(
        self, viewpoint: Viewpoint, lighting: Lighting, frame: ShadowFrame
    ) -> None:
        targets = self._targets
        self._context.enable_only(self._context.NOTHING)
        targets.rough.use()
        targets.depth.use(0)
        targets.normal_part.use(1)
        targets.shadow_map.use(2)
        set_uniforms(
            self._visibility,
            {
                "depth_map": 0,
                "normal_map": 1,
                "shadow_map": 2,
                "camera": viewpoint.axes.astype(np.float32).tobytes(),
                "lens": (*viewpoint.focal, *viewpoint.centre),
                "sun_direction": tuple(-frame.axes[2]),
                "light_axes": frame.axes.astype(np.float32).tobytes(),
                "light_origin": tuple(frame.origin - viewpoint.position),
                "light_size": tuple(frame.size),
                "sun_spread": _penumbra(lighting),
                "widest": WIDEST_PENUMBRA,
                "obscurance_radius": OBSCURANCE_RADIUS,
            },
        )
        self._screens[self._visibility].render(vertices=3)
        rough, smooth = targets.visibility
        for source, target, stride in (
            (rough, targets.smooth, (1, 0)),
            (smooth, targets.rough, (0, 1)),
        ):
            target.use()
            source.use(1)
            set_uniforms(self._smoothing, {"depth_map": 0, "visibility": 1, "stride": stride})
            self._screens[self._smoothing].render(vertices=3)

    def _draw_colours(
        self,
        items: Sequence[_Item],
        viewpoint: Viewpoint,
        lighting: Lighting,
        backdrop: np.ndarray | None,
    ) -> None:
        context, targets = self._context, self._targets
        targets.colour.use()
        context.enable_only(context.DEPTH_TEST)
        targets.colour.clear(color=_empty_colour(lighting), depth=1.0)
        targets.visibility[0].use(1)
        if backdrop is not None:
            self._textures.photo(backdrop, *self._size).use(2)
        common = {**_camera_uniforms(viewpoint), **_light_uniforms(lighting, viewpoint)}
        common |= {"picture": 0, "visibility": 1, "backdrop": 2}
        programs = {kind: self._shader(kind, len(lighting.lamps)) for kind in SHADING}
        for program in programs.values():
            set_uniforms(program, common)
        for item in items:
            self._cull(item.surface)
            self._soften_holes(item.kind == "cut_out")
            catcher = item.surface.material.shadow_catcher and backdrop is not None
            _draw_shaded(item, programs["catcher" if catcher else item.kind])
        self._soften_holes(False)
        if backdrop is not None:
            context.enable_only(context.DEPTH_TEST)
            set_uniforms(self._backdrop, {"backdrop": 2})
            self._screens[self._backdrop].render(vertices=3)
        context.copy_framebuffer(targets.resolved, targets.colour)

    def _soften_holes(self, on: bool) -> None:
        """Let opacity decide how many samples of a pixel are drawn: edges of holes are smoothed."""
        if on:
            self._context.enable_direct(SAMPLE_ALPHA_TO_COVERAGE)
        else:
            self._context.disable_direct(SAMPLE_ALPHA_TO_COVERAGE)

    def _cull(self, surface: Surface) -> None:
        context = self._context
        if surface.material.two_sided:
            context.disable(context.CULL_FACE)
        else:
            context.enable(context.CULL_FACE)


def _draw_shaded(item: _Item, program: moderngl.Program) -> None:
    material = item.surface.material
    set_uniforms(
        program,
        {
            "colour": tuple(_linear(material.colour)),
            "roughness": material.roughness,
            "metallic": material.metallic,
            "flat_faces": not item.surface.smooth,
        },
    )
    if item.texture is not None:
        item.texture.image.use(0)
    item.mesh.draw(program)


def _throws_shadow(surface: Surface) -> bool:
    return surface.part != Part.ROOM and not surface.material.shadow_catcher


def _shadow_frame(items: Sequence[_Item], lighting: Lighting) -> ShadowFrame:
    """Fit the shadow map around what throws shadows, near the subject."""
    corners = [item.mesh.corners for item in items if _throws_shadow(item.surface)]
    subject = [item.mesh.corners for item in items if item.surface.part in SUBJECT]
    return ShadowFrame.around(
        np.concatenate(corners) if corners else np.zeros((1, 3)),
        np.asarray(lighting.sun_direction),
        _penumbra(lighting),
        np.concatenate(subject) if subject else None,
    )


def _penumbra(lighting: Lighting) -> float:
    """Return the half-width of half-shadows, metres per metre of distance."""
    return float(np.tan(np.deg2rad(lighting.sun_spread) / 2))


def _camera_uniforms(viewpoint: Viewpoint) -> dict[str, object]:
    return {"eye": tuple(viewpoint.position), "clip": clip_matrix(viewpoint).T.tobytes()}


def _light_uniforms(lighting: Lighting, viewpoint: Viewpoint) -> dict[str, object]:
    """Return the light in the words of the shaders."""
    places = np.zeros((len(lighting.lamps), 4), dtype=np.float32)
    lights = np.zeros((len(lighting.lamps), 3), dtype=np.float32)
    for index, lamp in enumerate(lighting.lamps):
        places[index] = *(np.asarray(lamp.position) - viewpoint.position), lamp.radius
        lights[index] = np.asarray(lamp.colour) * lamp.intensity * lighting.exposure
    sun = np.asarray(lighting.sun_direction, dtype=float)
    # The sky is brighter on the side of the sun, and so is the wall with the window.
    zenith = sun / np.linalg.norm(sun) * SKY_TILT + (0.0, 1.0, 0.0)

    def light(colour: tuple[float, float, float], intensity: float) -> tuple[float, ...]:
        return tuple(np.asarray(colour) * intensity * lighting.exposure)

    return {
        "sun_direction": tuple(sun / np.linalg.norm(sun)),
        "zenith": tuple(zenith / np.linalg.norm(zenith)),
        "sun_light": light(lighting.sun_colour, lighting.sun_intensity),
        "sky_light": light(lighting.sky_colour, lighting.sky_intensity),
        "ground_light": light(lighting.ground_colour, lighting.ground_intensity),
        "lamp_places": places.tobytes(),
        "lamp_lights": lights.tobytes(),
    }


def _linear(colour: Sequence[float]) -> np.ndarray:
    """Return linear light of an sRGB colour, 0..1."""
    c = np.asarray(colour, dtype=float)
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def _empty_colour(lighting: Lighting) -> tuple[float, float, float, float]:
    """Return the sRGB colour where there is neither a surface nor a backdrop: a dim sky."""
    sky = np.asarray(lighting.sky_colour) * lighting.sky_intensity * lighting.exposure
    red, green, blue = np.clip(sky, 0, 1) ** (1 / 2.2)
    return float(red), float(green), float(blue), 1.0
