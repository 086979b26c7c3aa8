"""What the reader of an analysis should know about its events and cycles, in plain words."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from gaitpose.gait import robust
from gaitpose.gait.cycles import Cycle
from gaitpose.gait.findings import WORTH_A_WARNING, Finding
from gaitpose.gait.motion import SagittalMotion
from gaitpose.gait.norms import ADULT_LEG, WALK_RATIO
from gaitpose.gait.placement import belt_speed, measure_lengths
from gaitpose.gait.scale import segment_lengths, typical_leg
from gaitpose.gait.settings import PlacementSettings
from gaitpose.gait.symmetry import HEALTHY_PHASE_SYMMETRY
from gaitpose.skeleton import SIDES

FEW_CYCLES = 3
"""Cycles of one side below which its means are little more than examples."""

SOLE_BELOW_ANKLE = 0.05
"""Over the leg length; a little less than it is, as the ankle is not marked that exactly."""

SLOW_MOTION_WALK_RATIO = 2.5 * WALK_RATIO
"""Step length over cadence, m min, beyond which it is rather the video that is slow: patients and
wearers of an exoskeleton, too, take shorter steps the slower they are."""

STILL_FEET = 0.1
"""Speed of the standing feet over that of the walk from which it is rather the camera that moves:
simulated cameras that stand give less than 0.06, one that follows a tenth of the way 0.1."""

COARSE_FRAME = 0.025
"""Time of a frame, as a share of the stride, from which the resolution is worth a remark."""


def remark_on(
    motion: SagittalMotion,
    cycles: list[Cycle],
    summary: pd.DataFrame,
    placement: PlacementSettings,
) -> list[Finding]:
    """Say what limits the numbers of one analysis.

    Parameters
    ----------
    motion : SagittalMotion
    cycles : list of Cycle
        Those left out included.
    summary : pandas.DataFrame
        From :func:`gaitpose.gait.parameters.summarize`.
    placement : PlacementSettings
        With which lengths were measured.

    Returns
    -------
    list of Finding
    """
    return [
        *_on_count(cycles),
        *_on_left_out(cycles),
        *_on_feet_cut_off(motion),
        *_on_resolution(motion, cycles),
        *_on_far_leg(motion),
        *_on_phase_symmetry(summary),
        *_on_slow_motion(motion, summary),
        *_on_camera_that_moves(motion, cycles, placement),
    ]


def _on_count(cycles: list[Cycle]) -> list[Finding]:
    counts = {side: sum(c.used and c.side == side for c in cycles) for side in SIDES}
    if not any(counts.values()):
        return [
            Finding(
                "no-cycles",
                "error",
                "Steps were found, but no whole gait cycle of good quality: there are events, but "
                "no times, lengths or curves. Record at least three strides of each leg.",
            )
        ]
    if min(counts.values()) >= FEW_CYCLES:
        return []
    return [
        Finding(
            "few-cycles",
            "warning",
            f"Only {counts['left']} left and {counts['right']} right cycles could be used; one odd "
            "step weighs heavily in their means.",
        )
    ]


def _on_left_out(cycles: list[Cycle]) -> list[Finding]:
    reasons = Counter(c.reason.split(" (")[0] for c in cycles if not c.used)
    if not reasons:
        return []
    listed = ", ".join(f"{count} x {reason}" for reason, count in reasons.most_common())
    return [
        Finding(
            "cycles-left-out",
            "info",
            f"{sum(reasons.values())} of {len(cycles)} cycles were left out ({listed}).",
        )
    ]


def _on_feet_cut_off(motion: SagittalMotion) -> list[Finding]:
    height = motion.repaired.attrs.get("image_height")
    if motion.repaired.sizes["space"] != 2 or height is None:
        return []
    position = motion.repaired.transpose("time", "keypoints", "space")
    leg = typical_leg(segment_lengths(position.values, list(map(str, position.keypoints.values))))
    ankles = position.sel(keypoints=[f"{side}_ankle" for side in SIDES], space="y").values
    known = np.isfinite(ankles).any(axis=1)
    cut = (ankles + SOLE_BELOW_ANKLE * leg > height - 1).any(axis=1)
    if not known.any() or cut.sum() <= WORTH_A_WARNING * known.sum():
        return []
    return [
        Finding(
            "feet-cut-off",
            "warning",
            f"The feet are at the lower edge of the picture in {100 * cut.sum() / known.sum():.0f} "
            "% of the frames: ankles, and with them knee angles, are less sure there. Leave some "
            "floor below the feet.",
        )
    ]


def _on_resolution(motion: SagittalMotion, cycles: list[Cycle]) -> list[Finding]:
    durations = [cycle.duration for cycle in cycles if cycle.used]
    if not durations:
        return []
    frame, stride = 1.0 / motion.fps, float(np.median(durations))
    if frame < COARSE_FRAME * stride:
        return []
    return [
        Finding(
            "coarse-frame-rate",
            "info",
            f"At {motion.fps:.0f} frames per second one frame is {1000 * frame:.0f} ms, or "
            f"{100 * frame / stride:.1f} % of a stride. Means over several cycles are finer than "
            "that, single steps are not.",
        )
    ]


def _on_far_leg(motion: SagittalMotion) -> list[Finding]:
    near = {walk.near_side for walk in motion.passes if walk.near_side}
    if not near:
        return []
    if len(near) == 2:
        return [
            Finding(
                "far-leg",
                "info",
                "The subject walked both ways: each leg was the hidden, less certain one for part "
                "of the recording.",
            )
        ]
    far = next(side for side in SIDES if side not in near)
    return [
        Finding(
            "far-leg",
            "info",
            f"The {far} leg was away from the camera, partly hidden by the other: its angles are "
            "less certain.",
        )
    ]


def _on_phase_symmetry(summary: pd.DataFrame) -> list[Finding]:
    value = summary[summary.name == "phase_symmetry_index"]["mean"]
    if value.empty or float(value.iloc[0]) >= HEALTHY_PHASE_SYMMETRY:
        return []
    return [
        Finding(
            "low-phase-symmetry",
            "info",
            f"The phase symmetry index is {float(value.iloc[0]):.2f}; healthy people are above "
            f"{HEALTHY_PHASE_SYMMETRY}. Slow walking lowers it as well as asymmetry does.",
        )
    ]


def _on_slow_motion(motion: SagittalMotion, summary: pd.DataFrame) -> list[Finding]:
    """Ask about steps of usual length at a cadence at which nobody takes them."""
    means = summary.set_index(["name", "side"])["mean"]
    cadence = float(means.get(("cadence", "both"), np.nan))
    steps = [float(means.get(("step_length", side), np.nan)) for side in SIDES]
    ratio = float(robust.mean(np.array(steps))) / cadence if cadence > 0 else np.nan
    if motion.scale is None:
        ratio *= ADULT_LEG
    if not ratio > SLOW_MOTION_WALK_RATIO:
        return []
    return [
        Finding(
            "slow-motion",
            "warning",
            f"{cadence:.0f} steps/min is very slow for steps as long as these: is it slow motion? "
            "Then all times and speeds, and what is usual at this speed, are wrong: give the "
            "frames per second at which it was filmed (--fps).",
        )
    ]


def _on_camera_that_moves(
    motion: SagittalMotion, cycles: list[Cycle], settings: PlacementSettings
) -> list[Finding]:
    """Say so where the feet that stand move backwards: the camera follows, but not all the way."""
    used = [cycle for cycle in cycles if cycle.used]
    if motion.surface == "treadmill" or motion.repaired.sizes["space"] != 2 or not used:
        return []
    back = np.array([belt_speed(motion, cycle, settings) for cycle in used])
    on = [measure_lengths(motion, cycle, settings).stride / cycle.duration for cycle in used]
    share = float(robust.mean(back / np.array(on)))
    if not share > STILL_FEET:
        return []
    return [
        Finding(
            "camera-moves",
            "warning",
            f"Feet that stand move backwards in the picture, at {share:.0%} of the walk's speed "
            "there: the camera seems to follow. Then lengths and speed are about "
            f"{share / (1 + share):.0%} too small. Film with a camera that stands still, or let "
            "the feet's way be added, as on a belt (--surface treadmill).",
        )
    ]
