"""Who is the subject: films of known content, and the real clips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gaitpose.errors import NoSubjectFound
from gaitpose.io.video import VideoReader
from gaitpose.pose.survey import SubjectAt, _gain, survey
from gaitpose.pose.tracker import Whereabouts

from .scenes import Car, ColourEstimator, Person, Scene, on_treadmill, stander, walker

HANDHELD = {"camera": lambda t: (6 * np.sin(0.9 * t), 3 * np.sin(1.7 * t))}


def look(scene: Scene, tmp_path: Path, at: SubjectAt | None = None) -> Whereabouts:
    with VideoReader(scene.film(tmp_path / "scene.mp4")) as video:
        return survey(video, ColourEstimator(), at)


def assert_follows(
    found: Whereabouts, person: Person, scene: Scene, *, inside: float = 20.0, share: float = 1.0
) -> None:
    """The whereabouts are the person's, whenever the hips are inside of the picture."""
    near = []
    for t in np.arange(0.2, scene.seconds - 0.2, 0.1):
        body = person.body(t)
        if body is None:
            continue
        dx, dy = scene.camera(t)
        x, y = body.x - dx, body.y - dy
        if not inside <= x <= scene.width - inside:
            continue
        seen = found.at(t)
        near.append(
            seen is not None
            and abs(seen.x - x) < 0.15 * body.height
            and abs(seen.y - y) < 0.15 * body.height
            and 0.75 < seen.height / body.height < 1.35
        )
    assert len(near) > 10
    assert np.mean(near) >= share


SMALL_MIRROR = walker(40, 60, 200, at=(0.5, 5.5), hip_y=50)


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("camera", ["still", "handheld"])
def test_walker_among_a_larger_waving_man_and_a_mirror_image(tmp_path, direction, camera):
    ends = (-20, 340) if direction > 0 else (340, -20)
    subject = walker(90, *ends, at=(0.4, 5.6), hip_y=110)
    bystander = stander(130, 250, 100, waves=True)
    extra = HANDHELD if camera == "handheld" else {}
    scene = Scene([SMALL_MIRROR, bystander, subject], **extra)
    assert_follows(look(scene, tmp_path), subject, scene, share=0.9)


def test_legs_that_pass_a_waving_man_do_not_make_him_walk(tmp_path):
    """His arms move on one spot for the whole film; the legs that swing there are the walker's."""
    subject = walker(100, 340, -20, at=(0.4, 5.6), hip_y=110)
    scene = Scene(
        [stander(110, 132, 100, waves=True), subject],
        camera=lambda t: (6 * np.sin(0.9 * t + 4.465), 3 * np.sin(1.7 * t + 8.93)),
    )
    assert_follows(look(scene, tmp_path), subject, scene, share=0.9)


@pytest.mark.parametrize("light", [0.06, 0.08])
def test_what_moves_in_the_dark_is_seen(tmp_path, light):
    subject = walker(90, -20, 340, at=(0.4, 5.6), hip_y=110)
    scene = Scene([subject], contrast=1.0, light=light, noise=0.3)
    found = look(scene, tmp_path)
    assert_follows(found, subject, scene, share=0.9)
    assert len(found.stretches[0].times) > 40  # not in a few stills only


def test_a_dark_video_is_not_brightened_until_its_noise_moves():
    rng = np.random.default_rng(0)
    scene = rng.integers(10, 50, (180, 320, 3))
    gains = []
    for noise in (0.0, 5.0):
        seen = [np.clip(np.rint(scene + rng.normal(0, noise, scene.shape)), 0, 255) for _ in "ab"]
        gains.append(_gain([picture.astype(np.uint8) for picture in seen]))
    assert gains[0] > 3.5
    assert gains[1] == 1.0


def test_a_car_that_drives_farther_is_no_walker(tmp_path):
    subject = walker(90, 40, 250, at=(0.0, 6.0), hip_y=115)
    car = Car(70, 40, lambda t: -80 + 120 * t, 20)
    scene = Scene([car, subject])
    assert_follows(look(scene, tmp_path), subject, scene, share=0.95)


def test_a_man_who_jumps_down_is_not_taken(tmp_path):
    subject = walker(70, 330, 20, at=(1.0, 6.0), hip_y=130)

    def fall(t: float) -> float:
        return 50 if t < 3 else min(50 + 150 * (t - 3), 120)

    jumper = Person(75, lambda t: 80.0, fall, waves=True)
    scene = Scene([jumper, subject])
    assert_follows(look(scene, tmp_path), subject, scene, share=0.9)


