"""The loop on a tiny network and four pictures: it learns, and a kill changes nothing."""

import csv
import shutil
from dataclasses import replace

import pytest
import torch
from lightning_fabric import Fabric

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.pose.config import NetworkConfig
from gaitpose.training import loop
from gaitpose.training.checkpoint import load_checkpoint, save_checkpoint
from gaitpose.training.export import export_weights
from gaitpose.training.log import Log
from gaitpose.training.loop import Pupil, train
from gaitpose.training.mixture import Batch, MixtureSettings
from gaitpose.training.recipes import GAITPOSE, PAPER_FINETUNE, Phase
from gaitpose.training.trainer import Trainer

TINY = NetworkConfig(
    stem=8, widths=(16, 16, 32), depths=(1, 1, 1), group_width=8, neck=16,
    depth_head=False, heatmap="distribution",
)  # fmt: skip
RECIPE = replace(
    GAITPOSE,
    network=TINY,
    samples=8 * 24,
    batch_size=8,
    phases=(Phase(64),),
    mixture=MixtureSettings(people={"few": 0.8}, figures=0.2),
)


@pytest.fixture
def run(small_data, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "LOG_EVERY_STEPS", 1)
    monkeypatch.setattr(loop, "SAVE_EVERY_SECONDS", 0.0)

    def start(name, recipe=RECIPE, **options):
        fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
        return train(recipe, small_data, tmp_path / name, workers=0, fabric=fabric, **options)

    return start


def _log(checkpoint):
    with checkpoint.with_name("log.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_loss_falls(run):
    rows = _log(run("a", replace(RECIPE, samples=8 * 60, learning_rate=5e-3)))
    losses = [float(row["heatmap"]) for row in rows]
    assert len(losses) == 60
    assert sum(losses[-10:]) < 0.93 * sum(losses[:10])


def test_data_without_validation_people_are_trained_on(run, monkeypatch):
    monkeypatch.setattr(loop, "MEASURE_EVERY_SECONDS", 0.0)
    assert all(row["pcks"] == "" for row in _log(run("a", replace(RECIPE, samples=8 * 2))))


def test_killed_and_resumed_gives_the_same_weights(run):
    whole = load_checkpoint(run("whole"))

    def kill_at_ninth_step(done, _total):
        if done == 9 * 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run("killed", progress=kill_at_ninth_step)
    resumed = run("killed")
    state = load_checkpoint(resumed)
    assert state["progress"]["step"] == 24
    for part in ("network", "average"):
        for name, value in whole[part].items():
            assert torch.equal(value, state[part][name]), name
    steps = [int(row["step"]) for row in _log(resumed)]
    assert steps == list(range(1, 25))


def test_time_budget_ends_the_training(run):
    state = load_checkpoint(run("short", replace(RECIPE, samples=10**9), hours=1 / 3600))
    assert 1.0 <= state["progress"]["seconds"] < 5.0


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="needs g++")
def test_compiled_it_gives_the_same_weights(run):
    torch._dynamo.utils.counters.clear()
    recipe = replace(RECIPE, samples=8 * 3)
    plain = load_checkpoint(run("a", recipe))["network"]
    assert not torch._dynamo.utils.counters["stats"]
    compiled = load_checkpoint(run("b", recipe, compiled=True))["network"]
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] > 0
    assert compiled.keys() == plain.keys()
    assert all(torch.allclose(compiled[name], plain[name], atol=2e-3) for name in plain)


def test_compiling_without_a_compiler_is_refused(run, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BadSettings, match="no C\\+\\+ compiler"):
        run("a", compiled=True)


def test_finetuning_needs_and_keeps_what_it_starts_from(run, small_data):
    with pytest.raises(BadSettings, match="paper-pretrain"):
        run("none", replace(PAPER_FINETUNE, network=TINY))
    first = run("first")
    frozen = replace(RECIPE, frozen_stages=1, starts_from="first", samples=8 * 4)
    second = run("second", frozen, starts_from=first)
    before, after = load_checkpoint(first)["average"], load_checkpoint(second)["network"]
    for name, value in before.items():
        if name.startswith(("stem.", "stages.0.")):
            assert torch.equal(value, after[name]), name
    assert not torch.equal(before["joints.weight"], after["joints.weight"])


def test_training_can_begin_with_exported_weights(run, tmp_path):
    first = run("first", replace(RECIPE, samples=8 * 2))
    weights = export_weights(first, "begun", tmp_path)
    nothing = replace(RECIPE, samples=8, learning_rate=0.0)
    second = load_checkpoint(run("second", nothing, starts_from=weights))["average"]
    for name, value in load_checkpoint(first)["average"].items():
        if "running" not in name and "batches" not in name:
            assert torch.allclose(second[name], value, atol=2e-3), name  # half precision
    wide = load_checkpoint(
        run("wide", replace(nothing, network=replace(TINY, neck=32)), starts_from=weights)
    )["average"]
    assert torch.equal(wide["stem.convolution.0.weight"], second["stem.convolution.0.weight"])
    assert wide["joints.weight"].sum() == pytest.approx(
        float(second["joints.weight"].sum()), abs=1e-4
    )
    narrower = replace(nothing, network=replace(TINY, neck=8))
    with pytest.raises(BadSettings, match="cannot begin with these weights: pyramid"):
        run("narrow", narrower, starts_from=weights)


PUPIL = replace(
    RECIPE,
    name="pupil",
    network=replace(TINY, widths=(8, 8, 16)),
    loss=replace(RECIPE.loss, lesson=0.9),
)


