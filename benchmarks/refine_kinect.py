"""Kinect V2 joints refined toward motion capture: five exercises, leave one subject out."""

from __future__ import annotations

from _record import shared_data
from _refine import run
from gaitpose.refine.datasets import load_dataset

if __name__ == "__main__":
    path = shared_data() / "gait" / "kinect_vicon_exercises" / "repetitions.npz"
    run("refine_kinect", load_dataset(path))
