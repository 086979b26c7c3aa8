"""What two recordings are compared by: joint angles over time, events and parameters."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xarray as xr

from gaitpose.errors import UnreadableInput

SYNONYMS: dict[str, str] = {
    "knee_flexion": "knee",
    "knee_angle": "knee",
    "ankle_dorsiflexion": "ankle",
    "ankle_angle": "ankle",
    "hip_flexion": "hip",
}
"""Names under which the same angle is found; ours is on the right."""


@dataclass(frozen=True)
class AngleRecording:
    """Angles of one recording, and what else is known of it.

    Attributes
    ----------
    name : str
        Shown in tables and figures.
    angles : xarray.DataArray
        Dims ``time`` (s), ``side`` and ``joint``; degrees, flexion positive.
    events : pandas.DataFrame
        Columns ``side, kind, time_s``; may be empty.
    parameters : pandas.DataFrame
        Tidy: ``name, side, cycle, value, unit``; may be empty.
    cycle_starts : pandas.DataFrame
        Columns ``side, cycle, start_s``, for matching parameters; may be empty.
    hip : str
        Which hip angle ``hip`` is: against the vertical, the trunk or the pelvis.
    """

    name: str
    angles: xr.DataArray
    events: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["side", "kind", "time_s"])
    )
    parameters: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["name", "side", "cycle", "value", "unit"])
    )
    cycle_starts: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["side", "cycle", "start_s"])
    )
    hip: str = ""

    def __post_init__(self) -> None:
        if set(self.angles.dims) != {"time", "side", "joint"}:
            raise UnreadableInput(
                f"angles have dims {self.angles.dims}, not time, side, joint", where=self.name
            )
        joints = [SYNONYMS.get(str(joint), str(joint)) for joint in self.angles["joint"].values]
        if len(set(joints)) < len(joints):
            raise UnreadableInput(f"an angle occurs twice among {joints}", where=self.name)
        ordered = self.angles.transpose("time", "side", "joint").assign_coords(joint=joints)
        object.__setattr__(self, "angles", ordered)


def common_angles(
    ours: AngleRecording, reference: AngleRecording
) -> list[tuple[Hashable, Hashable]]:
    """(side, joint) pairs that both recordings hold with at least one sample each.

    Raises
    ------
    UnreadableInput
        If there are none.
    """
    pairs = [
        (side, joint)
        for side in ours.angles["side"].values
        for joint in ours.angles["joint"].values
        if _holds(ours, side, joint) and _holds(reference, side, joint)
    ]
    if not pairs:
        have = [", ".join(map(str, one.angles["joint"].values)) for one in (ours, reference)]
        raise UnreadableInput(
            f"no angle in common with {reference.name} ({have[0]} against {have[1]})",
            where=ours.name,
        )
    return pairs


def _holds(recording: AngleRecording, side: Hashable, joint: Hashable) -> bool:
    angles = recording.angles
    if side not in angles["side"].values or joint not in angles["joint"].values:
        return False
    return bool(np.isfinite(angles.sel(side=side, joint=joint)).any())
