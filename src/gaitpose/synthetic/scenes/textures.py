"""Procedural textures of floors and walls: small, tileable, the same for the same number.

Each maker takes a random generator and returns an uint8 array (SIZE, SIZE, 3), sRGB, that repeats
without a seam. :func:`texture` keeps what was made, as a few dozen of each kind suffice.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

SIZE = 256
"""Side of a texture, pixels."""

VARIANTS = 24
"""Different textures of one kind."""

Maker = Callable[[np.random.Generator], np.ndarray]


@lru_cache(maxsize=512)
def texture(kind: str, variant: int) -> np.ndarray:
    """Return a texture, uint8 (SIZE, SIZE, 3).

    Parameters
    ----------
    kind : str
        One of :data:`FLOORS`, :data:`GROUNDS` or :data:`WALLS`.
    variant : int
        Which of them; counted modulo :data:`VARIANTS`.
    """
    number = variant % VARIANTS
    made = _MAKERS[kind](np.random.default_rng([number, *kind.encode()]))
    found = np.clip(made, 0, 255).astype(np.uint8)
    found.setflags(write=False)
    return found


def noise(rng: np.random.Generator, *, roughness: float, stretch: float = 1.0) -> np.ndarray:
    """Draw tileable noise of mean 0 and deviation 1, (SIZE, SIZE).

    Parameters
    ----------
    rng : numpy.random.Generator
    roughness : float
        The spectrum falls with this power of the frequency: 0 is white, 2 are clouds.
    stretch : float
        Above 1 the structures are longer along the rows (wood).
    """
    frequency = np.fft.fftfreq(SIZE) * SIZE
    radius = np.hypot(frequency[:, None], stretch * frequency[None, : SIZE // 2 + 1])
    spectrum = np.fft.rfft2(rng.standard_normal((SIZE, SIZE)))
    spectrum *= np.where(radius > 0, 1 / np.maximum(radius, 1.0) ** roughness, 0.0)
    field = np.fft.irfft2(spectrum, (SIZE, SIZE))
    return field / field.std()


def _colour(
    rng: np.random.Generator, low: float, high: float, saturation: float = 0.3
) -> np.ndarray:
    """Draw an sRGB colour (3,) with brightness between `low` and `high`, 0..255."""
    grey = rng.uniform(low, high)
    tint = rng.normal(0, saturation, 3)
    return np.clip(grey * (1 + tint - tint.mean()), 5, 250)


def _wood_colour(rng: np.random.Generator) -> np.ndarray:
    light = rng.uniform(0.35, 1.1)
    return np.clip(np.array([185, 140, 98]) * light + rng.normal(0, 6, 3), 20, 245)


def _shaded(colour: np.ndarray, shade: np.ndarray) -> np.ndarray:
    """Give a colour (3,) to a field of brightness (SIZE, SIZE), 1 being the colour itself."""
    return np.asarray(colour * shade[..., None])


def _grid(count_y: int, count_x: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells of a grid: their row and column numbers, and the distance to the next joint, pixels."""
    y, x = np.mgrid[:SIZE, :SIZE]
    row, column = y * count_y // SIZE, x * count_x // SIZE
    height, width = SIZE / count_y, SIZE / count_x
    inside_y, inside_x = y + 0.5 - row * height, x + 0.5 - column * width
    edge = np.minimum(
        np.minimum(inside_y, height - inside_y), np.minimum(inside_x, width - inside_x)
    )
    return row, column, edge


def _tiles(rng: np.random.Generator) -> np.ndarray:
    count = int(rng.choice([2, 4, 8]))
    row, column, edge = _grid(count, count)
    base = _colour(rng, 70, 235, 0.12)
    spread = rng.uniform(0, 0.08)
    shade = 1 + spread * rng.standard_normal((count, count))[row, column]
    picture = _shaded(base, shade + 0.03 * noise(rng, roughness=1.2))
    if rng.random() < 0.35:
        other = _shaded(_colour(rng, 30, 220, 0.2), shade)
        picture = np.where(((row + column) % 2 == 0)[..., None], picture, other)
    joint = edge < rng.uniform(0.8, 2.5)
    return np.where(joint[..., None], _colour(rng, 50, 210, 0.05), picture)


