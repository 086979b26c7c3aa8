"""A mannequin of tapered tubes, posed by the walker: it stands in for a person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.skeleton import SIDES
from gaitpose.synthetic import Walk
from gaitpose.synthetic.surface import Surface


@dataclass(frozen=True)
class Dummy:
    """Frames and skin at one moment."""

    frames: dict[str, np.ndarray]
    skin: np.ndarray
    surfaces: tuple[Surface, ...] = ()


def frame(origin, up, heading=(1.0, 0.0, 0.0)) -> np.ndarray:
    """Matrix of a segment that points `up`, in the sagittal plane of `heading`."""
    up = up / np.linalg.norm(up)
    right = np.cross(heading, up)
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.column_stack([np.cross(up, right), up, right])
    matrix[:3, 3] = origin
    return matrix


def posed(walked: Walk, index: int) -> Dummy:
    """Put the mannequin into one moment of a walk."""
    points = {name: walked.point(name)[index] for name in walked.keypoints}
    middle = (points["left_hip"] + points["right_hip"]) / 2
    frames = {"pelvis": frame(middle, np.array([0.0, 1, 0]))}
    skin = [_tube(frames["pelvis"], 0.45, -0.08, (0.115, 0.10), (0.165, 0.14))]
    for side in SIDES:
        hip, knee, ankle, heel, toe = (
            points[f"{side}_{name}"] for name in ("hip", "knee", "ankle", "heel", "toe")
        )
        thigh, shank = frame(hip, hip - knee), frame(knee, knee - ankle)
        forward = (toe - heel) / np.linalg.norm(toe - heel)
        foot = frame(ankle, np.cross((0.0, 0, 1), forward))
        frames |= {f"{side}_thigh": thigh, f"{side}_shank": shank, f"{side}_foot": foot}
        lengths = np.linalg.norm(hip - knee), np.linalg.norm(knee - ankle)
        skin.append(_tube(thigh, 0.02, -lengths[0], (0.085, 0.055), (0.085, 0.055)))
        skin.append(_tube(shank, 0.0, -lengths[1], (0.058, 0.04), (0.055, 0.036)))
        skin.append(_shoe(foot))
    return Dummy(frames, np.vstack(skin))


def radius_at(share: float, ends: tuple[float, float]) -> float:
    """Radius of a tube at a share of its length."""
    return ends[0] * (1 - share) + ends[1] * share


def _tube(matrix, top, bottom, forward, right) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    rows = []
    for share in np.linspace(0, 1, 45):
        height = top * (1 - share) + bottom * share
        x = radius_at(share, forward) * np.cos(angle)
        z = radius_at(share, right) * np.sin(angle)
        rows.append(np.column_stack([x, np.full(48, height), z]))
    return np.vstack(rows) @ matrix[:3, :3].T + matrix[:3, 3]


def _shoe(matrix) -> np.ndarray:
    x, y, z = np.meshgrid(
        np.linspace(-0.07, 0.2, 28), np.linspace(-0.075, -0.01, 7), np.linspace(-0.045, 0.045, 10)
    )
    wedge = y < 0.005 - 0.3 * np.maximum(x - 0.02, 0)
    points = np.column_stack([x[wedge], y[wedge], z[wedge]])
    return points @ matrix[:3, :3].T + matrix[:3, 3]
