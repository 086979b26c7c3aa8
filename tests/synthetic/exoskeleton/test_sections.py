"""Sections and bands around bodies of known shape."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.errors import BadSettings
from gaitpose.synthetic.exoskeleton.bands import band
from gaitpose.synthetic.exoskeleton.sections import PRESSED, Girth, outline, pressed
from gaitpose.synthetic.exoskeleton.wearer import Limb

TURN = np.linspace(0, 2 * np.pi, 200, endpoint=False)


def tube(x_radius: float, z_radius: float, middle=(0.0, 0.0), length=0.4) -> np.ndarray:
    """Points of an elliptic tube along -y."""
    heights = np.arange(0, length, 0.005)
    ring = np.column_stack(
        [
            middle[0] + x_radius * np.cos(TURN),
            np.zeros(len(TURN)),
            middle[1] + z_radius * np.sin(TURN),
        ]
    )
    return np.vstack([ring - (0, y, 0) for y in heights])


def ellipse(angle: np.ndarray, first: float, second: float) -> np.ndarray:
    """Radius of an ellipse in a direction."""
    return 1 / np.sqrt((np.cos(angle) / first) ** 2 + (np.sin(angle) / second) ** 2)


def test_the_section_of_an_ellipse_is_the_ellipse():
    section = Girth(tube(0.06, 0.09, (0.02, -0.01)), np.empty((0, 3)), 1).bare(-0.2)
    assert section.centre == pytest.approx([-0.01, 0.02], abs=1e-4)
    assert section.radius(TURN) == pytest.approx(ellipse(TURN, 0.09, 0.06), rel=0.01)
    assert section.reach(0.03) == pytest.approx(0.08, abs=1e-3)


def test_hollows_are_bridged():
    shape = 0.06 - 0.02 * np.cos(2 * TURN) ** 8  # four hollows
    section = outline(1, shape[:, None] * np.column_stack([np.cos(TURN), np.sin(TURN)]))
    assert section.radius(np.array([0.0])) > 0.041
    assert section.radius(TURN).min() >= shape.min()
    assert (section.radius(TURN) >= shape - 1e-3).all()


def test_where_nothing_is_nothing_is_fitted():
    with pytest.raises(BadSettings, match="no body"):
        Girth(tube(0.06, 0.06), np.empty((0, 3)), 1).bare(0.5)


def test_loose_cloth_gives_way_and_layers_keep_their_order():
    girth = Girth(tube(0.06, 0.06), tube(0.10, 0.10), 1)
    lying = 0.06 + float(pressed(np.array([0.04]))[0])
    assert girth.dressed(-0.2).radius(TURN) == pytest.approx(np.full(200, lying), rel=0.01)
    loose = np.array([-0.01, 0.0, 0.001, 0.01, 0.05, 0.1])
    lying = pressed(loose)
    assert lying[:2] == pytest.approx(0)
    assert lying[2] == pytest.approx(0.001, rel=0.06)
    assert (np.diff(lying[1:]) > 0).all()
    assert lying.max() < PRESSED


def test_a_band_lies_on_the_skin_and_is_as_wide_and_thick_as_asked():
    limb = Limb(tube(0.06, 0.09), np.empty((0, 3)))
    strap = band(limb, 1, -0.2, 0.04, 0.003, beyond=0.001)
    across = strap.vertices[:, [2, 0]]
    radius = np.hypot(*across.T)
    beyond = radius - ellipse(np.arctan2(across[:, 1], across[:, 0]), 0.09, 0.06)
    assert beyond.min() == pytest.approx(0.001, abs=7e-4)
    assert beyond.max() == pytest.approx(0.004, abs=7e-4)
    assert strap.vertices[:, 1].min() == pytest.approx(-0.22)
    assert strap.vertices[:, 1].max() == pytest.approx(-0.18)
    assert strap.volume == pytest.approx(0.04 * 0.003 * 0.477, rel=0.15)  # its length is 0.477 m


def test_an_arc_covers_only_its_part():
    limb = Limb(tube(0.06, 0.06), np.empty((0, 3)))
    shell = band(limb, 1, -0.2, 0.04, 0.003, arc=(0.0, 90.0))  # from outwards (z) to forward (x)
    rim = shell.vertices[np.hypot(shell.vertices[:, 0], shell.vertices[:, 2]) > 0.05]
    assert (rim[:, [0, 2]] > -1e-9).all()
