"""Skin and eyes, painted by code where there is no texture of a wardrobe."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from gaitpose.synthetic.people.settings import PersonSettings
from gaitpose.synthetic.people.source import Patch, base_mesh
from gaitpose.synthetic.people.textures import noise, to_uint8

_SIZE = 512

_IRIS = np.array([[0.30, 0.20, 0.12], [0.24, 0.16, 0.10], [0.36, 0.44, 0.52], [0.33, 0.38, 0.25]])


def painted_skin(settings: PersonSettings) -> np.ndarray:
    """Paint a skin in the layout of the base mesh, uint8 (512, 512, 3)."""
    rng = np.random.default_rng(settings.seed + 1)
    at = _positions()
    forward, up, right = (at[..., axis] for axis in range(3))
    aside = np.abs(right)
    colour = np.ones((_SIZE, _SIZE, 1)) * np.array(settings.skin)
    colour *= 1 + (0.02 * noise(rng, 40, _SIZE) + 0.015 * noise(rng, 3, _SIZE))[..., np.newaxis]
    face = (up > 0.62) & (forward > 0.07)

    def blend(share: np.ndarray, tone: np.ndarray) -> None:
        nonlocal colour
        colour = colour + (share * face)[..., np.newaxis] * (tone - colour)

    skin, hair = np.array(settings.skin), np.array(settings.hair_colour)
    flush = skin * (1.0, 0.78, 0.74)
    blend(0.35 * _spot(aside, up, 0.05, 0.69, 0.022, 0.018), flush)
    blend(0.8 * _spot(aside, up, 0.0, 0.664, 0.022, 0.007), skin * (0.86, 0.60, 0.58))
    blend(0.8 * _spot(aside, up, 0.031, 0.749, 0.017, 0.004), 0.6 * hair + 0.2 * skin)
    blend(0.45 * _spot(aside, up, 0.031, 0.731, 0.017, 0.009), skin * 0.62)
    if settings.sex == "male" and settings.years > 16 and rng.random() < 0.5:
        beard = np.clip((0.69 - up) / 0.02, 0, 1) * np.clip((up - 0.61) / 0.01, 0, 1)
        around_mouth = 1 - _spot(aside, up, 0.0, 0.664, 0.024, 0.009)
        blend(rng.uniform(0.15, 0.75) * beard * around_mouth, hair)
    return to_uint8(colour)


def painted_eye(settings: PersonSettings) -> np.ndarray:
    """Paint an eye as it is seen from the front, uint8 (64, 64, 3)."""
    rng = np.random.default_rng(settings.seed + 2)
    dark = settings.ancestry[2] / sum(settings.ancestry) < 0.5
    iris = _IRIS[int(rng.integers(2 if dark else 4))]
    grid = (np.arange(64) + 0.5) / 32 - 1
    radius = np.hypot(grid[:, np.newaxis], grid)[..., np.newaxis]
    eye = np.where(radius < 0.5, iris, np.array([0.88, 0.86, 0.84]))
    return to_uint8(np.where(radius < 0.22, 0.03, eye))


def eye_patch(side: str) -> Patch:
    """Eye ("l" or "r") with texture coordinates that look at it from the front."""
    mesh = base_mesh()
    patch = mesh.patches[f"helper-{side}-eye"]
    points = mesh.vertices[patch.vertices]
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    flat = (points - middle)[:, [2, 1]] / np.ptp(points[:, 1])
    return Patch(patch.vertices, (0.5 + flat).astype(np.float32), patch.faces)


def is_costume(texture: np.ndarray) -> bool:
    """Whether a skin's trunk is painted in another colour than its face: no bare skin."""
    height, width = texture.shape[:2]
    at = _positions()
    rows = np.arange(height) * _SIZE // height
    columns = np.arange(width) * _SIZE // width
    at = at[rows[:, np.newaxis], columns]
    trunk = texture[(at[..., 1] > 0.2) & (at[..., 1] < 0.4) & (np.abs(at[..., 2]) < 0.1)]
    cheek = (at[..., 1] > 0.67) & (at[..., 1] < 0.71) & (at[..., 0] > 0.12)
    return bool(np.median(trunk) < 0.55 * np.median(texture[cheek]))


@cache
def _positions() -> np.ndarray:
    """Point of the neutral body at each pixel of the skin's texture, (512, 512, 3); far if none."""
    mesh = base_mesh()
    patch = mesh.patches["body"]
    pixels = patch.uv[patch.faces] * (1, -1) * _SIZE + (0, _SIZE)
    middles = mesh.vertices[patch.vertices][patch.faces].mean(axis=1)
    picture = np.full((_SIZE, _SIZE, 3), -9.0, dtype=np.float32)
    for triangle, middle in zip(np.round(pixels).astype(np.int32), middles, strict=True):
        cv2.fillConvexPoly(picture, triangle, middle.tolist())
    return picture


def _spot(
    across: np.ndarray, up: np.ndarray, x: float, y: float, width: float, height: float
) -> np.ndarray:
    """1 within an ellipse of these half axes (metres), falling to 0 outside of it."""
    distance = np.hypot((across - x) / width, (up - y) / height)
    return np.clip(1.6 - distance, 0, 0.6) / 0.6
