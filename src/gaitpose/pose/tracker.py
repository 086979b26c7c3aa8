"""Follow the subject from frame to frame: the survey says about where, the joints say exactly.

A complementary filter. The coarse whereabouts give the motion without lag or drift; what the joints
say against them is a slow correction. So a stray detection (a bystander who is crossed, furniture)
cannot lead the crop away for long, and the crop does not tremble with every joint.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.pose.body import Body, body_of, leg_confidence
from gaitpose.pose.estimator import Box, Estimator


@dataclass(frozen=True, eq=False)
class Stretch:
    """Coarse whereabouts of the subject over one stretch of time without gaps.

    Parameters
    ----------
    times : float array, (samples,)
        Seconds, increasing.
    bodies : float array, (samples, 3)
        Mid-hip x, y and body height, px of the frame.
    has_fixed_size : bool
        Whether joints may not correct the height: only a part of the body is seen.
    """

    times: np.ndarray
    bodies: np.ndarray
    has_fixed_size: bool = False

    def forever(self) -> Stretch:
        """Carry the first and the last whereabouts on to the ends of any video."""
        times = np.concatenate([[-FOREVER_S], self.times, [FOREVER_S]])
        return replace(self, times=times, bodies=np.pad(self.bodies, ((1, 1), (0, 0)), mode="edge"))

    def at(self, time_s: float, reach_s: float) -> Body | None:
        """Interpolated whereabouts; up to `reach_s` beyond the ends they are carried on."""
        start, end = self.times[0], self.times[-1]
        if not start - reach_s <= time_s <= end + reach_s:
            return None
        inside = min(max(time_s, start), end)
        values = np.array([np.interp(inside, self.times, column) for column in self.bodies.T])
        if inside != time_s and len(self.times) > 2:
            near = np.abs(self.times - inside) <= SLOPE_OVER_S
            if near.sum() > 2:
                slope = np.polyfit(self.times[near], self.bodies[near, 0], 1)[0]
                values[0] += slope * (time_s - inside)
        return Body(*(float(value) for value in values))


SLOPE_OVER_S, FOREVER_S = 0.5, 1e6


@dataclass(frozen=True, eq=False)
class Whereabouts:
    """Where the subject is, coarsely, over a whole video.

    Parameters
    ----------
    stretches : tuple of Stretch
        In time order; out of them the subject is out of view.
    """

    stretches: tuple[Stretch, ...]

    def at(self, time_s: float, reach_s: float = 0.0) -> Body | None:
        """Whereabouts at a time, or None where the subject is out of view."""
        stretch = self.nearest(time_s)
        return None if stretch is None else stretch.at(time_s, reach_s)

    def nearest(self, time_s: float) -> Stretch | None:
        """Return the stretch that holds a time, or else the nearest one."""
        return min(self.stretches, key=lambda s: _distance(s, time_s), default=None)


def _distance(stretch: Stretch, time_s: float) -> float:
    return max(stretch.times[0] - time_s, time_s - stretch.times[-1], 0.0)


class TrackerSettings(BaseModel):
    """How the crop follows the subject.

    Parameters
    ----------
    place_gain, size_gain : float
        Share of a frame's deviation that enters the correction of place and of size.
    decay : float
        Share of the corrections that is dropped in each frame without confident legs.
    stray : float
        Joints farther than this from the whereabouts, in body heights, are someone else's;
    stray_continued : float
        unless they continue those of the frames before: then so far.
    jump : float
        Joints within so many body heights of where the last ones lead to continue them.
    largest_shift : float
        The correction of place goes no farther than this, in body heights.
    size_limit : float
        Joints whose body is this many times larger or smaller than expected are not the subject's.
    confident : float
        Leg confidence from which joints may steer the crop.
    search_rise, search_scale : float
        How much higher and lower (body heights), smaller and larger the subject is searched for
        when lost.
    search_every_s : float
        Shortest time between two searches.
    reach_s : float
        How long the crop is carried on before and after the whereabouts.
    patience_s : float
        How long, beyond the whereabouts, the crop stays without confident joints.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    place_gain: float = Field(default=0.3, gt=0, le=1)
    size_gain: float = Field(default=0.08, gt=0, le=1)
    decay: float = Field(default=0.1, ge=0, lt=1)
    stray: float = Field(default=0.4, gt=0)
    stray_continued: float = Field(default=0.6, gt=0)
    jump: float = Field(default=0.1, gt=0)
    largest_shift: float = Field(default=0.4, gt=0)
    size_limit: float = Field(default=1.6, gt=1)
    confident: float = Field(default=0.4, ge=0, le=1)
    search_rise: float = Field(default=0.15, gt=0)
    search_scale: float = Field(default=1.3, gt=1)
    search_every_s: float = Field(default=0.1, ge=0)
    reach_s: float = Field(default=0.4, ge=0)
    patience_s: float = Field(default=0.3, ge=0)


