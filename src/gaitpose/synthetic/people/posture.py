"""What the upper body does while the legs walk, and where the hands are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Hands = Literal["free", "bars", "frame"]


@dataclass(frozen=True)
class Posture:
    """Style of the upper body. Angles in degrees.

    Parameters
    ----------
    arm_swing : float
        Swing of the upper arm per degree by which the other leg's thigh is ahead; 0 is stiff, 0.9
        lively.
    arm_ahead : float
        Mean flexion of the shoulder.
    arm_abduction : float
        Upper arm away from the trunk.
    elbow : float
        Mean flexion of the elbow.
    elbow_swing : float
        Further flexion per degree of forward swing.
    forearm_inward : float
        Turn of the upper arm about its axis, so that the forearm points inwards.
    nod : float
        Head bent forward, against the level.
    look : float
        Head turned to the right.
    twist : float
        Rotation of the shoulders against the pelvis per degree by which one thigh is ahead.
    hands : {"free", "bars", "frame"}
        Hanging, on parallel bars beside the body, or on the handles of a walking frame ahead of it.
    grip_height : float
        Height of bars or handles as a share of the standing height of the hip.
    grip_apart : float
        Half of the distance between the hands as a share of that height.
    """

    arm_swing: float = 0.5
    arm_ahead: float = 2.0
    arm_abduction: float = 7.0
    elbow: float = 18.0
    elbow_swing: float = 0.4
    forearm_inward: float = 12.0
    nod: float = 4.0
    look: float = 0.0
    twist: float = 0.15
    hands: Hands = "free"
    grip_height: float = 1.0
    grip_apart: float = 0.36

    @classmethod
    def draw(cls, rng: np.random.Generator, *, hands: Hands | None = None) -> Posture:
        """Draw a posture; three in twenty hold on to something unless `hands` says what."""
        drawn: Hands = ("free", "bars", "frame")[int(rng.choice(3, p=(0.85, 0.1, 0.05)))]
        hands = drawn if hands is None else hands
        return cls(
            arm_swing=float(rng.uniform(0.05, 0.9)),
            arm_ahead=float(rng.normal(2, 4)),
            arm_abduction=float(rng.uniform(3, 14)),
            elbow=float(np.clip(rng.gamma(4, 6), 4, 80)),
            elbow_swing=float(rng.uniform(0.1, 0.7)),
            forearm_inward=float(rng.uniform(-5, 30)),
            nod=float(np.clip(rng.normal(6, 8), -10, 30)),
            look=float(rng.normal(0, 8)),
            twist=float(rng.uniform(0, 0.25)),
            hands=hands,
            grip_height=float(rng.uniform(0.92, 1.08)),
            grip_apart=float(rng.uniform(0.33, 0.42)),
        )
