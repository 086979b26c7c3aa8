"""What `gaitpose synth` makes of its options, without drawing anything."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from gaitpose.cli import synth
from gaitpose.errors import BadSettings

from .conftest import Run, assert_one_line


@pytest.mark.parametrize(
    ("text", "size"), [("512", (512, 512)), ("960x540", (960, 540)), ("64X128", (64, 128))]
)
def test_sizes(text: str, size: tuple[int, int]) -> None:
    assert synth.picture_size(text) == size


@pytest.mark.parametrize("text", ["large", "10", "512x", "1x2x3", "99999", "-5"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(BadSettings, match="--size"):
        synth.picture_size(text)


def test_a_missing_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert_one_line(run("synth", "--out", "walkers"), 'pip install "gaitpose[synthetic]"')


def test_backgrounds_must_be_there(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("anny")
    pytest.importorskip("moderngl")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert_one_line(run("synth", "--out", "walkers", "--backgrounds", empty), "no picture")
    assert_one_line(run("synth", "--out", "walkers", "--backgrounds", "absent"), "no such folder")


@pytest.mark.parametrize("share", ["--exoskeleton", "--all-around", "--standing"])
def test_shares_are_checked(run: Run, share: str) -> None:
    result = run("synth", "--out", "walkers", share, "2")
    assert result.exit_code == 2


def test_shares_are_passed_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("anny")
    pytest.importorskip("moderngl")
    generate = importlib.import_module("gaitpose.synthetic.scenes.generate")
    jobs = []
    monkeypatch.setattr(generate, "generate_images", lambda job, **_: jobs.append(job) or 1)
    shares = ("--exoskeleton", "0.2", "--all-around", "1", "--standing", "0.25")
    assert run("synth", "--out", "walkers", *shares).exit_code == 0
    (job,) = jobs
    asked = job.options
    assert (asked.exoskeleton, asked.all_around, asked.standing) == (0.2, 1.0, 0.25)
