"""Measures estimators on labelled people: crops from their boxes, whole pictures, groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from gaitpose.pose.codec import decode
from gaitpose.pose.estimator import Box, Estimator
from gaitpose.pose.gaitposenet import GaitPoseNet
from gaitpose.pose.network import PoseNetwork
from gaitpose.pose.normalise import Normalise
from gaitpose.skeleton import JOINTS
from gaitpose.training.metrics import correct_joints, pck_torso, side_confusion
from gaitpose.training.people import Person
from gaitpose.training.views import PLAIN, person_view

BATCH = 32

SIDE_VIEW_WITHIN = 30.0
"""Degrees: views within this of the exact side view are side views, of front or back along."""

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Score:
    """How right an estimator is on some people.

    Attributes
    ----------
    people, joints : int
        How many, and how many labelled joints they have.
    pcks, pcks_strict : float
        PCKs at 0.1 and 0.08 (Eq. 12), 0..1.
    pck_torso : float
        Share of joints within 0.2 torso diameters.
    by_joint : float array, (8,)
        PCKs at 0.1 of each joint; NaN where nobody has it labelled.
    side_confusion : float
        Share of leg pairs found with left and right exchanged.
    """

    people: int
    joints: int
    pcks: float
    pcks_strict: float
    pck_torso: float
    by_joint: np.ndarray
    side_confusion: float


def score(
    found: np.ndarray, joints: np.ndarray, labelled: np.ndarray, counted: np.ndarray | None = None
) -> Score:
    """Compare found joints (N, 8, 2) with labels (N, 8, 2) where `labelled` (N, 8).

    `counted` (N, 8) restricts which of the labelled joints are judged, not what the reference
    lengths are taken from.
    """
    judged = labelled if counted is None else labelled & counted
    right = correct_joints(found, joints, labelled, 0.1) & judged
    strict = correct_joints(found, joints, labelled, 0.08) & judged
    number = int(judged.sum())
    with np.errstate(invalid="ignore"):
        by_joint = right.sum(0) / judged.sum(0)
    return Score(
        people=len(found),
        joints=number,
        pcks=float(right.sum() / max(number, 1)),
        pcks_strict=float(strict.sum() / max(number, 1)),
        pck_torso=pck_torso(found, joints, labelled, judged),
        by_joint=by_joint,
        side_confusion=side_confusion(found, joints, labelled),
    )


@torch.inference_mode()
def find_in_crops(
    network: PoseNetwork, people: Sequence[Person], *, size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Let a network look at the plain crops around people's boxes, many at a time.

    Parameters
    ----------
    network : PoseNetwork
        In evaluation mode, on any device.
    people : sequence of Person
        N labelled people.
    size : int
        Side of the crop in pixels.

    Returns
    -------
    found, joints : float array, (N, 8, 2)
        In pixels of the crops.
    visibility : int array, (N, 8)
        COCO's.
    """
    device = next(network.parameters()).device
    normalise = Normalise().to(device)
    rng = np.random.default_rng(0)
    views = [person_view(person, size, PLAIN, rng) for person in people]
    found = []
    for start in range(0, len(views), BATCH):
        images = np.stack([view.image for view in views[start : start + BATCH]])
        pixels = normalise(torch.from_numpy(images).to(device))
        with torch.autocast(device.type, torch.bfloat16):
            maps = network(pixels.contiguous(memory_format=torch.channels_last))
        each = torch.cat((maps.heatmap, maps.offset), 1).float().cpu().numpy()
        found += [decode(one, network.config.heatmap)[:, :2] for one in each]
    joints = np.stack([view.joints for view in views])
    return np.stack(found), joints, np.stack([person.visibility for person in people])


def evaluate_crops(network: PoseNetwork, people: Sequence[Person], *, size: int) -> Score:
    """Score a network on plain crops (:func:`find_in_crops`)."""
    found, joints, visibility = find_in_crops(network, people, size=size)
    return score(found, joints, visibility > 0)


def find_joints(
    estimator: Estimator, people: Sequence[Person], progress: Progress | None = None
) -> np.ndarray:
    """Let an estimator, as users run it, find people whose boxes it is given.

    Parameters
    ----------
    estimator : Estimator
        Its first eight keypoints are ours.
    people : sequence of Person
        N labelled people.
    progress : callable, optional
        Called with (people done, people in all).

    Returns
    -------
    float array, (N, 8, 3)
        x, y in pixels of each person's image and confidence.
    """
    found = np.empty((len(people), len(JOINTS), 3))
    for index, person in enumerate(people):
        found[index] = estimator.predict(person.image, Box(*person.box))[: len(JOINTS)]
        if progress is not None:
            progress(index + 1, len(people))
    return found


