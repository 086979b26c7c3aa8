"""Who walks how, for the pictures: a preset of the walker, made faster, slower or uneven."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.skeleton import Side
from gaitpose.synthetic.motion import plan_motion
from gaitpose.synthetic.presets import PRESETS
from gaitpose.synthetic.settings import STEP_WIDTH, WalkerSettings

STRIDES = 3
"""Of the walks from which single moments are taken: all at full speed."""

WIDE = 1.5 * STEP_WIDTH
"""Usual step width in an exoskeleton, leg lengths (assumed, not measured)."""

_WORN = ("exoskeleton", "exoskeleton", "slow", "crouch", "stiff_knee", "hemiparetic", "healthy")
_FREE = ("healthy", "healthy", "healthy", "slow", "hemiparetic", "stiff_knee", "crouch")


@dataclass(frozen=True)
class GaitSettings:
    """One way to walk.

    Parameters
    ----------
    preset : str
        Of :data:`gaitpose.synthetic.PRESETS`.
    affected : {"left", "right"}
        Side, where the preset has one.
    speed : float
        Times the preset's speed.
    step_time, step_length : float
        What is added to the preset's left share of the stride's time and length.
    step_width : float
        Leg lengths between the lines on which the feet stand.
    """

    preset: str
    affected: Side = "right"
    speed: float = 1.0
    step_time: float = 0.0
    step_length: float = 0.0
    step_width: float = STEP_WIDTH

    @classmethod
    def draw(cls, rng: np.random.Generator, *, exoskeleton: bool) -> GaitSettings:
        """Draw a gait; wearers of an exoskeleton mostly walk as it makes them."""
        usual = WIDE if exoskeleton else STEP_WIDTH
        return cls(
            preset=str(rng.choice(_WORN if exoskeleton else _FREE)),
            affected="left" if rng.random() < 0.5 else "right",
            speed=float(rng.uniform(0.75, 1.3)),
            step_time=float(np.clip(rng.normal(0, 0.015), -0.04, 0.04)),
            step_length=float(np.clip(rng.normal(0, 0.015), -0.04, 0.04)),
            step_width=float(np.clip(rng.lognormal(np.log(usual), 0.45), 0.02, 0.3)),
        )

    def walker_settings(self, *, gentle: float = 0.0, **changes: object) -> WalkerSettings:
        """Return the walk of an adult of average size.

        Parameters
        ----------
        gentle : float
            0 for what is asked, 1 for the preset itself: what some bodies cannot do is given up.
        **changes : object
            Of :class:`~gaitpose.synthetic.WalkerSettings`.
        """
        preset = cast("Callable[..., WalkerSettings]", PRESETS[self.preset])
        base = preset(**self._side())
        kept = 1.0 - gentle
        given: dict[str, object] = {
            "treadmill": False,
            "step_width": self.step_width * base.leg,
            "speed": base.speed * (1 + kept * (self.speed - 1)),
            "left_step_time_share": base.left_step_time_share + kept * self.step_time,
            "left_step_length_share": base.left_step_length_share + kept * self.step_length,
        }
        if base.cadence is not None:
            given["cadence"] = base.cadence * (1 + kept * (self.speed - 1)) ** 0.5
        return preset(**{**self._side(), **given, **changes})

    def _side(self) -> dict[str, object]:
        return {"affected": self.affected} if self.preset in ("hemiparetic", "stiff_knee") else {}


def stage_walk(
    gait: GaitSettings, fitted: Callable[[WalkerSettings], WalkerSettings], **changes: object
) -> WalkerSettings:
    """Find the walk that comes closest to the wish and that a body's legs can do.

    Parameters
    ----------
    gait : GaitSettings
    fitted : callable
        Gives a walk the lengths of the body.
    **changes : object
        Of the walker's settings.
    """
    attempts = [(gait, 0.0), (gait, 1.0), (GaitSettings("slow"), 1.0), (_SHUFFLE, 0.0)]
    for wish, gentle in attempts:
        base = wish.walker_settings(gentle=gentle, **{"strides": STRIDES, **changes})
        try:
            settings = fitted(base)
            plan_motion(settings.model_copy(update={"fps": 1.0}))
        except BadSettings:
            continue
        return settings
    raise BadSettings("these legs can do none of the walks", where=gait.preset)


_SHUFFLE = GaitSettings("slow", speed=0.6)
"""What everybody can."""
