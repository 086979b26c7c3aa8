from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from gaitpose.synthetic.people import Outfit, PersonSettings
from gaitpose.synthetic.people.body import Body, build_body
from gaitpose.synthetic.people.garments import dress, shoes
from gaitpose.synthetic.people.hair import grow
from gaitpose.synthetic.people.joints import Joints, find_joints
from gaitpose.synthetic.people.phenotype import Phenotype
from gaitpose.synthetic.people.source import base_mesh
from gaitpose.synthetic.people.tailoring import Suit, clip


@pytest.fixture(scope="module")
def body() -> Body:
    return build_body(Phenotype(gender=0.0), 1.75)


@pytest.fixture(scope="module")
def joints(body: Body) -> Joints:
    return find_joints(body)


def test_clip_cuts_along_the_line() -> None:
    x, y = np.meshgrid(np.linspace(0, 1, 6), np.linspace(0, 1, 6))
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    corner = np.arange(36).reshape(6, 6)
    a, b, c, d = (corner[i : 5 + i, j : 5 + j].ravel() for i in (0, 1) for j in (0, 1))
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([b, d, c], 1)])
    cut = clip(faces, points[:, 0] - 0.37)
    left = cut.weighted @ points
    assert left[:, 0].max() == pytest.approx(0.37)
    first, second = (left[cut.faces[:, k]] - left[cut.faces[:, 0]] for k in (1, 2))
    areas = (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / 2
    assert areas.sum() == pytest.approx(0.37)
    assert areas.min() > 0  # none is turned over
    np.testing.assert_allclose(np.asarray(cut.weighted.sum(axis=1)).ravel(), 1)


def test_hem_is_level_and_where_it_should_be(body: Body, joints: Joints) -> None:
    outfit = Outfit(bottom="shorts", bottom_length=0.5, top="tank")
    piece = {kind: piece for piece, kind in dress(outfit, body, joints)}["bottom"]
    leg = joints.mid_hip[1] - joints.centres["left_foot"][1]
    wanted = joints.mid_hip[1] - 0.4 * leg
    assert piece.vertices[:, 1].min() == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize("bottom", ["trousers", "wide_trousers", "leggings", "shorts", "skirt"])
def test_cloth_lies_outside_of_the_suit(body: Body, joints: Joints, bottom: str) -> None:
    outfit = Outfit(top="sweater", bottom=bottom, looseness=0.9)
    suit = Suit("helper-tights", body, joints)
    for piece, kind in dress(outfit, body, joints):
        index = cKDTree(suit.points).query(piece.vertices)[1]
        outside = np.einsum("vi,vi->v", piece.vertices - suit.points[index], suit.normals[index])
        assert np.percentile(outside, 2) > -0.004, kind


def test_skin_under_cloth_is_left_out_and_other_skin_is_not(body: Body, joints: Joints) -> None:
    outfit = Outfit(top="t-shirt", bottom="trousers")
    hidden = np.logical_or.reduce([piece.hides for piece, _ in dress(outfit, body, joints)])
    at = base_mesh().vertices[: len(hidden)]
    trunk = (at[:, 1] > 0.2) & (at[:, 1] < 0.45) & (np.abs(at[:, 2]) < 0.12)
    thigh = (at[:, 1] > -0.3) & (at[:, 1] < -0.15) & (np.abs(at[:, 2]) < 0.3)
    head, hands = at[:, 1] > 0.66, np.abs(at[:, 2]) > 0.44
    assert hidden[trunk].all()
    assert hidden[thigh].all()
    assert not hidden[head].any()
    assert not hidden[hands].any()


def test_shoes_stand_flat_and_longer_than_the_foot(body: Body, joints: Joints) -> None:
    assert shoes(Outfit(shoes="barefoot"), body, joints) is None
    pair = shoes(Outfit(shoes="trainers"), body, joints)
    assert pair is not None
    low = pair.vertices[:, 1]
    assert low.min() == pytest.approx(-0.014, abs=1e-6)
    sole = pair.vertices[low < -0.013]
    assert np.ptp(sole[:, 0]) > 0.2
    np.testing.assert_allclose(np.sort(np.unique(np.sign(pair.vertices[:, 2]))), [-1, 1])


@pytest.mark.parametrize("kind", ["bald", "cropped", "short", "bob", "long"])
def test_hair_is_on_the_head(body: Body, joints: Joints, kind: str) -> None:
    pieces = grow(PersonSettings(hair=kind), body, joints)
    assert len(pieces) == {"bald": 0, "cropped": 1, "short": 1, "bob": 2, "long": 2}[kind]
    for piece in pieces:
        crown = body.height
        assert piece.vertices[:, 1].max() < crown + 0.03
        lowest = {"bob": joints.centres["neck01"][1] - 0.02, "long": 1.2}.get(kind, 1.45)
        assert piece.vertices[:, 1].min() > lowest
        np.testing.assert_allclose(piece.weights.sum(axis=1), 1, atol=1e-5)
