"""A widened network computes what the narrow one did, and its copies can part."""

from dataclasses import replace

import pytest
import torch

from gaitpose.errors import BadSettings
from gaitpose.pose.config import FULL, LITE, NetworkConfig
from gaitpose.pose.network import PoseNetwork
from gaitpose.training.widening import widen

NARROW = NetworkConfig(
    stem=8, widths=(16, 32, 64), depths=(1, 2, 1), group_width=8, neck=16, jgs="vector"
)
# No whole multiples but at one place: some channels get more copies than others.
WIDE = replace(NARROW, stem=11, widths=(32, 80, 144), neck=27)


def _network(config, seed):
    """A network whose batch norms have seen something."""
    torch.manual_seed(seed)
    network = PoseNetwork(config)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(std=0.3)
            module.running_mean.normal_(std=0.3)
            module.running_var.uniform_(0.5, 2.0)
    for head in (network.joints, network.guidance, network.depth.pixels if network.depth else None):
        if head is not None:
            head.weight.data.normal_(std=0.3)
    return network


def _widened(narrow, config, seed=0):
    wide = PoseNetwork(config)
    wide.load_state_dict(widen(narrow.state_dict(), wide.state_dict(), where="narrow", seed=seed))
    return wide


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(
    ("small", "large"),
    [(NARROW, WIDE), (replace(LITE, depth_head=False), replace(FULL, depth_head=False))],
)
def test_the_wide_network_computes_what_the_narrow_one_does(small, large, training):
    narrow = _network(small, 1)
    wide = _widened(narrow, large)
    image = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        for expected, got in zip(
            narrow.train(training)(image), wide.train(training)(image), strict=True
        ):
            assert (expected is None) == (got is None)
            if expected is not None:
                assert expected.std() > 0.1
                torch.testing.assert_close(got, expected, rtol=1e-3, atol=1e-3)


def test_copies_of_a_channel_part_in_training():
    wide = _widened(_network(NARROW, 1), WIDE)
    first = wide.stages[0][0].residual[0][0].weight
    # Channel 8 of the bottleneck copies channel 0: same weights up to the division of its inputs.
    wide(torch.randn(2, 3, 64, 64)).heatmap.square().mean().backward()
    one, other = first.grad[0, :8].flatten(), first.grad[8, :8].flatten()
    assert torch.nn.functional.cosine_similarity(one, other, dim=0) < 0.999


def test_the_division_is_reproducible_and_depends_on_the_seed():
    narrow = _network(NARROW, 1)
    one, again, other = (_widened(narrow, WIDE, seed).joints.weight for seed in (0, 0, 1))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_same_shapes_are_taken_over_as_they_are_and_strange_heads_left():
    narrow = _network(NARROW, 1).state_dict()
    without = PoseNetwork(replace(NARROW, depth_head=False)).state_dict()
    taken = widen(narrow, without, where="narrow")
    assert set(taken) == set(without)
    assert all(torch.equal(value, narrow[name]) for name, value in taken.items())


@pytest.mark.parametrize(
    ("config", "layer"),
    [(replace(WIDE, stem=4), "stem"), (replace(NARROW, jgs="mask"), "guidance")],
)
def test_what_cannot_be_made_of_copies_is_said(config, layer):
    narrow = _network(NARROW, 1).state_dict()
    with pytest.raises(BadSettings, match=f"a.pt: cannot begin.*: {layer}"):
        widen(narrow, PoseNetwork(config).state_dict(), where="a.pt")
