"""Cleveland Clinic markers on segments that move by known angles, and on a real walk."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gaitpose.errors import UnreadableInput
from gaitpose.io.c3d import read_c3d
from gaitpose.kinematics.cleveland import BELL_1990, CLUSTERS, cleveland, rigid_motion
from gaitpose.skeleton import SIDES

BREADTH = 0.24


def _person(hip: np.ndarray, knee: np.ndarray) -> dict[str, np.ndarray]:
    """Markers of someone whose legs bend by these angles (frames,), exact for the model."""
    frames = len(hip)
    forward, up, out = (share * BREADTH for share in BELL_1990)
    markers = {
        "L.ASIS": np.array([0.0, 1.0, -BREADTH / 2]),
        "R.ASIS": np.array([0.0, 1.0, BREADTH / 2]),
        "V.Sacral": np.array([-0.18, 1.0, 0.0]),
    }
    markers = {name: np.tile(place, (frames, 1)) for name, place in markers.items()}
    for letter, side in (("L", -1.0), ("R", 1.0)):
        thigh = Rotation.from_euler("Z", hip[:, None], degrees=True)
        shank = thigh * Rotation.from_euler("Z", -knee[:, None], degrees=True)
        centre = np.array([forward, 1.0 + up, side * out])
        knee_centre = centre + thigh.apply(np.tile([0, -0.42, 0], (frames, 1)))
        ankle_centre = knee_centre + shank.apply(np.tile([0, -0.40, 0], (frames, 1)))
        places = {
            "Thigh.Upper": (thigh, centre, [0.02, -0.15, side * 0.09]),
            "Thigh.Front": (thigh, centre, [0.10, -0.25, side * 0.03]),
            "Thigh.Rear": (thigh, centre, [-0.05, -0.28, side * 0.08]),
            "Knee": (thigh, knee_centre, [0, 0, side * 0.05]),
            "Knee.Medial": (thigh, knee_centre, [0, 0, -side * 0.05]),
            "Shank.Upper": (shank, knee_centre, [0.03, -0.12, side * 0.06]),
            "Shank.Front": (shank, knee_centre, [0.06, -0.20, 0.0]),
            "Shank.Rear": (shank, knee_centre, [-0.05, -0.22, side * 0.05]),
            "Ankle": (shank, ankle_centre, [0, 0, side * 0.035]),
            "Ankle.Medial": (shank, ankle_centre, [0, 0, -side * 0.035]),
            "Heel": (shank, ankle_centre, [-0.05, -0.05, 0]),
            "Toe": (shank, ankle_centre, [0.15, -0.05, 0]),
        }
        for name, (turn, origin, local) in places.items():
            markers[f"{letter}.{name}"] = origin + turn.apply(np.tile(local, (frames, 1)))
    return markers


def test_follows_the_clusters_without_medial_markers():
    hip, knee = np.linspace(-10, 40, 30), np.linspace(0, 70, 30)
    static = _person(np.full(2, 3.0), np.full(2, 4.0))
    moving = {name: path for name, path in _person(hip, knee).items() if "Medial" not in name}
    for name in ("L.Knee", "R.Knee", "L.Ankle", "R.Ankle"):
        del moving[name]
    angles = cleveland(moving, np.arange(30) / 100, static)
    for side in SIDES:
        found = angles.sel(side=side)
        np.testing.assert_allclose(found.sel(joint="hip_flexion"), hip, atol=1e-6)
        np.testing.assert_allclose(found.sel(joint="knee_flexion"), knee, atol=1e-6)
        np.testing.assert_allclose(found.sel(joint="ankle_dorsiflexion"), 0, atol=1e-6)


def test_medial_markers_that_stay_on_need_no_static_trial():
    markers = _person(np.array([10.0, 20.0]), np.array([5.0, 60.0]))
    angles = cleveland(markers, np.arange(2) / 100)
    np.testing.assert_allclose(angles.sel(side="left", joint="knee_flexion"), [5, 60], atol=1e-6)


def test_rigid_motion_is_a_rotation_and_misses_where_a_marker_misses():
    rng = np.random.default_rng(3)
    cluster = rng.normal(size=(3, 3))
    turns = Rotation.random(5, random_state=3)
    moved = np.einsum("tij,mj->tmi", turns.as_matrix(), cluster) + 2.0
    moved[2, 1] = np.nan
    rotation, shift = rigid_motion(cluster, moved)
    keep = [0, 1, 3, 4]
    np.testing.assert_allclose(rotation[keep], turns.as_matrix()[keep], atol=1e-9)
    np.testing.assert_allclose(shift[keep], 2.0)
    assert np.isnan(rotation[2]).all()


def test_missing_markers_are_named():
    markers = _person(np.zeros(2), np.zeros(2))
    without = {name: path for name, path in markers.items() if name != "L.Knee.Medial"}
    with pytest.raises(UnreadableInput, match=r"L\.Knee\.Medial is absent.*static"):
        cleveland(without, np.arange(2) / 100)
    no_cluster = {name: path for name, path in markers.items() if name != "R.Shank.Rear"}
    with pytest.raises(UnreadableInput, match=r"R\.Shank\.Rear"):
        cleveland(no_cluster, np.arange(2) / 100, markers)


def test_real_walk_stays_near_the_conventional_model(shared_data):
    """Skin clusters of a real walk; the static pose is one frame of it.

    What remains is skin motion (clusters against single markers) and another hip centre.
    """
    walk = read_c3d(shared_data / "gait" / "plug_in_gait_c3d" / "FunctionalWalk.c3d")
    points = {name: walk.points[:, number] for number, name in enumerate(walk.labels)}
    angles = cleveland(*_clusters(points, frame=60))
    for side in SIDES:
        for angle, name, limit in (("hip_flexion", "Hip", 2.0), ("knee_flexion", "Knee", 3.0)):
            reference = walk.angles[f"{side[0].upper()}{name}Angles"][:, 0]
            assert float((angles.sel(side=side, joint=angle) - reference).std()) < limit


def _clusters(points, frame):
    markers = {
        "L.ASIS": points["LASI"],
        "R.ASIS": points["RASI"],
        "V.Sacral": (points["LPSI"] + points["RPSI"]) / 2,
    }
    for letter in "LR":
        markers |= {
            f"{letter}.Heel": points[letter + "HEE"],
            f"{letter}.Toe": points[letter + "TOE"],
        }
        for segment, initial in (("Thigh", "F"), ("Shank", "T")):
            names = [f"{letter}{initial}0{number}" for number in range(1, 6)]
            widest = max(itertools.combinations(names, 3), key=lambda three: _area(points, three))
            for role, name in zip(CLUSTERS[segment], widest, strict=True):
                markers[f"{letter}.{role}"] = points[name]
    static = {name: path[frame : frame + 1] for name, path in markers.items()}
    for letter in "LR":
        for joint, lateral, centre in (("Knee", "KNE", "FEO"), ("Ankle", "ANK", "TIO")):
            outer = points[letter + lateral][frame : frame + 1]
            static[f"{letter}.{joint}"] = outer
            static[f"{letter}.{joint}.Medial"] = (
                2 * points[letter + centre][frame : frame + 1] - outer
            )
    return markers, np.arange(len(points["LASI"])) / 120, static


def _area(points, three):
    a, b, c = (points[name] for name in three)
    return np.nanmedian(np.linalg.norm(np.cross(b - a, c - a), axis=1))
