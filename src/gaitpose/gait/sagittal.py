"""Raw poses to clean sagittal motion: x forward, y up, levelled, in metres if there is a scale.

The order of the steps matters. Passes are found first, from what needs no left and right (mid-hip,
distance of the ankles). Names are repaired before anything is interpolated, since a curve through
exchanged legs belongs to neither. Outliers are judged on repaired tracks, and the low-pass comes
last, per gap-free run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.errors import NotEnoughCycles
from gaitpose.gait import robust
from gaitpose.gait.cleaning import CleaningSettings, nearest_frame, resample, uniform_grid
from gaitpose.gait.facing import faces_forward, forward_in_space
from gaitpose.gait.findings import Finding
from gaitpose.gait.floor import FloorSettings
from gaitpose.gait.laterality import LateralitySettings
from gaitpose.gait.motion import Pass, SagittalMotion
from gaitpose.gait.passes import (
    LeftOut,
    PassSettings,
    Stretch,
    Walks,
    body_speed,
    find_passes,
    near_side,
)
from gaitpose.gait.perspective import PerspectiveSettings
from gaitpose.gait.placing import Placement, place_picture, place_space
from gaitpose.gait.scale import Scale, ScaleSettings, find_scale, segment_lengths
from gaitpose.gait.seen import Seen, look
from gaitpose.gait.side_view import orthogonal_view
from gaitpose.gait.smoothing import SmoothingSettings
from gaitpose.gait.stuck import drop_stuck
from gaitpose.gait.tracks import Tracks, make_tracks, repair_names
from gaitpose.gait.vertical import VerticalSettings
from gaitpose.gait.viewpoint import (
    ViewpointSettings,
    degrees_off_side,
    without_frontal_views,
)
from gaitpose.poses import SPACE, with_log
from gaitpose.skeleton import LEG_JOINTS, SIDES, Side
from gaitpose.subject import Recording, Subject

__all__ = ["LeftOut", "Pass", "SagittalMotion", "SagittalSettings", "Scale", "make_sagittal"]


class SagittalSettings(BaseModel):
    """Settings of everything between raw poses and clean sagittal motion."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cleaning: CleaningSettings = CleaningSettings()
    """Unsure, frozen and outlying samples; gaps."""
    smoothing: SmoothingSettings = SmoothingSettings()
    """The low-pass."""
    vertical: VerticalSettings = VerticalSettings()
    """Up, in 3-D."""
    passes: PassSettings = PassSettings()
    """Straight walks, turns, standing."""
    viewpoint: ViewpointSettings = ViewpointSettings()
    """Side views and others."""
    laterality: LateralitySettings = LateralitySettings()
    """Left and right over time."""
    perspective: PerspectiveSettings = PerspectiveSettings()
    """Oblique walks, near cameras."""
    floor: FloorSettings = FloorSettings()
    """Camera roll."""
    scale: ScaleSettings = ScaleSettings()
    """Metres."""
    shortest_s: float = Field(default=1.0, gt=0)
    """Shortest recording that is looked at, seconds."""


