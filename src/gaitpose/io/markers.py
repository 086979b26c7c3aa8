"""Marker sets to keypoints: joint centres as given, between two markers, or by regression."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from gaitpose.errors import UnreadableInput
from gaitpose.io.axes import to_y_up, up_axis
from gaitpose.poses import poses_from_arrays, with_log
from gaitpose.skeleton import KEYPOINTS, LEG_JOINTS, SIDES, Side, canonical_name

Aliases = Mapping[str, str | Sequence[str]]
"""Our keypoint's name to the file's marker, or to several markers whose mean is taken."""

_SPELLINGS: dict[str, tuple[str, ...]] = {
    "hip centre": ("hjc", "fep", "hip", "hipcenter", "hipcentre", "hipjointcenter", "hjcreg"),
    "knee centre": ("kjc", "feo", "kneecenter", "kneecentre", "kneejointcenter"),
    "knee, lateral": ("kne", "knee", "kneelat", "latknee", "lknee", "kneelateral", "lfe", "fle"),
    "knee, medial": ("knm", "knein", "mknee", "kneemed", "medknee", "kneemedial", "mfe", "fme"),
    "ankle centre": ("ajc", "tio", "anklecenter", "anklecentre", "anklejointcenter"),
    "ankle, lateral": ("ank", "ankle", "anklelat", "latankle", "lankle", "anklelateral", "lm"),
    "ankle, medial": ("anm", "ankin", "mankle", "anklemed", "medankle", "anklemedial", "med", "mm"),
    "heel": ("hee", "heel", "calc", "calcaneus", "cal"),
    "toe": ("toe", "bigtoe", "footindex", "mt2"),
    "shoulder": ("sjc", "sho", "shoulder", "acr", "acromion", "acromium"),
    "front pelvis": ("asi", "asis"),
    "back pelvis": ("psi", "psis"),
}
"""Role of a marker: what is left of its name without side and punctuation (Plug-in-Gait and its
model outputs, Helen Hayes, OpenSim and OpenCap, functional centres)."""

_RECIPES: dict[str, tuple[tuple[str, ...], ...]] = {
    "hip": (("hip centre",),),
    "knee": (("knee centre",), ("knee, lateral", "knee, medial"), ("knee, lateral",)),
    "ankle": (("ankle centre",), ("ankle, lateral", "ankle, medial"), ("ankle, lateral",)),
    "heel": (("heel",),),
    "toe": (("toe",),),
    "shoulder": (("shoulder",),),
}
"""How each point is made, best first: the mean of the markers in these roles."""

_SACRUM = ("sacr", "sacrum", "vsac")
_STUDY_SUFFIX = "study"
_ENOUGH = 0.5
"""A recipe is taken if it gives this share of the frames that the fullest recipe gives."""


@dataclass(frozen=True, eq=False)
class MadeKeypoint:
    """A keypoint's path (frames, 3), metres, and the markers or method it was made from."""

    position: np.ndarray
    made_from: str

    @property
    def seen(self) -> int:
        """Frames in which it is there."""
        return int(np.isfinite(self.position).all(axis=1).sum())


def poses_from_markers(
    labels: Sequence[str],
    points: np.ndarray,
    times: np.ndarray,
    rate: float,
    *,
    keypoints: Aliases | None = None,
    source_file: str = "",
    source_software: str = "",
) -> xr.Dataset:
    """Build a poses dataset from the markers of a motion-capture file.

    Parameters
    ----------
    labels : sequence of str
        Names of the markers.
    points : array, (frames, markers, 3)
        Metres; NaN is missing.
    times : array, (frames,)
        Seconds.
    rate : float
        Frames per second.
    keypoints : mapping, optional
        Our keypoint's name to the marker (or markers, of which the mean is taken) that shall stand
        for it, where the marker set is not one that is understood by itself.
    source_file, source_software : str
        For the dataset's attributes.

    Returns
    -------
    xarray.Dataset
        Metres, y up. The log tells what each keypoint was made from.

    Raises
    ------
    UnreadableInput
        If one of the six leg joints cannot be made from these markers.
    """
    made = keypoints_from_markers(labels, points, keypoints)
    names = list(made)
    position = np.stack([made[name].position for name in names], axis=1)
    up = up_axis(position, names)
    poses = poses_from_arrays(
        to_y_up(position, up),
        rate,
        names,
        "m",
        times=times,
        attributes={"source_file": source_file, "source_software": source_software},
    )
    sources = {name: candidate.made_from for name, candidate in made.items()}
    return with_log(poses, "map markers", made_from=sources, up_axis=up)