class Found(NamedTuple):
    """What came of looking at one frame.

    Parameters
    ----------
    joints : float array, (keypoints, 3), or None
        x, y px and confidence; None if nothing there can be the subject.
    box : Box or None
        Where was looked; None if the subject is out of view.
    """

    joints: np.ndarray | None
    box: Box | None


class SubjectTracker:
    """Finds the subject's joints frame by frame.

    Parameters
    ----------
    whereabouts : Whereabouts
        From :func:`gaitpose.pose.survey.survey`.
    estimator : Estimator
    settings : TrackerSettings, optional
    """

    def __init__(
        self,
        whereabouts: Whereabouts,
        estimator: Estimator,
        settings: TrackerSettings | None = None,
    ) -> None:
        self._whereabouts = whereabouts
        self._estimator = estimator
        self._settings = settings or TrackerSettings()
        self._shift = np.zeros(2)
        self._log_scale = 0.0
        self._velocity = np.zeros(2)
        self._kept_pace = False
        self._seen: tuple[float, Body] | None = None
        self._searched_s = -np.inf

    def find(self, rgb: np.ndarray, time_s: float) -> Found:
        """Find the subject in a frame.

        Parameters
        ----------
        rgb : uint8 array, (height, width, 3)
            The frame.
        time_s : float
            Its time; frames come in time order.

        Returns
        -------
        Found
        """
        coarse = self._whereabouts.at(time_s)
        expected = self._expect(time_s, coarse)
        if expected is None:
            return Found(None, None)
        joints = self._estimator.predict(rgb, expected.box)
        if coarse is not None and not self._is_subject(joints, coarse, time_s):
            joints, expected = self._search(rgb, time_s, coarse, (joints, expected))
        body = body_of(joints)
        if not self._can_be(body, coarse or expected, time_s):
            self._decay()
            return Found(None, expected.box)
        if leg_confidence(joints) >= self._settings.confident:
            self._learn(time_s, body, expected, coarse)
        else:
            self._decay()
        return Found(joints, expected.box)

    def _expect(self, time_s: float, coarse: Body | None) -> Body | None:
        """Where the subject should be: by the whereabouts, by its own motion beyond them."""
        if coarse is not None:
            if self._seen is None or time_s - self._seen[0] > FORGET_S:
                self._shift, self._velocity = np.zeros(2), np.zeros(2)
                self._kept_pace = False
            return self._corrected(coarse)
        if self._seen is not None and time_s - self._seen[0] <= self._settings.patience_s:
            return self._led(time_s)
        carried = self._whereabouts.at(time_s, self._settings.reach_s)
        return None if carried is None else self._corrected(carried)

    def _corrected(self, coarse: Body) -> Body:
        height = coarse.height * float(np.exp(self._log_scale))
        x, y = np.array([coarse.x, coarse.y]) + self._shift * height
        return Body(float(x), float(y), height)

    def _search(
        self, rgb: np.ndarray, time_s: float, coarse: Body, first: tuple[np.ndarray, Body]
    ) -> tuple[np.ndarray, Body]:
        """Look around the uncorrected whereabouts; return the most confident joints."""
        chosen = self._settings
        if time_s - self._searched_s < chosen.search_every_s:
            return first
        self._searched_s = time_s
        x, y, height = coarse
        rise, scale = chosen.search_rise * height, chosen.search_scale
        places = [coarse, Body(x, y - rise, height), Body(x, y + rise, height)]
        places += [Body(x, y, height / scale), Body(x, y, height * scale)]
        looks = [(self._estimator.predict(rgb, place.box), place) for place in places]
        credible = [look for look in looks if self._is_subject(look[0], coarse, time_s)]
        if not credible:
            return first
        joints, place = max(credible, key=lambda look: leg_confidence(look[0]))
        self._log_scale = float(np.log(place.height / height))
        self._shift = np.array([place.x - x, place.y - y]) / place.height
        return joints, place

    def _is_subject(self, joints: np.ndarray, about: Body, time_s: float) -> bool:
        """Whether legs are seen confidently, and can be the subject's."""
        is_sure = leg_confidence(joints) >= self._settings.confident
        return is_sure and self._can_be(body_of(joints), about, time_s)

    def _can_be(self, body: Body, about: Body, time_s: float) -> bool:
        """Whether a body is near enough and alike enough to be the subject's."""
        chosen = self._settings
        ratio = max(body.height, 1e-6) / about.height
        if not 1 / chosen.size_limit <= ratio <= chosen.size_limit:
            return False
        limit = chosen.stray_continued if self._continues(body, time_s) else chosen.stray
        return float(np.hypot(body.x - about.x, body.y - about.y)) <= limit * about.height

    def _continues(self, body: Body, time_s: float) -> bool:
        """Whether a body is where the last one leads to, and keeps pace with the whereabouts."""
        if self._seen is None or time_s - self._seen[0] > self._settings.patience_s:
            return False
        led = self._led(time_s)
        far = float(np.hypot(body.x - led.x, body.y - led.y)) > self._settings.jump * led.height
        return not far and self._keeps_pace(time_s, led.height)

    def _keeps_pace(self, time_s: float, height: float) -> bool:
        """Whether the body moves as the whereabouts do."""
        pace = self._pace(time_s)
        if np.isnan(pace):
            return True
        allowed = max(abs(pace) / 2, SLOWEST_PACE * height)
        return abs(float(self._velocity[0]) - pace) <= allowed

    def _falls_behind(self, time_s: float, height: float) -> bool:
        """Whether the body hardly moves where the whereabouts do: a bystander in front of it."""
        pace = self._pace(time_s)
        along = float(self._velocity[0]) * np.sign(pace)
        return abs(pace) > SLOWEST_PACE * height and along < STILL * abs(pace)

    def _pace(self, time_s: float) -> float:
        """Pace of the whereabouts along x, px/s; NaN where it is not known."""
        now, before = (self._whereabouts.at(time_s - ago, 1.0) for ago in (0.0, PACE_OVER_S))
        return float("nan") if now is None or before is None else (now.x - before.x) / PACE_OVER_S

    def _led(self, time_s: float) -> Body:
        """Where the subject's own motion leads to."""
        assert self._seen is not None
        seen_s, body = self._seen
        x, y = np.array([body.x, body.y]) + self._velocity * (time_s - seen_s)
        return Body(float(x), float(y), body.height)

    def _learn(self, time_s: float, body: Body, expected: Body, coarse: Body | None) -> None:
        gain, size_gain = self._settings.place_gain, self._settings.size_gain
        shift = np.array([body.x - expected.x, body.y - expected.y])
        ratio = body.height / expected.height
        place = body._replace(height=expected.height * ratio**size_gain)
        if self._seen is not None and time_s > self._seen[0]:
            before_s, before = self._seen
            moved = np.array([place.x - before.x, place.y - before.y]) / (time_s - before_s)
            gain_of_velocity = 1 - np.exp((before_s - time_s) / VELOCITY_OVER_S)
            self._velocity += gain_of_velocity * (moved - self._velocity)
        self._seen = (time_s, place)
        falls_behind = self._falls_behind(time_s, expected.height)
        # Who never went along with the whereabouts, at the start of a pass, has no velocity yet.
        drawn_away = self._kept_pace and falls_behind
        self._kept_pace |= not falls_behind
        if coarse is not None and not drawn_away:
            self._shift += gain * shift / expected.height
            farthest = self._settings.largest_shift
            self._shift *= farthest / max(farthest, float(np.hypot(*self._shift)))
            stretch = self._whereabouts.nearest(time_s)
            if stretch is not None and not stretch.has_fixed_size:
                self._log_scale += size_gain * float(np.log(ratio))

    def _decay(self) -> None:
        self._shift *= 1 - self._settings.decay
        self._log_scale *= 1 - self._settings.decay


VELOCITY_OVER_S = 0.1
"""Time constant of the body's own velocity: shorter than a step, longer than a joint's tremble."""

PACE_OVER_S, SLOWEST_PACE = 0.3, 0.2
"""Seconds over which the whereabouts' pace is taken; body heights a second that are no pace."""

STILL = 0.25
"""Share of the whereabouts' pace below which a body stands still."""

FORGET_S = 1.0
"""After so long without the subject the corrections are forgotten: a pass has errors of its own."""