def make_sagittal(
    poses: xr.Dataset,
    subject: Subject | None = None,
    recording: Recording | None = None,
    settings: SagittalSettings | None = None,
) -> SagittalMotion:
    """Turn raw poses of one person into clean sagittal motion.

    Parameters
    ----------
    poses : xarray.Dataset
        From :mod:`gaitpose.poses`: pixels, or metres in 3-D of any right-handed frame. Of several
        individuals the one who travels farthest is taken.
    subject : Subject, optional
        Facts about the person; without a size, lengths of 2-D input come in leg lengths.
    recording : Recording, optional
        Surface, if known.
    settings : SagittalSettings, optional

    Returns
    -------
    SagittalMotion

    Raises
    ------
    NoSubjectFound
        If nobody is seen, or the person stands.
    NotEnoughCycles
        If the recording is too short, no straight walk is found or seen from the side, or a leg
        joint is never seen.
    """
    subject, settings = subject or Subject(), settings or SagittalSettings()
    seen = look(
        poses, subject, settings.cleaning, settings.vertical, settings.scale, settings.shortest_s
    )
    grid, fps = uniform_grid(seen.time, float(poses.attrs["fps"]))
    walks = _find_walks(seen, grid, fps, recording or Recording(), settings.passes)
    walks, looked = _from_the_side(seen, grid, walks, settings.viewpoint)
    frames = [_frames(seen, grid, walk) for walk in walks.stretches]
    seen, hidden = drop_stuck(seen, frames, walks, fps, settings.cleaning)
    swapped, repaired = repair_names(seen, grid, walks, settings.laterality)
    tracks, cleaned = make_tracks(seen, swapped, grid, fps, settings.cleaning, settings.smoothing)
    _require_joints(tracks, walks, seen.names)
    view, roll = tracks, 0.0
    viewed: tuple[Finding, ...] = ()
    if not seen.is_space:
        view, roll, viewed = orthogonal_view(
            tracks, walks, seen, fps, settings.perspective, settings.floor
        )
    rulers = _rulers(view, walks, seen)
    scale, scaled = _scale(rulers, seen, subject, settings.scale)
    placements = _placements(view, walks, seen, rulers, scale)
    cutoff = tracks.cutoff_hz if np.isfinite(tracks.cutoff_hz) else None
    poses = with_log(poses, "make_sagittal", cutoff_hz=cutoff, **settings.model_dump())
    label = _Labels(poses, grid, seen)
    return SagittalMotion(
        points=label.points(_assembled(view.filtered, walks, placements), "points"),
        unfiltered=label.points(_assembled(view.filled, walks, placements), "unfiltered"),
        fps=fps,
        input_frame=nearest_frame(seen.time, grid),
        passes=[
            Pass(
                walk.start, walk.stop, _direction(walk), None if seen.is_space else near_side(walk)
            )
            for walk in walks.stretches
        ],
        left_out=walks.left_out,
        interpolated=label.flags(~tracks.measured, "interpolated"),
        swapped=label.flags(tracks.swapped, "swapped"),
        repaired=label.points(tracks.filled @ np.linalg.inv(seen.to_upright), "repaired"),
        surface=walks.surface,
        scale=scale,
        floor_angle=roll,
        units="leg lengths" if scale is None else "m",
        findings=(
            *seen.findings,
            *_about_walks(view, walks, seen),
            *looked,
            *hidden,
            *repaired,
            *cleaned,
            *viewed,
            *scaled,
        ),
    )


@dataclass(frozen=True)
class _Labels:
    """Names and times for plain arrays."""

    poses: xr.Dataset
    grid: np.ndarray
    seen: Seen

    def points(self, values: np.ndarray, name: str) -> xr.DataArray:
        return xr.DataArray(
            values.transpose(0, 2, 1),
            dims=("time", "space", "keypoints"),
            coords={**self._coordinates(), "space": list(SPACE[: values.shape[2]])},
            name=name,
            attrs=dict(self.poses.attrs),
        )

    def flags(self, values: np.ndarray, name: str) -> xr.DataArray:
        return xr.DataArray(
            values, dims=("time", "keypoints"), coords=self._coordinates(), name=name
        )

    def _coordinates(self) -> dict[str, Any]:
        time = ("time", self.grid, {"units": "s"})
        return {"time": time, "keypoints": list(self.seen.names)}


def _find_walks(
    seen: Seen, grid: np.ndarray, fps: float, recording: Recording, settings: PassSettings
) -> Walks:
    """Find the passes, and on a treadmill which way the body faces."""
    level = [0, 2] if seen.is_space else [0]
    hips = robust.mean(seen.position[:, seen.columns("hip")], axis=1)
    ankles = seen.position[:, seen.columns("ankle")]
    apart = (ankles[:, 0] - ankles[:, 1])[:, level]
    signals = np.concatenate([hips[:, level], np.linalg.norm(apart, axis=1)[:, np.newaxis]], axis=1)
    signals = resample(signals[:, :, np.newaxis] / seen.leg, seen.time, grid)[..., 0]
    position = resample(seen.position / seen.leg, seen.time, grid)
    speed = body_speed(position, seen.names, fps, settings)
    walks = find_passes(signals[:, :-1], signals[:, -1], speed, fps, recording.surface, settings)
    if walks.surface == "overground":
        return walks
    return replace(
        walks,
        stretches=[
            replace(walk, heading=_facing(seen.position[_frames(seen, grid, walk)], seen))
            for walk in walks.stretches
        ],
    )


def _from_the_side(
    seen: Seen, grid: np.ndarray, walks: Walks, settings: ViewpointSettings
) -> tuple[Walks, tuple[Finding, ...]]:
    """Leave out what a picture shows from the front; in 3-D nothing is hidden by that."""
    if seen.is_space:
        return walks, ()
    off_side = [
        degrees_off_side(seen.position[_frames(seen, grid, walk)], seen.names, settings)
        for walk in walks.stretches
    ]
    return without_frontal_views(walks, off_side, settings)


