from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from gaitpose.kinematics.planar import (
    inter_ankle_distance,
    sagittal_angles,
    segment_angles,
)

THIGH, SHANK, FOOT, TRUNK = 0.42, 0.43, 0.2, 0.5


def posed(
    hip: np.ndarray, knee: np.ndarray, ankle: np.ndarray | float = 0.0, trunk: float = 0.0
) -> xr.DataArray:
    """Points of a body with these joint angles (degrees, (time, 2)), built forward from the hip."""
    hip, knee = np.radians(hip), np.radians(knee)
    shank, foot = hip - knee, hip - knee + np.radians(ankle)
    lean = np.radians(trunk)
    points: dict[str, np.ndarray] = {}
    for i, side in enumerate(("left", "right")):
        points[f"{side}_hip"] = np.tile([1.0, 0.9], (len(hip), 1))
        points[f"{side}_shoulder"] = points[f"{side}_hip"] + TRUNK * np.array(
            [np.sin(lean), np.cos(lean)]
        )
        points[f"{side}_knee"] = points[f"{side}_hip"] + THIGH * np.stack(
            [np.sin(hip[:, i]), -np.cos(hip[:, i])], axis=1
        )
        points[f"{side}_ankle"] = points[f"{side}_knee"] + SHANK * np.stack(
            [np.sin(shank[:, i]), -np.cos(shank[:, i])], axis=1
        )
        along = np.stack([np.cos(foot[:, i]), np.sin(foot[:, i])], axis=1)
        points[f"{side}_heel"] = points[f"{side}_ankle"] - 0.3 * FOOT * along
        points[f"{side}_toe"] = points[f"{side}_ankle"] + 0.7 * FOOT * along
    return xr.DataArray(
        np.stack(list(points.values()), axis=2),
        dims=("time", "space", "keypoints"),
        coords={"time": np.arange(len(hip)) / 50, "space": ["x", "y"], "keypoints": list(points)},
    )


degrees = st.floats(-80, 80)


@given(hip=degrees, knee=st.floats(-20, 150), ankle=st.floats(-40, 40), trunk=degrees)
def test_angles_of_a_posed_body_are_recovered(
    hip: float, knee: float, ankle: float, trunk: float
) -> None:
    points = posed(np.full((2, 2), hip), np.full((2, 2), knee), ankle, trunk)
    angles = sagittal_angles(points)
    expected = {
        "hip": hip,
        "knee": knee,
        "ankle": ankle,
        "trunk": trunk,
        "hip_trunk": hip + trunk,
    }
    assert set(angles.joint.values) == set(expected)
    for joint, value in expected.items():
        assert angles.sel(joint=joint).values == pytest.approx(value, abs=1e-9)


def test_standing_upright_is_zero_everywhere() -> None:
    angles = sagittal_angles(posed(np.zeros((3, 2)), np.zeros((3, 2))))
    assert np.abs(angles.values).max() < 1e-12


@given(hip=st.floats(1, 60), knee=st.floats(1, 100))
def test_magnitudes_equal_the_printed_arccos(hip: float, knee: float) -> None:
    points = posed(np.full((1, 2), hip), np.full((1, 2), knee))
    angles = sagittal_angles(points)
    at = {n: points.sel(keypoints=f"left_{n}").values[0] for n in ("hip", "knee", "ankle")}
    thigh, shank = at["knee"] - at["hip"], at["ankle"] - at["knee"]
    eq7 = np.degrees(np.arccos(-thigh[1] / np.hypot(*thigh)))
    eq8 = np.degrees(np.arccos(thigh @ shank / np.hypot(*thigh) / np.hypot(*shank)))
    assert abs(angles.sel(joint="hip", side="left").item()) == pytest.approx(eq7, abs=1e-5)
    assert abs(angles.sel(joint="knee", side="left").item()) == pytest.approx(eq8, abs=1e-5)


def test_inter_ankle_distance_is_the_distance_of_the_ankles() -> None:
    rng = np.random.default_rng(1)
    hip, knee = rng.uniform(-30, 40, (20, 2)), rng.uniform(0, 70, (20, 2))
    points = posed(hip, knee)
    legs = ((THIGH, SHANK), (THIGH, SHANK))
    distance = inter_ankle_distance(segment_angles(points), legs)
    ankles = points.sel(space="x")
    expected = ankles.sel(keypoints="left_ankle") - ankles.sel(keypoints="right_ankle")
    np.testing.assert_allclose(distance.values, expected.values, atol=1e-12)


def test_missing_points_make_only_their_angles_missing() -> None:
    points = posed(np.full((4, 2), 20.0), np.full((4, 2), 30.0))
    points.loc[{"keypoints": "left_ankle", "time": points.time[1]}] = np.nan
    angles = sagittal_angles(points)
    assert np.isnan(angles.sel(side="left", joint="knee").values).tolist() == [0, 1, 0, 0]
    assert np.isfinite(angles.sel(side="left", joint="hip").values).all()
    assert np.isfinite(angles.sel(side="right").values).all()


def test_angles_without_feet_and_shoulders() -> None:
    points = posed(np.zeros((2, 2)), np.zeros((2, 2)))
    legs = [name for name in points.keypoints.values if name.split("_")[1] in "hip knee ankle"]
    assert sagittal_angles(points.sel(keypoints=legs)).joint.values.tolist() == ["hip", "knee"]


def test_a_third_axis_is_ignored() -> None:
    points = posed(np.full((2, 2), 15.0), np.full((2, 2), 40.0))
    lateral = xr.full_like(points.isel(space=[0]), 7.0).assign_coords(space=["z"])
    deep = xr.concat([points, lateral], dim="space")
    np.testing.assert_array_equal(sagittal_angles(deep).values, sagittal_angles(points).values)
