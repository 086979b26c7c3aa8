from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.io.c3d import read_c3d
from gaitpose.io.markers import hip_centres, keypoints_from_markers, poses_from_markers
from gaitpose.io.trc import read_trc
from gaitpose.skeleton import LEG_JOINTS

HELEN_HAYES = [
    "LASI",
    "RASI",
    "SACR",
    "LKNE",
    "RKNE",
    "LANK",
    "RANK",
    "LHEE",
    "RHEE",
    "LTOE",
    "RTOE",
]


def made_from(labels: list[str], **aliases: str) -> dict[str, str]:
    points = np.random.default_rng(0).normal(size=(4, len(labels), 3))
    made = keypoints_from_markers(labels, points, aliases)
    return {name: keypoint.made_from for name, keypoint in made.items()}


def test_plug_in_gait_takes_model_outputs_before_markers() -> None:
    sources = made_from([*HELEN_HAYES, *(s + p for s in "LR" for p in ("FEP", "FEO", "TIO"))])
    assert sources["left_hip"] == "LFEP"
    assert sources["right_knee"] == "RFEO"
    assert sources["left_ankle"] == "LTIO"
    assert (sources["left_heel"], sources["right_toe"]) == ("LHEE", "RTOE")


def test_markers_alone_give_hips_by_regression() -> None:
    sources = made_from(HELEN_HAYES)
    assert sources["left_hip"] == "regression on LASI, RASI, SACR (Harrington 2007)"
    assert sources["left_knee"] == "LKNE"


def test_joint_centres_lie_between_lateral_and_medial_markers() -> None:
    labels = ["L_HJC", "R_HJC"]
    labels += ["r_knee_study", "r_mknee_study", "r_ankle_study", "r_mankle_study"]
    labels += ["L_knee_study", "L_mknee_study", "L_ankle_study", "L_mankle_study"]
    points = np.random.default_rng(1).normal(size=(4, len(labels), 3))
    made = keypoints_from_markers(labels, points)
    assert made["right_knee"].made_from == "mean of r_knee_study and r_mknee_study"
    np.testing.assert_allclose(made["right_knee"].position, points[:, 2:4].mean(axis=1))
    np.testing.assert_allclose(made["left_ankle"].position, points[:, 8:10].mean(axis=1))


@pytest.mark.parametrize(
    "spelling",
    ["{S}:{s}{P}", "{side}_{p}", "{s}.{p}", "{p}_{s}", "{s}{P}", "{Side}{P}", "{p} {side}"],
)
def test_spellings_of_named_joints(spelling: str) -> None:
    labels = [
        spelling.format(S="Anna", s=side[0].upper(), side=side, Side=side.title(), p=p, P=p.title())
        for side in ("left", "right")
        for p in ("hip", "knee", "ankle")
    ]
    assert set(made_from(labels)) == set(LEG_JOINTS)


def test_names_of_an_unusual_set_can_be_given() -> None:
    labels = ["HL", "HR", "KLi", "KLo", "KR", "AL", "AR"]
    points = np.random.default_rng(1).normal(size=(4, len(labels), 3))
    aliases = {
        "left_hip": "HL",
        "right_hip": "HR",
        "left_knee": ["KLi", "KLo"],
        "right_knee": "KR",
        "left_ankle": "AL",
        "right_ankle": "AR",
    }
    made = keypoints_from_markers(labels, points, aliases)
    np.testing.assert_allclose(made["left_knee"].position, points[:, 2:4].mean(axis=1))
    np.testing.assert_allclose(made["right_ankle"].position, points[:, 6])


def test_wrong_aliases_are_named() -> None:
    with pytest.raises(UnreadableInput, match="left_elbow is not a keypoint"):
        made_from(HELEN_HAYES, left_elbow="LKNE")
    with pytest.raises(UnreadableInput, match=r"no marker HIP \(wanted for left_hip\)"):
        made_from(HELEN_HAYES, left_hip="HIP")


def test_missing_joints_are_named_with_a_way_out() -> None:
    with pytest.raises(UnreadableInput) as caught:
        made_from(["LASI", "RASI", "SACR", "LKNE", "LANK", "RANK"])
    assert "needed joint right_knee cannot be made from the markers" in str(caught.value)
    assert 'keypoints={"right_knee": "MARKER"}' in str(caught.value)


def test_a_source_that_is_hardly_seen_gives_way_to_the_next() -> None:
    labels = [*HELEN_HAYES, "LHJC", "RHJC"]
    points = np.random.default_rng(1).normal(size=(10, len(labels), 3))
    points[1:, labels.index("LHJC")] = np.nan
    points[:2, labels.index("RHJC")] = np.nan
    made = keypoints_from_markers(labels, points)
    assert made["left_hip"].made_from.startswith("regression")
    assert made["right_hip"].made_from == "RHJC"


