"""Simply drawn walkers: capsules over a photograph, seen mostly from the side.

Not realistic, but exact about which leg is which, which crowd labels are not. Left and right can be
told from what a real picture offers too: the face and the feet point where the body goes, and the
near limbs cover the far ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from gaitpose.pose.codec import PRESENT
from gaitpose.skeleton import JOINTS
from gaitpose.training.views import View


@dataclass(frozen=True)
class FigureSettings:
    """What the drawn people are like.

    Parameters
    ----------
    side_share : float
        Share seen within `side_spread` degrees of the exact side view; the others from anywhere.
    side_spread : float
        Degrees.
    odd_pose_share : float
        Share that do not walk (bent, seated, kicking).
    height : tuple of two float
        Range of the body's height, shares of the view.
    shift : float
        Largest shift from the middle, shares of the view.
    """

    side_share: float = 0.7
    side_spread: float = 25.0
    odd_pose_share: float = 0.2
    height: tuple[float, float] = (0.5, 0.9)
    shift: float = 0.1


def figure_view(background: np.ndarray, settings: FigureSettings, rng: np.random.Generator) -> View:
    """Draw one random person over a background (size, size, 3), not yet augmented."""
    size = background.shape[0]
    body = _pose(settings, rng)
    pixels, depth = _project(body, settings, size, rng)
    image = _paint(background, pixels, depth, rng)
    joints = np.stack([pixels[name] for name in JOINTS])
    return View(image, joints, np.full(len(JOINTS), PRESENT))


def _bump(phase: float, centre: float, width: float) -> float:
    gap = (phase - centre + 0.5) % 1.0 - 0.5
    return float(np.exp(-0.5 * (gap / width) ** 2))


def _leg_angles(
    phase: float, rng: np.random.Generator, vigour: float
) -> tuple[float, float, float]:
    """Hip and knee flexion and the foot's pitch at a phase 0..1 of the cycle, degrees."""
    hip = 8 + vigour * 24 * np.cos(2 * np.pi * (phase + 0.03)) + rng.normal(0, 4)
    knee = 6 + vigour * (14 * _bump(phase, 0.14, 0.06) + 56 * _bump(phase, 0.73, 0.09))
    foot = vigour * (15 * _bump(phase, 0.0, 0.06) - 55 * _bump(phase, 0.64, 0.08))
    return float(hip), float(max(0.0, knee + rng.normal(0, 5))), float(foot)


