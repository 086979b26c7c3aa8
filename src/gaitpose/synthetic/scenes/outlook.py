"""What is far away in open air: sky with clouds, a skyline of trees and houses, haze below it.

It has no depth: it is drawn as the picture's backdrop, level with the horizon of the camera.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from gaitpose.synthetic.scenes.textures import noise
from gaitpose.synthetic.surface import Viewpoint

_COLUMNS = 512
"""Of the skyline before it is stretched to the picture."""


_COARSENESS = 2
"""What is far away is hazy: it is drawn smaller by this factor."""


def outlook(rng: np.random.Generator, view: Viewpoint) -> np.ndarray:
    """Draw the far background of a camera, uint8 (height, width, 3)."""
    width, height = (-(-side // _COARSENESS) for side in (view.width, view.height))
    fx, fy = (each * width / view.width for each in view.focal)
    x, y = ((each + 0.5) * width / view.width - 0.5 for each in view.centre)
    coarse = replace(view, focal=(fx, fy), centre=(x, y), width=width, height=height)
    size = (view.width, view.height)
    return np.asarray(cv2.resize(_drawn(rng, coarse), size, interpolation=cv2.INTER_LINEAR))


def _drawn(rng: np.random.Generator, view: Viewpoint) -> np.ndarray:
    x, y = np.meshgrid(np.arange(view.width), np.arange(view.height))
    # The horizon is where a ray is level: its world y, a sum over the camera's axes, is 0.
    across, down, ahead = view.axes[:, 1]
    right = (x - view.centre[0]) / view.focal[0]
    above = -(right * across + ahead) / down - (y - view.centre[1]) / view.focal[1]
    picture = _sky(rng, above, view)
    for share in sorted(rng.uniform(0.25, 1.0, rng.integers(1, 4)), reverse=True):
        trees = rng.random() < 0.65
        profile = (_trees if trees else _houses)(rng) * share
        top = np.interp(x[0], np.linspace(0, view.width, _COLUMNS), profile)[None, :]
        colour = _tree_colour(rng, x.shape) if trees else _house_colour(rng, x.shape)
        haze = 0.55 * share
        colour = colour * (1 - haze) + haze * np.array([196, 205, 212])
        picture = np.where((above < top)[..., None], colour, picture)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _sky(rng: np.random.Generator, above: np.ndarray, view: Viewpoint) -> np.ndarray:
    dull = rng.random() ** 1.5
    zenith = (1 - dull) * np.array([85, 138, 210]) + dull * np.array([165, 172, 180])
    horizon = (1 - dull) * np.array([200, 218, 236]) + dull * np.array([218, 221, 224])
    share = np.clip(above / rng.uniform(0.3, 0.9), 0, 1)[..., None] ** 0.7
    sky = ((1 - share) * horizon + share * zenith) * rng.uniform(0.75, 1.08)
    field = noise(rng, roughness=1.9).astype(np.float32)
    clouds = cv2.resize(field, (view.width, view.height), interpolation=cv2.INTER_CUBIC)
    cover = np.clip(clouds - rng.uniform(-1.0, 2.5), 0, 1)[..., None] * 0.7
    return np.asarray((1 - cover) * sky + cover * rng.uniform(205, 250))


def _trees(rng: np.random.Generator) -> np.ndarray:
    """Height of a row of trees over the horizon, as a tangent, (_COLUMNS,)."""
    u = np.linspace(0, 1, _COLUMNS)
    height = np.full(_COLUMNS, rng.uniform(0.0, 0.05))
    for _ in range(rng.integers(4, 30)):
        middle, wide = rng.random(), rng.uniform(0.02, 0.15)
        bump = np.sqrt(np.clip(1 - ((u - middle) / wide) ** 2, 0, 1))
        height = np.maximum(height, rng.uniform(0.03, 0.28) * bump)
    rough = np.interp(u, np.linspace(0, 1, 160), rng.normal(0, 0.008, 160))
    return np.asarray(height + rough)


def _houses(rng: np.random.Generator) -> np.ndarray:
    edges = np.sort(rng.random(rng.integers(3, 14)))
    heights = rng.uniform(0.0, 0.35, len(edges) + 1) * (rng.random(len(edges) + 1) < 0.75)
    return np.asarray(heights[np.searchsorted(edges, np.linspace(0, 1, _COLUMNS))])


def _tree_colour(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    base = np.array([62, 88, 45]) * rng.uniform(0.5, 1.4) + rng.normal(0, 8, 3)
    leaves = cv2.resize(noise(rng, roughness=0.8).astype(np.float32), shape[::-1])
    return np.asarray(base * (1 + 0.28 * leaves[..., None]))


def _house_colour(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    base = rng.uniform(90, 215) + rng.normal(0, 14, 3)
    picture = np.ones((*shape, 3)) * base
    pitch_x, pitch_y = rng.integers(7, 25), rng.integers(9, 25)
    y, x = np.mgrid[: shape[0], : shape[1]]
    panes = (x % pitch_x > 0.55 * pitch_x) & (y % pitch_y > 0.45 * pitch_y)
    return np.where(panes[..., None], base * rng.uniform(0.3, 0.8), picture)
