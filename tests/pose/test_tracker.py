from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gaitpose.pose.body import Body
from gaitpose.pose.estimator import Box
from gaitpose.pose.tracker import Stretch, SubjectTracker, Whereabouts

from .test_body import standing

FRAME = np.zeros((400, 800, 3), np.uint8)
DT = 1 / 30


class People:
    """An estimator that sees, in a box, the person whose hips are nearest to its middle."""

    name = "people"
    keypoints = ()

    def __init__(self, *people: Callable[[float], Body | None]) -> None:
        self.people = people
        self.t = 0.0
        self.looks = 0

    def predict(self, rgb: np.ndarray, box: Box) -> np.ndarray:
        self.looks += 1
        x, y = box.centre
        bodies = [body for person in self.people if (body := person(self.t)) is not None]
        near = [
            body
            for body in bodies
            if abs(body.x - x) < 0.5 * box.height and 0.6 < body.height / box.height < 1.6
        ]
        if not near:
            return np.column_stack([np.full((8, 2), [x, y]), np.full(8, 0.02)])
        joints = standing(*_size_first(min(near, key=lambda body: abs(body.x - x))))
        joints[:, 2] = 0.9
        return joints

    def describe(self) -> dict[str, str]:
        return {}


def _size_first(body: Body) -> tuple[float, float, float]:
    return body.height, body.x, body.y


def whereabouts(*stretches: tuple[float, float], at: Callable[[float], tuple]) -> Whereabouts:
    made = []
    for start, stop in stretches:
        times = np.arange(start, stop + 1e-9, 0.1)
        made.append(Stretch(times, np.array([at(t) for t in times])))
    return Whereabouts(tuple(made))


def follow(tracker: SubjectTracker, people: People, seconds: float, interval: float = DT):
    for index in range(round(seconds / interval)):
        people.t = index * interval
        yield people.t, tracker.find(FRAME, people.t)


def test_coarse_whereabouts_that_are_off_are_corrected():
    def truth(t: float) -> Body:
        return Body(100 + 120 * t, 200, 180)

    coarse = whereabouts((0, 4), at=lambda t: (115 + 120 * t, 215, 220))
    people = People(truth)
    misses = [
        np.hypot(found.box.centre[0] - truth(t).x, found.box.centre[1] - truth(t).box.centre[1])
        for t, found in follow(SubjectTracker(coarse, people), people, 4)
        if t > 1
    ]
    assert max(misses) < 6


def test_the_crop_does_not_jump_to_who_is_crossed():
    def subject(t: float) -> Body | None:
        return None if 1.7 < t < 2.3 else Body(100 + 120 * t, 200, 180)

    people = People(subject, lambda t: Body(340, 195, 190))
    coarse = whereabouts((0, 4), at=lambda t: (100 + 120 * t, 200, 180))
    for t, found in follow(SubjectTracker(coarse, people), people, 4):
        assert abs(found.box.centre[0] - (100 + 120 * t)) < 0.45 * 180
        if found.joints is not None and not 1.3 < t < 2.8:
            assert found.joints[2, 0] == pytest.approx(100 + 120 * t)


@pytest.mark.parametrize(
    ("speed", "fps", "tremble"), [(60, 30, 0.0), (120, 30, 0.0), (180, 30, 0.0), (120, 240, 2.0)]
)
def test_who_comes_out_from_behind_another_is_found_at_once(
    speed: float, fps: float, tremble: float
):
    """The crop is not drawn to who stands still while the subject must have walked on."""
    middle, hidden = 240 / speed, 45 / speed
    rng = np.random.default_rng(0)

    def subject(t: float) -> Body | None:
        seen = abs(t - middle) >= hidden
        return Body(100 + speed * t + rng.normal(0, tremble), 200, 180) if seen else None

    people = People(subject, lambda t: Body(340 + rng.normal(0, tremble), 195, 190))
    end = 600 / speed
    coarse = whereabouts((0, end), at=lambda t: (100 + speed * t, 200, 180))
    wrong = [
        t
        for t, found in follow(SubjectTracker(coarse, people), people, end, 1 / fps)
        if found.joints is None or abs(found.joints[2, 0] - (100 + speed * t)) > 1 + 8 * tremble
    ]
    assert max(wrong) < middle + hidden + DT


def test_whoever_else_is_seen_first_the_subject_is_looked_for():
    """Legs are seen surely, but too far away to be the subject's: that is no reason to give up."""
    other = Body(200, 200, 180)

    class Drawn(People):
        def predict(self, rgb, box):
            joints = super().predict(rgb, box)
            if box.height > 150:
                joints = standing(*_size_first(other))
                joints[:, 2] = 0.9
            return joints

    people = Drawn(lambda t: Body(300, 200, 180))
    coarse = whereabouts((0, 2), at=lambda t: (300, 200, 180))
    found = [found for _, found in follow(SubjectTracker(coarse, people), people, 1)]
    assert found[0].joints is not None
    assert found[0].joints[2, 0] == pytest.approx(300)


def test_a_lost_subject_is_found_again_higher_up():
    truth = Body(300, 150, 180)
    people = People(lambda t: truth if t > 1 else None)

    class Strict(People):
        def predict(self, rgb, box):
            joints = super().predict(rgb, box)
            if abs(box.centre[1] - truth.box.centre[1]) > 20:
                joints[:, 2] = 0.02
            return joints

    people = Strict(lambda t: truth)
    coarse = whereabouts((0, 3), at=lambda t: (300, 150 + 0.15 * 180, 180))
    found = [found for _, found in follow(SubjectTracker(coarse, people), people, 2)]
    assert found[-1].joints is not None
    assert found[-1].joints[:, 2].mean() > 0.8


def test_searching_is_rare():
    people = People()
    coarse = whereabouts((0, 3), at=lambda t: (300, 200, 180))
    list(follow(SubjectTracker(coarse, people), people, 2))
    assert people.looks <= 60 + 5 * 21


def test_out_of_view_nothing_is_looked_at():
    people = People(lambda t: Body(100, 200, 180) if t < 1 or t > 3 else None)
    coarse = whereabouts((0, 1), (3, 4), at=lambda t: (100, 200, 180))
    for t, found in follow(SubjectTracker(coarse, people), people, 4):
        if 1.5 < t < 2.5:
            assert found.box is None
            assert found.joints is None
        if t < 0.9 or t > 3.1:
            assert found.joints is not None


def test_beyond_the_whereabouts_confident_legs_are_followed():
    def truth(t: float) -> Body:
        return Body(100 + 120 * t, 200, 180)

    people = People(truth)
    coarse = whereabouts((0, 1), at=lambda t: tuple(truth(t)))
    seen = {t: f.joints for t, f in follow(SubjectTracker(coarse, people), people, 4)}
    last = max(seen)
    assert seen[last] is not None
    assert seen[last][2, 0] == pytest.approx(truth(last).x)


def test_someone_much_larger_is_not_the_subject():
    people = People(lambda t: Body(300, 200, 290))
    coarse = whereabouts((0, 1), at=lambda t: (300, 200, 180))
    assert all(
        found.joints is None for _, found in follow(SubjectTracker(coarse, people), people, 1)
    )
