"""The leg on the ground: hip and foot are given, thigh and knee follow by inverse kinematics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.synthetic.contact import FootShape, Stances, ankle_on_ground, contact_pitch
from gaitpose.synthetic.leg import leg_angles
from gaitpose.synthetic.pelvis import Pelvis
from gaitpose.synthetic.route import Route
from gaitpose.synthetic.settings import WalkerSettings


@dataclass(frozen=True)
class HipPath:
    """The hip of the left (0) or right (1) leg as a function of time."""

    settings: WalkerSettings
    route: Route
    pelvis: Pelvis
    side: int

    def __call__(self, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Position, metres, (..., 3), and heading of the pelvis, radians, (...)."""
        middle, heading = self.pelvis.mid_hip(self.settings, self.route, time)
        lateral = self.settings.hip_width / 2 * (1 if self.side else -1)
        sideways = np.stack([-np.sin(heading), 0 * heading, np.cos(heading)], axis=-1)
        return middle + lateral * sideways, heading


@dataclass(frozen=True)
class StanceLeg:
    """What the leg on the ground needs to be known of."""

    hip: HipPath
    stances: Stances
    shape: FootShape
    thigh: float
    shank: float

    def chain(self, which: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Thigh angle, knee flexion, abduction, foot pitch and foot heading, radians, (5, times)."""
        hip, heading = self.hip(time)
        offset = ankle_on_ground(self.shape, self.stances, which, time) - hip
        cosine, sine = np.cos(heading), np.sin(heading)
        forward = offset[..., 0] * cosine + offset[..., 2] * sine
        right = offset[..., 2] * cosine - offset[..., 0] * sine
        body = np.stack([forward, offset[..., 1], right], axis=-1)
        angles = leg_angles(body, self.thigh, self.shank)
        pitch = contact_pitch(self.stances, which, time)
        return np.stack([*angles, pitch, self.stances.heading[which] + 0 * time])
