"""Conventional gait model (Plug-in-Gait marker set): joint centres, segment frames and angles.

Sources: Davis et al., Hum Mov Sci 1991, 10:575-587 (hip joint centre, model); Kadaba et al.,
J Orthop Res 1990, 8:383-392 (angles).

Deviates from Vicon's implementation in
- body measures that are not given are estimated from the markers (see :class:`BodyMeasures`);
- the foot's long axis runs from the ankle's centre to the toe marker, tilted by a constant that
  makes it the line from heel to toe in the recording's median; the original takes this constant
  from a static trial, which a walking file does not hold. What remains is an offset of the ankle;
- no tibial torsion: it moves knee and ankle rotation, which are not reported.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr
from pydantic import BaseModel, ConfigDict, Field
from scipy.optimize import minimize_scalar

from gaitpose.kinematics.joint_coordinate_system import (
    LegFrames,
    frame_from_forward,
    frame_from_right,
    frame_from_up,
    grood_suntay,
    joint_angles,
    require_human_thigh,
    require_points,
    unit,
)
from gaitpose.skeleton import SIDES, Side

PELVIS_MARKERS = ("LASI", "RASI")
LEG_MARKERS = ("THI", "KNE", "TIB", "ANK", "HEE", "TOE")
MARKERS: tuple[str, ...] = PELVIS_MARKERS + tuple(
    letter + name for letter in "LR" for name in LEG_MARKERS
)
"""Needed markers; besides, both of LPSI and RPSI, or SACR."""


class BodyMeasures(BaseModel):
    """What the model needs to know about the body, in metres; None is estimated from the markers.

    Parameters
    ----------
    leg_length : float, optional
        Anterior iliac spine to ankle. Default: from its marker over the knee's to the ankle's, in
        the straightest posture of the recording.
    knee_width, ankle_width : float, optional
        Default: the given share of the leg length.
    thigh_rotation, shank_rotation : float
        Degrees by which the segment's own marker must be turned about the segment to lie in its
        frontal plane; :func:`with_functional_knee` finds them from movement.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    leg_length: float | None = Field(default=None, gt=0.2, lt=1.4)
    knee_width: float | None = Field(default=None, gt=0.03, lt=0.25)
    ankle_width: float | None = Field(default=None, gt=0.02, lt=0.2)
    knee_width_per_leg: float = Field(default=0.112, gt=0)
    ankle_width_per_leg: float = Field(default=0.075, gt=0)
    thigh_rotation: float = Field(default=0.0, ge=-90, le=90)
    shank_rotation: float = Field(default=0.0, ge=-90, le=90)
    marker_diameter: float = Field(default=0.014, gt=0, lt=0.05)


def plug_in_gait(
    markers: Mapping[str, np.ndarray],
    time: np.ndarray,
    body: Mapping[Side, BodyMeasures] | BodyMeasures | None = None,
    *,
    where: str = "markers",
) -> xr.DataArray:
    """Hip, knee and ankle angles from Plug-in-Gait markers.

    Parameters
    ----------
    markers : mapping of name to array, (frames, 3)
        Metres, any right-handed laboratory frame; NaN is missing. Names as :data:`MARKERS`.
    time : array, (frames,)
        Seconds.
    body : BodyMeasures or mapping of side to BodyMeasures, optional
    where : str
        What to call the markers in an error.

    Returns
    -------
    xarray.DataArray
        Dims ``time, side, joint``, degrees; see
        :data:`gaitpose.kinematics.joint_coordinate_system.ANGLES`.

    Raises
    ------
    UnreadableInput
        If a marker is absent, or lengths are not human in metres.
    """
    sacrum = ("SACR",) if "SACR" in markers and "LPSI" not in markers else ("LPSI", "RPSI")
    require_points(markers, (*MARKERS, *sacrum), where)
    for letter in "LR":
        require_human_thigh(markers[letter + "ASI"], markers[letter + "KNE"], where)
    legs: dict[Side, LegFrames] = {}
    for side in SIDES:
        measures = body.get(side) if isinstance(body, Mapping) else body
        legs[side] = _leg(markers, side, measures or BodyMeasures())
    return joint_angles(time, legs, model="plug_in_gait")


def pelvis_frame(markers: Mapping[str, np.ndarray]) -> np.ndarray:
    """Pelvis frames, (frames, 3, 3): z along the iliac spines, x forward, away from the sacrum."""
    middle = (markers["LASI"] + markers["RASI"]) / 2
    if "LPSI" in markers and "RPSI" in markers:
        sacrum = (markers["LPSI"] + markers["RPSI"]) / 2
    else:
        sacrum = markers["SACR"]
    return frame_from_right(markers["RASI"] - markers["LASI"], middle - sacrum)


def hip_centre(
    markers: Mapping[str, np.ndarray],
    pelvis: np.ndarray,
    side: Side,
    leg_length: float,
    marker_diameter: float,
) -> np.ndarray:
    """Hip joint centre, (frames, 3) metres, by the regression of Davis 1991."""
    spines = np.linalg.norm(markers["LASI"] - markers["RASI"], axis=-1)
    breadth = float(np.nanmedian(spines))
    spine_to_trochanter = 0.1288 * leg_length - 0.04856
    c = 0.115 * leg_length - 0.0153
    theta, beta = 0.5, 0.314
    back = spine_to_trochanter + marker_diameter / 2
    forward = c * np.cos(theta) * np.sin(beta) - back * np.cos(beta)
    up = -c * np.cos(theta) * np.cos(beta) - back * np.sin(beta)
    outward = breadth / 2 - c * np.sin(theta)
    right = outward if side == "right" else -outward
    origin = (markers["LASI"] + markers["RASI"]) / 2
    return origin + pelvis @ np.array([forward, up, right])