def _planks(rng: np.random.Generator) -> np.ndarray:
    count = int(rng.choice([4, 6, 8]))
    row, _, edge = _grid(count, 1)
    start = rng.integers(0, SIZE, count)
    x = (np.arange(SIZE)[None, :] + start[row[:, :1]]) % SIZE
    half = x < SIZE // 2
    shade = 1 + 0.09 * rng.standard_normal((count, 2))[row, half.astype(int)]
    grain = noise(rng, roughness=1.0, stretch=9.0)
    picture = _shaded(_wood_colour(rng), shade + 0.06 * grain)
    gap = (edge < 0.9) | (x < 1) | (np.abs(x - SIZE // 2) < 1)
    return np.where(gap[..., None], picture * 0.55, picture)


def _parquet(rng: np.random.Generator) -> np.ndarray:
    count = 4
    row, column, _ = _grid(count, count)
    y, x = np.mgrid[:SIZE, :SIZE]
    cell = SIZE // count
    along = np.where((row + column) % 2 == 0, x % cell, y % cell)
    strips = 4
    strip = along * strips // cell
    tone = 1 + 0.1 * rng.standard_normal((count, count, strips))[row, column, strip]
    gap = (along % (cell // strips) == 0) | (x % cell == 0) | (y % cell == 0)
    picture = _shaded(_wood_colour(rng), tone + 0.04 * noise(rng, roughness=0.6))
    return np.where(gap[..., None], picture * 0.6, picture)


def _carpet(rng: np.random.Generator) -> np.ndarray:
    base = _colour(rng, 40, 190, 0.2)
    shade = 1 + 0.1 * noise(rng, roughness=0.1) + 0.04 * noise(rng, roughness=1.6)
    picture = _shaded(base, shade)
    if rng.random() < 0.4:  # a woven pattern
        y, x = np.mgrid[:SIZE, :SIZE]
        period = int(rng.choice([16, 32, 64]))
        mask = (x % period < period // 4) ^ (y % period < period // 4)
        picture = np.where(mask[..., None], picture * rng.uniform(0.6, 1.5), picture)
    return picture


def _linoleum(rng: np.random.Generator) -> np.ndarray:
    base = _colour(rng, 90, 220, 0.08)
    shade = 1 + rng.uniform(0.01, 0.06) * noise(rng, roughness=rng.uniform(0.4, 1.6))
    return _shaded(base, shade)


def _terrazzo(rng: np.random.Generator) -> np.ndarray:
    picture = np.ones((SIZE, SIZE, 3)) * _colour(rng, 130, 230, 0.08)
    cells = noise(rng, roughness=0.45)
    for level in (1.2, 1.5, 1.8):
        field = np.roll(cells, rng.integers(0, SIZE, 2), (0, 1))
        picture = np.where((field > level)[..., None], _colour(rng, 40, 240, 0.25), picture)
    return picture


def _grass(rng: np.random.Generator) -> np.ndarray:
    base = np.array([88, 118, 52]) * rng.uniform(0.65, 1.25) + rng.normal(0, 10, 3)
    blades = noise(rng, roughness=0.5, stretch=0.35)
    patches = noise(rng, roughness=1.7)
    picture = _shaded(base, 1 + 0.2 * blades + 0.1 * patches)
    dry = np.clip(patches - 0.6, 0, 1)[..., None] * rng.uniform(0, 0.7)
    return picture * (1 - dry) + dry * np.array([165, 150, 95])


def _asphalt(rng: np.random.Generator) -> np.ndarray:
    base = _colour(rng, 60, 135, 0.04)
    shade = 1 + 0.12 * noise(rng, roughness=0.2) + 0.05 * noise(rng, roughness=1.8)
    return _shaded(base, shade)


def _gravel(rng: np.random.Generator) -> np.ndarray:
    base = _colour(rng, 110, 190, 0.1)
    return _shaded(base, 1 + 0.18 * noise(rng, roughness=0.7) + 0.08 * noise(rng, roughness=1.8))


def _paving(rng: np.random.Generator) -> np.ndarray:
    return _bricks(rng, _colour(rng, 90, 190, 0.1))


def _brick_wall(rng: np.random.Generator) -> np.ndarray:
    base = np.array([150, 82, 62]) * rng.uniform(0.6, 1.35) + rng.normal(0, 14, 3)
    return _bricks(rng, base if rng.random() < 0.7 else _colour(rng, 120, 240, 0.05))


def _bricks(rng: np.random.Generator, base: np.ndarray) -> np.ndarray:
    rows, columns = 8, 4
    y, x = np.mgrid[:SIZE, :SIZE]
    row = y * rows // SIZE
    shifted = (x + (row % 2) * SIZE // (2 * columns)) % SIZE
    column = shifted * columns // SIZE
    height, width = SIZE // rows, SIZE // columns
    tone = 1 + 0.1 * rng.standard_normal((rows, columns))[row, column]
    picture = _shaded(base, tone + 0.05 * noise(rng, roughness=0.8))
    joint = (y % height < 3) | (shifted % width < 3)
    mortar = _shaded(_colour(rng, 120, 210, 0.04), 1 + 0.04 * noise(rng, roughness=0.5))
    return np.where(joint[..., None], mortar, picture)


def _plaster(rng: np.random.Generator) -> np.ndarray:
    base = _colour(rng, 120, 242, 0.05)
    shade = 1 + 0.012 * noise(rng, roughness=0.4) + 0.015 * noise(rng, roughness=1.9)
    return _shaded(base, shade)


def _concrete(rng: np.random.Generator) -> np.ndarray:
    base = _colour(rng, 100, 190, 0.03)
    return _shaded(base, 1 + 0.07 * noise(rng, roughness=1.5) + 0.02 * noise(rng, roughness=0.2))


def _stripes(rng: np.random.Generator) -> np.ndarray:
    first, second = _colour(rng, 60, 240, 0.25), _colour(rng, 40, 240, 0.25)
    period = int(rng.choice([16, 32, 64, 128]))
    x = np.arange(SIZE) % period < period * rng.uniform(0.25, 0.75)
    x = x if rng.random() < 0.8 else x[::-1]
    picture = np.where(x[None, :, None], first, second) * np.ones((SIZE, 1, 1))
    return np.asarray(picture * (1 + 0.02 * noise(rng, roughness=1.0))[..., None])


def _wallpaper(rng: np.random.Generator) -> np.ndarray:
    """Draw a figure that repeats: dots, rings, diamonds or waves."""
    period = int(rng.choice([32, 64, 128]))
    y, x = np.mgrid[:SIZE, :SIZE]
    odd = (y // period) % 2 * (period // 2)
    u = ((x + odd) % period - period / 2) / period
    v = (y % period - period / 2) / period
    kind = rng.integers(4)
    if kind == 0:
        figure = np.hypot(u, v) < rng.uniform(0.12, 0.35)
    elif kind == 1:
        figure = np.abs(np.hypot(u, v) - 0.28) < 0.07
    elif kind == 2:
        figure = np.abs(u) + np.abs(v) < rng.uniform(0.2, 0.45)
    else:
        figure = np.abs(v - 0.2 * np.sin(2 * np.pi * x / period)) < 0.1
    back, front = _colour(rng, 90, 240, 0.2), _colour(rng, 40, 230, 0.35)
    return (
        np.where(figure[..., None], front, back) * (1 + 0.02 * noise(rng, roughness=1))[..., None]
    )


def _panels(rng: np.random.Generator) -> np.ndarray:
    count = int(rng.choice([1, 2, 4, 8]))
    _, column, _ = _grid(1, count)
    x = np.arange(SIZE)[None, :] % (SIZE // count)
    grain = noise(rng, roughness=1.0, stretch=9.0).T
    base = _wood_colour(rng) if rng.random() < 0.6 else _colour(rng, 120, 240, 0.1)
    tone = 1 + 0.04 * rng.standard_normal(count)[column] + 0.05 * grain
    return _shaded(base, np.where(x < 3, tone * 0.6, tone))


def _curtain(rng: np.random.Generator) -> np.ndarray:
    folds = int(rng.choice([4, 8, 12]))
    x = np.arange(SIZE) / SIZE
    wave = np.sin(2 * np.pi * folds * x + 0.8 * np.sin(2 * np.pi * 2 * x + rng.uniform(0, 6)))
    shade = 0.75 + 0.25 * wave[None, :] + 0.02 * noise(rng, roughness=0.3)
    return _shaded(_colour(rng, 70, 230, 0.35), shade)


FLOORS = ("tiles", "planks", "parquet", "carpet", "linoleum", "terrazzo", "concrete")
"""Indoors."""

GROUNDS = ("grass", "asphalt", "gravel", "paving", "concrete")
"""Outdoors."""

WALLS = (
    "plaster", "plaster", "plaster", "brick_wall", "tiles", "concrete", "stripes", "wallpaper",
    "panels", "curtain",
)  # fmt: skip
"""Indoors; plain walls are the commonest."""

_MAKERS: dict[str, Maker] = {
    "tiles": _tiles,
    "planks": _planks,
    "parquet": _parquet,
    "carpet": _carpet,
    "linoleum": _linoleum,
    "terrazzo": _terrazzo,
    "grass": _grass,
    "asphalt": _asphalt,
    "gravel": _gravel,
    "paving": _paving,
    "brick_wall": _brick_wall,
    "plaster": _plaster,
    "concrete": _concrete,
    "stripes": _stripes,
    "wallpaper": _wallpaper,
    "panels": _panels,
    "curtain": _curtain,
}
