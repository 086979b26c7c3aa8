"""Rotations and rigid motions of segments; x forward, y up, z to the right."""

from __future__ import annotations

from typing import Literal

import numpy as np

_RIGHT = np.array([0.0, 0.0, 1.0])


def turn(axis: Literal["x", "y", "z"], degrees: float) -> np.ndarray:
    """Rotation about an axis, right-handed, (3, 3): about z from forward to up."""
    c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    rotation = np.eye(3)
    rotation[[i, j], [i, j]] = c
    rotation[i, j], rotation[j, i] = -s, s
    return rotation


def turn_about(axis: np.ndarray, degrees: float) -> np.ndarray:
    """Rotation about any unit vector (Rodrigues), right-handed, (3, 3)."""
    angle = np.deg2rad(degrees)
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def about(point: np.ndarray, rotation: np.ndarray, to: np.ndarray | None = None) -> np.ndarray:
    """Motion that turns about a point and carries it to another (or keeps it), (4, 4)."""
    motion = np.eye(4)
    motion[:3, :3] = rotation
    motion[:3, 3] = (point if to is None else to) - rotation @ point
    return motion


def moved(motion: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Carry points (..., 3) by a motion (4, 4)."""
    return np.asarray(points @ motion[:3, :3].T + motion[:3, 3])


def upright(up: np.ndarray) -> np.ndarray:
    """Axes of a segment that stands along `up`; columns forward, up, right, (3, 3)."""
    up = up / np.linalg.norm(up)
    forward = np.cross(up, _RIGHT)
    forward /= np.linalg.norm(forward)
    return np.stack([forward, up, np.cross(forward, up)], axis=1)


def axes_of(forward: np.ndarray) -> np.ndarray:
    """Axes of a segment that lies along `forward`; columns forward, up, right, (3, 3)."""
    forward = forward / np.linalg.norm(forward)
    up = np.cross(_RIGHT, forward)
    up /= np.linalg.norm(up)
    return np.stack([forward, up, np.cross(forward, up)], axis=1)
