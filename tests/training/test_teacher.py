from dataclasses import replace

import numpy as np
import pytest

from gaitpose.skeleton import JOINTS, MIRROR
from gaitpose.training.people import read_people
from gaitpose.training.teacher import TeacherSettings, look_at_everyone, look_twice, mend

LEFT, RIGHT = JOINTS.index("left_knee"), JOINTS.index("right_knee")


@pytest.fixture
def person(small_data):
    return read_people(small_data / "few")[1]


class WhiteDots:
    """Finds the white dots that the test pictures' joints are, sides by the column they are in."""

    name = "dots"
    keypoints = JOINTS

    def __init__(self):
        self.calls = 0

    def predict(self, rgb, box):
        self.calls += 1
        rows, columns = np.nonzero(rgb.min(2) > 180)
        groups = np.quantile(rows, [0.01, 0.34, 0.67, 0.99])
        found = np.full((8, 3), 0.9)
        for pair, row in enumerate(groups):
            near = np.abs(rows - row) < 0.06 * len(rgb)
            middle = (columns[near].min() + columns[near].max()) / 2
            for joint, chosen in ((2 * pair, columns > middle), (2 * pair + 1, columns <= middle)):
                dot = near & chosen
                found[joint, :2] = columns[dot].mean(), rows[dot].mean()
        return found


def test_both_looks_come_back_to_the_picture(person):
    x, y = person.joints.T
    turned = replace(
        person,
        image=np.ascontiguousarray(np.rot90(person.image)),
        joints=np.column_stack((y, person.image.shape[1] - 1 - x)),
    )
    for each in (person, turned):
        looks = look_twice(WhiteDots(), each)
        assert looks.shape == (2, 8, 3)
        # The dots are 5 px wide and two of them may touch.
        assert looks[0, :, :2] == pytest.approx(each.joints, abs=3)
        # In the mirror the dots' sides are exchanged, which giving the names back undoes.
        assert looks[1, :, :2] == pytest.approx(each.joints, abs=3)


def _looks(joints, confidence=0.9):
    return np.stack([np.column_stack((joints, np.full(8, confidence)))] * 2)


def test_right_labels_stay(person):
    mended = mend(person, _looks(person.joints + 0.5), TeacherSettings())
    assert np.array_equal(mended.joints, person.joints)
    assert np.array_equal(mended.visibility, person.visibility)


def test_exchanged_legs_are_put_right(person):
    wrong = person.joints.copy()
    wrong[[LEFT, RIGHT]] = wrong[[RIGHT, LEFT]]
    mended = mend(replace(person, joints=wrong), _looks(person.joints), TeacherSettings())
    assert np.array_equal(mended.joints, person.joints)
    one_look = _looks(person.joints)
    one_look[1, :, :2] = wrong
    kept = mend(replace(person, joints=wrong), one_look, TeacherSettings())
    assert np.array_equal(kept.joints, wrong)


def test_a_label_far_from_both_looks_is_dropped_and_a_missing_one_added(person):
    wrong, visibility = person.joints.copy(), person.visibility.copy()
    wrong[7] += [60, 0]
    visibility[6] = 0
    changed = replace(person, joints=wrong, visibility=visibility)
    mended = mend(changed, _looks(person.joints), TeacherSettings())
    assert mended.visibility.tolist() == [2, 2, 2, 2, 2, 2, 2, 0]
    assert mended.joints[6] == pytest.approx(person.joints[6])
    unsure = mend(changed, _looks(person.joints, confidence=0.3), TeacherSettings())
    assert unsure.visibility[6] == 0


def test_what_the_teacher_said_is_kept(small_data, tmp_path):
    people = read_people(small_data / "few")
    teacher = WhiteDots()
    first = look_at_everyone(teacher, people, tmp_path / "lessons" / "few.npy")
    assert teacher.calls == 2 * len(people)
    again = look_at_everyone(teacher, people, tmp_path / "lessons" / "few.npy")
    assert teacher.calls == 2 * len(people)
    assert np.array_equal(first, again)
    look_at_everyone(teacher, people[:2], tmp_path / "lessons" / "few.npy")
    assert teacher.calls == 2 * len(people) + 4


def test_the_mirror_table_is_its_own_inverse():
    assert [MIRROR[MIRROR[i]] for i in range(8)] == list(range(8))
