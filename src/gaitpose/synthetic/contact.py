"""The foot on the ground: heel rocker, flat foot, toe rocker; the contact point never slips.

The foot is a rigid triangle heel - ankle - toe. From foot strike it turns about the heel (about the
toe in a toe-first contact), then lies flat, and from heel-off turns about the toe until foot off.
The pitch (heel-to-toe line against the floor, toe up +) is a polynomial of time in each phase:

- first rocker, ``u`` from foot strike:  ``on * (1 - u)**3``
- last rocker, ``u`` from heel-off:      ``off * ((1 - bend) * u**3 + bend * u**4)``

Both join the flat foot with continuous angular acceleration.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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
    bend : array
        Shape of the last rocker.
    """

    start: np.ndarray
    end: np.ndarray
    place: np.ndarray
    heading: np.ndarray
    pitch_on: np.ndarray
    pitch_off: np.ndarray
    first_rocker: np.ndarray
    last_rocker: np.ndarray
    bend: np.ndarray


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
    return first + stances.pitch_off[which] * last_rocker_share(u, stances.bend[which])


def last_rocker_share(u: np.ndarray, bend: np.ndarray) -> np.ndarray:
    """Share of the final pitch that is reached at the share ``u`` of the last rocker."""
    return (1 - bend) * u**3 + bend * u**4


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


def first_rocker_time(shape: FootShape, pitch: float, ankle_speed: float) -> float:
    """Duration of a heel rocker at whose beginning the ankle moves forward at a given speed.

    The heel has stopped by then: the impact lives in the foot, not in hip and knee.
    """
    _, height = ankle_over_contact(shape, np.asarray(pitch))
    return float(3 * pitch * height / ankle_speed)


def last_rocker_bend(
    shape: FootShape, pitch: float, rocker: float, lead: float, speed: float
) -> float:
    """Shape of the toe rocker for which the ankle overtakes the pelvis ``lead`` seconds before foot off.

    Parameters
    ----------
    shape : FootShape
    pitch : float
        At foot off, radians, < 0.
    rocker : float
        Duration of the toe rocker, seconds.
    lead : float
        Seconds before foot off at which ankle and pelvis move equally fast.
    speed : float
        Of the pelvis at that time, m/s.
    """
    u = 1 - lead / rocker

    def excess(bend: float) -> float:
        now = pitch * float(last_rocker_share(np.asarray(u), np.asarray(bend)))
        rate = pitch * (3 * (1 - bend) * u**2 + 4 * bend * u**3) / rocker
        _, height = ankle_over_contact(shape, np.asarray(now))
        return float(-rate * height - speed)

    low, high = -2.5, 12.0
    for _ in range(200):
        middle = (low + high) / 2
        if excess(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


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
