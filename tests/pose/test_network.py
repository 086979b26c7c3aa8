from dataclasses import asdict, replace

import pytest
import torch

from gaitpose.errors import BadSettings
from gaitpose.pose.config import FULL, LITE, NetworkConfig
from gaitpose.pose.network import PoseNetwork, count_parameters

TINY = NetworkConfig(stem=8, widths=(16, 16, 32), depths=(1, 1, 1), group_width=8, neck=16)


def _with_used_norms(network):
    """Give batch norms statistics as after training, so that fusing them has something to do."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.3)
    return network.eval()


def test_maps_have_the_published_shapes_at_512():
    maps = PoseNetwork(TINY)(torch.zeros(1, 3, 512, 512))
    assert maps.heatmap.shape == (1, 8, 128, 128)
    assert maps.offset.shape == (1, 16, 128, 128)
    assert maps.jgs.shape == (1, 8, 128, 128)
    assert maps.depth.shape == (1, 1, 512, 512)


def test_lite_is_about_a_quarter_of_full():
    lite, full = (count_parameters(PoseNetwork(config)) for config in (LITE, FULL))
    assert 1.5e6 < lite < 2.0e6
    assert 6.5e6 < full < 8.0e6
    assert 0.22 < lite / full < 0.28


@pytest.mark.parametrize(("jgs", "channels"), [("none", None), ("mask", 8), ("vector", 16)])
def test_guidance_head_follows_the_configuration(jgs, channels):
    maps = PoseNetwork(replace(TINY, jgs=jgs))(torch.zeros(1, 3, 32, 32))
    assert (maps.jgs is None) if channels is None else (maps.jgs.shape[1] == channels)


def test_depth_head_can_be_left_out():
    assert PoseNetwork(replace(TINY, depth_head=False))(torch.zeros(1, 3, 32, 32)).depth is None


@pytest.mark.parametrize("change", [{}, {"focus": False}, {"fpn": False}])
def test_all_parameters_take_part_in_training(change):
    network = PoseNetwork(replace(TINY, **change))
    maps = network(torch.randn(2, 3, 64, 64))
    sum(each.square().sum() for each in maps).backward()
    idle = [name for name, each in network.named_parameters() if each.grad is None]
    assert idle == []


def test_inference_network_gives_the_same_heatmap_and_offset():
    torch.manual_seed(0)
    network = _with_used_norms(PoseNetwork(TINY))
    image = torch.randn(2, 3, 64, 96)
    maps = network(image)
    inference = network.for_inference()
    assert torch.allclose(inference(image), torch.cat(maps[:2], 1), atol=1e-4)
    assert not any(isinstance(each, torch.nn.BatchNorm2d) for each in inference.modules())


def test_inference_network_leaves_the_original_alone():
    network = _with_used_norms(PoseNetwork(TINY))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    network.for_inference()
    assert network.guidance is not None
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_configuration_survives_json_lists():
    assert NetworkConfig(**{**asdict(LITE), "widths": [64, 128, 384]}) == LITE


def test_impossible_group_width_is_refused():
    with pytest.raises(BadSettings, match="group width"):
        NetworkConfig(widths=(64, 128, 200))
