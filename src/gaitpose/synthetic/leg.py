"""The leg as a two-link chain: thigh and shank with a hinge at the knee, abducted at the hip.

Body frame: x forward, y up, z to the subject's right; angles in radians. The leg's plane holds the
forward axis and is tilted sideways by the abduction; it is vertical on every straight walk.
"""

from __future__ import annotations

import numpy as np

from gaitpose.errors import BadSettings


def knee_and_ankle(
    thigh_angle: np.ndarray,
    knee_angle: np.ndarray,
    abduction: np.ndarray,
    thigh: float,
    shank: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Forward kinematics: positions of knee and ankle relative to the hip.

    Parameters
    ----------
    thigh_angle, knee_angle, abduction : array, (...)
        Thigh against the downward vertical (flexion +), knee flexion, and tilt of the leg's plane
        towards +z, radians.
    thigh, shank : float
        Metres.

    Returns
    -------
    tuple of array, (..., 3)
        Knee and ankle, metres, body frame.
    """
    shank_angle = thigh_angle - knee_angle
    forward = thigh * np.sin(thigh_angle), shank * np.sin(shank_angle)
    down = thigh * np.cos(thigh_angle), shank * np.cos(shank_angle)
    knee = _tilted(forward[0], down[0], abduction)
    return knee, _tilted(forward[0] + forward[1], down[0] + down[1], abduction)


def _tilted(forward: np.ndarray, down: np.ndarray, abduction: np.ndarray) -> np.ndarray:
    return np.stack([forward, -down * np.cos(abduction), down * np.sin(abduction)], axis=-1)


def leg_angles(
    ankle: np.ndarray, thigh: float, shank: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inverse kinematics: thigh angle, knee flexion and abduction that reach an ankle.

    Parameters
    ----------
    ankle : array, (..., 3)
        Ankle relative to the hip, metres, body frame.
    thigh, shank : float
        Metres.

    Returns
    -------
    tuple of array, (...)
        Thigh angle, knee flexion (>= 0: a knee does not bend forwards) and abduction, radians.

    Raises
    ------
    BadSettings
        If the ankle is out of the leg's reach.
    """
    forward, up, right = np.moveaxis(ankle, -1, 0)
    abduction = np.arctan2(right, -up)
    down = np.hypot(up, right)
    cosine = (forward**2 + down**2 - thigh**2 - shank**2) / (2 * thigh * shank)
    if np.any(np.abs(cosine) > 1):
        raise BadSettings(
            "the leg is too short for this step",
            where="walker",
            hint="Take a shorter stride, a longer leg or a lower stance share",
        )
    knee = np.arccos(cosine)
    inclination = np.arctan2(forward, down)
    return (
        inclination + np.arctan2(shank * np.sin(knee), thigh + shank * np.cos(knee)),
        knee,
        abduction,
    )


def reach(knee_angle: np.ndarray | float, thigh: float, shank: float) -> np.ndarray:
    """Distance from hip to ankle, metres, at a knee flexion in radians."""
    return np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(knee_angle))
