"""Hands at ease: fingers of the mesh are stretched out and spread, those of walkers are not."""

from __future__ import annotations

import numpy as np

from gaitpose.synthetic.people.body import Body
from gaitpose.synthetic.people.rotations import about, moved, turn_about
from gaitpose.synthetic.people.source import base_mesh

_FINGERS = (2, 3, 4, 5)


def with_curled_fingers(body: Body, degrees: float) -> Body:
    """Bend each joint of the fingers, and the thumb by a third of it."""
    vertices = body.vertices.copy()
    for side, outward in (("l", -1.0), ("r", 1.0)):
        knuckles = body.cube(f"{side}-finger-5-1") - body.cube(f"{side}-finger-2-1")
        axis = -outward * knuckles / np.linalg.norm(knuckles)
        for finger in _FINGERS:
            _bend(body, vertices, side, finger, axis, degrees * (1 + 0.08 * (finger - 2)))
        along = body.cube(f"{side}-finger-1-2") - body.cube(f"{side}-finger-1-1")
        across = np.cross(along, np.cross(axis, along))
        _bend(body, vertices, side, 1, across / np.linalg.norm(across), degrees / 3)
    return Body(vertices, body.height)


def _bend(
    body: Body, vertices: np.ndarray, side: str, finger: int, axis: np.ndarray, degrees: float
) -> None:
    motion = np.eye(4)
    for joint in (1, 2, 3):
        centre = body.cube(f"{side}-finger-{finger}-{joint}")
        motion = motion @ about(centre, turn_about(axis, degrees))
        indices, weights = base_mesh().fingers[f"finger{finger}-{joint}.{side.upper()}"]
        rest = body.vertices[indices]
        vertices[indices] += weights[:, np.newaxis] * (moved(motion, rest) - rest)
