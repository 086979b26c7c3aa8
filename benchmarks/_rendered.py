"""Rendered walkers that benchmarks need, made once below ``runs/data`` (minutes)."""

from __future__ import annotations

from pathlib import Path

from _record import ROOT, shared_data
from gaitpose.synthetic.scenes.backdrops import photos_in
from gaitpose.synthetic.scenes.generate import ImageJob, generate_images
from gaitpose.synthetic.scenes.generate_clips import ClipJob, generate_clips
from gaitpose.synthetic.scenes.settings import SceneOptions

DATA = ROOT / "runs" / "data"

SETS: dict[str, tuple[int, int]] = {"synthetic": (1, 2752), "synthetic_test": (900_001, 400)}
"""Seed and number of pictures of each set; bodies, rooms and seeds of one are not in the other."""


def rendered(name: str) -> Path:
    """Return the folder of a set; what is missing of it is drawn."""
    seed, count = SETS[name]
    folder = DATA / name
    if not (folder / "annotations.json").exists():
        backgrounds = shared_data() / "images" / "backgrounds"
        generate_images(
            ImageJob(
                folder,
                count,
                seed,
                SceneOptions(photos=len(photos_in(backgrounds))),
                assets=shared_data() / "bodies",
                backgrounds=backgrounds,
            ),
            processes=2,
        )
    return folder


CLIPS_SEED = 900_002


def rendered_clips(count: int) -> list[Path]:
    """Return the folders of the first clips of a seed never trained on; missing ones are drawn."""
    backgrounds = shared_data() / "images" / "backgrounds"
    job = ClipJob(
        DATA / "clips_test",
        count,
        CLIPS_SEED,
        SceneOptions(photos=len(photos_in(backgrounds))),
        assets=shared_data() / "bodies",
        backgrounds=backgrounds,
    )
    generate_clips(job, processes=2)
    return [job.clip_folder(number) for number in range(count)]
