"""Light, textures, backdrops, the life of buffers, and what is refused."""

from __future__ import annotations

import gc
import multiprocessing

import numpy as np
import pytest
from scipy import ndimage
from tests.synthetic.rendering.shapes import WHITE, ball, box, floor, sheet

from gaitpose.errors import BadSettings, GaitPoseError, MissingExtra
from gaitpose.synthetic.rendering import Lamp, Lighting, Renderer
from gaitpose.synthetic.surface import Material, Part, Surface, Viewpoint

NOON = Lighting(sun_direction=(0, 1, 0), sun_spread=2.0)


def above(height: float = 3.0) -> Viewpoint:
    """A camera high up that looks at the floor around the origin."""
    return Viewpoint.looking(np.array([0.0, height, 3.0]), np.zeros(3), 300, 320, 240)


def at(picture: np.ndarray, viewpoint: Viewpoint, point: tuple[float, float, float]) -> np.ndarray:
    x, y = np.rint(viewpoint.project(np.array(point))).astype(int)
    return picture[y, x].astype(float)


def linear(grey: float) -> float:
    return (grey / 255) ** 2.2


def test_a_shadow_lies_under_what_throws_it_and_nowhere_else(renderer: Renderer) -> None:
    view = above()
    lid = sheet((0, 0.5, 0), (0.6, 0, 0), (0, 0, -0.6))
    open_floor = renderer.render([floor()], view, NOON).rgb
    shaded = renderer.render([floor(), lid], view, NOON)
    seen = ndimage.binary_erosion(shaded.parts == Part.ROOM, np.ones((3, 3)), border_value=1)
    ratio = shaded.rgb[..., 1] / open_floor[..., 1]
    columns, rows = np.meshgrid(np.arange(320), np.arange(240))
    rays = np.stack([(columns - 159.5) / 300, (rows - 119.5) / 300, np.ones_like(rows)], axis=-1)
    rays = rays @ view.axes
    ground = view.position + rays * (-view.position[1] / rays[..., 1])[..., None]
    outside = np.maximum(np.abs(ground[..., 0]), np.abs(ground[..., 2])) - 0.3
    assert (seen & (outside < -0.05)).sum() > 500
    assert ratio[seen & (outside < -0.05)].max() < 0.85
    assert ratio[seen & (outside > 0.06) & (outside < 0.6)].min() > 0.9
    assert ratio[seen & (outside > 0.5)].min() > 0.98


def test_a_shadow_begins_at_the_foot(renderer: Renderer) -> None:
    """No gap of light between a box and its shadow (peter-panning)."""
    low = Lighting(sun_direction=(-1, 1, 0), sun_spread=1.0)
    view = Viewpoint.looking(np.array([1.5, 1.2, 1.5]), np.array([0.3, 0, 0]), 420, 320, 240)
    block = box((-0.2, 0, -0.3), (0.2, 0.4, 0.3))
    out = renderer.render([floor(), block], view, low).rgb
    lit = linear(at(out, view, (0.3, 0, 0.8))[1])
    for distance in (0.012, 0.03, 0.1, 0.3):
        assert linear(at(out, view, (0.2 + distance, 0, 0))[1]) < 0.65 * lit, distance


def test_lit_surfaces_do_not_shade_themselves(renderer: Renderer) -> None:
    """No acne: a slanted sheet that throws shadows is evenly lit."""
    view = above()
    for spread in (0.5, 8.0, 25.0):
        light = Lighting(sun_direction=(0.8, 1, 0.3), sun_spread=spread)
        slant = sheet((0, 0.5, 0), (2.0, 0.5, 0), (0, 0.2, -2.0))
        out = renderer.render([slant], view, light)
        inner = out.rgb[90:150, 120:200, 1].astype(int)
        assert (out.parts[90:150, 120:200] == Part.PROP).all()
        assert inner.max() - inner.min() <= 4