def test_passes_and_the_time_between(tmp_path):
    there = walker(80, -20, 340, at=(0.5, 4.0), hip_y=110)
    back = walker(80, 340, -20, at=(6.5, 10.0), hip_y=110)
    scene = Scene([there, back], seconds=10.5)
    found = look(scene, tmp_path)
    assert len(found.stretches) == 2
    assert_follows(found, there, scene)
    assert_follows(found, back, scene)
    assert found.at(5.2) is None


def test_another_person_in_other_clothes_is_not_a_pass(tmp_path):
    subject = walker(90, -20, 340, at=(0.5, 4.0), hip_y=110, shirt=(20, 20, 200))
    other = walker(80, 340, 120, at=(6.5, 9.0), hip_y=110, shirt=(250, 240, 40))
    scene = Scene([subject, other], seconds=9.5)
    found = look(scene, tmp_path)
    assert_follows(found, subject, scene)
    assert found.at(8.0) is None


def test_in_the_picture_from_the_first_frame_with_frozen_frames(tmp_path):
    subject = walker(90, 60, 300, at=(0.0, 6.0), hip_y=110)
    frozen = Person(
        90,
        lambda t: subject.hip_x(min(t, 1.0) if t < 2.0 else t - 1.0),
        subject.hip_y,
        lambda t: subject.steps(min(t, 1.0) if t < 2.0 else t - 1.0),
    )
    scene = Scene([frozen])
    assert_follows(look(scene, tmp_path), frozen, scene)


def test_treadmill(tmp_path):
    subject = on_treadmill(120, 150, 100)
    passer_by = walker(50, 330, 200, at=(2.0, 4.0), hip_y=60)
    scene = Scene([passer_by, subject])
    found = look(scene, tmp_path)
    assert_follows(found, subject, scene)
    assert found.at(0.0) is not None
    assert found.at(5.9) is not None


def test_nothing_moves(tmp_path):
    with pytest.raises(NoSubjectFound, match="nothing moves"):
        look(Scene([], seconds=4), tmp_path)


@pytest.mark.parametrize("height", [60, 100, 150])
def test_someone_stands_still(tmp_path, height):
    with pytest.raises(NoSubjectFound, match="someone is seen, but nobody walks"):
        look(Scene([stander(height, 150, 100)], seconds=4), tmp_path)


def test_a_camera_that_follows_before_a_plain_wall(tmp_path):
    """Nothing but the legs tells that this one walks: no background moves."""
    subject = on_treadmill(110, 160, 95)
    scene = Scene([subject], contrast=0.0)
    assert_follows(look(scene, tmp_path), subject, scene)


def test_someone_stands_and_waves(tmp_path):
    with pytest.raises(NoSubjectFound, match="someone is seen, but nobody walks"):
        look(Scene([stander(100, 150, 100, waves=True)], seconds=4), tmp_path)


def test_only_a_car(tmp_path):
    with pytest.raises(NoSubjectFound, match="no person was recognised"):
        look(Scene([Car(70, 40, lambda t: -80 + 100 * t, 100)], seconds=4), tmp_path)


def test_the_user_points_at_another_walker(tmp_path):
    farthest = walker(90, -20, 340, at=(0.4, 5.6), hip_y=120)
    other = walker(60, 200, 100, at=(0.0, 5.9), hip_y=45)
    scene = Scene([other, farthest])
    found = look(scene, tmp_path, SubjectAt(other.hip_x(3.0), 45, 3.0))
    assert_follows(found, other, scene)


def test_the_user_points_at_someone_who_stands(tmp_path):
    scene = Scene([stander(100, 150, 100)], seconds=3)
    body = look(scene, tmp_path, SubjectAt(150, 95, 1.0)).at(1.0)
    assert body is not None
    assert body.x == pytest.approx(150, abs=8)
    assert body.height == pytest.approx(100, rel=0.2)


def test_the_user_points_at_nobody(tmp_path):
    with pytest.raises(NoSubjectFound, match="nobody is recognised at 20, 20"):
        look(Scene([stander(100, 150, 100)], seconds=3), tmp_path, SubjectAt(20, 20))
