import pytest
import torch
from torch.nn import functional

from gaitpose.pose.blocks import (
    FeaturePyramid,
    Focus,
    SEResNeXtBlock,
    SqueezeExcitation,
    StridedStem,
)


def test_focus_sees_every_pixel_of_the_image():
    focus = Focus(4).eval()
    image = torch.randn(1, 3, 16, 16, requires_grad=True)
    focus.convolution[0](functional.pixel_unshuffle(image, 2)).abs().sum().backward()
    assert image.grad is not None
    assert (image.grad != 0).all()


@pytest.mark.parametrize("stem", [Focus(24), StridedStem(24)])
def test_both_stems_halve_the_image(stem):
    assert stem(torch.randn(2, 3, 32, 48)).shape == (2, 24, 16, 24)


def test_squeeze_excitation_scales_whole_channels_by_a_gate_between_0_and_1():
    features = torch.rand(2, 16, 5, 7) + 0.5
    ratio = SqueezeExcitation(16)(features) / features
    assert torch.allclose(ratio, ratio[:, :, :1, :1].expand_as(ratio), atol=1e-6)
    assert (ratio > 0).all()
    assert (ratio < 1).all()


@pytest.mark.parametrize(("inputs", "outputs", "stride"), [(64, 64, 1), (32, 64, 2), (32, 64, 1)])
def test_block_shapes(inputs, outputs, stride):
    block = SEResNeXtBlock(inputs, outputs, group_width=16, stride=stride)
    assert block(torch.randn(2, inputs, 8, 12)).shape == (2, outputs, 8 // stride, 12 // stride)


def test_block_convolves_in_groups_of_the_given_width():
    block = SEResNeXtBlock(64, 64, group_width=8)
    grouped = block.residual[1][0]
    assert grouped.groups == 4
    assert grouped.weight.shape == (32, 8, 3, 3)


def test_block_keeps_its_input_where_it_can():
    block = SEResNeXtBlock(32, 32, group_width=16).eval()
    for parameter in block.residual.parameters():
        torch.nn.init.zeros_(parameter)
    features = torch.rand(1, 32, 4, 4)
    assert torch.equal(block(features), features)


@pytest.mark.parametrize("laterals", [True, False])
def test_pyramid_returns_the_finest_size(laterals):
    pyramid = FeaturePyramid((8, 16, 32), 12, laterals=laterals)
    levels = [torch.randn(1, 8, 16, 24), torch.randn(1, 16, 8, 12), torch.randn(1, 32, 4, 6)]
    assert pyramid(levels).shape == (1, 12, 16, 24)


def test_pyramid_without_laterals_ignores_the_finer_levels():
    pyramid = FeaturePyramid((8, 16, 32), 12, laterals=False).eval()
    top = torch.randn(1, 32, 4, 4)
    one = pyramid([torch.zeros(1, 8, 16, 16), torch.zeros(1, 16, 8, 8), top])
    other = pyramid([torch.ones(1, 8, 16, 16), torch.ones(1, 16, 8, 8), top])
    assert torch.equal(one, other)
