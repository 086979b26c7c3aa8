from itertools import islice

import numpy as np
import pytest
import torch

from gaitpose.errors import UnreadableInput
from gaitpose.pose.codec import ABSENT, PRESENT
from gaitpose.training.figures import FigureSettings
from gaitpose.training.mixture import BatchDataset, MixtureSettings, batches_from, load_sources
from gaitpose.training.views import AugmentSettings

MIXTURE = MixtureSettings(people={"few": 0.5}, figures=0.3, empty=0.2)


def _dataset(root, mixture=MIXTURE, **changes):
    settings = {"size": 64, "batch_size": 8, "seed": 3, **changes}
    sources = load_sources(root, mixture)
    return BatchDataset(sources, mixture, AugmentSettings(colour=1.0), FigureSettings(), **settings)


def test_a_batch_is_a_pure_function_of_seed_rank_and_number(small_data):
    one, again = _dataset(small_data)[7], _dataset(small_data)[7]
    assert torch.equal(one.images, again.images)
    assert torch.equal(one.joints, again.joints)
    for other in (_dataset(small_data)[8], _dataset(small_data, seed=4)[7],
                  _dataset(small_data, rank=1)[7]):  # fmt: skip
        assert not torch.equal(one.images, other.images)


def test_shapes_and_types(small_data):
    batch = _dataset(small_data)[0]
    assert batch.images.shape == (8, 64, 64, 3)
    assert batch.images.dtype == torch.uint8
    assert batch.joints.shape == (8, 8, 2)
    assert batch.joints.dtype == torch.float32
    assert batch.state.shape == (8, 8)


def test_workers_change_nothing_and_numbering_can_start_anywhere(small_data):
    dataset = _dataset(small_data)
    alone = list(islice(batches_from(dataset, 2, workers=0), 3))
    helped = list(islice(batches_from(dataset, 2, workers=2), 3))
    for number, (a, b) in enumerate(zip(alone, helped, strict=True)):
        assert torch.equal(a.images, b.images)
        assert torch.equal(a.images, dataset[2 + number].images)


def test_shares_are_kept(small_data):
    dataset = _dataset(small_data, batch_size=400, size=32)
    state = dataset[0].state.numpy()
    empty = (state == ABSENT).all(1).mean()
    assert empty == pytest.approx(0.2, abs=0.06)
    only = _dataset(small_data, MixtureSettings(people={"few": 1.0}), batch_size=40)
    assert np.mean(only[0].state.numpy() == PRESENT) > 0.9


def test_missing_data_are_named(small_data, tmp_path):
    with pytest.raises(UnreadableInput, match="nowhere"):
        load_sources(small_data, MixtureSettings(people={"nowhere": 1.0}))
    with pytest.raises(UnreadableInput, match="no pictures"):
        load_sources(small_data, MixtureSettings({"few": 1.0}, figures=0.1, backgrounds="none"))
