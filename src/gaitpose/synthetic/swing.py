"""The leg in the air: its style's curves, bent at both ends to meet the contacts before and after.

Thigh, knee and abduction leave the ground and meet it with continuous value, rate and acceleration
(quintic corrections); a late bump of the thigh puts the ankle's forward maximum where it was asked
for, a bump of the whole leg keeps the foot off the floor. Rates that are not carried over, on
purpose: the foot's pitch, for heel strike and toe-off are kinks of the foot's rotation; and, when
foot strike is to be an idealised impact, the thigh's rate at foot strike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gaitpose.synthetic.contact import ankle_over_contact, foot_points
from gaitpose.synthetic.gait_curves import STANDING_KNEE, LegStyle
from gaitpose.synthetic.leg import knee_and_ankle
from gaitpose.synthetic.stance import StanceLeg

THIGH, KNEE, ABDUCTION, PITCH, HEADING = range(5)
"""Rows of a leg's chain."""

STENCIL = 5e-4
"""Spacing of the five points from which rates are taken: seconds, or share of the swing."""

LEAST_AMPLITUDE = 0.35
"""Share of the style that a step on the spot shows."""

CLEARANCE = 0.010
"""Least height of heel and toe in the middle of swing, metres (Winter 1992: 1.3 cm at the toe)."""

FOOT_SLAP_SHARE = 0.3
"""Pitch rate just before foot strike over that just after it."""

FOOT_DRAG_SHARE = 0.5
"""Pitch rate just after foot off over the one at which the toe would only just keep up with the
pelvis: below 1, toe - pelvis has its minimum at foot off."""

IMPACT_PITCH_RATE = 1.0
"""Pitch rate before an idealised impact at full speed, rad/s: the heel still swings forward."""


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
    brake : array, (swings,)
        Additional thigh flexion in late swing that sets the ankle's forward maximum, radians.
    corrections : array, (5, swings, 6)
        Of thigh, knee, abduction, foot pitch and foot heading, radians.
    style : LegStyle
    """

    begin: np.ndarray
    duration: np.ndarray
    amplitude: np.ndarray
    lift: np.ndarray
    brake: np.ndarray
    corrections: np.ndarray
    style: LegStyle

    def chain(self, which: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Thigh angle, knee flexion, abduction, foot pitch and foot heading, radians, (5, times)."""
        u = (time - self.begin[which]) / self.duration[which]
        wish = styled(self.style, self.amplitude[which], u)
        lift = 64 * (u * (1 - u)) ** 3 * self.lift[which]
        brake = 3**9 / 2**6 * u**6 * (1 - u) ** 3 * self.brake[which]
        bumps = np.stack([lift / 2 + brake, lift, *np.zeros((3, *u.shape))])
        return wish + bumps + polynomial(self.corrections[:, which], u)


def styled(style: LegStyle, amplitude: np.ndarray, u: np.ndarray) -> np.ndarray:
    """What the style wishes at the share ``u`` of the swing, radians, (5, ...)."""
    phase = style.foot_off + u * (1 - style.foot_off)
    knee = amplitude * style.knee(phase) + (1 - amplitude) * STANDING_KNEE
    # A step on the spot is lifted flat.
    pitch = np.maximum(0.0, amplitude - LEAST_AMPLITUDE) / (1 - LEAST_AMPLITUDE) * style.foot_pitch(
        phase
    )
    nothing = np.zeros_like(knee)
    return np.deg2rad(np.stack([amplitude * style.thigh(phase), knee, nothing, pitch, nothing]))


def plan_swings(leg: StanceLeg, style: LegStyle) -> Swings:
    """Join all stances of a leg by swings."""
    stances, route = leg.stances, leg.pelvis.route
    begin, end = stances.end[:-1], stances.start[1:]
    duration, share = end - begin, route.share(end)
    amplitude = np.maximum(route.share((begin + end) / 2), LEAST_AMPLITUDE)
    before = np.arange(len(begin))
    start = jet(lambda t: leg.chain(before, t), begin, -1)
    finish = jet(lambda t: leg.chain(before + 1, t), end, 1)
    start[1, PITCH] = _pitch_rate_after_foot_off(leg, start)
    if leg.pelvis.settings.ankle_lead_before_foot_strike == 0:
        finish[1:, THIGH] = _thigh_before_impact(leg, finish, share)
        finish[1, PITCH] = IMPACT_PITCH_RATE * share
    else:
        finish[1, PITCH] *= FOOT_SLAP_SHARE
    scale = np.stack([np.ones_like(duration), duration, duration**2])[:, np.newaxis]
    start = start * scale - jet(lambda u: styled(style, amplitude, u), np.zeros_like(begin), 1)
    finish = finish * scale - jet(lambda u: styled(style, amplitude, u), np.ones_like(begin), -1)
    start[2, PITCH] = finish[2, PITCH] = start[2, KNEE] = finish[2, KNEE] = 0.0
    zero = np.zeros_like(begin)
    swings = Swings(begin, duration, amplitude, zero, zero, quintics(start, finish), style)
    return _cleared(leg, _braked(leg, swings))


