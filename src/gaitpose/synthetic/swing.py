"""The leg in the air: its style's curves, bent at both ends to meet the contacts before and after.

Thigh, knee and abduction leave the ground and meet it with continuous value, rate and acceleration
(quintic corrections). Two rates are not carried over, on purpose:

- the foot's pitch: heel strike and toe-off are kinks of the foot's rotation;
- at foot strike the thigh's rate is the one for which the ankle does not move against the hip, so
  the ankle's forward excursion ends exactly there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gaitpose.synthetic.contact import FootShape, foot_points
from gaitpose.synthetic.gait_curves import LegStyle
from gaitpose.synthetic.leg import knee_and_ankle
from gaitpose.synthetic.stance import StanceLeg

STENCIL = 1e-3
"""Spacing of the five points from which rates are taken: seconds, or share of the swing."""

STANDING_KNEE = 6.0
"""Degrees of flexion in standing."""

LEAST_AMPLITUDE = 0.35
"""Share of the style that a step on the spot shows."""

CLEARANCE = 0.010
"""Least height of heel and toe in the middle of swing, metres (Winter 1992: 1.3 cm at the toe)."""

STRIKE_PITCH_RATE = 1.0
"""Rate at which the foot still pitches up just before foot strike at full speed, rad/s."""


@dataclass(frozen=True)
class Swings:
    """All swings of one leg. Corrections are quintics in the share of the swing, ascending powers.

    Parameters
    ----------
    begin, duration : array, (swings,)
        Foot off, and the time to the next foot strike, seconds.
    amplitude : array, (swings,)
        How much of the style is shown, 0 (standing) .. 1 (full speed).
    lift : array, (swings,)
        Additional knee flexion in mid-swing that keeps the foot clear of the floor, radians.
    corrections : array, (5, swings, 6)
        Of thigh, knee, abduction, foot pitch and foot heading, radians.
    style : LegStyle
    """

    begin: np.ndarray
    duration: np.ndarray
    amplitude: np.ndarray
    lift: np.ndarray
    corrections: np.ndarray
    style: LegStyle

    def chain(self, which: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Thigh angle, knee flexion, abduction, foot pitch and foot heading, radians, (5, times)."""
        u = (time - self.begin[which]) / self.duration[which]
        wish = styled(self.style, self.amplitude[which], u)
        bump = 64 * (u * (1 - u)) ** 3 * self.lift[which]
        lifted = np.stack([bump / 2, bump, 0 * bump, 0 * bump, 0 * bump])
        return wish + lifted + polynomial(self.corrections[:, which], u)


def styled(style: LegStyle, amplitude: np.ndarray, u: np.ndarray) -> np.ndarray:
    """What the style wishes at the share ``u`` of the swing, radians, (5, ...)."""
    phase = style.foot_off + u * (1 - style.foot_off)
    knee = amplitude * style.knee(phase) + (1 - amplitude) * STANDING_KNEE
    pitch = amplitude * style.foot_pitch(phase)
    nothing = np.zeros_like(knee)
    return np.deg2rad(np.stack([amplitude * style.thigh(phase), knee, nothing, pitch, nothing]))


def plan_swings(leg: StanceLeg, style: LegStyle) -> Swings:
    """Join all stances of a leg by swings."""
    stances, route = leg.stances, leg.hip.route
    begin, end = stances.end[:-1], stances.start[1:]
    duration = end - begin
    amplitude = np.maximum(route.share((begin + end) / 2), LEAST_AMPLITUDE)
    before, after = np.arange(len(begin)), np.arange(len(begin)) + 1
    scale = np.stack([np.ones_like(duration), duration, duration**2])
    start = jet(lambda t: leg.chain(before, t), begin) * scale[:, None]
    finish = jet(lambda t: leg.chain(after, t), end)
    finish[1, 0], finish[2, 0] = _thigh_before_strike(leg, finish, route.share(end))
    finish = finish * scale[:, None]
    start -= jet(lambda u: styled(style, amplitude, u), np.zeros_like(begin))
    finish -= jet(lambda u: styled(style, amplitude, u), np.ones_like(begin))
    corrections = quintics(start, finish)
    corrections[3] = _pitch_correction(style, amplitude, duration, start, finish, route.share(end))
    swings = Swings(begin, duration, amplitude, np.zeros_like(begin), corrections, style)
    return _cleared(leg, swings)