def keypoints_from_markers(
    labels: Sequence[str], points: np.ndarray, aliases: Aliases | None = None
) -> dict[str, MadeKeypoint]:
    """Make each of our keypoints that the markers allow.

    Parameters
    ----------
    labels : sequence of str
    points : array, (frames, markers, 3)
        Metres; NaN is missing.
    aliases : mapping, optional
        See :func:`poses_from_markers`.

    Returns
    -------
    dict
        Keypoint name to its ``position`` (frames, 3) and what it was ``made_from``, in the order
        of :data:`gaitpose.skeleton.KEYPOINTS`. Points that are never seen are left out.

    Raises
    ------
    UnreadableInput
        If a leg joint is missing, or an alias names a keypoint or marker that does not exist.
    """
    bare = [label.rsplit(":", 1)[-1] for label in labels]
    made = _from_aliases(bare, points, aliases or {})
    roles = _roles(bare)
    for name in KEYPOINTS:
        if name in made:
            continue
        part = name.split("_")[1]
        side: Side = "left" if name.startswith("left") else "right"
        candidates = [
            _mean([roles[side, role] for role in recipe], bare, points)
            for recipe in _RECIPES[part]
            if all((side, role) in roles for role in recipe)
        ]
        if part == "hip":
            candidates += _regressed_hip(side, roles, bare, points)
        best = _choose(candidates)
        if best is not None:
            made[name] = best
    missing = [name for name in LEG_JOINTS if name not in made]
    if missing:
        raise UnreadableInput(
            f"needed joint {', '.join(missing)} cannot be made from the markers "
            f"({', '.join(bare[:60]) or 'none'})",
            where="markers",
            hint=f'Name the marker: keypoints={{"{missing[0]}": "MARKER"}}',
        )
    return {name: made[name] for name in KEYPOINTS if name in made}


