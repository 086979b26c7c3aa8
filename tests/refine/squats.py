"""Squats whose joints follow exactly from known angles; a sensor that errs in a known way."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from gaitpose.io.kinect import CHAIN
from gaitpose.kinematics.kinect import skeleton_angles
from gaitpose.refine.features import FeatureSettings, leg_features
from gaitpose.refine.pairs import Dataset, PairedSequence
from gaitpose.skeleton import SIDES

NAMES = [name for name, _ in CHAIN]
ANGLES = ("hip_flexion", "knee_flexion")


def knee_curve(frames: int, depth: float, slow: float = 1.0) -> np.ndarray:
    """One squat: from standing down and up again, degrees."""
    return depth * np.sin(np.pi * np.linspace(0, 1, frames) ** slow) ** 2


def chain(hip: np.ndarray, knee: np.ndarray, thigh: float = 0.4) -> dict[str, np.ndarray]:
    """Parent-relative positions (cm) and Euler angles (degrees) of a squat facing +z."""
    frames = len(hip)
    position = np.zeros((frames, len(CHAIN), 3))
    angles = np.zeros_like(position)
    places = {
        "pelvis": [0, 90, 250],
        "spine": [0, 25, 0],
        "chest": [0, 20, 0],
        "neck": [0, 10, 0],
        "head": [0, 8, 0],
    }
    for side, x in (("left", 1), ("right", -1)):
        places |= {
            f"{side}_shoulder": [18 * x, 0, 0],
            f"{side}_hip": [9 * x, 0, 0],
            f"{side}_knee": [0, -100 * thigh, 0],
            f"{side}_ankle": [0, -98 * thigh, 0],
            f"{side}_toe": [0, 0, 15],
        }
        # About x, left to right: forward is z, so hip flexion turns the thigh by -x.
        angles[:, NAMES.index(f"{side}_hip"), 0] = -hip
        angles[:, NAMES.index(f"{side}_knee"), 0] = knee
        angles[:, NAMES.index(f"{side}_ankle"), 0] = hip - knee
    for name, place in places.items():
        position[:, NAMES.index(name)] = place
    return {"position": position, "angle": angles}


def joints(hip: np.ndarray, knee: np.ndarray, thigh: float = 0.4) -> dict[str, np.ndarray]:
    """The same as joint centres in metres, y up."""
    parts = chain(hip, knee, thigh)
    centres: dict[str, np.ndarray] = {}
    turns: list[Rotation] = []
    for number, (name, parent) in enumerate(CHAIN):
        own = Rotation.from_euler("x", parts["angle"][:, number, 0][:, None], degrees=True)
        if parent < 0:
            turns.append(own)
            centres[name] = parts["position"][:, number] / 100
        else:
            turns.append(turns[parent] * own)
            step = turns[parent].apply(parts["position"][:, number] / 100)
            centres[name] = centres[NAMES[parent]] + step
    return centres


def dataset(people: int = 4, repetitions: int = 4, seed: int = 0) -> Dataset:
    """A sensor that sees four fifths of each angle, less an offset of its own for each person."""
    rng = np.random.default_rng(seed)
    settings = FeatureSettings(rate=30.0)
    sequences = []
    for person in range(people):
        offset = rng.normal(0, 1.5)
        for repetition in range(repetitions):
            frames = int(rng.integers(50, 80))
            knee = knee_curve(frames, rng.uniform(60, 110), rng.uniform(0.8, 1.2))
            hip = 0.8 * knee + rng.normal(0, 2)
            seen = joints(0.8 * hip - offset, 0.8 * knee - offset, rng.uniform(0.36, 0.44))
            own = skeleton_angles(seen, np.arange(frames) / 30).sel(joint=list(ANGLES)).values
            for number, side in enumerate(SIDES):
                sequences.append(
                    PairedSequence(
                        f"p{person}",
                        f"p{person} r{repetition}",
                        side,
                        leg_features(seen, side, settings),
                        own[:, number],
                        np.stack([hip, knee], axis=1),
                        0.0,
                    )
                )
    return Dataset(
        kind="squats",
        rate=30.0,
        feature_names=settings.names,
        angles=ANGLES,
        features=settings,
        sequences=tuple(sequences),
    )
