"""The leg in the air, from foot off to the next foot strike.

The ankle advances by polynomials of time: it leaves with the speed and acceleration it had on the
ground, comes to its forward maximum the asked lead before foot strike, and lands with the speed and
acceleration it will have on the ground. Knee and foot follow their style, bent at both ends to meet
the contacts, and the knee bends further where the foot would touch the floor. The foot's pitch
alone does not carry its rate over: heel strike and toe-off are kinks of the foot's rotation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.synthetic.contact import ankle_over_contact, foot_points
from gaitpose.synthetic.gait_curves import STANDING_KNEE, LegStyle
from gaitpose.synthetic.leg import knee_and_ankle
from gaitpose.synthetic.polynomials import (
    faded,
    fading,
    jet,
    late_bump,
    middle_bump,
    polynomial,
    quintics,
)
from gaitpose.synthetic.stance import StanceLeg

ADVANCE, KNEE, ABDUCTION, PITCH, HEADING = range(5)
"""Rows of a leg's coordinates."""

FADING = np.array([[0.8], [1.0], [0.65], [1.0]])
"""Share of the swing over which corrections at its ends fade: knee, abduction, pitch, heading."""

LEAST_AMPLITUDE = 0.35
"""Share of the knee's style that a step on the spot shows."""

BRAKING = 26.0
"""Deceleration of the ankle at its forward maximum, in units of speed over stride time: 20-30 m/s2
in the recordings that set the leads."""

LATENESS = 0.08
"""Share of its travel by which the ankle lags the smoothest swing at half time: legs are thrown."""

CLEARANCE = 0.010
"""Least height of heel and toe in the middle of swing, metres (Winter 1992: 1.3 cm at the toe)."""

FLAT_LIFT = 100.0
"""Knee acceleration with which a flat foot is lifted and put down, rad/s2."""

LARGEST_LIFTING = 300.0
"""Largest knee acceleration that is carried over from the ground, rad/s2."""

STRAIGHTEST_SWING = 1.0
"""Least knee flexion in swing, degrees."""

HOLD_PEAK = 0.67
"""Share of the swing at which a knee that would bend backwards is held most."""

TILT_BEFORE_APEX = 0.12
"""Share of the swing from the peak of the foot's tilt to the apex, where the bump is steep."""

LARGEST_LIFT, LARGEST_HOLD = 40.0, 12.0
"""Degrees of knee flexion that these two may add."""

FOOT_SLAP_SHARE = 0.3
"""Pitch rate just before foot strike over that just after it."""

FOOT_DRAG_SHARE = 0.5
"""Pitch rate just after foot off over the one at which the toe would only just keep up with the
pelvis: below 1, toe - pelvis has its minimum at foot off."""

IMPACT_PITCH_RATE = 1.0
"""Pitch rate before an idealised impact at full speed, rad/s: the heel still swings forward."""

IMPACT_DECELERATION = (10.0, 30.0)
"""Range of the ankle's deceleration before an idealised impact, per second of walking speed."""


