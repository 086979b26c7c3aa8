"""What hangs on walls or is seen through them: posters, windows, doors, shelves, a sky.

As in :mod:`~gaitpose.synthetic.scenes.textures` each is small, procedural, and the same for the
same number; unlike those it fills its rectangle once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np

from gaitpose.synthetic.scenes.textures import VARIANTS, noise, texture

SIZE = 256
"""Side of a picture, pixels."""


@lru_cache(maxsize=160)
def picture(kind: str, variant: int) -> np.ndarray:
    """Return a picture, uint8 (SIZE, SIZE, 3), sRGB.

    Parameters
    ----------
    kind : {"poster", "window", "door", "shelf", "view"}
    variant : int
        Which of them; counted modulo :data:`~gaitpose.synthetic.scenes.textures.VARIANTS`.
    """
    number = variant % VARIANTS
    rng = np.random.default_rng([number, *kind.encode(), 7])
    made = np.clip(_MAKERS[kind](rng), 0, 255).astype(np.uint8)
    made.setflags(write=False)
    return made


def sky(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Draw a sky with or without clouds, uint8 (height, width, 3), lighter towards the bottom."""
    zenith = np.array([90, 140, 205]) * rng.uniform(0.6, 1.15) + rng.normal(0, 12, 3)
    horizon = np.array([205, 218, 230]) * rng.uniform(0.8, 1.08)
    share = np.linspace(0, 1, height)[:, None, None] ** 0.7
    colour = (1 - share) * zenith + share * horizon
    field = noise(rng, roughness=1.9)
    clouds = cv2.resize(field.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    cover = np.clip(clouds[..., None] - rng.uniform(-1.0, 1.5), 0, 1) * 0.8
    white = np.full(3, rng.uniform(190, 250))
    return np.clip((1 - cover) * colour + cover * white, 0, 255).astype(np.uint8)


def _any_colour(rng: np.random.Generator) -> tuple[float, float, float]:
    """Draw a colour; strong ones are rare."""
    full = rng.uniform(15, 245, 3)
    red, green, blue = full.mean() + rng.beta(1.5, 1.5) * (full - full.mean())
    return float(red), float(green), float(blue)


def _poster(rng: np.random.Generator) -> np.ndarray:
    """Draw an abstract: shapes on a gradient, lines as of text, a border."""
    first, second = np.array(_any_colour(rng)), np.array(_any_colour(rng))
    share = np.linspace(0, 1, SIZE)[:, None, None]
    sheet = np.ascontiguousarray((1 - share) * first + share * second * np.ones((1, SIZE, 1)))
    for _ in range(rng.integers(2, 9)):
        centre = tuple(int(each) for each in rng.integers(0, SIZE, 2))
        extent = tuple(int(each) for each in rng.integers(10, 90, 2))
        if rng.random() < 0.5:
            cv2.ellipse(sheet, centre, extent, rng.uniform(0, 180), 0, 360, _any_colour(rng), -1)
        else:
            other = (centre[0] + extent[0], centre[1] + extent[1])
            cv2.rectangle(sheet, centre, other, _any_colour(rng), -1)
    if rng.random() < 0.6:
        ink = _any_colour(rng)
        top, pitch = int(rng.integers(20, 150)), int(rng.integers(8, 22))
        for y in range(top, min(top + 6 * pitch, SIZE - 10), pitch):
            cv2.line(sheet, (20, y), (int(rng.integers(60, 236)), y), ink, max(pitch // 3, 2))
    if rng.random() < 0.7:
        cv2.rectangle(sheet, (0, 0), (SIZE - 1, SIZE - 1), _any_colour(rng), 12)
    return sheet


def _view(rng: np.random.Generator) -> np.ndarray:
    """Draw an outlook: sky, trees or houses, ground."""
    sheet = sky(rng, SIZE, SIZE).astype(np.float64)
    horizon = int(rng.integers(110, 190))
    ground = texture("grass" if rng.random() < 0.6 else "asphalt", int(rng.integers(VARIANTS)))
    sheet[horizon:] = ground[horizon:] * rng.uniform(0.7, 1.1)
    for _ in range(rng.integers(3, 10)):
        x, height = int(rng.integers(0, SIZE)), int(rng.integers(15, 80))
        if rng.random() < 0.6:
            green = np.array([60, 92, 45]) * rng.uniform(0.5, 1.5)
            for _ in range(8):
                spot = (
                    x + int(rng.normal(0, height / 4)),
                    horizon - int(rng.uniform(0.2, 1) * height),
                )
                tone = tuple(float(each) for each in green * rng.uniform(0.7, 1.3))
                cv2.circle(sheet, spot, max(height // 4, 3), tone, -1)
        else:
            corner = (x + int(rng.integers(20, 70)), horizon - height)
            cv2.rectangle(sheet, (x, horizon), corner, _any_colour(rng), -1)
    return sheet


def _window(rng: np.random.Generator) -> np.ndarray:
    sheet = np.minimum(_view(rng) * rng.uniform(0.9, 1.5), 255)
    frame = rng.uniform(200, 250) if rng.random() < 0.7 else rng.uniform(30, 120)
    colour, thick = (frame, frame, frame), int(rng.integers(8, 16))
    cv2.rectangle(sheet, (0, 0), (SIZE - 1, SIZE - 1), colour, 2 * thick)
    for share in np.arange(1, rng.integers(1, 4)):
        x = int(SIZE * share / 3)
        cv2.line(sheet, (x, 0), (x, SIZE), colour, thick)
    if rng.random() < 0.5:
        y = int(rng.uniform(0.3, 0.7) * SIZE)
        cv2.line(sheet, (0, y), (SIZE, y), colour, thick)
    if rng.random() < 0.3:  # a blind
        low = int(rng.uniform(0.2, 0.9) * SIZE)
        lines = (np.arange(low) % 10 < 8)[:, None, None]
        sheet[thick:low, thick:-thick] = np.where(lines, 225, 150)[thick:]
    return sheet


def _door(rng: np.random.Generator) -> np.ndarray:
    sheet = texture("panels", int(rng.integers(VARIANTS))).astype(np.float64)
    if rng.random() < 0.6:
        sheet = np.full((SIZE, SIZE, 3), rng.uniform(120, 245)) * rng.uniform(0.85, 1.0, 3)
    dark, light = sheet.mean(axis=(0, 1)) * 0.75, sheet.mean(axis=(0, 1)) * 1.1
    for top, bottom in ((20, 115), (135, 236)):
        for left, right in ((30, 118), (138, 226)):
            cv2.rectangle(sheet, (left, top), (right, bottom), tuple(map(float, dark)), 3)
            cv2.rectangle(sheet, (left + 4, top + 4), (right, bottom), tuple(map(float, light)), 2)
    cv2.rectangle(sheet, (0, 0), (SIZE - 1, SIZE - 1), tuple(map(float, dark)), 8)
    cv2.rectangle(sheet, (228, 124), (246, 134), (60.0, 60.0, 60.0), -1)
    return sheet


def _shelf(rng: np.random.Generator) -> np.ndarray:
    """Draw boards full of books and boxes."""
    sheet = np.full((SIZE, SIZE, 3), 35.0) * rng.uniform(0.5, 2, 3)
    boards = int(rng.integers(3, 6))
    for board in range(boards):
        floor = (board + 1) * SIZE // boards - 5
        x = 6
        while x < SIZE - 8:
            wide = int(rng.integers(5, 14 if rng.random() < 0.8 else 50))
            tall = int(rng.uniform(0.5, 0.95) * (SIZE // boards - 8))
            if rng.random() < 0.9:
                cv2.rectangle(sheet, (x, floor - tall), (x + wide - 1, floor), _any_colour(rng), -1)
            x += wide
        sheet[floor : floor + 6] = np.array([170, 130, 90]) * rng.uniform(0.7, 1.2)
    return sheet


_MAKERS: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "poster": _poster,
    "window": _window,
    "door": _door,
    "shelf": _shelf,
    "view": _view,
}