def _thigh_before_strike(
    leg: StanceLeg, after: np.ndarray, share: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rate and acceleration of the thigh that bring ankle - hip to its forward maximum."""
    thigh, knee = after[0, 0], after[0, 1]
    knee_rate, knee_acceleration = after[1, 1], after[2, 1]
    shank_angle = thigh - knee
    arm = leg.thigh * np.cos(thigh) + leg.shank * np.cos(shank_angle)
    rate = leg.shank * np.cos(shank_angle) * knee_rate / arm
    # The acceleration is carried over where the ankle is smooth, limited where it is not.
    speed = leg.hip.settings.speed * share
    centripetal = (
        leg.thigh * np.sin(thigh) * rate**2
        + leg.shank * np.sin(shank_angle) * (rate - knee_rate) ** 2
    )
    excursion = (
        arm * after[2, 0] - leg.shank * np.cos(shank_angle) * knee_acceleration - centripetal
    )
    excursion = np.clip(excursion, -30 * speed, -10 * speed)
    acceleration = (
        excursion + centripetal + leg.shank * np.cos(shank_angle) * knee_acceleration
    ) / arm
    return rate, acceleration


def _pitch_correction(
    style: LegStyle,
    amplitude: np.ndarray,
    duration: np.ndarray,
    start: np.ndarray,
    finish: np.ndarray,
    share: np.ndarray,
) -> np.ndarray:
    """Cubic that meets the pitch at both ends: at rest after foot off, still rising at strike."""
    wish_start = jet(lambda u: styled(style, amplitude, u), np.zeros_like(duration))[1, 3]
    wish_end = jet(lambda u: styled(style, amplitude, u), np.ones_like(duration))[1, 3]
    first, last = start[0, 3], finish[0, 3]
    rate, end_rate = -wish_start, STRIKE_PITCH_RATE * share * duration - wish_end
    rise = last - first
    zero = np.zeros_like(first)
    cubic = [first, rate, 3 * rise - 2 * rate - end_rate, rate + end_rate - 2 * rise, zero, zero]
    return np.stack(cubic, axis=-1)


def _cleared(leg: StanceLeg, swings: Swings) -> Swings:
    """Bend the leg more where its foot would come too near to the floor."""
    u = np.linspace(0.0, 1.0, 61)[1:-1]
    wanted = CLEARANCE * np.minimum(1, 64 * (u * (1 - u)) ** 3)
    low, high = np.zeros(len(swings.begin)), np.full(len(swings.begin), np.deg2rad(60.0))
    for _ in range(18):
        middle = (low + high) / 2
        clear = _lowest(leg, replace(swings, lift=middle), u, wanted) >= 0
        low, high = np.where(clear, low, middle), np.where(clear, middle, high)
    enough = _lowest(leg, swings, u, wanted) >= 0
    return replace(swings, lift=np.where(enough, 0.0, high))


def _lowest(leg: StanceLeg, swings: Swings, u: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    which = np.repeat(np.arange(len(swings.begin)), len(u))
    time = (swings.begin[:, None] + swings.duration[:, None] * u).ravel()
    thigh, knee, abduction, pitch, _ = swings.chain(which, time)
    hip, _ = leg.hip(time)
    ankle = hip[:, 1] + knee_and_ankle(thigh, knee, abduction, leg.thigh, leg.shank)[1][:, 1]
    heel, toe = foot_points(leg.shape, pitch)
    height = ankle + np.minimum(heel[:, 1], toe[:, 1])
    return (height.reshape(-1, len(u)) - wanted).min(axis=1)


def jet(function: Callable[[np.ndarray], np.ndarray], at: np.ndarray) -> np.ndarray:
    """Value, first and second derivative at points, by five-point central differences."""
    values = [function(at + step * STENCIL) for step in (-2, -1, 0, 1, 2)]
    first = (values[0] - 8 * values[1] + 8 * values[3] - values[4]) / (12 * STENCIL)
    second = -values[0] + 16 * values[1] - 30 * values[2] + 16 * values[3] - values[4]
    return np.stack([values[2], first, second / (12 * STENCIL**2)])


def quintics(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Quintics on [0, 1] from value, first and second derivative (3, ...) at both ends, (..., 6)."""
    a0, a1, a2 = start[0], start[1], start[2] / 2
    value, rate, curvature = end[0] - a0 - a1 - a2, end[1] - a1 - 2 * a2, end[2] - 2 * a2
    a3 = 10 * value - 4 * rate + curvature / 2
    a4 = -15 * value + 7 * rate - curvature
    a5 = 6 * value - 3 * rate + curvature / 2
    return np.stack([a0, a1, a2, a3, a4, a5], axis=-1)


def polynomial(coefficients: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Polynomials with ascending coefficients (..., 6) at ``u`` (...)."""
    total = np.zeros(np.broadcast_shapes(coefficients.shape[:-1], u.shape))
    for power in range(coefficients.shape[-1] - 1, -1, -1):
        total = total * u + coefficients[..., power]
    return total