def hip_centres(
    left_asis: np.ndarray,
    right_asis: np.ndarray,
    mid_psis: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Estimate both hip joint centres from pelvis markers by regression.

    Parameters
    ----------
    left_asis, right_asis : array, (frames, 3)
        Anterior superior iliac spines, metres.
    mid_psis : array, (frames, 3)
        Midway between the posterior superior iliac spines, or a sacrum marker there, metres.

    Returns
    -------
    left, right : array, (frames, 3)
        Metres, in the frame of the input.

    Notes
    -----
    Harrington et al. 2007 (J Biomech 40:595-602, doi 10.1016/j.jbiomech.2006.02.003), the
    equations in pelvic width and pelvic depth alone: from the middle of the ASIS, in mm,
    ``-0.24 PD - 9.9`` forward, ``-0.30 PW - 10.9`` upward, ``0.33 PW + 7.3`` to the side. Width
    and depth are medians over the frames. Published errors are 3-5 mm on MRI; on skin markers
    expect one to two centimetres.
    """
    middle = (left_asis + right_asis) / 2
    across = right_asis - left_asis
    rightward = _unit(across)
    upward = _unit(np.cross(rightward, middle - mid_psis))
    forward = np.cross(upward, rightward)
    width = float(np.nanmedian(np.linalg.norm(across, axis=1)))
    depth = float(np.nanmedian(np.linalg.norm(middle - mid_psis, axis=1)))
    base = middle + forward * (-0.24 * depth - 0.0099) + upward * (-0.30 * width - 0.0109)
    lateral = rightward * (0.33 * width + 0.0073)
    return base - lateral, base + lateral


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _regressed_hip(
    side: Side, roles: Mapping[tuple[str, str], int], labels: Sequence[str], points: np.ndarray
) -> list[MadeKeypoint]:
    front = [roles[s, "front pelvis"] for s in SIDES if (s, "front pelvis") in roles]
    back = [roles[s, "back pelvis"] for s in SIDES if (s, "back pelvis") in roles]
    if len(back) < 2:
        back = [i for i, label in enumerate(labels) if _letters(label) in _SACRUM][:1]
    if len(front) < 2 or not back:
        return []
    left_asis, right_asis = (points[:, index] for index in front)
    mid_psis = points[:, back].mean(axis=1)
    if not np.isfinite(left_asis + right_asis + mid_psis).any():
        return []
    position = hip_centres(left_asis, right_asis, mid_psis)[SIDES.index(side)]
    used = ", ".join(labels[index] for index in front + back)
    return [MadeKeypoint(position, f"regression on {used} (Harrington 2007)")]


def _from_aliases(
    labels: Sequence[str], points: np.ndarray, aliases: Aliases
) -> dict[str, MadeKeypoint]:
    made = {}
    for name, markers in aliases.items():
        if name not in KEYPOINTS:
            raise UnreadableInput(
                f"{name} is not a keypoint",
                where="keypoints",
                hint=f"Known: {', '.join(KEYPOINTS)}",
            )
        wanted = [markers] if isinstance(markers, str) else list(markers)
        absent = [marker for marker in wanted if marker not in labels]
        if absent or not wanted:
            raise UnreadableInput(
                f"the file has no marker {', '.join(absent)} (wanted for {name})",
                where="keypoints",
                hint=f"It has: {', '.join(labels)}",
            )
        made[name] = _mean([labels.index(marker) for marker in wanted], labels, points)
    return made


def _mean(indices: Sequence[int], labels: Sequence[str], points: np.ndarray) -> MadeKeypoint:
    names = " and ".join(labels[index] for index in indices)
    made_from = names if len(indices) == 1 else f"mean of {names}"
    return MadeKeypoint(points[:, list(indices)].mean(axis=1), made_from)


def _choose(candidates: Sequence[MadeKeypoint]) -> MadeKeypoint | None:
    most = max((candidate.seen for candidate in candidates), default=0)
    if most == 0:
        return None
    return next(candidate for candidate in candidates if candidate.seen >= _ENOUGH * most)


def _roles(labels: Sequence[str]) -> dict[tuple[str, str], int]:
    """Marker index for each (side, role); of several spellings the one listed first."""
    ranked: dict[tuple[str, str], tuple[int, int]] = {}
    for index, label in enumerate(labels):
        found = _side_and_part(label)
        if found is None:
            continue
        side, part = found
        for role, spellings in _SPELLINGS.items():
            if part in spellings:
                rank = (spellings.index(part), index)
                ranked[side, role] = min(rank, ranked.get((side, role), rank))
    return {key: index for key, (_, index) in ranked.items()}


def _side_and_part(label: str) -> tuple[str, str] | None:
    """Split a marker's name into the side and the rest, in small letters."""
    words = [word for word in re.split(r"[^a-z0-9]+", label.lower()) if word]
    if len(words) > 1 and words[-1] == _STUDY_SUFFIX:
        words.pop()
    for side in SIDES:
        if len(words) > 1 and (side in words or side[0] in words):
            rest = [word for word in words if word not in (side, side[0])]
            return side, "".join(rest)
    whole = "".join(words)
    known = {part for spellings in _SPELLINGS.values() for part in spellings}
    for side in SIDES:
        for prefix in (side, side[0]):
            if whole.startswith(prefix) and whole[len(prefix) :] in known:
                return side, whole[len(prefix) :]
    ours = canonical_name(label)
    if ours is None:
        return None
    side_of_ours, part = ours.split("_")
    return side_of_ours, part


def _letters(label: str) -> str:
    return re.sub(r"[^a-z0-9]", "", label.lower())
