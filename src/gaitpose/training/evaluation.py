"""Measures a network on labelled people: crops from their boxes, and whole pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from gaitpose.pose.codec import decode
from gaitpose.pose.estimator import Box, Estimator
from gaitpose.pose.gaitposenet import GaitPoseNet
from gaitpose.pose.labels import normalise
from gaitpose.pose.network import PoseNetwork
from gaitpose.skeleton import JOINTS
from gaitpose.training.metrics import correct_joints, pcks, side_confusion
from gaitpose.training.people import Person
from gaitpose.training.views import PLAIN, person_view

BATCH = 32


@dataclass(frozen=True)
class Score:
    """How right a network is on some people.

    Attributes
    ----------
    people : int
        How many.
    pcks, pcks_strict : float
        PCKs at 0.1 and 0.08 (Eq. 12), 0..1.
    by_joint : float array, (8,)
        PCKs at 0.1 of each joint.
    side_confusion : float
        Share of leg pairs found with left and right exchanged.
    """

    people: int
    pcks: float
    pcks_strict: float
    by_joint: np.ndarray
    side_confusion: float


def score(found: np.ndarray, joints: np.ndarray, labelled: np.ndarray) -> Score:
    """Compare found joints (N, 8, 2) with labels (N, 8, 2) where `labelled` (N, 8)."""
    right = correct_joints(found, joints, labelled, 0.1)
    return Score(
        people=len(found),
        pcks=pcks(found, joints, labelled, 0.1),
        pcks_strict=pcks(found, joints, labelled, 0.08),
        by_joint=right.sum(0) / np.maximum(labelled.sum(0), 1),
        side_confusion=side_confusion(found, joints, labelled),
    )


@torch.inference_mode()
def evaluate_crops(network: PoseNetwork, people: Sequence[Person], *, size: int) -> Score:
    """Score a network in evaluation mode on the plain crops around people's boxes.

    Parameters
    ----------
    network : PoseNetwork
        In evaluation mode, on any device.
    people : sequence of Person
        Labelled people.
    size : int
        Side of the crop in pixels.
    """
    device = next(network.parameters()).device
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
    labelled = np.stack([person.visibility > 0 for person in people])
    return score(np.stack(found), joints, labelled)


def evaluate(
    estimator: Estimator,
    people: Sequence[Person],
    progress: Callable[[int, int | None], None] | None = None,
) -> Score:
    """Score an estimator, as users run it, on labelled people whose boxes it is given.

    Parameters
    ----------
    estimator : Estimator
        Any.
    people : sequence of Person
        Labelled people.
    progress : callable, optional
        Called with (people done, people in all).
    """
    found = []
    for index, person in enumerate(people):
        found.append(estimator.predict(person.image, Box(*person.box))[: len(JOINTS), :2])
        if progress is not None:
            progress(index + 1, len(people))
    return _score_people(found, people)


def evaluate_whole_pictures(
    network: GaitPoseNet,
    people: Sequence[Person],
    progress: Callable[[int, int | None], None] | None = None,
) -> Score:
    """Score GaitPoseNet where no box is given: it looks twice, first at the whole picture.

    Pictures with several labelled people are left out, as it cannot know whom to take.
    """
    labelled = Counter((person.dataset, person.file_name) for person in people)
    alone = [each for each in people if labelled[each.dataset, each.file_name] == 1]
    found = []
    for index, person in enumerate(alone):
        found.append(network.predict(person.image)[:, :2])
        if progress is not None:
            progress(index + 1, len(alone))
    return _score_people(found, alone)


def _score_people(found: list[np.ndarray], people: Sequence[Person]) -> Score:
    joints = np.stack([person.joints for person in people])
    labelled = np.stack([person.visibility > 0 for person in people])
    return score(np.stack(found), joints, labelled)
