from __future__ import annotations

import json

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.io.people import Detections, find_tracks, index_of, poses_of_one
from gaitpose.skeleton import KEYPOINTS


def detections(*figures: np.ndarray, shuffle: bool = True, **more) -> Detections:
    """Put figures (frames, keypoints, 2) into one video, in random order in each frame."""
    rng = np.random.default_rng(0)
    people = np.stack(figures, axis=1)
    people = np.concatenate([people, np.where(np.isnan(people[..., :1]), 0, 0.9)], axis=-1)
    frames = []
    for frame in people:
        present = [person for person in frame if np.isfinite(person[:, 0]).any()]
        order = rng.permutation(len(present)) if shuffle else range(len(present))
        empty = np.empty((0, people.shape[2], 3))
        frames.append(np.stack([present[i] for i in order]) if present else empty)
    return Detections(KEYPOINTS, frames, **more)


def test_the_walker_is_taken_not_the_larger_bystander(stick_figure) -> None:
    walker = stick_figure(start=100, speed=5)
    bystander = stick_figure(start=300, speed=0, height=600)
    poses = poses_of_one(detections(walker, bystander), 30, None, "walk.json")
    found = poses["position"].sel(individuals="subject").transpose("time", "keypoints", "space")
    np.testing.assert_allclose(found, walker)
    np.testing.assert_allclose(poses["confidence"], 0.9)
    (entry,) = json.loads(poses.attrs["log"])
    assert entry["people"] == 2
    assert max(entry["travelled_px"].values()) == pytest.approx(5 * 59, rel=0.1)


def test_others_who_walk_are_told_unless_somebody_was_asked_for(stick_figure) -> None:
    fast, slow, still = (stick_figure(start=s, speed=v) for s, v in ((0, 5), (400, 3), (900, 0)))
    everyone = detections(fast, slow, still, shuffle=False)
    assert poses_of_one(everyone, 30, None, "a").attrs["others_who_travel"] == "person_1"
    assert "others_who_travel" not in poses_of_one(everyone, 30, "person_1", "a").attrs
    alone = detections(fast, still, shuffle=False)
    assert "others_who_travel" not in poses_of_one(alone, 30, None, "a").attrs


def test_who_comes_back_is_not_somebody_else(stick_figure) -> None:
    there, back = stick_figure(start=0, speed=6), stick_figure(start=2000, speed=-5)
    there[25:], back[:35] = np.nan, np.nan
    both = detections(there, back, shuffle=False)
    assert len(find_tracks(both)) == 2
    poses = poses_of_one(both, 30, None, "a")
    assert "others_who_travel" not in poses.attrs


def test_a_name_goes_before_a_number() -> None:
    names = ["1", "2", "3"]
    assert [index_of(asked, names, "a") for asked in ("1", 1, "0", "3")] == [0, 1, 0, 2]
    for absent in (3, -1, "4", "Anna"):
        with pytest.raises(UnreadableInput, match="no person"):
            index_of(absent, names, "a")


def test_identities_survive_crossing(stick_figure) -> None:
    to_the_right = stick_figure(start=0, speed=6)
    to_the_left = stick_figure(start=355, speed=-6)
    tracks = find_tracks(detections(to_the_right, to_the_left))
    assert len(tracks) == 2
    paths = sorted(
        (track.dense(60)[..., :2] for track in tracks.values()), key=lambda p: p[0, 0, 0]
    )
    np.testing.assert_allclose(paths[0], to_the_right)
    np.testing.assert_allclose(paths[1], to_the_left)


def test_a_person_lost_for_a_while_is_found_again(stick_figure) -> None:
    walker = stick_figure(start=100, speed=5)
    walker[20:28] = np.nan
    bystander = stick_figure(start=600, speed=0)
    tracks = find_tracks(detections(walker, bystander))
    assert len(tracks) == 2
    assert {len(track.indices) for track in tracks.values()} == {52, 60}


def test_a_newcomer_far_away_is_someone_else(stick_figure) -> None:
    leaves, comes = stick_figure(start=1500, speed=5), stick_figure(start=0, speed=5)
    leaves[25:] = np.nan
    comes[:40] = np.nan
    assert len(find_tracks(detections(leaves, comes))) == 2


def test_missing_frames_and_keypoints_are_nan_with_no_confidence(stick_figure) -> None:
    walker = stick_figure()
    walker[10] = np.nan
    walker[5, 3] = np.nan
    poses = poses_of_one(detections(walker), 30, None, "walk.json")
    confidence = poses["confidence"].to_numpy()[..., 0]
    is_missing = np.isnan(poses["position"]).all("space").to_numpy()[..., 0]
    assert is_missing.sum() == len(KEYPOINTS) + 1
    np.testing.assert_array_equal(confidence[is_missing], 0)
    np.testing.assert_allclose(confidence[~is_missing], 0.9)


def test_a_person_can_be_asked_for(stick_figure) -> None:
    walker, bystander = stick_figure(speed=5), stick_figure(start=900, speed=0)
    both = detections(walker, bystander, shuffle=False, identities=[["Anna", "Bert"]] * 60)
    for individual in (1, "Bert"):
        poses = poses_of_one(both, 30, individual, "walk.csv")
        np.testing.assert_allclose(
            poses["position"].sel(keypoints="left_knee", space="x").squeeze(),
            bystander[:, KEYPOINTS.index("left_knee"), 0],
        )
    with pytest.raises(UnreadableInput, match=r"no person 2\. It has 2: Anna, Bert"):
        poses_of_one(both, 30, 2, "walk.csv")
    with pytest.raises(UnreadableInput, match="no person 'Carl'"):
        poses_of_one(both, 30, "Carl", "walk.csv")


def test_size_of_the_picture_is_kept(stick_figure) -> None:
    poses = poses_of_one(detections(stick_figure(), width=1920, height=1080), 30, None, "a.json")
    assert (poses.attrs["image_width"], poses.attrs["image_height"]) == (1920, 1080)
    assert poses.attrs["source_file"] == "a.json"


def test_nobody_is_said() -> None:
    empty = Detections(KEYPOINTS, [np.empty((0, len(KEYPOINTS), 3))] * 5)
    with pytest.raises(UnreadableInput, match=r"walk: nobody is found in any frame"):
        poses_of_one(empty, 30, None, "walk")


def test_frame_rate_is_asked_for(stick_figure) -> None:
    with pytest.raises(UnreadableInput, match="--fps"):
        poses_of_one(detections(stick_figure()), None, None, "walk")
