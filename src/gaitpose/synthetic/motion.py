"""The whole body as a function of time: contacts, pelvis and swings put together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gaitpose.skeleton import SIDES
from gaitpose.synthetic.contact import foot_points
from gaitpose.synthetic.footfalls import foot_shape, plan_stances
from gaitpose.synthetic.knee_fit import fit_pelvis
from gaitpose.synthetic.leg import knee_and_ankle
from gaitpose.synthetic.pelvis import Pelvis
from gaitpose.synthetic.route import Route, plan_route
from gaitpose.synthetic.settings import WalkerSettings, both
from gaitpose.synthetic.stance import StanceLeg
from gaitpose.synthetic.swing import Swings, plan_swings


@dataclass(frozen=True)
class Leg:
    """One leg of a walk: everything needed to place it at any time."""

    ground: StanceLeg
    air: Swings


@dataclass(frozen=True)
class Motion:
    """A walk as a function of time.

    Parameters
    ----------
    pelvis : Pelvis
    legs : tuple of Leg
        Left and right.
    """

    pelvis: Pelvis
    legs: tuple[Leg, Leg]

    @property
    def route(self) -> Route:
        """Path of the walk over the floor."""
        return self.pelvis.route

    def points(self, time: np.ndarray) -> dict[str, np.ndarray]:
        """All keypoints by name, metres, each (times, 3)."""
        named = {f"{side}_shoulder": at for side, at in self.trunk_points(time).items()}
        for index, side in enumerate(SIDES):
            for part, at in self.leg_points(index, time).items():
                named[f"{side}_{part}"] = at
        return named

    def leg_points(self, side: int, time: np.ndarray) -> dict[str, np.ndarray]:
        """Points of the left (0) or right (1) leg, hip to toe, metres, each (times, 3)."""
        leg = self.legs[side]
        ground = leg.ground
        which = np.searchsorted(ground.stances.start, time, side="right") - 1
        airborne = time > ground.stances.end[which]
        state = np.empty((5, len(time)))
        state[:, ~airborne] = ground.coordinates(which[~airborne], time[~airborne])
        state[:, airborne] = leg.air.coordinates(which[airborne], time[airborne])
        advance, knee_angle, abduction, pitch, heading = state
        hip, facing = self.pelvis.hip(side, time), self.route.heading(time)
        knee, ankle = knee_and_ankle(advance, knee_angle, abduction, ground.thigh, ground.shank)
        knee, ankle = hip + turned(knee, facing), hip + turned(ankle, facing)
        heel, toe = foot_points(ground.shape, pitch)
        return {
            "hip": hip,
            "knee": knee,
            "ankle": ankle,
            "heel": ankle + turned(heel, heading),
            "toe": ankle + turned(toe, heading),
        }

    def trunk_points(self, time: np.ndarray) -> dict[str, np.ndarray]:
        """Left and right shoulder, metres, each (times, 3)."""
        settings = self.pelvis.settings
        lean = np.deg2rad(settings.trunk_lean(self.pelvis.phase(time))) * self.route.share(time)
        middle, facing = self.pelvis.mid_hip(time), self.route.heading(time)
        zero = np.zeros_like(lean)
        up = settings.trunk * np.stack([np.sin(lean), np.cos(lean), zero], axis=-1)
        half = np.array([0.0, 0.0, settings.shoulder_width / 2])
        return {
            "left": middle + turned(up - half, facing),
            "right": middle + turned(up + half, facing),
        }


@lru_cache(maxsize=16)
def plan_motion(settings: WalkerSettings) -> Motion:
    """Plan a walk: route, height of the pelvis, footfalls and swings. Plans are kept for reuse."""
    pelvis = fit_pelvis(settings, plan_route(settings))
    return Motion(pelvis, (_leg(pelvis, 0), _leg(pelvis, 1)))


def _leg(pelvis: Pelvis, side: int) -> Leg:
    settings = pelvis.settings
    ground = StanceLeg(
        pelvis=pelvis,
        side=side,
        stances=plan_stances(settings, pelvis.route, side).behind(pelvis.hip_ahead),
        shape=foot_shape(settings, side),
        thigh=both(settings.thigh)[side],
        shank=both(settings.shank)[side],
    )
    return Leg(ground, plan_swings(ground, settings.leg_style(side)))


def turned(vector: np.ndarray, heading: np.ndarray) -> np.ndarray:
    """Vectors of a body frame (forward, up, right) in the world; turning is from x towards z."""
    forward, up, right = np.moveaxis(vector, -1, 0)
    cosine, sine = np.cos(heading), np.sin(heading)
    return np.stack(
        [forward * cosine - right * sine, up + 0 * cosine, forward * sine + right * cosine], axis=-1
    )
