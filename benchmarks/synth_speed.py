"""Samples a second of ``gaitpose synth``: colour, depth and labels written, by processes.

    python benchmarks/synth_speed.py [--count 200] [--size 512] [--processes 1 2] [--assets DIR]

Only worth something on a quiet machine: the load average before each run is recorded. The start of
the workers (some seconds) is counted; `steady_per_s` leaves out the first quarter of the samples.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from _record import write_csv
from gaitpose.synthetic.scenes.generate import ImageJob, generate_images


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--assets", type=Path)
    options = parser.parse_args()
    rows = []
    for processes in options.processes:
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
        with tempfile.TemporaryDirectory() as folder:
            marks = [(0, time.perf_counter())]
            job = ImageJob(
                Path(folder),
                options.count,
                width=options.size,
                height=options.size,
                assets=options.assets,
            )

            def mark(done: int, _total: int | None) -> None:
                marks.append((done, time.perf_counter()))  # noqa: B023  -- called at once

            generate_images(job, processes=processes, progress=mark)
        late = [each for each in marks if each[0] >= options.count // 4]
        (first, begin), (last, end) = late[0], marks[-1]
        rows.append(
            {
                "size": options.size,
                "samples": options.count,
                "assets": options.assets is not None,
                "processes": processes,
                "seconds": round(end - marks[0][1], 1),
                "per_s": round(last / (end - marks[0][1]), 2),
                "steady_per_s": round((last - first) / (end - begin), 2),
                "load_before": round(load, 2),
            }
        )
    write_csv("synth_speed", rows)


if __name__ == "__main__":
    main()
