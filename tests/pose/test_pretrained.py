"""The weights that the package ships: whole, small, described truly, and as good as stated."""

import json

import numpy as np
import pytest

from gaitpose.io.files import sha256_of
from gaitpose.pose.codec import unmirrored
from gaitpose.pose.gaitposenet import GaitPoseNet
from gaitpose.pose.weights import read_card, shipped, weights_path

LARGEST = {"lite": 4 * 1024 * 1024, "full": 16 * 1024 * 1024}


def test_both_sizes_are_shipped():
    assert shipped() == ["full", "lite"]


@pytest.mark.parametrize("name", shipped())
def test_weights_are_small_and_the_card_is_theirs(name):
    path = weights_path(name)
    assert path.stat().st_size <= LARGEST[name]
    content = json.loads(path.with_suffix(".json").read_text())
    assert content["sha256"] == sha256_of(path)
    assert read_card(path).training["views"] > 0
    assert (path.parent / f"MODEL_CARD_{name}.md").is_file()


def test_it_says_what_runs_and_why(tmp_path, monkeypatch):
    monkeypatch.setenv("GAITPOSE_CACHE", str(tmp_path))
    described = GaitPoseNet.from_pretrained("lite", runtime="torch").describe()
    assert described["weights"] == "lite.safetensors"
    assert len(described["sha256"]) == 64
    assert described["runtime"].startswith("torch")
    assert described["why"]


@pytest.mark.parametrize("name", shipped())
def test_with_the_mirror_image_left_and_right_are_the_same(name, tmp_path, monkeypatch):
    monkeypatch.setenv("GAITPOSE_CACHE", str(tmp_path))
    rgb = (
        np.random.default_rng(3)
        .integers(0, 255, (16, 16, 3), dtype=np.uint8)
        .repeat(16, 0)
        .repeat(16, 1)
    )
    for mirrored in (True, False):
        net = GaitPoseNet.from_pretrained(name, size=256, runtime="torch", mirrored=mirrored)
        maps, other = (net.maps(square) for square in (rgb, rgb[:, ::-1]))
        assert np.allclose(unmirrored(other), maps, atol=1e-3) is mirrored


@pytest.mark.slow
def test_validation_score_is_the_one_on_the_card(shared_data, tmp_path, monkeypatch):
    from gaitpose.training.evaluation import evaluate
    from gaitpose.training.people import read_people

    monkeypatch.setenv("GAITPOSE_CACHE", str(tmp_path))
    network = GaitPoseNet.from_pretrained("lite", runtime="torch")
    stated = network.card.results["validation"]["lspet, all, box given"]
    people = read_people(shared_data / "images" / "lspet", "validation")
    score = evaluate(network, people)
    assert score.people == stated["people"]
    # The card's figures come from OpenVINO, in 8-bit integers on x86.
    assert score.pcks == pytest.approx(stated["pcks_0.1"], abs=0.01)
    assert score.side_confusion == pytest.approx(stated["leg_pairs_exchanged"], abs=0.03)
    assert np.isfinite(score.by_joint).all()
