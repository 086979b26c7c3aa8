"""What stands around: furniture and clutter indoors, hedges and posts outdoors.

Each piece stands on the floor at the origin, its front towards +z.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from gaitpose.synthetic.scenes.pictures import picture
from gaitpose.synthetic.scenes.shapes import ball, box, merged, rectangle, rod
from gaitpose.synthetic.scenes.textures import VARIANTS, texture
from gaitpose.synthetic.surface import Material, Part, Surface

Piece = tuple[Surface, ...]
Colour = tuple[float, float, float]


@lru_cache(maxsize=512)
def furniture(kind: str, variant: int) -> Piece:
    """Return a piece of furniture.

    Parameters
    ----------
    kind : str
        One of :data:`INDOORS` or :data:`OUTDOORS`.
    variant : int
        Which of them; counted modulo :data:`~gaitpose.synthetic.scenes.textures.VARIANTS`.
    """
    number = variant % VARIANTS
    return _MAKERS[kind](np.random.default_rng([number, *kind.encode(), 3]))


def any_colour(rng: np.random.Generator, low: float = 0.05, high: float = 0.9) -> Colour:
    """Draw a colour; strong ones are rare."""
    full = rng.uniform(low, high, 3)
    red, green, blue = full.mean() + rng.beta(1.2, 2.0) * (full - full.mean())
    return float(red), float(green), float(blue)


def wood(rng: np.random.Generator) -> Material:
    """Draw a wooden material."""
    return Material(texture=texture("panels", int(rng.integers(VARIANTS))), roughness=0.6)


def paint(rng: np.random.Generator, roughness: float = 0.6) -> Material:
    """Draw a painted material."""
    return Material(colour=any_colour(rng), roughness=roughness)


def metal(rng: np.random.Generator) -> Material:
    """Draw steel, aluminium or painted tube."""
    grey = float(rng.uniform(0.25, 0.85))
    colour = (grey, grey, grey) if rng.random() < 0.7 else any_colour(rng)
    return Material(colour=colour, roughness=0.35, metallic=float(rng.uniform(0.2, 0.9)))


def _wood_or_paint(rng: np.random.Generator) -> Material:
    return wood(rng) if rng.random() < 0.5 else paint(rng)


def _chair(rng: np.random.Generator) -> Piece:
    wide, deep, seat = rng.uniform(0.38, 0.5), rng.uniform(0.38, 0.5), rng.uniform(0.42, 0.5)
    back = rng.uniform(0.35, 0.55)
    legs = metal(rng) if rng.random() < 0.5 else wood(rng)
    cover = _wood_or_paint(rng)
    x, z = wide / 2 - 0.03, deep / 2 - 0.03
    feet = [
        rod((i * x, 0, j * z), (i * x, seat, j * z), 0.016, legs) for i in (-1, 1) for j in (-1, 1)
    ]
    posts = [rod((i * x, seat, -z), (i * x, seat + back, -z), 0.014, legs) for i in (-1, 1)]
    parts = [box((0, seat, 0), (wide, 0.04, deep), cover, tile=0.6)]
    parts.append(box((0, seat + back * 0.7, -z), (wide, back * 0.55, 0.03), cover, tile=0.6))
    if rng.random() < 0.4:
        arms = [box((i * x, seat + 0.2, 0), (0.05, 0.03, deep), cover, tile=0.6) for i in (-1, 1)]
        parts += arms
        posts += [rod((i * x, seat, z), (i * x, seat + 0.2, z), 0.014, legs) for i in (-1, 1)]
    return merged([*feet, *posts]), merged(parts)


def _table(rng: np.random.Generator) -> Piece:
    wide, deep, high = rng.uniform(0.7, 1.8), rng.uniform(0.5, 0.9), rng.uniform(0.5, 0.95)
    top, legs = _wood_or_paint(rng), metal(rng) if rng.random() < 0.5 else wood(rng)
    x, z = wide / 2 - 0.05, deep / 2 - 0.05
    feet = [
        rod((i * x, 0, j * z), (i * x, high, j * z), 0.025, legs) for i in (-1, 1) for j in (-1, 1)
    ]
    parts = [merged(feet), box((0, high, 0), (wide, 0.035, deep), top, tile=0.8)]
    for _ in range(rng.integers(0, 4)):
        size = rng.uniform((0.06, 0.02, 0.06), (0.35, 0.3, 0.3))
        place = rng.uniform((-x + 0.1, 0, -z + 0.1), (x - 0.1, 0, z - 0.1))
        place[1] = high + 0.018 + size[1] / 2
        parts.append(box(place, size, paint(rng)))
    return tuple(parts)


def _cabinet(rng: np.random.Generator) -> Piece:
    wide, deep, high = rng.uniform(0.4, 1.3), rng.uniform(0.3, 0.5), rng.uniform(0.6, 2.1)
    body = _wood_or_paint(rng)
    parts = [box((0, high / 2, 0), (wide, high, deep), body, tile=1.0)]
    front = Material(texture=picture("door", int(rng.integers(VARIANTS))), roughness=0.7)
    face = rectangle(
        (-wide / 2 + 0.02, 0.05, deep / 2 + 0.004), (wide - 0.04, 0, 0), (0, high - 0.1, 0),
        front, Part.PROP,
    )  # fmt: skip
    return (*parts, face) if rng.random() < 0.6 else tuple(parts)


def _shelf(rng: np.random.Generator) -> Piece:
    wide, deep, high = rng.uniform(0.6, 1.6), 0.3, rng.uniform(0.9, 2.2)
    front = Material(texture=picture("shelf", int(rng.integers(VARIANTS))), roughness=0.9)
    face = rectangle(
        (-wide / 2 + 0.03, 0.03, deep / 2 + 0.004), (wide - 0.06, 0, 0), (0, high - 0.06, 0),
        front, Part.PROP,
    )  # fmt: skip
    return box((0, high / 2, 0), (wide, high, deep), _wood_or_paint(rng), tile=1.0), face


def _boxes(rng: np.random.Generator) -> Piece:
    brown = rng.uniform(0.6, 1.1)
    card = Material(colour=(0.65 * brown, 0.49 * brown, 0.33 * brown), roughness=0.95)
    parts, y, size = [], 0.0, rng.uniform(0.25, 0.6, 3)
    for _ in range(rng.integers(1, 4)):
        material = card if rng.random() < 0.6 else paint(rng)
        parts.append(box((rng.normal(0, 0.03), y + size[1] / 2, 0), size, material))
        y += size[1]
        size = size * rng.uniform(0.6, 1.0, 3)
    return tuple(parts)


def _plant(rng: np.random.Generator) -> Piece:
    high, pot = rng.uniform(0.4, 1.5), rng.uniform(0.1, 0.2)
    green = np.array([0.2, 0.38, 0.13]) * rng.uniform(0.6, 1.6)
    leaves = []
    for _ in range(rng.integers(14, 30)):
        share = rng.uniform(0.25, 1.0)
        centre = (rng.normal(0, 0.16), 0.25 + share * high, rng.normal(0, 0.16))
        leaves.append(ball(centre, rng.uniform(0.02, 0.12, 3), Material(), around=6))
    leaf = Material(colour=(float(green[0]), float(green[1]), float(green[2])), roughness=0.6)
    bush = merged(leaves)
    clothed = Surface(bush.vertices, bush.faces, leaf, Part.PROP, smooth=False)
    stem = rod((0, 0.2, 0), (0, 0.2 + high, 0), 0.015, Material(colour=(0.3, 0.22, 0.12)))
    return rod((0, 0, 0), (0, 0.3, 0), pot, paint(rng), around=14), stem, clothed


def _sofa(rng: np.random.Generator) -> Piece:
    wide, cover = (
        rng.uniform(0.8, 2.0),
        Material(texture=texture("carpet", int(rng.integers(VARIANTS))), roughness=1.0),
    )
    parts = [box((0, 0.22, 0), (wide, 0.44, 0.8), cover, tile=0.7)]
    parts.append(box((0, 0.55, -0.32), (wide, 0.5, 0.2), cover, tile=0.7))
    parts += [box((i * wide / 2, 0.32, 0), (0.18, 0.62, 0.8), cover, tile=0.7) for i in (-1, 1)]
    return (merged(parts),)


def _couch(rng: np.random.Generator) -> Piece:
    """Make a treatment couch."""
    high, cover, frame = rng.uniform(0.5, 0.85), paint(rng, 0.5), metal(rng)
    feet = [
        rod((i * 0.8, 0, j * 0.27), (i * 0.8, high - 0.05, j * 0.27), 0.025, frame)
        for i in (-1, 1)
        for j in (-1, 1)
    ]
    return merged(feet), box((0, high, 0), (1.95, 0.1, 0.65), cover)


def _bin(rng: np.random.Generator) -> Piece:
    high = rng.uniform(0.25, 0.9)
    return (rod((0, 0, 0), (0, high, 0), rng.uniform(0.12, 0.28), paint(rng), around=16),)


def _balls(rng: np.random.Generator) -> Piece:
    """Make an exercise ball."""
    radius = rng.uniform(0.1, 0.38)
    return (ball((0, radius, 0), (radius,) * 3, paint(rng, 0.4), around=20),)


def _lamp(rng: np.random.Generator) -> Piece:
    high, shade = rng.uniform(1.2, 1.9), Material(colour=(0.95, 0.9, 0.78))
    stand = metal(rng)
    pole = merged(
        [rod((0, 0, 0), (0, 0.03, 0), 0.15, stand), rod((0, 0, 0), (0, high, 0), 0.015, stand)]
    )
    return pole, rod((0, high - 0.1, 0), (0, high + 0.2, 0), 0.17, shade, around=14)


def _bag(rng: np.random.Generator) -> Piece:
    size = rng.uniform((0.25, 0.2, 0.15), (0.6, 0.75, 0.3))
    return (ball((0, size[1] / 2, 0), size / 2, paint(rng), around=10),)


def _monitor_cart(rng: np.random.Generator) -> Piece:
    stand, black = metal(rng), Material(colour=(0.05, 0.05, 0.06), roughness=0.4)
    high = rng.uniform(1.0, 1.5)
    screen = Material(texture=picture("poster", int(rng.integers(VARIANTS))), roughness=0.3)
    base = [
        rod((i * 0.25, 0.05, j * 0.2), (0, 0.08, 0), 0.02, stand) for i in (-1, 1) for j in (-1, 1)
    ]
    pole = merged([*base, rod((0, 0.05, 0), (0, high, 0), 0.025, stand)])
    face = rectangle((-0.24, high, 0.026), (0.48, 0, 0), (0, 0.28, 0), screen, Part.PROP)
    shelf = box((0, high * 0.6, 0), (0.4, 0.03, 0.35), paint(rng))
    return pole, box((0, high + 0.14, 0), (0.52, 0.32, 0.05), black), face, shelf


def _wall_bars(rng: np.random.Generator) -> Piece:
    beam = wood(rng)
    posts = [box((i * 0.4, 1.15, 0), (0.06, 2.3, 0.1), beam, tile=1.0) for i in (-1, 1)]
    bars = [
        rod((-0.4, y, 0.04), (0.4, y, 0.04), 0.018, beam, around=7)
        for y in np.arange(0.2, 2.3, 0.17)
    ]
    return merged(posts), merged(bars)


def _pillar(rng: np.random.Generator) -> Piece:
    radius, skin = (
        rng.uniform(0.06, 0.3),
        Material(texture=texture("plaster", int(rng.integers(24)))),
    )
    if rng.random() < 0.5:
        return (box((0, 1.5, 0), (2 * radius, 3.0, 2 * radius), skin, tile=1.5),)
    return (rod((0, 0, 0), (0, 3.0, 0), radius, paint(rng), around=16),)


def _hedge(rng: np.random.Generator) -> Piece:
    wide, deep, high = rng.uniform(1.5, 5), rng.uniform(0.5, 1.0), rng.uniform(0.6, 2.2)
    tone = float(rng.uniform(0.5, 1.0))
    green = Material(
        colour=(tone, tone, tone),
        texture=texture("grass", int(rng.integers(VARIANTS))),
        roughness=1.0,
    )
    return (box((0, high / 2, 0), (wide, high, deep), green, tile=0.8),)


def _tree(rng: np.random.Generator) -> Piece:
    high, thick = rng.uniform(1.5, 3.0), rng.uniform(0.06, 0.25)
    bark = Material(
        colour=(0.28, 0.22, 0.16), texture=texture("gravel", int(rng.integers(VARIANTS)))
    )
    tone = np.array([0.2, 0.33, 0.12]) * rng.uniform(0.6, 1.6)
    leaf = Material(colour=(float(tone[0]), float(tone[1]), float(tone[2])), roughness=1.0)
    crown = [
        ball((rng.normal(0, 0.7), high + rng.uniform(0, 1.6), rng.normal(0, 0.7)),
             rng.uniform(0.4, 0.9, 3), leaf, around=10)
        for _ in range(9)
    ]  # fmt: skip
    return rod((0, 0, 0), (0, high + 0.5, 0), thick, bark), merged(crown)


def _fence(rng: np.random.Generator) -> Piece:
    high, wide, beam = rng.uniform(0.7, 1.6), rng.uniform(2, 5), _wood_or_paint(rng)
    pitch = rng.uniform(0.1, 0.3)
    slats = [
        box((x, high / 2, 0), (0.5 * pitch, high, 0.03), beam, tile=1.0)
        for x in np.arange(-wide / 2, wide / 2, pitch)
    ]
    rails = [
        box((0, share * high, -0.03), (wide, 0.06, 0.03), beam, tile=1.0) for share in (0.2, 0.8)
    ]
    return (merged([*slats, *rails]),)


def _post(rng: np.random.Generator) -> Piece:
    high = rng.uniform(0.7, 3.5)
    return (rod((0, 0, 0), (0, high, 0), rng.uniform(0.03, 0.1), metal(rng), around=12),)


def _car(rng: np.random.Generator) -> Piece:
    body = Material(colour=any_colour(rng), roughness=0.3, metallic=0.3)
    dark = Material(colour=(0.05, 0.06, 0.07), roughness=0.3)
    wheels = [
        rod((i * 1.3, 0.32, j * 0.7), (i * 1.3, 0.32, j * 0.86), 0.32, dark, around=16)
        for i in (-1, 1)
        for j in (-1, 1)
    ]
    lower = box((0, 0.62, 0), (4.2, 0.65, 1.7), body)
    upper = box((-0.1, 1.15, 0), (2.2, 0.5, 1.5), dark)
    roof = box((-0.1, 1.42, 0), (2.1, 0.06, 1.5), body)
    return lower, upper, roof, merged(wheels)


def _house(rng: np.random.Generator) -> Piece:
    wide, high, deep = rng.uniform(5, 12), rng.uniform(3, 9), 4.0
    wall = "brick_wall" if rng.random() < 0.5 else "plaster"
    skin = Material(texture=texture(wall, int(rng.integers(VARIANTS))), roughness=0.9)
    parts = [box((0, high / 2, -deep / 2), (wide, high, deep), skin, tile=1.6)]
    for x in np.arange(-wide / 2 + 1.2, wide / 2 - 0.8, rng.uniform(1.8, 3)):
        for y in np.arange(1.0, high - 1.3, 2.7):
            glass = Material(texture=picture("window", int(rng.integers(VARIANTS))), roughness=0.3)
            parts.append(rectangle((x - 0.5, y, 0.02), (1.0, 0, 0), (0, 1.3, 0), glass, Part.PROP))
    return tuple(parts)


INDOORS = (
    "chair", "chair", "table", "cabinet", "shelf", "boxes", "plant", "sofa", "couch", "bin",
    "balls", "lamp", "bag", "monitor_cart", "wall_bars", "pillar",
)  # fmt: skip
OUTDOORS = ("hedge", "tree", "fence", "post", "car", "house", "bin", "boxes", "bag", "chair")

_MAKERS: dict[str, Callable[[np.random.Generator], Piece]] = {
    "chair": _chair, "table": _table, "cabinet": _cabinet, "shelf": _shelf, "boxes": _boxes,
    "plant": _plant, "sofa": _sofa, "couch": _couch, "bin": _bin, "balls": _balls, "lamp": _lamp,
    "bag": _bag, "monitor_cart": _monitor_cart, "wall_bars": _wall_bars, "pillar": _pillar,
    "hedge": _hedge, "tree": _tree, "fence": _fence, "post": _post, "car": _car, "house": _house,
}  # fmt: skip