def test_penumbra_grows_with_the_distance_of_what_throws_it(renderer: Renderer) -> None:
    view = above()
    dim = {"sky_intensity": 0.0, "ground_intensity": 0.0}
    light = Lighting(sun_direction=(0.0, 1, 0), sun_spread=8.0, **dim)

    def width(height: float) -> float:
        lid = sheet((-1.0, height, 0), (2.0, 0, 0), (0, 0, -0.8))
        bare = renderer.render([floor()], view, light).rgb[..., 1].astype(float)
        out = renderer.render([floor(), lid], view, light)
        row = round(view.project(np.zeros(3))[1])
        ratio = (out.rgb[..., 1] / bare)[row]
        ground = out.parts[row] == Part.ROOM
        dark = ratio[ground].min()
        middle = (ratio > dark + 0.15 * (1 - dark)) & (ratio < dark + 0.85 * (1 - dark)) & ground
        return float(middle.sum())

    assert width(1.0) > 1.8 * width(0.25)


def test_creases_are_darker_than_open_floor(renderer: Renderer) -> None:
    overcast = Lighting(sun_intensity=0.0, sky_intensity=0.9, ground_intensity=0.5)
    view = above()
    block = box((-0.3, 0, -0.3), (0.3, 0.5, 0.3))
    out = renderer.render([floor(), block], view, overcast).rgb
    crease, open_floor = at(out, view, (0, 0, 0.33)), at(out, view, (1.2, 0, 0.33))
    assert linear(crease[1]) < 0.93 * linear(open_floor[1])


def test_light_of_a_lamp_falls_with_the_square_of_the_distance(renderer: Renderer) -> None:
    dark = {"sun_intensity": 0.0, "sky_intensity": 0.0, "ground_intensity": 0.0}
    view = above()

    def seen(height: float) -> float:
        lamp = Lamp((0, height, 0), intensity=0.4, radius=0.0)
        out = renderer.render([floor()], view, Lighting(**dark, lamps=(lamp,)))
        level = linear(at(out.rgb, view, (0, 0, 0))[1])
        return (level + np.sqrt(level * level + 0.08 * level)) / 2  # undoes the toe c2 / (c + 0.02)

    assert seen(1.0) / seen(2.0) == pytest.approx(4.0, rel=0.15)


def test_a_texture_stands_upright(renderer: Renderer) -> None:
    """First row at the top, first column at v-up's left; sRGB colours arrive."""
    picture = np.zeros((8, 8, 3), dtype=np.uint8)
    picture[:4, :4] = (255, 0, 0)
    picture[:4, 4:] = (0, 255, 0)
    picture[4:, :4] = (0, 0, 255)
    picture[4:, 4:] = (255, 255, 255)
    poster = sheet((0, 1, 0), (1, 0, 0), (0, 1, 0), Material(texture=picture, roughness=1.0))
    view = Viewpoint.looking(np.array([0, 1.0, 3.0]), np.array([0, 1.0, 0]), 300, 320, 240)
    out = renderer.render([poster], view, Lighting(sun_direction=(0, 0.4, 1))).rgb
    corners = {(-0.25, 1.25): 0, (0.25, 1.25): 1, (-0.25, 0.75): 2}
    for (x, y), channel in corners.items():
        colour = at(out, view, (x, y, 0))
        assert colour.argmax() == channel and np.sort(colour)[1] < 70
    assert at(out, view, (0.25, 0.75, 0)).min() > 150


def test_holes_show_what_is_behind_and_let_light_through(renderer: Renderer) -> None:
    picture = np.full((64, 64, 4), 255, dtype=np.uint8)
    picture[:, :32, 3] = 0  # the left half
    cloth = Material(texture=picture, two_sided=True)
    lid = sheet((0, 0.5, 0), (0.8, 0, 0), (0, 0, -0.8), cloth, Part.CLOTHING)
    view = above()
    out = renderer.render([floor(), lid], view, NOON)
    assert at(out.parts, view, (0.2, 0.5, 0)) == Part.CLOTHING
    assert at(out.parts, view, (-0.2, 0.5, 0)) == Part.ROOM
    bare = renderer.render([floor()], view, NOON).rgb
    columns = np.rint(view.project(np.array([[-0.5, 0.5, 0], [-0.05, 0.5, 0]]))[:, 0]).astype(int)
    rows = np.rint(view.project(np.array([[0, 0.5, -0.3], [0, 0.5, 0.3]]))[:, 1]).astype(int)
    hole = np.s_[rows[0] : rows[1], columns[0] : columns[1]]
    np.testing.assert_allclose(out.rgb[hole], bare[hole], atol=12)  # its border does not wrap
    place = (-0.3, 0, 0.1)  # seen through the hole, lit through it
    assert at(out.parts, view, place) == Part.ROOM
    assert at(out.rgb, view, place)[1] > 0.9 * at(bare, view, place)[1]