def _pose(settings: FigureSettings, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Joints of one body, height about 1.75: x forward, y up, z to its right."""
    odd = rng.random() < settings.odd_pose_share
    phase, vigour = rng.random(), rng.uniform(0.5, 1.25)
    lean = np.deg2rad(rng.normal(4, 5) if not odd else rng.uniform(-10, 50))
    thigh, shank = rng.uniform(0.39, 0.46), rng.uniform(0.38, 0.45)
    trunk, hips, shoulders = (
        rng.uniform(0.46, 0.56),
        rng.uniform(0.08, 0.12),
        rng.uniform(0.15, 0.2),
    )
    body: dict[str, np.ndarray] = {}
    up = np.array([np.sin(lean), np.cos(lean), 0.0])
    twist = np.deg2rad(rng.normal(0, 6)) + 0.1 * np.cos(2 * np.pi * phase)
    for side, sign, own in (("left", -1, phase), ("right", 1, (phase + 0.5) % 1.0)):
        hip, knee, foot = _leg_angles(own, rng, vigour)
        if odd:
            hip, knee, foot = rng.uniform(-30, 100), rng.uniform(0, 110), rng.uniform(-30, 20)
        body |= _leg(side, sign * hips, (hip, knee, foot), (thigh, shank))
        across = np.array([np.sin(twist) * -sign, 0.0, np.cos(twist) * sign])
        shoulder = trunk * up + shoulders * across
        swing = np.deg2rad(-vigour * 22 * np.cos(2 * np.pi * own) + rng.normal(0, 6))
        bend = np.deg2rad(rng.uniform(5, 40))
        if odd or rng.random() < 0.15:
            swing, bend = np.deg2rad(rng.uniform(-60, 150)), np.deg2rad(rng.uniform(0, 130))
        elbow = shoulder + 0.29 * np.array([np.sin(swing), -np.cos(swing), 0.08 * sign])
        wrist = elbow + 0.27 * np.array([np.sin(swing + bend), -np.cos(swing + bend), 0.0])
        body |= {f"{side}_shoulder": shoulder, f"{side}_elbow": elbow, f"{side}_wrist": wrist}
    nod = lean + np.deg2rad(rng.normal(5, 10))
    neck = trunk * up * 1.05
    forward = np.array([np.cos(nod), -np.sin(nod), 0.0])
    crown = np.array([np.sin(nod), np.cos(nod), 0.0])
    head = neck + 0.2 * crown + 0.03 * forward
    body |= {"pelvis": np.zeros(3), "neck": neck, "head": head}
    body |= {
        "nose": head + 0.11 * forward - 0.02 * crown,
        "nape": head - 0.05 * forward + 0.04 * crown,
    }
    return body


def _leg(
    side: str, z: float, angles: tuple[float, float, float], lengths: tuple[float, float]
) -> dict[str, np.ndarray]:
    hip_angle, knee_angle, foot_angle = np.deg2rad(angles)
    thigh, shank = lengths
    hip = np.array([0.0, 0.0, z])
    knee = hip + thigh * np.array([np.sin(hip_angle), -np.cos(hip_angle), 0.0])
    shank_angle = hip_angle - knee_angle
    ankle = knee + shank * np.array([np.sin(shank_angle), -np.cos(shank_angle), 0.0])
    pitch = shank_angle * 0.5 + foot_angle
    toward = np.array([np.cos(pitch), np.sin(pitch), 0.02 * np.sign(z)])
    down = np.array([np.sin(pitch), -np.cos(pitch), 0.0])
    return {
        f"{side}_hip": hip,
        f"{side}_knee": knee,
        f"{side}_ankle": ankle,
        f"{side}_heel": ankle + 0.06 * down - 0.05 * toward,
        f"{side}_toe": ankle + 0.065 * down + 0.17 * toward,
    }


def _project(
    body: dict[str, np.ndarray], settings: FigureSettings, size: int, rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Turn the body and look at it from afar: pixels, and depth (larger is nearer)."""
    yaw = rng.choice((0.0, np.pi)) + np.deg2rad(rng.normal(0, settings.side_spread / 2))
    if rng.random() > settings.side_share:
        yaw = rng.uniform(-np.pi, np.pi)
    tilt = np.deg2rad(rng.normal(0, 6))
    turned = {}
    for name, (x, y, z) in body.items():
        # With yaw 0 the body walks to the right and its right side is near the camera.
        across, near = np.cos(yaw) * x - np.sin(yaw) * z, np.sin(yaw) * x + np.cos(yaw) * z
        turned[name] = np.array([across, y * np.cos(tilt) - near * np.sin(tilt), near])
    points = np.stack(list(turned.values()))
    low, high = points.min(0), points.max(0)
    scale = size * rng.uniform(*settings.height) / max(high[1] - low[1], high[0] - low[0], 0.8)
    middle = (low + high) / 2
    shift = rng.uniform(-settings.shift, settings.shift, 2) * size
    pixels = {
        name: np.array([(p[0] - middle[0]) * scale, -(p[1] - middle[1]) * scale])
        + shift
        + (size - 1) / 2
        for name, p in turned.items()
    }
    pixels["unit"] = np.array([scale, scale])
    return pixels, {name: float(p[2]) for name, p in turned.items()}


@dataclass(frozen=True)
class _Limb:
    start: str
    stop: str
    radii: tuple[float, float]
    cloth: str


def _limbs(rng: np.random.Generator) -> list[_Limb]:
    fat = rng.uniform(0.85, 1.3)
    loose = rng.uniform(1.0, 1.35)
    shorts, short_sleeves = rng.random() < 0.35, rng.random() < 0.5
    limbs = []
    for side in ("left", "right"):
        limbs += [
            _Limb(f"{side}_hip", f"{side}_knee", (0.085 * fat * loose, 0.06 * fat), "trousers"),
            _Limb(
                f"{side}_knee",
                f"{side}_ankle",
                (0.055 * fat, 0.038 * fat),
                "skin" if shorts else "trousers",
            ),
            _Limb(f"{side}_heel", f"{side}_toe", (0.042, 0.03), "shoes"),
            _Limb(f"{side}_shoulder", f"{side}_elbow", (0.05 * fat, 0.042 * fat), "shirt"),
            _Limb(
                f"{side}_elbow",
                f"{side}_wrist",
                (0.038 * fat, 0.028 * fat),
                "skin" if short_sleeves else "shirt",
            ),
        ]
    limbs += [
        _Limb("neck", "pelvis", (0.125 * fat, 0.12 * fat), "shirt"),
        _Limb("neck", "head", (0.05, 0.05), "skin"),
        _Limb("head", "head", (0.105, 0.105), "skin"),
        _Limb("head", "nose", (0.03, 0.02), "skin"),
        _Limb("nape", "head", (0.1, 0.06), "hair"),
    ]
    return limbs


def _clothes(rng: np.random.Generator) -> dict[str, np.ndarray]:
    skin = np.array([225, 180, 150]) * rng.uniform(0.3, 1.1) + rng.normal(0, 8, 3)
    trousers = (
        rng.uniform(10, 240, 3)
        if rng.random() < 0.5
        else rng.uniform(15, 90) + rng.normal(0, 12, 3)
    )
    same = rng.random() < 0.2
    return {
        "skin": skin,
        "trousers": trousers,
        "shirt": trousers if same else rng.uniform(10, 245, 3),
        "shoes": rng.uniform(10, 240, 3),
        "hair": rng.uniform(10, 110) + rng.normal(0, 12, 3),
    }


def _paint(
    background: np.ndarray,
    pixels: dict[str, np.ndarray],
    depth: dict[str, float],
    rng: np.random.Generator,
) -> np.ndarray:
    image = background.copy()
    unit = float(pixels["unit"][0])
    clothes = _clothes(rng)
    limbs = _limbs(rng)
    pieces = [(0.5 * (depth[limb.start] + depth[limb.stop]), limb) for limb in limbs]
    pieces = [(d + (0.03 if limb.cloth == "hair" else 0.0), limb) for d, limb in pieces]
    far_shade, light = rng.uniform(0.6, 1.0), rng.uniform(-1, 1)
    for near, limb in sorted(pieces, key=lambda piece: piece[0]):
        shade = far_shade if near < -0.05 else 1.0
        _capsule(image, pixels, limb, clothes[limb.cloth] * shade, unit, light)
    grain = rng.normal(0, rng.uniform(2, 9), (*image.shape[:2], 1)).astype(np.float32)
    painted = (image != background).any(2, keepdims=True)
    image = np.where(painted, np.clip(image + grain, 0, 255), image).astype(np.uint8)
    return cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.0))


