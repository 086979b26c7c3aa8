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
from gaitpose.pose.estimators import choose

CLIP = shared_data() / "gait" / "sagittal_video" / "lawn_two_people.mp4"
RUNS = 3


def median_seconds(work: Callable[[], object]) -> float:
    spans = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        spans.append(time.perf_counter() - started)
    return statistics.median(spans)


def main() -> None:
    estimator = choose("mediapipe")
    frames = estimate_poses(CLIP, estimator=estimator).sizes["time"]

    def in_process() -> object:
        return analyze_poses(estimate_poses(CLIP, estimator=estimator), Subject(leg_length=0.86))

    def as_command() -> object:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "gaitpose", "analyze", str(CLIP), "--no-overlay"]
            return subprocess.run(
                [*command, "--leg-length", "0.86", "--out", f"{folder}/report"],
                check=True,
                capture_output=True,
            )

    rows = [
        {"what": what, "frames": frames, "ms_per_frame": round(1e3 * seconds / frames, 2)}
        for what, seconds in (
            ("video to analysis, in a running process", median_seconds(in_process)),
            ("whole command with report", median_seconds(as_command)),
        )
    ]
    write_csv("analyze_speed", rows)


if __name__ == "__main__":
    main()