def _pitch_rate_after_foot_off(leg: StanceLeg, start: np.ndarray) -> np.ndarray:
    """Rate at which the foot goes on pitching, so that its toe leaves faster than the pelvis."""
    thigh, knee, pitch = start[0, THIGH], start[0, KNEE], start[0, PITCH]
    thigh_rate, knee_rate = start[1, THIGH], start[1, KNEE]
    advance = leg.thigh * np.cos(thigh) * thigh_rate + leg.shank * np.cos(thigh - knee) * (
        thigh_rate - knee_rate
    )
    _, height = ankle_over_contact(leg.shape, pitch)
    return -FOOT_DRAG_SHARE * np.maximum(advance, 0.0) / height


def _thigh_before_impact(leg: StanceLeg, after: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Rate and acceleration of the thigh that end the ankle's forward excursion at foot strike."""
    thigh, knee = after[0, THIGH], after[0, KNEE]
    knee_rate, knee_acceleration = after[1, KNEE], after[2, KNEE]
    lower = leg.shank * np.cos(thigh - knee)
    arm = leg.thigh * np.cos(thigh) + lower
    rate = lower * knee_rate / arm
    centripetal = (
        leg.thigh * np.sin(thigh) * rate**2
        + leg.shank * np.sin(thigh - knee) * (rate - knee_rate) ** 2
    )
    # The acceleration is carried over where the ankle is smooth, limited where it is not.
    excursion = arm * after[2, THIGH] - lower * knee_acceleration - centripetal
    speed = leg.pelvis.settings.speed * share
    excursion = np.clip(excursion, -30 * speed, -10 * speed)
    return np.stack([rate, (excursion + centripetal + lower * knee_acceleration) / arm])


def _braked(leg: StanceLeg, swings: Swings) -> Swings:
    """Set the late bump for which the ankle stops against the hip at the asked lead (secant)."""
    settings, route = leg.pelvis.settings, leg.pelvis.route
    lead = settings.ankle_lead_before_foot_strike * settings.stride_time
    end = swings.begin + swings.duration
    if lead == 0:
        return swings
    which = np.arange(len(end))

    def advance(brake: np.ndarray) -> np.ndarray:
        """Speed of the ankle against the hip, as a share of the swing's own, at the lead."""

        def ankle(time: np.ndarray) -> np.ndarray:
            thigh, knee, *_ = replace(swings, brake=brake).chain(which, time)
            return leg.thigh * np.sin(thigh) + leg.shank * np.sin(thigh - knee)

        return jet(ankle, end - lead, -1)[1]

    low, high = np.full(len(end), -0.05), np.full(len(end), 0.05)
    at_low, at_high = advance(low), advance(high)
    for _ in range(12):
        slope = at_high - at_low
        moved = np.abs(slope) > 1e-14
        step = np.where(moved, at_high * (high - low) / np.where(moved, slope, 1.0), 0.0)
        low, at_low, high = high, at_high, high - step
        at_high = advance(high)
    return replace(swings, brake=np.where(route.share(end) > LEAST_AMPLITUDE, high, 0.0))


def _cleared(leg: StanceLeg, swings: Swings) -> Swings:
    """Bend the leg more where its foot would come too near to the floor (bisection)."""
    u = np.linspace(0.0, 1.0, 61)[1:-1]
    wanted = CLEARANCE * np.minimum(1, 64 * (u * (1 - u)) ** 3)
    enough = _lowest(leg, swings, u, wanted) >= 0
    if enough.all():
        return swings
    low, high = np.zeros(len(swings.begin)), np.full(len(swings.begin), np.deg2rad(60.0))
    for _ in range(14):
        middle = (low + high) / 2
        clear = _lowest(leg, _braked(leg, replace(swings, lift=middle)), u, wanted) >= 0
        low, high = np.where(clear, low, middle), np.where(clear, middle, high)
    return _braked(leg, replace(swings, lift=np.where(enough, 0.0, high)))


def _lowest(leg: StanceLeg, swings: Swings, u: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    which = np.repeat(np.arange(len(swings.begin)), len(u))
    time = (swings.begin[:, None] + swings.duration[:, None] * u).ravel()
    thigh, knee, abduction, pitch, _ = swings.chain(which, time)
    hip = leg.pelvis.hip(leg.side, time)
    ankle = hip[:, 1] + knee_and_ankle(thigh, knee, abduction, leg.thigh, leg.shank)[1][:, 1]
    heel, toe = foot_points(leg.shape, pitch)
    height = ankle + np.minimum(heel[:, 1], toe[:, 1])
    return (height.reshape(-1, len(u)) - wanted).min(axis=1)


def jet(
    function: Callable[[np.ndarray], np.ndarray], at: np.ndarray, towards: int
) -> np.ndarray:
    """Value, first and second derivative at points, by five-point differences on one side."""
    step = towards * STENCIL
    values = np.stack([function(at + count * step) for count in range(5)])
    first = np.tensordot([-25.0, 48.0, -36.0, 16.0, -3.0], values, axes=1) / (12 * step)
    second = np.tensordot([35.0, -104.0, 114.0, -56.0, 11.0], values, axes=1) / (12 * step**2)
    return np.stack([values[0], first, second])


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
