"""How large a person is around the joints, and the square the network looks at."""

from __future__ import annotations

import numpy as np

from gaitpose.skeleton import JOINTS

MARGIN = 1.25
"""Side of the network's square over the longer side of the person's box."""

HEAD_PER_TRUNK = 0.55
"""Top of the head above the shoulders, over the trunk's length (shoulders to hips)."""

FOOT_PER_SHANK = 0.25
"""Sole below the ankle, over the shank's length."""

_INDEX = {joint: index for index, joint in enumerate(JOINTS)}


def person_box(joints: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Estimate the box of a whole person, head and feet included, from the joints.

    Parameters
    ----------
    joints : float array, (8, 2)
        x, y in pixels.
    known : bool array, (8,)
        Which of them count; at least one.

    Returns
    -------
    float array, (4,)
        x0, y0, x1, y1 in pixels.
    """
    points = [joints[known]]
    pairs = ("shoulder", "hip")
    middles = [_middle(joints, known, part) for part in pairs]
    if middles[0] is not None and middles[1] is not None:
        points.append((middles[0] + HEAD_PER_TRUNK * (middles[0] - middles[1]))[None])
    for side in ("left", "right"):
        knee, ankle = _INDEX[f"{side}_knee"], _INDEX[f"{side}_ankle"]
        if known[knee] and known[ankle]:
            points.append((joints[ankle] + FOOT_PER_SHANK * (joints[ankle] - joints[knee]))[None])
    everything = np.concatenate(points)
    low, high = everything.min(0), everything.max(0)
    flesh = 0.06 * float((high - low).max())
    return np.concatenate((low - flesh, high + flesh))


def _middle(joints: np.ndarray, known: np.ndarray, part: str) -> np.ndarray | None:
    chosen = [i for i in (_INDEX[f"left_{part}"], _INDEX[f"right_{part}"]) if known[i]]
    return joints[chosen].mean(0) if chosen else None


def square_around(box: np.ndarray, *, margin: float = MARGIN) -> tuple[float, float, float]:
    """Return centre x, centre y and side in pixels of the square that shows the person in `box`."""
    x0, y0, x1, y1 = box
    return (x0 + x1) / 2, (y0 + y1) / 2, margin * max(x1 - x0, y1 - y0, 1.0)
