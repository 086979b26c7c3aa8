from __future__ import annotations

import cv2
import numpy as np
import pytest

from gaitpose.io.video import Frame
from gaitpose.pose.motion import MotionSettings, camera_motion, moving_samples

from .scenes import Scene, stander, walker

RNG = np.random.default_rng(3)


def texture(rows: int = 180, columns: int = 320, *, contrast: float = 4.0) -> np.ndarray:
    noise = cv2.GaussianBlur(RNG.integers(0, 255, (rows, columns)).astype(np.uint8), (0, 0), 2)
    return cv2.convertScaleAbs(noise, alpha=contrast, beta=128 * (1 - contrast))


@pytest.mark.parametrize("shift", [(0, 0), (3.4, -1.7), (-12.0, 6.0), (25.0, 0.0)])
@pytest.mark.parametrize("turn", [0.0, 1.5])
def test_camera_motion_is_recovered(shift, turn):
    before = texture()
    matrix = cv2.getRotationMatrix2D((160, 90), turn, 1.01 if turn else 1.0)
    matrix[:, 2] += shift
    after = cv2.warpAffine(before, matrix, (320, 180), borderMode=cv2.BORDER_REFLECT)
    found = camera_motion(before, after)
    for point in ([60, 40, 1], [250, 150, 1]):
        assert found[:2] @ point == pytest.approx(matrix @ point, abs=0.4)


def test_on_a_plain_background_a_walker_is_no_camera():
    plain = np.full((120, 160), 128, np.uint8)
    before, after = plain.copy(), plain.copy()
    person = texture(80, 30)
    before[20:100, 40:70], after[20:100, 46:76] = person, person
    assert camera_motion(before, after) == pytest.approx(np.eye(3))


def test_nothing_to_hold_on_to():
    plain = np.full((120, 160), 128, np.uint8)
    assert camera_motion(plain, plain) == pytest.approx(np.eye(3))


@pytest.mark.parametrize("camera", [lambda t: (0, 0), lambda t: (8 * np.sin(t), 4 * np.sin(2 * t))])
def test_the_walker_moves_and_the_rest_does_not(camera):
    person = walker(90, 20, 300, at=(0.0, 6.0), hip_y=100)
    scene = Scene([person, stander(120, 250, 100)], camera=camera)
    samples = list(moving_samples(scene.frames()[::2]))
    inside, outside = [], []
    for sample in samples:
        body = person.body(sample.time_s)
        dx, dy = scene.camera(sample.time_s)
        box = body._replace(x=body.x - dx, y=body.y - dy).box
        x0, x1 = max(0, round(box.x0)), max(0, round(box.x1))
        inside.append(sample.moving[round(box.y0) : round(box.y1), x0:x1].sum())
        rest = sample.moving.copy()
        rest[:, max(0, x0 - 8) : x1 + 8] = False
        outside.append(rest.mean())
    drawn = 0.12 * 90 * 40
    assert np.min(inside) > drawn
    assert np.mean(outside) < 0.004


def test_the_way_back_to_the_first_view():
    scene = Scene([], camera=lambda t: (10 * np.sin(t), 5 * np.sin(2 * t)), seconds=4)
    for sample in moving_samples(scene.frames()[::2]):
        dx, dy = scene.camera(sample.time_s)
        x, y = (sample.to_reference @ [160, 90, 1])[:2]
        assert (x, y) == pytest.approx((160 + dx, 90 + dy), abs=1.0)


def test_only_a_few_seconds_are_held():
    settings = MotionSettings()
    taken = 0

    def endless():
        nonlocal taken
        rgb = np.zeros((32, 32, 3), np.uint8)
        while True:
            yield Frame(taken, taken / 10, rgb)
            taken += 1

    samples = moving_samples(endless(), settings)
    longest = 10 * (settings.window_s + 2 * settings.key_interval_s)
    for expected in range(300):
        assert next(samples).index == expected
        assert taken - expected <= longest


def test_every_frame_of_a_short_stream_comes_out():
    frames = Scene([], seconds=0.4).frames()
    assert [sample.index for sample in moving_samples(frames)] == list(range(10))
