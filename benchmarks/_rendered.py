"""Rendered walkers that benchmarks need, made once below ``runs/data`` (minutes)."""

from __future__ import annotations

from pathlib import Path

from _record import ROOT, shared_data
from gaitpose.synthetic.scenes.backdrops import photos_in
from gaitpose.synthetic.scenes.generate import ImageJob, generate_images
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
