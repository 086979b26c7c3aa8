"""People who do not walk at the moment: they stand, shift a foot, step on the spot.

The legs of a walk's settings, both feet placed by hand and the knees bent as that needs. No truth
of gait belongs to it; the pictures are for training only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gaitpose.skeleton import KEYPOINTS, SIDES
from gaitpose.synthetic.settings import WalkerSettings, both
from gaitpose.synthetic.walker import Walk


@dataclass(frozen=True)
class Stance:
    """Where the feet are. Lengths as shares of the leg, angles in degrees.

    Parameters
    ----------
    knee : float
        Flexion of the straighter leg.
    ahead : (left, right)
        Of the ankle, from below the hip.
    raised : (left, right)
        Of the foot above the floor; one of them is 0.
    apart : float
        Distance of the feet beyond that of the hips.
    pitch : (left, right)
        Of the foot, toe up +.
    lean : float
        Of the trunk, forward +.
    """

    knee: float = 4.0
    ahead: tuple[float, float] = (0.0, 0.0)
    raised: tuple[float, float] = (0.0, 0.0)
    apart: float = 0.0
    pitch: tuple[float, float] = (0.0, 0.0)
    lean: float = 2.0

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Stance:
        """Draw a stance: mostly quiet, else with a foot ahead or in the air."""
        kind = rng.random()
        step = float(rng.uniform(-0.35, 0.35)) if kind > 0.4 else float(rng.normal(0, 0.03))
        raised, pitch = [0.0, 0.0], [0.0, 0.0]
        if kind > 0.65:
            foot = int(rng.integers(2))
            raised[foot] = float(rng.uniform(0.02, 0.3))
            pitch[foot] = float(rng.uniform(-40, 12))
        return cls(
            knee=float(np.clip(rng.gamma(2, 5), 1, 45)),
            ahead=(step / 2, -step / 2),
            raised=(raised[0], raised[1]),
            apart=float(rng.uniform(-0.06, 0.2)),
            pitch=(pitch[0], pitch[1]),
            lean=float(rng.normal(4, 5)),
        )


def standing(walk: Walk, stance: Stance) -> Walk:
    """Return one sample (index 0) of the same body in a stance at the origin.

    Parameters
    ----------
    walk : Walk
        Whose settings give the lengths.
    stance : Stance
    """
    points = stance_points(walk.settings, stance)
    return replace(
        walk,
        time=np.zeros(1),
        position=np.stack([points[name] for name in KEYPOINTS])[None],
        heading=np.zeros(1),
        belt=np.zeros(1),
    )


def stance_points(settings: WalkerSettings, stance: Stance) -> dict[str, np.ndarray]:
    """Place all keypoints, metres, (3,) each; the middle of the hips is above the origin."""
    thigh, shank = both(settings.thigh), both(settings.shank)
    ankle_height = both(settings.ankle_height)
    hips, ankles = [], []
    for side in range(2):
        out = -1.0 if side == 0 else 1.0
        leg = thigh[side] + shank[side]
        z = out * (settings.hip_width / 2 + stance.apart * leg / 2)
        height = ankle_height[side] + stance.raised[side] * leg
        ankles.append(np.array([stance.ahead[side] * leg, height, z]))
        hips.append(np.array([0.0, 0.0, out * settings.hip_width / 2]))
    pelvis = min(
        ankle[1] + _height_over(ankle - hip, _reach(thigh[side], shank[side], stance.knee))
        for side, (hip, ankle) in enumerate(zip(hips, ankles, strict=True))
    )
    points = _trunk(settings, stance, pelvis)
    for side, name in enumerate(SIDES):
        hip = hips[side] + (0.0, pelvis, 0.0)
        ankle = ankles[side]
        points[f"{name}_hip"] = hip
        points[f"{name}_knee"] = _knee(hip, ankle, thigh[side], shank[side])
        points[f"{name}_ankle"] = ankle
        heel, toe = _foot(settings, side, stance.pitch[side])
        points[f"{name}_heel"], points[f"{name}_toe"] = ankle + heel, ankle + toe
    return points


def _trunk(settings: WalkerSettings, stance: Stance, pelvis: float) -> dict[str, np.ndarray]:
    lean = np.deg2rad(stance.lean)
    up = settings.trunk * np.array([np.sin(lean), np.cos(lean), 0.0])
    half = np.array([0.0, 0.0, settings.shoulder_width / 2])
    middle = np.array([0.0, pelvis, 0.0]) + up
    return {"left_shoulder": middle - half, "right_shoulder": middle + half}


def _reach(thigh: float, shank: float, knee: float) -> float:
    """Distance from hip to ankle at a knee flexion in degrees."""
    return float(np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(np.deg2rad(knee))))


def _height_over(across: np.ndarray, reach: float) -> float:
    """Height of the hip above the ankle, given the distance on the floor."""
    level = across[0] ** 2 + across[2] ** 2
    return float(np.sqrt(max(reach**2 - level, 0.0)))


def _knee(hip: np.ndarray, ankle: np.ndarray, thigh: float, shank: float) -> np.ndarray:
    """Find the knee in front of the line from hip to ankle."""
    line = ankle - hip
    distance = float(np.linalg.norm(line))
    along = line / distance
    share = (thigh**2 - shank**2 + distance**2) / (2 * distance)
    out = np.sqrt(max(thigh**2 - share**2, 0.0))
    forward = np.array([1.0, 0.0, 0.0]) - along[0] * along
    return np.asarray(hip + share * along + out * forward / np.linalg.norm(forward))


def _foot(settings: WalkerSettings, side: int, pitch: float) -> tuple[np.ndarray, np.ndarray]:
    """Heel and toe relative to the ankle."""
    behind = both(settings.heel_behind_ankle)[side]
    ahead = both(settings.foot)[side] - behind
    down = both(settings.ankle_height)[side]
    cosine, sine = np.cos(np.deg2rad(pitch)), np.sin(np.deg2rad(pitch))

    def turned(x: float, y: float) -> np.ndarray:
        return np.array([x * cosine - y * sine, x * sine + y * cosine, 0.0])

    return turned(-behind, -down), turned(ahead, -down)
