"""The foot on the ground: heel rocker, flat foot, toe rocker; the contact point never slips.

The foot is a rigid triangle heel - ankle - toe. From foot strike it turns about the heel (about the
toe in a toe-first contact), then lies flat, and from heel-off turns about the toe until foot off.
The pitch (heel-to-toe line against the floor, toe up +) is a polynomial of time in each phase:

- first rocker, ``u`` from foot strike:  ``on * (1 - u)**3``
- last rocker, ``u`` from heel-off:      ``off * u**power``, with a power of at least 2.2

Both join the flat foot with continuous angular acceleration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gaitpose.errors import BadSettings

POWERS = (2.2, 4.0)
"""Range of the last rocker's power: above 2, so that heel-off is smooth, and no abrupter than 4."""


@dataclass(frozen=True)
class FootShape:
    """The rigid foot, metres.

    Parameters
    ----------
    behind : float
        From the ankle back to the heel, with the foot flat.
    ahead : float
        From the ankle forward to the toe.
    height : float
        Of the ankle above the sole.
    """

    behind: float
    ahead: float
    height: float


@dataclass(frozen=True)
class Stances:
    """All stances of one foot, in order of time; each field is an array of shape (stances,).

    Parameters
    ----------
    start, end : array
        Foot strike and foot off, seconds; infinite where the walk begins or ends standing.
    place : array, (stances, 2)
        Floor coordinates (x, z) of the ankle above the flat foot.
    heading : array
        Direction of the foot, radians.
    pitch_on, pitch_off : array
        Foot pitch at foot strike and foot off, radians.
    first_rocker, last_rocker : array
        Durations, seconds.
    power : array
        Shape of the last rocker.
    lag : array, (stances, 2)
        Direction of walking times the share of full speed: by how much :meth:`behind` moves a foot.
    """

    start: np.ndarray
    end: np.ndarray
    place: np.ndarray
    heading: np.ndarray
    pitch_on: np.ndarray
    pitch_off: np.ndarray
    first_rocker: np.ndarray
    last_rocker: np.ndarray
    power: np.ndarray
    lag: np.ndarray

    def behind(self, hip_ahead: float) -> Stances:
        """Set all feet back, so that at full speed the hip is farther ahead by so many metres."""
        return replace(self, place=self.place - hip_ahead * self.lag)


def contact_pitch(stances: Stances, which: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Foot pitch in stance, radians.

    Parameters
    ----------
    stances : Stances
    which : array of int
        Stance of each time.
    time : array
        Seconds; shortly outside the stance the polynomials are continued.
    """
    since = (time - stances.start[which]) / stances.first_rocker[which]
    first = stances.pitch_on[which] * (1 - np.minimum(since, 1.0)) ** 3
    late = 1 + (time - stances.end[which]) / stances.last_rocker[which]
    u = np.maximum(late, 0.0)
    return first + stances.pitch_off[which] * u ** stances.power[which]


def ankle_over_contact(shape: FootShape, pitch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ankle relative to its place above the flat foot: (forward, height above the floor), metres.

    The foot turns about the heel while the toe is up, about the toe while it is down.
    """
    arm = np.where(pitch >= 0, shape.behind, -shape.ahead)
    forward = arm * np.cos(pitch) - shape.height * np.sin(pitch) - arm
    return forward, arm * np.sin(pitch) + shape.height * np.cos(pitch)


def ankle_on_ground(
    shape: FootShape, stances: Stances, which: np.ndarray, time: np.ndarray
) -> np.ndarray:
    """Ankle of a foot in contact, metres, world frame, (..., 3)."""
    forward, height = ankle_over_contact(shape, contact_pitch(stances, which, time))
    place, heading = stances.place[which], stances.heading[which]
    return np.stack(
        [
            place[..., 0] + forward * np.cos(heading),
            height,
            place[..., 1] + forward * np.sin(heading),
        ],
        axis=-1,
    )


def first_rocker_time(shape: FootShape, pitch: np.ndarray, ankle_speed: np.ndarray) -> np.ndarray:
    """Duration of heel rockers at whose beginning the ankle moves forward at a given speed.

    The heel has stopped by then: the impact lives in the foot, not in hip and knee.
    """
    _, height = ankle_over_contact(shape, pitch)
    return 3 * pitch * height / ankle_speed


def last_rocker_shape(
    shape: FootShape, pitch: np.ndarray, rocker: float, lead: float, speed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pitch and power of toe rockers whose ankle overtakes the pelvis a lead before foot off.

    Parameters
    ----------
    shape : FootShape
    pitch : array, (stances,)
        At foot off, radians, < 0, as the style wishes it.
    rocker : float
        Duration of the toe rocker, seconds.
    lead : float
        Seconds before foot off at which ankle and pelvis move equally fast.
    speed : array, (stances,)
        Of the pelvis at that time, m/s.

    Returns
    -------
    tuple of array, (stances,)
        Pitch at foot off, changed only where no power within :data:`POWERS` will do, and power.

    Raises
    ------
    BadSettings
        If the foot would have to pitch by more than 85 degrees.
    """
    u = 1 - lead / rocker

    def too_slow(pitch: np.ndarray, power: np.ndarray) -> np.ndarray:
        rate = pitch * power * u ** (power - 1) / rocker
        _, height = ankle_over_contact(shape, pitch * u**power)
        return np.asarray(-rate * height < speed)

    power = _bisect(lambda power: too_slow(pitch, power), *POWERS, len(pitch))
    inside = (power > POWERS[0] + 1e-9) & (power < POWERS[1] - 1e-9)
    steepest = np.deg2rad(85.0)
    needed = -_bisect(lambda size: too_slow(-size, power), 0.0, steepest, len(pitch))
    if np.any(~inside & (needed <= -steepest + 1e-9)):
        raise BadSettings(
            "the foot cannot roll so fast",
            where="ankle_lead_before_foot_off",
            hint="Take a smaller lead, a longer foot or a lower speed",
        )
    return np.where(inside, pitch, needed), power


def _bisect(
    low_enough: Callable[[np.ndarray], np.ndarray], low: float, high: float, count: int
) -> np.ndarray:
    """Where ``low_enough`` turns from true to false, for many numbers at once."""
    lower, upper = np.full(count, low), np.full(count, high)
    for _ in range(60):
        middle = (lower + upper) / 2
        more = low_enough(middle)
        lower, upper = np.where(more, middle, lower), np.where(more, upper, middle)
    return (lower + upper) / 2


def foot_points(shape: FootShape, pitch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Heel and toe relative to the ankle in the foot's frame (forward, up, right), metres."""

    def rotated(forward: float, up: float) -> np.ndarray:
        return np.stack(
            [
                forward * np.cos(pitch) - up * np.sin(pitch),
                forward * np.sin(pitch) + up * np.cos(pitch),
                np.zeros_like(pitch),
            ],
            axis=-1,
        )

    return rotated(-shape.behind, -shape.height), rotated(shape.ahead, -shape.height)
