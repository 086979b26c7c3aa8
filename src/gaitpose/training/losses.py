"""What training minimises: Eq. 5 of the article, and the heatmap as a spatial distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from gaitpose.pose.codec import ABSENT, PRESENT
from gaitpose.pose.config import HeatmapKind
from gaitpose.pose.labels import Labels
from gaitpose.pose.network import Maps


@dataclass(frozen=True)
class LossSettings:
    """Weights of the terms, and how wrong labels are kept from ruling.

    Parameters
    ----------
    heatmap, jgs, depth, offset : float
        Weights of Eq. 5.
    grey_stands_in : bool
        Whether grey scale is the label where no depth is known, as in the article's pre-training.
    absent : float
        Weight of joints known not to be in the picture, for which a distribution must be flat.
    robust_above : float
        A joint's cross-entropy grows only logarithmically above this, so that a label far from all
        evidence (left and right exchanged by a crowd worker) cannot dominate. Infinite is off.
    lesson : float
        Share 0..1 of the heatmap's term that comes from an elder network's map of the same view
        instead of the label, where there is one (distillation; Hinton, Vinyals, Dean 2015).
    """

    heatmap: float = 16.0
    jgs: float = 4.0
    depth: float = 1.0
    offset: float = 2.0
    grey_stands_in: bool = True
    absent: float = 0.2
    robust_above: float = math.inf
    lesson: float = 0.0


def compute_losses(
    maps: Maps,
    labels: Labels,
    state: Tensor,
    depth: Tensor | None,
    kind: HeatmapKind,
    settings: LossSettings,
    elder: Tensor | None = None,
) -> dict[str, Tensor]:
    """Return each weighted term and their sum under ``"total"``.

    Parameters
    ----------
    maps : Maps
        The network's output.
    labels : Labels
        Of the same size.
    state : int Tensor (B, 8)
        Joints that are UNKNOWN contribute nothing.
    depth : Tensor (B, 1, H, W) or None
        Label of depth, NaN where unknown; wanted if the network predicts it.
    kind : {"value", "distribution"}
        What the heatmap means.
    settings : LossSettings
        The weights.
    elder : Tensor (B, 8, h, w), optional
        Heatmap of a network that teaches this one; both are distributions.
    """
    if kind == "value":
        heatmap = value_loss(maps.heatmap, labels.heatmap, state)
    else:
        heatmap = distribution_loss(maps.heatmap, labels.heatmap, state, settings)
    lesson = 0.0 if elder is None else settings.lesson
    terms = {
        "heatmap": (1 - lesson) * settings.heatmap * heatmap,
        "offset": settings.offset * offset_loss(maps.offset, labels),
    }
    if maps.jgs is not None and labels.jgs is not None and labels.bone_known is not None:
        terms["jgs"] = settings.jgs * guidance_loss(maps.jgs, labels.jgs, labels.bone_known)
    if maps.depth is not None:
        assert depth is not None
        terms["depth"] = settings.depth * depth_loss(maps.depth, depth)
    if elder is not None:
        terms["lesson"] = lesson * settings.heatmap * lesson_loss(maps.heatmap, elder)
    return {**terms, "total": torch.stack(list(terms.values())).sum()}


def value_loss(heatmap: Tensor, label: Tensor, state: Tensor) -> Tensor:
    """Mean squared error over the maps of joints whose place, or absence, is known."""
    error = (heatmap.float() - label).square().mean((2, 3))
    return _mean_where(error, state != 0)


def distribution_loss(
    logits: Tensor, label: Tensor, state: Tensor, settings: LossSettings
) -> Tensor:
    """Cross-entropy over all cells of a joint's map, with the normalised Gaussian as target.

    Joints known to be absent are pulled toward the flat distribution, so that the probability
    around a peak can serve as confidence.
    """
    log_share = functional.log_softmax(logits.float().flatten(2), dim=2)
    target = label.flatten(2)
    target = target / target.sum(2, keepdim=True).clamp_min(1e-9)
    found = -(target * log_share).sum(2)
    limit = settings.robust_above
    if math.isfinite(limit):
        found = torch.where(
            found > limit, limit * (1 + torch.log(found.clamp_min(limit) / limit)), found
        )
    flat = -log_share.mean(2) - math.log(log_share.shape[2])
    present = _mean_where(found, state == PRESENT)
    return present + settings.absent * _mean_where(flat, state == ABSENT)


def lesson_loss(logits: Tensor, elder: Tensor) -> Tensor:
    """Kullback-Leibler divergence from the elder's distributions, mean over all joints.

    It says something of joints without a label too, and how sure one can be of each.
    """
    log_share = functional.log_softmax(logits.float().flatten(2), dim=2)
    target = functional.log_softmax(elder.float().flatten(2), dim=2)
    return functional.kl_div(log_share, target, reduction="none", log_target=True).sum(2).mean()


def offset_loss(offset: Tensor, labels: Labels) -> Tensor:
    """Mean squared error inside the positive region (Eq. 2), both coordinates."""
    inside = labels.positive.repeat_interleave(2, dim=1)
    return _mean_where((offset.float() - labels.offset).square(), inside)


def guidance_loss(guidance: Tensor, label: Tensor, known: Tensor) -> Tensor:
    """Mean squared error over the maps of bones with both ends labelled."""
    channels = guidance.shape[1] // known.shape[1]
    error = (guidance.float() - label).square().mean((2, 3))
    return _mean_where(error, known.repeat_interleave(channels, dim=1))


def depth_loss(depth: Tensor, label: Tensor) -> Tensor:
    """Mean squared error over the pixels whose depth is known."""
    known = torch.isfinite(label)
    return _mean_where((depth.float() - label.nan_to_num()).square(), known)


def _mean_where(value: Tensor, mask: Tensor) -> Tensor:
    return (value * mask).sum() / mask.sum().clamp_min(1)