def with_functional_knee(
    markers: Mapping[str, np.ndarray], side: Side, body: BodyMeasures | None = None
) -> BodyMeasures:
    """Turn thigh and shank so that the knee bends about one axis.

    Parameters
    ----------
    markers : mapping of name to array, (frames, 3)
        A movement in which the knee bends by more than about 40 degrees, such as walking.
    side : {"left", "right"}
    body : BodyMeasures, optional

    Returns
    -------
    BodyMeasures
        With ``thigh_rotation`` and ``shank_rotation``.

    Notes
    -----
    Baker, Finney & Orr, Hum Mov Sci 1999, 18:655-667: a thigh marker in the wrong place makes part
    of knee flexion look like varus and valgus; the rotation with the least variance of that angle
    is taken. The shank is turned until its axis is the knee's (no tibial torsion).
    """
    body = body or BodyMeasures()

    def varus_spread(rotation: float) -> float:
        turned = body.model_copy(update={"thigh_rotation": rotation})
        leg = _leg(markers, side, turned)
        return float(np.nanstd(grood_suntay(leg.thigh, leg.shank)[:, 1]))

    coarse = np.arange(-85.0, 86.0, 10.0)
    start = float(coarse[np.argmin([varus_spread(float(angle)) for angle in coarse])])
    best = minimize_scalar(varus_spread, bounds=(start - 10, start + 10), method="bounded")
    turned = body.model_copy(update={"thigh_rotation": float(np.clip(best.x, -90, 90))})
    leg = _leg(markers, side, turned)
    torsion = float(np.nanmedian(grood_suntay(leg.thigh, leg.shank)[:, 2]))
    # A turn of the frame about the upward axis is a turn of its marker by as much.
    shank = float(np.clip(body.shank_rotation - torsion, -90, 90))
    return turned.model_copy(update={"shank_rotation": shank})


def chord_centre(
    proximal: np.ndarray,
    wand: np.ndarray,
    marker: np.ndarray,
    offset: float,
    rotation: float = 0.0,
) -> np.ndarray:
    """Joint centre beside its lateral marker, where marker and proximal joint are at a right angle.

    Parameters
    ----------
    proximal, wand, marker : array, (frames, 3)
        Proximal joint centre, the segment's own marker, and the joint's lateral marker; the three
        lie in the segment's frontal plane with the result.
    offset : float
        Half the joint's width plus the marker's radius, metres.
    rotation : float
        Degrees by which `wand` is turned about the line from `marker` to `proximal`.

    Returns
    -------
    array, (frames, 3)
        On the side of the line from `marker` to `proximal` that faces away from `wand`.
    """
    along = proximal - marker
    distance = np.linalg.norm(along, axis=-1, keepdims=True)
    along = unit(along)
    out = wand - marker
    out = unit(out - along * np.sum(out * along, axis=-1, keepdims=True))
    turn = np.radians(rotation)
    out = np.cos(turn) * out + np.sin(turn) * np.cross(along, out)
    cosine = np.clip(offset / distance, 0, 1)
    return marker + offset * (cosine * along - np.sqrt(1 - cosine**2) * out)


def _leg(markers: Mapping[str, np.ndarray], side: Side, body: BodyMeasures) -> LegFrames:
    letter = "L" if side == "left" else "R"
    leg = {name: np.asarray(markers[letter + name], dtype=float) for name in LEG_MARKERS}
    leg_length = body.leg_length or _straight_length(markers[letter + "ASI"], leg)
    knee_width = body.knee_width or body.knee_width_per_leg * leg_length
    ankle_width = body.ankle_width or body.ankle_width_per_leg * leg_length
    radius = body.marker_diameter / 2
    pelvis = pelvis_frame(markers)
    hip = hip_centre(markers, pelvis, side, leg_length, body.marker_diameter)
    knee = chord_centre(hip, leg["THI"], leg["KNE"], knee_width / 2 + radius, body.thigh_rotation)
    ankle = chord_centre(
        knee, leg["TIB"], leg["ANK"], ankle_width / 2 + radius, body.shank_rotation
    )
    to_right = 1.0 if side == "right" else -1.0
    thigh = frame_from_up(hip - knee, to_right * (leg["KNE"] - knee))
    shank = frame_from_up(knee - ankle, to_right * (leg["ANK"] - ankle))
    foot = _foot_frame(leg, ankle, shank[..., 2])
    return LegFrames(pelvis, thigh, shank, foot)


def _foot_frame(leg: Mapping[str, np.ndarray], ankle: np.ndarray, right: np.ndarray) -> np.ndarray:
    to_toe = frame_from_forward(leg["TOE"] - ankle, right)
    sole = np.einsum("tji,tj->ti", to_toe, leg["TOE"] - leg["HEE"])
    tilt = float(np.nanmedian(np.arctan2(sole[:, 1], sole[:, 0])))
    cosine, sine = np.cos(tilt), np.sin(tilt)
    return to_toe @ np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])


def _straight_length(spine: np.ndarray, leg: Mapping[str, np.ndarray]) -> float:
    lengths = np.linalg.norm(spine - leg["KNE"], axis=-1) + np.linalg.norm(
        leg["KNE"] - leg["ANK"], axis=-1
    )
    # Not the maximum: one misplaced sample would decide.
    return float(np.nanpercentile(lengths, 95))
