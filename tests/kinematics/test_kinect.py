"""Angles from joint centres in postures whose angles are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gaitpose.errors import UnreadableInput
from gaitpose.kinematics.kinect import skeleton_angles


def _posture(hip: float, knee: float, abduction: float = 0.0) -> dict[str, np.ndarray]:
    """Joints of both legs in the same posture, facing x, y up, z right; degrees."""
    joints = {"pelvis": np.zeros(3), "spine": np.array([0.0, 0.3, 0.0])}
    for side, out in (("left", -1.0), ("right", 1.0)):
        thigh = Rotation.from_euler("ZX", [hip, -out * abduction], degrees=True)
        shank = thigh * Rotation.from_euler("Z", -knee, degrees=True)
        start = np.array([0.0, 0.0, 0.1 * out])
        middle = start + thigh.apply([0, -0.4, 0])
        end = middle + shank.apply([0, -0.4, 0])
        joints |= {
            f"{side}_hip": start,
            f"{side}_knee": middle,
            f"{side}_ankle": end,
            f"{side}_toe": end + shank.apply([0.15, 0, 0]),
        }
    return {name: np.tile(place, (3, 1)) for name, place in joints.items()}


@pytest.mark.parametrize(
    ("hip", "knee", "out"), [(0, 0, 0), (60, 90, 0), (20, 5, 15), (90, 110, 10)]
)
def test_known_postures(hip, knee, out):
    angles = skeleton_angles(_posture(hip, knee, out), np.arange(3) / 30)
    for side in ("left", "right"):
        found = angles.sel(side=side).isel(time=0)
        assert float(found.sel(joint="knee_flexion")) == pytest.approx(knee, abs=1e-6)
        assert float(found.sel(joint="hip_flexion")) == pytest.approx(hip, abs=1e-6)
        assert float(found.sel(joint="hip_adduction")) == pytest.approx(-out, abs=1e-6)
        assert float(found.sel(joint="ankle_dorsiflexion")) == pytest.approx(0, abs=1e-6)


def test_hyperextension_is_negative():
    angles = skeleton_angles(_posture(0, -8), np.arange(3) / 30)
    assert float(angles.sel(side="left", joint="knee_flexion")[0]) == pytest.approx(-8)


def test_without_toes_the_ankle_is_missing():
    joints = {name: path for name, path in _posture(10, 20).items() if "toe" not in name}
    angles = skeleton_angles(joints, np.arange(3) / 30)
    assert np.isnan(angles.sel(joint="ankle_dorsiflexion")).all()
    assert np.isfinite(angles.sel(joint="knee_flexion")).all()


def test_missing_joint_and_wrong_units_are_named():
    joints = _posture(10, 20)
    with pytest.raises(UnreadableInput, match="left_knee is absent"):
        skeleton_angles({n: p for n, p in joints.items() if n != "left_knee"}, np.arange(3))
    with pytest.raises(UnreadableInput, match="thigh would be 400 m"):
        skeleton_angles({n: p * 1000 for n, p in joints.items()}, np.arange(3))
