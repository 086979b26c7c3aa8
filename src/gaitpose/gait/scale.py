"""Pixels to metres: the subject's leg is the ruler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.errors import NoSubjectFound
from gaitpose.gait import robust
from gaitpose.gait.findings import Finding
from gaitpose.skeleton import SIDES, Side
from gaitpose.subject import LEG_LENGTH_RANGE, Subject

UNITS = {1.0: "metres", 0.001: "millimetres", 0.01: "centimetres"}
"""Units that positions may turn out to have, by their length in metres; likeliest first."""

Source = Literal["leg length", "height (estimated)", "3-D"]


class ScaleSettings(BaseModel):
    """How lengths are scaled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    height_spread: float = Field(default=0.04, ge=0)
    """Relative standard deviation of leg length over body height among people."""
    odd_for_height: float = Field(default=0.15, gt=0)
    """Relative difference between leg length and body height, both given, that is asked about."""
    tolerated_mismatch: float = Field(default=0.10, gt=0)
    """Relative difference between the given and the measured leg (3-D) that is passed over."""


@dataclass(frozen=True)
class Scale:
    """How lengths of the input become metres.

    Parameters
    ----------
    metres_per_px : float
        Of the near leg, median over the passes; 1 for 3-D input in metres.
    spread : float
        Relative standard deviation of one look at it (0.02 is 2 %); that of a body-height estimate
        is included.
    source : str
        What it rests on.
    per_pass : tuple of float
        Metres per pixel of the near leg in each pass, in the order of ``SagittalMotion.passes``.
    """

    metres_per_px: float
    spread: float
    source: Source
    per_pass: tuple[float, ...] = ()


def segment_lengths(position: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Measure thighs and shanks.

    Parameters
    ----------
    position : array, (time, keypoints, space)
    names : sequence of str

    Returns
    -------
    array, (time, 2 sides, 2 segments)
        Left, right; thigh, shank. Units of ``position``; NaN where a joint is missing.
    """
    order = list(names)
    chains = [[order.index(f"{s}_{j}") for j in ("hip", "knee", "ankle")] for s in SIDES]
    return np.linalg.norm(np.diff(position[:, chains], axis=2), axis=3)


def typical_leg(lengths: np.ndarray) -> float:
    """Return thigh plus shank, median over time, mean of the legs that are seen.

    Parameters
    ----------
    lengths : array, (time, 2 sides, 2 segments)

    Raises
    ------
    NoSubjectFound
        If on neither side hip, knee and ankle are seen.

    Notes
    -----
    The median, since the two errors of a single look go opposite ways: a segment that leaves the
    sagittal plane looks shorter, noise and outliers make it longer.
    """
    legs = robust.median(lengths).sum(axis=1)
    length = float(robust.mean(legs))
    if not length > 0:
        raise NoSubjectFound(
            "hip, knee and ankle of a leg are never seen",
            hint="The whole leg must be in the picture",
        )
    return length


def _against_height(subject: Subject, settings: ScaleSettings) -> tuple[Finding, ...]:
    ratio = subject.leg_over_usual
    if ratio is None or abs(ratio - 1) <= settings.odd_for_height:
        return ()
    message = (
        f"The leg length given is {100 * ratio:.0f} % of that of other people of this height: is "
        "one of them mistyped? All lengths and speeds rest on it."
    )
    return (Finding("leg-odd-for-height", "warning", message),)


def find_scale(
    near_legs: Sequence[np.ndarray],
    near_sides: Sequence[Side],
    subject: Subject,
    settings: ScaleSettings,
) -> tuple[Scale | None, tuple[Finding, ...]]:
    """Find metres per pixel from the near leg of each pass.

    Parameters
    ----------
    near_legs : sequence of array, (time, 2 segments)
        Thigh and shank of the near leg, picture units, one array a pass.
    near_sides : sequence of {"left", "right"}
    subject : Subject
    settings : ScaleSettings

    Returns
    -------
    scale : Scale or None
        None if the subject's size is not known.
    findings : tuple of Finding
    """
    metres = subject.leg_lengths()
    if metres is None:
        return None, (
            Finding(
                "no-scale",
                "info",
                "Nothing is known of the subject's size, so lengths are given in leg lengths. "
                "Give the leg length (or thigh and shank, or height) to have metres.",
            ),
        )
    looks = []
    per_pass = []
    for legs, side in zip(near_legs, near_sides, strict=True):
        pixels = float(robust.median(legs).sum())
        per_pass.append(metres[SIDES.index(side)] / pixels)
        looks.append(legs.sum(axis=1) / pixels)
    spread = float(robust.spread(np.concatenate(looks)))
    if not subject.is_estimated:
        scale = Scale(float(np.median(per_pass)), spread, "leg length", tuple(per_pass))
        return scale, _against_height(subject, settings)
    spread = float(np.hypot(spread, settings.height_spread))
    finding = Finding(
        "scale-estimated",
        "warning",
        f"Lengths rest on a leg length estimated from body height ({metres[0]:.2f} m); "
        f"people differ by {100 * settings.height_spread:.0f} %.",
    )
    return Scale(float(np.median(per_pass)), spread, "height (estimated)", tuple(per_pass)), (
        finding,
    )


def check_metres(
    lengths: np.ndarray, subject: Subject, settings: ScaleSettings
) -> tuple[float, tuple[Finding, ...]]:
    """Compare 3-D input, said to be in metres, with a human leg and with the subject's.

    Parameters
    ----------
    lengths : array, (time, 2 sides, 2 segments)
        As read.
    subject : Subject
    settings : ScaleSettings

    Returns
    -------
    factor : float
        1, or 0.001 or 0.01 where the input is evidently in millimetres or centimetres.
    findings : tuple of Finding
    """
    measured = typical_leg(lengths)
    low, high = LEG_LENGTH_RANGE
    plausible = [factor for factor in UNITS if low <= factor * measured <= high]
    if not plausible:
        message = (
            f"The legs measure {measured:.3g} m, which no leg does: lengths and speeds are only "
            "proportional to the true ones."
        )
        return 1.0, (Finding("implausible-size", "warning", message),)
    factor = plausible[0]
    findings = []
    if factor != 1.0:
        message = f"Positions said to be in metres are in {UNITS[factor]}, and were converted."
        findings.append(Finding("units-corrected", "warning", message))
    given = subject.leg_lengths()
    if given is not None:
        mismatch = factor * measured / (sum(given) / 2) - 1.0
        if abs(mismatch) > settings.tolerated_mismatch:
            message = (
                f"The legs measure {factor * measured:.2f} m, {100 * abs(mismatch):.0f} % "
                f"{'more' if mismatch > 0 else 'less'} than given ({sum(given) / 2:.2f} m)."
            )
            findings.append(Finding("leg-length-mismatch", "warning", message))
    return factor, tuple(findings)
