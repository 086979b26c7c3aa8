"""A refiner read from disk predicts the same; damaged ones are refused."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.refine.bilstm import BiLSTMSettings
from gaitpose.refine.fusion import FusionRefiner, FusionSettings
from gaitpose.refine.pairs import arrays
from gaitpose.refine.store import load_refiner, save_refiner, shipped, trained

from .squats import dataset

QUICK = FusionSettings(bilstm=BiLSTMSettings(steps=5, hidden=8, members=2))


@pytest.fixture(scope="module")
def model():
    squats = dataset(people=2, repetitions=2)
    return trained(FusionRefiner(30.0, QUICK).fit(*arrays(squats.sequences)), squats)


def test_round_trip(model, tmp_path):
    written = save_refiner(model, tmp_path / "squat.model")
    assert [path.name for path in written] == ["squat.model.safetensors", "squat.model.json"]
    again = load_refiner(tmp_path / "squat.model.safetensors")
    features = [one.features for one in dataset(people=1, seed=9).sequences]
    for one, other in zip(
        model.refiner.predict(features), again.refiner.predict(features), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert (again.angles, again.features, again.subjects) == (
        model.angles,
        model.features,
        ("p0", "p1"),
    )


def test_damage_and_strangers_are_refused(model, tmp_path):
    with pytest.raises(UnreadableInput, match="no such file"):
        load_refiner(tmp_path / "nothing")
    numbers, text = save_refiner(model, tmp_path / "one")
    content = json.loads(text.read_text())
    text.write_text(json.dumps(content | {"version": 99}))
    with pytest.raises(UnreadableInput, match="gaitpose-refiner 99"):
        load_refiner(tmp_path / "one")
    text.write_text(json.dumps(content | {"angles": ["a", "b", "c"]}))
    with pytest.raises(UnreadableInput, match="is damaged"):
        load_refiner(tmp_path / "one")
    text.write_text(json.dumps(content))
    numbers.write_bytes(b"not tensors")
    with pytest.raises(UnreadableInput, match="is damaged"):
        load_refiner(tmp_path / "one")


def test_every_shipped_refiner_can_be_read():
    for name in shipped():
        model = load_refiner(name)
        count = len(model.feature_names)
        (angles,) = model.refiner.predict([np.zeros((12, count))])
        assert angles.shape == (12, len(model.angles))


def test_both_refiners_are_shipped_with_their_cards():
    assert shipped() == ["kinect_exercises", "video_walking"]
    folder = resources.files("gaitpose.refine") / "models"
    for name in shipped():
        card = (folder / f"{name}.md").read_text(encoding="utf-8")
        assert card.startswith(f"# {name}\n")
        assert "## Limits" in card
