"""Cloth and its patterns, painted by code."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from gaitpose.synthetic.people.settings import Cloth

_SIZE = 256
"""Pixels of a tile's side; tiles repeat without a seam."""


def cloth_texture(cloth: Cloth, seed: int) -> np.ndarray:
    """Paint one repeat of a cloth, uint8 (256, 256, 3).

    Parameters
    ----------
    cloth : Cloth
    seed : int
        Of threads, spots and creases.
    """
    rng = np.random.default_rng(seed)
    share = _PATTERNS[cloth.pattern](rng)[..., np.newaxis]
    colour = (1 - share) * np.array(cloth.colour) + share * np.array(cloth.second)
    light = 1 + 0.02 * noise(rng, 24) + 0.03 * noise(rng, 3) + 0.02 * _weave()
    return to_uint8(colour * light[..., np.newaxis])


def shoe_texture(cloth: Cloth, seed: int) -> np.ndarray:
    """Paint a shoe as seen from the side, sole down, uint8 (256, 256, 3)."""
    rng = np.random.default_rng(seed)
    picture = np.ones((_SIZE, _SIZE, 1)) * np.array(cloth.colour)
    second = np.array(cloth.second)
    height = np.linspace(1, 0, _SIZE)[:, np.newaxis]
    length = np.linspace(0, 1, _SIZE)[np.newaxis]
    slant = (length + 0.35 * height) % 1
    for _ in range(int(rng.integers(0, 4))):  # stripes on the flank
        at, wide = rng.uniform(0.1, 0.7), rng.uniform(0.02, 0.07)
        band = (np.abs(slant - at) < wide) & (height < 0.65)
        picture = np.where(band[..., np.newaxis], second, picture)
    # Texture repeats: what lies below the ankle's zero comes back at the top.
    sole = (height < rng.uniform(0.05, 0.2)) | (height > 0.86)
    tone = rng.choice((0.06, 0.85)) * np.ones(3) if rng.random() < 0.7 else second
    picture = np.where(np.broadcast_to(sole, (_SIZE, _SIZE))[..., np.newaxis], tone, picture)
    return to_uint8(picture * (1 + 0.04 * noise(rng, 3))[..., np.newaxis])


def to_uint8(picture: np.ndarray) -> np.ndarray:
    """From 0..1 to 0..255."""
    return np.asarray(np.clip(picture * 255 + 0.5, 0, 255), dtype=np.uint8)


def noise(rng: np.random.Generator, blur: float, size: int = _SIZE) -> np.ndarray:
    """Smooth noise of unit deviation that repeats at its borders, (size, size).

    Parameters
    ----------
    rng : numpy.random.Generator
    blur : float
        Size of its spots, pixels.
    size : int
    """
    spectrum = np.fft.rfft2(rng.standard_normal((size, size)))
    across = np.fft.rfftfreq(size)[np.newaxis]
    down = np.fft.fftfreq(size)[:, np.newaxis]
    spectrum *= np.exp(-2 * (np.pi * blur / 2) ** 2 * (across**2 + down**2))
    spectrum[0, 0] = 0
    field = np.fft.irfft2(spectrum, (size, size))
    return np.asarray(field / field.std())


@lru_cache(maxsize=1)
def _weave() -> np.ndarray:
    row = np.arange(_SIZE)
    return np.asarray(((row[:, np.newaxis] // 2 + row // 2) % 2) * 2.0 - 1)


def _plain(rng: np.random.Generator) -> np.ndarray:
    return np.zeros((_SIZE, _SIZE))


def _stripes(rng: np.random.Generator) -> np.ndarray:
    wave = np.arange(_SIZE) / _SIZE * int(rng.integers(1, 4)) % 1
    line = (wave < rng.uniform(0.15, 0.55)).astype(float)
    stripes = np.tile(line, (_SIZE, 1))
    return stripes if rng.random() < 0.35 else stripes.T


def _checks(rng: np.random.Generator) -> np.ndarray:
    return np.asarray((_stripes(rng) + _stripes(rng).T) / 2)


def _melange(rng: np.random.Generator) -> np.ndarray:
    return np.clip(0.25 + 0.2 * noise(rng, 2.5), 0, 1)


def _denim(rng: np.random.Generator) -> np.ndarray:
    row = np.arange(_SIZE)
    twill = ((row[:, np.newaxis] + row) // 3 % 2).astype(float)
    return np.clip(0.12 * twill + 0.12 * (1 + noise(rng, 40)), 0, 1)


def _dots(rng: np.random.Generator) -> np.ndarray:
    picture = np.zeros((_SIZE, _SIZE), dtype=np.float32)
    radius = int(rng.integers(14, 42))
    for centre in ((64, 64), (192, 192)):
        cv2.circle(picture, centre, radius, 1.0, -1, cv2.LINE_AA)
    return np.asarray(picture, dtype=float)


def _camouflage(rng: np.random.Generator) -> np.ndarray:
    field = noise(rng, 30)
    return np.where(field > 0.5, 1.0, np.where(field < -0.4, 0.35, 0.0))


_PATTERNS = {
    "plain": _plain,
    "stripes": _stripes,
    "checks": _checks,
    "melange": _melange,
    "denim": _denim,
    "dots": _dots,
    "camouflage": _camouflage,
}
