"""SimpleBaseline (Xiao et al. 2018, arXiv:1804.06208): ResNet-50 and three deconvolutions."""

from __future__ import annotations

from torch import Tensor, nn

from peers.layers import Bottleneck, ConvNorm

JOINTS = 17


class SimpleBaseline(nn.Module):
    """RGB ``(B, 3, H, W)`` to heatmaps ``(B, 17, H/4, W/4)``."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            ConvNorm(3, 64, 7, stride=2),
            nn.MaxPool2d(3, stride=2, padding=1),
        ]
        inputs = 64
        for stage, (inner, depth) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
            for index in range(depth):
                stride = 2 if index == 0 and stage > 0 else 1
                layers.append(Bottleneck(inputs, inner, stride=stride))
                inputs = 4 * inner
        for _ in range(3):
            layers.append(
                nn.Sequential(
                    nn.ConvTranspose2d(inputs, 256, 4, stride=2, padding=1, bias=False),
                    nn.BatchNorm2d(256),
                    nn.ReLU(),
                )
            )
            inputs = 256
        layers.append(nn.Conv2d(256, JOINTS, 1))
        self.layers = nn.Sequential(*layers)

    def forward(self, image: Tensor) -> Tensor:
        """Return the heatmaps."""
        return self.layers(image)