def _facing(position: np.ndarray, seen: Seen) -> np.ndarray:
    if seen.is_space:
        return forward_in_space(position, seen.names)
    return np.array([1.0 if faces_forward(position, seen.names) else -1.0])


def _frames(seen: Seen, grid: np.ndarray, walk: Stretch) -> slice:
    """Frames of the input within a pass."""
    half = 0.5 * (grid[1] - grid[0])
    return slice(*np.searchsorted(seen.time, [grid[walk.start] - half, grid[walk.stop - 1] + half]))


def _direction(walk: Stretch) -> int:
    """+1 if the walk goes towards +x of the picture, or of the room's axis it follows most."""
    return 1 if walk.heading[np.argmax(np.abs(walk.heading))] > 0 else -1


def _require_joints(tracks: Tracks, walks: Walks, names: Sequence[str]) -> None:
    inside = np.concatenate([np.arange(walk.start, walk.stop) for walk in walks.stretches])
    for name in LEG_JOINTS:
        if not tracks.measured[inside, list(names).index(name)].any():
            raise NotEnoughCycles(
                "is never seen while the person walks",
                where=name,
                hint="Both legs must be in the picture, hip to ankle",
            )


def _rulers(view: Tracks, walks: Walks, seen: Seen) -> list[tuple[np.ndarray, Side]]:
    """Return thigh and shank of the leg that each pass is scaled by, (time, 2), and its side."""
    rulers: list[tuple[np.ndarray, Side]] = []
    for walk in walks.stretches:
        lengths = segment_lengths(view.filled[walk.start : walk.stop], seen.names)
        near = SIDES.index(near_side(walk))
        # All points are as large as the near leg by now, so the other one serves as well.
        seen_sides = [
            i for i in (near, 1 - near) if np.isfinite(robust.median(lengths[:, i])).all()
        ]
        if seen_sides:
            rulers.append((lengths[:, seen_sides[0]], SIDES[seen_sides[0]]))
        else:
            rulers.append((np.full((1, 2), seen.leg / 2), SIDES[near]))
    return rulers


def _scale(
    rulers: Sequence[tuple[np.ndarray, Side]], seen: Seen, subject: Subject, settings: ScaleSettings
) -> tuple[Scale | None, tuple[Finding, ...]]:
    if seen.is_space:
        return Scale(1.0, 0.0, "3-D", tuple(1.0 for _ in rulers)), ()
    legs, sides = zip(*rulers, strict=True)
    return find_scale(legs, sides, subject, settings)


def _placements(
    view: Tracks,
    walks: Walks,
    seen: Seen,
    rulers: Sequence[tuple[np.ndarray, Side]],
    scale: Scale | None,
) -> list[Placement]:
    placements = []
    for index, walk in enumerate(walks.stretches):
        position = view.filtered[walk.start : walk.stop]
        if seen.is_space:
            placements.append(place_space(position, seen, walk.heading))
            continue
        unit = float(robust.median(rulers[index][0]).sum())
        factor = scale.per_pass[index] if scale else 1.0 / unit
        placements.append(place_picture(position, seen, walk, factor))
    return placements


def _assembled(position: np.ndarray, walks: Walks, placements: Sequence[Placement]) -> np.ndarray:
    """Place all passes; what lies between them is missing."""
    placed = np.full(position.shape, np.nan)
    for walk, placement in zip(walks.stretches, placements, strict=True):
        part = slice(walk.start, walk.stop)
        placed[part] = placement.apply(position[part])
    return placed


def _about_walks(tracks: Tracks, walks: Walks, seen: Seen) -> list[Finding]:
    findings = []
    if walks.surface == "treadmill":
        message = "The body does not travel: taken as walking on a treadmill."
        findings.append(Finding("treadmill", "info", message))
    backwards = [
        walk
        for walk in walks.stretches
        if walks.surface == "overground" and not _faces(tracks, walk, seen)
    ]
    if backwards:
        message = (
            f"In {len(backwards)} of {len(walks.stretches)} passes the knees bend against the "
            "direction of travel: the person walks backwards, or the joints are wrong."
        )
        findings.append(Finding("walks-backwards", "warning", message))
    return findings


def _faces(tracks: Tracks, walk: Stretch, seen: Seen) -> bool:
    """Whether the body faces where it goes."""
    position = tracks.filled[walk.start : walk.stop]
    if seen.is_space:
        plane = np.stack([position[..., [0, 2]] @ walk.heading, position[..., 1]], axis=-1)
        return faces_forward(plane, seen.names)
    return faces_forward(position * np.array([walk.heading[0], 1.0]), seen.names)
