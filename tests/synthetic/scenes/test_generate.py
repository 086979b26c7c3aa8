"""Folders of samples: resumable, the same for any number of processes, never mixed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gaitpose.errors import BadSettings, GaitPoseError, UnreadableInput
from gaitpose.io.wpe import WpeDataset, read_truth
from gaitpose.synthetic.scenes.backdrops import backdrop, photos_in
from gaitpose.synthetic.scenes.generate import ImageJob, generate_images
from gaitpose.synthetic.scenes.generate_clips import ClipJob, generate_clips
from gaitpose.synthetic.scenes.settings import Photo
from gaitpose.synthetic.scenes.workers import errors_that_travel, in_processes, keep_recipe


def double(number: int) -> int:
    if number == 13:
        with errors_that_travel():
            raise BadSettings("thirteen", where="number", hint="Take another")
    return 2 * number


def test_work_comes_back_whole() -> None:
    assert sorted(in_processes(double, list(range(5)), 2)) == [0, 2, 4, 6, 8]
    assert list(in_processes(double, [], 2)) == []


def test_an_error_of_a_worker_keeps_its_words() -> None:
    with pytest.raises(GaitPoseError, match=r"number: thirteen\. Take another"):
        list(in_processes(double, [13], 1))


def test_a_folder_is_made_one_way(tmp_path: Path) -> None:
    keep_recipe(tmp_path, {"seed": 1, "width": 64})
    keep_recipe(tmp_path, {"seed": 1, "width": 64})
    with pytest.raises(BadSettings, match="another seed"):
        keep_recipe(tmp_path, {"seed": 2, "width": 64})


def test_photographs_are_cut_to_size(tmp_path: Path) -> None:
    cv2 = pytest.importorskip("cv2")
    picture = np.zeros((60, 100, 3), np.uint8)
    picture[:, 50:] = 255
    cv2.imwrite(str(tmp_path / "a.png"), picture)
    photos = photos_in(tmp_path)
    plain = backdrop(photos, Photo(0, 1.0, (0.0, 0.5), flipped=False), 40, 40)
    assert plain.shape == (40, 40, 3)
    assert plain[:, 0].max() == 0
    assert plain[:, -1].min() == 255
    assert backdrop(photos, Photo(0, 1.0, (0.0, 0.5), flipped=True), 40, 40)[:, 0].min() == 255
    with pytest.raises(UnreadableInput, match="no picture"):
        photos_in_empty = tmp_path / "empty"
        photos_in_empty.mkdir()
        photos_in(photos_in_empty)
    with pytest.raises(UnreadableInput, match="no such folder"):
        photos_in(tmp_path / "absent")


@pytest.mark.slow
def test_files_are_the_same_however_they_are_made(tmp_path: Path, maker: object) -> None:
    assert maker is not None, "skips where nothing can be drawn"
    jobs = [ImageJob(tmp_path / name, 6, seed=2, width=96, height=96) for name in ("a", "b")]
    assert generate_images(jobs[0], processes=2) == 6
    shorter = ImageJob(tmp_path / "b", 3, seed=2, width=96, height=96)
    assert generate_images(shorter, processes=1) == 3
    assert generate_images(jobs[1], processes=1) == 6
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert len(files) == 6 * 3 + 4
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file
    assert len(WpeDataset(tmp_path / "a")) == 6


@pytest.mark.slow
def test_a_clip_holds_its_truth(tmp_path: Path, maker: object) -> None:
    assert maker is not None, "skips where nothing can be drawn"
    job = ClipJob(tmp_path, 1, seed=1, width=96, height=64, fps=5.0, frames=True)
    assert generate_clips(job, processes=1) == 1
    folder = job.clip_folder(0)
    truth, frames = read_truth(folder), WpeDataset(folder)
    assert (folder / "video.mp4").stat().st_size > 1000
    assert len(frames) == len(truth.angles.time)
    np.testing.assert_allclose(frames.times, truth.angles.time, atol=1e-5)
    assert 0.5 < truth.lengths["leg_length"] < 1.1
    assert len(truth.strides) >= 4
