"""Clean sagittal motion: what the first half of the analysis hands to the second."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import xarray as xr

from gaitpose.gait.findings import Finding
from gaitpose.gait.passes import FoundSurface, LeftOut
from gaitpose.gait.scale import Scale
from gaitpose.skeleton import Side


@dataclass(frozen=True)
class Pass:
    """One straight walk through the picture, or the whole of a treadmill recording.

    Parameters
    ----------
    start, stop : int
        Samples ``[start, stop)`` of the uniform grid.
    direction : {1, -1}
        +1 if the walk goes towards +x of the image (or of the lab's progression axis), else -1.
    near_side : {"left", "right"} or None
        Leg on the camera's side; None in 3-D.
    """

    start: int
    stop: int
    direction: int
    near_side: Side | None


@dataclass(frozen=True)
class SagittalMotion:
    """Clean motion of one person in the sagittal plane, on a uniform time grid.

    Parameters
    ----------
    points : xarray.DataArray, (time, space, keypoints)
        x forward (mirrored once per pass), y up, floor levelled, low-pass filtered; 3-D input keeps
        z, to the subject's right. NaN is missing. Samples outside the passes are NaN.
    unfiltered : xarray.DataArray, (time, space, keypoints)
        The same before the low-pass: swaps repaired, outliers removed, short gaps filled.
    fps : float
        Samples per second of the grid.
    input_frame : array of int, (time,)
        Nearest frame of the input for each sample.
    passes : list of Pass
        In time order.
    left_out : list of LeftOut
        Stretches that belong to no pass, with the reason.
    interpolated : xarray.DataArray of bool, (time, keypoints)
        True where a gap was filled or is still open.
    swapped : xarray.DataArray of bool, (time, keypoints)
        True where the names left and right were exchanged.
    repaired : xarray.DataArray, (time, space, keypoints)
        In the input's own frame and units, swaps repaired and gaps filled: what an overlay draws.
    surface : {"overground", "treadmill"}
        Given, or decided from whether the body travels.
    scale : Scale or None
        None if nothing about the subject's size is known (2-D input).
    floor_angle : float
        Camera roll that was found and corrected, degrees.
    units : {"m", "leg lengths"}
        Of ``points`` and ``unfiltered``.
    findings : tuple of Finding
        What was repaired, estimated or left out.
    """

    points: xr.DataArray
    unfiltered: xr.DataArray
    fps: float
    input_frame: np.ndarray
    passes: list[Pass]
    left_out: list[LeftOut]
    interpolated: xr.DataArray
    swapped: xr.DataArray
    repaired: xr.DataArray
    surface: FoundSurface
    scale: Scale | None
    floor_angle: float
    units: Literal["m", "leg lengths"]
    findings: tuple[Finding, ...] = field(default=())
