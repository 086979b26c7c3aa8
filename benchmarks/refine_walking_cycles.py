"""Kinect V2 angles refined toward motion capture: walking cycles of two people."""

from __future__ import annotations

from _record import shared_data
from _refine import run
from gaitpose.refine.datasets import load_dataset

if __name__ == "__main__":
    path = shared_data() / "gait" / "kinect_vicon_walking_cycles" / "cycle_data.mat"
    run("refine_walking_cycles", load_dataset(path))
