"""How many frames a second the shipped refiners refine: processor time of one core, both legs."""

from __future__ import annotations

import time

import numpy as np
import torch

from _record import write_csv
from gaitpose.refine.store import load_refiner, shipped

FRAMES = 3000
REPEATS = 5


def frames_per_second(name: str) -> float:
    """Median over repeats; a frame is one of the recording, of which both legs are refined."""
    model = load_refiner(name)
    rng = np.random.default_rng(0)
    legs = [rng.normal(size=(FRAMES, len(model.feature_names))) for _ in range(2)]
    model.refiner.predict(legs)
    rates = []
    for _ in range(REPEATS):
        start = time.process_time()
        model.refiner.predict(legs)
        rates.append(FRAMES / (time.process_time() - start))
    return float(np.median(rates))


if __name__ == "__main__":
    torch.set_num_threads(1)
    write_csv(
        "refine_speed",
        [
            {"refiner": one, "frames_per_cpu_second": round(frames_per_second(one))}
            for one in shipped()
        ],
    )
