"""The leg on the ground: hip and foot are given, the leg follows by inverse kinematics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.synthetic.contact import FootShape, Stances, ankle_on_ground, contact_pitch
from gaitpose.synthetic.leg import leg_coordinates
from gaitpose.synthetic.pelvis import Pelvis


@dataclass(frozen=True)
class StanceLeg:
    """All that places the left (0) or right (1) leg while its foot is on the ground."""

    pelvis: Pelvis
    side: int
    stances: Stances
    shape: FootShape
    thigh: float
    shank: float

    def coordinates(self, which: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Coordinates of the leg in given stances.

        Parameters
        ----------
        which : array of int, (times,)
            Stance of each time.
        time : array, (times,)
            Seconds.

        Returns
        -------
        array, (5, times)
            Advance of the ankle (metres), knee flexion, abduction, foot pitch and foot heading
            (radians).
        """
        heading = self.pelvis.route.heading(time)
        offset = ankle_on_ground(self.shape, self.stances, which, time)
        offset = offset - self.pelvis.hip(self.side, time)
        cosine, sine = np.cos(heading), np.sin(heading)
        forward = offset[..., 0] * cosine + offset[..., 2] * sine
        right = offset[..., 2] * cosine - offset[..., 0] * sine
        body = np.stack([forward, offset[..., 1], right], axis=-1)
        leg = leg_coordinates(body, self.thigh, self.shank)
        pitch = contact_pitch(self.stances, which, time)
        return np.stack([*leg, pitch, self.stances.heading[which] + 0 * time])
