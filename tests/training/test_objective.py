"""One step's computation is that of its parts, and sends nothing to the device but the batch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric

import gaitpose.training.objective
from gaitpose.pose.config import LITE
from gaitpose.pose.labels import encode, grey_depth
from gaitpose.pose.network import PoseNetwork
from gaitpose.pose.normalise import Normalise
from gaitpose.training.losses import compute_losses
from gaitpose.training.mixture import Batch
from gaitpose.training.objective import Objective, as_bits
from gaitpose.training.recipes import recipe_named
from gaitpose.training.trainer import Trainer

SIZE = 64


def made(recipe_name: str) -> tuple[Objective, tuple[torch.Tensor, ...]]:
    """An objective, and a batch of two for it."""
    torch.manual_seed(0)
    recipe = recipe_named(recipe_name).with_network(LITE)
    images = torch.randint(0, 256, (2, SIZE, SIZE, 3), dtype=torch.uint8)
    joints = torch.rand(2, 8, 2) * SIZE
    state = torch.tensor([[1, 1, 0, 2, 1, 1, 1, 2]] * 2)
    return Objective(PoseNetwork(recipe.network), recipe).eval(), (images, as_bits(joints), state)


@pytest.mark.parametrize("recipe_name", ["gaitpose", "paper-pretrain"])
def test_it_is_the_network_with_its_losses(recipe_name):
    objective, (images, joints, state) = made(recipe_name)
    recipe = objective.recipe
    depth = torch.rand(2, 1, SIZE, SIZE)
    depth[0] = np.nan
    losses, heatmap = objective(images, joints, state, as_bits(depth))
    maps = objective.network(Normalise()(images))
    target = depth.clone()
    if recipe.loss.grey_stands_in:
        target[0] = grey_depth(images)[0]
    exact = joints.view(torch.float32)
    labels = encode(exact, state, (SIZE // 4, SIZE // 4), recipe.codec, recipe.network.jgs)
    wanted = compute_losses(maps, labels, state, target, recipe.network.heatmap, recipe.loss)
    torch.testing.assert_close(heatmap, maps.heatmap)
    assert losses.keys() == wanted.keys()
    assert ("depth" in losses) == recipe.network.depth_head
    for name, value in losses.items():
        torch.testing.assert_close(value, wanted[name])


def test_without_depth_the_label_is_grey_scale():
    objective, batch = made("paper-pretrain")
    images = batch[0]
    assert objective.recipe.loss.grey_stands_in
    nothing = torch.full((2, 1, SIZE, SIZE), np.nan)
    grey = objective(*batch, as_bits(grey_depth(images)))[0]["depth"]
    torch.testing.assert_close(objective(*batch)[0]["depth"], grey)
    torch.testing.assert_close(objective(*batch, as_bits(nothing))[0]["depth"], grey)


def test_mixed_precision_leaves_labels_alone(monkeypatch, tmp_path):
    seen = []

    def watch(joints, *others):
        seen.append(joints)
        return encode(joints, *others)

    monkeypatch.setattr(gaitpose.training.objective, "encode", watch)
    recipe = recipe_named("gaitpose").with_network(LITE)
    fabric = Fabric(accelerator="cpu", devices=1, precision="bf16-mixed")
    joints = SIZE * torch.rand(2, 8, 2)
    images = torch.randint(0, 256, (2, SIZE, SIZE, 3), dtype=torch.uint8)
    batch = Batch(images, joints, torch.ones(2, 8, dtype=torch.int64))
    Trainer(recipe, fabric, tmp_path, None).step(batch)
    assert seen[0].dtype == torch.float32
    assert torch.equal(seen[0], joints)


@pytest.mark.parametrize("recipe_name", ["gaitpose", "gaitpose-full-gpu", "paper-pretrain"])
def test_nothing_but_the_batch_is_sent_to_the_device(recipe_name, monkeypatch):
    objective, batch = made(recipe_name)

    def sent(*_args, **_keywords):
        raise AssertionError("a constant was made on the processor, for which a GPU would wait")

    for name in ("tensor", "as_tensor", "from_numpy", "asarray"):
        monkeypatch.setattr(torch, name, sent)
    for method in ("new_tensor", "item", "tolist", "nonzero"):
        monkeypatch.setattr(torch.Tensor, method, sent)
    losses, _ = objective(*batch)
    assert losses["total"].requires_grad
