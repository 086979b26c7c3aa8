"""Milliseconds a frame to read a clip: decoding and conversion to RGB, whole and reduced.

Run it on a quiet machine; the load average is recorded beside the numbers.
"""

from __future__ import annotations

import os
import statistics
import time

from _record import shared_data, write_csv
from gaitpose.io.video import VideoReader

CLIP = "lawn_two_people.mp4"
SIZES = {"RGB, full size": None, "RGB, 512 x 288": (512, 288)}
RUNS = 7


def decode_only(video: VideoReader) -> int:
    """Decode all frames and convert none (but the first)."""
    for _ in video.frames(every=10**9):
        pass
    return video.frames_read


def main() -> None:
    """Interleave the variants, so that each meets the same neighbours on the machine."""
    path = shared_data() / "gait" / "sagittal_video" / CLIP
    times: dict[str, list[float]] = {"decoding only": [], **{name: [] for name in SIZES}}
    with VideoReader(path) as video:
        for _ in range(RUNS):
            start = time.perf_counter()
            frames = decode_only(video)
            times["decoding only"].append((time.perf_counter() - start) / frames)
            for name, size in SIZES.items():
                start = time.perf_counter()
                frames = sum(1 for _ in video.frames(size=size))
                times[name].append((time.perf_counter() - start) / frames)
        rows = [
            {
                "clip": CLIP,
                "size": f"{video.info.width}x{video.info.height}",
                "codec": video.info.codec,
                "variant": name,
                "median_ms_per_frame": round(1e3 * statistics.median(values), 2),
                "fastest_ms_per_frame": round(1e3 * min(values), 2),
                "runs": RUNS,
                "load_average": round(os.getloadavg()[0], 1),
            }
            for name, values in times.items()
        ]
    write_csv("video_decoding", rows)


if __name__ == "__main__":
    main()