def test_harrington_on_a_pelvis_of_known_shape() -> None:
    width, depth = 0.24, 0.15
    left_asis, right_asis = np.array([[0, 1, -width / 2]]), np.array([[0, 1, width / 2]])
    left, right = hip_centres(left_asis, right_asis, np.array([[-depth, 1.0, 0]]))
    expected = np.array([-0.24 * depth - 0.0099, 1 - 0.30 * width - 0.0109, 0.33 * width + 0.0073])
    np.testing.assert_allclose(right[0], expected)
    np.testing.assert_allclose(left[0], expected * [1, 1, -1])


def test_harrington_turns_with_the_pelvis() -> None:
    from scipy.spatial.transform import Rotation

    rng = np.random.default_rng(5)
    markers = np.array([[0, 1, -0.12], [0, 1, 0.12], [-0.15, 1.02, 0.0]])
    turns = Rotation.random(6, random_state=rng)
    turned = np.stack([turn.apply(markers) for turn in turns])
    still = np.concatenate(hip_centres(*(m[np.newaxis] for m in markers)))
    moved = np.stack(hip_centres(*turned.transpose(1, 0, 2)), axis=1)
    for frame, turn in zip(moved, turns, strict=True):
        np.testing.assert_allclose(frame, turn.apply(still), atol=1e-12)


@pytest.mark.parametrize("up", [(0, 1, 2), (0, 2, 1)])
def test_poses_stand_upright_whatever_the_lab(up: tuple[int, int, int]) -> None:
    labels = ["LHip", "RHip", "LKnee", "RKnee", "LAnkle", "RAnkle"]
    points = np.zeros((5, 6, 3))
    points[..., 1] = [0.9, 0.9, 0.5, 0.5, 0.1, 0.1]
    points[..., 0] = np.arange(5)[:, np.newaxis]
    lab = points[..., list(up)] * ([1, 1, 1] if up == (0, 1, 2) else [1, -1, 1])
    poses = poses_from_markers(labels, lab, np.arange(5) / 10, 10.0, source_file="a.trc")
    assert poses.attrs["units"] == "m"
    assert poses.attrs["source_file"] == "a.trc"
    heights = poses["position"].sel(space="y", individuals="subject").isel(time=0)
    np.testing.assert_allclose(heights, [0.9, 0.9, 0.5, 0.5, 0.1, 0.1])
    (entry,) = json.loads(poses.attrs["log"])
    assert entry["made_from"]["left_hip"] == "LHip"


@pytest.mark.parametrize("name", ["PiG_Motion3_FF", "FunctionalWalk"])
def test_harrington_agrees_with_plug_in_gait(shared_data: Path, name: str) -> None:
    motion = read_c3d(shared_data / "gait" / "plug_in_gait_c3d" / f"{name}.c3d")
    marker = {label: motion.points[:, i] for i, label in enumerate(motion.labels)}
    centres = hip_centres(marker["LASI"], marker["RASI"], (marker["LPSI"] + marker["RPSI"]) / 2)
    for centre, label in zip(centres, ("LFEP", "RFEP"), strict=True):
        assert np.nanmedian(np.linalg.norm(centre - marker[label], axis=1)) < 0.025


def test_harrington_agrees_with_functional_centres(shared_data: Path) -> None:
    motion = read_trc(shared_data / "gait" / "mocap_force_plates" / "walking2.trc")
    marker = {label: motion.points[:, i] for i, label in enumerate(motion.labels)}
    mid_psis = (marker["L.PSIS"] + marker["r.PSIS"]) / 2
    centres = hip_centres(marker["L.ASIS"], marker["r.ASIS"], mid_psis)
    for centre, label in zip(centres, ("L_HJC", "R_HJC"), strict=True):
        assert np.nanmedian(np.linalg.norm(centre - marker[label], axis=1)) < 0.025


def test_real_marker_sets_load(shared_data: Path) -> None:
    for path in sorted((shared_data / "gait" / "mocap_force_plates").glob("*.trc")):
        motion = read_trc(path)
        poses = poses_from_markers(motion.labels, motion.points, motion.time_s, motion.rate)
        assert poses.sizes["keypoints"] == 12
        sources = json.loads(poses.attrs["log"])[0]["made_from"]
        assert sources["left_hip"] == "L_HJC"
        assert sources["right_knee"] == "r_knee"
        assert sources["right_heel"] == "r_calc"
        thigh = poses["position"].sel(keypoints="right_hip") - poses["position"].sel(
            keypoints="right_knee"
        )
        length = np.sqrt((thigh**2).sum("space", skipna=False))
        assert 0.35 < float(length.median()) < 0.45