def test_backs_are_drawn_only_of_two_sided_materials(renderer: Renderer) -> None:
    view = Viewpoint.looking(np.array([0, 1.0, 3.0]), np.array([0, 1.0, 0]), 300, 320, 240)
    for two_sided in (False, True):
        away = sheet((0, 1, 0), (-1, 0, 0), (0, 1, 0), Material(two_sided=two_sided))
        out = renderer.render([away], view, NOON)
        assert (at(out.parts, view, (0, 1, 0)) == Part.PROP) == two_sided


def test_the_backdrop_fills_the_picture_unchanged(renderer: Renderer) -> None:
    rng = np.random.default_rng(0)
    photo = rng.integers(0, 256, (240, 320, 3), dtype=np.uint8)
    view = Viewpoint.looking(np.array([0, 1.0, 3.0]), np.array([0, 1.0, 0]), 300, 320, 240)
    out = renderer.render([box((-0.2, 0.8, -0.2), (0.2, 1.2, 0.2))], view, NOON, photo)
    free = np.ones((240, 320), dtype=bool)
    rows, columns = np.nonzero(out.parts)
    free[rows.min() - 1 : rows.max() + 2, columns.min() - 1 : columns.max() + 2] = False
    np.testing.assert_array_equal(out.rgb[free], photo[free])
    assert not out.depth[free].any()
    wide = np.zeros((100, 400, 3), dtype=np.uint8)
    wide[:, 133:267] = 200  # the middle third fills the picture
    cropped = renderer.render([], view, NOON, wide).rgb
    assert (cropped[:, 4:-4] == 200).all()


def test_a_shadow_catcher_shows_the_photo_but_for_the_shadow(renderer: Renderer) -> None:
    photo = np.random.default_rng(1).integers(60, 200, (240, 320, 3), dtype=np.uint8)
    view = above()
    catcher = floor(Material(shadow_catcher=True))
    lid = sheet((0, 0.5, 0), (0.6, 0, 0), (0, 0, -0.6))
    out = renderer.render([catcher, lid], view, NOON, photo)
    shaded, free = (0.0, 0.0, 0.28), (1.1, 0.0, 0.2)
    assert at(out.parts, view, shaded) == Part.ROOM
    np.testing.assert_allclose(at(out.rgb, view, free), at(photo, view, free), atol=1)
    ratio = at(out.rgb, view, shaded) / at(photo, view, shaded)
    assert np.all(ratio < 0.85) and np.all(ratio > 0.3)


def test_normals_are_smooth_across_the_seam_of_a_texture(renderer: Renderer) -> None:
    view = Viewpoint.looking(np.array([3.0, 1.0, 0.0]), np.array([0, 1.0, 0]), 300, 320, 240)
    side = Lighting(sun_direction=(0.0, 0.3, 1.0))
    out = renderer.render([ball((0, 1, 0), 0.5, Material(roughness=1.0))], view, side)
    row = out.rgb[120, 130:190, 1].astype(int)  # the seam faces the camera
    assert np.abs(np.diff(row)).max() <= 8
    assert row.max() - row.min() >= 30


