"""The leg as a two-link chain: thigh and shank with a hinge at the knee, abducted at the hip.

Body frame: x forward, y up, z to the subject's right. The leg's plane holds the forward axis and is
tilted sideways by the abduction, as feet stand closer together than hips. A leg is described by the
advance of its ankle (forward of the hip, metres), its knee flexion and its abduction (radians): the
first is what steps are made of, the second what style is made of; the thigh follows.
"""

from __future__ import annotations

import numpy as np

from gaitpose.errors import BadSettings


def knee_and_ankle(
    advance: np.ndarray, knee_angle: np.ndarray, abduction: np.ndarray, thigh: float, shank: float
) -> tuple[np.ndarray, np.ndarray]:
    """Forward kinematics: positions of knee and ankle relative to the hip.

    Parameters
    ----------
    advance : array, (...)
        Ankle ahead of the hip, metres.
    knee_angle, abduction : array, (...)
        Knee flexion, and tilt of the leg's plane towards +z, radians.
    thigh, shank : float
        Metres.

    Returns
    -------
    tuple of array, (..., 3)
        Knee and ankle, metres, body frame.
    """
    thigh_angle = thigh_inclination(advance, knee_angle, thigh, shank)
    shank_angle = thigh_angle - knee_angle
    knee = thigh * np.sin(thigh_angle), thigh * np.cos(thigh_angle)
    ankle = knee[0] + shank * np.sin(shank_angle), knee[1] + shank * np.cos(shank_angle)
    return _tilted(*knee, abduction), _tilted(*ankle, abduction)


def thigh_inclination(
    advance: np.ndarray, knee_angle: np.ndarray, thigh: float, shank: float
) -> np.ndarray:
    """Thigh against the downward axis of the leg's plane, forward +, radians."""
    straight = np.arctan2(shank * np.sin(knee_angle), thigh + shank * np.cos(knee_angle))
    share = advance / reach(knee_angle, thigh, shank)
    if np.any(np.abs(share) > 1):
        raise out_of_reach()
    return np.asarray(np.arcsin(share) + straight)


def leg_coordinates(
    ankle: np.ndarray, thigh: float, shank: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inverse kinematics: advance, knee flexion and abduction that reach an ankle.

    Parameters
    ----------
    ankle : array, (..., 3)
        Ankle relative to the hip, metres, body frame.
    thigh, shank : float
        Metres.

    Returns
    -------
    tuple of array, (...)
        Advance (metres), knee flexion (>= 0: knees do not bend forwards) and abduction (radians).

    Raises
    ------
    BadSettings
        If the ankle is out of the leg's reach.
    """
    advance, up, right = np.moveaxis(ankle, -1, 0)
    cosine = ((ankle**2).sum(axis=-1) - thigh**2 - shank**2) / (2 * thigh * shank)
    if np.any(np.abs(cosine) > 1):
        raise out_of_reach()
    return advance, np.arccos(cosine), np.arctan2(right, -up)


def reach(knee_angle: np.ndarray | float, thigh: float, shank: float) -> np.ndarray:
    """Distance from hip to ankle, metres, at a knee flexion in radians."""
    return np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(knee_angle))


def out_of_reach() -> BadSettings:
    """Error for steps that no legs of such length can take."""
    return BadSettings(
        "the legs are too short for such steps",
        where="walker",
        hint="Take a shorter stride, longer legs or a smaller stance share",
    )


def _tilted(forward: np.ndarray, down: np.ndarray, abduction: np.ndarray) -> np.ndarray:
    return np.stack([forward, -down * np.cos(abduction), down * np.sin(abduction)], axis=-1)
