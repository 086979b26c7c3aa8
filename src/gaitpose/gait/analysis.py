"""The whole way from poses to a gait analysis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.errors import NotEnoughCycles
from gaitpose.gait.cycles import cycle_curves, cycle_table, find_cycles
from gaitpose.gait.events import find_events
from gaitpose.gait.findings import Finding
from gaitpose.gait.motion import SagittalMotion
from gaitpose.gait.parameters import compare_sides, measure_cycles, summarize
from gaitpose.gait.range_of_motion import check_range_of_motion
from gaitpose.gait.remarks import remark_on
from gaitpose.gait.result import GaitAnalysis
from gaitpose.gait.sagittal import make_sagittal
from gaitpose.gait.settings import GaitSettings
from gaitpose.kinematics.planar import sagittal_angles
from gaitpose.poses import one_who_travels, with_log
from gaitpose.skeleton import mirrored
from gaitpose.subject import Recording, Subject

__all__ = ["GaitSettings", "analyze"]


def analyze(
    poses: xr.Dataset,
    subject: Subject | None = None,
    recording: Recording | None = None,
    settings: GaitSettings | None = None,
    provenance: dict[str, Any] | None = None,
) -> GaitAnalysis:
    """Analyse the gait of one person.

    Parameters
    ----------
    poses : xarray.Dataset
        See :mod:`gaitpose.poses`; pixels or metres, 2-D or 3-D.
    subject : Subject, optional
        With a leg length (or a height), lengths of 2-D input come in metres.
    recording : Recording, optional
    settings : GaitSettings, optional
    provenance : dict, optional
        Kept in the result as it is.

    Returns
    -------
    GaitAnalysis
        If steps were seen but no whole cycle, it holds the events, and an ``error`` finding.

    Raises
    ------
    NoSubjectFound
        If nobody walks in the poses.
    NotEnoughCycles
        If someone walks, but not a single foot strike or foot off can be told.
    """
    subject, recording = subject or Subject(), recording or Recording()
    settings = settings or GaitSettings()
    poses = one_who_travels(poses)
    motion = make_sagittal(poses, subject, recording, settings.sagittal)
    from_video = poses.attrs.get("joints_from") == "video"
    delay = settings.events.video_delay_s if from_video else 0.0
    events = find_events(motion, settings.events, _confidence(poses, motion), delay)
    if events.empty:
        raise _no_events(poses)
    angles = sagittal_angles(motion.points)
    cycles = find_cycles(motion, events, settings.cycles)
    measured = measure_cycles(motion, angles, cycles, settings.placement)
    compared = compare_sides(measured)
    parameters = pd.concat([measured, compared], ignore_index=True) if len(compared) else measured
    summary = summarize(parameters, motion.scale)
    return GaitAnalysis(
        raw_poses=poses,
        poses=_clean_poses(poses, motion),
        repaired=motion.repaired,
        angles=angles,
        events=events,
        cycles=cycle_curves(angles, cycles, settings.cycles),
        cycle_table=cycle_table(cycles),
        parameters=parameters,
        summary=summary,
        passes=motion.passes,
        left_out=motion.left_out,
        quality=(
            *_on_others(poses),
            *motion.findings,
            *remark_on(motion, cycles, summary, settings.placement),
            *check_range_of_motion(summary),
        ),
        subject=subject,
        recording=recording.model_copy(update={"surface": motion.surface}),
        settings=settings,
        scale=motion.scale,
        provenance=provenance or {},
    )


def _no_events(poses: xr.Dataset) -> NotEnoughCycles:
    return NotEnoughCycles(
        "someone walks, but no foot strike can be told",
        where=str(poses.attrs.get("source_file") or "poses"),
        hint="Record at least three strides, from the side, with both legs seen",
    )


def _on_others(poses: xr.Dataset) -> tuple[Finding, ...]:
    others = poses.attrs.get("others_who_travel")
    if not others:
        return ()
    return (
        Finding(
            "others-travel",
            "warning",
            "Of several people the one who travels farthest was analysed; others travel half as "
            f"far or more: {others}. If one of them is the subject, give the name (--individual).",
        ),
    )


def _confidence(poses: xr.Dataset, motion: SagittalMotion) -> xr.DataArray | None:
    """Confidence of the input on the motion's grid, names exchanged where legs were."""
    if "confidence" not in poses:
        return None
    given = poses["confidence"].isel(individuals=0)
    names = [str(name) for name in motion.points.keypoints.values]
    frames = given.sel(keypoints=names).transpose("time", "keypoints").values[motion.input_frame]
    other = [names.index(mirrored(name)) for name in names]
    swapped = motion.swapped.sel(keypoints=names).transpose("time", "keypoints").values
    return xr.DataArray(
        np.where(swapped, frames[:, other], frames),
        dims=("time", "keypoints"),
        coords={"time": motion.points.time, "keypoints": names},
    )


def _clean_poses(poses: xr.Dataset, motion: SagittalMotion) -> xr.Dataset:
    clean = motion.points.rename("position").to_dataset()
    attributes = {**poses.attrs, "fps": motion.fps, "units": motion.units}
    return with_log(clean.assign_attrs(attributes), "to sagittal motion")
