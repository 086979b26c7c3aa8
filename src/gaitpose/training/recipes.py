"""Named training recipes, as data: the article's two, and ours."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import cos, pi

from gaitpose.errors import BadSettings
from gaitpose.pose.codec import CodecSettings
from gaitpose.pose.config import FULL, LITE, NetworkConfig
from gaitpose.training.figures import FigureSettings
from gaitpose.training.losses import LossSettings
from gaitpose.training.mixture import MixtureSettings
from gaitpose.training.views import AugmentSettings


@dataclass(frozen=True)
class StepDecay:
    """The learning rate is halved at each of these shares of the training."""

    at: tuple[float, ...]

    def factor(self, share: float) -> float:
        """Return what to multiply the learning rate with, `share` 0..1 into the training."""
        return 0.5 ** sum(share >= edge for edge in self.at)


@dataclass(frozen=True)
class CosineDecay:
    """Linear warm-up, then a half cosine down to `floor`."""

    warm_up: float = 0.03
    floor: float = 0.01

    def factor(self, share: float) -> float:
        """Return what to multiply the learning rate with, `share` 0..1 into the training."""
        if share < self.warm_up:
            return max(share / self.warm_up, self.floor)
        rest = min(1.0, (share - self.warm_up) / (1 - self.warm_up))
        return self.floor + (1 - self.floor) * 0.5 * (1 + cos(pi * rest))


@dataclass(frozen=True)
class Phase:
    """A part of the training at one input size: it lasts until share `until` of the whole."""

    size: int
    until: float = 1.0


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what weights come out, but the data's content and the machine.

    Parameters
    ----------
    name : str
        What ``gaitpose train`` calls it.
    network : NetworkConfig
        The network to train.
    samples : int
        Views in the whole training.
    batch_size : int
        Views a step, all processes together.
    phases : tuple of Phase
        Input sizes, in order.
    optimizer : {"adam", "adamw"}
        Adam with L2 as in the article, or with decoupled weight decay (not on norms and biases).
    learning_rate, weight_decay : float
        Of the optimiser.
    schedule : StepDecay or CosineDecay
        Of the learning rate.
    frozen_stages : int
        The stem and this many stages stay as they are (fine-tuning).
    starts_from : str or None
        Recipe whose weights this one begins with.
    ema_decay : float
        Of the moving average of the weights that is shipped; 0 ships the last ones.
    clip_norm : float
        Largest norm of the gradient.
    codec, loss, mixture, augment, figures
        Settings of the stages.
    seed : int
        Of everything random.
    """

    name: str
    network: NetworkConfig
    samples: int
    batch_size: int
    phases: tuple[Phase, ...]
    optimizer: str
    learning_rate: float
    weight_decay: float
    schedule: StepDecay | CosineDecay
    frozen_stages: int = 0
    starts_from: str | None = None
    ema_decay: float = 0.0
    clip_norm: float = float("inf")
    codec: CodecSettings = field(default_factory=CodecSettings)
    loss: LossSettings = field(default_factory=LossSettings)
    mixture: MixtureSettings = field(default_factory=MixtureSettings)
    augment: AugmentSettings = field(default_factory=AugmentSettings)
    figures: FigureSettings = field(default_factory=FigureSettings)
    seed: int = 0

    def size_at(self, share: float) -> int:
        """Return the input size, `share` 0..1 into the training."""
        for phase in self.phases:
            if share < phase.until:
                return phase.size
        return self.phases[-1].size

    def with_network(self, network: NetworkConfig) -> Recipe:
        """Return the same recipe for another size of network, heads and heatmap kept."""
        own = self.network
        kept = replace(network, heatmap=own.heatmap, jgs=own.jgs, depth_head=own.depth_head)
        return replace(self, network=kept)


_ARTICLE_TRAIN_IMAGES = 10_001
_ARTICLE_WPE_IMAGES = 2_870

PAPER_PRETRAIN = Recipe(
    name="paper-pretrain",
    network=LITE,
    samples=100 * _ARTICLE_TRAIN_IMAGES,
    batch_size=8,
    phases=(Phase(512),),
    optimizer="adam",
    learning_rate=5e-4,
    weight_decay=1e-6,
    schedule=StepDecay((0.5,)),
    mixture=MixtureSettings(people={"lspet": 0.95, "coco_mini": 0.03, "pelota": 0.02}),
    augment=AugmentSettings(rotate_share=0.0, mirror_share=0.0, occlude_share=0.0),
)
"""Pre-training of the article: 100 epochs of COCO persons and LSP, grey scale as depth."""

PAPER_FINETUNE = replace(
    PAPER_PRETRAIN,
    name="paper-finetune",
    samples=150 * _ARTICLE_WPE_IMAGES,
    learning_rate=1e-4,
    schedule=StepDecay((1 / 3, 2 / 3)),
    frozen_stages=2,
    starts_from="paper-pretrain",
    mixture=MixtureSettings(people={"wpe": 1.0}),
    augment=AugmentSettings(),
)
"""Fine-tuning of the article: 150 epochs of WPE, part of the backbone frozen.

WPE is not public: ``wpe`` is a folder in its form, one's own or of ``gaitpose synth``.
"""

