"""Time of `gaitpose analyze` without overlay on a real clip, two cores; median of three runs.

python benchmarks/analyze_speed.py

Once from video to analysis in a running process (survey and decoding included), and once as a whole
command (start of Python, loading of the network and writing of the report included).
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from _record import shared_data, write_csv
from gaitpose import Subject, analyze_poses, estimate_poses
from gaitpose.pose.estimators import EstimatorName, choose

CLIP = shared_data() / "gait" / "sagittal_video" / "lawn_two_people.mp4"
RUNS = 3
ESTIMATORS: tuple[EstimatorName, ...] = ("gaitpose", "gaitpose-fast", "mediapipe")


def median_seconds(work: Callable[[], object]) -> float:
    spans = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        spans.append(time.perf_counter() - started)
    return statistics.median(spans)


def as_command(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "gaitpose", "analyze", str(CLIP), "--no-overlay"]
        command += ["--estimator", name, "--leg-length", "0.86", "--out", f"{folder}/report"]
        subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    rows = []
    for name in ESTIMATORS:
        estimator = choose(name)
        frames = estimate_poses(CLIP, estimator=estimator).sizes["time"]
        works = {
            "video to analysis, in a running process": lambda network=estimator: analyze_poses(
                estimate_poses(CLIP, estimator=network), Subject(leg_length=0.86)
            ),
            "whole command with report": lambda called=name: as_command(called),
        }
        rows += [
            {
                "estimator": name,
                "what": what,
                "frames": frames,
                "ms_per_frame": round(1e3 * median_seconds(work) / frames, 2),
            }
            for what, work in works.items()
        ]
    write_csv("analyze_speed", rows)


if __name__ == "__main__":
    main()
