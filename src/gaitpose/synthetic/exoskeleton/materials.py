"""Paints, metals and cloths of the parts, and the pictures on box and motors."""

from __future__ import annotations

import numpy as np

from gaitpose.synthetic.exoskeleton.placed import Finish
from gaitpose.synthetic.exoskeleton.settings import Colour, ExoskeletonSettings
from gaitpose.synthetic.surface import Material

_PIXELS = 96


def materials(settings: ExoskeletonSettings) -> dict[Finish, Material]:
    """Return the material of every finish."""
    colours = settings.colours
    return {
        Finish.SHELL: Material(colours.shell, roughness=0.45),
        Finish.FRAME: Material(colours.frame, roughness=0.4, metallic=settings.metallic),
        Finish.ACCENT: Material(colours.accent, roughness=0.5),
        Finish.STRAP: Material(colours.strap, roughness=0.95),
        Finish.PADDING: Material(_darker(colours.strap), roughness=1.0),
        Finish.PLATE: Material(colours.plate, roughness=0.7),
        Finish.CABLE: Material((0.03, 0.03, 0.03), roughness=0.6),
        Finish.BADGE: Material(
            (1.0, 1.0, 1.0), badge(settings.badge, colours.shell, colours.accent), roughness=0.45
        ),
    }


def badge(seed: int, ground: Colour, ink: Colour) -> np.ndarray:
    """Draw a maker's mark: a simple figure, and a line or two of strokes below as of letters.

    Returns
    -------
    uint8 array, (96, 96, 3)
    """
    rng = np.random.default_rng(seed)
    y, x = (np.mgrid[:_PIXELS, :_PIXELS] + 0.5) / _PIXELS * 2 - 1
    figures = (
        np.abs(np.hypot(x, y + 0.2) - 0.32) < 0.09,
        (np.minimum(np.abs(x), np.abs(y + 0.2)) < 0.11)
        & (np.maximum(np.abs(x), np.abs(y + 0.2)) < 0.38),
        (np.abs(np.mod(y - np.abs(x), 0.3) - 0.15) < 0.08) & (np.hypot(x, y + 0.2) < 0.45),
        (np.abs(x) + np.abs(y + 0.2) < 0.42) & (np.abs(x) + np.abs(y + 0.2) > 0.2),
        np.mod(x + y, 0.36) < 0.12,
        np.zeros_like(x, dtype=bool),
    )
    mask = figures[rng.integers(len(figures))]
    for row in range(int(rng.integers(3))):
        mask |= _letters(rng, x, y, 0.42 + 0.24 * row)
    mask &= np.hypot(x, y) < 0.85
    picture = np.where(mask[..., None], ink, ground)
    return np.rint(255 * picture).astype(np.uint8)


def _letters(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, line: float) -> np.ndarray:
    """Strokes that look like a word from afar."""
    mask = np.zeros_like(x, dtype=bool)
    left = -0.55
    while left < 0.5:
        width = rng.uniform(0.05, 0.13)
        in_letter = (x > left) & (x < left + width) & (np.abs(y - line) < 0.08)
        hollow = (x > left + 0.03) & (x < left + width - 0.03) & (np.abs(y - line) < 0.04)
        mask |= in_letter & ~(hollow & (rng.random() < 0.5))
        left += width + 0.04
    return mask


def _darker(colour: Colour) -> Colour:
    red, green, blue = (0.6 * each for each in colour)
    return red, green, blue
