"""A ready-made network as teacher: it mends crowd labels and labels people who have only a box.

The teacher looks at every person twice, at the picture and at its mirror image; only where both
looks agree does it have a say. It is given what no user has, the labels: the person is turned
upright and centred before it looks, so it also reads somersaults, and is asked only which of the
labelled places is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gaitpose.io.files import atomic_path
from gaitpose.pose.estimator import Box, Estimator
from gaitpose.pose.people import MARGIN
from gaitpose.skeleton import JOINTS, LEG_JOINTS, MIRROR
from gaitpose.training.metrics import reference_length
from gaitpose.training.people import Person
from gaitpose.training.views import warp

LOOK_SIZE = 256

_LEFTS = tuple(i for i, name in enumerate(JOINTS) if name.startswith("left"))
_TRUNK_LENGTHS = 1.6
"""A body reaches at least this many trunk lengths from its hips."""


@dataclass(frozen=True)
class TeacherSettings:
    """When the teacher is believed; distances in shares of Eq. 13's reference length.

    Parameters
    ----------
    near : float
        A place is confirmed if both looks lie within this of it.
    contradicts : float
        A label is dropped if both looks agree with each other and lie farther than this from it.
    agree : float
        Two looks agree if they are not farther apart.
    confidence : float
        Below this on either look, the teacher does not label what nobody labelled.
    """

    near: float = 0.35
    contradicts: float = 0.8
    agree: float = 0.15
    confidence: float = 0.5


def look_twice(teacher: Estimator, person: Person) -> np.ndarray:
    """Let the teacher find the joints of a person, plainly and in the mirror.

    Parameters
    ----------
    teacher : Estimator
        Its first eight keypoints are ours.
    person : Person
        With labels, or with a box only.

    Returns
    -------
    float array, (2, 8, 3)
        x, y in pixels of the person's image and confidence; left and right are the person's own in
        both looks.
    """
    matrix = _upright(person)
    patch = warp(person.image, matrix, LOOK_SIZE)
    inner = LOOK_SIZE / MARGIN
    edge = (LOOK_SIZE - inner) / 2
    box = Box(edge, edge, edge + inner - 1, edge + inner - 1)
    plain = teacher.predict(patch, box)[: len(JOINTS)]
    mirrored = teacher.predict(np.ascontiguousarray(patch[:, ::-1]), box)[list(MIRROR)].copy()
    mirrored[:, 0] = LOOK_SIZE - 1 - mirrored[:, 0]
    looks = np.stack((plain, mirrored))
    back = np.linalg.inv(matrix[:, :2])
    looks[..., :2] = (looks[..., :2] - matrix[:, 2]) @ back.T
    return looks


def look_at_everyone(
    teacher: Estimator,
    people: Sequence[Person],
    cache: Path | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> np.ndarray:
    """Return :func:`look_twice` of all, (people, 2, 8, 3); kept in `cache` for the next sitting."""
    if cache is not None and cache.exists():
        looks = np.load(cache)
        if looks.shape == (len(people), 2, len(JOINTS), 3):
            return looks
    looks = np.empty((len(people), 2, len(JOINTS), 3))
    for index, person in enumerate(people):
        looks[index] = look_twice(teacher, person)
        if progress is not None:
            progress(index + 1, len(people))
    if cache is not None:
        cache.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(cache) as temporary, Path(temporary).open("wb") as file:
            np.save(file, looks)
    return looks


def mend(person: Person, looks: np.ndarray, settings: TeacherSettings) -> Person:
    """Return the person with sides exchanged, labels dropped or added as both looks say.

    Parameters
    ----------
    person : Person
        As labelled by the crowd.
    looks : float array, (2, 8, 3)
        Of :func:`look_twice`.
    settings : TeacherSettings
        When to believe them.
    """
    scale = _scale(person)
    joints, visibility = person.joints.copy(), person.visibility.copy()
    for left in _LEFTS:
        right = MIRROR[left]
        if (
            visibility[left]
            and visibility[right]
            and _exchanged(joints, looks, left, scale, settings)
        ):
            joints[[left, right]] = joints[[right, left]]
            visibility[[left, right]] = visibility[[right, left]]
    middle, apart = (
        looks[..., :2].mean(0),
        np.linalg.norm(looks[0, :, :2] - looks[1, :, :2], axis=1),
    )
    sure = apart <= settings.agree * scale
    away = np.linalg.norm(looks[..., :2] - joints, axis=2).min(0)
    visibility[sure & (visibility > 0) & (away > settings.contradicts * scale)] = 0
    added = sure & (person.visibility == 0) & (looks[..., 2].min(0) >= settings.confidence)
    joints[added], visibility[added] = middle[added], 2
    return replace(person, joints=joints, visibility=visibility)


def _exchanged(
    joints: np.ndarray, looks: np.ndarray, left: int, scale: float, settings: TeacherSettings
) -> bool:
    """Say whether both looks find left where right is labelled, and the reverse."""
    pair, crossed = [left, MIRROR[left]], [MIRROR[left], left]
    straight = np.linalg.norm(looks[:, pair, :2] - joints[pair], axis=2).mean(1)
    other = np.linalg.norm(looks[:, pair, :2] - joints[crossed], axis=2).mean(1)
    return bool(((other < settings.near * scale) & (other < 0.5 * straight)).all())


def _scale(person: Person) -> float:
    labelled = person.visibility > 0
    if sum(labelled[JOINTS.index(name)] for name in LEG_JOINTS) >= 4:
        return float(reference_length(person.joints[None], labelled[None])[0])
    # A standing person is about four times as tall as wide.
    return float(max(person.box[2:] - person.box[:2])) / 4


def _upright(person: Person) -> np.ndarray:
    """Matrix (2x3) from the image to a square that shows the person, trunk upwards if labelled."""
    known = person.visibility > 0
    shoulders, hips = ([i for i in pair if known[i]] for pair in ((0, 1), (2, 3)))
    if shoulders and hips:
        centre = person.joints[hips].mean(0)
        trunk = person.joints[shoulders].mean(0) - centre
        turn = -float(np.arctan2(trunk[0], -trunk[1]))
        reach = np.linalg.norm(person.joints[known] - centre, axis=1).max()
        half = 1.1 * max(reach, _TRUNK_LENGTHS * float(np.linalg.norm(trunk)))
    else:
        centre, turn = (person.box[:2] + person.box[2:]) / 2, 0.0
        half = float(max(person.box[2:] - person.box[:2])) / 2
    scale = LOOK_SIZE / (2 * MARGIN * max(half, 1.0))
    cosine, sine = np.cos(turn), np.sin(turn)
    linear = scale * np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack((linear, np.full(2, (LOOK_SIZE - 1) / 2) - linear @ centre))
