from dataclasses import replace

import pytest

from gaitpose.errors import BadSettings
from gaitpose.pose.config import FULL
from gaitpose.pose.weights import read_card, weights_path
from gaitpose.training.recipes import (
    GAITPOSE,
    GAITPOSE_CONTINUE,
    GAITPOSE_FULL_GPU,
    GAITPOSE_LITE_GPU,
    PAPER_FINETUNE,
    PAPER_PRETRAIN,
    RECIPES,
    CosineDecay,
    Phase,
    Recipe,
    recipe_named,
)


def test_pretraining_is_the_published_one():
    recipe = PAPER_PRETRAIN
    assert (recipe.optimizer, recipe.weight_decay, recipe.batch_size) == ("adam", 1e-6, 8)
    assert recipe.samples == 100 * 10_001
    assert recipe.learning_rate * recipe.schedule.factor(0.49) == 5e-4
    assert recipe.learning_rate * recipe.schedule.factor(0.51) == 2.5e-4
    assert recipe.size_at(0.3) == 512
    assert recipe.network.heatmap == "value"
    assert recipe.network.depth_head
    weights = recipe.loss
    assert (weights.heatmap, weights.jgs, weights.depth, weights.offset) == (16, 4, 1, 2)
    assert recipe.codec.sigma == 6


def test_finetuning_is_the_published_one():
    recipe = PAPER_FINETUNE
    assert recipe.samples == 150 * 2_870
    rates = [recipe.learning_rate * recipe.schedule.factor(epoch / 150) for epoch in (10, 60, 120)]
    assert rates == pytest.approx([1e-4, 5e-5, 2.5e-5])
    assert recipe.starts_from == "paper-pretrain"
    assert recipe.frozen_stages > 0
    assert recipe.augment.rotation == 10
    assert recipe.augment.mirror_share == 0.5
    assert recipe.augment.occlude_share > 0


def test_continuing_unlearns_little_and_sees_the_same():
    assert GAITPOSE_CONTINUE.starts_from == GAITPOSE.name
    assert GAITPOSE_CONTINUE.learning_rate < GAITPOSE.learning_rate / 2
    assert GAITPOSE_CONTINUE.size_at(1.0) == GAITPOSE.size_at(1.0)
    assert GAITPOSE_CONTINUE.mixture == GAITPOSE.mixture


@pytest.mark.parametrize(
    ("recipe", "weights"), [(GAITPOSE_FULL_GPU, "full"), (GAITPOSE_LITE_GPU, "lite")]
)
def test_what_is_shipped_ends_at_the_size_it_is_used_at_with_sharper_labels(
    recipe: Recipe, weights: str
):
    assert recipe.size_at(1.0) == read_card(weights_path(weights)).input_size
    assert recipe.codec.sigma < GAITPOSE.codec.sigma
    assert recipe.codec.offset_radius == recipe.codec.positive_radius


@pytest.mark.parametrize("recipe", [GAITPOSE_FULL_GPU, GAITPOSE_LITE_GPU])
def test_what_is_shipped_saw_people_from_all_around_and_in_wide_views_too(recipe: Recipe):
    people = recipe.mixture.people
    rendered = people["synthetic"] + people["synthetic_around"]
    assert rendered >= GAITPOSE.mixture.people["synthetic"]
    assert people["synthetic_around"] > 0.1
    assert recipe.augment.wide_share > 2 * GAITPOSE.augment.wide_share


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_recipes_start_from_recipes_of_networks_that_are_not_wider(recipe: Recipe):
    if recipe.starts_from is None:
        return
    before = RECIPES[recipe.starts_from]
    assert before is not recipe
    widths = zip(before.network.widths, recipe.network.widths, strict=True)
    assert all(narrow <= wide for narrow, wide in widths)


def test_recipes_are_found_by_name():
    assert recipe_named("gaitpose") is GAITPOSE
    with pytest.raises(BadSettings, match="paper-pretrain"):
        recipe_named("gaitpost")


def test_cosine_warms_up_and_falls():
    decay = CosineDecay(warm_up=0.1, floor=0.02)
    assert decay.factor(0.05) == pytest.approx(0.5)
    assert decay.factor(0.1) == pytest.approx(1.0)
    assert decay.factor(0.55) == pytest.approx(0.51)
    assert decay.factor(1.0) == pytest.approx(0.02)
    assert decay.factor(1.2) == pytest.approx(0.02)


def test_phases_follow_each_other():
    recipe = replace(GAITPOSE, phases=(Phase(128, 0.5), Phase(192, 0.8), Phase(256)))
    assert [recipe.size_at(share) for share in (0.0, 0.49, 0.5, 0.79, 0.8, 1.0)] == [
        128, 128, 192, 192, 256, 256,
    ]  # fmt: skip


def test_another_size_keeps_what_the_loss_relies_on():
    recipe = GAITPOSE.with_network(FULL)
    assert recipe.network.widths == FULL.widths
    assert recipe.network.heatmap == "distribution"
    assert not recipe.network.depth_head


def test_full_can_teach_lite_on_the_same_views():
    full, lite = GAITPOSE_FULL_GPU, GAITPOSE_LITE_GPU
    assert 0 < lite.loss.lesson < 1
    assert full.loss.lesson == 0
    for what in ("samples", "batch_size", "phases", "mixture", "augment"):
        assert getattr(lite, what) == getattr(full, what), what
