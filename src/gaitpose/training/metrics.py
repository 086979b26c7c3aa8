"""How right joints are: PCKs of the article, left/right confusion."""

from __future__ import annotations

import numpy as np

from gaitpose.skeleton import JOINTS, LEG_JOINTS, MIRROR

_TORSO = (("left_shoulder", "right_hip"), ("right_shoulder", "left_hip"))


def reference_length(joints: np.ndarray, labelled: np.ndarray) -> np.ndarray:
    """Return delta of Eq. 13, ``min(max x - min x, max y - min y)`` over the labelled joints.

    Parameters
    ----------
    joints : float array, (N, 8, 2)
        x, y in pixels.
    labelled : bool array, (N, 8)
        Which of them count.

    Returns
    -------
    float array, (N,)
        Pixels; NaN where fewer than two joints are labelled.
    """
    known = np.where(labelled[..., None], joints, np.nan)
    enough = labelled.sum(1) >= 2
    delta = np.full(len(joints), np.nan)
    chosen = known[enough]
    delta[enough] = (np.nanmax(chosen, 1) - np.nanmin(chosen, 1)).min(1)
    return delta


def correct_joints(
    found: np.ndarray, joints: np.ndarray, labelled: np.ndarray, threshold: float
) -> np.ndarray:
    """Say which joints are right (Eq. 12): error over :func:`reference_length` <= threshold.

    Parameters
    ----------
    found : float array, (N, 8, 2)
        Found joints; NaN counts as wrong.
    joints, labelled
        As in :func:`reference_length`.
    threshold : float
        0.1 and 0.08 in the article.

    Returns
    -------
    bool array, (N, 8)
        False where not labelled.
    """
    error = np.linalg.norm(found - joints, axis=2)
    with np.errstate(invalid="ignore"):
        return labelled & (error <= threshold * reference_length(joints, labelled)[:, None])


def pcks(
    found: np.ndarray, joints: np.ndarray, labelled: np.ndarray, threshold: float = 0.1
) -> float:
    """Return the share of labelled joints that :func:`correct_joints` calls right."""
    return float(correct_joints(found, joints, labelled, threshold).sum() / max(labelled.sum(), 1))


def pck_torso(
    found: np.ndarray, joints: np.ndarray, labelled: np.ndarray, judged: np.ndarray
) -> float:
    """Return the share of judged joints within 0.2 torso diameters (PCK of Yang & Ramanan 2013).

    The torso's diameter is the mean of the two diagonals left shoulder - right hip and right
    shoulder - left hip, of those whose ends are labelled; people without any are left out.
    """
    ends = [(JOINTS.index(a), JOINTS.index(b)) for a, b in _TORSO]
    lengths = np.stack([np.linalg.norm(joints[:, a] - joints[:, b], axis=1) for a, b in ends], 1)
    known = np.stack([labelled[:, a] & labelled[:, b] for a, b in ends], 1)
    with np.errstate(invalid="ignore"):
        diameter = np.where(known, lengths, 0).sum(1) / known.sum(1)
    error = np.linalg.norm(found - joints, axis=2)
    counted = judged & np.isfinite(diameter)[:, None]
    with np.errstate(invalid="ignore"):
        right = counted & (error <= 0.2 * diameter[:, None])
    return float(right.sum() / max(counted.sum(), 1))


def side_confusion(found: np.ndarray, joints: np.ndarray, labelled: np.ndarray) -> float:
    """Return the share of leg joint pairs that fit better with left and right exchanged.

    Pairs count if both sides are labelled, lie apart by more than the reference length's half, and
    either assignment leaves both joints within that distance of their places on average: so it
    measures sides, not misses.
    """
    delta = reference_length(joints, labelled)[:, None]
    lefts = [i for i, name in enumerate(JOINTS) if name in LEG_JOINTS and name.startswith("left")]
    rights = [MIRROR[i] for i in lefts]
    straight = _pair_error(found[:, lefts], found[:, rights], joints[:, lefts], joints[:, rights])
    crossed = _pair_error(found[:, rights], found[:, lefts], joints[:, lefts], joints[:, rights])
    gap = np.linalg.norm(joints[:, lefts] - joints[:, rights], axis=2)
    counted = labelled[:, lefts] & labelled[:, rights] & (gap > 0.5 * delta)
    with np.errstate(invalid="ignore"):
        counted &= np.minimum(straight, crossed) < 0.5 * delta
    return float((counted & (crossed < straight)).sum() / max(counted.sum(), 1))


def _pair_error(
    found_a: np.ndarray, found_b: np.ndarray, true_a: np.ndarray, true_b: np.ndarray
) -> np.ndarray:
    return 0.5 * (
        np.linalg.norm(found_a - true_a, axis=2) + np.linalg.norm(found_b - true_b, axis=2)
    )
