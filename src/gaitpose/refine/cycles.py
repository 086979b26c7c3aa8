"""Walking cycles as joint angles of a Kinect, with or without those of motion capture.

``cycle_data`` of a MATLAB file: one row a cycle, in each cell twelve angles over time (knee and
hip, three axes, left and right).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.io import loadmat
from scipy.io.matlab import MatReadError

from gaitpose.errors import UnreadableInput
from gaitpose.refine.pairs import Dataset, PairedSequence
from gaitpose.skeleton import SIDES, Side

KIND = "Kinect V2 angles, walking cycles"
CYCLES = "cycle_data"
ROWS: dict[Side, tuple[int, ...]] = {"left": (0, 1, 2, 6, 7, 8), "right": (3, 4, 5, 9, 10, 11)}
"""Knee x y z and hip x y z of each leg among the twelve angles."""

TARGETS: dict[str, dict[Side, int]] = {
    "hip_flexion": {"left": 6, "right": 9},
    "knee_flexion": {"left": 0, "right": 3},
}
OWN: dict[str, int] = {"hip_flexion": 4, "knee_flexion": 0}
"""Which of a leg's six Kinect angles is the flexion."""

PHASE_HARMONICS = (1, 2, 3)
"""A cycle is cut from strike to strike, so where in it a frame lies is known."""

SUBJECTS = (("A", 0, 19), ("B", 19, 32))
"""The file does not say who walked; its description does: cycles 1-19 and 20-32."""

NAMES: tuple[str, ...] = tuple(
    f"{kind}angle {whose} {joint} {axis}"
    for kind in ("", "sine of ", "cosine of ")
    for whose in ("own", "other")
    for joint in ("knee", "hip")
    for axis in "xyz"
) + tuple(
    f"{wave} of {harmonic} times the phase"
    for wave in ("sine", "cosine")
    for harmonic in PHASE_HARMONICS
)
"""Features of one leg, in order."""


@dataclass(frozen=True, eq=False)
class WalkingCycle:
    """One cycle.

    Attributes
    ----------
    name : str
    kinect : array, (frames, 12)
        Degrees.
    reference : array, (frames, 12), or None
        Motion capture's, where the file has them.
    """

    name: str
    kinect: np.ndarray
    reference: np.ndarray | None


def read_cycles(source: Path) -> list[WalkingCycle]:
    """Read every cycle of a file.

    Raises
    ------
    UnreadableInput
        If it is no MATLAB file, holds no such cycles, or they are in radians.
    """
    try:
        content = loadmat(source)
    except (MatReadError, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableInput("is no MATLAB file", where=str(source)) from error
    cells = content.get(CYCLES)
    if cells is None or cells.ndim != 2 or cells.shape[1] not in (1, 2):
        raise UnreadableInput(
            f"holds no {CYCLES} with Kinect angles, and motion capture's beside them",
            where=str(source),
        )
    return [_cycle(row, number, source) for number, row in enumerate(cells, 1)]


def cycle_features(kinect: np.ndarray, side: Side) -> np.ndarray:
    """Features of one leg, (frames, features), as :data:`NAMES` tells.

    Parameters
    ----------
    kinect : array, (frames, 12)
        Degrees.
    side : {"left", "right"}
    """
    other: Side = "left" if side == "right" else "right"
    angles = kinect[:, [*ROWS[side], *ROWS[other]]]
    turned = np.radians(angles)
    phase = _phase(len(angles), side)
    return np.concatenate([angles, np.sin(turned), np.cos(turned), phase], axis=1)


def cycle_dataset(source: Path, rate: float) -> Dataset:
    """Pairs of all cycles; `rate`, in frames a second, is not in the file."""
    cycles = read_cycles(source)
    sequences = []
    for subject, first, last in SUBJECTS:
        for cycle in cycles[first:last]:
            if cycle.reference is None:
                raise UnreadableInput(
                    "motion capture's angles are absent", where=f"{source}, {cycle.name}"
                )
            for side in SIDES:
                wanted = [rows[side] for rows in TARGETS.values()]
                sequences.append(
                    PairedSequence(
                        subject,
                        cycle.name,
                        side,
                        cycle_features(cycle.kinect, side),
                        cycle.kinect[:, list(ROWS[side])][:, list(OWN.values())],
                        cycle.reference[:, wanted],
                        0.0,
                        "walking",
                    )
                )
    return Dataset(
        kind=KIND,
        rate=rate,
        feature_names=NAMES,
        angles=tuple(TARGETS),
        features=None,
        sequences=tuple(sequences),
    )


def _cycle(row: np.ndarray, number: int, source: Path) -> WalkingCycle:
    where = f"{source}, cycle {number}"
    kinect, *others = (np.asarray(cell, dtype=float).T for cell in row)
    shapes = [one.shape for one in (kinect, *others)]
    if any(len(shape) != 2 or shape[1] != 12 or shape != shapes[0] for shape in shapes):
        raise UnreadableInput(
            f"shapes {' and '.join(map(str, shapes))} are not (frames, 12)", where=where
        )
    if np.isfinite(kinect).any() and np.nanmax(np.abs(kinect)) <= 2 * np.pi:
        raise UnreadableInput(
            f"angles are at most {np.nanmax(np.abs(kinect)):.3g}, so they are in radians",
            where=where,
            hint="Give degrees",
        )
    return WalkingCycle(f"cycle {number}", kinect, others[0] if others else None)


def _phase(frames: int, side: Side) -> np.ndarray:
    """Sines and cosines of the phase; the other leg is half a cycle on."""
    turns = np.linspace(0, 1, frames) + (0.5 if side == "left" else 0.0)
    angle = 2 * np.pi * np.outer(turns, PHASE_HARMONICS)
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1)
