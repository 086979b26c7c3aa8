"""3-D joints from one video refined toward motion capture: walking, leave one subject out."""

from __future__ import annotations

from _record import shared_data
from _refine import run
from gaitpose.refine.datasets import load_dataset

if __name__ == "__main__":
    path = shared_data() / "gait" / "video3d_vicon_walking" / "walking.npz"
    run("refine_video3d", load_dataset(path))