def evaluate(
    estimator: Estimator, people: Sequence[Person], progress: Progress | None = None
) -> Score:
    """Score an estimator on labelled people whose boxes it is given (:func:`find_joints`)."""
    return _score_people(find_joints(estimator, people, progress), people)


def evaluate_whole_pictures(
    network: GaitPoseNet, people: Sequence[Person], progress: Progress | None = None
) -> Score:
    """Score GaitPoseNet where no box is given: it first looks at the whole picture.

    Pictures with several labelled people are left out, as it cannot know whom to take.
    """
    labelled = Counter((person.dataset, person.file_name) for person in people)
    alone = [each for each in people if labelled[each.dataset, each.file_name] == 1]
    found = []
    for index, person in enumerate(alone):
        found.append(network.predict(person.image))
        if progress is not None:
            progress(index + 1, len(alone))
    return _score_people(np.stack(found), alone)


def breakdown(found: np.ndarray, people: Sequence[Person]) -> pd.DataFrame:
    """Score groups of people and of joints apart.

    Parameters
    ----------
    found : float array, (N, 8, 3)
        Of :func:`find_joints`.
    people : sequence of Person
        The same N.

    Returns
    -------
    DataFrame
        One row a group that is not empty: group, people, joints, ``pcks_0.1``, ``pcks_0.08``,
        ``pck_torso_0.2``, ``leg_pairs_exchanged``, then PCKs at 0.1 of each joint. Groups: all;
        joints labelled as visible and as hidden; view along, side and oblique (``view_deg`` of
        :class:`gaitpose.io.wpe.Labels`) or as ``view_by_eye`` says; with and without exoskeleton.
    """
    joints = np.stack([person.joints for person in people])
    visibility = np.stack([person.visibility for person in people])
    rows = []
    for name, chosen, counted in _groups(people, visibility):
        if not (chosen[:, None] & counted).any():
            continue
        labelled = visibility[chosen] > 0
        each = score(found[chosen, :, :2], joints[chosen], labelled, counted[chosen])
        rows.append({"group": name, **score_row(each)})
    return pd.DataFrame(rows)


def score_row(each: Score) -> dict[str, float]:
    """Return a score as the columns of a table."""
    return {
        "people": each.people,
        "joints": each.joints,
        "pcks_0.1": round(each.pcks, 4),
        "pcks_0.08": round(each.pcks_strict, 4),
        "pck_torso_0.2": round(each.pck_torso, 4),
        "leg_pairs_exchanged": round(each.side_confusion, 4),
        **{name: round(float(v), 4) for name, v in zip(JOINTS, each.by_joint, strict=True)},
    }


def view_of(person: Person) -> str | None:
    """Return along, side or oblique, or what somebody saw by eye; None where it is not known."""
    degrees = person.attributes.get("view_deg")
    if degrees is None:
        seen = person.attributes.get("view_by_eye")
        return None if seen is None else str(seen)
    from_side = abs((float(degrees) + 90) % 180 - 90)  # 0 beside the walker, 90 ahead or behind
    if from_side < SIDE_VIEW_WITHIN:
        return "side"
    return "along" if from_side > 90 - SIDE_VIEW_WITHIN else "oblique"


def _groups(
    people: Sequence[Person], visibility: np.ndarray
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield name, people (N,) and joints (N, 8) of each group."""
    everyone, every_joint = np.ones(len(people), bool), visibility > 0
    yield "all", everyone, every_joint
    yield "visible joints", everyone, visibility == 2
    yield "hidden joints", everyone, visibility == 1
    views = [view_of(person) for person in people]
    for view in sorted({view for view in views if view is not None}):
        yield f"view: {view}", np.array([each == view for each in views]), every_joint
    worn = [person.attributes.get("exoskeleton") for person in people]
    for name, value in (("with exoskeleton", True), ("without exoskeleton", False)):
        yield name, np.array([each is value for each in worn]), every_joint


def _score_people(found: np.ndarray, people: Sequence[Person]) -> Score:
    joints = np.stack([person.joints for person in people])
    labelled = np.stack([person.visibility > 0 for person in people])
    return score(found[..., :2], joints, labelled)
