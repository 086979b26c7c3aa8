"""Rendered walkers that benchmarks need, made once below ``runs/data`` (minutes)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from _record import ROOT, shared_data
from gaitpose.synthetic.scenes.backdrops import photos_in
from gaitpose.synthetic.scenes.generate import ImageJob, generate_images
from gaitpose.synthetic.scenes.generate_clips import ClipJob, generate_clips
from gaitpose.synthetic.scenes.settings import SceneOptions

DATA = ROOT / "runs" / "data"

AROUND = SceneOptions(exoskeleton=0.2, all_around=1.0, standing=0.25)

SETS: dict[str, tuple[int, int, SceneOptions]] = {
    "synthetic": (1, 2752, SceneOptions()),
    "synthetic_test": (900_001, 400, SceneOptions()),
    "synthetic_around_test": (900_003, 200, AROUND),
}
"""Seed, number of pictures and what they show; bodies, rooms and seeds of one are in no other."""


def rendered(name: str) -> Path:
    """Return the folder of a set; what is missing of it is drawn."""
    seed, count, options = SETS[name]
    folder = DATA / name
    if not (folder / "annotations.json").exists():
        backgrounds = shared_data() / "images" / "backgrounds"
        generate_images(
            ImageJob(
                folder,
                count,
                seed,
                replace(options, photos=len(photos_in(backgrounds))),
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