GAITPOSE = Recipe(
    name="gaitpose",
    network=replace(LITE, heatmap="distribution", depth_head=False),
    samples=4_000_000,
    batch_size=32,
    phases=(Phase(128, 0.2), Phase(192, 0.68), Phase(256)),
    optimizer="adamw",
    learning_rate=1.5e-3,
    weight_decay=0.05,
    schedule=CosineDecay(),
    ema_decay=0.998,
    clip_norm=5.0,
    codec=CodecSettings(sigma=2.0, positive_radius=2.0, positive_value=0.05, bone_radius=2.0),
    loss=LossSettings(
        heatmap=1.0,
        jgs=2.0,
        offset=0.25,
        depth=1.0,
        grey_stands_in=False,
        absent=0.2,
        robust_above=5.0,
    ),
    mixture=MixtureSettings(
        people={"lspet": 0.26, "coco_mini": 0.03, "pelota": 0.03, "synthetic": 0.50},
        boxed={"pennfudan": 0.10},
        figures=0.05,
        empty=0.03,
        cutouts="pennfudan",
        mended=("lspet",),
    ),
    augment=AugmentSettings(
        rotation=20.0,
        rotate_share=0.4,
        scale=(0.8, 1.35),
        shift=0.1,
        wide_share=0.1,
        half_share=0.08,
        occlude_share=0.15,
        bystander_share=0.12,
        colour=0.8,
        blur_share=0.1,
        low_resolution_share=0.15,
        noise_share=0.05,
        grey_share=0.05,
    ),
)
"""Ours: the heatmap as a distribution, crops as a tracker makes them, small pictures first.

``synthetic`` is a WPE folder that ``gaitpose synth`` writes.
"""

GAITPOSE_CONTINUE = replace(
    GAITPOSE,
    name="gaitpose-continue",
    phases=(Phase(192, 0.3), Phase(256)),
    learning_rate=5e-4,
    starts_from="gaitpose",
)
"""`gaitpose` from weights that it gave, or those of a narrower network: little is unlearnt."""

GAITPOSE_FULL = replace(
    GAITPOSE_CONTINUE.with_network(FULL),
    name="gaitpose-full",
    phases=(Phase(160, 0.4), Phase(192, 0.7), Phase(256)),
    learning_rate=8e-4,
)
"""Full from Lite's weights: the wide network has more to learn, so it goes faster and sees more
views, small ones first."""

GAITPOSE_FULL_CONTINUE = replace(
    GAITPOSE_FULL,
    name="gaitpose-full-continue",
    phases=(Phase(192, 0.75), Phase(224)),
    learning_rate=5e-4,
    starts_from="gaitpose-full",
    codec=replace(GAITPOSE.codec, sigma=1.2, positive_radius=1.5),
    loss=replace(GAITPOSE.loss, offset=1.0),
    mixture=replace(
        GAITPOSE.mixture,
        people={
            "lspet": 0.26,
            "coco_mini": 0.03,
            "pelota": 0.03,
            "synthetic": 0.38,
            "synthetic_around": 0.14,
        },
        figures=0.03,
    ),
    augment=replace(GAITPOSE.augment, wide_share=0.25),
)
"""Full from Full's weights, with sharper labels now that it finds most joints roughly
(``benchmarks/gaitposenet_sharpness.py``); the last views are larger. More
of them are wide, as where no box is given it fails most often at its first look, and some show
people from all around (``synthetic_around``: ``gaitpose synth --all-around 1 --standing 0.25``), as
photographs do: there it exchanges left and right most often."""

GAITPOSE_LITE_CONTINUE = replace(
    GAITPOSE_FULL_CONTINUE.with_network(LITE),
    name="gaitpose-lite-continue",
    phases=(Phase(192, 0.6), Phase(256)),
    learning_rate=8e-4,
    starts_from="gaitpose",
)
"""Lite from Lite's weights with what was found for Full since: sharper labels, people from all
around, wide views."""

GAITPOSE_FULL_GPU = replace(
    GAITPOSE_FULL_CONTINUE,
    name="gaitpose-full-gpu",
    starts_from="gaitpose-full-continue",
    batch_size=256,
    phases=(Phase(256),),
    learning_rate=2e-3,
    schedule=CosineDecay(warm_up=0.08),
    mixture=replace(
        GAITPOSE_FULL_CONTINUE.mixture,
        people={
            "lspet": 0.29,
            "coco_mini": 0.02,
            "pelota": 0.02,
            "synthetic": 0.42,
            "synthetic_around": 0.14,
        },
        boxed={"pennfudan": 0.07},
        figures=0.02,
        empty=0.05,
    ),
)
"""Full from Full's weights on a GPU, which wants large batches, and one input size, so that it is
compiled once. The small sets count less, as this recipe sees each of their people hundreds of
times, and empty scenes more: it had grown too sure of furniture."""

GAITPOSE_LITE_GPU = replace(
    GAITPOSE_FULL_GPU.with_network(LITE),
    name="gaitpose-lite-gpu",
    starts_from="gaitpose-lite-continue",
    loss=replace(GAITPOSE_FULL_GPU.loss, lesson=0.5),
)
"""The same for Lite, alone or as pupil of Full: then half of its heatmaps' loss is Full's say."""

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        PAPER_PRETRAIN,
        PAPER_FINETUNE,
        GAITPOSE,
        GAITPOSE_CONTINUE,
        GAITPOSE_FULL,
        GAITPOSE_FULL_CONTINUE,
        GAITPOSE_LITE_CONTINUE,
        GAITPOSE_FULL_GPU,
        GAITPOSE_LITE_GPU,
    )
}


def recipe_named(name: str) -> Recipe:
    """Return a recipe by its name.

    Raises
    ------
    BadSettings
        If there is none.
    """
    if name not in RECIPES:
        known = ", ".join(RECIPES)
        raise BadSettings(f"there is no recipe of this name; known are {known}", where=name)
    return RECIPES[name]
