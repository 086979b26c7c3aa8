import json
from itertools import islice

import cv2
import numpy as np
import pytest
import torch

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.pose.codec import ABSENT, PRESENT
from gaitpose.skeleton import JOINTS
from gaitpose.training.figures import FigureSettings
from gaitpose.training.mixture import BatchDataset, MixtureSettings, batches_from, load_sources
from gaitpose.training.views import AugmentSettings

from .conftest import write_people

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


def test_several_roots_the_first_that_has_the_set_counts(small_data, tmp_path):
    write_people(tmp_path / "more", 3)
    mixture = MixtureSettings(people={"few": 0.5, "more": 0.5})
    sources = load_sources([small_data, tmp_path], mixture)
    assert {name: len(everyone) for name, everyone in sources.people.items()} == {
        "few": 4,
        "more": 3,
    }


class Standing:
    """A teacher that finds everybody standing in the middle of the box."""

    name = "standing"
    keypoints = JOINTS

    def predict(self, rgb, box):
        x = box.x0 + (box.x1 - box.x0) * np.tile([0.55, 0.45], 4)
        y = box.y0 + (box.y1 - box.y0) * np.repeat([0.2, 0.5, 0.7, 0.9], 2)
        return np.column_stack((x, y, np.full(8, 0.9)))


def test_people_with_a_box_only_are_labelled_by_the_teacher(tmp_path):
    folder = tmp_path / "boxed"
    folder.mkdir()
    cv2.imwrite(str(folder / "a.png"), np.zeros((200, 200, 3), np.uint8))
    content = {
        "images": [{"id": 1, "file_name": "a.png"}],
        "annotations": [{"id": 1, "image_id": 1, "bbox": [50, 20, 40, 160]}],
    }
    (folder / "annotations.json").write_text(json.dumps(content))
    mixture = MixtureSettings(people={}, boxed={"boxed": 1.0})
    with pytest.raises(BadSettings, match="teacher"):
        load_sources(tmp_path, mixture)
    (person,) = load_sources(tmp_path, mixture, teacher=Standing()).people["boxed"]
    assert (person.visibility == 2).all()
    # The teacher's square is as high as the box, 160 px around its middle (70, 100).
    assert person.joints[6] == pytest.approx([70 + 0.05 * 160, 100 + 0.4 * 160], abs=1.0)


def test_depth_comes_only_where_asked_for(small_data):
    assert _dataset(small_data)[0].depth is None
    depth = _dataset(small_data, with_depth=True)[0].depth
    assert depth.shape == (8, 1, 64, 64)
    assert torch.isnan(depth).all()
