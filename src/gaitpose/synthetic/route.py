"""Where the pelvis is on the floor: standing, speeding up, walking, slowing down, turning.

Every piece is a polynomial in time, so that distance is the exact integral of speed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.synthetic.settings import WalkerSettings

RAMP_STRIDES = 2.0
"""Strides from standing to full speed, and back; steady state is reached within the first two to
three steps (Breniere and Do 1986; we take the slower end)."""

TURN_STRIDES = 3.0
"""Strides stepped on the spot for half a turn, 30 degrees a step."""


@dataclass(frozen=True)
class Pass:
    """One straight walk, standing at ``begin`` and at ``end`` (seconds, or infinite)."""

    begin: float
    end: float
    heading: float


@dataclass(frozen=True)
class Route:
    """Path of the mid-hip's ground projection.

    Parameters
    ----------
    speed : float
        Full speed, m/s.
    ramp : float
        Seconds from standing to full speed.
    passes : tuple of Pass
        In order of time.
    duration : float
        Seconds of the recording, which begins at 0.
    """

    speed: float
    ramp: float
    passes: tuple[Pass, ...]
    duration: float

    def share(self, time: np.ndarray) -> np.ndarray:
        """Speed over full speed, 0..1; shape of ``time``."""
        return sum(
            (
                _smooth((time - one.begin) / self.ramp)
                - _smooth((time - one.end + self.ramp) / self.ramp)
                for one in self.passes
            ),
            np.zeros(np.shape(time)),
        )

    def heading(self, time: np.ndarray) -> np.ndarray:
        """Direction of walking, radians, turning from x towards z (to the right)."""
        angle = np.full(np.shape(time), self.passes[0].heading)
        for before, after in zip(self.passes, self.passes[1:], strict=False):
            share = _smooth((time - before.end) / (after.begin - before.end))
            angle = angle + (after.heading - before.heading) * share
        return angle

    def position(self, time: np.ndarray) -> np.ndarray:
        """Floor coordinates (x, z) of the mid-hip, metres, (..., 2); 0 at time 0."""
        return self._unshifted(np.asarray(time, dtype=float)) - self._unshifted(np.zeros(()))

    def _unshifted(self, time: np.ndarray) -> np.ndarray:
        total = np.zeros((*time.shape, 2))
        for one in self.passes:
            rising = _ramp_distance(time - one.begin, self.ramp) if np.isfinite(one.begin) else time
            falling = (
                _ramp_distance(time - one.end + self.ramp, self.ramp)
                if np.isfinite(one.end)
                else np.zeros_like(time)
            )
            along = np.array([np.cos(one.heading), np.sin(one.heading)])
            total += self.speed * (rising - falling)[..., np.newaxis] * along
        return total

    @property
    def moving(self) -> tuple[float, float]:
        """First and last second of stepping (infinite where the recording shows neither)."""
        return self.passes[0].begin, self.passes[-1].end


def plan_route(settings: WalkerSettings) -> Route:
    """Lay out passes, turn and standing in time.

    Raises
    ------
    BadSettings
        If a pass is too short to reach full speed and to stop again.
    """
    ramps = RAMP_STRIDES * ((settings.start or settings.turn) + (settings.stop or settings.turn))
    if settings.strides < ramps:
        raise BadSettings(
            f"{settings.strides} strides are too few to start and to stop",
            where="strides",
            hint=f"Take at least {ramps:g}",
        )
    stride = settings.stride_time
    ramp = RAMP_STRIDES * stride
    length = settings.strides * stride
    first = settings.standing_s if settings.start else 0.0
    clock = first + length
    if settings.turn:
        back = clock + TURN_STRIDES * stride
        clock = back + length
        passes = [Pass(first, back - TURN_STRIDES * stride, 0.0), Pass(back, clock, np.pi)]
    else:
        passes = [Pass(first, clock, 0.0)]
    if not settings.start:
        passes[0] = Pass(-np.inf, passes[0].end, passes[0].heading)
    if not settings.stop:
        passes[-1] = Pass(passes[-1].begin, np.inf, passes[-1].heading)
    duration = clock + (settings.standing_s if settings.stop else 0.0)
    return Route(settings.speed, ramp, tuple(passes), duration)


def _smooth(share: np.ndarray) -> np.ndarray:
    u = np.clip(share, 0.0, 1.0)
    return u**3 * (10 - 15 * u + 6 * u**2)


def _ramp_distance(since: np.ndarray, ramp: float) -> np.ndarray:
    u = np.clip(since / ramp, 0.0, 1.0)
    return ramp * u**4 * (2.5 - 3 * u + u**2) + np.maximum(since - ramp, 0.0)
