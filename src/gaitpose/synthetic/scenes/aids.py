"""What people walk in, on and with: parallel bars, walking frames, rollators, treadmills.

All are built for a walker at the origin who walks along +x, with the floor (or belt) at y = 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from gaitpose.synthetic.scenes.furniture import any_colour, metal, paint, wood
from gaitpose.synthetic.scenes.shapes import box, merged, rod
from gaitpose.synthetic.surface import Material, Surface

Aid = Literal["bars", "frame", "rollator", "treadmill"]

FULL_GRIP = 0.88
"""Height of the grips for which the dimensions below are meant, metres."""


def aid(kind: Aid, variant: int, grip: float, half: float) -> tuple[Surface, ...]:
    """Build a walking aid for a walker.

    Parameters
    ----------
    kind : {"bars", "frame", "rollator", "treadmill"}
    variant : int
        Seed of its looks.
    grip : float
        Height of the walker's hands when they hold it, metres.
    half : float
        Half of the distance between the hands, metres.
    """
    return _MAKERS[kind](_rng(kind, variant), grip, half)


def deck_height(kind: Aid | None, variant: int) -> float:
    """Height of the surface that is walked on above the floor, metres."""
    return _deck(_rng(kind, variant)) if kind == "treadmill" else 0.0


def _rng(kind: Aid, variant: int) -> np.random.Generator:
    return np.random.default_rng([variant, *kind.encode()])


def _deck(rng: np.random.Generator) -> float:
    """Draw the height of a treadmill's belt; always the first draw."""
    return float(rng.uniform(0.1, 0.25))


def _bars(rng: np.random.Generator, y: float, half: float) -> tuple[Surface, ...]:
    """Set up two rails along the way on posts."""
    rail = metal(rng) if rng.random() < 0.6 else wood(rng)
    post, reach = metal(rng), rng.uniform(1.2, 2.6)
    start = rng.uniform(-0.3, 0.3)
    sides = (-half, half)
    rails = [rod((start - reach, y, z), (start + reach, y, z), 0.019, rail) for z in sides]
    places = np.linspace(start - 0.92 * reach, start + 0.92 * reach, int(rng.integers(2, 4)))
    posts = [rod((x, 0, z), (x, y, z), 0.021, post) for x in places for z in sides]
    feet = [box((x, 0.01, 0), (0.12, 0.02, 2 * half + 0.15), post) for x in places]
    return merged(rails), merged([*posts, *feet])


def _frame(rng: np.random.Generator, y: float, half: float) -> tuple[Surface, ...]:
    """Set up a walking frame on four legs, the walker's hands on its upper tubes."""
    tube = metal(rng)
    back, front = 0.1 + rng.uniform(-0.05, 0.05), 0.6 * y / FULL_GRIP
    parts = []
    for z in (-half, half):
        low = z * 1.12
        parts.append(rod((back, 0, low), (back + 0.04, y, z), 0.013, tube))
        parts.append(rod((front, 0, low), (front - 0.06, y, z), 0.013, tube))
        parts.append(rod((back + 0.04, y, z), (front - 0.06, y, z), 0.015, tube))
        parts.append(rod((back, 0.4 * y, low), (front, 0.4 * y, low), 0.011, tube))
    for share in (0.35, 0.75):
        parts.append(
            rod((front - 0.03, share * y, -half), (front - 0.03, share * y, half), 0.012, tube)
        )
    grip = Material(colour=(0.06, 0.06, 0.06), roughness=0.9)
    grips = [rod((back + 0.06, y, z), (back + 0.2, y, z), 0.02, grip) for z in (-half, half)]
    return merged(parts), merged(grips)


def _rollator(rng: np.random.Generator, y: float, half: float) -> tuple[Surface, ...]:
    """Set up a frame on wheels with a seat or a basket."""
    tube, scale = metal(rng), y / FULL_GRIP
    rear, front = 0.22 * scale, 0.82 * scale
    black = Material(colour=(0.05, 0.05, 0.05), roughness=0.8)
    parts, wheels = [], []
    for z in (-half, half):
        parts.append(rod((rear, 0.12, z), (rear + 0.25 * scale, 0.65 * y, z), 0.013, tube))
        parts.append(rod((front, 0.12, z), (rear + 0.2 * scale, y, z), 0.015, tube))
        parts.append(rod((rear + 0.2 * scale, y, z), (rear - 0.05, y, z), 0.017, black))
        for x in (rear, front):
            wheels.append(rod((x, 0.1, z - 0.015), (x, 0.1, z + 0.015), 0.1, black, around=16))
    middle = (rear + front) / 2
    parts.append(rod((middle, 0.6 * y, -half), (middle, 0.6 * y, half), 0.013, tube))
    carrier = box((middle, 0.55 * y, 0), (0.32 * scale, 0.05, 2 * half - 0.05), paint(rng))
    if rng.random() < 0.5:
        carrier = box((middle + 0.1, 0.4 * y, 0), (0.25 * scale, 0.25, 2 * half - 0.1), paint(rng))
    return merged(parts), merged(wheels), carrier


def _treadmill(rng: np.random.Generator, y: float, half: float) -> tuple[Surface, ...]:
    """Set up a belt between side rails, with or without hood, handrails and console."""
    deck, length, wide = _deck(rng), rng.uniform(1.5, 2.4), rng.uniform(0.5, 0.8)
    shift = rng.uniform(-0.1, 0.2)
    belt = Material(colour=(0.07, 0.07, 0.075), roughness=0.9)
    casing = Material(colour=any_colour(rng), roughness=0.5)
    parts = [box((shift, -deck / 2 - 0.003, 0), (length, deck, wide), belt)]
    tall = deck + 0.03
    sides = [
        box((shift, 0.03 - tall / 2, side * (wide / 2 + 0.06)), (length, tall, 0.12), casing)
        for side in (-1, 1)
    ]
    front = shift + length / 2
    if rng.random() < 0.8:
        sides.append(box((front + 0.15, 0.02, 0), (0.4, 0.22, wide + 0.24), casing))
    parts.append(merged(sides))
    if rng.random() < 0.7:
        tube = metal(rng)
        reach = rng.uniform(0.3, 1.2)
        z = wide / 2 + 0.08
        rails = []
        for side in (-z, z):
            rails.append(rod((front - 0.05, 0, side), (front - 0.1, y + 0.1, side), 0.024, tube))
            rails.append(rod((front - 0.1, y, side), (front - reach, y, side), 0.019, tube))
            if reach > 0.8:
                rails.append(rod((front - reach, 0, side), (front - reach, y, side), 0.019, tube))
        rails.append(rod((front - 0.1, y, -z), (front - 0.1, y, z), 0.019, tube))
        parts.append(merged(rails))
        if rng.random() < 0.7:
            parts.append(box((front - 0.06, y + 0.15, 0), (0.06, 0.3, 0.45), casing))
    return tuple(parts)


_MAKERS: dict[str, Callable[[np.random.Generator, float, float], tuple[Surface, ...]]] = {
    "bars": _bars,
    "frame": _frame,
    "rollator": _rollator,
    "treadmill": _treadmill,
}