def test_the_same_input_gives_the_same_bytes(renderer: Renderer) -> None:
    view = above()
    scene = [floor(), ball((0, 0.4, 0), 0.3), box((0.5, 0, 0), (0.8, 0.5, 0.3))]
    light = Lighting.draw(np.random.default_rng(3), indoor=True)
    one = renderer.render(scene, view, light)
    again = renderer.render(scene, view, light)
    with Renderer(320, 240) as fresh:
        other = fresh.render([floor(), *scene[1:]], view, light)
    for out in (again, other):
        np.testing.assert_array_equal(one.rgb, out.rgb)
        np.testing.assert_array_equal(one.depth, out.depth)
        np.testing.assert_array_equal(one.parts, out.parts)


def test_buffers_live_as_long_as_their_surfaces() -> None:
    view = above()
    texture = np.full((32, 32, 3), 128, dtype=np.uint8)
    room = floor(Material(texture=texture))
    rest = ball((0, 0.4, 0), 0.3)
    with _renderer() as renderer:
        store, textures = renderer._meshes, renderer._textures
        for step in range(5):
            posed = Surface(
                rest.vertices + np.float32(0.1 * step), rest.faces, WHITE, Part.BODY, uv=rest.uv
            )
            out = renderer.render([room, posed], view, NOON)
            x, y = np.rint(view.project(posed.vertices.mean(axis=0))).astype(int)
            assert out.parts[y, x] == Part.BODY
        assert len(store._topologies) == 2
        assert len(store._meshes) <= 2 and len(textures._textures) == 1
        del room, texture, posed, rest
        gc.collect()
        renderer.render([], view, NOON)
        assert not store._topologies and not store._meshes and not textures._textures


def test_surfaces_that_share_arrays_are_drawn_each(renderer: Renderer) -> None:
    one = ball((-0.5, 0.4, 0), 0.2)
    two = Surface(one.vertices + np.float32([1, 0, 0]), one.faces, WHITE, Part.PROP, uv=one.uv)
    view = above()
    out = renderer.render([one, two], view, NOON)
    assert at(out.parts, view, (-0.5, 0.4, 0)) == Part.BODY
    assert at(out.parts, view, (0.5, 0.4, 0)) == Part.PROP


def _renderer() -> Renderer:
    try:
        return Renderer(320, 240)
    except GaitPoseError as error:
        pytest.skip(str(error))


def _picture(seed: int) -> bytes:
    """Draw in a process of its own."""
    with Renderer(320, 240) as renderer:
        light = Lighting.draw(np.random.default_rng(seed), indoor=False)
        return renderer.render([floor(), ball((0, 0.4, 0), 0.3)], above(), light).rgb.tobytes()


def test_several_processes_draw_the_same(renderer: Renderer) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        one, two = pool.map(_picture, [4, 4])
    assert one == two == _picture(4)


def test_a_missing_device_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    moderngl = pytest.importorskip("moderngl")

    def fail(**_: object) -> None:
        raise Exception("eglGetDisplay failed")

    monkeypatch.setattr(moderngl, "create_context", fail)
    with pytest.raises(GaitPoseError, match="libegl1 libgl1-mesa-dri"):
        Renderer(32, 32)


def test_a_missing_extra_names_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "moderngl", None)
    with pytest.raises(MissingExtra, match=r"gaitpose\[synthetic\]"):
        Renderer(32, 32)


def test_bad_input_is_refused(renderer: Renderer) -> None:
    view = above()
    good = ball((0, 0.4, 0), 0.2)
    with pytest.raises(BadSettings, match="320 x 240"):
        renderer.render([], Viewpoint.looking(np.ones(3), np.zeros(3), 100, 64, 64), NOON)
    beyond = Surface(good.vertices, good.faces + len(good.vertices), WHITE, Part.BODY)
    with pytest.raises(BadSettings, match="vertices that are not there"):
        renderer.render([beyond], view, NOON)
    floats = sheet((0, 1, 0), (1, 0, 0), (0, 1, 0), Material(texture=np.ones((4, 4, 3))))
    with pytest.raises(BadSettings, match="float64"):
        renderer.render([floats], view, NOON)
    with pytest.raises(BadSettings, match="at most 4"):
        Lighting(lamps=(Lamp((0, 1, 0), 1.0),) * 5)
    with pytest.raises(BadSettings, match="below the floor"):
        Lighting(sun_direction=(0, -1, 0))