def test_a_pupil_sees_the_same_views_and_changes_nothing_for_its_elder(run):
    alone, together = load_checkpoint(run("alone")), run("together", pupil=Pupil(PUPIL))
    for name, value in load_checkpoint(together)["network"].items():
        assert torch.equal(value, alone["network"][name]), name
    state = load_checkpoint(together.parent / "pupil" / "checkpoint.pt")
    assert (state["recipe"], state["progress"]["samples"]) == ("pupil", 8 * 24)
    assert (state["elder"], load_checkpoint(together)["elder"]) == ("gaitpose", None)
    rows = _log(together.parent / "pupil" / "checkpoint.pt")
    assert [int(row["step"]) for row in rows] == list(range(1, 25))
    assert all(float(row["lesson"]) > 0 for row in rows)
    assert all(row["lesson"] == "" for row in _log(together))


def test_a_pupil_comes_nearer_to_its_elder(run):
    first = run("first", replace(RECIPE, samples=8 * 60, learning_rate=5e-3))
    settled = replace(RECIPE, samples=8 * 60, learning_rate=0.0)
    learning = replace(PUPIL, samples=8 * 60, learning_rate=5e-3)
    second = run("second", settled, starts_from=first, pupil=Pupil(learning))
    lessons = [float(row["lesson"]) for row in _log(second.parent / "pupil" / "checkpoint.pt")]
    assert sum(lessons[-10:]) < 0.5 * sum(lessons[:10])


def test_killed_between_the_two_checkpoints_gives_the_same_pupil(run, monkeypatch):
    whole = run("whole", pupil=Pupil(PUPIL))
    save = Trainer.save

    def kill(trainer):
        if trainer.recipe is RECIPE and trainer.progress.step == 9:
            raise KeyboardInterrupt  # the pupil's is written, its elder's is not
        save(trainer)

    monkeypatch.setattr(Trainer, "save", kill)
    with pytest.raises(KeyboardInterrupt):
        run("killed", pupil=Pupil(PUPIL))
    monkeypatch.setattr(Trainer, "save", save)
    killed = whole.parents[1] / "killed"
    steps = [
        load_checkpoint(folder / "checkpoint.pt")["progress"]["step"]
        for folder in (killed, killed / "pupil")
    ]
    assert steps == [8, 9]
    resumed = run("killed", pupil=Pupil(PUPIL))
    for folder, other in (
        (whole.parent, resumed.parent),
        (whole.parent / "pupil", killed / "pupil"),
    ):
        expected = load_checkpoint(folder / "checkpoint.pt")["network"]
        for name, value in load_checkpoint(other / "checkpoint.pt")["network"].items():
            assert torch.equal(value, expected[name]), name


def test_a_pupil_that_wants_other_views_is_refused(run):
    with pytest.raises(BadSettings, match="batch_size is 4 instead of 8"):
        run("a", pupil=Pupil(replace(PUPIL, batch_size=4)))
    with pytest.raises(BadSettings, match="heatmap is value instead of distribution"):
        run("a", pupil=Pupil(replace(PUPIL, network=replace(TINY, heatmap="value"))))
    values = replace(RECIPE, network=replace(TINY, heatmap="value"))
    with pytest.raises(BadSettings, match="only where both are distributions"):
        run("a", values, pupil=Pupil(replace(PUPIL, network=values.network)))


def test_a_pupil_cannot_join_a_training_that_is_under_way(run):
    run("a", replace(RECIPE, samples=8 * 3))
    with pytest.raises(BadSettings, match="3 batches are missed"):
        run("a", pupil=Pupil(PUPIL))


def test_without_a_lesson_a_pupil_learns_alone(run):
    alone = replace(PUPIL, samples=8 * 3, loss=RECIPE.loss)
    checkpoint = run("a", replace(RECIPE, samples=8 * 3), pupil=Pupil(alone))
    pupil = checkpoint.parent / "pupil" / "checkpoint.pt"
    assert load_checkpoint(pupil)["elder"] is None
    assert [row["lesson"] for row in _log(pupil)] == ["", "", ""]


def test_another_training_in_the_folder_is_not_overwritten(run):
    run("taken", replace(RECIPE, samples=8))
    with pytest.raises(BadSettings, match="another training"):
        run("taken", replace(RECIPE, name="other", samples=8))


def test_log_rows_after_the_checkpoint_are_dropped(tmp_path):
    log = Log(tmp_path / "log.csv", 0)
    for step in (1, 2, 3):
        log.write({"step": step})
    Log(tmp_path / "log.csv", 2)
    assert (tmp_path / "log.csv").read_text().count("\n") == 3


def test_an_interrupted_save_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, {"step": 1})

    def fail(_state, target):
        target.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(torch, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        save_checkpoint(path, {"step": 2})
    assert load_checkpoint(path) == {"step": 1}


def test_a_file_that_is_no_checkpoint_is_named(tmp_path):
    path = tmp_path / "checkpoint.pt"
    path.write_bytes(b"nonsense")
    with pytest.raises(UnreadableInput, match="checkpoint"):
        load_checkpoint(path)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("recipe", [RECIPE, PAPER_FINETUNE], ids=["ours", "article"])
def test_a_step_on_a_gpu_waits_for_nothing(recipe, tmp_path):
    fabric = Fabric(accelerator="cuda", devices=1, precision="bf16-mixed")
    trainer = Trainer(replace(recipe, network=TINY), fabric, tmp_path, None)
    batch = Batch(
        torch.randint(0, 256, (2, 64, 64, 3), dtype=torch.uint8),
        torch.rand(2, 8, 2) * 64,
        torch.ones(2, 8, dtype=torch.int64),
    ).pin_memory()
    trainer.step(batch)  # libraries are set up
    torch.cuda.set_sync_debug_mode("error")
    try:
        trainer.step(batch)
    finally:
        torch.cuda.set_sync_debug_mode("default")
