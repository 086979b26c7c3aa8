"""From a film to joints: all of it with a stand-in for the network, and real clips (slow)."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest

from gaitpose.errors import NoSubjectFound, UnreadableInput
from gaitpose.io.video import VideoWriter
from gaitpose.pose.blazepose import PIP_LINE, BlazePose, model_in_mediapipe
from gaitpose.pose.body import body_of
from gaitpose.pose.estimate import estimate_poses, repeats

from .scenes import FPS, ColourEstimator, Scene, stander, walker

SUBJECT = walker(100, -30, 350, at=(0.5, 4.0), hip_y=105)
SCENE = Scene([stander(60, 280, 60, waves=True), SUBJECT], seconds=4.6)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return SCENE.film(tmp_path_factory.mktemp("film") / "walk.mp4")


@pytest.fixture(scope="module")
def poses(film):
    return estimate_poses(film, estimator=ColourEstimator())


def hips(poses) -> np.ndarray:
    position = poses.position.isel(individuals=0).transpose("time", "keypoints", "space")
    return position.sel(keypoints=["left_hip", "right_hip"]).mean("keypoints").values


def test_the_joints_are_the_walker_s(poses):
    found, compared = hips(poses), 0
    for index, t in enumerate(poses.time.values):
        body = SUBJECT.body(t)
        if body is not None and 40 < body.x < 220:
            assert found[index] == pytest.approx([body.x, body.y], abs=6)
            compared += 1
    assert compared > 40


def test_out_of_view_is_missing(poses):
    confidence = poses.confidence.isel(individuals=0)
    outside = (poses.time < 0.2) | (poses.time > 4.5)
    assert (confidence[outside.values] == 0).all()
    assert poses.position.isel(individuals=0)[outside.values].isnull().all()


def test_what_the_dataset_tells(poses):
    assert poses.sizes["time"] == round(SCENE.seconds * FPS)
    assert poses.attrs["fps"] == pytest.approx(FPS)
    assert poses.time.values == pytest.approx(np.arange(poses.sizes["time"]) / FPS, abs=1e-3)
    assert poses.attrs["units"] == "px"
    assert (poses.attrs["image_width"], poses.attrs["image_height"]) == (320, 180)
    assert poses.attrs["source_file"] == "walk.mp4"
    assert "colour" in poses.attrs["source_software"]
    assert poses.attrs["weights_sha256"] == "0" * 64
    assert poses.attrs["video_truncated"] == 0
    assert poses.attrs["video_damaged_packets"] == 0
    assert json.loads(poses.attrs["log"])[-1]["step"] == "estimate_poses"


def test_progress_grows_to_the_number_of_frames(film):
    told = []
    estimate_poses(
        film, estimator=ColourEstimator(), progress=lambda done, total: told.append((done, total))
    )
    done = [one for one, _ in told]
    frames = round(SCENE.seconds * FPS)
    assert done == sorted(done)
    assert abs(done[-1] - frames) <= 1
    assert {total for _, total in told} == {frames}


def test_every_frame_is_shown(film):
    shown = []
    estimate_poses(
        film,
        estimator=ColourEstimator(),
        on_frame=lambda frame, joints, box: shown.append((frame.index, joints, box)),
    )
    assert [index for index, _, _ in shown] == list(range(round(SCENE.seconds * FPS)))
    assert shown[0][2] is None
    assert np.isnan(shown[0][1][:, :2]).all()
    box = shown[60][2]
    assert box.x0 < SUBJECT.body(60 / FPS).x < box.x1


def test_the_subject_can_be_pointed_at(film):
    poses = estimate_poses(film, estimator=ColourEstimator(), subject_at=(280, 58, 1.0))
    found = hips(poses)
    known = np.isfinite(found[:, 0])
    assert known.mean() > 0.5
    assert np.median(np.abs(found[known, 0] - 280)) < 8


def test_slow_motion_is_what_it_was_when_it_was_filmed(poses, tmp_path):
    slow = SCENE.film(tmp_path / "slow.mp4", FPS / 4)
    filmed = estimate_poses(slow, estimator=ColourEstimator(), fps=FPS)
    assert filmed.attrs["fps"] == pytest.approx(FPS)
    assert filmed.attrs["video_pace"] == pytest.approx(0.25)
    assert poses.attrs["video_pace"] == 1
    np.testing.assert_allclose(filmed.time, poses.time, atol=1e-3)
    np.testing.assert_allclose(hips(filmed), hips(poses), atol=0.5)


def test_seconds_of_slow_motion_are_those_of_the_player(tmp_path):
    # Where the walker is when the film is at 8 of its 18.4 seconds, and nobody at 8 of 4.6.
    slow = SCENE.film(tmp_path / "slow.mp4", FPS / 4)
    x = SUBJECT.body(2.0).x
    poses = estimate_poses(slow, estimator=ColourEstimator(), fps=FPS, subject_at=(x, 105, 8.0))
    assert hips(poses)[round(2.0 * FPS), 0] == pytest.approx(x, abs=6)


@pytest.mark.parametrize("frames", [12, 90])
def test_breaking_off_is_no_error_of_ours(film, frames):
    # In the survey, and when joints are found; the other thread may be in the middle of a frame.
    def stop(done, _total):
        if done >= frames:
            raise KeyboardInterrupt

    before = threading.active_count()
    for _ in range(6):
        with pytest.raises(KeyboardInterrupt):
            estimate_poses(film, estimator=ColourEstimator(), progress=stop)
        assert threading.active_count() == before


def test_legs_that_nobody_recognises(tmp_path):
    class Blind(ColourEstimator):
        def predict(self, rgb, box):
            joints = super().predict(rgb, box)
            if rgb.shape[1] == 640:
                joints[:, 2] = 0.01
            return joints

    subject = walker(200, -30, 670, at=(0.5, 4.0), hip_y=210)
    film = Scene([subject], width=640, height=360, seconds=4.2).film(tmp_path / "large.mp4")
    with pytest.raises(NoSubjectFound, match="legs are not recognised"):
        estimate_poses(film, estimator=Blind())


def test_no_such_video(tmp_path):
    with pytest.raises(UnreadableInput):
        estimate_poses(tmp_path / "absent.mp4", estimator=ColourEstimator())


def test_mirrored_film_gives_mirrored_joints(poses, tmp_path):
    path = tmp_path / "mirrored.mp4"
    with VideoWriter(path, SCENE.width, SCENE.height, FPS, quality=16) as video:
        for frame in SCENE.frames():
            video.write(np.ascontiguousarray(frame.rgb[:, ::-1]))
    other = estimate_poses(path, estimator=ColourEstimator())
    one, two = hips(poses)[:, 0], 319 - hips(other)[:, 0]
    both = np.isfinite(one) & np.isfinite(two)
    assert both.sum() > 60
    assert np.median(np.abs(one[both] - two[both])) < 1


CLIPS = {
    "sagittal_video/lawn_two_people.mp4": (0.60, 0.90, 50, 195),
    "sagittal_video/room_slouch.mp4": (0.40, 0.75, 20, 130),
    "sagittal_video/room_no_arm_swing.mp4": (0.40, 0.75, 50, 145),
    "sagittal_video/low_resolution_four_passes.mp4": (0.30, 0.75, 20, 83),
}


@pytest.mark.slow
@pytest.mark.parametrize("clip", CLIPS)
def test_the_right_person_in_real_clips(shared_data, clip):
    if model_in_mediapipe() is None:
        pytest.skip(f"MediaPipe's model file is absent; `{PIP_LINE}` brings it")
    poses = estimate_poses(shared_data / "gait" / clip, estimator=BlazePose())
    top, bottom, first, last = CLIPS[clip]
    one = poses.isel(individuals=0)
    joints = np.concatenate(
        [
            one.position.transpose("time", "keypoints", "space").values,
            one.confidence.transpose("time", "keypoints").values[..., np.newaxis],
        ],
        axis=2,
    )[first:last]
    bodies = np.array([body_of(frame) for frame in joints]) / poses.attrs["image_height"]
    right = (bodies[:, 1] > top) & (bodies[:, 1] < bottom) & (bodies[:, 2] > 0.3)
    assert right.mean() > 0.97


def test_a_frozen_film_keeps_its_joints_and_asks_nobody(tmp_path):
    rng = np.random.default_rng(0)
    start, stop = round(2.0 * FPS), round(2.6 * FPS)
    path, estimator, calls = tmp_path / "frozen.mp4", ColourEstimator(), []
    pictures = [frame.rgb for frame in Scene([SUBJECT], seconds=4.6).frames()]
    with VideoWriter(path, 320, 180, FPS, quality=0) as video:
        for index, rgb in enumerate(pictures):
            if start < index < stop:
                rgb = pictures[start] + rng.integers(0, 4, rgb.shape).astype(np.uint8)
            video.write(rgb)
    estimate_poses(
        path,
        estimator=estimator,
        on_frame=lambda frame, joints, _: calls.append((estimator.calls, joints)),
    )
    asked = np.array([each for each, _ in calls])
    assert (asked[start:stop] == asked[start]).all()
    assert (np.diff(asked[start - 20 : start + 1]) > 0).all()
    assert asked[stop] > asked[start]
    assert np.isfinite(calls[start][1]).all()
    assert all(np.array_equal(joints, calls[start][1]) for _, joints in calls[start:stop])


def test_a_picture_repeats_another_unless_a_pixel_moved():
    rng = np.random.default_rng(0)
    picture = rng.integers(20, 230, (90, 120, 3), dtype=np.uint8)
    flickering = picture + rng.integers(-5, 6, picture.shape).astype(np.uint8)
    assert repeats(flickering, picture)
    for row in (0, 32, 61):
        moved = picture.copy()
        moved[row, 50] += 20
        assert not repeats(moved, picture)
