"""The oracle: a walk whose joints, angles, events and steps are known to rounding.

:func:`walk` turns :class:`~gaitpose.synthetic.settings.WalkerSettings` into a :class:`Walk`. Stance
feet do not slip, segments keep their length, and every returned truth (angles, events, table of
strides) is that of the returned points.

Notes
-----
What event detectors rely on (Zeni 2008) is built in, exactly, for every stride at full speed:

- ankle, heel and toe are farthest ahead of the mid-hip ``ankle_lead_before_foot_strike`` before
  foot strike. On real feet that is 4-5 % of the stride: they slow down before they land. With a
  lead of 0 the foot lands at the speed of the pelvis and stops dead, an idealised impact as in
  passive walkers: then all these maxima are at foot strike itself.
- the toe is farthest behind the mid-hip at foot off, the ankle ``ankle_lead_before_foot_off``
  before it.

The price is paid by the foot: its rotation has kinks at foot strike and foot off that no real foot
has, so a low-pass blunts the ankle angle by some degrees there. Hip and knee are smooth: a 6 Hz
Butterworth changes them by about 0.1 degree RMS (see ``docs/explanation/walker.md``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.poses import poses_from_arrays
from gaitpose.skeleton import KEYPOINTS
from gaitpose.synthetic.motion import Motion, plan_motion
from gaitpose.synthetic.settings import WalkerSettings
from gaitpose.synthetic.truth import event_table, joint_angles, stride_table


@dataclass(frozen=True)
class Walk:
    """A simulated walk and all that is true of it.

    Parameters
    ----------
    time : array, (times,)
        Seconds.
    position : array, (times, keypoints, 3)
        Metres: x in the first direction of walking, y up, z to the right. On a treadmill the belt's
        travel is subtracted.
    keypoints : tuple of str
        Names, as in :data:`gaitpose.skeleton.KEYPOINTS`.
    events : DataFrame
        Columns side, kind (foot_strike, foot_off), time_s; sorted by time; those within ``time``.
    angles : DataArray, (time, side, joint)
        Degrees: hip (thigh against the vertical), hip_trunk, knee, ankle, trunk; flexion +. They
        are taken in the sagittal plane of the pelvis.
    strides : DataFrame
        One row a stride that lies within ``time``: side, start_s, foot_off_s, end_s, stride_time,
        stance_percent, stride_length, step_time, step_length, ankle_step_length, speed, steady.
    heading : array, (times,)
        Direction of walking, radians from x towards z.
    belt : array, (times,)
        Metres of belt travel subtracted from x; zeros overground.
    settings : WalkerSettings
    motion : Motion
        The walk as a function of time.
    """

    time: np.ndarray
    position: np.ndarray
    keypoints: tuple[str, ...]
    events: pd.DataFrame
    angles: xr.DataArray
    strides: pd.DataFrame
    heading: np.ndarray
    belt: np.ndarray
    settings: WalkerSettings
    motion: Motion

    @property
    def speed(self) -> float:
        """Full speed of walking, or of the belt, m/s."""
        return self.settings.speed

    @property
    def fps(self) -> float:
        """Samples per second (median)."""
        return float(1 / np.median(np.diff(self.time)))

    @property
    def leg_lengths(self) -> tuple[float, float]:
        """Thigh plus shank, left and right, metres."""
        left, right = (leg.ground.thigh + leg.ground.shank for leg in self.motion.legs)
        return left, right

    def point(self, name: str) -> np.ndarray:
        """Position of one keypoint, metres, (times, 3)."""
        return self.position[:, self.keypoints.index(name)]

    def to_poses(self) -> xr.Dataset:
        """Return the 3-D points as a poses dataset, metres."""
        return poses_from_arrays(
            self.position,
            None,
            self.keypoints,
            "m",
            times=self.time,
            attributes={"source_software": "gaitpose.synthetic"},
        )


def walk(settings: WalkerSettings | None = None, times: np.ndarray | None = None) -> Walk:
    """Simulate a walk.

    Parameters
    ----------
    settings : WalkerSettings, optional
        A healthy adult by default; see also :mod:`gaitpose.synthetic.presets`.
    times : array, (times,), optional
        Increasing seconds at which to sample; by default ``settings.fps`` over the planned
        duration. Sampling does not change the walk.

    Returns
    -------
    Walk

    Raises
    ------
    BadSettings
        If the settings contradict each other or the legs cannot take such steps.
    """
    settings = settings or WalkerSettings()
    # Sampling is no part of the plan.
    motion = plan_motion(settings.model_copy(update={"fps": 1.0}))
    if times is None:
        count = int(np.floor(motion.route.duration * settings.fps)) + 1
        times = np.arange(count) / settings.fps
    times = np.asarray(times, dtype=float)
    points = motion.points(times)
    position = np.stack([points[name] for name in KEYPOINTS], axis=1)
    heading = motion.route.heading(times)
    belt = motion.route.position(times)[:, 0] if settings.treadmill else np.zeros_like(times)
    position[:, :, 0] -= belt[:, np.newaxis]
    return Walk(
        time=times,
        position=position,
        keypoints=KEYPOINTS,
        events=event_table(motion, times[0], times[-1]),
        angles=joint_angles(points, heading, times),
        strides=stride_table(motion, times[0], times[-1]),
        heading=heading,
        belt=belt,
        settings=settings,
        motion=motion,
    )