@dataclass(frozen=True)
class Swings:
    """All swings of one leg.

    Parameters
    ----------
    begin, duration : array, (swings,)
        Foot off, and the time to the next foot strike, seconds.
    apex : array, (swings,)
        Share of the swing at which the ankle is farthest ahead of the hip.
    rise, fall : array, (swings, 6)
        Advance of the ankle before and after the apex, metres: quintics in the share of that part.
    amplitude : array, (swings,)
        How much of the knee's style is shown, 0 (standing) .. 1 (full speed).
    share : array, (swings,)
        How much of the foot's style is shown.
    lift : array, (swings,)
        Additional knee flexion in mid-swing that keeps the foot clear of the floor, radians.
    hold : array, (swings,)
        Additional knee flexion in late swing that keeps it from bending backwards, radians.
    tilt : array, (swings,)
        Additional foot pitch in late swing that ends its rise where the ankle is farthest ahead, so
        that heel and toe have their forward maximum there, too; radians.
    leave, arrive : array, (4, swings, 3)
        Corrections at the beginning and the end (:func:`fading`), of knee, abduction, foot pitch
        and foot heading, radians.
    style : LegStyle
    """

    begin: np.ndarray
    duration: np.ndarray
    apex: np.ndarray
    rise: np.ndarray
    fall: np.ndarray
    amplitude: np.ndarray
    share: np.ndarray
    lift: np.ndarray
    hold: np.ndarray
    tilt: np.ndarray
    leave: np.ndarray
    arrive: np.ndarray
    style: LegStyle

    def coordinates(self, which: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Coordinates of the leg in given swings, as :meth:`StanceLeg.coordinates`, (5, times)."""
        u = (time - self.begin[which]) / self.duration[which]
        apex = self.apex[which]
        rising = u / apex
        travel = self.rise[which].sum(axis=-1) - self.rise[which, 0]
        late = LATENESS * travel * middle_bump(rising)
        advance = np.where(
            u < apex,
            polynomial(self.rise[which], rising) - late,
            polynomial(self.fall[which], (u - apex) / np.maximum(1 - apex, 1e-12)),
        )
        others = styled(self.style, self.amplitude[which], self.share[which], u)
        others += faded(self.leave[:, which], u / FADING)
        others += faded(self.arrive[:, which], (1 - u) / FADING)
        others[0] += middle_bump(u) * self.lift[which]
        others[0] += late_bump(u, HOLD_PEAK) * self.hold[which]
        others[2] += late_bump(u, apex - TILT_BEFORE_APEX) * self.tilt[which]
        return np.concatenate([advance[np.newaxis], others])


def styled(style: LegStyle, amplitude: np.ndarray, share: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Wish for knee, abduction, foot pitch and heading in the share ``u`` of a swing, (4, ...)."""
    phase = style.foot_off + u * (1 - style.foot_off)
    knee = amplitude * style.knee(phase) + (1 - amplitude) * STANDING_KNEE
    nothing = np.zeros_like(knee)
    return np.deg2rad(np.stack([knee, nothing, share * style.foot_pitch(phase), nothing]))


def plan_swings(leg: StanceLeg, style: LegStyle) -> Swings:
    """Join all stances of a leg by swings.

    Raises
    ------
    BadSettings
        If the foot would touch the floor on its way.
    """
    stances, route, settings = leg.stances, leg.pelvis.route, leg.pelvis.settings
    begin, end = stances.end[:-1], stances.start[1:]
    duration, before = end - begin, np.arange(len(begin))
    start = jet(lambda t: leg.coordinates(before, t), begin, -1)
    finish = jet(lambda t: leg.coordinates(before + 1, t), end, 1)
    start[1, PITCH] = _pitch_rate_after_foot_off(leg, start) * route.share(begin)
    if settings.ankle_lead_before_foot_strike > 0:
        finish[1, PITCH] *= FOOT_SLAP_SHARE
    else:
        speed = settings.speed * route.share(end)
        slowest, fastest = IMPACT_DECELERATION
        finish[1, PITCH] = IMPACT_PITCH_RATE * route.share(end)
        finish[1, ADVANCE] = 0.0
        finish[2, ADVANCE] = np.clip(finish[2, ADVANCE], -fastest * speed, -slowest * speed)
    lead = settings.ankle_lead_before_foot_strike * settings.stride_time
    braking = BRAKING * settings.speed * route.share(end) / settings.stride_time
    rise, fall = _advance(start[:, ADVANCE], finish[:, ADVANCE], duration, lead, braking)
    share = route.share((begin + end) / 2)
    amplitude = np.maximum(share, LEAST_AMPLITUDE)
    leave, arrive = _corrections(
        style, amplitude, share, start[:, KNEE:], finish[:, KNEE:], duration
    )
    none, apex = np.zeros_like(begin), 1 - lead / duration
    swings = Swings(
        begin, duration, apex, rise, fall, amplitude, share, none, none, none, leave, arrive, style
    )
    if lead > 0:
        swings = _tilted(swings)
    return _cleared(leg, _held(swings))


def _pitch_rate_after_foot_off(leg: StanceLeg, start: np.ndarray) -> np.ndarray:
    """Rate at which the foot goes on pitching, so that its toe leaves faster than the pelvis."""
    _, height = ankle_over_contact(leg.shape, start[0, PITCH])
    return -FOOT_DRAG_SHARE * np.maximum(start[1, ADVANCE], 0.0) / height


def _advance(
    start: np.ndarray, finish: np.ndarray, duration: np.ndarray, lead: float, braking: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Quintics of the ankle's advance before and after its maximum, each (swings, 6).

    ``start`` and ``finish`` are value, rate and acceleration at foot off and foot strike, by time;
    ``braking`` is the deceleration wished for at the maximum. From there to foot strike the advance
    is the one quartic that has all of these.
    """
    value, rate, acceleration = finish
    if lead > 0:
        # Limits within which the ankle slows down all the way from its maximum to foot strike.
        mean = np.maximum(-rate / lead, 0.0)
        acceleration = np.clip(acceleration, -3 * mean, 0.0)
        finish = np.stack([value, rate, acceleration])
        braking = np.minimum(braking, 0.8 * (6 * mean + acceleration))
        missing = rate / lead + braking
        bend = (acceleration + braking - 2 * missing) / 4
        slope = (missing - 4 * bend) / 3
        value = value - (slope + bend - braking / 2) * lead**2
        acceleration = -braking
    apex = np.stack([value, np.zeros_like(rate), acceleration])
    powers = np.arange(3)[:, np.newaxis]
    rising = (duration - lead) ** powers
    falling = float(lead) ** powers
    return quintics(start * rising, apex * rising), quintics(apex * falling, finish * falling)


def _corrections(
    style: LegStyle,
    amplitude: np.ndarray,
    share: np.ndarray,
    start: np.ndarray,
    finish: np.ndarray,
    duration: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Corrections of the style at both ends of each swing, (4, swings, 3).

    Foot pitch and, at full speed, the knee keep the acceleration of their style. In a step on the
    spot the knee goes on from the ground and bends more, or the flat foot would scrape it.
    """
    scale = duration ** np.arange(3)[:, np.newaxis, np.newaxis]

    def wish(u: np.ndarray) -> np.ndarray:
        return styled(style, amplitude, share, u)

    start = start * scale - jet(wish, np.zeros_like(duration), 1)
    finish = finish * scale - jet(wish, np.ones_like(duration), -1)
    flat = (1 - share) ** 2
    for end in (start, finish):
        end[2, PITCH - 1] = 0.0
        lifting = np.clip(end[2, KNEE - 1] / duration**2, 0.0, LARGEST_LIFTING) + FLAT_LIFT
        end[2, KNEE - 1] = flat * lifting * duration**2
    finish[1] *= -1  # seen from the end, time runs backwards
    return fading(start, FADING), fading(finish, FADING)


def _tilted(swings: Swings) -> Swings:
    """End the rise of the foot's pitch at the apex of the ankle's advance."""
    which, u = np.arange(len(swings.begin)), swings.apex
    rate = jet(
        lambda share: swings.coordinates(which, swings.begin + swings.duration * share)[PITCH],
        u,
        -1,
    )[1]
    slope = jet(lambda share: late_bump(share, u - TILT_BEFORE_APEX), u, -1)[1]
    return replace(swings, tilt=-rate / slope)


def _cleared(leg: StanceLeg, swings: Swings) -> Swings:
    """Bend the knee more in mid-swing where the foot would come too near to the floor."""
    u = np.linspace(0.0, 1.0, 61)[1:-1]
    wanted = CLEARANCE * middle_bump(u)

    def clear(lift: np.ndarray) -> np.ndarray:
        return np.asarray(_lowest(leg, replace(swings, lift=lift), u, wanted) >= 0)

    lifted = replace(swings, lift=_least(clear, len(swings.begin), LARGEST_LIFT))
    if _lowest(leg, lifted, u, np.zeros_like(u)).min() < -1e-6:
        raise BadSettings(
            "the foot cannot be lifted clear of the floor",
            where="ankle_lead_before_foot_off",
            hint="Take a smaller lead, a lower speed or a longer foot",
        )
    return lifted


def _held(swings: Swings) -> Swings:
    """Bend the knee more in late swing where it would bend backwards."""
    u = np.linspace(0.5, 1.0, 60)[:-1]
    which = np.repeat(np.arange(len(swings.begin)), len(u))
    time = (swings.begin[:, np.newaxis] + swings.duration[:, np.newaxis] * u).ravel()

    def bent(hold: np.ndarray) -> np.ndarray:
        knee = replace(swings, hold=hold).coordinates(which, time)[KNEE]
        return np.asarray(knee.reshape(-1, len(u)).min(axis=1) >= np.deg2rad(STRAIGHTEST_SWING))

    return replace(swings, hold=_least(bent, len(swings.begin), LARGEST_HOLD))


def _least(enough: Callable[[np.ndarray], np.ndarray], count: int, largest: float) -> np.ndarray:
    """Least flexion of each swing, 0..largest degrees, that is enough (bisection); radians."""
    low, high = np.zeros(count), np.full(count, np.deg2rad(largest))
    none = enough(low)
    for _ in range(20):
        middle = (low + high) / 2
        more = ~enough(middle)
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.where(none, 0.0, high)


def _lowest(leg: StanceLeg, swings: Swings, u: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Least height of each swing's foot above the wanted clearance, metres, (swings,)."""
    which = np.repeat(np.arange(len(swings.begin)), len(u))
    time = (swings.begin[:, np.newaxis] + swings.duration[:, np.newaxis] * u).ravel()
    advance, knee, abduction, pitch, _ = swings.coordinates(which, time)
    _, ankle = knee_and_ankle(advance, knee, abduction, leg.thigh, leg.shank)
    heel, toe = foot_points(leg.shape, pitch)
    foot = np.minimum(heel[:, 1], toe[:, 1])
    height = leg.pelvis.hip(leg.side, time)[:, 1] + ankle[:, 1] + foot
    return (height.reshape(-1, len(u)) - wanted).min(axis=1)
