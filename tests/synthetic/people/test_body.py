from __future__ import annotations

import numpy as np
import pytest

from gaitpose.synthetic.people.body import build_body
from gaitpose.synthetic.people.joints import find_joints
from gaitpose.synthetic.people.phenotype import Phenotype, age_from_years, target_weights
from gaitpose.synthetic.people.segments import SEGMENTS, segment_of_bone, skinned
from gaitpose.synthetic.people.source import SKIN_VERTICES, base_mesh, target


@pytest.mark.parametrize("height", [1.0, 1.35, 1.75, 1.95])
def test_height_is_as_asked(height: float) -> None:
    body = build_body(Phenotype(age=age_from_years(30), gender=0.0), height)
    skin = body.vertices[:SKIN_VERTICES]
    assert np.ptp(skin[:, 1]) == pytest.approx(height, abs=1e-6)
    assert skin[:, 1].min() == pytest.approx(0)


def test_left_and_right_are_mirrored() -> None:
    at = find_joints(build_body(Phenotype(), 1.7)).centres
    for name in ("thigh", "shank", "foot", "upperarm", "forearm", "hand"):
        mirrored = at[f"right_{name}"] * (1, 1, -1)
        np.testing.assert_allclose(at[f"left_{name}"], mirrored, atol=0.004)
        assert at[f"right_{name}"][2] > 0


def test_heavy_is_wider_and_children_have_larger_heads() -> None:
    def waist(weight: float) -> float:
        skin = build_body(Phenotype(weight=weight, gender=0.0), 1.75).vertices[:SKIN_VERTICES]
        ring = skin[(np.abs(skin[:, 1] - 1.05) < 0.02) & (np.abs(skin[:, 2]) < 0.3)]
        return float(np.ptp(ring[:, 0]))

    assert waist(0.95) > 1.07 * waist(0.5) > 1.1 * waist(0.1)

    def head(years: float, height: float) -> float:
        body = build_body(Phenotype(age=age_from_years(years)), height)
        return 1 - float(body.cube("neck")[1]) / height

    assert head(5, 1.1) > 1.1 * head(30, 1.75)


def test_weights_of_targets_are_products_of_shares() -> None:
    weights = target_weights(Phenotype(age=2 / 3, gender=0.25, muscle=0.5, weight=0.75))
    assert weights["macrodetails/universal-male-young-averagemuscle-maxweight"] == pytest.approx(
        0.75 * 0.5
    )
    universal = {name: w for name, w in weights.items() if "universal" in name}
    assert sum(universal.values()) == pytest.approx(1)
    assert len(universal) == 4


def test_years_are_the_ages_that_were_modelled() -> None:
    assert age_from_years(11) == pytest.approx(1 / 3)
    assert age_from_years(25) == pytest.approx(2 / 3)
    assert age_from_years(57.5) == pytest.approx(5 / 6)


def test_target_moves_what_it_says() -> None:
    moved, by = target("macrodetails/universal-female-young-averagemuscle-maxweight")
    assert by.shape == (len(moved), 3)
    assert 0.001 < np.abs(by).max() < 0.5
    assert moved.max() < len(base_mesh().vertices)


def test_every_bone_belongs_to_a_segment() -> None:
    assert segment_of_bone("upperleg02.L") == "left_thigh"
    assert segment_of_bone("lowerleg01.R") == "right_shank"
    assert segment_of_bone("finger3-2.R") == "right_hand"
    assert segment_of_bone("toe1-1.L") == "left_toes"
    assert segment_of_bone("oris04.L") == "head"
    np.testing.assert_allclose(base_mesh().weights.sum(axis=1), 1, atol=1e-5)


def test_skinning_blends_motions() -> None:
    weights = np.zeros((2, len(SEGMENTS)), dtype=np.float32)
    weights[0, 0], weights[1, :2] = 1, 0.5
    motions = np.tile(np.eye(4)[:3], (len(SEGMENTS), 1, 1))
    motions[0, :, 3] = (2, 0, 0)
    moved = skinned(np.zeros((2, 3)), weights, motions)
    np.testing.assert_allclose(moved, [(2, 0, 0), (1, 0, 0)])


@pytest.mark.slow
def test_body_is_that_of_anny(tmp_path, monkeypatch) -> None:
    """Minutes: its own model reads all of its targets once."""
    anny = pytest.importorskip("anny")
    from anny.models.model_data import TopologyConfig
    from anny.paths import set_anny_cache_path

    set_anny_cache_path(tmp_path)
    model = anny.Anny(
        rig="makehuman",
        topology=TopologyConfig("makehuman", nudity_edits=False, remove_unattached_vertices=False),
        phenotypes="all",
        phenotype_blendshapes="original",
        skinning_method="lbs",
    )
    ours = Phenotype(age=0.45, gender=0.0, muscle=0.7, weight=0.8, ancestry=(1, 2, 1))
    theirs = model(
        phenotype_kwargs={
            "gender": 0.0, "age": 0.45, "muscle": 0.7, "weight": 0.8, "height": 0.5,
            "proportions": 0.5, "cupsize": 0.5, "firmness": 0.5,
            "african": 1.0, "asian": 2.0, "caucasian": 1.0,
        }
    )["rest_vertices"][0].numpy()  # fmt: skip
    height = float(np.ptp(theirs[:SKIN_VERTICES, 2]))
    body = build_body(ours, height).vertices
    theirs = np.stack([-theirs[:, 1], theirs[:, 2], -theirs[:, 0]], axis=1)
    theirs[:, 1] -= theirs[:SKIN_VERTICES, 1].min()
    np.testing.assert_allclose(body, theirs, atol=1e-5)
