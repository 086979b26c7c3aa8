"""Solids: closed, the right way out, of the size asked for."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from gaitpose.synthetic.exoskeleton.solids import (
    Solid,
    circle,
    link_outline,
    prism,
    ring,
    rounded_rectangle,
    smooth_path,
    sweep,
)


def is_closed(solid: Solid) -> bool:
    """Whether every edge is shared by two faces that run along it in opposite directions."""
    edges = Counter()
    for face in solid.faces:
        edges.update(zip(face.tolist(), np.roll(face, -1).tolist(), strict=True))
    return all(count == 1 and edges[(b, a)] == 1 for (a, b), count in edges.items())


def torus() -> Solid:
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    loops = []
    for angle in turn:
        outwards = np.array([np.cos(angle), np.sin(angle), 0])
        profile = circle(0.02, 40)
        loops.append(np.outer(0.1 + profile[:, 0], outwards) + np.outer(profile[:, 1], (0, 0, 1)))
    return ring(loops)


def bar() -> Solid:
    return sweep(
        np.column_stack([np.zeros(5), np.linspace(0, 0.4, 5), np.zeros(5)]),
        rounded_rectangle(0.02, 0.01, 0.002),
        (1, 0, 0),
    )


@pytest.mark.parametrize(
    ("solid", "volume"),
    [
        (prism(circle(0.05, 200), 0.01, 0.04, 0.0), np.pi * 0.05**2 * 0.03),
        (prism(rounded_rectangle(0.2, 0.1, 1e-6), 0, 0.05, 0.0), 0.2 * 0.1 * 0.05),
        (bar(), (0.02 * 0.01 - (4 - np.pi) * 0.002**2) * 0.4),
        (torus(), 2 * np.pi**2 * 0.1 * 0.02**2),
    ],
)
def test_solids_are_closed_and_enclose_what_they_should(solid, volume):
    assert is_closed(solid)
    assert solid.volume == pytest.approx(volume, rel=0.02)
    assert solid.mirrored().volume == pytest.approx(solid.volume)
    assert solid.moved((1, 2, 3)).volume == pytest.approx(solid.volume)


def test_chamfers_stay_within_the_prism():
    solid = prism(circle(0.05), 0.0, 0.02, 0.004)
    assert np.ptp(solid.vertices, axis=0) == pytest.approx([0.1, 0.1, 0.02], abs=1e-6)
    ends = solid.vertices[(solid.vertices[:, 2] == 0) & (np.hypot(*solid.vertices.T[:2]) > 0.01)]
    assert np.hypot(ends[:, 0], ends[:, 1]) == pytest.approx(0.046, abs=1e-4)


def test_a_link_reaches_around_both_joints():
    flat = link_outline((0, 0), (0.1, -0.4), (0.04, 0.02), waist=0.5, corners=41)
    far = np.array([0.1, -0.4])
    from_ends = np.minimum(np.linalg.norm(flat, axis=1), np.linalg.norm(flat - far, axis=1))
    along = far / np.linalg.norm(far)
    reach = flat @ along
    assert reach.max() == pytest.approx(np.linalg.norm(far) + 0.02, abs=1e-4)
    assert reach.min() == pytest.approx(-0.04, abs=1e-4)
    middle = np.abs(reach - 0.5 * np.linalg.norm(far)) < 0.03
    across = flat[middle] @ [-along[1], along[0]]
    assert np.abs(across) == pytest.approx(0.5 * 0.03, abs=0.002)
    assert from_ends.max() > 0.1


def test_a_leaning_link_rises_along_its_length():
    leaning = prism(circle(0.01), 0, 0.01).moved((0, -0.4, 0)).leaning(np.array([0, -0.1]))
    assert leaning.vertices[:, 2].mean() == pytest.approx(0.005 + 0.04, abs=1e-6)


def test_a_smooth_path_goes_through_its_knots():
    knots = np.array([[0, 0, 0], [0.1, 0, 0], [0.2, 0.1, 0], [0.2, 0.3, 0.1]])
    path = smooth_path(knots, 400)
    apart = np.linalg.norm(path[None] - knots[:, None], axis=2).min(axis=1)
    assert apart == pytest.approx(0, abs=2e-3)
