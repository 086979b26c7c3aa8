"""Views a second of whole training steps on made-up pictures: compiled or not, memory kept or not.

    python benchmarks/training_speed.py [--recipe gaitpose-full-continue] [--size 192]

By default glibc gives large arrays back to the system and takes new pages at every layer; ``KEPT``
tells it to keep them. Each row is a process of its own. Pictures are in memory
already, so nothing is waited for; only worth something on a quiet machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from _record import write_csv
from gaitpose.pose.codec import PRESENT
from gaitpose.skeleton import JOINTS
from gaitpose.training.loop import default_fabric
from gaitpose.training.mixture import Batch
from gaitpose.training.recipes import recipe_named
from gaitpose.training.trainer import Trainer

KEPT = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=100000000000"
"""``GLIBC_TUNABLES`` with which memory is kept, in large pages (Linux)."""

WARM_UP, STEPS = 3, 12


def views_per_second(recipe_name: str, size: int, *, compiled: bool) -> float:
    """Median over some steps, after the first ones."""
    recipe = recipe_named(recipe_name)
    rng = torch.Generator().manual_seed(0)
    count = recipe.batch_size
    batch = Batch(
        torch.randint(0, 256, (count, size, size, 3), dtype=torch.uint8, generator=rng),
        size * torch.rand(count, len(JOINTS), 2, generator=rng),
        torch.full((count, len(JOINTS)), PRESENT),
    )
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(recipe, default_fabric(), Path(folder), None, compiled=compiled)
        for _ in range(WARM_UP + STEPS):
            started = time.perf_counter()
            trainer.step(batch)
            seconds.append(time.perf_counter() - started)
    return count / sorted(seconds[WARM_UP:])[STEPS // 2]


def in_own_process(options: argparse.Namespace, *, compiled: bool, kept: bool) -> float:
    """Measure in a new process, as memory is set up when one starts."""
    command = [sys.executable, __file__, "--recipe", options.recipe, "--size", str(options.size)]
    env = {**os.environ, "GLIBC_TUNABLES": KEPT if kept else ""}
    done = subprocess.run(
        [*command, "--one", "compiled" if compiled else "plain"],
        env=env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(done.stdout.split()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="gaitpose-full-continue")
    parser.add_argument("--size", type=int, default=192)
    parser.add_argument("--one", choices=("plain", "compiled"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(views_per_second(options.recipe, options.size, compiled=options.one == "compiled"))
        return
    rows = []
    for compiled in (False, True):
        for kept in (False, True):
            speed = in_own_process(options, compiled=compiled, kept=kept)
            rows.append(
                {
                    "recipe": options.recipe,
                    "size": options.size,
                    "compiled": compiled,
                    "memory_kept": kept,
                    "views_per_s": round(speed, 1),
                    "threads": torch.get_num_threads(),
                }
            )
            print(rows[-1], flush=True)
    write_csv("training_speed", rows)


if __name__ == "__main__":
    main()
