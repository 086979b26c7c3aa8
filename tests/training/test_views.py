from dataclasses import replace

import cv2
import numpy as np
import pytest

from gaitpose.pose.codec import ABSENT, PRESENT, UNKNOWN
from gaitpose.skeleton import MIRROR
from gaitpose.training.people import Person, read_people
from gaitpose.training.views import (
    PLAIN,
    AugmentSettings,
    finish_view,
    mirror,
    person_view,
    relative_depth,
    spoil,
    warp,
)

STRONG = AugmentSettings(rotation=40, scale=(0.7, 1.4), shift=0.15, occlude_share=0.0)


@pytest.fixture
def person(small_data):
    return read_people(small_data / "few")[2]


@pytest.mark.parametrize("seed", range(8))
def test_joints_stay_on_their_dots_whatever_the_view(person, seed):
    rng = np.random.default_rng(seed)
    view = finish_view(person_view(person, 256, STRONG, rng), STRONG, rng)
    assert (view.state == PRESENT).sum() >= 5
    for (x, y), state in zip(view.joints, view.state, strict=True):
        if state == PRESENT and 2 < x < 253 and 2 < y < 253:
            assert view.image[round(y), round(x)].min() > 200


def test_plain_view_centres_the_box_with_its_margin(person):
    view = person_view(person, 256, PLAIN, np.random.default_rng(0))
    x0, y0, x1, y1 = person.box
    scale = 256 / (1.25 * max(x1 - x0, y1 - y0))
    middle = [(x0 + x1) / 2, (y0 + y1) / 2]
    assert view.joints == pytest.approx((person.joints - middle) * scale + 127.5)


def test_mirror_exchanges_left_and_right_and_undoes_itself(person):
    view = person_view(person, 128, PLAIN, np.random.default_rng(0))
    mirrored = mirror(view)
    assert mirrored.joints[0] == pytest.approx([127 - view.joints[1, 0], view.joints[1, 1]])
    twice = mirror(mirrored)
    assert twice.joints == pytest.approx(view.joints)
    assert np.array_equal(twice.image, view.image)
    assert np.array_equal(mirrored.state, view.state[list(MIRROR)])


def test_unlabelled_joints_are_unknown_and_those_outside_absent(person):
    visibility = person.visibility.copy()
    visibility[3] = 0
    joints = person.joints.copy()
    joints[6] += [0, 500]
    changed = Person(person.image, joints, visibility, person.box, "", "")
    view = person_view(changed, 128, PLAIN, np.random.default_rng(0))
    assert view.state[3] == UNKNOWN
    assert view.state[6] == ABSENT
    assert (np.delete(view.state, [3, 6]) == PRESENT).all()


def test_strong_reduction_keeps_positions_and_does_not_alias():
    image = np.zeros((800, 800, 3), np.uint8)
    image[::2] = 255  # stripes, which must average to grey
    image[400:440, 200:240] = 255
    matrix = np.array([[0.1, 0, 0], [0, 0.1, 0]])
    small = warp(image, matrix, 80)
    # The nearest pixels alone would give 0 or 255.
    assert small[10, 60].tolist() == pytest.approx([127] * 3, abs=30)
    bright = (small[..., 0].astype(float) - 160).clip(0)
    row, column = np.mgrid[:80, :80]
    assert (bright * row).sum() / bright.sum() == pytest.approx(41.95, abs=0.15)
    assert (bright * column).sum() / bright.sum() == pytest.approx(21.95, abs=0.15)


def test_spoiling_keeps_shape_and_changes_pixels(person):
    settings = AugmentSettings(
        colour=1, blur_share=1, low_resolution_share=1, noise_share=1, grey_share=1
    )
    image = person_view(person, 128, PLAIN, np.random.default_rng(0)).image
    for seed in range(6):
        spoilt = spoil(image, settings, np.random.default_rng(seed))
        assert spoilt.shape == image.shape
        assert spoilt.dtype == np.uint8
        assert (spoilt != image).mean() > 0.5
    assert np.array_equal(spoil(image, PLAIN, np.random.default_rng(0)), image)


def test_occlusion_covers_a_part_only(person):
    settings = AugmentSettings(rotation=0, mirror_share=0, occlude_share=1)
    plain = person_view(person, 128, PLAIN, np.random.default_rng(0))
    changed = [
        (finish_view(plain, settings, np.random.default_rng(seed)).image != plain.image).mean()
        for seed in range(10)
    ]
    assert 0 < np.mean(changed) < 0.2


def test_depth_goes_where_the_picture_goes(person):
    depth = np.full(person.image.shape[:2], 3.0, np.float32)
    dots = (person.image.min(2) > 200).astype(np.uint8)  # the joints, which are nearer
    depth[cv2.dilate(dots, np.ones((5, 5))) > 0] = 2.0
    deep = replace(person, depth=depth)
    for seed in range(6):
        settings = AugmentSettings(rotation=30, mirror_share=0.5, occlude_share=0)
        rng = np.random.default_rng(seed)
        view = finish_view(person_view(deep, 192, settings, rng), settings, rng)
        x, y = view.joints[(view.state == PRESENT)].round().astype(int).T
        assert view.depth[y, x] == pytest.approx(2.0)
        relative = relative_depth(view)
        assert relative[y, x].max() == 0
        assert np.nanmax(relative) == 1
        outside = np.isnan(view.depth)
        assert np.array_equal(np.isnan(relative), outside)


def test_without_depth_relative_depth_is_unknown(person):
    view = person_view(person, 64, PLAIN, np.random.default_rng(0))
    assert np.isnan(relative_depth(view)).all()