def _capsule(
    image: np.ndarray,
    pixels: dict[str, np.ndarray],
    limb: _Limb,
    colour: np.ndarray,
    unit: float,
    light: float,
) -> None:
    """Draw a tapered limb in three nested tones, lit from one side."""
    start, stop = pixels[limb.start], pixels[limb.stop]
    along = stop - start
    length = float(np.hypot(*along))
    across = np.array([-along[1], along[0]]) / length if length > 1e-6 else np.array([1.0, 0.0])
    if across[0] < 0:
        across = -across
    for share, tone in ((1.0, 0.75), (0.8, 0.92), (0.5, 1.05)):
        paint = tuple(int(v) for v in np.clip(colour * tone, 0, 255))
        radii = [max(0.6, radius * unit * share) for radius in limb.radii]
        drift = across * light * (1 - share) * max(limb.radii) * unit
        a, b = start + drift, stop + drift
        side_a, side_b = across * radii[0], across * radii[1]
        quad = np.array([a + side_a, b + side_b, b - side_b, a - side_a])
        cv2.fillConvexPoly(image, np.round(quad).astype(np.int32), paint, cv2.LINE_AA)
        for centre, radius in ((a, radii[0]), (b, radii[1])):
            x, y = np.round(centre).astype(int).tolist()
            cv2.circle(image, (x, y), max(1, round(radius)), paint, -1, cv2.LINE_AA)
